// What the browser's statistics say about the media path: numbers for the help desk, one word for everybody else.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { SlotName, TrackName } from '../contract/generated.ts';
import { currentPeer, joinCount, mediaPhase, type Peer } from './peer.ts';
import type { VoiceFacts } from './voice_rate.ts';

const INTERVAL_MS = 2000;
/** Less than what a browser supposes of a line of which it knows nothing. */
const NARROW_BITS = 280_000;
// A word changes for the worse after two readings (a voice that ends is concealed for a moment, which is no damage) and for the better
// after three: it must not flicker.
const WORSE_AFTER = 2;
const BETTER_AFTER = 3;

/** Counters of one received slot, as the browser has them since joining. */
export interface SlotCounters {
    packets: number;
    lost: number;
    bytes: number;
    jitterMs: number;
    samples: number;
    concealed: number;
    /** Concealed samples that were not silence: what a listener hears as damage. */
    audiblyConcealed: number;
    framesDecoded: number;
    jitterBufferMs: number;
}

/** Counters of one sent track. */
export interface TrackCounters {
    packets: number;
    bytes: number;
    framesEncoded: number;
    /** Of each stream: what it has sent, and the loss that the server reported last (0 … 1). A layer that rests keeps its last. */
    streams: Record<string, { packets: number; loss: number }>;
    roundTripMs: number;
}

/** One reading of the counters. */
export interface Reading {
    at: number;
    roundTripMs: number;
    availableUpBits: number;
    localCandidate: string;
    remoteCandidate: string;
    protocol: string;
    slots: Partial<Record<SlotName, SlotCounters>>;
    tracks: Partial<Record<TrackName, TrackCounters>>;
}

/** By one's own measure. That there is sound only is not measured: the server says what it does not send. */
export type MediaQuality = 'good' | 'weak';

/** What happened between two readings. */
export interface Statistics {
    joinMs: number;
    joins: number;
    roundTripMs: number;
    /** 0 … 1 */
    lossUp: number;
    lossDown: number;
    jitterMs: number;
    /** Share of the sound that the browser had to invent: 0 … 1 */
    concealed: number;
    bitsUp: number;
    bitsDown: number;
    /** 0 when the browser does not tell. */
    availableUpBits: number;
    /** How the media travels, e.g. `host`, `udp`. */
    candidate: string;
    protocol: string;
    framesPerSecond: number;
    quality: MediaQuality;
}

const statisticsValue = signal<Statistics | null>(null);
let newest: Reading | null = null;
let shown: MediaQuality = 'good';
let differing = 0;
let pictureExpected: () => boolean = () => false;

/** The last two seconds; null before the first. */
export const statistics: ReadonlySignal<Statistics | null> = statisticsValue;

/** The newest counters; for diagnostics and the entrance's check. */
export function newestReading(): Reading | null {
    return newest;
}

/** Begins to read every two seconds. `expectsPicture` says whether a camera of the meeting should be arriving. */
export function watchStatistics(expectsPicture: () => boolean): void {
    pictureExpected = expectsPicture;
    setInterval(() => void readStatistics(), INTERVAL_MS);
}

/** Reads now. */
export async function readStatistics(): Promise<void> {
    const peer = currentPeer();
    if (peer === null || mediaPhase.peek() !== 'connected') {
        newest = null;
        return;
    }
    const reading = await read(peer).catch(() => null);
    if (reading === null || currentPeer() !== peer) {
        return;
    }
    if (newest !== null && reading.at > newest.at) {
        const measured = compare(newest, reading, peer.joinMs, joinCount());
        const quality = settle(qualityOf(measured, pictureExpected()));
        statisticsValue.value = { ...measured, quality };
        void fitVoice(peer, voiceFacts(newest, reading, peer.picturesHeld));
    }
    newest = reading;
}

/** What happened between two readings of the same connection. */
export function compare(
    before: Reading,
    after: Reading,
    joinMs: number,
    joins: number,
): Omit<Statistics, 'quality'> {
    const seconds = (after.at - before.at) / 1000;
    let packets = 0;
    let lost = 0;
    let bytes = 0;
    let samples = 0;
    let concealed = 0;
    let frames = 0;
    let jitterMs = 0;
    for (const [slot, counters] of Object.entries(after.slots)) {
        const old = before.slots[slot as SlotName];
        const arrived = counters.packets - (old?.packets ?? 0);
        packets += arrived;
        lost += Math.max(0, counters.lost - (old?.lost ?? 0));
        bytes += counters.bytes - (old?.bytes ?? 0);
        frames += counters.framesDecoded - (old?.framesDecoded ?? 0);
        if (arrived > 0) {
            // A slot that carries nothing conceals all the time: that is no damage.
            samples += counters.samples - (old?.samples ?? 0);
            concealed += Math.max(0, counters.audiblyConcealed - (old?.audiblyConcealed ?? 0));
            jitterMs = Math.max(jitterMs, counters.jitterMs);
        }
    }
    const sent = Object.entries(after.tracks).map(([name, counters]) => ({
        bytes: counters.bytes - (before.tracks[name as TrackName]?.bytes ?? 0),
        loss: lossOf(counters, before.tracks[name as TrackName]),
    }));
    return {
        joinMs: Math.round(joinMs),
        joins,
        roundTripMs: after.roundTripMs,
        lossUp: Math.max(0, ...sent.map((one) => one.loss)),
        lossDown: packets + lost === 0 ? 0 : lost / (packets + lost),
        jitterMs,
        concealed: samples === 0 ? 0 : concealed / samples,
        bitsUp: (8 * sent.reduce((sum, one) => sum + one.bytes, 0)) / seconds,
        bitsDown: (8 * bytes) / seconds,
        availableUpBits: after.availableUpBits,
        candidate: after.localCandidate,
        protocol: after.protocol,
        framesPerSecond: frames / seconds,
    };
}

// A page that cannot load it speaks on as it began.
async function fitVoice(peer: Peer, facts: VoiceFacts): Promise<void> {
    const loaded = await import('./voice_fit.ts').catch(() => null);
    await loaded?.fitVoice(peer, facts);
}

function voiceFacts(before: Reading, after: Reading, picturesHeld: boolean): VoiceFacts {
    const { camera } = after.tracks;
    const shown = camera !== undefined && camera.packets > (before.tracks.camera?.packets ?? 0);
    const now = after.tracks.microphone;
    const old = before.tracks.microphone;
    return {
        at: after.at,
        sent: now !== undefined && now.packets > (old?.packets ?? 0),
        roundTripMs: after.roundTripMs,
        lossUp: now === undefined ? 0 : lossOf(now, old),
        narrow: picturesHeld || (shown && after.availableUpBits > 0 && after.availableUpBits < NARROW_BITS),
    };
}

// Of the streams that were sent since.
function lossOf(after: TrackCounters, before: TrackCounters | undefined): number {
    const losses = Object.entries(after.streams)
        .filter(([id, stream]) => stream.packets > (before?.streams[id]?.packets ?? 0))
        .map(([, stream]) => stream.loss);
    return Math.max(0, ...losses);
}

/** The word for two seconds. */
export function qualityOf(measured: Omit<Statistics, 'quality'>, expectsPicture: boolean): MediaQuality {
    const loss = Math.max(measured.lossUp, measured.lossDown);
    const weak =
        loss > 0.03 ||
        measured.concealed > 0.02 ||
        measured.roundTripMs > 500 ||
        measured.jitterMs > 60 ||
        (expectsPicture && measured.framesPerSecond < 0.5);
    return weak ? 'weak' : 'good';
}

const ORDER: readonly MediaQuality[] = ['good', 'weak'];

/** The word shown after one more reading. */
export function settle(measured: MediaQuality): MediaQuality {
    differing = measured === shown ? 0 : differing + 1;
    const needed = ORDER.indexOf(measured) > ORDER.indexOf(shown) ? WORSE_AFTER : BETTER_AFTER;
    if (differing >= needed) {
        shown = measured;
        differing = 0;
    }
    return shown;
}

// The DOM's type for a report is only its base; these are the fields of webrtc-stats that are read here.
interface Report {
    id: string;
    type: string;
    [field: string]: unknown;
}

async function read(peer: Peer): Promise<Reading> {
    const reading: Reading = {
        at: performance.now(),
        roundTripMs: 0,
        availableUpBits: 0,
        localCandidate: '',
        remoteCandidate: '',
        protocol: '',
        slots: {},
        tracks: {},
    };
    const reports = new Map<string, Report>();
    (await peer.connection.getStats()).forEach((report: Report) => {
        reports.set(report.id, report);
    });
    const slotOfTrack = new Map([...peer.receivers].map(([slot, one]) => [one.track.id, slot]));
    for (const report of reports.values()) {
        if (report.type === 'inbound-rtp') {
            const slot = slotOfTrack.get(String(report.trackIdentifier ?? ''));
            if (slot !== undefined) {
                reading.slots[slot] = slotCounters(report);
            }
        }
        if (report.type === 'candidate-pair' && report.state === 'succeeded' && report.nominated === true) {
            takePair(reading, report, reports);
        }
    }
    for (const [name, sender] of peer.senders) {
        if (sender.track !== null) {
            reading.tracks[name] = trackCounters([...(await sender.getStats()).values()]);
        }
    }
    return reading;
}

function slotCounters(report: Report): SlotCounters {
    const emitted = number(report.jitterBufferEmittedCount);
    return {
        packets: number(report.packetsReceived),
        lost: number(report.packetsLost),
        bytes: number(report.bytesReceived),
        jitterMs: 1000 * number(report.jitter),
        samples: number(report.totalSamplesReceived),
        concealed: number(report.concealedSamples),
        audiblyConcealed: number(report.concealedSamples) - number(report.silentConcealedSamples),
        framesDecoded: number(report.framesDecoded),
        jitterBufferMs: emitted === 0 ? 0 : (1000 * number(report.jitterBufferDelay)) / emitted,
    };
}

function trackCounters(reports: Report[]): TrackCounters {
    const counters: TrackCounters = { packets: 0, bytes: 0, framesEncoded: 0, streams: {}, roundTripMs: 0 };
    const stream = (id: unknown): { packets: number; loss: number } => {
        counters.streams[String(id)] ??= { packets: 0, loss: 0 };
        return counters.streams[String(id)] as { packets: number; loss: number };
    };
    for (const report of reports) {
        if (report.type === 'outbound-rtp') {
            counters.packets += number(report.packetsSent);
            counters.bytes += number(report.bytesSent);
            counters.framesEncoded += number(report.framesEncoded);
            stream(report.id).packets = number(report.packetsSent);
        } else if (report.type === 'remote-inbound-rtp') {
            stream(report.localId).loss = number(report.fractionLost);
            counters.roundTripMs = Math.max(counters.roundTripMs, 1000 * number(report.roundTripTime));
        }
    }
    return counters;
}

function takePair(reading: Reading, pair: Report, reports: Map<string, Report>): void {
    const local = reports.get(String(pair.localCandidateId));
    const remote = reports.get(String(pair.remoteCandidateId));
    reading.roundTripMs = 1000 * number(pair.currentRoundTripTime);
    reading.availableUpBits = number(pair.availableOutgoingBitrate);
    reading.localCandidate = String(local?.candidateType ?? '');
    reading.remoteCandidate = String(remote?.candidateType ?? '');
    reading.protocol = String(local?.protocol ?? '');
}

function number(value: unknown): number {
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
