import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandVerdict, networkVerdict, soundVerdict } from '../src/media/check.ts';
import { microphoneConstraints, stateOfError } from '../src/media/devices.ts';
import { decibels, levelOf, toneLevel } from '../src/media/measure.ts';
import { encodingsOf } from '../src/media/peer.ts';
import { compare, qualityOf, type Reading, type SlotCounters, settle } from '../src/media/statistics.ts';

const RATE = 48000;

function sine(parts: [frequency: number, amplitude: number][], count = 4096): Float32Array {
    return Float32Array.from({ length: count }, (_, n) =>
        parts.reduce((sum, [f, a]) => sum + a * Math.sin((2 * Math.PI * f * n) / RATE), 0),
    );
}

test('a tone is measured within 0.2 dB, another one 100 Hz away is 80 dB down', () => {
    for (const frequency of [300, 440, 1000.5, 3000]) {
        const samples = sine([[frequency, 0.5]]);
        assert.ok(Math.abs(toneLevel(samples, RATE, frequency) - decibels(0.5)) < 0.2);
        assert.ok(toneLevel(samples, RATE, frequency + 100) < decibels(0.5) - 80);
    }
});

test('a tone 60 dB below another is still measured', () => {
    const samples = sine([
        [440, 0.5],
        [880, 0.0005],
    ]);
    assert.ok(Math.abs(toneLevel(samples, RATE, 880) - decibels(0.0005)) < 1);
});

test('silence is -200 dB, and a meter rests at 0', () => {
    const silence = new Float32Array(1024);
    assert.equal(toneLevel(silence, RATE, 440), -200);
    assert.equal(levelOf(silence), 0);
    assert.equal(levelOf(new Float32Array(1024).fill(1)), 1);
    assert.equal(levelOf(new Float32Array(0)), 0);
});

test('no gain control, no noise suppression; echo is cancelled only for a loudspeaker', () => {
    assert.deepEqual(microphoneConstraints('abc', false), {
        deviceId: { exact: 'abc' },
        autoGainControl: false,
        noiseSuppression: false,
        echoCancellation: false,
        channelCount: 1,
        sampleRate: 48000,
    });
    assert.equal(microphoneConstraints('', true).echoCancellation, true);
    assert.equal('deviceId' in microphoneConstraints('', true), false);
});

test('why a device did not open', () => {
    const of = (name: string) => stateOfError(new DOMException('', name));
    assert.deepEqual(
        [
            of('NotAllowedError'),
            of('NotFoundError'),
            of('NotReadableError'),
            of('TypeError'),
            stateOfError(null),
        ],
        ['denied', 'missing', 'busy', 'failed', 'failed'],
    );
});

test('the camera has three encodings, the smallest first', () => {
    assert.deepEqual(
        encodingsOf('camera').map((one) => [one.rid, one.scaleResolutionDownBy]),
        [
            ['l', 4],
            ['m', 2],
            ['h', 1],
        ],
    );
    assert.equal(encodingsOf('microphone').length, 1);
});

test('the verdicts of the entrance', () => {
    assert.equal(soundVerdict(false, 1, true).code, 'sound-closed');
    assert.equal(soundVerdict(true, 0.05, true).code, 'sound-silent');
    assert.equal(soundVerdict(true, 0.3, true).verdict, 'fair');
    assert.equal(soundVerdict(true, 0.7, true).verdict, 'good');
    // Nobody knows whether a voice arrives that has no way to the server.
    assert.equal(soundVerdict(true, 0.7, false).code, 'sound-here');
    const fine = { connected: true, blockedPort: 0, joinMs: 300, roundTripMs: 40, loss: 0, protocol: 'udp' };
    assert.equal(networkVerdict(fine).verdict, 'good');
    assert.equal(networkVerdict({ ...fine, connected: false }).code, 'network-none');
    assert.deepEqual(networkVerdict({ ...fine, connected: false, blockedPort: 8443 }), {
        verdict: 'poor',
        code: 'network-blocked',
        values: { port: 8443 },
    });
    assert.equal(networkVerdict({ ...fine, loss: 0.05 }).verdict, 'fair');
    assert.equal(networkVerdict({ ...fine, loss: 0.2 }).verdict, 'poor');
    assert.equal(networkVerdict({ ...fine, roundTripMs: 400 }).code, 'network-slow');
    assert.equal(networkVerdict({ ...fine, protocol: 'tcp' }).code, 'network-tcp');
    assert.deepEqual(
        [0, 1e5, 1e6, 1e7].map((bits) => bandVerdict(bits).verdict),
        ['none', 'poor', 'fair', 'good'],
    );
});

test('a rate is told in two figures, from two megabits on in megabits', () => {
    assert.deepEqual(bandVerdict(87_654).values, { kilobits: 88 });
    assert.deepEqual(bandVerdict(1_234_567).values, { kilobits: 1200 });
    assert.deepEqual(bandVerdict(2_345_678).values, { megabits: 2.3 });
    assert.deepEqual(bandVerdict(123_456_789).values, { megabits: 120 });
});

function slot(part: Partial<SlotCounters>): SlotCounters {
    return {
        packets: 0,
        lost: 0,
        bytes: 0,
        jitterMs: 0,
        samples: 0,
        concealed: 0,
        audiblyConcealed: 0,
        framesDecoded: 0,
        jitterBufferMs: 0,
        ...part,
    };
}

function reading(at: number, part: Partial<Reading>): Reading {
    return {
        at,
        roundTripMs: 20,
        availableUpBits: 0,
        localCandidate: 'host',
        remoteCandidate: 'host',
        protocol: 'udp',
        slots: {},
        tracks: {},
        ...part,
    };
}

test('what happened between two readings', () => {
    const before = reading(1000, {
        slots: { floor_1: slot({ packets: 100, bytes: 1000, samples: 96000 }) },
    });
    const after = reading(3000, {
        slots: {
            floor_1: slot({
                packets: 190,
                lost: 10,
                bytes: 3500,
                samples: 192000,
                audiblyConcealed: 9600,
                jitterMs: 7,
            }),
        },
        tracks: {
            microphone: {
                packets: 100,
                bytes: 16000,
                framesEncoded: 0,
                streams: { a: { packets: 100, loss: 0.02 } },
                roundTripMs: 30,
            },
        },
    });
    const measured = compare(before, after, 250, 1);
    assert.equal(measured.lossDown, 0.1);
    assert.equal(measured.concealed, 0.1);
    assert.equal(measured.bitsDown, 10_000);
    assert.equal(measured.bitsUp, 64_000);
    assert.equal(measured.lossUp, 0.02);
    assert.equal(measured.jitterMs, 7);
});

test('a slot that carries nothing is no damage', () => {
    const before = reading(1000, { slots: { language: slot({ packets: 50, samples: 1000 }) } });
    const after = reading(3000, {
        slots: { language: slot({ packets: 50, samples: 97000, audiblyConcealed: 96000 }) },
    });
    const measured = compare(before, after, 250, 1);
    assert.equal(measured.concealed, 0);
    assert.equal(qualityOf(measured, false), 'good');
});

test('the loss of a layer that rests is not that of the line', () => {
    const camera = (packets: number, small: number) => ({
        camera: {
            packets,
            bytes: 0,
            framesEncoded: 0,
            // The large layer stopped when a fifth of it was lost: browsers go on saying so.
            streams: { large: { packets: 50, loss: 0.2 }, small: { packets: small, loss: 0.01 } },
            roundTripMs: 30,
        },
    });
    const before = reading(1000, { tracks: camera(150, 100) });
    const after = reading(3000, { tracks: camera(250, 200) });
    assert.equal(compare(before, after, 250, 1).lossUp, 0.01);
});

test('numbers become words', () => {
    const fine = compare(reading(0, {}), reading(2000, {}), 250, 1);
    assert.equal(qualityOf(fine, false), 'good');
    assert.equal(qualityOf({ ...fine, lossDown: 0.05 }, false), 'weak');
    assert.equal(qualityOf({ ...fine, roundTripMs: 800 }, false), 'weak');
    assert.equal(qualityOf({ ...fine, lossUp: 0.2 }, false), 'weak');
    assert.equal(qualityOf({ ...fine, framesPerSecond: 0 }, true), 'weak');
});

test('a word gets worse after two readings and better after three', () => {
    const words = (
        ['weak', 'good', 'weak', 'weak', 'good', 'good', 'weak', 'good', 'good', 'good'] as const
    ).map(settle);
    assert.deepEqual(words, ['good', 'good', 'good', 'weak', 'weak', 'weak', 'weak', 'weak', 'weak', 'good']);
});
