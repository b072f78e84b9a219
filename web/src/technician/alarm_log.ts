// The history of the alarms: what each was about, from when to when, and when it was acknowledged here. Pure.
import { ALARM_KINDS, type Alarm, alarmKey } from './alarm_list.ts';

export interface LoggedAlarm extends Alarm {
    /** Tells two of the same apart. */
    id: number;
    /** When it was over; 0 while it goes on. */
    over: number;
    /** When it was acknowledged on this device; 0 for not yet. */
    taken: number;
}

/** So many are kept; the oldest go first. */
export const LOGGED_MAX = 200;

function begin(log: readonly LoggedAlarm[], alarm: Alarm): LoggedAlarm {
    return { ...alarm, id: (log.at(-1)?.id ?? 0) + 1, over: 0, taken: 0 };
}

// A press that was undone was over as soon as it was told.
function end(one: LoggedAlarm, time: number): LoggedAlarm {
    return { ...one, over: one.kind === 'undone' ? one.since : Math.max(one.since, time) };
}

/** The history when these alarms stand at `time`. The same object when nothing has changed. */
export function logAlarms(
    log: readonly LoggedAlarm[],
    alarms: readonly Alarm[],
    time: number,
): readonly LoggedAlarm[] {
    const standing = new Map(alarms.map((one) => [alarmKey(one), one]));
    let changed = false;
    const next = log.map((one) => {
        const now = one.over === 0 ? standing.get(alarmKey(one)) : undefined;
        if (now !== undefined) {
            standing.delete(alarmKey(one));
        }
        if (one.over !== 0 || (now !== undefined && now.other === one.other)) {
            return one;
        }
        changed = true;
        return now === undefined ? end(one, time) : { ...one, other: now.other };
    });
    for (const one of standing.values()) {
        next.push(begin(next, one));
        changed = true;
    }
    return changed ? next.slice(-LOGGED_MAX) : log;
}

/** The history when the one of this id, or without an id every one, has been acknowledged at `time`. */
export function takeAlarms(log: readonly LoggedAlarm[], time: number, id?: number): readonly LoggedAlarm[] {
    return log.map((one) =>
        one.taken === 0 && (id === undefined || one.id === id) ? { ...one, taken: time } : one,
    );
}

function isLogged(value: unknown): value is LoggedAlarm {
    const one = value as Partial<Record<keyof LoggedAlarm, unknown>> | null;
    return (
        typeof one === 'object' &&
        one !== null &&
        ALARM_KINDS.some((kind) => kind === one.kind) &&
        [one.about, one.other].every((part) => typeof part === 'string') &&
        [one.id, one.since, one.over, one.taken].every((part) => Number.isSafeInteger(part))
    );
}

/** What was stored, without what is none. */
export function parseLog(stored: string | null): readonly LoggedAlarm[] {
    try {
        const value: unknown = JSON.parse(stored ?? '[]');
        return Array.isArray(value) ? value.filter(isLogged).slice(-LOGGED_MAX) : [];
    } catch {
        return [];
    }
}
