// Where the catalogues come from: one file for each area and language, fetched when it is asked for.
import type { Language } from '../contract/generated.ts';
import type { Area } from './areas.ts';
import type { Message } from './message.ts';

export type PageLanguage = Exclude<Language, 'none'>;
export type Catalogue = Readonly<Record<string, Message>>;

export type Loaders = Record<string, () => Promise<Catalogue>>;

// The build reads these calls: each names its language in full. What catalogues_aside.ts has is left out.
const loaders: () => Readonly<Record<PageLanguage, Loaders>> = () => ({
    ar: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=ar',
        },
    ),
    zh: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=zh',
        },
    ),
    en: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=en',
        },
    ),
    fr: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=fr',
        },
    ),
    ru: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=ru',
        },
    ),
    es: import.meta.glob<Catalogue>(
        ['./words/*.json', '!./words/{accounts,ends,meetings,outside,paper,unable,wall}.json'],
        {
            import: 'default',
            query: '?language=es',
        },
    ),
});

/** Rejects when it cannot be fetched. */
export async function loadCatalogue(language: PageLanguage, area: Area): Promise<Catalogue> {
    const load =
        loaders()[language][`./words/${area}.json`] ??
        (await import('./catalogues_aside.ts')).loaderAside(language, area);
    if (load === undefined) {
        throw new Error(`there are no words of ${area}`);
    }
    return load();
}
