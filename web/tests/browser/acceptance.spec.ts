// A morning of the booths, every channel measured without a break: a delegate speaks Chinese, the Chinese booth works into English by
// its B output while the English booth is silent, the other booths take relay; then a delegate speaks Russian and everything turns over.
// Two are pages: the Chinese desk, and that of a booth which takes relay. Light ears hear the channels.
import type { ChannelId } from '../../src/contract/generated.ts';
import { expect, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';
import { type LightEar, type LightPerson, strangers } from './light_people.ts';
import { opensMicrophone } from './press.ts';

const SILENT_MAX_MS = 300;
// Whose voices come from light clients; a page on a busy machine makes pauses of its own.
const MEASURED: ChannelId[] = ['floor', 'fr', 'ru', 'es'];
const CHANNELS: ChannelId[] = ['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'];

// Each source has a tone of its own.
const CHINA = 400;
const ZH = 700;
const AR = 1000;
const FR = 1300;
const RU = 1600;
const ES = 1900;
const RUSSIA = 2200;
const EN = 2500;

const BEFORE_MS = 200;

const FIRST: Record<string, number> = { floor: CHINA, ar: AR, zh: CHINA, en: ZH, fr: FR, ru: RU, es: ES };
const THEN: Record<string, number> = { floor: RUSSIA, ar: AR, zh: ZH, en: EN, fr: FR, ru: RUSSIA, es: ES };

test('a Chinese speaker through English to all, then a Russian one: every channel right', async ({
    person,
    light,
}) => {
    const booth = async (id: string, tone: number): Promise<LightPerson> =>
        light.join({ role: 'interpreter', participant: `interpreter-${id}-1`, language: id, tone });
    const chair = await light.join({ role: 'chair' });
    const desk = { role: 'interpreter', participant: 'interpreter-zh-1', language: 'zh' } as const;
    const chinese = await person({ ...desk, tone: ZH });
    const arabic = await person({
        role: 'interpreter',
        participant: 'interpreter-ar-1',
        language: 'ar',
        tone: AR,
    });
    const china = await light.join({ role: 'delegate', delegation: 'CHN', tone: CHINA });
    const russia = await light.join({ role: 'delegate', delegation: 'RUS', tone: RUSSIA });
    const english = await booth('en', EN);
    const russian = await booth('ru', RU);
    const others = [await booth('fr', FR), russian, await booth('es', ES)];
    const ears = new Map<ChannelId, LightEar>();
    for (const id of CHANNELS) {
        ears.set(id, await light.hear(id));
    }
    const carry = async (wanted: Record<string, number>): Promise<void> => {
        for (const [id, ear] of ears) {
            await ear.hears(wanted[id]!);
        }
    };
    const channelOf = async (id: ChannelId) =>
        (await chinese.meeting())?.channels.find((one) => one.id === id);

    await light.giveFloor(chair, china);
    await expect(chinese.page.locator('.output-key')).toHaveCount(3);
    await chinese.page.keyboard.press('b');
    await expect(chinese.page.locator('.output-key[aria-pressed=true]')).toContainText('English');
    await opensMicrophone(chinese);
    await expect.poll(async () => (await channelOf('en'))?.depth).toBe(1);
    for (const one of others) {
        await one.microphone('on');
    }
    // What stands in for the floor at the other desks is the Chinese booth's English.
    await arabic.hears('mix', ZH, [CHINA]);
    await opensMicrophone(arabic);
    for (const id of ['ar', 'fr', 'ru', 'es'] as const) {
        await expect.poll(async () => (await channelOf(id))?.depth, { message: id }).toBe(2);
    }
    await carry(FIRST);

    // As the meeting has it: what is opened next by another must not cross it.
    const chooses = async (output: 'a' | 'b'): Promise<void> => {
        await chinese.page.keyboard.press(output);
        await expect
            .poll(async () => {
                const desks = (await chinese.meeting())?.booths.flatMap((booth) => booth.desks);
                return desks?.find((one) => one.participant === desk.participant)?.output ?? 'a';
            })
            .toBe(output);
    };

    // The Russian speaker is given the floor before the Chinese one ends: two microphones may be open.
    const turnOver = async (): Promise<void> => {
        await light.giveFloor(chair, russia);
        await ears.get('floor')!.hears(RUSSIA);
        await chair.command('floor.end', { participant: china.participant });
        await chooses('a');
        await english.microphone('on');
        await russian.microphone('off');
        await carry(THEN);
    };
    const turnBack = async (): Promise<void> => {
        await english.microphone('off');
        await light.giveFloor(chair, china);
        await ears.get('floor')!.hears(CHINA);
        await chair.command('floor.end', { participant: russia.participant });
        await chooses('b');
        await russian.microphone('on');
        await carry(FIRST);
    };
    // A channel goes on with what it carries until the microphone that is opened next is heard.
    let turned = false;
    await promised(
        'silence on a channel while everything turns over',
        SILENT_MAX_MS,
        [chinese.page],
        async () => {
            if (turned) {
                await turnBack();
            }
            turned = true;
            // From before the turn, however quickly it comes: what was carried until then is heard for more than a packet or two.
            const began = Date.now();
            await chinese.page.waitForTimeout(BEFORE_MS);
            await turnOver();
            await arabic.hears('mix', RUSSIA, [ZH, EN]);
            await expect.poll(async () => (await channelOf('ar'))?.depth).toBe(1);
            const heard = await Promise.all(CHANNELS.map((id) => ears.get(id)!.between(began)));
            CHANNELS.forEach((id, at) => {
                const { order, runs, missing } = heard[at]!;
                // From the one to the other; between them the floor, whoever has it, and nobody else.
                expect([order[0], order.at(-1)], id).toEqual([FIRST[id], THEN[id]]);
                expect(strangers(runs, [FIRST[id]!, THEN[id]!, CHINA, RUSSIA]), `heard on ${id}`).toEqual([]);
                expect(missing, `numbers on ${id}`).toBe(0);
            });
            const words = CHANNELS.map((id, at) => `${id} ${heard[at]!.gap.toFixed(0)}`).join(', ');
            const late = Math.max(...heard.map((one) => one.late));
            const gaps = MEASURED.map((id) => heard[CHANNELS.indexOf(id)]!.gap);
            return { ms: Math.max(...gaps), late, words };
        },
    );
});
