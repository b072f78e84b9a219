// Which words say which state, on every screen; room_words.ts has those of the room. Pure, so that tests can read every answer without a page.

import type { SittingState } from '../contract/generated.ts';
import type { Tone, Words } from '../elements/words.ts';
import type { MessageKey } from '../i18n/index.ts';
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
        case 'deaf':
            return { key: 'connection.deaf' };
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
