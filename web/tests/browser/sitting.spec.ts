// A sitting of twelve: four speakers in turn, four interpreters on and off, listeners who change language, three cameras.
// Two minutes of it in every run, twenty with PLENARY_LONG.
import { readFileSync } from 'node:fs';
import { expect, type Person, test } from './fixtures.ts';

const MINUTES = process.env.PLENARY_LONG ? 20 : 2;
const TURN_MS = 6000;
const GAP_MS_MAX = 60;
const SPEAKERS = [
    { delegation: 'FRA', tone: 500 },
    { delegation: 'CHN', tone: 700 },
    { delegation: 'BRA', tone: 900 },
    { delegation: 'EGY', tone: 1100 },
];
const BOOTHS = [
    { language: 'fr', tone: 1500 },
    { language: 'es', tone: 1700 },
    { language: 'en', tone: 1900 },
    { language: 'ru', tone: 2100 },
];

function residentKilobytes(pid: number): number {
    const line = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0);
}

function percentile(values: number[], part: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/**
 * Starts measuring the floor in the page, about each 10 ms over 21 ms of sound, and keeps the longest time without any speaker's
 * tone. A page that was late itself measured nothing meanwhile: only silence that was seen at both ends counts.
 */
async function watchFloor(person: Person, frequencies: number[]): Promise<void> {
    await person.diagnose((diagnostics, tones) => {
        const watch = { longest: 0, at: 0, measured: 0, silent: 0, began: performance.now() };
        (window as unknown as { floorWatch: typeof watch }).floorWatch = watch;
        let silentSince = -1;
        let last = -1;
        const measure = (): void => {
            const now = performance.now();
            const levels = diagnostics.tones('mix', tones, 1024);
            if (levels !== null) {
                const heard = Math.max(...levels) > -50;
                watch.measured += 1;
                watch.silent += heard ? 0 : 1;
                if (heard || now - last > 50) {
                    silentSince = heard ? -1 : now;
                } else if (silentSince < 0) {
                    silentSince = now;
                } else if (now - silentSince > watch.longest) {
                    watch.longest = now - silentSince;
                    watch.at = now - watch.began;
                }
                last = now;
            }
            setTimeout(measure, 10);
        };
        measure();
    }, frequencies);
}

test(`a sitting of twelve people for ${MINUTES} minutes`, async ({ person, plenary }) => {
    test.setTimeout((MINUTES + 4) * 60_000);
    const chair = await person({ role: 'chair' });
    const delegates: Person[] = [];
    for (const speaker of SPEAKERS) {
        delegates.push(await person({ role: 'delegate', ...speaker }));
    }
    const interpreters: Person[] = [];
    for (const booth of BOOTHS) {
        interpreters.push(await person({ role: 'interpreter', ...booth }));
    }
    const listener = await person({ role: 'listener' });
    const changing = await person({ role: 'listener' });
    const moderator = await person({ role: 'moderator' });
    const everybody = [chair, ...delegates, ...interpreters, listener, changing, moderator];
    expect(everybody).toHaveLength(12);
    const joins = await Promise.all(everybody.map(async (one) => Number((await one.state()).joinMs)));
    console.log(
        `join: p50 ${percentile(joins, 0.5).toFixed(0)} ms, p99 ${percentile(joins, 0.99).toFixed(0)} ms`,
    );
    for (const one of [chair, delegates[0]!, delegates[1]!]) {
        await one.press(/^Camera/);
    }

    const give = async (index: number): Promise<void> => {
        await delegates[index]!.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await delegates[index]!.page.locator('.floor-open, [data-testid=microphone-state]').first().waitFor();
    };
    const endOldest = (): Promise<void> =>
        chair.page
            .getByRole('button', { name: /^End the intervention/ })
            .first()
            .click();
    await give(0);
    await listener.hears('mix', SPEAKERS[0]!.tone);
    await watchFloor(
        listener,
        SPEAKERS.map((speaker) => speaker.tone),
    );

    const began = Date.now();
    const memory: { control: number; media: number }[] = [];
    const sample = () =>
        memory.push({
            control: residentKilobytes(plenary.pidOf('control')),
            media: residentKilobytes(plenary.pidOf('media')),
        });
    for (let turn = 1; Date.now() - began < MINUTES * 60_000; turn += 1) {
        const next = turn % SPEAKERS.length;
        await give(next); // two microphones open for a moment: the floor is never silent
        await listener.hears('mix', SPEAKERS[next]!.tone);
        await endOldest();
        await interpreters[turn % BOOTHS.length]!.page.locator('.microphone-key').click();
        await changing.chooseLanguage(['floor', 'fr', 'es', 'en', 'ru', 'ar'][turn % 6]!);
        if (turn % 3 === 0) {
            sample();
        }
        // The rest of the turn is spent watching: the next one begins at its time.
        await expect
            .poll(() => Date.now() - began, { timeout: TURN_MS * 4, intervals: [100] })
            .toBeGreaterThan(turn * TURN_MS);
    }
    sample();

    const watch = await listener.page.evaluate(
        () =>
            (
                window as unknown as {
                    floorWatch: { longest: number; at: number; measured: number; silent: number };
                }
            ).floorWatch,
    );
    const counters = await listener.diagnose((diagnostics) => diagnostics.counters(), null);
    const lost = Object.values(counters?.slots ?? {}).reduce((sum, slot) => sum + slot.lost, 0);
    const early = memory[Math.floor(memory.length / 4)]!;
    const late = memory.at(-1)!;
    console.log(
        `floor: longest silence ${watch.longest.toFixed(0)} ms of ${watch.measured} measurements, ${lost} packets lost; ` +
            `memory: control ${early.control} → ${late.control} kB, media ${early.media} → ${late.media} kB`,
    );
    expect(watch.measured).toBeGreaterThan(MINUTES * 60 * 10);
    expect(watch.longest).toBeLessThanOrEqual(GAP_MS_MAX);
    expect(late.control).toBeLessThan(early.control * 1.1 + 2048);
    expect(late.media).toBeLessThan(early.media * 1.1 + 2048);

    // No event was lost: all pages end at one number with one and the same meeting.
    const whole = async (one: Person) =>
        one.diagnose((diagnostics) => {
            const meeting = diagnostics.meeting();
            // Calls for help are shown to those who may see them.
            for (const participant of meeting?.participants ?? []) {
                participant.help = 'none';
            }
            return { sequence: diagnostics.state().sequence, meeting };
        }, null);
    await expect
        .poll(
            async () =>
                new Set(await Promise.all(everybody.map(async (one) => (await one.state()).sequence))).size,
        )
        .toBe(1);
    const reference = await whole(chair);
    for (const one of everybody) {
        expect(await whole(one)).toEqual(reference);
    }
});
