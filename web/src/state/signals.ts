// The booths' signals: which of them are news.
import type { Signal } from '../contract/generated.ts';

/** As long as a signal is news; then the speaker has heard it or not. */
export const SIGNAL_FRESH_MS = 20_000;

/** The newest signal of each kind, about those who have the floor now. */
export function freshSignals(signals: readonly Signal[], floor: readonly string[], now: number): Signal[] {
    const fresh = signals.filter(
        (one) => now - one.at < SIGNAL_FRESH_MS && (!one.participant || floor.includes(one.participant)),
    );
    return fresh.filter((one, index) => !fresh.slice(index + 1).some((later) => later.kind === one.kind));
}
