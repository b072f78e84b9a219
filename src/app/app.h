// The use cases: who is it, may they, what happens, who must be told. One object per control
// process; every function belongs to the control thread. The app parses no bytes and sees no
// socket: api/ decodes before and encodes after.
//
//   api ──app_command──► permission ──► meeting_decide ──► events ──► meeting_apply ──► store
//   (group commit)
//                                                                                         │
//                                                                                         app_committed
//   clients ◄──ports.publish / ports.reply───────────── outbox ◄──────────────────────────┤
//   media   ◄──ports.link_send (difference between wished and told)◄──────────────────────┘
//
// Nothing is told to anyone before the store has acknowledged it. What the store cannot write is
// undone and refused in words; it goes on by itself when the store does.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/seats.h"
#include "app/sign_in.h"
#include "base/err.h"
#include "base/pool.h"
#include "base/time.h"
#include "contract/refusal.h"
#include "contract/types.h"
#include "contract/visibility.h"
#include "link/link.h"
#include "store/store.h"

struct app;

// One live connection of one participant. Given by app_live_open.
typedef handle app_live;

struct app_reply {
    enum err err; // ERR_NONE: carried out
    struct refusal refusal;
    const char *detail; // media.join only: what is wrong with the offer; valid during the call
    uint64_t seq;       // the meeting's last committed event
    const char *sdp;    // media.join only: the answer, valid during the call
};

// The two standard doors: WHIP (RFC 9725) lets an encoder publish a feed, WHEP lets a player hear a
// channel. Each session there is one peer of the media process, without a live connection.
enum app_door_kind { APP_DOOR_PUBLISH, APP_DOOR_LISTEN, APP_DOOR_KIND_COUNT };

// What came of app_door_open() or app_door_restart(). Texts are valid during the call.
struct app_door_answer {
    enum err err;
    bool restarted; // `sdp` is the fragment that answers an ICE restart
    struct refusal refusal;
    const char *detail; // what media finds wrong with the offer; NULL for none
    enum app_door_kind kind;
    const char *meeting;
    const char *name;
    const char *session; // names the session from now on
    const char *etag;    // of its ICE session, with the quotes
    const char *sdp;
    size_t sdp_size;
};

// What the app needs from the outside. All calls come from the control thread, from within app_*
// functions.
struct app_ports {
    void *context;
    // Committed events of one meeting, in order, each exactly once.
    void (*publish)(void *context, const char *meeting, const struct event *events, uint32_t count);
    // The answer to app_command; comes after the publish of the command's own events.
    void (*reply)(void *context, app_live live, uint64_t request, const struct app_reply *reply);
    void (*notice)(void *context, app_live live, const struct notice *notice);
    // The live connection must close (signed out, removed, replaced, expired). The handle is
    // already invalid for commands.
    void (*live_end)(void *context, app_live live, const char *reason);
    // The answer to app_door_open, exactly once, never from within it.
    void (*door_answer)(void *context, uint64_t request, const struct app_door_answer *answer);
    // False when the media process is not connected; the app sends its whole wish again after
    // app_link_connected().
    bool (*link_send)(void *link_context, const struct link_message *message);
    void *link_context;
    // An item or a sitting has ended: the head of the meeting's journal is to be signed. `why` is
    // static. May be NULL.
    void (*head_due)(void *link_context, const char *meeting, const char *why);
};

// How far a meeting's time is from the monotonic clock. It outlives the process, so that the time
// of a meeting goes on when the control process is started again.
struct app_clock_place {
    char meeting[CONTRACT_ID_MAX + 1]; // empty: free
    int64_t offset_us;
};

struct app_config {
    int64_t session_lifetime_ms;
    int64_t close_silent_ms; // a floor microphone is closed when not heard for so long; 0: never
    struct app_clock_place *clocks; // borrowed; clocks_count of them, one for each meeting
    uint32_t clocks_count;          // 0: none are kept
    uint32_t meetings_max;          // in memory at once
    uint32_t lives_max;
    uint32_t doors_max; // sessions of WHIP and WHEP together
    struct app_sign_in_config sign_in;
};

// Loads the meetings where something happened last, as many as config->meetings_max: replays their
// journals and verifies the chains. Any other is loaded when somebody comes to it. Whoever belongs
// to one whose journal cannot be read meets ERR_SET_ASIDE. `store` is borrowed and must outlive the
// app.
enum err CHECKED app_create(const struct app_config *config, const struct app_ports *ports,
                            struct store *store, time_us now, time_ms wall, struct app **ret_app);
void app_destroy(struct app *app);

// ---- People
// ------------------------------------------------------------------------------------------------------

// Of an account or a door's token that is no participant: one that can do nothing.
#define APP_CAPACITY_OF_NOBODY CAPACITY_LISTENER

// What a bearer token turned out to be. Copied out, no ownership.
struct app_identity {
    char session[CONTRACT_ID_MAX +
                 1]; // the session's public id; empty for a bare link token used as bearer
    char meeting[CONTRACT_ID_MAX + 1]; // empty for an account session without a meeting
    char participant[CONTRACT_ID_MAX + 1];
    char account[64];
    bool administrator; // may call operator routes
    bool secretariat;   // may prepare meetings: bodies, people, agenda
    // Who it is at the doors: the participant, or a name for a token of the door's own, which is
    // nobody elsewhere.
    char who[CONTRACT_ID_MAX + 1];
    bool bound;                         // a token of one door's own
    enum app_door_kind door;            // when bound
    char name[CONTRACT_ID_MAX + 1];     // when bound: the feed or the channel
    char called[PARTICIPANT_NAME_SIZE]; // a session's: its bearer's name when it began
    enum capacity capacity;             // APP_CAPACITY_OF_NOBODY for who is nobody of a meeting
    time_ms expires_at;
    bool expired; // may end what is theirs at the doors, and nothing else
};

// Resolves a bearer token (session token, or a link token directly). A session is a person, who may
// sit in several meetings: the identity is the one of the seat that they signed in for, or of
// another when that is gone. With ERR_EXPIRED it is said whose it was; with any other error nothing
// is.
enum err CHECKED app_identify(struct app *app, const char *bearer, time_ms wall,
                              struct app_identity *ret_identity);
// The same in their seat in `meeting`. Who has none there is who they are elsewhere.
enum err CHECKED app_identify_in(struct app *app, const char *bearer, const char *meeting,
                                 time_ms wall, struct app_identity *ret_identity);
enum err CHECKED app_sign_out(struct app *app, const struct app_identity *identity);
// One's own sessions; `session.token` is empty, `session.account` may be, and the id stands in
// ret_ids.
enum err CHECKED app_sessions(struct app *app, const struct app_identity *identity, time_ms wall,
                              struct session *ret_sessions, char (*ret_ids)[CONTRACT_ID_MAX + 1],
                              uint32_t sessions_max, uint32_t *ret_count);
// All of one's own sessions, and the personal links to this participant: they sign nobody in any
// more.
enum err CHECKED app_sign_out_everywhere(struct app *app, const struct app_identity *identity);
enum err CHECKED app_session_revoke(struct app *app, const struct app_identity *identity,
                                    const char *session);

// ---- Meetings
// ----------------------------------------------------------------------------------------------------

// The state that has been told (committed), or NULL. Valid until the next call into the app.
const struct meeting *app_meeting(const struct app *app, const char *meeting, uint64_t *ret_seq);
// For each section of that state the number of the last event that changed it; as long valid. The
// meeting is one that app_meeting() gives.
const uint64_t *app_meeting_touched(const struct app *app, const char *meeting);
// Committed events after `after`, at most `max`, oldest first; ERR_NOT_FOUND when the journal does
// not reach back so far.
enum err CHECKED app_events(struct app *app, const char *meeting, uint64_t after,
                            struct event *ret_events, uint32_t max, uint32_t *ret_count);

// What is asked of one section's past, and the answer.
#define APP_PAST_ROWS 2048 // of the journal are passed over for one answer
#define APP_PAST_READ 256  // of these are read, because the viewer may be told such events
struct app_past {
    enum meeting_section section;
    const struct viewer *viewer; // borrowed
    uint64_t before;             // the number of an event; 0: from the end
    struct event *events;        // room for `max`
    uint32_t max;
    // The newest committed events of the section before that one that the viewer is told, oldest
    // first: `count` of them, the last ones of `events`.
    uint32_t count;
    uint64_t next; // before which to ask for older ones; 0: there are none
};
enum err CHECKED app_past_read(struct app *app, const char *meeting, struct app_past *past);

// Who may have the meeting's report (app/reports.h): whom the permission matrix names; of the
// interpreters, who leads the team. ERR_FORBIDDEN also for meetings that are not the bearer's.
// Control thread.
enum err CHECKED app_report_permit(const struct app *app, const struct app_identity *identity,
                                   const char *meeting);

// ---- Live
// --------------------------------------------------------------------------------------------------------

// `resumes`: the page that the participant had goes on. Any other is a new page, and whoever is an
// interpreter on the air is not on the air at it (meeting_page_left). A meeting that has left
// memory since they were identified is read again; ERR_FORBIDDEN: removed from it, or there is
// none.
enum err CHECKED app_live_open(struct app *app, const struct app_identity *identity, bool resumes,
                               time_us now, time_ms wall, app_live *ret_live);
// The connection's round trip, as it was measured.
void app_live_round_trip(struct app *app, app_live live, time_us round_trip);
// `left`: the page is gone, and not only its connection.
void app_live_close(struct app *app, app_live live, bool left, time_us now, time_ms wall);
// The person leaves the meeting, and stays where else they sit: their peer ends too. Nobody is told
// by ports.live_end.
void app_live_leave(struct app *app, app_live live, time_us now, time_ms wall);
// NULL for a stale handle. The participant may change with every event: copy what you keep.
const struct participant *app_live_participant(const struct app *app, app_live live,
                                               const char **ret_meeting);
// One of the audience, who is in no list (but while a call for help of theirs is open), as they are
// then; NULL for participants and for a stale handle.
const struct participant *app_live_audience(const struct app *app, app_live live);
void app_media_plan(enum capacity capacity, struct media_plan *ret_plan);
// Always answers exactly once through ports.reply, at once or later, as long as the live connection
// stands.
void app_command(struct app *app, app_live live, uint64_t request, const struct command *command,
                 time_us now, time_ms wall);

// ---- Doors
// -------------------------------------------------------------------------------------------------------

struct app_door_place {
    enum app_door_kind kind;
    const char *meeting;
    const char *name;    // of the feed; of the channel
    const char *session; // NULL: the door itself
    const char *variant; // listening: the form of the sound that is wished, a name of
                         // link_variant_from_text(); NULL: as the operator set it
};

// Whether this bearer may publish this feed or hear this channel. ERR_FORBIDDEN also for meetings
// that are not the bearer's, ERR_NOT_FOUND for what no feed or channel can be called.
enum err CHECKED app_door_permit(const struct app *app, const struct app_identity *identity,
                                 const struct app_door_place *place);
// Gives the offer to the media process; the answer comes through ports.door_answer with the same
// `request`. Refused at once, with a reason, when another publishes that feed, or media is away, or
// too many wait for an answer already.
enum err CHECKED app_door_open(struct app *app, const struct app_identity *identity,
                               const struct app_door_place *place, const char *sdp, size_t sdp_size,
                               uint64_t request, time_us now, struct refusal *ret_refusal);
#define APP_DOOR_ETAG_MAX 31
// The session's own bearer, a moderator or a technician may ask. ERR_NOT_FOUND, ERR_FORBIDDEN.
enum err CHECKED app_door_etag(const struct app *app, const struct app_identity *identity,
                               const struct app_door_place *place,
                               char ret_etag[APP_DOOR_ETAG_MAX + 1]);
// Gives the fragment with the client's new ICE credentials to the media process; the answer comes
// as app_door_open()'s. Who may is as for app_door_etag(); ERR_CONFLICT while one is under way.
enum err CHECKED app_door_restart(struct app *app, const struct app_identity *identity,
                                  const struct app_door_place *place, const char *fragment,
                                  size_t size, uint64_t request, time_us now,
                                  struct refusal *ret_refusal);
enum err CHECKED app_door_close(struct app *app, const struct app_identity *identity,
                                const struct app_door_place *place, time_us now);

// ---- Driving
// -----------------------------------------------------------------------------------------------------

// Whether it is known which peers the media process has, so that whoever joins is heard at once.
bool app_media_joined(const struct app *app);
// As last told to those who run the meetings.
enum store_state app_store_state(const struct app *app, uint64_t *ret_free_bytes);
// Time passes: called before everything else of a turn, so that what follows sees the time that it
// is. `now` and `wall` are one reading of both clocks, here and wherever both are given.
void app_tick(struct app *app, time_us now, time_ms wall);
// The time of a meeting, in which its events and its deadlines are (base/clock.h); the wall clock's
// for a stranger.
time_ms app_time(const struct app *app, const char *meeting);
// The store acknowledged batches: called when store_event_fd() is readable.
void app_committed(struct app *app, time_us now, time_ms wall);
void app_link_connected(struct app *app, time_us now); // the media process is there (again)
void app_link_disconnected(struct app *app,
                           time_us now); // it died: pages are told media.lost when it is back
// Its loops do not turn, or nobody is there to turn them; or they do again. Everybody is told.
void app_media_silent(struct app *app, bool silent, time_us now, time_ms wall);
// Its loops have not turned since then, which is too short to tell anybody: meanwhile nobody is
// called silent. 0: they turn again.
void app_media_still(struct app *app, time_us since, time_us now, time_ms wall);
// Which processes were replaced so far, newest first: moderators and technicians are told.
void app_processes_replaced(struct app *app, const struct notice_processes_changed *replaced);
void app_link_receive(struct app *app, const struct link_message *message, time_us now,
                      time_ms wall);
time_us app_next_deadline(const struct app *app);
void app_on_deadline(struct app *app, time_us now, time_ms wall);
// Stops accepting commands, tells clients server.stopping and flushes the store.
void app_stop(struct app *app, time_us now, time_ms wall);

// ---- Figures

// For /metrics: a table of name, help, value; valid until the next call.
struct app_figure {
    const char *name;
    const char *help;
    bool is_counter;
    uint64_t value;
};
const struct app_figure *app_figures(struct app *app, uint32_t *ret_count);
