// The answers in words: "Can they hear me?", "When is it my turn?", "How is the connection?", "How much time is left?".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf, sendsMicrophone } from '../src/areas/roles.ts';
import { healthTone, type MicrophoneFacts, microphoneWords, nobodyWords } from '../src/areas/room_words.ts';
import { connectionTone, connectionWords, problemKey } from '../src/areas/words.ts';
import { levelWords, timerTone } from '../src/elements/words.ts';

const CLOSED: MicrophoneFacts = {
    open: false,
    cough: false,
    hasDevice: true,
    place: 0,
    sitting: 'open',
    mayAsk: true,
    connected: true,
    soundGoesOn: false,
    flows: true,
};

test('the microphone line says who hears one and when it is one’s turn', () => {
    const say = (facts: Partial<MicrophoneFacts>) => microphoneWords({ ...CLOSED, ...facts });
    assert.equal(say({}).key, 'microphone.closed');
    assert.equal(say({ sitting: 'suspended' }).key, 'microphone.closed_sitting');
    assert.equal(say({ open: true }).key, 'microphone.open');
    assert.equal(say({ open: true, hasDevice: false }).key, 'microphone.open_no_device');
    assert.equal(say({ open: true, cough: true }).key, 'microphone.cough');
    assert.equal(say({ hasDevice: false, place: 2 }).key, 'microphone.no_device');
    assert.equal(say({ place: 1 }).key, 'microphone.next');
    assert.deepEqual(say({ place: 3 }), { key: 'microphone.waiting', values: { place: 3 } });
    assert.equal(say({ mayAsk: false, hasDevice: false }).key, 'microphone.listen_only');
});

test('nobody is told to be heard while the connection is interrupted', () => {
    assert.equal(microphoneWords({ ...CLOSED, open: true, connected: false }).key, 'microphone.unknown');
});

test('who may still be heard while the connection alone is away is not told that nobody hears', () => {
    const away = { ...CLOSED, connected: false, soundGoesOn: true };
    assert.equal(microphoneWords({ ...away, open: true }).key, 'microphone.unsure');
    assert.equal(microphoneWords({ ...away, open: true, hasDevice: false }).key, 'microphone.unknown');
    assert.equal(microphoneWords(away).key, 'microphone.unknown');
});

test('the connection in words, with the seconds since it broke', () => {
    assert.equal(connectionWords('good', 0).key, 'connection.good');
    assert.deepEqual(connectionWords('reconnecting', 12), {
        key: 'connection.reconnecting',
        values: { seconds: 12 },
    });
    assert.deepEqual(connectionWords('offline', -1).values, { seconds: 0 });
    assert.equal(connectionTone('good'), 'good');
    assert.equal(connectionTone('weak'), 'warn');
    assert.equal(connectionTone('reconnecting'), 'bad');
});

test('the timer warns for the last thirty seconds and then says that it is over', () => {
    assert.equal(timerTone(149_999, 180_000), 'plain');
    assert.equal(timerTone(150_000, 180_000), 'ending');
    assert.equal(timerTone(179_999, 180_000), 'ending');
    assert.equal(timerTone(180_000, 180_000), 'over');
});

test('a connection is bad when sound breaks up, weak when it suffers', () => {
    const healthy = { round_trip_ms: 40, loss_up_permille: 2, loss_down_permille: 0, jitter_ms: 8 };
    assert.equal(healthTone(healthy), 'good');
    assert.equal(healthTone({ ...healthy, loss_up_permille: 30 }), 'warn');
    assert.equal(healthTone({ ...healthy, jitter_ms: 60 }), 'warn');
    assert.equal(healthTone({ ...healthy, loss_down_permille: 100 }), 'bad');
    assert.equal(healthTone({ ...healthy, round_trip_ms: 800 }), 'bad');
});

test('levels have four words', () => {
    assert.deepEqual([0, 0.2, 0.7, 1].map(levelWords), [
        'level.nothing',
        'level.quiet',
        'level.good',
        'level.loud',
    ]);
});

test('refusals without words of their own show what the server said', () => {
    assert.equal(problemKey('conflict'), 'problem.conflict');
    assert.equal(problemKey('set-aside'), 'problem.set_aside');
    assert.equal(problemKey('internal'), 'problem.other');
    assert.equal(problemKey('constructor'), 'problem.other');
});

test('each capacity has its page, and only those who speak have a microphone', () => {
    assert.equal(deskOf('secretary'), 'secretary');
    assert.equal(deskOf('captioner'), 'room');
    assert.equal(deskOf(null), 'room');
    assert.equal(sendsMicrophone('interpreter'), true);
    assert.equal(sendsMicrophone('technician'), false);
    assert.equal(sendsMicrophone('listener'), false);
});

test('where nobody has the floor a pause is called a pause', () => {
    assert.equal(nobodyWords('open', 0), 'stage.nobody');
    assert.equal(nobodyWords('closed', 0), 'stage.nobody');
    assert.equal(nobodyWords('suspended', 0), 'sitting.suspended');
    assert.equal(nobodyWords('suspended', 1_700_000_000_000), 'stage.resumes');
});
