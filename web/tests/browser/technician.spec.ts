// The technician's console against the real server: levels of real microphones, a channel held back and heard later, a route by hand
// with its reason, the arrow keys of the matrix, and the chair's light.
import { expect, test } from './fixtures.ts';
import { holdsKey } from './press.ts';

const TONE = 700;

test('meters, delay, a route by hand and the chair’s light', async ({ person, light }) => {
    const chair = await person({ role: 'chair' });
    const china = await light.join({ role: 'delegate', participant: 'delegate-chn', tone: TONE });
    const technician = await person({ role: 'technician', participant: 'technician' });
    const french = await light.join({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
        tone: 1100,
    });
    const page = technician.page;
    const row = (name: RegExp) => page.locator('table.crossings tbody tr').filter({ hasText: name });

    await china.command('floor.request');
    await chair.press(/^Give the floor/);
    // The chair's light: French is promised, someone speaks, nobody interprets.
    const lamp = chair.page.locator('.served-light');
    await expect(lamp).toContainText('French: not served since');
    await french.microphone('on');
    await expect(lamp).not.toContainText('French');
    // The tone of the microphone moves its meter, by the packets' own word.
    await expect
        .poll(async () => Number(await row(/China/).getByRole('meter').getAttribute('aria-valuenow')))
        .toBeGreaterThan(20);

    // A route by hand to the sound of the floor, found by the arrow keys, with a reason that everybody at the console sees.
    const listener = await light.hear('fr');
    await listener.hears(1100);
    await row(/China/).getByRole('button').first().focus();
    for (let i = 0; i < 3; i++) {
        await page.keyboard.press('ArrowRight');
    }
    await expect(page.getByRole('button', { name: 'Route China to channel: French' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').fill('Line to the booth');
    await page.keyboard.press('Enter');
    const channel = page
        .locator('section[aria-labelledby="matrix-heading"] tbody tr')
        .filter({ hasText: 'Français' });
    await expect(channel).toContainText('By hand');
    await expect(channel).toContainText('Line to the booth');
    await listener.hears(TONE);
    await holdsKey(channel.getByRole('button', { name: 'Release channel: French' }));
    await expect(channel).not.toContainText('By hand');
    await listener.hears(1100);

    // Held back by 600 ms: still heard, and the server says how much.
    const delay = page.getByLabel('Delay in milliseconds: French');
    await delay.fill('600');
    await delay.press('Enter');
    await expect
        .poll(async () => (await chair.meeting())?.channels.find((one) => one.id === 'fr')?.delay_ms)
        .toBe(600);
    await listener.hears(1100, Date.now());
});
