// The time of who speaks is one for everybody: said by the chair for an item and a kind of delegation, then the same on the speaker's own
// page, the console, an interpreter's desk and the wall, and a warning by form and word on all of them.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { LightPerson } from './light_people.ts';

const ITEM = 'item-3';
const SPEAKING = '.plate-speaking, .place-open, .projector-speaking';
const LEFT = '.timer-left, .projector-left';

interface Reading {
    used: number;
    left: number;
    words: string;
    form: string;
}

/** What a page says of the one who speaks, in seconds. */
async function read(page: Page): Promise<Reading> {
    return page
        .locator(SPEAKING)
        .first()
        .evaluate((plate, left) => {
            const seconds = (said: string): number => {
                const [minutes, rest] = (/(\d+):(\d\d)/.exec(said) ?? ['', '0', '-1']).slice(1).map(Number);
                return (minutes ?? 0) * 60 + (rest ?? 0);
            };
            const said = plate.querySelector(left);
            const words = (said?.querySelector('.projector-first') ?? said)?.textContent ?? '';
            return {
                used: seconds(plate.querySelector('[role=timer]')?.textContent ?? ''),
                left: seconds(said?.textContent ?? ''),
                words,
                form: said?.className ?? '',
            };
        }, LEFT);
}

async function readAll(pages: readonly Page[]): Promise<Reading[]> {
    return Promise.all(pages.map(read));
}

/** That every page says this of the time in the end. */
async function allSay(pages: readonly Page[], words: string, form: string): Promise<void> {
    for (const page of pages) {
        const left = page.locator(SPEAKING).first().locator(LEFT);
        await expect(left).toContainText(words);
        await expect(left).toHaveClass(new RegExp(`(timer|is)-${form}`));
    }
}

/** No sign of the time has the colour of the open microphone. */
async function notRed(page: Page): Promise<boolean> {
    return page
        .locator(SPEAKING)
        .first()
        .evaluate((plate, left) => {
            const colour = (selector: string): string =>
                getComputedStyle(plate.querySelector(selector) ?? plate).backgroundColor;
            return colour('.on-air-mark') !== colour(left);
        }, LEFT);
}

function spread(numbers: number[]): number {
    return Math.max(...numbers) - Math.min(...numbers);
}

/** What the one who speaks has left is then about so many seconds. */
async function leave(chair: LightPerson, page: Page, seconds: number): Promise<void> {
    const { used } = await read(page);
    await chair.command('time.allow', { item: ITEM, kind: 'observer', seconds: used + seconds });
}

test('one time on the own page, the console, the desk and the wall, and a warning by form and word', async ({
    person,
    visit,
    light,
    plenary,
}) => {
    test.setTimeout(240_000);
    const moderator = await light.join({ role: 'moderator' });
    await moderator.command('item.start', { item: ITEM });
    const chair = await person({ role: 'chair' });
    const { page: console_ } = chair;
    await console_.getByRole('button', { name: 'Time allowed by item and delegation' }).click();
    const cell = console_.getByRole('row').filter({ has: console_.locator(`th[id$="${ITEM}"]`) });
    await cell.getByRole('combobox', { name: /Observers$/ }).selectOption('120');
    await expect
        .poll(async () => (await chair.meeting())?.speaking_times)
        .toEqual([{ id: 1, item: ITEM, kind: 'observer', seconds: 120 }]);
    await console_.keyboard.press('Escape');
    await expect(console_.getByRole('button', { name: 'Time allowed by item and delegation' })).toBeFocused();

    const own = (await person({ role: 'delegate', participant: 'delegate-wmo' })).page;
    const desk = (await person({ role: 'interpreter', participant: 'interpreter-fr-1', language: 'fr' }))
        .page;
    const wall = await visit(`/m/demo/projector#${plenary.token({ role: 'listener' })}`);
    await own.getByRole('button', { name: /Ask for the floor/ }).click();
    // Who waits reads what there will be.
    await expect(own.locator('.speaker-me .time-to-come')).toContainText('2:00');
    await expect(console_.locator('.speaker-managed .time-to-come')).toContainText('2:00');
    await expect(desk.locator('.see-next .time-to-come')).toContainText('2:00');
    await moderator.command('floor.give', { participant: 'delegate-wmo' });

    const pages = [own, console_, desk, wall];
    await Promise.all(pages.map((page) => page.locator(SPEAKING).first().waitFor()));
    await expect.poll(async () => (await readAll(pages)).every((one) => one.left > 0)).toBe(true);
    const readings = await readAll(pages);
    expect(spread(readings.map((one) => one.left)), JSON.stringify(readings)).toBeLessThanOrEqual(1);
    for (const one of readings) {
        expect(one.used + one.left).toBe(120);
        expect(one.words).toMatch(/left$/);
        expect(one.form).toMatch(/^(timer-left|projector-left is-plain)$/);
    }

    await leave(moderator, own, 31);
    await allSay(pages, 'Ending soon', 'ending');
    const voice = own.locator('[data-live=assertive]');
    await expect(voice).toHaveText('You have thirty seconds left');
    const warned = await readAll(pages);
    expect(spread(warned.map((one) => one.left)), JSON.stringify(warned)).toBeLessThanOrEqual(1);
    await leave(moderator, own, 1);
    await allSay(pages, 'Time is up', 'over');
    await expect(voice).toHaveText('Your time is up');
    expect(await Promise.all(pages.map(notRed))).toEqual([true, true, true, true]);
});

test('without the dialog: the time of the item under discussion, by one choice', async ({
    person,
    light,
}) => {
    const moderator = await light.join({ role: 'moderator' });
    const chair = await person({ role: 'chair' });
    const choice = chair.page.getByRole('combobox', { name: 'Time allowed' });
    const said = async () =>
        (await chair.meeting())?.speaking_times.map(({ item, seconds }) => [item ?? '', seconds]);
    await expect(choice).toHaveValue('0');
    await moderator.command('time.allow', { kind: 'everybody', seconds: 180 });
    await expect(choice).toHaveValue('180');
    await choice.selectOption('300');
    await expect.poll(said).toEqual([
        ['', 180],
        ['item-1', 300],
    ]);
    // The next item has none of its own.
    await moderator.command('item.start', { item: ITEM });
    await expect(choice).toHaveValue('180');
    // Another chooses a time that is not offered: it is shown all the same.
    await moderator.command('time.allow', { item: ITEM, kind: 'everybody', seconds: 100 });
    await expect(choice.locator('option:checked')).toHaveText('1:40');
});

test('the table on a phone: within its window, by keyboard alone, and taken back', async ({ person }) => {
    const chair = await person({ role: 'chair', viewport: { width: 360, height: 740 } });
    const { page } = chair;
    const opener = page.getByRole('button', { name: 'Time allowed by item and delegation' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const general = page.getByRole('combobox', { name: 'In general Everybody' });
    await general.focus();
    await page.keyboard.press('3');
    await expect
        .poll(async () => (await chair.meeting())?.speaking_times.map((one) => one.seconds))
        .toEqual([180]);
    await expect(page.locator('.times-wider').first().locator('option:checked')).toHaveText('(3 minutes)');
    const wide = await page
        .locator('dialog[open]')
        .evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await general.selectOption('wider');
    await expect.poll(async () => (await chair.meeting())?.speaking_times).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(opener).toBeFocused();
});
