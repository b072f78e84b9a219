// The list of one's meetings: asked for again, with growing pauses, until the server gives it. One list at a time. It comes behind the
// first screen (views/consoles.ts).
import { effect, untracked } from '@preact/signals';
import type { Seat, Seats, Session } from '../contract/generated.ts';
import { seats as known, session, setPhase, setSeats } from '../state/store.ts';
import { currentConnection } from './binding.ts';
import { pauseBefore } from './connection.ts';
import { Problem, problemOf } from './problem.ts';
import { problemFrom, request } from './request.ts';
import { rememberSession } from './session.ts';

/** In the place of the list: it did not come, and is asked for again. */
export const seatsMissing: readonly Seat[] = [];

// Of 32 meetings each. More is no list for a person.
const SEATS_PARTS_MAX = 64;

// An answer that is waited for no more may still come: only the newest question counts.
let turn = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let again = (): void => {};

/** The meetings that a session may sit in, all of them. Throws a `Problem`: a list that is short without a word is worse than none. */
export async function requestSeats(token: string): Promise<Seat[]> {
    const all: Seat[] = [];
    let after = '';
    for (let parts = 0; parts < SEATS_PARTS_MAX; parts += 1) {
        const response = await request('GET', `/api/v1/seats${after}`, token);
        if (!response.ok) {
            throw await problemFrom(response);
        }
        const { seats, next } = (await response.json()) as Seats;
        all.push(...seats);
        if (next === undefined) {
            return all;
        }
        after = `?after=${encodeURIComponent(next)}`;
    }
    throw Problem.local('unreachable');
}

/** From now on whoever is signed in has the list. */
export function followSeats(): void {
    effect(() => {
        const token = session.value?.token ?? '';
        untracked(() => (token === '' ? stopListing() : listSeats(token, takeSeats)));
    });
}

// That the session is no more, a live connection finds out by itself; who has not chosen a meeting has none.
function takeSeats(seats: readonly Seat[] | null): void {
    if (seats !== null) {
        setSeats(seats);
    } else if (currentConnection() === null) {
        setPhase({ phase: 'ended', since: performance.now(), reason: 'refused' });
        rememberSession(null);
    }
}

/** Ends with the list, or with null: the session is no more. */
export function listSeats(token: string, listed: (seats: readonly Seat[] | null) => void): void {
    again = () => void ask(token, listed, 0);
    again();
}

/** Whether the session may sit in a meeting; the answer is waited for as long as it takes. */
export async function hasSeat({ token = '' }: Session, meeting: string): Promise<boolean> {
    const list = await new Promise<readonly Seat[] | null>((listed) => listSeats(token, listed));
    return list?.some((seat) => seat.meeting === meeting) ?? false;
}

/** Does not wait for the pause, or the answer, to end. */
export function listSeatsNow(): void {
    again();
}

/** What one has just done may have made another list of it. */
export function renewSeats(): void {
    const token = session.peek()?.token ?? '';
    if (token !== '') {
        listSeats(token, takeSeats);
    }
}

export function stopListing(): void {
    turn += 1;
    clearTimeout(timer);
    again = () => {};
}

async function ask(
    token: string,
    listed: (seats: readonly Seat[] | null) => void,
    attempt: number,
): Promise<void> {
    turn += 1;
    clearTimeout(timer);
    const mine = turn;
    let seats: readonly Seat[] | null = null;
    try {
        seats = await requestSeats(token);
    } catch (thrown) {
        const { status, waitS } = problemOf(thrown);
        if (status !== 401 && mine === turn) {
            if (known.peek().length === 0) {
                setSeats(seatsMissing);
            }
            const pause = Math.max(waitS * 1000, pauseBefore(attempt, Math.random()));
            timer = setTimeout(() => void ask(token, listed, attempt + 1), pause);
        }
        if (status !== 401) {
            return;
        }
    }
    if (mine === turn) {
        stopListing();
        listed(seats);
    }
}
