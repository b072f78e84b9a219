// The main job in real browsers: who speaks, who interprets, who hears what, measured by frequency.
import type { Reading } from '../../src/media/statistics.ts';
import { BROWSERS, expect, type Person, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';
import { type LightPeople, strangers } from './light_people.ts';

const SPEAKER = 500;
const FRENCH = 1100;
const SPANISH = 1700;

const SENT_WITHIN_MS = 150;

/** The chair speaks, French and Spanish are interpreted. */
async function twoBooths(light: LightPeople): Promise<void> {
    const chair = await light.join({ role: 'chair', tone: SPEAKER });
    await chair.command('floor.take');
    for (const [language, tone] of [
        ['fr', FRENCH],
        ['es', SPANISH],
    ] as const) {
        const interpreter = await light.join({ role: 'interpreter', language, tone });
        await interpreter.microphone('on');
    }
}

/** From French to Spanish and back, ten changes: ms from the press to the new language at the listener. */
async function changeTenTimes(listener: Person): Promise<number[]> {
    const delays: number[] = [];
    for (let change = 0; change < 10; change += 1) {
        const toSpanish = change % 2 === 0;
        const delay = await listener.diagnose(
            (diagnostics, argument) => {
                const keys = document.querySelectorAll<HTMLButtonElement>('.language-key');
                const at = performance.now();
                keys[argument.key]?.click();
                return diagnostics
                    .heardAt('language', argument.frequency, -35, 3000)
                    .then((heard) => (heard < 0 ? 3000 : heard - at));
            },
            { key: toSpanish ? 6 : 4, frequency: toSpanish ? SPANISH : FRENCH },
        );
        delays.push(delay);
        await listener.hears('language', toSpanish ? SPANISH : FRENCH, [toSpanish ? FRENCH : SPANISH]);
    }
    return delays;
}

function median(values: number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

for (const browser of BROWSERS) {
    test.describe(browser, () => {
        test(`${browser}: a speaker, an interpreter and their listeners hear what they should`, async ({
            person,
            light,
        }) => {
            const chair = await light.join({ role: 'chair' });
            const speaker = await person({ role: 'delegate', delegation: 'FRA', tone: SPEAKER, browser });
            const interpreter = await person({ role: 'interpreter', language: 'fr', tone: FRENCH, browser });
            const listener = await person({ role: 'delegate', delegation: 'BRA', browser });
            const onFloor = await light.hear('floor');
            const onFrench = await light.hear('fr');
            const began = Date.now();

            await speaker.press('Ask for the floor');
            await expect.poll(async () => (await speaker.meeting())?.requests.length).toBe(1);
            const participant = String((await speaker.state()).participant);
            await chair.command('floor.give', { participant });
            await onFloor.hears(SPEAKER);
            await listener.hears('mix', SPEAKER, [FRENCH]);
            await listener.chooseLanguage('fr');
            await listener.hears('mix', SPEAKER, [FRENCH]); // no interpreter yet: French carries the floor
            await interpreter.hears('mix', SPEAKER, [FRENCH]);

            await interpreter.page.locator('.microphone-key').click();
            await onFrench.hears(FRENCH);
            await listener.hears('language', FRENCH, [SPEAKER]);
            const [own] = await speaker.tones('mix', [SPEAKER]);
            expect(own).toBeLessThan(-60); // one never hears oneself

            const on = Date.now();
            await interpreter.page.locator('.microphone-key').click();
            await onFrench.hears(SPEAKER, on);
            await listener.hears('mix', SPEAKER, [FRENCH]);
            const all = await onFrench.between(began);
            expect(all.order, 'on French').toEqual([SPEAKER, FRENCH, SPEAKER]);
            expect(strangers(all.runs, [SPEAKER, FRENCH])).toEqual([]);
            expect((await onFloor.between(began)).order, 'on the floor').toEqual([SPEAKER]);

            const what = `${browser}: French carries the floor after the microphone went off`;
            await promised(what, 300, [interpreter.page, listener.page], async () => {
                await interpreter.page.locator('.microphone-key').click();
                await listener.hears('language', FRENCH, [SPEAKER]);
                const heard = listener.diagnose(
                    (diagnostics, frequency) =>
                        diagnostics
                            .heardAt('mix', frequency, -35, 5000)
                            .then((at) => at + performance.timeOrigin),
                    SPEAKER,
                );
                // A clock for all pages: the press is stamped in its own page.
                const pressed = await interpreter.page.evaluate(() => {
                    const key = document.querySelector<HTMLButtonElement>('.microphone-key');
                    const at = performance.now() + performance.timeOrigin;
                    key?.click();
                    return at;
                });
                const ms = (await heard) - pressed;
                expect(ms, what).toBeGreaterThan(0);
                return { ms };
            });
        });

        test(`${browser}: ten changes of language are heard, each the one that was chosen`, async ({
            person,
            light,
        }) => {
            await twoBooths(light);
            const listener = await person({ role: 'listener', browser });
            await listener.chooseLanguage('fr');
            await listener.hears('language', FRENCH, [SPANISH]);
            const delays = await changeTenTimes(listener);
            // What is heard late here is mostly the browser's jitter buffer, which grows when the machine itself is late.
            console.log(
                `${browser}: a language change is heard after ${median(delays).toFixed(0)} ms ` +
                    `(median of ${delays.map((delay) => delay.toFixed(0)).join(' ')})`,
            );
            expect(Math.min(...delays)).toBeGreaterThan(0);
        });

        test(`${browser}: the meeting outlives control and media`, async ({ person, plenary }) => {
            const chair = await person({ role: 'chair', tone: SPEAKER, browser });
            const listener = await person({ role: 'listener', browser });
            await chair.press('Take the floor');
            await listener.hears('mix', SPEAKER);

            const before = await listener.diagnose((diagnostics) => diagnostics.counters(), null);
            plenary.kill('control');
            await expect
                .poll(async () => phaseOf(await listener.state()), { intervals: [20] })
                .not.toBe('live');
            await expect.poll(async () => phaseOf(await listener.state()), { intervals: [50] }).toBe('live');
            const after = await listener.diagnose((diagnostics) => diagnostics.counters(), null);
            expect((await listener.state()).joins).toBe(1); // the same PeerConnection
            expect(lost(after) - lost(before)).toBe(0);
            await listener.hears('mix', SPEAKER);

            const restored = listener.diagnose(async (diagnostics, frequency) => {
                // First silence, then sound again.
                const began = performance.now();
                while (
                    (diagnostics.tones('mix', [frequency], 1024)?.[0] ?? -200) > -60 &&
                    performance.now() - began < 5000
                ) {
                    await new Promise((resolve) => setTimeout(resolve, 5));
                }
                const silent = performance.now();
                const heard = await diagnostics.heardAt('mix', frequency, -35, 10000);
                return heard < 0 ? 10000 : heard - silent;
            }, SPEAKER);
            plenary.kill('media');
            const silence = await restored;
            console.log(`${browser}: sound is back ${silence.toFixed(0)} ms after the media process died`);
            expect(silence, 'it comes back').toBeLessThan(10_000);
            expect((await listener.state()).joins, 'by one join more').toBe(2);
        });
    });
}

test('a change of language is sent at once', async ({ light }) => {
    await twoBooths(light);
    const listener = await light.join({ role: 'listener', listens: true });
    const ear = listener.ear('language');
    await listener.command('listen.set', { slot: 'language', channel: 'es' });
    await ear.hears(SPANISH);
    await promised('a language change is sent, the slowest of ten', SENT_WITHIN_MS, [], async () => {
        const began = Date.now();
        const delays: number[] = [];
        const wanted: number[] = [];
        for (let change = 0; change < 10; change += 1) {
            const pressed = Date.now();
            await listener.command('listen.set', {
                slot: 'language',
                channel: change % 2 === 0 ? 'fr' : 'es',
            });
            wanted.push(change % 2 === 0 ? FRENCH : SPANISH);
            delays.push((await ear.hears(change % 2 === 0 ? FRENCH : SPANISH, pressed)) - pressed);
        }
        const { late, order, missing } = await ear.between(began);
        expect(missing).toBe(0);
        expect(order.slice(-10), 'each change, and no other').toEqual(wanted);
        return { ms: Math.max(...delays), late, words: delays.map((delay) => delay.toFixed(0)).join(' ') };
    });
});

function phaseOf(state: Record<string, unknown>): string {
    return (state.connection as { phase: string }).phase;
}

function lost(reading: Reading | null): number {
    return Object.values(reading?.slots ?? {}).reduce((sum, slot) => sum + slot.lost, 0);
}
