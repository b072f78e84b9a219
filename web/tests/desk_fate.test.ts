// What others did to a desk and to its channels, and nothing else: by the events as they come, and the meeting that they make.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel, Desk, EventName, Events, Meeting } from '../src/contract/generated.ts';
import { emptyBooth, emptyDesk } from '../src/state/booths.ts';
import { deskFateOf } from '../src/state/desk_fate.ts';
import type { MeetingEvent } from '../src/state/phase.ts';
import { reduce } from '../src/state/reduce.ts';
import { aMeeting, person } from './meeting_fixture.ts';

const TECHNICIAN = 'tech';

/** A French booth with two desks that may turn to English, and an English one; `ines` is on the air as `desk` says. */
function booths(desk: Partial<Desk> = {}, more: Partial<Meeting> = {}): Meeting {
    const fr = emptyBooth('fr');
    const setting = { ...fr.setting, allowed: [{ language: 'en' as const }], output_b: 'en' as const };
    return {
        ...aMeeting(),
        participants: ['ines', 'mate', 'eva'].map((id) =>
            person(id, { capacity: 'interpreter', language: id === 'eva' ? 'en' : 'fr' }),
        ),
        booths: [
            { ...emptyBooth('en'), desks: [emptyDesk('eva')] },
            { ...fr, setting, desks: [{ ...emptyDesk('ines'), ...desk }, emptyDesk('mate')] },
        ],
        ...more,
    };
}

const ON_AIR = { microphone: 'on', target: 'fr', opened: 3, opened_at: 3 } as const;

function event<N extends EventName>(type: N, data: Events[N], by = TECHNICIAN): MeetingEvent {
    return { seq: 9, at: 9, by, type, data } as unknown as MeetingEvent;
}

function fate(before: Meeting, ...events: MeetingEvent[]) {
    const now = events.reduce(
        (meeting, one) => (one.type === 'withheld' ? meeting : reduce(meeting, one)),
        before,
    );
    return deskFateOf(events, 'ines', before, now);
}

function channel(id: 'fr' | 'en' | 'ru', more: Partial<Channel>): MeetingEvent {
    return event('channel.changed', { channel: { id, state: 'floor', auto_floor: true, ...more } });
}

test('the own channel, and that which an output feeds, routed by hand: to silence, to another, to oneself, and released', () => {
    const by = TECHNICIAN;
    const on = booths(ON_AIR);
    assert.deepEqual(fate(on, channel('fr', { forced: true })), {
        kind: 'routed_silent',
        by,
        language: 'fr',
    });
    const other = channel('fr', { forced: true, holder: 'ana' });
    assert.deepEqual(fate(on, other), { kind: 'routed_other', by, language: 'fr' });
    assert.deepEqual(fate(booths(), other), { kind: 'routed_other', by, language: 'fr' });
    const self = channel('fr', { forced: true, holder: 'ines' });
    assert.deepEqual(fate(on, self), { kind: 'routed_self', by, language: 'fr' });
    const turned = booths({ ...ON_AIR, output: 'b', target: 'en' });
    assert.equal(fate(turned, channel('en', { forced: true }))?.kind, 'routed_silent');
    const forced = { ...on, channels: on.channels.map((one) => ({ ...one, forced: true, holder: 'ana' })) };
    assert.deepEqual(fate(forced, channel('fr', {})), { kind: 'released', by, language: 'fr' });
    // What a channel carries changes all the time without anybody's hand.
    assert.equal(fate(forced, other), null);
    assert.equal(fate(on, channel('fr', { holder: 'mate' })), null);
    assert.equal(fate(on, channel('ru', { forced: true })), null);
});

test('the relay in one’s ears routed by hand', () => {
    const hears = booths({ source: 'ru' });
    assert.deepEqual(fate(hears, channel('ru', { forced: true })), {
        kind: 'relay_routed',
        by: TECHNICIAN,
        language: 'ru',
    });
});

test('a feed put on the own channel and taken off it; not on another, and not when it ends by itself', () => {
    const feed = { id: 'hall', position: 0, sound: true, picture: false, since: 1 } as const;
    const put = event('feed.changed', { feed: { ...feed, target: 'fr' } });
    assert.deepEqual(fate(booths(), put), { kind: 'feed_on', by: TECHNICIAN, language: 'fr' });
    assert.equal(fate(booths(), event('feed.changed', { feed: { ...feed, target: 'ru' } })), null);
    const carries = booths({}, { feeds: [{ ...feed, target: 'fr' }] });
    assert.equal(
        fate(carries, event('feed.changed', { feed: { ...feed, target: 'floor' } }))?.kind,
        'feed_off',
    );
    assert.equal(fate(carries, event('feed.removed', { feed: 'hall' }))?.kind, 'feed_off');
    assert.equal(fate(carries, event('feed.removed', { feed: 'hall' }, '')), null);
    assert.equal(
        fate(carries, event('feed.changed', { feed: { ...feed, target: 'fr', sound: false } })),
        null,
    );
});

test('put off the air by somebody; not by oneself, nor what the desk itself keeps, nor by a handover', () => {
    const off = { participant: 'ines', language: 'fr', microphone: 'off' } as const;
    const on = booths(ON_AIR);
    assert.deepEqual(fate(on, event('desk.changed', off)), { kind: 'closed', by: TECHNICIAN });
    assert.equal(fate(on, event('desk.changed', off, 'ines')), null);
    assert.equal(fate(on, event('desk.changed', { ...off, displaced_by: 'en' })), null);
    assert.equal(fate(on, event('desk.changed', { ...off, overridden_by: 'mate' }, 'mate')), null);
    assert.equal(fate(on, event('desk.changed', { ...off, lost: true }, '')), null);
    assert.equal(fate(booths(), event('desk.changed', off)), null);
    const handover = { state: 'armed', from: 'ines', to: 'mate' } as const;
    const gives = {
        ...on,
        booths: on.booths.map((one) => (one.language === 'fr' ? { ...one, handover } : one)),
    };
    assert.equal(fate(gives, event('desk.changed', off, 'mate')), null);
});

test('moved to another booth, and the own booth set by somebody', () => {
    const assigned = { participant: 'ines', language: 'en', position: 1 } as const;
    assert.deepEqual(fate(booths(), event('desk.assigned', assigned)), {
        kind: 'moved',
        by: TECHNICIAN,
        language: 'en',
    });
    assert.equal(fate(booths(), event('desk.assigned', { ...assigned, language: 'fr' })), null);
    const { setting } = emptyBooth('fr');
    assert.equal(fate(booths(), event('booth.changed', { language: 'fr', setting }))?.kind, 'booth_set');
    assert.equal(fate(booths(), event('booth.changed', { language: 'en', setting })), null);
});

test('a turned output that another booth took first; not one that is taken back, is not heard, or comes about', () => {
    const turns = booths({ ...ON_AIR, opening_since: 5, opening_output: 'b', opening_target: 'en' });
    const over = { participant: 'ines', language: 'fr' } as const;
    const taken = event(
        'desk.changed',
        { participant: 'eva', language: 'en', microphone: 'on', target: 'en' },
        '',
    );
    const lost = { kind: 'overtaken', by: '', language: 'en', stays: 'fr' } as const;
    assert.deepEqual(fate(turns, taken, event('desk.opening', over, '')), { ...lost, booth: 'en' });
    assert.deepEqual(fate(turns, event('desk.opening', over, '')), { ...lost, booth: null });
    assert.equal(fate(turns, event('desk.opening', over, 'ines')), null);
    assert.equal(fate(turns, event('desk.opening', { ...over, undone: true }, '')), null);
    assert.equal(fate(turns, event('desk.opening', { ...over, since: 6, target: 'en' }, '')), null);
    const heard = { ...over, microphone: 'on', output: 'b', target: 'en' } as const;
    assert.equal(fate(turns, event('desk.changed', heard, '')), null);
    const opens = booths({ opening_since: 5, opening_target: 'fr' });
    assert.equal(fate(opens, event('desk.opening', over, '')), null);
});
