// A server of its own for each test, and people in real browsers whose microphones are tones.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
    type Browser,
    type BrowserContext,
    test as base,
    chromium,
    expect,
    firefox,
    type Page,
} from '@playwright/test';
import type { Diagnostics } from '../../src/live/diagnostics.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const BINARY = process.env.PLENARY_BINARY ?? join(ROOT, 'build', 'plenary');

export type BrowserName = 'chromium' | 'firefox';
export const BROWSERS: BrowserName[] = ['chromium', 'firefox'];

export type Role =
    | 'chair'
    | 'secretary'
    | 'moderator'
    | 'technician'
    | 'delegate'
    | 'interpreter'
    | 'captioner'
    | 'listener';

export interface PersonOptions {
    role: Role;
    /** The frequency of the microphone; none: the browser's own fake device. */
    tone?: number;
    language?: string;
    delegation?: string;
    interfaceLanguage?: string;
    browser?: BrowserName;
    viewport?: { width: number; height: number };
    colorScheme?: 'light' | 'dark';
    /** Stay at the entrance. */
    stay?: boolean;
}

async function freePort(): Promise<number> {
    return new Promise((done, failed) => {
        const probe = createServer();
        probe.once('error', failed);
        probe.listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
        });
    });
}

export class PlenaryServer {
    readonly data = mkdtempSync(join(tmpdir(), 'plenary-browser-'));
    port = 0;
    links = new Map<string, string>();
    private process: ChildProcess | undefined;
    private output = '';

    async start(): Promise<void> {
        this.port ||= await freePort();
        const child = spawn(BINARY, ['serve', '--demo', '--data', this.data, '--port', String(this.port)], {
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.process = child;
        child.stderr?.on('data', (part: Buffer) => {
            this.output += part.toString();
        });
        await new Promise<void>((ready, failed) => {
            child.once('exit', () => failed(new Error(`the server did not start:\n${this.output}`)));
            createInterface({ input: child.stdout! }).on('line', (line) => {
                const found = /^\s+(.+?)\s+https?:\/\/\S+\/m\/demo#(\S+)$/.exec(line);
                if (found) {
                    this.links.set(found[1]!, found[2]!);
                }
                if (line.includes('Ctrl-C')) {
                    ready();
                }
            });
        });
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    token(options: PersonOptions): string {
        const extra = [
            ...(options.language ? ['--language', options.language] : []),
            ...(options.delegation ? ['--delegation', options.delegation] : []),
        ];
        return execFileSync(
            BINARY,
            ['token', '--data', this.data, '--meeting', 'demo', '--role', options.role, ...extra],
            { encoding: 'utf8' },
        ).trim();
    }

    pidOf(face: 'control' | 'media'): number {
        const found = execFileSync('pgrep', ['-P', String(this.process?.pid), '-f', `plenary ${face}`], {
            encoding: 'utf8',
        });
        return Number(found.trim().split('\n')[0]);
    }

    kill(face: 'control' | 'media'): void {
        process.kill(this.pidOf(face), 'SIGKILL');
    }

    log(): string {
        return this.output.split('\n').slice(-60).join('\n');
    }

    async stop(): Promise<void> {
        const child = this.process;
        if (child && child.exitCode === null) {
            const ended = new Promise((done) => child.once('exit', done));
            child.kill('SIGTERM');
            await ended;
        }
        rmSync(this.data, { recursive: true, force: true });
    }
}

// Firefox's sound graph does not run without a sound device, and servers have none: a PulseAudio of its own, with a sink that keeps time
// and plays nowhere.
class SoundDevice {
    private readonly folder = mkdtempSync(join(tmpdir(), 'plenary-sound-'));
    private process: ChildProcess | undefined;

    /** The address for PULSE_SERVER, once it listens. */
    async start(): Promise<string> {
        const socket = join(this.folder, 'native');
        const child = spawn(
            'pulseaudio',
            [
                '-n',
                '--daemonize=no',
                '--exit-idle-time=-1',
                '--use-pid-file=no',
                '--disable-shm=yes',
                '-L',
                'module-null-sink rate=48000',
                '-L',
                `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
            ],
            {
                stdio: 'ignore',
                env: { ...process.env, PULSE_RUNTIME_PATH: this.folder, PULSE_STATE_PATH: this.folder },
            },
        );
        this.process = child;
        await expect.poll(() => child.exitCode === null && existsSync(socket)).toBe(true);
        return `unix:${socket}`;
    }

    async stop(): Promise<void> {
        const child = this.process;
        if (child && child.exitCode === null) {
            const ended = new Promise((done) => child.once('exit', done));
            child.kill('SIGTERM');
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }
}

// A microphone that is a sine, made before the page's own scripts run. The page's constraints are kept for the test to look at.
function installTone(frequency: number): void {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
        return; // the blank page before the first address
    }
    const original = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints?: MediaStreamConstraints) => {
        if (!constraints?.audio) {
            return original(constraints);
        }
        const context = new AudioContext({ sampleRate: 48000 });
        const oscillator = new OscillatorNode(context, { frequency });
        const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
        oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
        oscillator.start();
        await context.resume();
        const stream = destination.stream;
        if (constraints.video) {
            const pictures = await original({ video: constraints.video });
            for (const track of pictures.getVideoTracks()) {
                stream.addTrack(track);
            }
        }
        return stream;
    };
}

export class Person {
    constructor(
        readonly page: Page,
        readonly context: BrowserContext,
        readonly options: PersonOptions,
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
                    timeout: 15_000,
                    intervals: [100],
                },
            )
            .toBe(true);
    }

    async press(name: string | RegExp): Promise<void> {
        await this.page.getByRole('button', { name }).first().click();
    }

    async chooseLanguage(id: string): Promise<void> {
        await this.page
            .locator('.language-key')
            .nth(['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'].indexOf(id))
            .click();
    }

    async enter(): Promise<void> {
        await this.page.locator('.entrance-join .button-filled').click();
        await expect.poll(async () => (await this.state()).stage, { timeout: 15_000 }).toBe('room');
        await expect.poll(async () => (await this.state()).media, { timeout: 15_000 }).toBe('connected');
    }

    async close(): Promise<void> {
        await this.context.close();
    }
}

interface Fixtures {
    plenary: PlenaryServer;
    browsers: (name: BrowserName) => Promise<Browser>;
    person: (options: PersonOptions) => Promise<Person>;
}

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

export const test = base.extend<Fixtures>({
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures a function wants from its pattern
    plenary: async ({}, use, info) => {
        const server = new PlenaryServer();
        await server.start();
        await use(server);
        if (info.status !== info.expectedStatus) {
            await info.attach('server.log', { body: server.log(), contentType: 'text/plain' });
            console.log(server.log());
        }
        await server.stop();
    },
    // biome-ignore lint/correctness/noEmptyPattern: as above
    browsers: async ({}, use) => {
        const open = new Map<BrowserName, Browser>();
        const sounds = new SoundDevice();
        await use(async (name) => {
            const found = open.get(name);
            if (found) {
                return found;
            }
            const browser =
                name === 'chromium'
                    ? await chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGUMENTS })
                    : await firefox.launch({
                          channel: 'moz-firefox',
                          executablePath: '/usr/bin/firefox-esr',
                          firefoxUserPrefs: FIREFOX_PREFERENCES,
                          env: { ...process.env, PULSE_SERVER: await sounds.start() },
                      });
            open.set(name, browser);
            return browser;
        });
        for (const browser of open.values()) {
            await browser.close();
        }
        await sounds.stop();
    },
    person: async ({ plenary, browsers }, use) => {
        const people: Person[] = [];
        await use(async (options) => {
            const browser = await browsers(options.browser ?? 'chromium');
            const context = await browser.newContext({
                viewport: options.viewport ?? { width: 1440, height: 900 },
                colorScheme: options.colorScheme ?? 'light',
                locale: options.interfaceLanguage ?? 'en',
            });
            const page = await context.newPage();
            page.on('pageerror', (error) => console.log(`${options.role}: ${error.stack ?? error.message}`));
            page.on('console', (message) => {
                if (message.type() === 'error') {
                    console.log(`${options.role}: ${message.text()}`);
                }
            });
            if (options.tone !== undefined) {
                await page.addInitScript(installTone, options.tone);
            }
            await page.goto(`${plenary.url}/m/demo#${plenary.token(options)}`);
            const person = new Person(page, context, options);
            people.push(person);
            await expect(page.locator('.entrance-join .button-filled')).toBeVisible();
            if (!options.stay) {
                await person.enter();
            }
            return person;
        });
        for (const one of people) {
            await one.close();
        }
    },
});

export { expect };
