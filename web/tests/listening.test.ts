import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriesFloor, isByHand } from '../src/state/booths.ts';
import {
    alone,
    BALANCE_PRESETS,
    isServed,
    mix,
    mixOf,
    parse,
    type ServedFacts,
    setAlone,
    setListening,
} from '../src/state/listening.ts';

test('the balance: only the floor rises to the middle, then only the language falls', () => {
    assert.deepEqual(mixOf('interpreted', BALANCE_PRESETS.interpretation), { floor: 0, language: 1 });
    assert.deepEqual(mixOf('interpreted', BALANCE_PRESETS.both), { floor: 1, language: 1 });
    assert.deepEqual(mixOf('interpreted', BALANCE_PRESETS.floor), { floor: 1, language: 0 });
    let before = mixOf('interpreted', 0);
    for (let where = 0.05; where <= 1.001; where += 0.05) {
        const next = mixOf('interpreted', where);
        assert.ok(next.floor >= before.floor && next.language <= before.language);
        assert.ok(next.floor <= 1 && next.language >= 0);
        before = next;
    }
});

test('the floor behind the interpretation is more than 20 dB down', () => {
    const { floor, language } = mixOf('interpreted', BALANCE_PRESETS.floorBehind);
    assert.equal(language, 1);
    assert.ok(20 * Math.log10(floor) < -20 && floor > 0);
});

test('a channel that carries the floor is heard by the floor slots alone, whatever the balance', () => {
    for (const where of [0, 0.5, 1]) {
        assert.deepEqual(mixOf('floor', where), { floor: 1, language: 0 });
    }
});

test('a channel that a technician routed by hand is heard by its own slot alone', () => {
    for (const where of [0, 0.5, 1]) {
        assert.deepEqual(mixOf('by_hand', where), { floor: 0, language: 1 });
    }
    const channel = { id: 'fr', state: 'floor', auto_floor: true, holder: 'technician' } as const;
    assert.equal(carriesFloor(channel), true);
    assert.equal(carriesFloor({ ...channel, forced: true }), false);
    assert.equal(isByHand({ ...channel, forced: true }), true);
    assert.equal(isByHand({ ...channel, holder: '', forced: true }), false); // silenced by hand
});

test('one source alone is heard by the slot of the language, without the floor, until a channel is chosen', () => {
    setListening('floor');
    const before = mix.value;
    setAlone({ feed: 'hall' });
    assert.deepEqual(mix.value, { floor: 0, language: 1 });
    setAlone(null);
    assert.deepEqual(mix.value, before);
    setAlone({ participant: 'ana' });
    setListening('fr');
    assert.equal(alone.value, null);
    setListening('floor');
});

test('what was stored is taken back, and repaired where it makes no sense', () => {
    const stored = { channel: 'ru', balance: 0.3, volume: 0.8, softMs: 1000, fallback: 'en' };
    assert.deepEqual(parse(JSON.stringify(stored), 'en'), stored);
    assert.deepEqual(parse(null, 'en'), {
        channel: 'en',
        balance: 0,
        volume: 1,
        softMs: 300,
        fallback: 'none',
    });
    assert.deepEqual(
        parse('{"channel":"xx","balance":7,"volume":"loud","softMs":-7,"fallback":"yy"}', 'fr'),
        {
            channel: 'fr',
            balance: 1,
            volume: 1,
            softMs: 300,
            fallback: 'none',
        },
    );
    assert.deepEqual(parse('not json', 'floor').channel, 'floor');
    assert.deepEqual(parse('null', 'floor').channel, 'floor');
});

test('a language is served when it is interpreted, or spoken on the floor that it carries', () => {
    const silent = { id: 'zh', state: 'silent', auto_floor: false } as const;
    const facts: ServedFacts = { channel: silent, floorHeard: true, spoken: 'fr' };
    assert.equal(isServed(facts, true), false);
    assert.equal(isServed({ ...facts, spoken: 'zh' }, true), false); // spoken, and not carried
    const floor = { ...silent, state: 'floor', auto_floor: true } as const;
    assert.equal(isServed({ ...facts, channel: floor, spoken: 'zh' }, false), true);
    assert.equal(isServed({ ...facts, channel: floor }, true), false);
    const interpreted = { ...silent, state: 'interpreted', holder: 'li' } as const;
    assert.equal(isServed({ ...facts, channel: interpreted }, false), true);
    // The interpreter's microphone is open and gives nothing.
    assert.equal(isServed({ ...facts, channel: { ...interpreted, unserved_since: 1 } }, true), false);
    // A technician has put it there.
    assert.equal(isServed({ ...facts, channel: { ...floor, forced: true, holder: 'jo' } }, false), true);
});

test('while nobody speaks, or nobody knows what, it stays as it was', () => {
    const silent = { id: 'zh', state: 'silent', auto_floor: false } as const;
    for (const before of [true, false]) {
        assert.equal(isServed({ channel: silent, floorHeard: false, spoken: 'fr' }, before), before);
        assert.equal(isServed({ channel: silent, floorHeard: true, spoken: 'none' }, before), before);
    }
});
