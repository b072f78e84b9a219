// "12 minutes behind": a sitting against the plan of its agenda.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgendaItem, Meeting } from '../src/contract/generated.ts';
import { driftOf } from '../src/state/drift.ts';
import { aMeeting, localized } from './meeting_fixture.ts';

const OPENED = 1_800_000_000_000;
const at = (minutes: number) => OPENED + minutes * 60_000;

// `takenUp`: minutes after the opening; nothing for what is to come.
function item(id: string, minutes?: number, takenUp?: number): AgendaItem {
    return {
        id,
        number: id,
        title: localized(id),
        state: takenUp === undefined ? 'pending' : 'done',
        ...(minutes === undefined ? {} : { minutes }),
        ...(takenUp === undefined ? {} : { started_at: at(takenUp) }),
    };
}

function open(...agenda: AgendaItem[]): Meeting {
    return { ...aMeeting(), sitting: 'open', opened_at: OPENED, agenda };
}

const told = (meeting: Meeting, minutes: number) => {
    const drift = driftOf(meeting, at(minutes));
    return drift === null ? 'nothing' : `${drift.kind} ${drift.minutes}`;
};

test('within the time of the current item a sitting is on time, then it is behind', () => {
    const meeting = open(item('1', 10, 0), item('2', 20, 10), item('3', 30));
    assert.equal(told(meeting, 10), 'on_time 0');
    assert.equal(told(meeting, 30.9), 'on_time 0');
    assert.equal(told(meeting, 31), 'behind 1');
    assert.equal(told(meeting, 42.5), 'behind 12');
});

test('who was done before its time is ahead', () => {
    assert.equal(told(open(item('1', 30, 0), item('2', 20, 12)), 12), 'ahead 18');
    assert.equal(told(open(item('1', 30, 0), item('2', 20, 12)), 29.5), 'on_time 0');
});

test('what was lost before the first item, and in pauses, is lost', () => {
    assert.equal(told(open(item('1', 10, 8)), 20), 'behind 10');
    const paused: Meeting = { ...open(item('1', 10, 0)), sitting: 'suspended', sitting_since: at(5) };
    assert.equal(told(paused, 35), 'behind 25');
});

test('the time of an item without a plan is nobody’s delay, in the order in which they were taken up', () => {
    const meeting = open(item('3', 10, 30), item('1', 10, 0), item('2', undefined, 12), item('4', 5));
    assert.equal(told(meeting, 30), 'on_time 0');
    assert.equal(told(meeting, 45), 'behind 7');
    assert.equal(told(open(item('1', 10, 0), item('2', undefined, 15)), 200), 'behind 5');
});

test('a further sitting is measured by itself, and from its first own item while it goes on with one of before', () => {
    const before = { ...item('1', 30, -500), state: 'current' as const };
    assert.equal(told(open(before, item('2', 10)), 90), 'planned 40');
    const next = open({ ...before, state: 'done' }, item('2', 10, 90));
    assert.equal(told(next, 99), 'on_time 0');
    assert.equal(told(next, 105), 'behind 5');
});

test('the whole plan, where nothing of it runs; nothing without a plan', () => {
    assert.equal(
        told({ ...open(item('1', 10), item('2', 5)), opened_at: 0, sitting: 'closed' }, 5),
        'planned 15',
    );
    assert.equal(told(open(item('1', 10), item('2', 5)), 50), 'planned 15');
    assert.equal(told(open(item('1', undefined, 0)), 50), 'nothing');
});
