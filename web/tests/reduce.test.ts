import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventMessage, EventName, Events, Meeting } from '../src/contract/generated.ts';
import { reduce } from '../src/state/reduce.ts';
import { aMeeting, localized, person } from './meeting_fixture.ts';

function event<N extends EventName>(type: N, data: Events[N], at = 1000): EventMessage {
    return { seq: 1, at, by: 'chair', type, data } as unknown as EventMessage;
}

function after<N extends EventName>(meeting: Meeting, type: N, data: Events[N], at = 1000): Meeting {
    const frozen = structuredClone(meeting);
    const next = reduce(meeting, event(type, data, at));
    assert.deepEqual(meeting, frozen, `${type} changed the state it was given`);
    return next;
}

const found = (meeting: Meeting, id: string) => meeting.participants.find((one) => one.id === id);
const order = (meeting: Meeting): number[] => meeting.requests.map((one) => one.id);

test('meeting.created sets title, body and the number of microphones', () => {
    const next = after(aMeeting(), 'meeting.created', {
        title: localized('T'),
        body: localized('B'),
        floor_microphones_max: 1,
    });
    assert.equal(next.title.fr, 'T');
    assert.equal(next.body.ar, 'B');
    assert.equal(next.floor_microphones_max, 1);
});

test('delegation.added and agenda_item.added put at the end', () => {
    const one = after(aMeeting(), 'delegation.added', {
        delegation: { id: 'ken', code: 'KEN', kind: 'member', name: localized('Kenya') },
    });
    assert.deepEqual(
        one.delegations.map((d) => d.id),
        ['fra', 'ken'],
    );
    const two = after(one, 'agenda_item.added', {
        item: { id: 'i3', number: '3', title: localized('Three'), state: 'pending' },
    });
    assert.equal(two.agenda.at(-1)?.id, 'i3');
});

test('item.started makes the one before done', () => {
    const next = after(aMeeting(), 'item.started', { item: 'i2' });
    assert.deepEqual(
        next.agenda.map((item) => item.state),
        ['done', 'current'],
    );
});

test('the agenda is put in order, and says when an item was taken up', () => {
    const ids = (meeting: Meeting) => meeting.agenda.map((item) => item.id).join(' ');
    let next = after(aMeeting(), 'agenda_item.added', {
        item: { id: 'i3', number: '3', title: localized('Three'), state: 'pending' },
    });
    next = after(next, 'agenda_item.moved', { item: 'i3', before: 'i1' });
    assert.equal(ids(next), 'i3 i1 i2');
    next = after(next, 'agenda_item.moved', { item: 'i3', before: 'i2' });
    assert.equal(ids(next), 'i1 i3 i2');
    next = after(next, 'agenda_item.moved', { item: 'i1' });
    assert.equal(ids(next), 'i3 i2 i1');
    next = after(next, 'agenda_item.changed', {
        item: { id: 'i2', number: '2a', title: localized('Two'), state: 'pending', minutes: 20 },
    });
    assert.equal(ids(next), 'i3 i2 i1');
    next = after(next, 'item.started', { item: 'i2' }, 5000);
    assert.deepEqual(next.agenda[1], {
        id: 'i2',
        number: '2a',
        title: localized('Two'),
        state: 'current',
        minutes: 20,
        started_at: 5000,
    });
    assert.equal(ids(after(next, 'agenda_item.removed', { item: 'i3' })), 'i2 i1');
});

test('participant.changed corrects a person, also on the sheet of hours; meeting.renamed the meeting', () => {
    const next = after(aMeeting(), 'participant.changed', {
        participant: 'ines',
        name: 'Inés',
        language: 'fr',
        title: 'Head of team',
    });
    assert.equal(found(next, 'ines')?.name, 'Inés');
    assert.equal(found(next, 'ines')?.title, 'Head of team');
    assert.equal(found(next, 'ines')?.capacity, 'interpreter');
    assert.equal(next.hours[0]?.name, 'Inés');
    assert.equal(next.booths[0]?.desks[0]?.participant, 'ines');
    const moved = after(next, 'participant.changed', { participant: 'ana', name: 'Ana', language: 'es' });
    assert.equal(found(moved, 'ana')?.delegation, undefined);
    assert.deepEqual(order(moved), order(next));
    const renamed = after(moved, 'meeting.renamed', { title: localized('New'), body: localized('Body') });
    assert.equal(renamed.title.zh, 'New');
});

test('a sitting says since when it is open, through its pauses', () => {
    let next = after(aMeeting(), 'sitting.changed', { state: 'open', number: 1 }, 1000);
    next = after(next, 'sitting.changed', { state: 'suspended', number: 1 }, 2000);
    next = after(next, 'sitting.changed', { state: 'open', number: 1 }, 3000);
    assert.deepEqual([next.opened_at, next.sitting_since], [1000, 3000]);
    next = after(next, 'sitting.changed', { state: 'closed', number: 1 }, 4000);
    assert.equal(next.opened_at ?? 0, 0);
});

test('participant.added gives an interpreter a desk, booths in the order of the languages', () => {
    let next = after(aMeeting(), 'participant.added', { participant: person('dan') });
    assert.equal(next.booths.length, 1);
    next = after(next, 'participant.added', {
        participant: person('li', { capacity: 'interpreter', language: 'zh' }),
    });
    next = after(next, 'participant.added', {
        participant: person('eva', { capacity: 'interpreter', language: 'fr' }),
    });
    assert.deepEqual(
        next.booths.map((booth) => [booth.language, booth.desks.map((desk) => desk.participant)]),
        [
            ['zh', ['li']],
            ['fr', ['ines', 'eva']],
        ],
    );
});

test('participant.removed takes the person off everything', () => {
    const next = after(aMeeting(), 'participant.removed', { participant: 'ines' });
    assert.equal(found(next, 'ines'), undefined);
    assert.deepEqual(next.booths[0]?.desks, []);
    assert.deepEqual(order(after(aMeeting(), 'participant.removed', { participant: 'bo' })), [1, 3]);
});

test('presence, camera, screen and help belong to one participant; the others stay the same objects', () => {
    const meeting = aMeeting();
    let next = after(meeting, 'presence.changed', { participant: 'ana', presence: 'lost' });
    next = after(next, 'camera.changed', { participant: 'ana', on: true });
    next = after(next, 'screen.changed', { participant: 'ana', on: true });
    next = after(next, 'help.changed', { participant: 'ana', state: 'asked' });
    const ana = found(next, 'ana');
    assert.deepEqual([ana?.presence, ana?.camera, ana?.screen, ana?.help], ['lost', true, true, 'asked']);
    assert.equal(found(next, 'bo'), found(meeting, 'bo'));
});

test('a floor microphone opens and closes, and what was said is counted', () => {
    const open = after(aMeeting(), 'microphone.opened', { participant: 'ana', position: 2 }, 5000);
    assert.deepEqual(open.floor, [{ participant: 'ana', opened_at: 5000, position: 2 }]);
    assert.deepEqual(
        [
            found(open, 'ana')?.microphone,
            found(open, 'ana')?.microphone_since,
            found(open, 'ana')?.interventions,
        ],
        ['on', 5000, 1],
    );
    const closed = after(open, 'microphone.closed', { participant: 'ana', spoken_ms: 700 });
    assert.deepEqual(closed.floor, []);
    assert.deepEqual(
        [
            found(closed, 'ana')?.microphone,
            found(closed, 'ana')?.spoken_ms,
            found(closed, 'ana')?.interventions,
        ],
        ['off', 700, 1],
    );
});

test('an interpreter coughs: still on the air since the beginning', () => {
    const change = (from: Meeting, microphone: 'on' | 'off' | 'cough', at: number): Meeting =>
        after(from, 'desk.changed', { participant: 'ines', language: 'fr', microphone }, at);
    const on = change(aMeeting(), 'on', 100);
    assert.equal(on.booths[0]?.desks[0]?.microphone, 'on');
    const cough = change(on, 'cough', 200);
    assert.deepEqual(
        [found(cough, 'ines')?.microphone, found(cough, 'ines')?.microphone_since],
        ['cough', 100],
    );
    const off = change(cough, 'off', 300);
    assert.deepEqual([found(off, 'ines')?.microphone, found(off, 'ines')?.microphone_since], ['off', 0]);
});

test('channel.changed replaces that channel and keeps the order', () => {
    const next = after(aMeeting(), 'channel.changed', {
        channel: { id: 'fr', state: 'interpreted', holder: 'ines', auto_floor: true },
    });
    assert.equal(next.channels[4]?.state, 'interpreted');
    assert.equal(next.channels.length, 7);
});

test('feeds come, change and go', () => {
    const feed = {
        id: 'stage',
        target: 'none',
        position: 0,
        sound: false,
        picture: false,
        since: 5,
    } as const;
    const added = after(aMeeting(), 'feed.added', { feed });
    const changed = after(added, 'feed.changed', { feed: { ...feed, target: 'fr', sound: true } });
    assert.deepEqual(
        changed.feeds.map((one) => [one.id, one.target, one.sound]),
        [['stage', 'fr', true]],
    );
    assert.deepEqual(after(changed, 'feed.removed', { feed: 'stage' }).feeds, []);
});

test('the list of speakers opens, closes, grows, moves and shrinks', () => {
    assert.equal(after(aMeeting(), 'list.changed', { state: 'closed' }).list, 'closed');
    const added = after(aMeeting(), 'request.added', {
        request: { id: 4, participant: 'ines', asked_at: 40 },
    });
    assert.deepEqual(order(added), [1, 2, 3, 4]);
    assert.deepEqual(order(after(added, 'request.moved', { request: 4, position: 1 })), [4, 1, 2, 3]);
    assert.deepEqual(order(after(added, 'request.moved', { request: 1, position: 3 })), [2, 3, 1, 4]);
    assert.deepEqual(order(after(added, 'request.moved', { request: 2, position: 4 })), [1, 3, 4, 2]);
    assert.deepEqual(order(after(added, 'request.removed', { request: 2 })), [1, 3, 4]);
});

test('a sitting opens and closes', () => {
    const open = after(aMeeting(), 'sitting.changed', { state: 'open', number: 1 }, 900);
    assert.deepEqual([open.sitting, open.sitting_number, open.sitting_since], ['open', 1, 900]);
    assert.equal(after(open, 'sitting.changed', { state: 'closed', number: 1 }).sitting_since, 0);
});

test('an event of a newer server changes nothing', () => {
    const meeting = aMeeting();
    assert.equal(reduce(meeting, event('vote.opened' as EventName, {} as never)), meeting);
});

test('a call for help is somebody’s, taken and over; whoever goes takes it along', () => {
    const asked = after(
        aMeeting(),
        'help.changed',
        { participant: 'ana', state: 'asked', reason: 'sound' },
        5,
    );
    assert.deepEqual(asked.help_calls, [{ participant: 'ana', reason: 'sound', since: 5 }]);
    assert.equal(found(asked, 'ana')?.help, 'asked');
    const taken = after(
        asked,
        'help.changed',
        { participant: 'ana', state: 'handled', reason: 'sound', helper: 'chair' },
        9,
    );
    assert.deepEqual(taken.help_calls, [{ participant: 'ana', reason: 'sound', helper: 'chair', since: 9 }]);
    const said = after(taken, 'help.said', { participant: 'ana', text: 'Hello' });
    assert.deepEqual(said.help_lines, [{ participant: 'ana', author: 'chair', text: 'Hello', at: 1000 }]);
    const over = after(said, 'help.changed', { participant: 'ana', state: 'none' });
    assert.deepEqual([over.help_calls.length, over.help_lines.length], [0, 1]);
    const gone = after(said, 'participant.removed', { participant: 'ana' });
    assert.deepEqual([gone.help_calls.length, gone.help_lines.length], [0, 0]);
});

test('of calls for help the latest lines are kept', () => {
    let meeting = after(aMeeting(), 'help.changed', { participant: 'ana', state: 'asked' });
    for (let at = 1; at <= 130; at++) {
        meeting = reduce(meeting, event('help.said', { participant: 'ana', text: 'line' }, at));
    }
    assert.deepEqual([meeting.help_lines.length, meeting.help_lines[0]?.at], [128, 3]);
});
