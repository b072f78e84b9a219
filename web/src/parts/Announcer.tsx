// What a screen reader is told without asking. Politely: who speaks, one's turn, the item, the sitting. At once: one's own
// microphone, the connection.

import { useEffect, useState } from 'preact/hooks';
import { localized, text } from '../i18n/index.ts';
import {
    capacity,
    connectionQuality,
    currentItem,
    iAmOnTheAir,
    me,
    meeting,
    myRequestPosition,
    speakerPlate,
} from '../state/store.ts';
import { plateWords } from './Plate.tsx';

export function Announcer() {
    const polite = usePolite();
    const urgent = useUrgent();
    return (
        <>
            <p class="hidden-text" aria-live="polite" data-live="polite">
                {polite}
            </p>
            <p class="hidden-text" aria-live="assertive" data-live="assertive">
                {urgent}
            </p>
        </>
    );
}

// Says the words of whatever changed last; nothing at first, when the page itself is read.
export function useChange(
    value: string | number | boolean,
    say: () => string,
    set: (words: string) => void,
): void {
    const [before, setBefore] = useState(value);
    useEffect(() => {
        if (before !== value) {
            setBefore(value);
            set(say());
        }
    }, [value]);
}

// A voice in the ear of who is interpreting would be one too many: on the air an interpreter is told nothing but alarms.
export function deskIsQuiet(): boolean {
    return capacity.value === 'interpreter' && me.value?.microphone === 'on';
}

function usePolite(): string {
    const [words, setWords] = useState('');
    const quiet = deskIsQuiet();
    const set = (next: string) => setWords(quiet ? '' : next);
    const speaker = speakerPlate.value;
    const place = myRequestPosition.value;
    const item = currentItem.value;
    const sitting = meeting.value?.sitting ?? 'closed';
    useChange(
        speaker?.participant.id ?? '',
        () => (speaker === null ? text('stage.nobody') : text('announce.speaker', { name: spoken(speaker) })),
        set,
    );
    useChange(place, () => (place === 0 ? text('announce.off_list') : text('list.my_place', { place })), set);
    useChange(
        item?.id ?? '',
        () =>
            item === null ? '' : text('announce.item', { number: item.number, title: localized(item.title) }),
        set,
    );
    useChange(sitting, () => text(`sitting.${sitting}`), set);
    return words;
}

function useUrgent(): string {
    const [words, set] = useState('');
    const onAir = iAmOnTheAir.value;
    const quality = connectionQuality.value;
    const interrupted = quality === 'reconnecting' || quality === 'offline';
    useChange(onAir, () => text(onAir ? 'announce.microphone_open' : 'announce.microphone_closed'), set);
    useChange(
        interrupted,
        () => text(interrupted ? 'announce.connection_lost' : 'announce.connection_back'),
        set,
    );
    return words;
}

function spoken(plate: Parameters<typeof plateWords>[0]): string {
    const words = plateWords(plate);
    return words.person === '' ? words.heading : `${words.heading}, ${words.person}`;
}
