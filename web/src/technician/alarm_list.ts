// What needs a technician at this moment, the gravest first. Pure.
import type { Meeting } from '../contract/generated.ts';
import { type Spoken, spoken } from '../state/desk.ts';
import { silentMicrophones, unheardMicrophones, unheardRoutes } from '../state/silence.ts';
import { relayNodes } from './relay.ts';

export type AlarmKind =
    | 'sound_out'
    | 'both'
    | 'no_packets'
    | 'no_sound'
    | 'route_silent'
    | 'feed_silent'
    | 'undone'
    | 'unserved'
    | 'silent'
    | 'relay';

export const ALARM_KINDS: readonly AlarmKind[] = [
    'sound_out',
    'both',
    'no_packets',
    'no_sound',
    'route_silent',
    'feed_silent',
    'undone',
    'unserved',
    'silent',
    'relay',
];

export interface Alarm {
    kind: AlarmKind;
    /** Whom or what: a participant, a feed, a channel, a booth; empty for the server. */
    about: string;
    /** What the words name besides. */
    other: string;
    /** By the server's clock, ms. */
    since: number;
}

/** What an alarm is about tells it from others of its kind. */
export function alarmKey({ kind, about }: Pick<Alarm, 'kind' | 'about'>): string {
    return `${kind}/${about}`;
}

interface Now {
    /** By the server's clock, ms. */
    time: number;
    /** An open microphone is told after so many seconds without sound. */
    silentAfter: number;
    /** How long a press that was undone is told, ms. */
    undoneShownMs: number;
    /** A language that changes hands is unserved for less than this, ms. */
    unservedShownMs: number;
    /** Since when the server's sound is out; 0: it is not. */
    soundOutSince: number;
}

export function alarmsOf(meeting: Meeting, now: Now): Alarm[] {
    const alarm = (kind: AlarmKind, about: string, since: number, other = ''): Alarm => ({
        kind,
        about,
        other,
        since,
    });
    const { time } = now;
    const desks = meeting.booths.flatMap((booth) => booth.desks);
    const unheard = unheardMicrophones(meeting);
    const boothIn = (language: Spoken | null, since: number | undefined): Alarm[] =>
        language === null || !since ? [] : [alarm('both', language, since)];
    return [
        ...(now.soundOutSince === 0 ? [] : [alarm('sound_out', '', now.soundOutSince)]),
        ...meeting.booths.flatMap((one) => boothIn(spoken(one.language), one.alarm_since)),
        ...unheard.map((one) =>
            alarm(one.silence === 'no_packets' ? 'no_packets' : 'no_sound', one.participant, one.since),
        ),
        ...unheardRoutes(meeting, time).map((one) =>
            alarm('route_silent', one.channel, one.since, one.participant),
        ),
        ...meeting.feeds.flatMap((one) =>
            one.silent_since ? [alarm('feed_silent', one.id, one.silent_since)] : [],
        ),
        ...desks
            .filter((one) => (one.undone_at ?? 0) > time - now.undoneShownMs)
            .map((one) => alarm('undone', one.participant, one.undone_at ?? 0)),
        ...meeting.channels.flatMap((one) =>
            one.id === 'floor' || !one.unserved_since || time - one.unserved_since < now.unservedShownMs
                ? []
                : [alarm('unserved', one.id, one.unserved_since)],
        ),
        ...silentMicrophones(meeting, time, now.silentAfter)
            .filter((one) => unheard.every((other) => other.participant !== one.participant))
            .map((one) => alarm('silent', one.participant, time - one.seconds * 1000)),
        ...relayNodes(meeting)
            .filter((one) => one.warning)
            .map((one) => alarm('relay', one.id, time, one.offer)),
    ];
}
