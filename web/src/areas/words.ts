// Which words say which state, on every screen; room_words.ts has those of the room. Pure, so that tests can read every answer without a page.

import type { Feed, FloorMicrophone, SittingState } from '../contract/generated.ts';
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

export function sittingWords(state: SittingState): MessageKey {
    return `sitting.${state}`;
}

// Whole seconds until an open microphone is closed for want of sound; null when it is not.
export function secondsToClose(floor: FloorMicrophone | Feed, now: number): number | null {
    const closes = floor.closes_at ?? 0;
    return closes === 0 ? null : Math.max(0, Math.ceil((closes - now) / 1000));
}

type Silence = NonNullable<FloorMicrophone['silence']>;

// To everybody and to the one whose it is; kept when it is not going to be closed.
const SILENT: Readonly<Record<Silence, Record<'floor' | 'floor_kept' | 'own' | 'own_kept', MessageKey>>> = {
    no_packets: {
        floor: 'floor.no_packets',
        floor_kept: 'floor.no_packets_kept',
        own: 'microphone.no_packets',
        own_kept: 'microphone.no_packets_kept',
    },
    no_sound: {
        floor: 'floor.no_sound',
        floor_kept: 'floor.no_sound_kept',
        own: 'microphone.no_sound',
        own_kept: 'microphone.no_sound_kept',
    },
};

// What is said of an open microphone of the floor that is not heard; null while it is.
export function floorSilenceWords(floor: FloorMicrophone | null, now: number): Words | null {
    if (floor?.silence === undefined) {
        return null;
    }
    const seconds = secondsToClose(floor, now);
    return seconds === null
        ? { key: SILENT[floor.silence].floor_kept }
        : { key: SILENT[floor.silence].floor, values: { seconds } };
}

// The same to the one whose it is.
export function ownSilenceWords(floor: FloorMicrophone | null, now: number): Words | null {
    if (floor?.silence === undefined) {
        return null;
    }
    const seconds = secondsToClose(floor, now);
    return seconds === null
        ? { key: SILENT[floor.silence].own_kept }
        : { key: SILENT[floor.silence].own, values: { seconds } };
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
