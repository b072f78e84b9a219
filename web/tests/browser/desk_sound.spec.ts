// The desk's own sound in a real browser, everybody else light: the limiter holds what is heard down, and the last seconds can be heard again.
import { BROWSERS, expect, test } from './fixtures.ts';

const SPEAKER = 500;

for (const browser of BROWSERS) {
    test(`${browser}: a desk limits what is heard, and plays the last seconds again`, async ({
        person,
        light,
    }) => {
        const brazil = { role: 'delegate', participant: 'delegate-bra', tone: SPEAKER } as const;
        const { chair, speaker } = await light.speech(brazil);
        const french = await person({
            role: 'interpreter',
            participant: 'interpreter-fr-1',
            language: 'fr',
            browser,
        });
        const { page } = french;
        await french.hears('mix', SPEAKER);
        const level = async (): Promise<number> => (await french.tones('mix', [SPEAKER]))[0]!;

        // A loud, lasting tone is turned down; the limit is this person's to choose.
        await expect.poll(level).toBeLessThan(-14);
        await page.locator('.desk-sound-devices').click();
        await page.getByLabel('Sustained limit').focus();
        await page.keyboard.press('End');
        await expect.poll(level).toBeGreaterThan(-12);
        const open = await level();

        // A low ceiling: sound that was above it is held to it.
        const ceiling = page.getByLabel('Peak ceiling');
        await ceiling.focus();
        await page.keyboard.press('Home');
        await expect(ceiling).toHaveAttribute('aria-valuetext', '-30 dB');
        await expect.poll(level).toBeLessThan(-29.5);
        expect(await level()).toBeGreaterThan(-33);
        await expect(page.locator('.desk-sound-facts .is-acting')).toContainText(/intervention/);
        await expect(page.locator('.desk-sound-facts')).toContainText('headset not calibrated');
        await page.getByLabel('Headset is calibrated').check();
        await expect(page.locator('.desk-sound-facts')).toContainText('dB(A)');

        // The choice is this person's, on this computer, also tomorrow.
        await page.reload();
        await french.hears('mix', SPEAKER);
        await expect.poll(level).toBeLessThan(-29.5);
        await page.locator('.desk-sound-devices').click();
        await ceiling.focus();
        await page.keyboard.press('End');
        await expect.poll(level).toBeGreaterThan(open - 3);
        await page.keyboard.press('Escape');

        // The speaker has ended; a key brings back what was said, then the present.
        await chair.command('floor.end', { participant: speaker.participant });
        await expect.poll(level).toBeLessThan(-60);
        await page.keyboard.press('f');
        await expect.poll(level).toBeGreaterThan(-30);
        await expect(page.locator('.desk-sound-behind')).toContainText('s behind');
        await page.keyboard.press('i');
        await expect.poll(level).toBeLessThan(-60);
        await expect(page.locator('.desk-sound-behind')).toHaveCount(0);
    });
}

for (const browser of BROWSERS) {
    test(`${browser}: each source has an ear of its own`, async ({ person, light }) => {
        const PARTNER = 900;
        await light.speech({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
        const partner = await light.join({
            role: 'interpreter',
            participant: 'interpreter-fr-1',
            language: 'fr',
            tone: PARTNER,
        });
        const standby = await person({
            role: 'interpreter',
            participant: 'interpreter-fr-2',
            language: 'fr',
            browser,
        });
        await partner.microphone('on');
        const { page } = standby;
        await page.locator('.desk-sound-devices').click();
        const ears = (source: string) => page.locator('.desk-sound-sides', { hasText: source });
        await ears('Floor').getByRole('button', { name: 'left' }).click();
        await ears('Boothmate').getByRole('button', { name: 'right' }).click();
        await standby.hears('left', SPEAKER, [PARTNER]);
        await standby.hears('right', PARTNER, [SPEAKER]);
        await ears('Floor').getByRole('button', { name: 'right' }).click();
        await ears('Boothmate').getByRole('button', { name: 'left' }).click();
        await standby.hears('left', PARTNER, [SPEAKER]);
        await standby.hears('right', SPEAKER, [PARTNER]);
    });
}
