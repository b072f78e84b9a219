// A morning of the booths, every channel measured without a break: a delegate speaks Chinese, the Chinese booth works into English by
// its B output while the English booth is silent, the other booths take relay; then a delegate speaks Russian and everything turns over.
import type { ChannelId } from '../../src/contract/generated.ts';
import { hear, heard, serveEmptyPage, TONES } from './door_page.ts';
import { expect, type Person, test } from './fixtures.ts';

const BLOCK_MS = 10;
const SILENT_MAX_MS = 300;
const CHANNELS: ChannelId[] = ['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'];

// Each source has a tone of its own.
const [CHINA, ZH, AR, FR, RU, ES, RUSSIA, EN] = TONES as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
];

const FIRST: Record<string, number> = { floor: CHINA, ar: AR, zh: CHINA, en: ZH, fr: FR, ru: RU, es: ES };
const THEN: Record<string, number> = { floor: RUSSIA, ar: AR, zh: ZH, en: EN, fr: FR, ru: RUSSIA, es: ES };

// Eight browsers at once: when the machine was busy with something else, once more.
test.describe.configure({ retries: 2 });

test('a Chinese speaker through English to all, then a Russian one: every channel right', async ({
    plenary,
    browsers,
    person,
}) => {
    const booth = async (id: string, tone: number): Promise<Person> =>
        person({ role: 'interpreter', participant: `interpreter-${id}-1`, language: id, tone });
    const chair = await person({ role: 'chair' });
    const china = await person({ role: 'delegate', delegation: 'CHN', tone: CHINA });
    const russia = await person({ role: 'delegate', delegation: 'RUS', tone: RUSSIA });
    const chinese = await booth('zh', ZH);
    const english = await booth('en', EN);
    const others = [
        await booth('ar', AR),
        await booth('fr', FR),
        await booth('ru', RU),
        await booth('es', ES),
    ] as const;
    const [arabic, , russian] = others;

    await china.press('Ask for the floor');
    await chair.press(/^Give the floor/);
    await chinese.page.keyboard.press('b');
    await chinese.page.keyboard.press('m');
    for (const one of others) {
        // What stands in for the floor at the other desks is the Chinese booth's English.
        await one.hears('mix', ZH, [CHINA]);
        await one.page.keyboard.press('m');
    }
    const channelOf = async (id: ChannelId) => (await chair.meeting())?.channels.find((one) => one.id === id);
    await expect.poll(async () => (await channelOf('en'))?.depth).toBe(1);
    for (const id of ['ar', 'fr', 'ru', 'es'] as const) {
        await expect.poll(async () => (await channelOf(id))?.depth, { message: id }).toBe(2);
    }

    const { url, server } = await serveEmptyPage();
    const ears = await (await browsers('chromium')).newPage();
    try {
        await ears.goto(url);
        const token = plenary.token({ role: 'technician' });
        for (const id of CHANNELS) {
            await hear(ears, id, { url: `${plenary.url}/whep/demo/${id}`, token });
        }
        const carry = async (wanted: Record<string, number>): Promise<void> => {
            for (const id of CHANNELS) {
                await expect
                    .poll(async () => TONES[(await heard(ears))[id]?.at(-1) ?? -1], {
                        message: `channel ${id}`,
                        timeout: 15_000,
                        intervals: [200],
                    })
                    .toBe(wanted[id]);
            }
        };
        await carry(FIRST);
        const from = Object.fromEntries(
            Object.entries(await heard(ears)).map(([id, blocks]) => [id, blocks.length]),
        );

        // The Russian speaker is given the floor before the Chinese one ends: two microphones may be open.
        await russia.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await chair.press(/^End.*China/);
        await chinese.page.keyboard.press('a');
        await english.page.keyboard.press('m');
        await russian.page.keyboard.press('m');
        await carry(THEN);
        await arabic.hears('mix', RUSSIA, [ZH, EN]);
        await expect.poll(async () => (await channelOf('ar'))?.depth).toBe(1);
        await ears.waitForTimeout(1000); // a second of the new order is measured too

        const all = await heard(ears);
        for (const id of CHANNELS) {
            const blocks = all[id]!.slice(from[id]);
            let longest = 0;
            let run = 0;
            let wrong = 0;
            for (const block of blocks) {
                run = block < 0 ? run + 1 : 0;
                longest = Math.max(longest, run);
                const tone = TONES[block];
                // Between the two orders a channel may carry the floor, whoever has it.
                wrong += tone === undefined || [FIRST[id], THEN[id], CHINA, RUSSIA].includes(tone) ? 0 : 1;
            }
            console.log(
                `${id}: ${blocks.length * BLOCK_MS} ms, silent at most ${longest * BLOCK_MS} ms at once`,
            );
            // A channel goes on with what it carries until the microphone that is opened next is heard.
            expect(longest * BLOCK_MS, `silence on ${id}`).toBeLessThanOrEqual(SILENT_MAX_MS);
            // A change of tones lies within a block, which then shows a third one.
            expect(wrong, `blocks on ${id} that nobody should hear there`).toBeLessThanOrEqual(6);
        }
    } finally {
        await ears.close();
        server.close();
    }
});
