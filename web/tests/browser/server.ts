// The whole product in a folder of its own: what `./run` starts, on a free port.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const BINARY = process.env.PLENARY_BINARY ?? join(ROOT, 'build', 'plenary');

export type Role =
    | 'chair'
    | 'secretary'
    | 'moderator'
    | 'technician'
    | 'delegate'
    | 'interpreter'
    | 'captioner'
    | 'listener';

/** For whom a link is made. */
export interface LinkOptions {
    role: Role;
    language?: string;
    delegation?: string;
    /** One of the demonstration meeting's own people, such as `delegate-fra`. */
    participant?: string;
    /** Of somebody who is no participant yet. */
    name?: string;
    /** `demo` when not given. */
    meeting?: string;
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
    /** Under which people reach it, as its links say. */
    url = '';
    private process: ChildProcess | undefined;
    private output = '';

    /** Of an empty server: what makes its first administrator. */
    firstLink = '';

    /** `options` of `plenary serve` with blanks between; `{port}` is its port. Without the demonstration it is empty. */
    constructor(
        private readonly options = '',
        private readonly demo = true,
    ) {}

    async start(): Promise<void> {
        this.port ||= await freePort();
        const port = [
            '--port',
            String(this.port),
            ...this.options.replaceAll('{port}', String(this.port)).split(' '),
        ].filter((one) => one !== '');
        const child = spawn(
            BINARY,
            ['serve', ...(this.demo ? ['--demo'] : []), '--data', this.data, ...port],
            {
                stdio: ['ignore', 'pipe', 'pipe'],
            },
        );
        this.process = child;
        child.stderr?.on('data', (part: Buffer) => {
            this.output += part.toString();
        });
        await new Promise<void>((ready, failed) => {
            child.once('exit', () => failed(new Error(`the server did not start:\n${this.output}`)));
            createInterface({ input: child.stdout! }).on('line', (line) => {
                const found = /^\s+(.+?)\s+(https?:\/\/\S+)\/m\/demo#(\S+)$/.exec(line);
                if (found) {
                    this.url = found[2]!;
                    this.links.set(found[1]!, found[3]!);
                }
                const first = /^(https?:\/\/\S+)\/begin#\S+$/.exec(line);
                if (first) {
                    this.url = first[1]!;
                    this.firstLink = line;
                }
                if (first || line.includes('Ctrl-C')) {
                    ready();
                }
            });
        });
    }

    /** Runs `plenary COMMAND` on this server's data; what it prints. */
    run(command: string[], input = ''): string {
        return execFileSync(BINARY, [...command, '--data', this.data], { encoding: 'utf8', input }).trim();
    }

    token(options: LinkOptions): string {
        const { language, delegation, participant, name, meeting = 'demo' } = options;
        return this.run([
            'token',
            ...['--meeting', meeting, '--role', options.role],
            ...(language ? ['--language', language] : []),
            ...(delegation ? ['--delegation', delegation] : []),
            ...(participant ? ['--participant', participant] : []),
            ...(name ? ['--name', name] : []),
        ]);
    }

    /** A link whose date has come. */
    expiredToken(options: LinkOptions): string {
        const link = this.token(options);
        const base = new DatabaseSync(join(this.data, 'plenary.db'));
        base.exec('PRAGMA busy_timeout = 5000');
        base.exec(
            'UPDATE token SET expires_at = created_at WHERE created_at = (SELECT max(created_at) FROM token)',
        );
        base.close();
        return link;
    }

    pidOf(face: 'control' | 'media'): number {
        const found = execFileSync('pgrep', ['-P', String(this.process?.pid), '-f', `plenary ${face}`], {
            encoding: 'utf8',
        });
        return Number(found.trim().split('\n')[0]);
    }

    kill(face: 'control' | 'media', signal: NodeJS.Signals = 'SIGKILL'): void {
        process.kill(this.pidOf(face), signal);
    }

    /** Resident memory of a process in kB. */
    memoryOf(face: 'control' | 'media'): number {
        const status = readFileSync(`/proc/${this.pidOf(face)}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }

    /** Packets the kernel threw away at each socket, by its inode: those of the server, and those of anybody else. */
    packetsDropped(): { server: Map<string, number>; others: Map<string, number> } {
        const dropped = { server: new Map<string, number>(), others: new Map<string, number>() };
        for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
            for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
                const fields = line.trim().split(/\s+/);
                const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
                const whose = port === this.port ? dropped.server : dropped.others;
                whose.set(fields[9] ?? '', Number(fields.at(-1)));
            }
        }
        return dropped;
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
