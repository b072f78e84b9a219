// An interpreter's page opens its microphone: the press is undone when nothing is heard of it within a second. A page that the machine
// kept from its work by more than a tenth of that presses again, as its interpreter would.
import type { Locator } from '@playwright/test';
import { expect, type Person } from './fixtures.ts';
import { lateDuring, notMeasured } from './heartbeat.ts';

const UNDONE_AFTER_MS = 1000;
const TRIES = 4;

async function isOnAir(person: Person): Promise<boolean> {
    const meeting = await person.meeting();
    const desks = meeting?.booths.flatMap((booth) => booth.desks) ?? [];
    return desks.some((desk) => desk.participant === person.options.participant && desk.microphone === 'on');
}

/** Does what opens this page's microphone until it is on the air: once, on a machine that is in time. */
export async function getsOnAir(person: Person, press: () => Promise<void>): Promise<void> {
    let latest = 0;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const before = person.sequence.undone;
        const { result: heard, late } = await lateDuring([person.page], async () => {
            await press();
            await expect
                .poll(async () => person.sequence.undone > before || isOnAir(person), { intervals: [100] })
                .toBe(true);
            return isOnAir(person);
        });
        if (heard) {
            return;
        }
        latest = late;
        console.log(`a press was undone; this machine was late by ${late.toFixed(0)} ms`);
        expect(late, 'a press was undone on a machine that was in time').toBeGreaterThan(
            UNDONE_AFTER_MS / 10,
        );
    }
    notMeasured(true, latest);
}

export async function opensMicrophone(person: Person): Promise<void> {
    await getsOnAir(person, async () => person.page.keyboard.press('m'));
}

// Longer than a key must be held.
const HOLD_MS = 800;

/** Presses what must be held. */
export async function holdsKey(key: Locator): Promise<void> {
    const { mouse } = key.page();
    await key.hover();
    await mouse.down();
    await key.page().waitForTimeout(HOLD_MS);
    await mouse.up();
}
