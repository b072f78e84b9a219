#include "api/live_message.h"

#include <jansson.h>

#include "api/viewer.h"
#include "contract/json.h"
#include "contract/permissions.h"

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

char *live_message_hello(const struct live_connection *entry, bool resumed, time_ms wall)
{
    struct media_plan plan = {0};
    app_media_plan(entry->capacity, &plan);
    json_t *hello = json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:b}", "protocol", LIVE_PROTOCOL,
                              "participant", entry->participant, "meeting", entry->meeting,
                              "capacity", capacity_text(entry->capacity), "now", (json_int_t)wall,
                              "seq", (json_int_t)entry->seq, "resumed", resumed ? 1 : 0);
    hello = with(hello, "plan", media_plan_encode(&plan));
    hello = with(hello, "may", permitted_commands(entry->capacity));
    return dump(with(json_object(), "hello", hello));
}

char *live_message_snapshot(const struct live_connection *entry, const struct meeting *meeting)
{
    const struct viewer viewer = viewer_in(meeting, entry->capacity, entry->participant);
    json_t *message = with(json_object(), "snapshot", meeting_encode_for(meeting, &viewer));
    return dump(with(message, "seq", json_integer((json_int_t)entry->seq)));
}

char *live_message_notice(const struct notice *notice)
{
    json_t *message = with(json_object(), "notice", json_string(notice_name(notice->type)));
    return dump(with(message, "data", notice_encode(notice)));
}

char *live_message_problem(uint64_t id, const struct problem *problem)
{
    json_t *message = with(json_object(), "reply", json_integer((json_int_t)id));
    return dump(with(message, "problem", problem_encode(problem)));
}

char *live_message_reply(uint64_t id, const struct app_reply *reply)
{
    if (reply->err != ERR_NONE) {
        const struct problem problem = {
            .err = reply->err, .refusal = &reply->refusal, .detail = reply->detail};
        return live_message_problem(id, &problem);
    }
    json_t *message = with(json_object(), "reply", json_integer((json_int_t)id));
    if (reply->sdp != NULL) {
        message = with(message, "data", with(json_object(), "sdp", json_string(reply->sdp)));
    }
    return dump(with(message, "seq", json_integer((json_int_t)reply->seq)));
}

char *live_message_ping(time_ms wall)
{
    return dump(with(json_object(), "ping", json_integer((json_int_t)wall)));
}
