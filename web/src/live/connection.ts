// The live connection: one WebSocket after another, as one, for all meetings that the page follows. It resumes each from its last event,
// notices silence, comes back with growing, jittered pauses, and turns commands into promises. It knows no browser global: sockets, timers
// and chance are given, so that tests run it on their own clock. docs/protocol.md is the source.
import type {
    ClientMessage,
    CommandName,
    Commands,
    Hello,
    Meeting,
    NoticeMessage,
    Replies,
    ServerMessage,
    StreamName,
} from '../contract/generated.ts';
import { patience, RoundTrip } from '../media/patience.ts';
import type { ConnectionPhase, EndReason, MeetingEvent } from '../state/phase.ts';
import { Problem } from './problem.ts';

export const PROTOCOL = 1;
// Each of these is the least, for a near server; `patience` makes more of it for a far one.
export const SILENCE_MAX_MS = 15_000;
export const HELLO_MAX_MS = 8_000;
export const COMMAND_MAX_MS = 10_000;
const SILENCE_TRIPS = 8; // the server's ping comes every 5 s, and TCP repeats what was lost
const HELLO_TRIPS = 8;
const HELLO_TOOK_TRIPS = 2; // a connection and the answer; with TLS one or two more: then it is taken for farther than it is
const COMMAND_TRIPS = 6;
export const HELD_MAX_MS = 30_000;
export const PAUSE_FIRST_MS = 200;
export const PAUSE_LAST_MS = 5_000;
const PENDING_MAX = 64;

/**
 * Commands that wait for the connection to come back instead of being refused: giving them late does no harm and opens nothing. All
 * others are refused at once while there is no connection: a microphone that opens ten seconds after the press would be a trap.
 */
export const HELD_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>([
    'floor.yield',
    'floor.withdraw',
    'help.ask',
    'help.cancel',
]);

/** What is used of a WebSocket; its events come by the two functions given when it is opened. */
export interface Socket {
    send(text: string): void;
    close(): void;
}

/** The outside. Timers are `setTimeout` and `clearTimeout`; `now` is local time in ms; `random` is 0 … 1. */
export interface Outside {
    openSocket(
        path: string,
        protocols: string[],
        received: (text: string) => void,
        closed: () => void,
    ): Socket;
    now(): number;
    after(ms: number, action: () => void): unknown;
    cancel(timer: unknown): void;
    random(): number;
    online(): boolean;
    /** After a connection that never said hello: whether the server refuses the session. */
    isRefused(): Promise<boolean>;
}

/** Who is told of one meeting. `takeEvents` returns false when an event is missing. */
export interface StreamListener {
    /** Its state is here, for the first time or again: commands are taken. */
    ready(): void;
    takeHello(hello: Hello): void;
    takeSnapshot(meeting: Meeting, seq: number): void;
    takeEvents(events: readonly MeetingEvent[]): boolean;
    takeNotice(notice: NoticeMessage): void;
    takeServerTime(now: number): void;
    /** The last event seen; 0 when there is no snapshot to build on. */
    sequence(): number;
    /** The server does not give it now; it is asked for again. */
    waits(problem: Problem): void;
    /** One follows it no more, and the connection goes on for others. */
    ended(reason: EndReason): void;
}

/** Who is told of the connection, and of the meeting that it begins with. */
export interface Listener extends StreamListener {
    phaseChanged(phase: ConnectionPhase): void;
}

// What is followed. `asked`: the number of the question for it, which the server has not answered.
interface Followed {
    listener: StreamListener;
    ready: boolean;
    fresh: boolean;
    asked: number;
    refusals: number;
}

// What is no different a moment later.
const FOR_GOOD: readonly string[] = ['forbidden', 'not-found', 'expired', 'unauthenticated'];

function streamOf(meeting: string): StreamName {
    return `meeting/${meeting}`;
}

type StreamMessage = Exclude<ServerMessage, { ping: number } | { reply: number }>;

interface Pending {
    meeting: string;
    name: CommandName;
    data: unknown;
    resolve(data: unknown): void;
    reject(problem: Problem): void;
    timer: unknown;
    sent: boolean;
    sentAt: number;
}

/** The pause before an attempt: 0.2 s, doubling to 5 s, each shortened by up to half by chance so that a whole chamber does not come back at once. */
export function pauseBefore(attempt: number, random: number): number {
    const whole = Math.min(PAUSE_LAST_MS, PAUSE_FIRST_MS * 2 ** attempt);
    return Math.max(PAUSE_FIRST_MS, whole * (1 - random / 2));
}

/** What the server's word for an end means; an unknown one is an end without a way back. */
export function endReason(text: string): EndReason {
    const known: readonly EndReason[] = ['signed-out', 'expired', 'removed', 'withdrawn', 'replaced'];
    return known.find((reason) => reason === text) ?? 'refused';
}

export class LiveConnection {
    readonly #outside: Outside;
    readonly #listener: Listener;
    // In the order in which they were begun; the first names the address of the next connection.
    readonly #streams = new Map<string, Followed>();
    readonly #token: string;
    readonly #pending = new Map<number, Pending>();
    #socket: Socket | null = null;
    #phase: ConnectionPhase;
    #greeted = false;
    #heardAt = 0;
    #openedAt = 0;
    readonly #roundTrip = new RoundTrip();
    #silenceTimer: unknown;
    #pauseTimer: unknown;
    #attempt = 0;
    #lastId = 0;
    #turn = 0;
    // The meeting of the connection's address, whose messages do not name it; empty when it has ended.
    #addressed = '';

    constructor(outside: Outside, listener: Listener, meeting: string, token: string) {
        this.#outside = outside;
        this.#listener = listener;
        this.#begin(meeting, listener);
        this.#token = token;
        this.#phase = { phase: 'connecting', since: outside.now(), reason: '' };
    }

    /** Connects, and keeps connected until `end` or until the server ends the session. */
    start(): void {
        this.#listener.phaseChanged(this.#phase);
        this.#open();
    }

    /** Follows another meeting as well, from now on and over every new connection. */
    follow(meeting: string, listener: StreamListener): void {
        this.#begin(meeting, listener);
        if (this.#phase.phase === 'live') {
            this.#subscribe(meeting);
        }
    }

    /** Ends for good. Commands under way are refused. */
    end(reason: EndReason): void {
        this.#setPhase('ended', reason);
        this.#dropSocket();
        this.#outside.cancel(this.#pauseTimer);
        this.#refuseAll(() => true);
    }

    /**
     * The device has a network again, or the person asks: does not wait for the pause to end. `anew`: the socket that there is may be dead
     * without knowing.
     */
    retryNow(anew = false): void {
        if (anew && this.#socket !== null) {
            this.#closed();
        }
        if (this.#phase.phase === 'ended' || this.#socket !== null) {
            return;
        }
        this.#outside.cancel(this.#pauseTimer);
        this.#attempt = 0;
        this.#open();
    }

    /** How long the server takes to answer, in ms; 0 until it has. */
    roundTripMs(): number {
        return this.#roundTrip.ms;
    }

    /** Gives a command in a meeting that is followed. Rejects with a `Problem`. */
    command<N extends CommandName>(name: N, data: Commands[N], meeting: string): Promise<Replies[N]> {
        const held = HELD_COMMANDS.has(name) && this.#streams.has(meeting);
        const live = this.#phase.phase === 'live' && this.#streams.get(meeting)?.ready === true;
        if (this.#phase.phase === 'ended' || !(live || held) || this.#pending.size >= PENDING_MAX) {
            return Promise.reject(Problem.local('not-connected'));
        }
        return new Promise((resolve, reject) => {
            this.#lastId += 1;
            const id = this.#lastId;
            const least = held ? HELD_MAX_MS : COMMAND_MAX_MS;
            const pending: Pending = {
                meeting,
                name,
                data,
                resolve: resolve as (data: unknown) => void,
                reject,
                timer: this.#outside.after(patience(least, COMMAND_TRIPS, this.#roundTrip.ms), () => {
                    this.#pending.delete(id);
                    reject(Problem.local('timeout'));
                }),
                sent: live,
                sentAt: 0,
            };
            this.#pending.set(id, pending);
            if (live) {
                this.#sendCommand(id, pending);
            }
        });
    }

    #begin(meeting: string, listener: StreamListener): void {
        this.#streams.set(meeting, { listener, ready: false, fresh: false, asked: 0, refusals: 0 });
    }

    #subscribe(meeting: string): void {
        const followed = this.#streams.get(meeting);
        if (followed !== undefined && meeting !== this.#addressed) {
            const after = this.#afterOf(followed);
            this.#lastId += 1;
            followed.asked = this.#lastId;
            const subscribe = { stream: streamOf(meeting), ...(after > 0 ? { after } : {}) };
            this.#send({ id: followed.asked, subscribe });
        }
    }

    #afterOf(followed: Followed): number {
        return followed.fresh ? 0 : followed.listener.sequence();
    }

    #open(): void {
        const [first] = this.#streams;
        this.#addressed = first?.[0] ?? '';
        const after = first === undefined ? 0 : this.#afterOf(first[1]);
        const resume = after > 0 ? `&after=${after}` : '';
        const path = `/api/v1/live?meeting=${encodeURIComponent(this.#addressed)}${resume}`;
        this.#greeted = false;
        this.#openedAt = this.#outside.now();
        this.#heardAt = this.#openedAt;
        // A socket that was given up may still speak: only the newest is listened to.
        const turn = ++this.#turn;
        this.#socket = this.#outside.openSocket(
            path,
            ['plenary.v1', `bearer.${this.#token}`],
            (text) => {
                if (this.#turn === turn) {
                    this.#receive(text);
                }
            },
            () => {
                if (this.#turn === turn) {
                    this.#closed();
                }
            },
        );
        this.#watchSilence();
    }

    // One timer, armed again only when it fires: a message costs nothing.
    #watchSilence(): void {
        const limit = this.#greeted
            ? patience(SILENCE_MAX_MS, SILENCE_TRIPS, this.#roundTrip.ms)
            : patience(HELLO_MAX_MS, HELLO_TRIPS, this.#roundTrip.ms, this.#attempt);
        const left = this.#heardAt + limit - this.#outside.now();
        this.#outside.cancel(this.#silenceTimer);
        if (left <= 0) {
            this.#closed();
            return;
        }
        this.#silenceTimer = this.#outside.after(left, () => this.#watchSilence());
    }

    #receive(text: string): void {
        this.#heardAt = this.#outside.now();
        let message: ServerMessage;
        try {
            message = JSON.parse(text) as ServerMessage;
        } catch {
            this.#closed();
            return;
        }
        if ('ping' in message) {
            this.#takePing(message);
        } else if ('reply' in message) {
            this.#takeReply(message);
        } else {
            this.#takeOfStream(message, message.stream?.slice(streamOf('').length) ?? this.#addressed);
        }
    }

    #takePing(message: Extract<ServerMessage, { ping: number }>): void {
        this.#streams.get(this.#addressed)?.listener.takeServerTime(message.ping);
        for (const [meeting, followed] of this.#streams) {
            const now = message.streams?.[streamOf(meeting)];
            if (now !== undefined) {
                followed.listener.takeServerTime(now);
            }
        }
        this.#send({ pong: message.ping });
    }

    #takeOfStream(message: StreamMessage, meeting: string): void {
        const followed = this.#streams.get(meeting);
        if (followed === undefined) {
            return; // on its way when it ended
        }
        if ('events' in message) {
            if (!followed.listener.takeEvents(message.events)) {
                // An event is missing: what the page shows would be wrong. Begin again from a snapshot.
                followed.fresh = true;
                this.#closed();
            }
        } else if ('notice' in message) {
            this.#takeNotice(message, meeting, followed);
        } else if ('snapshot' in message) {
            followed.fresh = false;
            followed.listener.takeSnapshot(message.snapshot, message.seq);
            this.#ready(meeting, followed);
        } else if ('hello' in message) {
            this.#takeHello(message.hello, meeting, followed);
        }
    }

    #takeHello(hello: Hello, meeting: string, followed: Followed): void {
        if (hello.protocol !== PROTOCOL) {
            this.end('protocol');
            return;
        }
        if (meeting === this.#addressed) {
            this.#greeted = true;
            this.#roundTrip.note((this.#outside.now() - this.#openedAt) / HELLO_TOOK_TRIPS);
            this.#watchSilence();
        }
        followed.listener.takeHello(hello);
        if (hello.resumed) {
            this.#ready(meeting, followed);
        }
    }

    // With the state of its own meeting a connection is live, and asks for the others.
    #ready(meeting: string, followed: Followed): void {
        followed.ready = true;
        followed.refusals = 0;
        if (meeting === this.#addressed) {
            this.#attempt = 0;
            this.#setPhase('live', '');
            for (const other of this.#streams.keys()) {
                this.#subscribe(other);
            }
        }
        followed.listener.ready();
        for (const [id, pending] of this.#pending) {
            if (!pending.sent && pending.meeting === meeting) {
                this.#sendCommand(id, pending);
            }
        }
    }

    #takeReply(reply: Extract<ServerMessage, { reply: number }>): void {
        const pending = this.#pending.get(reply.reply);
        if (pending === undefined) {
            this.#takeAnswer(reply);
            return;
        }
        this.#pending.delete(reply.reply);
        this.#outside.cancel(pending.timer);
        this.#roundTrip.note(this.#outside.now() - pending.sentAt);
        if ('problem' in reply) {
            pending.reject(new Problem(reply.problem));
        } else {
            pending.resolve(reply.data ?? {});
        }
    }

    // To a question for a stream: what one may not follow has ended, all else is asked again.
    #takeAnswer(reply: Extract<ServerMessage, { reply: number }>): void {
        for (const [meeting, followed] of this.#streams) {
            if (followed.asked === reply.reply && 'problem' in reply) {
                const problem = new Problem(reply.problem);
                if (FOR_GOOD.includes(problem.kind)) {
                    this.#forget(meeting, followed, endReason(problem.kind));
                } else {
                    followed.listener.waits(problem);
                    this.#askLater(meeting, followed);
                }
            }
        }
    }

    // On this connection; the next one asks for all of them by itself.
    #askLater(meeting: string, followed: Followed): void {
        const turn = this.#turn;
        followed.refusals += 1;
        this.#outside.after(pauseBefore(followed.refusals, this.#outside.random()), () => {
            if (this.#turn === turn && this.#streams.get(meeting) === followed) {
                this.#subscribe(meeting);
            }
        });
    }

    #forget(meeting: string, followed: Followed, reason: EndReason): void {
        this.#streams.delete(meeting);
        this.#addressed = this.#addressed === meeting ? '' : this.#addressed;
        this.#refuseAll((pending) => pending.meeting === meeting);
        followed.listener.ended(reason);
    }

    #takeNotice(notice: NoticeMessage, meeting: string, followed: Followed): void {
        if (notice.notice !== 'session.ended') {
            followed.listener.takeNotice(notice);
        } else if (this.#streams.size > 1) {
            this.#forget(meeting, followed, endReason(notice.data.reason));
        } else {
            this.end(endReason(notice.data.reason));
            followed.listener.takeNotice(notice);
        }
    }

    #closed(): void {
        const greeted = this.#greeted;
        for (const followed of this.#streams.values()) {
            followed.ready = false;
        }
        this.#dropSocket();
        if (this.#phase.phase === 'ended') {
            return;
        }
        // What was under way may or may not have happened: the events will show it. Held ones are given again.
        for (const pending of this.#pending.values()) {
            pending.sent = pending.sent && !HELD_COMMANDS.has(pending.name);
        }
        this.#refuseAll((pending) => pending.sent);
        const phase = this.#outside.online() ? this.#lostPhase() : 'offline';
        this.#setPhase(phase, '');
        const pause = pauseBefore(this.#attempt, this.#outside.random());
        this.#attempt += 1;
        this.#pauseTimer = this.#outside.after(pause, () => this.#open());
        if (!greeted) {
            this.#addressAnother();
            void this.#outside.isRefused().then((refused) => {
                if (refused && !this.#greeted && this.#phase.phase !== 'ended') {
                    this.end('refused');
                }
            });
        }
    }

    // One may have lost the seat in the meeting that the address named, and not in the others.
    #addressAnother(): void {
        const [first] = this.#streams;
        if (first !== undefined) {
            this.#streams.delete(first[0]);
            this.#streams.set(...first);
        }
    }

    #lostPhase(): 'connecting' | 'reconnecting' {
        return this.#phase.phase === 'connecting' ? 'connecting' : 'reconnecting';
    }

    #dropSocket(): void {
        const socket = this.#socket;
        this.#socket = null;
        this.#turn += 1;
        this.#greeted = false;
        this.#outside.cancel(this.#silenceTimer);
        socket?.close();
    }

    #refuseAll(which: (pending: Pending) => boolean): void {
        for (const [id, pending] of this.#pending) {
            if (which(pending)) {
                this.#pending.delete(id);
                this.#outside.cancel(pending.timer);
                pending.reject(Problem.local('not-connected'));
            }
        }
    }

    #sendCommand(id: number, pending: Pending): void {
        pending.sent = true;
        pending.sentAt = this.#outside.now();
        const { meeting, name, data } = pending;
        const stream = meeting === this.#addressed ? {} : { stream: streamOf(meeting) };
        this.#send({ id, ...stream, command: name, data } as ClientMessage);
    }

    #send(message: ClientMessage): void {
        this.#socket?.send(JSON.stringify(message));
    }

    // `since` is when the interruption began, however many attempts follow.
    #setPhase(phase: ConnectionPhase['phase'], reason: EndReason | ''): void {
        const interrupted = phase === 'reconnecting' || phase === 'offline';
        const was = this.#phase.phase === 'reconnecting' || this.#phase.phase === 'offline';
        const since =
            (interrupted && was) || phase === this.#phase.phase ? this.#phase.since : this.#outside.now();
        if (phase === this.#phase.phase && reason === this.#phase.reason) {
            return;
        }
        this.#phase = { phase, since, reason };
        this.#listener.phaseChanged(this.#phase);
    }
}
