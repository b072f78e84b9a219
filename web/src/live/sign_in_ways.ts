// The ways in which people sign in here, and what a sign-in at the organisation's provider came back with.
import type { RefusalReason, SignInWays } from '../contract/generated.ts';
import { base } from '../router/base.ts';
import { Problem, problemOf } from './problem.ts';
import { request } from './request.ts';

const REFUSED = 'refused=';

/** null when the server does not say: the form is there in any case. */
export async function askSignInWays(): Promise<SignInWays | null> {
    try {
        const response = await request('GET', '/api/v1/sign-in', '');
        return response.ok ? ((await response.json()) as SignInWays) : null;
    } catch {
        return null;
    }
}

/** Where a browser is sent to the provider. */
export function providerAddress(meeting: string): string {
    const query = meeting === '' ? '' : `?meeting=${encodeURIComponent(meeting)}`;
    return `${base}/api/v1/sign-in/oidc${query}`;
}

/** What stood behind # of the address: why it was refused; null for a token. */
export function refusedAtProvider(fragment: string): Problem | null {
    if (!fragment.startsWith(REFUSED)) {
        return null;
    }
    // One that this page has no words for is told in general ones.
    return refusedBecause(fragment.slice(REFUSED.length) as RefusalReason);
}

/** Why a token of there is not taken: it is another browser's, or a minute old, or was used. */
export function tokenProblem(thrown: unknown): Problem {
    const problem = problemOf(thrown);
    return problem.kind === 'unauthenticated' ? refusedBecause('sign_in_begun_elsewhere') : problem;
}

function refusedBecause(reason: RefusalReason): Problem {
    return new Problem({ type: 'forbidden', title: reason, status: 403, refusal: { reason } });
}
