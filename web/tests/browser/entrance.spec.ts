// The entrance and its errors: the echo over the real path, the check, a refused microphone, bad links, one person in two tabs.
import { BROWSERS, expect, test } from './fixtures.ts';

for (const browser of BROWSERS) {
    test(`${browser}: one hears oneself through the server before joining`, async ({ person }) => {
        const delegate = await person({
            role: 'delegate',
            delegation: 'FRA',
            tone: 600,
            stay: true,
            browser,
        });
        await delegate.press('Record');
        await expect
            .poll(async () => (await delegate.tones('language', [600]))[0], { timeout: 15_000 })
            .toBeGreaterThan(-40);
        await delegate.press(/^Check/);
        await expect(delegate.page.locator('.verdict-good, .verdict-fair, .verdict-poor')).toHaveCount(3, {
            timeout: 20_000,
        });
        await delegate.enter();
        // In the room nobody hears oneself.
        await expect.poll(async () => (await delegate.tones('mix', [600]))[0]).toBeLessThan(-60);
    });
}

test('joining is possible without a microphone', async ({ person }) => {
    const delegate = await person({ role: 'delegate', delegation: 'FRA', stay: true });
    await delegate.page.evaluate(() => {
        navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException('denied', 'NotAllowedError');
        };
    });
    await delegate.enter();
});

test('a strange link says what happened and what to do', async ({ browsers, plenary }) => {
    const page = await (await browsers('chromium')).newPage();
    await page.goto(`${plenary.url}/m/demo#${'A'.repeat(43)}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('main')).toContainText(/link/i);
    expect(new URL(page.url()).hash).toBe(''); // the token does not stay in the address bar
    await page.close();
});

test('a second tab of one person replaces the first, in words', async ({ person, plenary, browsers }) => {
    const options = { role: 'listener', interfaceLanguage: 'en' } as const;
    const token = plenary.token(options);
    const context = await (await browsers('chromium')).newContext({ locale: 'en' });
    const first = await context.newPage();
    await first.goto(`${plenary.url}/m/demo#${token}`);
    await first.locator('.entrance-join .button-filled').click();
    const second = await context.newPage();
    await second.goto(`${plenary.url}/m/demo#${token}`);
    await expect(first.locator('main')).toContainText(/another|replaced|elsewhere/i);
    await context.close();
    await person({ role: 'chair' }); // the meeting goes on
});
