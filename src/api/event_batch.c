#include "api/event_batch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/documents.h"
#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "contract/permissions.h"

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

// Of one under embargo even that it is there is not told.
static bool is_embargoed(const struct event *event, const struct event_viewer *viewer)
{
    bool carries = event->type == EVENT_DOCUMENT_ADDED || event->type == EVENT_DOCUMENT_REMOVED;
    return carries && !app_document_reads(event->type == EVENT_DOCUMENT_ADDED
                                              ? &event->as.document_added.document
                                              : &event->as.document_removed.document,
                                          viewer->capacity, viewer->participant);
}

static bool is_hidden(const struct event *event, const struct event_viewer *viewer)
{
    const char *subject = event_subject(event);
    if (subject != NULL && text_equal(subject, viewer->participant)) {
        return false;
    }
    const struct event_chat_said *said = &event->as.chat_said;
    return !event_visible(event->type, viewer->capacity) || is_embargoed(event, viewer) ||
           (event->type == EVENT_CHAT_SAID &&
            !app_chat_reads(said->room, said->language, viewer->capacity, viewer->language));
}

uint32_t event_batch_hidden(const struct event_batch *batch, const struct event_viewer *viewer)
{
    uint32_t hidden = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        if (is_hidden(&batch->events[i], viewer)) {
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
                                         uint32_t first)
{
    struct event_variant variant = {.hidden = hidden, .first = first};
    FILE *stream = open_memstream(&variant.text, &variant.size);
    if (stream == NULL) {
        return variant;
    }
    fputs("{\"events\":[", stream);
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
                                size_t *ret_size)
{
    struct event_variant *variant = NULL;
    for (uint32_t i = 0; i < batch->variant_count; i++) {
        if (batch->variants[i].hidden == hidden && batch->variants[i].first == first) {
            variant = &batch->variants[i];
        }
    }
    if (variant == NULL && batch->variant_count < EVENT_BATCH_VARIANTS) {
        variant = &batch->variants[batch->variant_count++];
        *variant = make_variant(batch, hidden, first);
    } else if (variant == NULL) {
        variant = &batch->passing;
        free(variant->text);
        *variant = make_variant(batch, hidden, first);
    }
    *ret_size = variant->size;
    return variant->text;
}
