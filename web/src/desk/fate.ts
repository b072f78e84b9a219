// What others did to this desk or its channels, in words: it stands among the desk's notices for a minute, or until it is closed.

import { effect, signal } from '@preact/signals';
import { clockNow } from '../areas/clock.ts';
import { brief } from '../elements/characters.ts';
import { plateWords } from '../elements/Plate.tsx';
import { languageName, text } from '../i18n/index.ts';
import { type DeskFate, deskFateOf } from '../state/desk_fate.ts';
import { me, meeting, newestEvents, plate, serverNow } from '../state/store.ts';

const SHOWN_MS = 60_000;

interface Told {
    fate: DeskFate;
    at: number;
}

const last = signal<Told | null>(null);

/** What is to be read now; null for nothing. */
export function deskFate(): DeskFate | null {
    const told = last.value;
    return told !== null && clockNow() - told.at < SHOWN_MS ? told.fate : null;
}

export function dismissDeskFate(): void {
    last.value = null;
}

/** Follows the meeting as long as the desk is shown. */
export function followDeskFate(): () => void {
    let before = meeting.peek();
    const stop = effect(() => {
        const events = newestEvents.value;
        const now = meeting.peek();
        const own = me.peek()?.id;
        const fate =
            now === null || before === null || own === undefined
                ? null
                : deskFateOf(events, own, before, now);
        before = now;
        if (fate !== null) {
            last.value = { fate, at: serverNow() };
        }
    });
    return () => {
        stop();
        last.value = null;
    };
}

function who(by: string): string {
    const found = plate(by);
    // Isolated: it may run the other way.
    return found === null ? '' : ` · \u2068${brief(plateWords(found).heading)}\u2069`;
}

export function deskFateWords(fate: DeskFate): string {
    switch (fate.kind) {
        case 'closed':
        case 'booth_set':
            return text(`desk.fate_${fate.kind}`) + who(fate.by);
        case 'moved':
            return text('desk.assigned', { language: languageName(fate.language) }) + who(fate.by);
        case 'overtaken': {
            const language = languageName(fate.language);
            const stays = languageName(fate.stays);
            return fate.booth === null
                ? text('desk.fate_not_turned', { language, stays })
                : text('desk.fate_overtaken', { language, stays, booth: languageName(fate.booth) });
        }
        default:
            return text(`desk.fate_${fate.kind}`, { language: languageName(fate.language) }) + who(fate.by);
    }
}
