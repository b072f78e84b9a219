// What happens to one's own microphone without a press of one's own is said on the notice line.

import { effect } from '@preact/signals';
import { me, newestEvents } from '../state/store.ts';
import { say } from './act.ts';

// Follows the meeting as long as one is told what happens there.
export function followClosing(): () => void {
    return effect(() => {
        for (const event of newestEvents.value) {
            if (
                event.type === 'microphone.closed' &&
                event.data.reason === 'silent' &&
                event.data.participant === me.peek()?.id
            ) {
                say('microphone.closed_silent');
            }
        }
    });
}
