// Languages beside the page's own: on the wall two stand together, and neither need be that of the console that has opened it.
import { signal } from '@preact/signals';
import type { Area } from './areas.ts';
import { loadCatalogue, type PageLanguage } from './catalogues.ts';
import { sayIn, type Words, wordsOf } from './index.ts';

const here = signal<ReadonlyMap<PageLanguage, Words>>(new Map());

/** Brings the words of these areas in a language, whatever the page's is. Rejects when they cannot be fetched. */
export async function bringBeside(language: PageLanguage, areas: readonly Area[]): Promise<void> {
    const catalogues = await Promise.all(areas.map((area) => loadCatalogue(language, area)));
    here.value = new Map(here.value).set(language, wordsOf(language, Object.assign({}, ...catalogues)));
}

/** Whether a language was brought. Reactive. */
export function isBeside(language: PageLanguage): boolean {
    return here.value.has(language);
}

/** What `say` answers in a language; in the page's until its words are here. Reactive. */
export function inLanguage<Said>(language: PageLanguage, say: () => Said): Said {
    const words = here.value.get(language);
    return words === undefined ? say() : sayIn(words, say);
}
