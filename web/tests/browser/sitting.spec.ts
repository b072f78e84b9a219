// A sitting of twelve: four speakers in turn, two booths whose interpreters alternate, two cameras, a listener who stays on the floor, one
// on French, one who changes. Three are pages: the chair and a speaker with their cameras, and the listener who changes; the others are
// light. What the other two hear is measured by when the server sent it. Eight turns in every run, twenty minutes with PLENARY_LONG.
import { expect, Person, type PersonOptions, type PlenaryServer, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';
import { type LightPeople, LightPerson, strangers } from './light_people.ts';

const MINUTES = process.env.PLENARY_LONG ? 20 : 0;
const TURNS_MIN = 8;
const TURN_MS = process.env.PLENARY_LONG ? 15_000 : 3_000;
const GAP_MS_MAX = 60;
const SMALL = { width: 400, height: 720 };
const SPEAKERS = [
    { participant: 'delegate-fra', name: 'France', tone: 500, picture: 'red' },
    { participant: 'delegate-chn', name: 'China', tone: 700, picture: null },
    { participant: 'delegate-bra', name: 'Brazil', tone: 900, picture: null },
    { participant: 'delegate-egy', name: 'Egypt', tone: 1100, picture: null },
] as const;
const BOOTHS = [
    [
        { participant: 'interpreter-fr-1', language: 'fr', tone: 1500 },
        { participant: 'interpreter-fr-2', language: 'fr', tone: 1600 },
    ],
    [
        { participant: 'interpreter-es-1', language: 'es', tone: 1700 },
        { participant: 'interpreter-es-2', language: 'es', tone: 1800 },
    ],
] as const;
const LANGUAGES = ['floor', 'fr', 'es', 'en', 'ru', 'ar'];

type Make = (options: PersonOptions) => Promise<Person>;

class Sitting {
    readonly memory: { control: number; media: number }[] = [];
    private onAir: LightPerson[] = [];
    private turns = 0;

    private constructor(
        readonly chair: Person,
        readonly delegates: (Person | LightPerson)[],
        readonly booths: LightPerson[][],
        readonly onFloor: LightPerson,
        readonly onFrench: LightPerson,
        readonly plenary: PlenaryServer,
    ) {}

    static async open(person: Make, light: LightPeople, plenary: PlenaryServer): Promise<Sitting> {
        const chair = await person({ role: 'chair', picture: 'green' });
        const delegates: (Person | LightPerson)[] = [];
        for (const { participant, tone, picture } of SPEAKERS) {
            delegates.push(
                picture
                    ? await person({ role: 'delegate', participant, tone, picture })
                    : await light.join({ role: 'delegate', participant, tone }),
            );
        }
        const booths: LightPerson[][] = [];
        for (const team of BOOTHS) {
            const people: LightPerson[] = [];
            for (const interpreter of team) {
                people.push(await light.join({ role: 'interpreter', ...interpreter }));
            }
            booths.push(people);
        }
        for (const one of [chair, ...delegates]) {
            if (one instanceof Person) {
                await one.press(/^Camera/);
            }
        }
        const onFloor = await light.join({ role: 'listener', listens: true });
        const onFrench = await light.join({ role: 'listener', listens: true });
        await onFrench.command('listen.set', { slot: 'language', channel: 'fr' });
        return new Sitting(chair, delegates, booths, onFloor, onFrench, plenary);
    }

    /** The next speaker is given the floor while the one before still has it, who is then ended: the floor is never silent. */
    async speak(turn: number): Promise<void> {
        const next = turn % SPEAKERS.length;
        const speaker = this.delegates[next]!;
        await (speaker instanceof Person
            ? speaker.press('Ask for the floor')
            : speaker.command('floor.request'));
        await this.chair.press(new RegExp(`^Give the floor.*${SPEAKERS[next]?.name}`));
        await expect
            .poll(async () => (await this.chair.meeting())?.floor.at(-1)?.participant)
            .toBe(SPEAKERS[next]?.participant);
    }

    async endBefore(turn: number): Promise<void> {
        const before = SPEAKERS[(turn + SPEAKERS.length - 1) % SPEAKERS.length];
        await this.chair.page
            .getByRole('button', { name: new RegExp(`^End.*${before?.name}`) })
            .first()
            .click();
        await expect.poll(async () => (await this.chair.meeting())?.floor.length).toBe(1);
    }

    /** In each booth one stops and, two turns of three, a colleague goes on. */
    async interpret(turn: number): Promise<void> {
        for (const one of this.onAir) {
            await one.microphone('off');
        }
        this.onAir = turn % 3 === 2 ? [] : this.booths.flatMap((team) => team[turn % team.length] ?? []);
        for (const one of this.onAir) {
            await one.microphone('on');
        }
    }

    /** One turn; the longest time in it without sound at a listener's slot whose source spoke, as it was sent. */
    async turn(changing: Person): Promise<{ ms: number; late: number; words: string }> {
        this.turns += 1;
        const { turns, chair, onFloor, onFrench } = this;
        await this.interpret(turns);
        const began = Date.now();
        await this.speak(turns);
        const tone = SPEAKERS[turns % SPEAKERS.length]!.tone;
        const [own, other] =
            turns % 2 === 1 ? (['floor_2', 'floor_1'] as const) : (['floor_1', 'floor_2'] as const);
        const second = onFloor.ear(own);
        const first = onFloor.ear(other);
        await second.hears(tone, began);
        await changing.hears(own, tone);
        const french = BOOTHS[0][turns % 2]!.tone;
        if (this.onAir.length > 0) {
            await onFrench.ear('language').hears(french);
        }
        const settled = Date.now();
        await this.endBefore(turns);
        await changing.chooseLanguage(LANGUAGES[turns % LANGUAGES.length] ?? 'floor');
        await chair.page.waitForTimeout(TURN_MS); // is measured for so long
        const until = Date.now() - 200; // what is still on its way is nobody's
        const heard = await second.between(settled, until);
        const language = await onFrench.ear('language').between(settled, until);
        this.sampleMemory();
        for (const ear of [first, second, onFrench.ear('language')]) {
            await ear.forget(until);
        }
        expect(heard.order, 'on the floor').toEqual([tone]);
        expect(heard.missing + language.missing).toBe(0);
        const allowed = this.onAir.length > 0 ? [french] : SPEAKERS.map((one) => one.tone);
        expect(strangers(language.runs, allowed), 'on French').toEqual([]);
        return {
            ms: Math.max(heard.gap, this.onAir.length > 0 ? language.gap : 0),
            late: Math.max(heard.late, language.late),
            words: `floor ${heard.gap.toFixed(0)}, French ${this.onAir.length > 0 ? language.gap.toFixed(0) : 'the floor'}`,
        };
    }

    sampleMemory(): void {
        const { plenary } = this;
        this.memory.push({ control: plenary.memoryOf('control'), media: plenary.memoryOf('media') });
    }
}

/** Joins at once and says after how many ms the first sound came: since the press, and since the page was opened. */
async function firstSound(person: Person, frequency: number): Promise<{ press: number; page: number }> {
    return person.diagnose(async (diagnostics, tone) => {
        const pressed = performance.now();
        document.querySelector<HTMLButtonElement>('.entrance-join .button-filled')?.click();
        const heard = await diagnostics.heardAt('mix', tone, -35, 20_000);
        return { press: heard - pressed, page: heard };
    }, frequency);
}

test(`a sitting of twelve people, ${MINUTES > 0 ? 'twenty minutes' : 'eight turns'}`, async ({
    person: anybody,
    plenary,
    light,
}) => {
    const person: Make = (options) => anybody({ viewport: SMALL, ...options });
    test.setTimeout((2 * MINUTES + 6) * 60_000);
    const sitting = await Sitting.open(person, light, plenary);
    await sitting.speak(0);
    const changing = await person({ role: 'listener', stay: true });
    const sound = await firstSound(changing, SPEAKERS[0].tone);
    const pages = [
        sitting.chair,
        ...sitting.delegates.filter((one): one is Person => one instanceof Person),
        changing,
    ];
    const without = [
        ...sitting.delegates.filter((one): one is LightPerson => one instanceof LightPerson),
        ...sitting.booths.flat(),
        sitting.onFloor,
        sitting.onFrench,
    ];
    expect(pages.length + without.length).toBe(12);
    const joins = await Promise.all(pages.map(async (one) => Number((await one.state()).joinMs).toFixed(0)));
    console.log(
        `media joined in ${joins.join(' ')} ms; first sound ${sound.press.toFixed(0)} ms after the press, ` +
            `${sound.page.toFixed(0)} ms after the page was opened`,
    );
    expect(sound.press).toBeGreaterThan(0);
    const before = plenary.packetsDropped();
    const began = Date.now();
    for (let turns = 1; turns < TURNS_MIN || Date.now() - began < MINUTES * 60_000; turns += 1) {
        const { ms, late, words } = await sitting.turn(changing);
        console.log(
            `turn ${turns}: at most ${ms.toFixed(0)} ms without sound (${words}), late by ${late.toFixed(0)} ms`,
        );
    }

    // Nothing is missing in what anybody was told, and all were told the same.
    await expect
        .poll(async () => {
            const seen = [
                ...(await Promise.all(pages.map(async (one) => (await one.state()).sequence))),
                ...(await Promise.all(without.map(async (one) => one.sequence()))),
            ];
            return new Set(seen).size;
        })
        .toBe(1);
    const last = Number((await sitting.chair.state()).sequence);
    for (const one of pages) {
        expect(one.sequence.gaps, `${one.options.participant ?? one.options.role} missed events`).toEqual([]);
        expect(one.sequence.last).toBe(last);
        expect(one.sequence.snapshots, 'nobody had to begin again').toBe(1);
    }

    // What the kernel threw away because a browser did not read it in time is not the server's.
    const after = plenary.packetsDropped();
    const newly = (whose: 'server' | 'others'): number =>
        [...after[whose]].reduce((sum, [socket, count]) => sum + count - (before[whose].get(socket) ?? 0), 0);
    console.log(
        `packets dropped by the kernel: ${newly('server')} for the server, ${newly('others')} for the browsers`,
    );
    expect(newly('server')).toBe(0);
    const early = sitting.memory[Math.floor(sitting.memory.length / 4)] ?? { control: 0, media: 0 };
    const late = sitting.memory.at(-1) ?? { control: 0, media: 0 };
    console.log(
        `last event ${last}; memory: control ${early.control} → ${late.control} kB, media ${early.media} → ${late.media} kB`,
    );
    for (const face of ['control', 'media'] as const) {
        expect(early[face]).toBeGreaterThan(0);
        expect(late[face], face).toBeLessThan(early[face] * 1.1 + 2048);
    }
    // While the same source speaks nothing is ever left out.
    await promised('the longest time without sound', GAP_MS_MAX, [], () => sitting.turn(changing));
});
