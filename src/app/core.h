// Inside src/app only, as part of app_priv.h: the ground that every part stands on. Nothing here
// knows a part; news for all of them go by the table (part.h). Control thread only.
#pragma once

#include "app/app.h"
#include "app/outbox.h"
#include "app/routing.h"

struct app_meeting;

// ---- clock.c
// One reading of both clocks.
void app_clock(struct app *app, time_us now, time_ms wall);
// The date alone, where the monotonic time is not given.
void app_date(struct app *app, time_ms wall);
void app_wake_at(struct app *app, time_us at);
// The meeting's time, and the monotonic time of a deadline of the meeting's.
time_ms app_meeting_time(const struct app *app, const struct app_meeting *meeting);
time_us app_time_of(const struct app *app, const struct app_meeting *meeting, time_ms at);

// ---- meetings.c
struct app_meeting *app_find_meeting(const struct app *app, const char *id);

// ---- record.c
// Journals the events of app->events, which `decided` has, and lets the outbox tell them once
// committed; the answer (NULL for none) comes after them. Room in the outbox was asked before
// deciding. Never while a batch is being told: see wishes.c.
void app_record(struct app *app, struct app_meeting *meeting, const struct outbox_answer *answer);
// The same for many decisions that are one act: all of these events are journalled, or none.
// Nothing else of the meeting was decided since it was told. False: nothing was taken, and it is
// undone.
bool app_record_many(struct app *app, struct app_meeting *meeting, const struct event *events,
                     uint32_t count);
// What is decided goes back to what has been told: the store took it not, or will not.
void app_undo(struct app_meeting *meeting);
// The store holds what it must not, or this process makes mistakes: only a replay helps.
_Noreturn void app_store_failed(const struct app *app, enum err err);

// ---- wishes.c: whoever follows committed events decides nothing meanwhile, so that each decision
// sees the whole of what is told. Such a part posts a wish; the roof runs it after the batches.
struct app_wish;
typedef void app_wish_run(struct app *app, const struct app_wish *wish);
struct app_wish {
    app_wish_run *run; // asks itself for room in the outbox
    struct app_meeting *meeting;
    char participant[CONTRACT_ID_MAX + 1]; // or empty
    time_ms since;                         // as the part likes
};
// Copied. One that is posted already (the same function, meeting and participant) stays as it is.
// False when there is no room.
bool wish_post(struct app *app, const struct app_wish *wish);
// In the order in which they were posted; nothing while batches are being told.
void wishes_run(struct app *app);
// Whether one waits that is about this meeting.
bool wishes_concern(const struct app *app, const struct app_meeting *meeting);

// ---- marks.c: what those who watch are told a little later
// Who listens from outside, and to what; and, of that, how many hear each channel.
void receivers_changed(struct app *app, struct app_meeting *meeting);
void health_listeners_changed(struct app *app, struct app_meeting *meeting);

// ---- to_media.c
// Sets app->message to an empty message of this type.
struct link_message *peer_message(struct app *app, enum link_message_type type);
// False when the link is down or full.
bool peer_send(struct app *app);
link_channel peer_channel(const struct app_meeting *meeting, enum route route);
// What somebody of this capacity chose. The floor slots carry a page's floor: its language slot is
// empty then.
link_channel peer_channel_chosen(const struct app_meeting *meeting, enum capacity capacity,
                                 enum channel_id channel);
// The same for a listener with one track.
link_channel peer_channel_listened(const struct app_meeting *meeting, enum channel_id channel);
// The other way round; the floor for what is no channel of the meeting's.
enum channel_id peer_channel_heard(const struct app_meeting *meeting, link_channel channel);
