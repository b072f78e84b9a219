// Which words say which state. Pure, so that tests can read every answer without a page.

import type { Capacity, ChannelState, HelpState, Presence, SittingState } from '../contract/generated.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { Quality } from '../state/store.ts';
import type { IconName } from './Icon.tsx';

export interface Words {
    key: MessageKey;
    values?: Record<string, string | number>;
}

// Tones are drawn as colour and always come with the words and an icon.
export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export function connectionWords(quality: Quality, secondsSince: number): Words {
    switch (quality) {
        case 'good':
            return { key: 'connection.good' };
        case 'weak':
            return { key: 'connection.weak' };
        case 'sound-only':
            return { key: 'connection.sound_only' };
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

export function channelWords(state: ChannelState): { key: MessageKey; icon: IconName } {
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
}

// "Can they hear me?", "When is it my turn?" in one line.
export function microphoneWords(facts: MicrophoneFacts): Words {
    if (!facts.connected) {
        return { key: 'microphone.unknown' };
    }
    if (facts.cough) {
        return { key: 'microphone.cough' };
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

export type TimerTone = 'plain' | 'amber' | 'over';

// The speaker's timer: amber for the last 30 seconds of the time allowed, then over.
export function timerTone(spokenMs: number, allowedMs: number): TimerTone {
    if (spokenMs >= allowedMs) {
        return 'over';
    }
    return spokenMs >= allowedMs - 30_000 ? 'amber' : 'plain';
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

// A level of sound in four words. Levels are 0 … 1 over 60 dB: nothing below -55 dBFS, quiet below -34, too loud above -4.
export function levelWords(level: number): MessageKey {
    if (level < 5 / 60) {
        return 'level.nothing';
    }
    if (level < 26 / 60) {
        return 'level.quiet';
    }
    return level > 56 / 60 ? 'level.loud' : 'level.good';
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
]);

export function problemKey(kind: string): MessageKey {
    return PROBLEMS.get(kind) ?? 'problem.other';
}
