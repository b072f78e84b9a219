#include "app/meanwhile_kept.h"

#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"

_Static_assert(MEANWHILE_EVENTS_MAX <= EVENT_LIST_MAX,
               "what stands meanwhile is written in one batch");

struct app_meanwhile *meanwhile_begin(struct app_meeting *meeting)
{
    if (meeting->meanwhile == NULL) {
        meeting->meanwhile = calloc(1, sizeof(*meeting->meanwhile));
    }
    return meeting->meanwhile;
}

void meanwhile_end(struct app_meeting *meeting)
{
    free(meeting->meanwhile);
    meeting->meanwhile = NULL;
}

bool meanwhile_hold(struct app_meeting *meeting, const struct event_list *events)
{
    struct app_meanwhile *meanwhile = meanwhile_begin(meeting);
    if (meanwhile == NULL || events->count > MEANWHILE_EVENTS_MAX - meanwhile->count) {
        return false;
    }
    memcpy(&meanwhile->events[meanwhile->count], events->events,
           events->count * sizeof(events->events[0]));
    meanwhile->count += events->count;
    return true;
}

void meanwhile_restore(struct app_meeting *meeting)
{
    const struct app_meanwhile *meanwhile = meeting->meanwhile;
    for (uint32_t i = 0; meanwhile != NULL && i < meanwhile->count; i++) {
        meeting_apply(&meeting->decided, &meanwhile->events[i]);
    }
}

const struct meeting_state *meanwhile_carried(const struct app_meeting *meeting)
{
    if (meeting->meanwhile == NULL) {
        return &meeting->told;
    }
    return meeting->meanwhile->posted ? NULL : &meeting->decided;
}

void meanwhile_closed(struct app_meeting *meeting)
{
    if (meeting->meanwhile != NULL) {
        meeting->meanwhile->posted = false;
    }
}

void meanwhile_committed(struct app_meeting *meeting)
{
    const struct app_meanwhile *meanwhile = meeting->meanwhile;
    if (meanwhile != NULL && meanwhile->posted &&
        meeting->told.seq >= meanwhile->events[meanwhile->count - 1].seq) {
        meanwhile_end(meeting);
    }
}
