// Keys that never change under a finger: a double or triple click on a key of the floor is one intent, whatever comes to stand in its
// place, and a row that is pressed stays what it was until it is let go.
import type { Locator } from '@playwright/test';
import { expect, type Person, type PersonOptions, type PlenaryServer, test } from './fixtures.ts';
import { LightPeople, type LightPerson } from './light_people.ts';

// From one press to the next, ms: of one hand, up to where two presses are two intents.
const PRESSES = [0, 180, 560];
const DELEGATES = ['delegate-fra', 'delegate-bra', 'delegate-chn'];

interface Room {
    chair: Person;
    others: LightPerson[];
    helper: LightPerson;
    light: LightPeople;
}

/** A chair's page, a sitting that is open, and delegates who will ask. */
async function gather(
    plenary: PlenaryServer,
    person: (options: PersonOptions) => Promise<Person>,
    delegates: string[],
): Promise<Room> {
    const light = new LightPeople(plenary);
    const chair = await person({ role: 'chair' });
    const helper = await light.join({ role: 'moderator' });
    const others: LightPerson[] = [];
    for (const participant of delegates) {
        others.push(await light.join({ role: 'delegate', participant }));
    }
    await helper.command('sitting.open').catch(() => undefined);
    return { light, chair, helper, others };
}

async function middleOf(key: Locator): Promise<[number, number]> {
    const box = await key.boundingBox();
    expect(box).not.toBeNull();
    return [box!.x + box!.width / 2, box!.y + box!.height / 2];
}

async function speaking(chair: Person): Promise<string[]> {
    return ((await chair.meeting())?.floor ?? []).map((one) => one.participant);
}

async function listed(chair: Person): Promise<string[]> {
    return ((await chair.meeting())?.requests ?? []).map((one) => one.participant);
}

/** A chair's page, and three who ask for the floor; nobody has it. */
async function begin(room: Room): Promise<string[]> {
    await room.helper.command('floor.end_all');
    for (const one of room.others) {
        if (!(await listed(room.chair)).includes(one.participant)) {
            await one.command('floor.request');
        }
    }
    const order = room.others.map((one) => one.participant);
    await expect.poll(async () => (await listed(room.chair)).length).toBe(order.length);
    await expect.poll(() => speaking(room.chair)).toEqual([]);
    await settled(room.chair);
    return listed(room.chair);
}

const keys: Record<string, (chair: Person) => Locator> = {
    'the large key': (chair) =>
        chair.page.locator('.floor-panel').getByRole('button', { name: /^Give the floor/ }),
    'the first row of the list': (chair) => chair.page.locator('.managed .give-key').first(),
};

/** The keys that give the floor hear again: whatever a press before brought about is there. */
async function settled(chair: Person): Promise<void> {
    for (const key of Object.values(keys)) {
        await expect(key(chair)).not.toHaveAttribute('aria-disabled', 'true');
    }
}

test('presses that follow each other give the floor once', async ({ person, plenary }) => {
    const room = await gather(plenary, person, DELEGATES);
    for (const [name, key] of Object.entries(keys)) {
        for (const pause of PRESSES) {
            const [first, ...rest] = await begin(room);
            const [x, y] = await middleOf(key(room.chair));
            const { mouse } = room.chair.page;
            await mouse.click(x, y);
            await room.chair.page.waitForTimeout(pause);
            await mouse.click(x, y);
            await mouse.click(x, y);
            await expect.poll(() => speaking(room.chair)).toEqual([first]);
            await settled(room.chair);
            expect(await speaking(room.chair), `${name}, after ${pause} ms`).toEqual([first]);
            expect(await listed(room.chair)).toEqual(rest);
        }
    }
    // Two presses that are two intents.
    const [first, second] = await begin(room);
    await keys['the large key']?.(room.chair).click();
    await expect.poll(() => speaking(room.chair)).toEqual([first]);
    await room.chair.page.getByRole('button', { name: /^Give now/ }).click();
    await expect.poll(() => speaking(room.chair)).toEqual([second]);
    await room.light.close();
});

test('a row that is pressed is not replaced until it is let go', async ({ person, plenary }) => {
    const room = await gather(plenary, person, DELEGATES.slice(0, 2));
    for (const key of Object.values(keys)) {
        const [first, second] = await begin(room);
        const [x, y] = await middleOf(key(room.chair));
        const { mouse } = room.chair.page;
        await mouse.move(x, y);
        await mouse.down();
        const moved = ((await room.chair.meeting())?.requests ?? []).find(
            (one) => one.participant === second,
        );
        await room.helper.command('request.move', { request: moved?.id, position: 1 });
        await expect.poll(() => listed(room.chair)).toEqual([second, first]);
        await mouse.up();
        await expect.poll(() => speaking(room.chair)).toEqual([first]);
        expect(await listed(room.chair)).toEqual([second]);
    }
    await room.light.close();
});
