// A press of a microphone's key where the microphone was refused or is lost: the press itself opens it again, and goes on when it is there.
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { deviceStates, openMicrophone } from '../media/devices.ts';

/** A press waits so long for the browser's question to be answered; who answers later presses again: nobody goes on the air by surprise. */
export const PRESS_MAX_MS = 30_000;

export type Press = 'none' | 'waiting' | 'refused';

const pressValue = signal<Press>('none');

/** What became of the last press that found no microphone. */
export const press: ReadonlySignal<Press> = pressValue;

/** Opens the microphone again. Call it in a press. */
export async function tryMicrophone(): Promise<void> {
    if ((await openMicrophone()) !== 'unanswered') {
        pressValue.value = 'none';
    }
}

// The press that may still go on.
let newest = 0;

export function forgetPress(): void {
    newest += 1;
    pressValue.value = 'none';
}

/**
 * Does what was pressed: at once where `ready` says so, else when the microphone could be opened. A second press meanwhile is the same press,
 * but asks anew when the browser has left the first unanswered.
 */
export function whenReady(ready: () => boolean, go: () => void): void {
    if (ready()) {
        newest += 1;
        pressValue.value = 'none';
        go();
    } else if (pressValue.value !== 'waiting' || deviceStates.value.microphone === 'unanswered') {
        newest += 1;
        pressValue.value = 'waiting';
        void openFor(newest, ready, go);
    }
}

async function openFor(mine: number, ready: () => boolean, go: () => void): Promise<void> {
    const since = performance.now();
    await openMicrophone();
    await answered();
    if (mine !== newest) {
        return;
    }
    const opened = ready();
    pressValue.value = opened ? 'none' : 'refused';
    if (opened && performance.now() - since < PRESS_MAX_MS) {
        go();
    }
}

// What was left unanswered may be answered still, or be asked anew.
function answered(): Promise<void> {
    return new Promise((done) => {
        const stop = effect(() => {
            const state = deviceStates.value.microphone;
            if (state !== 'unanswered' && state !== 'asking') {
                done();
                queueMicrotask(() => stop());
            }
        });
    });
}
