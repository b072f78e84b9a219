// The main job in real browsers: who speaks, who interprets, who hears what, measured by frequency.
import type { Reading } from '../../src/media/statistics.ts';
import { BROWSERS, expect, type Person, test } from './fixtures.ts';

const SPEAKER = 500;
const FRENCH = 1100;
const SPANISH = 1700;

const CHANGE_WITHIN_MS = 150;

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
        }) => {
            const chair = await person({ role: 'chair', browser });
            const speaker = await person({ role: 'delegate', delegation: 'FRA', tone: SPEAKER, browser });
            const interpreter = await person({ role: 'interpreter', language: 'fr', tone: FRENCH, browser });
            const onFrench = await person({ role: 'delegate', delegation: 'BRA', browser });
            const onFloor = await person({ role: 'listener', browser });
            await onFrench.chooseLanguage('fr');

            await speaker.press('Ask for the floor');
            await chair.press(/^Give the floor/);
            await onFloor.hears('mix', SPEAKER, [FRENCH]);
            await onFrench.hears('mix', SPEAKER, [FRENCH]); // no interpreter yet: French carries the floor
            await interpreter.hears('mix', SPEAKER, [FRENCH]);

            await interpreter.page.locator('.microphone-key').click();
            await onFrench.hears('language', FRENCH, [SPEAKER]);
            await onFloor.hears('mix', SPEAKER, [FRENCH]);
            const [own] = await speaker.tones('mix', [SPEAKER]);
            expect(own).toBeLessThan(-60); // one never hears oneself

            const heard = onFrench.diagnose(
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
            const delay = (await heard) - pressed;
            console.log(
                `${browser}: French carries the floor ${delay.toFixed(0)} ms after the microphone went off`,
            );
            expect(delay).toBeGreaterThan(0);
            expect(delay).toBeLessThan(300);
            await onFrench.hears('mix', SPEAKER, [FRENCH]);
        });

        test(`${browser}: a change of language is heard at once`, async ({ person }) => {
            const chair = await person({ role: 'chair', tone: SPEAKER, browser });
            const french = await person({ role: 'interpreter', language: 'fr', tone: FRENCH, browser });
            const spanish = await person({ role: 'interpreter', language: 'es', tone: SPANISH, browser });
            const listener = await person({ role: 'listener', browser });
            await chair.press('Take the floor');
            await french.page.locator('.microphone-key').click();
            await spanish.page.locator('.microphone-key').click();
            await listener.chooseLanguage('fr');
            await listener.hears('language', FRENCH, [SPANISH]);
            // What is heard late here is mostly the browser's jitter buffer, which grows when the machine itself is late. A series
            // measured on a busy moment is measured again, at most twice; each is printed.
            let best = Number.POSITIVE_INFINITY;
            for (let series = 0; series < 3 && best >= CHANGE_WITHIN_MS; series += 1) {
                const delays = await changeTenTimes(listener);
                best = Math.min(best, median(delays));
                console.log(
                    `${browser}: a language change is heard after ${median(delays).toFixed(0)} ms (median of 10: ${delays.map((delay) => delay.toFixed(0)).join(' ')})`,
                );
            }
            expect(best).toBeLessThan(CHANGE_WITHIN_MS);
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
            expect(silence).toBeLessThan(3000);
        });
    });
}

function phaseOf(state: Record<string, unknown>): string {
    return (state.connection as { phase: string }).phase;
}

function lost(reading: Reading | null): number {
    return Object.values(reading?.slots ?? {}).reduce((sum, slot) => sum + slot.lost, 0);
}
