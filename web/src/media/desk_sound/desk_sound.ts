// The interpreter's own sound: tone, ears, repeat and hearing protection, between the mix and the ear. Only at a desk; everybody else's
// sound takes the short way.
//
//   gain of a slot ─► side (left, both, right) ─► room gain ─► bass ─► treble ─► repeat, limiter, exposure (audio thread) ─► output
import { type ReadonlySignal, signal } from '@preact/signals';
import type { SlotName } from '../../contract/generated.ts';
import { insertIntoMix, type Side, setSlotSide } from '../graph.ts';
import { doseOf, Exposure } from './exposure.ts';
import { DEFAULT_LIMITS } from './limiter.ts';
import type { DeskSoundOrder, DeskSoundReading } from './processor.ts';
import processorUrl from './processor.ts?worker&url';
import { deskSoundState, QUIET, setDeskSoundState } from './reading.ts';

export const REPEAT_S = 10;
export const TONE_MAX_DB = 12;
export const CEILING_DB = { least: -30, most: -3 } as const;
export const SUSTAINED_DB = { least: -42, most: -12 } as const;
export const CALIBRATION_DB = { least: 90, most: 140 } as const;

/** Which sources can have a side of their own. */
export type Ear = 'floor' | 'relay' | 'boothmate';

const SLOTS: Record<Ear, readonly SlotName[]> = {
    floor: ['floor_1', 'floor_2'],
    relay: ['relay'],
    boothmate: ['boothmate'],
};

export interface DeskSoundSettings {
    bassDb: number;
    trebleDb: number;
    sides: Record<Ear, Side>;
    ceilingDb: number;
    sustainedDb: number;
    /** Sound pressure of a full-scale sine in this headset at this computer's volume, dB; null: not calibrated. */
    calibrationDb: number | null;
}

const STORAGE_KEY = 'plenary.desk_sound';
const PLAIN: DeskSoundSettings = {
    bassDb: 0,
    trebleDb: 0,
    sides: { floor: 'both', relay: 'both', boothmate: 'both' },
    ...DEFAULT_LIMITS,
    calibrationDb: null,
};
const settingsValue = signal<DeskSoundSettings>(read());
let exposure = new Exposure();
let node: AudioWorkletNode | null = null;
let tones: { bass: BiquadFilterNode; treble: BiquadFilterNode } | null = null;

/** What this person chose on this computer. */
export const deskSoundSettings: ReadonlySignal<DeskSoundSettings> = settingsValue;

/** Changes some settings, keeps them, and puts them in force. Out of range: the nearest that is in it. */
export function setDeskSound(part: Partial<DeskSoundSettings>): void {
    settingsValue.value = bounded({ ...settingsValue.value, ...part });
    try {
        localStorage.setItem(STORAGE_KEY, JSON.stringify(settingsValue.value));
    } catch {
        // Without storage they last as long as the page.
    }
    putInForce();
}

/** Hears the last ten seconds again, then catches up; pressed again, goes back further. */
export function repeat(): void {
    order({ back: REPEAT_S });
}

/** Back to the present at once. */
export function toPresent(): void {
    order({ live: true });
}

/** Puts the desk's sound into the mix; the function it gives takes it out again. */
export function startDeskSound(): () => void {
    let ended = false;
    let takeOut: (() => void) | null = null;
    exposure = new Exposure();
    setDeskSoundState(QUIET);
    void insertIntoMix(async (context) => {
        await context.audioWorklet.addModule(processorUrl);
        if (ended) {
            return null;
        }
        const made = new AudioWorkletNode(context, 'desk-sound', {
            outputChannelCount: [2],
            channelCount: 2,
            channelCountMode: 'explicit',
        });
        const bass = new BiquadFilterNode(context, { type: 'lowshelf', frequency: 250 });
        const treble = new BiquadFilterNode(context, { type: 'highshelf', frequency: 3000 });
        bass.connect(treble).connect(made);
        made.port.onmessage = ({ data }: MessageEvent<DeskSoundReading>) => take(data);
        node = made;
        tones = { bass, treble };
        setDeskSoundState({ ...deskSoundState.value, running: true });
        putInForce();
        return { input: bass, output: made };
    })
        .then((out) => {
            takeOut = out;
            if (ended) {
                out();
            }
        })
        .catch(() => {
            setDeskSoundState({ ...deskSoundState.value, failed: true });
        });
    return () => {
        ended = true;
        takeOut?.();
        node?.port.close();
        node = null;
        tones = null;
        for (const slot of Object.values(SLOTS).flat()) {
            setSlotSide(slot, 'both');
        }
        setDeskSoundState(QUIET);
    };
}

function take(reading: DeskSoundReading): void {
    exposure.add(reading.meanSquare, reading.seconds);
    const { calibrationDb } = settingsValue.peek();
    const levelDb = exposure.levelDb + (calibrationDb ?? 0);
    setDeskSoundState({
        ...deskSoundState.peek(),
        hits: reading.hits,
        reductionDb: reading.reductionDb,
        behindS: reading.behindS,
        levelDb,
        listenedS: exposure.seconds,
        dose: calibrationDb === null ? null : doseOf(levelDb, exposure.seconds),
    });
}

function putInForce(): void {
    const now = settingsValue.peek();
    for (const ear of Object.keys(SLOTS) as Ear[]) {
        for (const slot of SLOTS[ear]) {
            setSlotSide(slot, node === null ? 'both' : now.sides[ear]);
        }
    }
    order({ limits: { ceilingDb: now.ceilingDb, sustainedDb: now.sustainedDb } });
    if (tones !== null) {
        const at = tones.bass.context.currentTime;
        tones.bass.gain.setTargetAtTime(now.bassDb, at, 0.02);
        tones.treble.gain.setTargetAtTime(now.trebleDb, at, 0.02);
    }
}

function order(what: DeskSoundOrder): void {
    node?.port.postMessage(what);
}

function within(value: unknown, least: number, most: number, otherwise: number): number {
    return typeof value === 'number' && Number.isFinite(value)
        ? Math.min(most, Math.max(least, value))
        : otherwise;
}

/** Settings as they may be: also of what an older page or a person left in storage. */
export function bounded(raw: Partial<DeskSoundSettings>): DeskSoundSettings {
    const side = (ear: Ear): Side => {
        const wanted = raw.sides?.[ear];
        return wanted === 'left' || wanted === 'right' ? wanted : 'both';
    };
    const { calibrationDb } = raw;
    return {
        bassDb: within(raw.bassDb, -TONE_MAX_DB, TONE_MAX_DB, PLAIN.bassDb),
        trebleDb: within(raw.trebleDb, -TONE_MAX_DB, TONE_MAX_DB, PLAIN.trebleDb),
        sides: { floor: side('floor'), relay: side('relay'), boothmate: side('boothmate') },
        ceilingDb: within(raw.ceilingDb, CEILING_DB.least, CEILING_DB.most, PLAIN.ceilingDb),
        sustainedDb: within(raw.sustainedDb, SUSTAINED_DB.least, SUSTAINED_DB.most, PLAIN.sustainedDb),
        calibrationDb:
            typeof calibrationDb === 'number'
                ? within(calibrationDb, CALIBRATION_DB.least, CALIBRATION_DB.most, CALIBRATION_DB.least)
                : null,
    };
}

function read(): DeskSoundSettings {
    try {
        const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
        return bounded(typeof kept === 'object' && kept !== null ? kept : {});
    } catch {
        return bounded({});
    }
}
