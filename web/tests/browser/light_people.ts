// People without a page: an aiortc client with a tone as microphone, of which two cores can hold many; and ears, which know by the kernel's
// own stamps when the server sent what they hear. See tests/support/light_people.py.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChannelId } from '../../src/contract/generated.ts';
import type { LinkOptions, PlenaryServer } from './server.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../tests/support/light_people.py');
const ANSWER_MAX_MS = 60_000;
const HEARD_WITHIN_MS = 30_000;

interface Answer {
    id: number;
    data?: Record<string, unknown>;
    error?: string;
}

export class LightPerson {
    constructor(
        private readonly people: LightPeople,
        private readonly name: string,
        readonly participant: string,
    ) {}

    /** Fails with the server's words when it is refused. */
    async command(command: string, data: Record<string, unknown> = {}): Promise<void> {
        await this.people.ask({ who: this.name, command, data });
    }

    async microphone(state: 'on' | 'off' | 'cough'): Promise<void> {
        await this.command('desk.microphone', { state });
    }

    /** The number of the last event; fails when one was left out. */
    async sequence(): Promise<unknown> {
        return (await this.people.ask({ who: this.name, sequence: true })).sequence;
    }

    /** The data of all events of a type that this person was told so far. */
    async told(type: string): Promise<Record<string, unknown>[]> {
        return (await this.people.ask({ who: this.name, told: type })).events as Record<string, unknown>[];
    }

    /** The ear at a sound slot, of one who joined with `listens`. */
    ear(slot: 'floor_1' | 'floor_2' | 'language'): LightEar {
        return new LightEar(this.people, `${this.name} ${slot}`);
    }

    async leave(): Promise<void> {
        await this.people.ask({ who: this.name, leave: true });
    }
}

/** One tone, or silence (0 Hz), without a break in the packets' order. Times are those of Date.now(). */
export interface Run {
    hertz: number;
    from: number;
    to: number;
    packets: number;
}

export interface Heard {
    runs: Run[];
    /** The tones one after the other, without the silence between them and without the packet or two in which a decoder turns. */
    order: number[];
    /** The longest time between packets with sound, ms, and when it began. */
    gap: number;
    gapAt: number;
    packets: number;
    bytes: number;
    /** Numbers that never came. */
    missing: number;
    /** How late the clients' own process was at most, ms. */
    late: number;
}

/** Packets between two sources in which the decoder may show a third tone. */
const CHANGE_MAX = 2;

/** Where somebody was heard who is none of these. */
export function strangers(runs: Run[], allowed: number[]): Run[] {
    return runs.filter((run) => run.packets > CHANGE_MAX && run.hertz > 0 && !allowed.includes(run.hertz));
}

export class LightEar {
    constructor(
        private readonly people: LightPeople,
        readonly name: string,
    ) {}

    /** Waits until this tone is heard (0 Hz: nothing) and began after `since`; when it began. */
    async hears(hertz: number, since = 0): Promise<number> {
        const { at } = await this.people.ask({
            ear: this.name,
            until: hertz,
            since,
            within: HEARD_WITHIN_MS,
        });
        return Number(at);
    }

    async between(from: number, to = Date.now()): Promise<Heard> {
        return (await this.people.ask({ ear: this.name, between: [from, to] })) as unknown as Heard;
    }

    async forget(before: number): Promise<void> {
        await this.people.ask({ ear: this.name, forget: before });
    }
}

export interface LightOptions extends LinkOptions {
    tone?: number;
    /** Of the tone, of full scale; 0.3 when not said. */
    amplitude?: number;
    listens?: boolean;
}

export class LightPeople {
    private child: ChildProcess | undefined;
    private readonly waiting = new Map<number, (answer: Answer) => void>();
    private errors = '';
    private asked = 0;
    private joined = 0;

    constructor(private readonly plenary: PlenaryServer) {}

    /** Started by whoever is the first, because many tests need none. */
    private get process(): ChildProcess {
        if (this.child) {
            return this.child;
        }
        const child = spawn('/usr/bin/python3', [PROGRAM, this.plenary.url], { stdio: 'pipe' });
        this.child = child;
        child.stderr?.on('data', (part: Buffer) => {
            this.errors += part.toString();
        });
        createInterface({ input: child.stdout! }).on('line', (line) => {
            const answer = JSON.parse(line) as Answer;
            this.waiting.get(answer.id)?.(answer);
        });
        return child;
    }

    /** In the room, with media joined; the microphone's tone is a multiple of 50 Hz, and without one there is no microphone. */
    async join(options: LightOptions): Promise<LightPerson> {
        this.joined += 1;
        const { tone = 0, amplitude = 0.3, listens = false, ...link } = options;
        const who = `${link.participant ?? link.role} ${this.joined}`;
        const join = this.plenary.token(link);
        const found = await this.ask({
            who,
            join,
            meeting: link.meeting ?? 'demo',
            hertz: tone,
            amplitude,
            listens,
        });
        return new LightPerson(this, who, String(found.participant));
    }

    /** Somebody who has the floor and speaks, and the chair who gave it. */
    async speech(options: LightOptions): Promise<{ chair: LightPerson; speaker: LightPerson }> {
        const chair = await this.join({ role: 'chair' });
        const speaker = await this.join(options);
        await this.giveFloor(chair, speaker);
        return { chair, speaker };
    }

    async giveFloor(chair: LightPerson, to: LightPerson): Promise<void> {
        await to.command('floor.request');
        await chair.command('floor.give', { participant: to.participant });
    }

    /** An ear at the door of a channel of the demonstration meeting. */
    async hear(channel: ChannelId): Promise<LightEar> {
        const token = this.plenary.token({ role: 'technician' });
        await this.ask({ ear: channel, hear: `/whep/demo/${channel}?variant=plain`, token });
        return new LightEar(this, channel);
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
        const { child } = this;
        if (child && child.exitCode === null) {
            const ended = new Promise((done) => child.once('exit', done));
            child.stdin?.end();
            await ended;
        }
        this.child = undefined;
    }
}
