// Whether sound goes through, noticed by this page itself: the server cannot tell while it hangs, nor over a line that carries nothing.
// Two things are watched: that something arrives where something is due, and that the server acknowledges one's own open microphone.
import type { SlotName } from '../contract/generated.ts';

/** So long without a packet that is due, or without an acknowledgement: then it is said. Two reports of the server, which come twice a second, may be lost. */
export const QUIET_MAX_MS = 1300;
/** What is said is said within this and a round trip of the line. */
export const NOTICED_MAX_MS = 2000;
/** The same for a source of which nothing has arrived yet: it may be far away, and its microphone has to open first. */
export const FIRST_MAX_MS = 5000;
/** Looked at so often. */
export const LOOK_EVERY_MS = 250;
/** A page that was late itself has no more to say of the time between; in the background pages are called once a second. */
const STEP_MAX_MS = 1000;

export interface Flow {
    /** Something arrives on every slot on which something is due. */
    arrives: boolean;
    /** What one's own open microphone sends is acknowledged. */
    acknowledged: boolean;
}

export const FLOWS: Flow = { arrives: true, acknowledged: true };

/** What is known at a moment. */
export interface FlowReading {
    at: number;
    roundTripMs: number;
    /** The source that is due on each slot; another name is another source. */
    due: ReadonlyMap<SlotName, string>;
    /** Packets received on each slot so far. */
    packets: Partial<Record<SlotName, number>>;
    /** One's own microphone is open, and meant to be heard. */
    open: boolean;
    /** Packets of it sent so far. */
    sent: number;
    /** Another text with each report of the server on it; empty before the first. */
    report: string;
}

interface Awaited {
    source: string;
    packets: number;
    delivered: boolean;
    missingMs: number;
}

/**
 * How long nothing may be seen of what should come. That it is due no longer is told on another line and may come later by a round trip and
 * a half. The last packet is seen a look late, that too much is missing another look late, and the last packets were half a round trip away.
 */
export function quietMaxMs(roundTripMs: number): number {
    const latest = NOTICED_MAX_MS + roundTripMs - (2 * LOOK_EVERY_MS + roundTripMs / 2);
    return Math.min(latest, QUIET_MAX_MS + 1.5 * roundTripMs);
}

export class FlowWatch {
    #at = 0;
    #slots = new Map<SlotName, Awaited>();
    #own: { sent: number; report: string; missingMs: number } | null = null;

    /** Forgets: another connection, or nothing to watch. */
    reset(): void {
        this.#at = 0;
        this.#slots.clear();
        this.#own = null;
    }

    note(now: FlowReading): Flow {
        const step = this.#at === 0 ? 0 : Math.min(STEP_MAX_MS, now.at - this.#at);
        this.#at = now.at;
        return { arrives: this.#noteSlots(now, step), acknowledged: this.#noteOwn(now, step) };
    }

    #noteSlots(now: FlowReading, step: number): boolean {
        const before = this.#slots;
        this.#slots = new Map();
        let arrives = true;
        for (const [slot, source] of now.due) {
            const awaited = follow(before.get(slot), source, now.packets[slot] ?? 0, step);
            const most = awaited.delivered ? quietMaxMs(now.roundTripMs) : FIRST_MAX_MS + now.roundTripMs;
            arrives &&= awaited.missingMs < most;
            this.#slots.set(slot, awaited);
        }
        return arrives;
    }

    // Only while packets leave: a device that gives nothing is another matter, and the server says so.
    #noteOwn({ open, sent, report, roundTripMs }: FlowReading, step: number): boolean {
        const before = this.#own;
        if (!open) {
            this.#own = null;
            return true;
        }
        const fresh = before === null || report !== before.report;
        const left = before !== null && sent !== before.sent;
        const missingMs = fresh ? 0 : before.missingMs + (left ? step : 0);
        this.#own = { sent, report, missingMs };
        return missingMs < quietMaxMs(roundTripMs);
    }
}

function follow(before: Awaited | undefined, source: string, packets: number, step: number): Awaited {
    if (before === undefined || before.source !== source) {
        return { source, packets, delivered: false, missingMs: 0 };
    }
    const came = packets !== before.packets;
    return {
        source,
        packets,
        delivered: before.delivered || came,
        missingMs: came ? 0 : before.missingMs + step,
    };
}
