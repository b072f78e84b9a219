// How much sound an ear has had: A-weighted energy (IEC 61672-1 annex E) against a day's allowance of 85 dB(A) for eight hours, half the
// time for each 3 dB more. Without a calibrated headset only the level relative to full scale is known, and nothing is said of a dose.

/** A day's allowance. */
export const ALLOWED_DB = 85;
export const ALLOWED_HOURS = 8;
const EXCHANGE_DB = 3;

interface Section {
    b0: number;
    b1: number;
    b2: number;
    a1: number;
    a2: number;
    // What it remembers.
    first: number;
    second: number;
}

// One pair of the weighting's poles and zeros by the bilinear transform; its zeros at the origin (2) or at infinity (0).
function section(first: number, second: number, zeros: 0 | 2, rate: number): Section {
    const warp = (hertz: number): number => 2 * rate * Math.tan((Math.PI * hertz) / rate);
    const p = warp(first);
    const q = warp(second);
    const k = 2 * rate;
    const a0 = k * k + (p + q) * k + p * q;
    const a1 = 2 * (p * q - k * k);
    const a2 = k * k - (p + q) * k + p * q;
    const scale = zeros === 0 ? p * q : k * k;
    const sign = zeros === 0 ? 1 : -1;
    return {
        b0: scale / a0,
        b1: (2 * sign * scale) / a0,
        b2: scale / a0,
        a1: a1 / a0,
        a2: a2 / a0,
        first: 0,
        second: 0,
    };
}

/** The A-weighting of one channel, 0 dB at 1 kHz. */
export class AWeighting {
    private readonly sections: Section[];
    private readonly gain: number;

    constructor(rate: number) {
        this.sections = [
            section(20.598997, 20.598997, 2, rate),
            section(107.65265, 737.86223, 2, rate),
            section(12194.217, 12194.217, 0, rate),
        ];
        this.gain = 1 / this.responseAt(1000, rate);
    }

    next(sample: number): number {
        let value = sample;
        for (const one of this.sections) {
            const out = one.b0 * value + one.first;
            one.first = one.b1 * value - one.a1 * out + one.second;
            one.second = one.b2 * value - one.a2 * out;
            value = out;
        }
        return value * this.gain;
    }

    private responseAt(hertz: number, rate: number): number {
        const angle = (2 * Math.PI * hertz) / rate;
        const [re1, im1, re2, im2] = [
            Math.cos(angle),
            -Math.sin(angle),
            Math.cos(2 * angle),
            -Math.sin(2 * angle),
        ];
        return this.sections.reduce((product, one) => {
            const above = Math.hypot(one.b0 + one.b1 * re1 + one.b2 * re2, one.b1 * im1 + one.b2 * im2);
            const below = Math.hypot(1 + one.a1 * re1 + one.a2 * re2, one.a1 * im1 + one.a2 * im2);
            return (product * above) / below;
        }, 1);
    }
}

/** The share of a day's allowance that these seconds at this level use up. */
export function doseOf(levelDb: number, seconds: number): number {
    return (seconds / (ALLOWED_HOURS * 3600)) * 2 ** ((levelDb - ALLOWED_DB) / EXCHANGE_DB);
}

/** Sums energy up; the level of everything since it was made. */
export class Exposure {
    seconds = 0;
    private energy = 0; // seconds × mean square

    /** `meanSquare` of A-weighted samples over `seconds`. */
    add(meanSquare: number, seconds: number): void {
        this.seconds += seconds;
        this.energy += meanSquare * seconds;
    }

    /** A-weighted level relative to a full-scale sine (0 dB), of all seconds together. */
    get levelDb(): number {
        return this.seconds === 0 ? -120 : meanSquareDb(this.energy / this.seconds);
    }
}

/** Of a full-scale sine: 0. */
export function meanSquareDb(meanSquare: number): number {
    return 10 * Math.log10(Math.max(1e-12, 2 * meanSquare));
}
