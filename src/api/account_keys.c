// New passwords: by the link of an account, and by its owner. The slow half runs on the worker of
// passwords.
#include <string.h>

#include "api/accounts.h"
#include "api/json_guard.h"
#include "api/password_job.h"
#include "api/sign_in.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

#define SLOWED_WAIT_S 60 // after repeated failures from the same place

// One password that waits or is being made. The worker reads the passwords and fills `key`.
struct key_job {
    struct password_job job;
    char remote[64];
    char before[PASSWORD_CHANGE_BEFORE_MAX + 1];
    char password[PASSWORD_CHANGE_PASSWORD_MAX + 1];
    struct app_account_key key;
};

_Static_assert(PASSWORD_CHANGE_PASSWORD_MAX == ACCOUNT_LINK_USE_PASSWORD_MAX, "one has room");

static struct key_job *key_job_of(struct job *job)
{
    return (struct key_job *)job;
}

// ---- How often an address may

// What failed counts against it, as what fails to sign in does.
static enum err take_limit(struct api *api, const char *remote, int *ret_wait_s)
{
    enum err err = remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, remote,
                                      api->now / TIME_US_PER_MS, ret_wait_s);
    api->counters.rate_limited += err != ERR_NONE;
    return err;
}

static void give_back_limit(const struct key_job *key_job)
{
    struct api *api = key_job->job.job.api;
    if (!key_job->key.check.trusted) {
        remote_limits_give_back(api->limits, REMOTE_LIMIT_SIGN_IN, key_job->remote,
                                api->now / TIME_US_PER_MS);
    }
}

// Not when it is the server that cannot, or the wish that is wrong in a link's holder's hands.
static bool is_a_guess(enum err err)
{
    return err == ERR_NOT_FOUND || err == ERR_CONFLICT || err == ERR_FORBIDDEN;
}

static void refuse_guess(struct call *call, enum err err, const struct app_asking *asking)
{
    int wait_s = 0;
    if (is_a_guess(err) && take_limit(call->api, asking->remote, &wait_s) != ERR_NONE) {
        call_refuse_for(call, ERR_TOO_MANY, wait_s);
        return;
    }
    refuse_asking(call, err, asking, err == ERR_TOO_MANY ? SLOWED_WAIT_S : 0);
}

// ---- The work

static void key_work(struct job *job)
{
    struct key_job *key_job = key_job_of(job);
    app_account_key_make(&key_job->key, key_job->before, key_job->password);
    explicit_bzero(key_job->before, sizeof(key_job->before));
    explicit_bzero(key_job->password, sizeof(key_job->password));
}

// What was not made counts against nobody.
static void key_dropped(struct job *job)
{
    app_account_key_unmade(job->api->app, &key_job_of(job)->key);
    give_back_limit(key_job_of(job));
}

static void link_done(struct job *job, struct call *call)
{
    struct key_job *key_job = key_job_of(job);
    struct app_asking asking = asking_of(call);
    struct session session = {0};
    enum err err = app_account_link_end(job->api->app, &asking, &key_job->key, &session);
    if (err == ERR_NONE || asking.refusal.reason == REFUSAL_CODE_NEEDED) {
        give_back_limit(key_job);
    }
    if (err == ERR_NONE) {
        sign_in_respond(call, &session);
    } else {
        refuse_asking(call, err, &asking, 0);
    }
    explicit_bzero(&session, sizeof(session));
}

static void own_done(struct job *job, struct call *call)
{
    struct key_job *key_job = key_job_of(job);
    struct app_asking asking = asking_of(call);
    enum err err = app_own_password_end(job->api->app, &asking, &key_job->key);
    if (err == ERR_NONE) {
        give_back_limit(key_job);
        call_empty(call, 204);
    } else {
        refuse_asking(call, err, &asking, 0);
    }
}

static const struct job_kind link_kind = {
    .size = sizeof(struct key_job), .work = key_work, .done = link_done, .dropped = key_dropped};
static const struct job_kind own_kind = {
    .size = sizeof(struct key_job), .work = key_work, .done = own_done, .dropped = key_dropped};

// Takes the job. Whoever has a link that is good, or a session, waits for no stranger.
static void begin(struct call *call, struct key_job *key_job, const char *account)
{
    const char *remote = call->in->remote;
    int wait_s = 0;
    text_copy_cut(key_job->remote, sizeof(key_job->remote), remote != NULL ? remote : "");
    if (!key_job->key.check.trusted &&
        take_limit(call->api, key_job->remote, &wait_s) != ERR_NONE) {
        app_account_key_unmade(call->api->app, &key_job->key);
        job_discard(&key_job->job.job);
        call_refuse_for(call, ERR_TOO_MANY, wait_s);
        return;
    }
    password_job_begin(&key_job->job, account, remote, true);
}

// ---- Asking for it

void rest_account_link_look(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct account_link_token link;
    struct account_link_offer offer;
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = read_body(call);
    if (body == NULL) {
        return;
    }
    enum err err = account_link_token_take(body, &link, field, &asking.refusal);
    json_decref(body);
    if (err != ERR_NONE) {
        call_refuse_field(call, err, field);
        return;
    }
    err = app_account_link_look(call->api->app, &asking, link.token, &offer);
    explicit_bzero(&link, sizeof(link));
    if (err == ERR_NONE) {
        call_json(call, 200, account_link_offer_encode(&offer));
    } else {
        refuse_guess(call, err, &asking);
    }
}

static void use_link(struct call *call, struct app_asking *asking,
                     const struct account_link_use *wish)
{
    struct job *job = job_create(call, &link_kind);
    if (job == NULL) {
        call_refuse(call, ERR_FULL);
        return;
    }
    struct key_job *key_job = key_job_of(job);
    enum err err = app_account_link_begin(call->api->app, asking, wish, &key_job->key);
    if (err != ERR_NONE) {
        job_discard(job);
        refuse_guess(call, err, asking);
        return;
    }
    text_copy_cut(key_job->password, sizeof(key_job->password), wish->password);
    begin(call, key_job, key_job->key.account);
}

void rest_account_link_use(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct account_link_use wish;
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = read_body(call);
    if (body == NULL) {
        return;
    }
    enum err err = account_link_use_take(body, &wish, field, &asking.refusal);
    json_decref(body);
    if (err == ERR_NONE) {
        use_link(call, &asking, &wish);
    } else {
        asking.field = field;
        refuse_asking(call, err, &asking, 0);
    }
    explicit_bzero(&wish, sizeof(wish));
}

static void change_password(struct call *call, struct app_asking *asking,
                            const struct password_change *wish)
{
    struct job *job = job_create(call, &own_kind);
    if (job == NULL) {
        call_refuse(call, ERR_FULL);
        return;
    }
    struct key_job *key_job = key_job_of(job);
    enum err err = app_own_password_begin(call->api->app, asking, wish, &key_job->key);
    if (err != ERR_NONE) {
        job_discard(job);
        refuse_asking(call, err, asking, err == ERR_TOO_MANY ? SLOWED_WAIT_S : 0);
        return;
    }
    text_copy_cut(key_job->before, sizeof(key_job->before), wish->before);
    text_copy_cut(key_job->password, sizeof(key_job->password), wish->password);
    begin(call, key_job, key_job->key.account);
}

void rest_own_password_change(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct password_change wish;
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = read_body(call);
    if (body == NULL) {
        return;
    }
    enum err err = password_change_take(body, &wish, field, &asking.refusal);
    json_decref(body);
    if (err == ERR_NONE) {
        change_password(call, &asking, &wish);
    } else {
        asking.field = field;
        refuse_asking(call, err, &asking, 0);
    }
    explicit_bzero(&wish, sizeof(wish));
}
