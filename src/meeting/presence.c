#include "meeting/presence.h"

#include <string.h>

#include "meeting/meeting_priv.h"

static void presence_emit(struct outcome *outcome, const struct participant *participant,
                          enum presence presence)
{
    if (participant->presence == presence) {
        return;
    }
    struct event *event = outcome_draft(outcome, EVENT_PRESENCE_CHANGED);
    id_copy(event->as.presence_changed.participant, participant->id);
    event->as.presence_changed.presence = presence;
    outcome_emit(outcome);
}

void presence_end_sending(struct outcome *outcome, const struct participant *participant)
{
    talkback_end(outcome, participant->id);
    sharing_end_screen(outcome, participant->id);
    sharing_end_camera(outcome, participant);
    floor_close_microphone(outcome, participant->id);
    id_copy(outcome->gone, participant->id);
}

enum err presence_enter(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    enum presence presence = outcome->caller->presence;
    if (presence == PRESENCE_AWAY || presence == PRESENCE_LOST) {
        return outcome_refuse(outcome, REFUSAL_NOT_CONNECTED);
    }
    presence_emit(outcome, outcome->caller, PRESENCE_PRESENT);
    return ERR_NONE;
}

enum err presence_leave(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (outcome->caller->presence != PRESENCE_PRESENT) {
        return ERR_NONE;
    }
    presence_end_sending(outcome, outcome->caller);
    booth_close_desk(outcome, outcome->caller->id);
    speakers_remove_participant(outcome, outcome->caller->id);
    presence_emit(outcome, outcome->caller, PRESENCE_ENTRANCE);
    return ERR_NONE;
}

void meeting_presence_init(struct meeting_presence *presence)
{
    presence->gone_count = 0;
}

static void presence_forget_at(struct meeting_presence *presence, uint32_t at)
{
    presence->gone[at] = presence->gone[--presence->gone_count];
}

static uint32_t presence_find(const struct meeting_presence *presence, const char *participant)
{
    uint32_t at = 0;
    while (at < presence->gone_count && strcmp(presence->gone[at].participant, participant) != 0) {
        at++;
    }
    return at;
}

// Those who are not in the list any more, removed or unlisted, wait here for their deadline, which
// comes to nothing: when there is no room they go.
static void presence_make_room(struct meeting_presence *presence, const struct meeting_state *state)
{
    for (uint32_t at = presence->gone_count; at-- > 0;) {
        if (meeting_find_participant(state, presence->gone[at].participant) == NULL) {
            presence_forget_at(presence, at);
        }
    }
}

static void presence_gone(struct meeting_presence *presence, const struct meeting_state *state,
                          const struct participant *participant, time_ms now, time_ms lost_after_ms,
                          time_ms line_ms)
{
    uint32_t at = presence_find(presence, participant->id);
    if (participant->presence == PRESENCE_AWAY || at < presence->gone_count) {
        return;
    }
    if (presence->gone_count == MEETING_PARTICIPANTS_MAX) {
        presence_make_room(presence, state);
    }
    ASSERT(presence->gone_count < MEETING_PARTICIPANTS_MAX);
    struct meeting_gone *gone = &presence->gone[presence->gone_count++];
    id_copy(gone->participant, participant->id);
    gone->lost_at = now + lost_after_ms + line_ms;
    gone->line_ms = line_ms;
    gone->away_at = now + PRESENCE_AWAY_AFTER_MS;
    bool lost = participant->presence == PRESENCE_LOST;
    gone->deadline = lost ? gone->away_at : gone->lost_at;
}

void meeting_presence_restart(struct meeting_presence *presence, const struct meeting_state *state,
                              time_ms now)
{
    meeting_presence_init(presence);
    for (uint32_t i = 0; i < state->meeting.participants_count; i++) {
        presence_gone(presence, state, &state->meeting.participants[i], now,
                      PRESENCE_RESTART_GRACE_MS, 0);
    }
}

void meeting_presence_resume(struct meeting_presence *presence, const struct meeting_state *state,
                             time_ms now)
{
    for (uint32_t i = 0; i < presence->gone_count; i++) {
        struct meeting_gone *gone = &presence->gone[i];
        const struct participant *found = meeting_find_participant(state, gone->participant);
        bool present = found != NULL && found->presence == PRESENCE_PRESENT;
        gone->deadline = present ? gone->lost_at : gone->away_at;
    }
    for (uint32_t i = 0; i < state->meeting.participants_count; i++) {
        presence_gone(presence, state, &state->meeting.participants[i], now,
                      PRESENCE_RESTART_GRACE_MS, 0);
    }
}

void meeting_presence_move(struct meeting_presence *presence, time_ms by)
{
    for (uint32_t i = 0; i < presence->gone_count; i++) {
        presence->gone[i].lost_at += by;
        presence->gone[i].away_at += by;
        presence->gone[i].deadline += by;
    }
}

enum err meeting_connected(struct meeting_presence *presence, struct meeting_state *state,
                           const char *participant, time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct participant *found = meeting_find_participant(state, participant);
    uint32_t at = presence_find(presence, participant);
    if (at < presence->gone_count) {
        presence_forget_at(presence, at); // also of one who was unlisted meanwhile
    }
    if (found == NULL) {
        return ERR_NOT_FOUND;
    }
    if (found->presence == PRESENCE_AWAY) {
        presence_emit(&outcome, found, PRESENCE_ENTRANCE);
    } else if (found->presence == PRESENCE_LOST) {
        presence_emit(&outcome, found, PRESENCE_PRESENT);
    }
    return ERR_NONE;
}

void meeting_disconnected(struct meeting_presence *presence, const struct meeting_state *state,
                          const char *participant, time_ms round_trip_ms, time_ms now)
{
    const struct participant *found = meeting_find_participant(state, participant);
    if (found != NULL) {
        time_ms trip_ms = round_trip_ms < PRESENCE_ROUND_TRIP_MS ? round_trip_ms
                                                                 : PRESENCE_ROUND_TRIP_MS;
        presence_gone(presence, state, found, now, PRESENCE_LOST_AFTER_MS,
                      PRESENCE_TRIPS * trip_ms);
    }
}

void meeting_source_ended(struct meeting_state *state, const char *participant, time_ms now,
                          struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct participant *found = meeting_find_participant(state, participant);
    if (found != NULL) {
        presence_end_sending(&outcome, found);
        lost_drop(&outcome, found->id, now);
        lost_excuse(&outcome, found->id);
        outcome_settle(&outcome);
    }
}

void meeting_page_left(struct meeting_state *state, const char *participant, time_ms since,
                       time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, participant) != NULL) {
        lost_drop(&outcome, participant, since);
        outcome_settle(&outcome);
    }
}

time_ms meeting_next_deadline(const struct meeting_presence *presence)
{
    time_ms next = PRESENCE_NEVER;
    for (uint32_t i = 0; i < presence->gone_count; i++) {
        if (presence->gone[i].deadline < next) {
            next = presence->gone[i].deadline;
        }
    }
    return next;
}

// The entry whose deadline came first, or gone_count when none has come.
static uint32_t presence_due(const struct meeting_presence *presence, time_ms now)
{
    uint32_t due = presence->gone_count;
    for (uint32_t i = 0; i < presence->gone_count; i++) {
        if (presence->gone[i].deadline <= now &&
            (due == presence->gone_count ||
             presence->gone[i].deadline < presence->gone[due].deadline)) {
            due = i;
        }
    }
    return due;
}

void meeting_on_deadline(struct meeting_presence *presence, struct meeting_state *state,
                         time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    uint32_t at = presence_due(presence, now);
    if (at == presence->gone_count) {
        return;
    }
    struct meeting_gone *gone = &presence->gone[at];
    const struct participant *found = meeting_find_participant(state, gone->participant);
    if (found != NULL && found->presence == PRESENCE_PRESENT) {
        lost_lose(&outcome, found->id);
        lost_excuse(&outcome, found->id);
        presence_end_sending(&outcome, found);
        presence_emit(&outcome, found, PRESENCE_LOST);
        gone->deadline = gone->away_at;
    } else {
        if (found != NULL && found->audience) {
            audience_unlist(&outcome, found);
        } else if (found != NULL) {
            presence_emit(&outcome, found, PRESENCE_AWAY);
        }
        presence_forget_at(presence, at);
    }
    outcome_settle(&outcome);
}
