// What the page knows of one meeting that it follows. `store.ts` gives the views that of the one shown; the others are kept up to date
// beside it. A meeting changes here only by snapshots and events of the server.
import { batch, signal } from '@preact/signals';
import type {
    Capacity,
    ConnectionHealth,
    Hello,
    MediaPlan,
    Meeting,
    NoticeMessage,
    Participant,
    Receiver,
    SittingState,
    StoreState,
} from '../contract/generated.ts';
import type { EndReason, MeetingEvent } from './phase.ts';
import { reduce } from './reduce.ts';

/** What the server can write. Only those who run the meeting are told. */
export interface Storage {
    state: StoreState;
    free_mib: number;
}

/** Listeners from outside: how many, and the newest of them. */
export interface Receivers {
    total: number;
    receivers: readonly Receiver[];
}

/** Who listens to which channel, the audience, and how many pages the whole server has and takes. */
export type Listeners = Partial<Extract<NoticeMessage, { notice: 'listeners.changed' }>['data']>;

/** Of which pictures the server says that they are there and not sent; and whether one's own shall be sent. */
export type HeldPictures = Extract<NoticeMessage, { notice: 'pictures.state' }>['data'];

const NOTHING_HELD: HeldPictures = {
    speaker_held: false,
    chair_held: false,
    screen_held: false,
    partner_held: false,
    own_held: false,
};

/** The end of the access as the server has told it: `stays` until the sitting closes and an hour more. null: it is far. */
export interface Expiring {
    at: number;
    stays: boolean;
}

/** It is not let in for a moment, and asks again: the kind of the refusal, and since when. */
export interface Waiting {
    kind: string;
    since: number;
}

const OFFSETS_MAX = 12;

export class StreamStore {
    /** The meeting's; empty before one is chosen. */
    readonly id: string;
    /** As of the last event; null until the first snapshot. */
    readonly meeting = signal<Meeting | null>(null);
    /** The participant that one is here. */
    readonly me = signal('');
    /** Oneself, for one of the audience, who is in no list of the meeting's. */
    readonly self = signal<Participant | null>(null);
    readonly capacity = signal<Capacity | null>(null);
    readonly allowed = signal<ReadonlySet<string>>(new Set());
    readonly sequence = signal(0);
    // This device's own date until the server has said what time it is.
    readonly clockOffset = signal(Date.now() - performance.now());
    readonly soundOut = signal(0);
    readonly held = signal<HeldPictures>(NOTHING_HELD);
    readonly listeners = signal<Listeners>({});
    readonly storage = signal<Storage>({ state: 'well', free_mib: 0 });
    readonly receivers = signal<Receivers>({ total: 0, receivers: [] });
    readonly health = signal<ReadonlyMap<string, ConnectionHealth>>(new Map());
    readonly lastEvent = signal<MeetingEvent | null>(null);
    readonly lastEvents = signal<readonly MeetingEvent[]>([]);
    readonly wantsRoom = signal(false);
    readonly expiring = signal<Expiring | null>(null);
    /** Why one follows it no more; empty while one does. */
    readonly ended = signal<EndReason | ''>('');
    /** Why the server does not give it now; null while it does. */
    readonly waiting = signal<Waiting | null>(null);
    /** How its sitting stood when another meeting was shown instead. */
    readonly sittingLeft = signal<SittingState | null>(null);
    /** Which tracks media has here; null before the first hello. */
    plan: MediaPlan | null = null;
    // The offsets that the last pings showed.
    #offsets: number[] = [];

    constructor(id: string) {
        this.id = id;
    }

    /** The server's first message on each connection. */
    takeHello(hello: Hello): void {
        batch(() => {
            this.plan = hello.plan;
            this.me.value = hello.participant;
            this.self.value = hello.self ?? null;
            this.capacity.value = hello.capacity;
            this.allowed.value = new Set(hello.may);
            this.#offsets = [hello.now - performance.now()];
            this.clockOffset.value = this.#offsets[0] ?? 0;
            this.soundOut.value = 0; // told again when it is so
            this.storage.value = { state: 'well', free_mib: 0 }; // if it is not, the server says so after this
            this.expiring.value = null; // told again behind it
        });
    }

    /**
     * Corrects the clock's offset from a ping. A late ping only ever makes the clock look slow, so the largest of the last minute counts:
     * both clocks may be slewed meanwhile.
     */
    takeServerTime(now: number): void {
        this.#offsets = [...this.#offsets, now - performance.now()].slice(-OFFSETS_MAX);
        this.clockOffset.value = Math.max(...this.#offsets);
    }

    /** The meeting's clock now, in ms since 1970. Not reactive. */
    now(): number {
        return performance.now() + this.clockOffset.peek();
    }

    /** The whole meeting as of `seq`. */
    takeSnapshot(snapshot: Meeting, seq: number): void {
        batch(() => {
            this.meeting.value = snapshot;
            this.sequence.value = seq;
        });
    }

    /** Events in order. Returns false when one is missing: then nothing more was applied and a snapshot is needed. */
    takeEvents(events: readonly MeetingEvent[]): boolean {
        return batch(() => {
            const told: MeetingEvent[] = [];
            this.lastEvents.value = told;
            for (const event of events) {
                if (event.seq <= this.sequence.value) {
                    continue;
                }
                if (event.seq !== this.sequence.value + 1 || this.meeting.value === null) {
                    return false;
                }
                if (event.type !== 'withheld') {
                    this.meeting.value = reduce(this.meeting.value, event);
                    this.lastEvent.value = event;
                    told.push(event);
                }
                this.sequence.value = event.seq;
            }
            return true;
        });
    }

    /** As the server says; nothing for a new connection of the media. */
    setHeldPictures(held: HeldPictures = NOTHING_HELD): void {
        this.held.value = held;
    }

    /** Newest measurements of some participants' connections. */
    takeHealth(changed: readonly ConnectionHealth[]): void {
        const next = new Map(this.health.value);
        for (const one of changed) {
            next.set(one.participant, one);
        }
        this.health.value = next;
    }

    /** Whether this person has gone from the entrance into the room. */
    setWantsRoom(value: boolean): void {
        this.wantsRoom.value = value;
    }

    /** Another meeting is shown from now on, or this one again: what has just happened is no news any more. */
    setShown(shown: boolean): void {
        batch(() => {
            this.sittingLeft.value = shown ? null : (this.meeting.value?.sitting ?? null);
            this.lastEvent.value = null;
            this.lastEvents.value = [];
        });
    }
}
