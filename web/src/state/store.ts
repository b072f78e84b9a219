// What the page knows, as signals. Views read these and nothing else; they change the world only by `live/actions.ts`
// and `media/media.ts`. The meeting changes here only by snapshots and events of the server.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import {
    type Ability,
    type AgendaItem,
    type Booth,
    type Capacity,
    type Channel,
    type ChannelId,
    type CommandName,
    type ConnectionHealth,
    can,
    type Delegation,
    type Feed,
    type FloorMicrophone,
    type Meeting,
    type Office,
    type Participant,
    type ProcessReplacement,
    type Request,
    type Seat,
    type Session,
} from '../contract/generated.ts';
import { FLOWS, type Flow } from './flow.ts';
import { type ConnectionPhase, type MeetingEvent, signedOut } from './phase.ts';
import {
    type Expiring,
    type HeldPictures,
    type Listeners,
    type Receivers,
    type Storage,
    StreamStore,
} from './stream.ts';

export type { ConnectionPhase, MeetingEvent } from './phase.ts';
export type { Expiring, HeldPictures, Listeners, Receivers, Storage } from './stream.ts';

/** A participant with the delegation and the office: what a name plate shows. */
export interface Plate {
    participant: Participant;
    /** null for those who belong to no delegation. */
    delegation: Delegation | null;
    /** null for those who have none. */
    office: Office | null;
}

/** Someone who has the floor. */
export interface FloorPlate extends Plate {
    position: number;
    /** Server time in ms; compare with `serverNow()`. */
    openedAt: number;
}

/** A line of the list of speakers. */
export interface RequestPlate extends Plate {
    request: Request;
    /** 1 is next. */
    place: number;
}

/**
 * What the connection is like, for words and not for numbers:
 * `connecting` first time, `good`, `weak` (less video), `sound-only`, `reconnecting` (place is kept; see
 * `connectionPhase.since`), `offline` (this device has no network), `ended`; `blocked`: the server answers, but this device's network lets
 * no sound through (`blockedPort`); `not-acknowledged` and `nothing-arrives`: this page notices by itself that sound does not go through
 * (`flow`).
 */
export type Quality =
    | 'connecting'
    | 'good'
    | 'weak'
    | 'sound-only'
    | 'no-sound'
    | 'blocked'
    | 'deaf'
    | 'not-acknowledged'
    | 'nothing-arrives'
    | 'reconnecting'
    | 'offline'
    | 'ended';

/** Whether media stand, or are on their way for the first time or again; `deaf`: in this browser there is no sound. */
export type MediaLine = 'connecting' | 'reconnecting' | 'up' | 'deaf';

/** Which page of a meeting is shown: none before sign-in, then the entrance, then the room. */
export type Stage = 'none' | 'entrance' | 'room';

const sessionValue = signal<Session | null>(null);
// The meeting that the views show; what else this page follows stands beside it.
const shown = signal(new StreamStore(''));
const beside = signal<readonly StreamStore[]>([]);
/** In the place of the list while it has not come. */
export const seatsAsked: readonly Seat[] = [];
const seatsValue = signal(seatsAsked);
const phaseValue = signal<ConnectionPhase>(signedOut);
const mediaQuality = signal<'good' | 'weak'>('good');
const mediaLine = signal<MediaLine>('up');
const blockedPortValue = signal(0);
const flowValue = signal<Flow>(FLOWS);
const replacementsValue = signal<readonly ProcessReplacement[]>([]);
const interruptedFor = signal(0);

/** Who is signed in in this tab; null before. */
export const session: ReadonlySignal<Session | null> = sessionValue;
/** The meeting as of the last event; null until the first snapshot. */
export const meeting: ReadonlySignal<Meeting | null> = computed(() => shown.value.meeting.value);
/** The number of the last event seen. */
export const sequence: ReadonlySignal<number> = computed(() => shown.value.sequence.value);
/** The live connection. */
export const connectionPhase: ReadonlySignal<ConnectionPhase> = computed(() => {
    const { ended, waiting } = shown.value;
    const phase = phaseValue.value;
    if (ended.value !== '' && phase.phase !== 'ended') {
        return { phase: 'ended', since: phase.since, reason: ended.value };
    }
    const since = waiting.value?.since;
    return since === undefined || phase.phase !== 'live'
        ? phase
        : { phase: 'reconnecting', since, reason: '' };
});
/** Of the meeting that is shown: one is no more in it, and is told why. */
export const hasEnded: ReadonlySignal<boolean> = computed(() => {
    const { phase, reason } = connectionPhase.value;
    return reason !== '' && (phase === 'ended' || phase === 'signed-out');
});
/** Why the meeting that is shown is not given now, by the kind of the refusal; empty while it is. */
export const shownWaits: ReadonlySignal<string> = computed(() => shown.value.waiting.value?.kind ?? '');
/** The meetings that this person may sit in; none until the server has listed them. */
export const seats: ReadonlySignal<readonly Seat[]> = seatsValue;
/** What this page follows beside the meeting that is shown. */
export const streamsBeside: ReadonlySignal<readonly StreamStore[]> = beside;
/** The id of the meeting that is shown, or will be; empty before one is chosen. */
export const shownMeeting: ReadonlySignal<string> = computed(() => shown.value.id);
/** The newest event, for live regions and motion. Not for state. */
export const newestEvent: ReadonlySignal<MeetingEvent | null> = computed(() => shown.value.lastEvent.value);
/** All events that came together last, in order: one press makes several. Not for state. */
export const newestEvents: ReadonlySignal<readonly MeetingEvent[]> = computed(
    () => shown.value.lastEvents.value,
);
/** How many listen to each channel, in channel order, how many pages the audience has, and the server; nothing for those who are not told. */
export const listeners: ReadonlySignal<Listeners> = computed(() => shown.value.listeners.value);
/** What the server can write; for those who run the meeting. */
export const storage: ReadonlySignal<Storage> = computed(() => shown.value.storage.value);
/** Listeners from outside the pages; for moderators and technicians. */
export const receivers: ReadonlySignal<Receivers> = computed(() => shown.value.receivers.value);
/** Each participant's connection by participant id; for moderators and technicians. */
export const health: ReadonlySignal<ReadonlyMap<string, ConnectionHealth>> = computed(
    () => shown.value.health.value,
);

/** Since when, by the server's clock, the server's sound is out for everybody; 0 while all is well. */
export const soundOutSince: ReadonlySignal<number> = computed(() => shown.value.soundOut.value);
/** What the server had to start again, newest first; for moderators and technicians. */
export const replacements: ReadonlySignal<readonly ProcessReplacement[]> = replacementsValue;

const participantsById = computed(() => {
    const found = new Map(shown.value.meeting.value?.participants.map((p) => [p.id, p]) ?? []);
    const self = shown.value.self.value;
    if (self !== null && shown.value.meeting.value !== null && !found.has(self.id)) {
        found.set(self.id, self);
    }
    return found;
});
const delegationsById = computed(
    () => new Map(shown.value.meeting.value?.delegations.map((d) => [d.id, d]) ?? []),
);

const officesById = computed(() => new Map(shown.value.meeting.value?.offices?.map((o) => [o.id, o]) ?? []));

/** The participant this page belongs to. */
export const me: ReadonlySignal<Participant | null> = computed(
    () => participantsById.value.get(shown.value.me.value) ?? null,
);
/** In what capacity; null before the connection stands. */
export const capacity: ReadonlySignal<Capacity | null> = computed(
    () => me.value?.capacity ?? shown.value.capacity.value ?? sessionValue.value?.capacity ?? null,
);
/** Whether one has any of these abilities. Reactive. */
export function iCan(...any: Ability[]): boolean {
    return can(capacity.value, ...any);
}
/** Entrance or room. */
export const stage: ReadonlySignal<Stage> = computed(() => {
    if (shown.value.meeting.value === null) {
        return 'none';
    }
    return shown.value.wantsRoom.value ? 'room' : 'entrance';
});

/** Whether the server lets this person give a command at all. Reactive. The server decides again on each command. */
export function may(command: CommandName): boolean {
    return shown.value.allowed.value.has(command);
}

/** A participant by id, and null for one who is not (or no longer) known. Reactive. */
export function participant(id: string | undefined): Participant | null {
    return id === undefined ? null : (participantsById.value.get(id) ?? null);
}

/** A participant's plate. Reactive. */
export function plate(id: string | undefined): Plate | null {
    const found = participant(id);
    if (found === null) {
        return null;
    }
    return {
        participant: found,
        delegation: delegationsById.value.get(found.delegation ?? '') ?? null,
        office: officesById.value.get(found.office ?? '') ?? null,
    };
}

/** Who has the floor, oldest first (0 to 2). */
export const floorPlates: ReadonlySignal<readonly FloorPlate[]> = computed(() =>
    (shown.value.meeting.value?.floor ?? []).flatMap((open) => {
        const shown = plate(open.participant);
        return shown === null ? [] : [{ ...shown, position: open.position, openedAt: open.opened_at }];
    }),
);

/** The same by their places, which are the same on every screen. */
export const placedPlates: ReadonlySignal<readonly FloorPlate[]> = computed(() =>
    [...floorPlates.value].sort((one, other) => one.position - other.position),
);

/** An open microphone of the floor; null for who has none. Reactive. */
export function floorMicrophone(id: string | undefined): FloorMicrophone | null {
    return shown.value.meeting.value?.floor.find((open) => open.participant === id) ?? null;
}

/**
 * The one on the stage: the newest to have the floor who is not in the chair, else the chair when the chair speaks,
 * else null.
 */
export const speakerPlate: ReadonlySignal<FloorPlate | null> = computed(() => {
    const open = floorPlates.value;
    return open.filter((p) => !can(p.participant.capacity, 'presides')).at(-1) ?? open.at(-1) ?? null;
});

/** The chair of the meeting, with or without the floor; null when the meeting has none. */
export const chairPlate: ReadonlySignal<Plate | null> = computed(() => {
    const chair = shown.value.meeting.value?.participants.find((p) => can(p.capacity, 'presides'));
    return chair === undefined ? null : plate(chair.id);
});

/** The list of speakers, next first. */
export const requestPlates: ReadonlySignal<readonly RequestPlate[]> = computed(() =>
    (shown.value.meeting.value?.requests ?? []).flatMap((request, index) => {
        const shown = plate(request.participant);
        return shown === null ? [] : [{ ...shown, request, place: index + 1 }];
    }),
);

/** One's own place in the list of speakers: 1 is next, 0 is not on the list. */
export const myRequestPosition: ReadonlySignal<number> = computed(
    () =>
        1 +
        (shown.value.meeting.value?.requests.findIndex((r) => r.participant === shown.value.me.value) ?? -1),
);

/** Whether one has the floor, that is, one's microphone is open to the meeting. */
export const iHaveTheFloor: ReadonlySignal<boolean> = computed(
    () => shown.value.meeting.value?.floor.some((open) => open.participant === shown.value.me.value) ?? false,
);

/** On the air: a floor microphone that is open, or an interpreter's that is on. Red means this and nothing else. */
export const iAmOnTheAir: ReadonlySignal<boolean> = computed(
    () => iHaveTheFloor.value || me.value?.microphone === 'on',
);

/** The agenda item under discussion. */
export const currentItem: ReadonlySignal<AgendaItem | null> = computed(
    () => shown.value.meeting.value?.agenda.find((item) => item.state === 'current') ?? null,
);

/** No sitting is open, so that what interpreters send is a sound check. In a rehearsal everybody is there to listen. */
export const soundCheck: ReadonlySignal<boolean> = computed(() => {
    const now = shown.value.meeting.value;
    return now !== null && now.sitting !== 'open' && now.rehearsal !== true;
});

function isChecked(one: Channel): boolean {
    return (
        soundCheck.value && one.state === 'interpreted' && (one.holder ?? '') !== '' && one.forced !== true
    );
}

/** Whether an interpreter checks the sound on this channel, and one hears no feed there instead. Reactive. */
export function inSoundCheck(id: ChannelId): boolean {
    const checked = shown.value.meeting.value?.channels.some((one) => one.id === id && isChecked(one));
    return checked === true && !channel(id)?.feed;
}

/** Whether one hears the interpreters also during their sound check: who works with them does. */
export const hearsSoundCheck: ReadonlySignal<boolean> = computed(() => iCan('has_desk', 'runs_console'));

// To everybody else a channel that is checked carries what it would without its interpreter: the feed put there last,
// the floor, nothing.
function withoutCheck(one: Channel, floorHeard: boolean): Channel {
    if (!isChecked(one)) {
        return one;
    }
    const feed = feeds.value
        .filter((each) => each.sound && each.target === one.id)
        .sort((a, b) => (a.put_at ?? 0) - (b.put_at ?? 0))
        .at(-1)?.id;
    const state = feed ? 'interpreted' : one.auto_floor && floorHeard ? 'floor' : 'silent';
    return { ...one, feed, holder: '', depth: 1, state };
}

/** The seven channels in the contract's order, each with the state in which one hears it. */
export const channels: ReadonlySignal<readonly Channel[]> = computed(() => {
    const all = shown.value.meeting.value?.channels ?? [];
    if (hearsSoundCheck.value || !all.some(isChecked)) {
        return all;
    }
    const floorHeard = all.some((one) => one.id === 'floor' && one.state !== 'silent');
    return all.map((one) => withoutCheck(one, floorHeard));
});

/** What is published into the meeting from outside its pages. */
export const feeds: ReadonlySignal<readonly Feed[]> = computed(() => shown.value.meeting.value?.feeds ?? []);

/** A channel by id. Reactive. */
export function channel(id: ChannelId): Channel | null {
    return channels.value.find((c) => c.id === id) ?? null;
}

/** Languages whose interpretation is suspended, each with its booth. */
export const suspensions: ReadonlySignal<readonly Booth[]> = computed(() =>
    (shown.value.meeting.value?.booths ?? []).filter((booth) => (booth.suspended_since ?? 0) > 0),
);

/** The booth of a channel whose interpretation is suspended; null when it is not. Reactive. */
export function suspensionOf(id: ChannelId): Booth | null {
    return suspensions.value.find((booth) => booth.language === id) ?? null;
}

/** Who shares a screen, and null. */
export const screenPlate: ReadonlySignal<Plate | null> = computed(() => {
    const sharing = shown.value.meeting.value?.participants.find((p) => p.screen);
    return sharing === undefined ? null : plate(sharing.id);
});

/** Calls for help that nobody has ended, for moderators and technicians. */
export const helpCalls: ReadonlySignal<readonly Plate[]> = computed(() =>
    (shown.value.meeting.value?.participants ?? []).flatMap((p) => {
        const shown = p.help === 'none' ? null : plate(p.id);
        return shown === null ? [] : [shown];
    }),
);

// Sound only: of the pictures there are, none comes, or one's own does not get through. The server says so; it is not guessed.
function liveQuality(): Quality {
    const held = shown.value.held.value;
    const id = shown.value.me.value;
    const chair = chairPlate.value?.participant;
    const speaker = speakerPlate.value?.participant;
    const screen = screenPlate.value?.participant;
    const pictures = [
        { there: speaker?.camera === true && speaker.id !== id, held: held.speaker_held },
        { there: chair?.camera === true && ![id, speaker?.id].includes(chair.id), held: held.chair_held },
        { there: screen !== undefined && screen.id !== id, held: held.screen_held },
    ].filter((one) => one.there);
    const some = pictures.some((one) => one.held);
    if (held.own_held || (some && pictures.every((one) => one.held))) {
        return 'sound-only';
    }
    return some ? 'weak' : mediaQuality.value;
}

// Not being heard goes first: the others wait for what one says.
function flowQuality(): Quality {
    const { arrives, acknowledged } = flowValue.value;
    return !acknowledged ? 'not-acknowledged' : arrives ? liveQuality() : 'nothing-arrives';
}

/** Whether sound goes through, by this page's own measure. */
export const flow: ReadonlySignal<Flow> = flowValue;

/** The pictures that one's line does not carry now. */
export const heldPictures: ReadonlySignal<HeldPictures> = computed(() => shown.value.held.value);

/** The connection in words. */
export const connectionQuality: ReadonlySignal<Quality> = computed(() => {
    const phase = connectionPhase.value.phase;
    switch (phase) {
        case 'live':
            if (shown.value.soundOut.value !== 0) {
                return 'no-sound';
            }
            if (blockedPortValue.value !== 0) {
                return 'blocked';
            }
            return mediaLine.value === 'up' ? flowQuality() : mediaLine.value;
        case 'signed-out':
        case 'ended':
            return 'ended';
        default:
            return phase;
    }
});

/** The UDP port of the server that this device's network blocks; 0 for none. */
export const blockedPort: ReadonlySignal<number> = blockedPortValue;

/** Whole seconds since the connection was interrupted: "Reconnecting, your place is kept (12 s)". 0 while it stands. */
export const interruptedSeconds: ReadonlySignal<number> = computed(() => interruptedFor.value);

/** The meeting's clock now, in ms since 1970: for timers that everybody sees alike, whatever this device's date is set to. Not reactive. */
export function serverNow(): number {
    return performance.now() + shown.peek().clockOffset.value;
}

/** That the access ends soon, until it is renewed. */
export const expiring: ReadonlySignal<Expiring | null> = computed(() => shown.value.expiring.value);

// ---- Written by `live/` only. ----

/** Takes over a session, or none. */
export function setSession(value: Session | null): void {
    batch(() => {
        const same = value !== null && value.token === sessionValue.value?.token;
        sessionValue.value = value;
        if (!same) {
            shown.value = new StreamStore(value?.meeting ?? '');
            beside.value = [];
            seatsValue.value = seatsAsked;
        }
    });
}

/** The store of the meeting that is shown; of one that is not, from this page's side. Not reactive. */
export function shownStream(): StreamStore {
    return shown.peek();
}

/** Another meeting is shown, the one before is kept beside it unless it has ended. */
export function showStream(stream: StreamStore): void {
    batch(() => {
        const before = shown.value;
        const kept = before.id === '' || before.ended.value !== '' ? [] : [before];
        beside.value = [...beside.value.filter((one) => one.id !== stream.id), ...kept];
        before.setShown(false);
        stream.setShown(true);
        shown.value = stream;
    });
}

/** One that was kept beside has ended. */
export function dropBeside(stream: StreamStore): void {
    beside.value = beside.value.filter((one) => one !== stream);
}

/** The meetings that this person may sit in, as the server listed them. */
export function setSeats(list: readonly Seat[]): void {
    seatsValue.value = list;
}

/** The live connection's phase. */
export function setPhase(phase: ConnectionPhase): void {
    phaseValue.value = phase;
}

/** Owner of the clock behind `interruptedSeconds`. */
export function setInterruptedSeconds(seconds: number): void {
    interruptedFor.value = seconds;
}

/** What the media path's statistics say, and whether sound is interrupted. */
export function setMediaQuality(quality: 'good' | 'weak', line: MediaLine, blocked: number): void {
    batch(() => {
        mediaQuality.value = quality;
        mediaLine.value = line;
        blockedPortValue.value = blocked;
    });
}

/** What this page notices of its own sound. */
export function setFlow(value: Flow): void {
    const { arrives, acknowledged } = flowValue.peek();
    if (value.arrives !== arrives || value.acknowledged !== acknowledged) {
        flowValue.value = value;
    }
}

/** What the server had to start again. */
export function setReplacements(list: readonly ProcessReplacement[]): void {
    replacementsValue.value = list;
}
