// What a page notices of its own sound: nothing arrives where something is due, or its open microphone is not acknowledged. On a clock
// of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowWords, type MicrophoneFacts, microphoneWords } from '../src/areas/room_words.ts';
import { connectionWords } from '../src/areas/words.ts';
import type { SlotName } from '../src/contract/generated.ts';
import { RoundTrip } from '../src/media/patience.ts';
import { channelSource, dueSlots } from '../src/state/due.ts';
import {
    FIRST_MAX_MS,
    FLOWS,
    type Flow,
    FlowWatch,
    LOOK_EVERY_MS,
    NOTICED_MAX_MS,
    quietMaxMs,
} from '../src/state/flow.ts';
import * as store from '../src/state/store.ts';
import { aMeeting, person } from './meeting_fixture.ts';

const STEP = LOOK_EVERY_MS;

// A line with one speaker on the first place and one's own open microphone; what is cut no longer counts up.
class Line {
    readonly watch = new FlowWatch();
    due = new Map<SlotName, string>([['floor_1', 'ana']]);
    open = true;
    arrives = true;
    leaves = true;
    reports = true;
    roundTripMs = 0;
    at = 1000;
    #packets = 0;
    #sent = 0;
    #report = 0;

    look(after = STEP): Flow {
        this.at += after;
        this.#packets += this.arrives ? 25 : 0;
        this.#sent += this.leaves ? 25 : 0;
        this.#report += this.reports ? 1 : 0;
        const { at, roundTripMs, due, open } = this;
        const packets = { floor_1: this.#packets };
        const report = String(this.#report);
        return this.watch.note({ at, roundTripMs, due, packets, open, sent: this.#sent, report });
    }

    /** How long until something is wrong; then both are whole again. */
    until(wrong: keyof Flow, step = STEP): number {
        const began = this.at;
        while (this.look(step)[wrong]) {
            assert.ok(this.at - began < 60_000, `${wrong} is never noticed`);
        }
        return this.at - began;
    }
}

const running = (): Line => {
    const line = new Line();
    for (let i = 0; i < 6; i += 1) {
        assert.deepEqual(line.look(), FLOWS);
    }
    return line;
};

test('nothing arrives: said within two seconds, and only that; gone with the next packet', () => {
    const line = running();
    line.arrives = false;
    assert.ok(line.until('arrives') + STEP <= 2000);
    assert.deepEqual(line.look(), { arrives: false, acknowledged: true });
    line.arrives = true;
    assert.deepEqual(line.look(), FLOWS);
});

test('one’s own is not acknowledged: said within two seconds, and only that; gone with the next report', () => {
    const line = running();
    line.reports = false;
    assert.ok(line.until('acknowledged') + STEP <= 2000);
    assert.deepEqual(line.look(), { arrives: true, acknowledged: false });
    line.reports = true;
    assert.deepEqual(line.look(), FLOWS);
});

test('a report that is lost, or the pause between two, is nothing', () => {
    const line = running();
    for (let i = 0; i < 10; i += 1) {
        line.reports = i % 3 === 0; // the server reports each half second
        line.arrives = i % 3 === 0;
        assert.deepEqual(line.look(), FLOWS);
    }
});

test('a far line is given more time', () => {
    const line = running();
    const far = new RoundTrip();
    far.note(2000);
    line.roundTripMs = far.ms;
    line.arrives = false;
    line.reports = false;
    const noticed = line.until('arrives');
    assert.ok(noticed >= quietMaxMs(2000) && noticed <= quietMaxMs(2000) + STEP);
    assert.equal(line.look().acknowledged, false);
});

// A server that sends a packet each 20 ms and a report each half second until it stops, at the other end of a line.
class Server {
    readonly watch = new FlowWatch();
    stopsAt = Number.POSITIVE_INFINITY;
    readonly roundTripMs: number;
    readonly #reports: Every;
    readonly #packets: Every;

    constructor(roundTripMs: number, jitterMs = 0, lost: (report: number) => boolean = () => false) {
        this.roundTripMs = roundTripMs;
        this.#packets = new Every(20, roundTripMs / 2, jitterMs);
        this.#reports = new Every(500, roundTripMs / 2, jitterMs, lost);
    }

    look(at: number): Flow {
        const packets = { floor_1: this.#packets.arrived(at, this.stopsAt) };
        const report = String(this.#reports.arrived(at, this.stopsAt));
        const due = new Map<SlotName, string>([['floor_1', 'ana']]);
        const own = { open: true, sent: Math.floor(at / 20), report };
        return this.watch.note({ at, roundTripMs: this.roundTripMs, due, packets, ...own });
    }
}

// What is sent again and again arrives in its order, each later than the line by up to `jitterMs`, by a plan that is the same each time.
class Every {
    #next = 0;
    #seed = 1;
    #count = 0;
    #due = 0;
    readonly #everyMs: number;
    readonly #lineMs: number;
    readonly #jitterMs: number;
    readonly #lost: (number: number) => boolean;

    constructor(
        everyMs: number,
        lineMs: number,
        jitterMs: number,
        lost: (number: number) => boolean = () => false,
    ) {
        this.#everyMs = everyMs;
        this.#lineMs = lineMs;
        this.#jitterMs = jitterMs;
        this.#lost = lost;
        this.#due = lineMs;
    }

    arrived(at: number, stopsAt: number): number {
        while (this.#due <= at && this.#next * this.#everyMs <= stopsAt) {
            this.#count += this.#lost(this.#next) ? 0 : 1;
            this.#next += 1;
            this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
            const late = this.#jitterMs * (this.#seed / 2 ** 31);
            this.#due = Math.max(this.#due, this.#next * this.#everyMs + this.#lineMs + late);
        }
        return this.#count;
    }
}

const ROUND_TRIPS = [0, 1, 50, 300, 1400];

test('on every line it is noticed within two seconds and a round trip, whenever the page looks', () => {
    for (const roundTripMs of ROUND_TRIPS) {
        for (let after = 0; after < 500; after += 7) {
            const server = new Server(roundTripMs);
            server.stopsAt = 10_000 + after;
            const noticed: Partial<Record<keyof Flow, number>> = {};
            // The page's timers are late by up to 15 ms.
            for (let at = 100, i = 0; at < 20_000; at += STEP + (i % 4) * 5, i += 1) {
                const flow = server.look(at);
                for (const wrong of ['arrives', 'acknowledged'] as const) {
                    noticed[wrong] ??= flow[wrong] ? undefined : at - server.stopsAt;
                }
            }
            for (const took of [noticed.arrives, noticed.acknowledged]) {
                const told = `${roundTripMs} ms, stopped after ${after}: ${took}`;
                assert.ok(took !== undefined && took > 0 && took <= NOTICED_MAX_MS + roundTripMs, told);
            }
        }
    }
});

test('no line alarms falsely by packets that are late by up to 400 ms, nor by a report lost besides', () => {
    const seventh = (report: number) => report % 7 === 3;
    for (const roundTripMs of ROUND_TRIPS) {
        for (const lost of [() => false, seventh]) {
            const server = new Server(roundTripMs, 400, lost);
            for (let at = 2000, i = 0; at < 600_000; at += STEP + (i % 4) * 5, i += 1) {
                assert.deepEqual(server.look(at), FLOWS, `${roundTripMs} ms, at ${at}`);
            }
        }
    }
});

test('a source of which nothing came yet has its microphone to open first', () => {
    const line = running();
    line.arrives = false;
    line.due = new Map([['floor_1', 'bo']]);
    assert.ok(line.until('arrives') > FIRST_MAX_MS);
});

test('what is not due, and who does not send, is not missed', () => {
    const line = running();
    line.arrives = false;
    line.due = new Map();
    line.reports = false;
    line.leaves = false; // a device that gives nothing: the server says so
    for (let i = 0; i < 20; i += 1) {
        assert.deepEqual(line.look(), FLOWS);
    }
    line.leaves = true;
    line.open = false;
    for (let i = 0; i < 20; i += 1) {
        assert.deepEqual(line.look(), FLOWS);
    }
});

test('a page that was asleep blames nobody for the time', () => {
    const line = running();
    line.arrives = false;
    line.reports = false;
    assert.deepEqual(line.look(3_600_000), FLOWS);
    line.arrives = true;
    line.reports = true;
    assert.deepEqual(line.look(), FLOWS);
});

test('another connection begins anew', () => {
    const line = running();
    line.arrives = false;
    line.until('arrives');
    line.watch.reset();
    assert.deepEqual(line.look(), FLOWS);
});

const FRENCH = { id: 'fr', state: 'interpreted', auto_floor: true, holder: 'ines' } as const;

test('due is who is open, is not oneself, and is not said to be silent', () => {
    const now = aMeeting();
    now.floor = [
        { participant: 'ana', opened_at: 1, position: 1 },
        { participant: 'chair', opened_at: 2, position: 2 },
    ];
    const heard = { slot: 'language', channel: null } as const;
    const dueTo = (own: string) => Object.fromEntries(dueSlots(now, own, heard));
    assert.deepEqual(dueTo('bo'), { floor_1: 'ana', floor_2: 'chair' });
    assert.deepEqual(dueTo('chair'), { floor_1: 'ana' });
    now.floor[0] = { participant: 'ana', opened_at: 1, position: 1, silence: 'no_packets' };
    assert.deepEqual(dueTo('chair'), {});
    const feed = { id: 'hall', target: 'floor', position: 1, sound: true, picture: false, since: 1 } as const;
    now.feeds = [feed];
    assert.deepEqual(dueTo('chair'), { floor_1: 'feed hall' });
    now.feeds = [{ ...feed, sound: false }];
    assert.deepEqual(dueTo('chair'), {});
});

test('a language is due while its interpreter is on and delivers', () => {
    const now = aMeeting();
    const ines = (microphone: 'on' | 'cough') =>
        now.participants.splice(
            3,
            1,
            person('ines', { capacity: 'interpreter', language: 'fr', microphone }),
        );
    const desk = now.booths[0]?.desks[0];
    assert.ok(desk !== undefined);
    ines('on');
    assert.equal(channelSource(now, FRENCH, 'bo'), 'ines');
    assert.equal(channelSource(now, FRENCH, 'ines'), '');
    assert.equal(channelSource(now, { ...FRENCH, state: 'floor' }, 'bo'), '');
    desk.silence = 'no_sound';
    assert.equal(channelSource(now, FRENCH, 'bo'), '');
    delete desk.silence;
    ines('cough');
    assert.equal(channelSource(now, FRENCH, 'bo'), '');
    const relay = { slot: 'relay', channel: { ...FRENCH, feed: 'hall' } } as const;
    now.feeds = [{ id: 'hall', target: 'floor', position: 0, sound: true, picture: false, since: 1 }];
    assert.deepEqual([...dueSlots(now, 'bo', relay)], [['relay', 'feed hall']]);
});

test('while it lasts nothing says that all is well', () => {
    store.shownStream().takeSnapshot(aMeeting(), 1);
    store.setPhase({ phase: 'live', since: 0, reason: '' });
    const facts = { open: true, cough: false, hasDevice: true } as const;
    const said = (flow: Flow) => {
        store.setFlow(flow);
        const more = {
            place: 0,
            sitting: 'open',
            mayAsk: true,
            connected: true,
            soundGoesOn: false,
        } as const;
        const known: MicrophoneFacts = { ...facts, ...more, flows: flow.arrives && flow.acknowledged };
        return [
            connectionWords(store.connectionQuality.value, 0).key,
            microphoneWords(known).key,
            ...flowWords(flow),
        ];
    };
    assert.deepEqual(said(FLOWS), ['connection.good', 'microphone.open']);
    assert.deepEqual(said({ arrives: false, acknowledged: true }), [
        'connection.nothing_arrives',
        'microphone.unsure',
        'flow.nothing_arrives',
    ]);
    assert.deepEqual(said({ arrives: true, acknowledged: false }), [
        'connection.not_acknowledged',
        'microphone.unsure',
        'flow.not_acknowledged',
    ]);
    assert.deepEqual(flowWords({ arrives: false, acknowledged: false }), [
        'flow.not_acknowledged',
        'flow.nothing_arrives',
    ]);
    // The server's own word goes before what this page measures.
    store.shownStream().soundOut.value = 1;
    assert.equal(store.connectionQuality.value, 'no-sound');
    store.shownStream().soundOut.value = 0;
    store.setFlow(FLOWS);
});
