#include "app/app_priv.h"
#include "app/part.h"
#include "meeting/setup.h"

const struct participant *person_of(const struct app_meeting *meeting, const char *id)
{
    const struct participant *listed = meeting_find_participant(&meeting->decided, id);
    if (listed != NULL || !audience_is(id)) {
        return listed;
    }
    const struct app_attendance *attendance = attendance_of(meeting, id);
    return attendance != NULL ? attendance->audience : NULL;
}

enum err person_find(const struct app *app, const struct app_meeting *meeting, const char *id,
                     struct participant *ret_person)
{
    const struct participant *found = person_of(meeting, id);
    if (found != NULL) {
        *ret_person = *found;
        return ERR_NONE;
    }
    return audience_is(id) ? audience_read(app, meeting->id, id, ret_person) : ERR_FORBIDDEN;
}

const struct participant *app_live_audience(const struct app *app, app_live live)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    return connection != NULL ? connection->attendance->audience : NULL;
}

// Whoever answers the call is to see whose it is.
static void call_for_help(struct app *app, const struct app_connection *connection,
                          uint64_t request, enum help_reason reason)
{
    struct app_meeting *meeting = connection->meeting;
    struct outbox_answer answer = {.live = connection->live, .request = request};
    answer.err = meeting_audience_calls(&meeting->decided, connection->attendance->audience, reason,
                                        app_meeting_time(app, meeting), &app->events,
                                        &answer.refusal);
    app_record(app, meeting, &answer);
}

void audience_command(struct app *app, app_live live, uint64_t request,
                      const struct command *command)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct participant *self = connection->attendance->audience;
    if (command->type == COMMAND_HELP_ASK) {
        call_for_help(app, connection, request, command->as.help_ask.reason);
        return;
    }
    if (command->type == COMMAND_HELP_SAY) {
        app_refuse(app, live, request, REFUSAL_CALL_IS_OVER);
        return;
    }
    if (command->type == COMMAND_ROOM_ENTER) {
        self->presence = PRESENCE_PRESENT;
    } else if (command->type == COMMAND_ROOM_LEAVE) {
        self->presence = PRESENCE_ENTRANCE;
    } else if (command->type != COMMAND_HELP_CANCEL) { // of a call that is over
        app_refuse(app, live, request, REFUSAL_CAPACITY_FORBIDS);
        return;
    }
    app_answer(app, live, request);
}

// While they are listed the meeting says where they are, and they go on from there.
static void audience_follow(struct app *app, struct app_meeting *meeting,
                            const struct event *events, uint32_t count)
{
    (void)app;
    for (uint32_t i = 0; i < count; i++) {
        const struct event_presence_changed *changed = &events[i].as.presence_changed;
        if (events[i].type == EVENT_PRESENCE_CHANGED && audience_is(changed->participant) &&
            changed->presence != PRESENCE_LOST) {
            const struct app_attendance *attendance = attendance_of(meeting, changed->participant);
            if (attendance != NULL && attendance->audience != NULL) {
                attendance->audience->presence = changed->presence;
            }
        }
    }
}

static void audience_counts(struct app *app, app_live live, int by)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    if (connection->attendance->audience != NULL) {
        connection->meeting->audience_count += (uint32_t)by;
        health_listeners_changed(app, connection->meeting);
    }
}

static void audience_opened(struct app *app, app_live live)
{
    audience_counts(app, live, 1);
}

static void audience_closing(struct app *app, app_live live, enum app_closing closing)
{
    (void)closing;
    audience_counts(app, live, -1);
}

const struct app_part audience_part = {
    .follow = audience_follow, .live_opened = audience_opened, .live_closing = audience_closing};
