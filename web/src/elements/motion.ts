// A list whose lines glide to their new places for 150 ms instead of jumping; not at all for who asked for less motion.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const GLIDE_MS = 150;

// Give the list the ref and each line a data-key; `order` is any text that changes with the order.
export function useOrderedMotion<E extends HTMLElement>(order: string): RefObject<E | null> {
    const list = useRef<E>(null);
    const places = useRef(new Map<string, number>());
    useLayoutEffect(() => {
        const element = list.current;
        if (element === null) {
            places.current.clear();
            return;
        }
        const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
        const next = new Map<string, number>();
        for (const line of element.children) {
            if (!(line instanceof HTMLElement) || line.dataset.key === undefined) {
                continue;
            }
            next.set(line.dataset.key, line.offsetTop);
            const before = places.current.get(line.dataset.key);
            if (!still && before !== undefined && before !== line.offsetTop) {
                line.animate(
                    [{ transform: `translateY(${before - line.offsetTop}px)` }, { transform: 'none' }],
                    {
                        duration: GLIDE_MS,
                        easing: 'ease-out',
                    },
                );
            }
        }
        places.current = next;
    }, [order]);
    return list;
}
