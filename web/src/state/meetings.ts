// The meetings that a person sits in, and what calls them to one that is not shown.
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Seat } from '../contract/generated.ts';
import { iAmOnTheAir, seats, shownMeeting, streamsBeside } from './store.ts';
import type { StreamStore } from './stream.ts';

/** Why one is wanted there: one has the floor, is next on the list, or the sitting has been opened since one left. */
export type Call = 'floor' | 'next' | 'opened';

/** What calls to a meeting that is followed and not shown; null when nothing does. Reactive. */
export function callOf(stream: StreamStore): Call | null {
    const meeting = stream.meeting.value;
    const me = stream.me.value;
    if (meeting === null) {
        return null;
    }
    if (meeting.floor.some((open) => open.participant === me)) {
        return 'floor';
    }
    if (meeting.requests[0]?.participant === me) {
        return 'next';
    }
    const left = stream.sittingLeft.value;
    return meeting.sitting === 'open' && left !== null && left !== 'open' ? 'opened' : null;
}

/** One of one's meetings as the switcher shows it. */
export interface OwnMeeting {
    seat: Seat;
    shown: boolean;
    call: Call | null;
}

/** All of one's meetings; those that are followed as they stand now, the others as they stood when they were listed. */
export const ownMeetings: ReadonlySignal<readonly OwnMeeting[]> = computed(() =>
    seats.value.map((seat) => {
        const stream = streamsBeside.value.find((one) => one.id === seat.meeting);
        const sitting = stream?.meeting.value?.sitting ?? seat.sitting;
        return {
            seat: { ...seat, sitting },
            shown: seat.meeting === shownMeeting.value,
            call: stream === undefined ? null : callOf(stream),
        };
    }),
);

/** Those that call. */
export const callingMeetings: ReadonlySignal<readonly OwnMeeting[]> = computed(() =>
    ownMeetings.value.filter((one) => one.call !== null && !one.shown),
);

/** Nobody walks away from an open microphone by mistake: it is closed first. */
export const maySwitch: ReadonlySignal<boolean> = computed(() => !iAmOnTheAir.value);
