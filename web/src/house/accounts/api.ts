// What the pages of accounts ask of the server: everything here is REST, and can be refused with a `Problem`.
import type {
    AccountChange,
    AccountWish,
    HouseAccount,
    HouseAccounts,
    OwnAccount,
    OwnAccountChange,
    OwnSessions,
    PasswordChange,
    Upkeep,
} from '../../contract/generated.ts';
import { ask, path, query } from '../api.ts';

export const listAccounts = (q = '', after = '') =>
    ask<HouseAccounts>('GET', `/accounts${query({ q, after })}`);
export const readAccount = (account: string) => ask<HouseAccount>('GET', path('accounts', account));
export const addAccount = (wish: AccountWish) => ask<HouseAccount>('POST', '/accounts', wish);
export const changeAccount = (account: string, wish: AccountChange) =>
    ask<HouseAccount>('PUT', path('accounts', account), wish);
export const removeAccount = (account: string) => ask<void>('DELETE', path('accounts', account));
export const makeAccountLink = (account: string) =>
    ask<HouseAccount>('POST', path('accounts', account, 'link'));

export const readOwnAccount = () => ask<OwnAccount>('GET', '/account');
export const changeOwnAccount = (wish: OwnAccountChange) => ask<OwnAccount>('PUT', '/account', wish);
export const changePassword = (wish: PasswordChange) => ask<void>('POST', '/account/password', wish);
export const listSessions = () => ask<OwnSessions>('GET', '/sessions');
export const endSession = (id: string) => ask<void>('DELETE', path('sessions', id));

export const readUpkeep = () => ask<Upkeep>('GET', '/upkeep');
