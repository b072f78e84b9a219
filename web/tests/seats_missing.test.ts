// The list of one's meetings: a server that does not give it now is asked again, and what it says later counts.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import type { Seat } from '../src/contract/generated.ts';
import { listSeats, seatsMissing, stopListing } from '../src/live/seats.ts';
import { addSeat } from '../src/live/session.ts';
import * as store from '../src/state/store.ts';

type Answer = () => Promise<Response>;

const none = new Response(JSON.stringify({ seats: [] }));
const seats: Answer = async () => none.clone();
const refusal =
    (status: number, wait = '0'): Answer =>
    async () =>
        new Response(JSON.stringify({ type: '/problems/full', title: 'full', status }), {
            status,
            headers: { 'Retry-After': wait },
        });
const lost: Answer = async () => {
    throw new TypeError('no network');
};
const never: Answer = () => new Promise(() => {});

let answers: Answer[] = [];
let asked = 0;
let heard = '';
globalThis.fetch = () => {
    asked += 1;
    return (answers.shift() ?? lost)();
};
mock.timers.enable({ apis: ['setTimeout'] });
mock.method(Math, 'random', () => 0);

/** Everything that is on its way has arrived. */
async function settle(): Promise<void> {
    for (let i = 0; i < 20; i += 1) {
        await Promise.resolve();
    }
    await new Promise((resolve) => setImmediate(resolve));
}

async function list(...given: Answer[]): Promise<void> {
    answers = given;
    await askAgain();
}

async function askAgain(): Promise<void> {
    listSeats('token', (found: readonly Seat[] | null) => {
        heard = found === null ? 'refused' : 'listed';
        store.setSeats(found ?? []);
    });
    await settle();
}

beforeEach(() => {
    stopListing();
    asked = 0;
    heard = '';
    store.setSession(null);
});

test('a list that failed once is said to be missing, and comes by itself', async () => {
    for (const failure of [refusal(503), lost]) {
        store.setSession(null);
        asked = 0;
        heard = '';
        await list(failure, seats);
        assert.equal(store.seats.value, seatsMissing);
        mock.timers.tick(199);
        await settle();
        assert.equal(asked, 1);
        mock.timers.tick(1);
        await settle();
        assert.equal(asked, 2);
        assert.equal(heard, 'listed');
    }
});

test('the pauses grow, and are no shorter than the server wishes', async () => {
    await list();
    const pauses = [200, 400, 800, 1600, 3200, 5000, 5000];
    for (const [index, pause] of pauses.entries()) {
        mock.timers.tick(pause - 1);
        await settle();
        assert.equal(asked, index + 1);
        mock.timers.tick(1);
        await settle();
        assert.equal(asked, index + 2);
    }
    asked = 0;
    await list(refusal(429, '7'), seats);
    mock.timers.tick(6999);
    await settle();
    assert.equal(asked, 1);
    mock.timers.tick(1);
    await settle();
    assert.equal(heard, 'listed');
});

test('asked for anew it is asked at once, also while an answer does not come', async () => {
    await list(lost, never, seats);
    await askAgain();
    assert.equal(asked, 2);
    await askAgain();
    assert.equal(heard, 'listed');
    mock.timers.tick(60_000);
    assert.equal(asked, 3);
});

test('a session that is no more is not asked for again, and who has gone is not told', async () => {
    await list(refusal(401));
    assert.equal(heard, 'refused');
    mock.timers.tick(60_000);
    assert.equal(asked, 1);
    heard = '';
    await list(lost, seats);
    stopListing();
    mock.timers.tick(60_000);
    await settle();
    assert.equal(heard, '');
});

test('a seat that cannot be given now is not a seat that is refused', async () => {
    answers = [refusal(503), lost, refusal(409)];
    await assert.rejects(addSeat('token', { token: 'link' }));
    await assert.rejects(addSeat('token', { token: 'link' }));
    assert.equal(await addSeat('token', { token: 'link' }), null);
});
