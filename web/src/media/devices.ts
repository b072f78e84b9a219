// Microphone, camera and screen of this device: which there are, which are chosen, and whether they could be opened.
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Device {
    id: string;
    /** Empty until the browser may tell it. */
    label: string;
}

export interface Devices {
    microphones: readonly Device[];
    cameras: readonly Device[];
    speakers: readonly Device[];
}

export type DeviceKind = 'microphone' | 'camera' | 'screen';

/**
 * `closed`, `asking` (the browser's question is open), `open`; else why not: `denied` by the person or the browser, `missing` no such
 * device, `busy` another program has it, `insecure` page without HTTPS, `failed` otherwise, `ended` unplugged or stopped.
 */
export type DeviceState =
    | 'closed'
    | 'asking'
    | 'open'
    | 'denied'
    | 'missing'
    | 'busy'
    | 'insecure'
    | 'failed'
    | 'ended';

type Choice = { microphone: string; camera: string; speaker: string };

const STORAGE_KEY = 'plenary.devices';

const devicesValue = signal<Devices>({ microphones: [], cameras: [], speakers: [] });
const selectedValue = signal<Choice>({ microphone: '', camera: '', speaker: '' });
const statesValue = signal<Record<DeviceKind, DeviceState>>({
    microphone: 'closed',
    camera: 'closed',
    screen: 'closed',
});
const microphoneValue = signal<MediaStream | null>(null);
const cameraValue = signal<MediaStream | null>(null);
const screenValue = signal<MediaStream | null>(null);
const loudspeakerValue = signal(false);

/** The devices there are; follows plugging and unplugging. */
export const devices: ReadonlySignal<Devices> = devicesValue;
/** Device ids in use; empty for the system's own choice. */
export const selected: ReadonlySignal<Choice> = selectedValue;
/** How opening each device went. */
export const deviceStates: ReadonlySignal<Record<DeviceKind, DeviceState>> = statesValue;
/** The open microphone; the peer and the level meter read it. */
export const microphoneStream: ReadonlySignal<MediaStream | null> = microphoneValue;
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

/** Opens a microphone, the chosen one or the one named; another one open before is closed after. Never throws. */
export async function openMicrophone(id = selectedValue.value.microphone): Promise<DeviceState> {
    const stream = await open('microphone', id, () =>
        navigator.mediaDevices.getUserMedia({ audio: microphoneConstraints(id, loudspeakerValue.value) }),
    );
    return take('microphone', microphoneValue, stream);
}

/** Opens a camera, the chosen one or the one named. Never throws. */
export async function openCamera(id = selectedValue.value.camera): Promise<DeviceState> {
    const stream = await open('camera', id, () =>
        navigator.mediaDevices.getUserMedia({
            video: {
                ...(id === '' ? {} : { deviceId: { exact: id } }),
                width: { ideal: 1280 },
                height: { ideal: 720 },
                frameRate: { ideal: 25, max: 30 },
            },
        }),
    );
    return take('camera', cameraValue, stream);
}

/** Asks which screen or window to share. Call it in a press. Never throws. */
export async function openScreen(): Promise<DeviceState> {
    const stream = await open('screen', '', () =>
        navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 5, max: 15 } }, audio: false }),
    );
    return take('screen', screenValue, stream);
}

export function releaseMicrophone(): void {
    release('microphone', microphoneValue);
}

export function releaseCamera(): void {
    release('camera', cameraValue);
}

export function releaseScreen(): void {
    release('screen', screenValue);
}

/** Chooses where sound comes out; the sound graph follows `selected`. */
export function selectSpeaker(id: string): void {
    select({ speaker: id });
}

/** Says how this person hears; an open microphone is opened again with echo cancellation on or off. */
export async function setLoudspeaker(on: boolean): Promise<void> {
    loudspeakerValue.value = on;
    remember();
    if (microphoneValue.value !== null) {
        await openMicrophone();
    }
}

/** Called once: recalls the choices of this device and follows plugging. */
export function watchDevices(): void {
    recall();
    navigator.mediaDevices?.addEventListener('devicechange', () => void listDevices());
    void listDevices();
}

async function listDevices(): Promise<void> {
    if (navigator.mediaDevices === undefined) {
        return;
    }
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const of = (kind: MediaDeviceKind): Device[] =>
        // Before permission there is one nameless entry of each kind without an id: nothing to choose from.
        all
            .filter((one) => one.kind === kind && one.deviceId !== '')
            .map((one) => ({ id: one.deviceId, label: one.label }));
    devicesValue.value = {
        microphones: of('audioinput'),
        cameras: of('videoinput'),
        speakers: of('audiooutput'),
    };
}

async function open(
    kind: DeviceKind,
    id: string,
    request: () => Promise<MediaStream>,
): Promise<MediaStream | null> {
    if (navigator.mediaDevices === undefined) {
        setState(kind, 'insecure');
        return null;
    }
    setState(kind, 'asking');
    try {
        const stream = await request();
        if (kind !== 'screen') {
            select({ [kind]: id });
            void listDevices();
        }
        return stream;
    } catch (error) {
        const state = stateOfError(error);
        if (state === 'missing' && id !== '') {
            // The remembered device is not plugged in today: the system's own is better than none.
            select({ [kind]: '' });
            await (kind === 'microphone' ? openMicrophone('') : openCamera(''));
            return null;
        }
        setState(kind, state);
        return null;
    }
}

function take(
    kind: DeviceKind,
    holder: { value: MediaStream | null },
    stream: MediaStream | null,
): DeviceState {
    if (stream === null) {
        return statesValue.value[kind];
    }
    const before = holder.value;
    holder.value = stream;
    setState(kind, 'open');
    stop(before);
    stream.getTracks()[0]?.addEventListener('ended', () => {
        if (holder.value === stream) {
            holder.value = null;
            setState(kind, 'ended');
        }
    });
    return 'open';
}

function release(kind: DeviceKind, holder: { value: MediaStream | null }): void {
    stop(holder.value);
    holder.value = null;
    setState(kind, 'closed');
}

function stop(stream: MediaStream | null): void {
    for (const track of stream?.getTracks() ?? []) {
        track.stop();
    }
}

function setState(kind: DeviceKind, state: DeviceState): void {
    statesValue.value = { ...statesValue.value, [kind]: state };
}

function select(part: Partial<Choice>): void {
    selectedValue.value = { ...selectedValue.value, ...part };
    remember();
}

function remember(): void {
    try {
        localStorage.setItem(
            STORAGE_KEY,
            JSON.stringify({ ...selectedValue.value, loudspeaker: loudspeakerValue.value }),
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
        selectedValue.value = { microphone: text(microphone), camera: text(camera), speaker: text(speaker) };
        loudspeakerValue.value = hears === true;
    } catch {
        // Nothing stored, or not by us.
    }
}
