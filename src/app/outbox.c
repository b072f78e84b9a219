#include "app/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "meeting/meeting.h"

void outbox_init(struct outbox *outbox)
{
    *outbox = (struct outbox){0};
}

void outbox_finish(struct outbox *outbox)
{
    while (outbox->first != NULL) {
        struct outbox_batch *batch = outbox->first;
        outbox->first = batch->next;
        free(batch);
    }
    *outbox = (struct outbox){0};
}

bool outbox_has_room(const struct outbox *outbox)
{
    return !outbox->closed && outbox->batches < OUTBOX_BATCHES_MAX &&
           outbox->events + EVENT_LIST_MAX <= OUTBOX_EVENTS_MAX;
}

bool outbox_is_empty(const struct outbox *outbox)
{
    return outbox->first == NULL;
}

bool outbox_concerns(const struct outbox *outbox, const struct app_meeting *meeting)
{
    const struct outbox_batch *batch = outbox->first;
    while (batch != NULL && batch->meeting != meeting) {
        batch = batch->next;
    }
    return batch != NULL;
}

enum err outbox_put(struct outbox *outbox, struct app_meeting *meeting, uint64_t ticket,
                    const struct event *events, uint32_t count, const struct outbox_answer *answer,
                    time_us now)
{
    if (!outbox_has_room(outbox)) {
        return ERR_FULL;
    }
    struct outbox_batch *batch = malloc(sizeof(*batch) + count * sizeof(*events));
    if (batch == NULL) {
        return ERR_FULL;
    }
    *batch = (struct outbox_batch){.ticket = ticket,
                                   .decided_at = now,
                                   .meeting = meeting,
                                   .has_answer = answer != NULL,
                                   .event_count = count};
    if (answer != NULL) {
        batch->answer = *answer;
    }
    if (count > 0) {
        memcpy(batch->events, events, count * sizeof(*events));
    }
    if (outbox->last == NULL) {
        outbox->first = batch;
    } else {
        outbox->last->next = batch;
    }
    outbox->last = batch;
    outbox->batches++;
    outbox->events += count;
    return ERR_NONE;
}

struct outbox_batch *outbox_take(struct outbox *outbox)
{
    struct outbox_batch *batch = outbox->first;
    if (batch == NULL) {
        return NULL;
    }
    outbox->first = batch->next;
    if (outbox->first == NULL) {
        outbox->last = NULL;
    }
    outbox->batches--;
    outbox->events -= batch->event_count;
    return batch;
}

struct outbox_batch *outbox_take_due(struct outbox *outbox, uint64_t ticket, time_us now)
{
    if (outbox->first == NULL || outbox->first->ticket > ticket) {
        return NULL;
    }
    struct outbox_batch *batch = outbox_take(outbox);
    if (batch->event_count > 0) {
        uint64_t waited_us = (uint64_t)(now - batch->decided_at);
        outbox->committed_batches++;
        outbox->commit_us_total += waited_us;
        if (waited_us > outbox->commit_us_longest) {
            outbox->commit_us_longest = waited_us;
        }
    }
    return batch;
}
