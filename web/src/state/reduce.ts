// state × event → state, as the server's core applies events (src/meeting). Pure; what did not change stays the same object, so
// that signals and views can compare by identity.
import {
    can,
    type EventMessage,
    type Events,
    isItemEvent,
    type Meeting,
    type Participant,
    putItem,
    reduceItem,
    removeItem,
    type SittingState,
} from '../contract/generated.ts';
import {
    addDesk,
    alarmBooth,
    assignDesk,
    changeDesk,
    changeHandover,
    changeInterpretation,
    chimeDesk,
    chooseDesk,
    forgetCuts,
    openDesk,
    preselectDesk,
    raiseSignal,
    sayInChat,
    setBooth,
    silenceMicrophone,
} from './booths.ts';
import { changeHelp, sayInHelp } from './help.ts';

/** The meeting after one more event. An event of a newer server that this page does not know changes nothing. */
export function reduce(meeting: Meeting, event: EventMessage): Meeting {
    if (isItemEvent(event)) {
        return reduceItem(meeting, event);
    }
    switch (event.type) {
        case 'meeting.created':
            return { ...meeting, ...event.data };
        case 'item.started':
            return startItem(meeting, event.data.item, event.at);
        case 'agenda_item.moved':
            return moveItem(meeting, event.data.item, event.data.before);
        case 'participant.added':
            return addParticipant(meeting, event.data.participant);
        case 'participant.removed':
            return removeParticipant(meeting, event.data.participant);
        case 'participant.changed':
            return changeParticipant(meeting, event.data);
        case 'presence.changed':
            return change(meeting, event.data.participant, { presence: event.data.presence });
        case 'camera.changed':
            return change(meeting, event.data.participant, { camera: event.data.on });
        case 'screen.changed':
            return change(meeting, event.data.participant, { screen: event.data.on });
        case 'talk.changed':
            return change(meeting, event.data.participant, {
                talks_to: event.data.to,
                talks_to_booth: event.data.booth,
                talks_since: event.data.to === undefined ? undefined : event.at,
            });
        case 'help.changed':
            return changeHelp(change(meeting, event.data.participant, { help: event.data.state }), event);
        case 'help.said':
            return sayInHelp(meeting, event);
        case 'microphone.opened':
            return openMicrophone(meeting, event.data, event.at);
        case 'microphone.closed':
            return closeMicrophone(meeting, event.data);
        case 'microphone.silent':
            return silenceMicrophone(meeting, event.data);
        case 'desk.opening':
            return openDesk(meeting, event);
        case 'desk.changed':
            return changeDesk(meeting, event);
        case 'desk.chosen':
            return chooseDesk(meeting, event.data);
        case 'desk.preselected':
            return preselectDesk(meeting, event.data);
        case 'desk.chimed':
            return chimeDesk(meeting, event.data);
        case 'desk.assigned':
            return assignDesk(meeting, event.data);
        case 'booth.changed':
            return setBooth(meeting, event.data);
        case 'booth.alarmed':
            return alarmBooth(meeting, event.data);
        case 'handover.changed':
            return changeHandover(meeting, event.data);
        case 'signal.raised':
            return raiseSignal(meeting, event);
        case 'interpretation.changed':
            return changeInterpretation(meeting, event.data, event.at);
        case 'chat.said':
            return sayInChat(meeting, event);
        case 'request.moved':
            return moveRequest(meeting, event.data.request, event.data.position);
        case 'sitting.changed':
            return {
                ...(event.data.state === 'closed' ? forgetCuts(meeting) : meeting),
                sitting: event.data.state,
                sitting_number: event.data.number,
                sitting_since: event.data.state === 'closed' ? 0 : event.at,
                opened_at: openedAt(meeting, event.data.state, event.at),
            };
        default:
            event satisfies never;
            return meeting;
    }
}

function change(meeting: Meeting, id: string, part: Partial<Participant>): Meeting {
    return {
        ...meeting,
        participants: meeting.participants.map((one) => (one.id === id ? { ...one, ...part } : one)),
    };
}

// A sitting that is suspended and goes on was opened before.
function openedAt(meeting: Meeting, state: SittingState, at: number): number | undefined {
    if (state === 'closed') {
        return undefined;
    }
    return meeting.sitting === 'closed' ? at : meeting.opened_at;
}

function startItem(meeting: Meeting, id: string, at: number): Meeting {
    return {
        ...meeting,
        agenda: meeting.agenda.map((item) => {
            if (item.id === id) {
                return { ...item, state: 'current' as const, started_at: at };
            }
            return item.state === 'current' ? { ...item, state: 'done' as const } : item;
        }),
    };
}

function moveItem(meeting: Meeting, id: string, before: string | undefined): Meeting {
    const moved = meeting.agenda.find((item) => item.id === id);
    if (moved === undefined) {
        return meeting;
    }
    const rest = removeItem(meeting.agenda, id);
    const found = rest.findIndex((item) => item.id === before);
    const at = found < 0 ? rest.length : found;
    return { ...meeting, agenda: [...rest.slice(0, at), moved, ...rest.slice(at)] };
}

// The sheet of hours has the name of who worked.
function changeParticipant(meeting: Meeting, changed: Events['participant.changed']): Meeting {
    const { participant: id, name, delegation, language, title, office } = changed;
    return {
        ...change(meeting, id, { name, delegation, language, title, office }),
        hours: meeting.hours.map((line) => (line.participant === id ? { ...line, name } : line)),
    };
}

function addParticipant(meeting: Meeting, added: Participant): Meeting {
    const next = { ...meeting, participants: putItem(meeting.participants, added) };
    if (!can(added.capacity, 'has_desk') || added.language === 'none') {
        return next;
    }
    return addDesk(next, added);
}

function removeParticipant(meeting: Meeting, id: string): Meeting {
    return {
        ...meeting,
        participants: meeting.participants.filter((one) => one.id !== id),
        requests: meeting.requests.filter((request) => request.participant !== id),
        floor: meeting.floor.filter((open) => open.participant !== id),
        help_calls: meeting.help_calls.filter((call) => call.participant !== id),
        help_lines: meeting.help_lines.filter((line) => line.participant !== id),
        booths: meeting.booths.map((booth) => ({
            ...booth,
            desks: booth.desks.filter((desk) => desk.participant !== id),
        })),
    };
}

function openMicrophone(meeting: Meeting, opened: Events['microphone.opened'], at: number): Meeting {
    const others = meeting.floor.filter((open) => open.participant !== opened.participant);
    const speaker = meeting.participants.find((one) => one.id === opened.participant);
    return {
        ...change(meeting, opened.participant, {
            microphone: 'on',
            microphone_since: at,
            interventions: (speaker?.interventions ?? 0) + 1,
        }),
        floor: [
            ...others,
            {
                participant: opened.participant,
                opened_at: at,
                position: opened.position,
                ...(opened.awaited === true ? { awaited: true } : {}),
            },
        ],
    };
}

function closeMicrophone(meeting: Meeting, closed: Events['microphone.closed']): Meeting {
    const speaker = meeting.participants.find((one) => one.id === closed.participant);
    return {
        ...change(meeting, closed.participant, {
            microphone: 'off',
            microphone_since: 0,
            spoken_ms: (speaker?.spoken_ms ?? 0) + closed.spoken_ms,
        }),
        floor: meeting.floor.filter((open) => open.participant !== closed.participant),
    };
}

function moveRequest(meeting: Meeting, id: number, position: number): Meeting {
    const moved = meeting.requests.find((request) => request.id === id);
    if (moved === undefined) {
        return meeting;
    }
    const rest = removeItem(meeting.requests, id);
    return { ...meeting, requests: [...rest.slice(0, position - 1), moved, ...rest.slice(position - 1)] };
}
