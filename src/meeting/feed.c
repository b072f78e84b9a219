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
    return may && !floor_is_full(&outcome->state->meeting) ? FEED_TARGET_FLOOR : FEED_TARGET_NONE;
}

enum err meeting_feed_begin(struct meeting_state *state, const struct meeting_feed_wish *wish,
                            time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    *ret_refusal = (struct refusal){0};
    if (!meeting_feed_id_is_valid(wish->id)) {
        return refuse(ret_refusal, REFUSAL_FEED_NAME_UNFIT);
    }
    if (meeting_find_feed(state, wish->id) != NULL) {
        return ERR_NONE;
    }
    if (state->meeting.feeds_count == MEETING_FEEDS_MAX) {
        return refuse_most(ret_refusal, REFUSAL_FEEDS_FULL, MEETING_FEEDS_MAX);
    }
    outcome.caller = meeting_find_participant(state, wish->participant);
    struct feed feed;
    memset(&feed, 0, sizeof feed);
    feed.since = outcome.now;
    id_copy(feed.id, wish->id);
    id_copy(feed.participant, outcome.caller != NULL ? outcome.caller->id : "");
    feed = feed_placed(&outcome, &feed, feed_first_target(&outcome, wish->id));
    outcome_draft(&outcome, EVENT_FEED_ADDED)->as.feed_added.feed = feed;
    outcome_emit(&outcome);
    outcome_settle(&outcome);
    return ERR_NONE;
}

void meeting_feed_delivers(struct meeting_state *state, const char *id, bool sound, bool picture,
                           time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct feed *feed = meeting_find_feed(state, id);
    if (feed == NULL || (feed->sound == sound && feed->picture == picture)) {
        return;
    }
    struct feed wish = *feed;
    wish.sound = sound;
    wish.picture = picture;
    feed_change(&outcome, &wish);
    outcome_settle(&outcome);
}

void meeting_feed_silent(struct meeting_state *state, const char *id, time_ms since,
                         time_ms closes_at, time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct feed *feed = meeting_find_feed(state, id);
    if (feed == NULL || feed->target != FEED_TARGET_FLOOR ||
        (feed->silent_since != 0) == (since != 0)) {
        return;
    }
    struct feed wish = *feed;
    wish.silent_since = since;
    wish.closes_at = since != 0 ? closes_at : 0;
    feed_change(&outcome, &wish);
    outcome_settle(&outcome);
}

void meeting_feed_end(struct meeting_state *state, const char *id, time_ms now,
                      struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct feed *feed = meeting_find_feed(state, id);
    if (feed != NULL) {
        feed_remove(&outcome, feed);
        outcome_settle(&outcome);
    }
}
