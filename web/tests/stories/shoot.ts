// Pictures of the built stories, for the eye: node tests/stories/shoot.ts [stories [languages [themes [widths]]]], each a list with
// commas.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { STORIES, serveStories, storyAddress } from './serve.ts';

const PICTURES = join(import.meta.dirname, '../../test-results/stories');
const [filter = '', languages = 'en,ar', themes = 'light,dark', widths = '1440,360'] = process.argv.slice(2);

async function shoot(): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    });
    for (const theme of themes.split(',')) {
        for (const width of widths.split(',').map(Number)) {
            const context = await browser.newContext({
                viewport: { width, height: width > 600 ? 900 : 740 },
                colorScheme: theme === 'dark' ? 'dark' : 'light',
                reducedMotion: 'reduce',
            });
            const page = await context.newPage();
            page.on('pageerror', (error) => console.log('PAGE ERROR', error.message));
            page.on(
                'console',
                (message) => message.type() === 'error' && console.log('CONSOLE', message.text()),
            );
            await serveStories(page);
            for (const language of languages.split(',')) {
                for (const name of STORIES.filter(
                    (one) => filter === '' || filter.split(',').includes(one),
                )) {
                    await page.goto(storyAddress(name, language));
                    await page.locator('main').first().waitFor();
                    await page.evaluate(() => document.fonts.ready);
                    await page.waitForTimeout(150);
                    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                    if (wide > 0) {
                        console.log(`${name} ${language} ${width}: ${wide} px too wide`);
                    }
                    await page.screenshot({
                        path: join(PICTURES, `${name}-${language}-${theme}-${width}.png`),
                        fullPage: width < 600,
                    });
                }
            }
            await context.close();
        }
    }
    await browser.close();
}

await shoot();
