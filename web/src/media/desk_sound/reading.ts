// What the interpreter's own sound says of itself. Apart from that sound, which only a desk loads.
import { type ReadonlySignal, signal } from '@preact/signals';

export interface DeskSoundState {
    running: boolean;
    /** The audio thread of this browser cannot be used: sound goes on without protection, and that is said. */
    failed: boolean;
    hits: number;
    reductionDb: number;
    behindS: number;
    /** Level of all one heard, A-weighted: dB(A) with a calibrated headset, else relative to a full-scale sine. */
    levelDb: number;
    listenedS: number;
    /** Of a day's allowance; null without a calibrated headset. */
    dose: number | null;
}

export const QUIET: DeskSoundState = {
    running: false,
    failed: false,
    hits: 0,
    reductionDb: 0,
    behindS: 0,
    levelDb: -120,
    listenedS: 0,
    dose: null,
};

const stateValue = signal<DeskSoundState>(QUIET);

/** What the audio thread reports, ten times a second. */
export const deskSoundState: ReadonlySignal<DeskSoundState> = stateValue;

export function setDeskSoundState(state: DeskSoundState): void {
    stateValue.value = state;
}
