// What is new in one's own call for help while the conversation is closed: who answers, what they write, that it is over.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { HelpLine, HelpReason } from '../contract/generated.ts';
import type { IconName } from '../elements/Icon.tsx';
import { type MessageKey, type MessageValues, text } from '../i18n/index.ts';
import { helpCallOf } from '../state/help.ts';
import { me, meeting, participant } from '../state/store.ts';
import { helpOpen } from './help_parts.ts';

export const REASON_ICONS: Readonly<Record<HelpReason, IconName>> = {
    sound: 'loudspeaker',
    picture: 'camera',
    documents: 'book',
    other: 'help',
};

interface News {
    key: MessageKey;
    values?: MessageValues;
}

/** null while there is nothing that has not been seen. */
export const helpNews = signal<News | null>(null);

export function lineWords({ text: words, suggestion }: HelpLine): string {
    return suggestion === undefined ? (words ?? '') : text(`help_suggestion.${suggestion}`);
}

export function nameOf(id: string | undefined): string {
    return participant(id)?.name ?? '';
}

interface Seen {
    state: string;
    helper: string;
    /** Who answered is not connected: the call waits for another. */
    away: boolean;
    line: HelpLine | null;
}

function newsSince(before: Seen, now: Seen): News | null {
    if (now.line !== null && now.line.at > (before.line?.at ?? 0)) {
        return {
            key: 'helping.news_line',
            values: { name: nameOf(now.line.author), words: lineWords(now.line) },
        };
    }
    if (now.helper !== '' && now.helper !== before.helper) {
        return { key: 'helping.news_taken', values: { name: nameOf(now.helper) } };
    }
    if (now.away && !before.away) {
        return { key: 'helping.helper_away', values: { name: nameOf(now.helper) } };
    }
    return now.state === 'none' && before.state !== 'none' ? { key: 'helping.news_over' } : null;
}

/** Nothing at first: what stands when the page comes is on the key. */
export function useHelpNews(): void {
    const own = me.value?.id ?? '';
    const helper = helpCallOf(meeting.value, own)?.helper ?? '';
    const now: Seen = {
        state: me.value?.help ?? 'none',
        helper,
        away: participant(helper)?.presence === 'away',
        line:
            meeting.value?.help_lines.filter((one) => one.participant === own && one.author !== own).at(-1) ??
            null,
    };
    const before = useRef(now);
    const open = helpOpen.value;
    useEffect(() => {
        const news = newsSince(before.current, now);
        before.current = now;
        helpNews.value = open ? null : (news ?? helpNews.peek());
    }, [now.state, now.helper, now.away, now.line?.at, open]);
}
