// A desk that does not move: through twenty changes of a sitting every key of an interpreter's is where it was, nothing has a scrollbar, and no
// notice lies over a key. By rectangles, to a pixel, at the two usual sizes of a desk's screen.
import type { Page } from '@playwright/test';
import { expect, type Person, test } from './fixtures.ts';
import type { LightPeople, LightPerson } from './light_people.ts';
import { allRectangles, moved, WAYS, waysOf } from './still.ts';

const KEYS = [
    '.desk-languages button, .preselect, .boothmate-key, .repeat-keys button',
    '.output-key, .microphone-key, .cough-key, .talk-key, .speak-foot button',
    '.signal-key, .handover-key, .mates-keys button',
].join();
const PARTS = '.desk-panel, .desk-team, .strip, .air, .handover, .desk-microphone, .plates';

/** Whatever is larger than its place, and whatever lies over a key. */
async function faults(page: Page, where: string): Promise<string[]> {
    return page.evaluate(
        ({ where, keys, parts }) => {
            const found: string[] = [];
            for (const part of [document.documentElement, ...document.querySelectorAll(parts)]) {
                const over = [part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight];
                if (over.some((one) => one > 1)) {
                    const words = part.textContent?.slice(0, 60);
                    found.push(
                        `${where}: ${part.localName}.${part.className} is ${over} too large: ${words}`,
                    );
                }
            }
            const lines = [...document.querySelectorAll('.notice, .desk-notice')].map((one) => ({
                one,
                at: one.getBoundingClientRect(),
            }));
            for (const key of document.querySelectorAll(keys)) {
                const at = key.getBoundingClientRect();
                for (const line of lines) {
                    const apart =
                        line.at.bottom <= at.top ||
                        line.at.top >= at.bottom ||
                        line.at.right <= at.left ||
                        line.at.left >= at.right;
                    if (!apart && !line.one.contains(key)) {
                        found.push(`${where}: “${line.one.textContent}” lies over “${key.textContent}”`);
                    }
                }
                if (at.bottom > innerHeight || at.right > innerWidth || at.top < 0 || at.left < 0) {
                    found.push(`${where}: “${key.textContent}” is out of sight`);
                }
            }
            return found;
        },
        { where, keys: KEYS, parts: PARTS },
    );
}

interface Cast {
    own: Person;
    chair: LightPerson;
    france: LightPerson;
    brazil: LightPerson;
    mate: LightPerson;
    chinese: LightPerson;
}

async function gather(light: LightPeople, own: Person): Promise<Cast> {
    const desk = (id: string, tone: number) =>
        light.join({
            role: 'interpreter',
            participant: `interpreter-${id}`,
            language: id.slice(0, 2),
            tone,
        });
    return {
        own,
        chair: await light.join({ role: 'moderator' }),
        france: await light.join({ role: 'delegate', participant: 'delegate-fra', tone: 500 }),
        brazil: await light.join({ role: 'delegate', participant: 'delegate-bra', tone: 700 }),
        mate: await desk('fr-2', 1500),
        chinese: await desk('zh-1', 2300),
    };
}

/** What happens, one after the other, and what is then seen of it. */
function changes({ own, chair, france, brazil, mate, chinese }: Cast): [string, () => Promise<void>][] {
    const key = (one: string) => () => own.page.keyboard.press(one);
    // Two grants within 0.6 s are one intent.
    const give =
        ({ participant }: LightPerson) =>
        () =>
            expect(() => chair.command('floor.give', { participant })).toPass({
                intervals: [200],
                timeout: 5000,
            });
    return [
        ['a delegation asks', () => france.command('floor.request')],
        ['it is given the floor', give(france)],
        ['a second one speaks beside it', give(brazil)],
        ['the boothmate is on the air', () => mate.microphone('on')],
        ['one asks for the microphone', key('h')],
        ['the boothmate accepts', () => mate.command('handover.accept')],
        ['one takes over', key('h')],
        ['what is spoken is what one speaks', () => chair.command('floor.language', { language: 'fr' })],
        ['one asks for slower', key('s')],
        ['one offers the microphone', key('h')],
        ['the boothmate declines', () => mate.command('handover.decline')],
        ['the Chinese booth turns to English', () => chinese.command('desk.output', { output: 'b' })],
        ['its English stands in for the floor', () => chinese.microphone('on')],
        ['the original is heard', key('o')],
        ['the boothmate opens over one', () => mate.microphone('on')],
        ['a relay that nobody interprets', key('6')],
        ['help is called', key('g')],
        ['the boothmate closes', () => mate.microphone('off')],
        ['the floor is empty', () => chair.command('floor.end_all')],
        ['a line is said', () => mate.command('chat.send', { room: 'interpreters', text: 'Page 2' })],
        ['the sitting is suspended', () => chair.command('sitting.suspend')],
        ['the boothmate leaves', () => mate.leave()],
    ];
}

test('the keys of a desk stand where they stood through twenty changes', async ({ person, light }) => {
    const own = await person({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
        tone: 1100,
    });
    const { page } = own;
    const cast = await gather(light, own);
    await cast.chair.command('sitting.open').catch(() => undefined);
    await expect(page.locator('.handover-key')).toHaveCount(2);
    const found: string[] = [];
    const look = async (where: string) => {
        found.push(...(await faults(page, where)));
    };
    const before = await allRectangles(page, KEYS, WAYS, look);
    expect(Object.keys(before['en 1440'] ?? {}).length).toBeGreaterThan(28);
    for (const [index, [what, change]] of changes(cast).entries()) {
        const seen = JSON.stringify(await own.state());
        await change();
        await expect.poll(async () => JSON.stringify(await own.state()), { message: what }).not.toBe(seen);
        const after = await allRectangles(page, KEYS, waysOf(index), (where) => look(`${what}, ${where}`));
        expect([...moved(before, after), ...found], what).toEqual([]);
    }
});
