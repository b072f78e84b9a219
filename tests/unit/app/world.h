// The app over a real store in a folder of its own, with the demonstration meeting, between fake
// clients and a fake media process. What the app says to the outside is written down line by line,
// in its order; the fake media process knows its peers, channels and slots, so that a test asks who
// hears whom.
#pragma once

#include "../test.h"

#include "app/app.h"
#include "app/mailing.h"
#include "app/operating.h"
#include "store/mail_queue.h"

#define WORLD_LINES_MAX    1024
#define WORLD_LINE_SIZE    192
#define WORLD_PEERS_MAX    64
#define WORLD_CHANNELS_MAX 64

struct world_slot {
    link_channel channel;
    link_source source; // LINK_SLOT_SET_SOURCE; goes before the channel
    enum link_variant variant;
};

#define WORLD_DELAYS_MAX 64

// What a participant's microphone delivers: from the moment it is connected on, or awaited.
enum world_sound { WORLD_SOUND, WORLD_QUIET, WORLD_NOTHING };

struct world_peer {
    link_peer id; // 0: free
    char owner[LINK_OWNER_MAX + 1];
    uint8_t section_count;
    struct link_section sections[LINK_SECTIONS_MAX];
    struct world_slot slots[16];
    enum world_sound sound;
    bool awaited; // to be told at the next commit
    bool answered;
    bool restarting;                          // ICE
    char owner_restarted[LINK_OWNER_MAX + 1]; // the note when it is answered
};

struct world_channel {
    link_channel channel;
    link_source source;
    bool when_heard; // said last: it keeps what it carries until then
};

struct world {
    enum world_sound joins_with; // what comes of microphones of peers that join from now on
    char folder[64];
    struct store *store;
    struct app *app;
    time_us now;
    time_ms wall;                      // set it, and the wall clock jumps
    time_us given_at;                  // when world_floor_give() last gave the floor
    uint32_t meetings_max;             // of the next control process; 0: all that there are
    bool mails;                        // of the next control process: there is a mail server
    struct mail_row *mail;             // that was given to it and is not answered; owned
    struct app_sign_in_config sign_in; // of the next control process
    struct app_clock_place clocks[8];  // what the supervisor keeps
    uint32_t line_count;
    char lines[WORLD_LINES_MAX][WORLD_LINE_SIZE];
    uint32_t publishes; // how often something was, of one event or several
    // The last answer to a command.
    uint64_t request;
    uint64_t replied;
    struct app_reply reply;
    char reply_sdp[64];
    struct notice notice;                      // the last one
    struct notice_receivers_changed receivers; // of the last notice of that name
    // The last answer at a door.
    uint64_t door_request;
    enum err door_err;
    bool door_restarted;
    char door_session[CONTRACT_ID_MAX + 1];
    char door_etag[APP_DOOR_ETAG_MAX + 1];
    // The fake media process.
    bool media_up;
    bool sync_asked;
    enum err answer_err; // ERR_NONE: offers are answered
    struct world_peer peers[WORLD_PEERS_MAX];
    struct world_channel channels[WORLD_CHANNELS_MAX];
    uint32_t channel_count;
    struct {
        link_channel channel; // 0: free
        uint16_t delay_ms;
    } delays[WORLD_DELAYS_MAX];
    uint32_t delays_said;
};

// A new database with the demonstration meeting and an app over it; media is down.
int world_setup(void **state);
int world_teardown(void **state);

// The mail server answers the one that it was given.
void world_mail_answer(struct world *world, enum mail_outcome outcome, const char *words);

// Waits for the journal and lets the app tell what is committed.
void world_commit(struct world *world);
// Time passes, deadlines come, what follows is committed.
void world_advance(struct world *world, time_ms ms);
// SIGKILL and a new control process on the same database.
void world_restart_control(struct world *world);
// The last committed event of the meeting "demo", and a participant in its list; NULL: in none.
uint64_t world_seq(const struct world *world);
const struct participant *world_listed(const struct world *world, const char *id);

// The media process appears: synchronises with the peers it has.
void world_media_connect(struct world *world);
void world_media_disconnect(struct world *world);
// It dies with all its peers.
void world_media_kill(struct world *world);
// It answers the offers that wait, and DTLS is done at once.
void world_media_answer(struct world *world);
void world_media_phase(struct world *world, const char *participant, enum link_peer_phase phase);
// The participant's microphone delivers packets, or has ceased to for a second.
void world_media_source(struct world *world, const char *participant, bool active);
// The same, told apart, and of the microphone that is awaited next.
void world_media_sound(struct world *world, const char *participant, enum world_sound sound);
// The same, and nothing comes of it yet.
void world_media_says(struct world *world, const char *participant, enum world_sound sound);
struct world_peer *world_peer(struct world *world, const char *participant);

// A link for a participant of the meeting, valid for `lifetime_ms`.
void world_token(struct world *world, const char *participant, time_ms lifetime_ms,
                 char ret_token[APP_TOKEN_MAX + 1]);
struct session world_sign_in(struct world *world, const char *participant);
// By this link, alone in its turn of the loop.
enum err world_sign_in_by(struct world *world, const char *link, time_ms wall,
                          struct session *ret_session);
struct app_identity world_identity(struct world *world, const char *participant);
// Signs in and connects; presence is committed.
app_live world_connect(struct world *world, const char *participant);
// The page of this identity comes back, or (not `resumes`) another one comes.
app_live world_connect_as(struct world *world, const struct app_identity *identity, bool resumes);
// Connects, enters the room, joins the media (when media is up).
app_live world_enter(struct world *world, const char *participant);

// The contents of a document, as they are once uploaded; and the command that makes one of them.
void world_put_contents(struct world *world, const char *id, const char *participant,
                        const char *text);
struct command world_document_add(const char *id, const char *replaces);
// Gives a command; nothing is committed yet.
void world_give(struct world *world, app_live live, const struct command *command);
// Gives it and commits; what came of it.
enum err world_command(struct world *world, app_live live, const struct command *command);
enum err world_simple(struct world *world, app_live live, enum command_type type);
// As another process that has the database open.
void world_run_beside(struct world *world, const char *sql);
enum err world_floor_give(struct world *world, app_live live, const char *participant);
enum err world_desk(struct world *world, app_live live, enum microphone state);
enum err world_listen(struct world *world, app_live live, enum slot_name slot,
                      enum channel_id channel);
enum err world_join(struct world *world, app_live live);

// A source of a peer begins or ceases to deliver; `section` counts the peer's.
void world_media_delivers(struct world *world, const struct world_peer *peer, int section,
                          bool active);
// The same, told apart.
void world_media_delivers_sound(struct world *world, const struct world_peer *peer, int section,
                                enum world_sound sound);
// The peer whose owner's note begins with `start`; NULL for none.
struct world_peer *world_peer_starting(struct world *world, const char *start);
// What a slot of the peer carries by its channel; 0 for nothing.
link_source world_slot_source(struct world *world, const struct world_peer *peer, int slot);
// What media was told of a channel.
const struct world_channel *world_channel(const struct world *world, link_channel channel);
// Whether media was told to wait for the source of what the slot carries to be heard.
bool world_waits_for_source(struct world *world, const char *participant, enum slot_name slot);
// Who is heard or seen in a slot: "delegate-fra microphone", "" for nobody.
const char *world_hears(struct world *world, const char *participant, enum slot_name slot);

// The first line from `from` on that begins with `start`; line_count when there is none.
uint32_t world_find(const struct world *world, uint32_t from, const char *start);
uint32_t world_count(const struct world *world, uint32_t from, const char *start);
