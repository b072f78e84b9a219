#include "api/sign_in.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/json_guard.h"
#include "api/problem.h"
#include "api/respond.h"
#include "base/text.h"
#include "contract/json.h"

// One password being checked. Belongs to the control thread before `work` and after; the worker
// reads `password` and fills `check`.
struct sign_in_job {
    struct api *api;
    uint64_t request;
    char remote[64];
    char path[64];
    char password[SIGN_IN_PASSWORD_MAX + 1];
    struct app_password_check check;
    struct sign_in_job *next;
};

static void refuse(struct api *api, const char *path, enum err err, const char *field, int wait_s,
                   struct api_response *ret_response)
{
    const struct problem problem = {.err = err, .field = field, .instance = path};
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    ret_response->retry_after_s = wait_s;
}

static void respond_session(struct api *api, const struct session *session,
                            struct api_response *ret_response)
{
    api->counters.sign_ins++;
    respond_json(ret_response, 201, session_encode(session));
    text_copy_cut(ret_response->location, sizeof(ret_response->location), "/api/v1/session");
}

// Failures alone are counted: a hall of delegates behind one address signs in at once.
static void sign_in_by_link(struct api *api, const struct api_request *in, const char *token,
                            struct api_response *ret_response)
{
    struct session session = {0};
    enum err result = app_sign_in_link(api->app, token, api->wall, &session);
    if (result == ERR_NONE) {
        respond_session(api, &session, ret_response);
        return;
    }
    int wait_s = 0;
    api->counters.sign_ins_refused++;
    if (remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, in->remote, api->wall, &wait_s) !=
        ERR_NONE) {
        api->counters.rate_limited++;
        result = ERR_TOO_MANY;
    }
    refuse(api, in->path, result, NULL, wait_s, ret_response);
}

static void job_unlink(struct sign_in_job *job)
{
    struct sign_in_job **at = &job->api->jobs;
    while (*at != job) {
        at = &(*at)->next;
    }
    *at = job->next;
}

static void job_free(struct sign_in_job *job)
{
    explicit_bzero(job, sizeof(*job));
    free(job);
}

static void job_work(void *argument)
{
    struct sign_in_job *job = argument;
    app_password_verify(&job->check, job->password);
    explicit_bzero(job->password, sizeof(job->password));
}

static void job_done(void *argument)
{
    struct sign_in_job *job = argument;
    struct api *api = job->api;
    struct session session = {0};
    struct api_response response = {0};
    enum err result = app_password_end(api->app, &job->check, api->wall, &session);
    if (result == ERR_NONE) {
        remote_limits_give_back(api->limits, REMOTE_LIMIT_SIGN_IN, job->remote, api->wall);
        respond_session(api, &session, &response);
    } else {
        api->counters.sign_ins_refused++;
        refuse(api, job->path, result, NULL, 0, &response);
    }
    uint64_t request = job->request;
    job_unlink(job);
    job_free(job);
    api->ports.respond(api->ports.context, request, &response);
    api_response_finish(&response);
}

// True when the answer is in *ret_response; false when it comes after the check.
static bool sign_in_by_password(struct api *api, uint64_t request, const struct api_request *in,
                                const struct sign_in *wish, struct api_response *ret_response)
{
    int wait_s = 0;
    if (remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, in->remote, api->wall, &wait_s) !=
        ERR_NONE) {
        api->counters.rate_limited++;
        refuse(api, in->path, ERR_TOO_MANY, NULL, wait_s, ret_response);
        return true;
    }
    struct sign_in_job *job = calloc(1, sizeof(*job));
    enum err result = job == NULL ? ERR_FULL
                                  : app_password_begin(api->app, wish->account, wish->meeting,
                                                       api->wall, &job->check);
    if (result != ERR_NONE) {
        free(job);
        refuse(api, in->path, result, NULL, result == ERR_TOO_MANY ? 60 : 0, ret_response);
        return true;
    }
    job->api = api;
    job->request = request;
    text_copy_cut(job->remote, sizeof(job->remote), in->remote != NULL ? in->remote : "");
    text_copy_cut(job->path, sizeof(job->path), in->path);
    text_copy_cut(job->password, sizeof(job->password), wish->password);
    job->next = api->jobs;
    api->jobs = job;
    if (!api->ports.run_work(api->ports.context, job_work, job_done, job)) {
        job_unlink(job);
        job_free(job);
        refuse(api, in->path, ERR_UNAVAILABLE, NULL, 5, ret_response);
        return true;
    }
    return false;
}

static bool is_json(const char *content_type)
{
    static const char json[] = "application/json";
    if (content_type == NULL || strncasecmp(content_type, json, sizeof(json) - 1) != 0) {
        return false;
    }
    char after = content_type[sizeof(json) - 1];
    return after == '\0' || after == ';' || after == ' ';
}

static enum err read_wish(const struct api_request *in, struct sign_in *ret_wish,
                          char field[CODEC_FIELD_MAX + 1])
{
    field[0] = '\0';
    if (in->body_size > API_BODY_MAX) {
        return ERR_TOO_LARGE;
    }
    if (!is_json(in->content_type)) {
        return ERR_UNSUPPORTED;
    }
    json_t *body = NULL;
    enum err result = json_guard_parse(in->body, in->body_size, &body);
    if (result == ERR_NONE) {
        result = sign_in_decode(body, ret_wish, field);
    }
    json_decref(body);
    return result;
}

bool sign_in(struct api *api, uint64_t request, const struct api_request *in,
             struct api_response *ret_response)
{
    struct sign_in wish;
    char field[CODEC_FIELD_MAX + 1];
    enum err result = read_wish(in, &wish, field);
    bool answered = true;
    if (result != ERR_NONE) {
        refuse(api, in->path, result, field, 0, ret_response);
    } else if (wish.token[0] != '\0' && (wish.account[0] != '\0' || wish.password[0] != '\0')) {
        refuse(api, in->path, ERR_INVALID, "token", 0, ret_response);
    } else if (wish.token[0] != '\0') {
        sign_in_by_link(api, in, wish.token, ret_response);
    } else if (wish.account[0] == '\0' || wish.password[0] == '\0') {
        refuse(api, in->path, ERR_INVALID, wish.account[0] == '\0' ? "account" : "password", 0,
               ret_response);
    } else {
        answered = sign_in_by_password(api, request, in, &wish, ret_response);
    }
    explicit_bzero(&wish, sizeof(wish));
    return answered;
}

void sign_in_finish(struct api *api)
{
    while (api->jobs != NULL) {
        struct sign_in_job *job = api->jobs;
        api->jobs = job->next;
        job_free(job);
    }
}
