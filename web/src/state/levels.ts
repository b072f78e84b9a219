// How loud each microphone and feed is, as the server tells it five times a second.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { SourceLevel } from '../contract/generated.ts';

/** Quieter than this is silence: a room with a closed mouth. In dB below the loudest possible. */
export const SILENT_BELOW = 55;
/** A level older than this is no longer shown. */
const FRESH_MS = 700;
/** So long the loudest is held. */
export const PEAK_HOLD_MS = 2000;

interface Heard {
    // 0 … 1 over 60 dB.
    level: number;
    at: number;
    // The loudest that is still held, and since when.
    peak: number;
    peakAt: number;
    // When it was last louder than silence; 0: never.
    soundAt: number;
}

const heard = new Map<string, Heard>();
const meters = new Map<string, Meter>();

interface Meter {
    level: ReturnType<typeof signal<number>>;
    peak: ReturnType<typeof signal<number>>;
}

/** A source's name here: a feed and a participant may be called the same. */
export function sourceKey(source: { participant?: string; feed?: string }): string {
    return source.feed ? `feed:${source.feed}` : `person:${source.participant ?? ''}`;
}

function meter(key: string): Meter {
    const known = meters.get(key);
    if (known !== undefined) {
        return known;
    }
    const made = { level: signal(0), peak: signal(0) };
    meters.set(key, made);
    return made;
}

/** The level of a source, 0 … 1 over 60 dB. */
export function levelOf(key: string): ReadonlySignal<number> {
    return meter(key).level as ReadonlySignal<number>;
}

/** The loudest of a source in the last two seconds, 0 … 1 over 60 dB. */
export function peakOf(key: string): ReadonlySignal<number> {
    return meter(key).peak as ReadonlySignal<number>;
}

/** What the server tells; `now` is its clock. */
export function takeLevels(levels: readonly SourceLevel[], now: number): void {
    batch(() => {
        for (const one of levels) {
            take(one, now);
        }
        settleLevels(now);
    });
}

function take(one: SourceLevel, now: number): void {
    const key = sourceKey(one);
    const level = Math.max(0, 1 - one.level / 60);
    const before = heard.get(key);
    const held = before !== undefined && before.peak > level && now - before.peakAt <= PEAK_HOLD_MS;
    heard.set(key, {
        level,
        at: now,
        peak: held ? before.peak : level,
        peakAt: held ? before.peakAt : now,
        soundAt: one.level < SILENT_BELOW ? now : (before?.soundAt ?? 0),
    });
    meter(key).level.value = level;
    meter(key).peak.value = held ? before.peak : level;
}

/** Lets go what is no longer fresh, also while nothing is told. */
export function settleLevels(now: number): void {
    batch(() => {
        for (const [key, one] of heard) {
            if (one.level > 0 && now - one.at > FRESH_MS) {
                one.level = 0;
                meter(key).level.value = 0;
            }
            if (one.peak > one.level && now - one.peakAt > PEAK_HOLD_MS) {
                one.peak = one.level;
                one.peakAt = now;
                meter(key).peak.value = one.level;
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
        one.level.value = 0;
        one.peak.value = 0;
    }
}
