// Who is silent with an open microphone.
import type { ChannelId, Meeting, Silence as SilenceKind } from '../contract/generated.ts';
import { lastSoundAt, sourceKey } from './levels.ts';
import { placeOf } from './own_desk.ts';

const ROUTE_PATIENCE_MS = 1000;

export interface Unheard {
    participant: string;
    silence: SilenceKind;
    since: number;
}

/** Open microphones of which the server says that nothing, or nothing but digital silence, arrives. */
export function unheardMicrophones(meeting: Meeting): Unheard[] {
    const desks = meeting.booths.flatMap((booth) => booth.desks);
    return [...meeting.floor, ...desks].flatMap(({ participant, silence, silent_since }) =>
        silence === undefined ? [] : [{ participant, silence, since: silent_since ?? 0 }],
    );
}

export interface UnheardRoute {
    channel: Exclude<ChannelId, 'floor'>;
    participant: string;
    since: number;
}

/** Channels that a technician routed to a source of their own that has not been heard for a second. */
export function unheardRoutes(meeting: Meeting, now: number): UnheardRoute[] {
    return meeting.channels.flatMap(({ id, holder, silent_since }) =>
        id !== 'floor' && silent_since && holder && now - silent_since >= ROUTE_PATIENCE_MS
            ? [{ channel: id, participant: holder, since: silent_since }]
            : [],
    );
}

export interface Silence {
    participant: string;
    seconds: number;
}

/**
 * Open microphones that have been silent for `after` seconds. Who never told a level is left out: nothing is known of them. A desk
 * that coughs is silent on purpose.
 */
export function silentMicrophones(meeting: Meeting, now: number, after: number): Silence[] {
    const open = meeting.participants.flatMap((one) => {
        const floor = meeting.floor.find((held) => held.participant === one.id);
        const desk = placeOf(meeting, one.id)?.desk;
        const since = floor?.opened_at ?? (desk?.microphone === 'on' ? desk.opened_at : undefined);
        return since === undefined ? [] : [{ id: one.id, since }];
    });
    return open.flatMap(({ id, since }) => {
        const soundAt = lastSoundAt(sourceKey({ participant: id }));
        const seconds = Math.floor((now - Math.max(since, soundAt ?? 0)) / 1000);
        return soundAt === undefined || seconds < after ? [] : [{ participant: id, seconds }];
    });
}
