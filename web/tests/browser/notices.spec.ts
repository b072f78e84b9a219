// Notices stand in the bar over words that can wait: never over a control, one at a time, and the others by a key. By rectangles.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';

const SIZES = [
    [1440, 900],
    [1280, 720],
    [1024, 768],
    [360, 640],
] as const;

/** In the page: what a notice covers of what one can press, and whether it moved the page. */
function covered(): string[] {
    const box = (one: Element): DOMRect => one.getBoundingClientRect();
    const notices = [...document.querySelectorAll('.notice')].filter((one) => box(one).width > 0);
    const found = notices.length === 1 ? [] : [`${notices.length} notices are seen`];
    for (const notice of notices) {
        const here = box(notice);
        for (const control of document.querySelectorAll('button, select, input, a[href], summary')) {
            const there = box(control);
            const apart =
                there.width === 0 ||
                there.right <= here.left + 1 ||
                here.right <= there.left + 1 ||
                there.bottom <= here.top + 1 ||
                here.bottom <= there.top + 1;
            if (!apart && !notice.contains(control)) {
                found.push(`a notice covers "${control.textContent}"`);
            }
        }
    }
    return found;
}

async function look(page: Page): Promise<string[]> {
    const found: string[] = [];
    for (const language of ['en', 'ar'] as const) {
        await showLanguage(page, language);
        for (const [width, height] of SIZES) {
            await page.setViewportSize({ width, height });
            await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
            const wrong = await page.evaluate(covered);
            found.push(...wrong.map((one) => `${language} ${width}: ${one}`));
        }
    }
    await showLanguage(page, 'en');
    await page.setViewportSize({ width: 1440, height: 900 });
    return found;
}

for (const role of ['chair', 'technician', 'delegate'] as const) {
    test(`${role}: a notice covers no control, and others wait behind a key`, async ({ person, light }) => {
        const { page } = await person({ role, ...(role === 'delegate' ? { delegation: 'KEN' } : {}) });
        const bar = await page.locator('.top-bar').boundingBox();
        for (const language of ['fr', 'es'] as const) {
            const booth = await light.join({ role: 'interpreter', language });
            await booth.command('interpretation.suspend', {
                language,
                announcement:
                    'La transmisión se interrumpe: en cuanto el sonido sea suficiente seguiremos. '.repeat(3),
            });
        }
        const notices = page.locator('.notice');
        await expect(notices).toHaveCount(2);
        expect(await look(page)).toEqual([]);
        expect(await page.locator('.top-bar').boundingBox()).toEqual(bar);
        await page.getByRole('button', { name: 'All notices' }).click();
        await expect(notices.nth(1)).toBeVisible();
        await notices.first().getByRole('button', { name: 'Close' }).click();
        await notices.first().getByRole('button', { name: 'Close' }).click();
        await expect(notices).toHaveCount(0);
    });
}
