// A shift of the booths: two speakers in turn, four booths that hand over, open, close and rest, every channel heard without a break by
// light ears at the doors. The two French desks are pages, everybody else is light. Six turns of it in every run, thirty
// minutes with PLENARY_LONG.
import type { ChannelId } from '../../src/contract/generated.ts';
import { expect, type Person, type PlenaryServer, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';
import { type LightEar, type LightPeople, LightPerson, strangers } from './light_people.ts';
import { getsOnAir, opensMicrophone } from './press.ts';

const MINUTES = process.env.PLENARY_LONG ? 30 : 0;
const TURNS_MIN = 6;
const TURN_MS = process.env.PLENARY_LONG ? 20_000 : 2_000;
const SILENT_MAX_MS = 300;
const CHANNELS: ChannelId[] = ['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'];
const SMALL = { width: 1000, height: 720 };
const [CHINA, RUSSIA, ZH, EN, FR1, FR2, ES1, ES2] = [400, 700, 1000, 1300, 1600, 1900, 2200, 2500];

interface Turn {
    /** The longest silence on any channel, ms. */
    gap: number;
    late: number;
    words: string;
}

async function isOn(one: Person): Promise<boolean> {
    return one.page.evaluate(
        'document.querySelector(".microphone-key")?.getAttribute("aria-pressed") === "true"',
    );
}

async function turnTo(one: Person | LightPerson, on: boolean): Promise<void> {
    if (one instanceof LightPerson) {
        await one.microphone(on ? 'on' : 'off');
    } else if (on && !(await isOn(one))) {
        await opensMicrophone(one);
    } else if (!on && (await isOn(one))) {
        await one.page.keyboard.press('m');
        await expect.poll(async () => isOn(one)).toBe(false);
    }
}

// Asked, agreed, taken: and the one before is closed by the rule.
async function handOver(from: Person, to: Person): Promise<void> {
    await getsOnAir(to, async () => {
        await to.page.keyboard.press('h');
        await expect(from.page.locator('.handover-words')).toContainText('asks for the microphone');
        await from.page.keyboard.press('y');
        await expect(to.page.locator('.handover-words')).toContainText('Agreed');
        await to.page.keyboard.press('h');
    });
    await expect.poll(async () => isOn(from)).toBe(false);
}

class Shift {
    private readonly ears = new Map<ChannelId, LightEar>();
    private done = 0;

    private constructor(
        readonly people: LightPeople,
        readonly chair: LightPerson,
        readonly french: Person[],
        readonly delegates: LightPerson[],
        readonly light: Record<'zh' | 'en' | 'es1' | 'es2', LightPerson>,
    ) {}

    static async open(
        person: (id: string, tone: number) => Promise<Person>,
        light: LightPeople,
    ): Promise<Shift> {
        const booth = async (id: string, tone: number): Promise<LightPerson> =>
            light.join({
                role: 'interpreter',
                participant: `interpreter-${id}`,
                language: id.slice(0, 2),
                tone,
            });
        const french = [await person('fr-1', FR1!), await person('fr-2', FR2!)];
        const delegates = [
            await light.join({ role: 'delegate', participant: 'delegate-chn', tone: CHINA! }),
            await light.join({ role: 'delegate', delegation: 'RUS', tone: RUSSIA! }),
        ];
        const chair = await light.join({ role: 'chair' });
        const shift = new Shift(light, chair, french, delegates, {
            zh: await booth('zh-1', ZH!),
            en: await booth('en-1', EN!),
            es1: await booth('es-1', ES1!),
            es2: await booth('es-2', ES2!),
        });
        for (const id of CHANNELS) {
            shift.ears.set(id, await light.hear(id));
        }
        await light.giveFloor(chair, delegates[0]!);
        await turnTo(french[0]!, true);
        await turnTo(shift.light.es1, true);
        await shift.carry({ floor: CHINA!, fr: FR1!, es: ES1!, zh: CHINA! });
        return shift;
    }

    private async carry(wanted: Record<string, number>): Promise<void> {
        for (const [id, hertz] of Object.entries(wanted)) {
            await this.ears.get(id as ChannelId)!.hears(hertz);
        }
    }

    /** The other speaker, the other French and the other Spanish interpreter; the Chinese booth when it is needed, English two times of three. */
    async turn(): Promise<Turn> {
        this.done += 1;
        const { people, chair, french, light, delegates, done } = this;
        const next = delegates[done % 2]!;
        const before = delegates[(done + 1) % 2]!;
        const russian = done % 2 === 1;
        const english = done % 3 !== 0;
        const began = Date.now();
        await people.giveFloor(chair, next);
        await this.carry({ floor: russian ? RUSSIA! : CHINA! });
        await chair.command('floor.end', { participant: before.participant });
        await turnTo(light.zh, russian);
        await turnTo(light.en, english);
        await handOver(french[(done + 1) % 2]!, french[done % 2]!);
        await turnTo(russian ? light.es1 : light.es2, false); // without a word, one after the other
        await turnTo(russian ? light.es2 : light.es1, true);
        const speaker = russian ? RUSSIA! : CHINA!;
        await this.carry({
            floor: speaker,
            ar: speaker, // nobody in the booth: the floor
            ru: speaker,
            zh: russian ? ZH! : CHINA!,
            en: english ? EN! : speaker,
            fr: done % 2 === 0 ? FR1! : FR2!,
            es: russian ? ES2! : ES1!,
        });
        await french[0]!.page.waitForTimeout(TURN_MS); // the new order is measured for so long
        return this.judge(began);
    }

    private async judge(began: number): Promise<Turn> {
        const until = Date.now() - 200; // what is still on its way is the next turn's
        const own: Record<string, number[]> = { zh: [ZH!], en: [EN!], fr: [FR1!, FR2!], es: [ES1!, ES2!] };
        const turn: Turn = { gap: 0, late: 0, words: '' };
        for (const [id, ear] of this.ears) {
            const { gap, late, missing, runs } = await ear.between(began, until);
            await ear.forget(until);
            expect(missing, `numbers on ${id}`).toBe(0);
            const allowed = [CHINA!, RUSSIA!, ...(own[id] ?? [])];
            expect(strangers(runs, allowed), `who should not be heard on ${id}`).toEqual([]);
            // The voices on French are pages', which make pauses of their own on a busy machine.
            turn.gap = Math.max(turn.gap, id === 'fr' ? 0 : gap);
            turn.late = Math.max(turn.late, late);
            turn.words += `${id} ${gap.toFixed(0)} `;
        }
        return turn;
    }
}

function dropped(plenary: PlenaryServer, before: Map<string, number>): number {
    const after = plenary.packetsDropped().server;
    return [...after].reduce((sum, [socket, count]) => sum + count - (before.get(socket) ?? 0), 0);
}

test(`a shift of the booths, ${MINUTES > 0 ? 'thirty minutes' : 'six turns'}`, async ({
    plenary,
    person,
    light,
}) => {
    test.setTimeout((2 * MINUTES + 6) * 60_000);
    const page = async (id: string, tone: number): Promise<Person> =>
        person({
            role: 'interpreter',
            participant: `interpreter-${id}`,
            language: 'fr',
            tone,
            viewport: SMALL,
        });
    const shift = await Shift.open(page, light);
    const before = plenary.packetsDropped().server;
    const memory: { control: number; media: number }[] = [];
    const began = Date.now();
    let turns = 0;
    while (turns < TURNS_MIN - 1 || Date.now() - began < MINUTES * 60_000) {
        const { gap, late, words } = await shift.turn();
        turns += 1;
        console.log(
            `turn ${turns}: silent at most ${gap.toFixed(0)} ms (${words.trim()}), late by ${late.toFixed(0)} ms`,
        );
        memory.push({ control: plenary.memoryOf('control'), media: plenary.memoryOf('media') });
    }

    const pages = shift.french;
    const others = [shift.chair, ...shift.delegates, ...Object.values(shift.light)];
    const everywhere = async (): Promise<number> => {
        const seen = [
            ...(await Promise.all(pages.map(async (one) => (await one.state()).sequence))),
            ...(await Promise.all(others.map(async (one) => one.sequence()))),
        ];
        return new Set(seen).size;
    };
    await expect.poll(everywhere).toBe(1);
    for (const one of pages) {
        expect(one.sequence.gaps, `${one.options.participant ?? one.options.role} missed events`).toEqual([]);
    }
    const lost = dropped(plenary, before);
    console.log(
        `${turns} turns, memory control ${memory[0]?.control} to ${memory.at(-1)?.control} kB, media ${memory[0]?.media} to ` +
            `${memory.at(-1)?.media} kB; packets dropped for the server: ${lost}`,
    );
    expect(lost).toBe(0);
    for (const face of ['control', 'media'] as const) {
        const settled = memory[Math.min(2, memory.length - 1)]?.[face] ?? 0;
        expect(memory.at(-1)?.[face] ?? 0, `${face} grows`).toBeLessThan(settled * 1.1 + 2000);
    }
    await promised(
        'silence at a turn',
        SILENT_MAX_MS,
        shift.french.map((one) => one.page),
        async () => {
            const { gap, late, words } = await shift.turn();
            return { ms: gap, late, words };
        },
    );
});
