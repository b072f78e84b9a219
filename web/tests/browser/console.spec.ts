// A console that does not move: through twenty changes of a sitting every key of the floor, of the languages and of the dock is where it was,
// and the strip at the top is never out of sight. By rectangles, to a pixel, at the two usual sizes of a podium's screen.
import { expect, type Person, type PersonOptions, type PlenaryServer, test } from './fixtures.ts';
import { LightPeople, type LightPerson } from './light_people.ts';
import { allRectangles, moved, WAYS, waysOf } from './still.ts';

const KEYS = '.floor-panel button, .dock button, .glance > p';

interface Cast {
    chair: LightPerson;
    france: LightPerson;
    brazil: LightPerson;
    kenya: LightPerson;
    booth: LightPerson;
}

async function gather(light: LightPeople): Promise<Cast> {
    const delegate = (id: string) => light.join({ role: 'delegate', participant: `delegate-${id}` });
    return {
        chair: await light.join({ role: 'moderator' }),
        france: await delegate('fra'),
        brazil: await delegate('bra'),
        kenya: await delegate('ken'),
        booth: await light.join({ role: 'interpreter', participant: 'interpreter-fr-1', language: 'fr' }),
    };
}

/** What happens, one after the other, and what is then seen of it. */
function changes({ chair, france, brazil, kenya, booth }: Cast): [string, () => Promise<void>][] {
    const give = (who: LightPerson) => async () => {
        await new Promise((later) => setTimeout(later, 700)); // two grants within 0.6 s are one intent
        await chair.command('floor.give', { participant: who.participant });
    };
    return [
        ['the first asks', () => france.command('floor.request')],
        ['the second asks', () => brazil.command('floor.request')],
        ['the third asks', () => kenya.command('floor.request')],
        ['the first is given the floor', give(france)],
        ['the second beside the first', give(brazil)],
        ['a booth goes on the air', () => booth.microphone('on')],
        ['a booth asks for slower', () => booth.command('signal.send', { kind: 'slow_down' })],
        ['the first ends', () => france.command('floor.yield')],
        ['the third beside the second', give(kenya)],
        ['a delegate asks for help', () => france.command('help.ask')],
        ['all are ended', () => chair.command('floor.end_all')],
        ['the list is closed', () => chair.command('list.close')],
        ['the list is opened', () => chair.command('list.open')],
        ['four ask', () => france.command('floor.request')],
        ['and one more', () => brazil.command('floor.request')],
        ['the floor is given again', give(brazil)],
        ['a booth goes off the air', () => booth.microphone('off')],
        ['a delegate leaves', () => kenya.leave()],
        ['the sitting is suspended', () => chair.command('sitting.suspend')],
        ['the sitting goes on', () => chair.command('sitting.open')],
    ];
}

interface Means {
    person: (options: PersonOptions) => Promise<Person>;
    plenary: PlenaryServer;
}

async function holdsStill(role: 'chair' | 'secretary', { person, plenary }: Means): Promise<void> {
    const light = new LightPeople(plenary);
    const cast = await gather(light);
    await cast.chair.command('sitting.open').catch(() => undefined);
    await cast.chair.command('list.open').catch(() => undefined);
    const console_ = await person({ role });
    const { page } = console_;
    await expect(page.locator('.floor-panel')).toBeVisible();
    await expect(page.locator('.floor-place')).toHaveCount(2);
    const before = await allRectangles(page, KEYS, WAYS);
    expect(Object.keys(before['en 1440'] ?? {}).length).toBeGreaterThan(14);
    for (const [index, [what, change]] of changes(cast).entries()) {
        const seq = JSON.stringify(await console_.state());
        await change();
        await expect
            .poll(async () => JSON.stringify(await console_.state()), { message: what })
            .not.toBe(seq);
        expect(moved(before, await allRectangles(page, KEYS, waysOf(index))), what).toEqual([]);
    }
    const sizes = await page.evaluate(() => {
        const root = document.documentElement;
        return [root.scrollWidth - root.clientWidth, root.scrollHeight - root.clientHeight];
    });
    expect(sizes, 'no document is larger than its window').toEqual([0, 0]);
    await light.close();
}

test('the chair’s keys stand where they stood through twenty changes', async ({ person, plenary }) => {
    await holdsStill('chair', { person, plenary });
});

test('so do those of who acts for the chair', async ({ person, plenary }) => {
    await holdsStill('secretary', { person, plenary });
});

test('a key that cannot work says why, keeps the focus, and does nothing', async ({ person, plenary }) => {
    const light = new LightPeople(plenary);
    const moderator = await light.join({ role: 'moderator' });
    const france = await light.join({ role: 'delegate', participant: 'delegate-fra' });
    const chair = await person({ role: 'chair' });
    const { page } = chair;
    const give = page.locator('.floor-keys > button').first();
    await moderator.command('floor.end_all');
    await expect(give).toContainText('Nobody has asked');
    await france.command('floor.request');
    await moderator.command('sitting.suspend');
    await expect(give).toContainText('The sitting is not open');
    await give.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('g');
    await moderator.command('sitting.open');
    await expect(give).toHaveText(/^Give the floor: France/);
    await expect(give).not.toHaveAttribute('aria-disabled', 'true');
    expect((await chair.meeting())?.floor).toEqual([]);
    // The key that was pressed and cannot work any more is still the one that is focused.
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chair.meeting())?.floor.length).toBe(1);
    await expect(give).toBeFocused();
    const end = page.locator('.place-end').first();
    await expect(end).not.toHaveAttribute('aria-disabled', 'true');
    await end.focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chair.meeting())?.floor.length).toBe(0);
    await expect(end).toBeFocused();
    await expect(end).toHaveAttribute('aria-disabled', 'true');
    await light.close();
});
