import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel, Meeting } from '../src/contract/generated.ts';
import { forgetLevels, levelOf, sourceKey, takeLevels } from '../src/state/levels.ts';
import { silentMicrophones, unheardRoutes } from '../src/state/silence.ts';
import { placeNodes, relayNodes } from '../src/technician/relay.ts';
import { sourcesOf } from '../src/technician/sources.ts';
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

test('sources: the floor, the desks on the air, the feeds, each with what carries it', () => {
    const now: Meeting = {
        ...speaking(0),
        feeds: [{ id: 'hall', target: 'none', position: 0, sound: true, picture: false, since: 0 }],
    };
    const rows = sourcesOf(withChannel(now, { id: 'ru', state: 'interpreted', feed: 'hall', holder: '' }));
    assert.deepEqual(
        rows.map((one) => [one.key, one.carriedBy]),
        [
            ['person:ana', ['floor']],
            ['person:ines', ['fr']],
            ['feed:hall', ['ru']],
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
