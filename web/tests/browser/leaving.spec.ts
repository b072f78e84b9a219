// Leaving the page asks first while somebody would be cut off, and at no other time; the tab says what its person must not miss.
import type { Page } from '@playwright/test';
import { LANGUAGES, WORDS } from '../words_of_the_page.ts';
import { expect, type Person, test } from './fixtures.ts';

const QUESTION = 'Leave the page?';

/** What the browser asked, in order; each is answered with "stay". */
function questionsOf(page: Page): string[] {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
    });
    return asked;
}

// The page would be loaded anew; `kept` stays when it was not.
async function reload(page: Page): Promise<void> {
    await page.evaluate(() => {
        Object.assign(window, { kept: true });
        setTimeout(() => location.reload());
    });
}

async function isKept(page: Page): Promise<boolean> {
    return page.evaluate(() => 'kept' in window);
}

async function onTheAir(person: Person): Promise<void> {
    await expect.poll(async () => (await person.meeting())?.floor.length).toBe(1);
}

test('while one speaks, closing, reloading and going back ask first; before and after nothing does', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    await chair.command('sitting.open').catch(() => undefined);
    const delegate = await person({ role: 'delegate', participant: 'delegate-bra' });
    const { page } = delegate;
    const asked = questionsOf(page);

    await reload(page);
    await expect.poll(() => isKept(page).catch(() => true)).toBe(false);
    await delegate.page.locator('.dock').waitFor();
    await expect.poll(async () => (await delegate.state()).stage).toBe('room');
    expect(asked).toEqual([]);

    await page.locator('.floor-key').click();
    await expect.poll(async () => (await delegate.meeting())?.requests.length).toBe(1);
    await chair.command('floor.give', { participant: 'delegate-bra' });
    await onTheAir(delegate);
    await reload(page);
    await expect.poll(() => asked).toEqual(['beforeunload']);
    expect(await isKept(page)).toBe(true);

    const question = page.getByRole('dialog', { name: QUESTION });
    for (const answer of ['Escape', 'Cancel'] as const) {
        await page.goBack();
        await expect(question).toContainText('You are on the air.');
        await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
        if (answer === 'Escape') {
            await page.keyboard.press('Escape');
        } else {
            await question.getByRole('button', { name: answer }).click();
        }
        await expect(question).toHaveCount(0);
        await onTheAir(delegate);
    }
    await page.goBack();
    await question.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect.poll(async () => (await chair.told('microphone.closed')).length).toBe(1);
    await expect.poll(() => page.url()).toBe('about:blank');
    expect(asked).toEqual(['beforeunload']);
});

test('going back asks nothing of who is not on the air', async ({ person, light }) => {
    const chair = await light.join({ role: 'chair' });
    await chair.command('sitting.open').catch(() => undefined);
    const delegate = await person({ role: 'delegate', participant: 'delegate-bra' });
    const { page } = delegate;
    const asked = questionsOf(page);
    await page.locator('.floor-key').click();
    await expect.poll(async () => (await delegate.meeting())?.requests.length).toBe(1);
    await chair.command('floor.give', { participant: 'delegate-bra' });
    await onTheAir(delegate);
    await chair.command('floor.end_all');
    await expect.poll(async () => (await delegate.meeting())?.floor.length).toBe(0);
    await page.goBack();
    await expect.poll(() => page.url()).toBe('about:blank');
    expect(asked).toEqual([]);
});

test('who trains is asked, who only listens to a rehearsal is not', async ({ person }) => {
    const student = await person({ role: 'interpreter', language: 'fr', meeting: 'rehearsal' });
    const asked = questionsOf(student.page);
    await reload(student.page);
    await expect.poll(() => asked).toEqual(['beforeunload']);
    const listener = await person({ role: 'listener', meeting: 'rehearsal' });
    const others = questionsOf(listener.page);
    await reload(listener.page);
    await expect.poll(() => isKept(listener.page).catch(() => true)).toBe(false);
    expect(others).toEqual([]);
});

test('the tab says in six languages that one is the next, and that one is on the air', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    await chair.command('sitting.open').catch(() => undefined);
    const delegate = await person({ role: 'delegate', participant: 'delegate-bra' });
    const { page } = delegate;
    const icon = () => page.locator('link[rel="icon"]').getAttribute('href');
    const plain = await page.title();
    await page.locator('.floor-key').click();
    await expect(page).toHaveTitle(`You are next · ${plain}`);
    expect(await icon()).toMatch(/\/icon-next\.svg$/);
    expect((await page.request.get(String(await icon()))).headers()['content-type']).toBe('image/svg+xml');
    await chair.command('floor.give', { participant: 'delegate-bra' });
    await expect(page).toHaveTitle(`On the air · ${plain}`);
    expect(await icon()).toMatch(/\/icon-on-air\.svg$/);
    expect((await page.request.get(String(await icon()))).headers()['content-type']).toBe('image/svg+xml');
    for (const language of LANGUAGES) {
        await page.locator('.switch-language select').selectOption(language);
        const words = WORDS['tab.on_air']?.[language] ?? '';
        await expect.poll(async () => (await page.title()).split(' · ')[0]).toBe(words);
    }
    await page.locator('.switch-language select').selectOption('en');
    await chair.command('floor.end_all');
    await expect(page).toHaveTitle(plain);
    expect(await icon()).toMatch(/\/icon\.svg$/);
});
