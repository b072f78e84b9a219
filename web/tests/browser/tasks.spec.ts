// How many presses a task takes, from the screen that one works on, counted by the page itself: ask 1, give 1, end 1, the next 1, give back 1,
// help with an answer 3, another device 2, the wall 1.
import type { Page } from '@playwright/test';
import { expect, type Person, test } from './fixtures.ts';
import { keyHears } from './press.ts';

/** Counts what a hand does on this page from now on: buttons pressed, choices made, letters. */
async function countPresses(page: Page): Promise<void> {
    await page.evaluate(() => {
        Object.assign(window, { testPressed: 0 });
        const count = () => {
            Object.assign(window, { testPressed: Number(Reflect.get(window, 'testPressed')) + 1 });
        };
        for (const type of ['pointerup', 'keydown', 'change']) {
            window.addEventListener(type, count, true);
        }
    });
}

/** What these pages were pressed while the task was done. */
async function presses(pages: readonly Page[], task: () => Promise<void>): Promise<number> {
    const all = () =>
        Promise.all(pages.map((page) => page.evaluate(() => Number(Reflect.get(window, 'testPressed')))));
    const before = await all();
    await task();
    return (await all()).reduce((sum, count, index) => sum + count - before[index]!, 0);
}

async function floor(one: Person): Promise<string[]> {
    return ((await one.meeting())?.floor ?? []).map(({ participant }) => participant);
}

test('each task takes as many presses as are promised', async ({ person, light }) => {
    const moderator = await light.join({ role: 'moderator', participant: 'moderator' });
    const france = await light.join({ role: 'delegate', participant: 'delegate-fra' });
    const chair = await person({ role: 'chair' });
    await moderator.command('sitting.open').catch(() => undefined);
    const delegate = await person({
        role: 'delegate',
        participant: 'delegate-ken',
        microphones: [
            { label: 'Headset', tone: 900 },
            { label: 'Built-in', tone: 600 },
        ],
    });
    const [desk, room] = [chair.page, delegate.page];
    await countPresses(desk);
    await countPresses(room);
    const tasks: Record<string, number> = {};

    const askKey = room.locator('.floor-key');
    tasks.ask = await presses([room], async () => {
        await askKey.click();
        await expect.poll(async () => (await chair.meeting())?.requests.length).toBe(1);
    });
    await france.command('floor.request');
    const keys = desk.locator('.floor-keys');
    tasks.give = await presses([desk], async () => {
        await keys.getByRole('button', { name: /^Give the floor/ }).click();
        await expect.poll(() => floor(chair)).toEqual(['delegate-ken']);
    });
    tasks.next = await presses([desk], async () => {
        await keys.getByRole('button', { name: /^Give now/ }).click();
        await expect.poll(() => floor(chair)).toEqual(['delegate-fra']);
    });
    const place = desk.locator('.place-end').first();
    tasks.end = await presses([desk], async () => {
        await place.click();
        await expect.poll(() => floor(chair)).toEqual([]);
    });
    // Ended by mistake: in the same place, for eight seconds.
    await expect(place).toHaveAccessibleName('Give the floor back: France');
    tasks['give back'] = await presses([desk], async () => {
        await place.click();
        await expect.poll(() => floor(chair)).toEqual(['delegate-fra']);
    });
    await keyHears(place);
    await place.click();
    await expect(place).toHaveAccessibleName('Give the floor back: France');
    // Who is gone, or whose place another has, is not given it back.
    await moderator.command('floor.give', { participant: 'delegate-ken' });
    await expect(place).toHaveAccessibleName('End: Kenya');
    await moderator.command('floor.end_all');
    await expect(place).toHaveAccessibleName('End');

    tasks.wall = await presses([desk], async () => {
        const wall = chair.context.waitForEvent('page');
        await desk.locator('.wall-key').click();
        await (await wall).close();
    });

    tasks.device = await presses([room], async () => {
        await room.locator('.sound-key').click();
        await room.getByRole('combobox', { name: 'Microphone' }).selectOption({ label: 'Built-in' });
        await expect
            .poll(() => delegate.diagnose(() => document.querySelector('dialog')?.textContent, null))
            .toContain('Built-in');
    });
    await room.keyboard.press('Escape');

    // Whoever helps is another person's page.
    const helper = await person({ role: 'technician', participant: 'technician' });
    await countPresses(helper.page);
    tasks.help = await presses([room, helper.page], async () => {
        await room.locator('.help-key').first().click();
        await room.locator('.help-reasons button').first().click();
        await helper.page.getByRole('button', { name: /^Take the call of/ }).click();
        await expect(room.getByRole('dialog').getByRole('status')).toHaveText(/answers you/);
    });

    expect(tasks).toEqual({
        ask: 1,
        give: 1,
        next: 1,
        end: 1,
        'give back': 1,
        wall: 1,
        device: 2,
        help: 3,
    });
});
