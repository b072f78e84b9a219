// One interpreter's desk as the page shows it: what it hears, what its outputs feed and who holds them, what a press may do. Pure, by
// the rules of docs/protocol.md ("Interpretation"); the server decides again on each press.
import type {
    Booth,
    Channel,
    ChannelId,
    Desk,
    Handover,
    InterlockMode,
    Language,
    Meeting,
    Output,
} from '../contract/generated.ts';
import { carriesFloor, deskHears, deskState } from './booths.ts';
import type { Place } from './own_desk.ts';

export {
    type DeskMix,
    deskMix,
    deskOpens,
    FLOOR_BEHIND,
    heardChannel,
    ownPlace,
    type Place,
    placeOf,
    takesOver,
} from './own_desk.ts';

/** A language with a channel of its own. */
export type Spoken = Exclude<Language, 'none'>;

export const OUTPUTS: readonly Output[] = ['a', 'b', 'c'];

function allows(booth: Booth, into: Language | null | undefined): boolean {
    return booth.setting.allowed.some((one) => one.language === into);
}

/** What an output feeds at a desk: the booth's language, or one the booth allows; null when none is chosen. */
export function outputLanguage(booth: Booth, desk: Desk, output: Output): Spoken | null {
    if (output === 'a') {
        return spoken(booth.language);
    }
    const own = spoken(output === 'b' ? desk.language_b : desk.language_c);
    const wanted = own ?? spoken(output === 'b' ? booth.setting.output_b : booth.setting.output_c);
    return allows(booth, wanted) ? wanted : null;
}

/**
 * What a desk's microphone feeds, or would if it were pressed now: who takes over by a handover goes on where the partner was, whatever
 * output is chosen.
 */
export function microphoneFeeds(booth: Booth, desk: Desk): Spoken | null {
    const { state, from, to, target } = booth.handover;
    const takes = (state === 'armed' || state === 'counting') && to === desk.participant;
    const partner = takes ? booth.desks.find((one) => one.participant === from) : undefined;
    return (
        spoken(desk.target) ??
        (takes && (target === booth.language || allows(booth, target)) ? spoken(target) : null) ??
        (partner === undefined ? null : microphoneFeeds(booth, partner)) ??
        outputLanguage(booth, desk, chosenOutput(desk))
    );
}

/** Whether a technician has routed what this desk's microphone feeds to silence or to somebody else, who is heard there. */
export function routedAway(now: Meeting, { booth, desk }: Place): boolean {
    const fed = desk.microphone === 'on' ? microphoneFeeds(booth, desk) : null;
    const channel = now.channels.find((one) => one.id === fed);
    return channel?.forced === true && !channel.silent_since && channel.holder !== desk.participant;
}

/** The output chosen at a desk. */
export function chosenOutput(desk: Desk): Output {
    return desk.output ?? 'a';
}

// Who speaks comes before who coughs, who is heard before who is silent, and then the newest.
function carriedFirst(x: Desk, y: Desk): number {
    const speaks = Number(y.microphone === 'on') - Number(x.microphone === 'on');
    const heard = Number(y.silence === undefined) - Number(x.silence === undefined);
    return speaks || heard || (y.opened ?? 0) - (x.opened ?? 0);
}

/** The desk on the air into a channel; when there are several, the one that the channel carries. */
export function holderOf(now: Meeting, language: Spoken): Place | null {
    const open = now.booths.flatMap((booth) =>
        booth.desks.flatMap((desk) =>
            desk.microphone !== 'off' && desk.target === language ? [{ booth, desk }] : [],
        ),
    );
    return open.sort((x, y) => carriedFirst(x.desk, y.desk))[0] ?? null;
}

/**
 * What a press of an output would meet: nothing, one's own open microphone, a partner or another booth that it closes or shares with,
 * a partner who has overridden this desk and is heard, or another booth that keeps it.
 */
export type Press =
    | 'free'
    | 'own'
    | 'closes_partner'
    | 'joins_partner'
    | 'closes_booth'
    | 'overridden'
    | 'kept';

function overrides(mode: InterlockMode, pressed: Output, held: Output): boolean {
    const a = pressed === 'a';
    switch (mode) {
        case 'override_allowed':
            return true;
        case 'a_overrides_a':
            return a && held === 'a';
        case 'a_overrides_bc':
            return a && held !== 'a';
        case 'a_overrides_abc':
            return a;
        case 'no_override':
            return false;
    }
}

export function pressOf(now: Meeting, { booth, desk }: Place, output: Output): Press {
    const target = outputLanguage(booth, desk, output);
    const override = booth.setting.mode === 'override';
    if (desk.microphone !== 'off' && desk.target === target && chosenOutput(desk) === output) {
        return 'own';
    }
    const over = booth.desks.find((one) => one.participant === desk.overridden_by);
    if (override && over !== undefined && over.silence === undefined) {
        return 'overridden';
    }
    const mode = output === 'a' ? now.interlock_a : now.interlock_bc;
    let taken: Press = 'free';
    for (const other of now.booths) {
        for (const held of other.desks) {
            if (held.participant === desk.participant || held.microphone === 'off') {
                continue;
            }
            if (other.language === booth.language) {
                taken = taken === 'free' ? (override ? 'closes_partner' : 'joins_partner') : taken;
            } else if (held.target === target) {
                // One that is not heard holds it only until somebody presses.
                if (held.silence === undefined && !overrides(mode, output, chosenOutput(held))) {
                    return 'kept';
                }
                taken = 'closes_booth';
            }
        }
    }
    return taken;
}

/** Whether a flagged booth's interpretation stands in for the floor at this desk, or would but for the original. */
export function autoRelayAt(now: Meeting, booth: Booth): { channel: Spoken; from: Spoken | null } | null {
    const relay = spoken(now.auto_relay);
    return relay === null || now.auto_relay_booth === booth.language
        ? null
        : { channel: relay, from: spoken(now.auto_relay_booth) };
}

/** At which hand a channel is: 0 the original, 1 from it, 2 from a relay, 3 beyond; null when it carries no interpretation. */
export function depthOf(id: ChannelId, channel: Channel | null): 0 | 1 | 2 | 3 | null {
    if (id === 'floor' || carriesFloor(channel)) {
        return 0;
    }
    if (channel === null || channel.state !== 'interpreted') {
        return null;
    }
    const depth = channel.depth ?? 1;
    return depth <= 1 ? 1 : depth === 2 ? 2 : 3;
}

/** Works into the language that is spoken, or into the one that is heard. */
export type Wrong = 'floor' | 'relay' | null;

export function wrongDirection(now: Meeting, { booth, desk }: Place): Wrong {
    const target = microphoneFeeds(booth, desk);
    const hears = deskHears(now, booth, desk);
    if (hears === 'floor') {
        return target !== null && target === now.floor_language ? 'floor' : null;
    }
    return hears === target ? 'relay' : null;
}

/** What one may do about the handover of one's booth now. */
export type HandoverRole =
    | 'nothing'
    | 'may_request'
    | 'may_offer'
    | 'requested_by_me'
    | 'requested_of_me'
    | 'offered_by_me'
    | 'offered_to_me'
    | 'i_take'
    | 'i_give'
    | 'switching'
    | 'i_stand_in'
    | 'i_am_cut'
    | 'i_am_cut_alone'
    | 'i_am_lost'
    | 'i_am_lost_alone'
    | 'stands_in'
    | 'nobody_stands_in'
    | 'others';

// Who is lost is off the air already when the page that pressed is gone; else the microphone is open, and nothing comes from it.
function countdownRole(handover: Handover, desk: Desk): HandoverRole {
    const alone = (handover.to ?? '') === '';
    if (handover.from === desk.participant) {
        const off = desk.microphone === 'off';
        return alone ? (off ? 'i_am_cut_alone' : 'i_am_lost_alone') : off ? 'i_am_cut' : 'i_am_lost';
    }
    return alone ? 'nobody_stands_in' : handover.to === desk.participant ? 'i_stand_in' : 'stands_in';
}

export function handoverRole(now: Meeting, { booth, desk }: Place): HandoverRole {
    const { handover } = booth;
    const id = desk.participant;
    const from = handover.from === id;
    const to = handover.to === id;
    switch (handover.state) {
        case 'requested':
            return to ? 'requested_by_me' : from ? 'requested_of_me' : 'others';
        case 'offered':
            return from ? 'offered_by_me' : to ? 'offered_to_me' : 'others';
        case 'armed':
            return to ? 'i_take' : from ? 'i_give' : 'others';
        case 'switching':
            return from || to ? 'switching' : 'others';
        case 'counting':
            return countdownRole(handover, desk);
        case 'none':
            break;
    }
    const mates = booth.desks.filter((one) => one.participant !== id);
    if (desk.microphone !== 'off') {
        return mates.some((one) => deskState(now, one) === 'standby') ? 'may_offer' : 'nothing';
    }
    return mates.some((one) => one.microphone !== 'off') ? 'may_request' : 'nothing';
}

/** The next of the rota after someone: the first who is on standby, in the order of the desks. */
export function nextOfRota(now: Meeting, booth: Booth, after: string): Desk | null {
    const at = booth.desks.findIndex((one) => one.participant === after);
    const order = [...booth.desks.slice(at + 1), ...booth.desks.slice(0, Math.max(0, at))];
    return order.find((one) => deskState(now, one) === 'standby') ?? null;
}

/** A language of the contract that is one; null for none and for nothing. */
export function spoken(language: Language | undefined): Spoken | null {
    return language === undefined || language === 'none' ? null : language;
}
