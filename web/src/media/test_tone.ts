// A tone by which one finds out where sound comes out, and how loud: in the left ear, then in the right.
import { wavFile } from './wav.ts';

export const TONE_HERTZ = 500;
const SIDE_S = 0.8;
const PEAK = 0.12;
// Without them, both ends click.
const RAMP_S = 0.04;

/** The tone as a WAV file, as loud as everything is: `gain` 0 … 1. */
export function testTone(gain: number): ArrayBuffer {
    return wavFile({
        rate: 48_000,
        seconds: 2 * SIDE_S,
        channels: 2,
        sample: (time, channel) => {
            const into = time - channel * SIDE_S;
            if (into < 0 || into >= SIDE_S) {
                return 0;
            }
            const edge = Math.min(1, into / RAMP_S, (SIDE_S - into) / RAMP_S);
            return PEAK * gain * edge * Math.sin(2 * Math.PI * TONE_HERTZ * into);
        },
    });
}
