// Talkback: who speaks aside to whom.
import { computed, type ReadonlySignal } from '@preact/signals';
import { can, type Meeting, type Participant } from '../contract/generated.ts';
import { me, meeting } from './store.ts';

function reaches(talker: Participant, hearer: Participant): boolean {
    switch (talker.talks_to) {
        case 'partners':
            return can(hearer.capacity, 'has_desk') && hearer.language === talker.language;
        case 'technicians':
            return can(hearer.capacity, 'routes_sound');
        case 'booth':
            return can(hearer.capacity, 'has_desk') && hearer.language === talker.talks_to_booth;
        default:
            return false;
    }
}

/** Who speaks aside to this person, the latest when there are several. */
export function talkerTo(now: Meeting, hearer: Participant): Participant | null {
    let found: Participant | null = null;
    for (const talker of now.participants) {
        const later = (talker.talks_since ?? 0) > (found?.talks_since ?? 0);
        if (talker.id !== hearer.id && later && reaches(talker, hearer)) {
            found = talker;
        }
    }
    return found;
}

/** Who speaks aside to me. */
export const talker: ReadonlySignal<Participant | null> = computed(() =>
    meeting.value === null || me.value === null ? null : talkerTo(meeting.value, me.value),
);

/** The server has said that I speak aside. */
export const iTalk: ReadonlySignal<boolean> = computed(() => me.value?.talks_to !== undefined);
