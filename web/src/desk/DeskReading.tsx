// The text that is read, beside the picture of who reads it out: in the place of the messages, which are one press away and say how many
// are new.

import { ReadingPane } from '../areas/Documents.tsx';
import { Icon } from '../elements/Icon.tsx';
import { formatNumber, text } from '../i18n/index.ts';
import { linesOf, seenUntil, threadKey, unread } from '../state/chats.ts';
import { me, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { deskChats } from './DeskChats.tsx';
import { DeskPanel } from './DeskPanel.tsx';
import styles from './DeskReading.css?inline';
import { focusChat } from './focus.ts';

adopt(styles);

function newLines(): number {
    const chat = meeting.value?.chat ?? [];
    return deskChats().reduce(
        (sum, one) =>
            sum + unread(linesOf(chat, one), me.value?.id ?? '', seenUntil.value.get(threadKey(one)) ?? 0),
        0,
    );
}

export function DeskReading() {
    const fresh = newLines();
    return (
        <DeskPanel class="desk-reading" label={text('documents.title')}>
            <ReadingPane />
            <button
                type="button"
                class="button button-small desk-reading-chats"
                onClick={() => {
                    focusChat(false);
                }}
            >
                <Icon name="chat" size={16} />
                <span>{text('chat.title')}</span>
                {fresh > 0 && (
                    <span class="count">
                        <span aria-hidden="true">{formatNumber(fresh)}</span>
                        <span class="hidden-text">{text('chat.unread', { count: fresh })}</span>
                    </span>
                )}
                <span class="kbd" aria-hidden="true">
                    K
                </span>
            </button>
        </DeskPanel>
    );
}
