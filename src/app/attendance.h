// Inside src/app only, as part of app_priv.h: who is there. One attendance for each person and
// meeting (and for each token of a door's own) holds their connection, their peer and their
// sessions at the doors, and is found by its meeting and their id in one step. What is done for
// one person walks over nobody else; what is done for a meeting walks over its own lists. The
// pools are walked over by nobody: they are as large as the server is configured for. Control
// thread only.
#pragma once

#include "app/app.h"
#include "base/list.h"

struct app_door;
struct app_meeting;
struct app_peer;

#define ATTENDANCE_PLACES 2048 // of each meeting; a power of two

// One source that is heard alone, whatever carries it; at most one of the two, both empty: none.
struct listen_alone {
    char participant[CONTRACT_ID_MAX + 1];
    char feed[CONTRACT_ID_MAX + 1];
};

// Begins with the first of what it holds and ends with the last.
struct app_attendance {
    struct list_link link; // of those with the same place in the meeting's table
    struct app_meeting *meeting;
    char participant[CONTRACT_ID_MAX + 1]; // or the name of a door's own token
    // As they are while in no list, owned; NULL for participants (audience.h).
    struct participant *audience;
    struct app_connection *connection; // NULL: no page
    struct app_peer *peer;             // NULL: no media
    enum channel_id listen;            // what listen.set chose
    struct listen_alone alone;         // what listen.source did
    struct list doors;                 // struct app_door
    uint32_t door_count;
    bool by_account; // some of this was opened by an account, or may have been
};

struct app_connection {
    app_live live;
    struct list_link link;         // of all
    struct list_link in_meeting;   // of its meeting's
    struct list_link newcomer;     // of those who are to be told something after hello
    struct list_link waiting_join; // of those whose offer waits
    struct list_link of_session;   // of those with the same place in the table of sessions
    struct app_attendance *attendance;
    struct app_meeting *meeting;
    const char *participant; // the attendance's
    enum capacity capacity;
    char session[CONTRACT_ID_MAX + 1]; // empty for a bare link token
    time_ms expires_at;                // the date of the access, see stays.h
    time_us due;                       // when that comes
    time_us told_at;                   // of it; 0: not yet
    time_ms kept_until;                // what the store says of the session; 0: nothing
    time_ms round_trip_ms;             // as last measured; 0: not yet
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

// What a peer or a publisher sends in one of its tracks.
struct app_sender {
    struct list_link link; // of those with the same place in the table of sources
    link_source source;    // 0: not sent
    struct app_peer *peer; // one of the two
    struct app_door *door;
};

// A participant's PeerConnection, as the media process holds it.
struct app_peer {
    handle handle;
    link_peer id;
    struct list_link link;       // of all
    struct list_link in_meeting; // of its meeting's
    struct list_link at_desk;    // of its meeting's interpreters' and technicians'
    struct list_link by_id;      // of those with the same place in the table of ids
    struct list_link has_due;    // of those for whom something is due
    struct app_attendance *attendance;
    struct app_meeting *meeting;
    const char *participant;           // the attendance's
    char session[CONTRACT_ID_MAX + 1]; // whose page made it; empty: unknown (adopted) or none
    enum capacity capacity;
    struct app_sender senders[TRACK_NAME_COUNT];
    enum channel_id relay; // what the relay slot was told: the desk's own choice, by the meeting
    bool relay_known;
    time_ms silent_since; // the microphone delivers no packets; 0: it does
    time_ms quiet_since;  // no sound in them; 0: there is
    time_ms awaited_at;   // both are of packets since then
    bool coughs;          // the desk's microphone is open and held
    time_ms open_at;      // it was to be heard since then: its press, or the end of a cough
    bool echo;            // the language slot carries the own microphone
    bool adopted;         // found by LINK_SYNC: what its slots carry was learned, not told
    bool echo_unknown;    // adopted at the entrance: an echo test may be under way
    bool slot_unknown;    // adopted, and its language slot carries no channel: nothing, or a source
                          // alone
    bool seen;            // during LINK_SYNC: media has it
    bool connected_told;
    link_source boothmate_told;
    link_source talkback_told;
    link_source partner_told;
    link_source alone_told; // of listen.source
    enum link_peer_phase phase;
    time_ms connected_at; // what it sends is due since then; 0: it is not connected
    time_us orphan_due;   // TIME_US_NEVER while a live connection stands
    app_live answer_live; // HANDLE_NONE: no media.join waits for an answer
    uint64_t answer_request;
    time_us answer_due;  // 0: media has answered
    bool pictures_stale; // the page may not know the next two
    uint16_t slots_held; // as media numbers them
    bool own_held;
    struct connection_health health;
    bool health_known;
    bool health_dirty;
    uint64_t packets_in; // as last reported
    time_us packets_at;  // then; 0: never
};

// The pools and tables. ERR_FULL.
enum err CHECKED attendance_init(struct app *app);
void attendance_finish(struct app *app);
// NULL: nobody of that id is there.
struct app_attendance *attendance_of(const struct app_meeting *meeting, const char *participant);

// Zeroed but for what it is found by. NULL when there is no room. There is none yet of this one.
struct app_connection *connection_take(struct app *app, struct app_meeting *meeting,
                                       const struct participant *participant);
void connection_give(struct app *app, struct app_connection *connection);
// Whose it is; "" for a bare link token.
void connection_sign(struct app *app, struct app_connection *connection, const char *session);
// The next connection of this session behind `before`, or the first (NULL): a person has one for
// each meeting that they are in.
struct app_connection *connection_of_session(const struct app *app, const char *session,
                                             const struct app_connection *before);
// One of the flags tell_* was set, or was told.
void connection_tell_later(struct app *app, struct app_connection *connection);
void connection_told(struct app_connection *connection);

// As connection_take(). `id` is given when it is adopted, 0: the next one is taken.
struct app_peer *peer_take(struct app *app, struct app_meeting *meeting,
                           const struct participant *participant, link_peer id);
void peer_give(struct app *app, struct app_peer *peer);
// answer_due or orphan_due was set.
void peer_due_changed(struct app *app, struct app_peer *peer);

// False when there is no memory for it.
bool door_attend(struct app *app, struct app_door *door, const char *who);
void door_leave(struct app_door *door);

struct app_connection *live_of(const struct app_meeting *meeting, const char *participant);
struct app_peer *peer_of(const struct app_meeting *meeting, const char *participant);
struct app_peer *peer_by_id(const struct app *app, link_peer id);
// Sends app->notice to everyone of the meeting who has any of these abilities.
void live_notice_all(struct app *app, const struct app_meeting *meeting, unsigned int abilities);

// ---- sources.c: by their ids
// A source id that nobody has.
link_source source_take(struct app *app);
// What the sender's owner sends from now on is this source.
void sender_begin(struct app *app, struct app_sender *sender, link_source source);
void sender_end(struct app_sender *sender);
// NULL: nobody's.
struct app_sender *sender_of(const struct app *app, link_source source);
// The peer whose microphone this is; NULL for anything else.
struct app_peer *peer_of_microphone(const struct app *app, link_source source);
