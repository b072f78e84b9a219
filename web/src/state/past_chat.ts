// Lines of the chats that have left the meeting's state: what this page has read of them, and what it has seen leave.
import { signal } from '@preact/signals';
import type { ChatLine } from '../contract/generated.ts';
import { me, shownMeeting } from './store.ts';

interface Past {
    /** In which meeting, and as whom. */
    whose: string;
    /** Without a gap as far as the newest line that was seen; none before something is read. */
    lines: readonly ChatLine[];
    /** Before which event to read on; undefined: from the end; null: there is nothing older. */
    before: number | null | undefined;
}

const kept = signal<Past>({ whose: '', lines: [], before: undefined });

function whose(): string {
    return `${shownMeeting.value}/${me.value?.id ?? ''}`;
}

function past(): Past {
    return kept.value.whose === whose() ? kept.value : { whose: whose(), lines: [], before: undefined };
}

/** Before which event to read on; undefined: from the end; null: there is nothing older. */
export function readOn(): number | null | undefined {
    return past().before;
}

function key(line: ChatLine): string {
    return [
        line.at,
        line.participant,
        line.room,
        line.language ?? '',
        line.phrase ?? '',
        line.text ?? '',
    ].join(' ');
}

/** Two pieces of one past, which may overlap: those of the first that the second has not, and the second. */
function join(older: readonly ChatLine[], newer: readonly ChatLine[]): readonly ChatLine[] {
    const known = new Set(newer.map(key));
    const more = older.filter((line) => !known.has(key(line)));
    return more.length === 0 ? newer : [...more, ...newer];
}

/** All lines that are known, oldest first: what was read, and the state's own. */
export function allLines(chat: readonly ChatLine[]): readonly ChatLine[] {
    return join(past().lines, chat);
}

/** There may be lines before those that are known. */
export function mayBeOlder(): boolean {
    return past().before !== null;
}

/** What was read before the known lines, or from the end; where to go on; and the state's lines meanwhile. */
export function keepPast(
    read: readonly ChatLine[],
    before: number | undefined,
    chat: readonly ChatLine[],
): void {
    kept.value = { whose: whose(), lines: join(join(read, past().lines), chat), before: before ?? null };
}

/** The state's lines as they are now: those that will leave it are known. After a gap what was read is read anew. */
export function followChat(chat: readonly ChatLine[]): void {
    const { lines, before } = past();
    const [first, last] = [chat[0], chat.at(-1)];
    if (lines.length === 0 || first === undefined || last === undefined) {
        return;
    }
    const known = new Set(lines.map(key));
    if (!known.has(key(first))) {
        forgetPast();
    } else if (!known.has(key(last))) {
        kept.value = { whose: whose(), lines: join(lines, chat), before };
    }
}

export function forgetPast(): void {
    kept.value = { whose: '', lines: [], before: undefined };
}
