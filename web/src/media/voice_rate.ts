// How much one's own voice may take of a narrow line. The browser fits pictures to the line (the server says how much comes of them)
// and lets the voice take what it was allowed once; a voice that fills the line by itself is late and full of holes, and everything
// else of its person waits behind it. So it steps down when packets begin to wait, and tries again seldom. Loss alone may be a line that was full
// before its round trip was known, or chance: that shows by stepping down. A pure machine.
import { isChance, LossWindow } from './voice_loss.ts';

/** Bits a second, without the packets' headers. Speech loses nothing that is heard down to the third. */
export const VOICE_STEPS = [96_000, 56_000, 32_000, 20_000, 14_000] as const;
/** As every voice begins (peer.ts). */
const FIRST_STEP = 2;
const LAST_STEP = VOICE_STEPS.length - 1;
const WAITING_MS = 250;
const LOSS = 0.02;
/** What was found to be chance is not asked again for so long. */
const CHANCE_MS = 300_000;
/** So many steps tell chance from a full line. */
const TELLING_STEPS = 2;
/** So long wait packets in a queue that loses none, for whatever reason. */
const WAITING_LONG_MS = 600;
/** What waits has to leave before more can be said of the line. */
const DRAIN_MS = 4000;
const RISE_FIRST_MS = 15_000;
const RISE_LAST_MS = 240_000;
/** So long after a rise, more loss than before is its doing. */
const RISE_TRIAL_MS = 8000;
const RISE_LOSS = 0.08;
/** So long a line that was narrow counts as narrow: while a picture is tried again nothing is said of it. */
const NARROW_MS = 60_000;
/** The shortest round trip of so long is the line itself. */
const LEAST_MS = 30_000;

/** What was measured since the last step. */
export interface VoiceFacts {
    at: number;
    /** The voice was sent. */
    sent: boolean;
    /** 0: not known. */
    roundTripMs: number;
    /** 0 … 1 */
    lossUp: number;
    /** The line does not carry one's picture, or a small one only, the server says. */
    narrow: boolean;
}

/** The step at which loss was met that is not explained yet, and how much it was. */
interface Trial {
    index: number;
    loss: number;
}

/** Of one connection. */
export class VoiceRate {
    private index = FIRST_STEP;
    private since = 0;
    private rose = false;
    private lossBefore = 0;
    private narrowUntil = 0;
    private pauseMs = RISE_FIRST_MS;
    private sentMs = 0;
    private last = 0;
    private readonly loss = new LossWindow();
    private trial: Trial | null = null;
    private chanceUntil = 0;
    private least = { now: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY, since: 0 };

    get bits(): number {
        return VOICE_STEPS[this.index] ?? VOICE_STEPS[FIRST_STEP];
    }

    /** It takes all that it may, and nothing was lost by it: the line carries a small picture as well. */
    get isWhole(): boolean {
        return this.index === 0;
    }

    /** What holds from now on. */
    step(facts: VoiceFacts): number {
        const waiting = this.waitingMs(facts);
        const queued = waiting > WAITING_LONG_MS || (waiting > WAITING_MS && facts.lossUp > LOSS);
        if (facts.narrow) {
            this.narrowUntil = facts.at + NARROW_MS;
        }
        if (facts.sent) {
            this.sentMs += this.last === 0 ? 0 : facts.at - this.last;
            this.judge(facts, queued);
        } else {
            this.loss.reset();
        }
        this.last = facts.at;
        return this.bits;
    }

    private judge({ at, lossUp }: VoiceFacts, queued: boolean): void {
        const narrow = at < this.narrowUntil;
        const settled = at - this.since >= DRAIN_MS;
        if (settled) {
            this.loss.note(at, lossUp);
        }
        const lossy = at >= this.chanceUntil && this.loss.isLossy;
        if (narrow && this.index < FIRST_STEP) {
            this.trial = null;
            this.move(at, FIRST_STEP);
        } else if ((queued && settled) || this.hasRisenTooFar(at, lossUp)) {
            this.trial = null;
            this.down(at);
        } else if (queued) {
            this.sentMs = 0;
        } else if (lossy) {
            this.explain(at);
        } else {
            this.clear(at, narrow);
        }
    }

    private hasRisenTooFar(at: number, lossUp: number): boolean {
        const tried = this.rose && at - this.since < RISE_TRIAL_MS && at >= this.chanceUntil;
        return tried && lossUp > this.lossBefore + RISE_LOSS;
    }

    // Nothing is wrong, or no longer. A line that hardly carries a picture is not asked for a larger voice.
    private clear(at: number, narrow: boolean): void {
        if (this.trial !== null && this.loss.isLong) {
            this.conclude(at, this.trial);
        } else if (this.sentMs >= this.pauseMs && !(narrow && this.index <= FIRST_STEP)) {
            this.move(at, this.index - 1);
        }
    }

    // Loss, and nothing waits as far as is known.
    private explain(at: number): void {
        const { trial, index } = this;
        if (trial === null) {
            this.tryOther(at);
        } else if (index > trial.index && index - trial.index < TELLING_STEPS && index < LAST_STEP) {
            this.down(at);
        } else if (this.loss.isLong) {
            this.conclude(at, trial);
        }
    }

    private conclude(at: number, trial: Trial): void {
        this.trial = null;
        const before = { bits: VOICE_STEPS[trial.index] ?? 0, loss: trial.loss };
        if (isChance(before, { bits: this.bits, loss: this.loss.mean })) {
            this.chanceUntil = at + CHANCE_MS;
            this.move(at, Math.min(this.index, trial.index));
            this.rose = false;
        } else if (this.index < trial.index) {
            this.down(at);
        }
    }

    // A step less; where there is none, a step more now and then, lest chance hold the voice down for ever.
    private tryOther(at: number): void {
        const trial = { index: this.index, loss: this.loss.mean };
        if (this.index < LAST_STEP) {
            this.down(at);
            this.trial = trial;
        } else if (this.sentMs >= this.pauseMs && this.loss.isLong) {
            this.move(at, this.index - 1);
            this.trial = trial;
        }
    }

    private down(at: number): void {
        this.pauseMs = this.rose ? Math.min(RISE_LAST_MS, 2 * this.pauseMs) : this.pauseMs;
        this.move(at, this.index + 1);
    }

    private move(at: number, index: number): void {
        this.rose = index < this.index;
        this.lossBefore = this.loss.mean;
        this.index = Math.min(LAST_STEP, Math.max(0, index));
        this.since = at;
        this.sentMs = 0;
        this.loss.reset();
    }

    private waitingMs({ at, roundTripMs }: VoiceFacts): number {
        if (roundTripMs <= 0) {
            return 0;
        }
        if (at - this.least.since > LEAST_MS) {
            this.least = { now: roundTripMs, before: this.least.now, since: at };
        }
        this.least.now = Math.min(this.least.now, roundTripMs);
        return roundTripMs - Math.min(this.least.now, this.least.before);
    }
}
