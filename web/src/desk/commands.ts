// What the desk's keys do. A refusal by the interlock is said with the names of who holds what, not as a conflict of the meeting.

import { signal } from '@preact/signals';
import { act, dismissTold, say, sayProblem } from '../areas/act.ts';
import { microphoneReady } from '../areas/device_words.ts';
import { openDocument, reading, stopReading } from '../areas/reading.ts';
import type { ChannelId, Microphone, Output, SignalKind } from '../contract/generated.ts';
import { isPageLanguage, languageName } from '../i18n/index.ts';
import { command, setDeskMicrophone } from '../live/actions.ts';
import { deskSilenced } from '../live/desk.ts';
import { tryMicrophone, whenReady } from '../live/press.ts';
import { problemOf } from '../live/problem.ts';
import {
    autoRelayAt,
    chosenOutput,
    deskOpens,
    handoverRole,
    heardChannel,
    holderOf,
    nextOfRota,
    outputLanguage,
    ownPlace,
    pressOf,
    type Spoken,
} from '../state/desk.ts';
import { speechesNow } from '../state/documents.ts';
import { boothmateMonitored, setBoothmateMonitored } from '../state/listening.ts';
import { preselectsOf } from '../state/preselects.ts';
import { me, meeting, participant, serverNow } from '../state/store.ts';

// In how many minutes a handover is to happen; 0 for as soon as it is agreed.
export const MOMENTS: readonly number[] = [0, 1, 2, 5, 10];
export const moment = signal(0);

// Whom the microphone is offered to; empty for the next of the rota.
export const offeredTo = signal('');

export function microphone(): Microphone {
    return me.value?.microphone ?? 'off';
}

// Presses of the key that the server has not answered yet.
const pressing = signal(0);

// As the key shows it: what is silenced here, and not by a press that is under way, is off, whatever the server's word of it still is:
// it could not write it, or a page before this one had pressed.
export function microphoneHere(): Microphone {
    const state = microphone();
    return state === 'on' && deskSilenced.value && pressing.value === 0 ? 'off' : state;
}

// Gives a command that the interlock may refuse. Which output was refused is asked only then: a choice of output may still have been
// under way when the microphone was pressed.
async function press(output: () => Output, give: () => Promise<unknown>): Promise<void> {
    try {
        await give();
        dismissTold();
    } catch (thrown) {
        const problem = problemOf(thrown);
        if (problem.kind === 'conflict' && explainRefusal(output())) {
            return;
        }
        sayProblem(problem);
    }
}

// Why an output was refused, when the page knows; false when it does not.
function explainRefusal(output: Output): boolean {
    const now = meeting.value;
    const place = ownPlace.value;
    if (now === null || place === null) {
        return false;
    }
    const target = outputLanguage(place.booth, place.desk, output);
    if (target === null) {
        say('desk.refused_language');
        return true;
    }
    const why = pressOf(now, place, output);
    if (why === 'overridden') {
        say('desk.refused_overridden', { name: participant(place.desk.overridden_by)?.name ?? '' });
        return true;
    }
    const holder = holderOf(now, target);
    if (why !== 'kept' || holder === null || holder.booth.language === 'none') {
        return false;
    }
    say('desk.refused_held', {
        language: languageName(target),
        name: participant(holder.desk.participant)?.name ?? '',
        booth: languageName(holder.booth.language),
    });
    return true;
}

// By this page's key, whether or not the server could write it.
let coughing = false;

export function setMicrophone(state: Microphone): void {
    coughing = state === 'cough';
    const output = (): Output => {
        const desk = ownPlace.value?.desk;
        return desk === undefined ? 'a' : chosenOutput(desk);
    };
    pressing.value++;
    void press(output, () => setDeskMicrophone(state)).finally(() => pressing.value--);
}

// Opens the microphone by a press. One that cannot be heard takes nothing from a partner who can.
export function openMicrophone(): void {
    whenReady(microphoneReady, () => setMicrophone('on'));
}

export function toggleMicrophone(): void {
    if (microphoneHere() !== 'off' || deskOpens.value) {
        setMicrophone('off');
    } else {
        openMicrophone();
    }
}

export function beginCough(): void {
    if (microphoneHere() === 'on') {
        setMicrophone('cough');
    }
}

// The server may not have answered yet: what this page asked for counts.
export function endCough(): void {
    if (microphone() === 'cough' || (coughing && microphone() !== 'off')) {
        setMicrophone('on');
    }
}

export function chooseOutput(output: Output, language?: Spoken): void {
    void press(
        () => output,
        () => command('desk.output', language === undefined ? { output } : { output, language }),
    );
}

// The next of the allowed languages on an output.
export function turnOutput(output: Output): void {
    const place = ownPlace.value;
    const allowed = place?.booth.setting.allowed.map((one) => one.language).filter(isPageLanguage) ?? [];
    if (place === null || allowed.length === 0) {
        return;
    }
    const now = outputLanguage(place.booth, place.desk, output);
    const next = allowed[(now === null ? 0 : allowed.indexOf(now) + 1) % allowed.length];
    if (next !== undefined) {
        chooseOutput(output, next);
    }
}

export function listenTo(source: ChannelId, original = false): void {
    void act('desk.listen', { source, original });
}

// Under auto-relay: the floor itself, or what stands in for it.
export function toggleOriginal(): void {
    const place = ownPlace.value;
    const now = meeting.value;
    if (place !== null && now !== null && autoRelayAt(now, place.booth) !== null) {
        listenTo('floor', place.desk.original !== true);
    }
}

function preselects(): ChannelId[] {
    const place = ownPlace.value;
    const now = meeting.value;
    return place === null || now === null ? [] : preselectsOf(now, place);
}

export function recall(position: number): void {
    const key = preselects()[position - 1];
    if (key !== undefined) {
        listenTo(key);
    }
}

// Puts what is heard now on a key. With the first that is stored the others stay what they are: from then on all four are one's own.
export async function store(position: number): Promise<void> {
    const heard = heardChannel.value;
    const wanted = preselects().map((one, index) => (index === position - 1 ? heard : one));
    for (const [index, channel] of wanted.entries()) {
        if (ownPlace.value?.desk.preselects[index]?.channel !== channel) {
            await act('desk.preselect', { position: index + 1, channel });
        }
    }
}

export function toggleBoothmate(): void {
    setBoothmateMonitored(!boothmateMonitored.value);
}

// ---- Handover

function when(): { moment?: number } {
    return moment.value === 0 ? {} : { moment: Math.round(serverNow() + moment.value * 60_000) };
}

export function turnMoment(): void {
    moment.value = MOMENTS[(MOMENTS.indexOf(moment.value) + 1) % MOMENTS.length] ?? 0;
}

export function requestHandover(): void {
    void act('handover.request', when());
}

export function offerHandover(): void {
    const place = ownPlace.value;
    const named = place?.booth.desks.some((one) => one.participant === offeredTo.value);
    void act('handover.offer', { ...when(), ...(named ? { participant: offeredTo.value } : {}) });
}

export function acceptHandover(): void {
    if (!microphoneReady()) {
        void tryMicrophone(); // it will be needed at the moment agreed
    }
    void act('handover.accept', {});
}

export function declineHandover(): void {
    void act('handover.decline', {});
}

// One key for what makes sense: ask, offer, say yes, take over.
export function handoverKey(): void {
    const place = ownPlace.value;
    const now = meeting.value;
    if (place === null || now === null) {
        return;
    }
    switch (handoverRole(now, place)) {
        case 'may_request':
        case 'stands_in':
        case 'nobody_stands_in':
            requestHandover();
            break;
        case 'may_offer':
            offerHandover();
            break;
        case 'requested_of_me':
        case 'offered_to_me':
        case 'i_stand_in':
            acceptHandover();
            break;
        case 'i_take':
            openMicrophone();
            break;
        case 'i_give':
            setMicrophone('off');
            break;
        default:
            break;
    }
}

// The name of whom an offer goes to when nobody is chosen.
export function nextName(): string {
    const place = ownPlace.value;
    const now = meeting.value;
    const next = place === null || now === null ? null : nextOfRota(now, place.booth, place.desk.participant);
    return participant(next?.participant)?.name ?? '';
}

export function toggleRest(): void {
    const desk = ownPlace.value?.desk;
    if (desk !== undefined && desk.microphone === 'off') {
        void act('desk.rest', { on: desk.resting !== true });
    }
}

// ---- Signals

export function sendSignal(kind: SignalKind): void {
    void act('signal.send', { kind });
}

// The text of the one who speaks, or who is next; again: no longer.
export function readSpeaker(): void {
    const first = speechesNow.value[0];
    if (reading.value !== null) {
        stopReading();
    } else if (first !== undefined) {
        void openDocument(first);
    }
}
