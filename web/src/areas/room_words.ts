// Which words say which state, in the room and on the consoles. Pure, as words.ts.

import type { ChannelState, Feed, FloorMicrophone, SittingState } from '../contract/generated.ts';
import type { IconName } from '../elements/Icon.tsx';
import type { Tone, Words } from '../elements/words.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { Flow } from '../state/flow.ts';

/** What a channel carries. `by_hand`: a technician chose what it carries, and it is not its own language interpreted. */
export type Carried = ChannelState | 'unheard' | 'sound_check' | 'by_hand';

export const CARRIED_WORDS: Readonly<Record<Carried, { key: MessageKey; icon: IconName }>> = {
    interpreted: { key: 'channel.interpreted', icon: 'interpreted' },
    floor: { key: 'channel.floor', icon: 'carries_floor' },
    silent: { key: 'channel.silent', icon: 'silent' },
    unheard: { key: 'channel.unheard', icon: 'warning' },
    sound_check: { key: 'channel.sound_check', icon: 'microphone' },
    by_hand: { key: 'channel.by_hand', icon: 'loudspeaker' },
};

/** Where nobody has the floor: in a pause that it is one, and until when (0: not announced). */
export function nobodyWords(sitting: SittingState, resumesAt: number): MessageKey {
    if (sitting !== 'suspended') {
        return 'stage.nobody';
    }
    return resumesAt > 0 ? 'stage.resumes' : 'sitting.suspended';
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

// What is said of a feed that holds a place on the floor and is not heard; null while it is.
export function feedSilenceWords(feed: Feed, now: number): Words | null {
    if (!feed.silent_since) {
        return null;
    }
    const seconds = secondsToClose(feed, now);
    return seconds === null
        ? { key: 'floor.feed_silent_kept', values: { name: feed.id } }
        : { key: 'floor.feed_silent', values: { name: feed.id, seconds } };
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

export interface MicrophoneFacts {
    open: boolean;
    cough: boolean;
    hasDevice: boolean;
    // 0 is not on the list.
    place: number;
    sitting: SittingState;
    mayAsk: boolean;
    connected: boolean;
    // Where the connection is away: media stand by themselves, and what one says reaches the server. Whether it has closed the microphone
    // meanwhile is not known: it does when it misses this page, and does not when it is itself what stands still.
    soundGoesOn: boolean;
    // False: something does not go through, and what one says may not either.
    flows: boolean;
}

// "Can they hear me?", "When is it my turn?" in one line.
export function microphoneWords(facts: MicrophoneFacts): Words {
    if (!facts.connected) {
        const still = facts.soundGoesOn && facts.open && facts.hasDevice;
        return { key: still ? 'microphone.unsure' : 'microphone.unknown' };
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
