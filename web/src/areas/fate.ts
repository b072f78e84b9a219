// What others did to oneself is told where refusals are, and goes after a minute.

import { effect } from '@preact/signals';
import { plateWords } from '../elements/Plate.tsx';
import type { MessageKey } from '../i18n/index.ts';
import { type Fate, fateOf } from '../state/fate.ts';
import { me, meeting, newestEvents, plate } from '../state/store.ts';
import { sayFate, told } from './act.ts';

const TOLD_MS = 60_000;

const WORDS: Readonly<Record<Fate['kind'], MessageKey>> = {
    off_list: 'fate.off_list',
    moved: 'fate.moved',
    ended: 'fate.ended',
    silent: 'microphone.closed_silent',
    camera_off: 'fate.camera_off',
    screen_off: 'fate.screen_off',
};

/** Follows the meeting as long as one is told what happens there. */
export function followFate(): () => void {
    let request = ownRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = effect(() => {
        const events = newestEvents.value;
        const id = me.peek()?.id;
        const fate = id === undefined ? null : fateOf(events, { id, request });
        request = ownRequest();
        if (fate !== null) {
            tell(fate);
            const mine = told.peek();
            clearTimeout(timer);
            timer = setTimeout(() => {
                if (told.peek() === mine) {
                    told.value = null;
                }
            }, TOLD_MS);
        }
    });
    return () => {
        clearTimeout(timer);
        stop();
    };
}

function ownRequest(): number | undefined {
    return meeting.peek()?.requests.find((one) => one.participant === me.peek()?.id)?.id;
}

function tell(fate: Fate): void {
    const by = plate(fate.by);
    const who = by === null ? '' : plateWords(by).heading;
    sayFate(WORDS[fate.kind], fate.kind === 'moved' ? { place: fate.place } : {}, who);
}
