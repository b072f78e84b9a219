// The alarms as this device has seen them: written down while the technician's screen is open, kept for the next time that it is.

import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { UNDONE_SHOWN_MS, UNSERVED_SHOWN_MS } from '../areas/alarms.ts';
import { clockNow } from '../areas/clock.ts';
import { settleLevels } from '../state/levels.ts';
import { me, meeting, serverNow, soundOutSince } from '../state/store.ts';
import { alarmsOf } from './alarm_list.ts';
import { type LoggedAlarm, logAlarms, parseLog, takeAlarms } from './alarm_log.ts';

/** After so many seconds an open microphone without sound is told; this page's own choice. */
export const silentAfter = signal(10);
/** Oldest first. */
export const alarmLog = signal<readonly LoggedAlarm[]>([]);
let storageKey = '';

function keep(log: readonly LoggedAlarm[]): void {
    if (log === alarmLog.peek()) {
        return;
    }
    alarmLog.value = log;
    try {
        localStorage.setItem(storageKey, JSON.stringify(log));
    } catch {
        // Refused by the browser: the history then lasts as long as the page.
    }
}

function recall(key: string): void {
    if (key === storageKey) {
        return;
    }
    storageKey = key;
    let stored: string | null = null;
    try {
        stored = localStorage.getItem(key);
    } catch {
        // See above.
    }
    alarmLog.value = parseLog(stored);
}

function watch(): void {
    const now = meeting.value;
    const time = clockNow();
    if (now === null) {
        return;
    }
    recall(`plenary.alarms.${now.id}.${me.value?.id ?? ''}`);
    settleLevels(time);
    const alarms = alarmsOf(now, {
        time,
        silentAfter: silentAfter.value,
        undoneShownMs: UNDONE_SHOWN_MS,
        unservedShownMs: UNSERVED_SHOWN_MS,
        soundOutSince: soundOutSince.value,
    });
    keep(logAlarms(alarmLog.peek(), alarms, time));
}

/** While the screen is there. */
export function useAlarmWatch(): void {
    useEffect(() => effect(watch), []);
}

/** One of them, or all. */
export function acknowledge(id?: number): void {
    keep(takeAlarms(alarmLog.peek(), serverNow(), id));
}
