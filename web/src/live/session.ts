// Who is signed in in this tab. The session token stays in sessionStorage: one tab, one person.
import type { Content, ProblemMessage, Session, SignIn } from '../contract/generated.ts';
import { base } from '../router/base.ts';
import { Problem } from './problem.ts';

const STORAGE_KEY = 'plenary.session';
// What the server gave to this device when an account signed in from it: others' guessing does not keep it waiting.
const DEVICES_KEY = 'plenary.devices';
const DEVICES_MAX = 8;
const REQUEST_MAX_MS = 15_000;
// Contents of documents, on a thin line.
const CONTENTS_MAX_MS = 10 * 60_000;

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

/** Whether the server still accepts a session. */
export async function probeSession(token: string): Promise<'accepted' | 'refused' | 'unreachable'> {
    try {
        const response = await request('GET', '/api/v1/sessions', token);
        return response.status === 401 ? 'refused' : response.ok ? 'accepted' : 'unreachable';
    } catch {
        return 'unreachable';
    }
}

/** The meeting's report, signed or on paper. Throws a `Problem`. */
export async function requestReport(
    token: string,
    meeting: string,
    form: 'json' | 'pdf',
    language: string,
): Promise<Blob> {
    const query = form === 'pdf' ? `?language=${language}` : '';
    const response = await request('GET', `/api/v1/meetings/${meeting}/report.${form}${query}`, token);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return response.blob();
}

/** Keeps the contents of a document to be (`document.add`). Throws a `Problem`. */
export async function sendContents(token: string, meeting: string, contents: Blob): Promise<Content> {
    const response = await request('POST', `/api/v1/meetings/${meeting}/documents`, token, contents);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return (await response.json()) as Content;
}

/** The contents of a document. Throws a `Problem`. */
export async function readDocument(token: string, meeting: string, document: string): Promise<Blob> {
    const path = `/api/v1/meetings/${meeting}/documents/${document}`;
    const response = await request('GET', path, token, undefined, CONTENTS_MAX_MS);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    try {
        return await response.blob();
    } catch {
        throw Problem.local('unreachable');
    }
}

/** The session of this tab for a meeting; null when there is none. Whether it is still good, only the server knows. */
export function recallSession(meeting: string): Session | null {
    try {
        const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as Session | null;
        return stored !== null && stored.meeting === meeting ? stored : null;
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

async function request(
    method: string,
    path: string,
    token: string,
    body?: SignIn | Blob,
    atMost = body instanceof Blob ? CONTENTS_MAX_MS : REQUEST_MAX_MS,
): Promise<Response> {
    const contents = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    const type = body instanceof Blob ? body.type : 'application/json';
    try {
        return await fetch(base + path, {
            method,
            headers: {
                ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
                ...(contents === undefined ? {} : { 'Content-Type': type }),
            },
            ...(contents === undefined ? {} : { body: contents }),
            cache: 'no-store',
            signal: AbortSignal.timeout(atMost),
        });
    } catch {
        throw Problem.local('unreachable');
    }
}

async function problemFrom(response: Response): Promise<Problem> {
    const details = (await response.json().catch(() => null)) as ProblemMessage | null;
    return new Problem(
        details ?? { type: 'unreachable', title: response.statusText, status: response.status },
        Number(response.headers.get('Retry-After') ?? 0),
    );
}
