// The dock: one height in every state, a cell for every word of a language key at every width, and a line above it for what others did to
// oneself. By rectangles.
import type { Page } from '@playwright/test';
import { LANGUAGES as ALL } from '../words_of_the_page.ts';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';

const LONG = process.env.PLENARY_LONG !== undefined;
const LANGUAGES = LONG ? ALL : (['ar', 'ru', 'fr'] as const);
const SIZES = [
    [320, 640],
    [360, 640],
    [768, 1024],
    [1024, 768],
    [1280, 720],
    [1440, 900],
    [1920, 1080],
    [780, 360],
    [320, 256],
] as const;

/** In the page: what is wrong with the dock and its keys, in words. */
function faults(): string[] {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || scrollX !== 0) {
        found.push(`the page is ${root.scrollWidth} wide in ${innerWidth}`);
    }
    const within = (inner: DOMRect, outer: DOMRect): boolean =>
        inner.left >= outer.left - 1 &&
        inner.right <= outer.right + 1 &&
        inner.top >= outer.top - 1 &&
        inner.bottom <= outer.bottom + 1;
    const apart = (one: DOMRect, other: DOMRect): boolean =>
        one.width === 0 ||
        other.width === 0 ||
        one.right <= other.left + 1 ||
        other.right <= one.left + 1 ||
        one.bottom <= other.top + 1 ||
        other.bottom <= one.top + 1;
    // Of what is seen: room that is kept for other words is none.
    const inked = (element: Element): DOMRect => {
        const range = document.createRange();
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const first = texts.nextNode();
        range.selectNodeContents(element);
        if (first !== null) {
            range.selectNode(first);
            for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
                if (text.parentElement?.closest('[aria-hidden]') === null) {
                    range.setEndAfter(text);
                }
            }
        }
        return range.getBoundingClientRect();
    };
    for (const key of document.querySelectorAll('.dock button')) {
        const seen = [...key.children].filter((one) => one.getBoundingClientRect().width > 1);
        for (const [index, one] of seen.entries()) {
            if (!within(inked(one), key.getBoundingClientRect())) {
                found.push(`"${one.textContent}" reaches out of its key`);
            }
            for (const other of seen.slice(index + 1)) {
                if (!apart(inked(one), inked(other))) {
                    found.push(
                        `"${one.textContent}" and "${other.textContent}" of ${key.textContent} overlap`,
                    );
                }
            }
        }
    }
    return found;
}

const height = (page: Page): Promise<number> =>
    page.locator('.dock').evaluate((dock) => dock.getBoundingClientRect().height);

/** A window of that size, and the parts that it has drawn. */
async function resize(page: Page, width: number, high: number): Promise<void> {
    await page.setViewportSize({ width, height: high });
    await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
}

/** Everything wrong in all languages at all sizes, and the dock's height in each. */
async function look(page: Page): Promise<{ wrong: string[]; heights: number[] }> {
    const wrong: string[] = [];
    const heights: number[] = [];
    for (const language of LANGUAGES) {
        await showLanguage(page, language);
        for (const [width, high] of SIZES) {
            await resize(page, width, high);
            const found = await page.evaluate(faults);
            wrong.push(...found.map((one) => `${language} ${width}×${high}: ${one}`));
            heights.push(Math.round(await height(page)));
        }
    }
    return { wrong, heights };
}

test('a dock of one height, whose words have their cells, and a line for what others do to oneself', async ({
    person,
    light,
}) => {
    const helper = await light.join({ role: 'moderator' });
    const kenya = await person({ role: 'delegate', participant: 'delegate-ken', tone: 500 });
    const { page } = kenya;
    const requests = async () => (await kenya.meeting())?.requests ?? [];
    const told = page.getByTestId('told-line');
    await helper.command('sitting.open').catch(() => undefined);
    const closed = await look(page);
    expect(closed.wrong).toEqual([]);

    // A Spanish interpreter by hand on the French channel, with the longest words a key has.
    const spanish = await light.join({ role: 'interpreter', language: 'es', tone: 1300 });
    await spanish.microphone('on');
    const technician = await light.join({ role: 'technician' });
    await technician.command('channel.force', { channel: 'fr', participant: spanish.participant });
    await showLanguage(page, 'en');
    await resize(page, 1440, 900);
    await expect(page.getByRole('button', { name: /^Français/ })).toContainText('By hand: Spanish');
    await page.keyboard.press('a');
    await expect.poll(async () => (await requests()).length).toBe(1);
    expect(await look(page)).toEqual({ wrong: [], heights: closed.heights });

    // Taken off the list: said there, by whom, and nothing moves.
    const request = (await requests())[0]?.id;
    await helper.command('request.remove', { request });
    await showLanguage(page, 'en');
    await expect(told.getByRole('alert')).toHaveText(/^You were taken off the list of speakers · /);
    expect(await look(page)).toEqual({ wrong: [], heights: closed.heights });
    await showLanguage(page, 'en');
    await resize(page, 1440, 900);
    await told.getByRole('button', { name: 'Close' }).click();
    await expect(told.getByRole('alert')).toBeEmpty();

    // What one does oneself is no news.
    await page.keyboard.press('a');
    await expect.poll(async () => (await requests()).length).toBe(1);
    await page.keyboard.press('a');
    await expect.poll(async () => (await requests()).length).toBe(0);
    await expect(told.getByRole('alert')).toBeEmpty();

    await helper.command('floor.give', { participant: 'delegate-ken' });
    await expect(page.locator('.floor-key')).toContainText('End my intervention');
    expect(await look(page)).toEqual({ wrong: [], heights: closed.heights });
    await showLanguage(page, 'en');
    await helper.command('floor.end', { participant: 'delegate-ken' });
    await expect(told.getByRole('alert')).toContainText('Your intervention was ended');
    expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('on a telephone the language is chosen from a sheet', async ({ person }) => {
    const { page } = await person({ role: 'listener', viewport: { width: 360, height: 640 } });
    const key = page.locator('.dock-language > .language-key');
    await expect(key).toContainText('Floor');
    await key.click();
    await page.getByRole('dialog').getByRole('button', { name: /^中文/ }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(key).toContainText('中文');
    await expect(key).toBeFocused();
});

test('low or enlarged four times: plate, language and ask are there without scrolling', async ({
    person,
    light,
}) => {
    await light.speech({ role: 'delegate', delegation: 'BRA', tone: 700 });
    const { page } = await person({ role: 'delegate', participant: 'delegate-ken' });
    for (const [width, high] of [
        [780, 360],
        [640, 512],
        [320, 256],
    ] as const) {
        await resize(page, width, high);
        for (const part of ['.plate-speaking', '.language-key', '.floor-key']) {
            const box = await page.locator(part).first().boundingBox();
            expect(box, part).not.toBeNull();
            expect((box?.y ?? 0) + (box?.height ?? 0), `${part} at ${width}×${high}`).toBeLessThanOrEqual(
                high,
            );
        }
    }
});
