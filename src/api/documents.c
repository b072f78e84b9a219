#include "api/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/authentication.h"
#include "api/doors.h"
#include "api/problem.h"
#include "api/respond.h"
#include "app/documents.h"
#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"

#define CONTENT_RETRY_S 3

// Belongs to the control thread before `work` and after; the worker writes `row` and `err`.
struct content_job {
    struct api *api;
    uint64_t request;
    char path[96];
    const char *database;
    struct content_row row;
    char *body; // owned
    size_t body_size;
    enum err err;
    struct content_job *next;
};

static void refuse(struct api *api, const char *path, enum err err, struct refusal refusal,
                   struct api_response *ret_response)
{
    const struct problem problem = {.err = err, .refusal = &refusal, .instance = path};
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    ret_response->retry_after_s = err == ERR_UNAVAILABLE ? CONTENT_RETRY_S : 0;
}

#define LARGE_BODY_GRACE_US (30 * TIME_US_PER_S) // nobody is called slow before

// ---- How large a body may be

// Whether it is a document of this meeting that is sent.
static bool is_document(const struct api_request *in, char meeting[CONTRACT_ID_MAX + 1])
{
    static const char before[] = "/api/v1/meetings/";
    static const char after[] = "/documents";
    size_t length = strlen(in->path);
    length -= length > 0 && in->path[length - 1] == '/';
    return in->method == API_POST && strncmp(in->path, before, sizeof(before) - 1) == 0 &&
           length >= sizeof(before) + sizeof(after) - 2 &&
           strncmp(in->path + length - (sizeof(after) - 1), after, sizeof(after) - 1) == 0 &&
           text_copy_n(meeting, CONTRACT_ID_MAX + 1, in->path + sizeof(before) - 1,
                       length - (sizeof(before) - 1) - (sizeof(after) - 1)) == ERR_NONE;
}

static size_t bytes_per_s(const struct api_large_body *body, time_us now)
{
    return body->received / (size_t)((now - body->since) / TIME_US_PER_S + 1);
}

// The slowest of those that have had the time to show what they can; its place is free then.
static struct api_large_body *give_up_slowest(struct api *api, time_us now)
{
    struct api_large_body *slowest = NULL;
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        struct api_large_body *place = &api->large_bodies[i];
        if (now - place->since >= LARGE_BODY_GRACE_US &&
            (slowest == NULL || bytes_per_s(place, now) < bytes_per_s(slowest, now))) {
            slowest = place;
        }
    }
    if (slowest != NULL) {
        *slowest = (struct api_large_body){0};
    }
    return slowest;
}

// ERR_UNAVAILABLE: one at a time, and few in all.
static enum err take_large_place(struct api *api, uint64_t request,
                                 const struct app_identity *identity)
{
    struct api_large_body *free_place = NULL;
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        struct api_large_body *place = &api->large_bodies[i];
        if (place->request == 0) {
            free_place = place;
        } else if (text_equal(place->participant, identity->participant) &&
                   text_equal(place->meeting, identity->meeting)) {
            return ERR_UNAVAILABLE;
        }
    }
    free_place = free_place != NULL ? free_place : give_up_slowest(api, api->now);
    if (free_place == NULL) {
        return ERR_UNAVAILABLE;
    }
    *free_place = (struct api_large_body){.request = request, .since = api->now};
    text_copy_cut(free_place->participant, sizeof(free_place->participant), identity->participant);
    text_copy_cut(free_place->meeting, sizeof(free_place->meeting), identity->meeting);
    return ERR_NONE;
}

static enum err begin_document(struct api *api, uint64_t request,
                               const struct app_identity *identity, const char *meeting,
                               uint64_t size)
{
    size_t room = app_content_room(api->app, identity, meeting);
    return room == 0     ? ERR_FORBIDDEN
           : size > room ? ERR_TOO_LARGE
                         : take_large_place(api, request, identity);
}

enum err api_body_begin(struct api *api, uint64_t request, const struct api_request *in,
                        uint64_t size, time_us now, time_ms wall, struct api_response *ret_response)
{
    char meeting[CONTRACT_ID_MAX + 1];
    struct app_identity identity;
    uint64_t person = 0;
    enum err err = ERR_TOO_LARGE;
    api_set_now(api, now, wall);
    *ret_response = (struct api_response){0};
    if (is_document(in, meeting)) {
        err = authenticate(api, in, in->bearer, wall, &identity, ret_response);
        if (err != ERR_NONE) {
            return err;
        }
        person = identity_number(&identity);
        err = begin_document(api, request, &identity, meeting, size);
    }
    if (err != ERR_NONE) {
        refuse(api, in->path, err, (struct refusal){REFUSAL_NONE}, ret_response);
        ret_response->cross_origin = doors_have_path(in->path);
    }
    ret_response->person = person;
    return err;
}

bool api_body_received(struct api *api, uint64_t request, size_t size)
{
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        if (api->large_bodies[i].request == request) {
            api->large_bodies[i].received += size;
            return true;
        }
    }
    return false;
}

void api_body_end(struct api *api, uint64_t request)
{
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        if (api->large_bodies[i].request == request) {
            api->large_bodies[i] = (struct api_large_body){0};
        }
    }
}

// ---- Sending

static void job_free(struct content_job *job)
{
    free(job->body);
    free(job);
}

static void job_unlink(struct content_job *job)
{
    struct content_job **at = &job->api->contents;
    while (*at != job) {
        at = &(*at)->next;
    }
    *at = job->next;
}

static void job_work(void *argument)
{
    struct content_job *job = argument;
    job->err = app_content_keep(job->database, &job->row, job->body, job->body_size);
}

static void job_done(void *argument)
{
    struct content_job *job = argument;
    struct api *api = job->api;
    struct api_response response = {0};
    if (job->err == ERR_NONE) {
        respond_json(&response, 201, content_encode(&job->row.content));
        snprintf(response.location, sizeof(response.location), "/api/v1/meetings/%s/documents/%s",
                 job->row.meeting, job->row.content.id);
    } else if (job->err == ERR_INVALID) {
        refuse(api, job->path, ERR_INVALID, (struct refusal){REFUSAL_CONTENTS_STRANGE}, &response);
    } else if (job->err == ERR_FULL) {
        refuse(api, job->path, ERR_FULL,
               (struct refusal){REFUSAL_DOCUMENTS_FULL, .most = MEETING_DOCUMENTS_MAX}, &response);
    } else {
        refuse(api, job->path, job->err == ERR_STORAGE ? ERR_STORAGE : ERR_UNAVAILABLE,
               (struct refusal){REFUSAL_NONE}, &response);
    }
    uint64_t request = job->request;
    job_unlink(job);
    job_free(job);
    api->ports.respond(api->ports.context, request, &response);
    api_response_finish(&response);
}

// Parameters (charset) are allowed, as long as a text is UTF-8.
static bool form_of(const char *content_type, enum document_form *ret_form)
{
    size_t length = content_type != NULL ? strcspn(content_type, "; \t") : 0;
    if (length == 15 && strncasecmp(content_type, "application/pdf", length) == 0) {
        *ret_form = DOCUMENT_FORM_PDF;
        return true;
    }
    *ret_form = DOCUMENT_FORM_TEXT;
    return length == 10 && strncasecmp(content_type, "text/plain", length) == 0;
}

static bool is_crowded(const struct api *api, const struct content_row *row)
{
    uint32_t count = 0;
    bool same = false;
    for (const struct content_job *job = api->contents; job != NULL; job = job->next) {
        count++;
        same = same || (text_equal(job->row.participant, row->participant) &&
                        text_equal(job->row.meeting, row->meeting));
    }
    return same || count >= API_CONTENTS_MAX;
}

bool content_request(struct api *api, uint64_t request, const struct api_request *in,
                     const struct app_identity *identity, const char *meeting,
                     struct api_response *ret_response)
{
    enum document_form form;
    struct content_row row = {0};
    size_t room = app_content_room(api->app, identity, meeting);
    enum err err = room == 0 ? ERR_FORBIDDEN : ERR_NONE;
    if (err == ERR_NONE && !form_of(in->content_type, &form)) {
        refuse(api, in->path, ERR_UNSUPPORTED, (struct refusal){REFUSAL_DOCUMENT_KINDS},
               ret_response);
        ret_response->status = 415;
        return true;
    }
    if (err == ERR_NONE) {
        err = in->body_size > room ? ERR_TOO_LARGE : in->body_size == 0 ? ERR_INVALID : ERR_NONE;
    }
    text_copy_cut(row.participant, sizeof(row.participant), identity->participant);
    text_copy_cut(row.meeting, sizeof(row.meeting), meeting);
    if (err == ERR_NONE && is_crowded(api, &row)) {
        err = ERR_UNAVAILABLE;
    }
    if (err == ERR_NONE) {
        err = app_content_begin(api->app, identity, meeting, form, api->wall, &row);
    }
    struct content_job *job = err == ERR_NONE ? calloc(1, sizeof(*job)) : NULL;
    if (job == NULL) {
        refuse(api, in->path, err != ERR_NONE ? err : ERR_UNAVAILABLE,
               (struct refusal){REFUSAL_NONE}, ret_response);
        return true;
    }
    *job = (struct content_job){.api = api,
                                .request = request,
                                .database = app_content_path(api->app),
                                .row = row,
                                .body = *in->take_body,
                                .body_size = in->body_size,
                                .next = api->contents};
    *in->take_body = NULL;
    text_copy_cut(job->path, sizeof(job->path), in->path);
    api->contents = job;
    if (!api->ports.run_content(api->ports.context, job_work, job_done, job)) {
        job_unlink(job);
        job_free(job);
        refuse(api, in->path, ERR_UNAVAILABLE, (struct refusal){REFUSAL_NONE}, ret_response);
        return true;
    }
    return false;
}

void documents_finish(struct api *api)
{
    while (api->contents != NULL) {
        struct content_job *job = api->contents;
        api->contents = job->next;
        job_free(job);
    }
}

// ---- Reading

struct document_stream {
    struct api_stream stream;
    struct api *api;
    char meeting[CONTRACT_ID_MAX + 1];
    char document[CONTRACT_ID_MAX + 1];
};

static int64_t stream_read(struct api_stream *stream, uint64_t at, char *to, size_t size)
{
    struct document_stream *document = (struct document_stream *)stream;
    size_t read = 0;
    enum err err = app_document_read(document->api->app, document->meeting, document->document, at,
                                     to, size, &read);
    return err == ERR_NONE && read > 0 ? (int64_t)read : -1; // removed meanwhile
}

static void stream_finish(struct api_stream *stream)
{
    free(stream);
}

// RFC 8187: everything but letters and digits is percent-encoded.
static void name_file(const struct document *document, char *to, size_t size)
{
    struct text_builder text = text_builder(to, size);
    text_append(&text, "inline; filename*=UTF-8''");
    for (const char *at = document->title; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9');
        text_append_format(&text, plain ? "%c" : "%%%02X", byte);
    }
    text_append(&text, document->form == DOCUMENT_FORM_PDF ? ".pdf" : ".txt");
    ASSERT(!text.failed);
}

void document_request(struct api *api, const struct api_request *in,
                      const struct app_identity *identity, const char *meeting,
                      const char *document, struct api_response *ret_response)
{
    struct document found;
    enum err err = app_document_find(api->app, identity, meeting, document, &found);
    struct document_stream *stream = err == ERR_NONE ? calloc(1, sizeof(*stream)) : NULL;
    if (stream == NULL) {
        refuse(api, in->path, err != ERR_NONE ? err : ERR_UNAVAILABLE,
               (struct refusal){REFUSAL_NONE}, ret_response);
        return;
    }
    stream->stream = (struct api_stream){
        .size = (uint64_t)found.size, .read = stream_read, .finish = stream_finish};
    stream->api = api;
    text_copy_cut(stream->meeting, sizeof(stream->meeting), meeting);
    text_copy_cut(stream->document, sizeof(stream->document), found.id);
    *ret_response = (struct api_response){.status = 200,
                                          .content_type = found.form == DOCUMENT_FORM_PDF
                                                              ? "application/pdf"
                                                              : "text/plain; charset=utf-8",
                                          .stream = &stream->stream};
    name_file(&found, ret_response->disposition, sizeof(ret_response->disposition));
    snprintf(ret_response->etag, sizeof(ret_response->etag), "\"%.32s\"", found.sha256);
}
