#include "api/sign_in.h"

#include <string.h>

#include "api/authentication.h"
#include "api/json_guard.h"
#include "api/password_job.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

#define SLOWED_WAIT_S 60 // after repeated failures from the same place

// One password that waits or is being checked. The worker reads `password` and fills `check`.
struct sign_in_job {
    struct password_job job;
    char remote[64];
    char password[SIGN_IN_PASSWORD_MAX + 1];
    struct app_password_check check;
};

// ---- The check of a password

static struct sign_in_job *sign_in_job_of(struct job *job)
{
    return (struct sign_in_job *)job;
}

static void check_work(struct job *job)
{
    struct sign_in_job *sign_in = sign_in_job_of(job);
    app_password_verify(&sign_in->check, sign_in->password);
    explicit_bzero(sign_in->password, sizeof(sign_in->password));
}

static void give_back_limit(struct sign_in_job *sign_in)
{
    const struct api *api = sign_in->job.job.api;
    if (!sign_in->check.trusted) {
        remote_limits_give_back(api->limits, REMOTE_LIMIT_SIGN_IN, sign_in->remote,
                                api->now / TIME_US_PER_MS);
    }
}

// What was not checked counts against nobody.
static void check_dropped(struct job *job)
{
    struct sign_in_job *sign_in = sign_in_job_of(job);
    job->api->counters.sign_ins_refused++;
    app_password_unchecked(job->api->app, &sign_in->check);
    give_back_limit(sign_in);
}

static void check_done(struct job *job, struct call *call)
{
    struct sign_in_job *sign_in = sign_in_job_of(job);
    struct api *api = job->api;
    struct session session = {0};
    struct refusal refusal;
    enum err result = app_password_end(api->app, &sign_in->check, api->wall, &session, &refusal);
    if (result == ERR_NONE) {
        give_back_limit(sign_in);
        sign_in_respond(call, &session);
        return;
    }
    api->counters.sign_ins_refused++;
    if (refusal.reason == REFUSAL_CODE_NEEDED) { // the password was right
        give_back_limit(sign_in);
    } else {
        password_queue_failed(&api->passwords, &sign_in->job.place, api->now);
    }
    call_refuse_as(call, &(struct problem){.err = result, .refusal = &refusal});
}

static const struct job_kind check_kind = {.size = sizeof(struct sign_in_job),
                                           .work = check_work,
                                           .done = check_done,
                                           .dropped = check_dropped};

// ---- Asking for it

// ERR_TOO_MANY for a stranger's address that has failed too often.
static enum err may_be_checked(struct api *api, const struct api_request *in,
                               const struct app_password_check *check, int *ret_wait_s)
{
    if (check->trusted) {
        return ERR_NONE;
    }
    enum err err = remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, in->remote,
                                      api->now / TIME_US_PER_MS, ret_wait_s);
    api->counters.rate_limited += err != ERR_NONE;
    return err;
}

static enum err begin_check(const struct call *call, const struct sign_in *wish,
                            struct app_password_check *ret_check, int *ret_wait_s)
{
    struct api *api = call->api;
    const struct app_password_wish who = {.account = wish->account,
                                          .meeting = wish->meeting,
                                          .device = wish->device,
                                          .code = wish->code,
                                          .remote = call->in->remote};
    enum err result = app_password_begin(api->app, &who, api->wall, ret_check);
    if (result != ERR_NONE) {
        *ret_wait_s = result == ERR_TOO_MANY ? SLOWED_WAIT_S : 0;
        return result;
    }
    result = may_be_checked(api, call->in, ret_check, ret_wait_s);
    if (result != ERR_NONE) {
        app_password_unchecked(api->app, ret_check);
    }
    return result;
}

static void sign_in_by_password(struct call *call, const struct sign_in *wish)
{
    struct job *job = job_create(call, &check_kind);
    if (job == NULL) {
        call_refuse(call, ERR_FULL);
        return;
    }
    struct sign_in_job *sign_in = sign_in_job_of(job);
    const char *remote = call->in->remote;
    int wait_s = 0;
    enum err result = begin_check(call, wish, &sign_in->check, &wait_s);
    if (result != ERR_NONE) {
        job_discard(job);
        call_refuse_for(call, result, wait_s);
        return;
    }
    text_copy_cut(sign_in->remote, sizeof(sign_in->remote), remote != NULL ? remote : "");
    text_copy_cut(sign_in->password, sizeof(sign_in->password), wish->password);
    password_job_begin(&sign_in->job, wish->account, remote, sign_in->check.trusted);
}

static enum err read_wish(const struct api_request *in, struct sign_in *ret_wish,
                          char field[CODEC_FIELD_MAX + 1])
{
    field[0] = '\0';
    json_t *body = NULL;
    enum err result = json_guard_parse(in->body, in->body_size, JSON_GUARD_BODY_VALUES, &body);
    if (result == ERR_NONE) {
        result = sign_in_decode(body, ret_wish, field);
    }
    json_decref(body);
    return result;
}

void rest_session_create(struct call *call)
{
    struct sign_in wish;
    char field[CODEC_FIELD_MAX + 1];
    enum err result = read_wish(call->in, &wish, field);
    if (result != ERR_NONE) {
        call_refuse_field(call, result, field);
    } else if (wish.token[0] != '\0' && (wish.account[0] != '\0' || wish.password[0] != '\0')) {
        call_refuse_field(call, ERR_INVALID, "token");
    } else if (wish.token[0] != '\0') {
        if (!sign_in_by_ticket(call, wish.token)) {
            sign_in_by_link(call, wish.token);
        }
    } else if (wish.account[0] == '\0' || wish.password[0] == '\0') {
        call_refuse_field(call, ERR_INVALID, wish.account[0] == '\0' ? "account" : "password");
    } else {
        sign_in_by_password(call, &wish);
    }
    explicit_bzero(&wish, sizeof(wish));
}
