// Interruptions: the page comes back with its place kept; an open microphone does not stay open; one person, one page.
import { BROWSERS, expect, test } from './fixtures.ts';
import { CutLine } from './lines.ts';
import { holdsKey } from './press.ts';

for (const browser of BROWSERS) {
    test(`${browser}: a page that was cut off comes back with its place on the list`, async ({
        person,
        plenary,
    }) => {
        const line = new CutLine();
        const pagePort = await line.open(plenary.port);
        const chair = await person({ role: 'chair', tone: 500 });
        const delegate = await person({ role: 'delegate', delegation: 'FRA', browser, pagePort });
        await chair.press('Take the floor');
        await delegate.press('Ask for the floor');
        await delegate.hears('mix', 500);
        const own = String((await delegate.state()).participant);
        const presence = async () =>
            (await chair.meeting())?.participants.find((one) => one.id === own)?.presence;
        expect(await presence()).toBe('present');

        line.cut();
        const mark = delegate.page.locator('.connection');
        await expect(mark).toContainText('your place is kept');
        await expect(delegate.page.locator('[aria-live=assertive][data-live]')).toHaveText(
            /your place is kept/,
        );
        await expect.poll(presence).toBe('lost');
        // Media needs no live connection: the floor is still heard. What happens meanwhile is told afterwards.
        await delegate.hears('mix', 500);
        await holdsKey(chair.page.getByRole('button', { name: 'Close the list' }));
        await expect.poll(async () => (await chair.meeting())?.list).toBe('closed');

        line.mend();
        await expect(mark).toContainText('Connection good');
        await expect.poll(presence).toBe('present');
        await expect.poll(async () => (await delegate.meeting())?.list).toBe('closed');
        await expect(delegate.page.locator('.my-place').first()).toContainText('You are next');
        await expect.poll(async () => (await delegate.state()).sequence).toBe((await chair.state()).sequence);
        expect((await delegate.state()).joins).toBe(1); // the same PeerConnection all the time
        line.close();
    });
}

test('an open microphone closes when its page is lost, and does not open by itself', async ({
    person,
    plenary,
    light,
}) => {
    const line = new CutLine();
    const pagePort = await line.open(plenary.port);
    const chair = await person({ role: 'chair' });
    const delegate = await person({ role: 'delegate', delegation: 'FRA', tone: 500, pagePort });
    const floor = await light.hear('floor');
    await delegate.press('Ask for the floor');
    await chair.press(/^Give the floor/);
    await floor.hears(500);
    line.cut();
    await expect.poll(async () => (await chair.meeting())?.floor.length).toBe(0);
    const silent = await floor.hears(0);
    line.mend();
    await expect(delegate.page.locator('.connection')).toContainText('Connection good');
    await expect(delegate.page.getByTestId('microphone-state')).toContainText('Your microphone is closed');
    expect((await chair.meeting())?.floor).toHaveLength(0);
    expect((await floor.between(silent + 1)).order).toEqual([]);
    line.close();
});

test('without any network the page says so', async ({ person, plenary }) => {
    const line = new CutLine();
    const pagePort = await line.open(plenary.port);
    const listener = await person({ role: 'listener', pagePort });
    line.cut();
    await listener.context.setOffline(true);
    const mark = listener.page.locator('.connection');
    await expect(mark).toContainText('No network on this device, your place is kept');
    line.mend();
    await listener.context.setOffline(false); // comes back at once, without waiting for the next attempt
    await expect(mark).toContainText('Connection good');
    line.close();
});

test('a second page of one person replaces the first, in words; the first can take it back', async ({
    visit,
    person,
    plenary,
}) => {
    const chair = await person({ role: 'chair' });
    const path = `/m/demo#${plenary.token({ role: 'delegate', delegation: 'FRA' })}`;
    const first = await visit(path);
    await first.locator('.entrance-join .button-filled').click();
    await expect(first.locator('.stage')).toBeVisible();
    const second = await visit(path);
    await expect(first.getByRole('heading', { level: 1 })).toHaveText(
        'The meeting was opened in another window',
    );
    await expect(first.locator('main')).toContainText('One person takes part in one window at a time.');
    // The second one is in the room at once: the person was there.
    await expect(second.locator('.stage')).toBeVisible();
    const people = async () =>
        (await chair.meeting())?.participants.filter((one) => one.presence === 'present').length;
    await expect.poll(people).toBe(2);

    await first.getByRole('button', { name: 'Continue here' }).click();
    await expect(first.locator('.stage')).toBeVisible();
    await expect(second.getByRole('heading', { level: 1 })).toHaveText(
        'The meeting was opened in another window',
    );
    await expect.poll(people).toBe(2);
});
