#include "api/live_message.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "contract/permissions.h"

#define LIVE_HEAD_MAX 255 // of a message up to its state: a stream's name and a number

static char *dump(json_t *object)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

// Puts `value` (taken) into `object` (taken); NULL when either is missing.
static json_t *with(json_t *object, const char *name, json_t *value)
{
    if (object == NULL || json_object_set_new(object, name, value) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *permitted_commands(enum capacity capacity)
{
    json_t *list = json_array();
    for (int type = 0; type < COMMAND_COUNT; type++) {
        if (permission_grant((enum command_type)type, capacity) != PERMISSION_NONE &&
            json_array_append_new(list, json_string(command_name((enum command_type)type))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

// A message about a subscription, which may be NULL.
static json_t *message_of(const struct live_subscription *of)
{
    json_t *message = json_object();
    return of != NULL && of->further ? with(message, "stream", json_string(of->stream)) : message;
}

char *live_message_hello(const struct live_subscription *of, const struct participant *audience,
                         bool resumed, time_ms wall)
{
    struct media_plan plan = {0};
    app_media_plan(of->capacity, &plan);
    json_t *hello = json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:b}", "protocol", LIVE_PROTOCOL,
                              "participant", of->participant, "meeting", of->meeting, "capacity",
                              capacity_text(of->capacity), "now", (json_int_t)wall, "seq",
                              (json_int_t)of->seq, "resumed", resumed ? 1 : 0);
    hello = with(hello, "plan", media_plan_encode(&plan));
    if (audience != NULL) {
        hello = with(hello, "self", participant_encode(audience));
    }
    hello = with(hello, "may", permitted_commands(of->capacity));
    return dump(with(message_of(of), "hello", hello));
}

// The state stands in the message as it is; what comes before it is made as every message.
char *live_message_snapshot(const struct live_subscription *of, const struct snapshot *snapshot)
{
    char begun[LIVE_HEAD_MAX + 1];
    struct text_builder text = text_builder(begun, sizeof(begun));
    char *head = dump(with(message_of(of), "seq", json_integer((json_int_t)of->seq)));
    if (head == NULL) {
        return NULL;
    }
    text_append_n(&text, head, strlen(head) - 1); // without the last brace
    text_append(&text, ",\"snapshot\":");
    free(head);
    ASSERT(!text.failed);
    return snapshot_text(snapshot, begun, "}");
}

char *live_message_notice(const struct live_subscription *of, const struct notice *notice)
{
    json_t *message = with(message_of(of), "notice", json_string(notice_name(notice->type)));
    return dump(with(message, "data", notice_encode(notice)));
}

char *live_message_problem(const struct live_subscription *of, uint64_t id,
                           const struct problem *problem)
{
    json_t *message = with(message_of(of), "reply", json_integer((json_int_t)id));
    return dump(with(message, "problem", problem_encode(problem)));
}

char *live_message_reply(const struct live_subscription *of, uint64_t id,
                         const struct app_reply *reply)
{
    if (reply->err != ERR_NONE) {
        const struct problem problem = {
            .err = reply->err, .refusal = &reply->refusal, .detail = reply->detail};
        return live_message_problem(of, id, &problem);
    }
    json_t *message = with(message_of(of), "reply", json_integer((json_int_t)id));
    if (reply->sdp != NULL) {
        message = with(message, "data", with(json_object(), "sdp", json_string(reply->sdp)));
    }
    return dump(with(message, "seq", json_integer((json_int_t)reply->seq)));
}

char *live_message_ping(const struct live_connection *entry, const struct app *app, time_ms wall)
{
    json_t *message = with(json_object(), "ping", json_integer((json_int_t)wall));
    json_t *streams = json_object();
    for (struct list_link *at = entry->subscriptions.first; at != NULL; at = at->next) {
        const struct live_subscription *of = live_subscription_of(at);
        if (of->further) {
            time_ms now = app_time(app, of->meeting);
            (void)json_object_set_new(streams, of->stream, json_integer((json_int_t)now));
        }
    }
    if (json_object_size(streams) > 0) {
        return dump(with(message, "streams", streams));
    }
    json_decref(streams);
    return dump(message);
}
