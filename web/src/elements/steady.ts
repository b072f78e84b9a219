// Keys that never change under a finger. A press is meant for what stood in that place when the finger set out, and hands are slower than
// lists: what has just come to stand there is deaf for a while, and so is a key that has just acted, with all that move because of it.
// While something is pressed, what is drawn there stays as it was.

import { effect, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';

// Longer than the second press of a double click.
export const DEAF_MS = 600;
// A finger's click comes a little after its pointerup.
const CLICK_MS = 100;

// Keys that are deaf together once one of them has acted.
export interface Gate {
    deaf: () => boolean;
    act: () => void;
}

export function gate(): Gate {
    const closed = signal(false);
    let timer: ReturnType<typeof setTimeout> | undefined;
    return {
        deaf: () => closed.value,
        act: () => {
            closed.value = true;
            clearTimeout(timer);
            timer = setTimeout(() => {
                closed.value = false;
            }, DEAF_MS);
        },
    };
}

// Whether what a place means has been the same for long enough; draws again when it has. Where it meant nothing ('') no press was on its
// way.
export function useSettled(means: string): () => boolean {
    const since = useRef<{ means: string | null; at: number }>({ means: null, at: 0 });
    const [, redraw] = useState(0);
    if (since.current.means !== means) {
        since.current = { means, at: since.current.means === '' ? 0 : performance.now() };
    }
    // The time runs anew with each meaning.
    useEffect(() => {
        const timer = setTimeout(() => redraw((count) => count + 1), DEAF_MS);
        return () => clearTimeout(timer);
    }, [means]);
    return () => since.current.at === 0 || performance.now() - since.current.at >= DEAF_MS;
}

// The same without a place on the screen.
export function settledSince(means: () => string | number | undefined): () => boolean {
    let at = 0;
    let last: string | number | undefined;
    effect(() => {
        const now = means();
        if (now !== last) {
            at = last === undefined ? 0 : performance.now();
            last = now;
        }
    });
    return () => at === 0 || performance.now() - at >= DEAF_MS;
}

// What is drawn: the newest, or while a pointer is down in the part that has the handler, what stood there then.
export function useHeld<T>(newest: T): { shown: T; hold: { onPointerDown: () => void } } {
    const held = useRef<{ value: T } | null>(null);
    const [, redraw] = useState(0);
    const shown = held.current === null ? newest : held.current.value;
    const onPointerDown = () => {
        if (held.current !== null) {
            return;
        }
        held.current = { value: shown };
        const ended = new AbortController();
        const { signal } = ended;
        const release = () => {
            ended.abort();
            held.current = null;
            redraw((count) => count + 1);
        };
        const up = () => setTimeout(() => !signal.aborted && release(), CLICK_MS);
        window.addEventListener('pointerup', up, { signal });
        window.addEventListener('pointercancel', up, { signal });
        window.addEventListener('dragend', up, { signal });
        // After those who act on it.
        window.addEventListener('click', () => setTimeout(release), { signal });
    };
    return { shown, hold: { onPointerDown } };
}
