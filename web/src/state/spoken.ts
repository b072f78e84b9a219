// What is spoken on the channels, for those who are shown it: the consoles, not the entrance.

import { computed, type ReadonlySignal } from '@preact/signals';
import type { Channel, Language, Meeting } from '../contract/generated.ts';
import { isByHand } from './booths.ts';
import { channels, meeting } from './store.ts';

/** The language spoken on a channel that is routed by hand; `none`: nobody knows, or a technician's own words. Null: not by hand. */
export function handLanguage(meeting: Meeting, one: Channel | null): Language | null {
    if (one === null || !isByHand(one)) {
        return null;
    }
    const desk = meeting.booths
        .flatMap((booth) => booth.desks)
        .find((each) => each.participant === one.holder);
    if (desk !== undefined) {
        return desk.target ?? 'none';
    }
    const onFloor = meeting.floor.some((each) => each.participant === one.holder);
    return (onFloor ? meeting.floor_language : null) ?? 'none';
}

/** Whether the channel's own language is on it: interpreted and heard, or the floor's while that is carried. In a pause, too. */
export function speaksItsLanguage(meeting: Meeting, one: Channel): boolean {
    const hand = handLanguage(meeting, one);
    if (hand !== null || one.state === 'interpreted') {
        return (hand ?? one.id) === one.id && (one.unserved_since ?? 0) === 0;
    }
    return one.forced !== true && one.auto_floor && meeting.floor_language === one.id;
}

/** How many languages are served now: their own is on their channel. */
export const servedCount: ReadonlySignal<number> = computed(() => {
    const now = meeting.value;
    return now === null
        ? 0
        : channels.value.filter((one) => one.id !== 'floor' && speaksItsLanguage(now, one)).length;
});
