import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    type EventMessage,
    type EventName,
    type Events,
    MEETING_CHAT_MAX,
    type Meeting,
} from '../src/contract/generated.ts';
import { deskHears, deskState, findBooth } from '../src/state/booths.ts';
import { reduce } from '../src/state/reduce.ts';
import { aMeeting, person } from './meeting_fixture.ts';

let seq = 10;

function after<N extends EventName>(
    meeting: Meeting,
    type: N,
    data: Events[N],
    at = 1000,
    by = 'chair',
): Meeting {
    const frozen = structuredClone(meeting);
    seq += 1;
    const next = reduce(meeting, { seq, at, by, type, data } as unknown as EventMessage);
    assert.deepEqual(meeting, frozen, `${type} changed the state it was given`);
    return next;
}

// Two French interpreters, ines and eva, and one Chinese, li.
function aTeam(): Meeting {
    const one = after(aMeeting(), 'participant.added', {
        participant: person('eva', { capacity: 'interpreter', language: 'fr' }),
    });
    return after(one, 'participant.added', {
        participant: person('li', { capacity: 'interpreter', language: 'zh' }),
    });
}

function deskOf(meeting: Meeting, id: string) {
    const desk = meeting.booths.flatMap((booth) => booth.desks).find((one) => one.participant === id);
    assert.ok(desk !== undefined);
    return desk;
}

function boothOf(meeting: Meeting, language: 'fr' | 'zh' | 'ru') {
    const booth = findBooth(meeting, language);
    assert.ok(booth !== undefined);
    return booth;
}

test('an output feeds its channel, moves on the air, and the turn is counted', () => {
    const on = (output: 'b' | undefined, target: 'en' | undefined, microphone: 'on' | 'cough' | 'off') =>
        ({
            participant: 'li',
            language: 'zh',
            microphone,
            ...(output && { output }),
            ...(target && { target }),
        }) as const;
    let next = after(aTeam(), 'desk.changed', on('b', 'en', 'on'), 1000);
    const opened = deskOf(next, 'li').opened;
    assert.deepEqual([deskOf(next, 'li').output, deskOf(next, 'li').target], ['b', 'en']);
    next = after(next, 'desk.changed', on('b', 'en', 'cough'), 2000);
    assert.deepEqual([deskOf(next, 'li').opened, deskOf(next, 'li').opened_at], [opened, 1000]);
    next = after(next, 'desk.changed', on(undefined, undefined, 'on'), 3000);
    assert.deepEqual([deskOf(next, 'li').output, deskOf(next, 'li').target], ['a', 'zh']);
    assert.notEqual(deskOf(next, 'li').opened, opened);
    next = after(next, 'desk.changed', on(undefined, undefined, 'off'), 9000);
    assert.deepEqual([deskOf(next, 'li').target, deskOf(next, 'li').opened_at], ['none', 0]);
    const line = next.hours.find((one) => one.participant === 'li');
    assert.deepEqual([line?.air_ms, line?.turns, line?.language], [8000, 1, 'zh']);
});

test('an overridden desk is free again when the partner closes', () => {
    const change = (
        from: Meeting,
        participant: string,
        microphone: 'on' | 'off',
        overridden_by?: string,
    ): Meeting =>
        after(from, 'desk.changed', {
            participant,
            language: 'fr',
            microphone,
            ...(overridden_by !== undefined && { overridden_by }),
        });
    let next = change(aTeam(), 'ines', 'on');
    next = change(change(next, 'ines', 'off', 'eva'), 'eva', 'on');
    assert.equal(deskOf(next, 'ines').overridden_by, 'eva');
    next = change(next, 'eva', 'off');
    assert.equal(deskOf(next, 'ines').overridden_by, '');
});

test('a desk says when it was cut off, until its next press or the end of the sitting', () => {
    const press = { participant: 'eva', language: 'fr', microphone: 'on' } as const;
    const cut = { participant: 'eva', language: 'fr', microphone: 'off', lost: true } as const;
    const lost = after(after(aTeam(), 'desk.changed', press), 'desk.changed', cut, 5000);
    assert.equal(deskOf(lost, 'eva').lost_at, 5000);
    assert.equal(deskOf(after(lost, 'desk.changed', press), 'eva').lost_at, 0);
    const sitting = (state: 'suspended' | 'closed') => after(lost, 'sitting.changed', { state, number: 1 });
    assert.equal(deskOf(sitting('suspended'), 'eva').lost_at, 5000);
    assert.equal(deskOf(sitting('closed'), 'eva').lost_at, 0);
});

test('a desk is absent, on standby or on the air', () => {
    let next = aTeam();
    assert.equal(deskState(next, deskOf(next, 'eva')), 'standby');
    next = after(next, 'desk.chosen', { participant: 'eva', language: 'fr', resting: true });
    assert.equal(deskState(next, deskOf(next, 'eva')), 'absent');
    next = after(next, 'desk.changed', { participant: 'eva', language: 'fr', microphone: 'on' });
    assert.equal(deskState(next, deskOf(next, 'eva')), 'on_air');
    assert.equal(deskOf(next, 'eva').resting, false);
    next = after(next, 'presence.changed', { participant: 'ines', presence: 'lost' });
    assert.equal(deskState(next, deskOf(next, 'ines')), 'absent');
});

test('under auto-relay the flagged booth is the floor of the others', () => {
    let next = after(aTeam(), 'auto_relay.changed', { language: 'en', booth: 'zh' });
    const hears = (id: string, language: 'fr' | 'zh') =>
        deskHears(next, boothOf(next, language), deskOf(next, id));
    assert.deepEqual([hears('eva', 'fr'), hears('li', 'zh')], ['en', 'floor']);
    next = after(next, 'desk.chosen', { participant: 'eva', language: 'fr', original: true });
    assert.equal(hears('eva', 'fr'), 'floor');
    next = after(next, 'desk.chosen', { participant: 'eva', language: 'fr', source: 'ru' });
    assert.equal(hears('eva', 'fr'), 'ru');
    next = after(next, 'auto_relay.changed', {});
    assert.equal(hears('ines', 'fr'), 'floor');
});

test('desks are assigned to places of a rota and to other booths', () => {
    let next = after(aTeam(), 'desk.preselected', { participant: 'eva', position: 3, channel: 'ru' });
    next = after(next, 'desk.assigned', { participant: 'eva', language: 'fr', position: 1 });
    assert.deepEqual(
        boothOf(next, 'fr').desks.map((desk) => desk.participant),
        ['eva', 'ines'],
    );
    next = after(next, 'desk.assigned', { participant: 'eva', language: 'ru', position: 1 });
    assert.deepEqual(
        next.booths.map((booth) => [booth.language, booth.desks.length]),
        [
            ['zh', 1],
            ['fr', 1],
            ['ru', 1],
        ],
    );
    assert.equal(deskOf(next, 'eva').preselects[2]?.channel, 'ru');
    assert.equal(next.hours.find((line) => line.participant === 'eva')?.language, 'ru');
});

test('settings, handovers, alarms and suspensions belong to one booth', () => {
    const setting = { mode: 'mixed', allowed: [], auto_relay: true, turn_minutes: 20, rota: true } as const;
    let next = after(aTeam(), 'booth.changed', { language: 'zh', setting: { ...setting, allowed: [] } });
    next = after(next, 'handover.changed', {
        language: 'fr',
        handover: { state: 'offered', from: 'ines', to: 'eva', deadline: 61_000 },
    });
    next = after(next, 'booth.alarmed', { language: 'zh', since: 700 });
    next = after(
        next,
        'interpretation.changed',
        { language: 'fr', suspended: true, announcement: 'soon' },
        900,
    );
    assert.equal(boothOf(next, 'zh').setting.turn_minutes, 20);
    assert.equal(boothOf(next, 'fr').setting.turn_minutes, 0);
    assert.equal(boothOf(next, 'fr').handover.to, 'eva');
    assert.equal(boothOf(next, 'zh').alarm_since, 700);
    assert.deepEqual([boothOf(next, 'fr').suspended_since, boothOf(next, 'fr').announcement], [900, 'soon']);
    next = after(next, 'interpretation.changed', { language: 'fr', suspended: false });
    assert.deepEqual([boothOf(next, 'fr').suspended_since, boothOf(next, 'fr').announcement], [0, '']);
    next = after(next, 'desk.chimed', { participant: 'eva', language: 'fr' });
    assert.equal(deskOf(next, 'eva').chimed, true);
    next = after(next, 'team.changed', { participant: 'eva' });
    next = after(next, 'interlock.changed', { a: 'a_overrides_a', bc: 'no_override' });
    next = after(next, 'floor_language.changed', { language: 'zh' });
    assert.deepEqual(
        [next.team_leader, next.interlock_a, next.floor_language],
        ['eva', 'a_overrides_a', 'zh'],
    );
});

test('signals and chats keep the latest', () => {
    let next = after(aTeam(), 'signal.raised', { kind: 'slow_down', participant: 'ana' }, 500, '');
    assert.deepEqual(next.signals, [{ kind: 'slow_down', participant: 'ana', at: 500 }]);
    for (let i = 0; i <= MEETING_CHAT_MAX; i++) {
        next = after(next, 'chat.said', { room: 'booth', language: 'fr', text: `${i}` }, i, 'eva');
    }
    assert.equal(next.chat.length, MEETING_CHAT_MAX);
    assert.equal(next.chat[0]?.text, '1');
    assert.equal(next.chat.at(-1)?.participant, 'eva');
});
