// Ending somebody's turn is one press, and so is taking that back: for eight seconds the key that ended it gives the floor back, in the same
// place. Only what this page has ended: whoever ends the own turn has finished.

import { effect, signal } from '@preact/signals';
import { feeds, floorPlates, meeting, type Plate, plate, requestPlates } from '../state/store.ts';
import { act } from './act.ts';

const GIVE_BACK_MS = 8000;

interface Ended {
    participant: string;
    position: number;
}

const ended = signal<Ended | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

function remember(next: Ended | null): void {
    clearTimeout(timer);
    ended.value = next;
    if (next !== null) {
        timer = setTimeout(() => remember(null), GIVE_BACK_MS);
    }
}

// Another has the place: what was before is over.
effect(() => {
    const last = ended.value;
    const now = floorPlates.value.find((one) => one.position === last?.position);
    if (last !== null && now !== undefined && now.participant.id !== last.participant) {
        remember(null);
    }
});

/** Ends somebody's turn. */
export async function endTurn(participant: string): Promise<void> {
    const position = floorPlates.peek().find((one) => one.participant.id === participant)?.position ?? 0;
    // Before the answer: the key means nothing else in between, under a second press.
    remember({ participant, position });
    if (!(await act('floor.end', { participant }))) {
        remember(null);
    }
}

/** Who can be given the floor back in a place that is free; null for nobody. */
export function toGiveBack(position: number): Plate | null {
    const last = ended.value;
    const held = feeds.value.some((one) => one.position === position);
    if (last?.position !== position || held || meeting.value?.sitting !== 'open') {
        return null;
    }
    const who = plate(last.participant);
    return who?.participant.presence === 'present' ? who : null;
}

export function giveBack(participant: string): void {
    remember(null);
    // Whoever has asked again meanwhile is on the list.
    const line = requestPlates.value.find((one) => one.participant.id === participant);
    void act('floor.give', line === undefined ? { participant } : { request: line.request.id });
}
