// How another voice comes and goes, in numbers; what is heard of it is measured in browsers (soft.spec.ts).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOFT_MS, softRenewal, softSteps, voiceLevel } from '../src/media/soft.ts';

test('what comes rises over its time, what goes is out of the way sooner', () => {
    assert.deepEqual(softSteps(0, 1, SOFT_MS, 1), [{ gain: 1, ms: 300 }]);
    assert.deepEqual(softSteps(1, 0, SOFT_MS, 1), [{ gain: 0, ms: 50 }]);
    assert.deepEqual(softSteps(1, 0, 0, 1), [{ gain: 0, ms: 0 }]);
    assert.deepEqual(softRenewal(0.8, 300), [
        { gain: 0, ms: 50 },
        { gain: 0.8, ms: 300 },
    ]);
});

test('what is louder than what was heard comes as loud as that, and then rises to its own level', () => {
    assert.deepEqual(softSteps(0, 1, 300, 4), [
        { gain: 0.25, ms: 300 },
        { gain: 1, ms: 2000 },
    ]);
    // What is heard already, quietly, is not made quieter first.
    assert.equal(softSteps(0.5, 1, 300, 4)[0]?.gain, 0.5);
    assert.deepEqual(softSteps(0, 1, 300, 0.3), [{ gain: 1, ms: 300 }]);
});

test('a voice has a level from its first word on, and pauses do not change it', () => {
    let level = voiceLevel(0, 1e-9);
    assert.equal(level, 0);
    level = voiceLevel(level, 0.01);
    assert.equal(level, 0.01);
    for (let n = 0; n < 100; n += 1) {
        level = voiceLevel(level, 0);
    }
    assert.equal(level, 0.01);
    for (let n = 0; n < 200; n += 1) {
        level = voiceLevel(level, 0.04);
    }
    assert.ok(Math.abs(level - 0.04) < 1e-4);
});
