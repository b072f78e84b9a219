// The technician's commands to a channel, the last of which can be taken back for eight seconds: a wrong crossing is seen as soon as it is
// pressed, and mended by one press in one place.

import { signal } from '@preact/signals';
import { act, say } from '../areas/act.ts';
import { channel } from '../state/store.ts';
import { channelName } from './names.ts';
import { type ChannelAct, inverse, stands } from './undo.ts';

export const UNDO_MS = 8000;

interface Undoable {
    made: ChannelAct;
    back: ChannelAct;
}

/** What can be taken back now; null for nothing. */
export const lastAct = signal<Undoable | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

function offer(next: Undoable | null): void {
    clearTimeout(timer);
    lastAct.value = next;
    if (next !== null) {
        timer = setTimeout(() => {
            lastAct.value = null;
        }, UNDO_MS);
    }
}

/** Gives the command; when the server has taken it, it can be taken back. */
export async function actOnChannel(made: ChannelAct): Promise<void> {
    const before = channel(made.data.channel);
    const back = before === null ? null : inverse(before, made);
    offer(null);
    if ((await act(made.name, made.data)) && back !== null) {
        offer({ made, back });
    }
}

/** Takes it back, or says that the channel is no longer as it was left. */
export async function undoLastAct(): Promise<void> {
    const last = lastAct.peek();
    if (last === null) {
        return;
    }
    offer(null);
    const now = channel(last.made.data.channel);
    if (now === null || !stands(now, last.made)) {
        say('technician.undo_late', { channel: channelName(last.made.data.channel) });
        return;
    }
    await act(last.back.name, last.back.data);
}
