// Words in six languages, of which one is enough: a small body writes one, and the others are filled by it.
import type { Localized } from '../contract/generated.ts';
import { PAGE_LANGUAGES, type PageLanguage } from '../i18n/index.ts';

export type Six = Partial<Record<PageLanguage, string>>;

/** As the server fills what is missing: by the English words, else by the first there are. */
export function filled(six: Six): Localized {
    const given = (language: PageLanguage) => six[language]?.trim() ?? '';
    const words = [given('en'), ...PAGE_LANGUAGES.map(given)].find((one) => one !== '') ?? '';
    const [ar, zh, en, fr, ru, es] = PAGE_LANGUAGES.map((one) => given(one) || words);
    return { ar, zh, en, fr, ru, es } as Localized;
}

/** The words that were written, without those that only fill a place; `own` is whose words they are while there is one text for all. */
export function givenOf(value: Localized, own: PageLanguage): Six {
    const texts = PAGE_LANGUAGES.map((language) => value[language]);
    if (new Set(texts).size === 1) {
        return { [own]: value[own] };
    }
    const fill = value.en;
    return Object.fromEntries(
        PAGE_LANGUAGES.filter((one) => one === 'en' || value[one] !== fill).map((one) => [one, value[one]]),
    );
}

export function isEmpty(six: Six): boolean {
    return filled(six).en === '';
}

/** The language that a field shows first: the reader's, else one that there are words in. */
export function firstOf(six: Six, own: PageLanguage): PageLanguage {
    const written = (language: PageLanguage) => (six[language] ?? '') !== '';
    return written(own) || isEmpty(six) ? own : (['en' as const, ...PAGE_LANGUAGES].find(written) ?? own);
}
