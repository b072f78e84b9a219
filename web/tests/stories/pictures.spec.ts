// How every screen and state looks: compared with kept references, and by geometry. Here a sample of each screen; with PLENARY_LONG all of
// them, at all widths and in six languages, with contact sheets in test-results/stories for the eye.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { LANGUAGES } from '../words_of_the_page.ts';
import { misplaced } from './geometry.ts';
import type { StoryName } from './names.ts';
import { compared, type Look, otherBrowser, RENEW } from './references.ts';
import { openStory, serveStories, storiesAt } from './serve.ts';
import { type Shot, sheetOf } from './sheets.ts';
import { contextOf, sizeOf, WIDTHS } from './window.ts';

const LONG = process.env.PLENARY_LONG === '1';
const SHEETS = join(import.meta.dirname, '../../test-results/stories');
const THEMES = ['light', 'dark'] as const;
// Of these the references are kept.
const KEPT_LANGUAGES: readonly string[] = ['en', 'ar'];
const KEPT_WIDTHS: readonly number[] = [360, 1440];

// Some alone, by name; a sheet is made of them.
const CHOSEN = (process.env.PLENARY_STORIES ?? '').split(',').filter((one) => one !== '');

// Each screen in a state that has much on it.
const SAMPLE: readonly StoryName[] = [
    'sign-in',
    'unable',
    'entrance',
    'room-delegate',
    'room-silent',
    'room-help-talk',
    'room-menu',
    'room-pdf-found',
    'chair-two',
    'secretary',
    'moderator-help',
    'technician-relay',
    'trainer',
    'interpreter-relay',
    'projector-two',
    'house',
    'house-meeting',
    'house-people',
];

async function shot(page: Page, theme: (typeof THEMES)[number]): Promise<Buffer> {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    // A desk is dark by itself.
    await page.evaluate((wanted) => {
        if (document.documentElement.dataset.theme !== undefined) {
            document.documentElement.dataset.theme = wanted;
        }
    }, theme);
    return page.screenshot({ animations: 'disabled' });
}

/** What is wrong with one story in one language and width, and its pictures. */
async function see(
    page: Page,
    loupe: Page,
    where: Omit<Look, 'theme'>,
    themes: readonly (typeof THEMES)[number][],
) {
    const faults: string[] = [];
    const pictures: Buffer[] = [];
    try {
        await openStory(page, where.name, where.language, '&still');
    } catch (thrown) {
        return { faults: [String(thrown)], pictures };
    }
    const kept =
        KEPT_LANGUAGES.includes(where.language) && KEPT_WIDTHS.includes(where.width) && unlike(page) === '';
    for (const theme of themes) {
        const picture = await shot(page, theme);
        pictures.push(picture);
        const other = kept ? await compared(loupe, { ...where, theme }, picture) : null;
        faults.push(...(other === null ? [] : [other]));
    }
    const wrong = await page.evaluate(misplaced);
    faults.push(...wrong.map((one) => `${where.name} ${where.language} ${where.width}: ${one}`));
    return { faults, pictures };
}

function unlike(page: Page): string {
    return otherBrowser(page.context().browser()?.version() ?? '');
}

async function window(page: Page, width: number): Promise<{ page: Page; loupe: Page }> {
    const context = await page
        .context()
        .browser()!
        .newContext(contextOf(sizeOf(width), 'light'));
    const own = await context.newPage();
    await serveStories(own);
    return { page: own, loupe: page };
}

if (!LONG && !RENEW) {
    test('a sample of the screens looks as it did, and nothing is misplaced', async ({ page: loupe }) => {
        const faults: string[] = [];
        for (const width of KEPT_WIDTHS) {
            const { page } = await window(loupe, width);
            for (const [index, name] of SAMPLE.entries()) {
                // One after the other in each language and theme.
                const way = index + KEPT_WIDTHS.indexOf(width);
                const language = KEPT_LANGUAGES[way % 2]!;
                const found = await see(page, loupe, { name, language, width }, [THEMES[(way >> 1) % 2]!]);
                faults.push(...found.faults);
            }
            await page.context().close();
        }
        expect(faults).toEqual([]);
        test.skip(
            unlike(loupe) !== '',
            `where things stand was looked at, not how they look: ${unlike(loupe)}`,
        );
    });
}

for (const width of LONG ? WIDTHS : RENEW ? KEPT_WIDTHS : []) {
    for (const language of LONG ? LANGUAGES : KEPT_LANGUAGES) {
        test(`all screens at ${width} px in ${language}`, async ({ page: loupe, browser }) => {
            test.setTimeout(60 * 60_000);
            mkdirSync(SHEETS, { recursive: true });
            const { page } = await window(loupe, width);
            const faults: string[] = [];
            const sheets: Record<string, Shot[]> = { light: [], dark: [] };
            for (const name of storiesAt(width).filter(
                (one) => CHOSEN.length === 0 || CHOSEN.includes(one),
            )) {
                const found = await see(page, loupe, { name, language, width }, THEMES);
                faults.push(...found.faults);
                for (const [index, picture] of found.pictures.entries()) {
                    sheets[THEMES[index]!]?.push({ name, picture });
                }
            }
            for (const [theme, shots] of Object.entries(sheets)) {
                await sheetOf(browser, shots, width, join(SHEETS, `sheet-${language}-${theme}-${width}`));
            }
            await page.context().close();
            expect(faults).toEqual([]);
        });
    }
}
