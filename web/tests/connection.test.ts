// The live connection on a clock, sockets and chance of its own: nothing here waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hello, Meeting, NoticeMessage } from '../src/contract/generated.ts';
import {
    COMMAND_MAX_MS,
    endReason,
    HELD_MAX_MS,
    type Listener,
    LiveConnection,
    type Outside,
    pauseBefore,
    SILENCE_MAX_MS,
    type StreamListener,
} from '../src/live/connection.ts';
import { Problem } from '../src/live/problem.ts';
import type { ConnectionPhase, EndReason, MeetingEvent } from '../src/state/phase.ts';
import { aMeeting } from './meeting_fixture.ts';

interface FakeSocket {
    path: string;
    protocols: string[];
    sent: Record<string, unknown>[];
    open: boolean;
    say(message: unknown): void;
    break(): void;
}

class World implements Outside, Listener {
    clock = 1000;
    timers: { at: number; action: () => void; id: number }[] = [];
    ids = 0;
    sockets: FakeSocket[] = [];
    network = true;
    refused = false;
    probes = 0;
    ends = 0;
    phases: ConnectionPhase[] = [];
    seq = 0;
    events: MeetingEvent[] = [];
    notices: NoticeMessage[] = [];
    connection = new LiveConnection(this, this, 'demo', 'secret');

    openSocket(path: string, protocols: string[], received: (text: string) => void, closed: () => void) {
        const socket: FakeSocket = {
            path,
            protocols,
            sent: [],
            open: true,
            say: (message) => received(JSON.stringify(message)),
            break: closed,
        };
        this.sockets.push(socket);
        return {
            send: (text: string) => socket.sent.push(JSON.parse(text)),
            close: () => {
                socket.open = false;
            },
        };
    }
    now(): number {
        return this.clock;
    }
    after(ms: number, action: () => void): unknown {
        this.ids += 1;
        this.timers.push({ at: this.clock + ms, action, id: this.ids });
        return this.ids;
    }
    cancel(timer: unknown): void {
        this.timers = this.timers.filter((one) => one.id !== timer);
    }
    random(): number {
        return 0;
    }
    online(): boolean {
        return this.network;
    }
    async isRefused(): Promise<boolean> {
        this.probes += 1;
        return this.refused;
    }
    waits(): void {}
    ended(): void {
        this.ends += 1;
    }
    ready(): void {}
    phaseChanged(phase: ConnectionPhase): void {
        this.phases.push(phase);
    }
    takeHello(_hello: Hello): void {}
    takeSnapshot(_meeting: Meeting, seq: number): void {
        this.seq = seq;
    }
    takeEvents(events: readonly MeetingEvent[]): boolean {
        for (const event of events) {
            if (event.seq !== this.seq + 1) {
                return false;
            }
            this.seq = event.seq;
            this.events.push(event);
        }
        return true;
    }
    takeNotice(notice: NoticeMessage): void {
        this.notices.push(notice);
    }
    takeServerTime(): void {}
    sequence(): number {
        return this.seq;
    }

    /** Lets time pass; what is due happens in order. */
    pass(ms: number): void {
        const end = this.clock + ms;
        for (;;) {
            const due = this.timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
            if (due === undefined) {
                break;
            }
            this.cancel(due.id);
            this.clock = Math.max(this.clock, due.at);
            due.action();
        }
        this.clock = end;
    }
    get socket(): FakeSocket {
        const newest = this.sockets.at(-1);
        assert.ok(newest !== undefined);
        return newest;
    }
    get phase(): string {
        return this.phases.at(-1)?.phase ?? '';
    }
    greet(resumed = false): void {
        this.socket.say({
            hello: {
                protocol: 1,
                participant: 'ana',
                meeting: 'demo',
                capacity: 'delegate',
                now: 0,
                seq: 7,
                resumed,
                plan: { sections: [] },
                may: [],
            },
        });
        if (!resumed) {
            this.socket.say({ snapshot: aMeeting(), seq: 7 });
        }
    }
}

function live(): World {
    const world = new World();
    world.connection.start();
    world.greet();
    return world;
}

/** Lets promises that are settled call back. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const refusedAs = (kind: string) => (thrown: unknown) => thrown instanceof Problem && thrown.kind === kind;

test('the token travels as a subprotocol and never in the address', () => {
    const world = live();
    assert.equal(world.socket.path, '/api/v1/live?meeting=demo');
    assert.deepEqual(world.socket.protocols, ['plenary.v1', 'bearer.secret']);
    assert.equal(world.phase, 'live');
});

test('a ping is answered with its number', () => {
    const world = live();
    world.socket.say({ ping: 77 });
    assert.deepEqual(world.socket.sent, [{ pong: 77 }]);
});

test('after an interruption it resumes from the last event', () => {
    const world = live();
    world.socket.say({ events: [{ seq: 8, type: 'withheld' }] });
    world.socket.break();
    assert.equal(world.phase, 'reconnecting');
    world.pass(200);
    assert.equal(world.sockets.length, 2);
    assert.equal(world.socket.path, '/api/v1/live?meeting=demo&after=8');
    world.greet(true);
    assert.equal(world.phase, 'live');
});

test('a gap ends in a fresh snapshot', () => {
    const world = live();
    const first = world.socket;
    first.say({ events: [{ seq: 9, type: 'withheld' }] });
    assert.equal(first.open, false);
    world.pass(200);
    assert.equal(world.socket.path, '/api/v1/live?meeting=demo');
    world.greet();
    assert.equal(world.phase, 'live');
    world.socket.break();
    world.pass(200);
    assert.equal(world.socket.path, '/api/v1/live?meeting=demo&after=7');
});

test('fifteen seconds of silence are an interruption, a ping before is not', () => {
    const world = live();
    world.pass(SILENCE_MAX_MS - 1);
    world.socket.say({ ping: 1 });
    world.pass(SILENCE_MAX_MS - 1);
    assert.equal(world.phase, 'live');
    world.pass(1);
    assert.equal(world.phase, 'reconnecting');
    assert.equal(world.sockets[0]?.open, false);
});

test('a server that accepts and says nothing is left after eight seconds', () => {
    const world = new World();
    world.connection.start();
    world.pass(8000);
    assert.equal(world.sockets[0]?.open, false);
    world.pass(200);
    assert.equal(world.sockets.length, 2);
});

test('a server that is slow to say hello is given twice as long with each try', () => {
    const world = new World();
    world.connection.start();
    for (const [n, wait] of [8000, 16_000, 32_000, 60_000, 60_000].entries()) {
        assert.equal(world.sockets.length, n + 1);
        world.pass(wait - 1);
        assert.equal(world.sockets[n]?.open, true);
        world.pass(1);
        assert.equal(world.sockets[n]?.open, false);
        while (world.sockets.length === n + 1) {
            world.pass(200);
        }
    }
});

test('patience with answers follows the round trip, which is taken up at once and down slowly', async () => {
    const world = new World();
    world.connection.start();
    world.pass(5600);
    world.greet();
    assert.equal(world.connection.roundTripMs(), 2800);
    let refused = '';
    world.connection.command('floor.request', {}, 'demo').catch((thrown) => {
        refused = thrown.kind;
    });
    world.pass(14_000);
    world.socket.say({ ping: 1 });
    world.pass(2799);
    await settled();
    assert.equal(refused, '');
    world.pass(1);
    await settled();
    assert.equal(refused, 'timeout');
    // Answers that come at once say that the line is near again.
    for (let n = 0; n < 40; n += 1) {
        void world.connection.command('floor.request', {}, 'demo');
        world.socket.say({ reply: n + 2, seq: 7 });
    }
    assert.ok(world.connection.roundTripMs() < 20);
});

test('pauses grow from 0.2 to 5 s and begin again after success', () => {
    const world = live();
    const opened: number[] = [];
    for (let n = 0; n < 8; n += 1) {
        world.socket.break();
        const before = world.clock;
        const count = world.sockets.length;
        while (world.sockets.length === count) {
            world.pass(100);
        }
        opened.push(world.clock - before);
    }
    assert.deepEqual(opened, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    assert.equal(world.phases.filter((one) => one.phase === 'reconnecting').length, 1);
    assert.equal(world.phases.at(-1)?.since, 1000);
    world.greet(true);
    world.socket.break();
    world.pass(200);
    assert.equal(world.sockets.length, 10);
});

test('chance shortens a pause by up to half and never below the first', () => {
    assert.equal(pauseBefore(0, 0.99), 200);
    assert.equal(pauseBefore(3, 0), 1600);
    assert.equal(pauseBefore(3, 1), 800);
    assert.equal(pauseBefore(40, 0), 5000);
});

test('without a network it says so, and tries at once when there is one', () => {
    const world = live();
    world.network = false;
    world.socket.break();
    assert.equal(world.phase, 'offline');
    world.network = true;
    world.connection.retryNow();
    assert.equal(world.sockets.length, 2);
    world.pass(200);
    assert.equal(world.sockets.length, 2);
    world.greet(true);
    assert.equal(world.phase, 'live');
});

test('after a sleep the line is made anew at once, and goes on from the last event', () => {
    const world = live();
    const [before] = world.sockets;
    world.connection.retryNow();
    assert.equal(world.sockets.length, 1, 'a line that stands is left alone');
    world.connection.retryNow(true);
    assert.equal(before?.open, false);
    assert.equal(world.sockets.length, 2);
    assert.match(world.socket.path, /after=/);
    world.greet(true);
    assert.equal(world.phase, 'live');
    world.connection.end('signed-out');
    world.connection.retryNow(true);
    assert.equal(world.sockets.length, 2, 'what has ended does not come back by itself');
});

test('a session that is no longer accepted ends, one that is goes on trying', async () => {
    const world = new World();
    world.connection.start();
    world.socket.break();
    await settled();
    assert.equal(world.probes, 1);
    assert.equal(world.phase, 'connecting');
    world.refused = true;
    world.pass(200);
    world.socket.break();
    await settled();
    assert.deepEqual([world.phase, world.phases.at(-1)?.reason], ['ended', 'refused']);
    world.pass(60_000);
    assert.equal(world.sockets.length, 2);
});

test('the server ends the session: no way back by itself', () => {
    const world = live();
    world.socket.say({ notice: 'session.ended', data: { reason: 'replaced' } });
    assert.deepEqual([world.phase, world.phases.at(-1)?.reason], ['ended', 'replaced']);
    assert.equal(world.notices.length, 1);
    world.pass(60_000);
    world.connection.retryNow();
    assert.equal(world.sockets.length, 1);
    assert.equal(endReason('withdrawn'), 'withdrawn');
    assert.equal(endReason('something new'), 'refused');
});

test('another protocol ends with a reason', () => {
    const world = new World();
    world.connection.start();
    world.socket.say({ hello: { protocol: 2 } });
    assert.equal(world.phases.at(-1)?.reason, 'protocol');
});

test('a command gets its own reply, out of order too', async () => {
    const world = live();
    const join = world.connection.command('media.join', { sdp: 'offer' }, 'demo');
    const ask = world.connection.command('floor.request', {}, 'demo');
    assert.deepEqual(world.socket.sent, [
        { id: 1, command: 'media.join', data: { sdp: 'offer' } },
        { id: 2, command: 'floor.request', data: {} },
    ]);
    world.socket.say({
        reply: 2,
        problem: { type: '/problems/conflict', title: 'Conflict', status: 409, detail: 'the list is closed' },
    });
    world.socket.say({ reply: 1, data: { sdp: 'answer' }, seq: 7 });
    assert.deepEqual(await join, { sdp: 'answer' });
    await assert.rejects(
        ask,
        (thrown) => thrown instanceof Problem && thrown.kind === 'conflict' && thrown.status === 409,
    );
});

test('a command without a reply ends after ten seconds', async () => {
    const world = live();
    const ask = world.connection.command('floor.request', {}, 'demo');
    const refused = assert.rejects(ask, refusedAs('timeout'));
    for (let n = 0; n < COMMAND_MAX_MS / 5000; n += 1) {
        world.pass(4999);
        world.socket.say({ ping: n });
    }
    world.pass(2);
    await refused;
});

test('without a connection a command is refused at once, one under way when it breaks too', async () => {
    const world = live();
    const give = world.connection.command('floor.give', { participant: 'bo' }, 'demo');
    world.socket.break();
    await assert.rejects(give, refusedAs('not-connected'));
    await assert.rejects(
        world.connection.command('desk.microphone', { state: 'on' }, 'demo'),
        refusedAs('not-connected'),
    );
    world.pass(200);
    world.greet(true);
    assert.deepEqual(world.socket.sent, []);
});

test('a harmless command waits for the connection, and is given again when it broke under way', async () => {
    const world = live();
    const yielded = world.connection.command('floor.yield', {}, 'demo');
    world.socket.break();
    const asked = world.connection.command('help.ask', {}, 'demo');
    world.pass(200);
    assert.equal(world.socket.sent.length, 0);
    world.greet(true);
    assert.deepEqual(
        world.socket.sent.map((one) => one.command),
        ['floor.yield', 'help.ask'],
    );
    world.socket.say({ reply: 1, seq: 8 });
    world.socket.say({ reply: 2, seq: 9 });
    assert.deepEqual(await yielded, {});
    await asked;
});

test('a waiting command does not wait for ever', async () => {
    const world = live();
    world.socket.break();
    const asked = assert.rejects(world.connection.command('help.ask', {}, 'demo'), refusedAs('timeout'));
    world.pass(HELD_MAX_MS);
    await asked;
});

test('what an old socket still says is not heard', () => {
    const world = live();
    const old = world.socket;
    world.pass(SILENCE_MAX_MS);
    world.pass(200);
    old.say({ events: [{ seq: 8, type: 'withheld' }] });
    old.break();
    assert.equal(world.events.length, 0);
    assert.equal(world.sockets.length, 2);
});

// ---- Further meetings of one connection

class Other implements StreamListener {
    seq = 0;
    told: string[] = [];
    ready(): void {
        this.told.push('ready');
    }
    takeHello(hello: Hello): void {
        this.told.push(`hello ${hello.meeting}`);
    }
    takeSnapshot(_meeting: Meeting, seq: number): void {
        this.seq = seq;
    }
    takeEvents(events: readonly MeetingEvent[]): boolean {
        const good = events[0]?.seq === this.seq + 1;
        this.seq = good ? (events.at(-1)?.seq ?? 0) : this.seq;
        return good;
    }
    takeNotice(notice: NoticeMessage): void {
        this.told.push(notice.notice);
    }
    takeServerTime(now: number): void {
        this.told.push(`time ${now}`);
    }
    sequence(): number {
        return this.seq;
    }
    waits(problem: Problem): void {
        this.told.push(`waits ${problem.kind} ${problem.field}`);
    }
    ended(reason: EndReason): void {
        this.told.push(`ended ${reason}`);
    }
}

const OTHER = 'meeting/other';

function greetOther(world: World, resumed = false): void {
    const plan = { sections: [] };
    const hello = { protocol: 1, participant: 'b', meeting: 'other', capacity: 'chair', now: 0, seq: 3 };
    world.socket.say({ stream: OTHER, hello: { ...hello, resumed, plan, may: [] } });
    if (!resumed) {
        world.socket.say({ stream: OTHER, snapshot: { ...aMeeting(), id: 'other' }, seq: 3 });
    }
}

function liveInTwo(): { world: World; other: Other } {
    const world = live();
    const other = new Other();
    world.connection.follow('other', other);
    assert.deepEqual(world.socket.sent, [{ id: 1, subscribe: { stream: OTHER } }]);
    greetOther(world);
    world.socket.say({ reply: 1, seq: 3, stream: OTHER });
    world.socket.sent.length = 0;
    return { world, other };
}

test('a further meeting is asked for on the same socket, and its messages go to who follows it', () => {
    const { world, other } = liveInTwo();
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(other.told, ['hello other', 'ready']);
    world.socket.say({ stream: OTHER, events: [{ seq: 4, type: 'withheld' }] });
    world.socket.say({ stream: OTHER, notice: 'media.lost', data: {} });
    world.socket.say({ ping: 70, streams: { [OTHER]: 80 } });
    assert.equal(other.seq, 4);
    assert.deepEqual(other.told.slice(2), ['media.lost', 'time 80']);
    assert.equal(world.events.length, 0);
    assert.equal(world.notices.length, 0);
});

test('a command says its meeting, except in the one of the address', () => {
    const { world } = liveInTwo();
    void world.connection.command('room.enter', {}, 'other').catch(() => {});
    void world.connection.command('room.enter', {}, 'demo').catch(() => {});
    assert.deepEqual(
        world.socket.sent.map((one) => one.stream),
        [OTHER, undefined],
    );
});

test('a meeting that is not there yet takes no commands', async () => {
    const world = live();
    world.connection.follow('other', new Other());
    await assert.rejects(world.connection.command('room.enter', {}, 'other'), refusedAs('not-connected'));
    await assert.rejects(world.connection.command('room.enter', {}, 'nowhere'), refusedAs('not-connected'));
});

test('a new connection asks for each from its own last event', () => {
    const { world } = liveInTwo();
    world.socket.say({ stream: OTHER, events: [{ seq: 4, type: 'withheld' }] });
    world.socket.break();
    world.pass(200);
    assert.equal(world.socket.path, '/api/v1/live?meeting=demo&after=7');
    world.greet(true);
    const wish = world.socket.sent.find((one) => 'subscribe' in one);
    assert.deepEqual(wish?.subscribe, { stream: OTHER, after: 4 });
});

test('an event that is missing in one makes it begin anew', () => {
    const { world } = liveInTwo();
    world.socket.say({ stream: OTHER, events: [{ seq: 9, type: 'withheld' }] });
    world.pass(200);
    world.greet(true);
    const wish = world.socket.sent.find((one) => 'subscribe' in one);
    assert.deepEqual(wish?.subscribe, { stream: OTHER });
});

test('one that ends leaves the others, and the last ends the connection', () => {
    const { world, other } = liveInTwo();
    world.socket.say({ stream: OTHER, notice: 'session.ended', data: { reason: 'removed' } });
    assert.equal(other.told.at(-1), 'ended removed');
    assert.equal(world.phase, 'live');
    world.socket.say({ notice: 'session.ended', data: { reason: 'signed-out' } });
    assert.equal(world.phase, 'ended');
});

test('the one of the address may end first: then another names the next address', () => {
    const { world } = liveInTwo();
    world.socket.say({ notice: 'session.ended', data: { reason: 'removed' } });
    assert.equal(world.ends, 1);
    assert.equal(world.phase, 'live');
    world.socket.break();
    world.pass(200);
    assert.equal(world.socket.path, '/api/v1/live?meeting=other&after=3');
});

function refusedOther(kind: string): { world: World; other: Other } {
    const world = live();
    const other = new Other();
    world.connection.follow('other', other);
    refuseOther(world, kind);
    return { world, other };
}

// The last question for it.
function refuseOther(world: World, kind: string): void {
    const asked = world.socket.sent.filter((one) => 'subscribe' in one).at(-1);
    const problem = { type: `/problems/${kind}`, title: kind, status: 503, field: 'stream' };
    world.socket.say({ reply: asked?.id, problem });
    world.socket.sent.length = 0;
}

test('what one may not follow has ended', () => {
    for (const [kind, reason] of [
        ['forbidden', 'refused'],
        ['not-found', 'refused'],
        ['unauthenticated', 'refused'],
        ['expired', 'expired'],
    ] as const) {
        const { world, other } = refusedOther(kind);
        assert.deepEqual(other.told, [`ended ${reason}`]);
        assert.equal(world.phase, 'live');
        world.pass(14_000);
        assert.ok(!world.socket.sent.some((one) => 'subscribe' in one));
    }
});

test('what is refused for a moment is asked again, less and less often, until it is there', () => {
    for (const kind of ['full', 'unavailable', 'too-many', 'storage', 'set-aside', 'conflict']) {
        const { world, other } = refusedOther(kind);
        assert.deepEqual(other.told, [`waits ${kind} stream`]);
        for (const pause of [400, 800, 1600, 3200]) {
            world.pass(pause - 1);
            assert.ok(!world.socket.sent.some((one) => 'subscribe' in one), `${kind}: too early`);
            world.pass(1);
            refuseOther(world, kind);
        }
        assert.deepEqual(other.told, Array(5).fill(`waits ${kind} stream`));
        world.socket.say({ ping: 70 });
        world.pass(5000);
        greetOther(world);
        assert.equal(other.told.at(-1), 'ready');
        world.socket.break();
        world.pass(200);
        world.greet(true);
        refuseOther(world, kind);
        world.pass(400); // begins with the shortest pause again
        assert.ok(world.socket.sent.some((one) => 'subscribe' in one));
    }
});

test('a new connection asks at once, and once, for what the one before was refused', () => {
    const { world } = refusedOther('full');
    world.socket.break();
    world.pass(200);
    world.greet(true);
    world.pass(3000);
    assert.equal(world.socket.sent.filter((one) => 'subscribe' in one).length, 1);
});

test('a connection that is not let in tries another of its meetings', () => {
    const { world } = liveInTwo();
    world.socket.break();
    world.pass(200);
    world.socket.break(); // no hello
    world.pass(5000);
    assert.equal(world.socket.path, '/api/v1/live?meeting=other&after=3');
});
