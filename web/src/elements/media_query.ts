// What a window is like, where that decides which parts there are and not only how they look.

import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether the query holds; follows the window. */
export function mediaQuery(query: string): ReadonlySignal<boolean> {
    const list = matchMedia(query);
    const holds = signal(list.matches);
    list.addEventListener('change', () => {
        holds.value = list.matches;
    });
    return holds;
}
