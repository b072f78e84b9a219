// An interpreter's key acts on this device first: off and cough silence the track before the server has heard of it, and on lets it sound
// at once, so that the server hears it when it says yes. Until then, and whenever the server says no, it goes nowhere.
import { type ReadonlySignal, signal } from '@preact/signals';

const silenced = signal(false);
const pressed = signal(false);
let closing = 0;

/** The interpreter has pressed off or cough: silent here, whatever the server's state still says. */
export const deskSilenced: ReadonlySignal<boolean> = silenced;
/** The interpreter has pressed on, and the server has not answered yet. */
export const deskPressed: ReadonlySignal<boolean> = pressed;

export function setDeskSilenced(value: boolean): void {
    silenced.value = value;
}

/** Gives the key's command to the server, and acts here meanwhile. */
export async function giveDeskKey<Reply>(on: boolean, give: () => Promise<Reply>): Promise<Reply> {
    silenced.value = !on;
    pressed.value = on;
    closing += on ? 0 : 1;
    try {
        return await give();
    } finally {
        closing -= on ? 0 : 1;
        if (on) {
            pressed.value = false;
        }
    }
}

/** The server opens this microphone, as was agreed with a partner: an earlier off no longer counts, one under way does. */
export function deskOpened(): void {
    if (closing === 0) {
        silenced.value = false;
    }
}
