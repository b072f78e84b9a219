// The keys that give the floor and end it: once one of them has acted, others stand in their places. What each means, and why it cannot
// work now.

import { gate, settledSince } from '../elements/steady.ts';
import type { MessageKey } from '../i18n/index.ts';
import { whenReady } from '../live/press.ts';
import {
    feeds,
    floorPlates,
    iHaveTheFloor,
    may,
    me,
    meeting,
    type Plate,
    type RequestPlate,
    requestPlates,
} from '../state/store.ts';
import { act } from './act.ts';
import { microphoneReady } from './device_words.ts';

export const floorKeys = gate();

export function places(): number {
    return meeting.value?.floor_microphones_max ?? 1;
}

function sittingIsOpen(): boolean {
    return meeting.value?.sitting === 'open';
}

// Why this one cannot be given the floor by a press that ends nobody; null when nothing stands against it.
export function giveUnable(line: RequestPlate | undefined, ending?: Plate): MessageKey | null {
    if (!sittingIsOpen()) {
        return 'floor.unable_sitting';
    }
    if (line === undefined) {
        return 'floor.unable_nobody';
    }
    if (!may('floor.give')) {
        return 'floor.unable_right';
    }
    if (line.participant.presence !== 'present') {
        return 'floor.unable_absent';
    }
    const held = floorPlates.value.length + feeds.value.filter((one) => one.position > 0).length;
    return ending === undefined && held >= places() ? 'floor.unable_full' : null;
}

export function give(line: RequestPlate): void {
    void act('floor.give', { request: line.request.id });
}

export function others(open: readonly Plate[]): readonly Plate[] {
    return open.filter((one) => one.participant.id !== me.value?.id);
}

// The newest intervention that is not one's own.
export function newestOther(open: readonly Plate[] = floorPlates.value): Plate | undefined {
    return others(open).at(-1);
}

// For those who press a letter instead of the key: who has just come to be the next, or the newest, is not meant.
const head = settledSince(() => requestPlates.value[0]?.request.id);
const newest = settledSince(() => newestOther()?.participant.id);

export function giveNext(): void {
    const next = requestPlates.value[0];
    if (next !== undefined && giveUnable(next) === null && head() && !floorKeys.deaf()) {
        floorKeys.act();
        give(next);
    }
}

export function endNewest(): void {
    const other = newestOther();
    if (other !== undefined && may('floor.end') && newest() && !floorKeys.deaf()) {
        floorKeys.act();
        void act('floor.end', { participant: other.participant.id });
    }
}

export function toggleOwnMicrophone(): void {
    if (iHaveTheFloor.value) {
        void act('floor.yield', {});
    } else {
        whenReady(microphoneReady, () => void act('floor.take', {}));
    }
}
