// Where the keyboard goes when a key asks for the chat; the chat says how.

import { stopReading } from '../areas/reading.ts';

type Focus = (next: boolean) => void;

let chat: Focus | null = null;
// Asked for while a text stood in the chat's place.
let awaited = false;

export function takeChatFocus(focus: Focus): () => void {
    chat = focus;
    if (awaited) {
        awaited = false;
        focus(false);
    }
    return () => {
        chat = chat === focus ? null : chat;
    };
}

// Into the chat's line; with `next` in the next of the chats.
export function focusChat(next: boolean): void {
    if (chat === null) {
        awaited = true;
        stopReading();
    } else {
        chat(next);
    }
}
