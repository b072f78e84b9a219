// Inside src/app only: what the one object of the control process is made of.
#pragma once

#include "app/answer.h"
#include "app/app.h"
#include "app/outbox.h"
#include "app/routing.h"
#include "app/security_log.h"
#include "base/clock.h"
#include "meeting/meeting.h"
#include "meeting/presence.h"
#include "store/quality.h"

#define APP_ORPHAN_PEER_US \
    (90 * TIME_US_PER_S) // a peer without live connection: its page may come back
#define APP_JOIN_WAIT_US       (5 * TIME_US_PER_S) // for media to be there
#define APP_JOINS_WAITING      256
#define APP_ANSWER_US          (10 * TIME_US_PER_S) // for media to answer an offer
#define APP_HEALTH_EVERY_US    (5 * TIME_US_PER_S)
#define APP_LISTENERS_EVERY_US (1 * TIME_US_PER_S)
#define APP_LEVELS_EVERY_US    (200 * TIME_US_PER_MS)
#define APP_DELAY_UNKNOWN      UINT16_MAX // what media holds a channel back by
#define APP_SOUND_EVERY_US     (4 * TIME_US_PER_S)
#define APP_QUALITY_MAX        64   // who is measured in one minute of one meeting
#define APP_SOURCE_SILENT_MS   1000 // media says so after that long without a packet, or a sound
#define APP_MEDIA_SETTLE_US \
    (3 * TIME_US_PER_S) // for the pages to join again, once media was restarted

// Added to a meeting's channels: those of the booths (ROUTE_BOOTH_AR and so on).
#define APP_CHANNEL_BOOTHS (UINT32_C(1) << 31)

// What a media path was last told; unlike every source.
#define APP_SOURCE_UNKNOWN UINT32_MAX

#define APP_PUBLISHERS_MAX (2 * MEETING_FEEDS_MAX) // a feed's publisher may be replaced by another
#define APP_DOORS_WAITING  512

struct app_meeting {
    char id[CONTRACT_ID_MAX + 1];
    time_us used_at;              // when somebody came last
    struct meeting_state decided; // with events that are not committed yet: rules look here
    struct meeting_state told;    // committed: clients and media look here
    struct meeting_presence presence;
    struct clock clock;            // what its times are: journal, deadlines, presence
    struct app_clock_place *place; // borrowed; NULL: not kept
    link_channel channel_base;     // + route + 1 is the link channel of a route
    link_source routes_told[ROUTE_COUNT];
    link_source routes_before[ROUTE_COUNT]; // may still be carried until the one told is heard; 0
    uint16_t delays_told[ROUTE_COUNT];
    bool health_dirty;
    time_us health_due;
    bool listeners_dirty;
    time_us listeners_due;
    int64_t listeners_told[CHANNEL_ID_COUNT];
    uint32_t publisher_count;
    handle publishers[APP_PUBLISHERS_MAX];
    uint32_t receiver_count;
    int64_t receivers_connected[CHANNEL_ID_COUNT];
    bool receivers_dirty;
    time_us receivers_due;
    struct notice_levels_changed levels; // since the last
    time_us levels_due;
    uint32_t quality_count; // of the minute under way
    struct quality_row quality[APP_QUALITY_MAX];
    bool feeds_dirty; // the journal had no room for what the feeds do
};

struct app_connection {
    struct app_meeting *meeting;
    char participant[CONTRACT_ID_MAX + 1];
    char session[CONTRACT_ID_MAX + 1]; // empty for a bare link token
    time_ms expires_at;                // the date of the access, see stays.h
    time_us due;                       // when that comes
    time_us told_at;                   // of it; 0: not yet
    time_ms kept_until;                // what the store says of the session; 0: nothing
    time_ms round_trip_ms;             // as last measured; 0: not yet
    enum channel_id listen;            // what listen.set chose; given to the peer that is made next
    time_us sound_due;                 // the next desk.sound_report is taken from then on
    bool tell_processes;               // how the server fares, once the page has heard hello
    bool tell_media;       // whether there is a peer is told once, after the page has heard hello
    time_ms media_gone_at; // since when there is no peer; 0: there is one, or never was
    bool tell_store;       // the same for a store that is not well
    // An offer that came before the media process was there; NULL: none.
    char *join_sdp; // owned
    uint64_t join_request;
    time_us join_due; // then it is refused
};

// A participant's PeerConnection, as the media process holds it.
struct app_peer {
    link_peer id;
    struct app_meeting *meeting;
    char participant[CONTRACT_ID_MAX + 1];
    char session[CONTRACT_ID_MAX + 1]; // whose page made it; empty: unknown (adopted) or none
    enum capacity capacity;
    link_source sources[TRACK_NAME_COUNT]; // 0: not sent
    enum channel_id listen;
    enum channel_id relay; // what the relay slot was told: the desk's own choice, by the meeting
    bool relay_known;
    time_ms silent_since; // the microphone delivers no packets; 0: it does
    time_ms quiet_since;  // no sound in them; 0: there is
    time_ms awaited_at;   // both are of packets since then
    bool coughs;          // the desk's microphone is open and held
    time_ms open_at;      // when that ended at last
    bool echo;            // the language slot carries the own microphone
    bool adopted;         // found by LINK_SYNC: what its slots carry was learned, not told
    bool echo_unknown;    // adopted at the entrance: an echo test may be under way
    bool seen;            // during LINK_SYNC: media has it
    bool connected_told;
    link_source boothmate_told;
    link_source talkback_told;
    link_source partner_told;
    enum link_peer_phase phase;
    time_us orphan_due;   // TIME_US_NEVER while a live connection stands
    app_live answer_live; // HANDLE_NONE: no media.join waits for an answer
    uint64_t answer_request;
    time_us answer_due;
    bool pictures_stale; // the page may not know the next two
    uint16_t slots_held; // as media numbers them
    bool own_held;
    struct connection_health health;
    bool health_known;
    bool health_dirty;
    uint64_t packets_in; // as last reported
    time_us packets_at;  // then; 0: never
};

enum app_link_phase { APP_LINK_DOWN, APP_LINK_SYNCING, APP_LINK_READY };

struct app_link {
    enum app_link_phase phase;
    bool was_down;           // pages without a peer are told media.lost once it is ready
    time_us settled_at;      // nobody counts as unheard or lost for want of packets before
    link_peer next_peer;     // unlike all peers of earlier control processes: begins with the time
    link_source next_source; //
    uint64_t messages_refused;
};

struct app_media_counter {
    char name[LINK_COUNTER_NAME_MAX + 1 + 14]; // with "plenary_media_"
    uint64_t value;
};

struct document_hold; // documents.c

#define APP_FIGURES_MAX (LINK_COUNTERS_MAX + 64)

struct app {
    struct app_config config;
    struct app_ports ports;
    struct store *store; // borrowed
    struct app_meeting **meetings;
    uint32_t meeting_count;
    char (*set_aside)[CONTRACT_ID_MAX + 1]; // owned; meetings whose journals cannot be read
    uint32_t set_aside_count;
    struct pool connections; // struct app_connection, named by app_live
    struct pool peers;       // struct app_peer
    struct pool doors;       // struct app_door
    handle *door_places;     // owned; chains of doors by their peer's id
    uint32_t door_mask;
    uint32_t doors_waiting;
    struct outbox outbox;
    uint32_t joins_waiting;
    bool store_closed; // nothing is written, until journal_reopen()
    uint32_t closings; // how often that was
    enum store_state store_told;
    struct document_hold *holds; // owned list: what waits until contents are destroyed
    struct throttle throttle;
    struct security_log security;
    uint8_t device_key[DEVICE_KEY_SIZE];
    struct app_link link;
    bool media_silent;         // it does not answer, or is not there
    time_ms interrupted_since; // nobody is heard; 0: all is well
    struct notice_processes_changed processes;
    struct link_message message; // the one being sent
    struct event_list events;    // of the decision in the making
    struct notice notice;        // the one being sent
    time_us now;
    time_ms wall;      // for dates alone; what happens in a meeting has the meeting's time
    time_us ticked_at; // the last reading of both clocks
    time_ms ticked_wall;
    time_us wake_at;    // the earliest deadline; may be early, never late
    time_us expire_due; // of expired links and sessions
    bool stopping;
    uint64_t commands_by_result[ERR_COUNT];
    uint32_t media_counter_count;
    struct app_media_counter media_counters[LINK_COUNTERS_MAX];
    struct app_figure figures[APP_FIGURES_MAX];
};

// app.c
// One reading of both clocks.
void app_clock(struct app *app, time_us now, time_ms wall);
// The date alone, where the monotonic time is not given.
void app_date(struct app *app, time_ms wall);
void app_wake_at(struct app *app, time_us at);
// The meeting's time, and the monotonic time of a deadline of the meeting's.
time_ms app_meeting_time(const struct app *app, const struct app_meeting *meeting);
time_us app_time_of(const struct app *app, const struct app_meeting *meeting, time_ms at);
struct app_meeting *app_find_meeting(const struct app *app, const char *id);
// Journals the events of app->events, which `decided` has, and lets the outbox tell them once
// committed; the answer (NULL for none) comes after them. Room in the outbox was asked before
// deciding.
void app_record(struct app *app, struct app_meeting *meeting, const struct outbox_answer *answer);
// One committed batch has its effects: state, media, clients, answer. Called by the outbox.
void app_batch_committed(struct app *app, const struct outbox_batch *batch);
// The store holds what it must not, or this process makes mistakes: only a replay helps.
_Noreturn void app_store_failed(const struct app *app, enum err err);

// sign_in_password.c: the key by which devices are known again (app/device.h), made once and kept
// in the store.
enum err CHECKED device_key_load(struct app *app);

// live.c
struct app_connection *live_of(const struct app *app, const struct app_meeting *meeting,
                               const char *participant, app_live *ret_live);
// session.ended, then the port's live_end. Unless another connection replaces this one, the
// participant's peer ends too and the participant becomes lost.
void live_end(struct app *app, app_live live, const char *reason, bool replaced);
void live_end_participant(struct app *app, const struct app_meeting *meeting,
                          const char *participant, const char *reason);
void live_end_session(struct app *app, const char *session, const char *reason);
void live_on_deadline(struct app *app);
time_us live_next_deadline(const struct app *app);
// Sends app->notice to everyone of the meeting whose capacity has its bit in `capacities` (0: to
// all).
void live_notice_all(struct app *app, const struct app_meeting *meeting, uint32_t capacities);

// processes.c: how the server's own processes fare
void processes_link_ready(struct app *app);
void processes_live_opened(struct app *app, app_live live);
void processes_on_deadline(struct app *app);

// media.c: the participant's side
void media_join(struct app *app, app_live live, uint64_t request, const char *sdp);
// Media is there: the offers that wait for it.
void media_join_waiting(struct app *app);
// The connection's offer that waits, if any, is forgotten without an answer.
void media_forget_join(struct app *app, struct app_connection *connection);
void media_joins_on_deadline(struct app *app);
time_us media_joins_next_deadline(const struct app *app);
void media_leave(struct app *app, app_live live, uint64_t request);
void media_listen_set(struct app *app, app_live live, uint64_t request,
                      const struct command_listen_set *command);
void media_echo_set(struct app *app, app_live live, uint64_t request, bool on);
void media_live_opened(struct app *app, app_live live);
void media_live_closed(struct app *app, const struct app_meeting *meeting, const char *participant);
// The participant's peer ends at once (removed, signed out).
void media_end_participant(struct app *app, struct app_meeting *meeting, const char *participant);
// The peer that this session's page made ends.
void media_end_session(struct app *app, const char *session);
// Committed events may change what channels and slots carry.
void media_follow_events(struct app *app, struct app_meeting *meeting, const struct event *events,
                         uint32_t count);

// peers.c: the table of peers and the words sent about them
struct app_peer *peer_of(const struct app *app, const struct app_meeting *meeting,
                         const char *participant, handle *ret_handle);
struct app_peer *peer_by_id(const struct app *app, link_peer id, handle *ret_handle);
// Tells media what changed for this meeting's channels and booths.
void peer_follow_meeting(struct app *app, struct app_meeting *meeting);
// Sets app->message to an empty message of this type.
struct link_message *peer_message(struct app *app, enum link_message_type type);
bool peer_send(struct app *app);
bool peer_create(struct app *app, struct app_peer *peer, const char *sdp);
void peer_tell_slot(struct app *app, const struct app_peer *peer, enum slot_name slot,
                    enum channel_id channel);
// What the language slot carries: the echo, or the channel listened to.
void peer_tell_language_slot(struct app *app, const struct app_peer *peer);
void app_peer_close(struct app *app, handle peer_handle);
// Forget it without a word to media; answer a waiting media.join with the reason, or with what is
// wrong with the offer.
void peer_forget(struct app *app, handle peer_handle, enum refusal_reason reason);
void peer_refuse(struct app *app, handle peer_handle, enum err err, const char *detail);
void peer_tell_page(struct app *app, struct app_peer *peer);
// The slot's number for media: in the order of the names, but a shared screen comes before the
// chair. Where a line does not carry all pictures, media takes back those with the highest numbers
// first.
uint8_t peer_slot_number(enum slot_name slot);
// Which pictures the peer's line does not carry: to its page, when it does not know it.
void peer_tell_pictures(struct app *app, struct app_peer *peer, uint16_t slots_held, bool own_held);
link_channel peer_channel(const struct app_meeting *meeting, enum route route);
void peer_state_answered(struct app *app, struct app_peer *peer, handle peer_handle,
                         const struct link_message *message);

// A source id that nobody has.
link_source peer_take_source(struct app *app);
link_channel peer_channel_listened(const struct app_meeting *meeting, enum channel_id channel);
// The other way round; the floor for what is no channel of the meeting's.
enum channel_id peer_channel_heard(const struct app_meeting *meeting, link_channel channel);

// link_sync.c: (re)connection with the media process
void link_sync_begin(struct app *app);
void link_sync_peer_state(struct app *app, const struct link_message *message);
void link_sync_end(struct app *app);

#include "app/health.h"
#include "app/hearing.h"
#include "app/loading.h"
#include "app/storage.h"
