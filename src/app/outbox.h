// What waits for the journal's acknowledgement: batches of events and the answer that comes after
// them, in the order in which they were decided. Nothing here is told to anyone before the store
// has acknowledged the batch. Control thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/time.h"
#include "contract/refusal.h"
#include "contract/types.h"

struct app_meeting;

#define OUTBOX_BATCHES_MAX 2048
#define OUTBOX_EVENTS_MAX  8192

struct outbox_answer {
    handle live; // app_live
    uint64_t request;
    enum err err;
    struct refusal refusal;
};

struct outbox_batch {
    struct outbox_batch *next;
    uint64_t ticket; // the store's; 0: no events of its own, due as soon as all before it
    time_us decided_at;
    struct app_meeting *meeting;
    bool has_answer;
    struct outbox_answer answer;
    uint32_t event_count;
    struct event events[];
};

struct outbox {
    struct outbox_batch *first;
    struct outbox_batch *last;
    uint32_t batches;
    uint32_t events;
    bool closed; // nothing can be decided: the store takes nothing
    uint64_t committed_batches;
    uint64_t commit_us_total; // from decision to acknowledgement
    uint64_t commit_us_longest;
};

void outbox_init(struct outbox *outbox);
void outbox_finish(struct outbox *outbox);
// Whether a decision of any size can still be taken.
bool outbox_has_room(const struct outbox *outbox);
bool outbox_is_empty(const struct outbox *outbox);
// Whether a batch of this meeting waits.
bool outbox_concerns(const struct outbox *outbox, const struct app_meeting *meeting);
// Copies the events. ERR_FULL when memory is short or outbox_has_room() was not asked.
enum err CHECKED outbox_put(struct outbox *outbox, struct app_meeting *meeting, uint64_t ticket,
                            const struct event *events, uint32_t count,
                            const struct outbox_answer *answer, time_us now);
// The oldest batch, whether due or not; NULL when there is none. Given back with free().
struct outbox_batch *outbox_take(struct outbox *outbox);
// The oldest batch that is due once everything up to `ticket` is committed, taken out; NULL when
// none is. Given back with free().
struct outbox_batch *outbox_take_due(struct outbox *outbox, uint64_t ticket, time_us now);
