// Whether the language that is listened to is served: what stands in for it (state/listening.ts) comes after a moment, so that nobody is sent
// to another language and back between two interpreters; it goes at once.
import { effect, untracked } from '@preact/signals';
import { isServed, listening, servedFacts, setOwnServed } from '../state/listening.ts';

/** So long without interpretation until another language is heard. */
export const UNSERVED_MAX_MS = 2500;

/** Follows the meeting until the function it gives is called. */
export function followServed(): () => void {
    let known = true;
    let followed = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = effect(() => {
        const id = listening.value;
        // Of another channel nothing is known.
        const before = id === followed ? known : true;
        const now = isServed(servedFacts(id), before);
        if (now === known && id === followed) {
            return;
        }
        followed = id;
        known = now;
        clearTimeout(timer);
        if (now) {
            untracked(() => setOwnServed(true));
        } else {
            timer = setTimeout(setOwnServed, UNSERVED_MAX_MS, false);
        }
    });
    return () => {
        clearTimeout(timer);
        stop();
        setOwnServed(true);
    };
}
