// The live connection's phases, and an event as the page receives it.
import type { EventMessage, WithheldMessage } from '../contract/generated.ts';

/** An event this person may not see still has its number. */
export type MeetingEvent = EventMessage | WithheldMessage;

/** `since` is by this page's monotonic clock, in ms; `reason` says why an `ended` connection ended. */
export interface ConnectionPhase {
    phase: 'signed-out' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';
    since: number;
    reason: EndReason | '';
}

/**
 * `signed-out` by oneself, `expired`, `removed` by a moderator, `withdrawn` by the operator, `replaced` by a newer page of the same person,
 * `refused` the session is not accepted, `protocol` the server speaks another version (reload the page).
 */
export type EndReason =
    | 'signed-out'
    | 'expired'
    | 'removed'
    | 'withdrawn'
    | 'replaced'
    | 'refused'
    | 'protocol';

export const signedOut: ConnectionPhase = { phase: 'signed-out', since: 0, reason: '' };
