// What others did to one's desk, or to a channel that it feeds or hears, so that it can be said where the interpreter looks. Pure.
// What a desk itself keeps (its partner opened over it, another booth took its channel) is said from there and not repeated here.

import type { Channel, ChannelId, Events, Feed, FeedTarget, Meeting } from '../contract/generated.ts';
import { deskHears } from './booths.ts';
import { holderOf, microphoneFeeds, type Spoken, spoken } from './desk.ts';
import { type Place, placeOf } from './own_desk.ts';
import type { MeetingEvent } from './phase.ts';

type OfChannel =
    | 'routed_silent'
    | 'routed_other'
    | 'routed_self'
    | 'relay_routed'
    | 'released'
    | 'feed_on'
    | 'feed_off';

/** `overtaken`: an output that was turned on the air was taken by `booth` (null: by nobody) before one was heard; `stays` is still fed. */
export type DeskFate =
    | { kind: 'closed' | 'booth_set'; by: string }
    | { kind: OfChannel | 'moved'; by: string; language: Spoken }
    | { kind: 'overtaken'; by: string; language: Spoken; booth: Spoken | null; stays: Spoken };

interface Sides {
    own: string;
    /** The desk as it was. */
    place: Place;
    before: Meeting;
    now: Meeting;
}

/** The last of what these events, which came together and made `now` of `before`, did to the desk of `own`; null for nothing. */
export function deskFateOf(
    events: readonly MeetingEvent[],
    own: string,
    before: Meeting,
    now: Meeting,
): DeskFate | null {
    const place = placeOf(before, own);
    if (place === null) {
        return null;
    }
    const sides = { own, place, before, now };
    return events.reduce((last: DeskFate | null, one) => fateIn(one, sides) ?? last, null);
}

function fateIn(event: MeetingEvent, sides: Sides): DeskFate | null {
    if (event.type === 'withheld' || event.by === sides.own) {
        return null;
    }
    switch (event.type) {
        case 'desk.opening':
            return overtaken(event.data, sides);
        case 'channel.changed':
            return routed(event.data.channel, event.by, sides);
        default:
            return event.by === '' ? null : doneTo(event, sides);
    }
}

// What somebody does, and the server never by itself.
function doneTo(event: Exclude<MeetingEvent, { type: 'withheld' }>, sides: Sides): DeskFate | null {
    const { by } = event;
    switch (event.type) {
        case 'feed.changed':
            return fed(event.data.feed, by, sides);
        case 'feed.removed':
            return fed({ id: event.data.feed, target: 'none' }, by, sides);
        case 'desk.changed':
            return closed(event.data, by, sides);
        case 'desk.assigned':
            return moved(event.data, by, sides);
        case 'booth.changed':
            return event.data.language === sides.place.booth.language ? { kind: 'booth_set', by } : null;
        default:
            return null;
    }
}

/** The channels that are this desk's: the one that it feeds, or would, and its booth's own. */
function ownChannels({ booth, desk }: Place): (Spoken | null)[] {
    return [microphoneFeeds(booth, desk), spoken(booth.language)];
}

function routed(after: Channel, by: string, sides: Sides): DeskFate | null {
    const { own, place, before } = sides;
    const was = before.channels.find((one) => one.id === after.id);
    const language = languageOf(after.id);
    const hand = after.forced === true;
    const same = (was?.forced === true) === hand && (!hand || was?.holder === after.holder);
    if (same || language === null) {
        return null;
    }
    if (!ownChannels(place).includes(language)) {
        const heard = deskHears(before, place.booth, place.desk) === language;
        return heard && hand ? { kind: 'relay_routed', by, language } : null;
    }
    return { kind: hand ? routeKind(after.holder, own) : 'released', by, language };
}

function routeKind(holder: string | undefined, own: string): OfChannel {
    if ((holder ?? '') === '') {
        return 'routed_silent';
    }
    return holder === own ? 'routed_self' : 'routed_other';
}

function fed({ id, target }: Pick<Feed, 'id' | 'target'>, by: string, sides: Sides): DeskFate | null {
    const own = ownChannels(sides.place);
    const mine = (on: FeedTarget | undefined) => own.find((one) => one !== null && one === on);
    const was = mine(sides.before.feeds.find((one) => one.id === id)?.target);
    const is = mine(target);
    const language = is ?? was;
    return was === is || !language ? null : { kind: is ? 'feed_on' : 'feed_off', by, language };
}

// Not what a desk keeps and says, nor the end of a handover that was agreed.
function closed(data: Events['desk.changed'], by: string, { own, place }: Sides): DeskFate | null {
    const { handover } = place.booth;
    const kept =
        (data.overridden_by ?? '') !== '' || spoken(data.displaced_by) !== null || data.lost === true;
    const handed = handover.from === own && handover.state !== 'none';
    const off = data.microphone === 'off' && place.desk.microphone !== 'off';
    return data.participant === own && off && !kept && !handed ? { kind: 'closed', by } : null;
}

function moved(data: Events['desk.assigned'], by: string, { own, place }: Sides): DeskFate | null {
    const language = spoken(data.language);
    const stays = data.participant !== own || language === place.booth.language;
    return stays || language === null ? null : { kind: 'moved', by, language };
}

// A turn ends without a word of the server where it is not taken back, does not come about, and delivered sound.
function overtaken(data: Events['desk.opening'], { own, place, now }: Sides): DeskFate | null {
    const language = spoken(place.desk.opening_target);
    const after = placeOf(now, own);
    const over = data.participant === own && (data.since ?? 0) === 0 && data.undone !== true;
    if (!over || language === null || after === null || after.desk.microphone === 'off') {
        return null;
    }
    const stays = spoken(after.desk.target);
    if (
        place.desk.microphone === 'off' ||
        stays === null ||
        stays === language ||
        after.booth.handover.state !== 'none'
    ) {
        return null;
    }
    const holder = holderOf(now, language);
    return { kind: 'overtaken', by: '', language, booth: spoken(holder?.booth.language), stays };
}

function languageOf(id: ChannelId): Spoken | null {
    return id === 'floor' ? null : id;
}
