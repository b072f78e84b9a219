// A feed that holds a place on the floor and is not heard is told like an open microphone of the
// floor, and leaves the floor by the same time. Elsewhere it holds no place: one of digital silence
// counts as one that delivers nothing.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "meeting/feed.h"

void feed_hearing_heard(struct app *app, struct app_door *door, const struct link_message *message)
{
    time_ms now = app_meeting_time(app, door->meeting);
    door->sounded = door->sounded || message->active;
    door->silent_since = hearing_since_when(now, message->active, door->silent_since);
    door->quiet_since = hearing_since_when(now, message->sounding, door->quiet_since);
    app_wake_at(app, app->now);
}

static time_ms quiet_due(const struct app_door *door)
{
    return door->quiet_since != 0 ? door->quiet_since + HEARING_NO_SOUND_MS : PRESENCE_NEVER;
}

bool feed_hearing_sounds(const struct app *app, const struct app_door *door,
                         const struct feed *feed)
{
    bool delivers = door->delivers[TRACK_NAME_MICROPHONE];
    if (!delivers || feed->target == FEED_TARGET_FLOOR || door->quiet_since == 0) {
        return delivers;
    }
    // In a pause it stays what it was: until it is heard nothing, and then for two seconds.
    bool lapsed = hearing_knows(app) && quiet_due(door) <= app_meeting_time(app, door->meeting);
    return feed->sound && !lapsed;
}

// Since when it is missed; 0: it is heard, or has a moment left. *ret_due is when that may change
// by time alone.
static time_ms judge_feed(const struct app *app, const struct app_meeting *meeting,
                          const struct feed *feed, time_ms *ret_due)
{
    const struct app_door *door = door_publishing(meeting, feed->id);
    *ret_due = PRESENCE_NEVER;
    if (!hearing_knows(app) || door == NULL) {
        return feed->silent_since;
    }
    bool silent = door->silent_since != 0;
    bool film = feed->picture && !door->sounded; // a hall's camera comes without sound
    if (film || (!silent && door->quiet_since == 0)) {
        return 0;
    }
    time_ms settled = hearing_settled_at(app, meeting);
    time_ms from = feed->put_at > settled ? feed->put_at : settled;
    time_ms since = silent ? door->silent_since : door->quiet_since;
    // Where it has just been put, or connects, it has as long as one that is quiet.
    bool ceased = silent && since > from && since > door->since;
    since = since > from ? since : from;
    *ret_due = since + (ceased ? HEARING_NO_PACKETS_MS : HEARING_NO_SOUND_MS);
    if (*ret_due <= app_meeting_time(app, meeting)) {
        return since;
    }
    return silent ? feed->silent_since : 0; // no packets any more: that is no sound either
}

static void tell_feed(struct app *app, struct app_meeting *meeting, const struct feed *feed)
{
    time_ms due;
    time_ms since = judge_feed(app, meeting, feed, &due);
    if ((since != 0) != (feed->silent_since != 0)) {
        int64_t close_ms = app->config.close_silent_ms;
        meeting_feed_silent(&meeting->decided, feed->id, since, close_ms > 0 ? since + close_ms : 0,
                            app_meeting_time(app, meeting), &app->events);
        meanwhile_record(app, meeting);
    }
}

// When it no longer counts as sound; PRESENCE_NEVER: by time alone it stays as it is.
static time_ms sound_due(const struct app *app, const struct app_meeting *meeting,
                         const struct feed *feed)
{
    const struct app_door *door = door_publishing(meeting, feed->id);
    return feed->sound && door != NULL && hearing_knows(app) ? quiet_due(door) : PRESENCE_NEVER;
}

static time_ms next_of_feed(const struct app *app, const struct app_meeting *meeting,
                            const struct feed *feed)
{
    time_ms now = app_meeting_time(app, meeting);
    time_ms due;
    if (feed->target != FEED_TARGET_FLOOR) {
        due = sound_due(app, meeting, feed);
        return hearing_ahead(now, due, false);
    }
    bool silent = judge_feed(app, meeting, feed, &due) != 0;
    return hearing_ahead(now, due, silent == (feed->silent_since != 0));
}

static void look_at_meeting(struct app *app, struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    bool falls_quiet = false;
    for (uint32_t i = 0; i < decided->feeds_count && meanwhile_may_decide(app, meeting); i++) {
        const struct feed *feed = &decided->feeds[i];
        if (feed->target == FEED_TARGET_FLOOR) {
            tell_feed(app, meeting, feed);
        } else {
            falls_quiet = falls_quiet ||
                          sound_due(app, meeting, feed) <= app_meeting_time(app, meeting);
        }
    }
    // door_feeds.c, later in this turn.
    meeting->feeds_dirty = meeting->feeds_dirty || falls_quiet;
}

static time_ms next_of_meeting(const struct app *app, const struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    time_ms next = PRESENCE_NEVER;
    for (uint32_t i = 0; i < decided->feeds_count; i++) {
        time_ms due = next_of_feed(app, meeting, &decided->feeds[i]);
        next = due < next ? due : next;
    }
    return next;
}

const struct app_part feed_hearing_part = {.meeting_on_deadline = look_at_meeting,
                                           .meeting_next_deadline = next_of_meeting};
