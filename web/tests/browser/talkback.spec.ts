// Speaking aside, measured by frequency: partners and technicians hear it, no channel ever does, and whoever is on the air is muted
// there meanwhile. And partners see each other.
import { BROWSERS, expect, test } from './fixtures.ts';

const FLOOR = 440;
const FIRST = 620;
const SECOND = 880;
const TECHNICIAN = 1240;

for (const browser of BROWSERS) {
    test(`${browser}: what is said aside reaches the partner and the technician, and never the air`, async ({
        person,
    }) => {
        const chair = await person({ role: 'chair', tone: FLOOR });
        const listener = await person({ role: 'delegate', delegation: 'FRA', participant: 'delegate-fra' });
        const technician = await person({ role: 'technician', tone: TECHNICIAN });
        const booth = (number: number, tone: number) =>
            person({
                role: 'interpreter',
                participant: `interpreter-fr-${number}`,
                language: 'fr',
                tone,
                browser,
            });
        const first = await booth(1, FIRST);
        const second = await booth(2, SECOND);
        await chair.press('Take the floor');
        await second.hears('floor_1', FLOOR);

        // Off the air: the key alone, as long as it is held.
        await first.page.keyboard.down('8');
        await second.hears('talkback', FIRST);
        await expect(second.page.locator('.talking-to-me')).toContainText('is speaking to you');
        await listener.hears('language', FLOOR, [FIRST]);
        await first.page.keyboard.up('8');
        await expect(second.page.locator('.talking-to-me')).toHaveText('Talk aside (hold)');
        await expect.poll(async () => (await second.tones('mix', [FIRST]))[0]!).toBeLessThan(-60);

        // On the air: the channel is muted while the key is held, and comes back by itself.
        await first.page.keyboard.press('m');
        await listener.hears('language', FIRST, [FLOOR]);
        await first.page.keyboard.down('9');
        await technician.hears('talkback', FIRST);
        await expect(first.page.locator('.desk-air')).toContainText('Speaking aside');
        await expect.poll(async () => (await listener.tones('language', [FIRST]))[0]!).toBeLessThan(-60);
        await first.page.keyboard.up('9');
        await listener.hears('language', FIRST, [FLOOR]);
        await expect.poll(async () => (await technician.tones('mix', [FIRST]))[0]!).toBeLessThan(-60);

        // The technician answers: both desks hear it, whatever they do; no channel does.
        const key = technician.page
            .getByRole('button', { name: 'French', exact: true })
            .and(technician.page.locator('.talk-key'));
        await key.focus();
        await technician.page.keyboard.down('Space');
        await first.hears('talkback', TECHNICIAN);
        await second.hears('talkback', TECHNICIAN);
        await listener.hears('language', FIRST, [FLOOR, TECHNICIAN]);
        await technician.page.keyboard.up('Space');
        await expect.poll(async () => (await first.tones('mix', [TECHNICIAN]))[0]!).toBeLessThan(-60);
    });
}
