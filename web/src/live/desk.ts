// An interpreter's key acts on this device first: off and cough silence the track before the server has heard of it, and on lets it sound
// at once, so that the server hears it when it says yes. Until then, and whenever the server says no, it goes nowhere.
import { computed, type ReadonlySignal, signal } from '@preact/signals';

const silenced = signal(false);
const pressed = signal(false);
const closing = signal(0);

/** The interpreter has pressed off or cough: silent here, whatever the server's state still says. */
export const deskSilenced: ReadonlySignal<boolean> = silenced;
/** The interpreter has pressed on, and the server has not answered yet. */
export const deskPressed: ReadonlySignal<boolean> = pressed;

/** The same, and no press is under way: where the server still says that it is on, it could not write it, or a page before this one pressed. */
export const deskShut: ReadonlySignal<boolean> = computed(() => silenced.value && closing.value === 0);

export function setDeskSilenced(value: boolean): void {
    silenced.value = value;
}

/** Gives the key's command to the server, and acts here meanwhile. */
export async function giveDeskKey<Reply>(on: boolean, give: () => Promise<Reply>): Promise<Reply> {
    silenced.value = !on;
    pressed.value = on;
    closing.value += on ? 0 : 1;
    try {
        return await give();
    } finally {
        closing.value -= on ? 0 : 1;
        if (on) {
            pressed.value = false;
        }
    }
}

/** The server opens this microphone, as was agreed with a partner: an earlier off no longer counts, one under way does. */
export function deskOpened(): void {
    if (closing.peek() === 0) {
        silenced.value = false;
    }
}
