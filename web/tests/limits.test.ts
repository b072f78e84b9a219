import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNear, MOST, nearLimits } from '../src/areas/limits.ts';
import {
    MEETING_AGENDA_MAX,
    MEETING_DELEGATIONS_MAX,
    MEETING_DOCUMENTS_MAX,
    MEETING_FEEDS_MAX,
    MEETING_HOURS_MAX,
    MEETING_PARTICIPANTS_MAX,
    MEETING_REQUESTS_MAX,
    MEETING_SPEAKING_TIMES_MAX,
    type Meeting,
} from '../src/contract/generated.ts';
import { aMeeting, localized, person } from './meeting_fixture.ts';

test('so are the bytes of the documents', () => {
    const near = [460, 461, 512].map((megabytes) =>
        nearLimits(
            { ...aMeeting(), documents: [{ size: megabytes * 2 ** 20 }] as Meeting['documents'] },
            NOT_TOLD,
        ).map((one) => [one.key, one.used, one.most]),
    );
    // A tenth of 512 is 51.
    assert.deepEqual(near, [[], [['limit.megabytes', 461, 512]], [['limit.megabytes', 512, 512]]]);
});

/** MEETING_PLACES_MAX of the server: the list without the hundred who may call for help. */
const PLACES = MEETING_PARTICIPANTS_MAX - 100;

test('limits: they are those of the contract', () => {
    assert.deepEqual(MOST, {
        participants: PLACES,
        delegations: MEETING_DELEGATIONS_MAX,
        agenda: MEETING_AGENDA_MAX,
        requests: MEETING_REQUESTS_MAX,
        speaking_times: MEETING_SPEAKING_TIMES_MAX,
        documents: MEETING_DOCUMENTS_MAX,
        feeds: MEETING_FEEDS_MAX,
        hours: MEETING_HOURS_MAX,
    });
});

const NOT_TOLD = {};

function withPeople(count: number): Meeting {
    return {
        ...aMeeting(),
        participants: Array.from({ length: count }, (_, index) => person(`p${index}`)),
    };
}

test('limits: a small meeting has room', () => {
    assert.deepEqual(nearLimits(aMeeting(), NOT_TOLD), []);
});

test('limits: told from nine tenths on, gone below it, told when full', () => {
    const near = PLACES - PLACES / 10;
    const keys = [near - 1, near, PLACES].map((count) => nearLimits(withPeople(count), NOT_TOLD));
    assert.deepEqual(keys, [
        [],
        [{ key: 'limit.participants', used: 1350, most: 1500 }],
        [{ key: 'limit.participants', used: 1500, most: 1500 }],
    ]);
});

test('limits: listeners who call for help take no place', () => {
    const caller = { capacity: 'listener' as const, audience: true };
    const withCallers = (count: number) => {
        const callers = Array.from({ length: 50 }, (_, index) => person(`audience-${index}`, caller));
        const now = withPeople(count);
        return { ...now, participants: [...now.participants, ...callers] };
    };
    assert.deepEqual(nearLimits(withCallers(1349), NOT_TOLD), []);
    assert.deepEqual(nearLimits(withCallers(1350), NOT_TOLD), [
        { key: 'limit.participants', used: 1350, most: 1500 },
    ]);
});

test('limits: each list by itself', () => {
    const agenda = Array.from({ length: MEETING_AGENDA_MAX - 1 }, (_, index) => ({
        id: `i${index}`,
        number: `${index}`,
        title: localized('Item'),
        state: 'pending' as const,
    }));
    assert.deepEqual(
        nearLimits({ ...withPeople(1450), agenda }, NOT_TOLD).map((one) => [one.key, one.used]),
        [
            ['limit.participants', 1450],
            ['limit.agenda', 499],
        ],
    );
});

test('limits: speaking times and the sheet of hours', () => {
    const speaking_times = Array.from({ length: 231 }, (_, index) => ({
        id: index + 1,
        kind: 'everybody' as const,
        seconds: 180,
    }));
    const hours = Array.from({ length: 65 }, (_, index) => ({
        participant: `p${index}`,
        name: `Person ${index}`,
        language: 'fr' as const,
        air_ms: 0,
        turns: 0,
    }));
    const keys = (times: number, lines: number) =>
        nearLimits(
            {
                ...aMeeting(),
                speaking_times: speaking_times.slice(0, times),
                hours: hours.slice(0, lines),
            },
            NOT_TOLD,
        ).map((one) => [one.key, one.used, one.most]);
    assert.deepEqual(keys(230, 64), []);
    assert.deepEqual(keys(231, 65), [
        ['limit.speaking_times', 231, 256],
        ['limit.hours', 65, 72],
    ]);
});

test('limits: the pages of the server, for those who are told of them', () => {
    const near = [4499, 4500].map((pages) =>
        nearLimits(aMeeting(), { ...NOT_TOLD, pages, pages_most: 5000 }),
    );
    assert.deepEqual(near, [[], [{ key: 'limit.pages', used: 4500, most: 5000 }]]);
});

test('limits: of few places the last is told', () => {
    assert.deepEqual(
        [isNear(8, 9), isNear(9, 9), isNear(28, 32), isNear(29, 32)],
        [false, true, false, true],
    );
});
