// A meeting of the input's making (support/scene.h). Every event goes through the journal's text
// into a second meeting, which must become the first: a replay is worth what the state was. No rule
// may break an invariant.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/json.h"
#include "fuzz.h"
#include "scene.h"

#define STEPS_MAX 96

static struct event read_back;

// As the journal's writer writes it and its reader reads it.
static void replay(void *replayed, const struct event *event)
{
    json_t *data = event_encode_data(event);
    ASSERT(data != NULL);
    char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
    ASSERT(text != NULL);
    json_t *again = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ASSERT(again != NULL);
    memset(&read_back, 0, sizeof(read_back));
    if (event_decode_data(event->type, again, &read_back) != ERR_NONE) {
        fprintf(stderr, "cannot be read back: %s %s\n", event_name(event->type), text);
        abort();
    }
    read_back.seq = event->seq;
    read_back.at = event->at;
    read_back.on_behalf_of_chair = event->on_behalf_of_chair;
    memcpy(read_back.by, event->by, sizeof(read_back.by));
    meeting_apply(replayed, &read_back);
    json_decref(again);
    json_decref(data);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct meeting_state replayed_beginning;
    static struct meeting_state replayed;
    static struct scene beginning;
    static struct scene scene;
    if (beginning.now == 0) {
        meeting_state_init(&replayed, "m1");
        scene_begin(&beginning, replay, &replayed);
        replayed_beginning = replayed;
    }
    scene = beginning;
    replayed = replayed_beginning;
    for (size_t at = 0; at + SCENE_STEP <= size && at < (size_t)STEPS_MAX * SCENE_STEP;
         at += SCENE_STEP) {
        scene_step(&scene, data + at);
    }
    const char *broken = meeting_check(&replayed, true);
    ASSERT(broken == NULL);
    ASSERT(meeting_state_equal(&scene.state, &replayed));
    return 0;
}
