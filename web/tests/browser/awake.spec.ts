// A phone in the room stays awake while the sitting goes on, and comes back by itself after it was locked.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, type Person, test } from './fixtures.ts';
import { CutLine } from './lines.ts';

const PHONE = { handheld: true, viewport: { width: 390, height: 844 } };

/** From now on the page's locks are counted. */
async function countLocks(person: Person): Promise<void> {
    await person.page.evaluate(() => {
        const locks: { released: boolean }[] = [];
        Object.assign(window, { locks });
        WakeLock.prototype.request = () => {
            const lock = {
                released: false,
                release: () => {
                    lock.released = true;
                    return Promise.resolve();
                },
            };
            locks.push(lock);
            return Promise.resolve(lock as unknown as WakeLockSentinel);
        };
    });
}

async function locks(person: Person): Promise<{ held: number; asked: number }> {
    return person.page.evaluate(() => {
        const all = (window as unknown as { locks: { released: boolean }[] }).locks;
        return { held: all.filter((one) => !one.released).length, asked: all.length };
    });
}

async function setVisible(person: Person, visible: boolean): Promise<void> {
    await person.page.evaluate(
        (state) => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        },
        visible ? 'visible' : 'hidden',
    );
}

test('a phone keeps its screen on in the room, and gives it back when nobody needs it', async ({
    person,
    light,
}) => {
    const helper = await light.join({ role: 'moderator' });
    await helper.command('sitting.open').catch(() => undefined);
    const phone = await person({ role: 'delegate', participant: 'delegate-bra', stay: true, ...PHONE });
    await countLocks(phone);
    expect(await locks(phone)).toEqual({ held: 0, asked: 0 });
    await phone.enter();
    await expect.poll(() => locks(phone)).toEqual({ held: 1, asked: 1 });
    await helper.command('sitting.suspend');
    await expect.poll(() => locks(phone)).toEqual({ held: 0, asked: 1 });
    await helper.command('sitting.open');
    await expect.poll(() => locks(phone)).toEqual({ held: 1, asked: 2 });
    // The browser takes it away with the page's visibility.
    await setVisible(phone, false);
    await expect.poll(() => locks(phone)).toEqual({ held: 0, asked: 2 });
    await setVisible(phone, true);
    await expect.poll(() => locks(phone)).toEqual({ held: 1, asked: 3 });
    await phone.press('Menu');
    await phone.press('Leave the room');
    await expect.poll(() => locks(phone)).toEqual({ held: 0, asked: 3 });
});

test('what stands on a desk is left to its own power plan', async ({ person, light }) => {
    const helper = await light.join({ role: 'moderator' });
    await helper.command('sitting.open').catch(() => undefined);
    const laptop = await person({ role: 'listener', stay: true });
    await countLocks(laptop);
    await laptop.enter();
    await expect(laptop.page).toHaveTitle(/Plenary/);
    expect(await locks(laptop)).toEqual({ held: 0, asked: 0 });
});

function statusOf(id: string): { parent: number; name: string } {
    try {
        const [, name = '', rest = ''] =
            /^\d+ \((.*)\) \S (.*)$/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
        return { parent: Number(rest.split(' ')[0]), name };
    } catch {
        return { parent: 0, name: '' }; // it has ended meanwhile
    }
}

/** The processes of this test's own browser. */
function ownBrowser(): number[] {
    const all = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((id) => ({ id: Number(id), ...statusOf(id) }));
    const isMine = (id: number): boolean => {
        const parent = all.find((one) => one.id === id)?.parent ?? 0;
        return parent === process.pid || (parent > 1 && isMine(parent));
    };
    return all.filter((one) => /^(chromium|chrome)/.test(one.name) && isMine(one.id)).map((one) => one.id);
}

// The page counts its own seconds since it last stood still.
async function countSeconds(person: Person): Promise<() => Promise<number>> {
    await person.page.evaluate(() => {
        let seconds = 0;
        let last = Date.now();
        setInterval(() => {
            seconds = Date.now() - last > 4000 ? 0 : seconds + 1;
            last = Date.now();
            Object.assign(window, { seconds });
        }, 1000);
    });
    return () => person.page.evaluate(() => (window as unknown as { seconds: number }).seconds);
}

// Shorter than a line may be silent: that alone would be noticed eight seconds later. With PLENARY_LONG the server has given the phone up, too.
const LOCKED_MS = process.env.PLENARY_LONG ? 75_000 : 7_000;
const SECONDS_MAX = 5;

test('after a lock the page comes back by itself, with line and sound', async ({
    person,
    plenary,
    light,
}) => {
    const line = new CutLine();
    const pagePort = await line.open(plenary.port);
    const { speaker } = await light.speech({ role: 'delegate', participant: 'delegate-fra', tone: 450 });
    const phone = await person({ role: 'listener', pagePort, ...PHONE });
    await phone.hears('mix', 450);
    const seconds = await countSeconds(phone);
    const stopped = ownBrowser();
    expect(stopped.length).toBeGreaterThan(1);
    for (const id of stopped) {
        process.kill(id, 'SIGSTOP');
    }
    line.deaden();
    await new Promise((done) => setTimeout(done, LOCKED_MS));
    for (const id of stopped) {
        process.kill(id, 'SIGCONT');
    }
    // The line is a new one: what happens now is told.
    await speaker.command('floor.yield');
    await expect.poll(async () => (await phone.meeting())?.floor.length, { intervals: [100] }).toBe(0);
    expect(await seconds()).toBeLessThanOrEqual(SECONDS_MAX);
    await light.giveFloor(await light.join({ role: 'moderator' }), speaker);
    await phone.hears('mix', 450);
    expect((await phone.state()).stage).toBe('room');
    line.close();
});
