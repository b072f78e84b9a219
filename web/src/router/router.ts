// The page's addresses. The part behind `#` of a personal link is a secret: it is taken once and removed at once.
import { type ReadonlySignal, signal } from '@preact/signals';
import { base, cameWith, pathWithin } from './base.ts';

export type Route =
    | { page: 'sign-in' }
    // The entrance and the room of one meeting; which of the two is shown depends on `store.stage`.
    | { page: 'meeting'; meeting: string }
    // Plate and timer for the wall of a chamber.
    | { page: 'projector'; meeting: string }
    // The house's own pages: what stands behind /house.
    | { page: 'house'; parts: readonly string[] }
    // By the link of an account.
    | { page: 'begin' }
    | { page: 'help'; role: string }
    | { page: 'missing' };

// The house's pages, and those of one meeting.
const IN_HOUSE =
    /^house(\/(bodies|accounts|account|server|new|m\/[^/]+(\/(people|delegations|agenda|badges))?))?$/;

/** What an address shows; src/http/static_files.c knows the same ones (tests/data/addresses.txt). */
export function routeOf(path: string): Route {
    const named = path.split('/').filter((part) => part !== '');
    const parts = named.map(decoded);
    const [first, second, third] = parts;
    if (parts.length === 0 || (first === 'sign-in' && parts.length === 1)) {
        return { page: 'sign-in' };
    }
    if (first === 'm' && second !== undefined && parts.length === 2) {
        return { page: 'meeting', meeting: second };
    }
    if (first === 'm' && second !== undefined && third === 'projector' && parts.length === 3) {
        return { page: 'projector', meeting: second };
    }
    if (IN_HOUSE.test(named.join('/')) && !parts.includes(undefined)) {
        return { page: 'house', parts: parts.slice(1) as string[] };
    }
    if (first === 'begin' && parts.length === 1) {
        return { page: first };
    }
    if (first === 'help' && parts.length <= 2) {
        return { page: 'help', role: second ?? '' };
    }
    return { page: 'missing' };
}

// A part that is no valid UTF-8 names nothing.
function decoded(part: string): string | undefined {
    try {
        return decodeURIComponent(part);
    } catch {
        return undefined;
    }
}

const current = signal<Route>(
    cameWith === 200 ? routeOf(pathWithin(globalThis.location?.pathname ?? '/')) : { page: 'missing' },
);

/** The address shown now. */
export const route: ReadonlySignal<Route> = current;

/** Goes to an address of this site without loading a page. */
export function navigate(path: string): void {
    history.pushState(null, '', base + path);
    current.value = routeOf(path);
}

/** Takes the link token out of the address bar: it appears in no history entry, screenshot or referrer afterwards. */
export function takeLinkToken(): string {
    const token = location.hash.slice(1);
    if (token !== '') {
        history.replaceState(null, '', location.pathname + location.search);
    }
    return token;
}

/** Follows the browser's back and forward keys. */
export function followHistory(): void {
    window.addEventListener('popstate', () => {
        current.value = routeOf(pathWithin(location.pathname));
    });
}
