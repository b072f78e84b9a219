// The keys of the wall are there while somebody moves the pointer or uses the keyboard, and three seconds more.

import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 3000;
// With one of them chosen by the keyboard, or a list open, there is no movement to see.
const CHOSEN_MS = 20_000;

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;

/** Whether nobody has touched anything for a while. */
export function useStill(page: Document): boolean {
    const [still, setStill] = useState(false);
    useEffect(() => {
        let timer = 0;
        const tool = (): boolean => page.activeElement?.closest('.projector-tools') != null;
        const rest = (): void => {
            if (tool()) {
                page.getElementById('main')?.focus({ preventScroll: true });
                clearTimeout(timer); // the focus that moved was no sign
            }
            setStill(true);
        };
        const stir = (): void => {
            setStill(false);
            clearTimeout(timer);
            timer = window.setTimeout(rest, tool() ? CHOSEN_MS : SHOWN_MS);
        };
        for (const sign of SIGNS) {
            page.addEventListener(sign, stir);
        }
        stir();
        return () => {
            clearTimeout(timer);
            for (const sign of SIGNS) {
                page.removeEventListener(sign, stir);
            }
        };
    }, [page]);
    return still;
}
