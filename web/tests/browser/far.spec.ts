// A far line is not a lost one: two satellite hops, a mobile network that is full, 96 kbit/s. The page is reached, joins, hears, takes the floor
// and is heard, and nobody calls its person lost. The round trip is so long that counting round trips needs no precise clock.
import { installDevices, keepPeers } from './fake_devices.ts';
import { expect, Person, test } from './fixtures.ts';
import { Direction, type Shape, ShapedLine, SlowLine } from './lines.ts';

const CHAIR = 500;
const DELEGATE = 900;
const FIRST_SCREEN_TRIPS = 4;
const JOINED_TRIPS = 12;
const PATIENCE_MS = 90_000;

interface Far {
    name: string;
    shape: Shape;
    /** Counted only where nothing is repeated because it was lost, and where the line itself has room. */
    counted: boolean;
    long: boolean;
}

const LINES: Far[] = [
    { name: '600 ms', shape: { delayMs: 300 }, counted: true, long: false },
    { name: '2,000 ms and 5 % of loss', shape: { delayMs: 1000, loss: 0.05 }, counted: false, long: false },
    {
        name: '200 ms at 96 kbit/s',
        shape: { delayMs: 100, bitsPerSecond: 96_000, queueMs: 1000 },
        counted: false,
        long: false,
    },
    { name: '1,400 ms', shape: { delayMs: 700 }, counted: true, long: true },
    { name: '2,000 ms', shape: { delayMs: 1000 }, counted: true, long: true },
    { name: '600 ms and 5 % of loss', shape: { delayMs: 300, loss: 0.05 }, counted: false, long: true },
    { name: '1,400 ms and 5 % of loss', shape: { delayMs: 700, loss: 0.05 }, counted: false, long: true },
];

for (const { name, shape, counted, long } of LINES) {
    test(`behind ${name}: reached, joined, heard, and never called lost`, async ({
        plenary,
        browsers,
        light,
    }) => {
        test.skip(long && !process.env.PLENARY_LONG, 'one of the long forms');
        const chair = await light.join({ role: 'chair', tone: CHAIR });
        await chair.command('floor.take');
        const floor = await light.hear('floor');
        await floor.hears(CHAIR);

        const up = new Direction(shape, 1);
        const down = new Direction(shape, 2);
        const streams = new SlowLine(up, down);
        const datagrams = new ShapedLine(up, down);
        const pagePort = await streams.open(plenary.port);
        const mediaPort = await datagrams.open(plenary.port);
        const context = await (await browsers('chromium')).newContext({ locale: 'en' });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await page.addInitScript(keepPeers, mediaPort);
        await page.addInitScript(installDevices, {
            tone: DELEGATE,
            picture: undefined,
            screen: undefined,
            denied: undefined,
        });
        const options = { role: 'delegate', delegation: 'FRA' } as const;
        const link = plenary.token(options);
        const delegate = new Person(page, context, options, { last: 0, snapshots: 0, gaps: [], undone: 0 });

        const began = performance.now();
        const roundTrip = up.delayMs + down.delayMs;
        const trips = (): number => (performance.now() - began) / roundTrip;
        void page.goto(`http://127.0.0.1:${pagePort}/m/demo#${link}`);
        await page.locator('#page :text("Plenary")').first().waitFor();
        const firstScreen = trips();
        await page.locator('.entrance-join .button-filled').waitFor();
        await expect
            .poll(async () => (await delegate.state()).media, { timeout: PATIENCE_MS, intervals: [50] })
            .toBe('connected');
        const joined = trips();
        console.log(
            `${name}: first screen after ${firstScreen.toFixed(1)} round trips, joined after ${joined.toFixed(1)}`,
        );
        if (counted) {
            // Five begun are four and what the machine itself takes.
            expect(firstScreen).toBeLessThan(FIRST_SCREEN_TRIPS + 1);
            expect(joined).toBeLessThan(JOINED_TRIPS);
        }
        expect((await delegate.state()).joins, 'joined at once, not again and again').toBe(1);

        await page.locator('.entrance-join .button-filled').click();
        await expect.poll(async () => (await delegate.state()).stage, { timeout: PATIENCE_MS }).toBe('room');
        await delegate.hears('mix', CHAIR);
        console.log(`${name}: hears after ${((performance.now() - began) / 1000).toFixed(1)} s`);

        const participant = String((await delegate.state()).participant);
        await delegate.press('Ask for the floor');
        await expect(page.locator('.my-place').first()).toContainText('You are next', {
            timeout: PATIENCE_MS,
        });
        await chair.command('floor.end', { participant: chair.participant });
        await chair.command('floor.give', { participant });
        const from = await floor.hears(DELEGATE);
        // For some questions and answers more: heard without a break, present all the time.
        await delegate.press('Call for help');
        for (const [n, key] of ['Sound', 'Take the call back', 'Sound'].entries()) {
            await page.getByRole('dialog').getByRole('button', { name: key }).click();
            await expect
                .poll(async () => (await chair.told('help.changed')).length, { timeout: PATIENCE_MS })
                .toBe(n + 1);
        }
        const presence = (await chair.told('presence.changed')).filter(
            (one) => one.participant === participant,
        );
        expect(presence.map((one) => one.presence)).not.toContain('lost');
        expect((await delegate.state()).connection).toMatchObject({ phase: 'live' });
        expect((await delegate.state()).joins).toBe(1);
        const heard = await floor.between(from);
        expect(heard.order).toEqual([DELEGATE]);
        await context.close();
        streams.close();
        datagrams.close();
    });
}
