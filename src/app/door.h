// Inside src/app only: sessions at the two standard doors, WHIP and WHEP. Each is a peer of the
// media process without a live connection. Control thread alone.
#pragma once

#include "app/app_priv.h"

// A session at one of the two doors, as the media process holds it.
struct app_door {
    handle handle;
    link_peer id;
    struct list_link link;       // of all
    struct list_link in_meeting; // of its meeting's
    struct list_link of_person;  // of its attendance's
    struct list_link by_id;      // of those with the same place in the table of ids
    struct list_link expecting;  // of those whose clients wait
    struct app_attendance *attendance;
    struct app_meeting *meeting;
    enum app_door_kind kind;
    char name[CONTRACT_ID_MAX + 1];    // in its address: the feed, or the channel at first
    char session[CONTRACT_ID_MAX + 1]; //
    const char *who;                   // the attendance's
    char by[CONTRACT_ID_MAX + 1];      // whose session's end ends this one; empty: a link opened it
    time_ms since;
    struct app_sender senders[TRACK_NAME_COUNT]; // publishing: microphone, camera
    bool delivers[TRACK_NAME_COUNT];
    bool sounded;              // publishing: its sound has come once
    time_ms silent_since;      // publishing: no packet of its sound since then, or 0
    time_ms quiet_since;       // publishing: no sound in it since then, or 0
    bool begun;                // publishing: the journal has its feed
    enum channel_id channel;   // listening: what it hears now
    enum link_variant variant; // listening: the form it wishes; media alone keeps it from then on
    enum link_peer_phase phase;
    bool seen;          // during LINK_SYNC: media has it
    bool waits;         // for media's answer to the offer
    bool restarting;    // waits for media's answer to an ICE restart
    uint32_t restarts;  // of ICE
    uint32_t too_late;  // answers to restarts that nobody waits for any more, still to come
    uint64_t request;   // when it waits for either
    time_us answer_due; // when it waits for either
};

// A listener's slots. Whoever takes pictures too sees who has the floor.
enum { SOUND_SLOT = 0, PICTURE_SLOT = 1 };

// doors.c: the table of sessions at the doors
extern const char *const door_kind_names[APP_DOOR_KIND_COUNT]; // in an owner's note
enum err CHECKED doors_init(struct app *app);
void doors_finish(struct app *app);
struct app_door *door_by_id(const struct app *app, link_peer id);
#define DOOR_ID_DIGITS 16
// A session's name and a receiver's begin with these digits of the id.
bool door_id_read(const char *text, link_peer *ret_id);
// NULL when there is no room.
struct app_door *door_take(struct app *app, struct app_meeting *meeting, enum app_door_kind kind,
                           link_peer id, const char *who);
// Nothing is known of its sound.
void door_begins_unheard(const struct app *app, struct app_door *door);
// The client waits for an answer from now on: `request` and until when are noted.
void door_expect(struct app *app, struct app_door *door, uint64_t request);
// Names its ICE session, with the quotes.
void door_etag(const struct app_door *door, char ret_etag[APP_DOOR_ETAG_MAX + 1]);
// Forgets it without a word to media; its feed ends at the next door_follow(). An ICE restart under
// way is refused.
void door_forget(struct app *app, struct app_door *door);
void door_close(struct app *app, struct app_door *door);
// The delivering track of the meeting's feed, 0 for none.
link_source door_source(const struct app_meeting *meeting, const char *feed, enum track_name track);
// Who publishes the feed; NULL: nobody.
struct app_door *door_publishing(const struct app_meeting *meeting, const char *feed);
// The client that waits gets its answer; what names the session is filled in.
void door_reply(struct app *app, struct app_door *door, struct app_door_answer *answer);
// Tells a client that waits for an ICE restart why not: its session goes on.
void door_restart_refuse(struct app *app, struct app_door *door, enum err err,
                         enum refusal_reason reason);

// The feed whose publisher delivers this sound; NULL: none does.
const char *door_delivering(const struct app_meeting *meeting, link_source source);

// door_feeds.c: what the journal must say of feeds
// Makes the journal agree with who publishes; idempotent.
void door_follow(struct app *app, struct app_meeting *meeting);
// The same after what is being told.
void door_follow_later(struct app *app, struct app_meeting *meeting);

// door_media.c: what media says about them
bool door_create(struct app *app, struct app_door *door, const char *sdp, size_t size);
bool door_restart(struct app *app, const struct app_door *door, const char *fragment, size_t size);
// Each true when the message was about a door.
bool door_answered(struct app *app, const struct link_message *message);
bool door_state(struct app *app, const struct link_message *message);
void door_source_state(struct app *app, const struct link_message *message);
void door_set_phase(struct app *app, struct app_door *door, enum link_peer_phase phase);

// door_sync.c: during LINK_SYNC; true when the message was about a door
bool door_sync_state(struct app *app, const struct link_message *message);

// receivers.c: listeners from outside, as moderators and technicians see them
void receiver_switch(struct app *app, app_live live, uint64_t request,
                     const struct command_receiver_switch *command);
void receiver_end(struct app *app, app_live live, uint64_t request,
                  const struct command_receiver_end *command);
void receiver_tell_slot(struct app *app, const struct app_door *door);
void receiver_tell_variant(struct app *app, const struct app_door *door);
