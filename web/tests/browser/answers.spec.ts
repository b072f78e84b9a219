// Every address answers a person: what stands there, or that nothing does and where to go, in the reader's language and under the right status.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const level1 = (page: Page) => page.getByRole('heading', { level: 1 });

test('an address that shows nothing says so, under its status, with ways on', async ({ visit, plenary }) => {
    const page = await visit('/');
    for (const [path, status, words] of [
        ['/nothing', 404, 'Check the address'],
        ['/m/demo/nothing', 404, 'Check the address'],
        ['/projector/demo', 404, 'Check the address'],
        ['/api/v1/nothing', 404, 'Check the address'],
        ['/api/v1/meetings/demo', 401, 'for those who are signed in'],
        ['/api/v1/meetings/demo/report.pdf', 401, 'for those who are signed in'],
        ['/api/v1/live', 400, 'for programs'],
        ['/whep/demo/fr', 405, 'for programs'],
    ] as const) {
        const response = await page.goto(`${plenary.url}${path}`);
        expect(response?.status(), path).toBe(status);
        await expect(level1(page), path).toHaveText('There is no page at this address');
        await expect(page.getByRole('main'), path).toContainText(words);
        await expect(page.getByRole('main')).toContainText('help desk');
        await expect(page.getByRole('link', { name: 'Help pages' })).toBeVisible();
    }
    await page.getByRole('link', { name: 'Sign in with an account' }).click();
    await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
    // Programs read what they always did.
    const answer = await page.request.get(`${plenary.url}/nothing`, {
        headers: { Accept: 'application/json' },
    });
    expect(answer.status()).toBe(404);
    expect(answer.headers()['content-type']).toBe('application/problem+json');
});

test('in six languages, by the browser’s and by the one that was chosen', async ({ plenary, browsers }) => {
    for (const [locale, heading] of [
        ['ar', 'لا توجد صفحة في هذا العنوان'],
        ['zh', '此地址没有页面'],
        ['fr', 'Il n’y a pas de page à cette adresse'],
        ['ru', 'По этому адресу нет страницы'],
        ['es', 'No hay ninguna página en esta dirección'],
        ['de', 'There is no page at this address'],
    ] as const) {
        const context = await (await browsers('chromium')).newContext({ locale });
        const page = await context.newPage();
        await page.goto(`${plenary.url}/nothing`);
        await expect(level1(page), locale).toHaveText(heading);
        if (locale === 'fr') {
            await page.getByRole('combobox').last().selectOption('es');
            await expect(level1(page)).toHaveText('No hay ninguna página en esta dirección');
            await page.reload();
            await expect(level1(page)).toHaveText('No hay ninguna página en esta dirección');
        }
        await context.close();
    }
});

test('help has an address of its own, and a stray address leads back to one’s meeting', async ({
    visit,
    plenary,
}) => {
    const page = await visit('/help');
    await expect(level1(page)).toHaveText('Help for everybody');
    await page.goto(`${plenary.url}/m/demo#${plenary.token({ role: 'delegate', delegation: 'FRA' })}`);
    await expect(page.locator('.entrance-join .button-filled')).toBeVisible();
    await page.goto(`${plenary.url}/m/demo/agenda`);
    await page.getByRole('link', { name: 'Back to my meeting' }).click();
    await expect(page.locator('.entrance-join .button-filled')).toBeVisible();
});

test('a link that is not taken: why, and the ways on', async ({ visit, plenary }) => {
    const expired = await visit(`/m/demo#${plenary.expiredToken({ role: 'listener' })}`);
    await expect(level1(expired)).toHaveText('This link has expired');
    await expect(expired.getByRole('main')).toContainText('Ask the secretariat for a new link');
    await expect(expired.getByRole('main')).toContainText('help desk');
    await expect(expired.getByRole('link', { name: 'Help pages' })).toBeVisible();
    const unknown = await visit(`/m/demo#${'A'.repeat(43)}`);
    await expect(level1(unknown)).toHaveText('This link does not work');
    await unknown.getByRole('link', { name: 'Sign in with an account' }).click();
    await expect(unknown.getByLabel('Password', { exact: true })).toBeVisible();
});

test('a secretary has a page of their own: list, agenda and documents, people', async ({ person, light }) => {
    const chair = await light.join({ role: 'chair' });
    await light.giveFloor(chair, await light.join({ role: 'delegate', delegation: 'FRA', tone: 500 }));
    const kenya = await light.join({ role: 'delegate', delegation: 'KEN' });
    await kenya.command('floor.request');
    const { page } = await person({ role: 'secretary' });
    const main = page.getByRole('main');
    await expect(main).toHaveClass(/console-secretary/);
    for (const heading of ['List of speakers', 'Agenda', 'In the room', 'Sitting']) {
        await expect(main.getByRole('heading', { name: heading, exact: true })).toBeVisible();
    }
    await expect(main.getByText('You act on behalf of the Chair')).toBeVisible();
    await expect(main.getByRole('button', { name: 'Add a document' })).toBeVisible();
    await expect(main.getByRole('heading', { name: 'Calls for help' })).toHaveCount(0); // a moderator's
    await page.keyboard.press('g');
    await expect
        .poll(async () => JSON.stringify(await page.evaluate('plenaryDiagnostics.meeting().floor')))
        .toContain('ken');
});

test('who is here, for everybody: the delegations, and nobody of the audience', async ({ person, light }) => {
    await light.join({ role: 'chair' });
    await light.join({ role: 'delegate', delegation: 'FRA' });
    await light.join({ role: 'interpreter', language: 'fr' });
    for (const role of ['listener', 'secretary', 'interpreter', 'technician'] as const) {
        const one = await person({ role, ...(role === 'interpreter' ? { language: 'es' } : {}) });
        await one.press('Menu');
        const dialog = one.page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'Who is here' }).click(); // not the room's own, behind it
        await expect(dialog.getByRole('region', { name: 'Delegations' })).toContainText('France');
        await expect(dialog.getByRole('region', { name: 'Podium and secretariat' })).toContainText('Chair');
        await expect(dialog.getByRole('region', { name: 'Serving the meeting' })).toContainText(
            'French booth',
        );
        await expect(dialog).not.toContainText('Listener');
        await one.page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        await one.close();
    }
    const delegate = await person({ role: 'delegate', delegation: 'KEN' });
    await delegate.page.locator('.rail .here-key').click();
    await expect(delegate.page.getByRole('dialog')).toContainText('Kenya');
});
