// Microphone, camera and screen of this device: which there are, which are chosen, and whether they could be opened.
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Device {
    id: string;
    /** Empty until the browser may tell it. */
    label: string;
    /** The same for what is one piece of hardware; empty when the browser does not tell. */
    group: string;
}

export interface Devices {
    microphones: readonly Device[];
    cameras: readonly Device[];
    speakers: readonly Device[];
}

export type DeviceKind = 'microphone' | 'camera' | 'screen';

/**
 * `closed`, `asking` (the browser's question is open), `open`; else why not: `unanswered` by the browser for long (it may still be),
 * `denied` by the person or the browser, `missing` no such device, `busy` another program has it, `insecure` page without HTTPS, `failed` otherwise, `ended` unplugged or stopped.
 */
export type DeviceState =
    | 'closed'
    | 'asking'
    | 'open'
    | 'unanswered'
    | 'denied'
    | 'missing'
    | 'busy'
    | 'insecure'
    | 'failed'
    | 'ended';

export type Choice = { microphone: string; camera: string; speaker: string };

// Not `plenary.devices`: under that, sign-in keeps what it knows this device by.
const STORAGE_KEY = 'plenary.capture';

const devicesValue = signal<Devices>({ microphones: [], cameras: [], speakers: [] });
const NOTHING_CHOSEN: Choice = { microphone: '', camera: '', speaker: '' };
const selectedValue = signal<Choice>(NOTHING_CHOSEN);
// What the person chose, and is taken again whenever it is there; remembered.
let preferred: Choice = NOTHING_CHOSEN;
const statesValue = signal<Record<DeviceKind, DeviceState>>({
    microphone: 'closed',
    camera: 'closed',
    screen: 'closed',
});
const microphoneValue = signal<MediaStream | null>(null);
const cameraValue = signal<MediaStream | null>(null);
const screenValue = signal<MediaStream | null>(null);
const mutedValue = signal(false);
const loudspeakerValue = signal(false);

/** The devices there are; follows plugging and unplugging. */
export const devices: ReadonlySignal<Devices> = devicesValue;
/** Device ids in use; empty for the system's own choice. */
export const selected: ReadonlySignal<Choice> = selectedValue;
/** How opening each device went. */
export const deviceStates: ReadonlySignal<Record<DeviceKind, DeviceState>> = statesValue;
/** The open microphone; the peer and the level meter read it. */
export const microphoneStream: ReadonlySignal<MediaStream | null> = microphoneValue;
/** The open microphone gives nothing, because the device or the system holds it back: not a matter of this page. */
export const microphoneMuted: ReadonlySignal<boolean> = mutedValue;
/** One's own camera, for the preview. */
export const cameraStream: ReadonlySignal<MediaStream | null> = cameraValue;
/** One's own shared screen. */
export const screenStream: ReadonlySignal<MediaStream | null> = screenValue;
/** Whether this person hears by a loudspeaker instead of a headset: then the browser cancels the echo. */
export const loudspeaker: ReadonlySignal<boolean> = loudspeakerValue;
/** Whether this browser can choose where sound comes out. */
export const speakerSelectable: boolean =
    'setSinkId' in (globalThis.AudioContext?.prototype ?? {}) ||
    'setSinkId' in (globalThis.HTMLMediaElement?.prototype ?? {});

/** What a failed getUserMedia or getDisplayMedia means. */
export function stateOfError(error: unknown): DeviceState {
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    switch (name) {
        case 'NotAllowedError':
        case 'SecurityError':
            return 'denied';
        case 'NotFoundError':
        case 'OverconstrainedError':
            return 'missing';
        case 'NotReadableError':
        case 'AbortError':
            return 'busy';
        default:
            return 'failed';
    }
}

/** The constraints of a microphone: nothing the browser adds may colour the voice that interpreters work from. */
export function microphoneConstraints(id: string, hearsByLoudspeaker: boolean): MediaTrackConstraints {
    return {
        ...(id === '' ? {} : { deviceId: { exact: id } }),
        autoGainControl: false,
        noiseSuppression: false,
        echoCancellation: hearsByLoudspeaker,
        channelCount: 1,
        sampleRate: 48000,
    };
}

function requestMicrophone(id: string): Promise<MediaStream> {
    return navigator.mediaDevices.getUserMedia({ audio: microphoneConstraints(id, loudspeakerValue.value) });
}

function requestCamera(id: string): Promise<MediaStream> {
    return navigator.mediaDevices.getUserMedia({
        video: {
            ...(id === '' ? {} : { deviceId: { exact: id } }),
            width: { ideal: 1280 },
            height: { ideal: 720 },
            frameRate: { ideal: 25, max: 30 },
        },
    });
}

/** The browser is given so long for a microphone: a question is read, or overlooked; a device that hangs is never answered for. */
export const ANSWER_MAX_MS = 10_000;

/**
 * Opens a microphone, the preferred one or the one named, which is preferred from then on; another one open before is closed after. Never
 * throws. `unanswered`: whatever the browser gives later is taken, unless something else was meanwhile.
 */
export async function openMicrophone(id = preferred.microphone): Promise<DeviceState> {
    const state = await useMicrophone(id);
    if (state === 'open' && preferred.microphone !== id) {
        prefer({ microphone: id });
    }
    return state;
}

let pending: { id: string; done: Promise<DeviceState> } | null = null;

/** The same without being preferred. Asked twice at a time for one device, the browser is asked once. */
export function useMicrophone(id: string): Promise<DeviceState> {
    if (pending?.id === id) {
        return pending.done;
    }
    const done = open('microphone', id, microphoneValue, requestMicrophone).finally(() => {
        pending = pending?.done === done ? null : pending;
    });
    pending = { id, done };
    return done;
}

/** Opens a camera, the preferred one or the one named, which is preferred from then on. Never throws. */
export async function openCamera(id = preferred.camera): Promise<DeviceState> {
    const state = await open('camera', id, cameraValue, requestCamera);
    if (state === 'open' && preferred.camera !== id) {
        prefer({ camera: id });
    }
    return state;
}

/** Asks which screen or window to share. Call it in a press. Never throws. */
export async function openScreen(): Promise<DeviceState> {
    return open('screen', '', screenValue, () =>
        navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 5, max: 15 } }, audio: false }),
    );
}

export function releaseMicrophone(): void {
    release('microphone', microphoneValue);
}

/** The open microphone is no longer there, although its track has not said so. */
export function loseMicrophone(): void {
    release('microphone', microphoneValue);
    setState('microphone', 'ended');
}

export function releaseCamera(): void {
    release('camera', cameraValue);
}

export function releaseScreen(): void {
    release('screen', screenValue);
}

/** Chooses where sound comes out; the sound graph follows `selected`. */
export function selectSpeaker(id: string): void {
    selectedValue.value = { ...selectedValue.value, speaker: id };
    prefer({ speaker: id });
}

/** Says how this person hears; an open microphone is opened again with echo cancellation on or off. */
export async function setLoudspeaker(on: boolean): Promise<void> {
    loudspeakerValue.value = on;
    remember();
    if (microphoneValue.value !== null) {
        await useMicrophone(selectedValue.value.microphone);
    }
}

/** Called once: recalls the choices of this device and follows plugging. */
export function watchDevices(): void {
    recall();
    navigator.mediaDevices?.addEventListener('devicechange', () => void listDevices());
    void listDevices();
}

/** Asks again which devices there are. */
export async function listDevices(): Promise<void> {
    if (navigator.mediaDevices === undefined) {
        return;
    }
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const of = (kind: MediaDeviceKind): Device[] =>
        // Before permission there is one nameless entry of each kind without an id: nothing to choose from.
        all
            .filter((one) => one.kind === kind && one.deviceId !== '')
            .map((one) => ({ id: one.deviceId, label: one.label, group: one.groupId ?? '' }));
    devicesValue.value = {
        microphones: of('audioinput'),
        cameras: of('videoinput'),
        speakers: of('audiooutput'),
    };
}

type Holder = { value: MediaStream | null };
type Request = (id: string) => Promise<MediaStream>;

async function open(kind: DeviceKind, id: string, holder: Holder, request: Request): Promise<DeviceState> {
    const state = await openOne(kind, id, holder, request);
    // The preferred device is not plugged in today: the system's own is better than none.
    return state === 'missing' && id !== '' ? openOne(kind, '', holder, request) : state;
}

/** One request to the browser. */
interface Try {
    id: string;
    unanswered: boolean;
    /** An earlier one was answered meanwhile: if this fails, that goes on. */
    spare: boolean;
    done: (state: DeviceState) => void;
}

// Those that may still count, oldest first. Of what is asked for again, or given up, before the browser has answered, only the last counts;
// of those that it has left unanswered for long, whichever is answered first.
const tries: Record<DeviceKind, Try[]> = { microphone: [], camera: [], screen: [] };

function openOne(kind: DeviceKind, id: string, holder: Holder, request: Request): Promise<DeviceState> {
    if (navigator.mediaDevices === undefined) {
        return Promise.resolve(setState(kind, 'insecure'));
    }
    return new Promise((done) => {
        const one: Try = { id, unanswered: false, spare: false, done };
        tries[kind] = [...tries[kind].filter((older) => older.unanswered), one];
        setState(kind, 'asking');
        const timer = kind === 'microphone' ? setTimeout(leaveUnanswered, ANSWER_MAX_MS, one) : undefined;
        void ask(id, request)
            .then(
                (stream) => given(kind, one, holder, stream),
                (error) => failed(kind, one, stateOfError(error)),
            )
            .finally(() => clearTimeout(timer));
    });
}

// Asked at once: browsers want some questions within a press. What a browser lacks fails like what it refuses.
async function ask(id: string, request: Request): Promise<MediaStream> {
    return request(id);
}

function given(kind: DeviceKind, one: Try, holder: Holder, stream: MediaStream): void {
    const place = tries[kind].indexOf(one);
    if (place < 0) {
        stop(stream);
        one.done(statesValue.value[kind]);
        return;
    }
    // Another device that was asked for after this one still replaces it.
    const goesOn = (other: Try, at: number): boolean => at > place && other.id !== one.id;
    const ended = tries[kind].filter((other, at) => !goesOn(other, at));
    tries[kind] = tries[kind].filter(goesOn).map((other) => Object.assign(other, { spare: true }));
    if (kind !== 'screen') {
        selectedValue.value = { ...selectedValue.value, [kind]: one.id };
        void listDevices();
    }
    const state = take(kind, holder, stream);
    for (const other of ended) {
        other.done(state);
    }
}

function failed(kind: DeviceKind, one: Try, why: DeviceState): void {
    const told = tries[kind].at(-1) === one && !one.spare;
    tries[kind] = tries[kind].filter((other) => other !== one);
    one.done(told ? setState(kind, why) : statesValue.value[kind]);
}

function leaveUnanswered(one: Try): void {
    const told = tries.microphone.at(-1) === one && !one.spare;
    one.unanswered = true;
    one.done(told ? setState('microphone', 'unanswered') : statesValue.value.microphone);
}

function take(kind: DeviceKind, holder: Holder, stream: MediaStream): DeviceState {
    const before = holder.value;
    holder.value = stream;
    setState(kind, 'open');
    stop(before);
    if (kind === 'microphone') {
        followMute(stream);
    }
    stream.getTracks()[0]?.addEventListener('ended', () => {
        if (holder.value === stream) {
            holder.value = null;
            setState(kind, 'ended');
        }
    });
    return 'open';
}

function followMute(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0];
    const note = (): void => {
        if (microphoneValue.value === stream) {
            mutedValue.value = track?.muted === true;
        }
    };
    track?.addEventListener('mute', note);
    track?.addEventListener('unmute', note);
    note();
}

function release(kind: DeviceKind, holder: Holder): void {
    tries[kind] = [];
    stop(holder.value);
    holder.value = null;
    setState(kind, 'closed');
}

function stop(stream: MediaStream | null): void {
    for (const track of stream?.getTracks() ?? []) {
        track.stop();
    }
}

function setState(kind: DeviceKind, state: DeviceState): DeviceState {
    statesValue.value = { ...statesValue.value, [kind]: state };
    return state;
}

function prefer(part: Partial<Choice>): void {
    preferred = { ...preferred, ...part };
    remember();
}

function remember(): void {
    try {
        localStorage.setItem(
            STORAGE_KEY,
            JSON.stringify({ ...preferred, loudspeaker: loudspeakerValue.value }),
        );
    } catch {
        // Storage refused: the choice lasts as long as the page.
    }
}

function recall(): void {
    try {
        const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
        const { microphone, camera, speaker, loudspeaker: hears } = stored as Record<string, unknown>;
        const text = (value: unknown): string => (typeof value === 'string' ? value : '');
        preferred = { microphone: text(microphone), camera: text(camera), speaker: text(speaker) };
        selectedValue.value = preferred;
        loudspeakerValue.value = hears === true;
    } catch {
        // Nothing stored, or not by us.
    }
}
