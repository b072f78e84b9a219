// A command's way: may they, what follows, the journal. The answer comes through the outbox, after
// the events.
#include "app/app_priv.h"
#include "app/documents_priv.h"
#include "app/door.h"
#include "app/quality_priv.h"
#include "base/text.h"

void app_answer(struct app *app, app_live live, uint64_t request, enum err err, const char *detail)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    app->commands_by_result[err]++;
    if (connection == NULL) {
        return; // nobody waits any more
    }
    struct app_reply reply = {.err = err, .seq = connection->meeting->told.seq};
    text_copy_cut(reply.detail, sizeof(reply.detail), detail != NULL ? detail : "");
    app->ports.reply(app->ports.context, live, request, &reply);
}

void app_answer_join(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    app->commands_by_result[ERR_NONE]++;
    if (connection == NULL) {
        return;
    }
    const struct app_reply reply = {.seq = connection->meeting->told.seq, .sdp = sdp};
    app->ports.reply(app->ports.context, live, request, &reply);
}

static void command_to_meeting(struct app *app, app_live live, uint64_t request,
                               const struct command *command)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    struct meeting_caller caller = meeting_caller(&meeting->decided, connection->participant,
                                                  command->type);
    struct outbox_answer answer = {.live = live, .request = request};
    answer.err = meeting_decide(&meeting->decided, command, &caller, app->wall, &app->events,
                                &answer.detail);
    app_record(app, meeting, &answer);
}

static void command_to_app(struct app *app, app_live live, uint64_t request,
                           const struct command *command)
{
    if (command->type == COMMAND_MEDIA_JOIN) {
        media_join(app, live, request, command->as.media_join.sdp);
    } else if (command->type == COMMAND_MEDIA_LEAVE) {
        media_leave(app, live, request);
    } else if (command->type == COMMAND_LISTEN_SET) {
        media_listen_set(app, live, request, &command->as.listen_set);
    } else if (command->type == COMMAND_ECHO_SET) {
        media_echo_set(app, live, request, command->as.echo_set.on);
    } else if (command->type == COMMAND_RECEIVER_SWITCH) {
        receiver_switch(app, live, request, &command->as.receiver_switch);
    } else if (command->type == COMMAND_RECEIVER_END) {
        receiver_end(app, live, request, &command->as.receiver_end);
    } else if (command->type == COMMAND_DESK_SOUND_REPORT) {
        quality_sound_report(app, live, request, &command->as.desk_sound_report);
    } else if (command->type == COMMAND_DOCUMENT_ADD) {
        document_add_command(app, live, request, &command->as.document_add);
    } else if (command->type == COMMAND_REPORT_READ) {
        app_answer(app, live, request, ERR_UNSUPPORTED, "the report is read by REST");
    } else {
        app_answer(app, live, request, ERR_UNSUPPORTED, "this server does not know how");
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
    const struct participant *participant = meeting_find_participant(&connection->meeting->decided,
                                                                     connection->participant);
    if (participant == NULL ||
        permission_grant(command->type, participant->capacity) == PERMISSION_NONE) {
        app_answer(app, live, request, ERR_FORBIDDEN, "your capacity does not permit this");
    } else if (app->stopping || !outbox_has_room(&app->outbox)) {
        app_answer(app, live, request, ERR_UNAVAILABLE, "the journal takes nothing more now");
    } else if (command_is_meeting(command->type)) {
        command_to_meeting(app, live, request, command);
    } else {
        command_to_app(app, live, request, command);
    }
}
