// Everybody can use it: axe finds nothing, the keyboard alone is enough, nothing scrolls sideways on a telephone, screen readers are told.
import type { Page } from '@playwright/test';
import { findings, sideways } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { openScreen, SCREENS, showLanguage, showTheme } from './screens.ts';

for (const name of SCREENS) {
    test(`${name}: axe finds nothing and nothing scrolls sideways, light and dark, in English and Arabic`, async ({
        person,
        visit,
        light,
        plenary,
    }) => {
        test.setTimeout(15 * 60_000); // a deadline: half a core looks at it for longer than six minutes
        const page = await openScreen(name, { person, visit, light, plenary });
        const against: string[] = [];
        for (const language of ['en', 'ar']) {
            await showLanguage(page, language);
            await expect(page.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr');
            for (const theme of ['light', 'dark'] as const) {
                await showTheme(page, theme);
                for (const finding of await findings(page)) {
                    against.push(`${language}, ${theme}: ${finding}`);
                }
            }
            // As high as all of it: what is scrolled away counts as covered otherwise.
            await page.setViewportSize({ width: 360, height: 2600 });
            for (const finding of [...(await sideways(page)), ...(await findings(page))]) {
                against.push(`${language}, 360 px: ${finding}`);
            }
            await page.setViewportSize({ width: 1440, height: 900 });
        }
        expect(against).toEqual([]);
    });
}

/** Presses Tab until the focus stands on a key with this name, and it is visible there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
    const seen: string[] = [];
    for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => {
            const element = document.activeElement === document.body ? null : document.activeElement;
            const label = element?.getAttribute('aria-label') ?? '';
            const outline = element === null ? 'none' : getComputedStyle(element).outlineStyle;
            return { words: `${label} ${element?.textContent ?? ''}`.trim(), outline };
        });
        seen.push(focused.words.slice(0, 30));
        if (name.test(focused.words)) {
            expect(focused.outline, `the focus on ${name} should be seen`).not.toBe('none');
            return;
        }
    }
    throw new Error(`${name} is not reached by Tab: ${seen.join(' | ')}`);
}

test('a delegate needs no mouse: join, ask for the floor, withdraw, choose a language', async ({
    person,
}) => {
    const chair = await person({ role: 'chair' });
    const { page } = await person({ role: 'delegate', delegation: 'FRA', tone: 500, stay: true });
    const requests = async () => (await chair.meeting())?.requests.length;
    await tabTo(page, /Join the meeting/);
    await page.keyboard.press('Enter');
    await expect(page.locator('.stage')).toBeVisible();
    // The focus stands at the beginning of the new screen.
    await expect(page.locator('#main')).toBeFocused();

    await tabTo(page, /Ask for the floor/);
    await page.keyboard.press('Enter');
    await expect.poll(requests).toBe(1);
    await tabTo(page, /Withdraw my request/);
    await page.keyboard.press('Space');
    await expect.poll(requests).toBe(0);
    await page.keyboard.press('a'); // the same by one key
    await expect.poll(requests).toBe(1);

    await tabTo(page, /^Français/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /Français/ })).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('6');
    await expect(page.getByRole('button', { name: /Español/ })).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Shift+?');
    await expect(page.getByRole('dialog')).toContainText('Ask for the floor or withdraw');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);

    // The chair neither.
    await chair.page.keyboard.press('g');
    await expect.poll(async () => (await chair.meeting())?.floor.length).toBe(1);
    await tabTo(page, /End my intervention/);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chair.meeting())?.floor.length).toBe(0);
});

test('an interpreter needs no mouse: microphone, cough, relay', async ({ person, light }) => {
    const interpreter = await person({ role: 'interpreter', language: 'fr', tone: 1100 });
    const channel = await light.hear('fr');
    const { page } = interpreter;
    const microphone = page.locator('.microphone-key');
    await page.keyboard.press('m');
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
    await channel.hears(1100);
    await page.keyboard.down('Space');
    await expect(page.locator('.cough-key')).toHaveAttribute('aria-pressed', 'true');
    await channel.hears(0);
    await page.keyboard.up('Space');
    await channel.hears(1100);
    await page.keyboard.press('3');
    await expect.poll(async () => (await interpreter.state()).relay).toBe('en');
    await page.keyboard.press('F8');
    await expect(microphone).toHaveAttribute('aria-pressed', 'false');
    await tabTo(page, /^Microphone/);
    await page.keyboard.press('Enter');
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
    await tabTo(page, /Muted while held/);
    await page.keyboard.down('Enter');
    await expect(page.locator('.cough-key')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.up('Enter');
    await expect(page.locator('.cough-key')).toHaveAttribute('aria-pressed', 'false');
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
});

test('screen readers are told who speaks, whose turn it is and when one is heard', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    const delegate = await person({ role: 'delegate', participant: 'delegate-fra' });
    const listener = await person({ role: 'listener' });
    const polite = listener.page.locator('[aria-live=polite][data-live]');
    await delegate.press('Ask for the floor');
    await expect(delegate.page.locator('[aria-live=polite][data-live]')).toHaveText(/You are next/);
    await chair.command('floor.give', { participant: 'delegate-fra' });
    await expect(polite).toHaveText(/France.* has the floor/);
    await expect(delegate.page.locator('[aria-live=assertive][data-live]')).toHaveText(
        /microphone is now open/,
    );
    await delegate.press('End my intervention');
    await expect(polite).toHaveText('Nobody has the floor');
    await expect(delegate.page.locator('[aria-live=assertive][data-live]')).toHaveText(/now closed/);
});
