// What must be true of the channels, once a batch is whole. Stated again from the desks, the floor
// and the feeds, not by calling the functions that decide: one of the two would show the other's
// mistake.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static bool check_on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

// Journals from before digital silence gave way to the other microphone have it carried: then it
// counts as heard.
enum check_rule { CHECK_SOUND, CHECK_PACKETS };

static int check_lacks(enum silence silence, enum check_rule rule)
{
    if (silence == SILENCE_NO_SOUND) {
        return rule == CHECK_SOUND ? 1 : 0;
    }
    return silence == SILENCE_NONE ? 0 : 2;
}

static bool check_prefers(const struct desk *desk, const struct desk *other, enum check_rule rule)
{
    bool speaks = desk->microphone == MICROPHONE_ON;
    if (speaks != (other->microphone == MICROPHONE_ON)) {
        return speaks;
    }
    bool lacks = rule == CHECK_SOUND && desk->silence != SILENCE_NONE;
    bool other_lacks = rule == CHECK_SOUND && other->silence != SILENCE_NONE;
    return lacks != other_lacks ? other_lacks : desk->opened > other->opened;
}

static const struct desk *check_holder(const struct meeting *meeting, enum channel_id id,
                                       enum check_rule rule, uint32_t *ret_booths)
{
    const struct desk *best = NULL;
    *ret_booths = 0;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        bool feeds = false;
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            if (!check_on_air(desk) || (int)desk->target != (int)id) {
                continue;
            }
            feeds = true;
            if (best == NULL || check_prefers(desk, best, rule)) {
                best = desk;
            }
        }
        *ret_booths += feeds;
    }
    return best;
}

// The delivering feed that was put on the channel last.
static const struct feed *check_newest_feed(const struct meeting *meeting, enum channel_id id)
{
    const struct feed *newest = NULL;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        const struct feed *feed = &meeting->feeds[i];
        if ((int)feed->target == (int)id + 1 && feed->sound &&
            (newest == NULL || feed->put_at >= newest->put_at)) {
            newest = feed;
        }
    }
    return newest;
}

static bool check_carries(const struct channel *channel, enum channel_state state,
                          const char *holder, const char *feed)
{
    // Journals from before channels knew their depth have none.
    return channel->state == state && strcmp(channel->holder, holder) == 0 &&
           strcmp(channel->feed, feed) == 0 &&
           (channel->depth == 0 || state == CHANNEL_STATE_INTERPRETED);
}

// One that is awaited comes before those that are known not to be heard.
static int check_floor_lacks(const struct floor_microphone *floor, enum check_rule rule)
{
    return 2 * check_lacks(floor->silence, rule) + (floor->awaited ? 1 : 0);
}

static const char *check_floor_by(const struct meeting *meeting, const struct channel *channel,
                                  enum check_rule rule)
{
    const struct feed *feed = check_newest_feed(meeting, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = meeting->floor_count > 0
                                                ? &meeting->floor[meeting->floor_count - 1]
                                                : NULL;
    if (meeting->floor_count == 2 &&
        check_floor_lacks(&meeting->floor[0], rule) < check_floor_lacks(newest, rule)) {
        newest = &meeting->floor[0];
    }
    if (feed != NULL &&
        (newest == NULL || check_lacks(newest->silence, rule) > 0 ||
         ((newest->opened_at < feed->put_at || newest->awaited) && feed->silent_since == 0))) {
        return check_carries(channel, CHANNEL_STATE_FLOOR, "", feed->id)
                   ? NULL
                   : "a channel does not carry the feed on the floor";
    }
    if (newest != NULL) {
        return check_carries(channel, CHANNEL_STATE_FLOOR, newest->participant, "")
                   ? NULL
                   : "a channel does not carry the newest floor microphone";
    }
    return check_carries(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

static const char *check_floor_carried(const struct meeting *meeting, const struct channel *channel)
{
    return check_floor_by(meeting, channel, CHECK_PACKETS) == NULL
               ? NULL
               : check_floor_by(meeting, channel, CHECK_SOUND);
}

static const char *check_forced(const struct meeting_state *state, const struct channel *channel)
{
    if (channel->feed[0] != '\0') {
        return "a channel routed by hand carries a feed";
    }
    if (channel->holder[0] == '\0') {
        return channel->state == CHANNEL_STATE_SILENT ? NULL : "a silenced channel is not silent";
    }
    const struct participant *holder = meeting_find_participant(state, channel->holder);
    bool open = holder != NULL && holder->presence == PRESENCE_PRESENT &&
                (holder->microphone != MICROPHONE_OFF ||
                 capacity_can(holder->capacity, ABILITY_ROUTES_SOUND));
    bool of_router = open && capacity_can(holder->capacity, ABILITY_ROUTES_SOUND);
    if (channel->silent_since != 0 && !of_router) {
        return "a channel waits for what it is not routed to";
    }
    return open ? NULL : "a channel is routed to a closed microphone";
}

static const char *check_channel(const struct meeting_state *state, const struct channel *channel)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t booths = 0;
    const struct desk *on_air = check_holder(meeting, channel->id, CHECK_SOUND, &booths);
    const struct desk *newest = check_holder(meeting, channel->id, CHECK_PACKETS, &booths);
    if (booths > 1) {
        return "an output has holders of two booths";
    }
    if (channel->forced) {
        return check_forced(state, channel);
    }
    if (channel->silent_since != 0) {
        return "a channel is missed that is not routed by hand";
    }
    // One of which nothing is heard gives way; journals from before have it carried.
    bool carried = on_air != NULL &&
                   (check_carries(channel, CHANNEL_STATE_INTERPRETED, on_air->participant, "") ||
                    check_carries(channel, CHANNEL_STATE_INTERPRETED, newest->participant, ""));
    if (carried) {
        return NULL;
    }
    if (on_air != NULL && on_air->silence == SILENCE_NONE) {
        return "a channel does not carry its holder";
    }
    bool language = channel->id != CHANNEL_ID_FLOOR;
    const struct feed *feed = language ? check_newest_feed(meeting, channel->id) : NULL;
    if (feed != NULL) {
        return check_carries(channel, CHANNEL_STATE_INTERPRETED, "", feed->id) &&
                       channel->depth <= 1 && channel->source == LANGUAGE_NONE
                   ? NULL
                   : "a channel does not carry its feed";
    }
    if (channel->auto_floor || !language) {
        return check_floor_carried(meeting, channel);
    }
    return check_carries(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

const char *check_channels(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    if (meeting->floor_language != LANGUAGE_NONE &&
        meeting->channels[CHANNEL_ID_FLOOR].state == CHANNEL_STATE_SILENT) {
        return "a language is spoken, and nobody speaks";
    }
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        const char *broken = (uint32_t)meeting->channels[i].id != i
                                 ? "the channels are out of order"
                                 : check_channel(state, &meeting->channels[i]);
        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
}
