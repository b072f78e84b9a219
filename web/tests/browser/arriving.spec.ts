// A screen that is loaded while the page is open, and does not come: it is said in words, one stays in the meeting, and it comes by itself.

import type { Browser, Page } from '@playwright/test';
import { BROWSERS, type BrowserName, expect, type PlenaryServer, test } from './fixtures.ts';

const CONSOLE = /\/assets\/Room-/;

async function openPage(browser: Browser): Promise<Page> {
    const context = await browser.newContext({ locale: 'en' });
    context.setDefaultTimeout(30_000);
    return context.newPage();
}

async function goToEntrance(page: Page, plenary: PlenaryServer): Promise<void> {
    const link = plenary.token({ role: 'delegate', delegation: 'FRA' });
    await page.goto(`${plenary.url}/m/demo#${link}`);
    await page.locator('.entrance-join .button-filled').waitFor();
}

for (const name of BROWSERS satisfies BrowserName[]) {
    test(`${name}: a line that was lost while the room was loaded`, async ({ plenary, browsers }) => {
        const page = await openPage(await browsers(name));
        let lost = true;
        await page.route(CONSOLE, (route) => (lost ? route.abort('connectionfailed') : route.continue()));
        await page.route(`${plenary.url}/`, (route) =>
            lost ? route.abort('connectionfailed') : route.continue(),
        );
        await goToEntrance(page, plenary);
        await page.locator('.entrance-join .button-filled').click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('This screen could not be loaded');
        await expect(page.getByRole('alert').last()).toContainText('your place is kept');
        lost = false;
        await page.getByRole('button', { name: 'Try again now' }).click();
        await expect(page.locator('.stage')).toBeVisible();
        await page.context().close();
    });

    test(`${name}: a server that was restarted with a newer page`, async ({ plenary, browsers }) => {
        const page = await openPage(await browsers(name));
        let newer = false;
        // Until the page is loaded anew it asks for files that are gone; what it finds then is that of today.
        await page.route(CONSOLE, (route) =>
            newer ? route.continue() : route.fulfill({ status: 404, body: '' }),
        );
        await page.route(`${plenary.url}/`, (route) =>
            route.fulfill({
                contentType: 'text/html',
                body: '<script src="./assets/index-NEWER.js"></script>',
            }),
        );
        await goToEntrance(page, plenary);
        page.on('request', (request) => {
            newer ||= request.isNavigationRequest();
        });
        await page.locator('.entrance-join .button-filled').click();
        await expect(page.locator('.stage')).toBeVisible();
        expect(newer, 'by a new page').toBe(true);
        await page.context().close();
    });
}

test('a page that is newer and not whole is not loaded again and again', async ({ plenary, browsers }) => {
    const page = await openPage(await browsers('chromium'));
    let loads = 0;
    page.on('load', () => {
        loads += 1;
    });
    await page.route(CONSOLE, (route) => route.fulfill({ status: 404, body: '' }));
    await page.route(`${plenary.url}/`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<script src="./assets/index-NEWER.js"></script>' }),
    );
    await goToEntrance(page, plenary);
    await page.locator('.entrance-join .button-filled').click();
    await expect(page.getByRole('alert').last()).toContainText('The server was updated');
    await expect(page.getByRole('button', { name: 'Load again' })).toBeVisible();
    expect(loads).toBe(2);
    await page.context().close();
});
