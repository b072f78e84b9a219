// The second factor of one's account. Each throws a `Problem`.
import type { RecoveryCodes, SecondFactor, SecondFactorSecret } from '../contract/generated.ts';
import { problemFrom, request } from './request.ts';

const PATH = '/api/v1/account/totp';

async function ask(method: string, token: string, code?: string): Promise<Response> {
    const response = await request(method, PATH, token, code === undefined ? undefined : { code });
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return response;
}

export async function readSecondFactor(token: string): Promise<SecondFactor> {
    return (await (await ask('GET', token)).json()) as SecondFactor;
}

/** A secret for an authenticator; nothing is on before a code of it was shown. */
export async function beginSecondFactor(token: string): Promise<SecondFactorSecret> {
    return (await (await ask('POST', token)).json()) as SecondFactorSecret;
}

/** The recovery codes, which are shown once. */
export async function confirmSecondFactor(token: string, code: string): Promise<RecoveryCodes> {
    return (await (await ask('PUT', token, code)).json()) as RecoveryCodes;
}

export async function removeSecondFactor(token: string, code: string): Promise<void> {
    await ask('DELETE', token, code);
}
