// Pictures of every screen, for people to look at: test-results/screens/. The test itself asks only that each one comes up.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';
import { openScreen, SCREENS, showLanguage, showTheme } from './screens.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../test-results/screens');
const SIZES = [
    { width: 1440, height: 900 },
    { width: 360, height: 780 },
];

for (const name of SCREENS) {
    test(`${name} in English and Arabic, light and dark, wide and narrow`, async ({
        person,
        visit,
        light,
        plenary,
    }) => {
        mkdirSync(FOLDER, { recursive: true });
        const page = await openScreen(name, { person, visit, light, plenary, pictures: true });
        for (const language of ['en', 'ar']) {
            await showLanguage(page, language);
            for (const size of SIZES) {
                await page.setViewportSize(size);
                for (const theme of ['light', 'dark'] as const) {
                    await showTheme(page, theme);
                    const file = `${name}-${language}-${theme}-${size.width}.png`;
                    const picture = await page.screenshot({ path: join(FOLDER, file) });
                    expect(picture.length, file).toBeGreaterThan(5000);
                }
            }
        }
    });
}
