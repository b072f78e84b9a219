// Earlier lines of a chat, when somebody looks for them.
import type { ChatLine, EventMessage, PastPage } from '../contract/generated.ts';
import { readPast } from '../live/past.ts';
import { chatLine } from '../state/booths.ts';
import { linesOf, type Thread } from '../state/chats.ts';
import { allLines, keepPast, mayBeOlder, readOn } from '../state/past_chat.ts';
import { meeting, session, shownMeeting } from '../state/store.ts';
import { attempt } from './act.ts';

// One answer may hold nothing of this thread; so many are asked for at a press.
const ANSWERS_MAX = 8;

function linesIn(page: PastPage): ChatLine[] {
    return page.events
        .filter((event): event is EventMessage & { type: 'chat.said' } => event.type === 'chat.said')
        .map(chatLine);
}

function chat(): readonly ChatLine[] {
    return meeting.value?.chat ?? [];
}

async function readUntilMore(thread: Thread): Promise<void> {
    const [token, id] = [session.value?.token, shownMeeting.value];
    const had = linesOf(allLines(chat()), thread).length;
    for (let asked = 0; asked < ANSWERS_MAX && token !== undefined; asked++) {
        const before = readOn();
        if (before === null || linesOf(allLines(chat()), thread).length > had) {
            return;
        }
        const page = await readPast(token, id, 'chat', before);
        if (id !== shownMeeting.value) {
            return;
        }
        keepPast(linesIn(page), page.before, chat());
    }
}

let reading = false;

/** Reads more of a thread, if there may be more and nothing is being read. Never throws. */
export async function readEarlier(thread: Thread): Promise<void> {
    if (reading || !mayBeOlder()) {
        return;
    }
    reading = true;
    await attempt(() => readUntilMore(thread));
    reading = false;
}
