// Hearing the last seconds again: everything heard is kept for a while; a press goes back in it, and from there it is played faster than
// it was said, at the same pitch, until it has caught up with the present (waveform-similarity overlap-add). Pure; runs in the audio
// thread.

const KEPT_S = 32;
/** Playing speed while catching up: ten seconds are made good in 25. */
export const CATCH_UP_SPEED = 1.4;
const HOP_MS = 20;
const SEARCH_MS = 8;
// The likeness of two stretches is judged by every so-manieth sample: pitch is far below that rate.
const COARSE = 4;

export class Rewind {
    private readonly rate: number;
    private readonly size: number;
    private readonly kept: [Float32Array, Float32Array];
    private readonly hop: number;
    private readonly search: number;
    private readonly fade: Float32Array;
    private readonly made: [Float32Array, Float32Array];
    private madeAt: number;
    private written = 0;
    private natural = 0; // where the last stretch would go on by itself
    private wanted = 0; // where the speed says to be
    private phase: 'live' | 'leaving' | 'behind' | 'landing' = 'live';

    constructor(rate: number) {
        this.rate = rate;
        this.size = Math.ceil(rate * KEPT_S);
        this.kept = [new Float32Array(this.size), new Float32Array(this.size)];
        this.hop = Math.round((rate * HOP_MS) / 1000);
        this.search = Math.round((rate * SEARCH_MS) / 1000);
        this.fade = Float32Array.from(
            { length: this.hop },
            (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / this.hop),
        );
        this.made = [new Float32Array(this.hop), new Float32Array(this.hop)];
        this.madeAt = this.hop;
    }

    /** How far what is heard lies behind the present; 0 in the present. */
    get behindS(): number {
        return this.phase === 'live' ? 0 : Math.max(0, this.written - this.wanted) / this.rate;
    }

    /** Goes back from where it is, as far as there is something kept. */
    back(seconds: number): void {
        const away = this.phase === 'leaving' || this.phase === 'behind';
        const oldest = Math.max(0, this.written - this.size + 4 * this.hop + 2 * this.search);
        const target = Math.max(
            oldest,
            (away ? this.wanted : this.written) - Math.round(seconds * this.rate),
        );
        if (this.phase === 'landing' || this.written - target < this.near()) {
            return; // a fade is on its way, or there is nothing yet
        }
        this.wanted = target;
        if (this.phase === 'live') {
            this.phase = 'leaving';
            this.natural = target;
            this.madeAt = 0;
        }
    }

    /** To the present at once. */
    live(): void {
        this.wanted = this.written;
    }

    /** In place: what comes in is kept, what is to be heard goes out. */
    process(left: Float32Array, right: Float32Array): void {
        for (let i = 0; i < left.length; i += 1) {
            const at = this.written % this.size;
            const inLeft = left[i] ?? 0;
            const inRight = right[i] ?? 0;
            this.kept[0][at] = inLeft;
            this.kept[1][at] = inRight;
            this.written += 1;
            if (this.phase !== 'live') {
                if (this.madeAt === this.hop) {
                    this.next();
                }
                left[i] = this.sample(0, inLeft);
                right[i] = this.sample(1, inRight);
                this.madeAt += 1;
            }
        }
    }

    // What is heard of one channel now: in between, from the past to the present or back.
    private sample(channel: 0 | 1, present: number): number {
        const rise = this.fade[this.madeAt] ?? 1;
        switch (this.phase) {
            case 'leaving':
                return present * (1 - rise) + this.at(channel, this.natural + this.madeAt) * rise;
            case 'behind':
                return this.made[channel][this.madeAt] ?? 0;
            case 'landing':
                return this.at(channel, this.natural + this.madeAt) * (1 - rise) + present * rise;
            case 'live':
                return present;
        }
    }

    // A stretch is over: what follows it.
    private next(): void {
        this.madeAt = 0;
        if (this.phase === 'landing') {
            this.phase = 'live';
            return;
        }
        if (this.phase === 'leaving') {
            this.natural += this.hop;
            this.wanted += this.hop;
        }
        if (this.written - this.wanted <= this.near()) {
            this.phase = 'landing';
            return;
        }
        this.phase = 'behind';
        this.stretch();
    }

    // So near the present, in samples, that the rest is faded over.
    private near(): number {
        return 2 * this.hop + this.search;
    }

    // From what would go on naturally over to the most like place near where the speed wants to be.
    private stretch(): void {
        const to = this.mostLike(this.wanted);
        for (let i = 0; i < this.hop; i += 1) {
            const rise = this.fade[i] ?? 1;
            for (const channel of [0, 1] as const) {
                const before = this.at(channel, this.natural + i);
                this.made[channel][i] = before * (1 - rise) + this.at(channel, to + i) * rise;
            }
        }
        this.natural = to + this.hop;
        this.wanted += Math.round(this.hop * CATCH_UP_SPEED);
    }

    private at(channel: 0 | 1, position: number): number {
        return this.kept[channel][((position % this.size) + this.size) % this.size] ?? 0;
    }

    private mostLike(around: number): number {
        let best = around;
        let most = Number.NEGATIVE_INFINITY;
        for (let to = around - this.search; to <= around + this.search; to += COARSE) {
            let product = 0;
            let energy = 1e-9;
            for (let i = 0; i < this.hop; i += COARSE) {
                const sample = this.at(0, to + i) + this.at(1, to + i);
                product += sample * (this.at(0, this.natural + i) + this.at(1, this.natural + i));
                energy += sample * sample;
            }
            const likeness = product / Math.sqrt(energy);
            if (likeness > most) {
                most = likeness;
                best = to;
            }
        }
        return best;
    }
}
