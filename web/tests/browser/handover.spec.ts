// The rarer ends of a handover, in real pages and by what a listener of the channel hears: nobody answers, both press at once, the one on
// the air loses the network, and comes back. The ordinary ends are in desk.spec.ts; every state and event is in the core's own tables.
import { expect, type Person, type PersonOptions, test } from './fixtures.ts';
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

async function frenchListener(person: (options: PersonOptions) => Promise<Person>): Promise<Person> {
    const listener = await person({ role: 'listener' });
    await listener.chooseLanguage('fr');
    return listener;
}

/** Who of the French booth is on the air, as this page has it. */
async function onAir(page: Person): Promise<string[]> {
    const booth = (await page.meeting())?.booths.find((one) => one.language === 'fr');
    return (booth?.desks ?? []).filter((one) => one.microphone !== 'off').map((one) => one.participant);
}

test('both press at once: one of them is on the air, and only that one is heard', async ({ person }) => {
    const sophie = await person(french(1, SOPHIE));
    const mamadou = await person(french(2, MAMADOU));
    const listener = await frenchListener(person);
    for (let round = 0; round < 3; round++) {
        await Promise.all([sophie.page.keyboard.press('m'), mamadou.page.keyboard.press('m')]);
        await expect.poll(async () => (await onAir(listener)).length).toBe(1);
        await expect.poll(async () => onAir(sophie)).toEqual(await onAir(listener));
        const [who] = await onAir(listener);
        const first = who === 'interpreter-fr-1';
        await listener.hears('language', first ? SOPHIE : MAMADOU, [first ? MAMADOU : SOPHIE]);
        const [winner, other] = first ? [sophie, mamadou] : [mamadou, sophie];
        await expect(winner.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
        await expect(other.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
        await expect(other.page.locator('.desk-warnings')).toContainText('opened');
        expect(
            (await listener.meeting())?.booths.find((one) => one.language === 'fr')?.alarm_since,
        ).toBeUndefined();
        await winner.page.keyboard.press('m');
        // The one that was overridden opens again by itself: the booth's own rule. Off as well, for the next round.
        await expect.poll(async () => (await onAir(listener)).includes(who ?? '')).toBe(false);
        if ((await onAir(listener)).length > 0) {
            await other.page.keyboard.press('m');
        }
        await expect.poll(async () => onAir(listener)).toEqual([]);
        await expect.poll(async () => onAir(sophie)).toEqual([]);
        await expect.poll(async () => onAir(mamadou)).toEqual([]);
    }
});

test('nobody answers: the request lapses after a minute, and both are told', async ({ person }) => {
    test.setTimeout(3 * ANSWER_WITHIN_MS);
    const sophie = await person(french(1, SOPHIE));
    const mamadou = await person(french(2, MAMADOU));
    await sophie.page.keyboard.press('m');
    const own = sophie.page.locator('.handover-words');
    const other = mamadou.page.locator('.handover-words');
    await expect(other).toHaveText('Your partner is on air.');
    const asked = Date.now();
    await mamadou.page.keyboard.press('h');
    await expect(own).toHaveText('Mamadou Keïta asks for the microphone.');
    await expect(mamadou.page.locator('[data-desk=polite]')).toHaveText('No answer: lapsed.', {
        timeout: ANSWER_WITHIN_MS + 10_000,
    });
    expect(Date.now() - asked).toBeGreaterThan(ANSWER_WITHIN_MS - 1000);
    await expect(other).toHaveText('Your partner is on air.');
    await expect(own).toHaveText(/You are on air/);
    expect(await onAir(mamadou)).toEqual(['interpreter-fr-1']);
});

test('the one on the air loses the network: the partner takes over, and who comes back stays off', async ({
    person,
    plenary,
}) => {
    const page = new CutLine();
    const media = new LossyLine(7);
    const pagePort = await page.open(plenary.port);
    const mediaPort = await media.open(plenary.port, '127.0.0.1');
    const sophie = await person({ ...french(1, SOPHIE), pagePort, mediaPort });
    const mamadou = await person(french(2, MAMADOU));
    const listener = await frenchListener(person);
    await sophie.page.keyboard.press('m');
    await listener.hears('language', SOPHIE);
    await expect(mamadou.page.locator('.handover-words')).toHaveText('Your partner is on air.');

    page.cut();
    media.lose(1);
    const cut = Date.now();
    await expect(mamadou.page.locator('.handover-words')).toContainText(
        'Sophie Laurent is lost. You go on air',
    );
    await expect.poll(async () => onAir(mamadou)).toEqual(['interpreter-fr-2']);
    await listener.hears('language', MAMADOU, [SOPHIE]);
    console.log(`the partner is heard ${Date.now() - cut} ms after the cut`);
    await expect(mamadou.page.locator('.desk-air')).toContainText('On air');

    page.mend();
    media.lose(0);
    await expect(sophie.page.locator('.connection')).toContainText('Connection good', { timeout: 20_000 });
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(async () => onAir(sophie)).toEqual(['interpreter-fr-2']);
    await listener.hears('language', MAMADOU, [SOPHIE]);
    // A press is what it takes, and it works.
    await expect.poll(async () => (await sophie.state()).media, { timeout: 20_000 }).toBe('connected');
    await sophie.page.keyboard.press('m');
    await listener.hears('language', SOPHIE, [MAMADOU]);
    page.close();
    media.close();
});

test('only the sound is lost, the page is not: the partner takes over all the same', async ({
    person,
    plenary,
}) => {
    const media = new LossyLine(11);
    const mediaPort = await media.open(plenary.port, '127.0.0.1');
    const sophie = await person({ ...french(1, SOPHIE), mediaPort });
    const mamadou = await person(french(2, MAMADOU));
    const listener = await frenchListener(person);
    await sophie.page.keyboard.press('m');
    await listener.hears('language', SOPHIE);
    media.lose(1);
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await listener.hears('language', MAMADOU, [SOPHIE]);
    expect(await onAir(mamadou)).toEqual(['interpreter-fr-2']);
    media.lose(0);
    await expect.poll(async () => (await sophie.state()).media, { timeout: 20_000 }).toBe('connected');
    expect(await onAir(sophie)).toEqual(['interpreter-fr-2']);
    media.close();
});
