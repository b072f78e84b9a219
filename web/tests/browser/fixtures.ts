// A server of its own for each test, and people in real browsers with devices of the test's making.
import {
    type Browser,
    type BrowserContext,
    test as base,
    chromium,
    expect,
    firefox,
    type Page,
} from '@playwright/test';
import type { Meeting, ServerMessage, SlotName } from '../../src/contract/generated.ts';
import type { Diagnostics } from '../../src/live/diagnostics.ts';
import { type Colour, type FakeMicrophone, installDevices, keepPeers } from './fake_devices.ts';
import { LightPeople } from './light_people.ts';
import { type LinkOptions, PlenaryServer } from './server.ts';
import { SoundDevice } from './sound_device.ts';

/** `strict` is a Chromium that permits no device until a test does. */
export type BrowserName = 'chromium' | 'firefox' | 'strict';
export const BROWSERS: Exclude<BrowserName, 'strict'>[] = ['chromium', 'firefox'];

export interface PersonOptions extends LinkOptions {
    /** The frequency of the microphone; none: the browser's own fake device. */
    tone?: number;
    /** What the camera shows; none: the browser's own fake device. */
    picture?: Colour;
    /** What the shared screen shows; none: the browser's own, which only Chromium has without a real screen. */
    screen?: Colour;
    /** Microphones that can be pulled and plugged in again. */
    microphones?: FakeMicrophone[];
    /** The browser refuses the microphone. */
    denied?: boolean;
    interfaceLanguage?: string;
    browser?: BrowserName;
    viewport?: { width: number; height: number };
    /** A phone or tablet: a finger is its only pointer. In Chromium. */
    handheld?: boolean;
    colorScheme?: 'light' | 'dark';
    /** The page comes from this port instead of the server's. */
    pagePort?: number;
    /** Media goes to this port instead of the server's. */
    mediaPort?: number;
    /** Stay at the entrance. */
    stay?: boolean;
    /** What the server says reaches this page so much later. */
    lateMs?: number;
}

/** What a page was told over its live connections. */
export interface Sequence {
    last: number;
    snapshots: number;
    /** `12 after 10`: an event that was left out. */
    gaps: string[];
    /** How often this interpreter's press was undone, because nothing of it was heard. */
    undone: number;
}

// Reads along what the server sends to a page.
function readAlong(page: Page, participant = ''): Sequence {
    const sequence: Sequence = { last: 0, snapshots: 0, gaps: [], undone: 0 };
    const take = (payload: string | Buffer): void => {
        const message = JSON.parse(payload.toString()) as ServerMessage;
        if ('snapshot' in message) {
            sequence.snapshots += 1;
            sequence.last = message.seq;
        } else if ('events' in message) {
            for (const event of message.events) {
                if (event.seq !== sequence.last + 1) {
                    sequence.gaps.push(`${event.seq} after ${sequence.last}`);
                }
                sequence.last = event.seq;
                const undone = event.type === 'desk.opening' && event.data.undone === true;
                sequence.undone += undone && event.data.participant === participant ? 1 : 0;
            }
        }
    };
    page.on('websocket', (socket) => socket.on('framereceived', (frame) => take(frame.payload)));
    return sequence;
}

export class Person {
    constructor(
        readonly page: Page,
        readonly context: BrowserContext,
        readonly options: PersonOptions,
        readonly sequence: Sequence,
    ) {}

    /** Runs in the page with its diagnostics. */
    async diagnose<Result, Argument>(
        what: (diagnostics: Diagnostics, argument: Argument) => Result | Promise<Result>,
        argument: Argument,
    ): Promise<Result> {
        return this.page.evaluate(
            `(${what.toString()})(window.plenaryDiagnostics, ${JSON.stringify(argument ?? null)})`,
        ) as Promise<Result>;
    }

    async state(): Promise<ReturnType<Diagnostics['state']>> {
        return this.diagnose((diagnostics) => diagnostics.state(), null);
    }

    /** dBFS of these frequencies at a point, when all could be measured. */
    async tones(point: string, frequencies: number[]): Promise<number[]> {
        const levels = await this.diagnose(
            (diagnostics, argument) =>
                diagnostics.tones(argument.point as 'mix', argument.frequencies, 8192) ??
                argument.frequencies.map(() => -200),
            { point, frequencies },
        );
        return levels;
    }

    /** Waits until one frequency is heard and every other is at least `apart` dB below. */
    async hears(point: string, wanted: number, others: number[] = [], apart = 40): Promise<void> {
        await expect
            .poll(
                async () => {
                    const [level, ...rest] = await this.tones(point, [wanted, ...others]);
                    return level! > -35 && rest.every((other) => other < level! - apart);
                },
                {
                    message: `${this.options.role} should hear ${wanted} Hz at ${point} and nothing of ${others}`,
                    timeout: ACTION_MAX_MS,
                    intervals: [100],
                },
            )
            .toBe(true);
    }

    /** The meeting as this person's page shows it. */
    async meeting(): Promise<Meeting | null> {
        return this.diagnose((diagnostics) => diagnostics.meeting(), null);
    }

    /** Frames decoded at a picture slot so far. */
    async frames(slot: SlotName): Promise<number> {
        const reading = await this.diagnose((diagnostics) => diagnostics.counters(), null);
        return reading?.slots[slot]?.framesDecoded ?? 0;
    }

    async press(name: string | RegExp): Promise<void> {
        await this.page.getByRole('button', { name }).first().click();
    }

    /** An interpreter's microphone, on or off. */
    async toggleMicrophone(): Promise<void> {
        await this.page.locator('.microphone-key').click();
    }

    async chooseLanguage(id: string): Promise<void> {
        // In a narrow window they come as a sheet.
        const choice = this.page.locator('.dock-language > .language-key');
        const narrow = (await choice.count()) > 0;
        if (narrow) {
            await choice.click();
        }
        await this.page
            .locator(narrow ? 'dialog[open] .language-key' : '.language-key')
            .nth(['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'].indexOf(id))
            .click();
    }

    async enter(): Promise<void> {
        await this.page.locator('.entrance-join .button-filled').click();
        await expect.poll(async () => (await this.state()).stage, { timeout: ACTION_MAX_MS }).toBe('room');
        await expect.poll(async () => (await this.state()).media, { timeout: OPEN_MAX_MS }).toBe('connected');
    }

    async close(): Promise<void> {
        await this.context.close();
    }
}

interface Fixtures {
    /** What the server is started with besides its port, with blanks between; `{port}` is that. */
    serverOptions: string;
    /** false: a server with nothing on it. */
    demo: boolean;
    plenary: PlenaryServer;
    person: (options: PersonOptions) => Promise<Person>;
    /** People without a page, and ears. Whoever is not what a test is about comes from here: pages starve each other on two cores. */
    light: LightPeople;
    /** A page of its own at a path of the server, with nobody signed in. */
    visit: (path: string, browser?: BrowserName) => Promise<Page>;
}

/** Started once for all tests of a run; each test has contexts of its own in them. */
interface Shared {
    browsers: (name: BrowserName) => Promise<Browser>;
}

// Deadlines, no promises: a machine that does everything else meanwhile gets there.
const ACTION_MAX_MS = 30_000;
const OPEN_MAX_MS = 60_000;

const CHROMIUM_ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--auto-select-desktop-capture-source=Entire screen',
    '--disable-features=WebRtcHideLocalIpsWithMdns',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
];
const FIREFOX_PREFERENCES = {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'media.peerconnection.ice.loopback': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'network.proxy.type': 0,
    'dom.min_background_timeout_value': 4,
    'dom.timeout.enable_budget_timer_throttling': false,
};

async function launch(name: BrowserName, sounds: SoundDevice): Promise<Browser> {
    if (name !== 'firefox') {
        const args = CHROMIUM_ARGUMENTS.filter((one) => name === 'chromium' || !one.includes('fake-ui'));
        return chromium.launch({ executablePath: '/usr/bin/chromium', args });
    }
    return firefox.launch({
        channel: 'moz-firefox',
        executablePath: '/usr/bin/firefox-esr',
        firefoxUserPrefs: FIREFOX_PREFERENCES,
        env: { ...process.env, PULSE_SERVER: await sounds.start() },
    });
}

export const test = base.extend<Fixtures, Shared>({
    serverOptions: ['', { option: true }],
    demo: [true, { option: true }],
    plenary: async ({ serverOptions, demo }, use, info) => {
        const server = new PlenaryServer(serverOptions, demo);
        await server.start();
        await use(server);
        if (info.status !== info.expectedStatus) {
            await info.attach('server.log', { body: server.log(), contentType: 'text/plain' });
            console.log(server.log());
        }
        await server.stop();
    },
    browsers: [
        // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures a function wants from its pattern
        async ({}, use) => {
            const open = new Map<BrowserName, Browser>();
            const sounds = new SoundDevice();
            await use(async (name) => {
                const found = open.get(name);
                if (found?.isConnected()) {
                    return found;
                }
                const browser = await launch(name, sounds);
                open.set(name, browser);
                return browser;
            });
            for (const browser of open.values()) {
                await browser.close();
            }
            await sounds.stop();
        },
        { scope: 'worker' },
    ],
    light: async ({ plenary }, use) => {
        const light = new LightPeople(plenary);
        await use(light);
        await light.close();
    },
    person: async ({ plenary, browsers }, use) => {
        const people: Person[] = [];
        await use(async (options) => {
            const browser = await browsers(options.browser ?? 'chromium');
            const context = await browser.newContext({
                viewport: options.viewport ?? { width: 1440, height: 900 },
                colorScheme: options.colorScheme ?? 'light',
                locale: options.interfaceLanguage ?? 'en',
                ...(options.handheld ? { hasTouch: true, isMobile: true } : {}),
            });
            context.setDefaultTimeout(ACTION_MAX_MS);
            const page = await context.newPage();
            const sequence = readAlong(page, options.participant);
            await page.addInitScript(keepPeers, options.mediaPort ?? null);
            const { tone, picture, screen, denied, microphones } = options;
            if ([tone, picture, screen, denied, microphones].some((one) => one !== undefined)) {
                await page.addInitScript(installDevices, { tone, picture, screen, denied, microphones });
            }
            const { lateMs } = options;
            if (lateMs !== undefined) {
                await page.routeWebSocket(/./, (socket) => {
                    const server = socket.connectToServer();
                    server.onMessage((message) => {
                        setTimeout(() => socket.send(message), lateMs);
                    });
                });
            }
            page.on('pageerror', (error) => console.log(`${options.role}: ${error.stack ?? error.message}`));
            page.on('console', (message) => {
                // Behind a line that a test cuts, errors are what it is about.
                if (message.type() === 'error' && options.pagePort === undefined) {
                    console.log(`${options.role}: ${message.text()}`);
                }
            });
            const url = options.pagePort ? `http://127.0.0.1:${options.pagePort}` : plenary.url;
            await page.goto(`${url}/m/${options.meeting ?? 'demo'}#${plenary.token(options)}`);
            const person = new Person(page, context, options, sequence);
            people.push(person);
            await expect(page.locator('.entrance-join .button-filled')).toBeVisible({ timeout: OPEN_MAX_MS });
            if (!options.stay) {
                await person.enter();
            }
            return person;
        });
        for (const one of people) {
            await one.close();
        }
    },
    visit: async ({ plenary, browsers }, use) => {
        const contexts: BrowserContext[] = [];
        await use(async (path, name = 'chromium') => {
            const context = await (await browsers(name)).newContext({
                viewport: { width: 1440, height: 900 },
                locale: 'en',
            });
            contexts.push(context);
            context.setDefaultTimeout(ACTION_MAX_MS);
            const page = await context.newPage();
            page.on('pageerror', (error) => console.log(`${path}: ${error.stack ?? error.message}`));
            await page.goto(`${plenary.url}${path}`);
            return page;
        });
        for (const one of contexts) {
            await one.close();
        }
    },
});

export type { PlenaryServer, Role } from './server.ts';
export { expect };
