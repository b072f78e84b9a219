// How a sitting stands against the plan of its agenda: "12 minutes behind".

import type { AgendaItem, Meeting } from '../contract/generated.ts';

const MINUTE_MS = 60_000;

export interface Drift {
    /** How long the whole agenda is planned to take, where none of it runs; else how it runs. */
    kind: 'planned' | 'behind' | 'ahead' | 'on_time';
    minutes: number;
}

type Taken = AgendaItem & { started_at: number };

const ofPlan = (items: readonly AgendaItem[]) => items.reduce((sum, item) => sum + (item.minutes ?? 0), 0);

// In this sitting, in the order of their being taken up; the last is the current one.
function takenUp(agenda: readonly AgendaItem[], openedAt: number): Taken[] {
    return agenda
        .map((item) => ({ ...item, started_at: item.started_at ?? 0 }))
        .filter((item) => item.started_at >= openedAt)
        .sort((one, other) => one.started_at - other.started_at);
}

// The time of items that have no plan is nobody's delay.
function unplannedMs(taken: readonly Taken[], now: number): number {
    return taken.reduce((sum, item, at) => {
        const end = taken[at + 1]?.started_at ?? now;
        return item.minutes === undefined ? sum + end - item.started_at : sum;
    }, 0);
}

function between(beforeMs: number, untilMs: number, usedMs: number): Drift {
    if (usedMs - untilMs >= MINUTE_MS) {
        return { kind: 'behind', minutes: Math.floor((usedMs - untilMs) / MINUTE_MS) };
    }
    if (beforeMs - usedMs >= MINUTE_MS) {
        return { kind: 'ahead', minutes: Math.floor((beforeMs - usedMs) / MINUTE_MS) };
    }
    return { kind: 'on_time', minutes: 0 };
}

/**
 * The time since the sitting was opened, pauses and all (a planned pause is an item of the agenda), against what the items taken up in
 * it were planned to take: within the current item's own time it is on time. A sitting that goes on with an item of the one before is
 * measured from the first item that it takes up itself, because nobody knows how much of that other was left. Nothing without a plan.
 */
export function driftOf(meeting: Meeting, now: number): Drift | null {
    const { agenda } = meeting;
    const whole = ofPlan(agenda);
    if (whole === 0) {
        return null;
    }
    const openedAt = meeting.opened_at ?? 0;
    const taken = openedAt > 0 ? takenUp(agenda, openedAt) : [];
    const first = taken[0];
    if (first === undefined) {
        return { kind: 'planned', minutes: whole };
    }
    const goesOn = agenda.some((item) => (item.started_at ?? 0) > 0 && (item.started_at ?? 0) < openedAt);
    const usedMs = now - (goesOn ? first.started_at : openedAt) - unplannedMs(taken, now);
    return between(ofPlan(taken.slice(0, -1)) * MINUTE_MS, ofPlan(taken) * MINUTE_MS, usedMs);
}
