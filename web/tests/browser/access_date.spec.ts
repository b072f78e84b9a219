// The date of an access is near: the page says so, and one press renews it. The notice is put into the page's own connection, because no
// test waits an hour; when the server sends it is in tests/unit/app/test_stays.c and tests/integration/test_clock.py.
import { expect, test } from './fixtures.ts';

for (const [stays, words] of [
    [true, /^Your access ends at \d\d:\d\d\. You stay in until an hour after the sitting closes/],
    [false, /^Your access ends at \d\d:\d\d, and you will be signed out then\./],
] as const) {
    test(`whose access ends soon is told and renews it by one press: ${stays ? 'in a sitting' : 'without one'}`, async ({
        person,
    }) => {
        const { page } = await person({ role: 'listener' });
        const renewed: string[] = [];
        await page.routeWebSocket(/\/api\/v1\/live/, (socket) => {
            const server = socket.connectToServer();
            server.onMessage((message) => {
                socket.send(message);
                if (String(message).includes('"snapshot":')) {
                    const at = Date.now() + 15 * 60_000;
                    socket.send(JSON.stringify({ notice: 'session.expiring', data: { at, stays } }));
                }
            });
            socket.onMessage((message) => {
                if (String(message).includes('"session.renew"')) {
                    renewed.push(String(message));
                }
                server.send(message);
            });
        });
        const until = () =>
            page.evaluate(async () => {
                const { token } = JSON.parse(sessionStorage.getItem('plenary.session') ?? '{}');
                const headers = { Authorization: `Bearer ${token}` };
                return (await (await fetch('/api/v1/session', { headers })).json()).expires_at as number;
            });
        const before = await until();
        await page.reload();
        const notice = page.locator('.notice-expiring');
        await expect(notice.locator('p')).toHaveText(words);
        await notice.getByRole('button', { name: 'Renew' }).focus();
        await page.keyboard.press('Enter');
        await expect(notice).toHaveCount(0);
        expect(renewed).toHaveLength(1);
        expect(await until()).toBeGreaterThan(before);
        // What is renewed stays so: nothing is said again.
        await expect(page.locator('.notice')).toHaveCount(0);
    });
}
