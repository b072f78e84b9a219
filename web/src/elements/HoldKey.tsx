// A key for what must not happen by accident: pressed and held for 0.6 s, by pointer, Space or Enter, and filled meanwhile. Who cannot hold
// (a switch, a screen reader's own press) is asked instead.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { Question } from './Dialog.tsx';
import styles from './HoldKey.css?inline';

adopt(styles);

export const HOLD_MS = 600;
// A finger's click comes after its pointerup, and after it has left the key.
const CLICK_MAX_MS = 500;
// So long it is said that a press was too short, on keys so wide.
const SAID_MS = 2500;
const SAID_PX_MIN = 90;

interface HoldKeyAttributes {
    role?: 'switch';
    tabIndex?: number;
    'aria-label'?: string;
    'aria-checked'?: boolean;
    'aria-pressed'?: boolean;
    'aria-current'?: 'step' | undefined;
    'data-place'?: string;
}

interface HoldKeyProps {
    onHeld: () => void;
    class?: string;
    // Not for this person.
    disabled?: boolean;
    // Why nothing would come of it now: in the place of the hint. The key keeps the focus.
    unable?: string | undefined;
    // The key looks as its class says, without a hint. That a press was too short it says over its face where that is wide enough.
    bare?: boolean;
    // A press was too short, and the key too narrow to say so.
    onShort?: () => void;
    // What it does now needs no hold: a click does it.
    atOnce?: boolean;
    question: { title: string; detail: string; confirm: string };
    // For the button itself: what it is to a screen reader, where it stands.
    attributes?: HoldKeyAttributes;
    children: ComponentChildren;
}

export function HoldKey(props: HoldKeyProps) {
    const { onHeld, disabled = false, bare = false, atOnce = false, unable, question, children } = props;
    const [asking, setAsking] = useState(false);
    const key = useRef<HTMLButtonElement>(null);
    const isWide = () => !bare || (key.current?.offsetWidth ?? 0) >= SAID_PX_MIN;
    const { holding, short, ...press } = useHold(props, isWide);
    return (
        <>
            <button
                type="button"
                ref={key}
                title={bare && !atOnce ? (unable ?? text('hold.hint')) : undefined}
                {...props.attributes}
                class={`hold-key ${bare ? '' : 'button'} ${props.class ?? ''}${holding ? ' is-held' : ''}`}
                disabled={disabled}
                aria-disabled={unable !== undefined ? 'true' : undefined}
                onPointerDown={(event) => event.button === 0 && press.begin()}
                onPointerUp={press.up}
                onPointerLeave={press.end}
                onPointerCancel={press.end}
                onBlur={press.end}
                onKeyDown={press.keyDown}
                onKeyUp={press.keyUp}
                onContextMenu={(event) => event.preventDefault()}
                // A row that can be dragged is not, by its key.
                draggable
                onDragStart={(event) => {
                    event.preventDefault();
                    event.stopPropagation();
                }}
                onClick={() => {
                    // A click with no press before it comes from an assistive technology.
                    if (!press.follows() && unable === undefined) {
                        atOnce ? onHeld() : setAsking(true);
                    }
                }}
            >
                <span class="hold-key-fill" aria-hidden="true" />
                {bare && short && (
                    <span class="hold-key-said" aria-hidden="true">
                        {text('hold.longer')}
                    </span>
                )}
                {bare ? (
                    children
                ) : (
                    <span class="hold-key-face">
                        {children}
                        <span class="hold-key-hint">
                            {unable ?? text(short ? 'hold.longer' : 'hold.hint')}
                        </span>
                    </span>
                )}
            </button>
            {short && (
                <span class="hidden-text" role="alert">
                    {text('hold.longer')}
                </span>
            )}
            {asking && <Question {...question} onConfirm={onHeld} onClose={() => setAsking(false)} />}
        </>
    );
}

type HoldFacts = Pick<HoldKeyProps, 'onHeld' | 'onShort' | 'disabled' | 'atOnce' | 'unable'>;

function isPress(event: KeyboardEvent): boolean {
    return event.key === ' ' || event.key === 'Enter';
}

// One press, from its beginning to the click that the browser makes of it.
function useHold({ onHeld, onShort, disabled, atOnce, unable }: HoldFacts, isWide: () => boolean) {
    const [holding, setHolding] = useState(false);
    const [short, setShort] = useState(false);
    const timer = useRef(0);
    const down = useRef(false);
    const upAt = useRef(Number.NEGATIVE_INFINITY);

    const begin = () => {
        if (disabled || atOnce || unable !== undefined || down.current) {
            return;
        }
        down.current = true;
        setHolding(true);
        setShort(false);
        timer.current = window.setTimeout(() => {
            timer.current = 0;
            setHolding(false);
            onHeld();
        }, HOLD_MS);
    };
    const end = () => {
        down.current = false;
        if (timer.current !== 0) {
            clearTimeout(timer.current);
            timer.current = 0;
            setShort(isWide());
            if (!isWide()) {
                onShort?.();
            }
        }
        setHolding(false);
    };
    const up = () => {
        if (down.current) {
            upAt.current = performance.now();
        }
        end();
    };
    // The click that follows a press here is that press, and what the hold has done may have made another key of this one.
    const follows = () => performance.now() - upAt.current < CLICK_MAX_MS;
    const keyDown = (event: KeyboardEvent) => {
        if (!isPress(event)) {
            return;
        }
        if (event.repeat || !atOnce) {
            event.preventDefault();
        }
        if (!event.repeat) {
            begin();
        }
    };
    const keyUp = (event: KeyboardEvent) => {
        // The browser would make a click of it.
        if (isPress(event) && (down.current || !atOnce)) {
            event.preventDefault();
        }
        end();
    };
    useEffect(() => () => clearTimeout(timer.current), []);
    useEffect(() => {
        const said = setTimeout(() => setShort(false), SAID_MS);
        return () => clearTimeout(said);
    }, [short]);
    return { holding, short, begin, end, up, follows, keyDown, keyUp };
}
