// A network that lets the page through and no UDP, as many offices have it: the page says what it is, the moderator sees it, and it ends by itself.
import { expect, test } from './fixtures.ts';
import { Direction, ShapedLine } from './lines.ts';

test('a network that blocks UDP is called so, to its person and to the moderator, until it does not', async ({
    plenary,
    person,
}) => {
    const nothing = { loss: 1 };
    const up = new Direction(nothing);
    const down = new Direction(nothing);
    const line = new ShapedLine(up, down);
    const mediaPort = await line.open(plenary.port);
    const moderator = await person({ role: 'moderator' });
    const delegate = await person({ role: 'delegate', delegation: 'FRA', mediaPort, stay: true });
    const { page } = delegate;
    const mark = page.locator('.connection');
    await expect(mark).toHaveText(`Your network blocks sound (UDP port ${plenary.port})`);
    await expect(page.getByTestId('sound-blocked')).toContainText(`UDP to 127.0.0.1, port ${plenary.port}`);
    await expect(page.locator('[aria-live=assertive][data-live]')).toHaveText('Your network blocks sound');

    await delegate.press(/^Check$/);
    await expect(page.locator('.verdict-none')).toHaveCount(0, { timeout: 30_000 });
    const verdicts = page.locator('.verdict');
    await expect(verdicts.nth(1)).toContainText(`permit UDP to port ${plenary.port}`);
    await expect(verdicts.nth(0)).not.toContainText('Your voice arrives');

    const { participant } = await delegate.state();
    const own = () =>
        moderator.diagnose(
            (diagnostics, id) => diagnostics.health().find((one) => one.participant === id)?.blocked,
            String(participant),
        );
    await expect.poll(own).toBe(true);
    await expect(moderator.page.getByText('Network blocks sound')).toBeVisible();

    up.reshape({});
    down.reshape({});
    await expect(mark).toContainText('Connection good', { timeout: 60_000 });
    await expect(page.getByTestId('sound-blocked')).toHaveCount(0);
    await expect.poll(own).toBe(false);
    line.close();
});
