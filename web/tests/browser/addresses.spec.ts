// Under other addresses than the usual one: a path of its host, as behind a reverse proxy, and IPv6.
import { BROWSERS, expect, test } from './fixtures.ts';

const SPEAKER = 500;

test.describe('under a path', () => {
    // Whether a proxy in front cuts the path off or not is the same to the page: the server itself stands under it.
    test.use({ serverOptions: '--set http.url=http://127.0.0.1:{port}/a/plenary' });

    test('the page loads, signs in, speaks and hears, and its addresses stay there', async ({
        person,
        plenary,
    }) => {
        expect(plenary.url).toBe(`http://127.0.0.1:${plenary.port}/a/plenary`);
        const strange: string[] = [];
        const chair = await person({ role: 'chair' });
        chair.page.on('request', (request) => {
            const { pathname, protocol } = new URL(request.url());
            if (protocol.startsWith('http') && !pathname.startsWith('/a/plenary/')) {
                strange.push(pathname);
            }
        });
        const speaker = await person({ role: 'delegate', delegation: 'FRA', tone: SPEAKER });
        await speaker.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await chair.hears('mix', SPEAKER);
        await expect(chair.page).toHaveURL(`${plenary.url}/m/demo`);

        // The same page again: its files, its session and its live connection.
        await chair.page.reload();
        await expect.poll(async () => (await chair.state()).media).toBe('connected');
        await chair.hears('mix', SPEAKER);

        // Another language's catalogue and the help are fetched when wanted.
        await chair.page.goto(`${plenary.url}/help/chair`);
        const links = chair.page.locator('a[href*="/help/"]');
        await expect(links.first()).toHaveAttribute('href', /^\/a\/plenary\/help\//);
        await links.first().click();
        await expect(chair.page).toHaveURL(/\/a\/plenary\/help\/./);
        await chair.page.goto(`${plenary.url}/`);
        await expect(chair.page.locator('input').first()).toBeVisible();
        expect(strange).toEqual([]);
    });
});

test.describe('over IPv6', () => {
    test.use({ serverOptions: '--host ::1' });

    for (const browser of BROWSERS) {
        test(`${browser}: the page comes from ::1, speaks and hears`, async ({ person, plenary }) => {
            expect(plenary.url).toBe(`http://[::1]:${plenary.port}`);
            const chair = await person({ role: 'chair', browser });
            const speaker = await person({ role: 'delegate', delegation: 'FRA', tone: SPEAKER, browser });
            await speaker.press('Ask for the floor');
            await chair.press(/^Give the floor/);
            await chair.hears('mix', SPEAKER);
        });
    }
});
