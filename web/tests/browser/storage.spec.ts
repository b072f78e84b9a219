// What the server cannot write is one sentence on the screens of those who run the meeting, and goes when all is well. The server's own words
// are in tests/integration/test_full_disk.py; here they are put into the live connection.
import type { WebSocketRoute } from '@playwright/test';
import { expect, type Person, test } from './fixtures.ts';

/** Reloads the page with a hand on its live connection. */
async function hold(person: Person): Promise<(state: string, free: number) => void> {
    let live: WebSocketRoute | undefined;
    await person.page.routeWebSocket(/\/api\/v1\/live/, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => {
            socket.send(message);
            if (String(message).includes('"snapshot":')) {
                live = socket;
            }
        });
    });
    await person.page.reload();
    await expect(person.page.locator('main#main')).toBeVisible();
    await expect.poll(() => live !== undefined).toBe(true);
    return (state, free) =>
        live?.send(JSON.stringify({ notice: 'store.changed', data: { state, free_mib: free } }));
}

test('a disk that fills is told to who runs the meeting, until it is well', async ({ person }) => {
    const chair = await person({ role: 'chair' });
    const technician = await person({ role: 'technician' });
    for (const one of [chair, technician]) {
        const tell = await hold(one);
        const notice = one.page.locator('.notice-place');
        tell('low', 812);
        await expect(notice).toContainText('The server’s disk will be full soon: 812 MiB are left.');
        await notice.getByRole('button', { name: 'Close' }).click();
        await expect(notice.locator('.notice')).toHaveCount(0);
        tell('reserve', 60);
        await expect(notice).toContainText('This sitting can still be brought to its end');
        tell('closed', 0);
        await expect(notice).toContainText('what you press is refused');
        await expect(notice.locator('.notice')).toHaveCount(1);
        tell('well', 4000);
        await expect(notice.locator('.notice')).toHaveCount(0);
        // A new connection knows nothing of the old one's disk: the server says it again if it is so.
        tell('closed', 0);
        await expect(notice).toContainText('what you press is refused');
        await one.page.reload();
        await expect(one.page.locator('main#main')).toBeVisible();
        await expect(notice.locator('.notice')).toHaveCount(0);
    }
});
