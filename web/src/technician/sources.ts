// The rows of the technician's matrix: the places that sound comes from, each with who is there and the channels that carry it. A place stays
// where it is whether somebody is there or not, so that no microphone that opens moves a crossing under a hand. Pure.
import type { ChannelId, Feed, Meeting } from '../contract/generated.ts';
import { type Spoken, spoken } from '../state/desk.ts';
import { sourceKey } from '../state/levels.ts';

/** Where: a microphone of the floor by its number, a booth, a feed of its own, or what a channel carries besides. */
export type Place =
    | { kind: 'floor'; number: number }
    | { kind: 'booth'; booth: Spoken }
    | { kind: 'feed' }
    | { kind: 'other' };

export interface Source {
    /** Of the place, not of who is there. */
    key: string;
    place: Place;
    /** Both empty: nobody is there. */
    participant: string;
    feed: string;
    carriedBy: readonly ChannelId[];
}

/** What the meters call what is there; empty for nobody. */
export function sounding(source: Source): string {
    return source.participant === '' && source.feed === '' ? '' : sourceKey(source);
}

function carried(meeting: Meeting, part: { participant?: string; feed?: string }): ChannelId[] {
    if (!part.feed && !part.participant) {
        return [];
    }
    return meeting.channels
        .filter((one) =>
            part.feed
                ? one.feed === part.feed
                : one.holder === part.participant && !one.feed && one.state !== 'silent',
        )
        .map((one) => one.id);
}

function source(
    meeting: Meeting,
    key: string,
    place: Place,
    part: { participant?: string | undefined; feed?: string | undefined },
): Source {
    const { participant = '', feed = '' } = part;
    return { key, place, participant, feed, carriedBy: carried(meeting, { participant, feed }) };
}

function isOnFloor(feed: Feed): boolean {
    return feed.target === 'floor' && feed.position > 0;
}

function floorPlaces(meeting: Meeting): Source[] {
    return Array.from({ length: Math.max(1, meeting.floor_microphones_max) }, (_, index) => {
        const number = index + 1;
        const open = meeting.floor.find((one) => one.position === number);
        const feed = meeting.feeds.find((one) => isOnFloor(one) && one.position === number);
        return source(
            meeting,
            `floor:${number}`,
            { kind: 'floor', number },
            { participant: open?.participant, feed: open === undefined ? feed?.id : undefined },
        );
    });
}

// Two who are open in one booth have a row each.
function boothPlaces(meeting: Meeting): Source[] {
    return meeting.booths.flatMap((booth) => {
        const language = spoken(booth.language);
        if (language === null) {
            return [];
        }
        const open = booth.desks.filter((desk) => desk.microphone !== 'off');
        const rows = open.length === 0 ? [undefined] : open;
        return rows.map((desk, index) =>
            source(
                meeting,
                `booth:${language}:${index}`,
                { kind: 'booth', booth: language },
                { participant: desk?.participant },
            ),
        );
    });
}

/** The places of the floor, the booths in their order, then what a channel carries besides, then the feeds. */
export function sourcesOf(meeting: Meeting): Source[] {
    const places = [...floorPlaces(meeting), ...boothPlaces(meeting)];
    const shown = new Set(places.flatMap((one) => [one.participant, one.feed]));
    const feeds = new Set(meeting.feeds.map((one) => one.id));
    const others = meeting.channels.flatMap((one) =>
        one.holder && one.state !== 'silent' && !feeds.has(one.holder) && !shown.has(one.holder)
            ? [one.holder]
            : [],
    );
    return [
        ...places,
        ...[...new Set(others)].map((participant) =>
            source(meeting, `other:${participant}`, { kind: 'other' }, { participant }),
        ),
        ...meeting.feeds
            .filter((one) => !shown.has(one.id))
            .map((one) => source(meeting, `feed:${one.id}`, { kind: 'feed' }, { feed: one.id })),
    ];
}
