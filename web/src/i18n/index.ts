// The words of the page: catalogues by language and by area, loaded when they are asked for.
// Whatever reads text() inside a component is drawn again when the language changes.

import { computed, signal } from '@preact/signals';
import type { Localized } from '../contract/generated.ts';
import type { Area, MessageKey } from './areas.ts';
import { type Catalogue, loadCatalogue, type PageLanguage } from './catalogues.ts';
import { type Formatter, formatMessage, formatterOf, type MessageValues } from './message.ts';
import { Shelf } from './shelf.ts';

export type { Area, MessageKey } from './areas.ts';
export type { PageLanguage } from './catalogues.ts';
export type { MessageValues } from './message.ts';

export const PAGE_LANGUAGES: readonly PageLanguage[] = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];

// Each language's name in itself: the same on every page, so never translated.
export const OWN_NAMES: Readonly<Record<PageLanguage, string>> = {
    ar: 'العربية',
    zh: '中文',
    en: 'English',
    fr: 'Français',
    ru: 'Русский',
    es: 'Español',
};

// Arabic with Western digits: agenda numbers and document references are printed so ("C20/5", "3.1"), and a
// page that mixes both kinds of digits is hard to read.
const LOCALES: Readonly<Record<PageLanguage, string>> = {
    ar: 'ar-u-nu-latn',
    zh: 'zh-CN',
    en: 'en-GB',
    fr: 'fr-FR',
    ru: 'ru-RU',
    es: 'es-ES',
};

const REMEMBERED = 'plenary.language';

/** The words of one language, with what formats its numbers. */
export interface Words {
    language: PageLanguage;
    words: Catalogue;
    formatter: Formatter;
}

const loaded = signal<Words | null>(null);
// What stands in their place within sayIn().
let aside: Words | null = null;

export const pageLanguage = computed<PageLanguage>(() => loaded.value?.language ?? 'en');
export const pageDirection = computed<'rtl' | 'ltr'>(() => (pageLanguage.value === 'ar' ? 'rtl' : 'ltr'));

function spoken(): Words | null {
    return aside ?? loaded.value;
}

/** The language in which text() answers: the page's, but within sayIn(). */
export function spokenLanguage(): PageLanguage {
    return spoken()?.language ?? 'en';
}

export function wordsOf(language: PageLanguage, words: Catalogue): Words {
    return { language, words, formatter: formatterOf(LOCALES[language]) };
}

/** What `say` answers in other words than the page's. For what is said at once, and not for components: they are drawn later. */
export function sayIn<Said>(words: Words, say: () => Said): Said {
    const before = aside;
    aside = words;
    try {
        return say();
    } finally {
        aside = before;
    }
}

export function isPageLanguage(value: unknown): value is PageLanguage {
    return PAGE_LANGUAGES.some((language) => language === value);
}

// The language to begin with: the reader's last choice, else the browser's first that we have, else English.
export function preferredLanguage(): PageLanguage {
    const remembered = readRemembered();
    if (remembered !== null) {
        return remembered;
    }
    for (const tag of navigator.languages) {
        const primary = tag.toLowerCase().split('-')[0];
        if (isPageLanguage(primary)) {
            return primary;
        }
    }
    return 'en';
}

const shelf = new Shelf({
    load: loadCatalogue,
    preferred: preferredLanguage,
    show(language, words) {
        loaded.value = wordsOf(language, words);
        document.documentElement.lang = language;
        document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
    },
});

/** Shows the page in a language. Rejects when its words cannot be fetched; the page then stays as it was. */
export function showLanguage(language: PageLanguage): Promise<void> {
    return shelf.choose(language);
}

/** Brings the words of these areas, now and in whichever language is chosen later. Rejects when they cannot be fetched. */
export function bringWords(areas: readonly Area[]): Promise<void> {
    return shelf.bring(areas);
}

/** Shows the preferred language when the page begins. Should its catalogue not come, English may; rejects when neither does. */
export function beginLanguage(): Promise<void> {
    return showLanguage(preferredLanguage()).catch(() => showLanguage('en'));
}

export async function chooseLanguage(language: PageLanguage): Promise<void> {
    await showLanguage(language);
    try {
        localStorage.setItem(REMEMBERED, language);
    } catch {
        // A browser that keeps nothing still shows the language; it only forgets it.
    }
}

export function text(key: MessageKey, values: MessageValues = {}): string {
    const current = spoken();
    if (current === null) {
        return '';
    }
    const message = current.words[key];
    return message === undefined ? '' : formatMessage(message, current.formatter, values);
}

/** Whether this key has words here: those of a screen that is not loaded are not, nor those of a newer server. */
export function hasWords(key: string): key is MessageKey {
    return spoken()?.words[key] !== undefined;
}

// A text the organisation wrote in six languages; English where the reader's is empty.
export function localized(value: Localized): string {
    return value[spokenLanguage()] || value.en;
}

// The language of what localized() returns, for the lang attribute.
export function localizedLanguage(value: Localized): PageLanguage {
    const language = spokenLanguage();
    return value[language] ? language : 'en';
}

// What stands between two sentences: a Chinese full stop brings its own room.
export function gap(): string {
    return spokenLanguage() === 'zh' ? '' : ' ';
}

// A language's name in the reader's language.
export function languageName(language: PageLanguage): string {
    return text(`language.${language}`);
}

export function formatNumber(value: number): string {
    return spoken()?.formatter.numbers.format(value) ?? '';
}

export function formatPercent(value: number): string {
    return new Intl.NumberFormat(LOCALES[spokenLanguage()], { style: 'percent' }).format(value);
}

// The hour and minute in the reader's zone, or in the zone named. 24 hours, as agendas are printed.
export function formatTime(milliseconds: number, zone?: string): string {
    const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    return new Intl.DateTimeFormat(
        LOCALES[spokenLanguage()],
        zone ? { ...options, timeZone: zone } : options,
    ).format(milliseconds);
}

// To the second, in the reader's zone.
export function formatClock(milliseconds: number): string {
    return new Intl.DateTimeFormat(LOCALES[spokenLanguage()], {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
    }).format(milliseconds);
}

export function formatDate(milliseconds: number, zone?: string): string {
    const options: Intl.DateTimeFormatOptions = {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
    };
    return new Intl.DateTimeFormat(
        LOCALES[spokenLanguage()],
        zone ? { ...options, timeZone: zone } : options,
    ).format(milliseconds);
}

function readRemembered(): PageLanguage | null {
    try {
        const value = localStorage.getItem(REMEMBERED);
        return isPageLanguage(value) ? value : null;
    } catch {
        return null;
    }
}
