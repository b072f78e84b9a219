// Where feeds go: on the floor, on a language's channel, nowhere.
#include "meeting/feed.h"
#include "meeting/meeting_priv.h"

void feed_change(struct outcome *outcome, const struct feed *wish)
{
    outcome_draft(outcome, EVENT_FEED_CHANGED)->as.feed_changed.feed = *wish;
    outcome_emit(outcome);
}

struct feed feed_placed(const struct outcome *outcome, const struct feed *feed,
                        enum feed_target target)
{
    struct feed placed = *feed;
    bool floor = target == FEED_TARGET_FLOOR;
    ASSERT(!floor || feed->target != FEED_TARGET_FLOOR); // it would stand in its own way
    placed.target = target;
    placed.position = floor ? floor_free_position(&outcome->state->meeting) : 0;
    placed.put_at = target != FEED_TARGET_NONE ? outcome->now : 0;
    placed.silent_since = 0;
    placed.closes_at = 0;
    return placed;
}

void feed_leave_floor(struct outcome *outcome, const struct feed *feed)
{
    ASSERT(feed->target == FEED_TARGET_FLOOR);
    const struct feed wish = feed_placed(outcome, feed, FEED_TARGET_NONE);
    feed_change(outcome, &wish);
}

void feed_leave_floor_all(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        if (meeting->feeds[i].target == FEED_TARGET_FLOOR) {
            feed_leave_floor(outcome, &meeting->feeds[i]);
        }
    }
}

enum err feed_put(struct outcome *outcome)
{
    const struct command_feed_put *put = &outcome->command->as.feed_put;
    const struct feed *feed = meeting_find_feed(outcome->state, put->feed);
    if (feed == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_FEED);
    }
    if (feed->target == put->target) {
        return ERR_NONE;
    }
    if (put->target == FEED_TARGET_FLOOR && floor_is_full(&outcome->state->meeting)) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_PLACES_TAKEN);
    }
    const struct feed wish = feed_placed(outcome, feed, put->target);
    feed_change(outcome, &wish);
    return ERR_NONE;
}

void feed_remove(struct outcome *outcome, const struct feed *feed)
{
    struct event *event = outcome_draft(outcome, EVENT_FEED_REMOVED);
    id_copy(event->as.feed_removed.feed, feed->id);
    outcome_emit(outcome);
}

enum err feed_end(struct outcome *outcome)
{
    const struct feed *feed = meeting_find_feed(outcome->state, outcome->command->as.feed_end.feed);
    if (feed == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_FEED);
    }
    feed_remove(outcome, feed);
    return ERR_NONE;
}
