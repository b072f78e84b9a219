// The words as they are written: an area's file has each key with its words in six languages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Area } from '../src/i18n/areas.ts';
import type { PageLanguage } from '../src/i18n/catalogues.ts';

export const LANGUAGES: readonly PageLanguage[] = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];
export const AREAS: readonly Area[] = [
    'entrance',
    'room',
    'desks',
    'interpreter',
    'technician',
    'outside',
    'ends',
    'meetings',
    'house',
    'accounts',
    'paper',
    'unable',
    'wall',
];

export type Texts = Record<PageLanguage, string>;

export function readArea(area: Area): Record<string, Texts> {
    const path = join(import.meta.dirname, `../src/i18n/words/${area}.json`);
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Texts>;
}

/** Every key of the page; it stands in one area. */
export const WORDS: Readonly<Record<string, Texts>> = Object.assign({}, ...AREAS.map(readArea));
