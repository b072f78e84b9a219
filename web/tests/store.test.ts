import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { EventMessage, EventName, Events, Hello } from '../src/contract/generated.ts';
import { mix, recallListening, setBalance, setListening } from '../src/state/listening.ts';
import * as store from '../src/state/store.ts';
import { aMeeting, localized, person } from './meeting_fixture.ts';

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
    store.shownStream().takeHello(hello('ana'));
    store.shownStream().takeSnapshot(aMeeting(), 10);
});

test('who one is, what one may, where one stands in the list', () => {
    assert.equal(store.me.value?.id, 'ana');
    assert.equal(store.plate('ana')?.delegation?.code, 'FRA');
    assert.equal(store.plate('bo')?.delegation, null);
    assert.equal(store.may('floor.request'), true);
    assert.equal(store.may('floor.give'), false);
    assert.equal(store.myRequestPosition.value, 1);
    store.shownStream().takeEvents([event(11, 'request.removed', { request: 1 })]);
    assert.equal(store.myRequestPosition.value, 0);
});

test('an office of the meeting is found for who has it', () => {
    const office = { id: 'rapporteur', name: localized('Rapporteur') };
    store
        .shownStream()
        .takeEvents([
            event(11, 'office.added', { office }),
            event(12, 'participant.added', { participant: person('eva', { office: 'rapporteur' }) }),
        ]);
    assert.deepEqual(store.plate('eva')?.office, office);
    assert.equal(store.plate('bo')?.office, null);
});

test('the clock is the server clock; a late ping does not set it back', () => {
    const before = store.serverNow() - Date.now();
    assert.ok(before > 59_000 && before < 61_000);
    store.shownStream().takeServerTime(Date.now() + 10_000);
    assert.ok(store.serverNow() - Date.now() >= before - 1);
});

test('the date of this device may be set: the meeting’s time goes on', (t) => {
    const before = store.serverNow();
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 25 * 3_600_000 });
    assert.ok(Math.abs(store.serverNow() - before) < 5_000);
    store.shownStream().takeServerTime(store.serverNow());
    assert.ok(Math.abs(store.serverNow() - before) < 5_000);
});

test('the meeting’s time is followed when it is slewed back, within a minute of pings', () => {
    const before = store.serverNow();
    for (let ping = 0; ping < 12; ping++) {
        store.shownStream().takeServerTime(before - 3000);
    }
    assert.ok(store.serverNow() < before - 2000);
});

test('the end of the access is told until it is renewed, and belongs to one session', () => {
    store.shownStream().expiring.value = { at: 5, stays: true };
    assert.deepEqual(store.expiring.value, { at: 5, stays: true });
    store.setSession({ token: 'another', capacity: 'delegate', participant: 'bo', meeting: 'demo' } as never);
    assert.equal(store.expiring.value, null);
});

test('events are applied once, in order; withheld ones only count', () => {
    assert.equal(store.shownStream().takeEvents([event(10, 'list.changed', { state: 'closed' })]), true);
    assert.equal(store.meeting.value?.list, 'open');
    assert.equal(store.shownStream().takeEvents([{ seq: 11, type: 'withheld' }]), true);
    assert.equal(store.sequence.value, 11);
    assert.equal(store.shownStream().takeEvents([event(12, 'list.changed', { state: 'closed' })]), true);
    assert.equal(store.meeting.value?.list, 'closed');
    assert.equal(store.newestEvent.value?.seq, 12);
});

test('a missing event is noticed and nothing after it is applied', () => {
    assert.equal(store.shownStream().takeEvents([event(12, 'list.changed', { state: 'closed' })]), false);
    assert.equal(store.meeting.value?.list, 'open');
    assert.equal(store.sequence.value, 10);
});

test('the stage shows the newest speaker who is not in the chair', () => {
    const shown = (): string => store.speakerPlate.value?.participant.id ?? '';
    assert.equal(shown(), '');
    store.shownStream().takeEvents([event(11, 'microphone.opened', { participant: 'chair', position: 1 })]);
    assert.equal(shown(), 'chair');
    store.shownStream().takeEvents([event(12, 'microphone.opened', { participant: 'ana', position: 2 })]);
    assert.equal(shown(), 'ana');
    assert.equal(store.iHaveTheFloor.value, true);
    assert.equal(store.iAmOnTheAir.value, true);
    assert.deepEqual(
        store.floorPlates.value.map((one) => one.position),
        [1, 2],
    );
});

test('another session begins with nothing of the one before', () => {
    store.shownStream().setWantsRoom(true);
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
        store
            .shownStream()
            .takeEvents([event(seq, 'channel.changed', { channel: { id: 'fr', state, auto_floor: true } })]);
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

test('sound only is what the server says it does', () => {
    const nothing = { ...store.heldPictures.value };
    const meeting = aMeeting();
    for (const one of meeting.participants) {
        one.camera = one.id === 'chair';
        one.screen = one.id === 'bo';
    }
    store.shownStream().takeSnapshot(meeting, 10);
    store.setPhase({ phase: 'live', since: 0, reason: '' });
    const word = (held: Partial<typeof nothing>): string => {
        store.shownStream().setHeldPictures({ ...nothing, ...held });
        return store.connectionQuality.value;
    };
    assert.equal(word({}), 'good');
    assert.equal(word({ chair_held: true }), 'weak'); // the screen is still there
    assert.equal(word({ chair_held: true, screen_held: true }), 'sound-only');
    assert.equal(word({ own_held: true }), 'sound-only');
    assert.equal(word({ speaker_held: true }), 'good'); // nobody has the floor
    store.shownStream().setHeldPictures();
    assert.equal(store.connectionQuality.value, 'good');
});

test('the connection in words', () => {
    const words = [];
    for (const phase of ['connecting', 'live', 'reconnecting', 'offline', 'ended'] as const) {
        store.setPhase({ phase, since: 0, reason: '' });
        words.push(store.connectionQuality.value);
    }
    assert.deepEqual(words, ['connecting', 'good', 'reconnecting', 'offline', 'ended']);
    store.setPhase({ phase: 'live', since: 0, reason: '' });
    store.setMediaQuality('good', 'connecting', 0);
    assert.equal(store.connectionQuality.value, 'connecting'); // the live line stands, sound is on its way
    store.setMediaQuality('weak', 'up', 0);
    assert.equal(store.connectionQuality.value, 'weak');
    store.setMediaQuality('good', 'reconnecting', 8443);
    assert.equal(store.connectionQuality.value, 'blocked');
    assert.equal(store.blockedPort.value, 8443);
    store.setMediaQuality('good', 'reconnecting', 0);
    assert.equal(store.connectionQuality.value, 'reconnecting');
    // The server's own word goes before what this page measures.
    store.shownStream().soundOut.value = 1_700_000_000_000;
    assert.equal(store.connectionQuality.value, 'no-sound');
    store.setPhase({ phase: 'reconnecting', since: 0, reason: '' });
    assert.equal(store.connectionQuality.value, 'reconnecting');
    store.setPhase({ phase: 'live', since: 0, reason: '' });
    store.shownStream().soundOut.value = 0;
    store.setMediaQuality('good', 'up', 0);
    assert.equal(store.connectionQuality.value, 'good');
});

test('a meeting that is not given now stands still, and says since when and why', () => {
    store.setPhase({ phase: 'live', since: 5, reason: '' });
    store.shownStream().waiting.value = { kind: 'full', since: 40 };
    assert.deepEqual(store.connectionPhase.value, { phase: 'reconnecting', since: 40, reason: '' });
    assert.equal(store.connectionQuality.value, 'reconnecting');
    assert.equal(store.shownWaits.value, 'full');
    assert.equal(store.hasEnded.value, false);
    store.setPhase({ phase: 'offline', since: 50, reason: '' });
    assert.equal(store.connectionPhase.value.since, 50);
    store.shownStream().waiting.value = null;
    assert.equal(store.shownWaits.value, '');
});

test('an interpreter’s open microphone is a sound check while no sitting is open', () => {
    const state = () => store.channel('fr')?.state;
    store.shownStream().takeEvents([
        event(11, 'channel.changed', {
            channel: { id: 'fr', state: 'interpreted', auto_floor: true, holder: 'ines', depth: 1 },
        }),
        event(12, 'sitting.changed', { state: 'open', number: 1 }),
    ]);
    assert.deepEqual(
        [store.soundCheck.value, store.inSoundCheck('fr'), state()],
        [false, false, 'interpreted'],
    );
    store.shownStream().takeEvents([event(13, 'sitting.changed', { state: 'suspended', number: 1 })]);
    // A delegate hears what would be there without: the floor, and nothing when that is silent.
    assert.deepEqual([store.soundCheck.value, store.inSoundCheck('fr'), state()], [true, true, 'floor']);
    assert.equal(store.inSoundCheck('en'), false);
    store
        .shownStream()
        .takeEvents([
            event(14, 'channel.changed', { channel: { id: 'floor', state: 'silent', auto_floor: false } }),
        ]);
    assert.equal(state(), 'silent');
    // What is published into the language is heard all the while: of two feeds the one put there last.
    const feed = (id: string, put_at: number, sound: boolean) => ({
        feed: { id, target: 'fr' as const, position: 0, put_at, sound, picture: false, since: 1 },
    });
    store
        .shownStream()
        .takeEvents([
            event(15, 'feed.added', feed('late', 30, true)),
            event(16, 'feed.added', feed('early', 20, true)),
            event(17, 'feed.added', feed('quiet', 40, false)),
        ]);
    const { holder, feed: heard } = store.channel('fr') ?? {};
    assert.deepEqual([state(), heard, holder], ['interpreted', 'late', '']);
    assert.deepEqual([store.soundCheck.value, store.inSoundCheck('fr')], [true, false]);
    // Those who work with it hear it.
    store.setSession(null);
    const demo = aMeeting();
    store.shownStream().takeHello({ ...hello('tess'), capacity: 'technician' });
    store.shownStream().takeSnapshot(
        {
            ...demo,
            sitting: 'closed',
            channels: demo.channels.map((one) =>
                one.id === 'fr' ? { ...one, state: 'interpreted', holder: 'ines' } : one,
            ),
        },
        10,
    );
    assert.deepEqual([store.inSoundCheck('fr'), state()], [true, 'interpreted']);
});

test('one of the audience is in no list, but while they call for help', () => {
    const me = () => store.me.value;
    const people = aMeeting().participants.length;
    const self = { ...aMeeting().participants[0], id: 'audience-x', capacity: 'listener' as const };
    store.setSession(null);
    store.shownStream().takeHello({ ...hello('audience-x'), capacity: 'listener', self: self as never });
    assert.equal(me(), null);
    store.shownStream().takeSnapshot(aMeeting(), 10);
    assert.equal(me()?.id, 'audience-x');
    assert.equal(store.meeting.value?.participants.length, people);
    store
        .shownStream()
        .takeEvents([
            event(11, 'participant.added', { participant: { ...self, audience: true } as never }),
            event(12, 'help.changed', { participant: 'audience-x', state: 'asked' }),
        ]);
    assert.equal(me()?.help, 'asked');
    assert.equal(store.meeting.value?.participants.length, people + 1);
    store
        .shownStream()
        .takeEvents([event(13, 'participant.removed', { participant: 'audience-x', unlisted: true })]);
    assert.equal(me()?.help, 'none');
    assert.equal(store.meeting.value?.participants.length, people);
});
