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

// One's own meeting, or the refusal is written. Whether another exists is not told.
static const struct meeting *own_meeting(struct call *call, uint64_t *ret_seq)
{
    if (call->identity.participant[0] == '\0' ||
        !text_equal(call->parameters[0], call->identity.meeting)) {
        call_refuse(call, ERR_FORBIDDEN);
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

static void respond_events(struct call *call, uint32_t count, uint64_t seq)
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
    bool written = write_events(stream, call->api->events, count, &viewer);
    fprintf(stream, "],\"seq\":%llu}", (unsigned long long)seq);
    written = written && ferror(stream) == 0;
    if (fclose(stream) != 0 || !written) {
        free(text);
        call_empty(call, 500);
        return;
    }
    respond_owned(&call->response, 200, "application/json", text, size);
    call_answer(call);
}

void rest_meeting_events(struct call *call)
{
    char text[24];
    unsigned long long after = 0;
    enum err result = query_value(call->in->query, "after", text, sizeof(text));
    if (result != ERR_NOT_FOUND &&
        (result != ERR_NONE ||
         text_to_u64(text, strlen(text), CONTRACT_INTEGER_MAX, &after) != ERR_NONE)) {
        call_refuse_field(call, ERR_INVALID, "after");
        return;
    }
    uint64_t seq = 0;
    uint32_t count = 0;
    if (own_meeting(call, &seq) == NULL) {
        return;
    }
    result = app_events(call->api->app, call->parameters[0], after, call->api->events,
                        API_EVENTS_PAGE, &count);
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    respond_events(call, count, seq);
}
