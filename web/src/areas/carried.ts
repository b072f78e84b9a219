// What a channel carries now, in the same words on every key, console and wall.

import type { Channel, Language } from '../contract/generated.ts';
import type { IconName } from '../elements/Icon.tsx';
import { languageName, text } from '../i18n/index.ts';
import { handLanguage } from '../state/spoken.ts';
import { inSoundCheck, meeting } from '../state/store.ts';
import { CARRIED_WORDS, type Carried } from './room_words.ts';

interface CarriedNow {
    state: Carried;
    icon: IconName;
    /** What is spoken there by hand; `none`: nobody knows, or it is not by hand. */
    language: Language;
}

export function carriedBy(one: Channel | null): CarriedNow {
    const now = meeting.value;
    const hand = now === null ? null : handLanguage(now, one);
    const state = stateOf(one, hand);
    return {
        state,
        icon: CARRIED_WORDS[state].icon,
        language: state === 'by_hand' && hand !== null ? hand : 'none',
    };
}

export function carriedWords({ state, language }: CarriedNow): string {
    return language === 'none'
        ? text(CARRIED_WORDS[state].key)
        : text('channel.by_hand_in', { language: languageName(language) });
}

function stateOf(one: Channel | null, hand: Language | null): Carried {
    if (one === null) {
        return 'silent';
    }
    if (inSoundCheck(one.id)) {
        return 'sound_check';
    }
    if (hand !== null && (one.state !== 'interpreted' || hand !== one.id)) {
        return 'by_hand';
    }
    // Somebody holds it, and nothing is heard of them.
    return one.state === 'interpreted' && (one.unserved_since ?? 0) > 0 ? 'unheard' : one.state;
}
