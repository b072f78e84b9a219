// Who is signed in in this tab. The session token stays in sessionStorage: one tab, one person.
import type { Seat, SeatLink, Seats, Session, SignIn } from '../contract/generated.ts';
import { problemFrom, request } from './request.ts';

const STORAGE_KEY = 'plenary.session';
// What the server gave to this device when an account signed in from it: others' guessing does not keep it waiting.
const DEVICES_KEY = 'plenary.devices';
const DEVICES_MAX = 8;
// Of 32 meetings each. More is no list for a person.
const SEATS_PARTS_MAX = 64;

/** Signs in by a personal link's token or by an account. Throws a `Problem`. */
export async function requestSession(body: SignIn): Promise<Session> {
    const account = body.account ?? '';
    const device = recallDevices()[account];
    const response = await request('POST', '/api/v1/session', '', {
        ...body,
        ...(device === undefined ? {} : { device }),
    });
    if (!response.ok) {
        throw await problemFrom(response);
    }
    const session = (await response.json()) as Session;
    if (session.device !== undefined) {
        rememberDevice(account, session.device);
    }
    return session;
}

/** Ends all of a person's sessions and personal links on the server. Throws a `Problem`. */
export async function deleteSessions(token: string): Promise<void> {
    const response = await request('DELETE', '/api/v1/sessions', token);
    if (!response.ok) {
        throw await problemFrom(response);
    }
}

/** Ends the session on the server. Never throws: here it is forgotten in any case. */
export async function deleteSession(token: string): Promise<void> {
    await request('DELETE', '/api/v1/session', token).catch(() => {});
}

/** The meetings that a session may sit in, all of them; none while the server does not say. */
export async function requestSeats(token: string): Promise<Seat[]> {
    const all: Seat[] = [];
    let after = '';
    try {
        for (let parts = 0; parts < SEATS_PARTS_MAX; parts += 1) {
            const response = await request('GET', `/api/v1/seats${after}`, token);
            if (!response.ok) {
                break;
            }
            const { seats, next } = (await response.json()) as Seats;
            all.push(...seats);
            if (next === undefined) {
                return all;
            }
            after = `?after=${encodeURIComponent(next)}`;
        }
    } catch {}
    return []; // a list that is short without a word is worse than none
}

/** Brings the seat of another personal link to a session; null when the server does not let it. */
export async function addSeat(token: string, link: SeatLink): Promise<Seat | null> {
    try {
        const response = await request('POST', '/api/v1/seats', token, link);
        return response.ok ? ((await response.json()) as Seat) : null;
    } catch {
        return null;
    }
}

/** Whether the server still accepts a session. */
export async function probeSession(token: string): Promise<'accepted' | 'refused' | 'unreachable'> {
    try {
        const response = await request('GET', '/api/v1/sessions', token);
        return response.status === 401 ? 'refused' : response.ok ? 'accepted' : 'unreachable';
    } catch {
        return 'unreachable';
    }
}

/** The session of this tab; null when there is none. Whether it is still good, only the server knows. */
export function recallSession(): Session | null {
    try {
        return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as Session | null;
    } catch {
        return null;
    }
}

export function rememberSession(session: Session | null): void {
    try {
        if (session === null) {
            sessionStorage.removeItem(STORAGE_KEY);
        } else {
            sessionStorage.setItem(STORAGE_KEY, JSON.stringify(session));
        }
    } catch {
        // Storage refused: a reload asks for the link again.
    }
}

function recallDevices(): Record<string, string> {
    try {
        return JSON.parse(localStorage.getItem(DEVICES_KEY) ?? '{}') as Record<string, string>;
    } catch {
        return {};
    }
}

function rememberDevice(account: string, device: string): void {
    const others = Object.entries(recallDevices()).filter(([name]) => name !== account);
    const kept = Object.fromEntries([...others.slice(1 - DEVICES_MAX), [account, device]]);
    try {
        localStorage.setItem(DEVICES_KEY, JSON.stringify(kept));
    } catch {
        // Storage refused: the next sign-in is a stranger's.
    }
}
