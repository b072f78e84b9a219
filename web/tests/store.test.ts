import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { EventMessage, EventName, Events, Hello } from '../src/contract/generated.ts';
import { mix, recallListening, setBalance, setListening } from '../src/state/listening.ts';
import * as store from '../src/state/store.ts';
import { aMeeting } from './meeting_fixture.ts';

function event<N extends EventName>(seq: number, type: N, data: Events[N]): EventMessage {
    return { seq, at: 100, by: '', type, data } as unknown as EventMessage;
}

function hello(participant: string): Hello {
    return {
        protocol: 1,
        participant,
        meeting: 'demo',
        capacity: 'delegate',
        now: Date.now() + 60_000,
        seq: 10,
        resumed: false,
        plan: { sections: [] },
        may: ['floor.request'],
    };
}

beforeEach(() => {
    store.setSession(null);
    store.takeHello(hello('ana'));
    store.takeSnapshot(aMeeting(), 10);
});

test('who one is, what one may, where one stands in the list', () => {
    assert.equal(store.me.value?.id, 'ana');
    assert.equal(store.plate('ana')?.delegation?.code, 'FRA');
    assert.equal(store.plate('bo')?.delegation, null);
    assert.equal(store.may('floor.request'), true);
    assert.equal(store.may('floor.give'), false);
    assert.equal(store.myRequestPosition.value, 1);
    store.takeEvents([event(11, 'request.removed', { request: 1 })]);
    assert.equal(store.myRequestPosition.value, 0);
});

test('the clock is the server clock; a late ping does not set it back', () => {
    const before = store.serverNow() - Date.now();
    assert.ok(before > 59_000 && before < 61_000);
    store.takeServerTime(Date.now() + 10_000);
    assert.ok(store.serverNow() - Date.now() >= before - 1);
});

test('events are applied once, in order; withheld ones only count', () => {
    assert.equal(store.takeEvents([event(10, 'list.changed', { state: 'closed' })]), true);
    assert.equal(store.meeting.value?.list, 'open');
    assert.equal(store.takeEvents([{ seq: 11, type: 'withheld' }]), true);
    assert.equal(store.sequence.value, 11);
    assert.equal(store.takeEvents([event(12, 'list.changed', { state: 'closed' })]), true);
    assert.equal(store.meeting.value?.list, 'closed');
    assert.equal(store.newestEvent.value?.seq, 12);
});

test('a missing event is noticed and nothing after it is applied', () => {
    assert.equal(store.takeEvents([event(12, 'list.changed', { state: 'closed' })]), false);
    assert.equal(store.meeting.value?.list, 'open');
    assert.equal(store.sequence.value, 10);
});

test('the stage shows the newest speaker who is not in the chair', () => {
    const shown = (): string => store.speakerPlate.value?.participant.id ?? '';
    assert.equal(shown(), '');
    store.takeEvents([event(11, 'microphone.opened', { participant: 'chair', position: 1 })]);
    assert.equal(shown(), 'chair');
    store.takeEvents([event(12, 'microphone.opened', { participant: 'ana', position: 2 })]);
    assert.equal(shown(), 'ana');
    assert.equal(store.iHaveTheFloor.value, true);
    assert.equal(store.iAmOnTheAir.value, true);
    assert.deepEqual(
        store.floorPlates.value.map((one) => one.position),
        [1, 2],
    );
});

test('another session begins with nothing of the one before', () => {
    store.setWantsRoom(true);
    store.setSession({ token: 'other', capacity: 'listener', name: 'Li', expires_at: 1 });
    assert.equal(store.meeting.value, null);
    assert.equal(store.stage.value, 'none');
    assert.equal(store.sequence.value, 0);
});

test('one hears the floor at full level as long as the chosen language carries it', () => {
    const ana = store.me.value;
    assert.ok(ana !== null);
    recallListening('demo', ana);
    setBalance(0);
    assert.deepEqual(mix.value, { floor: 1, language: 0 });
    setListening('fr');
    assert.deepEqual(mix.value, { floor: 1, language: 0 });
    const change = (seq: number, state: 'floor' | 'interpreted' | 'silent'): void => {
        store.takeEvents([event(seq, 'channel.changed', { channel: { id: 'fr', state, auto_floor: true } })]);
    };
    change(11, 'interpreted');
    assert.deepEqual(mix.value, { floor: 0, language: 1 });
    change(12, 'floor');
    assert.deepEqual(mix.value, { floor: 1, language: 0 });
    change(13, 'silent');
    assert.deepEqual(mix.value, { floor: 0, language: 1 });
    setListening('floor');
    assert.deepEqual(mix.value, { floor: 1, language: 0 });
});

test('the connection in words', () => {
    const words = [];
    for (const phase of ['connecting', 'live', 'reconnecting', 'offline', 'ended'] as const) {
        store.setPhase({ phase, since: 0, reason: '' });
        words.push(store.connectionQuality.value);
    }
    assert.deepEqual(words, ['connecting', 'good', 'reconnecting', 'offline', 'ended']);
    store.setPhase({ phase: 'live', since: 0, reason: '' });
    store.setMediaQuality('sound-only', false);
    assert.equal(store.connectionQuality.value, 'sound-only');
    store.setMediaQuality('good', true);
    assert.equal(store.connectionQuality.value, 'reconnecting');
    store.setMediaQuality('good', false);
});
