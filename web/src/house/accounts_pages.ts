// The pages of accounts, one's own account and the server, which come with their words when they are wanted.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { bringWords } from '../i18n/index.ts';

type View = FunctionComponent;

const LOADERS: Readonly<Record<string, () => Promise<View>>> = {
    accounts: async () => (await import('./accounts/Accounts.tsx')).Accounts,
    account: async () => (await import('./accounts/OwnAccount.tsx')).OwnAccount,
    server: async () => (await import('./accounts/Server.tsx')).Server,
};

const pages = new Map<string, Signal<View | 'none' | null>>();

async function bring(name: string): Promise<View | 'none'> {
    const load = LOADERS[name];
    if (load === undefined) {
        return 'none';
    }
    const [view] = await Promise.all([load(), bringWords(['accounts', 'outside'])]);
    return view;
}

/** null while it is on its way, `none` where there is none. */
export function accountsPage(name: string): ReadonlySignal<View | 'none' | null> {
    const known = pages.get(name);
    if (known !== undefined) {
        return known;
    }
    const page = signal<View | 'none' | null>(null);
    pages.set(name, page);
    bring(name).then(
        (view) => {
            page.value = view;
        },
        () => {
            // The line is away: the next look asks again.
            pages.delete(name);
            page.value = 'none';
        },
    );
    return page;
}
