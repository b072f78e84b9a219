// The desk's sound, sample by sample: the ceiling holds, the gain falls in time, the ear's energy is right, the past comes again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWeighting, doseOf, Exposure, meanSquareDb } from '../src/media/desk_sound/exposure.ts';
import { amplitudeOf, Limiter } from '../src/media/desk_sound/limiter.ts';
import { CATCH_UP_SPEED, Rewind } from '../src/media/desk_sound/rewind.ts';

const RATE = 48_000;
const BLOCK = 128;

function sine(hertz: number, amplitude: number, seconds: number): Float32Array {
    return Float32Array.from(
        { length: Math.round((seconds * RATE) / BLOCK) * BLOCK },
        (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE),
    );
}

function joined(...parts: Float32Array[]): Float32Array {
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}

// Through something that works on two channels in place, in the audio thread's blocks.
function through(
    machine: { process(l: Float32Array, r: Float32Array): void },
    left: Float32Array,
    right = left,
): [Float32Array, Float32Array] {
    const outLeft = Float32Array.from(left);
    const outRight = Float32Array.from(right);
    for (let at = 0; at < left.length; at += BLOCK) {
        machine.process(outLeft.subarray(at, at + BLOCK), outRight.subarray(at, at + BLOCK));
    }
    return [outLeft, outRight];
}

function peak(samples: Float32Array): number {
    return samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}

function level(samples: Float32Array, hertz: number): number {
    let re = 0;
    let im = 0;
    samples.forEach((sample, i) => {
        re += sample * Math.cos((2 * Math.PI * hertz * i) / RATE);
        im += sample * Math.sin((2 * Math.PI * hertz * i) / RATE);
    });
    return 20 * Math.log10(Math.max(1e-9, (2 * Math.hypot(re, im)) / samples.length));
}

const LIMITS = { ceilingDb: -12, sustainedDb: 0 };
const CEILING = amplitudeOf(-12);

test('a step of 20 dB never passes the ceiling, and the gain is down before it comes', () => {
    const limiter = new Limiter(RATE, LIMITS);
    const quiet = sine(1000, amplitudeOf(-20), 0.5);
    const [out] = through(limiter, joined(quiet, sine(1000, 1, 0.5)));
    const most = peak(out);
    console.log(
        `step of 20 dB: highest sample ${(20 * Math.log10(most)).toFixed(3)} dBFS of ${LIMITS.ceilingDb}, look-ahead ${((1000 * limiter.window) / RATE).toFixed(1)} ms`,
    );
    assert.ok(most <= CEILING);
    assert.ok(most > CEILING * 0.97, 'it takes away no more than it must');
    assert.ok((1000 * limiter.window) / RATE < 5);
    // Before the step nothing is touched, but for the delay and the last look-ahead.
    const before = quiet.length - 2 * limiter.window;
    for (let i = limiter.window; i < before; i += 1) {
        assert.ok(Math.abs((out[i] ?? 0) - (quiet[i - limiter.window] ?? 0)) < 1e-6);
    }
    assert.equal(limiter.hits, 1);
});

test('full-scale tones, noise and single clicks never pass the ceiling', () => {
    let state = 1;
    const noise = sine(1, 0, 1).map(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return (4 * state) / 2 ** 32 - 2; // beyond full scale
    });
    const clicks = sine(1, 0, 1);
    for (let i = 100; i < clicks.length; i += 12_001) {
        clicks[i] = i % 2 === 0 ? 1 : -1;
    }
    for (const hertz of [50, 997, 3000, 11_000, 23_000]) {
        assert.ok(peak(through(new Limiter(RATE, LIMITS), sine(hertz, 1, 1))[0]) <= CEILING, `${hertz} Hz`);
    }
    const [left, right] = through(new Limiter(RATE, LIMITS), noise, clicks);
    assert.ok(peak(left) <= CEILING && peak(right) <= CEILING);
    const counted = new Limiter(RATE, LIMITS);
    through(counted, clicks);
    assert.equal(counted.hits, Math.ceil((clicks.length - 100) / 12_001), 'each click is a hit');
});

test('what is quiet passes untouched; the gain comes back after a hit', () => {
    const limiter = new Limiter(RATE, LIMITS);
    const [out] = through(limiter, joined(sine(1000, 1, 0.2), sine(1000, 0.1, 2)));
    assert.ok(Math.abs(level(out.slice(-RATE / 2), 1000) - 20 * Math.log10(0.1)) < 0.05);
    assert.ok(Math.abs(limiter.reductionDb) < 0.05);
});

test('a sustained level above the limit is turned down within seconds', () => {
    const limiter = new Limiter(RATE, { ceilingDb: 0, sustainedDb: -24 });
    const [out] = through(limiter, sine(1000, amplitudeOf(-10), 6)); // root mean square -13
    const settled = out.slice(-RATE);
    const loud = 10 * Math.log10(settled.reduce((sum, one) => sum + one * one, 0) / settled.length);
    console.log(`sustained -13 dBFS becomes ${loud.toFixed(1)} of -24`);
    assert.ok(loud <= -23.5 && loud > -26);
});

test('A-weighting follows the standard table', () => {
    // IEC 61672-1 table 3 and its class 1 limits, which are wider than these bounds below 10 kHz.
    for (const [hertz, decibels, bound] of [
        [31.5, -39.4, 0.7],
        [63, -26.2, 0.5],
        [125, -16.1, 0.4],
        [250, -8.6, 0.3],
        [500, -3.2, 0.3],
        [1000, 0, 0.1],
        [2000, 1.2, 0.3],
        [4000, 1.0, 0.5],
        [8000, -1.1, 1.5],
    ] as const) {
        const weighting = new AWeighting(RATE);
        const out = sine(hertz, 1, 1).map((sample) => weighting.next(sample));
        const second = out.slice(RATE / 2);
        const measured = meanSquareDb(second.reduce((sum, one) => sum + one * one, 0) / second.length);
        assert.ok(
            Math.abs(measured - decibels) < bound,
            `${hertz} Hz: ${measured.toFixed(2)} instead of ${decibels}`,
        );
    }
});

test('a day at 85 dB(A) is one dose, and 3 dB more halve the time', () => {
    assert.ok(Math.abs(doseOf(85, 8 * 3600) - 1) < 1e-12);
    assert.ok(Math.abs(doseOf(88, 4 * 3600) - 1) < 1e-12);
    const exposure = new Exposure();
    exposure.add(0.5, 10); // a full-scale sine
    exposure.add(0.5 / 10 ** 2, 990);
    assert.equal(exposure.seconds, 1000);
    assert.ok(Math.abs(exposure.levelDb - 10 * Math.log10(0.01 + 0.0099)) < 0.01);
});

test('a repeat plays the past at its own pitch, catches up, and ends in the present without a jump', () => {
    const rewind = new Rewind(RATE);
    const seconds = 12;
    // Each second has a tone of its own, so that what is heard tells when it was said.
    const tones = Array.from({ length: 60 }, (_, i) => 300 + 50 * (i % 20));
    const second = (i: number): Float32Array => sine(tones[i] ?? 0, 0.5, 1);
    const before = joined(...Array.from({ length: seconds }, (_, i) => second(i)));
    assert.deepEqual(through(rewind, before)[0], before, 'in the present nothing is changed');
    rewind.back(10);
    const after = joined(...Array.from({ length: 40 }, (_, i) => second(seconds + i)));
    const [out] = through(rewind, after);
    // The first stretch is what was said ten seconds ago: second 2, at its own pitch.
    const piece = out.slice(RATE * 0.2, RATE * 0.6);
    assert.ok(level(piece, tones[2] ?? 0) > -9, 'the tone of ten seconds ago');
    assert.ok(level(piece, tones[12] ?? 0) < -30, 'not that of now');
    const caughtUp = 10 / (CATCH_UP_SPEED - 1);
    assert.ok(caughtUp < 30);
    assert.equal(rewind.behindS, 0);
    assert.deepEqual(out.slice(-RATE * 5), after.slice(-RATE * 5), 'caught up, nothing is changed again');
    // No jump anywhere that a tone of half scale at 1250 Hz does not make itself.
    let steepest = 0;
    for (let i = 1; i < out.length; i += 1) {
        steepest = Math.max(steepest, Math.abs((out[i] ?? 0) - (out[i - 1] ?? 0)));
    }
    console.log(`steepest step while catching up ${steepest.toFixed(3)}`);
    assert.ok(steepest < 0.5 * ((2 * Math.PI * 1250) / RATE) * 2);
});

test('one may go back further, but not to what is no longer kept, and to the present at once', () => {
    const rewind = new Rewind(RATE);
    through(rewind, sine(500, 0.5, 3));
    rewind.back(10);
    assert.ok(rewind.behindS > 2.5 && rewind.behindS <= 3);
    through(rewind, sine(500, 0.5, 60));
    assert.equal(rewind.behindS, 0);
    for (let i = 0; i < 6; i += 1) {
        rewind.back(10);
        through(rewind, sine(500, 0.5, 0.1));
    }
    assert.ok(rewind.behindS > 25 && rewind.behindS < 33, `${rewind.behindS}`);
    rewind.live();
    through(rewind, sine(500, 0.5, 0.1));
    assert.equal(rewind.behindS, 0);
});
