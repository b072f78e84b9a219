#include "api/sign_in.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/authentication.h"
#include "api/json_guard.h"
#include "api/problem.h"
#include "api/respond.h"
#include "base/text.h"
#include "contract/json.h"

#define COME_AGAIN_S 2

// One password that waits or is being checked. Belongs to the control thread before `work` and
// after; the worker reads `password` and fills `check`.
struct sign_in_job {
    struct password_place place; // first: a place is its job
    struct api *api;
    uint64_t request;
    char remote[64];
    char path[64];
    char password[SIGN_IN_PASSWORD_MAX + 1];
    struct app_password_check check;
};

static void check_next(struct api *api);

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
    ret_response->person = person_number(session->account, session->meeting, session->participant);
}

// One link makes few sessions a second: each is written down, and makes the oldest give way.
static bool signs_in_too_often(struct api *api, const char *token, int *ret_wait_s)
{
    struct app_identity identity;
    return app_identify(api->app, token, api->wall, &identity) == ERR_NONE &&
           person_limits_take(api->persons, PERSON_LIMIT_SIGN_IN, identity.meeting,
                              identity.participant, api->now / TIME_US_PER_MS + 1,
                              ret_wait_s) != ERR_NONE;
}

// Of an address failures alone are counted: a hall of delegates behind one signs in at once.
static void sign_in_by_link(struct api *api, const struct api_request *in, const char *token,
                            struct api_response *ret_response)
{
    struct session session = {0};
    int wait_s = 0;
    if (signs_in_too_often(api, token, &wait_s)) {
        api->counters.rate_limited++;
        api->counters.sign_ins_refused++;
        refuse(api, in->path, ERR_TOO_MANY, NULL, wait_s, ret_response);
        return;
    }
    enum err result = app_sign_in_link(api->app, token, in->remote, api->wall, &session);
    if (result == ERR_NONE) {
        respond_session(api, &session, ret_response);
        return;
    }
    api->counters.sign_ins_refused++;
    if (remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, in->remote, api->now / TIME_US_PER_MS,
                           &wait_s) != ERR_NONE) {
        api->counters.rate_limited++;
        result = ERR_TOO_MANY;
    }
    refuse(api, in->path, result, NULL, wait_s, ret_response);
}

static struct sign_in_job *job_of(struct password_place *place)
{
    _Static_assert(offsetof(struct sign_in_job, place) == 0, "a place is its job");
    return (struct sign_in_job *)place;
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

static void job_answer(struct sign_in_job *job, struct api_response *response)
{
    struct api *api = job->api;
    uint64_t request = job->request;
    job_free(job);
    api->ports.respond(api->ports.context, request, response);
    api_response_finish(response);
}

static void job_refuse(struct sign_in_job *job, enum err err, int wait_s)
{
    struct api_response response = {0};
    job->api->counters.sign_ins_refused++;
    refuse(job->api, job->path, err, NULL, wait_s, &response);
    job_answer(job, &response);
}

// What was not checked counts against nobody.
static void give_back(struct api *api, const struct app_password_check *check, const char *remote)
{
    app_password_unchecked(api->app, check);
    if (!check->trusted) {
        remote_limits_give_back(api->limits, REMOTE_LIMIT_SIGN_IN, remote,
                                api->now / TIME_US_PER_MS);
    }
}

static void job_refuse_unchecked(struct sign_in_job *job, enum err err, int wait_s)
{
    give_back(job->api, &job->check, job->remote);
    job_refuse(job, err, wait_s);
}

static void job_done(void *argument)
{
    struct sign_in_job *job = argument;
    struct api *api = job->api;
    struct session session = {0};
    struct api_response response = {0};
    enum err result = app_password_end(api->app, &job->check, api->wall, &session);
    api->password_checked = NULL;
    if (result == ERR_NONE) {
        if (!job->place.known) {
            remote_limits_give_back(api->limits, REMOTE_LIMIT_SIGN_IN, job->remote,
                                    api->now / TIME_US_PER_MS);
        }
        respond_session(api, &session, &response);
        job_answer(job, &response);
    } else {
        password_queue_failed(&api->passwords, &job->place, api->now);
        job_refuse(job, result, 0);
    }
    check_next(api);
}

// Begins with the next one, if none is being checked. Returns the job that could not be begun: one
// at a time has always room on the worker, except while the server ends.
static struct sign_in_job *begin_next(struct api *api)
{
    struct password_place *place = api->password_checked == NULL
                                       ? password_queue_take(&api->passwords, api->now)
                                       : NULL;
    struct sign_in_job *job = place != NULL ? job_of(place) : NULL;
    if (job == NULL || api->ports.run_password(api->ports.context, job_work, job_done, job)) {
        api->password_checked = job != NULL ? job : api->password_checked;
        return NULL;
    }
    return job;
}

static void check_next(struct api *api)
{
    struct sign_in_job *job = begin_next(api);
    if (job != NULL) {
        job_refuse_unchecked(job, ERR_UNAVAILABLE, 5);
    }
}

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

// True when the answer is in *ret_response; false when it comes after the check.
static bool sign_in_by_password(struct api *api, uint64_t request, const struct api_request *in,
                                const struct sign_in *wish, struct api_response *ret_response)
{
    const struct app_password_wish who = {.account = wish->account,
                                          .meeting = wish->meeting,
                                          .device = wish->device,
                                          .remote = in->remote};
    int wait_s = 0;
    struct sign_in_job *job = calloc(1, sizeof(*job));
    enum err result = job == NULL ? ERR_FULL
                                  : app_password_begin(api->app, &who, api->wall, &job->check);
    if (result == ERR_TOO_MANY) {
        wait_s = 60;
    } else if (result == ERR_NONE) {
        result = may_be_checked(api, in, &job->check, &wait_s);
        if (result != ERR_NONE) {
            app_password_unchecked(api->app, &job->check);
        }
    }
    if (result != ERR_NONE) {
        free(job);
        refuse(api, in->path, result, NULL, wait_s, ret_response);
        return true;
    }
    job->api = api;
    job->request = request;
    text_copy_cut(job->remote, sizeof(job->remote), in->remote != NULL ? in->remote : "");
    text_copy_cut(job->path, sizeof(job->path), in->path);
    text_copy_cut(job->password, sizeof(job->password), wish->password);
    text_copy_cut(job->place.account, sizeof(job->place.account), wish->account);
    job->place.known = job->check.trusted;
    network_of_text(job->remote, job->place.network);
    struct password_place *displaced = password_queue_put(&api->passwords, &job->place, api->now);
    if (displaced == &job->place) {
        give_back(api, &job->check, job->remote);
        job_free(job);
        refuse(api, in->path, ERR_TOO_MANY, NULL, COME_AGAIN_S, ret_response);
        return true;
    }
    if (displaced != NULL) {
        job_refuse_unchecked(job_of(displaced), ERR_TOO_MANY, COME_AGAIN_S);
    }
    // Never by ports.respond from within the request itself: http does not wait for it yet.
    struct sign_in_job *unchecked = begin_next(api);
    if (unchecked == job) {
        give_back(api, &job->check, job->remote);
        job_free(job);
        refuse(api, in->path, ERR_UNAVAILABLE, NULL, 5, ret_response);
        return true;
    }
    if (unchecked != NULL) {
        job_refuse_unchecked(unchecked, ERR_UNAVAILABLE, 5);
    }
    return false;
}

time_us sign_in_next_deadline(const struct api *api)
{
    return api->password_checked != NULL ? TIME_US_NEVER : password_queue_next(&api->passwords);
}

void sign_in_on_deadline(struct api *api)
{
    check_next(api);
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
    if (api->password_checked != NULL) {
        job_free(api->password_checked);
    }
    while (api->passwords.newest != NULL) {
        struct sign_in_job *job = job_of(api->passwords.newest);
        api->passwords.newest = job->place.older;
        job_free(job);
    }
}
