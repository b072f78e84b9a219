// How long interventions may last: of what the meeting says the narrowest that fits, and what is left of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpeakingTime } from '../src/contract/generated.ts';
import { leftOf, minutesAndSeconds } from '../src/elements/duration.ts';
import { secondsAllowed, secondsOf, widerSeconds } from '../src/state/speaking_times.ts';
import * as store from '../src/state/store.ts';
import { aMeeting, person } from './meeting_fixture.ts';

const GENERAL: SpeakingTime = { id: 1, kind: 'everybody', seconds: 300 };
const OBSERVERS: SpeakingTime = { id: 2, kind: 'observer', seconds: 240 };
const ITEM: SpeakingTime = { id: 3, item: 'i1', kind: 'everybody', seconds: 180 };
const BOTH: SpeakingTime = { id: 4, item: 'i1', kind: 'observer', seconds: 120 };
const ALL = [GENERAL, OBSERVERS, ITEM, BOTH];

test('the narrowest that fits holds: item and kind, item, kind, in general, and without any there is no limit', () => {
    assert.equal(secondsAllowed(ALL, 'i1', 'observer'), 120);
    assert.equal(secondsAllowed([GENERAL, OBSERVERS, ITEM], 'i1', 'observer'), 180);
    assert.equal(secondsAllowed(ALL, 'i2', 'observer'), 240);
    assert.equal(secondsAllowed(ALL, '', 'observer'), 240);
    assert.equal(secondsAllowed(ALL, 'i1', 'member'), 180);
    assert.equal(secondsAllowed(ALL, 'i2', 'member'), 300);
    assert.equal(secondsAllowed([ITEM], 'i2', 'member'), 0);
    assert.equal(secondsAllowed([], 'i1', 'everybody'), 0);
});

test('no limit that is said is narrower than one that is said more widely', () => {
    const free: SpeakingTime = { id: 9, item: 'i1', kind: 'member', seconds: 0 };
    assert.equal(secondsAllowed([...ALL, free], 'i1', 'member'), 0);
});

test('what would hold if this were taken back', () => {
    assert.equal(widerSeconds(ALL, 'i1', 'observer'), 180);
    assert.equal(widerSeconds(ALL, 'i1', 'everybody'), 300);
    assert.equal(widerSeconds(ALL, '', 'observer'), 300);
    assert.equal(widerSeconds(ALL, '', 'everybody'), 0);
    assert.equal(widerSeconds(ALL, 'i2', 'member'), 300);
});

test('a speaker has the time of the own delegation on the item under discussion; who presides has no limit', () => {
    const {
        agenda: [item = null],
        delegations: [delegation],
    } = aMeeting();
    assert.ok(delegation !== undefined);
    const observer = { ...delegation, kind: 'observer' as const };
    assert.equal(secondsOf({ participant: person('a'), delegation: observer }, ALL, item), 120);
    assert.equal(secondsOf({ participant: person('a'), delegation: null }, ALL, item), 180);
    assert.equal(secondsOf({ participant: person('a'), delegation: null }, ALL, null), 300);
    const chair = person('c', { capacity: 'chair' });
    assert.equal(secondsOf({ participant: chair, delegation: observer }, ALL, item), 0);
});

test('what is used and what is left make up what is allowed, at every moment', () => {
    for (let used = 0; used <= 31_000; used += 250) {
        const whole = Math.floor(used / 1000) * 1000;
        assert.equal(whole + leftOf(31_000, used), 31_000, String(used));
    }
    assert.equal(minutesAndSeconds(leftOf(31_000, 31_500)), '0:00');
});

test('two speakers stand by their places, whoever was first', () => {
    const now = {
        ...aMeeting(),
        floor: [
            { participant: 'bo', opened_at: 1, position: 2 },
            { participant: 'ana', opened_at: 2, position: 1 },
        ],
    };
    store.shownStream().takeSnapshot(now, 10);
    assert.deepEqual(
        store.placedPlates.value.map((one) => one.participant.id),
        ['ana', 'bo'],
    );
    assert.equal(store.speakerPlate.value?.participant.id, 'ana');
});
