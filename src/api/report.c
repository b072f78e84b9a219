#include "api/report.h"

#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/problem.h"
#include "api/respond.h"
#include "base/text.h"

#define REPORT_RETRY_S 3

// Belongs to the control thread before `work` and after; the worker reads `wish` and fills the
// rest.
struct report_job {
    struct api *api;
    uint64_t request;
    char path[96];
    struct api_report_wish wish;
    char participant[CONTRACT_ID_MAX + 1]; // who asked
    enum err err;
    char *body; // owned
    size_t body_size;
    struct report_job *next;
};

static void refuse(struct api *api, const char *path, enum err err, const char *field,
                   struct api_response *ret_response)
{
    const struct problem problem = {.err = err, .field = field, .instance = path};
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    bool later = err == ERR_UNAVAILABLE || err == ERR_TOO_MANY;
    ret_response->retry_after_s = later ? REPORT_RETRY_S : 0;
}

static void job_free(struct report_job *job)
{
    free(job->body);
    free(job);
}

static void job_unlink(struct report_job *job)
{
    struct report_job **at = &job->api->reports;
    while (*at != job) {
        at = &(*at)->next;
    }
    *at = job->next;
}

static void job_work(void *argument)
{
    struct report_job *job = argument;
    const struct api_ports *ports = &job->api->ports;
    job->err = ports->report_make(ports->context, &job->wish, &job->body, &job->body_size);
}

static void job_done(void *argument)
{
    struct report_job *job = argument;
    struct api *api = job->api;
    struct api_response response = {0};
    if (job->err == ERR_NONE) {
        respond_owned(&response, 200,
                      job->wish.form == API_REPORT_PDF ? "application/pdf" : "application/json",
                      job->body, job->body_size);
        job->body = NULL;
    } else {
        refuse(api, job->path, job->err, NULL, &response);
    }
    uint64_t request = job->request;
    job_unlink(job);
    job_free(job);
    api->ports.respond(api->ports.context, request, &response);
    api_response_finish(&response);
}

static enum err read_language(const struct api_request *in, enum language *ret_language)
{
    char text[8];
    enum err err = query_value(in->query, "language", text, sizeof(text));
    *ret_language = LANGUAGE_EN;
    if (err == ERR_NOT_FOUND) {
        return ERR_NONE;
    }
    return err == ERR_NONE && language_from_text(text, ret_language) &&
                   *ret_language != LANGUAGE_NONE
               ? ERR_NONE
               : ERR_INVALID;
}

// ERR_TOO_MANY for whoever waits for one already.
static enum err may_wait(const struct api *api, const struct app_identity *identity,
                         const char *meeting)
{
    uint32_t count = 0;
    for (const struct report_job *job = api->reports; job != NULL; job = job->next) {
        count++;
        if (text_equal(job->participant, identity->participant) &&
            text_equal(job->wish.meeting, meeting)) {
            return ERR_TOO_MANY;
        }
    }
    return count < API_REPORTS_MAX ? ERR_NONE : ERR_UNAVAILABLE;
}

bool report_request(struct api *api, uint64_t request, const struct api_request *in,
                    const struct app_identity *identity, const char *meeting,
                    enum api_report_form form, struct api_response *ret_response)
{
    struct api_report_wish wish = {.form = form, .now = app_time(api->app, meeting)};
    enum err err = app_report_permit(api->app, identity, meeting);
    if (err == ERR_NONE) {
        err = text_copy(wish.meeting, sizeof(wish.meeting), meeting);
    }
    if (err != ERR_NONE || read_language(in, &wish.language) != ERR_NONE) {
        refuse(api, in->path, err != ERR_NONE ? err : ERR_INVALID,
               err != ERR_NONE ? NULL : "language", ret_response);
        return true;
    }
    err = may_wait(api, identity, meeting);
    struct report_job *job = err == ERR_NONE ? calloc(1, sizeof(*job)) : NULL;
    if (job == NULL) {
        refuse(api, in->path, err != ERR_NONE ? err : ERR_UNAVAILABLE, NULL, ret_response);
        return true;
    }
    job->api = api;
    job->request = request;
    job->wish = wish;
    text_copy_cut(job->path, sizeof(job->path), in->path);
    text_copy_cut(job->participant, sizeof(job->participant), identity->participant);
    job->next = api->reports;
    api->reports = job;
    if (!api->ports.run_report(api->ports.context, job_work, job_done, job)) {
        job_unlink(job);
        job_free(job);
        refuse(api, in->path, ERR_UNAVAILABLE, NULL, ret_response);
        return true;
    }
    return false;
}

void report_finish(struct api *api)
{
    while (api->reports != NULL) {
        struct report_job *job = api->reports;
        api->reports = job->next;
        job_free(job);
    }
}
