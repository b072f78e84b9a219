// Pictures: the speaker's camera, the change of speaker, the chair, a shared screen, layers on a good and on a narrow line.
import { BROWSERS, expect, type Person, test } from './fixtures.ts';
import { NarrowLine } from './lines.ts';
import { moves, shown, showsColour } from './pictures.ts';

const SWITCH_MAX_MS = 1500;

/** Ends one intervention and gives the floor to the next on the list; when it was given, in ms of all pages' clock. */
async function changeSpeaker(chair: Person, ends: string, begins: string): Promise<number> {
    await chair.page
        .getByRole('button', { name: new RegExp(`^End.*${ends}`) })
        .first()
        .click();
    const give = chair.page.getByRole('button', { name: new RegExp(`^Give the floor.*${begins}`) }).first();
    await expect(give).toBeEnabled();
    return give.evaluate((key) => {
        const at = performance.now() + performance.timeOrigin;
        (key as HTMLButtonElement).click();
        return at;
    });
}

/** When the stage first shows a picture in which one channel (0 red, 1 green, 2 blue) prevails; ms of all pages' clock, -1 for never. */
async function stageTurns(listener: Person, channel: number): Promise<number> {
    return listener.page.evaluate(async (wanted) => {
        const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const began = performance.now();
        while (pen && performance.now() - began < 10_000) {
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

for (const browser of BROWSERS) {
    test(`${browser}: a listener sees the chair, the speaker and the next speaker`, async ({ person }) => {
        const chair = await person({ role: 'chair', picture: 'green' });
        const france = await person({ role: 'delegate', delegation: 'FRA', picture: 'red' });
        const brazil = await person({ role: 'delegate', delegation: 'BRA', picture: 'blue' });
        const listener = await person({ role: 'listener', browser });
        for (const one of [chair, france, brazil]) {
            await one.press(/^Camera/);
        }
        await moves(listener, 'Video of Chair');
        await showsColour(listener, 'Video of Chair', 'green');
        await france.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await moves(listener, 'Video of France');
        await showsColour(listener, 'Video of France', 'red');
        const before = await listener.frames('speaker');
        await expect.poll(async () => listener.frames('speaker')).toBeGreaterThan(before + 10);

        const delays: number[] = [];
        for (const [ends, begins, who, channel] of [
            ['France', 'Brazil', brazil, 2],
            ['Brazil', 'France', france, 0],
            ['France', 'Brazil', brazil, 2],
            ['Brazil', 'France', france, 0],
        ] as const) {
            await who.press('Ask for the floor');
            const turned = stageTurns(listener, channel);
            const given = await changeSpeaker(chair, ends, begins);
            const at = await turned;
            expect(at, `the picture of ${begins} should come`).toBeGreaterThan(0);
            delays.push(at - given);
            await moves(listener, `Video of ${begins}`);
        }
        console.log(
            `${browser}: the next speaker is seen after ${delays.map((one) => one.toFixed(0)).join(' ')} ms`,
        );
        expect(Math.max(...delays)).toBeLessThan(SWITCH_MAX_MS);

        await france.press(/^Camera/);
        await expect.poll(async () => shown(listener, 'Video of France')).toBeNull();
    });

    test(`${browser}: a camera and a shared screen reach everybody`, async ({ person }) => {
        const chair = await person({
            role: 'chair',
            browser,
            ...(browser === 'firefox' ? { screen: 'magenta' } : {}),
        });
        const delegate = await person({ role: 'delegate', delegation: 'FRA' });
        const listener = await person({ role: 'listener' });
        await chair.press('Take the floor');
        await chair.press(/^Camera/); // the browser's own fake camera
        await moves(listener, 'Video of Chair');
        await moves(delegate, 'Video of Chair');
        await chair.press(/^Share screen/);
        await moves(listener, 'Screen shared by Chair');
        await moves(delegate, 'Screen shared by Chair');
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
    await expect.poll(async () => width(wide), { timeout: 60_000 }).toBe(1280);
    await expect.poll(async () => width(narrow), { timeout: 30_000 }).toBe(320);
    await moves(narrow, 'Video of Chair');
    expect(await width(wide)).toBe(1280);
    line.close();
});
