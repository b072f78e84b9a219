// Pictures of the built stories, for the eye: node tests/stories/shoot.ts [stories [languages [themes [widths]]]], each a list with
// commas, and what is wrong with their geometry. Of all of them in one language and width it makes a sheet besides.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { misplaced } from './geometry.ts';
import { openStory, serveStories, storiesAt } from './serve.ts';
import { type Shot, sheetOf } from './sheets.ts';
import { contextOf, LAUNCH, sizeOf } from './window.ts';

const PICTURES = join(import.meta.dirname, '../../test-results/stories');
const [filter = '', languages = 'en,ar', themes = 'light,dark', widths = '1440,360'] = process.argv.slice(2);
const chosen = filter.split(',').filter((one) => one !== '');

async function shootAll(browser: Browser, theme: string, width: number): Promise<void> {
    const context = await browser.newContext(contextOf(sizeOf(width), theme));
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log('PAGE ERROR', error.message));
    await serveStories(page);
    for (const language of languages.split(',')) {
        const shots: Shot[] = [];
        for (const name of storiesAt(width).filter((one) => chosen.length === 0 || chosen.includes(one))) {
            const where = `${name}-${language}-${theme}-${width}`;
            await openStory(page, name, language, '&still').catch((error) => console.log(String(error)));
            for (const fault of await page.evaluate(misplaced)) {
                console.log(`${where}: ${fault}`);
            }
            const picture = await page.screenshot({
                path: join(PICTURES, `${where}.png`),
                animations: 'disabled',
            });
            shots.push({ name, picture });
        }
        await sheetOf(browser, shots, width, join(PICTURES, `sheet-${language}-${theme}-${width}`));
    }
    await context.close();
}

mkdirSync(PICTURES, { recursive: true });
const browser = await chromium.launch(LAUNCH);
for (const theme of themes.split(',')) {
    for (const width of widths.split(',').map(Number)) {
        await shootAll(browser, theme, width);
    }
}
await browser.close();
