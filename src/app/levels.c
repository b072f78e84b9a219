// How loud the microphones are, as their clients say in each packet: a notice at most five times a
// second to those who watch over the sound.
#include "app/levels.h"

#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"

#define LEVELS_READERS                                                            \
    ((UINT32_C(1) << CAPACITY_MODERATOR) | (UINT32_C(1) << CAPACITY_TECHNICIAN) | \
     (UINT32_C(1) << CAPACITY_INTERPRETER))

static struct source_level *quietest_of(struct notice_levels_changed *list)
{
    struct source_level *quietest = &list->levels[0];
    for (uint32_t i = 1; i < list->levels_count; i++) {
        if (list->levels[i].level > quietest->level) {
            quietest = &list->levels[i];
        }
    }
    return quietest;
}

static void note(struct app *app, struct app_meeting *meeting, const struct source_level *level)
{
    struct notice_levels_changed *list = &meeting->levels;
    struct source_level *place = NULL;
    for (uint32_t i = 0; place == NULL && i < list->levels_count; i++) {
        if (text_equal(list->levels[i].participant, level->participant) &&
            text_equal(list->levels[i].feed, level->feed)) {
            place = &list->levels[i];
        }
    }
    if (place == NULL && list->levels_count < NOTICE_LEVELS_CHANGED_LEVELS_MAX) {
        list->levels[list->levels_count++] = *level;
    } else {
        place = place != NULL ? place : quietest_of(list);
        if (level->level < place->level) {
            *place = *level;
        }
    }
    app_wake_at(app, meeting->levels_due > app->now ? meeting->levels_due : app->now);
}

static const struct link_level *level_of(const struct link_message *message, link_source source)
{
    for (uint16_t i = 0; source != 0 && i < message->level_count; i++) {
        if (message->levels[i].source == source) {
            return &message->levels[i];
        }
    }
    return NULL;
}

void levels_receive(struct app *app, const struct link_message *message)
{
    handle any;
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        const struct app_peer *peer = pool_at(&app->peers, i, &any);
        const struct link_level *found = peer != NULL
                                             ? level_of(message,
                                                        peer->sources[TRACK_NAME_MICROPHONE])
                                             : NULL;
        if (found != NULL) {
            struct source_level level = {.level = found->level};
            memcpy(level.participant, peer->participant, sizeof(level.participant));
            note(app, peer->meeting, &level);
        }
    }
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        const struct app_door *door = pool_at(&app->doors, i, &any);
        const struct link_level *found = door != NULL && door->kind == APP_DOOR_PUBLISH
                                             ? level_of(message,
                                                        door->sources[TRACK_NAME_MICROPHONE])
                                             : NULL;
        if (found != NULL) {
            struct source_level level = {.level = found->level};
            memcpy(level.feed, door->name, sizeof(level.feed));
            note(app, door->meeting, &level);
        }
    }
}

static void levels_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        struct app_meeting *meeting = app->meetings[i];
        if (meeting->levels.levels_count > 0 && meeting->levels_due <= app->now) {
            meeting->levels_due = app->now + APP_LEVELS_EVERY_US;
            app->notice.type = NOTICE_LEVELS_CHANGED;
            app->notice.as.levels_changed = meeting->levels;
            meeting->levels.levels_count = 0;
            live_notice_all(app, meeting, LEVELS_READERS);
        }
    }
}

static time_us levels_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        if (meeting->levels.levels_count > 0 && meeting->levels_due < next) {
            next = meeting->levels_due;
        }
    }
    return next;
}

const struct app_part levels_part = {.on_deadline = levels_on_deadline,
                                     .next_deadline = levels_next_deadline};
