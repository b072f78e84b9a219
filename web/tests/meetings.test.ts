// What calls a person to a meeting that is not shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Meeting, Seat } from '../src/contract/generated.ts';
import { callingMeetings, maySwitch, ownMeetings } from '../src/state/meetings.ts';
import * as store from '../src/state/store.ts';
import { StreamStore } from '../src/state/stream.ts';
import { aMeeting } from './meeting_fixture.ts';

function seat(meeting: string): Seat {
    const { title, body } = aMeeting();
    return {
        meeting,
        participant: 'ana',
        capacity: 'delegate',
        title,
        body,
        sitting: 'closed',
        expires_at: 9,
    };
}

/** Ana is in `a` and goes to `b`; both are followed. */
function twoMeetings(part: Partial<Meeting> = {}): StreamStore {
    const a = new StreamStore('a');
    a.me.value = 'ana';
    a.takeSnapshot({ ...aMeeting(), id: 'a', requests: [], ...part }, 1);
    store.setSession(null);
    store.showStream(a);
    store.showStream(new StreamStore('b'));
    store.setSeats([seat('a'), seat('b')]);
    return a;
}

function change(stream: StreamStore, part: Partial<Meeting>): void {
    stream.takeSnapshot({ ...(stream.meeting.value ?? aMeeting()), ...part }, 2);
}

const calls = () => callingMeetings.value.map((one) => `${one.seat.meeting} ${one.call}`);

test('the meeting left behind stays known, and calls when one is wanted there', () => {
    const a = twoMeetings();
    assert.deepEqual(
        ownMeetings.value.map((one) => [one.seat.meeting, one.shown]),
        [
            ['a', false],
            ['b', true],
        ],
    );
    assert.deepEqual(calls(), []);
    change(a, { sitting: 'open' });
    assert.deepEqual(calls(), ['a opened']);
    change(a, { requests: [{ id: 1, participant: 'ana', asked_at: 1 }] });
    assert.deepEqual(calls(), ['a next']);
    change(a, { floor: [{ participant: 'ana', position: 1, opened_at: 1 }] });
    assert.deepEqual(calls(), ['a floor']);
});

test('a sitting that was open when one left is no news', () => {
    twoMeetings({ sitting: 'open' });
    assert.deepEqual(calls(), []);
});

test('what is shown does not call, and what has ended is gone', () => {
    const a = twoMeetings();
    change(a, { sitting: 'open' });
    store.showStream(a);
    assert.deepEqual(calls(), []);
    assert.equal(store.meeting.value?.id, 'a');
    const b = store.streamsBeside.value[0];
    assert.equal(b?.id, 'b');
    a.ended.value = 'removed';
    assert.equal(store.connectionPhase.value.reason, 'removed');
    assert.ok(b !== undefined);
    store.showStream(b);
    assert.deepEqual(store.streamsBeside.value, []);
});

test('nobody goes away from an open microphone', () => {
    const a = twoMeetings();
    store.showStream(a);
    assert.equal(maySwitch.value, true);
    change(a, { floor: [{ participant: 'ana', position: 1, opened_at: 1 }] });
    assert.equal(maySwitch.value, false);
});
