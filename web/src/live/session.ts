// Who is signed in in this tab. The session token stays in sessionStorage: one tab, one person.
import type { Seat, SeatLink, Session, SignIn } from '../contract/generated.ts';
import { problemFrom, request } from './request.ts';

const STORAGE_KEY = 'plenary.session';
// What the server gave to this device when an account signed in from it: others' guessing does not keep it waiting.
const DEVICES_KEY = 'plenary.devices';
const DEVICES_MAX = 8;

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
    rememberDevice(session);
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

/**
 * Brings the seat of another personal link to a session; null when the server refuses it. Throws a `Problem` when it cannot say now: that
 * is no refusal.
 */
export async function addSeat(token: string, link: SeatLink): Promise<Seat | null> {
    const response = await request('POST', '/api/v1/seats', token, link);
    if (response.status >= 500) {
        throw await problemFrom(response);
    }
    return response.ok ? ((await response.json()) as Seat) : null;
}

/** Whether the server refuses a session; false also when it does not answer. */
export async function isRefused(token: string): Promise<boolean> {
    const response = await request('GET', '/api/v1/sessions', token).catch(() => null);
    return response?.status === 401;
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

/** What the server gave to this device, when it did. */
export function rememberDevice({ account = '', device }: Session): void {
    if (device === undefined) {
        return;
    }
    const others = Object.entries(recallDevices()).filter(([name]) => name !== account);
    const kept = Object.fromEntries([...others.slice(1 - DEVICES_MAX), [account, device]]);
    try {
        localStorage.setItem(DEVICES_KEY, JSON.stringify(kept));
    } catch {
        // Storage refused: the next sign-in is a stranger's.
    }
}
