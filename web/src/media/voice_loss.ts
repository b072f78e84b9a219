// What a voice loses at one of its steps, and what that says of the line.

/** One report is of two dozen packets, of which chance takes another share each time: what is said of a step is said of several. */
const LONG_MS = 6000;
const KEPT_MS = 20_000;
/** By these no chance is meant: so much in one report, so much in two. */
const LOSS_IN_ONE = 0.3;
const LOSS_IN_TWO = 0.1;
const LOSS_LASTING = 0.05;
/** Fifty packets a second, each with 60 bytes around it. */
const HEADERS_BITS = 24_000;

/** The last readings of one step. */
export class LossWindow {
    #readings: { at: number; loss: number }[] = [];

    note(at: number, loss: number): void {
        this.#readings = [...this.#readings.filter((one) => at - one.at <= KEPT_MS), { at, loss }];
    }

    reset(): void {
        this.#readings = [];
    }

    get mean(): number {
        return mean(this.#readings);
    }

    get isLong(): boolean {
        const [first, last] = [this.#readings[0], this.#readings.at(-1)];
        return first !== undefined && last !== undefined && last.at - first.at >= LONG_MS;
    }

    /** So much is lost that something has to be done. */
    get isLossy(): boolean {
        const two = this.#readings.slice(-2);
        return (
            (two.at(-1)?.loss ?? 0) > LOSS_IN_ONE ||
            (two.length > 1 && mean(two) > LOSS_IN_TWO) ||
            (this.isLong && this.mean > LOSS_LASTING)
        );
    }
}

function mean(readings: { loss: number }[]): number {
    return readings.reduce((sum, one) => sum + one.loss, 0) / Math.max(1, readings.length);
}

/** A step of the voice, in bits a second without headers, and what was lost at it. */
export interface Measured {
    bits: number;
    loss: number;
}

/** A full line carries the same of either step, and loses the rest; chance takes the same share of either. Which is nearer? */
export function isChance(before: Measured, after: Measured): boolean {
    const carried = (before.bits + HEADERS_BITS) * (1 - before.loss);
    const byFullLine = Math.max(0, 1 - carried / (after.bits + HEADERS_BITS));
    return Math.abs(after.loss - before.loss) < Math.abs(after.loss - byFullLine);
}
