// Calls for help that wait for somebody, for those who answer them. Pure.
import type { HelpCall, Meeting } from '../contract/generated.ts';

/** Whether nobody answers a call: who took it may have gone. */
export function callWaits(meeting: Meeting | null, call: HelpCall | undefined): boolean {
    const helper = meeting?.participants.find((one) => one.id === call?.helper);
    return helper === undefined || helper.presence === 'away';
}

/** Calls of others that wait for somebody. */
export function callsWaiting(meeting: Meeting | null, own: string): HelpCall[] {
    return (meeting?.help_calls ?? []).filter((call) => call.participant !== own && callWaits(meeting, call));
}
