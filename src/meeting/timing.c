#include "meeting/timing.h"

#include "meeting/meeting_priv.h"
#include "meeting/presence.h"

#include <stddef.h>

enum timing_kind {
    TIMING_NONE,
    TIMING_HANDOVER,
    TIMING_ALARM,
    TIMING_CHIME,
    TIMING_SILENT,
    TIMING_FEED
};

struct timing {
    time_ms at;
    enum timing_kind kind;
    uint32_t booth; // TIMING_SILENT: the floor microphone; TIMING_FEED: the feed
    uint32_t desk;
};

static void timing_offer(struct timing *first, time_ms at, enum timing_kind kind, uint32_t booth,
                         uint32_t desk)
{
    if (at < first->at) {
        *first = (struct timing){.at = at, .kind = kind, .booth = booth, .desk = desk};
    }
}

static struct timing timing_first(const struct meeting *meeting)
{
    struct timing first = {.at = PRESENCE_NEVER};
    const struct booth *booths = meeting->booths;
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        if (meeting->floor[i].closes_at != 0) {
            timing_offer(&first, meeting->floor[i].closes_at, TIMING_SILENT, i, 0);
        }
    }
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        if (meeting->feeds[i].closes_at != 0) {
            timing_offer(&first, meeting->feeds[i].closes_at, TIMING_FEED, i, 0);
        }
    }
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &booths[i];
        if (booth->handover.deadline != 0) {
            timing_offer(&first, booth->handover.deadline, TIMING_HANDOVER, i, 0);
        }
        timing_offer(&first, booth_alarm_due(booth), TIMING_ALARM, i, 0);
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            timing_offer(&first, rota_chime_due(booth, &booth->desks[j]), TIMING_CHIME, i, j);
        }
    }
    return first;
}

bool meeting_is_quiet(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    bool busy = meeting->sitting == SITTING_STATE_OPEN || meeting->floor_count > 0;
    for (uint32_t i = 0; i < meeting->booths_count && !busy; i++) {
        const struct booth *booth = &meeting->booths[i];
        busy = booth->handover.state != HANDOVER_STATE_NONE;
        for (uint32_t j = 0; j < booth->desks_count && !busy; j++) {
            const struct desk *desk = &booth->desks[j];
            busy = booth_desk_on_air(desk) || hearing_is_opening(desk);
        }
    }
    for (uint32_t i = 0; i < meeting->feeds_count && !busy; i++) {
        busy = meeting->feeds[i].target == FEED_TARGET_FLOOR;
    }
    return !busy;
}

time_ms meeting_timing_deadline(const struct meeting_state *state)
{
    return timing_first(&state->meeting).at;
}

void meeting_timing_on_deadline(struct meeting_state *state, time_ms now,
                                struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct timing due = timing_first(&state->meeting);
    if (due.at > now) {
        return;
    }
    const struct meeting *meeting = &state->meeting;
    const struct booth *booth = &meeting->booths[due.booth];
    if (due.kind == TIMING_SILENT) {
        floor_close_silent(&outcome, due.booth);
    } else if (due.kind == TIMING_FEED) {
        feed_leave_floor(&outcome, &meeting->feeds[due.booth]);
    } else if (due.kind == TIMING_HANDOVER) {
        handover_tell(&outcome, booth, HANDOVER_DUE, "");
    } else if (due.kind == TIMING_ALARM) {
        booth_alarm(&outcome, booth);
    } else if (due.kind == TIMING_CHIME) {
        booth_chime(&outcome, booth, &booth->desks[due.desk]);
    }
    outcome_settle(&outcome);
}
