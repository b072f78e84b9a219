// The test tone: first in one ear, then in the other, as loud as everything is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decibels, toneLevel } from '../src/media/measure.ts';
import { TONE_HERTZ, testTone } from '../src/media/test_tone.ts';

const RATE = 48_000;

function ears(gain: number): { left: Float32Array; right: Float32Array } {
    const samples = new Int16Array(testTone(gain), 44);
    const of = (channel: number) =>
        Float32Array.from({ length: samples.length / 2 }, (_, n) => (samples[2 * n + channel] ?? 0) / 32_768);
    return { left: of(0), right: of(1) };
}

// In the middle of the first half or of the second.
function levelIn(samples: Float32Array, half: 0 | 1): number {
    const middle = Math.round(((2 * half + 1) * samples.length) / 4);
    return toneLevel(samples.subarray(middle - 4096, middle + 4096), RATE, TONE_HERTZ);
}

test('it is heard on the left, then on the right, and never on both', () => {
    const { left, right } = ears(1);
    for (const [ear, own] of [
        [left, 0],
        [right, 1],
    ] as const) {
        assert.ok(levelIn(ear, own) > -25);
        assert.ok(levelIn(ear, own === 0 ? 1 : 0) < -100);
    }
});

test('it follows the volume, and begins and ends in silence', () => {
    const loud = ears(1).left;
    assert.ok(Math.abs(levelIn(loud, 0) - levelIn(ears(0.25).left, 0) + decibels(0.25)) < 0.5);
    assert.equal(loud[0], 0);
    assert.equal(ears(1).right.at(-1), 0);
    assert.ok(Math.max(...ears(0).left) === 0);
});
