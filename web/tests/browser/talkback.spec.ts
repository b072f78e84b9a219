// Speaking aside, measured by frequency: partners and technicians hear it, no channel ever does, and whoever is on the air is muted
// there meanwhile. And partners see each other. The two desks and the technician are pages, a light ear hears the channel.
import { BROWSERS, expect, test } from './fixtures.ts';
import { strangers } from './light_people.ts';

const FLOOR = 450;
const FIRST = 650;
const SECOND = 900;
const TECHNICIAN = 1250;

for (const browser of BROWSERS) {
    test(`${browser}: what is said aside reaches the partner and the technician, and never the air`, async ({
        person,
        light,
    }) => {
        const chair = await light.join({ role: 'chair', tone: FLOOR });
        const french = await light.hear('fr');
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
        await chair.command('floor.take');
        await second.hears('floor_1', FLOOR);

        // Off the air: the key alone, as long as it is held.
        const aside = Date.now();
        await first.page.keyboard.down('8');
        await second.hears('talkback', FIRST);
        await expect(second.page.locator('.talking-to-me')).toContainText('is speaking to you');
        expect((await french.between(aside)).order).toEqual([FLOOR]);
        await first.page.keyboard.up('8');
        await expect(second.page.locator('.talking-to-me')).toHaveText('Talk aside (hold)');
        await expect.poll(async () => (await second.tones('mix', [FIRST]))[0]!).toBeLessThan(-60);

        // On the air: the channel is muted while the key is held, and comes back by itself.
        await first.page.keyboard.press('m');
        await french.hears(FIRST);
        await first.page.keyboard.down('9');
        await technician.hears('talkback', FIRST);
        await expect(first.page.locator('.desk-air')).toContainText('Speaking aside');
        await french.hears(0);
        await first.page.keyboard.up('9');
        await french.hears(FIRST);
        await expect.poll(async () => (await technician.tones('mix', [FIRST]))[0]!).toBeLessThan(-60);

        // The technician answers: both desks hear it, whatever they do; no channel does.
        const key = technician.page
            .getByRole('button', { name: 'French', exact: true })
            .and(technician.page.locator('.talk-key'));
        await key.focus();
        await technician.page.keyboard.down('Space');
        await first.hears('talkback', TECHNICIAN);
        await second.hears('talkback', TECHNICIAN);
        await technician.page.keyboard.up('Space');
        await expect.poll(async () => (await first.tones('mix', [TECHNICIAN]))[0]!).toBeLessThan(-60);
        // All of it, in order: the floor, then the one desk that went on the air; nothing that was said aside.
        const { order, runs } = await french.between(aside);
        expect(order).toEqual([FLOOR, FIRST]);
        expect(strangers(runs, [FLOOR, FIRST])).toEqual([]);
    });
}

// The key comes when the desk is on the air already, which the page has not been told yet: it coughs and speaks aside all the same.
test('the talk key speaks aside on a page that does not know yet that it is on the air', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair', tone: FLOOR });
    const french = await light.hear('fr');
    const technician = await person({ role: 'technician', tone: TECHNICIAN });
    const first = await person({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
        tone: FIRST,
        lateMs: 800,
    });
    await chair.command('floor.take');
    await first.page.keyboard.press('m');
    await french.hears(FIRST);
    await first.page.keyboard.down('9');
    await technician.hears('talkback', FIRST);
    await french.hears(0);
    await first.page.keyboard.up('9');
    await french.hears(FIRST);
});
