// How loud each microphone and feed is, as the server tells it five times a second.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { SourceLevel } from '../contract/generated.ts';

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
        settleLevels(now);
    });
}

/** Lets go what is no longer fresh, also while nothing is told. */
export function settleLevels(now: number): void {
    batch(() => {
        for (const [key, one] of heard) {
            if (one.level > 0 && now - one.at > FRESH_MS) {
                one.level = 0;
                meter(key).value = 0;
            }
        }
    });
}

/** When a source was last louder than silence, 0 for never; undefined when its level was never told. */
export function lastSoundAt(key: string): number | undefined {
    return heard.get(key)?.soundAt;
}

/** Forgets everything: another session. */
export function forgetLevels(): void {
    heard.clear();
    for (const one of meters.values()) {
        one.value = 0;
    }
}
