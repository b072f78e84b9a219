// The wall: it fills its window and never scrolls, nothing covers anything, two speakers are as large as one, its keys go, and a console
// opens it with one press.
import { expect, type Page, test } from '@playwright/test';
import { serveStories, storyAddress } from './serve.ts';

const LONG = process.env.PLENARY_LONG === '1';
const SIZES = [
    { width: 1280, height: 720 },
    { width: 1024, height: 768 },
    ...(LONG
        ? [
              { width: 1440, height: 900 },
              { width: 1920, height: 1080 },
              { width: 3840, height: 2160 },
          ]
        : []),
];
const LANGUAGES = LONG ? ['en', 'ar', 'zh', 'fr', 'ru', 'es'] : ['en', 'ar'];
const STATES = [
    'projector',
    'projector-two',
    'projector-none',
    'projector-pause',
    'projector-long',
    'projector-away',
];

async function open(page: Page, name: string, language = 'en', more = ''): Promise<void> {
    await serveStories(page);
    await page.goto(storyAddress(name, language) + more);
    await page.locator('.projector .projector-second').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
}

/** What is wrong with the places of the words: out of the window, over each other, or, of names of a usual length, not whole. */
async function faults(page: Page, whole: boolean): Promise<string[]> {
    return page.evaluate((wholly) => {
        const root = document.documentElement;
        const found: string[] = [];
        const sizes = [root.scrollWidth, root.scrollHeight, innerWidth, innerHeight];
        if (sizes[0] !== sizes[2] || sizes[1] !== sizes[3]) {
            found.push(`the document and its window: ${sizes.join(' ')}`);
        }
        const main = document.querySelector('.projector')!;
        if (main.scrollHeight > main.clientHeight || main.scrollWidth > main.clientWidth) {
            found.push(`more than the wall holds: ${main.scrollWidth} × ${main.scrollHeight}`);
        }
        for (const plate of document.querySelectorAll('.projector-plate')) {
            if (plate.scrollHeight > plate.clientHeight + 1 || plate.scrollWidth > plate.clientWidth + 1) {
                found.push(`more than ${plate.className} holds`);
            }
        }
        const words = [
            ...document.querySelectorAll(
                'main :is(.projector-first, .projector-second, .projector-person, .projector-own-name, bdi, time, li)',
            ),
        ].filter((one) => one.closest('.projector-tools') === null);
        // Of the letters that are seen, without the room above and below them.
        const lettersOf = (one: Element) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            const { fontSize, paddingTop, display } = getComputedStyle(one);
            const within = display === 'inline' ? 0.3 : 0.15;
            const air = Number.parseFloat(paddingTop) + Number.parseFloat(fontSize) * within;
            const seen = { left, right, top: top + air, bottom: bottom - air };
            for (let at = one.parentElement; at !== null && at !== main; at = at.parentElement) {
                if (getComputedStyle(at).overflow === 'hidden') {
                    const clip = at.getBoundingClientRect();
                    seen.left = Math.max(seen.left, clip.left);
                    seen.right = Math.min(seen.right, clip.right);
                    seen.top = Math.max(seen.top, clip.top);
                    seen.bottom = Math.min(seen.bottom, clip.bottom);
                }
            }
            return seen;
        };
        const boxes = words
            .filter((one) => one.textContent !== '' && one.querySelector('span, bdi, time') === null)
            .map((one) => ({
                name: `${one.className} ${one.textContent}`.slice(0, 60),
                one,
                box: lettersOf(one),
            }));
        for (const [index, { name, one, box }] of boxes.entries()) {
            if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) {
                found.push(`out of the window: ${name}`);
            }
            // A line that is missing, or the end of one.
            const line = Number.parseFloat(getComputedStyle(one).fontSize);
            const short =
                one.scrollHeight > one.clientHeight + line / 2 || one.scrollWidth > one.clientWidth + 1;
            if (wholly && short && one.clientWidth > 0) {
                found.push(`cut: ${name}`);
            }
            for (const other of boxes.slice(index + 1)) {
                const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
                const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
                if (wide > 1 && high > 3) {
                    found.push(`over each other: ${name} and ${other.name}`);
                }
            }
        }
        return found;
    }, whole);
}

for (const state of STATES) {
    test(`${state}: fills its window at every size, nothing is over anything`, async ({ page }) => {
        for (const language of LANGUAGES) {
            await open(page, state, language);
            await page.evaluate(() => dispatchEvent(new Event('second-speaker')));
            for (const size of SIZES) {
                await page.setViewportSize(size);
                expect(await faults(page, state !== 'projector-long'), `${language} ${size.width}`).toEqual(
                    [],
                );
            }
        }
    });
}

test('a second speaker makes nobody smaller and moves nobody, and both are of one size', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, 'projector-live');
    const speaking = page.locator('.projector-speaking');
    const look = (index: number) =>
        speaking.nth(index).evaluate((plate) => {
            const { x, y, width, height } = plate.getBoundingClientRect();
            const name = plate.querySelector('.projector-name')!;
            return { x, y, width, height, size: getComputedStyle(name).fontSize };
        });
    await expect(speaking).toHaveCount(1);
    const alone = await look(0);
    expect(alone.width, 'the width of the wall is used').toBeGreaterThan(1300);
    await expect(page.locator('.projector-next')).toContainText('Next speaker');
    await page.evaluate(() => dispatchEvent(new Event('second-speaker')));
    await expect(speaking).toHaveCount(2);
    expect(await look(0)).toEqual(alone);
    const second = await look(1);
    expect([second.width, Math.round(second.height), second.size]).toEqual([
        alone.width,
        Math.round(alone.height),
        alone.size,
    ]);
    // Who is next is said below both.
    await expect(page.locator('.projector-following')).toContainText('Next speaker');
});

test('the time left is the largest number, and warns by form and word', async ({ page }) => {
    await open(page, 'projector-two');
    const left = page.locator('.projector-left');
    await expect(left.nth(0)).toContainText('Time is up');
    await expect(left.nth(0)).toContainText('Temps écoulé');
    await expect(left.nth(0)).toHaveClass(/is-over/);
    await expect(left.nth(1)).toContainText('Ending soon');
    await expect(left.nth(1)).toHaveClass(/is-ending/);
    await expect(page.getByRole('timer').first()).toHaveText(/^1:3\d$/);
});

test('both languages are named by the address, and the second beside the first', async ({ page }) => {
    await open(page, 'projector', 'en', '&languages=ar,zh');
    await expect(page.locator('.projector')).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
    await expect(page.locator('.projector-speaking .projector-first[lang=ar]').first()).toContainText(
        'كينيا',
    );
    await expect(page.locator('.projector-speaking .projector-second[lang=zh]').first()).toContainText(
        '肯尼亚',
    );
});

test('its keys go three seconds after the pointer, come back with it, and what they chose stays', async ({
    page,
}) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await open(page, 'projector');
    const tools = page.locator('.projector-tools');
    await expect(tools).toHaveCSS('opacity', '1');
    await page.getByLabel('Second language').selectOption('ru');
    await expect(page.locator('.projector-second[lang=ru]').first()).toBeVisible();
    await expect(tools).toHaveCSS('opacity', '0', { timeout: 30_000 });
    await expect(page.locator('.projector')).toHaveCSS('cursor', 'none');
    await page.mouse.move(300, 300);
    await page.mouse.move(310, 300);
    await expect(tools).toHaveCSS('opacity', '1');
    await open(page, 'projector');
    await expect(page.locator('.projector-second[lang=ru]').first()).toBeVisible();
    await page.getByLabel('Second language').selectOption('');
    await expect(page.locator('.projector-second')).toHaveCount(0);
});

test('F is the full screen, and back', async ({ page }) => {
    await open(page, 'projector');
    const full = () => page.evaluate(() => document.fullscreenElement !== null);
    await page.keyboard.press('f');
    await expect.poll(full).toBe(true);
    await expect(page.getByRole('button', { name: 'Leave full screen' })).toHaveCount(1);
    await page.keyboard.press('f');
    await expect.poll(full).toBe(false);
    await page.getByRole('button', { name: 'Full screen' }).click();
    await expect.poll(full).toBe(true);
});

test('a pause is a slide: that it is one, until when, and the clock', async ({ page }) => {
    await open(page, 'projector-pause');
    const slide = page.locator('.projector-slide');
    await expect(slide).toContainText('Sitting suspended');
    await expect(slide).toContainText('Séance suspendue');
    await expect(slide).toContainText(/The sitting resumes at \d\d:\d\d/);
    await expect(slide.locator('time')).toHaveText(/^\d\d:\d\d$/);
    await expect(page.locator('.projector-places, .projector-served')).toHaveCount(0);
});

test('what may be out of date says so, in the place of what it would say of the sitting', async ({
    page,
}) => {
    await open(page, 'projector-away');
    const marks = page.locator('.projector-marks');
    await expect(marks).toContainText('Connection interrupted: this may be out of date');
    await expect(marks).toContainText('Connexion interrompue');
    await expect(marks).not.toContainText('Sitting open');
});

for (const console of ['chair', 'technician']) {
    test(`wall: one press from the ${console}’s console, in a window of its own`, async ({ page }) => {
        await serveStories(page);
        await page.goto(storyAddress(console, 'zh'));
        await page.evaluate(() => localStorage.setItem('plenary.wall', 'es,en'));
        await page.goto(storyAddress(console, 'zh'));
        const key = page.locator('.wall-key');
        const opening = page.waitForEvent('popup');
        await key.click();
        const wall = await opening;
        // In the house's languages, not the console's.
        await expect(wall.locator('.projector')).toHaveAttribute('lang', 'es');
        await expect(wall.locator('.projector-speaking')).toContainText('Tiempo restante');
        await expect(wall.locator('.projector-second[lang=en]').first()).toBeVisible();
        await expect(wall.locator('html')).toHaveAttribute('lang', 'es');
        await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
        await wall.setViewportSize({ width: 1280, height: 720 });
        expect(await faults(wall, true)).toEqual([]);
        // A second press opens no second one, and it goes with the page.
        await page.bringToFront();
        await key.click();
        expect(page.context().pages().length).toBe(2);
        const gone = wall.waitForEvent('close');
        await page.goto('about:blank');
        await gone;
    });
}

test('the wall that was closed is opened anew', async ({ page }) => {
    await serveStories(page);
    await page.goto(storyAddress('secretary', 'en'));
    for (const _ of [1, 2]) {
        const opening = page.waitForEvent('popup');
        await page.locator('.wall-key').click();
        const wall = await opening;
        await expect(wall.locator('.projector-speaking')).toBeVisible();
        await wall.close();
    }
});
