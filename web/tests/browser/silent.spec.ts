// Sound that is not there, as the pages show it: a press that cannot be heard is refused or undone, and said; a microphone that falls
// silent is said where the work is; the first press is as good as any other on a slow computer.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { expect, type Person, type PersonOptions, type PlenaryServer, test } from './fixtures.ts';
import { promised } from './heartbeat.ts';
import { LightPeople } from './light_people.ts';

const SPEAKER = 450;
const FIRST = 1100;
const SECOND = 1900;
const SLOW_MS = 60_000; // for a page with a twentieth of the processor

function french(number: number, tone: number): PersonOptions & { tone: number } {
    return { role: 'interpreter', participant: `interpreter-fr-${number}`, language: 'fr', tone };
}

const on = (page: Page, pressed: boolean, timeout = 15_000): Promise<void> =>
    expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', String(pressed), { timeout });

/** The page's own connection no longer sends its microphone, as if its device gave nothing. */
async function unplug(person: Person): Promise<void> {
    await person.page.evaluate(async () => {
        for (const peer of window.testPeers ?? []) {
            for (const sender of peer.getSenders()) {
                if (sender.track?.kind === 'audio') {
                    await sender.replaceTrack(null);
                }
            }
        }
    });
}

async function desks(person: Person): Promise<Record<string, string>> {
    const meeting = await person.meeting();
    const booth = meeting?.booths.find((one) => one.language === 'fr');
    return Object.fromEntries((booth?.desks ?? []).map((one) => [one.participant, one.microphone]));
}

test('a page whose microphone is refused does not press, and says what to do', async ({
    person,
    plenary,
}) => {
    const light = new LightPeople(plenary);
    const partner = await light.join(french(1, FIRST));
    const second = await person({ ...french(2, SECOND), denied: true });
    await partner.command('desk.microphone', { state: 'on' });
    await expect.poll(async () => (await desks(second))['interpreter-fr-1']).toBe('on');
    await second.page.keyboard.press('m');
    await expect(second.page.locator('.notice')).toContainText('Nothing was opened');
    await expect(second.page.locator('.notice')).toContainText('Press the lock beside the address');
    await on(second.page, false);
    expect(await desks(second)).toMatchObject({ 'interpreter-fr-1': 'on', 'interpreter-fr-2': 'off' });
    await light.close();
});

test('a partner’s press that delivers nothing is undone, and the desk says so', async ({
    person,
    plenary,
}) => {
    const light = new LightPeople(plenary);
    const first = await person(french(1, FIRST));
    const technician = await person({ role: 'technician' });
    const mute = await light.join({ ...french(2, 0) });
    await first.page.keyboard.press('m');
    await expect(first.page.locator('.desk-air')).toContainText('On air');
    await mute.command('desk.microphone', { state: 'on' });
    await expect(first.page.locator('.desk-notice-alarm')).toContainText(
        'was not heard. Nothing has changed.',
    );
    await expect(technician.page.locator('.alarms')).toContainText('the press was undone');
    expect(await desks(first)).toMatchObject({ 'interpreter-fr-1': 'on', 'interpreter-fr-2': 'off' });
    await light.close();
});

test('one’s own press that delivers nothing is undone, and says why; the language is unserved at the desk', async ({
    person,
    plenary,
}) => {
    const light = new LightPeople(plenary);
    const chair = await light.join({ role: 'chair', tone: 500 });
    const speaker = await light.join({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
    const first = await person(french(1, FIRST));
    await speaker.command('floor.request', {});
    await chair.command('floor.give', { participant: 'delegate-bra' });
    await expect(first.page.locator('.desk-notice-alarm')).toContainText('Nobody interprets into French');
    await expect(first.page.locator('.strip-own .strip-warning')).toContainText('Nobody interprets');
    await unplug(first);
    await first.page.keyboard.press('m');
    await expect(first.page.locator('.desk-notice-alarm').first()).toContainText(
        'Nothing of your microphone arrived',
    );
    await on(first.page, false);
    await expect(first.page.locator('.desk-air')).toContainText('Nobody interprets');
    await light.close();
});

test.describe('the floor', () => {
    test.beforeAll(() => {
        process.env.PLENARY_MEETING_CLOSE_SILENT_S = '8';
    });
    test.afterAll(() => {
        delete process.env.PLENARY_MEETING_CLOSE_SILENT_S;
    });

    test('a speaker who is not heard is told, and so is the chair; the end says its reason', async ({
        person,
    }) => {
        const chair = await person({ role: 'chair' });
        const speaker = await person({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
        await speaker.press('Ask for the floor');
        await chair.press(/^Give the floor/);
        await expect(speaker.page.getByTestId('microphone-state')).toContainText('everyone hears you');
        await unplug(speaker);
        await expect(speaker.page.getByTestId('microphone-state')).toContainText('nobody hears you');
        await expect(chair.page.locator('.place-silence')).toContainText(
            'Nothing of this microphone arrives',
        );
        await expect(speaker.page.getByTestId('told-line')).toContainText(
            'Your microphone was closed because nothing arrived from it',
        );
        await expect(chair.page.locator('.place-silence')).toHaveCount(0);
    });
});

interface Carried {
    blocks: number[];
    events: { type: string; at: number; data: { microphone?: string; since?: number; undone?: boolean } }[];
}

/** What a channel carried, by the time of the packets: see tests/support/light_blocks.py. */
class Ear {
    private readonly process;
    private waiting: ((carried: Carried) => void)[] = [];

    constructor(plenary: PlenaryServer, channel: string, tones: number[]) {
        const program = resolve(import.meta.dirname, '../../../tests/support/light_blocks.py');
        const token = plenary.token({ role: 'listener' });
        this.process = spawn('/usr/bin/python3', [
            program,
            plenary.url,
            token,
            channel,
            ...tones.map(String),
        ]);
        createInterface({ input: this.process.stdout }).on('line', (line) =>
            this.waiting.shift()?.(JSON.parse(line) as Carried),
        );
    }

    async heard(): Promise<Carried> {
        return new Promise((done) => {
            this.waiting.push(done);
            this.process.stdin.write('\n');
        });
    }

    close(): void {
        this.process.stdin.end();
    }
}

const BLOCK_MS = 20;
const GAP_MAX_MS = 3 * BLOCK_MS;

// From the last block of one tone to the first of the other.
function gapAfter(blocks: readonly number[], from: number, to: number, start: number): number {
    const first = blocks.indexOf(to, start);
    const last = blocks.lastIndexOf(from, first);
    return first < 0 ? Number.POSITIVE_INFINITY : first - last - 1;
}

test('the first press of a page on a slow computer leaves no hole, like the second', async ({
    person,
    plenary,
}) => {
    test.setTimeout(300_000);
    const light = new LightPeople(plenary);
    const chair = await light.join({ role: 'chair', tone: 500 });
    const speaker = await light.join({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
    await speaker.command('floor.request', {});
    await chair.command('floor.give', { participant: 'delegate-bra' });
    const first = await person(french(1, FIRST));
    const ear = new Ear(plenary, 'fr', [SPEAKER, FIRST]);
    // A page without time to make its own sound may leave holes later: this is about who is carried.
    const carries = (tone: number, undoneBefore = Number.POSITIVE_INFINITY): Promise<void> =>
        expect
            .poll(
                async () => {
                    const last = (await ear.heard()).blocks.slice(-10);
                    const carried = last.includes(tone) && !last.includes(1 - tone);
                    return carried || first.sequence.undone > undoneBefore;
                },
                {
                    message: `the channel carries ${tone === 0 ? 'the floor' : 'the interpreter'}`,
                    timeout: SLOW_MS,
                },
            )
            .toBe(true)
            .catch(async (failure: unknown) => {
                const { blocks, events } = await ear.heard();
                console.log(blocks.slice(-100).join(' '), JSON.stringify(events.slice(-4)));
                console.log(await desks(first), await first.page.locator('.notice-place').textContent());
                throw failure;
            });
    await carries(0);
    const slow = await first.context.newCDPSession(first.page);
    await slow.send('Emulation.setCPUThrottlingRate', { rate: 20 });
    for (const press of ['first', 'second']) {
        // The channel changes at the first packet with sound: a block may hold a part of each. A page whose own sound stops for
        // want of a processor leaves a hole as well.
        await promised(`the ${press} press`, GAP_MAX_MS, [], async () => {
            const start = (await ear.heard()).blocks.length;
            const undone = first.sequence.undone;
            await first.page.keyboard.press('m');
            await carries(1, undone);
            if (first.sequence.undone > undone) {
                await on(first.page, false, SLOW_MS);
                return { ms: Number.POSITIVE_INFINITY, words: 'the press was undone' };
            }
            const { blocks, events } = await ear.heard();
            const opening = events.filter((one) => one.type === 'desk.opening').at(-1);
            const air = events
                .filter((one) => one.type === 'desk.changed' && one.data.microphone === 'on')
                .at(-1);
            await on(first.page, true, SLOW_MS);
            await first.page.keyboard.press('m');
            await carries(0);
            await on(first.page, false, SLOW_MS);
            return {
                ms: BLOCK_MS * gapAfter(blocks, 0, 1, start),
                words: `(heard ${(air?.at ?? 0) - (opening?.at ?? 0)} ms after it opened)`,
            };
        });
    }
    ear.close();
    await light.close();
});
