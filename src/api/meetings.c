// A meeting's state and its events, as far as who asks may see them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/call.h"
#include "api/event_batch.h"
#include "api/respond.h"
#include "api/viewer.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

#define PAST_EVENTS_MAX 64 // in one answer
_Static_assert(PAST_EVENTS_MAX <= API_EVENTS_PAGE, "they are read into the api's room");

// One's own meeting, to be read, or the refusal is written. Whether another exists is not told.
static const struct meeting *own_meeting(struct call *call, uint64_t *ret_seq)
{
    if (call->identity.participant[0] == '\0' ||
        !text_equal(call->parameters[0], call->identity.meeting)) {
        call_refuse(call, ERR_FORBIDDEN);
        return NULL;
    }
    if (!call_within(call, PERSON_LIMIT_READ)) {
        return NULL;
    }
    const struct meeting *meeting = app_meeting(call->api->app, call->parameters[0], ret_seq);
    if (meeting == NULL) {
        call_refuse(call, ERR_NOT_FOUND);
    }
    return meeting;
}

static struct viewer viewer_of_call(struct call *call)
{
    uint64_t seq = 0;
    return viewer_in(app_meeting(call->api->app, call->identity.meeting, &seq),
                     call->identity.capacity, call->identity.participant);
}

void rest_meeting_read(struct call *call)
{
    uint64_t seq = 0;
    const struct meeting *meeting = own_meeting(call, &seq);
    if (meeting == NULL) {
        return;
    }
    const struct viewer viewer = viewer_of_call(call);
    struct api *api = call->api;
    struct snapshot snapshot;
    char tail[64];
    snprintf(tail, sizeof(tail), ",\"seq\":%llu}", (unsigned long long)seq);
    char *body = snapshot_make(&api->snapshots, meeting, app_meeting_touched(api->app, meeting->id),
                               &viewer, &snapshot)
                     ? snapshot_text(&snapshot, "{\"meeting\":", tail)
                     : NULL;
    respond_owned(&call->response, 200, "application/json", body, body != NULL ? strlen(body) : 0);
    call_answer(call);
}

static bool write_events(FILE *to, const struct event *events, uint32_t count,
                         const struct viewer *viewer)
{
    for (uint32_t at = 0; at < count; at += EVENT_BATCH_MAX) {
        uint32_t part = count - at < EVENT_BATCH_MAX ? count - at : EVENT_BATCH_MAX;
        struct event_batch batch;
        if (event_batch_init(&batch, events + at, part) != ERR_NONE) {
            return false;
        }
        fputs(at > 0 ? "," : "", to);
        event_batch_write(&batch, event_batch_hidden(&batch, viewer), 0, to);
        event_batch_finish(&batch);
    }
    return true;
}

// `tail`: what follows the events, with the last brace.
static void respond_events(struct call *call, const struct event *events, uint32_t count,
                           const char *tail)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        call_empty(call, 500);
        return;
    }
    const struct viewer viewer = viewer_of_call(call);
    fputs("{\"events\":[", stream);
    bool written = write_events(stream, events, count, &viewer);
    fprintf(stream, "]%s", tail);
    written = written && ferror(stream) == 0;
    if (fclose(stream) != 0 || !written) {
        free(text);
        call_empty(call, 500);
        return;
    }
    respond_owned(&call->response, 200, "application/json", text, size);
    call_answer(call);
}

// The number of an event that the query names, 0 for none; or it is refused.
static bool number_of(struct call *call, const char *name, unsigned long long *ret_number)
{
    char text[24];
    *ret_number = 0;
    enum err result = query_value(call->in->query, name, text, sizeof(text));
    if (result != ERR_NOT_FOUND &&
        (result != ERR_NONE ||
         text_to_u64(text, strlen(text), CONTRACT_INTEGER_MAX, ret_number) != ERR_NONE)) {
        call_refuse_field(call, ERR_INVALID, name);
        return false;
    }
    return true;
}

void rest_meeting_events(struct call *call)
{
    unsigned long long after;
    uint64_t seq = 0;
    uint32_t count = 0;
    if (!number_of(call, "after", &after) || own_meeting(call, &seq) == NULL) {
        return;
    }
    enum err result = app_events(call->api->app, call->parameters[0], after, call->api->events,
                                 API_EVENTS_PAGE, &count);
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    char tail[40];
    snprintf(tail, sizeof(tail), ",\"seq\":%llu}", (unsigned long long)seq);
    respond_events(call, call->api->events, count, tail);
}

void rest_past_read(struct call *call)
{
    unsigned long long before;
    uint64_t seq = 0;
    if (!number_of(call, "before", &before) || own_meeting(call, &seq) == NULL) {
        return;
    }
    const struct viewer viewer = viewer_of_call(call);
    struct app_past past = {
        .viewer = &viewer, .before = before, .events = call->api->events, .max = PAST_EVENTS_MAX};
    enum err result = meeting_section_from_name(call->parameters[1], &past.section)
                          ? app_past_read(call->api->app, call->parameters[0], &past)
                          : ERR_NOT_FOUND;
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    char tail[40] = "}";
    if (past.next != 0) {
        snprintf(tail, sizeof(tail), ",\"before\":%llu}", (unsigned long long)past.next);
    }
    respond_events(call, past.events + (past.max - past.count), past.count, tail);
}
