// Where the keyboard goes when a key asks for the chat; the chat says how.

type Focus = (next: boolean) => void;

let chat: Focus | null = null;

export function takeChatFocus(focus: Focus): () => void {
    chat = focus;
    return () => {
        chat = chat === focus ? null : chat;
    };
}

// Into the chat's line; with `next` in the next of the chats.
export function focusChat(next: boolean): void {
    chat?.(next);
}
