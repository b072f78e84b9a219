// Whoever sits in two meetings goes from one to the other on one page, over one connection.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';
import type { PlenaryServer } from './server.ts';

const PASSWORD = 'a long passphrase';
const FULL = { type: '/problems/full', title: 'Full', status: 503 };

function makeAccount(plenary: PlenaryServer): void {
    plenary.run(['user', 'add', '--account', 's.laurent', '--name', 'Sophie Laurent'], `${PASSWORD}\n`);
    for (const meeting of ['demo', 'rehearsal']) {
        plenary.run([
            'user',
            'place',
            ...['--account', 's.laurent', '--meeting', meeting, '--participant', 'interpreter-fr-1'],
        ]);
    }
}

async function signIn(page: Page): Promise<void> {
    await page.locator('input[name=username]').fill('s.laurent');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
}

test('an account chooses among its meetings and goes from one to the other', async ({ visit, plenary }) => {
    makeAccount(plenary);
    const page = await visit('/');
    let sockets = 0;
    page.on('websocket', () => {
        sockets += 1;
    });
    await signIn(page);
    const own = page.locator('.desk-own-line');
    await expect(own).toHaveCount(2);
    await own.first().click();
    const keys = page.locator('.meetings-line');
    await expect(page).toHaveURL(`${plenary.url}/m/demo`);
    const title = page.locator('.top-bar-title');
    const first = await title.textContent();
    // With the keyboard alone: the switcher, the other meeting, and back by the browser's own key.
    await page.locator('.meetings-key').focus();
    await page.keyboard.press('Enter');
    await expect(keys.first()).toHaveAttribute('aria-current', 'true');
    // The list is asked for anew when it opens, and may be drawn again under the key.
    await expect(async () => {
        await keys.nth(1).press('Enter', { timeout: 2000 });
        await expect(page).toHaveURL(`${plenary.url}/m/rehearsal`, { timeout: 2000 });
    }).toPass();
    await expect(title).not.toHaveText(first ?? '');
    await page.goBack();
    await expect(title).toHaveText(first ?? '');
    expect(sockets).toBe(1);
    // A page that is loaded anew is where it was.
    await page.goForward();
    await expect(title).not.toHaveText(first ?? '');
    await page.reload();
    await expect(page).toHaveURL(`${plenary.url}/m/rehearsal`);
    await expect(page.locator('.meetings-key')).toBeVisible();
    await expect(title).not.toHaveText(first ?? '');
});

test('a list of meetings that does not come is said, and comes by itself or by a key', async ({
    visit,
    plenary,
}, info) => {
    makeAccount(plenary);
    const page = await visit('/');
    let lets = false;
    await page.route('**/api/v1/seats', (route) =>
        lets
            ? route.continue()
            : route.fulfill({ status: 503, headers: { 'Retry-After': '600' }, json: FULL }),
    );
    await signIn(page);
    const own = page.getByTestId('own-meetings');
    await expect(own.getByRole('alert')).toHaveText('The list of your meetings could not be loaded.');
    await page.setViewportSize({ width: 360, height: 640 });
    await page.screenshot({ path: info.outputPath('missing.png') });
    await showLanguage(page, 'ar');
    await expect(own.getByRole('alert')).toHaveText('تعذّر تحميل قائمة اجتماعاتك.');
    await page.screenshot({ path: info.outputPath('missing-ar.png') });
    lets = true;
    await own.locator('.button-filled').click();
    await expect(own.locator('.desk-own-line')).toHaveCount(2);
    // And by itself, after one that was lost.
    await page.unroute('**/api/v1/seats');
    await page.route('**/api/v1/seats', (route) => route.abort(), { times: 1 });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator('.house-sign-out').click();
    await signIn(page);
    await expect(own.locator('.desk-own-line')).toHaveCount(2);
});

test('another link in the same tab is another seat, and the floor in one calls from the other', async ({
    person,
    plenary,
}) => {
    const chair = await person({ role: 'chair' });
    const speaker = await person({ role: 'delegate', delegation: 'FRA', stay: true });
    const link = plenary.token({
        role: 'interpreter',
        language: 'fr',
        meeting: 'rehearsal',
        participant: 'interpreter-fr-2',
    });
    await speaker.page.goto(`${plenary.url}/m/rehearsal#${link}`);
    await expect(speaker.page.locator('.meetings-key')).toBeVisible();
    // Both are followed once both were shown.
    for (const meeting of ['demo', 'rehearsal']) {
        await speaker.page.locator('.meetings-key').click();
        await speaker.page.locator('.meetings-line:not([aria-current])').click();
        await expect(speaker.page).toHaveURL(`${plenary.url}/m/${meeting}`);
        if (meeting === 'demo') {
            await speaker.press('Join the meeting');
            await speaker.press('Ask for the floor');
        }
    }
    await chair.press(/^Give the floor/);
    const call = speaker.page.getByTestId('meeting-call');
    await expect(call).toContainText('You have the floor');
    await call.locator('button').click();
    await expect(speaker.page).toHaveURL(`${plenary.url}/m/demo`);
    await expect(call).toHaveCount(0);
});

test('the list of meetings fits a telephone, in Arabic too', async ({ visit, plenary }) => {
    makeAccount(plenary);
    const page = await visit('/');
    await page.setViewportSize({ width: 360, height: 740 });
    await signIn(page);
    await page.locator('.desk-own-line').first().click();
    await showLanguage(page, 'ar');
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await page.locator('.meetings-key').click();
    await expect(page.locator('.meetings-line')).toHaveCount(2);
    const wide = await page.evaluate(() => {
        const root = document.documentElement;
        return root.scrollWidth - root.clientWidth;
    });
    expect(wide).toBe(0);
});
