// A command's way: may they, what follows, the journal. The answer comes through the outbox, after
// the events.
#include "app/app_priv.h"
#include "app/documents_priv.h"
#include "app/door.h"
#include "app/quality_priv.h"
#include "app/stays.h"

static void command_to_meeting(struct app *app, app_live live, uint64_t request,
                               const struct command *command)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    struct meeting_caller caller = meeting_caller(&meeting->decided, connection->participant,
                                                  command->type);
    struct outbox_answer answer = {.live = live, .request = request};
    answer.err = meeting_decide(&meeting->decided, command, &caller, app_meeting_time(app, meeting),
                                &app->events, &answer.refusal);
    app_record(app, meeting, &answer);
}

static void command_to_app(struct app *app, app_live live, uint64_t request,
                           const struct command *command)
{
    switch ((int)command->type) {
    case COMMAND_MEDIA_JOIN: media_join(app, live, request, command->as.media_join.sdp); break;
    case COMMAND_MEDIA_LEAVE: media_leave(app, live, request); break;
    case COMMAND_MEDIA_BLOCKED:
        health_blocked(app, live, request, command->as.media_blocked.blocked);
        break;
    case COMMAND_MEDIA_DEVICES:
        health_devices(app, live, request, &command->as.media_devices);
        break;
    case COMMAND_LISTEN_SET: media_listen_set(app, live, request, &command->as.listen_set); break;
    case COMMAND_LISTEN_SOURCE:
        media_listen_source(app, live, request, &command->as.listen_source);
        break;
    case COMMAND_ECHO_SET: media_echo_set(app, live, request, command->as.echo_set.on); break;
    case COMMAND_RECEIVER_SWITCH:
        receiver_switch(app, live, request, &command->as.receiver_switch);
        break;
    case COMMAND_RECEIVER_END: receiver_end(app, live, request, &command->as.receiver_end); break;
    case COMMAND_DESK_SOUND_REPORT:
        quality_sound_report(app, live, request, &command->as.desk_sound_report);
        break;
    case COMMAND_SESSION_RENEW: stay_renew(app, live, request); break;
    case COMMAND_REPORT_READ: app_refuse(app, live, request, REFUSAL_READ_ELSEWHERE); break;
    default: app_refuse(app, live, request, REFUSAL_UNKNOWN_HERE); break;
    }
}

void app_command(struct app *app, app_live live, uint64_t request, const struct command *command,
                 time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    const struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return;
    }
    const struct participant *participant = person_of(connection->meeting, connection->participant);
    enum refusal_reason reason = storage_permits(app, command->type);
    if (participant == NULL ||
        permission_grant(command->type, participant->capacity) == PERMISSION_NONE) {
        app_refuse(app, live, request, REFUSAL_CAPACITY_FORBIDS);
    } else if (app->stopping) {
        app_refuse(app, live, request, REFUSAL_SERVER_STOPPING);
    } else if (reason == REFUSAL_STORE_CLOSED &&
               meanwhile_command(app, connection, request, command)) {
        return;
    } else if (reason != REFUSAL_NONE) {
        app_refuse(app, live, request, reason);
    } else if (command->type == COMMAND_DOCUMENT_ADD || command->type == COMMAND_DOCUMENT_REMOVE) {
        document_command(app, live, request, command);
    } else if (command_is_meeting(command->type) &&
               participant == connection->attendance->audience) {
        audience_command(app, live, request, command);
    } else if (command_is_meeting(command->type)) {
        command_to_meeting(app, live, request, command);
    } else {
        command_to_app(app, live, request, command);
    }
}
