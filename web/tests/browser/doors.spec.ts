// The two standard doors from a plain page, and every form of the sound on every line: 0, 5, 15 and 25 % of packets lost.
import { hear, heard, publish, restartIce, serveEmptyPage, shareRight } from './door_page.ts';
import { BROWSERS, expect, type PlenaryServer, test } from './fixtures.ts';
import { LossyLine } from './lines.ts';

const VARIANTS = ['auto', 'plain', 'long', 'red', 'red2'] as const;
const LOSSES = [0, 0.05, 0.15, 0.25];
const SETTLE_MS = 12_000; // two reports of the listener, by which media chooses
const LISTEN_MS = 16_000;

async function counter(plenary: PlenaryServer, name: string): Promise<number> {
    const text = await (await fetch(`${plenary.url}/metrics`)).text();
    return Number(new RegExp(`^plenary_media_${name}_total (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

// Shares of what was heard are measured: when the machine was busy with something else, once more.
test.describe.configure({ retries: 1 });

for (const browser of BROWSERS) {
    test(`${browser}: a plain page hears every form of the sound on lossy lines`, async ({
        plenary,
        browsers,
    }) => {
        const { url, server } = await serveEmptyPage();
        const lines: LossyLine[] = [];
        const speaker = await (await browsers('chromium')).newPage();
        const listener = await (await browsers(browser)).newPage();
        try {
            await speaker.goto(url);
            await listener.goto(url);
            const role = (...more: string[]): string => plenary.run(['token', '--meeting', 'demo', ...more]);
            await publish(speaker, {
                url: `${plenary.url}/whip/demo/fr`,
                token: role('--role', 'publisher', '--source', 'fr'),
            });
            const token = role('--role', 'listener', '--channel', 'fr');
            for (const loss of LOSSES) {
                for (const variant of VARIANTS) {
                    const line = new LossyLine(1 + lines.length);
                    lines.push(line);
                    const mediaPort = await line.open(plenary.port);
                    const door = `${plenary.url}/whep/demo/fr?variant=${variant}`;
                    await hear(listener, `${variant} ${loss}`, { url: door, token, mediaPort });
                    line.lose(loss);
                }
            }
            await listener.waitForTimeout(SETTLE_MS);
            const before = await heard(listener);
            await listener.waitForTimeout(LISTEN_MS);
            const after = await heard(listener);
            const right = (variant: string, loss: number): number => {
                const name = `${variant} ${loss}`;
                return shareRight(after[name]!.slice(before[name]!.length));
            };
            const table = VARIANTS.map((variant) => LOSSES.map((loss) => right(variant, loss)));
            console.log(
                `${browser}: blocks of 10 ms heard right at ${LOSSES.map((loss) => `${loss * 100} %`).join(', ')} of loss`,
            );
            VARIANTS.forEach((variant, at) => {
                console.log(
                    `  ${variant}: ${table[at]!.map((one) => `${(100 * one).toFixed(0)} %`).join(', ')}`,
                );
            });
            VARIANTS.forEach((variant, at) => {
                expect(table[at]![0], `${variant} on a good line`).toBeGreaterThan(0.8);
                expect(table[at]![1], `${variant} at 5 %`).toBeGreaterThan(0.7);
                expect(table[at]![2], `${variant} at 15 %`).toBeGreaterThan(0.55);
                expect(table[at]![3], `${variant} at 25 %`).toBeGreaterThan(0.45);
            });
            expect(await counter(plenary, 'plain_packets_out')).toBeGreaterThan(0);
            expect(await counter(plenary, 'long_packets_out')).toBeGreaterThan(0);
            if (browser === 'chromium') {
                // It takes RED: with it a line that loses a quarter is nearly as good as one that loses nothing.
                expect(await counter(plenary, 'red1_packets_out')).toBeGreaterThan(0);
                expect(await counter(plenary, 'red2_packets_out')).toBeGreaterThan(0);
                const [auto, plain, , red, red2] = table;
                for (const one of [auto!, red!, red2!]) {
                    expect(one[3]! - plain![3]!).toBeGreaterThan(0.03);
                    expect(Math.min(...one)).toBeGreaterThan(0.85);
                }
            } else {
                expect(await counter(plenary, 'red2_packets_out')).toBe(0); // it does not offer RED
            }
        } finally {
            await speaker.close();
            await listener.close();
            for (const line of lines) {
                line.close();
            }
            server.close();
        }
    });
}

for (const browser of BROWSERS) {
    test(`${browser}: ICE restarts on both sides and the sound goes on`, async ({ plenary, browsers }) => {
        const { url, server } = await serveEmptyPage();
        const speaker = await (await browsers(browser)).newPage();
        const listener = await (await browsers(browser)).newPage();
        const token = plenary.run(['token', '--meeting', 'demo', '--role', 'technician']);
        try {
            await speaker.goto(url);
            await listener.goto(url);
            await publish(speaker, { url: `${plenary.url}/whip/demo/es`, token });
            await hear(listener, 'es', { url: `${plenary.url}/whep/demo/es?variant=plain`, token });
            await listener.waitForTimeout(3000);
            for (let round = 0; round < 2; round += 1) {
                const before = (await heard(listener)).es!.length;
                await restartIce(speaker, 'published', token);
                await restartIce(listener, 'heard', token);
                await listener.waitForTimeout(6000);
                const since = (await heard(listener)).es!.slice(before);
                expect(shareRight(since), `after restart ${round + 1}`).toBeGreaterThan(0.8);
            }
            expect(await counter(plenary, 'stun_forged')).toBe(0);
            expect(await counter(plenary, 'stun_stranger')).toBe(0);
        } finally {
            await speaker.close();
            await listener.close();
            server.close();
        }
    });
}
