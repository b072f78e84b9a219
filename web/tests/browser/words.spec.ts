// Words and signs as they stand on the page: signs that agree with their words, each language set as it is written, titles as long as they may be.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { openScreen, showLanguage } from './screens.ts';

test('a sign agrees with its word', async ({ person, light }) => {
    const chair = await person({ role: 'chair' });
    const sign = (words: RegExp) => chair.page.getByRole('button', { name: words }).locator('svg').first();
    await expect(sign(/^Take the floor/)).toHaveClass(/icon-microphone$/);
    await chair.press('Take the floor');
    await expect(sign(/^Close my microphone/)).toHaveClass(/icon-microphone_off/);
    await chair.press('Close my microphone');
    await expect(sign(/^Take the floor/)).toBeVisible();
    const moderator = await light.join({ role: 'moderator' });
    const kenya = await person({ role: 'delegate', participant: 'delegate-ken' });
    await kenya.press('Ask for the floor');
    await moderator.command('floor.give', { participant: 'delegate-ken' });
    await expect(kenya.page.getByRole('button', { name: 'End my intervention' }).locator('svg')).toHaveClass(
        /icon-stop/,
    );
});

test('a function is said in the reader’s language', async ({ person, light }) => {
    const chair = await light.join({ role: 'chair' });
    const { page } = await person({ role: 'listener', interfaceLanguage: 'ar' });
    await chair.command('floor.take');
    const plate = page.locator('.plate-speaking').first();
    await expect(plate).toContainText('رئيسة المجلس');
    await expect(plate).not.toContainText('Chair of the Council');
});

/** In the page: from where to where of a picture something differs from another, as parts of its width; [1, 0] for nowhere. */
async function differs([one, other]: [string, string]): Promise<[number, number]> {
    const pixels = async (picture: string) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, image.width, image.height);
    };
    const [a, b] = [await pixels(one), await pixels(other)];
    let [first, last] = [a.width, 0];
    for (let at = 0; at < a.data.length; at += 4) {
        if (Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)) > 60) {
            const x = (at / 4) % a.width;
            [first, last] = [Math.min(first, x), Math.max(last, x)];
        }
    }
    return [first / a.width, last / a.width];
}

test('the dots of a password stand at the right in Arabic, with the caret behind them and the key apart', async ({
    visit,
}) => {
    const page = await visit('/');
    await page.locator('.switch-language select').first().selectOption('ar');
    const field = page.locator('input[name="password"]');
    const row = page.locator('.input-with-key');
    // Without the frame of the focus, and the caret in the colour of the dots.
    await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('input { outline: 0 !important; border-color: #888 !important; }');
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    const picture = async () =>
        (await row.screenshot({ caret: 'initial', animations: 'disabled' })).toString('base64');
    const without = async (): Promise<string> => {
        await field.evaluate((one: HTMLInputElement) => one.blur());
        return picture();
    };
    const empty = await without();
    const seen = async (letters: string): Promise<[number, number]> => {
        await field.fill(letters);
        return page.evaluate(differs, [empty, await without()] as [string, string]);
    };
    const three = await seen('abc');
    expect(three[0]).toBeGreaterThan(0.8);
    expect(three[1]).toBeGreaterThan(0.93);
    const twelve = await seen('abcdefghijkl');
    expect(twelve[0]).toBeLessThan(three[0]);
    expect(Math.abs(twelve[1] - three[1])).toBeLessThan(0.02);
    // However many, they stand beside the key that shows them, never under it.
    const many = await seen('x'.repeat(90));
    const key = await row.getByRole('button').boundingBox();
    const whole = await row.boundingBox();
    expect(many[0] * (whole?.width ?? 0)).toBeGreaterThanOrEqual((key?.width ?? 0) - 1);

    // Latin letters grow to the right: the caret is at their right end, and at their left one after Home.
    await field.fill('abc');
    const still = await without();
    const caret = async (key: string): Promise<number> => {
        let place: [number, number] = [1, 0];
        // It blinks.
        await expect(async () => {
            await field.focus();
            await page.keyboard.press(key);
            place = await page.evaluate(differs, [still, await picture()] as [string, string]);
            expect(place[0]).toBeLessThanOrEqual(place[1]);
        }).toPass({ intervals: [50] });
        expect(place[1] - place[0], `${key}: ${place}`).toBeLessThan(0.02);
        return place[0];
    };
    expect(await caret('Home')).toBeLessThan(three[0] + 0.01);
    expect(await caret('End')).toBeGreaterThan(three[1] - 0.01);
});

/** Runs of Chinese that stand one letter a line, or nearly. */
async function vertical(page: Page): Promise<string[]> {
    return page.evaluate(() => {
        const found: string[] = [];
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
            const letters = [...(node.textContent ?? '').matchAll(/\p{Script=Han}/gu)].length;
            const range = document.createRange();
            range.selectNodeContents(node);
            const rectangles = [...range.getClientRects()].filter((one) => one.width > 1 && one.height > 1);
            const lines = new Set(rectangles.map((one) => Math.round(one.top))).size;
            const orphan = lines === 2 && letters === 3;
            if (letters >= 2 && !orphan && letters / lines < 2) {
                const { className } = node.parentElement as HTMLElement;
                found.push(
                    `${node.parentElement?.tagName}.${className}: ${node.textContent} in ${lines} lines`,
                );
            }
        }
        return found;
    });
}

for (const name of ['entrance', 'room', 'chair', 'moderator', 'technician', 'interpreter', 'trainer']) {
    test(`${name}: Chinese is never written one letter a line`, async ({ person, visit, light, plenary }) => {
        test.setTimeout(5 * 60_000);
        const page = await openScreen(name, { person, visit, light, plenary });
        await showLanguage(page, 'zh');
        const against: string[] = [];
        for (const width of [320, 360, 768, 1024, 1280, 1440]) {
            await page.setViewportSize({ width, height: 900 });
            for (const one of await vertical(page)) {
                against.push(`${width}: ${one}`);
            }
        }
        expect(against).toEqual([]);
    });
}

// As long as the contract allows, without a blank in the longer half.
const LONG =
    `Council Working Group on the Strategic and Financial Plans of the Union ${'Telecommunications'.repeat(5)}`.slice(
        0,
        159,
    );

test('titles as long as the contract allows are whole in the menu, and push nothing away', async ({
    person,
}) => {
    const one = await person({ role: 'delegate', participant: 'delegate-fra', stay: true });
    const { page } = one;
    await page.routeWebSocket(/./, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => {
            const told = message
                .toString()
                .replaceAll('Council 2026: demonstration sitting', LONG)
                .replaceAll('Opening of the session and adoption of the agenda', LONG);
            socket.send(told);
        });
    });
    await page.reload();
    await expect(page.locator('.entrance-title')).toHaveText(LONG);
    const overflowing = () =>
        page.evaluate(() => {
            const root = document.documentElement;
            const bar = document.querySelector('.top-bar') as HTMLElement;
            const keys = [...bar.querySelectorAll('button, select')]
                .map((key) => key.getBoundingClientRect())
                .filter((key) => key.width > 0); // that of the notices is seen when there are several
            return (
                root.scrollWidth > root.clientWidth ||
                keys.some((key) => key.left < 0 || key.right > root.clientWidth || key.height < 40)
            );
        });
    expect(await overflowing()).toBe(false);
    await one.enter();
    for (const width of [360, 768, 1280, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflowing(), `${width}`).toBe(false);
        const bar = await page.locator('.top-bar').boundingBox();
        expect(bar?.height).toBeLessThan(200);
    }
    await page.getByRole('button', { name: 'Menu' }).click();
    const whole = page.getByRole('dialog').locator('.menu-meeting');
    await expect(whole).toHaveText(LONG);
    const fits = await whole.evaluate((element) => element.scrollWidth <= element.clientWidth);
    expect(fits).toBe(true);
});
