// The chats of the booths: whose lines one sees where, and which of them are new.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ChatLine, ChatRoom, Language } from '../contract/generated.ts';

/** One conversation: a room, for all but that of all interpreters with its booth. */
export interface Thread {
    room: ChatRoom;
    /** `none` for all interpreters. */
    booth: Language;
}

const seen = signal<ReadonlyMap<string, number>>(new Map());

/** Until when each thread was read, in server time. */
export const seenUntil: ReadonlySignal<ReadonlyMap<string, number>> = seen;

export function threadKey(thread: Thread): string {
    return `${thread.room}/${thread.booth}`;
}

/** A thread's lines, oldest first. */
export function linesOf(chat: readonly ChatLine[], thread: Thread): ChatLine[] {
    return chat.filter((line) => line.room === thread.room && (line.language ?? 'none') === thread.booth);
}

/** How many lines of others are new in a thread. */
export function unread(lines: readonly ChatLine[], own: string, until: number): number {
    return lines.filter((line) => line.participant !== own && line.at > until).length;
}

const STORAGE_KEY = 'plenary.chats_read';
let owner = '';

/** What this person had read in this tab before the page was loaded anew. `whose` tells meetings and people apart. */
export function recallRead(whose: string): void {
    owner = whose;
    seen.value = new Map();
    try {
        const stored: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null');
        if (!Array.isArray(stored) || stored[0] !== whose || !Array.isArray(stored[1])) {
            return;
        }
        seen.value = new Map(
            stored[1].filter(
                (one): one is [string, number] =>
                    Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'number',
            ),
        );
    } catch {
        // Nothing readable is kept: every line is new, as it is without storage.
    }
}

function keepRead(): void {
    try {
        sessionStorage.setItem(STORAGE_KEY, JSON.stringify([owner, [...seen.value]]));
    } catch {
        // Storage is refused: the marks last as long as the page.
    }
}

/** Notes that a thread was read up to its newest line. */
export function markRead(thread: Thread, lines: readonly ChatLine[]): void {
    const newest = lines.at(-1)?.at ?? 0;
    if (newest > (seen.value.get(threadKey(thread)) ?? 0)) {
        seen.value = new Map(seen.value).set(threadKey(thread), newest);
        keepRead();
    }
}
