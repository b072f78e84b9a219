// What each channel carries: its booth when a desk is on the air (a coughing one holds it, silent),
// else the feed put on it while that delivers, else the floor when auto-floor is on, else nothing.
// Channel `floor` carries what came to the floor last: the newest open microphone, or a delivering
// feed.
#include "meeting/meeting_priv.h"

#include <string.h>

_Static_assert((int)CHANNEL_ID_AR == (int)LANGUAGE_AR && (int)CHANNEL_ID_ES == (int)LANGUAGE_ES,
               "languages and their channels have the same numbers");
_Static_assert(CHANNEL_ID_COUNT == MEETING_CHANNELS_MAX, "always seven channels");

static const struct desk *channel_desk(const struct booth *booth)
{
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        if (booth_desk_on_air(&booth->desks[i])) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

// True when something is on the floor to be carried.
static bool channel_take_floor(const struct outcome *outcome, struct channel *wanted)
{
    const struct feed *feed = feed_heard(outcome, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = outcome->floor_count > 0
                                                ? &outcome->floor[outcome->floor_count - 1]
                                                : NULL;
    if (newest != NULL && (feed == NULL || newest->opened_at >= feed->put_at)) {
        id_copy(wanted->holder, newest->participant);
    } else if (feed != NULL) {
        id_copy(wanted->feed, feed->id);
    }
    return newest != NULL || feed != NULL;
}

static struct channel channel_wanted(const struct outcome *outcome, enum channel_id id)
{
    struct channel wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.id = id;
    wanted.state = CHANNEL_STATE_SILENT;
    wanted.auto_floor = outcome->channels[id].auto_floor;
    const struct desk *desk = id == CHANNEL_ID_FLOOR
                                  ? NULL
                                  : channel_desk(booth_of(outcome->booths, outcome->booth_count,
                                                          (enum language)id));
    const struct feed *feed = id == CHANNEL_ID_FLOOR ? NULL : feed_heard(outcome, id);
    if (desk != NULL) {
        wanted.state = CHANNEL_STATE_INTERPRETED;
        id_copy(wanted.holder, desk->participant);
    } else if (feed != NULL) {
        wanted.state = CHANNEL_STATE_INTERPRETED;
        id_copy(wanted.feed, feed->id);
    } else if ((wanted.auto_floor || id == CHANNEL_ID_FLOOR) &&
               channel_take_floor(outcome, &wanted)) {
        wanted.state = CHANNEL_STATE_FLOOR;
    }
    return wanted;
}

static bool channel_equal(const struct channel *a, const struct channel *b)
{
    return a->state == b->state && a->auto_floor == b->auto_floor &&
           strcmp(a->holder, b->holder) == 0 && strcmp(a->feed, b->feed) == 0;
}

void channel_settle(struct outcome *outcome)
{
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        struct channel wanted = channel_wanted(outcome, (enum channel_id)i);
        if (!channel_equal(&wanted, &outcome->state->meeting.channels[i])) {
            outcome_emit(outcome, EVENT_CHANNEL_CHANGED)->as.channel_changed.channel = wanted;
        }
        outcome->channels[i] = wanted;
    }
}

enum err channel_auto_floor(struct outcome *outcome)
{
    enum channel_id id = outcome->command->as.channel_auto_floor.channel;
    if (id == CHANNEL_ID_FLOOR) {
        return outcome_refuse(outcome, ERR_INVALID, "the floor itself has no auto-floor");
    }
    outcome->channels[id].auto_floor = outcome->command->as.channel_auto_floor.on;
    return ERR_NONE; // channel_settle emits the change
}

void channel_init_all(struct meeting *meeting)
{
    meeting->channels_count = CHANNEL_ID_COUNT;
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        meeting->channels[i].id = (enum channel_id)i;
        meeting->channels[i].auto_floor = i != CHANNEL_ID_FLOOR;
    }
}

void channel_apply_changed(struct meeting_state *state, const struct event *event)
{
    const struct channel *from = &event->as.channel_changed.channel;
    ASSERT((uint32_t)from->id < state->meeting.channels_count);
    struct channel *to = &state->meeting.channels[from->id];
    to->state = from->state;
    to->auto_floor = from->auto_floor;
    id_copy(to->holder, from->holder);
    id_copy(to->feed, from->feed);
}
