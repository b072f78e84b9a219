// How loud each microphone and feed is, as the server tells it five times a second, and who is silent with an open microphone.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { Meeting, Silence as SilenceKind, SourceLevel } from '../contract/generated.ts';
import { placeOf } from './own_desk.ts';

/** Quieter than this is silence: a room with a closed mouth. In dB below the loudest possible. */
export const SILENT_BELOW = 55;
/** A level older than this is no longer shown. */
const FRESH_MS = 700;

interface Heard {
    // 0 … 1 over 60 dB.
    level: number;
    at: number;
    // When it was last louder than silence; 0: never.
    soundAt: number;
}

const heard = new Map<string, Heard>();
const meters = new Map<string, ReturnType<typeof signal<number>>>();

/** A source's name here: a feed and a participant may be called the same. */
export function sourceKey(source: { participant?: string; feed?: string }): string {
    return source.feed ? `feed:${source.feed}` : `person:${source.participant ?? ''}`;
}

function meter(key: string): ReturnType<typeof signal<number>> {
    const known = meters.get(key);
    if (known !== undefined) {
        return known;
    }
    const made = signal(0);
    meters.set(key, made);
    return made;
}

/** The level of a source, 0 … 1 over 60 dB. */
export function levelOf(key: string): ReadonlySignal<number> {
    return meter(key) as ReadonlySignal<number>;
}

/** What the server tells; `now` is its clock. */
export function takeLevels(levels: readonly SourceLevel[], now: number): void {
    batch(() => {
        for (const one of levels) {
            const key = sourceKey(one);
            const level = Math.max(0, 1 - one.level / 60);
            const before = heard.get(key)?.soundAt ?? 0;
            heard.set(key, { level, at: now, soundAt: one.level < SILENT_BELOW ? now : before });
            meter(key).value = level;
        }
        for (const [key, one] of heard) {
            if (one.level > 0 && now - one.at > FRESH_MS) {
                one.level = 0;
                meter(key).value = 0;
            }
        }
    });
}

/** Forgets everything: another session. */
export function forgetLevels(): void {
    heard.clear();
    for (const one of meters.values()) {
        one.value = 0;
    }
}

export interface Unheard {
    participant: string;
    silence: SilenceKind;
    since: number;
}

/** Open microphones of which the server says that nothing, or nothing but digital silence, arrives. */
export function unheardMicrophones(meeting: Meeting): Unheard[] {
    const desks = meeting.booths.flatMap((booth) => booth.desks);
    return [...meeting.floor, ...desks].flatMap(({ participant, silence, silent_since }) =>
        silence === undefined ? [] : [{ participant, silence, since: silent_since ?? 0 }],
    );
}

export interface Silence {
    participant: string;
    seconds: number;
}

/**
 * Open microphones that have been silent for `after` seconds. Who never told a level is left out: nothing is known of them. A desk
 * that coughs is silent on purpose.
 */
export function silentMicrophones(meeting: Meeting, now: number, after: number): Silence[] {
    const open = meeting.participants.flatMap((one) => {
        const floor = meeting.floor.find((held) => held.participant === one.id);
        const desk = placeOf(meeting, one.id)?.desk;
        const since = floor?.opened_at ?? (desk?.microphone === 'on' ? desk.opened_at : undefined);
        return since === undefined ? [] : [{ id: one.id, since }];
    });
    return open.flatMap(({ id, since }) => {
        const known = heard.get(sourceKey({ participant: id }));
        const seconds = Math.floor((now - Math.max(since, known?.soundAt ?? 0)) / 1000);
        return known === undefined || seconds < after ? [] : [{ participant: id, seconds }];
    });
}
