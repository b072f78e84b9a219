// Inside src/app only: a part of the app, as the roof (app.c) and whoever brings news see it. The
// table of parts is the roof's alone; who has news for all parts calls parts_*() and knows none of
// them. Each of a part's functions may be NULL. They are called in the table's order, on the
// control thread.
#pragma once

#include "app/app.h"

struct app_connection;
struct app_meeting;

// Why a connection goes.
enum app_closing {
    APP_CLOSING_LEFT,     // by itself: its page may come back with the session
    APP_CLOSING_ENDED,    // by the server
    APP_CLOSING_REPLACED, // by the one that is opened next
};

// Whose access ends.
struct app_leaver {
    struct app_meeting *meeting;
    const char *participant;
    const char *session; // only what this session has opened; NULL: all that is theirs
    const char *reason;  // as their page is told
};

struct app_part {
    // Committed events, already in the meeting's `told`, before anybody is told of them.
    void (*follow)(struct app *app, struct app_meeting *meeting, const struct event *events,
                   uint32_t count);
    // Time has come, perhaps another part's; and when this part's will: TIME_US_NEVER for none.
    void (*on_deadline)(struct app *app);
    time_us (*next_deadline)(const struct app *app);
    // The same for each meeting, in its own time: PRESENCE_NEVER for none.
    void (*meeting_on_deadline)(struct app *app, struct app_meeting *meeting);
    time_ms (*meeting_next_deadline)(const struct app *app, const struct app_meeting *meeting);
    // A connection is there; it is about to go, and can still be found.
    void (*live_opened)(struct app *app, app_live live);
    void (*live_closing)(struct app *app, app_live live, enum app_closing closing);
    // What is theirs ends at once.
    void (*end)(struct app *app, const struct app_leaver *leaver);
    // The link to the media process is there: what was told is forgotten, then (after LINK_SYNC)
    // all is told again. It is down.
    void (*link_syncing)(struct app *app);
    void (*link_ready)(struct app *app);
    void (*link_down)(struct app *app);
    // The meeting has come into memory, or can be written again: what is lasting in it is looked
    // at.
    void (*settle)(struct app *app, struct app_meeting *meeting);
    // Whether the part needs the meeting in memory. It leaves, or the process does.
    bool (*holds)(const struct app *app, const struct app_meeting *meeting);
    void (*leaving)(struct app *app, struct app_meeting *meeting);
    // The store has done something, after the batches that it acknowledged; it has undone what was
    // decided and not written.
    void (*store_news)(struct app *app);
    void (*store_undone)(struct app *app);
};

void parts_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                  uint32_t count);
void parts_on_deadline(struct app *app);
time_us parts_next_deadline(const struct app *app);
void parts_live_opened(struct app *app, app_live live);
void parts_live_closing(struct app *app, app_live live, enum app_closing closing);
void parts_end(struct app *app, const struct app_leaver *leaver);
void parts_link_syncing(struct app *app);
void parts_link_ready(struct app *app);
void parts_link_down(struct app *app);
void parts_settle(struct app *app, struct app_meeting *meeting);
bool parts_hold(const struct app *app, const struct app_meeting *meeting);
void parts_leaving(struct app *app, struct app_meeting *meeting);
void parts_store_news(struct app *app);
void parts_store_undone(struct app *app);

// The parts; each stands in the file of its name.
extern const struct app_part sessions_part;
extern const struct app_part access_part;
extern const struct app_part live_part;
extern const struct app_part audience_part;
extern const struct app_part stays_part;
extern const struct app_part storage_part;
extern const struct app_part media_still_part;
extern const struct app_part hearing_part;
extern const struct app_part feed_hearing_part;
extern const struct app_part losses_part;
extern const struct app_part timing_part;
extern const struct app_part peer_sync_part; // link_sync.c
extern const struct app_part doors_part;     // door_media.c
extern const struct app_part door_sync_part;
extern const struct app_part door_feeds_part;
extern const struct app_part routes_part;
extern const struct app_part processes_part;
extern const struct app_part media_part;
extern const struct app_part receivers_part;
extern const struct app_part levels_part;
extern const struct app_part limits_part;
extern const struct app_part health_part;
extern const struct app_part quality_part;
extern const struct app_part documents_part;
extern const struct app_part house_opening_part;
extern const struct app_part mailing_part;
