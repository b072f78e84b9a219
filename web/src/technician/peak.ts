// The loudest of a level, held for two seconds. Pure.

/** So long it is held, ms. */
export const PEAK_HOLD_MS = 2000;

export interface Peak {
    // 0 … 1 over 60 dB.
    level: number;
    // When it was reached, ms.
    at: number;
}

export const NO_PEAK: Peak = { level: 0, at: 0 };

/** What is held when the level is this. */
export function holdPeak(held: Peak, level: number, now: number): Peak {
    return level >= held.level || now - held.at > PEAK_HOLD_MS ? { level, at: now } : held;
}
