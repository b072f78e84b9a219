// A microphone of the floor that was closed, and could not be written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dismissTold, sayProblem } from '../src/areas/act.ts';
import { floorShut } from '../src/areas/floor_shut.ts';
import { microphone, microphoneHere } from '../src/desk/commands.ts';
import { setDeskSilenced } from '../src/live/desk.ts';
import { Problem } from '../src/live/problem.ts';
import { shownStream } from '../src/state/store.ts';
import { aMeeting, person } from './meeting_fixture.ts';

function open(openedAt: number): void {
    const floor = [{ participant: 'ana', position: 1, opened_at: openedAt }];
    const now = { ...aMeeting(), floor } as unknown as ReturnType<typeof aMeeting>;
    shownStream().takeHello({ participant: 'ana' } as unknown as Parameters<
        ReturnType<typeof shownStream>['takeHello']
    >[0]);
    shownStream().takeSnapshot(now, openedAt);
}

function refuse(reason: string): void {
    const details = { type: '/problems/storage', title: '', status: 507, refusal: { reason } };
    sayProblem(new Problem(details as unknown as ConstructorParameters<typeof Problem>[0]));
}

test('it is shown closed from the answer on, also when that was read, until one has the floor anew', () => {
    open(1000);
    refuse('store_closed');
    assert.equal(floorShut.value, false);
    refuse('closed_unwritten');
    assert.equal(floorShut.value, true);
    dismissTold();
    assert.equal(floorShut.value, true);
    open(5000);
    assert.equal(floorShut.value, false);
});

// An interpreter's key: what this device silences is off, whatever the meeting still shows, and the next press switches it on.
test('the key of an interpreter shows what is so on this device', () => {
    const mine = { ...person('ana'), capacity: 'interpreter', microphone: 'on' };
    const now = { ...aMeeting(), participants: [mine] } as unknown as ReturnType<typeof aMeeting>;
    shownStream().takeSnapshot(now, 9000);
    setDeskSilenced(false);
    assert.equal(microphoneHere(), 'on');
    setDeskSilenced(true);
    assert.deepEqual([microphone(), microphoneHere()], ['on', 'off']);
    setDeskSilenced(false);
});
