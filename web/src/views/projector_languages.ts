// In which languages the wall speaks: the house's first, and one more beside it, or none. They are chosen by the address
// (`?languages=fr,ar`) or on the wall itself, and kept on this device, whoever opens it the next time.

import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { bringBeside, inLanguage, isBeside } from '../i18n/beside.ts';
import { type Area, isPageLanguage, type PageLanguage, pageLanguage } from '../i18n/index.ts';

export interface WallLanguages {
    first: PageLanguage;
    second: PageLanguage | null;
}

export interface Said {
    language: PageLanguage;
    words: string;
}

const AREAS: readonly Area[] = ['entrance', 'room', 'wall'];
const REMEMBERED = 'plenary.wall';

/** As an address or this device has it; null for what names no language. */
export function readLanguages(said: string | null): WallLanguages | null {
    const [first, second] = (said ?? '').split(',');
    if (!isPageLanguage(first)) {
        return null;
    }
    return { first, second: isPageLanguage(second) && second !== first ? second : null };
}

/** Before anybody has chosen: the page's language, and beside it one of the two in which the United Nations works. */
export function usualLanguages(page: PageLanguage): WallLanguages {
    return { first: page, second: page === 'en' ? 'fr' : 'en' };
}

/** With another first language; the second gives way when it is the same. */
export function withFirst({ first, second }: WallLanguages, chosen: PageLanguage): WallLanguages {
    return { first: chosen, second: second === chosen ? first : second };
}

function remembered(): WallLanguages | null {
    try {
        return readLanguages(localStorage.getItem(REMEMBERED));
    } catch {
        return null;
    }
}

const chosen = signal<WallLanguages | null>(
    readLanguages(new URLSearchParams(globalThis.location?.search).get('languages')) ?? remembered(),
);

/** The wall's languages now. */
export const wallLanguages: ReadonlySignal<WallLanguages> = computed(
    () => chosen.value ?? usualLanguages(pageLanguage.value),
);

export function chooseLanguages(languages: WallLanguages): void {
    chosen.value = languages;
    try {
        localStorage.setItem(REMEMBERED, [languages.first, languages.second ?? ''].join(','));
    } catch {
        // A browser that keeps nothing shows them until the page goes.
    }
}

/** Brings the words of both. Rejects when they cannot be fetched; what is here is shown meanwhile. */
export async function bringWallWords({ first, second }: WallLanguages): Promise<void> {
    await Promise.all([first, second].map((one) => one !== null && bringBeside(one, AREAS)));
}

/** What `say` answers in the wall's first language. */
export function inFirst<Answer>(say: () => Answer): Answer {
    return inLanguage(wallLanguages.value.first, say);
}

/** The same in both languages: once when they agree, or when the second is not here. */
export function inBoth(say: () => string): Said[] {
    const { first, second } = wallLanguages.value;
    const said = [{ language: first, words: inFirst(say) }];
    if (second !== null && isBeside(second)) {
        said.push({ language: second, words: inLanguage(second, say) });
    }
    return said.filter((one, index) => one.words !== '' && (index === 0 || one.words !== said[0]?.words));
}
