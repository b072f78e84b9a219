#include "app/answer.h"

#include "app/app_priv.h"

static void reply(struct app *app, app_live live, uint64_t request, struct app_reply reply)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    app->commands_by_result[reply.err]++;
    if (connection == NULL) {
        return; // nobody waits any more
    }
    reply.seq = connection->meeting->told.seq;
    app->ports.reply(app->ports.context, live, request, &reply);
}

void app_answer(struct app *app, app_live live, uint64_t request)
{
    reply(app, live, request, (struct app_reply){.err = ERR_NONE});
}

void app_refuse(struct app *app, app_live live, uint64_t request, enum refusal_reason reason)
{
    reply(app, live, request,
          (struct app_reply){.err = refusal_reason_err(reason), .refusal.reason = reason});
}

void app_answer_as(struct app *app, const struct outbox_answer *answer)
{
    reply(app, answer->live, answer->request,
          (struct app_reply){.err = answer->err, .refusal = answer->refusal});
}

void app_answer_join(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    reply(app, live, request, (struct app_reply){.err = ERR_NONE, .sdp = sdp});
}

void app_refuse_join(struct app *app, app_live live, uint64_t request, enum err err,
                     const char *detail)
{
    reply(app, live, request,
          (struct app_reply){
              .err = err, .refusal.reason = REFUSAL_OFFER_NOT_TAKEN, .detail = detail});
}

void app_refuse_unwritten(struct app *app, const struct outbox_answer *answer)
{
    if (answer != NULL && answer->err != ERR_NONE) {
        app_answer_as(app, answer);
    } else if (answer != NULL) {
        app_refuse(app, answer->live, answer->request, REFUSAL_STORE_CLOSED);
    }
}
