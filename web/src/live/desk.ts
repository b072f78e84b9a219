// An interpreter's key acts on this device first: off and cough silence the track before the server has heard of it, and nothing but the
// server's word opens it again.
import { type ReadonlySignal, signal } from '@preact/signals';

const silenced = signal(false);

/** The interpreter has pressed off or cough: silent here, whatever the server's state still says. */
export const deskSilenced: ReadonlySignal<boolean> = silenced;

export function setDeskSilenced(value: boolean): void {
    silenced.value = value;
}
