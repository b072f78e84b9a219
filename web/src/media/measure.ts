// Levels of samples: for meters, and for tests that must know who hears what.

const METER_RANGE_DB = 60;

/** The level of samples on a meter: 0 at -60 dBFS and below, 1 at full scale, in steps of 1/50 so that a meter rests. */
export function levelOf(samples: Float32Array): number {
    const db = decibels(rootMeanSquare(samples));
    const level = Math.min(1, Math.max(0, 1 + db / METER_RANGE_DB));
    return Math.round(level * 50) / 50;
}

export function rootMeanSquare(samples: Float32Array): number {
    let sum = 0;
    for (const sample of samples) {
        sum += sample * sample;
    }
    return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** dB of a factor; silence is -200. */
export function decibels(factor: number): number {
    return factor <= 1e-10 ? -200 : 20 * Math.log10(factor);
}

/**
 * The level of one frequency in dBFS (a full-scale sine is 0). Goertzel's algorithm over a Blackman-Harris window: leakage from other
 * tones is below -90 dB when they are at least 8 × rate / samples away.
 */
export function toneLevel(samples: Float32Array, rate: number, frequency: number): number {
    const count = samples.length;
    const omega = (2 * Math.PI * frequency) / rate;
    const coefficient = 2 * Math.cos(omega);
    let windowSum = 0;
    let one = 0;
    let two = 0;
    for (let n = 0; n < count; n += 1) {
        const weight = blackmanHarris(n, count);
        windowSum += weight;
        const next = weight * (samples[n] ?? 0) + coefficient * one - two;
        two = one;
        one = next;
    }
    const power = one * one + two * two - coefficient * one * two;
    return windowSum === 0 ? -200 : decibels((2 * Math.sqrt(Math.max(0, power))) / windowSum);
}

// Harris 1978, 4-term minimum.
function blackmanHarris(n: number, count: number): number {
    const x = (2 * Math.PI * n) / count;
    return 0.35875 - 0.48829 * Math.cos(x) + 0.14128 * Math.cos(2 * x) - 0.01168 * Math.cos(3 * x);
}
