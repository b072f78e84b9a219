// How long to wait for somebody who may be far away: behind two satellites, or a mobile network that is full, a question takes seconds to be
// answered, and whoever gives up sooner never hears anything. Patience follows the round trip and grows with each try.

/** The round trip of a line, in ms: up at once, down slowly. 0 until something was measured. */
export class RoundTrip {
    #ms = 0;

    note(sample: number): void {
        this.#ms = sample > this.#ms ? sample : this.#ms + (sample - this.#ms) / 8;
    }

    get ms(): number {
        return this.#ms;
    }
}

export const PATIENCE_MAX_MS = 60_000;

/** So many round trips, at least `least`; twice as long with each try that failed before, a minute at most. */
export function patience(least: number, trips: number, roundTripMs: number, failed = 0): number {
    return Math.min(PATIENCE_MAX_MS, Math.max(least, trips * roundTripMs) * 2 ** Math.min(failed, 8));
}
