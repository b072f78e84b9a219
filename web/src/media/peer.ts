// The one PeerConnection of this page: made from the server's plan, negotiated once, never renegotiated. When it fails it is made
// anew and joined again at once; whatever was being sent is sent again, and the slots take their places in the mix.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { MediaPlan, MediaSection, SlotName, TrackName } from '../contract/generated.ts';
import { attachSlot, detachSlot } from './graph.ts';
import { patience } from './patience.ts';
import { CAMERA_STEPS, Ramp, SCREEN_STEPS } from './ramp.ts';

/** `idle` not wanted, `joining` for the first time, `connected`, `rejoining` after an interruption. */
export type MediaPhase = 'idle' | 'joining' | 'connected' | 'rejoining';

/** How an offer reaches the server: resolves with the answer, rejects when there is none. */
export type Join = (offer: string) => Promise<string>;

// For a near server; a far one is given so many round trips: the answer, a check, two flights of the handshake, each may be repeated.
const DISCONNECTED_MAX_MS = 2000;
const DISCONNECTED_TRIPS = 3;
const CONNECT_MAX_MS = 5000;
const CONNECT_TRIPS = 12;
const RETRY_FIRST_MS = 200;
const RETRY_LAST_MS = 3000;
/** What a narrow line carries as well: a voice that begins by filling it has lost words before that is known. */
export const VOICE_BEGINS_BITS = 32_000;
const TALKBACK_BITS_MAX = 32_000;
const SCREEN_BITS_MAX = 2_500_000;

const CAMERA_ENCODINGS: RTCRtpEncodingParameters[] = [
    { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
    { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];

/** A connection and where its sections went. */
export interface Peer {
    connection: RTCPeerConnection;
    senders: Map<TrackName, RTCRtpSender>;
    receivers: Map<SlotName, RTCRtpReceiver>;
    /** Of the pictures one sends. */
    ramps: Map<TrackName, Ramp>;
    /** Of one's own voice. */
    voiceBits: number;
    /** Its whole voice came through. */
    lineIsWide: boolean;
    /** The line does not carry one's pictures, the server says. */
    picturesHeld: boolean;
    startedAt: number;
    /** From the offer to a connection that carries media; 0 until then. */
    joinMs: number;
    /** The server has said that it sees this peer connected. */
    confirmed: boolean;
    /** Where the server's answer says that media go; 0 until it has come. */
    port: number;
    /** Whether anything ever came back from there. */
    reached: boolean;
}

const phaseValue = signal<MediaPhase>('idle');
const streamsValue = signal<Partial<Record<SlotName, MediaStream>>>({});
const sending = new Map<TrackName, MediaStreamTrack>();

const blockedPortValue = signal(0);

let plan: MediaPlan | null = null;
let join: Join | null = null;
let peer: Peer | null = null;
let attempt = 0;
let joins = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let patienceTimer: ReturnType<typeof setTimeout> | undefined;
let roundTripMs: () => number = () => 0;
let whenJoined: () => void = () => {};

/** The media connection. */
export const mediaPhase: ReadonlySignal<MediaPhase> = phaseValue;

/**
 * The UDP port that this device's network lets nothing through to, although the server answers; 0 while that is not so. Known after the
 * first try that came to nothing, until one succeeds.
 */
export const blockedPort: ReadonlySignal<number> = blockedPortValue;

/** What a picture slot receives; null before joining. Reactive; it is the same object until the connection is made anew. */
export function videoStream(slot: SlotName): MediaStream | null {
    return streamsValue.value[slot] ?? null;
}

/** What one receives at a slot. Not reactive. */
export function slotStream(slot: SlotName): MediaStream | null {
    return streamsValue.peek()[slot] ?? null;
}

/** The connection of this moment, for statistics; null when there is none. */
export function currentPeer(): Peer | null {
    return peer;
}

/** How far the server is by its answers on the live line, in ms; 0 when that is not known. */
export function lineRoundTripMs(): number {
    return roundTripMs();
}

/** How many times this page has joined since it was loaded. */
export function joinCount(): number {
    return joins;
}

/** Begins: joins now and again whenever needed. `joined` is called after each answer; `roundTrip` tells how far the server is, in ms. */
export function startMedia(
    wantedPlan: MediaPlan,
    wantedJoin: Join,
    joined: () => void,
    roundTrip: () => number,
): void {
    roundTripMs = roundTrip;
    const same = plan !== null && JSON.stringify(plan) === JSON.stringify(wantedPlan);
    plan = wantedPlan;
    join = wantedJoin;
    whenJoined = joined;
    if (peer === null || !same) {
        rejoin();
    } else if (phaseValue.value !== 'connected') {
        // The live connection is back while media is down: no reason to wait longer.
        rejoin();
    }
}

/** Ends: nothing is sent or received any more. */
export function stopMedia(): void {
    plan = null;
    join = null;
    attempt = 0;
    blockedPortValue.value = 0;
    dropPeer();
    phaseValue.value = 'idle';
}

/** Makes a new connection at once, for instance because the server says that its media process was restarted. */
export function rejoin(): void {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    phaseValue.value = joins === 0 ? 'joining' : 'rejoining';
    dropPeer();
    void connect();
}

/** The server's view of this page's peer. */
export function takeMediaState(connected: boolean): void {
    if (peer === null) {
        return;
    }
    if (connected) {
        peer.confirmed = true;
    } else if (peer.confirmed && phaseValue.value === 'connected') {
        rejoin();
    }
}

/** The line does not carry what one sends of pictures, the server says; or may again. */
export function holdOwnPictures(on: boolean): void {
    if (peer === null) {
        return;
    }
    peer.picturesHeld = on;
    for (const ramp of peer.ramps.values()) {
        ramp.hold(on);
    }
}

/** What one's own voice may take, to the browser. */
export async function limitVoice(made: Peer): Promise<void> {
    const sender = made.senders.get('microphone');
    if (sender === undefined) {
        return;
    }
    const { voiceBits, lineIsWide, ramps } = made;
    // While it is not known whether the line carries a picture, the voice takes less, unless it has shown that the line is wide.
    const beside = lineIsWide ? [] : [...ramps.values()].map(({ voice }) => voice ?? voiceBits);
    const bits = Math.min(voiceBits, ...beside);
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
        encoding.maxBitrate = bits;
    }
    // Not every browser changes encodings at every moment; what was agreed stays.
    await sender.setParameters(parameters).catch(() => {});
}

/** What to send as a track; null for nothing. The same track twice is no work; no negotiation, heard within a few packets. */
export function setSending(name: TrackName, track: MediaStreamTrack | null): void {
    if ((sending.get(name) ?? null) === track) {
        return;
    }
    if (track === null) {
        sending.delete(name);
    } else {
        sending.set(name, track);
    }
    if (peer !== null) {
        void feed(peer, name);
    }
}

// A picture is not begun before its first step holds.
async function feed(made: Peer, name: TrackName): Promise<void> {
    const ramp = made.ramps.get(name);
    if (ramp !== undefined && sending.has(name)) {
        await ramp.start();
    } else {
        ramp?.stop();
    }
    await made.senders.get(name)?.replaceTrack(sending.get(name) ?? null);
}

async function connect(): Promise<void> {
    if (plan === null || join === null) {
        return;
    }
    const made = makePeer(plan);
    peer = made;
    try {
        await made.connection.setLocalDescription();
        const offer = made.connection.localDescription?.sdp ?? '';
        const answer = await join(offer);
        if (peer !== made) {
            return;
        }
        made.port = portOf(answer);
        // From here on: how long the answer takes is the live line's affair, and tells how far the server is.
        patienceTimer = setTimeout(
            () => interrupted(made),
            patience(CONNECT_MAX_MS, CONNECT_TRIPS, roundTripMs(), attempt),
        );
        await made.connection.setRemoteDescription({ type: 'answer', sdp: answer });
        joins += 1;
        whenJoined();
    } catch {
        interrupted(made);
    }
}

/** The port of the first candidate of an answer. */
export function portOf(answer: string): number {
    return Number(/^a=candidate:\S+ 1 udp \d+ \S+ (\d+)/im.exec(answer)?.[1] ?? 0);
}

function makePeer(from: MediaPlan): Peer {
    const connection = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' });
    const made: Peer = {
        connection,
        senders: new Map(),
        receivers: new Map(),
        ramps: new Map(),
        voiceBits: VOICE_BEGINS_BITS,
        lineIsWide: false,
        picturesHeld: false,
        startedAt: performance.now(),
        joinMs: 0,
        confirmed: false,
        port: 0,
        reached: false,
    };
    const streams: Partial<Record<SlotName, MediaStream>> = {};
    for (const section of from.sections) {
        addSection(made, section, streams);
    }
    streamsValue.value = streams;
    connection.addEventListener('connectionstatechange', () => stateChanged(made));
    connection.addEventListener('iceconnectionstatechange', () => {
        made.reached ||= ['connected', 'completed'].includes(connection.iceConnectionState);
    });
    return made;
}

function addSection(
    made: Peer,
    section: MediaSection,
    streams: Partial<Record<SlotName, MediaStream>>,
): void {
    const { connection } = made;
    if (section.direction === 'send') {
        const encodings = section.track === undefined ? [] : encodingsOf(section.track);
        const transceiver = connection.addTransceiver(section.kind, {
            direction: 'sendonly',
            sendEncodings: encodings,
        });
        preferCodec(transceiver, section);
        if (section.track !== undefined) {
            made.senders.set(section.track, transceiver.sender);
            if (section.kind === 'video') {
                const steps = section.track === 'screen' ? SCREEN_STEPS : CAMERA_STEPS;
                made.ramps.set(
                    section.track,
                    new Ramp(
                        transceiver.sender,
                        steps,
                        () => void limitVoice(made),
                        () => made.lineIsWide,
                    ),
                );
            }
            void feed(made, section.track);
        }
        return;
    }
    const transceiver = connection.addTransceiver(section.kind, { direction: 'recvonly' });
    preferCodec(transceiver, section);
    if (section.slot !== undefined) {
        const stream = new MediaStream([transceiver.receiver.track]);
        made.receivers.set(section.slot, transceiver.receiver);
        streams[section.slot] = stream;
        if (section.kind === 'audio') {
            attachSlot(section.slot, stream);
        }
    }
}

/** How a track is encoded. */
export function encodingsOf(track: TrackName): RTCRtpEncodingParameters[] {
    switch (track) {
        case 'microphone':
            return [{ maxBitrate: VOICE_BEGINS_BITS }];
        case 'talkback':
            return [{ maxBitrate: TALKBACK_BITS_MAX }];
        case 'camera':
            return CAMERA_ENCODINGS.map((one) => ({ ...one }));
        case 'screen':
            return [{ maxBitrate: SCREEN_BITS_MAX }];
    }
}

// Cameras are sent in VP8, which every browser has. Encoders send H.264, which is forwarded as it comes.
function preferCodec(transceiver: RTCRtpTransceiver, section: MediaSection): void {
    if (section.kind !== 'video') {
        return;
    }
    const side = section.direction === 'send' ? RTCRtpSender : RTCRtpReceiver;
    const wanted = (side.getCapabilities('video')?.codecs ?? []).filter((codec) =>
        (section.direction === 'send' ? /\/(vp8|rtx)$/i : /\/(vp8|h264|rtx)$/i).test(codec.mimeType),
    );
    if (wanted.length > 0) {
        transceiver.setCodecPreferences?.(wanted);
    }
}

function stateChanged(made: Peer): void {
    if (peer !== made) {
        return;
    }
    switch (made.connection.connectionState) {
        case 'connected':
            clearTimeout(patienceTimer);
            attempt = 0;
            made.reached = true;
            blockedPortValue.value = 0;
            made.joinMs = made.joinMs || performance.now() - made.startedAt;
            phaseValue.value = 'connected';
            break;
        case 'disconnected':
            clearTimeout(patienceTimer);
            patienceTimer = setTimeout(
                () => interrupted(made),
                patience(DISCONNECTED_MAX_MS, DISCONNECTED_TRIPS, roundTripMs()),
            );
            break;
        case 'failed':
            interrupted(made);
            break;
        default:
            break;
    }
}

// The first new attempt is made at once, the next ones with growing pauses.
function interrupted(made: Peer): void {
    if (peer !== made) {
        return;
    }
    if (!made.reached) {
        blockedPortValue.value = made.port;
    }
    const pause = attempt === 0 ? 0 : Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** attempt);
    attempt += 1;
    phaseValue.value = joins === 0 ? 'joining' : 'rejoining';
    dropPeer();
    retryTimer = setTimeout(rejoin, pause);
}

function dropPeer(): void {
    clearTimeout(patienceTimer);
    clearTimeout(retryTimer);
    const dropped = peer;
    peer = null;
    if (dropped === null) {
        return;
    }
    for (const ramp of dropped.ramps.values()) {
        ramp.stop();
    }
    dropped.connection.close();
    for (const slot of dropped.receivers.keys()) {
        detachSlot(slot);
    }
    streamsValue.value = {};
}
