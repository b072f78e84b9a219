// What others did to oneself, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventName, Events } from '../src/contract/generated.ts';
import { fateOf } from '../src/state/fate.ts';
import type { MeetingEvent } from '../src/state/phase.ts';

const OWN = { id: 'ana', request: 4 };

function event<N extends EventName>(type: N, data: Events[N], by = 'chair'): MeetingEvent {
    return { seq: 1, at: 1, by, type, data } as unknown as MeetingEvent;
}

test('taken off the list by somebody else; not by oneself, not another, and not when one is given the floor', () => {
    const removed = event('request.removed', { request: 4 });
    assert.deepEqual(fateOf([removed], OWN), { kind: 'off_list', by: 'chair' });
    assert.equal(fateOf([event('request.removed', { request: 4 }, 'ana')], OWN), null);
    assert.equal(fateOf([event('request.removed', { request: 5 })], OWN), null);
    assert.equal(fateOf([removed], { id: 'ana', request: undefined }), null);
    const opened = event('microphone.opened', { participant: 'ana', position: 1 });
    assert.equal(fateOf([removed, opened], OWN), null);
    assert.equal(fateOf([opened, removed], OWN), null);
});

test('moved on the list', () => {
    const moved = event('request.moved', { request: 4, position: 2 }, 'secretary');
    assert.deepEqual(fateOf([moved], OWN), { kind: 'moved', by: 'secretary', place: 2 });
    assert.equal(fateOf([event('request.moved', { request: 3, position: 2 })], OWN), null);
});

test('cut off by somebody, or by the server that heard nothing', () => {
    const closed = { participant: 'ana', spoken_ms: 5 };
    assert.deepEqual(fateOf([event('microphone.closed', closed)], OWN), { kind: 'ended', by: 'chair' });
    assert.equal(fateOf([event('microphone.closed', closed, 'ana')], OWN), null);
    const silent = event('microphone.closed', { ...closed, reason: 'silent' }, '');
    assert.deepEqual(fateOf([silent], OWN), { kind: 'silent', by: '' });
});

test('camera and screen switched off by somebody; switched on is no news, and what is withheld is not known', () => {
    const off = { participant: 'ana', on: false };
    assert.deepEqual(fateOf([event('camera.changed', off)], OWN), { kind: 'camera_off', by: 'chair' });
    assert.deepEqual(fateOf([event('screen.changed', off)], OWN), { kind: 'screen_off', by: 'chair' });
    assert.equal(fateOf([event('camera.changed', { ...off, on: true })], OWN), null);
    assert.equal(fateOf([{ seq: 2, type: 'withheld' }], OWN), null);
});

test('the last of several is told', () => {
    const ended = event('microphone.closed', { participant: 'ana', spoken_ms: 5 });
    const off = event('camera.changed', { participant: 'ana', on: false });
    assert.equal(fateOf([ended, off], OWN)?.kind, 'camera_off');
});
