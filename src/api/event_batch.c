#include "api/event_batch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "contract/json.h"

static char *encode_event(const struct event *event)
{
    json_t *data = event_encode_data(event);
    json_t *object = json_pack("{s:I, s:I, s:s}", "seq", (json_int_t)event->seq, "at",
                               (json_int_t)event->at, "by", event->by);
    if (event->on_behalf_of_chair) {
        (void)json_object_set_new(object, "on_behalf_of_chair", json_true());
    }
    (void)json_object_set_new(object, "type", json_string(event_name(event->type)));
    char *text = NULL;
    if (data != NULL && json_object_set_new(object, "data", data) == 0) {
        text = json_dumps(object, JSON_COMPACT);
    }
    json_decref(object);
    return text;
}

enum err event_batch_init(struct event_batch *batch, const struct event *events, uint32_t count)
{
    ASSERT(count <= EVENT_BATCH_MAX);
    *batch = (struct event_batch){.events = events, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        batch->texts[i] = encode_event(&events[i]);
        if (batch->texts[i] == NULL) {
            event_batch_finish(batch);
            return ERR_FULL;
        }
    }
    return ERR_NONE;
}

void event_batch_finish(struct event_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        free(batch->texts[i]);
    }
    for (uint32_t i = 0; i < batch->variant_count; i++) {
        free(batch->variants[i].text);
    }
    free(batch->passing.text);
    *batch = (struct event_batch){0};
}

uint32_t event_batch_hidden(const struct event_batch *batch, const struct viewer *viewer)
{
    uint32_t hidden = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        if (!event_told(&batch->events[i], viewer)) {
            hidden |= 1u << i;
        }
    }
    return hidden;
}

void event_batch_write(const struct event_batch *batch, uint32_t hidden, uint32_t first, FILE *to)
{
    for (uint32_t i = first; i < batch->count; i++) {
        const char *comma = i > first ? "," : "";
        if ((hidden >> i & 1u) != 0) {
            fprintf(to, "%s{\"seq\":%" PRIu64 ",\"type\":\"withheld\"}", comma,
                    batch->events[i].seq);
        } else {
            fprintf(to, "%s%s", comma, batch->texts[i]);
        }
    }
}

static struct event_variant make_variant(const struct event_batch *batch, uint32_t hidden,
                                         uint32_t first, const char *stream_name)
{
    struct event_variant variant = {.hidden = hidden, .first = first, .named = stream_name != NULL};
    FILE *stream = open_memstream(&variant.text, &variant.size);
    if (stream == NULL) {
        return variant;
    }
    if (stream_name != NULL) { // made of an id: nothing in it is to be escaped
        fprintf(stream, "{\"stream\":\"%s\",\"events\":[", stream_name);
    } else {
        fputs("{\"events\":[", stream);
    }
    event_batch_write(batch, hidden, first, stream);
    fputs("]}", stream);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        free(variant.text);
        variant.text = NULL;
    }
    return variant;
}

const char *event_batch_message(struct event_batch *batch, uint32_t hidden, uint32_t first,
                                const char *stream, size_t *ret_size)
{
    struct event_variant *variant = NULL;
    for (uint32_t i = 0; i < batch->variant_count; i++) {
        struct event_variant *one = &batch->variants[i];
        if (one->hidden == hidden && one->first == first && one->named == (stream != NULL)) {
            variant = one;
        }
    }
    if (variant == NULL && batch->variant_count < EVENT_BATCH_VARIANTS) {
        variant = &batch->variants[batch->variant_count++];
        *variant = make_variant(batch, hidden, first, stream);
    } else if (variant == NULL) {
        variant = &batch->passing;
        free(variant->text);
        *variant = make_variant(batch, hidden, first, stream);
    }
    *ret_size = variant->size;
    return variant->text;
}
