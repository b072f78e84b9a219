// The entrance: devices, one's own level, oneself through the server, the check; and every way in and out: links good and bad, accounts.
import { BROWSERS, expect, test } from './fixtures.ts';

const TONE = 600;

for (const browser of BROWSERS) {
    test(`${browser}: one sees and hears oneself over the real path before joining`, async ({ person }) => {
        const delegate = await person({
            role: 'delegate',
            delegation: 'FRA',
            tone: TONE,
            stay: true,
            browser,
        });
        const { page } = delegate;
        const meter = page.locator('.entrance-level [role=meter]');
        await expect
            .poll(async () => Number(await meter.getAttribute('aria-valuenow')), {
                message: 'the meter should move',
            })
            .toBeGreaterThan(50);
        await expect.poll(async () => (await delegate.state()).media).toBe('connected');

        // What comes back is what went through the server.
        await delegate.press('Record');
        await delegate.hears('language', TONE);
        const reading = await delegate.diagnose((diagnostics) => diagnostics.counters(), null);
        expect(reading?.slots.language?.packets).toBeGreaterThan(0);
        expect((await delegate.tones('mix', [TONE]))[0]).toBeLessThan(-60); // recorded, not yet played
        await delegate.press('Stop');
        const listen = page.getByRole('button', { name: 'Listen' });
        await expect(listen).toBeEnabled();
        await listen.click();
        await delegate.hears('mix', TONE);

        await delegate.press(/^Check$/);
        const lines = page.locator('.verdict');
        await expect(page.locator('.verdict-none')).toHaveCount(0, { timeout: 20_000 });
        await expect(lines).toHaveCount(3);
        await expect(lines.nth(0)).toContainText('Your voice arrives well.');
        await expect(lines.nth(1)).toContainText(/Round trip \d+ ms/);
        await expect(lines.nth(2)).toContainText(/[kM]bit\/s/);

        await delegate.enter();
        await expect.poll(async () => (await delegate.tones('mix', [TONE]))[0]).toBeLessThan(-60);
    });
}

test('microphone, camera and earphones can be chosen', async ({ person }) => {
    const { page } = await person({ role: 'delegate', delegation: 'FRA', stay: true });
    for (const label of ['Microphone', 'Camera', 'Earphones']) {
        const choice = page.getByLabel(label, { exact: true });
        await expect.poll(async () => choice.locator('option').count(), label).toBeGreaterThan(1);
        const value = (await choice.locator('option').last().getAttribute('value')) ?? '';
        await choice.selectOption(value);
        await expect(choice).toHaveValue(value);
    }
    await expect(page.locator('.field-problem')).toHaveCount(0);
    await expect(page.locator('.preview video')).toBeVisible(); // choosing a camera opens it
    // The choice is kept for the next time.
    await page.reload();
    await expect(page.getByLabel('Microphone', { exact: true })).not.toHaveValue('');
});

test('one joins and listens although the microphone is refused', async ({ person, light }) => {
    const chair = await light.join({ role: 'chair', tone: TONE });
    const delegate = await person({ role: 'delegate', delegation: 'FRA', denied: true, stay: true });
    await expect(delegate.page.locator('.field-problem')).toContainText('The browser does not permit it');
    await delegate.enter();
    await expect(delegate.page.getByTestId('microphone-state')).toContainText('No microphone');
    await chair.command('floor.take');
    await delegate.hears('mix', TONE);
});

test('a link may be used again: the newest page is the person', async ({ visit, plenary }) => {
    const path = `/m/demo#${plenary.token({ role: 'listener' })}`;
    const first = await visit(path);
    await expect(first.locator('.entrance-join .button-filled')).toBeVisible();
    expect(new URL(first.url()).hash).toBe(''); // the token does not stay in the address bar
    const second = await visit(path);
    await expect(second.locator('.entrance-join .button-filled')).toBeVisible();
    await expect(first.getByRole('heading', { level: 1 })).toHaveText(
        'The meeting was opened in another window',
    );
});

test('a bad link says what happened and what to do', async ({ visit, plenary }) => {
    const expired = await visit(`/m/demo#${plenary.expiredToken({ role: 'listener' })}`);
    await expect(expired.getByRole('heading', { level: 1 })).toHaveText('This link has expired');
    await expect(expired.locator('main')).toContainText('Ask the secretariat for a new link');
    expect(new URL(expired.url()).hash).toBe('');
    const strange = await visit(`/m/demo#${'A'.repeat(43)}`);
    await expect(strange.getByRole('heading', { level: 1 })).toHaveText('This link does not work');
    await strange.getByRole('link', { name: 'Sign in with an account' }).click();
    await expect(strange.getByLabel('Password', { exact: true })).toBeVisible();
});

test('a good link into a full booth says that, and not that the network is to blame', async ({
    visit,
    plenary,
}) => {
    const fresh = () => plenary.token({ role: 'interpreter', language: 'ar' });
    const page = await visit('/');
    const refused = async () => {
        const response = await page.request.post(`${plenary.url}/api/v1/session`, {
            data: { token: fresh() },
        });
        return response.status() === 503 ? (await response.json()).refusal.reason : response.status();
    };
    await expect.poll(refused).toBe('booth_full'); // two of the demonstration, and four more
    await page.goto(`${plenary.url}/m/demo#${fresh()}`);
    await expect(page.locator('main')).toContainText('You cannot be let in now');
    await expect(page.locator('main')).toContainText('The booth is full: it has 6 desks at most.');
    await expect(page.locator('main')).toContainText('Your link is good.');
});

test('an account signs in, keeps its place over a reload and signs out', async ({ visit, plenary }) => {
    const password = 'correct horse battery';
    plenary.run(['user', 'add', '--account', 'claire'], `${password}\n`);
    plenary.run([
        'user',
        'place',
        ...['--account', 'claire', '--meeting', 'demo', '--participant', 'delegate-fra'],
    ]);
    const page = await visit('/');
    const fill = async (secret: string): Promise<void> => {
        await page.getByLabel('Account', { exact: true }).fill('claire');
        await page.getByLabel('Password', { exact: true }).fill(secret);
        await page.getByLabel('Meeting', { exact: true }).fill('demo');
        await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await fill('something else');
    await expect(page.getByRole('alert')).toContainText('The account or the password is not right');
    await fill(password);
    await expect(page.locator('.entrance')).toContainText('Claire Dubois');
    expect(new URL(page.url()).pathname).toBe('/m/demo');
    await page.locator('.entrance-join .button-filled').click();
    await expect(page.locator('.stage')).toBeVisible();
    await page.reload();
    await expect(page.locator('.stage')).toBeVisible(); // in the room, not at the entrance

    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have signed out');
    await page.reload();
    await expect(page.getByLabel('Password', { exact: true })).toBeVisible(); // nothing is left in this tab
});
