// The booths' part of state × event → state, as the server's core applies events (src/meeting). Pure. And what a view asks of
// a desk: its state, and which channel it hears.
import {
    type Booth,
    type BoothSetting,
    type Channel,
    type ChannelId,
    type ChatLine,
    can,
    type Desk,
    type DeskState,
    type EventMessage,
    type Events,
    LANGUAGE_VALUES,
    type Language,
    MEETING_CHAT_MAX,
    MEETING_SIGNALS_MAX,
    type Meeting,
    type Participant,
    type Signal,
} from '../contract/generated.ts';

const PLAIN: BoothSetting = {
    mode: 'override',
    allowed: [],
    auto_relay: false,
    turn_minutes: 0,
    rota: false,
};

/** A booth as it is made: by its first interpreter, or by its setting. */
export function emptyBooth(language: Language): Booth {
    return { language, desks: [], setting: PLAIN, handover: { state: 'none' } };
}

export function emptyDesk(participant: string): Desk {
    const preselect = { channel: 'floor' as const };
    return { participant, microphone: 'off', preselects: [preselect, preselect, preselect, preselect] };
}

/** Absent, standby or on the air: also a coughing desk is on the air, and who rests is absent. */
export function deskState(meeting: Meeting, desk: Desk): DeskState {
    if (desk.microphone !== 'off') {
        return 'on_air';
    }
    const person = meeting.participants.find((one) => one.id === desk.participant);
    return person?.presence === 'present' && desk.resting !== true ? 'standby' : 'absent';
}

/** The channel in a desk's relay slot: the chosen relay, or what stands in for the floor under auto-relay. */
export function deskHears(meeting: Meeting, booth: Booth, desk: Desk): ChannelId {
    if (desk.source !== undefined && desk.source !== 'none') {
        return desk.source;
    }
    const relay = meeting.auto_relay ?? 'none';
    const standsIn =
        relay !== 'none' && meeting.auto_relay_booth !== booth.language && desk.original !== true;
    return standsIn ? relay : 'floor';
}

export function findBooth(meeting: Meeting, language: Language): Booth | undefined {
    return meeting.booths.find((booth) => booth.language === language);
}

function inOrder(booths: Booth[]): Booth[] {
    const order = (one: Booth): number => LANGUAGE_VALUES.indexOf(one.language);
    return booths.sort((a, b) => order(a) - order(b));
}

function withBooth(meeting: Meeting, language: Language, next: (booth: Booth) => Booth): Meeting {
    const booth = findBooth(meeting, language) ?? emptyBooth(language);
    const others = meeting.booths.filter((one) => one.language !== language);
    return { ...meeting, booths: inOrder([...others, next(booth)]) };
}

function withDesk(meeting: Meeting, language: Language, id: string, next: (desk: Desk) => Desk): Meeting {
    return withBooth(meeting, language, (booth) => ({
        ...booth,
        desks: booth.desks.map((desk) => (desk.participant === id ? next(desk) : desk)),
    }));
}

function withPerson(meeting: Meeting, id: string, part: Partial<Participant>): Meeting {
    return {
        ...meeting,
        participants: meeting.participants.map((one) => (one.id === id ? { ...one, ...part } : one)),
    };
}

function withHours(meeting: Meeting, person: Participant): Meeting {
    const { id: participant, name, language } = person;
    const known = meeting.hours.some((line) => line.participant === participant);
    const hours = known
        ? meeting.hours.map((line) => (line.participant === participant ? { ...line, language } : line))
        : [...meeting.hours, { participant, name, language, air_ms: 0, turns: 0 }];
    return { ...meeting, hours };
}

export function addDesk(meeting: Meeting, added: Participant): Meeting {
    const next = withBooth(meeting, added.language, (booth) => ({
        ...booth,
        desks: [...booth.desks.filter((one) => one.participant !== added.id), emptyDesk(added.id)],
    }));
    return withHours(next, added);
}

// What a microphone no longer is once it is on, off or held.
const opened = {
    opening_since: 0,
    opening_output: undefined,
    opening_target: 'none',
    undone_at: 0,
} as const;

/** A microphone opens, and is on the air once it is heard; or no longer opens. */
export function openDesk(meeting: Meeting, event: EventMessage & { type: 'desk.opening' }): Meeting {
    const { participant, language, since, output, target, undone } = event.data;
    return withDesk(meeting, language, participant, (desk) => ({
        ...desk,
        opening_since: since ?? 0,
        opening_output: output,
        opening_target: target ?? 'none',
        undone_at: undone === true ? event.at : 0,
    }));
}

/** An open microphone is not heard, or is again: at a desk, else on the floor. */
export function silenceMicrophone(meeting: Meeting, data: Events['microphone.silent']): Meeting {
    const { participant, silence, since, closes_at } = data;
    const person = meeting.participants.find((one) => one.id === participant);
    if (person !== undefined && can(person.capacity, 'has_desk')) {
        return withDesk(meeting, person.language, participant, (desk) => ({
            ...desk,
            silence,
            silent_since: since ?? 0,
        }));
    }
    return {
        ...meeting,
        floor: meeting.floor.map((one) =>
            one.participant === participant
                ? { ...one, awaited: false, silence, silent_since: since ?? 0, closes_at: closes_at ?? 0 }
                : one,
        ),
    };
}

export function changeDesk(meeting: Meeting, event: EventMessage & { type: 'desk.changed' }): Meeting {
    const { participant, language, microphone, output, target, overridden_by, lost } = event.data;
    const { displaced_by, silence, silent_since } = event.data;
    const before = findBooth(meeting, language)?.desks.find((desk) => desk.participant === participant);
    const off = microphone === 'off';
    // On the air since the microphone first went on; a cough in between does not count as off.
    const openedAt = off ? 0 : before?.microphone === 'off' ? event.at : (before?.opened_at ?? event.at);
    const feeds = target === undefined || target === 'none' ? language : target;
    let next = withDesk(meeting, language, participant, (desk) => {
        const common = {
            ...desk,
            ...opened,
            microphone,
            silence,
            silent_since: silent_since ?? 0,
            displaced_by: displaced_by ?? 'none',
            overridden_by: overridden_by ?? '',
            lost_at: lost === true ? event.at : 0,
            opened_at: openedAt,
        };
        return off
            ? { ...common, target: 'none' as const, opened: 0, chimed: false }
            : {
                  ...common,
                  output: output ?? 'a',
                  target: feeds,
                  opened: desk.target === feeds ? (desk.opened ?? 0) : event.seq,
                  resting: desk.microphone === 'off' ? false : (desk.resting ?? false),
              };
    });
    next = withPerson(next, participant, { microphone, microphone_since: openedAt });
    return off && before !== undefined ? closeTurn(next, language, before, event.at) : next;
}

/** The sitting is over: no desk says any more that it was cut off or displaced. */
export function forgetCuts(meeting: Meeting): Meeting {
    return {
        ...meeting,
        booths: meeting.booths.map((booth) => ({
            ...booth,
            desks: booth.desks.map((desk) => ({ ...desk, lost_at: 0, displaced_by: 'none' as const })),
        })),
    };
}

// The partner whom this one had overridden may open again, and the turn is written down.
function closeTurn(meeting: Meeting, language: Language, before: Desk, at: number): Meeting {
    const freed = withBooth(meeting, language, (booth) => ({
        ...booth,
        desks: booth.desks.map((desk) =>
            desk.overridden_by === before.participant ? { ...desk, overridden_by: '' } : desk,
        ),
    }));
    const openedAt = before.opened_at ?? 0;
    if (openedAt === 0) {
        return freed; // it only opened, and was overtaken
    }
    const worked = at - openedAt;
    return {
        ...freed,
        hours: freed.hours.map((line) =>
            line.participant === before.participant
                ? { ...line, air_ms: line.air_ms + worked, turns: line.turns + 1 }
                : line,
        ),
    };
}

export function chooseDesk(meeting: Meeting, chosen: Events['desk.chosen']): Meeting {
    return withDesk(meeting, chosen.language, chosen.participant, (desk) => ({
        ...desk,
        output: chosen.output ?? 'a',
        language_b: chosen.language_b ?? 'none',
        language_c: chosen.language_c ?? 'none',
        source: chosen.source ?? 'none',
        original: chosen.original ?? false,
        resting: chosen.resting ?? false,
    }));
}

export function preselectDesk(meeting: Meeting, data: Events['desk.preselected']): Meeting {
    const person = meeting.participants.find((one) => one.id === data.participant);
    return withDesk(meeting, person?.language ?? 'none', data.participant, (desk) => ({
        ...desk,
        preselects: desk.preselects.map((one, index) =>
            index === data.position - 1 ? { channel: data.channel } : one,
        ),
    }));
}

export function chimeDesk(meeting: Meeting, data: Events['desk.chimed']): Meeting {
    return withDesk(meeting, data.language, data.participant, (desk) => ({ ...desk, chimed: true }));
}

export function assignDesk(meeting: Meeting, data: Events['desk.assigned']): Meeting {
    const person = meeting.participants.find((one) => one.id === data.participant);
    const desk = meeting.booths
        .flatMap((booth) => booth.desks)
        .find((one) => one.participant === data.participant);
    if (person === undefined || desk === undefined) {
        return meeting;
    }
    // In another booth the outputs are others.
    const moved: Desk =
        person.language === data.language
            ? desk
            : {
                  ...desk,
                  output: 'a',
                  language_b: 'none',
                  language_c: 'none',
                  overridden_by: '',
                  displaced_by: 'none',
              };
    let next = withBooth(meeting, person.language, (booth) => ({
        ...booth,
        desks: booth.desks.filter((one) => one.participant !== data.participant),
    }));
    next = withBooth(next, data.language, (booth) => {
        const at = data.position - 1;
        return { ...booth, desks: [...booth.desks.slice(0, at), moved, ...booth.desks.slice(at)] };
    });
    next = withPerson(next, data.participant, { language: data.language });
    return withHours(next, { ...person, language: data.language });
}

export function setBooth(meeting: Meeting, data: Events['booth.changed']): Meeting {
    return withBooth(meeting, data.language, (booth) => ({ ...booth, setting: data.setting }));
}

export function alarmBooth(meeting: Meeting, data: Events['booth.alarmed']): Meeting {
    return withBooth(meeting, data.language, (booth) => ({ ...booth, alarm_since: data.since ?? 0 }));
}

export function changeHandover(meeting: Meeting, data: Events['handover.changed']): Meeting {
    return withBooth(meeting, data.language, (booth) => ({ ...booth, handover: data.handover }));
}

export function changeInterpretation(
    meeting: Meeting,
    data: Events['interpretation.changed'],
    at: number,
): Meeting {
    return withBooth(meeting, data.language, (booth) => ({
        ...booth,
        suspended_since: data.suspended ? at : 0,
        announcement: data.announcement ?? '',
    }));
}

export function raiseSignal(meeting: Meeting, event: EventMessage & { type: 'signal.raised' }): Meeting {
    const signal: Signal = { ...event.data, at: event.at };
    return { ...meeting, signals: [...meeting.signals, signal].slice(-MEETING_SIGNALS_MAX) };
}

export function sayInChat(meeting: Meeting, event: EventMessage & { type: 'chat.said' }): Meeting {
    return { ...meeting, chat: [...meeting.chat, chatLine(event)].slice(-MEETING_CHAT_MAX) };
}

export function chatLine(event: EventMessage & { type: 'chat.said' }): ChatLine {
    return { ...event.data, participant: event.by, at: event.at };
}

/** A setting that the server takes: presets among the allowed, a rota only with a turn, nothing that says nothing. */
export function tidySetting(wanted: BoothSetting): BoothSetting {
    const { output_b, output_c, ...rest } = wanted;
    const isAllowed = (language: Language | undefined): language is Language =>
        language !== undefined &&
        language !== 'none' &&
        wanted.allowed.some((one) => one.language === language);
    return {
        ...rest,
        rota: wanted.rota && wanted.turn_minutes > 0,
        ...(isAllowed(output_b) ? { output_b } : {}),
        ...(isAllowed(output_c) ? { output_c } : {}),
    };
}

/** A technician put it there: what it carries is what they chose, and only the slot of the channel itself has it. */
export function isByHand(one: Channel | null): boolean {
    return one?.forced === true && Boolean(one.holder);
}

/** It carries what the floor's own slots do, nearer by one hop and with both microphones. */
export function carriesFloor(one: Channel | null): boolean {
    return one?.state === 'floor' && !isByHand(one);
}
