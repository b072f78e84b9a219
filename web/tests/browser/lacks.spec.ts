// Browsers that cannot: each part is taken away before the page begins. What can be done without is not missed; what cannot is said before
// joining, with what works instead; and where nothing begins index.html says so by itself.
import type { Page } from '@playwright/test';
import { BROWSERS, type BrowserName, expect, type PlenaryServer, type Role, test } from './fixtures.ts';

/** `works`: nobody notices. `told`: before joining, and one may go on. `ended`: told, and there is no way on. `silent`: the page does not begin. */
type Outcome = 'works' | 'told' | 'ended' | 'silent';

interface Taken {
    name: string;
    outcome: Outcome;
    /** What is told. */
    lack?: string;
    /** Whether who only listens does without. */
    listens?: boolean;
}

const TAKEN: readonly Taken[] = [
    { name: 'AbortSignal.timeout', outcome: 'works' },
    { name: 'AbortSignal.any', outcome: 'works' },
    { name: 'Array.prototype.findLast', outcome: 'works' },
    { name: 'Array.prototype.findLastIndex', outcome: 'works' },
    { name: 'Array.prototype.toReversed', outcome: 'works' },
    { name: 'Array.prototype.toSorted', outcome: 'works' },
    { name: 'Array.prototype.with', outcome: 'works' },
    { name: 'Object.groupBy', outcome: 'works' },
    { name: 'Promise.withResolvers', outcome: 'works' },
    { name: 'structuredClone', outcome: 'works' },
    { name: 'MediaRecorder', outcome: 'works' },
    { name: 'localStorage', outcome: 'works' },
    { name: 'RTCPeerConnection', outcome: 'told', lack: 'peer' },
    { name: 'AudioContext', outcome: 'told', lack: 'sound' },
    { name: 'Navigator.prototype.mediaDevices', outcome: 'told', lack: 'devices', listens: true },
    { name: 'WebSocket', outcome: 'ended', lack: 'line' },
    { name: 'CSSStyleSheet', outcome: 'silent' },
    { name: 'Promise', outcome: 'silent' },
];

const LONG = process.env.PLENARY_LONG !== undefined;

/** Those of an outcome. What nobody misses is not missed when all of it is away either: the short form tries that one page alone. */
function takenWith(outcome: Outcome): readonly Taken[] {
    const each = TAKEN.filter((one) => one.outcome === outcome);
    return outcome === 'works' && !LONG ? [{ name: each.map((one) => one.name).join(' '), outcome }] : each;
}

/** In the page: takes away what is named, wherever it is inherited from. */
function takeAway(names: string): void {
    for (const name of names.split(' ')) {
        const path = name.split('.');
        const last = path.pop() as string;
        const owner = path.reduce((from: object, part) => from[part as keyof object] as object, globalThis);
        Object.defineProperty(owner, last, { value: undefined, configurable: true });
    }
}

interface Means {
    plenary: PlenaryServer;
    browsers: (name: BrowserName) => Promise<import('@playwright/test').Browser>;
}

async function pageWithout(
    { browsers }: Means,
    browser: BrowserName,
    name: string | null,
    options: {
        locale?: string;
        javaScriptEnabled?: boolean;
        viewport?: { width: number; height: number };
    } = {},
): Promise<Page> {
    const context = await (await browsers(browser)).newContext({ locale: 'en', ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    if (name !== null) {
        await page.addInitScript(takeAway, name);
    }
    return page;
}

const link = (plenary: PlenaryServer, role: Role): string =>
    `${plenary.url}/m/demo#${plenary.token({ role, ...(role === 'delegate' ? { delegation: 'FRA' } : {}) })}`;

const join = (page: Page) => page.locator('.entrance-join .button-filled');

async function check(
    means: Means,
    browser: BrowserName,
    { name, outcome, lack, listens }: Taken,
): Promise<void> {
    const page = await pageWithout(means, browser, name);
    await page.goto(link(means.plenary, 'delegate'));
    if (outcome === 'silent') {
        await expect(page.locator('#start h1')).toBeVisible();
        await expect(page.locator('#start h1')).toHaveText('The page has not started');
        await page.context().close();
        return;
    }
    if (outcome !== 'works') {
        await expect(page.locator(`[data-lack=${lack}]`), name).toBeVisible();
        await expect(page.locator('[data-lack]')).toHaveCount(1);
        await expect(join(page)).toHaveCount(0);
        await expect(page.getByRole('main')).toContainText(
            'Chrome or Edge from version 105, Firefox from 115, Safari from 16.4',
        );
    }
    const goOn = page.getByRole('button', { name: /^Go on/ });
    if (outcome === 'ended') {
        await expect(goOn).toHaveCount(0);
        await page.context().close();
        return;
    }
    if (outcome === 'told') {
        await goOn.click();
    }
    await join(page).click();
    await expect(page.locator('.stage'), name).toBeVisible();
    await expect(page.locator('#start')).toHaveCount(0);
    const deaf = lack === 'peer' || lack === 'sound';
    await expect(page.locator('.connection')).toHaveText(
        deaf ? 'No sound in this browser' : 'Connection good',
    );
    await page.context().close();
    if (listens) {
        const listener = await pageWithout(means, browser, name);
        await listener.goto(link(means.plenary, 'listener'));
        await expect(join(listener)).toBeVisible();
        await listener.context().close();
    }
}

for (const browser of BROWSERS) {
    for (const outcome of ['works', 'told', 'ended', 'silent'] as const) {
        test(`${browser}: without a part of the browser: ${outcome}`, async ({ plenary, browsers }) => {
            test.slow();
            for (const taken of takenWith(outcome)) {
                await test.step(taken.name, () => check({ plenary, browsers }, browser, taken));
            }
        });
    }
}

test('without scripts, and with a script that is too new or does not come, index.html says so in six languages', async ({
    plenary,
    browsers,
}) => {
    const means = { plenary, browsers };
    const script = /\/assets\/index-[^/]*\.js$/;
    // In Chromium alone: the driver of Firefox cannot forbid scripts.
    const plain = await pageWithout(means, 'chromium', null, { javaScriptEnabled: false, locale: 'ar' });
    await plain.goto(`${plenary.url}/m/demo`);
    await expect(plain.locator('#start')).toBeVisible({ timeout: 2000 });
    await expect(plain.locator('#start h1')).toHaveText('لم تبدأ الصفحة');
    await expect(plain.locator('#start section')).toHaveCount(6);
    await expect(plain.locator('html')).toHaveAttribute('dir', 'rtl');
    await plain.context().close();
    for (const answer of ['let x = ;', null]) {
        const page = await pageWithout(means, 'chromium', null, { locale: 'fr' });
        await page.route(script, (route) =>
            answer === null ? route.abort() : route.fulfill({ contentType: 'text/javascript', body: answer }),
        );
        await page.goto(`${plenary.url}/`);
        await expect(page.locator('#start')).toBeHidden();
        await expect(page.locator('#start')).toBeVisible();
        await expect(page.locator('#start h1')).toHaveText('La page n’a pas démarré');
        await page.context().close();
    }
    // Where not even the sheet comes.
    const bare = await pageWithout(means, 'chromium', null);
    await bare.route(/\/assets\//, (route) => route.abort());
    await bare.goto(`${plenary.url}/`);
    await expect(bare.locator('#start')).toBeVisible({ timeout: 2000 });
    await bare.context().close();
});

test('what is lacking is told in the reader’s language, and what is changed there shows at once', async ({
    plenary,
    browsers,
}) => {
    const page = await pageWithout({ plenary, browsers }, 'chromium', 'RTCPeerConnection', { locale: 'ru' });
    await page.goto(link(plenary, 'delegate'));
    await expect(page.locator('[data-lack=peer]')).toContainText('вы никого не услышите');
    await page.getByRole('combobox').last().selectOption('zh');
    await expect(page.locator('[data-lack=peer]')).toContainText('您听不到任何人');
    await page.context().close();
});
