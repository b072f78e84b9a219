// The report of a meeting by REST, as JSON and on paper.
#include <stdlib.h>

#include "api/authentication.h"
#include "api/job.h"
#include "api/respond.h"
#include "base/text.h"
#include "contract/handlers.h"

// The worker reads `wish` and fills the rest.
struct report_job {
    struct job job;
    struct api_report_wish wish;
    enum err err;
    char *body; // owned
    size_t body_size;
};

static struct report_job *report_job_of(struct job *job)
{
    return (struct report_job *)job;
}

static void report_work(struct job *job)
{
    struct report_job *report = report_job_of(job);
    const struct api_ports *ports = &job->api->ports;
    report->err = ports->report_make(ports->context, &report->wish, &report->body,
                                     &report->body_size);
}

static void report_done(struct job *job, struct call *call)
{
    struct report_job *report = report_job_of(job);
    if (report->err != ERR_NONE) {
        call_refuse(call, report->err);
        return;
    }
    respond_owned(&call->response, 200,
                  report->wish.form == API_REPORT_PDF ? "application/pdf" : "application/json",
                  report->body, report->body_size);
    report->body = NULL;
    call_answer(call);
}

static void report_finish(struct job *job)
{
    free(report_job_of(job)->body);
}

static const struct job_kind report_kind = {.size = sizeof(struct report_job),
                                            .work = report_work,
                                            .done = report_done,
                                            .finish = report_finish};

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

void rest_report(struct call *call)
{
    const char *meeting = call->parameters[0];
    struct api_report_wish wish = {.form = call->route == &rest_routes[REST_ROUTE_REPORT_PDF]
                                               ? API_REPORT_PDF
                                               : API_REPORT_JSON,
                                   .now = app_time(call->api->app, meeting)};
    text_copy_cut(wish.meeting, sizeof(wish.meeting), meeting);
    enum err err = app_report_permit(call->api->app, &call->identity, meeting);
    if (err != ERR_NONE) {
        call_refuse(call, err);
        return;
    }
    if (read_language(call->in, &wish.language) != ERR_NONE) {
        call_refuse_field(call, ERR_INVALID, "language");
        return;
    }
    struct job *job = job_create(call, &report_kind);
    if (job == NULL) {
        call_refuse(call, ERR_UNAVAILABLE);
        return;
    }
    report_job_of(job)->wish = wish;
    job_begin(job);
}
