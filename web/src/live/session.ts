// Who is signed in in this tab. The session token stays in sessionStorage: one tab, one person.
import type { Content, Session, SignIn } from '../contract/generated.ts';
import { Problem, type ProblemDetails } from './problem.ts';

const STORAGE_KEY = 'plenary.session';
const REQUEST_MAX_MS = 15_000;
// Contents of documents, on a thin line.
const CONTENTS_MAX_MS = 10 * 60_000;

/** Signs in by a personal link's token or by an account. Throws a `Problem`. */
export async function requestSession(body: SignIn): Promise<Session> {
    const response = await request('POST', '/api/v1/session', '', body);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return (await response.json()) as Session;
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

/** The session of this tab for a meeting; null when there is none, or one that has expired. */
export function recallSession(meeting: string, now: number): Session | null {
    try {
        const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as Session | null;
        return stored !== null && stored.meeting === meeting && stored.expires_at > now ? stored : null;
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
        return await fetch(path, {
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
    const details = (await response.json().catch(() => null)) as ProblemDetails | null;
    return new Problem(
        details ?? { type: 'unreachable', title: response.statusText, status: response.status },
    );
}
