// The chime at the end of an interpreter's turn: two soft strokes, well below speech.
import { wavFile } from './wav.ts';

const PEAK = 0.09;
const STROKES = [
    { at: 0, hertz: 660 },
    { at: 0.35, hertz: 523 },
] as const;

/** The chime as a WAV file. */
export function chimeSound(): ArrayBuffer {
    return wavFile({ rate: 24_000, seconds: 1.2, channels: 1, sample });
}

function sample(time: number): number {
    let sum = 0;
    for (const { at, hertz } of STROKES) {
        const since = time - at;
        if (since > 0) {
            const attack = Math.min(1, since / 0.015);
            sum += attack * Math.exp(-6 * since) * Math.sin(2 * Math.PI * hertz * since);
        }
    }
    return PEAK * sum;
}
