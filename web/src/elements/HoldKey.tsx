// A key for what must not happen by accident (the gavel): pressed and held for 0.6 s, by pointer, Space or Enter. Who
// cannot hold (a switch, a screen reader's own press) is asked instead.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { Question } from './Dialog.tsx';
import styles from './HoldKey.css?inline';

adopt(styles);

export const HOLD_MS = 600;

interface HoldKeyProps {
    onHeld: () => void;
    class?: string;
    // Why nothing would come of it now: in the place of the hint.
    unable?: string | undefined;
    question: { title: string; detail: string; confirm: string };
    children: ComponentChildren;
}

export function HoldKey({ onHeld, class: name = '', unable, question, children }: HoldKeyProps) {
    const [holding, setHolding] = useState(false);
    const [hint, setHint] = useState(false);
    const [asking, setAsking] = useState(false);
    const timer = useRef(0);
    const pressed = useRef(false);

    const begin = () => {
        if (unable !== undefined || pressed.current) {
            return;
        }
        pressed.current = true;
        setHolding(true);
        setHint(false);
        timer.current = window.setTimeout(() => {
            timer.current = 0;
            setHolding(false);
            onHeld();
        }, HOLD_MS);
    };
    const end = (clickFollows: boolean) => {
        pressed.current = clickFollows && pressed.current;
        if (timer.current !== 0) {
            clearTimeout(timer.current);
            timer.current = 0;
            setHint(true);
        }
        setHolding(false);
    };
    useEffect(() => () => clearTimeout(timer.current), []);

    return (
        <>
            <button
                type="button"
                class={`button hold-key ${name}${holding ? ' is-held' : ''}`}
                aria-disabled={unable !== undefined ? 'true' : undefined}
                onPointerDown={begin}
                onPointerUp={() => end(true)}
                onPointerLeave={() => end(false)}
                onPointerCancel={() => end(false)}
                onBlur={() => end(false)}
                onKeyDown={(event) => {
                    if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) {
                        begin();
                    }
                    if (event.key === ' ' || event.key === 'Enter') {
                        event.preventDefault();
                    }
                }}
                onKeyUp={(event) => {
                    // The browser would make a click of it.
                    event.preventDefault();
                    end(false);
                }}
                onContextMenu={(event) => event.preventDefault()}
                onClick={() => {
                    // A click with no press before it comes from an assistive technology.
                    if (!pressed.current && unable === undefined) {
                        setAsking(true);
                    }
                    pressed.current = false;
                }}
            >
                <span class="hold-key-fill" aria-hidden="true" />
                <span class="hold-key-face">
                    {children}
                    <span class="hold-key-hint">{unable ?? text(hint ? 'hold.longer' : 'hold.hint')}</span>
                </span>
            </button>
            {asking && <Question {...question} onConfirm={onHeld} onClose={() => setAsking(false)} />}
        </>
    );
}
