// The help's pages: one catalogue for each language, fetched when the help is opened.

import { CAPACITY_VALUES } from '../contract/generated.ts';
import type { PageLanguage } from '../i18n/index.ts';

export const TOPICS = [
    'everybody',
    'delegate',
    'chair',
    'secretary',
    'interpreter',
    'moderator',
    'technician',
    'listener',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface HelpPage {
    title: string;
    lead: string;
    sections: { heading: string; lines: string[] }[];
}

export type HelpCatalogue = Record<Topic, HelpPage>;

const LOADERS: Readonly<Record<PageLanguage, () => Promise<{ default: HelpCatalogue }>>> = {
    ar: () => import('./ar.json'),
    zh: () => import('./zh.json'),
    en: () => import('./en.json'),
    fr: () => import('./fr.json'),
    ru: () => import('./ru.json'),
    es: () => import('./es.json'),
};

// Rejects when the catalogue cannot be fetched.
export async function loadHelp(language: PageLanguage): Promise<HelpCatalogue> {
    return (await LOADERS[language]()).default;
}

// The page of a role; without one of its own the listener's. Everybody else reads the common one.
export function topicOf(role: string): Topic {
    const own = TOPICS.find((topic) => topic === role);
    return own ?? (CAPACITY_VALUES.some((one) => one === role) ? 'listener' : 'everybody');
}
