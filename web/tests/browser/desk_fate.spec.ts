// What others do to a desk is read among its notices, with who did it, and heard by a screen reader at once, also on the air; an output that
// was turned and that another booth took first says so to who turned it. No key moves for it.
import { mkdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';

const PICTURES = process.env.PLENARY_PICTURES;

test('routed by hand, put off the air and overtaken: read and heard at the desk', async ({
    person,
    light,
}) => {
    const own = await person({
        role: 'interpreter',
        participant: 'interpreter-zh-1',
        language: 'zh',
        tone: 1100,
    });
    const technician = await light.join({ role: 'technician', participant: 'technician' });
    const english = await light.join({
        role: 'interpreter',
        participant: 'interpreter-en-1',
        language: 'en',
        tone: 700,
    });
    const { page } = own;
    const said = page.locator('.desk-warnings .desk-notice > span');
    const heard = page.locator('[data-desk="assertive"]');
    const key = page.locator('.microphone-key');
    const tells = async (words: string | RegExp): Promise<void> => {
        await expect(said).toHaveText(words);
        await expect(heard).toHaveText(words);
    };
    const technicianName =
        (await own.meeting())?.participants.find((one) => one.id === 'technician')?.name ?? '';
    expect(technicianName).not.toBe('');

    await own.toggleMicrophone();
    await expect(page.locator('.air')).toHaveClass(/air-on/);
    const place = await key.boundingBox();
    await technician.command('channel.force', { channel: 'zh', reason: 'Echo' });
    await tells(new RegExp(`^The channel was silenced by hand: Chinese.*${technicianName}`));
    expect(await key.boundingBox()).toEqual(place);
    if (PICTURES !== undefined) {
        mkdirSync(PICTURES, { recursive: true });
        for (const [language, width, height] of [
            ['en', 1440, 900],
            ['en', 1280, 720],
            ['ar', 1440, 900],
            ['ar', 360, 640],
            ['zh', 360, 640],
        ] as const) {
            await page.setViewportSize({ width, height });
            await showLanguage(page, language);
            await page.locator('.desk-warnings').scrollIntoViewIfNeeded();
            await page.screenshot({ path: `${PICTURES}/desk-fate-${language}-${width}.png` });
        }
        await page.setViewportSize({ width: 1440, height: 900 });
        await showLanguage(page, 'en');
    }
    await technician.command('channel.release', { channel: 'zh' });
    await tells(/^The channel is no longer routed by hand: Chinese/);
    await said.locator('..').getByRole('button', { name: 'Close' }).click();
    await expect(said).not.toContainText(['no longer routed']);

    // A turned output waits for the end of a cough, and meanwhile the English booth is on the air.
    await page.keyboard.down(' ');
    await expect(page.locator('.air')).toHaveClass(/air-cough/);
    await page.locator('.output-key').nth(1).click();
    await expect(page.locator('.output').nth(1)).toContainText('Once you are heard');
    await english.microphone('on');
    await expect(page.locator('.output').nth(1)).toHaveClass(/output-(busy|kept)/);
    await page.keyboard.up(' ');
    await tells('Another booth (English) took English first. You stay on the air in Chinese.');
    await expect(page.locator('.air')).toHaveClass(/air-on/);

    // The standard announcements, which come behind the desk, stand in the field.
    await page.keyboard.press('u');
    const suspend = page.getByRole('dialog');
    await expect(suspend.locator('.suspend-line')).toHaveCount(3);
    await expect(suspend.getByRole('textbox')).toHaveValue(/^中文同声传译暂停/);
    await page.keyboard.press('Escape');

    await (await light.join({ role: 'chair' })).command('sitting.close');
    await tells(/^Your microphone was closed · .*Chair/);
    await expect(page.locator('.air')).toHaveClass(/air-off/);
});
