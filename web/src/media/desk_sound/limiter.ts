// A look-ahead limiter: what leaves it is never above the ceiling, and its gain falls before the loud sound comes, not after. Two
// channels share one gain, so that the image does not wander. Pure; runs in the audio thread.
//
//   gain needed for each sample ─► least of the window ─► release ─► mean of the window ─► × the sample from a window ago
//
// Every value in the mean is at most the gain that the delayed sample needs: that is why the ceiling holds without clipping.

const LOOK_AHEAD_MS = 2;
const RELEASE_MS = 120;
const SUSTAINED_MS = 1000;
/** Two hits closer together than this are one. */
const HIT_APART_MS = 200;

export interface LimiterLimits {
    /** The highest sample that may leave, dBFS. */
    ceilingDb: number;
    /** The loudest second that may leave, dBFS of its root mean square (a full-scale sine is -3). */
    sustainedDb: number;
}

export const DEFAULT_LIMITS: LimiterLimits = { ceilingDb: -9, sustainedDb: -18 };

export function amplitudeOf(decibels: number): number {
    return 10 ** (decibels / 20);
}

export class Limiter {
    /** How often it had to act on a sudden sound since it was made. */
    hits = 0;
    readonly window: number;
    private readonly release: number;
    private readonly meanShare: number;
    private readonly hitApart: number;
    private readonly needed: Float64Array;
    private readonly queue: Int32Array;
    private readonly gains: Float64Array;
    private readonly held: [Float32Array, Float32Array];
    private queueHead = 0;
    private queueSize = 0;
    private at = 0;
    private clock = 0;
    private released = 1;
    private sum: number;
    private meanSquare = 0;
    private sustainedGain = 1;
    private lastHit = Number.NEGATIVE_INFINITY;
    private ceiling = 1;
    private sustained = 1;

    constructor(rate: number, limits: LimiterLimits = DEFAULT_LIMITS) {
        this.window = Math.max(2, Math.round((rate * LOOK_AHEAD_MS) / 1000));
        this.release = 1 - Math.exp(-1000 / (rate * RELEASE_MS));
        this.meanShare = 1 - Math.exp(-1000 / (rate * SUSTAINED_MS));
        this.hitApart = (rate * HIT_APART_MS) / 1000;
        this.needed = new Float64Array(this.window);
        this.queue = new Int32Array(this.window + 1);
        this.gains = new Float64Array(this.window).fill(1);
        this.held = [new Float32Array(this.window), new Float32Array(this.window)];
        this.sum = this.window;
        this.set(limits);
    }

    set(limits: LimiterLimits): void {
        this.ceiling = amplitudeOf(limits.ceilingDb);
        this.sustained = amplitudeOf(limits.sustainedDb);
    }

    /** How much it takes away now: 0 dB for nothing, less for more. */
    get reductionDb(): number {
        return 20 * Math.log10(Math.max(1e-6, (this.sum / this.window) * this.sustainedGain));
    }

    /** In place; `left` and `right` are equally long. */
    process(left: Float32Array, right: Float32Array): void {
        for (let i = 0; i < left.length; i += 1) {
            const rawLeft = left[i] ?? 0;
            const rawRight = right[i] ?? 0;
            const level = this.level(rawLeft, rawRight);
            const inLeft = rawLeft * level;
            const inRight = rawRight * level;
            const gain = this.gainFor(Math.max(Math.abs(inLeft), Math.abs(inRight)));
            left[i] = this.clamp((this.held[0][this.at] ?? 0) * gain);
            right[i] = this.clamp((this.held[1][this.at] ?? 0) * gain);
            this.held[0][this.at] = inLeft;
            this.held[1][this.at] = inRight;
            this.at = (this.at + 1) % this.window;
        }
        // A running sum drifts by rounding; once a block it is made new.
        this.sum = this.gains.reduce((sum, gain) => sum + gain, 0);
    }

    // The slow part: long loudness is turned down before the fast part sees it.
    private level(left: number, right: number): number {
        const square = Math.max(left * left, right * right);
        this.meanSquare += (square - this.meanSquare) * this.meanShare;
        const loud = Math.sqrt(this.meanSquare);
        const wanted = loud > this.sustained ? this.sustained / loud : 1;
        this.sustainedGain += (wanted - this.sustainedGain) * this.meanShare * 10;
        return this.sustainedGain;
    }

    private gainFor(peak: number): number {
        const need = peak > this.ceiling ? this.ceiling / peak : 1;
        if (need < 0.9 && this.clock - this.lastHit > this.hitApart) {
            this.hits += 1;
        }
        if (need < 0.9) {
            this.lastHit = this.clock;
        }
        const least = this.leastOfWindow(need);
        this.released = Math.min(least, this.released + (least - this.released) * this.release);
        const slot = this.clock % this.window;
        this.sum += this.released - (this.gains[slot] ?? 0);
        this.gains[slot] = this.released;
        this.clock += 1;
        return this.sum / this.window;
    }

    // The least of the last `window` values, by a queue of those that may still become it.
    private leastOfWindow(value: number): number {
        const size = this.queue.length;
        if (this.queueSize > 0 && this.place(0) <= this.clock - this.window) {
            this.queueHead = (this.queueHead + 1) % size;
            this.queueSize -= 1;
        }
        while (this.queueSize > 0) {
            if (this.neededAt(this.place(this.queueSize - 1)) < value) {
                break;
            }
            this.queueSize -= 1;
        }
        this.needed[this.clock % this.window] = value;
        this.queue[(this.queueHead + this.queueSize) % size] = this.clock;
        this.queueSize += 1;
        return this.neededAt(this.place(0));
    }

    private place(inQueue: number): number {
        return this.queue[(this.queueHead + inQueue) % this.queue.length] ?? 0;
    }

    private neededAt(clock: number): number {
        return this.needed[clock % this.window] ?? 1;
    }

    // Rounding alone could pass the ceiling, by less than a millionth of it.
    private clamp(sample: number): number {
        return Math.max(-this.ceiling, Math.min(this.ceiling, sample));
    }
}
