// A server whose media process hangs: every page says so while it lasts, sound comes back by itself, the technician reads afterwards
// what was mended.
import type { Page } from '@playwright/test';
import { expect, type Person, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';

test('media hangs: everybody is told, sound comes back, the technician reads why', async ({
    person,
    plenary,
}) => {
    const chair = await person({ role: 'chair', tone: 500 });
    const delegate = await person({ role: 'delegate', delegation: 'FRA' });
    const technician = await person({ role: 'technician', participant: 'technician' });
    await chair.press('Take the floor');
    await delegate.hears('mix', 500);
    await expect(chair.page.getByTestId('microphone-state')).toContainText('everyone hears you');

    // Looked for in every frame that the pages draw: it lasts for about a second.
    const told = [chair, delegate].map(({ page }) => page.waitForSelector('[data-testid=sound-out]'));
    const unheard = chair.page.waitForFunction(() =>
        document
            .querySelector('[data-testid=microphone-state]')
            ?.textContent?.includes('The connection is interrupted: nobody hears you'),
    );
    const alarmed = technician.page.waitForFunction(() =>
        document.querySelector('.alarms')?.textContent?.includes('media process does not answer'),
    );
    plenary.kill('media', 'SIGSTOP');
    await Promise.all([...told, unheard, alarmed]);

    await delegate.hears('mix', 500);
    for (const { page } of [chair, delegate]) {
        await expect(page.getByTestId('sound-out')).toHaveCount(0);
        await expect(page.locator('.connection')).toContainText('Connection good');
    }
    await expect(chair.page.getByTestId('microphone-state')).toContainText('everyone hears you');
    await expect(technician.page.getByTestId('replacements')).toContainText(
        'sound and pictures did not answer and were started again',
    );
});

// Looks from now on when something is first said, by the clock of the day.
async function watchFor(person: Person, key: string) {
    const watch = await person.page.evaluateHandle((id) => {
        let done: (at: number) => void = () => {};
        const first = new Promise<number>((resolve) => {
            done = resolve;
        });
        const observer = new MutationObserver(() => {
            if (document.querySelector(`[data-testid="${id}"]`) !== null) {
                observer.disconnect();
                done(Date.now());
            }
        });
        observer.observe(document.body, { childList: true, subtree: true });
        return { first };
    }, key);
    const { lineRoundTripMs } = await person.state();
    return { roundTripMs: Number(lineRoundTripMs), said: () => watch.evaluate(({ first }) => first) };
}

test.describe('the server cannot tell', () => {
    // Both processes are stopped, and nobody replaces them.
    test.use({
        serverOptions: '--set server.media_silence_ms=300000 --set server.control_silence_ms=300000',
    });

    test('each page notices by itself which of the two is missing, and that it is back', async ({
        person,
        plenary,
    }) => {
        const chair = await person({ role: 'chair', tone: 500 });
        const delegate = await person({ role: 'delegate', delegation: 'FRA' });
        const sophie = { participant: 'interpreter-fr-1', language: 'fr', tone: 1100 } as const;
        const desk = await person({ role: 'interpreter', ...sophie });
        await chair.press('Take the floor');
        await delegate.hears('mix', 500);
        await expect(chair.page.getByTestId('microphone-state')).toContainText('everyone hears you');
        await desk.page.keyboard.press('m');
        await expect(desk.page.locator('.desk-air')).toContainText('On air');

        // What the page says is looked at in the frame in which it is first said.
        const said = (page: Page, key: string) =>
            page.waitForFunction((id) => {
                const words = document.querySelector(`[data-testid="${id}"]`)?.textContent;
                const line = document.querySelector('.connection')?.textContent;
                const own = document.querySelector('[data-testid=microphone-state]')?.textContent;
                const others = document.querySelectorAll('.notice').length - 1;
                return words && { words, line, own, others };
            }, key);
        const waits = [
            said(chair.page, 'flow.not_acknowledged'),
            said(delegate.page, 'flow.nothing_arrives'),
        ] as const;
        const unsure = desk.page.waitForFunction(
            () =>
                document.querySelector('.desk-air')?.textContent === 'You may not be heard' &&
                document
                    .querySelector('.desk-notice-alarm')
                    ?.textContent?.includes('does not acknowledge what you say'),
        );
        plenary.kill('control', 'SIGSTOP');
        plenary.kill('media', 'SIGSTOP');
        const [own, others] = await Promise.all(waits.map(async (one) => (await one).jsonValue()));
        await unsure;
        plenary.kill('media', 'SIGCONT');
        plenary.kill('control', 'SIGCONT');

        expect(own).toMatchObject({
            words: expect.stringContaining('you may not be heard'),
            line: 'You may not be heard',
            own: expect.stringContaining('whether you are heard is not known'),
            others: 0,
        });
        expect(others).toMatchObject({
            words: expect.stringContaining('you hear nothing, others may'),
            line: 'Nothing arrives: you hear nothing',
            others: 0,
        });
        await delegate.hears('mix', 500);
        for (const { page } of [chair, delegate]) {
            await expect(page.locator('.connection')).toContainText('Connection good');
            await expect(page.locator('[data-testid^="flow."]')).toHaveCount(0);
        }
        await expect(chair.page.getByTestId('microphone-state')).toContainText('everyone hears you');
        await expect(desk.page.locator('.desk-notice-alarm', { hasText: 'acknowledge' })).toHaveCount(0);

        await promised('noticed, beyond the round trip', 2000, [chair.page, delegate.page], async () => {
            const watched = [
                await watchFor(chair, 'flow.not_acknowledged'),
                await watchFor(delegate, 'flow.nothing_arrives'),
            ];
            const since = Date.now();
            plenary.kill('control', 'SIGSTOP');
            plenary.kill('media', 'SIGSTOP');
            const took = await Promise.all(
                watched.map(async (one) => (await one.said()) - since - one.roundTripMs),
            );
            plenary.kill('media', 'SIGCONT');
            plenary.kill('control', 'SIGCONT');
            for (const { page } of [chair, delegate]) {
                await expect(page.locator('[data-testid^="flow."]')).toHaveCount(0);
            }
            await delegate.hears('mix', 500);
            const [speaker, listener] = took.map((ms) => ms.toFixed(0));
            return { ms: Math.max(...took), words: `(speaker ${speaker}, listener ${listener})` };
        });
    });
});
