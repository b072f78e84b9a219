// What the link of an account asks of the server: nobody is signed in yet.
import type { AccountLinkOffer, AccountLinkToken, AccountLinkUse, Session } from '../contract/generated.ts';
import { problemFrom, request } from '../live/request.ts';

async function ask<Answer>(path: string, body: AccountLinkToken | AccountLinkUse): Promise<Answer> {
    const response = await request('POST', `/api/v1/account-link${path}`, '', body);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return (await response.json()) as Answer;
}

/** What it is for. Throws a `Problem`. */
export const lookAtLink = (token: string) => ask<AccountLinkOffer>('/look', { token });

/** Its holder is in. Throws a `Problem`. */
export const takeLink = (wish: AccountLinkUse) => ask<Session>('', wish);
