// Pictures: the speaker's camera, the change of speaker, the chair, a shared screen, layers on a good and on a narrow line.
import { BROWSERS, expect, type Person, test } from './fixtures.ts';
import { Direction, NarrowLine, ShapedLine } from './lines.ts';
import { moves, shown, showsColour } from './pictures.ts';

// Four pages that send and show pictures share two cores: what they paint is kept small, and the floor is given by a light moderator.
const SMALL = { width: 400, height: 720 };

/** When the stage first shows a picture in which one channel (0 red, 1 green, 2 blue) prevails; ms of all pages' clock, -1 for never. */
async function stageTurns(listener: Person, channel: number): Promise<number> {
    return listener.page.evaluate(async (wanted) => {
        const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const began = performance.now();
        while (pen && performance.now() - began < 20_000) {
            const video = document.querySelector<HTMLVideoElement>('.stage-frame > video');
            if (video && video.videoWidth > 0) {
                pen.drawImage(video, 0, 0, 1, 1);
                const pixel = pen.getImageData(0, 0, 1, 1).data;
                if ([0, 1, 2].every((other) => other === wanted || pixel[wanted]! > pixel[other]! + 60)) {
                    return performance.now() + performance.timeOrigin;
                }
            }
            await new Promise((next) => setTimeout(next, 10));
        }
        return -1;
    }, channel);
}

interface Layer {
    rid: string;
    width: number;
    frames: number;
}

/** The layers of the camera that a person's browser sends now. */
async function layersSent(person: Person): Promise<Layer[]> {
    return person.page.evaluate(async () => {
        const peer = window.testPeers?.at(-1);
        const found: { rid: string; width: number; frames: number }[] = [];
        (await peer?.getStats())?.forEach((report) => {
            if (report.type === 'outbound-rtp' && report.kind === 'video' && report.rid) {
                found.push({
                    rid: report.rid,
                    width: report.frameWidth ?? 0,
                    frames: report.framesEncoded ?? 0,
                });
            }
        });
        return found.sort((one, other) => one.width - other.width);
    });
}

const LONG = process.env.PLENARY_LONG !== undefined;

for (const browser of BROWSERS) {
    test(`${browser}: a listener sees the chair, the speaker and the next speaker`, async ({
        person,
        light,
    }) => {
        test.skip(browser === 'firefox' && !LONG, 'one of the long forms');
        const delegate = (id: string) =>
            ({ role: 'delegate', participant: `delegate-${id}`, viewport: SMALL }) as const;
        const moderator = await light.join({ role: 'moderator' });
        const chair = await person({ role: 'chair', picture: 'green', viewport: SMALL });
        const france = await person({ ...delegate('fra'), picture: 'red' });
        const brazil = await person({ ...delegate('bra'), picture: 'blue' });
        const listener = await person({ role: 'listener', browser, viewport: SMALL });
        const give = async (to: Person): Promise<number> => {
            const { participant } = to.options;
            await to.press('Ask for the floor');
            await expect
                .poll(async () => (await listener.meeting())?.requests.map((one) => one.participant))
                .toContain(participant);
            const given = Date.now();
            await moderator.command('floor.give', { participant });
            return given;
        };
        for (const one of [chair, france, brazil]) {
            await one.press(/^Camera/);
        }
        // Whole, whatever the shape of camera and place: nobody's head is cut.
        await expect(listener.page.locator('.stage-chair video')).toHaveCSS('object-fit', 'contain');
        await moves(listener, 'Video of Chair');
        await showsColour(listener, 'Video of Chair', 'green');
        await give(france);
        await moves(listener, 'Video of France');
        await showsColour(listener, 'Video of France', 'red');
        const before = await listener.frames('speaker');
        await expect.poll(async () => listener.frames('speaker')).toBeGreaterThan(before + 10);

        // What is seen late is mostly a page that paints late: it is printed. That each is seen in turn is what is asked.
        const delays: number[] = [];
        for (const [ends, begins, label, channel] of [
            [france, brazil, 'Brazil', 2],
            [brazil, france, 'France', 0],
            [france, brazil, 'Brazil', 2],
            [brazil, france, 'France', 0],
        ] as const) {
            await moderator.command('floor.end', { participant: ends.options.participant });
            const turned = stageTurns(listener, channel);
            const given = await give(begins);
            const at = await turned;
            expect(at, `the picture of ${label} should come`).toBeGreaterThan(0);
            delays.push(at - given);
            await moves(listener, `Video of ${label}`);
        }
        console.log(
            `${browser}: the next speaker is seen after ${delays.map((one) => one.toFixed(0)).join(' ')} ms`,
        );

        await france.press(/^Camera/);
        await expect.poll(async () => shown(listener, 'Video of France')).toBeNull();
    });

    test(`${browser}: a camera and a shared screen reach everybody`, async ({ person }) => {
        const chair = await person({
            role: 'chair',
            browser,
            ...(browser === 'firefox' ? { screen: 'magenta' } : {}),
        });
        const listener = await person({ role: 'listener' });
        await chair.press('Take the floor');
        await chair.press(/^Camera/); // the browser's own fake camera
        await moves(listener, 'Video of Chair');
        await chair.press(/^Share screen/);
        await moves(listener, 'Screen shared by Chair');
        await moves(listener, 'Video of Chair'); // in the corner
        const before = await listener.frames('screen');
        await expect.poll(async () => listener.frames('screen')).toBeGreaterThan(before + 5);
        await chair.press(/^Screen is shared/);
        await expect.poll(async () => shown(listener, 'Screen shared by')).toBeNull();
        expect((await listener.meeting())?.participants.some((one) => one.screen)).toBe(false);
    });
}

test('a camera is sent in layers; a narrow line gets the small one, a good line the large one', async ({
    person,
    plenary,
}) => {
    test.setTimeout(300_000);
    const line = new NarrowLine();
    const mediaPort = await line.open(plenary.port);
    const chair = await person({ role: 'chair' });
    const wide = await person({ role: 'listener' });
    const narrow = await person({ role: 'listener', mediaPort });
    await chair.press('Take the floor');
    await chair.press(/^Camera/);
    await expect
        .poll(async () => (await layersSent(chair)).filter((one) => one.frames > 0).map((one) => one.width), {
            timeout: 20_000,
        })
        .toEqual([320, 640, 1280]);
    const width = async (who: Person) => (await shown(who, 'Video of Chair'))?.width ?? 0;
    await moves(wide, 'Video of Chair');
    await moves(narrow, 'Video of Chair');

    line.narrow(260_000);
    const heartbeat = new Heartbeat(plenary.url);
    await heartbeat.begin();
    await expect.poll(async () => width(wide), { timeout: 60_000 }).toBe(1280);
    // What failed is tried again after 5 s, after an estimate alone 10 s and 20 s later (decision 022).
    const began = performance.now();
    try {
        await expect.poll(async () => width(narrow), { timeout: 60_000 }).toBe(320);
        await moves(narrow, 'Video of Chair', 60_000);
    } catch (error) {
        const excuse = await heartbeat.excuse();
        test.skip(excuse !== '', `not measured: ${excuse}`);
        throw error;
    }
    console.log(`the narrow line has its picture after ${((performance.now() - began) / 1000).toFixed(0)} s`);
    expect(await width(wide)).toBe(1280);
    line.close();
});

/** What a line did between two moments, both ways. */
function since(line: ShapedLine, before: { up: Direction['count']; down: Direction['count'] }) {
    const of = (way: 'up' | 'down') => {
        const { packets, bytes, dropped, droppedBytes } = line[way].count;
        const sent = packets + dropped - before[way].packets - before[way].dropped;
        const all = bytes + droppedBytes - before[way].bytes - before[way].droppedBytes;
        const lost = droppedBytes - before[way].droppedBytes;
        return { sent, dropped: dropped - before[way].dropped, share: all === 0 ? 0 : lost / all };
    };
    return { up: of('up'), down: of('down') };
}

const counts = (line: ShapedLine) => ({ up: { ...line.up.count }, down: { ...line.down.count } });

/** How many blocks of sound came to a slot, and how many should have. */
async function soundOf(person: Person, slot: 'floor_1'): Promise<{ packets: number; lost: number }> {
    const found = (await person.diagnose((diagnostics) => diagnostics.counters(), null))?.slots[slot];
    return { packets: found?.packets ?? 0, lost: found?.lost ?? 0 };
}

const LATE_MAX_MS = 50;
const LATE_TICKS_MAX = 2;

/** How late this machine was, while it measured: the relay's own timers, and the server's media threads. */
class Heartbeat {
    lateMs = 0;
    private last = performance.now();
    private readonly timer = setInterval(() => {
        const now = performance.now();
        this.lateMs = Math.max(this.lateMs, now - this.last - 20);
        this.last = now;
    }, 20);
    private readonly url: string;
    private ticks = 0;

    constructor(url: string) {
        this.url = url;
    }

    async begin(): Promise<void> {
        this.ticks = await this.lateTicks();
        this.lateMs = 0;
    }

    /** Why what was measured says nothing; empty when it does. */
    async excuse(): Promise<string> {
        clearInterval(this.timer);
        const ticks = (await this.lateTicks()) - this.ticks;
        return this.lateMs > LATE_MAX_MS || ticks > LATE_TICKS_MAX
            ? `this machine was late by ${this.lateMs.toFixed(0)} ms, its media threads ${ticks} times`
            : '';
    }

    private async lateTicks(): Promise<number> {
        const metrics = await (await fetch(`${this.url}/metrics`)).text();
        return Number(/^plenary_media_late_ticks_total (\d+)/m.exec(metrics)?.[1] ?? 0);
    }
}

interface Narrow {
    kbits: number;
    queueMs: number;
}

const ALL_RATES = [2000, 600, 300, 150, 64].flatMap((kbits) =>
    [1000, 100].map((queueMs): Narrow => ({ kbits, queueMs })),
);
const NARROW: Narrow[] = LONG ? ALL_RATES : [{ kbits: 300, queueMs: 1000 }];

for (const { kbits, queueMs } of NARROW) {
    test(`${kbits} kbit/s, ${queueMs} ms of queue, both ways: sound first, and what is said is done`, async ({
        person,
        plenary,
    }) => {
        const shape = { bitsPerSecond: 1000 * kbits, queueMs, delayMs: 50 };
        const line = new ShapedLine(new Direction(shape), new Direction(shape));
        const mediaPort = await line.open(plenary.port);
        const chair = await person({ role: 'chair', picture: 'green' });
        const france = await person({ role: 'delegate', delegation: 'FRA', tone: 500, mediaPort });
        const listener = await person({ role: 'listener' });
        await chair.press(/^Camera/);
        await france.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await listener.hears('floor_1', 500);
        const heartbeat = new Heartbeat(plenary.url);
        await heartbeat.begin();
        const begins = counts(line);
        const soundBegins = await soundOf(listener, 'floor_1');
        await france.press(/^Camera/);
        // The camera grows; then what the line loses is judged.
        await france.page.waitForTimeout(LONG ? 15_000 : 5000);
        const settled = counts(line);
        await france.page.waitForTimeout(LONG ? 60_000 : 20_000);
        const whole = since(line, begins);
        const after = since(line, settled);
        const sound = await soundOf(listener, 'floor_1');
        const lost = sound.lost - soundBegins.lost;
        const expected = sound.packets - soundBegins.packets + lost;
        const quality = (await france.state()).quality;
        const frames = await listener.frames('speaker');
        console.log(
            `${kbits} kbit/s, ${queueMs} ms: up ${whole.up.dropped} of ${whole.up.sent} dropped, down ${whole.down.dropped} of ${whole.down.sent};`,
            `after 5 s ${(100 * after.up.share).toFixed(2)} % and ${(100 * after.down.share).toFixed(2)} %;`,
            `sound ${lost} of ${expected} lost; ${quality}; ${frames} frames`,
        );
        const excuse = await heartbeat.excuse();
        if (excuse !== '') {
            console.log(`not measured: ${excuse}`);
            test.info().annotations.push({ type: 'not measured', description: excuse });
        } else {
            expect(after.down.share).toBeLessThan(0.02);
            expect(after.up.share).toBeLessThan(0.02);
            expect(lost).toBeLessThan(0.005 * expected);
        }
        // The page says what the server does: a picture that goes through is not called sound only.
        const held = await france.diagnose((diagnostics) => diagnostics.heldPictures(), null);
        expect(quality === 'sound-only').toBe(held.own_held || held.chair_held);
        await expect(france.page.getByText('Your line does not carry your picture now')).toHaveCount(
            held.own_held ? 1 : 0,
        );
        if (!held.own_held) {
            await expect.poll(async () => listener.frames('speaker')).toBeGreaterThan(frames);
        }
        line.close();
    });
}
