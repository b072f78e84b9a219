// Which words say which state. Pure, so that tests can read every answer without a page.

import type {
    Capacity,
    ChannelState,
    Feed,
    FloorMicrophone,
    HelpState,
    Presence,
    SittingState,
} from '../contract/generated.ts';
import type { IconName } from '../elements/Icon.tsx';
import type { Tone, Words } from '../elements/words.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { Flow } from '../state/flow.ts';
import type { Quality } from '../state/store.ts';

export function connectionWords(quality: Quality, secondsSince: number, port = 0): Words {
    switch (quality) {
        case 'good':
            return { key: 'connection.good' };
        case 'weak':
            return { key: 'connection.weak' };
        case 'sound-only':
            return { key: 'connection.sound_only' };
        case 'no-sound':
            return { key: 'connection.no_sound' };
        case 'blocked':
            // A port is a name, not a quantity: never with a separator.
            return { key: 'connection.blocked', values: { port: String(port) } };
        case 'not-acknowledged':
            return { key: 'connection.not_acknowledged' };
        case 'nothing-arrives':
            return { key: 'connection.nothing_arrives' };
        case 'connecting':
            return { key: 'connection.connecting' };
        case 'reconnecting':
            return { key: 'connection.reconnecting', values: { seconds: Math.max(0, secondsSince) } };
        case 'offline':
            return { key: 'connection.offline', values: { seconds: Math.max(0, secondsSince) } };
        case 'ended':
            return { key: 'connection.ended' };
    }
}

export function connectionTone(quality: Quality): Tone {
    switch (quality) {
        case 'good':
            return 'good';
        case 'weak':
        case 'sound-only':
        case 'connecting':
            return 'warn';
        default:
            return 'bad';
    }
}

/** `checked`: an interpreter checks the sound, and no sitting is open. */
export function channelWords(state: ChannelState, checked = false): { key: MessageKey; icon: IconName } {
    if (checked) {
        return { key: 'channel.sound_check', icon: 'microphone' };
    }
    switch (state) {
        case 'interpreted':
            return { key: 'channel.interpreted', icon: 'interpreted' };
        case 'floor':
            return { key: 'channel.floor', icon: 'carries_floor' };
        case 'silent':
            return { key: 'channel.silent', icon: 'silent' };
    }
}

export function sittingWords(state: SittingState): MessageKey {
    return `sitting.${state}`;
}

export function presenceWords(state: Presence): MessageKey {
    return `presence.${state}`;
}

export function helpWords(state: HelpState): MessageKey {
    return `help_state.${state}`;
}

// Whole seconds until an open microphone is closed for want of sound; null when it is not.
function secondsToClose(floor: FloorMicrophone | Feed, now: number): number | null {
    const closes = floor.closes_at ?? 0;
    return closes === 0 ? null : Math.max(0, Math.ceil((closes - now) / 1000));
}

// What is said of an open microphone of the floor that is not heard; null while it is.
export function floorSilenceWords(floor: FloorMicrophone | null, now: number): Words | null {
    if (floor?.silence === undefined) {
        return null;
    }
    const seconds = secondsToClose(floor, now);
    return seconds === null
        ? { key: `floor.${floor.silence}_kept` }
        : { key: `floor.${floor.silence}`, values: { seconds } };
}

// The same of a feed that holds a place on the floor.
export function feedSilenceWords(feed: Feed, now: number): Words | null {
    if (!feed.silent_since) {
        return null;
    }
    const seconds = secondsToClose(feed, now);
    return seconds === null
        ? { key: 'floor.feed_silent_kept', values: { name: feed.id } }
        : { key: 'floor.feed_silent', values: { name: feed.id, seconds } };
}

// The same to the one whose it is.
export function ownSilenceWords(floor: FloorMicrophone | null, now: number): Words | null {
    if (floor?.silence === undefined) {
        return null;
    }
    const seconds = secondsToClose(floor, now);
    return seconds === null
        ? { key: `microphone.${floor.silence}_kept` }
        : { key: `microphone.${floor.silence}`, values: { seconds } };
}

export interface MicrophoneFacts {
    capacity: Capacity;
    open: boolean;
    cough: boolean;
    hasDevice: boolean;
    // 0 is not on the list.
    place: number;
    sitting: SittingState;
    mayAsk: boolean;
    connected: boolean;
    // False: something does not go through, and what one says may not either.
    flows: boolean;
}

// What this page notices of its own sound, the gravest first.
export function flowWords({ arrives, acknowledged }: Flow): MessageKey[] {
    const words: MessageKey[] = [];
    if (!acknowledged) {
        words.push('flow.not_acknowledged');
    }
    if (!arrives) {
        words.push('flow.nothing_arrives');
    }
    return words;
}

// "Can they hear me?", "When is it my turn?" in one line.
export function microphoneWords(facts: MicrophoneFacts): Words {
    if (!facts.connected) {
        return { key: 'microphone.unknown' };
    }
    if (facts.cough) {
        return { key: 'microphone.cough' };
    }
    if (facts.open && facts.hasDevice && !facts.flows) {
        return { key: 'microphone.unsure' };
    }
    if (facts.open) {
        return { key: facts.hasDevice ? 'microphone.open' : 'microphone.open_no_device' };
    }
    if (!facts.mayAsk) {
        return { key: 'microphone.listen_only' };
    }
    if (!facts.hasDevice) {
        return { key: 'microphone.no_device' };
    }
    if (facts.place === 1) {
        return { key: 'microphone.next' };
    }
    if (facts.place > 1) {
        return { key: 'microphone.waiting', values: { place: facts.place } };
    }
    return { key: facts.sitting === 'open' ? 'microphone.closed' : 'microphone.closed_sitting' };
}

export interface HealthFacts {
    round_trip_ms: number;
    loss_up_permille: number;
    loss_down_permille: number;
    jitter_ms: number;
}

// A participant's connection in one word. Sound suffers from 3 % of loss or 60 ms of jitter, conversation from
// 400 ms of round trip; beyond twice to three times that it breaks up.
export function healthTone(health: HealthFacts): Exclude<Tone, 'plain'> {
    const loss = Math.max(health.loss_up_permille, health.loss_down_permille);
    if (loss >= 100 || health.round_trip_ms >= 800 || health.jitter_ms >= 150) {
        return 'bad';
    }
    return loss >= 30 || health.round_trip_ms >= 400 || health.jitter_ms >= 60 ? 'warn' : 'good';
}

// The kinds of refusal that have words of their own; the others show what the server said.
const PROBLEMS: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
    ['not-connected', 'problem.not_connected'],
    ['timeout', 'problem.timeout'],
    ['unreachable', 'problem.unreachable'],
    ['unauthenticated', 'problem.unauthenticated'],
    ['expired', 'problem.expired'],
    ['forbidden', 'problem.forbidden'],
    ['not-found', 'problem.not_found'],
    ['conflict', 'problem.conflict'],
    ['too-many', 'problem.too_many'],
    ['full', 'problem.full'],
    ['unavailable', 'problem.unavailable'],
    ['storage', 'problem.storage'],
    ['set-aside', 'problem.set_aside'],
]);

export function problemKey(kind: string): MessageKey {
    return PROBLEMS.get(kind) ?? 'problem.other';
}
