// Inside src/app only: what the one object of the control process is made of.
#pragma once

#include "app/answer.h"
#include "app/app.h"
#include "app/attendance.h"
#include "app/audience.h"
#include "app/core.h"
#include "app/mailing_priv.h"
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
#define APP_WISHES_MAX     256

struct app_meeting {
    char id[CONTRACT_ID_MAX + 1];
    time_us used_at;                 // when somebody came last
    time_us asked_at;                // when it was asked for last, be it for a look
    struct meeting_state decided;    // with events that are not committed yet: rules look here
    struct meeting_state told;       // committed: clients and media look here
    struct app_meanwhile *meanwhile; // owned; of `decided`, what could not be written; NULL
    struct meeting_presence presence;
    struct clock clock;            // what its times are: journal, deadlines, presence
    struct app_clock_place *place; // borrowed; NULL: not kept
    link_channel channel_base;     // + route + 1 is the link channel of a route
    link_source routes_told[ROUTE_COUNT];
    link_source routes_before[ROUTE_COUNT]; // may still be carried until the one told is heard; 0
    bool routes_opening[ROUTE_COUNT];       // and is: the one told only opens
    uint16_t delays_told[ROUTE_COUNT];
    bool health_dirty;
    time_us health_due;
    bool listeners_dirty;
    time_us listeners_due;
    int64_t listeners_told[CHANNEL_ID_COUNT];
    uint32_t audience_count; // pages of theirs
    uint32_t audience_told;
    struct list attendances[ATTENDANCE_PLACES]; // by the hash of who it is
    struct list connections;
    struct list peers;
    struct list desk_peers;
    struct list doors;
    uint32_t publisher_count;
    struct app_door *publishers[APP_PUBLISHERS_MAX];
    uint32_t receiver_count;
    int64_t receivers_connected[CHANNEL_ID_COUNT];
    bool receivers_dirty;
    time_us receivers_due;
    struct notice_levels_changed levels; // since the last
    time_us levels_due;
    uint32_t quality_count; // of the minute under way
    struct quality_row quality[APP_QUALITY_MAX];
    bool feeds_dirty; // the journal does not say yet what the feeds do
    bool people_near; // their maxima, and the log says so
    bool papers_near;
    bool papers_large;
    bool times_near;
    bool hours_near;
};

enum app_link_phase { APP_LINK_DOWN, APP_LINK_SYNCING, APP_LINK_READY };

struct app_link {
    enum app_link_phase phase;
    bool was_down;           // pages without a peer are told media.lost once it is ready
    time_us gone_at;         // since when it has not been ready, or since the start
    time_us settled_at;      // nobody counts as unheard or lost for want of packets before
    time_us still_since;     // media gives no sign, so that nobody is judged; 0: it turns
    time_us still_until;     // TIME_US_NEVER: until it turns again
    link_peer next_peer;     // unlike all peers of earlier control processes: begins with the time
    link_source next_source; //
    uint64_t messages_refused;
};

struct app_media_counter {
    char name[LINK_COUNTER_NAME_MAX + 1 + 14]; // with "plenary_media_"
    uint64_t value;
};

struct document_hold; // documents.c
struct visits;

#define APP_FIGURES_MAX (LINK_COUNTERS_MAX + 64)

struct app {
    struct app_config config;
    struct app_ports ports;
    struct store *store;                 // borrowed
    const struct app_part *const *parts; // the roof's table, up to NULL
    struct app_meeting **meetings;
    uint32_t meeting_count;
    char (*set_aside)[CONTRACT_ID_MAX + 1]; // owned; meetings whose journals cannot be read
    uint32_t set_aside_count;
    struct pool connections; // struct app_connection, named by app_live
    struct pool peers;       // struct app_peer
    struct pool doors;       // struct app_door
    struct list all_connections;
    struct list all_peers;
    struct list all_doors;
    struct list newcomers;       // connections
    struct list waiting_joins;   // connections
    struct list due_peers;       // peers
    struct list expecting_doors; // doors whose clients wait for media
    struct list *peer_places;    // owned; peers by their id
    struct list *source_places;  // owned; senders by their source
    struct list *session_places; // owned; connections by their session
    uint32_t place_mask;         // of these three
    struct list *door_places;    // owned; doors by the id of their peer
    uint32_t door_mask;
    uint32_t doors_waiting;
    struct outbox outbox;
    bool telling; // a committed batch: nothing is decided meanwhile, but wished for
    uint32_t wish_count;
    struct app_wish wishes[APP_WISHES_MAX];
    uint32_t joins_waiting;
    bool store_closed; // nothing is written, until journal_reopen()
    uint32_t closings; // how often that was
    enum store_state store_told;
    struct document_hold *holds; // owned list: what waits until contents are destroyed
    struct throttle throttle;
    struct visits *visits; // owned
    struct security_log security;
    struct mailing mailing;
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
    time_us wake_at;        // the earliest deadline; may be early, never late
    time_us expire_due;     // of expired links and sessions
    time_us access_due;     // when it is looked at what others have changed of accounts
    int64_t people_version; // of accounts and their places, as they were last looked at
    time_us stays_due;      // when the dates of those who are in are looked at next
    uint32_t clock_steps;   // how often a date or a meeting's time has moved at once
    uint32_t stays_steps;   // of these, what the dates were last looked at with
    bool connections_near;  // their maxima, and the log says so
    bool peers_near;
    bool stopping;
    uint64_t commands_by_result[ERR_COUNT];
    uint32_t media_counter_count;
    struct app_media_counter media_counters[LINK_COUNTERS_MAX];
    struct app_figure figures[APP_FIGURES_MAX];
};

// sign_in_password.c: the key by which devices are known again (app/device.h), made once and kept
// in the store.
enum err CHECKED device_key_load(struct app *app);

// live.c
// session.ended, then the port's live_end. Unless another connection replaces this one, the
// participant becomes lost.
void live_end(struct app *app, app_live live, const char *reason, bool replaced);

// media.c: the participant's side
void media_join(struct app *app, app_live live, uint64_t request, const char *sdp);
void media_leave(struct app *app, app_live live, uint64_t request);
void media_listen_set(struct app *app, app_live live, uint64_t request,
                      const struct command_listen_set *command);
void media_listen_source(struct app *app, app_live live, uint64_t request,
                         const struct command_listen_source *command);
void media_echo_set(struct app *app, app_live live, uint64_t request, bool on);
// At the end: the offers that wait are freed.
void media_forget_all_joins(struct app *app);

// peers.c: the table of peers and the words sent about them
bool peer_create(struct app *app, struct app_peer *peer, const char *sdp);
void peer_tell_slot(struct app *app, const struct app_peer *peer, enum slot_name slot,
                    enum channel_id channel);
void peer_slot_set_source(struct app *app, const struct app_peer *peer, enum slot_name slot,
                          link_source source);
// Whether what listen.source chose is in the language slot, and no echo test.
bool peer_hears_alone(const struct app_peer *peer);
// What the language slot carries: the echo, the source heard alone, or the channel listened to.
void peer_tell_language_slot(struct app *app, struct app_peer *peer);
void app_peer_close(struct app *app, struct app_peer *peer);
// Forget it without a word to media; answer a waiting media.join with the reason, or with what is
// wrong with the offer.
void peer_forget(struct app *app, struct app_peer *peer, enum refusal_reason reason);
void peer_refuse(struct app *app, struct app_peer *peer, enum err err, const char *detail);
void peer_tell_page(struct app *app, struct app_peer *peer);
// The slot's number for media: in the order of the names, but a shared screen comes before the
// chair. Where a line does not carry all pictures, media takes back those with the highest numbers
// first.
uint8_t peer_slot_number(enum slot_name slot);
// Which pictures the peer's line does not carry: to its page, when it does not know it.
void peer_tell_pictures(struct app *app, struct app_peer *peer, uint16_t slots_held, bool own_held);

// routes.c
// Tells media what changed for this meeting's channels and booths.
void peer_follow_meeting(struct app *app, struct app_meeting *meeting);

// link_sync.c: (re)connection with the media process
void link_sync_peer_state(struct app *app, const struct link_message *message);
void link_sync_end(struct app *app);

#include "app/health.h"
#include "app/hearing.h"
#include "app/loading.h"
#include "app/meanwhile.h"
#include "app/storage.h"
