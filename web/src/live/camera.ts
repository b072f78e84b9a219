// A camera that ends by itself while others see it: it is said, and taken again or replaced by a press only. Nobody is seen by surprise.
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { cameraStream, deviceStates } from '../media/devices.ts';
import * as store from '../state/store.ts';

const lostValue = signal(false);
const usedValue = signal('');

/** One's own camera ended, and nothing was done about it yet. */
export const cameraLost: ReadonlySignal<boolean> = lostValue;
/** The id of the camera that is or was used last; empty where the browser does not tell. */
export const cameraUsed: ReadonlySignal<string> = usedValue;

export function forgetCamera(): void {
    lostValue.value = false;
}

/** Called once. The function it gives ends it. */
export function followCamera(): () => void {
    const stops = [effect(noteUsed), effect(noteLost)];
    return () => {
        for (const stop of stops) {
            stop();
        }
    };
}

function noteUsed(): void {
    const track = cameraStream.value?.getVideoTracks()[0];
    usedValue.value = track?.getSettings().deviceId ?? usedValue.peek();
}

function noteLost(): void {
    const state = deviceStates.value.camera;
    if (state === 'ended') {
        lostValue.value = store.me.peek()?.camera === true;
    } else if (state === 'open' || state === 'closed') {
        lostValue.value = false;
    }
}
