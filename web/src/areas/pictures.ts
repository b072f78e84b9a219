// Camera and shared screen by one press; why one did not open is said on the notice line.

import { setCamera, setScreen } from '../live/actions.ts';
import { type DeviceKind, deviceStates } from '../media/media.ts';
import { me } from '../state/store.ts';
import { attempt, say } from './act.ts';
import { deviceProblem } from './device_words.ts';

export async function toggleCamera(): Promise<void> {
    await toggle('camera', setCamera, me.value?.camera === true);
}

export async function toggleScreen(): Promise<void> {
    await toggle('screen', setScreen, me.value?.screen === true);
}

async function toggle(kind: DeviceKind, set: (on: boolean) => Promise<boolean>, on: boolean): Promise<void> {
    let opened = true;
    const done = await attempt(async () => {
        opened = await set(!on);
    });
    const why = deviceProblem(deviceStates.value[kind]);
    if (done && !opened && why !== null) {
        say(why);
    }
}
