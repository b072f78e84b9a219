#include "meeting/feed.h"

#include <string.h>

#include "meeting/meeting_priv.h"

_Static_assert((int)FEED_TARGET_FLOOR == (int)CHANNEL_ID_FLOOR + 1 &&
                   (int)FEED_TARGET_ES == (int)CHANNEL_ID_ES + 1,
               "targets are nothing, then the channels in their order");

bool meeting_feed_id_is_valid(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length <= CONTRACT_ID_MAX && id[length] == '\0';
}

static uint32_t feed_at(const struct feed *feeds, uint32_t count, const char *id)
{
    uint32_t at = 0;
    while (at < count && strcmp(feeds[at].id, id) != 0) {
        at++;
    }
    return at;
}

const struct feed *meeting_find_feed(const struct meeting_state *state, const char *id)
{
    uint32_t at = feed_at(state->meeting.feeds, state->meeting.feeds_count, id);
    return at < state->meeting.feeds_count ? &state->meeting.feeds[at] : NULL;
}

static struct feed *feed_find(struct outcome *outcome, const char *id)
{
    uint32_t at = feed_at(outcome->feeds, outcome->feed_count, id);
    return at < outcome->feed_count ? &outcome->feeds[at] : NULL;
}

static void feed_emit(struct outcome *outcome, const struct feed *feed)
{
    outcome_emit(outcome, EVENT_FEED_CHANGED)->as.feed_changed.feed = *feed;
}

static void feed_set_target(struct outcome *outcome, struct feed *feed, enum feed_target target)
{
    feed->position = 0;
    feed->silent_since = 0;
    feed->closes_at = 0;
    if (target == FEED_TARGET_FLOOR) {
        feed->target = FEED_TARGET_NONE; // so that it does not stand in its own way
        feed->position = floor_free_position(outcome);
    }
    feed->target = target;
    feed->put_at = target != FEED_TARGET_NONE ? outcome->now : 0;
}

void feed_leave_floor(struct outcome *outcome, struct feed *feed)
{
    ASSERT(feed->target == FEED_TARGET_FLOOR);
    feed_set_target(outcome, feed, FEED_TARGET_NONE);
    feed_emit(outcome, feed);
}

void feed_leave_floor_all(struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->feed_count; i++) {
        if (outcome->feeds[i].target == FEED_TARGET_FLOOR) {
            feed_leave_floor(outcome, &outcome->feeds[i]);
        }
    }
}

const struct feed *feed_heard(const struct outcome *outcome, enum channel_id channel)
{
    const struct feed *heard = NULL;
    for (uint32_t i = 0; i < outcome->feed_count; i++) {
        const struct feed *feed = &outcome->feeds[i];
        bool here = feed->sound && (int)feed->target == (int)channel + 1;
        if (here && (heard == NULL || feed->put_at >= heard->put_at)) {
            heard = feed;
        }
    }
    return heard;
}

enum err feed_put(struct outcome *outcome)
{
    const struct command_feed_put *put = &outcome->command->as.feed_put;
    struct feed *feed = feed_find(outcome, put->feed);
    if (feed == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_FEED);
    }
    if (feed->target == put->target) {
        return ERR_NONE;
    }
    if (put->target == FEED_TARGET_FLOOR && floor_is_full(outcome)) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_PLACES_TAKEN);
    }
    feed_set_target(outcome, feed, put->target);
    feed_emit(outcome, feed);
    return ERR_NONE;
}

static void feed_remove(struct outcome *outcome, struct feed *feed)
{
    struct event *event = outcome_emit(outcome, EVENT_FEED_REMOVED);
    id_copy(event->as.feed_removed.feed, feed->id);
    uint32_t at = (uint32_t)(feed - outcome->feeds);
    outcome->feed_count--;
    memmove(feed, feed + 1, (outcome->feed_count - at) * sizeof *feed);
}

enum err feed_end(struct outcome *outcome)
{
    struct feed *feed = feed_find(outcome, outcome->command->as.feed_end.feed);
    if (feed == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_FEED);
    }
    feed_remove(outcome, feed);
    return ERR_NONE;
}

static enum feed_target feed_first_target(const struct outcome *outcome, const char *id)
{
    enum feed_target target = FEED_TARGET_NONE;
    if (!feed_target_from_text(id, &target)) {
        return FEED_TARGET_NONE;
    }
    if (target != FEED_TARGET_FLOOR) {
        return target;
    }
    bool may = outcome->caller != NULL &&
               permission_grant(COMMAND_FEED_PUT, outcome->caller->capacity) != PERMISSION_NONE;
    return may && !floor_is_full(outcome) ? FEED_TARGET_FLOOR : FEED_TARGET_NONE;
}

enum err meeting_feed_begin(const struct meeting_state *state, const struct meeting_feed_wish *wish,
                            time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    *ret_refusal = (struct refusal){0};
    if (!meeting_feed_id_is_valid(wish->id)) {
        return refuse(ret_refusal, REFUSAL_FEED_NAME_UNFIT);
    }
    if (feed_find(&outcome, wish->id) != NULL) {
        return ERR_NONE;
    }
    if (outcome.feed_count == MEETING_FEEDS_MAX) {
        return refuse_most(ret_refusal, REFUSAL_FEEDS_FULL, MEETING_FEEDS_MAX);
    }
    outcome.caller = meeting_find_participant(state, wish->participant);
    struct feed *feed = &outcome.feeds[outcome.feed_count];
    memset(feed, 0, sizeof *feed);
    id_copy(feed->id, wish->id);
    id_copy(feed->participant, outcome.caller != NULL ? outcome.caller->id : "");
    feed->since = outcome.now;
    feed_set_target(&outcome, feed, feed_first_target(&outcome, wish->id));
    outcome.feed_count++;
    outcome_emit(&outcome, EVENT_FEED_ADDED)->as.feed_added.feed = *feed;
    outcome_settle(&outcome);
    return ERR_NONE;
}

void meeting_feed_delivers(const struct meeting_state *state, const char *id, bool sound,
                           bool picture, time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct feed *feed = feed_find(&outcome, id);
    if (feed == NULL || (feed->sound == sound && feed->picture == picture)) {
        return;
    }
    feed->sound = sound;
    feed->picture = picture;
    feed_emit(&outcome, feed);
    outcome_settle(&outcome);
}

void meeting_feed_silent(const struct meeting_state *state, const char *id, time_ms since,
                         time_ms closes_at, time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct feed *feed = feed_find(&outcome, id);
    if (feed == NULL || feed->target != FEED_TARGET_FLOOR ||
        (feed->silent_since != 0) == (since != 0)) {
        return;
    }
    feed->silent_since = since;
    feed->closes_at = since != 0 ? closes_at : 0;
    feed_emit(&outcome, feed);
    outcome_settle(&outcome);
}

void meeting_feed_end(const struct meeting_state *state, const char *id, time_ms now,
                      struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct feed *feed = feed_find(&outcome, id);
    if (feed != NULL) {
        feed_remove(&outcome, feed);
        outcome_settle(&outcome);
    }
}
