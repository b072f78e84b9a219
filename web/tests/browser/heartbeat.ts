// Whoever measures time measures the machine beside it: a timer that should come each 10 ms, here and in the pages that are measured. When
// it was late by more than a tenth of what is promised, the figure says nothing about the server.
import { expect, type Page, test } from '@playwright/test';

const BEAT_MS = 10;
const TRIES = 3;

declare global {
    interface Window {
        testBeat?: { due: number; late: number; timer: number };
    }
}

/** Begins anew; what was late before is forgotten. */
async function beginInPage(page: Page): Promise<void> {
    await page.evaluate((every) => {
        clearInterval(window.testBeat?.timer);
        const beat = { due: performance.now() + every, late: 0, timer: 0 };
        beat.timer = window.setInterval(() => {
            const now = performance.now();
            beat.late = Math.max(beat.late, now - beat.due);
            beat.due = now + every;
        }, every);
        window.testBeat = beat;
    }, BEAT_MS);
}

async function lateInPage(page: Page): Promise<number> {
    return page.evaluate(() => {
        const beat = window.testBeat;
        clearInterval(beat?.timer);
        return beat ? Math.max(beat.late, performance.now() - beat.due) : 0;
    });
}

/** How late this process and these pages were at most while something was done, ms. */
export async function lateDuring<Result>(
    pages: Page[],
    what: () => Promise<Result>,
): Promise<{ result: Result; late: number }> {
    await Promise.all(pages.map(beginInPage));
    let due = performance.now() + BEAT_MS;
    let own = 0;
    const timer = setInterval(() => {
        const now = performance.now();
        own = Math.max(own, now - due);
        due = now + BEAT_MS;
    }, BEAT_MS);
    const result = await what();
    clearInterval(timer);
    const late = await Promise.all(pages.map(lateInPage));
    return { result, late: Math.max(own, ...late) };
}

/** Ends the test, which counts neither way then. */
export function notMeasured(disturbed: boolean, lateMs: number): void {
    test.skip(disturbed, `not measured: this machine was late by ${lateMs.toFixed(0)} ms`);
}

export interface Measured {
    /** The figure that is promised, ms. */
    ms: number;
    /** How late other clocks were that took part, such as that of the light people. */
    late?: number;
    words?: string;
}

/**
 * Measures until the promise is kept, three times at most: not kept on a machine that was in time is a failure at once; on one that was
 * late all three times the test is said to be not measured, which counts neither way. Therefore to be called at the end of a test.
 */
export async function promised(
    what: string,
    boundMs: number,
    pages: Page[],
    measure: () => Promise<Measured>,
): Promise<void> {
    let before = 0;
    let latest = 0;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const { result, late } = await lateDuring(pages, measure);
        latest = Math.max(late, result.late ?? 0);
        console.log(
            `${what}: ${result.ms.toFixed(0)} ms; this machine was late by ${latest.toFixed(0)} ms ${result.words ?? ''}`,
        );
        // What was late the time before is still felt: a browser's buffers shrink slowly.
        if (result.ms <= boundMs || Math.max(before, latest) <= boundMs / 10) {
            expect(result.ms, what).toBeLessThanOrEqual(boundMs);
            return;
        }
        before = latest;
    }
    notMeasured(true, latest);
}
