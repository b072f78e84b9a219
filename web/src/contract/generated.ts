// Generated from contract/ by tools/contract.py. Do not edit.

/** In what capacity a person takes part in one meeting. */
export type Capacity = 'chair' | 'secretary' | 'moderator' | 'technician' | 'delegate' | 'interpreter' | 'captioner' | 'listener';
export const CAPACITY_VALUES: readonly Capacity[] = ['chair', 'secretary', 'moderator', 'technician', 'delegate', 'interpreter', 'captioner', 'listener'];
/** A delegation's standing. */
export type DelegationKind = 'member' | 'observer' | 'sector' | 'secretariat';
export const DELEGATION_KIND_VALUES: readonly DelegationKind[] = ['member', 'observer', 'sector', 'secretariat'];
/** The six official languages, and none. */
export type Language = 'none' | 'ar' | 'zh' | 'en' | 'fr' | 'ru' | 'es';
export const LANGUAGE_VALUES: readonly Language[] = ['none', 'ar', 'zh', 'en', 'fr', 'ru', 'es'];
/** The audio channels listeners choose: the floor and one for each language. */
export type ChannelId = 'floor' | 'ar' | 'zh' | 'en' | 'fr' | 'ru' | 'es';
export const CHANNEL_ID_VALUES: readonly ChannelId[] = ['floor', 'ar', 'zh', 'en', 'fr', 'ru', 'es'];
/** What a language channel carries now: its booth, the floor (auto-floor), or nothing. */
export type ChannelState = 'silent' | 'interpreted' | 'floor';
export const CHANNEL_STATE_VALUES: readonly ChannelState[] = ['silent', 'interpreted', 'floor'];
/** Whether a participant is away, connected at the entrance, in the room, or just lost (place kept). */
export type Presence = 'away' | 'entrance' | 'present' | 'lost';
export const PRESENCE_VALUES: readonly Presence[] = ['away', 'entrance', 'present', 'lost'];
/** A microphone as the meeting sees it. Cough is an interpreter's momentary mute. */
export type Microphone = 'off' | 'on' | 'cough';
export const MICROPHONE_VALUES: readonly Microphone[] = ['off', 'on', 'cough'];
/** The continuous period of a meeting. */
export type SittingState = 'closed' | 'open' | 'suspended';
export const SITTING_STATE_VALUES: readonly SittingState[] = ['closed', 'open', 'suspended'];
/** Whether new requests for the floor are accepted. */
export type ListState = 'open' | 'closed';
export const LIST_STATE_VALUES: readonly ListState[] = ['open', 'closed'];
/** An agenda item's progress. */
export type ItemState = 'pending' | 'current' | 'done';
export const ITEM_STATE_VALUES: readonly ItemState[] = ['pending', 'current', 'done'];
/** A call for help. */
export type HelpState = 'none' | 'asked' | 'handled';
export const HELP_STATE_VALUES: readonly HelpState[] = ['none', 'asked', 'handled'];
/** A receive track of a participant; media switches what it carries. */
export type SlotName = 'floor_1' | 'floor_2' | 'language' | 'relay' | 'boothmate' | 'speaker' | 'chair' | 'screen';
export const SLOT_NAME_VALUES: readonly SlotName[] = ['floor_1', 'floor_2', 'language', 'relay', 'boothmate', 'speaker', 'chair', 'screen'];
/** What a participant may send. */
export type TrackName = 'microphone' | 'camera' | 'screen';
export const TRACK_NAME_VALUES: readonly TrackName[] = ['microphone', 'camera', 'screen'];
/** What a track carries. */
export type MediaKind = 'audio' | 'video';
export const MEDIA_KIND_VALUES: readonly MediaKind[] = ['audio', 'video'];
/** Seen from the client. */
export type MediaDirection = 'send' | 'receive';
export const MEDIA_DIRECTION_VALUES: readonly MediaDirection[] = ['send', 'receive'];

/** One text in each of the six languages; times are milliseconds since 1970 UTC. */
export interface Localized {
    ar: string;
    zh: string;
    en: string;
    fr: string;
    ru: string;
    es: string;
}

/** An item of the agenda. */
export interface AgendaItem {
    id: string;
    /** As printed, e.g. "3.1" */
    number: string;
    title: Localized;
    state: ItemState;
    /** Reference, e.g. C20/5 */
    document?: string;
}

/** A language's team of interpreters. */
export interface Booth {
    language: Language;
    desks: Desk[];
}

/** A language channel. */
export interface Channel {
    id: ChannelId;
    state: ChannelState;
    /** The participant it carries, empty for none */
    holder?: string;
    /** Carries the floor when its booth is silent */
    auto_floor: boolean;
}

/** A participant's connection as the server measures it; for moderators and technicians. */
export interface ConnectionHealth {
    participant: string;
    round_trip_ms: number;
    loss_up_permille: number;
    loss_down_permille: number;
    jitter_ms: number;
}

/** A member State, observer or sector member taking part. */
export interface Delegation {
    id: string;
    /** ISO 3166 or short code, e.g. FRA */
    code: string;
    kind: DelegationKind;
    /** Full name in the six languages */
    name: Localized;
}

/** One interpreter's console. */
export interface Desk {
    participant: string;
    microphone: Microphone;
}

/** An open microphone of the floor. */
export interface FloorMicrophone {
    participant: string;
    opened_at: number;
    /** Floor slot 1 or 2 */
    position: number;
}

/** What a participant's one PeerConnection is made of. */
export interface MediaPlan {
    sections: MediaSection[];
}

/** One m-section of the client's only offer. The client creates its transceivers in this order. */
export interface MediaSection {
    kind: MediaKind;
    direction: MediaDirection;
    /** For receive */
    slot?: SlotName;
    /** For send */
    track?: TrackName;
}

/** The whole state of one meeting, as a snapshot. */
export interface Meeting {
    id: string;
    title: Localized;
    body: Localized;
    sitting: SittingState;
    sitting_number: number;
    sitting_since?: number;
    /** The list of speakers */
    list: ListState;
    recorded: boolean;
    streamed: boolean;
    floor_microphones_max: number;
    delegations: Delegation[];
    participants: Participant[];
    agenda: AgendaItem[];
    /** The list of speakers, first is next */
    requests: Request[];
    booths: Booth[];
    /** Always seven, in channel_id order */
    channels: Channel[];
    /** Open microphones, oldest first */
    floor: FloorMicrophone[];
}

/** One of a person's own sessions, as listed to them. */
export interface OwnSession {
    id: string;
    /** The session that asks */
    current: boolean;
    participant?: string;
    meeting?: string;
    capacity: Capacity;
    name: string;
    account?: string;
    expires_at: number;
}

/** A person's own sessions. */
export interface OwnSessions {
    sessions: OwnSession[];
}

/** One person in one meeting. */
export interface Participant {
    id: string;
    /** The person's own name */
    name: string;
    capacity: Capacity;
    /** Empty when the person is in no delegation */
    delegation?: string;
    /** An interpreter's booth, a listener's language at first */
    language: Language;
    /** Function, e.g. "Vice-Chair" */
    title?: string;
    presence: Presence;
    /** On the floor for delegates; on the air for interpreters */
    microphone: Microphone;
    microphone_since?: number;
    /** Camera is being sent */
    camera: boolean;
    /** A screen is being shared */
    screen: boolean;
    help: HelpState;
    /** Total time with the floor */
    spoken_ms: number;
    interventions: number;
}

/** One who asked for the floor, in the server's order. */
export interface Request {
    /** Unique in the meeting */
    id: number;
    participant: string;
    item?: string;
    asked_at: number;
}

/** Who the bearer of a token is. */
export interface Session {
    /** Bearer token for the API; shown once */
    token?: string;
    participant?: string;
    meeting?: string;
    capacity: Capacity;
    name: string;
    account?: string;
    expires_at: number;
}

/** What a person shows to sign in: either the token of a personal link, or account, password and (except operators) meeting. */
export interface SignIn {
    /** The part of a personal link behind # */
    token?: string;
    account?: string;
    password?: string;
    meeting?: string;
}

export type Commands = {
    /** Says that the caller's camera is sent, or no longer. */
    'camera.set': { on: boolean };
    /** Whether a language channel carries the floor while its booth is silent. */
    'channel.auto_floor': { channel: 'ar' | 'zh' | 'en' | 'fr' | 'ru' | 'es'; on: boolean };
    /** An interpreter's microphone: on the air, off, or cough (held). */
    'desk.microphone': { state: Microphone };
    /** Entrance only: the language slot carries the caller's own microphone. */
    'echo.set': { on: boolean };
    /** Ends an intervention: closes the participant's microphone. */
    'floor.end': { participant: string };
    /** Closes every open microphone of the floor. */
    'floor.end_all': Record<string, never>;
    /** Gives the floor: opens the participant's microphone and takes the request off the list. With two microphones open already, refused. */
    'floor.give': { participant: string };
    /** Asks for the floor: the caller is put at the end of the list of speakers. */
    'floor.request': Record<string, never>;
    /** The chair opens the own microphone; no place is needed: when both are taken, the latest delegate's is closed. */
    'floor.take': Record<string, never>;
    /** Withdraws one's own request. */
    'floor.withdraw': Record<string, never>;
    /** Closes one's own microphone ("this ends my intervention"). */
    'floor.yield': Record<string, never>;
    /** Calls the help desk. */
    'help.ask': Record<string, never>;
    /** Takes back one's own call. */
    'help.cancel': Record<string, never>;
    /** A moderator or technician takes the call (handled) or ends it (none). */
    'help.handle': { participant: string; state: 'handled' | 'none' };
    /** Makes an agenda item the current one; the one before is done. */
    'item.start': { item: string };
    /** The list of speakers accepts no more requests. */
    'list.close': Record<string, never>;
    /** The list of speakers accepts requests. */
    'list.open': Record<string, never>;
    /** What the language slot (for interpreters also the relay slot) carries: a language channel, or the floor (the slot then carries nothing, the floor slots say it all). */
    'listen.set': { slot: 'language' | 'relay'; channel: ChannelId };
    /** The one negotiation: the client's SDP offer made from the media plan; the reply holds the answer. A second call replaces the peer. */
    'media.join': { sdp: string };
    /** Ends the peer. */
    'media.leave': Record<string, never>;
    /** Removes a participant from the meeting; the link ceases to work. */
    'participant.remove': { participant: string };
    /** Puts a participant on the list of speakers (asked by other means). */
    'request.add': { participant: string };
    /** Moves a request to a position of the list. */
    'request.move': { request: number; position: number };
    /** Takes a request off the list. */
    'request.remove': { request: number };
    /** Goes from the entrance into the room. */
    'room.enter': Record<string, never>;
    /** Leaves the room. */
    'room.leave': Record<string, never>;
    /** Says that the caller shares a screen, or no longer. One shared screen at a time; delegates only while they have the floor. */
    'screen.set': { on: boolean };
    /** Closes the sitting: all microphones close, the list is emptied. */
    'sitting.close': Record<string, never>;
    /** Opens a sitting. */
    'sitting.open': Record<string, never>;
    /** Suspends the sitting: all microphones close, the list stays. */
    'sitting.suspend': Record<string, never>;
};

export type Replies = {
    'camera.set': Record<string, never>;
    'channel.auto_floor': Record<string, never>;
    'desk.microphone': Record<string, never>;
    'echo.set': Record<string, never>;
    'floor.end': Record<string, never>;
    'floor.end_all': Record<string, never>;
    'floor.give': Record<string, never>;
    'floor.request': Record<string, never>;
    'floor.take': Record<string, never>;
    'floor.withdraw': Record<string, never>;
    'floor.yield': Record<string, never>;
    'help.ask': Record<string, never>;
    'help.cancel': Record<string, never>;
    'help.handle': Record<string, never>;
    'item.start': Record<string, never>;
    'list.close': Record<string, never>;
    'list.open': Record<string, never>;
    'listen.set': Record<string, never>;
    'media.join': { sdp: string };
    'media.leave': Record<string, never>;
    'participant.remove': Record<string, never>;
    'request.add': Record<string, never>;
    'request.move': Record<string, never>;
    'request.remove': Record<string, never>;
    'room.enter': Record<string, never>;
    'room.leave': Record<string, never>;
    'screen.set': Record<string, never>;
    'sitting.close': Record<string, never>;
    'sitting.open': Record<string, never>;
    'sitting.suspend': Record<string, never>;
};

export type Events = {
    'agenda_item.added': { item: AgendaItem };
    'camera.changed': { participant: string; on: boolean };
    /** A language channel carries something else, or its auto-floor was switched. */
    'channel.changed': { channel: Channel };
    'delegation.added': { delegation: Delegation };
    /** An interpreter's microphone. */
    'desk.changed': { participant: string; language: Language; microphone: Microphone };
    'help.changed': { participant: string; state: HelpState };
    'item.started': { item: string };
    'list.changed': { state: ListState };
    /** The first event of every journal. */
    'meeting.created': { title: Localized; body: Localized; floor_microphones_max: number };
    /** A floor microphone; spoken_ms is this intervention's length. */
    'microphone.closed': { participant: string; spoken_ms: number };
    /** A floor microphone. */
    'microphone.opened': { participant: string; position: number };
    'participant.added': { participant: Participant };
    /** Expelled; the record of what they did stays. */
    'participant.removed': { participant: string };
    'presence.changed': { participant: string; presence: Presence };
    'request.added': { request: Request };
    'request.moved': { request: number; position: number };
    /** Withdrawn, removed, or granted. */
    'request.removed': { request: number };
    'screen.changed': { participant: string; on: boolean };
    'sitting.changed': { state: SittingState; number: number };
};

export type Notices = {
    /** To moderators and technicians, every 5 s for changed participants. */
    'health.changed': { health: ConnectionHealth[] };
    /** How many listen to each channel; to interpreters, moderators, technicians. */
    'listeners.changed': { channels: number[] };
    /** The media process was restarted: join again at once. */
    'media.lost': Record<string, never>;
    /** The caller's peer changed. */
    'media.state': { connected: boolean };
    /** The server is going down for a restart; reconnect. */
    'server.stopping': Record<string, never>;
    /** Signed out, expired, removed, or replaced by a newer connection; the socket closes after it. */
    'session.ended': { reason: string };
};

export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type NoticeName = keyof Notices;

/** One event of the journal, told apart by `type`. `by` is empty when the server itself did it. */
export type EventMessage = {
    [N in EventName]: { seq: number; at: number; by: string; on_behalf_of_chair?: boolean; type: N; data: Events[N] };
}[EventName];
/** An event that this person may not see: only its number. */
export interface WithheldMessage {
    seq: number;
    type: 'withheld';
}
export type NoticeMessage = { [N in NoticeName]: { notice: N; data: Notices[N] } }[NoticeName];
export type CommandMessage = { [N in CommandName]: { id: number; command: N; data: Commands[N] } }[CommandName];

/** A refusal (RFC 9457); `type` is /problems/SLUG. */
export interface ProblemMessage {
    type: string;
    title: string;
    status: number;
    detail?: string;
    field?: string;
    instance?: string;
}
/** The first message of every live connection. */
export interface Hello {
    protocol: number;
    participant: string;
    meeting: string;
    capacity: Capacity;
    now: number;
    seq: number;
    resumed: boolean;
    plan: MediaPlan;
    may: CommandName[];
}
/** `reply` is 0 when the server could not read the message's id. */
export type ReplyMessage =
    | { reply: number; data?: Replies[CommandName]; seq: number }
    | { reply: number; problem: ProblemMessage };
export type ServerMessage =
    | { hello: Hello }
    | { snapshot: Meeting; seq: number }
    | { events: (EventMessage | WithheldMessage)[] }
    | NoticeMessage
    | ReplyMessage
    | { ping: number };
export type ClientMessage = CommandMessage | { pong: number };
export interface Snapshot {
    meeting: Meeting;
    seq: number;
}
export interface EventPage {
    events: (EventMessage | WithheldMessage)[];
    seq: number;
}

/** Who may give which command; the server checks it again. */
export const PERMISSIONS: Record<CommandName, Partial<Record<Capacity, 'own' | 'on_behalf_of_chair'>>> = {
    'camera.set': { chair: 'own', secretary: 'own', moderator: 'own', delegate: 'own', interpreter: 'own' },
    'channel.auto_floor': { technician: 'own', moderator: 'own' },
    'desk.microphone': { interpreter: 'own' },
    'echo.set': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'floor.end': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'floor.end_all': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'floor.give': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'floor.request': { delegate: 'own', chair: 'own', secretary: 'own' },
    'floor.take': { chair: 'own' },
    'floor.withdraw': { delegate: 'own', chair: 'own', secretary: 'own' },
    'floor.yield': { delegate: 'own', chair: 'own', secretary: 'own' },
    'help.ask': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'help.cancel': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'help.handle': { moderator: 'own', technician: 'own' },
    'item.start': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'list.close': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'list.open': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'listen.set': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'media.join': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'media.leave': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'participant.remove': { moderator: 'own' },
    'request.add': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'request.move': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'request.remove': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'room.enter': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'room.leave': { chair: 'own', secretary: 'own', moderator: 'own', technician: 'own', delegate: 'own', interpreter: 'own', captioner: 'own', listener: 'own' },
    'screen.set': { chair: 'own', secretary: 'own', moderator: 'own', delegate: 'own' },
    'sitting.close': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'sitting.open': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
    'sitting.suspend': { chair: 'own', moderator: 'on_behalf_of_chair', secretary: 'on_behalf_of_chair' },
};

/** Lengths of texts count bytes of UTF-8. */
export const BODY_MAX = 65536;
export const AGENDA_ITEM_NUMBER_MAX = 11;
export const AGENDA_ITEM_TITLE_MAX = 159;
export const AGENDA_ITEM_DOCUMENT_MAX = 47;
export const BOOTH_DESKS_MAX = 6;
export const DELEGATION_CODE_MAX = 15;
export const DELEGATION_NAME_MAX = 95;
export const FLOOR_MICROPHONE_POSITION_MAX = 2;
export const MEDIA_PLAN_SECTIONS_MAX = 16;
export const MEETING_TITLE_MAX = 159;
export const MEETING_BODY_MAX = 95;
export const MEETING_FLOOR_MICROPHONES_MAX_MAX = 2;
export const MEETING_DELEGATIONS_MAX = 256;
export const MEETING_PARTICIPANTS_MAX = 512;
export const MEETING_AGENDA_MAX = 64;
export const MEETING_REQUESTS_MAX = 256;
export const MEETING_BOOTHS_MAX = 6;
export const MEETING_CHANNELS_MAX = 7;
export const MEETING_FLOOR_MAX = 2;
export const OWN_SESSION_NAME_MAX = 95;
export const OWN_SESSION_ACCOUNT_MAX = 63;
export const OWN_SESSIONS_SESSIONS_MAX = 64;
export const PARTICIPANT_NAME_MAX = 95;
export const PARTICIPANT_TITLE_MAX = 95;
export const SESSION_TOKEN_MAX = 95;
export const SESSION_NAME_MAX = 95;
export const SESSION_ACCOUNT_MAX = 63;
export const SIGN_IN_TOKEN_MAX = 95;
export const SIGN_IN_ACCOUNT_MAX = 63;
export const SIGN_IN_PASSWORD_MAX = 255;
export const COMMAND_MEDIA_JOIN_SDP_MAX = 48000;
export const COMMAND_REQUEST_MOVE_POSITION_MAX = 256;
export const EVENT_MEETING_CREATED_TITLE_MAX = 159;
export const EVENT_MEETING_CREATED_BODY_MAX = 95;
export const EVENT_MEETING_CREATED_FLOOR_MICROPHONES_MAX_MAX = 2;
export const EVENT_MICROPHONE_OPENED_POSITION_MAX = 2;
export const EVENT_REQUEST_MOVED_POSITION_MAX = 256;
export const NOTICE_HEALTH_CHANGED_HEALTH_MAX = 512;
export const NOTICE_LISTENERS_CHANGED_CHANNELS_MAX = 7;
export const NOTICE_SESSION_ENDED_REASON_MAX = 31;
