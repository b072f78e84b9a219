// The list of one's meetings, which the server gives in parts.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { requestSeats } from '../src/live/seats.ts';

let asked: string[] = [];
let refuses = '';

// Three parts: of two meetings, of none that can be sat in, of one.
const PARTS: Readonly<Record<string, unknown>> = {
    '/api/v1/seats': { seats: [{ meeting: 'a' }, { meeting: 'b' }], next: 'b' },
    '/api/v1/seats?after=b': { seats: [], next: 'd' },
    '/api/v1/seats?after=d': { seats: [{ meeting: 'e' }] },
};

beforeEach(() => {
    asked = [];
    refuses = '';
    globalThis.fetch = (async (url: string) => {
        asked.push(url);
        return url === refuses
            ? new Response('{}', { status: 429 })
            : new Response(JSON.stringify(PARTS[url]));
    }) as typeof fetch;
});

test('all parts are one list', async () => {
    const seats = await requestSeats('t');
    assert.deepEqual(
        seats.map((seat) => seat.meeting),
        ['a', 'b', 'e'],
    );
    assert.deepEqual(asked, Object.keys(PARTS));
});

test('a part that is not given leaves no short list', async () => {
    refuses = '/api/v1/seats?after=d';
    await assert.rejects(requestSeats('t'));
});

test('a list that never ends is none', async () => {
    globalThis.fetch = (async () =>
        new Response(JSON.stringify({ seats: [{ meeting: 'a' }], next: 'a' }))) as typeof fetch;
    await assert.rejects(requestSeats('t'));
});
