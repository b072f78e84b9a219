// The live protocol: one connection of one person, from hello to its end, and the streams that it
// follows. Private to src/api; the public half (api_live_*) is declared in api/api.h.
#pragma once

#include "api/api_state.h"
#include "api/event_batch.h"
#include "api/problem.h"

#define LIVE_PING_EVERY_US  (5 * TIME_US_PER_S)
#define LIVE_SILENCE_US     (15 * TIME_US_PER_S)
#define LIVE_SILENCE_TRIPS  8 // or that many round trips: TCP repeats what was lost
#define LIVE_ROUND_TRIP_US  (5 * TIME_US_PER_S) // a longer one counts as this
#define LIVE_BEAT_US        TIME_US_PER_S       // how often the first two are looked at
#define LIVE_RESUME_MAX     1024 // more missed events than this: a snapshot is shorter
#define LIVE_MALFORMED_MAX  10   // answered; the next one ends the connection
#define LIVE_REFUSED_MAX    100  // refused more than let through; the next one ends the connection
#define LIVE_WEIGHT_MAX     8192 // bytes; a longer message counts once for each begun, against the rate
#define LIVE_CLOSE_POLICY   1008 // RFC 6455, section 7.4.1
#define LIVE_CLOSE_KIND     1003
#define LIVE_CLOSE_LARGE    1009
#define LIVE_CLOSE_INTERNAL 1011
#define LIVE_CLOSE_LATER    1013
#define LIVE_CLOSE_ENDED    4001 // ours: the session ended, the notice said why
#define LIVE_CLOSE_SILENT   4002 // ours: nothing heard for 15 s, or longer on a long line

// The app's ports; `context` is the api.
void api_live_publish(void *context, const char *meeting, const struct event *events,
                      uint32_t count);
void api_live_reply(void *context, app_live live, uint64_t request, const struct app_reply *reply);
void api_live_notice(void *context, app_live live, const struct notice *notice);
void api_live_end(void *context, app_live live, const char *reason);

// Heartbeats when due, and the app is told of every connection that ended.
void api_live_on_deadline(struct api *api);

// ---- live_send.c

// Sends `text` (taken, freed) or ends the connection when it is NULL or there is no room. True when
// sent.
bool api_live_send_owned(struct api *api, struct live_connection *entry, char *text);
// The events of the batch that the subscription has not had yet.
void api_live_send_batch(struct api *api, struct live_subscription *of, struct event_batch *batch);
// `of`: the stream that was asked; NULL when it is none that the connection follows.
void api_live_refuse(struct api *api, struct live_connection *entry,
                     const struct live_subscription *of, uint64_t id,
                     const struct problem *problem);
// The most JSON values in a message: those of the largest command, and what is around it.
uint32_t api_live_values_max(void);
// Code 0: http has closed it already.
void api_live_drop(struct api *api, struct live_connection *entry, uint16_t code,
                   const char *reason);

// ---- live_subscribe.c: the streams of a connection

// A state counts as one that is read: ERR_TOO_MANY, with the seconds to wait, when this person has
// had as many as there are.
enum err CHECKED api_live_take_state(struct api *api, const struct app_identity *who,
                                     int *ret_wait_s);
// Hello, then the events since `after` (0: from nothing) when that can be honoured, else a
// snapshot.
void api_live_greet(struct api *api, struct live_subscription *of, bool has_after, uint64_t after);
// What a client asks for; ERR_NONE, or why not. A stream that cannot be one is no stream: "". Asked
// for while states before it are on their way, it waits, and is answered then.
const char *api_live_meeting_of(const char *stream);
enum err CHECKED api_live_subscribe(struct api *api, struct live_connection *entry,
                                    const struct live_wish *wish);
void api_live_refuse_stream(struct api *api, struct live_connection *entry, uint64_t id,
                            const char *meeting, enum err err);
// One stream of each connection that has room for it.
void api_live_grant_wishes(struct api *api);
// Left, and answered, once every command that was given in it has its answer.
enum err CHECKED api_live_unsubscribe(struct api *api, struct live_connection *entry, uint64_t id,
                                      const char *meeting);
// Nothing while a command is not answered; else it is left at the next deadline, because the app
// may be telling.
void api_live_leave_when_answered(struct api *api, struct live_subscription *of);
void api_live_leave(struct api *api, struct live_subscription *of);
// The answer to who asked to leave it; nothing when nobody did.
void api_live_answer_leave(struct api *api, struct live_subscription *of);
