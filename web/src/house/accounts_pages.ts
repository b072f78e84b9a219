// The pages of accounts, one's own account and the server, which come when they are wanted.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

type View = FunctionComponent;
type Loader = () => Promise<Record<string, View>>;

// The build reads this call.
const loaders = () => import.meta.glob<Record<string, View>>('./accounts/*.tsx');

const FILES: Readonly<Record<string, string>> = {
    accounts: 'Accounts',
    account: 'OwnAccount',
    server: 'Server',
};

const pages = new Map<string, Signal<View | 'none' | null>>();

/** null while it is on its way, `none` where there is none. */
export function accountsPage(name: string): ReadonlySignal<View | 'none' | null> {
    const known = pages.get(name);
    if (known !== undefined) {
        return known;
    }
    const page = signal<View | 'none' | null>(null);
    pages.set(name, page);
    const file = FILES[name] ?? '';
    const load: Loader | undefined = loaders()[`./accounts/${file}.tsx`];
    if (load === undefined) {
        page.value = 'none';
        return page;
    }
    load().then(
        (module) => {
            page.value = module[file] ?? 'none';
        },
        () => {
            // The line is away: the next look asks again.
            pages.delete(name);
            page.value = 'none';
        },
    );
    return page;
}
