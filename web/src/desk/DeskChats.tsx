// The booth's four chats.

import { Chats, type ChatTab } from '../areas/Chats.tsx';
import { text } from '../i18n/index.ts';
import { ownPlace } from '../state/desk.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DeskChats.css?inline';
import { takeChatFocus } from './focus.ts';
import { Pane } from './Pane.tsx';

adopt(styles);

export function deskChats(): ChatTab[] {
    const booth = ownPlace.value?.booth.language ?? 'none';
    return [
        { room: 'booth', booth, label: text('chat_room.booth') },
        { room: 'interpreters', booth: 'none', label: text('chat_room.interpreters') },
        { room: 'technician', booth, label: text('chat_room.technician') },
        { room: 'moderator', booth, label: text('chat_room.moderator') },
    ];
}

export function DeskChats() {
    return (
        <Pane
            name="chats"
            title={text('chat.title')}
            class="desk-chats"
            tools={
                <span class="kbd" aria-hidden="true">
                    K
                </span>
            }
        >
            <Chats tabs={deskChats()} onReady={takeChatFocus} />
        </Pane>
    );
}
