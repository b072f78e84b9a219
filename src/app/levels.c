// How loud the microphones are, as their clients say in each packet: a notice at most five times a
// second to those who watch over the sound.
#include "app/levels.h"

#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"

#define LEVELS_READERS (ABILITY_RUNS_CONSOLE | ABILITY_HAS_DESK)

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

// Of microphones and of publishers' sound; the talkback's is nobody's business.
static void note_sender(struct app *app, const struct app_sender *sender, struct source_level level)
{
    const struct app_peer *peer = sender->peer;
    const struct app_door *door = sender->door;
    if (peer != NULL && sender == &peer->senders[TRACK_NAME_MICROPHONE]) {
        text_copy_cut(level.participant, sizeof(level.participant), peer->participant);
        note(app, peer->meeting, &level);
    } else if (door != NULL && sender == &door->senders[TRACK_NAME_MICROPHONE]) {
        memcpy(level.feed, door->name, sizeof(level.feed));
        note(app, door->meeting, &level);
    }
}

void levels_receive(struct app *app, const struct link_message *message)
{
    for (uint16_t i = 0; i < message->level_count; i++) {
        const struct app_sender *sender = sender_of(app, message->levels[i].source);
        if (sender != NULL) {
            note_sender(app, sender, (struct source_level){.level = message->levels[i].level});
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
