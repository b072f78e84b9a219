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
