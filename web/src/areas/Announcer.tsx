// What stands beside every screen of a meeting, also the entrance, which does not wait for it: the question before one leaves, and what a
// screen reader is told without asking. Politely: who speaks, one's turn, the item, the sitting. At once: one's own microphone, the
// connection.

import { computed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { plateWords } from '../elements/Plate.tsx';
import { type TimerTone, timerTone } from '../elements/words.ts';
import { gap, localized, text } from '../i18n/index.ts';
import { allowedMsOf } from '../state/speaking_times.ts';
import {
    connectionQuality,
    currentItem,
    floorPlates,
    flow,
    iAmOnTheAir,
    iCan,
    may,
    me,
    meeting,
    myRequestPosition,
    serverNow,
    speakerPlate,
} from '../state/store.ts';
import { clockNow } from './clock.ts';
import { followFate } from './fate.ts';
import { useBeingHere } from './here.ts';
import { LeavingQuestion } from './LeavingQuestion.tsx';
import { nobodyHasFloor } from './nobody.ts';
import { floorSilenceWords, flowWords, ownSilenceWords } from './room_words.ts';

// They come together: neither is needed before the room.
export { RoomNotices } from './RoomNotices.tsx';

export function Announcer() {
    const polite = usePolite();
    const urgent = useUrgent();
    useEffect(followFate, []);
    useBeingHere();
    return (
        <>
            <p class="hidden-text" aria-live="polite" data-live="polite">
                {polite}
            </p>
            <p class="hidden-text" aria-live="assertive" data-live="assertive">
                {urgent}
            </p>
            <LeavingQuestion />
        </>
    );
}

// Anew each second, but the same for most of them: what follows it is drawn when it changes.
const ownTime = computed((): TimerTone => {
    const mine = floorPlates.value.find((one) => one.participant.id === me.value?.id);
    const allowed = mine === undefined ? undefined : allowedMsOf(mine);
    return mine === undefined || allowed === undefined
        ? 'plain'
        : timerTone(clockNow() - mine.openedAt, allowed);
});

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
    return iCan('has_desk') && me.value?.microphone === 'on';
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
        () => (speaker === null ? nobodyHasFloor() : text('announce.speaker', { name: spoken(speaker) })),
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
    const soundOut = quality === 'no-sound';
    // Of others' microphones those are told who can do something about it.
    const watches = may('floor.end');
    const silent = (meeting.value?.floor ?? []).find(
        (one) => one.silence !== undefined && (watches || one.participant === me.value?.id),
    );
    useChange(
        silent === undefined ? '' : `${silent.participant} ${silent.silence}`,
        () => {
            const own = silent?.participant === me.value?.id;
            const now = serverNow();
            const words = own ? ownSilenceWords(silent ?? null, now) : floorSilenceWords(silent ?? null, now);
            return words === null ? '' : text(words.key, words.values);
        },
        set,
    );
    // The end of one's time is near, or there.
    useChange(
        ownTime.value,
        () => (ownTime.value === 'plain' ? '' : text(`announce.time_${ownTime.value}`)),
        set,
    );
    useChange(onAir, () => text(onAir ? 'announce.microphone_open' : 'announce.microphone_closed'), set);
    useChange(
        interrupted,
        () => text(interrupted ? 'announce.connection_lost' : 'announce.connection_back'),
        set,
    );
    const blocked = quality === 'blocked';
    useChange(blocked, () => text(blocked ? 'announce.blocked' : 'announce.connection_back'), set);
    useChange(soundOut, () => text(soundOut ? 'announce.sound_out' : 'announce.sound_back'), set);
    // The notice line is read by itself; at a desk the words stand elsewhere.
    const flows = flowWords(flow.value);
    const atDesk = iCan('has_desk');
    useChange(
        flows.join(),
        () => {
            const words = atDesk ? flows.map((key) => text(key)).join(gap()) : '';
            return flows.length === 0 ? text('announce.sound_back') : words;
        },
        set,
    );
    return words;
}

function spoken(plate: Parameters<typeof plateWords>[0]): string {
    const words = plateWords(plate);
    return words.person === '' ? words.heading : `${words.heading}, ${words.person}`;
}
