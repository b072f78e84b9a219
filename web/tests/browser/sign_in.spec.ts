// Signing in with an account that has a second factor, and at the organisation's provider.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const PASSWORD = 'a long passphrase';
const PROVIDER_PORT = 11_000 + (process.pid % 900);
const ISSUER = `http://127.0.0.1:${PROVIDER_PORT}`;

// As an authenticator does (RFC 6238).
function codeAt(secret: string, step: number): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...secret].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac('sha1', key).update(counter).digest();
    const number = digest.readUInt32BE(digest.at(-1)! & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
}

async function fillIn(page: Page): Promise<void> {
    await page.locator('input[name=username]').fill('s.laurent');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
}

test('a second factor is put on, asked for in place, and taken away', async ({ visit, plenary }) => {
    plenary.run(['user', 'add', '--account', 's.laurent', '--name', 'Sophie Laurent'], `${PASSWORD}\n`);
    for (const meeting of ['demo', 'rehearsal']) {
        const place = ['--account', 's.laurent', '--meeting', meeting, '--participant', 'interpreter-fr-1'];
        plenary.run(['user', 'place', ...place]);
    }
    const page = await visit('/');
    await fillIn(page);
    await expect(page).toHaveURL(`${plenary.url}/house`);
    await page.locator('a[href$="/house/account"]').first().click();
    const card = page.locator('section.second-factor');
    await card.getByRole('button').click();
    await expect(card.locator('img')).toHaveAttribute('src', /^data:image\/svg\+xml,/);
    const secret = (await card.locator('bdi').textContent())!.replaceAll(' ', '');
    const step = Math.floor(Date.now() / 30_000);
    const field = card.locator('input[autocomplete=one-time-code]');
    await field.fill('000000');
    await page.keyboard.press('Enter');
    await expect(card.getByRole('alert')).not.toBeEmpty();
    await field.fill(codeAt(secret, step));
    await page.keyboard.press('Enter');
    await expect(card.locator('li')).toHaveCount(10);
    const recovery = (await card.locator('li').first().textContent())!;
    await card.locator('.button-filled').click();
    await expect(card.locator('li')).toHaveCount(0);

    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${plenary.url}/`);
    await fillIn(page);
    const code = page.locator('input[name=code]');
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute('inputmode', 'numeric');
    await expect(page.locator('form').getByRole('alert')).toBeEmpty();
    await code.fill(codeAt(secret, step)); // used already
    await page.keyboard.press('Enter');
    await expect(page.locator('form').getByRole('alert')).not.toBeEmpty();
    await code.fill(codeAt(secret, step + 1));
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${plenary.url}/house`);
    await page.locator('a[href$="/house/account"]').first().click();

    await field.fill(recovery);
    await page.keyboard.press('Enter');
    await expect(field).toHaveCount(0);
    await expect(card.getByRole('button')).toHaveCount(1);
});

test.describe('at a provider', () => {
    let provider: ChildProcess | undefined;
    test.use({
        serverOptions:
            `--set oidc.issuer=${ISSUER} --set oidc.client_id=plenary --set oidc.name=Example ` +
            '--set oidc.create_accounts=on',
    });
    test.beforeAll(() => {
        process.env.PLENARY_OIDC_CLIENT_SECRET = 'a secret: of + the/test';
    });
    test.afterAll(() => {
        delete process.env.PLENARY_OIDC_CLIENT_SECRET;
        provider?.kill();
    });

    test('one is sent there and back, or hears that it does not answer', async ({ visit, plenary }) => {
        const page = await visit('/');
        const key = page.locator('a[href$="/api/v1/sign-in/oidc"]');
        await expect(key).toContainText('Example');
        await key.click();
        await expect(page).toHaveURL(`${plenary.url}/sign-in`);
        await expect(page.locator('form').getByRole('alert')).not.toBeEmpty();
    });

    test('who comes from there is in', async ({ visit, plenary }) => {
        const script = join(import.meta.dirname, '../provider/provider.mjs');
        const back = `${plenary.url}/api/v1/sign-in/oidc/return`;
        provider = spawn(process.execPath, [script, String(PROVIDER_PORT), back], {
            stdio: ['ignore', 'pipe', 'ignore'],
        });
        await new Promise((ready) => provider?.stdout?.once('data', ready));
        const page = await visit('/');
        await page.locator('a[href$="/api/v1/sign-in/oidc"]').click();
        await page.locator('input[name=login]').fill('ada');
        await page.locator('input[name=password]').fill('anything');
        await page.locator('button[type=submit]').click();
        await page.locator('button[type=submit]').click(); // consents
        await expect(page).toHaveURL(`${plenary.url}/house`); // no meeting of hers yet; she can sign out
        await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        await expect(page.locator('input[name=password]')).toHaveCount(0);
    });
});
