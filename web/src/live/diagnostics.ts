// `window.plenaryDiagnostics`: what the help desk reads out and what browser tests measure. Read-only: nothing here changes the
// meeting or the media.
import type { Meeting, SlotName } from '../contract/generated.ts';
import { gainInForce, type MeasurePoint, samplesAt } from '../media/graph.ts';
import { decibels, rootMeanSquare, toneLevel } from '../media/measure.ts';
import { currentPeer, joinCount, lineRoundTripMs, mediaPhase } from '../media/peer.ts';
import { newestReading, type Reading, readStatistics, statistics } from '../media/statistics.ts';
import { heardNow, listening, mix } from '../state/listening.ts';
import { heardChannel } from '../state/own_desk.ts';
import * as store from '../state/store.ts';

/** 4096 samples: 85 ms at 48 kHz, tones 100 Hz apart are told apart by more than 90 dB. */
const SAMPLES = 4096;

/** The levels at one moment of a trace; `at` in ms of `performance.now()`. */
export interface TracePoint {
    at: number;
    db: number[];
}

/** Levels in dBFS of these frequencies at a point; null when the point does not exist now. `samples` at most 8192. */
function tones(point: MeasurePoint, frequencies: number[], samples = SAMPLES): number[] | null {
    const measured = samplesAt(point, samples);
    return measured && frequencies.map((frequency) => toneLevel(measured.samples, measured.rate, frequency));
}

/** The level of everything at a point, dBFS. */
function level(point: MeasurePoint, samples = SAMPLES): number | null {
    const measured = samplesAt(point, samples);
    return measured && decibels(rootMeanSquare(measured.samples));
}

/** Measures again and again, as often as the browser draws a frame of sound (about each 5 ms), for so long. */
function trace(
    point: MeasurePoint,
    frequencies: number[],
    forMs: number,
    samples = 1024,
): Promise<TracePoint[]> {
    const began = performance.now();
    const points: TracePoint[] = [];
    return new Promise((resolve) => {
        const measure = (): void => {
            const at = performance.now();
            const db = tones(point, frequencies, samples);
            if (db !== null) {
                points.push({ at, db });
            }
            if (at - began >= forMs) {
                resolve(points);
            } else {
                setTimeout(measure, 5);
            }
        };
        measure();
    });
}

/** Levels of the mix in blocks of 20 ms, one after the other by the clock of the sound: a page that is late loses none, or says so. */
async function blocks(frequencies: number[], forMs: number): Promise<{ missed: number; db: number[][] }> {
    const kept: number[] = [];
    let missed = 0;
    let until = samplesAt('mix', 1)?.until ?? 0;
    let rate = 0;
    for (const began = performance.now(); performance.now() - began < forMs; ) {
        await new Promise((next) => setTimeout(next, 50));
        const measured = samplesAt('mix', Number.POSITIVE_INFINITY);
        if (measured === null) {
            continue;
        }
        const { samples } = measured;
        const fresh = Math.round((measured.until - until) * measured.rate);
        missed += Math.max(0, fresh - samples.length);
        kept.push(...samples.subarray(Math.max(0, samples.length - fresh)));
        until = measured.until;
        rate = measured.rate;
    }
    const size = Math.round(rate / 50);
    const db: number[][] = [];
    for (let at = 0; size > 0 && at + size <= kept.length; at += size) {
        const block = Float32Array.from(kept.slice(at, at + size));
        db.push(frequencies.map((frequency) => toneLevel(block, rate, frequency)));
    }
    return { missed, db };
}

/** Presses nothing, waits for nothing: resolves with the moment a frequency is first above `db` at a point, or -1 after `limitMs`. */
async function heardAt(point: MeasurePoint, frequency: number, db: number, limitMs: number): Promise<number> {
    const began = performance.now();
    for (;;) {
        const at = performance.now();
        const measured = tones(point, [frequency], 1024)?.[0] ?? -200;
        if (measured >= db) {
            return at;
        }
        if (at - began >= limitMs) {
            return -1;
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}

function state(): Record<string, unknown> {
    return {
        connection: store.connectionPhase.value,
        quality: store.connectionQuality.value,
        media: mediaPhase.value,
        joins: joinCount(),
        lineRoundTripMs: lineRoundTripMs(),
        joinMs: currentPeer()?.joinMs ?? 0,
        sequence: store.sequence.value,
        participant: store.me.value?.id ?? '',
        capacity: store.capacity.value,
        stage: store.stage.value,
        listening: listening.value,
        hears: heardNow.value,
        relay: heardChannel.value,
        mix: mix.value,
    };
}

const diagnostics = {
    tones,
    level,
    trace,
    blocks,
    heardAt,
    state,
    /** The meeting as this page sees it. */
    meeting: () => JSON.parse(JSON.stringify(store.meeting.value)) as Meeting | null,
    /** What is known of others' connections, to whom it is told. */
    health: () => [...store.health.value.values()],
    /** Which pictures the server holds back, or does not want. */
    heldPictures: () => store.heldPictures.value,
    gain: (slot: SlotName): number => gainInForce(slot),
    statistics: () => statistics.value,
    /** Counters of each slot and track as of now. */
    async counters(): Promise<Reading | null> {
        await readStatistics();
        return newestReading();
    },
} as const;

export type Diagnostics = typeof diagnostics;

declare global {
    interface Window {
        readonly plenaryDiagnostics: Diagnostics;
    }
}

Object.defineProperty(window, 'plenaryDiagnostics', { value: Object.freeze(diagnostics) });
