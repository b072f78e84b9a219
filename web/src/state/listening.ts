// What this person listens to: channel, balance between floor and interpretation, volume. Remembered for each person on
// this device. `live/` follows `listening` and tells the server; `media/` follows the gains.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Channel, ChannelId, ChannelState, Language, Participant } from '../contract/generated.ts';
import { CHANNEL_ID_VALUES, can } from '../contract/generated.ts';
import { carriesFloor, isByHand } from './booths.ts';
import { channel, meeting } from './store.ts';

/** What is remembered of one person. */
export interface Listening {
    channel: ChannelId;
    /** 0 interpretation only … 0.5 both at full level … 1 floor only. */
    balance: number;
    /** 0 … 1, of everything. */
    volume: number;
    /** How softly another source comes, ms; one of `SOFT_CHOICES`. */
    softMs: number;
    /** What is heard instead while nobody interprets into the channel chosen; `none`: what the channel carries. */
    fallback: ChannelId | 'none';
}

/** One open microphone, or one feed. */
export type Alone = { participant: string } | { feed: string };

/** Levels of the mix: factors of 0 … 1. */
export interface Mix {
    floor: number;
    language: number;
}

/** Balances with a key of their own. */
export const BALANCE_PRESETS = {
    interpretation: 0,
    floorBehind: 0.15,
    both: 0.5,
    floor: 1,
} as const;

/** How softly another source may come, ms: at once, quickly, usually, slowly. */
export const SOFT_CHOICES = [0, 150, 300, 1000] as const;
const SOFT_USUAL = 300;

const chosen = signal<Listening>({
    channel: 'floor',
    balance: BALANCE_PRESETS.interpretation,
    volume: 1,
    softMs: SOFT_USUAL,
    fallback: 'none',
});
const served = signal(true);
const aloneValue = signal<Alone | null>(null);
const paused = signal(false);
let storageKey = '';

/** The channel chosen. */
export const listening: ReadonlySignal<ChannelId> = computed(() => chosen.value.channel);
/** The balance chosen; see `Listening.balance`. It matters only while a language is interpreted. */
export const balance: ReadonlySignal<number> = computed(() => chosen.value.balance);
/** The volume chosen. */
export const volume: ReadonlySignal<number> = computed(() => chosen.value.volume);

/** How softly another source comes, ms. */
export const softMs: ReadonlySignal<number> = computed(() => chosen.value.softMs);
/** What is heard instead of a language that is not served, as chosen. */
export const fallback: ReadonlySignal<ChannelId | 'none'> = computed(() => chosen.value.fallback);
/** The person has paused the meeting's sound, as a whole; forgotten with the page. */
export const soundPaused: ReadonlySignal<boolean> = paused;

/** A technician hears this instead of the channel chosen, whatever carries it; forgotten with the page. */
export const alone: ReadonlySignal<Alone | null> = aloneValue;

/** The channel that is heard: the one chosen, or the one that stands in for it. */
export const heardNow: ReadonlySignal<ChannelId> = computed(() =>
    served.value || !canStandIn(fallback.value) ? listening.value : (fallback.value as ChannelId),
);

// A language that nobody interprets into and nobody speaks either would be no help.
function canStandIn(id: ChannelId | 'none'): boolean {
    return id !== 'none' && id !== listening.value && (id === 'floor' || isServed(servedFacts(id), false));
}

/** What says whether a language is served. */
export interface ServedFacts {
    channel: Channel | null;
    /** Somebody is heard on the floor. */
    floorHeard: boolean;
    /** The language that is spoken there. */
    spoken: Language;
}

export function servedFacts(id: ChannelId): ServedFacts {
    return {
        channel: channel(id),
        floorHeard: (channel('floor')?.state ?? 'silent') !== 'silent',
        spoken: meeting.value?.floor_language ?? 'none',
    };
}

/** Whether a language is interpreted, or spoken on the floor that it carries. While nobody speaks, or nobody knows what, it is what it was `before`. */
export function isServed({ channel: one, floorHeard, spoken }: ServedFacts, before: boolean): boolean {
    if (one === null || one.id === 'floor') {
        return true;
    }
    if (one.state === 'interpreted') {
        return (one.unserved_since ?? 0) === 0; // else nothing is heard of the interpreter, or another language by hand
    }
    if (isByHand(one)) {
        return true; // what a technician says there is meant for those who listen to it
    }
    return floorHeard && spoken !== 'none' ? one.state === 'floor' && spoken === one.id : before;
}

/** What is heard of a channel: `by_hand` is the floor's or a technician's own, and nobody interprets. */
type Heard = ChannelState | 'by_hand';

/** What the channel that is heard carries now: `floor` for the floor itself. */
const heard: ReadonlySignal<Heard> = computed(() => {
    const one = channel(heardNow.value);
    const state = one?.state ?? 'silent';
    return heardNow.value === 'floor' || carriesFloor(one) ? 'floor' : state === 'floor' ? 'by_hand' : state;
});

/** Whether the balance has an effect now. */
export const balanceMatters: ReadonlySignal<boolean> = computed(
    () => heard.value !== 'floor' && heard.value !== 'by_hand',
);

/**
 * The levels of floor and language. A language that carries the floor is heard by the floor slots (nearer by one hop, and both
 * microphones), so that its own slot is muted: otherwise the same voice would sound twice.
 */
export function mixOf(state: Heard, where: number): Mix {
    if (state === 'floor') {
        return { floor: 1, language: 0 };
    }
    if (state === 'by_hand') {
        return mixOf('interpreted', 0); // the floor beside it may be the same voice
    }
    // Squared: loudness follows the slider evenly. Up to the middle only the floor rises, then only the language falls.
    const floor = Math.min(1, 2 * where);
    const language = Math.min(1, 2 * (1 - where));
    return { floor: floor * floor, language: language * language };
}

const boothmateOn = signal(true);

/** Whether an interpreter on standby hears the partner's microphone. */
export const boothmateMonitored: ReadonlySignal<boolean> = boothmateOn;

export function setBoothmateMonitored(on: boolean): void {
    boothmateOn.value = on;
}

/** The levels wanted now. */
export const mix: ReadonlySignal<Mix> = computed(() =>
    alone.value === null ? mixOf(heard.value, balance.value) : { floor: 0, language: 1 },
);

/** Chooses a channel: heard at once here, and the server switches the language slot. */
export function setListening(channelId: ChannelId): void {
    aloneValue.value = null;
    change({ channel: channelId });
}

/** Hears one source alone; null: the channel again. */
export function setAlone(source: Alone | null): void {
    aloneValue.value = source;
}

/** Moves the balance; clamped to 0 … 1. */
export function setBalance(value: number): void {
    change({ balance: clamp(value) });
}

/** Sets the volume of everything; clamped to 0 … 1. */
export function setVolume(value: number): void {
    change({ volume: clamp(value) });
}

/** Chooses how softly another source comes. */
export function setSoftMs(value: number): void {
    change({ softMs: value });
}

/** Chooses what is heard instead while the channel chosen is not served. */
export function setFallback(value: ChannelId | 'none'): void {
    change({ fallback: value });
}

/** Pauses the meeting's sound, or lets it be heard again. */
export function pauseSound(on: boolean): void {
    paused.value = on;
}

/** Whether the channel chosen is served; `live/` follows the meeting. */
export function setOwnServed(on: boolean): void {
    served.value = on;
}

/** Takes back what this person chose last time on this device, else the person's language, else the floor. */
export function recallListening(meetingId: string, person: Participant): void {
    storageKey = `plenary.listening.${meetingId}.${person.id}`;
    aloneValue.value = null;
    const own = can(person.capacity, 'has_desk') || person.language === 'none' ? 'floor' : person.language;
    chosen.value = parse(read(storageKey), own);
}

/** What was stored, repaired where it makes no sense. */
export function parse(stored: string | null, fallback: ChannelId): Listening {
    let value: Partial<Listening> = {};
    try {
        value = (JSON.parse(stored ?? '{}') ?? {}) as Partial<Listening>;
    } catch {
        // Somebody else wrote under this key: as if nothing had been stored.
    }
    return {
        channel: CHANNEL_ID_VALUES.find((id) => id === value.channel) ?? fallback,
        balance: typeof value.balance === 'number' ? clamp(value.balance) : BALANCE_PRESETS.interpretation,
        volume: typeof value.volume === 'number' ? clamp(value.volume) : 1,
        softMs: SOFT_CHOICES.find((one) => one === value.softMs) ?? SOFT_USUAL,
        fallback: CHANNEL_ID_VALUES.find((id) => id === value.fallback) ?? 'none',
    };
}

function change(part: Partial<Listening>): void {
    chosen.value = { ...chosen.value, ...part };
    if (storageKey !== '') {
        write(storageKey, JSON.stringify(chosen.value));
    }
}

function clamp(value: number): number {
    return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

// Storage may be refused by the browser (private windows, policies): choices then last as long as the page.
function read(key: string): string | null {
    try {
        return globalThis.localStorage?.getItem(key) ?? null;
    } catch {
        return null;
    }
}

function write(key: string, value: string): void {
    try {
        globalThis.localStorage?.setItem(key, value);
    } catch {
        // See above.
    }
}
