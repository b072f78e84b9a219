// How long interventions may last, as the meeting says it: of what fits the narrowest holds. Whoever presides has no limit.

import { computed } from '@preact/signals';
import {
    type AgendaItem,
    can,
    type Delegation,
    type Participant,
    type SpeakerKind,
    type SpeakingTime,
} from '../contract/generated.ts';
import { currentItem, meeting } from './store.ts';

const NONE: readonly SpeakingTime[] = [];

/** What was said of exactly this: an item or none, a kind of delegation or everybody. */
export function saidOf(
    times: readonly SpeakingTime[],
    item: string,
    kind: SpeakerKind,
): SpeakingTime | undefined {
    return times.find((one) => (one.item ?? '') === item && one.kind === kind);
}

// From the narrowest.
function fitting(item: string, kind: SpeakerKind): (readonly [string, SpeakerKind])[] {
    return [
        [item, kind],
        [item, 'everybody'],
        ['', kind],
        ['', 'everybody'],
    ];
}

/** Seconds that an intervention may last; 0 is without limit, also when nothing was said. */
export function secondsAllowed(times: readonly SpeakingTime[], item: string, kind: SpeakerKind): number {
    for (const [where, whose] of fitting(item, kind)) {
        const said = saidOf(times, where, whose);
        if (said !== undefined) {
            return said.seconds;
        }
    }
    return 0;
}

/** Seconds that would hold if nothing were said of exactly this. */
export function widerSeconds(times: readonly SpeakingTime[], item: string, kind: SpeakerKind): number {
    const said = saidOf(times, item, kind);
    return secondsAllowed(
        times.filter((one) => one !== said),
        item,
        kind,
    );
}

interface Speaker {
    participant: Participant;
    delegation: Delegation | null;
}

/** What a speaker may use, in seconds; 0 is without limit. */
export function secondsOf(
    { participant, delegation }: Speaker,
    times: readonly SpeakingTime[],
    item: AgendaItem | null,
): number {
    if (can(participant.capacity, 'presides')) {
        return 0;
    }
    return secondsAllowed(times, item?.id ?? '', delegation?.kind ?? 'everybody');
}

/** Everything that was said. */
export const speakingTimes = computed(() => meeting.value?.speaking_times ?? NONE);

/** What this speaker may use now, in ms; nothing when it is without limit. Reactive. */
export function allowedMsOf(speaker: Speaker): number | undefined {
    const seconds = secondsOf(speaker, speakingTimes.value, currentItem.value);
    return seconds === 0 ? undefined : seconds * 1000;
}
