import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel, Meeting } from '../src/contract/generated.ts';
import { forgetLevels, levelOf, settleLevels, sourceKey, takeLevels } from '../src/state/levels.ts';
import { silentMicrophones, unheardRoutes } from '../src/state/silence.ts';
import { type Alarm, alarmsOf } from '../src/technician/alarm_list.ts';
import { LOGGED_MAX, logAlarms, parseLog, takeAlarms } from '../src/technician/alarm_log.ts';
import { decibels, FLOOR, MARKS, place } from '../src/technician/meter_scale.ts';
import { holdPeak, NO_PEAK, PEAK_HOLD_MS } from '../src/technician/peak.ts';
import { placeNodes, relayNodes } from '../src/technician/relay.ts';
import { sounding, sourcesOf } from '../src/technician/sources.ts';
import { type ChannelAct, inverse, stands } from '../src/technician/undo.ts';
import { aMeeting } from './meeting_fixture.ts';

function withChannel(meeting: Meeting, change: Partial<Channel> & { id: Channel['id'] }): Meeting {
    return {
        ...meeting,
        channels: meeting.channels.map((one) => (one.id === change.id ? { ...one, ...change } : one)),
    };
}

function speaking(at: number): Meeting {
    const now = aMeeting();
    const onAir = {
        ...now,
        floor: [{ participant: 'ana', opened_at: at, position: 1 }],
        booths: now.booths.map((booth) => ({
            ...booth,
            desks: booth.desks.map((desk) => ({ ...desk, microphone: 'on' as const, opened_at: at })),
        })),
    };
    const fr = withChannel(onAir, { id: 'fr', state: 'interpreted', holder: 'ines', booth: 'fr' });
    return withChannel(fr, { id: 'floor', holder: 'ana' });
}

test('a route by hand that is not heard is told after a second, and no longer than that', () => {
    const now = withChannel(speaking(0), { id: 'ru', forced: true, holder: 'tea', silent_since: 5000 });
    assert.deepEqual(unheardRoutes(now, 5999), []);
    assert.deepEqual(unheardRoutes(now, 6000), [{ channel: 'ru', participant: 'tea', since: 5000 }]);
    assert.deepEqual(unheardRoutes(withChannel(now, { id: 'ru', silent_since: 0 }), 6000), []);
});

test('sources: the places of the floor and the booths, what a channel carries besides, the feeds', () => {
    const now: Meeting = {
        ...speaking(0),
        feeds: [{ id: 'hall', target: 'none', position: 0, sound: true, picture: false, since: 0 }],
    };
    const rows = sourcesOf(withChannel(now, { id: 'ru', state: 'interpreted', feed: 'hall', holder: '' }));
    assert.deepEqual(
        rows.map((one) => [one.key, sounding(one), one.carriedBy]),
        [
            ['floor:1', 'person:ana', ['floor']],
            ['floor:2', '', []],
            ['booth:fr:0', 'person:ines', ['fr']],
            ['feed:hall', 'feed:hall', ['ru']],
        ],
    );
    const hand = withChannel(now, { id: 'es', state: 'interpreted', forced: true, holder: 'tea' });
    assert.deepEqual(
        sourcesOf(hand).map((one) => one.key),
        ['floor:1', 'floor:2', 'booth:fr:0', 'other:tea', 'feed:hall'],
    );
});

test('sources: who opens or closes a microphone moves no row', () => {
    const quiet = aMeeting();
    const keys = sourcesOf(quiet).map((one) => one.key);
    assert.deepEqual(
        sourcesOf(speaking(0)).map((one) => one.key),
        keys,
    );
    const second = { ...speaking(0), floor: speaking(0).floor.map((one) => ({ ...one, position: 2 })) };
    assert.deepEqual(
        sourcesOf(second).map((one) => [one.key, one.participant]),
        [
            ['floor:1', ''],
            ['floor:2', 'ana'],
            ['booth:fr:0', 'ines'],
        ],
    );
    const hall = { id: 'hall', target: 'floor', position: 1, sound: true, picture: false, since: 0 } as const;
    assert.deepEqual(
        sourcesOf({ ...second, feeds: [hall] }).map((one) => [one.key, one.feed, one.participant]),
        [
            ['floor:1', 'hall', ''],
            ['floor:2', '', 'ana'],
            ['booth:fr:0', '', 'ines'],
        ],
    );
});

test('levels: shown while fresh, nothing when nothing is told', () => {
    forgetLevels();
    const key = sourceKey({ participant: 'ana' });
    takeLevels([{ participant: 'ana', level: 12 }], 1000);
    assert.equal(levelOf(key).value, 0.8);
    takeLevels([{ participant: 'ines', level: 127 }], 1500);
    assert.equal(levelOf(key).value, 0.8);
    takeLevels([{ participant: 'ines', level: 127 }], 1800);
    assert.equal(levelOf(key).value, 0);
});

test('peaks: the loudest is held for two seconds, then what is there', () => {
    const loud = holdPeak(NO_PEAK, 0.9, 1000);
    assert.deepEqual(loud, { level: 0.9, at: 1000 });
    assert.equal(holdPeak(loud, 0.5, 1000 + PEAK_HOLD_MS), loud);
    assert.deepEqual(holdPeak(loud, 0.5, 1001 + PEAK_HOLD_MS), { level: 0.5, at: 3001 });
    assert.deepEqual(holdPeak(loud, 0.95, 1200), { level: 0.95, at: 1200 });
});

test('levels: let go also while nothing is told any more', () => {
    forgetLevels();
    takeLevels([{ participant: 'ana', level: 6 }], 1000);
    settleLevels(1700);
    assert.equal(levelOf(sourceKey({ participant: 'ana' })).value, 0.9);
    settleLevels(1701);
    assert.equal(levelOf(sourceKey({ participant: 'ana' })).value, 0);
});

test('the scale: 60 dB, evenly, its marks in order', () => {
    assert.deepEqual([decibels(1), decibels(0.8), decibels(0)], [0, -12, FLOOR]);
    assert.deepEqual(
        MARKS.map((one) => Math.round(place(one))),
        [0, 33, 67, 100],
    );
    assert.deepEqual([place(5), place(-90)], [100, 0]);
});

const ALARMS = {
    time: 100_000,
    silentAfter: 10,
    undoneShownMs: 60_000,
    unservedShownMs: 2000,
    soundOutSince: 0,
};

test('alarms: the gravest first, each with whom it is about', () => {
    forgetLevels();
    const bad = {
        ...withChannel(speaking(0), { id: 'es', state: 'silent', unserved_since: 4000 }),
        booths: speaking(0).booths.map((one) => ({ ...one, alarm_since: 3000 })),
        floor: [
            {
                participant: 'ana',
                opened_at: 0,
                position: 1,
                silence: 'no_packets' as const,
                silent_since: 6000,
            },
        ],
    };
    assert.deepEqual(alarmsOf(aMeeting(), ALARMS), []);
    assert.deepEqual(
        alarmsOf(bad, { ...ALARMS, soundOutSince: 9000 }).map((one) => [one.kind, one.about, one.since]),
        [
            ['sound_out', '', 9000],
            ['both', 'fr', 3000],
            ['no_packets', 'ana', 6000],
            ['unserved', 'es', 4000],
        ],
    );
    const changing = withChannel(aMeeting(), { id: 'es', state: 'silent', unserved_since: 98_001 });
    assert.deepEqual(alarmsOf(changing, ALARMS), [], 'from one interpreter to the next');
});

const UNSERVED: Alarm = { kind: 'unserved', about: 'es', other: '', since: 4000 };

test('alarm history: from when to when, once for each time, and acknowledged', () => {
    const first = logAlarms([], [UNSERVED], 5000);
    assert.equal(logAlarms(first, [UNSERVED], 6000), first, 'the same while nothing changes');
    const taken = takeAlarms(first, 6500, first[0]?.id);
    const over = logAlarms(taken, [], 7000);
    assert.deepEqual(over, [{ ...UNSERVED, id: 1, over: 7000, taken: 6500 }]);
    const again = logAlarms(over, [{ ...UNSERVED, since: 8000 }], 8000);
    assert.deepEqual(again[1], { ...UNSERVED, since: 8000, id: 2, over: 0, taken: 0 });
    assert.deepEqual(
        takeAlarms(again, 9000).map((one) => one.taken),
        [6500, 9000],
    );
    const [undone] = logAlarms(
        logAlarms([], [{ kind: 'undone', about: 'ines', other: '', since: 100 }], 200),
        [],
        60_100,
    );
    assert.equal(undone?.over, 100, 'a press that was undone lasted no minute');
});

test('alarm history: bounded, and what was stored is read with care', () => {
    let log = logAlarms([], [], 0);
    for (let at = 1; at <= LOGGED_MAX + 5; at += 1) {
        log = logAlarms(logAlarms(log, [{ ...UNSERVED, since: at }], at), [], at);
    }
    assert.equal(log.length, LOGGED_MAX);
    assert.equal(log.at(-1)?.id, LOGGED_MAX + 5);
    assert.deepEqual(parseLog(JSON.stringify(log)), log);
    assert.deepEqual(parseLog(null), []);
    assert.deepEqual(parseLog('{"a":1}'), []);
    assert.deepEqual(parseLog('[1'), []);
    const odd = [null, 5, { ...log[0], kind: 'other' }, { ...log[0], since: '1' }, log[0]];
    assert.deepEqual(parseLog(JSON.stringify(odd)), [log[0]]);
});

test('undo: what takes each command back, and whether the channel is still as it was left', () => {
    const fr: Channel = { id: 'fr', state: 'interpreted', holder: 'ines', auto_floor: true };
    const hand: Channel = { ...fr, forced: true, holder: 'ana', reason: 'Line' };
    const force: ChannelAct = { name: 'channel.force', data: { channel: 'fr', participant: 'ana' } };
    const silence: ChannelAct = { name: 'channel.force', data: { channel: 'fr' } };
    const release: ChannelAct = { name: 'channel.release', data: { channel: 'fr' } };
    const auto: ChannelAct = { name: 'channel.auto_floor', data: { channel: 'fr', on: false } };
    const delay: ChannelAct = { name: 'channel.delay', data: { channel: 'fr', delay_ms: 300 } };
    const back: ChannelAct = {
        name: 'channel.force',
        data: { channel: 'fr', participant: 'ana', reason: 'Line' },
    };
    assert.deepEqual(inverse(fr, force), release);
    assert.deepEqual(inverse(hand, silence), back, 'to the route by hand that was there');
    assert.deepEqual(inverse(hand, release), back);
    assert.equal(inverse(fr, release), null);
    assert.deepEqual(inverse(fr, auto), { ...auto, data: { channel: 'fr', on: true } });
    assert.equal(inverse({ ...fr, auto_floor: false }, auto), null);
    assert.deepEqual(inverse({ ...fr, delay_ms: 20 }, delay), {
        ...delay,
        data: { channel: 'fr', delay_ms: 20 },
    });

    assert.equal(stands(hand, force), true);
    assert.equal(stands(fr, force), false, 'the source has closed, or somebody released it');
    assert.equal(stands(hand, silence), false, 'another routed it meanwhile');
    assert.equal(stands({ ...fr, forced: true, holder: '' }, silence), true);
    assert.equal(stands(hand, release), false);
    assert.equal(stands(fr, auto), false);
    assert.equal(stands({ ...fr, delay_ms: 300 }, delay), true);
});

test('silence: open, known and not heard for so long; unknown levels raise no alarm', () => {
    forgetLevels();
    const now = speaking(10_000);
    assert.deepEqual(silentMicrophones(now, 60_000, 10), []);
    takeLevels(
        [
            { participant: 'ana', level: 20 },
            { participant: 'ines', level: 127 },
        ],
        15_000,
    );
    assert.deepEqual(silentMicrophones(now, 21_000, 10), [{ participant: 'ines', seconds: 11 }]);
    takeLevels([{ participant: 'ana', level: 90 }], 26_000);
    assert.deepEqual(silentMicrophones(now, 26_000, 10), [
        { participant: 'ana', seconds: 11 },
        { participant: 'ines', seconds: 16 },
    ]);
    assert.deepEqual(silentMicrophones({ ...now, floor: [], booths: [] }, 26_000, 10), []);
    forgetLevels();
});

test('relay map: hands are columns; a warned pivot keeps its offer', () => {
    const zh = withChannel(speaking(0), {
        id: 'en',
        state: 'interpreted',
        holder: 'li',
        booth: 'zh',
        depth: 1,
        relays: 2,
    });
    const ru = withChannel(zh, {
        id: 'ru',
        state: 'interpreted',
        holder: 'x',
        booth: 'ru',
        source: 'en',
        depth: 2,
    });
    const es = withChannel(ru, { id: 'es', state: 'silent', warning: true, offer: 'en' });
    const nodes = relayNodes(es);
    assert.equal(nodes.length, 6);
    const by = new Map(nodes.map((one) => [one.id, one]));
    assert.deepEqual(
        [by.get('en')?.from, by.get('en')?.booth, by.get('en')?.depth, by.get('en')?.relays],
        ['floor', 'zh', 1, 2],
    );
    assert.deepEqual([by.get('ru')?.from, by.get('ru')?.depth], ['en', 2]);
    assert.deepEqual([by.get('es')?.from, by.get('es')?.warning, by.get('es')?.offer], [null, true, 'en']);
    assert.deepEqual([by.get('ar')?.from, by.get('ar')?.depth], ['floor', 0]);
    const placed = new Map(placeNodes(nodes).map((one) => [one.node.id, [one.column, one.row]]));
    assert.deepEqual(placed.get('ru'), [2, 0]);
    assert.deepEqual(placed.get('en')?.[0], 1);
    const cells = [...placed.values()].map(String);
    assert.equal(new Set(cells).size, cells.length);
});
