// Hearing oneself at the entrance, over the real media path: microphone → server → language slot → ears, either live with a delay or
// as one recorded sentence.
import { type ReadonlySignal, signal } from '@preact/signals';
import { microphoneStream } from './devices.ts';
import { playRecording, setEchoPath } from './graph.ts';
import { mediaPhase, slotStream } from './peer.ts';

/**
 * `off`; `live` one hears oneself with a delay; `recording` a sentence; `recorded` it can be played; `playing` it; `failed` the server or
 * the browser refused.
 */
export type EchoState = 'off' | 'live' | 'recording' | 'recorded' | 'playing' | 'failed';

const SENTENCE_MAX_MS = 8000;

const stateValue = signal<EchoState>('off');
let tellServer: (on: boolean) => Promise<void> = async () => {};
let recorder: MediaRecorder | null = null;
let sentence: ArrayBuffer | null = null;

/** Where the echo test stands. While it is not `off` or `recorded`, the microphone is sent. */
export const echoState: ReadonlySignal<EchoState> = stateValue;

/** How the server is told. Owner: the binding in live/. */
export function connectEcho(tell: (on: boolean) => Promise<void>): void {
    tellServer = tell;
}

/** Whether the echo needs the microphone to be sent. Reactive. */
export function echoSends(): boolean {
    return stateValue.value === 'live' || stateValue.value === 'recording';
}

/** One hears oneself 1.2 s later. Needs an open microphone and a media connection; false when it cannot be. */
export async function startEcho(): Promise<boolean> {
    if (!(await ask('live'))) {
        return false;
    }
    setEchoPath(true);
    return true;
}

/** Ends the echo test, from any state. */
export async function stopEcho(): Promise<void> {
    const before = stateValue.value;
    stateValue.value = 'off';
    setEchoPath(false);
    stopRecorder();
    sentence = null;
    if (before === 'live' || before === 'recording') {
        await tellServer(false).catch(() => {});
    }
}

/** Records what comes back from the server until pressed again, at most 8 s; resolves when it can be played. */
export async function recordSentence(): Promise<boolean> {
    setEchoPath(false);
    if (!(await ask('recording'))) {
        return false;
    }
    const stream = slotStream('language');
    if (stream === null || !('MediaRecorder' in globalThis)) {
        await refuse();
        return false;
    }
    const recorded = await record(stream).catch(() => null);
    // stopEcho may have come in between.
    if ((stateValue.value as EchoState) !== 'recording') {
        return false;
    }
    sentence = recorded;
    stateValue.value = recorded === null ? 'failed' : 'recorded';
    await tellServer(false).catch(() => {});
    return recorded !== null;
}

/** Ends the recording before its time. */
export function finishSentence(): void {
    stopRecorder();
}

/** Plays the recorded sentence; resolves when it has ended. */
export async function playSentence(): Promise<void> {
    if (sentence === null) {
        return;
    }
    stateValue.value = 'playing';
    // decodeAudioData takes the buffer away: it gets a copy, so that one can listen twice.
    const played = await playRecording(sentence.slice(0)).then(
        () => true,
        () => false,
    );
    if ((stateValue.value as EchoState) === 'playing') {
        stateValue.value = played ? 'recorded' : 'failed';
    }
}

async function ask(state: 'live' | 'recording'): Promise<boolean> {
    if (microphoneStream.value === null || mediaPhase.value !== 'connected') {
        stateValue.value = 'failed';
        return false;
    }
    stateValue.value = state;
    try {
        await tellServer(true);
        return stateValue.value === state;
    } catch {
        await refuse();
        return false;
    }
}

async function refuse(): Promise<void> {
    await stopEcho();
    stateValue.value = 'failed';
}

function record(stream: MediaStream): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
        const made = new MediaRecorder(stream);
        const parts: Blob[] = [];
        const limit = setTimeout(stopRecorder, SENTENCE_MAX_MS);
        recorder = made;
        made.addEventListener('dataavailable', (event) => parts.push(event.data));
        made.addEventListener('error', () => reject(new Error('recorder')));
        made.addEventListener('stop', () => {
            clearTimeout(limit);
            recorder = null;
            new Blob(parts).arrayBuffer().then(resolve, reject);
        });
        made.start();
    });
}

function stopRecorder(): void {
    if (recorder !== null && recorder.state !== 'inactive') {
        recorder.stop();
    }
}
