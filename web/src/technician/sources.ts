// The rows of the technician's matrix: every microphone that is open, and every feed, each with the channels that carry it. Pure.
import type { ChannelId, Meeting } from '../contract/generated.ts';
import { sourceKey } from '../state/levels.ts';

export interface Source {
    key: string;
    participant: string;
    feed: string;
    carriedBy: readonly ChannelId[];
}

function carried(meeting: Meeting, part: { participant?: string; feed?: string }): ChannelId[] {
    return meeting.channels
        .filter((one) =>
            part.feed
                ? one.feed === part.feed
                : one.holder === part.participant && !one.feed && one.state !== 'silent',
        )
        .map((one) => one.id);
}

function source(meeting: Meeting, part: { participant?: string; feed?: string }): Source {
    return {
        key: sourceKey(part),
        participant: part.participant ?? '',
        feed: part.feed ?? '',
        carriedBy: carried(meeting, part),
    };
}

/** The floor first, oldest first; then the booths in their order; then what a channel carries besides; then the feeds. */
export function sourcesOf(meeting: Meeting): Source[] {
    const people = [
        ...meeting.floor.map((one) => one.participant),
        ...meeting.booths.flatMap((booth) =>
            booth.desks.filter((desk) => desk.microphone !== 'off').map((desk) => desk.participant),
        ),
        ...meeting.channels.flatMap((one) => (one.holder && one.state !== 'silent' ? [one.holder] : [])),
    ];
    const feeds = new Set(meeting.feeds.map((one) => one.id));
    return [
        ...[...new Set(people)]
            .filter((id) => id !== '' && !feeds.has(id))
            .map((participant) => source(meeting, { participant })),
        ...meeting.feeds.map((one) => source(meeting, { feed: one.id })),
    ];
}
