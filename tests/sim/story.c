#include "story.h"

#include <jansson.h>
#include <stdio.h>

#include "base/assert.h"
#include "contract/json.h"

static void print(json_t *object)
{
    ASSERT(object != NULL && json_dumpf(object, stdout, JSON_COMPACT) == 0);
    puts("");
    (void)fflush(stdout); // all that happened before a rule was broken
    json_decref(object);
}

void story_state(const char *name, const struct meeting_state *state)
{
    json_t *object = json_object();
    ASSERT(json_object_set_new(object, name, meeting_encode(&state->meeting)) == 0);
    print(object);
}

void story_event(const struct event *event)
{
    json_t *object = json_pack("{s:I, s:I, s:s, s:s, s:o}", "seq", (json_int_t)event->seq, "at",
                               (json_int_t)event->at, "by", event->by, "type",
                               event_name(event->type), "data", event_encode_data(event));
    if (event->on_behalf_of_chair) {
        (void)json_object_set_new(object, "on_behalf_of_chair", json_true());
    }
    print(object);
}
