// A microphone that is refused or lost, and the way back; with devices of the test's own.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';

interface Known {
    id: string;
    label: string;
    group?: string;
}

const BUILT_IN: Known = { id: 'b', label: 'Built-in', group: 'g1' };
const HEADSET: Known = { id: 'h', label: 'Headset', group: 'g2' };
const DESK: Known = { id: 'd', label: 'Desk', group: 'g3' };

class FakeTrack extends EventTarget {
    readonly kind = 'audio';
    muted = false;
    enabled = true;
    stopped = false;
    readonly device: Known;

    constructor(device: Known) {
        super();
        this.device = device;
    }

    get label(): string {
        return this.device.label;
    }

    getSettings(): MediaTrackSettings {
        return { deviceId: this.device.id, groupId: this.device.group ?? '' };
    }

    stop(): void {
        this.stopped = true;
    }
}

class FakeStream {
    readonly tracks: FakeTrack[];

    constructor(track: FakeTrack) {
        this.tracks = [track];
    }

    getTracks(): FakeTrack[] {
        return this.tracks;
    }

    getAudioTracks(): FakeTrack[] {
        return this.tracks;
    }
}

// A machine: what is plugged in, what the browser refuses, and what it was asked.
class Machine extends EventTarget {
    plugged: Known[] = [BUILT_IN];
    refuses: Record<string, string> = {};
    asked: string[] = [];
    tracks: FakeTrack[] = [];
    holds: Promise<void> | null = null;
    /** Answers nothing before it is told to: then the requests wait here, oldest first. */
    silent: (() => void)[] | null = null;

    async enumerateDevices(): Promise<Partial<MediaDeviceInfo>[]> {
        return this.plugged.map(({ id, label, group = '' }) => ({
            kind: 'audioinput',
            deviceId: id,
            label,
            groupId: group,
        }));
    }

    async getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<FakeStream> {
        const wanted = (audio.deviceId as { exact?: string } | undefined)?.exact ?? '';
        this.asked.push(wanted);
        await this.holds;
        await (this.silent && new Promise<void>((done) => this.silent?.push(done)));
        const refused = this.refuses[wanted] ?? this.refuses.all;
        if (refused !== undefined) {
            throw new DOMException('', refused);
        }
        const found = wanted === '' ? this.plugged[0] : this.plugged.find((one) => one.id === wanted);
        if (found === undefined) {
            throw new DOMException('', wanted === '' ? 'NotFoundError' : 'OverconstrainedError');
        }
        const track = new FakeTrack(found);
        this.tracks.push(track);
        return new FakeStream(track);
    }

    change(plugged: Known[]): Promise<void> {
        this.plugged = plugged;
        this.dispatchEvent(new Event('devicechange'));
        return settle();
    }

    /** What browsers do when a cable is pulled: the track ends, then the list is another. */
    async pull(device: Known): Promise<void> {
        this.plugged = this.plugged.filter((one) => one.id !== device.id);
        this.tracks.filter((one) => !one.stopped && one.device.id === device.id).map(end);
        await this.change(this.plugged);
    }

    /** Answers a request that waits. */
    answer(number: number): Promise<void> {
        this.silent?.[number]?.();
        return settle();
    }

    take(): string[] {
        return this.asked.splice(0);
    }
}

function end(track: FakeTrack): void {
    track.stopped = true;
    track.dispatchEvent(new Event('ended'));
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

const machine = new Machine();
const stored = new Map<string, string>();
Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: machine }, configurable: true });
Object.defineProperty(globalThis, 'localStorage', {
    value: {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
    },
    configurable: true,
});
const devices = await import('../src/media/devices.ts');
const microphone = await import('../src/media/microphone.ts');
const { PRESS_MAX_MS, press, forgetPress, tryMicrophone, whenReady } = await import('../src/live/press.ts');
const { microphoneProblem } = await import('../src/areas/device_words.ts');
devices.watchDevices();

const ready = (): boolean => microphoneProblem() === null;
const state = (): string => devices.deviceStates.value.microphone;
const used = (): string => microphone.microphoneUsed.value.label;
const movedTo = (): string[] => {
    const { moved } = microphone;
    return moved.value === null ? [] : [moved.value.former.label, moved.value.now.label];
};
let stop: () => void = () => {};

beforeEach(async () => {
    devices.releaseMicrophone();
    await machine.change([BUILT_IN, HEADSET]);
    stop = microphone.followMicrophone();
    machine.refuses = {};
    machine.holds = null;
    machine.silent = null;
    await microphone.takeMicrophone('h');
    await settle();
    machine.take();
});

afterEach(() => {
    stop();
    forgetPress();
    microphone.forgetMoved();
});

test('denied, then permitted: the press itself opens it and goes on; a second press meanwhile is the same', async () => {
    devices.releaseMicrophone();
    machine.refuses = { all: 'NotAllowedError' };
    let gone = 0;
    const go = (): void => {
        gone += 1;
    };
    whenReady(ready, go);
    await settle();
    assert.deepEqual([gone, state(), press.value, machine.take()], [0, 'denied', 'refused', ['h']]);
    machine.refuses = {};
    whenReady(ready, go);
    whenReady(ready, go);
    assert.equal(press.value, 'waiting');
    await settle();
    assert.deepEqual([gone, state(), press.value, machine.take()], [1, 'open', 'none', ['h']]);
    whenReady(ready, go); // at once, and nothing is asked
    assert.deepEqual([gone, machine.take()], [2, []]);
});

test('a press joins the question that is open already, and is forgotten when its answer comes late', async (t) => {
    devices.releaseMicrophone();
    let answer: () => void = () => {};
    machine.holds = new Promise((done) => {
        answer = done;
    });
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    let gone = false;
    void devices.openMicrophone();
    whenReady(ready, () => {
        gone = true;
    });
    await settle();
    assert.deepEqual([state(), machine.take()], ['asking', ['h']]);
    now = PRESS_MAX_MS;
    answer();
    await settle();
    assert.deepEqual([state(), press.value, gone], ['open', 'none', false]);
});

test('another program has it: refused in words, another one is taken by a press', async () => {
    devices.releaseMicrophone();
    machine.refuses = { h: 'NotReadableError' };
    whenReady(ready, () => assert.fail('nothing is open'));
    await settle();
    assert.deepEqual([state(), press.value, microphoneProblem()], ['busy', 'refused', 'devices.busy']);
    await microphone.takeMicrophone('b');
    assert.deepEqual([state(), used(), microphoneProblem()], ['open', 'Built-in', null]);
});

test('a refused device id opens the system’s own, and stays the preferred one', async () => {
    devices.releaseMicrophone();
    await machine.change([BUILT_IN]);
    machine.take();
    await devices.openMicrophone();
    assert.deepEqual([machine.take(), used()], [['h', ''], 'Built-in']);
    assert.equal(JSON.parse(stored.get('plenary.capture') ?? '{}').microphone, 'h');
    await machine.change([BUILT_IN, HEADSET]);
    await devices.openMicrophone();
    assert.equal(used(), 'Headset');
});

test('what the sign-in knows this device by is not overwritten', async () => {
    stored.set('plenary.devices', '{"claire":"secret"}');
    await microphone.takeMicrophone('b');
    assert.equal(stored.get('plenary.devices'), '{"claire":"secret"}');
});

test('pulled while in use: another one at once, said; back: offered, and taken by a press only', async () => {
    const streams: boolean[] = [];
    const unsubscribe = devices.microphoneStream.subscribe((stream) => streams.push(stream !== null));
    await machine.pull(HEADSET);
    unsubscribe();
    assert.deepEqual([state(), used(), movedTo()], ['open', 'Built-in', ['Headset', 'Built-in']]);
    assert.deepEqual(streams, [true, false, true]);
    assert.equal(microphone.formerIsBack.value, false);
    machine.take();
    await machine.change([BUILT_IN, HEADSET]);
    assert.deepEqual([microphone.formerIsBack.value, used(), machine.take()], [true, 'Built-in', []]);
    await microphone.takeFormer();
    assert.deepEqual([used(), movedTo(), microphone.formerIsBack.value], ['Headset', [], false]);
    assert.deepEqual(
        machine.tracks.filter((one) => !one.stopped).map((one) => one.label),
        ['Headset'],
    );
});

test('gone from the list without a word of its track: the same', async () => {
    await machine.change([BUILT_IN]);
    assert.deepEqual([state(), used(), movedTo()], ['open', 'Built-in', ['Headset', 'Built-in']]);
    assert.equal(machine.tracks.filter((one) => !one.stopped).length, 1);
});

test('the one that was used before goes before the system’s choice', async () => {
    await machine.change([BUILT_IN, DESK, HEADSET]);
    await microphone.takeMicrophone('d');
    await microphone.takeMicrophone('h');
    await machine.pull(HEADSET);
    assert.deepEqual([used(), movedTo()], ['Desk', ['Headset', 'Desk']]);
});

test('one that only stopped for a moment is opened again, without a word', async () => {
    machine.tracks.filter((one) => !one.stopped).map(end);
    await settle();
    assert.deepEqual([state(), used(), movedTo(), machine.take()], ['open', 'Headset', [], ['h']]);
});

test('nothing is left: said; what is plugged in next is taken by itself', async () => {
    await machine.change([HEADSET]);
    await machine.pull(HEADSET);
    assert.deepEqual([state(), microphoneProblem(), movedTo()], ['missing', 'devices.missing', []]);
    await machine.change([HEADSET]);
    assert.deepEqual([state(), used(), movedTo()], ['open', 'Headset', []]);
    await machine.pull(HEADSET);
    await machine.change([DESK]);
    assert.deepEqual([state(), used(), movedTo()], ['open', 'Desk', ['Headset', 'Desk']]);
});

test('the system’s choice is called by its own name, and is no second device', async () => {
    const alias = { id: 'default', label: 'Default - Headset', group: 'g2' };
    await machine.change([alias, BUILT_IN, HEADSET]);
    await microphone.takeMicrophone('');
    await settle();
    assert.equal(used(), 'Headset');
    assert.deepEqual(
        microphone.microphones.value.map((one) => one.label),
        ['Built-in', 'Headset'],
    );
});

test('what the system has chosen is called by its own name, where the browser tells', () => {
    const alias = { id: 'default', label: 'Default - Headset', group: 'g2' };
    const real = ['Built-in', 'Headset'].map((label) => ({ id: label, label, group: label }));
    assert.equal(microphone.systemChoice([alias, ...real]), 'Headset');
    assert.equal(microphone.systemChoice(real), '');
    assert.equal(microphone.systemChoice([alias, ...real].map((one) => ({ ...one, label: '' }))), '');
});

test('what the browser gives after the microphone was given up is closed', async () => {
    devices.releaseMicrophone();
    let answer: () => void = () => {};
    machine.holds = new Promise((done) => {
        answer = done;
    });
    void devices.openMicrophone();
    devices.releaseMicrophone();
    answer();
    await settle();
    assert.equal(state(), 'closed');
    assert.ok(machine.tracks.every((one) => one.stopped));
});

const open = (): string[] => machine.tracks.filter((one) => !one.stopped).map((one) => one.label);

// Lets the time pass that a browser is given.
async function pass(t: TestContext): Promise<void> {
    await settle();
    t.mock.timers.tick(devices.ANSWER_MAX_MS);
    await settle();
}

// A request for the headset that the browser leaves unanswered.
async function hang(t: TestContext): Promise<void> {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    devices.releaseMicrophone();
    machine.silent = [];
    void devices.openMicrophone();
    await settle();
    t.mock.timers.tick(devices.ANSWER_MAX_MS - 1);
    assert.equal(state(), 'asking');
    await pass(t);
    assert.deepEqual([state(), microphoneProblem()], ['unanswered', 'devices.unanswered']);
    machine.take();
}

test('never answered: said; the next try asks anew, the first answer counts, a late one is closed', async (t) => {
    await hang(t);
    const second = devices.openMicrophone();
    await settle();
    assert.deepEqual([state(), machine.take()], ['asking', ['h']]);
    await machine.answer(0);
    assert.deepEqual([state(), await second, open()], ['open', 'open', ['Headset']]);
    const stream = devices.microphoneStream.value;
    await machine.answer(1);
    await pass(t);
    assert.deepEqual([state(), open()], ['open', ['Headset']]);
    assert.equal(devices.microphoneStream.value, stream);
});

test('never answered: another one is taken, and the late track of the first is closed', async (t) => {
    await hang(t);
    const other = microphone.takeMicrophone('b');
    await settle();
    await machine.answer(1);
    await other;
    assert.deepEqual([state(), open()], ['open', ['Built-in']]);
    await machine.answer(0);
    await pass(t);
    assert.deepEqual([state(), open(), used()], ['open', ['Built-in'], 'Built-in']);
});

test('never answered: the first is heard until the other one is there', async (t) => {
    await hang(t);
    void microphone.takeMicrophone('b');
    await settle();
    await machine.answer(0);
    assert.deepEqual([state(), open()], ['open', ['Headset']]);
    await machine.answer(1);
    assert.deepEqual([state(), open()], ['open', ['Built-in']]);
});

test('never answered: the first goes on when the other one fails', async (t) => {
    await hang(t);
    machine.refuses = { b: 'NotReadableError' };
    void microphone.takeMicrophone('b');
    await settle();
    await machine.answer(0);
    await machine.answer(1);
    assert.deepEqual([state(), open()], ['open', ['Headset']]);
});

test('never answered: given up, whatever comes later is closed', async (t) => {
    await hang(t);
    devices.releaseMicrophone();
    await machine.answer(0);
    assert.deepEqual([state(), open()], ['closed', []]);
});

test('never answered: each press asks anew, and what was pressed is done once', async (t) => {
    await hang(t);
    let gone = 0;
    const go = (): void => {
        gone += 1;
    };
    whenReady(ready, go);
    await pass(t);
    assert.deepEqual([state(), press.value, machine.take()], ['unanswered', 'waiting', ['h']]);
    whenReady(ready, go);
    await settle();
    assert.deepEqual(machine.take(), ['h']);
    await machine.answer(1);
    await machine.answer(2);
    await pass(t);
    assert.deepEqual([state(), press.value, gone, open()], ['open', 'none', 1, ['Headset']]);
});

test('never answered: the notice tries again and the press goes on; a press that was closed does not', async (t) => {
    for (const closed of [false, true]) {
        await hang(t);
        let gone = 0;
        whenReady(ready, () => {
            gone += 1;
        });
        await pass(t);
        if (closed) {
            forgetPress();
        }
        void tryMicrophone();
        await settle();
        await machine.answer(2);
        assert.deepEqual([state(), press.value, gone], ['open', 'none', closed ? 0 : 1]);
        await machine.answer(0);
        await machine.answer(1);
        assert.deepEqual(open(), ['Headset']);
        t.mock.timers.reset();
    }
});

test('never answered after a cable was pulled: what is plugged in next is asked for by itself', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    machine.silent = [];
    await machine.pull(HEADSET);
    assert.deepEqual([state(), machine.take().length], ['asking', 1]);
    await pass(t);
    assert.equal(state(), 'unanswered');
    await machine.change([BUILT_IN, HEADSET]);
    assert.deepEqual(machine.take(), ['h']);
    await machine.answer(1);
    assert.deepEqual([state(), used(), movedTo()], ['open', 'Headset', []]);
});
