// A picture begins small and grows; and rests while the server says that the line does not carry it.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { CAMERA_STEPS, Ramp, type RampSender } from '../src/media/ramp.ts';

mock.timers.enable({ apis: ['setTimeout'] });

class FakeSender {
    encodings = [
        { rid: 'l', scaleResolutionDownBy: 4 },
        { rid: 'm', scaleResolutionDownBy: 2 },
        { rid: 'h' },
    ] as RTCRtpEncodingParameters[];
    set: number[][] = [];
    refuses = false;
    getParameters() {
        return { encodings: this.encodings.map((one) => ({ ...one })) } as RTCRtpSendParameters;
    }
    async setParameters(parameters: RTCRtpSendParameters) {
        if (this.refuses) {
            throw new Error('not now');
        }
        this.encodings = parameters.encodings;
        this.set.push(this.now());
    }
    now() {
        return this.encodings.map((one) => (one.active ? (one.maxBitrate ?? 0) : 0));
    }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function pass(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
        mock.timers.tick(1500);
        await settled();
    }
}

test('a camera begins with one small layer and adds one after the other', async () => {
    const sender = new FakeSender();
    const ramp = new Ramp(sender as unknown as RampSender, CAMERA_STEPS);
    await ramp.start();
    assert.deepEqual(sender.now(), [30_000, 0, 0]);
    assert.equal(sender.encodings[0]?.scaleResolutionDownBy, 8);
    assert.equal(sender.encodings[0]?.maxFramerate, 8);
    await pass(20);
    assert.deepEqual(
        sender.set,
        CAMERA_STEPS.map((step) => step.bits),
    );
    assert.deepEqual(
        sender.encodings.map((one) => one.scaleResolutionDownBy),
        [4, 2, 1],
    );
    assert.equal(sender.encodings[0]?.maxFramerate, 60);
    // Never more than two and a half times as much at a step.
    const totals = sender.set.map((step) => step.reduce((sum, one) => sum + one, 0));
    assert.ok(totals.every((total, i) => i === 0 || total <= 2.5 * (totals[i - 1] ?? 0)));
    assert.deepEqual(sender.now(), [150_000, 500_000, 1_500_000]);
});

test('held: nothing is sent, and then it begins anew', async () => {
    const sender = new FakeSender();
    const ramp = new Ramp(sender as unknown as RampSender, CAMERA_STEPS);
    await ramp.start();
    await pass(3);
    ramp.hold(true);
    await settled();
    assert.deepEqual(sender.now(), [0, 0, 0]);
    await pass(10);
    assert.deepEqual(sender.now(), [0, 0, 0]);
    ramp.hold(false);
    await settled();
    assert.deepEqual(sender.now(), [30_000, 0, 0]);
    await pass(1);
    assert.deepEqual(sender.now(), [60_000, 0, 0]);
    ramp.stop();
    await pass(5);
    assert.deepEqual(sender.now(), [60_000, 0, 0]);
    // Held while it rests: the next beginning knows.
    ramp.hold(true);
    await ramp.start();
    assert.deepEqual(sender.now(), [0, 0, 0]);
});

test('the voice makes room while a picture is small, and has all of it again when it grows, ends or is held', async () => {
    const sender = new FakeSender();
    let changes = 0;
    const ramp = new Ramp(sender as unknown as RampSender, CAMERA_STEPS, () => {
        changes += 1;
    });
    await ramp.start();
    assert.equal(ramp.voice, 14_000);
    await pass(4);
    assert.equal(ramp.voice, 14_000);
    ramp.hold(true);
    assert.equal(ramp.voice, undefined);
    ramp.hold(false);
    await settled();
    assert.equal(ramp.voice, 14_000);
    await pass(6);
    assert.equal(ramp.voice, undefined);
    ramp.stop();
    await ramp.start();
    ramp.stop();
    assert.equal(ramp.voice, undefined);
    assert.equal(changes, 6, 'told when it differs');
});

test('a line that a whole voice has shown to be wide is not asked with a first look', async () => {
    const sender = new FakeSender();
    const ramp = new Ramp(
        sender as unknown as RampSender,
        CAMERA_STEPS,
        () => {},
        () => true,
    );
    await ramp.start();
    assert.deepEqual(sender.now(), [150_000, 0, 0]);
    assert.equal(sender.encodings[0]?.scaleResolutionDownBy, 4);
    ramp.stop();
});

test('a browser that does not change encodings sends as was agreed', async () => {
    const sender = new FakeSender();
    sender.refuses = true;
    await new Ramp(sender as unknown as RampSender, CAMERA_STEPS).start();
    assert.deepEqual(sender.set, []);
});
