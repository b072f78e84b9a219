// People without a page: an aiortc client with a tone as microphone, of which two cores can hold many. See tests/support/light_people.py.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { LinkOptions, PlenaryServer } from './server.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../tests/support/light_people.py');
const ANSWER_MAX_MS = 30_000;

interface Answer {
    id: number;
    data?: Record<string, unknown>;
    error?: string;
}

export class LightPerson {
    constructor(
        private readonly people: LightPeople,
        private readonly name: string,
    ) {}

    /** Fails with the server's words when it is refused. */
    async command(command: string, data: Record<string, unknown> = {}): Promise<void> {
        await this.people.ask({ who: this.name, command, data });
    }

    /** The number of the last event; fails when one was left out. */
    async sequence(): Promise<unknown> {
        return (await this.people.ask({ who: this.name, sequence: true })).sequence;
    }
}

export class LightPeople {
    private readonly process: ChildProcess;
    private readonly waiting = new Map<number, (answer: Answer) => void>();
    private errors = '';
    private asked = 0;
    private joined = 0;

    constructor(private readonly plenary: PlenaryServer) {
        this.process = spawn('/usr/bin/python3', [PROGRAM, plenary.url], { stdio: 'pipe' });
        this.process.stderr?.on('data', (part: Buffer) => {
            this.errors += part.toString();
        });
        createInterface({ input: this.process.stdout! }).on('line', (line) => {
            const answer = JSON.parse(line) as Answer;
            this.waiting.get(answer.id)?.(answer);
        });
    }

    async join(options: LinkOptions & { tone: number }): Promise<LightPerson> {
        this.joined += 1;
        const who = `${options.participant ?? options.role} ${this.joined}`;
        await this.ask({ who, join: this.plenary.token(options), hertz: options.tone });
        return new LightPerson(this, who);
    }

    async ask(request: Record<string, unknown>): Promise<Record<string, unknown>> {
        this.asked += 1;
        const id = this.asked;
        const answer = await new Promise<Answer>((done, failed) => {
            const timer = setTimeout(() => failed(new Error(`no answer:\n${this.errors}`)), ANSWER_MAX_MS);
            this.waiting.set(id, (found) => {
                clearTimeout(timer);
                done(found);
            });
            this.process.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
        });
        this.waiting.delete(id);
        if (answer.error !== undefined) {
            throw new Error(answer.error);
        }
        return answer.data ?? {};
    }

    async close(): Promise<void> {
        const ended = new Promise((done) => this.process.once('exit', done));
        this.process.stdin?.end();
        await ended;
    }
}
