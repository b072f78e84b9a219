// What this page measures of its own sound for the meeting's report: the voice while it is on the air, and how often hearing protection
// had to step in. Sums are told now and then; a sum that could not be told is lost, the report says of how many it knows.
import type { Commands } from '../contract/generated.ts';
import { deskSoundState } from '../media/desk_sound/reading.ts';
import { microphoneSpectrum, samplesAt } from '../media/graph.ts';
import { decibels, rootMeanSquare } from '../media/measure.ts';

const SAMPLE_EVERY_MS = 1000;
const TELL_EVERY_SAMPLES = 30;
const WINDOW = 8192;
const VOICE_DB = -55;
/** What lies further below the loudest part of the voice is taken for noise. */
const BELOW_LOUDEST_DB = 60;

type SoundReport = Commands['desk.sound_report'];

/** The highest frequency that belongs to the voice, by one spectrum; 0 for none. */
export function bandwidthOf(spectrum: Float32Array, binHertz: number): number {
    const loudest = spectrum.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
    for (let bin = spectrum.length - 1; bin > 0; bin -= 1) {
        if ((spectrum[bin] ?? Number.NEGATIVE_INFINITY) > loudest - BELOW_LOUDEST_DB) {
            return Math.min(24_000, Math.round(bin * binHertz));
        }
    }
    return 0;
}

/** Sums up what is measured between two reports. */
export class SoundSum {
    private square = 0;
    private count = 0;
    private bandwidth = 0;

    add(level: number, bandwidth: number): void {
        if (decibels(level) < VOICE_DB) {
            return; // a pause
        }
        this.square += level * level;
        this.count += 1;
        this.bandwidth = Math.max(this.bandwidth, bandwidth);
    }

    /** What there is to tell, and begins anew; null for nothing. */
    take(limiterHits: number): SoundReport | null {
        const below = this.count === 0 ? 0 : Math.round(-decibels(Math.sqrt(this.square / this.count)));
        const report: SoundReport | null =
            this.count === 0 && limiterHits === 0
                ? null
                : {
                      limiter_hits: Math.min(100_000, limiterHits),
                      ...(this.count === 0 ? {} : { level_db: Math.min(127, Math.max(1, below)) }),
                      ...(this.bandwidth === 0 ? {} : { bandwidth_hz: this.bandwidth }),
                  };
        this.square = 0;
        this.count = 0;
        this.bandwidth = 0;
        return report;
    }
}

/** Measures while `onAir` says so, and tells; the function it gives ends it. */
export function watchOwnSound(onAir: () => boolean, tell: (report: SoundReport) => void): () => void {
    const sum = new SoundSum();
    let samples = 0;
    let hitsTold = 0;
    const timer = setInterval(() => {
        const heard = onAir() ? samplesAt('microphone', WINDOW) : null;
        const spectrum = heard === null ? null : microphoneSpectrum();
        if (heard !== null && spectrum !== null) {
            sum.add(rootMeanSquare(heard.samples), bandwidthOf(spectrum.decibels, spectrum.binHertz));
        }
        samples += 1;
        if (samples < TELL_EVERY_SAMPLES) {
            return;
        }
        samples = 0;
        const { hits } = deskSoundState.peek();
        const report = sum.take(Math.max(0, hits - hitsTold));
        hitsTold = hits;
        if (report !== null) {
            tell(report);
        }
    }, SAMPLE_EVERY_MS);
    return () => clearInterval(timer);
}
