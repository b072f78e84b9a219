// One intent, one consequence: each key that changes something for others is clicked twice and three times, 0 to 600 ms apart, while others
// ask, withdraw, are given the floor, call. What came of it is read in the server's journal. Whoever is not the page that is pressed is light.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { CONSEQUENCES, type Pressed } from '../consequences.ts';
import { seeded } from '../seeded.ts';
import { expect, type Person, type PersonOptions, type PlenaryServer, test } from './fixtures.ts';
import type { LightPeople, LightPerson } from './light_people.ts';
import { keyHears } from './press.ts';
import type { LinkOptions } from './server.ts';

const DEAF_MS = 600;
// Longer than a key must be held.
const HOLD_MS = 800;
// On a machine that is busy a pause is longer than it was asked for.
const PAUSES_MAX_MS = [560, 250, 50, 0];
const SEEDS = process.env.PLENARY_LONG ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1];

interface Room {
    person: Person;
    page: Page;
    helper: LightPerson;
    delegates: LightPerson[];
    light: LightPeople;
    journal: Journal;
    /** When the page was pressed last. */
    lastPress: number;
}

/** Where a press goes: a place on the screen, or a letter. */
type Aim = { x: number; y: number } | { letter: string };

interface Case {
    command: Pressed;
    key: string;
    /** Brings the room to where one press is meant; where that goes. */
    before: (room: Room) => Promise<Aim>;
    /** What others do between the presses. */
    meanwhile?: (room: Room) => Promise<unknown>;
    /** The events of consequence that one intent brings about; none for a key that must be held. */
    gives: readonly string[];
    /** And then held. */
    held?: readonly string[];
}

// What a channel carries follows from who speaks: counted where a channel is meant.
const OF_CONSEQUENCE = new Set<string | null>(Object.values(CONSEQUENCES));
const FOLLOWS = 'channel.changed';

/** What this person has brought about since, as the journal has it. */
class Journal {
    private readonly base: DatabaseSync;
    constructor(
        plenary: PlenaryServer,
        private readonly left: string | null,
    ) {
        this.base = new DatabaseSync(join(plenary.data, 'plenary.db'), { readOnly: true });
    }

    last(): number {
        const row = this.base
            .prepare("SELECT max(seq) AS seq FROM journal WHERE stream = 'meeting/demo'")
            .get() as { seq: number };
        return row.seq;
    }

    by(participant: string, since: number, until = Number.MAX_SAFE_INTEGER): string[] {
        const rows = this.base
            .prepare(
                `SELECT type FROM journal WHERE stream = 'meeting/demo' AND by = ?
                    AND seq > ? AND seq <= ? ORDER BY seq`,
            )
            .all(participant, since, until) as { type: string }[];
        return rows.map((one) => one.type).filter((one) => OF_CONSEQUENCE.has(one) && one !== this.left);
    }
}

async function at(page: Page, selector: string, name?: string | RegExp): Promise<Aim> {
    const found =
        name === undefined ? page.locator(selector) : page.locator(selector).filter({ hasText: name });
    const key = found.first();
    await keyHears(key);
    await key.scrollIntoViewIfNeeded();
    const box = await key.boundingBox();
    expect(box, selector).not.toBeNull();
    return { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 };
}

/** Where the pointer is. */
async function hold(page: Page): Promise<void> {
    await page.mouse.down();
    await page.waitForTimeout(HOLD_MS);
    await page.mouse.up();
}

/** When each press reached the page, by the browser's own clock. */
async function pressed(page: Page): Promise<number[]> {
    return page.evaluate('window.testPresses.splice(0)');
}

async function watchPresses(page: Page): Promise<void> {
    await page.evaluate(() => {
        const presses: number[] = [];
        Object.assign(window, { testPresses: presses });
        for (const type of ['pointerup', 'keydown']) {
            window.addEventListener(type, ({ timeStamp }) => presses.push(timeStamp), true);
        }
    });
}

async function requests(room: Room): Promise<{ id: number; participant: string }[]> {
    return (await room.person.meeting())?.requests ?? [];
}

async function floor(room: Room): Promise<string[]> {
    return ((await room.person.meeting())?.floor ?? []).map((one) => one.participant);
}

/** These ask for the floor, in this order, and nobody has it. */
async function ask(room: Room, count = 3): Promise<void> {
    await room.helper.command('floor.end_all');
    for (const one of await requests(room)) {
        await room.helper.command('request.remove', { request: one.id });
    }
    const order = room.delegates.slice(0, count);
    for (const one of order) {
        await one.command('floor.request');
    }
    await expect
        .poll(async () => (await requests(room)).map((one) => one.participant))
        .toEqual(order.map((one) => one.participant));
    await expect.poll(() => floor(room)).toEqual([]);
}

async function speaks(room: Room, index: number): Promise<void> {
    const { participant } = room.delegates[index]!;
    await room.helper.command('floor.give', { participant });
    await expect.poll(() => floor(room)).toContain(participant);
}

async function lastComesFirst(room: Room): Promise<void> {
    const last = (await requests(room)).at(-1);
    await room.helper.command('request.move', { request: last?.id, position: 1 });
}

const CHAIR: readonly Case[] = [
    {
        command: 'floor.give',
        key: 'the large key',
        before: async (room) => {
            await ask(room);
            return at(room.page, '.floor-keys .button', /^Give the floor/);
        },
        meanwhile: lastComesFirst,
        gives: ['request.removed', 'microphone.opened'],
    },
    {
        command: 'floor.give',
        key: 'a row',
        before: async (room) => {
            await ask(room);
            return at(room.page, '.managed .give-key');
        },
        meanwhile: async (room) => room.delegates[1]!.command('floor.withdraw'),
        gives: ['request.removed', 'microphone.opened'],
    },
    {
        command: 'floor.give',
        key: 'G',
        before: async (room) => {
            await ask(room);
            await at(room.page, '.floor-keys .button', /^Give the floor/);
            return { letter: 'g' };
        },
        meanwhile: async (room) => room.delegates[2]!.command('floor.withdraw'),
        gives: ['request.removed', 'microphone.opened'],
    },
    {
        command: 'floor.give',
        key: 'give now, end the other',
        before: async (room) => {
            await ask(room);
            await speaks(room, 2);
            await room.page.waitForTimeout(DEAF_MS); // the server's own pause between two grants
            return at(room.page, '.floor-keys .button', /^Give now/);
        },
        gives: ['microphone.closed', 'request.removed', 'microphone.opened'],
    },
    {
        command: 'floor.end',
        key: 'End, with another given the place',
        before: async (room) => {
            await ask(room, 2);
            await speaks(room, 0);
            await room.page.waitForTimeout(DEAF_MS);
            return at(room.page, '.place-end');
        },
        meanwhile: (room) => speaks(room, 1),
        gives: ['microphone.closed'],
    },
    {
        command: 'floor.end',
        key: 'E',
        before: async (room) => {
            await ask(room, 2);
            await speaks(room, 0);
            await room.page.waitForTimeout(DEAF_MS);
            return { letter: 'e' };
        },
        meanwhile: (room) => speaks(room, 1),
        gives: ['microphone.closed'],
    },
    {
        command: 'floor.take',
        key: 'M',
        before: async (room) => {
            await ask(room, 1);
            await at(room.page, '.floor-take', /^Take the floor/);
            return { letter: 'm' };
        },
        gives: ['microphone.opened'],
    },
    {
        command: 'floor.yield',
        key: 'the own microphone',
        before: (room) => at(room.page, '.floor-take.is-on-air'),
        gives: ['microphone.closed'],
    },
    {
        command: 'floor.take',
        key: 'the own microphone',
        before: (room) => at(room.page, '.floor-take', /^Take the floor/),
        gives: ['microphone.opened'],
    },
    {
        command: 'request.move',
        key: 'a row up',
        before: async (room) => {
            await ask(room);
            return at(room.page, '.managed li:nth-child(3) [aria-label^="Move"]');
        },
        meanwhile: async (room) => room.delegates[0]!.command('floor.withdraw'),
        gives: ['request.moved'],
    },
    {
        command: 'request.add',
        key: 'who asked by other means',
        before: async (room) => {
            await ask(room, 2);
            await room.page.locator('.managed-tools button').nth(1).click();
            return at(room.page, 'dialog .choice');
        },
        meanwhile: async (room) => room.delegates[0]!.command('floor.withdraw'),
        gives: ['request.added'],
    },
    {
        command: 'request.remove',
        key: 'a row',
        before: async (room) => {
            await ask(room, 2);
            return at(room.page, '.managed .remove-key');
        },
        gives: [],
        held: ['request.removed'],
    },
    {
        command: 'list.close',
        key: 'the list',
        before: (room) => at(room.page, '.managed-tools .hold-key'),
        gives: [],
        held: ['list.changed'],
    },
    {
        command: 'list.open',
        key: 'the list',
        before: (room) => at(room.page, '.managed-tools .hold-key', /^Open/),
        gives: ['list.changed'],
    },
    {
        command: 'item.start',
        key: 'an item',
        before: (room) => at(room.page, '.item-key-pending'),
        gives: [],
        held: ['item.started'],
    },
    {
        command: 'floor.end_all',
        key: 'all microphones',
        before: async (room) => {
            await ask(room, 1);
            await speaks(room, 0);
            return at(room.page, '.floor-end-all');
        },
        gives: [],
        held: ['microphone.closed'],
    },
    {
        command: 'sitting.suspend',
        key: 'the gavel',
        before: (room) => at(room.page, '.gavel-keys .hold-key', /^Suspend/),
        gives: [],
        held: ['sitting.changed'],
    },
    {
        command: 'sitting.announce',
        key: 'when it goes on',
        before: (room) => at(room.page, '.gavel-keys button:not(.hold-key)'),
        gives: ['sitting.announced'],
    },
    {
        command: 'sitting.close',
        key: 'the gavel',
        before: (room) => at(room.page, '.gavel-keys .hold-key', /^Close/),
        gives: [],
        held: ['sitting.changed', 'sitting.announced'],
    },
    {
        command: 'sitting.open',
        key: 'the gavel',
        before: (room) => at(room.page, '.gavel-keys .hold-key', /^Open/),
        gives: [],
        held: ['sitting.changed'],
    },
];

const DELEGATE: readonly Case[] = [
    {
        command: 'floor.request',
        key: 'the own key, and the floor is given meanwhile',
        before: async (room) => {
            await ask(room, 0);
            return at(room.page, '.floor-key', /^Ask/);
        },
        meanwhile: async (room) => {
            await expect.poll(() => requests(room)).toHaveLength(1);
            await room.helper.command('floor.give', { request: (await requests(room))[0]?.id });
        },
        gives: ['request.added'],
    },
    {
        command: 'floor.yield',
        key: 'the own key',
        before: (room) => at(room.page, '.floor-key.button-end'),
        gives: ['microphone.closed'],
    },
    {
        command: 'floor.request',
        key: 'A',
        before: async (room) => {
            await at(room.page, '.floor-key', /^Ask/);
            return { letter: 'a' };
        },
        gives: ['request.added'],
    },
    {
        command: 'floor.withdraw',
        key: 'the own key, and others ask meanwhile',
        before: (room) => at(room.page, '.floor-key', /^Withdraw/),
        meanwhile: async (room) => room.delegates[0]!.command('floor.request'),
        gives: ['request.removed'],
    },
    {
        command: 'help.ask',
        key: 'what it is about',
        before: async (room) => {
            await room.page.locator('.help-key').first().click();
            return at(room.page, '.help-reasons button');
        },
        gives: ['help.changed'],
    },
    {
        command: 'help.cancel',
        key: 'taken back',
        before: (room) => at(room.page, '.help-talk > .button', /^Take/),
        gives: ['help.changed'],
    },
];

/** These call for help, in this order. */
async function call(room: Room, count: number): Promise<void> {
    for (const one of room.delegates) {
        await one.command('help.cancel').catch(() => undefined);
    }
    for (const one of room.delegates.slice(0, count)) {
        await one.command('help.ask');
    }
    await expect(room.page.locator('.help-call')).toHaveCount(count);
}

const MODERATOR: readonly Case[] = [
    {
        command: 'help.handle',
        key: 'taken, and another calls meanwhile',
        before: async (room) => {
            await call(room, 2);
            return at(room.page, '.help-call .button', /^Take/);
        },
        meanwhile: async (room) => room.delegates[2]!.command('help.ask'),
        gives: ['help.changed'],
    },
    {
        command: 'help.say',
        key: 'a suggestion',
        before: (room) => at(room.page, '.help-call-suggest button'),
        meanwhile: async (room) => room.delegates[2]!.command('help.cancel'),
        gives: ['help.said'],
    },
    {
        command: 'help.handle',
        key: 'done, and the next comes up',
        before: (room) => at(room.page, '.help-call-head > .button', /^Done/),
        gives: ['help.changed'],
    },
    {
        command: 'participant.remove',
        key: 'the question',
        before: async (room) => {
            await room.light.join({ role: 'delegate', name: 'A guest' });
            await room.page.locator('.person', { hasText: 'A guest' }).getByRole('button').click();
            return at(room.page, 'dialog .button-grave');
        },
        gives: ['participant.removed'],
    },
];

const TECHNICIAN: readonly Case[] = [
    {
        command: 'channel.auto_floor',
        key: 'off, while it is heard',
        before: async (room) => {
            await ask(room, 1);
            await speaks(room, 0);
            return at(room.page, '.channels [role=switch]');
        },
        gives: [],
        held: ['channel.changed'],
    },
    {
        command: 'channel.auto_floor',
        key: 'on',
        before: (room) => at(room.page, '.channels [role=switch]'),
        gives: ['channel.changed'],
    },
    {
        command: 'channel.force',
        key: 'a crossing, and its question',
        before: async (room) => {
            await room.page.locator('.crossing-key[data-place="0-3"]').click();
            await room.page.locator('dialog input').fill('Because');
            return at(room.page, 'dialog [type=submit]');
        },
        gives: ['channel.changed'],
    },
    {
        command: 'channel.release',
        key: 'a crossing, while it is heard',
        before: (room) => at(room.page, '.crossing-key[data-place="0-3"].is-forced'),
        gives: [],
        held: ['channel.changed'],
    },
];

const INTERPRETER: readonly Case[] = [
    {
        command: 'desk.microphone',
        key: 'the microphone',
        before: (room) => at(room.page, '.microphone-key'),
        gives: ['desk.opening'],
    },
    {
        command: 'handover.offer',
        key: 'H',
        before: async (room) => {
            await at(room.page, '.handover-key', /^Offer/);
            return { letter: 'h' };
        },
        gives: ['handover.changed'],
    },
    {
        command: 'handover.decline',
        key: 'withdrawn',
        before: (room) => at(room.page, '.handover-key', /^Withdraw/),
        gives: ['handover.changed'],
    },
    {
        command: 'handover.accept',
        key: 'Y',
        before: async (room) => {
            await room.helper.command('handover.request', {});
            await at(room.page, '.handover-key', /^Accept/);
            return { letter: 'y' };
        },
        gives: ['handover.changed'],
    },
    {
        command: 'signal.send',
        key: 'S',
        before: async () => ({ letter: 's' }),
        gives: ['signal.raised'],
    },
];

/** Sends a press now; the answer is waited for later, because on a busy machine it takes longer than the pause that is wanted. */
async function press(page: Page, aim: Aim): Promise<void> {
    await ('letter' in aim
        ? page.keyboard.press(aim.letter)
        : Promise.all([page.mouse.down(), page.mouse.up()]));
}

/** So often, and so soon after each other, as the seed says; of how many intents that is. */
async function pressSeveral(room: Room, one: Case, random: () => number, most: number): Promise<number> {
    const { page } = room;
    const aim = await one.before(room);
    if ('x' in aim) {
        await page.mouse.move(aim.x, aim.y);
    }
    // Another intent than that of the case before.
    await page.waitForTimeout(Math.max(0, room.lastPress + DEAF_MS - Date.now()));
    await pressed(page);
    await press(page, aim);
    const presses: Promise<void>[] = [];
    const meanwhile = one.meanwhile?.(room);
    for (let left = random() < 0.5 ? 1 : 2; left > 0; left -= 1) {
        await setTimeout(random() * most);
        presses.push(press(page, aim));
    }
    await Promise.all(presses);
    room.lastPress = Date.now();
    await meanwhile;
    const times = await pressed(page);
    return times.filter((time, index) => index === 0 || time - times[index - 1]! >= DEAF_MS).length;
}

/** One intent: a machine that made several of it is asked again, with shorter pauses. */
async function oneIntent(room: Room, one: Case, random: () => number): Promise<number> {
    for (const most of PAUSES_MAX_MS) {
        const since = room.journal.last();
        const intents = await pressSeveral(room, one, random, most);
        if (intents === 1) {
            return since;
        }
        console.log(`${one.command} by ${one.key}: this machine made ${intents} intents of it`);
        await room.page.waitForTimeout(DEAF_MS);
    }
    throw new Error('this machine cannot click twice');
}

async function once(room: Room, cases: readonly Case[]): Promise<void> {
    const { journal, page } = room;
    await watchPresses(page);
    const participant = String((await room.person.state()).participant);
    for (const seed of SEEDS) {
        const random = seeded(seed);
        let earlier: { since: number; gave: readonly string[] } = { since: journal.last(), gave: [] };
        for (const one of cases) {
            const what = `${one.command} by ${one.key}, seed ${seed}`;
            await test.step(what, async () => {
                const before = journal.last();
                const since = await oneIntent(room, one, random);
                await expect.poll(() => journal.by(participant, since), { message: what }).toEqual(one.gives);
                if (one.held !== undefined) {
                    await hold(page);
                    await expect.poll(() => journal.by(participant, since), what).toEqual(one.held);
                }
                // Of the case before, nothing came later either.
                expect(journal.by(participant, earlier.since, before), what).toEqual(earlier.gave);
                earlier = { since, gave: one.held ?? one.gives };
            });
        }
    }
}

function french(desk: number): LinkOptions {
    return { role: 'interpreter', participant: `interpreter-fr-${desk}`, language: 'fr' };
}

const ROLES: readonly { options: PersonOptions; cases: readonly Case[] }[] = [
    { options: { role: 'chair' }, cases: CHAIR },
    { options: { role: 'delegate', participant: 'delegate-ken' }, cases: DELEGATE },
    { options: { role: 'moderator' }, cases: MODERATOR },
    { options: { role: 'technician', participant: 'technician' }, cases: TECHNICIAN },
];

test('one press, one consequence: in every role, for two and three presses, while others act', async ({
    person,
    light,
    plenary,
}) => {
    const helper = await light.join({ role: 'secretary' });
    const delegates: LightPerson[] = [];
    for (const participant of ['delegate-fra', 'delegate-bra', 'delegate-chn']) {
        delegates.push(await light.join({ role: 'delegate', participant }));
    }
    await helper.command('sitting.open').catch(() => undefined);
    const room = { helper, delegates, light, lastPress: 0 };
    for (const { options, cases } of ROLES) {
        const one = await person(options);
        const journal = new Journal(plenary, cases === TECHNICIAN ? null : FOLLOWS);
        await once({ ...room, person: one, page: one.page, journal }, cases);
        await one.close();
    }
    const partner = await light.join(french(2));
    const desk = await person({ ...french(1), tone: 700 });
    const journal = new Journal(plenary, FOLLOWS);
    await once({ ...room, person: desk, page: desk.page, helper: partner, journal }, INTERPRETER);
});
