// A recorded speech as a feed: the trainer's page plays a file and publishes its sound by the door for encoders (WHIP).
import { type ReadonlySignal, signal } from '@preact/signals';
import { base } from '../router/base.ts';

/** The feed's name; the room puts it on the floor. */
export const SPEECH_FEED = 'speech';

export interface Speech {
    /** Of the file; empty: there is none. */
    name: string;
    phase: 'none' | 'ready' | 'connecting' | 'published' | 'failed';
    playing: boolean;
    /** Seconds. */
    position: number;
    length: number;
}

const NONE: Speech = { name: '', phase: 'none', playing: false, position: 0, length: 0 };
const value = signal<Speech>(NONE);

/** What is loaded, and where it is. */
export const speech: ReadonlySignal<Speech> = value;

let element: HTMLAudioElement | null = null;
let context: AudioContext | null = null;
let connection: RTCPeerConnection | null = null;
let track: MediaStreamTrack | null = null;
let session: { address: string; token: string } | null = null;

function change(part: Partial<Speech>): void {
    value.value = { ...value.peek(), ...part };
}

/** Takes a file instead of the one before. False when this browser cannot play it. */
export async function loadSpeech(file: File): Promise<boolean> {
    await closeSpeech();
    const made = new Audio();
    made.src = URL.createObjectURL(file);
    try {
        await new Promise((loaded, failed) => {
            made.onloadedmetadata = loaded;
            made.onerror = failed;
        });
    } catch {
        URL.revokeObjectURL(made.src);
        return false;
    }
    made.ontimeupdate = () => change({ position: made.currentTime });
    made.onplay = () => change({ playing: true });
    made.onpause = () => change({ playing: false });
    made.onended = () => change({ playing: false, position: made.duration });
    element = made;
    value.value = { ...NONE, name: file.name, phase: 'ready', length: made.duration };
    return true;
}

/** Plays on; publishes first when it is not published. Call it in a press. False when the server refuses the feed. */
export async function playSpeech(meeting: string, token: string): Promise<boolean> {
    if (element === null) {
        return false;
    }
    if (value.peek().phase !== 'published' && !(await publish(element, meeting, token))) {
        return false;
    }
    await context?.resume();
    await element.play();
    return true;
}

export function pauseSpeech(): void {
    element?.pause();
}

/** Goes to a moment, in seconds from the beginning. */
export function seekSpeech(to: number): void {
    if (element !== null) {
        element.currentTime = Math.min(Math.max(to, 0), element.duration);
        change({ position: element.currentTime });
    }
}

/** Ends the feed and forgets the file. */
export async function closeSpeech(): Promise<void> {
    if (element !== null) {
        element.pause();
        URL.revokeObjectURL(element.src);
        element = null;
    }
    value.value = NONE;
    const ended = session;
    session = null;
    if (ended !== null) {
        await fetch(ended.address, {
            method: 'DELETE',
            headers: { Authorization: `Bearer ${ended.token}` },
            keepalive: true,
        }).catch(() => {}); // the server notices by itself
    }
    connection?.close();
    connection = null;
    track = null;
    void context?.close();
    context = null;
}

async function publish(from: HTMLAudioElement, meeting: string, token: string): Promise<boolean> {
    change({ phase: 'connecting' });
    try {
        track ??= soundOf(from);
        connection?.close();
        const made = new RTCPeerConnection();
        connection = made;
        made.addTransceiver(track, { direction: 'sendonly' });
        made.onconnectionstatechange = () => {
            if (made.connectionState === 'failed') {
                from.pause();
                change({ phase: 'failed' });
            }
        };
        await made.setLocalDescription(await made.createOffer());
        const address = `${base}/whip/${meeting}/${SPEECH_FEED}`;
        const response = await fetch(address, {
            method: 'POST',
            headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
            body: made.localDescription?.sdp ?? '',
        });
        if (!response.ok) {
            throw new Error(String(response.status));
        }
        session = { address: response.headers.get('Location') ?? address, token };
        await made.setRemoteDescription({ type: 'answer', sdp: await response.text() });
        change({ phase: 'published' });
        return true;
    } catch {
        connection?.close();
        connection = null;
        change({ phase: 'failed' });
        return false;
    }
}

// The element sounds nowhere but in the feed: the trainer hears it as everybody does, from the floor.
function soundOf(from: HTMLAudioElement): MediaStreamTrack {
    const made = new AudioContext();
    context = made;
    const out = new MediaStreamAudioDestinationNode(made, { channelCount: 1, channelCountMode: 'explicit' });
    made.createMediaElementSource(from).connect(out);
    const [sound] = out.stream.getAudioTracks();
    if (sound === undefined) {
        throw new Error('no sound');
    }
    return sound;
}
