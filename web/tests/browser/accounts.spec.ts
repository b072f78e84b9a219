// An empty server: from the link that it prints to a second account whose holder signs in; by keyboard, in English and Arabic.
import type { Page } from '@playwright/test';
import { findings, sideways } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';

test.use({ demo: false });

const PASSWORD = 'a quiet chamber 7';

// By keyboard alone, from one field to the next.
async function write(page: Page, label: string, words: string): Promise<void> {
    await expect(page.getByLabel(label, { exact: true })).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press('Tab');
}

async function begin(page: Page, account: string, name: string): Promise<void> {
    const first = account !== '';
    await page.getByLabel('Account', { exact: true }).focus();
    if (first) {
        await write(page, 'Account', account);
    } else {
        await page.keyboard.press('Tab');
    }
    await expect(page.getByLabel('Your name')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+A');
    await write(page, 'Your name', name);
    await expect(page.getByLabel('New password')).toBeFocused();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
}

/** Both ways round, on a wide and on a narrow window. */
async function isWell(page: Page): Promise<void> {
    for (const language of ['ar', 'en'] as const) {
        await showLanguage(page, language);
        for (const width of [360, 1440]) {
            await page.setViewportSize({ width, height: 900 });
            expect(await findings(page), `${page.url()} ${language} ${width}`).toEqual([]);
            expect(await sideways(page), `${page.url()} ${language} ${width}`).toEqual([]);
        }
    }
}

test('from the printed link to a second account that signs in', async ({ plenary, visit }) => {
    const link = plenary.firstLink.slice(plenary.url.length);
    const page = await visit(link);
    await expect(page).toHaveURL(`${plenary.url}/begin`); // the secret is out of the address
    await expect(page.getByRole('heading', { name: 'The first account' })).toBeVisible();
    await isWell(page);
    await begin(page, 'root', 'Ruth Root');
    await expect(page).toHaveURL(`${plenary.url}/house`);

    await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).press('Enter');
    await expect(page.getByRole('listitem').filter({ hasText: 'Ruth Root' })).toContainText('Administrator');
    await isWell(page);
    await page.getByRole('button', { name: 'New account' }).press('Enter');
    const form = page.getByRole('dialog');
    await form.getByLabel('Name', { exact: true }).fill('Awa Keïta');
    await expect(form.getByLabel('Account', { exact: true })).toHaveValue('awa.keita');
    await form.getByLabel('Secretariat').press('Space');
    await form.getByRole('button', { name: 'Make the account' }).press('Enter');
    const given = await page.getByLabel('The link').inputValue();
    expect(given).toContain(`${plenary.url}/begin#`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const line = page.getByRole('listitem').filter({ hasText: 'Awa Keïta' });
    await expect(line).toContainText('Link not used yet');

    const hers = await visit(given.slice(plenary.url.length));
    await expect(hers.getByText('awa.keita')).toBeVisible();
    await begin(hers, '', 'Awa Keïta');
    await expect(hers).toHaveURL(`${plenary.url}/house`);
    await expect(hers.getByRole('link', { name: 'Accounts' })).toHaveCount(0);
    const late = await visit(given.slice(plenary.url.length));
    await expect(late.getByRole('alert')).toContainText('This link has been used');

    // Signed out, and in again with the password that she has chosen.
    await hers.getByRole('button', { name: 'Sign out' }).click();
    await hers.locator('input[name=username]').fill('awa.keita');
    await hers.locator('input[name=password]').fill(PASSWORD);
    await hers.locator('button[type=submit]').click();
    await expect(hers.locator('.house-bar')).toBeVisible();
    await hers.goto(`${plenary.url}/house/account`);
    await expect(hers.getByText('This page')).toBeVisible();
    await isWell(hers);
    await hers.getByLabel('Password so far').fill('not this one');
    await hers.getByLabel('New password').fill('another chamber');
    await hers.keyboard.press('Enter');
    await expect(hers.getByText('The password of before is not right')).toBeVisible();
    await hers.getByLabel('Password so far').fill(PASSWORD);
    await hers.getByLabel('Password so far').press('Enter');
    await expect(hers.getByText('The password is changed')).toBeVisible();

    // The administrator cannot lock the house, and can end an account.
    await page.getByRole('button', { name: 'Change Ruth Root' }).click();
    await form.getByLabel('Administrator').uncheck();
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form.getByRole('alert').first()).toContainText('only administrator');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').last().locator('.button-grave').click();
    await page.getByRole('button', { name: 'Remove Awa Keïta' }).click();
    await page.getByRole('button', { name: 'Remove for good' }).click();
    await expect(line).toHaveCount(0);
    await hers.reload();
    await expect(hers.getByRole('heading', { name: 'Your session is not accepted' })).toBeVisible();

    await page.goto(`${plenary.url}/house/server`);
    await expect(page.getByRole('heading', { name: 'Backup' })).toBeVisible();
    await expect(page.getByText('None was ever made.')).toBeVisible();
    await isWell(page);
});
