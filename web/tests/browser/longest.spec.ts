// Names as long as they may be, in three scripts and without a blank, on every screen and in every sheet that a key opens: nothing is wider
// than its window, no control is cut or lies over another. By rectangles; pictures where they are wanted.
import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, type PersonOptions, test } from './fixtures.ts';
import type { LightPeople } from './light_people.ts';
import { showLanguage } from './screens.ts';

const MOST = 120;
const LATIN = 'Abcdefghij'.repeat(12);
const ARABIC = 'عبدالرحمنبنمحمد'.repeat(8);
const CHINESE = '欧阳张伟李娜王芳'.repeat(15);
/** Somebody else of the same length: who is called the same is the same person. */
const another = (name: string): string => `${name.slice(5)}${name.slice(0, 5)}`;

const PICTURES = process.env.PLENARY_PICTURES;
const LONG = process.env.PLENARY_LONG !== undefined || PICTURES !== undefined;
const LANGUAGES = LONG ? ['en', 'ar', 'zh', 'ru'] : ['ar'];
const WIDTHS = LONG ? [360, 768, 1280] : [360];

const SCREENS: Record<string, PersonOptions & { path?: string; short?: boolean }> = {
    delegate: { role: 'delegate', name: another(LATIN), short: true },
    chair: { role: 'chair', short: true },
    secretary: { role: 'secretary', name: another(CHINESE) },
    interpreter: { role: 'interpreter', language: 'fr', name: another(ARABIC) },
    moderator: { role: 'moderator', name: another(ARABIC) },
    technician: { role: 'technician', name: another(LATIN) },
    trainer: { role: 'technician', name: another(CHINESE), meeting: 'rehearsal' },
    listener: { role: 'listener' },
    wall: { role: 'listener', path: '/m/demo/projector' },
};

/** Two with the floor and one on the list, all calling for help; two at work in one booth and a third in another, who write. */
async function gather(light: LightPeople): Promise<void> {
    const helper = await light.join({ role: 'moderator', participant: 'moderator' });
    await helper.command('sitting.open').catch(() => undefined);
    for (const [index, name] of [LATIN, ARABIC, CHINESE].entries()) {
        const one = await light.join({ role: 'delegate', name, ...(index < 2 ? { tone: 500 } : {}) });
        await one.command('floor.request');
        await one.command('help.ask', { reason: 'sound' });
        if (index < 2) {
            await expect(() => helper.command('floor.give', { participant: one.participant })).toPass({
                intervals: [200],
                timeout: 5000,
            });
        }
        const booth = { role: 'interpreter', language: index < 2 ? 'fr' : 'zh', name, tone: 900 } as const;
        const interpreter = await light.join(booth);
        await interpreter.command('chat.send', { room: 'interpreters', text: name });
        if (index > 0) {
            await interpreter.microphone('on');
        }
    }
}

/** In the page: what is wider than the window, which controls are cut or out of it, and which lie over one another. */
function faults(): string[] {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
        found.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
    }
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
    const scope = dialog ?? document.body;
    if (dialog !== undefined && dialog.scrollWidth > dialog.clientWidth) {
        found.push(`the sheet is ${dialog.scrollWidth} wide in ${dialog.clientWidth}`);
    }
    const drawn = (one: Element): boolean =>
        one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        one.getBoundingClientRect().width > 2;
    const controls = [...scope.querySelectorAll('button, select, input, a[href]')].filter(drawn);
    const scrolls = (one: Element): Element | null => {
        for (let at = one.parentElement; at !== null; at = at.parentElement) {
            if (
                ['auto', 'scroll'].includes(getComputedStyle(at).overflowX) &&
                at.scrollWidth > at.clientWidth
            ) {
                return at;
            }
        }
        return null;
    };
    const called = (one: Element): string =>
        `${one.className || one.tagName} “${(one.getAttribute('aria-label') ?? one.textContent ?? '').slice(0, 30)}”`;
    for (const one of controls) {
        const box = one.getBoundingClientRect();
        const away = box.left < -1 || box.right > innerWidth + 1;
        if (away && scrolls(one) === null) {
            found.push(`${called(one)} from ${box.left} to ${box.right}`);
        }
        if (one.matches('button') && one.scrollWidth > one.clientWidth + 1) {
            found.push(`${called(one)} has words of ${one.scrollWidth} in ${one.clientWidth}`);
        }
    }
    // As much of it as is seen: what scrolls or is clipped covers nothing beyond its frame.
    const seen = (one: Element) => {
        let { left, top, right, bottom } = one.getBoundingClientRect();
        for (let at = one.parentElement; at !== null && at !== root; at = at.parentElement) {
            if (getComputedStyle(at).overflow !== 'visible') {
                const frame = at.getBoundingClientRect();
                [left, top] = [Math.max(left, frame.left), Math.max(top, frame.top)];
                [right, bottom] = [Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
            }
        }
        return { left, top, right, bottom };
    };
    const boxes = controls.map((one) => [one, seen(one)] as const);
    for (const [index, [one, a]] of boxes.entries()) {
        for (const [other, b] of boxes.slice(index + 1)) {
            const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            const within = one.contains(other) || other.contains(one);
            const fixed = [one, other].filter((each) => each.closest('.dock, .top-bar')).length === 1;
            if (over > 2 && high > 2 && !within && !fixed) {
                found.push(`${called(one)} lies over ${called(other)}`);
            }
        }
    }
    return found;
}

test(`names of ${MOST} letters push nothing out of sight and cut no key`, async ({
    person,
    light,
    visit,
    plenary,
}) => {
    test.setTimeout(LONG ? 40 * 60_000 : 4 * 60_000);
    expect([LATIN, ARABIC, CHINESE].map((one) => one.length)).toEqual([MOST, MOST, MOST]);
    await gather(light);
    const only = process.env.PLENARY_SCREEN;
    const found: string[] = [];
    for (const [name, { path, short, ...options }] of Object.entries(SCREENS)) {
        if ((!LONG && short !== true) || (only !== undefined && only !== name)) {
            continue;
        }
        const page =
            path === undefined
                ? (await person(options)).page
                : await visit(`${path}#${plenary.token(options)}`);
        found.push(...(await walk(page, name)));
        await page.close();
    }
    expect(found).toEqual([]);
});

async function walk(page: Page, name: string): Promise<string[]> {
    const found: string[] = [];
    const look = async (what: string): Promise<void> => {
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
        found.push(...(await page.evaluate(faults)).map((one) => `${what}: ${one}`));
        if (PICTURES !== undefined) {
            mkdirSync(PICTURES, { recursive: true });
            await page.screenshot({ path: `${PICTURES}/${what.replaceAll(' ', '-')}.png` });
        }
    };
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const language of LANGUAGES) {
        if ((await page.locator('.switch-language select').count()) > 0) {
            await showLanguage(page, language);
        }
        for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: width === 360 ? 640 : 800 });
            const where = `${name} ${language} ${width}`;
            await page.evaluate(() => scrollTo(0, 0));
            await look(where);
            const keys = page.locator('[aria-haspopup="dialog"]');
            for (let index = 0; index < (await keys.count()); index++) {
                const key = keys.nth(index);
                // Who asks for help asks once, and what a window alone opens is none of it.
                if (!(await key.isVisible()) || !(await key.isEnabled())) {
                    continue;
                }
                await key.click();
                await look(`${where} sheet ${index}`);
                await page.keyboard.press('Escape');
                await expect(page.locator('dialog[open]'), `${where} ${index}`).toHaveCount(0);
            }
        }
    }
    return found;
}
