// The technician's console against the real server: what stands in the first view, levels of real microphones, one source in the technician's
// ears alone, a route by hand with its reason and its undo, a channel held back and heard later, the arrow keys of the matrix, alarms that
// are acknowledged, and the chair's light.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { holdsKey } from './press.ts';
import { showLanguage } from './screens.ts';

const TONE = 700;
const FRENCH = 1100;
const WIDE = { width: 1440, height: 900 };
const LANGUAGES = process.env.PLENARY_LONG ? ['en', 'ar', 'zh', 'fr', 'ru', 'es'] : ['en', 'ar'];

interface View {
    headings: string[];
    /** Keys of the matrix and the list of alarms that stand outside of what is seen. */
    hidden: string[];
    wide: number;
}

async function view(page: Page): Promise<View> {
    return page.evaluate(() => {
        const dock = document.querySelector('.dock')?.getBoundingClientRect().top ?? innerHeight;
        const seen = [...document.querySelectorAll('.crossing-key, .alarm-room, .undo-line')];
        return {
            headings: [...document.querySelectorAll('main h2')].slice(0, 2).map((one) => one.id),
            hidden: seen
                .filter((one) => {
                    const { top, bottom, left, right } = one.getBoundingClientRect();
                    return top < 0 || bottom > dock || left < 0 || right > innerWidth;
                })
                .map((one) => one.getAttribute('aria-label') ?? one.className),
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        };
    });
}

/** Where every crossing stands, and the keys beside the alarms. */
async function places(page: Page): Promise<Record<string, number[]>> {
    return page.evaluate(() =>
        Object.fromEntries(
            [...document.querySelectorAll<HTMLElement>('.crossing-key, .talk-key')].map((one, index) => {
                const { x, y, width, height } = one.getBoundingClientRect();
                return [`${one.dataset.place ?? index}`, [x, y, width, height].map(Math.round)];
            }),
        ),
    );
}

test('the first view, meters, one source alone, delay, a route by hand and its undo, alarms', async ({
    person,
    light,
}) => {
    const chair = await person({ role: 'chair' });
    const china = await light.join({ role: 'delegate', participant: 'delegate-chn', tone: TONE });
    const technician = await person({ role: 'technician', participant: 'technician' });
    const moderator = await light.join({ role: 'moderator' });
    const french = await light.join({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
        tone: FRENCH,
    });
    const page = technician.page;
    const row = (name: RegExp) => page.locator('table.crossings tbody tr').filter({ hasText: name });
    const undo = page.getByRole('button', { name: 'Undo' });
    const says = page.getByTestId('told-line');

    await page.setViewportSize(WIDE);
    const before = await places(page);
    expect(Object.keys(before).length).toBeGreaterThan(50);
    for (const language of LANGUAGES) {
        await showLanguage(page, language);
        const shown = await view(page);
        expect(shown, language).toEqual({
            headings: ['alarms-heading', 'crossings-heading'],
            hidden: [],
            wide: 0,
        });
    }
    await showLanguage(page, 'en');

    await china.command('floor.request');
    await chair.press(/^Give the floor/);
    // The chair's light: French is promised, someone speaks, nobody interprets.
    const lamp = chair.page.locator('.served-light');
    await expect(lamp).toContainText('French: not served since');
    // The same is an alarm: acknowledged, over, and in the history.
    const alarm = page.locator('.alarm').filter({ hasText: 'French: nobody has interpreted' });
    await alarm.getByRole('button', { name: /^Acknowledge/ }).click();
    await expect(alarm).toContainText('Acknowledged');
    await french.microphone('on');
    await expect(lamp).not.toContainText('French');
    await expect(alarm).toHaveCount(0);
    // The tone of the microphone moves its meter, by the packets' own word; its peak is a figure.
    const meter = row(/China/).getByRole('meter');
    await expect.poll(async () => Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(-40);
    await expect(row(/China/).locator('.scaled-figure')).toHaveText(/^-\d+$/);
    // Two microphones have opened, and an alarm has come and gone.
    expect(await places(page)).toEqual(before);

    // At which hand each channel is, and from which relay: read from the cells, and for the eye as many dots.
    const relayOf = (name: string) =>
        page
            .locator('section[aria-labelledby="matrix-heading"] tbody tr')
            .filter({ hasText: name })
            .getByRole('cell')
            .nth(1);
    for (const [language, source] of [
        ['es', 'fr'],
        ['ru', 'es'],
    ] as const) {
        const booth = await light.join({
            role: 'interpreter',
            participant: `interpreter-${language}-1`,
            language,
            tone: 1700,
        });
        await booth.command('desk.listen', { source });
        await booth.microphone('on');
    }
    for (const [name, hand, source, dots] of [
        ['Français', 'Interpreted from the original', 'Floor', 1],
        ['Español', 'Second hand: interpreted from a relay', 'French', 2],
        ['Русский', 'Third hand: from a relay of a relay', 'Spanish', 3],
    ] as const) {
        await expect(relayOf(name)).toHaveText(`${hand}${source}`);
        await expect(relayOf(name).locator('i')).toHaveCount(dots);
    }
    await expect(relayOf('العربية')).not.toContainText(/hand|Interpreted/);

    // One source in one's own ears, whatever the channel is; then the channel again.
    await page.getByRole('button', { name: 'Listen: French' }).click();
    await technician.hears('mix', FRENCH, [TONE]);
    await row(/China/)
        .getByRole('button', { name: /^Listen/ })
        .click();
    await technician.hears('language', TONE, [FRENCH]);
    await technician.hears('mix', TONE, [FRENCH]);
    const listener = await light.hear('fr');
    await listener.hears(FRENCH);
    await row(/China/)
        .getByRole('button', { name: /^Listen/ })
        .click();
    await technician.hears('mix', FRENCH, [TONE]);

    // A route by hand to the sound of the floor, found by the arrow keys, with a reason that everybody at the console sees.
    await row(/China/).locator('.crossing-key').first().focus();
    for (let i = 0; i < 3; i++) {
        await page.keyboard.press('ArrowRight');
    }
    const crossing = page.getByRole('button', { name: 'Route China to channel: French' });
    await expect(crossing).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').fill('Line to the booth');
    await page.keyboard.press('Enter');
    const channel = page
        .locator('section[aria-labelledby="matrix-heading"] tbody tr')
        .filter({ hasText: 'Français' });
    await expect(channel).toContainText('By hand');
    await expect(channel).toContainText('Line to the booth');
    await listener.hears(TONE);
    // Taken back at once; and taking a release back is the route that was there, with its reason.
    await undo.click();
    await expect(channel).not.toContainText('By hand');
    await listener.hears(FRENCH);
    await crossing.click();
    await page.getByLabel('Reason').fill('Line to the booth');
    await page.keyboard.press('Enter');
    await expect(channel).toContainText('By hand');
    await holdsKey(channel.getByRole('button', { name: 'Release channel: French' }));
    await expect(channel).not.toContainText('By hand');
    await undo.click();
    await expect(channel).toContainText('Line to the booth');
    await listener.hears(TONE);
    await holdsKey(channel.getByRole('button', { name: 'Release channel: French' }));
    await listener.hears(FRENCH);
    // What has gone on is not taken back.
    const auto = page.getByRole('switch', { name: 'Auto-floor: Russian' });
    await holdsKey(auto);
    await expect(auto).toHaveAttribute('aria-checked', 'false');
    await moderator.command('channel.auto_floor', { channel: 'ru', on: true });
    await expect(auto).toHaveAttribute('aria-checked', 'true');
    await undo.click();
    await expect(says).toContainText('Not undone: channel Russian has changed since.');
    await expect(undo).toHaveCount(0);

    // Held back by 600 ms: still heard, and the server says how much.
    const delay = page.getByLabel('Delay in milliseconds: French');
    await delay.fill('600');
    await delay.press('Enter');
    await expect
        .poll(async () => (await chair.meeting())?.channels.find((one) => one.id === 'fr')?.delay_ms)
        .toBe(600);
    await listener.hears(FRENCH, Date.now());

    await page.getByRole('button', { name: /^History/ }).click();
    const history = page.getByRole('dialog', { name: 'Alarm history' });
    await expect(history.locator('tbody tr').filter({ hasText: 'French' }).last()).not.toContainText(
        'Not yet',
    );
    await page.keyboard.press('Escape');

    // On a telephone the alarms and the matrix come first, and nothing is wider than it.
    await page.setViewportSize({ width: 360, height: 640 });
    for (const language of LANGUAGES) {
        await showLanguage(page, language);
        const shown = await view(page);
        expect([shown.headings, shown.wide], language).toEqual([['alarms-heading', 'crossings-heading'], 0]);
        await expect(page.locator('#alarms-heading')).toBeInViewport();
    }
});
