// The conversation with the help desk comes behind the first screen; its key is there before it.

import { signal } from '@preact/signals';
import { act } from './act.ts';
import { roomParts } from './room_parts.ts';

/** Whether the conversation is open. */
export const helpOpen = signal(false);

/** Where it has not come yet the call goes out at once: nobody waits for a file to be helped. */
export function openHelp(): void {
    helpOpen.value = true;
    if (roomParts.peek() === null) {
        void act('help.ask', {});
    }
}
