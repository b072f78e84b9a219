// What is wrong with one's own microphone now, and what is to be known about it, the gravest first.

import { deskAlarms } from '../areas/alarms.ts';
import { clockNow } from '../areas/clock.ts';
import { deviceProblem } from '../areas/device_words.ts';
import { flowWords } from '../areas/room_words.ts';
import { CloseKey } from '../elements/CloseKey.tsx';
import { brief } from '../elements/characters.ts';
import { formatClock, languageName, text } from '../i18n/index.ts';
import { deskSoundState } from '../media/desk_media.ts';
import { deviceStates } from '../media/media.ts';
import { microphoneFeeds, type Place, wrongDirection } from '../state/desk.ts';
import { flow, meeting, participant, soundCheck } from '../state/store.ts';
import { displacedWords } from './displaced.ts';
import { deskFate, deskFateWords, dismissDeskFate } from './fate.ts';
import { type Noticed, NoticePlace } from './NoticePlace.tsx';

export function SpeakNotices({ place }: { place: Place | null }) {
    const list = place === null ? [] : [...alarms(place), ...doneByOthers(), ...warnings(place)];
    return (
        <NoticePlace class="desk-warnings" list={list}>
            <p class="small muted">{text('desk.never_by_itself')}</p>
        </NoticePlace>
    );
}

function alarms(place: Place): Noticed[] {
    const now = meeting.value;
    const both = (place.booth.alarm_since ?? 0) > 0;
    const found = [
        ...(both ? [{ key: 'both', words: text('desk.alarm') }] : []),
        ...(now === null ? [] : deskAlarms(now, place, clockNow())).map((one) => ({
            key: one.key,
            words: text(one.key, one.values),
        })),
        ...flowWords(flow.value).map((key) => ({ key, words: text(key) })),
        ...displaced(place),
        ...cutOff(place),
    ];
    return found.map((one) => ({ ...one, tone: 'alarm' }));
}

function displaced({ booth, desk }: Place): Noticed[] {
    const words = displacedWords(booth, desk.displaced_by);
    return words === null ? [] : [{ key: words.key, words: text(words.key, words.values) }];
}

// Off the air without a press: since when, and whether somebody of the booth has taken over meanwhile.
function cutOff({ booth, desk }: Place): Noticed[] {
    const at = desk.lost_at ?? 0;
    if (at === 0 || desk.microphone !== 'off') {
        return [];
    }
    const mate = booth.desks.find((one) => one.microphone !== 'off');
    const time = formatClock(at);
    const name = brief(participant(mate?.participant)?.name ?? '');
    const words =
        mate === undefined ? text('desk.cut_off', { time }) : text('desk.cut_off_taken', { time, name });
    return [{ key: 'cut_off', words, role: 'alert' }];
}

// The announcer says it.
function doneByOthers(): Noticed[] {
    const fate = deskFate();
    return fate === null
        ? []
        : [
              {
                  key: 'fate',
                  tone: 'warn',
                  words: deskFateWords(fate),
                  action: <CloseKey onPress={dismissDeskFate} />,
              },
          ];
}

function warnings(place: Place): Noticed[] {
    const { booth, desk } = place;
    const now = meeting.value;
    const wrong = now === null ? null : wrongDirection(now, place);
    const target = microphoneFeeds(booth, desk);
    const problem = deviceProblem(deviceStates.value.microphone);
    const found: Noticed[] = [];
    if (wrong !== null && target !== null) {
        const words = text(`desk.wrong_${wrong}`, { language: languageName(target) });
        found.push({ key: 'wrong', tone: 'warn', words });
    }
    if ((desk.overridden_by ?? '') !== '') {
        const name = brief(participant(desk.overridden_by)?.name ?? '');
        found.push({ key: 'overridden', tone: 'warn', words: text('desk.overridden', { name }) });
    }
    if (problem !== null) {
        found.push({ key: 'device', tone: 'warn', words: text(problem) });
    }
    if (deskSoundState.value.failed) {
        found.push({ key: 'protection', tone: 'warn', words: text('desk_sound.failed') });
    }
    if (soundCheck.value) {
        const key = desk.microphone === 'off' ? 'desk.sound_check_off' : 'desk.sound_check';
        found.push({ key: 'check', icon: 'clock', words: text(key) });
    }
    return found;
}
