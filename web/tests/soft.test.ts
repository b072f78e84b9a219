// How another voice comes and goes, in numbers; what is heard of it is measured in browsers (soft.spec.ts).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardVoice, newVoice, nextVoice, SOFT_MS, softRenewal, softSteps } from '../src/media/soft.ts';

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
    let voice = heardVoice(newVoice(), 1e-9);
    assert.equal(voice.power, 0);
    voice = heardVoice(voice, 0.01);
    assert.equal(voice.power, 0.01);
    for (let n = 0; n < 100; n += 1) {
        voice = heardVoice(voice, 0);
    }
    assert.equal(voice.power, 0.01);
    for (let n = 0; n < 300; n += 1) {
        voice = heardVoice(voice, 0.04);
    }
    assert.ok(Math.abs(voice.power - 0.04) < 1e-4);
});

test('a voice that comes in the place of another is known by itself two seconds later', () => {
    let voice = newVoice();
    for (let n = 0; n < 100; n += 1) {
        voice = heardVoice(voice, 0.1);
    }
    voice = nextVoice(voice);
    assert.ok(Math.abs(voice.power - 0.1) < 1e-9, 'until it has been heard it is taken to be as loud');
    // Of the voice before, half a second of sound is still to come.
    for (let n = 0; n < 8; n += 1) {
        voice = heardVoice(voice, 0.1);
    }
    for (let n = 0; n < 25; n += 1) {
        voice = heardVoice(voice, 0.0005);
    }
    assert.ok(Math.abs(voice.power - 0.0005) < 1e-6);
});
