// The secretariat's pages on a real server: from signing in to a meeting of twelve people, whose links open its room.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { PlenaryServer } from './server.ts';

const PASSWORD = 'a long passphrase';

const PEOPLE = `Leila Haddad; chair
Grace Nakato; moderator
Jonas Weber; technician
Claire Dubois; delegate; FRA; claire@example.org
Wanjiku Kamau; delegate; KEN
Rafael Oliveira; delegate; Brazil
Samir Khoury; interpreter; ar
Rania Fawzi; interpreter; ar
Sophie Laurent; interpreter; French
Ingrid Solberg; observer
Maya Thompson; listener`;

async function signIn(page: Page, plenary: PlenaryServer): Promise<void> {
    plenary.run(
        ['user', 'add', '--account', 't.brunner', '--name', 'Thomas Brunner', '--secretariat'],
        `${PASSWORD}\n`,
    );
    await page.locator('input[name=username]').fill('t.brunner');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await expect(page).toHaveURL(`${plenary.url}/house`);
}

const key = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();

async function makeMeeting(page: Page): Promise<string> {
    await page.getByRole('link', { name: 'New meeting' }).click();
    await page.getByLabel('Title · English').fill('Budget drafting group');
    await key(page, 'Make the meeting').click();
    await expect(page).toHaveURL(/\/house\/m\/[^/]+\/people$/);
    return page.url().split('/').at(-2) ?? '';
}

async function addDelegations(page: Page): Promise<void> {
    await page.getByRole('link', { name: /^Delegations/ }).click();
    await key(page, 'Add delegations').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('fra, KE\nBRA');
    await dialog.getByRole('button', { name: 'Show the names' }).click();
    await expect(dialog.locator('summary')).toHaveCount(3);
    await dialog.getByRole('button', { name: 'Add delegations (3)' }).click();
    await expect(dialog).toHaveCount(0);
    // By their French names.
    await expect(page.locator('.delegations-line .item-number')).toHaveText(['BRA', 'FRA', 'KEN']);
}

async function addPeople(page: Page): Promise<void> {
    await page.getByRole('link', { name: /^People/ }).click();
    await key(page, 'Many people at once').click();
    const dialog = page.getByRole('dialog');
    const lines = dialog.getByRole('textbox');
    await lines.fill(`${PEOPLE}\nNobody; king`);
    await dialog.getByRole('button', { name: 'Check the lines' }).click();
    await expect(dialog.locator('.paste-faults li')).toHaveText([/Line 12:.*capacity is not known/s]);
    await lines.fill(PEOPLE);
    await dialog.getByRole('button', { name: 'Check the lines' }).click();
    await dialog.getByRole('button', { name: 'Add people (11)' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.locator('.people-line')).toHaveCount(11);
}

async function importPeople(page: Page): Promise<void> {
    await key(page, 'Spreadsheet').click();
    const dialog = page.getByRole('dialog');
    const choose = (rows: string) =>
        dialog
            .locator('input[type=file]')
            .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
    await choose('Name,Capacity\nOmar Haddad,king\n');
    await dialog.getByRole('button', { name: 'Check the file' }).click();
    await expect(dialog.locator('.table-faults li')).toHaveText([/Row 2, column B:.*capacity is not known/]);
    await choose('Name,Capacity\nOmar Haddad,listener\n');
    await dialog.getByRole('button', { name: 'Check the file' }).click();
    await dialog.getByRole('button', { name: 'Add the rows (1)' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.locator('.people-line')).toHaveCount(12);
    // He has no link yet.
    await key(page, 'Make a link for each (1)').click();
    await expect(page.getByText('People without a link')).toHaveCount(0);
}

async function addItems(page: Page): Promise<void> {
    await page.getByRole('link', { name: /^Agenda/ }).click();
    const dialog = page.getByRole('dialog');
    for (const title of ['Opening', 'Draft budget']) {
        await key(page, 'Add an item').click();
        await dialog.getByLabel('Title · English').fill(title);
        await dialog.getByRole('button', { name: 'Add', exact: true }).click();
        await expect(dialog).toHaveCount(0);
    }
    await page.getByRole('button', { name: 'Move Draft budget up' }).press('Enter');
    await expect(page.locator('.agenda-plan-what')).toHaveText([/Draft budget/, /Opening/]);
    await page.reload();
    await expect(page.locator('.agenda-plan-what')).toHaveText([/Draft budget/, /Opening/]);
}

test('from signing in to a meeting of twelve whose links open the room', async ({ visit, plenary }) => {
    const page = await visit('/');
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await signIn(page, plenary);
    const meeting = await makeMeeting(page);
    await addDelegations(page);
    await addPeople(page);
    // Twelve, with oneself; the links of the others are here, and on badges.
    await page.getByRole('link', { name: 'Overview' }).click();
    await key(page, 'Take part as secretary').click();
    await expect(key(page, 'Open the room')).toBeVisible();
    await page.getByRole('link', { name: /^People/ }).click();
    await expect(page.locator('.people-line')).toHaveCount(12);
    await key(page, 'List of the links').click();
    const list = await page.getByRole('dialog').getByRole('textbox').inputValue();
    const links = list.split('\n').map((line) => line.split('\t').at(-1) ?? '');
    expect(links).toHaveLength(11);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Badges' }).last().click();
    await expect(page.locator('.badge-code')).toHaveCount(11);
    // The chair, a delegate and an interpreter come in; a person who is removed does not.
    for (const name of ['Leila Haddad', 'Claire Dubois', 'Samir Khoury']) {
        const line = list.split('\n').find((one) => one.startsWith(name)) ?? '';
        const { pathname, hash } = new URL(line.split('\t').at(-1) ?? '');
        const guest = await visit(pathname + hash);
        await expect(guest.locator('.entrance-join .button-filled')).toBeVisible();
        await expect(guest.locator('.entrance-plate')).toContainText(name);
        await guest.context().close();
    }
    await page.getByRole('link', { name: /^People/ }).click();
    await page.getByRole('button', { name: 'Remove Maya Thompson' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the person' }).click();
    await expect(page.locator('.people-line')).toHaveCount(11);
    await importPeople(page);
    await addItems(page);
    await page.goto(`${plenary.url}/house/m/${meeting}`);
    await key(page, 'Open the room').click();
    await expect(page).toHaveURL(`${plenary.url}/m/${meeting}`);
    await expect(page.locator('.entrance-title')).toHaveText('Budget drafting group');
    // And back: in the house one is in no meeting.
    await page.goBack();
    await expect(key(page, 'Open the room')).toBeVisible();
    expect(errors).toEqual([]);
});

test('what was written stays when saving fails, is asked about, and is not lost to a second secretary', async ({
    visit,
    plenary,
}) => {
    const page = await visit('/');
    await signIn(page, plenary);
    const meeting = await makeMeeting(page);
    await page.getByRole('link', { name: 'Overview' }).click();
    const title = page.getByLabel('Title · English');
    await title.fill('Budget committee');
    // The line is away.
    await page.route(`**/api/v1/meetings/${meeting}/plan`, (route) => route.abort());
    await key(page, 'Save').click();
    await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
    await expect(title).toHaveValue('Budget committee');
    await page.unroute(`**/api/v1/meetings/${meeting}/plan`);
    // A key of the house, and the browser's own way back.
    await page.getByRole('link', { name: 'Bodies' }).click();
    const question = page.getByRole('dialog', { name: 'Unsaved changes' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(title).toHaveValue('Budget committee');
    await page.goBack();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(title).toHaveValue('Budget committee');
    // Meanwhile somebody else has another title for it.
    await page.evaluate(async (id) => {
        const { token } = JSON.parse(sessionStorage.getItem('plenary.session') ?? '{}') as { token: string };
        const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
        const plan = await (await fetch(`/api/v1/meetings/${id}/plan`, { headers })).json();
        const { zone, form, first_day, last_day, life } = plan;
        const wish = { title: { en: 'Finance committee' }, zone, form, first_day, last_day, life };
        await fetch(`/api/v1/meetings/${id}/plan`, { method: 'PUT', headers, body: JSON.stringify(wish) });
    }, meeting);
    await key(page, 'Save').click();
    await expect(page.getByText('Somebody else has changed this meanwhile.')).toBeVisible();
    await key(page, 'Save mine all the same').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Budget committee');
    await expect(page.getByText('All is saved')).toBeVisible();
    await page.getByRole('link', { name: 'Bodies' }).click();
    await expect(page).toHaveURL(`${plenary.url}/house/bodies`);
});
