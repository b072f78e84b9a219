// The rarer ends of a handover, in real pages and by what a listener of the channel hears: nobody answers, both press at once, the one on
// the air loses the network, and comes back. The ordinary ends are in desk.spec.ts; every state and event is in the core's own tables.
import type { Page } from '@playwright/test';
import { expect, type Person, type PersonOptions, test } from './fixtures.ts';
import { strangers } from './light_people.ts';
import { CutLine, LossyLine } from './lines.ts';

const SOPHIE = 1100;
const MAMADOU = 1500;
const ANSWER_WITHIN_MS = 60_000;

const french = (number: number, tone: number): PersonOptions => ({
    role: 'interpreter',
    participant: `interpreter-fr-${number}`,
    language: 'fr',
    tone,
});

/** Who of the French booth is on the air, as this page has it. */
async function onAir(page: Person): Promise<string[]> {
    const booth = (await page.meeting())?.booths.find((one) => one.language === 'fr');
    return (booth?.desks ?? []).filter((one) => one.microphone !== 'off').map((one) => one.participant);
}

test('both press at once: one of them is on the air, and only that one is heard', async ({
    person,
    light,
}) => {
    const sophie = await person(french(1, SOPHIE));
    const mamadou = await person(french(2, MAMADOU));
    const channel = await light.hear('fr');
    // The later of the two presses overrides the earlier, who is told.
    const overridden = async (one: Person): Promise<boolean> =>
        (await one.page.locator('.microphone-key').getAttribute('aria-pressed')) === 'false' &&
        /opened/.test((await one.page.locator('.desk-warnings').textContent()) ?? '');
    for (let round = 0; round < 3; round++) {
        const began = Date.now();
        await Promise.all([sophie.page.keyboard.press('m'), mamadou.page.keyboard.press('m')]);
        await expect
            .poll(async () => [await overridden(sophie), await overridden(mamadou)].filter(Boolean).length)
            .toBe(1);
        const first = await overridden(mamadou);
        const [winner, other] = first ? [sophie, mamadou] : [mamadou, sophie];
        await expect(winner.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
        const who = String(winner.options.participant);
        await expect.poll(async () => onAir(sophie)).toEqual([who]);
        await expect.poll(async () => onAir(mamadou)).toEqual([who]);
        await channel.hears(first ? SOPHIE : MAMADOU);
        const { order } = await channel.between(began);
        expect(order.at(-1)).toBe(first ? SOPHIE : MAMADOU);
        expect(order.length, 'the later press decides, once').toBeLessThanOrEqual(2);
        expect(
            (await winner.meeting())?.booths.find((one) => one.language === 'fr')?.alarm_since,
        ).toBeUndefined();
        await winner.page.keyboard.press('m');
        // The one that was overridden opens again by itself: the booth's own rule. Off as well, for the next round.
        await expect.poll(async () => (await onAir(winner)).includes(who)).toBe(false);
        if ((await onAir(winner)).length > 0) {
            await other.page.keyboard.press('m');
        }
        await expect.poll(async () => onAir(sophie)).toEqual([]);
        await expect.poll(async () => onAir(mamadou)).toEqual([]);
        await channel.hears(0);
    }
});

test('nobody answers: the request lapses after a minute, and both are told', async ({ person, light }) => {
    test.skip(
        !process.env.PLENARY_LONG,
        'one of the long forms; the minute itself is in unit/meeting/test_handover',
    );
    test.setTimeout(3 * ANSWER_WITHIN_MS);
    const sophie = await light.join(french(1, SOPHIE));
    const mamadou = await person(french(2, MAMADOU));
    await sophie.microphone('on');
    const words = mamadou.page.locator('.handover-words');
    await expect(words).toHaveText('Your boothmate is on air.');
    const asked = Date.now();
    await mamadou.page.keyboard.press('h');
    await expect(words).toHaveText('You asked Sophie Laurent; waiting for the answer.');
    await expect(mamadou.page.locator('[data-desk=polite]')).toHaveText('No answer: lapsed.', {
        timeout: ANSWER_WITHIN_MS + 30_000,
    });
    expect(Date.now() - asked).toBeGreaterThan(ANSWER_WITHIN_MS - 1000);
    await expect(words).toHaveText('Your boothmate is on air.');
    expect(await onAir(mamadou)).toEqual(['interpreter-fr-1']);
});

test('the one on the air loses the network: the partner takes over, and who comes back stays off', async ({
    person,
    plenary,
    light,
}) => {
    const page = new CutLine();
    const media = new LossyLine(7);
    const pagePort = await page.open(plenary.port);
    const mediaPort = await media.open(plenary.port, '127.0.0.1');
    const sophie = await person({ ...french(1, SOPHIE), pagePort, mediaPort });
    const mamadou = await person(french(2, MAMADOU));
    const channel = await light.hear('fr');
    await sophie.page.keyboard.press('m');
    await channel.hears(SOPHIE);
    await expect(mamadou.page.locator('.handover-words')).toHaveText('Your boothmate is on air.');

    page.cut();
    media.lose(1);
    const cut = Date.now();
    await expect(mamadou.page.locator('.handover-words')).toContainText(
        'Sophie Laurent is lost. You go on air',
    );
    await expect.poll(async () => onAir(mamadou)).toEqual(['interpreter-fr-2']);
    await channel.hears(MAMADOU);
    const { order } = await channel.between(cut);
    expect(order.at(-1)).toBe(MAMADOU);
    expect(strangers((await channel.between(cut)).runs, [SOPHIE, MAMADOU])).toEqual([]);
    console.log(`the partner is heard ${((await channel.hears(MAMADOU)) - cut).toFixed(0)} ms after the cut`);
    await expect(mamadou.page.locator('.desk-air')).toContainText('On air');

    page.mend();
    media.lose(0);
    await expect(sophie.page.locator('.connection')).toContainText('Connection good', { timeout: 20_000 });
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(async () => onAir(sophie)).toEqual(['interpreter-fr-2']);
    await channel.hears(MAMADOU);
    // A press is what it takes, and it works.
    await expect.poll(async () => (await sophie.state()).media, { timeout: 20_000 }).toBe('connected');
    await sophie.page.keyboard.press('m');
    await channel.hears(SOPHIE);
    page.close();
    media.close();
});

test('only the sound is lost, the page is not: the partner takes over all the same', async ({
    person,
    plenary,
    light,
}) => {
    const media = new LossyLine(11);
    const mediaPort = await media.open(plenary.port, '127.0.0.1');
    const sophie = await person({ ...french(1, SOPHIE), mediaPort });
    const mamadou = await person(french(2, MAMADOU));
    const channel = await light.hear('fr');
    await sophie.page.keyboard.press('m');
    await channel.hears(SOPHIE);
    media.lose(1);
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await channel.hears(MAMADOU);
    expect(await onAir(mamadou)).toEqual(['interpreter-fr-2']);
    media.lose(0);
    await expect.poll(async () => (await sophie.state()).media, { timeout: 20_000 }).toBe('connected');
    expect(await onAir(sophie)).toEqual(['interpreter-fr-2']);
    media.close();
});

// However the page goes, its person is lost alike: the partner is asked at once and takes over, and the next page says since when.
const WAYS: Record<
    string,
    (sophie: Person, visit: (path: string) => Promise<Page>, link: () => string) => Promise<Page | null>
> = {
    'is loaded anew': async (sophie) => {
        await sophie.page.reload();
        return sophie.page;
    },
    'is opened elsewhere': async (_, visit, link) => visit(link()),
    'is closed': async (sophie) => {
        await sophie.page.close();
        return null;
    },
};

for (const [how, goes] of Object.entries(WAYS)) {
    test(`the page of the one on the air ${how}: the partner takes over`, async ({
        person,
        visit,
        plenary,
        light,
    }) => {
        const sophie = await person(french(1, SOPHIE));
        const mamadou = await person(french(2, MAMADOU));
        const channel = await light.hear('fr');
        await sophie.page.keyboard.press('m');
        await channel.hears(SOPHIE);
        await expect(mamadou.page.locator('.handover-words')).toHaveText('Your boothmate is on air.');
        const next = await goes(sophie, visit, () => `/m/demo#${plenary.token(french(1, SOPHIE))}`);
        await expect(mamadou.page.locator('[data-desk=assertive]')).toContainText(
            'Sophie Laurent is lost. You go on air',
        );
        await expect.poll(async () => onAir(mamadou)).toEqual(['interpreter-fr-2']);
        await channel.hears(MAMADOU);
        if (next === null) {
            return;
        }
        await expect(next.locator('.desk-warnings')).toContainText(
            /You were cut off at \d\d:\d\d:\d\d\. Mamadou Keïta has taken over\./,
        );
        await expect(next.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
        await mamadou.page.keyboard.press('m');
        await expect(next.locator('.desk-warnings')).toContainText('press it to go on');
        if (next === sophie.page) {
            await next.keyboard.press('m');
            await channel.hears(SOPHIE);
            await expect(next.locator('.desk-warnings')).not.toContainText('cut off');
        }
    });
}
