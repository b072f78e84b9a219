// Some events of one meeting, each encoded once, and the messages made of them: one for each set of
// events that somebody may not see, shared by all who may not see the same ones. Control thread
// only.
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "contract/types.h"
#include "contract/visibility.h"

#define EVENT_BATCH_MAX      32
#define EVENT_BATCH_VARIANTS 8

struct event_variant {
    uint32_t hidden;
    uint32_t first;
    bool named; // says which stream it is of
    char *text; // owned
    size_t size;
};

struct event_batch {
    const struct event *events; // not owned; must outlive the batch
    uint32_t count;
    char *texts[EVENT_BATCH_MAX]; // owned
    struct event_variant variants[EVENT_BATCH_VARIANTS];
    uint32_t variant_count;
    struct event_variant passing; // the last one for which there was no place
};

// At most EVENT_BATCH_MAX events. ERR_FULL when memory is short; nothing is to be finished then.
enum err CHECKED event_batch_init(struct event_batch *batch, const struct event *events,
                                  uint32_t count);
void event_batch_finish(struct event_batch *batch);
// Bits of the events that this person is not told.
uint32_t event_batch_hidden(const struct event_batch *batch, const struct viewer *viewer);
// {"events": […]} without the first `first` events, and with `stream` unless it is NULL; NULL when
// memory is short. Valid until the next call. The batch's events are of one stream.
const char *event_batch_message(struct event_batch *batch, uint32_t hidden, uint32_t first,
                                const char *stream, size_t *ret_size);
// The events alone, separated by commas.
void event_batch_write(const struct event_batch *batch, uint32_t hidden, uint32_t first, FILE *to);
