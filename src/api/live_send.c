// The way out of a live connection, and its end when there is none.
#include <stdlib.h>
#include <string.h>

#include "api/live.h"
#include "api/live_message.h"
#include "api/viewer.h"

void api_live_drop(struct api *api, struct live_connection *entry, uint16_t code,
                   const char *reason)
{
    if (entry->phase == LIVE_ENDED) {
        return;
    }
    if (code != 0) {
        api->ports.live_close(api->ports.context, entry->connection, code, reason);
    }
    live_table_end(&api->lives, entry);
}

static bool send_text(struct api *api, struct live_connection *entry, const char *text, size_t size)
{
    if (api->ports.live_send(api->ports.context, entry->connection, text, size)) {
        return entry->phase != LIVE_ENDED; // http may have found it dead meanwhile
    }
    api->counters.live_ended_slow++;
    api_live_drop(api, entry, 0, NULL);
    return false;
}

bool api_live_send_owned(struct api *api, struct live_connection *entry, char *text)
{
    if (text == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
        return false;
    }
    bool sent = send_text(api, entry, text, strlen(text));
    free(text);
    return sent;
}

void api_live_refuse(struct api *api, struct live_connection *entry,
                     const struct live_subscription *of, uint64_t id, const struct problem *problem)
{
    api->counters.messages_refused++;
    (void)api_live_send_owned(api, entry, live_message_problem(of, id, problem));
}

void api_live_send_batch(struct api *api, struct live_subscription *of, struct event_batch *batch)
{
    struct live_connection *entry = of->connection;
    uint64_t last = batch->events[batch->count - 1].seq;
    if (last <= of->seq) {
        return;
    }
    if (batch->events[0].seq > of->seq + 1) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "events are missing");
        return;
    }
    uint64_t seq = 0;
    const struct viewer viewer = viewer_in(app_meeting(api->app, of->meeting, &seq), of->capacity,
                                           of->participant);
    uint32_t first = (uint32_t)(of->seq + 1 - batch->events[0].seq);
    size_t size = 0;
    const char *text = event_batch_message(batch, event_batch_hidden(batch, &viewer), first,
                                           of->further ? of->stream : NULL, &size);
    of->seq = last;
    if (text == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
    } else if (send_text(api, entry, text, size)) {
        api->counters.event_messages_sent++;
    }
}
