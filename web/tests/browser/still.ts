// Keys that stand still: their rectangles before and after, to a pixel, at the two usual sizes of a screen and in languages of both directions.
import type { Page } from '@playwright/test';
import { showLanguage } from './screens.ts';

const SIZES = [
    { width: 1440, height: 900 },
    { width: 1280, height: 720 },
];
export const LONG = process.env.PLENARY_LONG === '1';
const LANGUAGES = LONG ? ['en', 'ar', 'zh', 'fr', 'ru', 'es'] : ['en', 'ar'];

export interface Way {
    size: (typeof SIZES)[number];
    language: string;
}

export const WAYS: readonly Way[] = SIZES.flatMap((size) =>
    LANGUAGES.map((language) => ({ size, language })),
);

/** One way after the other; in --long all of them each time. */
export function waysOf(change: number): readonly Way[] {
    return LONG ? WAYS : WAYS.slice(change % WAYS.length).slice(0, 1);
}

export type Rectangles = Record<string, [number, number, number, number]>;

/** Of each key by its place in the page: its words and its look change. */
async function rectangles(page: Page, keys: string): Promise<Rectangles> {
    return page.evaluate((selector) => {
        const found: Record<string, [number, number, number, number]> = {};
        for (const [index, key] of [...document.querySelectorAll(selector)].entries()) {
            const { x, y, width, height } = key.getBoundingClientRect();
            found[`${index} of ${key.parentElement?.classList[0]}`] = [x, y, width, height];
        }
        return found;
    }, keys);
}

export async function show(page: Page, { size, language }: Way): Promise<void> {
    await page.setViewportSize(size);
    await showLanguage(page, language);
}

/** As they stand in each of these sizes and languages; `look` sees the page in each of them. */
export async function allRectangles(
    page: Page,
    keys: string,
    ways: readonly Way[],
    look: (where: string) => Promise<void> = async () => {},
): Promise<Record<string, Rectangles>> {
    const all: Record<string, Rectangles> = {};
    for (const way of ways) {
        await show(page, way);
        const where = `${way.language} ${way.size.width}`;
        all[where] = await rectangles(page, keys);
        await look(where);
    }
    return all;
}

/** Of those keys that were looked at again, the ones that are not where they were. */
export function moved(before: Record<string, Rectangles>, after: Record<string, Rectangles>): string[] {
    const found: string[] = [];
    for (const [where, seen] of Object.entries(after)) {
        const keys = before[where] ?? {};
        for (const [key, rectangle] of Object.entries(keys)) {
            const now = seen[key];
            if (now === undefined || now.some((value, i) => Math.abs(value - rectangle[i]!) > 1)) {
                found.push(`${where}, ${key}: ${rectangle.map(Math.round)} → ${now?.map(Math.round)}`);
            }
        }
        const more = Object.keys(seen).length - Object.keys(keys).length;
        if (more > 0) {
            found.push(`${where}: ${more} more`);
        }
    }
    return found;
}
