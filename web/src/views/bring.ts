// A part of the page that is loaded while the page is open, and what stands in its way: a line that is lost, or a server that has restarted
// with a newer page, on which the files of this one are gone. It is tried again until it is here. The outside is given, so that tests run it.

/** What the server has now: this page, another, or it is not reached. */
export type ServedPage = 'same' | 'other' | 'none';

export interface BringOutside {
    servedPage(): Promise<ServedPage>;
    /** Waits, or is called before. */
    pause(ms: number): Promise<void>;
    /** Loads the page anew; false when that was done a moment ago, and would be done again and again. */
    reload(): boolean;
}

/** Why it is not here yet. `stuck`: not even a new page would have it. */
export type Hindrance = 'unreachable' | 'stuck';

const PAUSE_FIRST_MS = 1000;
const PAUSE_LAST_MS = 15_000;

/** Resolves when it is here; `tell` is called as often as it did not come. */
export async function bring<Part>(
    load: () => Promise<Part>,
    outside: BringOutside,
    tell: (why: Hindrance) => void,
): Promise<Part> {
    let served = false;
    for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_LAST_MS)) {
        try {
            return await load();
        } catch {
            const page = await outside.servedPage();
            // Some browsers remember that a file did not come and do not ask for it again: then only a new page helps, too.
            const hopeless = page === 'other' || (page === 'same' && served);
            served = page === 'same';
            if (!hopeless) {
                tell('unreachable');
                pauseMs = served ? PAUSE_FIRST_MS : pauseMs;
            } else if (!outside.reload()) {
                tell('stuck');
            }
        }
        await outside.pause(pauseMs);
    }
}
