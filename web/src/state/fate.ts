// What others did to oneself in a meeting, so that it can be said where one looks. Pure.

import type { MeetingEvent } from './phase.ts';

/** `silent`: the server closed a microphone of which it heard nothing. */
export type Fate =
    | { kind: 'off_list' | 'ended' | 'silent' | 'camera_off' | 'screen_off'; by: string }
    | { kind: 'moved'; by: string; place: number };

/** Who one is, and one's line of the list before the events. */
export interface Own {
    id: string;
    request: number | undefined;
}

/** The last of what these events, which came together, did to somebody; null for nothing. What one did oneself is known. */
export function fateOf(events: readonly MeetingEvent[], own: Own): Fate | null {
    const given = events.some((one) => one.type === 'microphone.opened' && one.data.participant === own.id);
    return events.reduce((last: Fate | null, one) => fateIn(one, own, given) ?? last, null);
}

function fateIn(event: MeetingEvent, own: Own, given: boolean): Fate | null {
    if (event.type === 'withheld' || event.by === own.id) {
        return null;
    }
    const { by } = event;
    switch (event.type) {
        case 'request.removed':
            return event.data.request === own.request && !given ? { kind: 'off_list', by } : null;
        case 'request.moved':
            return event.data.request === own.request
                ? { kind: 'moved', by, place: event.data.position }
                : null;
        case 'microphone.closed':
            return event.data.participant === own.id ? closed(event.data.reason === 'silent', by) : null;
        case 'camera.changed':
            return isOff(event.data, own) ? { kind: 'camera_off', by } : null;
        case 'screen.changed':
            return isOff(event.data, own) ? { kind: 'screen_off', by } : null;
        default:
            return null;
    }
}

function closed(silent: boolean, by: string): Fate {
    return { kind: silent ? 'silent' : 'ended', by };
}

function isOff(data: { participant: string; on: boolean }, own: Own): boolean {
    return data.participant === own.id && !data.on;
}
