// The way back of a microphone that is lost: its cable is pulled, its battery is empty, the system took it away. The page goes on with
// another one at once, in the same slot; to the former it goes back only by a press, unless there was none meanwhile.
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import {
    type Device,
    deviceStates,
    devices,
    listDevices,
    loseMicrophone,
    microphoneStream,
    openMicrophone,
    useMicrophone,
} from './devices.ts';

/** That another microphone is used than before, without having been chosen. */
export interface Moved {
    former: Device;
    now: Device;
}

const NONE: Device = { id: '', label: '', group: '' };
const movedValue = signal<Moved | null>(null);
const used = signal<Device>(NONE);
// The one before it, and the one that was lost.
let before: Device = NONE;
let lost: Device | null = null;
let listed: readonly Device[] = [];

/** The microphone in use, by its own name also where it is the system's choice. */
export const microphoneUsed: ReadonlySignal<Device> = used;
/** What is used in the stead of what; null when nothing changed by itself. */
export const moved: ReadonlySignal<Moved | null> = movedValue;
/** The former microphone is there again. */
export const formerIsBack: ReadonlySignal<boolean> = computed(() => {
    const former = movedValue.value?.former;
    return (
        former !== undefined && isListed(devices.value.microphones, former.id) && used.value.id !== former.id
    );
});

/** Microphones to choose from, each once. */
export const microphones: ReadonlySignal<readonly Device[]> = computed(() =>
    withoutAliases(devices.value.microphones),
);

/** Each once. */
export function withoutAliases(list: readonly Device[]): readonly Device[] {
    return list.filter((one) => one.id !== '' && !isAlias(one.id));
}

/**
 * The name of what the system has chosen of these; empty where the browser does not tell. Chromium lists it a second time, under an alias
 * whose label ends with its own.
 */
export function systemChoice(list: readonly Device[]): string {
    const alias = list.find((one) => one.id === 'default')?.label ?? '';
    return list.find((one) => !isAlias(one.id) && one.label !== '' && alias.endsWith(one.label))?.label ?? '';
}

// Under these names browsers list what the system has chosen a second time.
function isAlias(id: string): boolean {
    return id === 'default' || id === 'communications';
}

function isListed(list: readonly Device[], id: string): boolean {
    return !isAlias(id) && list.some((one) => one.id === id);
}

export function forgetMoved(): void {
    movedValue.value = null;
}

/** Takes the former again. Call it in a press. */
export async function takeFormer(): Promise<void> {
    const former = movedValue.value?.former;
    if (former !== undefined) {
        await takeMicrophone(former.id);
    }
}

/** Takes another microphone by the person's choice. */
export async function takeMicrophone(id: string): Promise<void> {
    if ((await openMicrophone(id)) === 'open') {
        movedValue.value = null;
    }
}

/** Called once: notes what is used, and goes on with another when it is lost. The function it gives ends it. */
export function followMicrophone(): () => void {
    const stops = [
        effect(() => {
            const track = microphoneStream.value?.getAudioTracks()[0];
            const list = devices.value.microphones;
            untracked(() => noteUsed(track, list));
        }),
        effect(() => {
            const list = devices.value.microphones;
            untracked(() => listChanged(list));
        }),
        effect(() => {
            if (deviceStates.value.microphone === 'ended') {
                untracked(() => void goOn());
            }
        }),
    ];
    return () => {
        for (const stop of stops) {
            stop();
        }
    };
}

function noteUsed(track: MediaStreamTrack | undefined, list: readonly Device[]): void {
    if (track === undefined) {
        return;
    }
    const { deviceId = '', groupId = '' } = track.getSettings();
    const named = { id: deviceId, label: track.label, group: groupId };
    const real = isAlias(deviceId) && list.find((one) => !isAlias(one.id) && one.group === groupId);
    const now = real || named;
    if (now.id !== used.value.id) {
        before = used.value;
    }
    used.value = now;
    if (lost !== null) {
        movedValue.value = lost.id === '' || now.id === lost.id ? null : { former: lost, now };
        lost = null;
    }
}

function listChanged(list: readonly Device[]): void {
    const known = listed;
    listed = list;
    const state = deviceStates.value.microphone;
    const { id } = used.value;
    if (state === 'open') {
        if (isListed(known, id) && !isListed(list, id)) {
            loseMicrophone();
        }
        return;
    }
    const fresh = list.some((one) => one.id !== '' && !known.some((old) => old.id === one.id));
    if (fresh && ['missing', 'ended', 'failed', 'unanswered'].includes(state)) {
        void goOn();
    }
}

let going = false;

// The lost one first where it is still or again there, then the one used before it, then the system's choice.
async function goOn(): Promise<void> {
    if (going) {
        return;
    }
    going = true;
    lost ??= used.value;
    const ids = [lost.id, before.id];
    await listDevices();
    const list = devices.value.microphones;
    for (const id of new Set([...ids.filter((one) => isListed(list, one)), ''])) {
        const state = await useMicrophone(id);
        // Else it is open, or refused, or not answered, or somebody has chosen meanwhile.
        if (state !== 'missing' && state !== 'busy' && state !== 'failed') {
            break;
        }
    }
    going = false;
}
