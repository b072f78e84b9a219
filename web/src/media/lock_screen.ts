// The controls that a device shows on its lock screen and on its keys for media: what is heard, and a pause. A device shows them only for an
// element that plays, and what is received plays in the sound graph: so an element plays silence as long as the meeting is heard.
import { effect } from '@preact/signals';
import { audioBlocked } from './graph.ts';
import { wavFile } from './wav.ts';

// What is shorter is taken for a signal that needs no controls.
const SILENCE_S = 10;

export interface LockScreen {
    title: string;
    /** Of whom or what: the language that is heard. */
    artist: string;
    album: string;
    paused: boolean;
}

/**
 * Shows what `read` says, and again whenever a signal that it reads changes; `pause` is what a press asks for. The function it gives ends it.
 * Does nothing where the browser has no such controls.
 */
export function showOnLockScreen(read: () => LockScreen, pause: (on: boolean) => void): () => void {
    const session = navigator.mediaSession as MediaSession | undefined;
    if (session === undefined) {
        return () => {};
    }
    const address = URL.createObjectURL(new Blob([silence()], { type: 'audio/wav' }));
    const element = new Audio(address);
    element.loop = true;
    setHandlers(session, pause);
    const stop = effect(() => {
        const { title, artist, album, paused } = read();
        session.metadata = new MediaMetadata({ title, artist, album });
        session.playbackState = paused ? 'paused' : 'playing';
        if (paused) {
            element.pause();
        } else if (!audioBlocked.value) {
            element.play().catch(() => {}); // no press yet; another try follows when there was one
        }
    });
    return () => {
        stop();
        element.pause();
        element.removeAttribute('src');
        URL.revokeObjectURL(address);
        setHandlers(session, null);
        session.metadata = null;
        session.playbackState = 'none';
    };
}

function setHandlers(session: MediaSession, pause: ((on: boolean) => void) | null): void {
    for (const action of ['play', 'pause'] as const) {
        session.setActionHandler(action, pause === null ? null : () => pause(action === 'pause'));
    }
}

function silence(): ArrayBuffer {
    return wavFile({ rate: 8000, seconds: SILENCE_S, channels: 1, sample: () => 0 });
}
