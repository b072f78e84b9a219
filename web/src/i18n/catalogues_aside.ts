// The catalogues of screens beside the way from a link to a room. The names of their files stand here and not in the first script, which
// everybody waits for; these screens wait for one answer more.
import type { Area } from './areas.ts';
import type { Catalogue, Loaders, PageLanguage } from './catalogues.ts';

/** The build reads these calls: each names its files and its language in full. */
const loaders: () => Readonly<Record<PageLanguage, Loaders>> = () => ({
    ar: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=ar',
    }),
    zh: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=zh',
    }),
    en: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=en',
    }),
    fr: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=fr',
    }),
    ru: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=ru',
    }),
    es: import.meta.glob<Catalogue>('./words/{accounts,ends,meetings,outside,paper,unable,wall}.json', {
        import: 'default',
        query: '?language=es',
    }),
});

export function loaderAside(language: PageLanguage, area: Area): Loaders[string] | undefined {
    return loaders()[language][`./words/${area}.json`];
}
