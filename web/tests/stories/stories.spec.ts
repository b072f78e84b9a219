// Every screen in every state: axe without findings (WCAG 2.2 AA), nothing wider than the page, also at 400 % (320 px), and what a
// keyboard does on the page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Locator, type Page, test } from '@playwright/test';
import type { StoryName } from './names.ts';
import { openStory, STORIES, serveStories } from './serve.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function open(page: Page, name: string, language = 'en'): Promise<void> {
    await serveStories(page);
    await openStory(page, name, language);
}

const LONG = process.env.PLENARY_LONG === '1';

// Here one of each kind of screen; with PLENARY_LONG all.
const LOOKED_AT: readonly StoryName[] = [
    'room-silent',
    'chair-two',
    'interpreter-relay',
    'technician-relay',
    'house-people',
];

interface Finding {
    id: string;
    nodes: { target: unknown; failureSummary?: string }[];
}

async function findings(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    const violations = (await page.evaluate(
        `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then((result) => result.violations)`,
    )) as Finding[];
    return violations.flatMap((one) =>
        one.nodes.map((node) => `${one.id}: ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`),
    );
}

async function excessWidth(page: Page): Promise<number> {
    return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

for (const name of LONG ? STORIES : LOOKED_AT) {
    test(`${name} has no accessibility findings and fits`, async ({ page }) => {
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await page.emulateMedia({ reducedMotion: 'reduce' });
        for (const [language, colorScheme] of [
            ['en', 'light'],
            ['ar', 'dark'],
        ] as const) {
            await page.emulateMedia({ colorScheme });
            // So high on the narrow page that the dock covers nothing: what it covers can be scrolled to.
            for (const [width, height] of [
                [1440, 900],
                [360, 3200],
            ] as const) {
                await page.setViewportSize({ width, height });
                await open(page, name, language);
                expect(await findings(page), `${language} ${colorScheme} ${width}`).toEqual([]);
                expect(await excessWidth(page), `${language} ${width}`).toBe(0);
            }
        }
        for (const language of ['ru', 'fr', 'es', 'zh']) {
            await page.setViewportSize({ width: 360, height: 740 });
            await open(page, name, language);
            expect(await excessWidth(page), `${language} at 360 px`).toBe(0);
        }
        // 1280 × 900 at 400 %.
        await page.setViewportSize({ width: 320, height: 225 });
        await open(page, name, 'fr');
        expect(await excessWidth(page), 'at 400 %').toBe(0);
        expect(errors).toEqual([]);
    });
}

test('what will be full soon is said in words, and nothing while there is room', async ({ page }) => {
    const said = page.getByTestId('limits');
    await open(page, 'moderator-limits');
    await expect(said.getByRole('listitem')).toHaveText([
        'Delegations: 950 of 1,000',
        'Agenda items: 500 of 500',
    ]);
    await open(page, 'technician-limits', 'ar');
    await expect(said.getByRole('listitem')).toHaveCount(2);
    await expect(said).toContainText('الوفود');
    await open(page, 'secretary');
    await expect(said).toBeEmpty();
});

test('the menu and the choice of a speaker are dialogs that give the focus back', async ({ page }) => {
    await open(page, 'chair');
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.click();
    await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(menu).toBeFocused();

    await page.getByRole('button', { name: 'Add a speaker' }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('searchbox').fill('kenya');
    await expect(page.locator('.choice')).toHaveCount(1);
});

test('language keys follow the digits, wherever the layout of the keyboard puts them', async ({ page }) => {
    await open(page, 'room-delegate');
    await page.keyboard.press('Digit4');
    await expect(page.locator('.language-key[aria-pressed=true] [lang=fr]')).toBeVisible();
    await page.keyboard.press('Digit0');
    await expect(page.locator('.language-key[aria-pressed=true]')).toContainText('Floor');
});

test('single keys can be switched off', async ({ page }) => {
    await open(page, 'shortcuts');
    await page.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Digit4');
    await expect(page.locator('.language-key[aria-pressed=true]')).toContainText('Floor');
});

test('the gavel must be held, by pointer and by keyboard; a press without a hold is asked', async ({
    page,
}) => {
    await open(page, 'chair');
    const gavel = page.getByRole('button', { name: 'Close the sitting' });
    const refusal = page.getByRole('alert').filter({ hasText: 'Not done' });
    await gavel.click();
    await expect(gavel).toContainText('Hold a little longer');
    await expect(refusal).toHaveCount(0);

    // Without a server the command that a hold gives is refused: that is how the page shows that it was given.
    await gavel.focus();
    await page.keyboard.down('Enter');
    await expect(refusal).toBeVisible();
    await page.keyboard.up('Enter');
    await page.getByTestId('told-line').getByRole('button', { name: 'Close' }).click();
    await expect(refusal).toHaveCount(0);

    await gavel.dispatchEvent('click');
    const question = page.getByRole('dialog', { name: 'Close the sitting' });
    await expect(question).toBeVisible();
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await question.getByRole('button', { name: 'Close the sitting' }).click();
    await expect(refusal).toBeVisible();
});

// Without a server a command that is given is refused, and says so.
const GIVEN = 'Not done';
const LONGER = 'Hold a little longer';
const TOO_SHORT = 'Nothing was done: press this key and hold it.';

async function holdOn(page: Page, key: Locator): Promise<void> {
    await key.hover();
    await page.mouse.down();
    await page.waitForTimeout(750);
    await page.mouse.up();
}

// `wide`: the key itself says that the press was too short.
const HELD: readonly { story: string; name: string; wide: boolean; key: (page: Page) => Locator }[] = [
    { story: 'chair', name: 'another item', wide: true, key: (page) => page.locator('.item-key-pending') },
    {
        story: 'chair',
        name: 'closing the list',
        wide: true,
        key: (page) => page.getByRole('button', { name: 'Close the list' }),
    },
    {
        story: 'moderator',
        name: 'taking somebody off the list',
        wide: false,
        key: (page) => page.getByRole('button', { name: 'Take Brazil off the list' }),
    },
    {
        story: 'technician',
        name: 'the auto-floor of a channel that is heard',
        wide: false,
        key: (page) => page.getByRole('switch', { name: 'Auto-floor: English' }),
    },
];

for (const { story, name, wide, key } of HELD) {
    test(`${name} must be held: by pointer, by keyboard; who cannot hold is asked`, async ({ page }) => {
        await open(page, story);
        const notice = page.getByTestId('told-line');
        const one = key(page);
        const saysSo = async (): Promise<void> => {
            await expect(wide ? one : notice).toContainText(wide ? LONGER : TOO_SHORT);
            await expect(page.getByRole('alert').filter({ hasText: wide ? LONGER : TOO_SHORT })).toHaveCount(
                1,
            );
        };
        await one.dblclick();
        await saysSo();
        await expect(notice).not.toContainText(GIVEN);
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await holdOn(page, one);
        await expect(notice).toContainText(GIVEN);

        await open(page, story);
        await one.focus();
        await page.keyboard.press('Space');
        await saysSo();
        await page.keyboard.down('Space');
        await expect(notice).toContainText(GIVEN);
        await page.keyboard.up('Space');
        await expect(one).toBeFocused();

        await open(page, story);
        await one.dispatchEvent('click');
        const question = page.getByRole('dialog');
        await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
        await expect(notice).not.toContainText(GIVEN);
        await question.locator('.button-grave').press('Enter');
        await expect(notice).toContainText(GIVEN);
    });
}

test('what takes nothing from anybody is one press', async ({ page }) => {
    await open(page, 'technician');
    await page.getByRole('switch', { name: 'Auto-floor: Spanish' }).click();
    await expect(page.getByTestId('told-line')).toContainText(GIVEN);
    await open(page, 'chair-pause');
    await page.getByRole('button', { name: 'Open the list' }).press('Enter');
    await expect(page.getByTestId('told-line')).toContainText(GIVEN);
});

test.describe('by finger', () => {
    test.use({ hasTouch: true });
    test('a tap on a key that must be held says so, and a hold is no press more', async ({ page }) => {
        await open(page, 'chair');
        const key = page.getByRole('button', { name: 'Close the list' });
        await key.tap();
        await expect(key).toContainText(LONGER);
        await page.waitForTimeout(600);
        await expect(page.getByRole('dialog')).toHaveCount(0);
    });
});

test('the language of the page is one choice away and is remembered', async ({ page }) => {
    await open(page, 'room-delegate');
    await page.getByLabel('Language of the page').selectOption('ar');
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
    expect(await page.evaluate(() => localStorage.getItem('plenary.language'))).toBe('ar');
});

test('live regions say who speaks, politely, and one’s own microphone, at once', async ({ page }) => {
    await open(page, 'room-live');
    await expect(page.locator('[aria-live=polite][data-live]')).toHaveText(
        'Brazil, Rafael Oliveira has the floor',
    );
    await expect(page.locator('[aria-live=assertive][data-live]')).toHaveText(
        'Your microphone is now open. Everyone hears you.',
    );
});

test('an interpreter is off the air at first, and Space belongs to the focused key there', async ({
    page,
}) => {
    await open(page, 'interpreter');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await page.locator('.language-key').nth(1).focus();
    await page.keyboard.press('Space');
    // A story has no server to choose a relay: that the key asked for it is seen by the refusal.
    await expect(page.locator('.notice')).toContainText('the connection is interrupted');
});
