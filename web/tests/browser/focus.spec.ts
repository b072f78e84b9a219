// By keyboard alone: every role's page is walked from its first key to its last, each key is pressed, and whatever becomes of it the focus
// stands on something afterwards. And where a key goes away with what it did, on what.
import type { Page } from '@playwright/test';
import { expect, type Person, type PersonOptions, test } from './fixtures.ts';
import type { LightPeople } from './light_people.ts';

// Longer than a key must be held.
const HOLD_MS = 750;
// For the server's answer, and what is drawn because of it.
const SETTLE_MS = 250;
const STEPS_MAX = 400;
// Keys that lead elsewhere on purpose: to another page, to the system's own windows.
const LEADS_AWAY = /sign out|leave the room|file|print|download|pane|wall-key|own window|share|\bupload\b/i;

interface Focus {
    /** What has it; empty when it is lost. */
    name: string;
    /** Tells one key from another. */
    place: string;
    pressable: boolean;
    held: boolean;
    last: boolean;
}

async function focusOf(page: Page): Promise<Focus> {
    return page.evaluate(() => {
        const at = document.activeElement;
        if (at === null || at === document.body || at === document.documentElement) {
            return { name: '', place: '', pressable: false, held: false, last: false };
        }
        const name = at.getAttribute('aria-label') ?? at.textContent?.trim() ?? '';
        const all = [
            ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex]'),
        ];
        const stops = all.filter(
            (one) => one.tabIndex >= 0 && !one.matches(':disabled') && one.getClientRects().length > 0,
        );
        return {
            name: `${at.localName}.${at.className} ${name.slice(0, 60)}`,
            place: `${at.localName}.${[...at.classList].filter((one) => !one.startsWith('is-')).join('.')} ${name}`,
            pressable: at.localName === 'button',
            held: at.classList.contains('hold-key'),
            last: stops.at(-1) === at,
        };
    });
}

async function pressed(page: Page, held: boolean): Promise<void> {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(held ? HOLD_MS : 0);
    await page.keyboard.up('Enter');
    await page.waitForTimeout(SETTLE_MS);
}

/** Fails when the focus is lost; which keys were pressed. */
async function walk(page: Page): Promise<string[]> {
    const keys = new Set<string>();
    await page.locator('.skip').focus();
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
        const before = await focusOf(page);
        expect(before.name, `after ${[...keys].at(-1) ?? 'the beginning'}`).not.toBe('');
        if (before.pressable && !keys.has(before.place) && !LEADS_AWAY.test(before.place)) {
            keys.add(before.place);
            await pressed(page, before.held);
            expect((await focusOf(page)).name, `after ${before.name} was pressed`).not.toBe('');
            for (let open = 0; (await page.locator('dialog[open]').count()) > 0 && open < 3; open += 1) {
                await page.keyboard.press('Escape');
                await page.waitForTimeout(50);
            }
            expect((await focusOf(page)).name, `after what ${before.name} opened`).not.toBe('');
        } else if (before.last) {
            return [...keys];
        } else {
            await page.keyboard.press('Tab');
        }
    }
    throw new Error(`no end after ${STEPS_MAX} steps and ${keys.size} keys`);
}

const DELEGATES = ['delegate-fra', 'delegate-chn'];

/** An open sitting with two who ask for the floor and one who has it. */
async function sitting(light: LightPeople): Promise<void> {
    const moderator = await light.join({ role: 'moderator' });
    await moderator.command('sitting.open').catch(() => undefined);
    const speaker = await light.join({ role: 'delegate', participant: 'delegate-egy' });
    await speaker.command('floor.request');
    await moderator.command('floor.give', { participant: speaker.participant });
    for (const participant of DELEGATES) {
        const one = await light.join({ role: 'delegate', participant });
        await one.command('floor.request');
        await one.command('help.ask').catch(() => undefined);
    }
}

const ROLES: readonly (PersonOptions & { least: number })[] = [
    { role: 'chair', least: 25 },
    { role: 'moderator', least: 25 },
    { role: 'secretary', least: 25 },
    { role: 'delegate', participant: 'delegate-bra', least: 10 },
    { role: 'interpreter', language: 'fr', least: 20 },
    { role: 'technician', least: 20 },
    { role: 'listener', least: 8 },
    { role: 'captioner', least: 8 },
];

// Those whose keys no other has; the long form walks them all.
const SHORT: readonly string[] = ['chair', 'delegate', 'interpreter', 'listener'];

for (const { least, ...options } of ROLES) {
    test(`${options.role}: every key by keyboard, and the focus is never lost`, async ({ person, light }) => {
        test.skip(!SHORT.includes(options.role) && !process.env.PLENARY_LONG, 'one of the long forms');
        await sitting(light);
        const one = await person(options);
        const keys = await walk(one.page);
        console.log(`${options.role}: ${keys.length} keys`);
        if (process.env.WALK) console.log(keys.join('\n'));
        expect(keys.length, keys.join('\n')).toBeGreaterThanOrEqual(least);
    });
}

async function label(page: Page): Promise<string> {
    return page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
}

async function requests(chair: Person): Promise<number> {
    return ((await chair.meeting())?.requests ?? []).length;
}

test('taking one after the other off the list stays on that key, and ends where somebody is added', async ({
    person,
    light,
}) => {
    await sitting(light);
    const chair = await person({ role: 'chair' });
    const { page } = chair;
    const remove = page.locator('.remove-key');
    await expect(remove).toHaveCount(2);
    const names = await remove.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    await remove.first().focus();
    await pressed(page, true);
    await expect.poll(() => requests(chair)).toBe(1);
    await expect.poll(() => label(page)).toBe(names[1]);
    await pressed(page, true);
    await expect.poll(() => requests(chair)).toBe(0);
    await expect.poll(async () => (await focusOf(page)).name).toContain('Add a speaker');
});

test('a key that can no longer be pressed hands the focus on', async ({ person, light }) => {
    await sitting(light);
    const chair = await person({ role: 'chair' });
    const { page } = chair;
    const up = page.getByRole('button', { name: /^Move .* up$/ });
    await expect(up).toHaveCount(2);
    const name = String(await up.nth(1).getAttribute('aria-label'));
    await up.nth(1).focus();
    await pressed(page, false);
    const moved = page.getByRole('button', { name, exact: true });
    await expect(moved).toBeDisabled();
    await expect.poll(() => label(page)).toBe(name.replace(/up$/, 'down'));
});
