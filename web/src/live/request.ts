// One request to the server's API, with a bound on how long it may take.
import type { ProblemMessage } from '../contract/generated.ts';
import { base } from '../router/base.ts';
import { Problem } from './problem.ts';

const REQUEST_MAX_MS = 15_000;
// Contents of documents, on a thin line.
export const CONTENTS_MAX_MS = 10 * 60_000;

/** Throws a `Problem` when the server is not reached. */
export async function request(
    method: string,
    path: string,
    token: string,
    body?: object,
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
            signal: abortedAfter(atMost),
        });
    } catch {
        throw Problem.local('unreachable');
    }
}

// AbortSignal.timeout(), which hardened and older browsers do not have. Until the contents are read, too.
function abortedAfter(ms: number): AbortSignal {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), ms);
    return controller.signal;
}

/** What a response that is not ok says. */
export async function problemFrom(response: Response): Promise<Problem> {
    const details = (await response.json().catch(() => null)) as ProblemMessage | null;
    return new Problem(
        details ?? { type: 'unreachable', title: response.statusText, status: response.status },
        Number(response.headers.get('Retry-After') ?? 0),
    );
}
