// What a page tells of its own sound.
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

// The audio thread's program is an address for the page; there is none here.
registerHooks({
    resolve: (name, context, next) =>
        name.endsWith('?worker&url')
            ? { url: 'data:text/javascript,export default "";', shortCircuit: true }
            : next(name, context),
});
const { bandwidthOf, SoundSum } = await import('../src/live/sound_report.ts');

test('a voice’s bandwidth ends where it falls 60 dB below its loudest part', () => {
    const spectrum = new Float32Array(4096).fill(-120);
    assert.equal(bandwidthOf(new Float32Array(4096).fill(Number.NEGATIVE_INFINITY), 5.86), 0);
    spectrum[100] = -20;
    spectrum[2000] = -79;
    spectrum[3000] = -81;
    assert.equal(bandwidthOf(spectrum, 48_000 / 8192), Math.round((2000 * 48_000) / 8192));
});

test('pauses do not count, sums begin anew, nothing is not told', () => {
    const sum = new SoundSum();
    assert.equal(sum.take(0), null);
    sum.add(0.0001, 20_000); // a pause, however wide its noise
    assert.equal(sum.take(0), null);
    sum.add(0.1, 9000);
    sum.add(0.1, 12_000);
    sum.add(0.0001, 20_000);
    assert.deepEqual(sum.take(3), { limiter_hits: 3, level_db: 20, bandwidth_hz: 12_000 });
    assert.deepEqual(sum.take(2), { limiter_hits: 2 });
    sum.add(1, 100);
    assert.deepEqual(sum.take(0), { limiter_hits: 0, level_db: 1, bandwidth_hz: 100 });
});
