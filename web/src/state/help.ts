// Calls for help as the page knows them: who calls, who answers, and what the two write. Pure, as src/meeting/help_state.c is, which keeps
// fewer lines of one call: the page forgets no line before it must.
import {
    type EventMessage,
    type HelpCall,
    MEETING_HELP_LINES_MAX,
    type Meeting,
} from '../contract/generated.ts';

export function helpCallOf(meeting: Meeting | null, participant: string | undefined): HelpCall | undefined {
    return meeting?.help_calls.find((call) => call.participant === participant);
}

/** The call that changed last is the last. */
export function changeHelp(meeting: Meeting, { data, at }: EventMessage & { type: 'help.changed' }): Meeting {
    const { state, ...call } = data;
    const others = meeting.help_calls.filter((one) => one.participant !== call.participant);
    return { ...meeting, help_calls: state === 'none' ? others : [...others, { ...call, since: at }] };
}

export function sayInHelp(meeting: Meeting, event: EventMessage & { type: 'help.said' }): Meeting {
    const line = { ...event.data, author: event.by, at: event.at };
    return { ...meeting, help_lines: [...meeting.help_lines, line].slice(-MEETING_HELP_LINES_MAX) };
}
