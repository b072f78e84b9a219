// The contents of documents by REST: sent whole and checked, written by a worker; read in pieces
// while they are sent.
#include "app/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/job.h"
#include "api/media_type.h"
#include "api/reader.h"
#include "api/respond.h"
#include "base/assert.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

// ---- Sending

// The worker writes `row` and `err`.
struct content_job {
    struct job job;
    const char *database;
    struct content_row row;
    char *body; // owned
    size_t body_size;
    enum err err;
};

static struct content_job *content_job_of(struct job *job)
{
    return (struct content_job *)job;
}

static void content_work(struct job *job)
{
    struct content_job *content = content_job_of(job);
    content->err = app_content_keep(content->database, &content->row, content->body,
                                    content->body_size);
}

static void refuse_content(struct call *call, enum err err)
{
    struct refusal refusal = {REFUSAL_NONE};
    if (err == ERR_INVALID) {
        refusal.reason = REFUSAL_CONTENTS_STRANGE;
    } else if (err == ERR_FULL) {
        refusal = (struct refusal){REFUSAL_CONTENTS_FULL, .most = APP_CONTENT_MEETING_MAX >> 20};
    } else if (err != ERR_STORAGE) {
        err = ERR_UNAVAILABLE;
    }
    call_refuse_as(call, &(struct problem){.err = err, .refusal = &refusal});
}

static void content_done(struct job *job, struct call *call)
{
    struct content_job *content = content_job_of(job);
    if (content->err != ERR_NONE) {
        refuse_content(call, content->err);
        return;
    }
    respond_json(&call->response, 201, content_encode(&content->row.content));
    snprintf(call->response.location, sizeof(call->response.location),
             "/api/v1/meetings/%s/documents/%s", content->row.meeting, content->row.content.id);
    call_answer(call);
}

static void content_finish(struct job *job)
{
    free(content_job_of(job)->body);
}

static const struct job_kind content_kind = {.size = sizeof(struct content_job),
                                             .work = content_work,
                                             .done = content_done,
                                             .finish = content_finish};

size_t rest_content_send_room(const struct call *call)
{
    return app_content_room(call->api->app, &call->identity, call->parameters[0]);
}

static enum err begin_content(const struct call *call, struct content_job *content)
{
    const struct api_request *in = call->in;
    enum document_form form = media_type_is(in->content_type, "application/pdf")
                                  ? DOCUMENT_FORM_PDF
                                  : DOCUMENT_FORM_TEXT;
    size_t room = rest_content_send_room(call);
    if (room == 0) {
        return ERR_FORBIDDEN;
    }
    if (in->body_size == 0 || in->body_size > room) {
        return in->body_size == 0 ? ERR_INVALID : ERR_TOO_LARGE;
    }
    return app_content_begin(call->api->app, &call->identity, call->parameters[0], form,
                             call->api->wall, &content->row);
}

void rest_content_send(struct call *call)
{
    struct job *job = job_create(call, &content_kind);
    if (job == NULL) {
        call_refuse(call, ERR_UNAVAILABLE);
        return;
    }
    struct content_job *content = content_job_of(job);
    enum err err = begin_content(call, content);
    if (err != ERR_NONE) {
        job_discard(job);
        call_refuse(call, err);
        return;
    }
    content->database = app_content_path(call->api->app);
    content->body = *call->in->take_body;
    content->body_size = call->in->body_size;
    *call->in->take_body = NULL;
    job_begin(job);
}

// ---- Reading

struct document_stream {
    struct api_stream stream;
    struct reader reader;
    char document[CONTRACT_ID_MAX + 1];
};

static int64_t stream_read(struct api_stream *stream, uint64_t at, char *to, size_t size)
{
    struct document_stream *document = (struct document_stream *)stream;
    struct reader *reader = &document->reader;
    struct app_document_piece piece = {.at = at, .to = to, .max = size};
    enum err err = reader_is_let_in(reader)
                       ? app_document_read(reader->api->app, &reader->identity, reader->meeting,
                                           document->document, &piece)
                       : ERR_FORBIDDEN;
    return err == ERR_NONE && piece.size > 0 ? (int64_t)piece.size : -1; // removed meanwhile
}

static void stream_finish(struct api_stream *stream)
{
    struct document_stream *document = (struct document_stream *)stream;
    reader_finish(&document->reader);
    free(document);
}

// NULL when memory is short.
static struct document_stream *stream_begin(const struct call *call, const struct document *found)
{
    struct document_stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL || reader_begin(&stream->reader, call) != ERR_NONE) {
        free(stream);
        return NULL;
    }
    stream->stream = (struct api_stream){
        .size = (uint64_t)found->size, .read = stream_read, .finish = stream_finish};
    text_copy_cut(stream->document, sizeof(stream->document), found->id);
    return stream;
}

#define FILE_NAME_MAX 240 // bytes of the title: file systems take 255

// RFC 8187: everything but letters and digits is percent-encoded.
static void name_file(const struct document *document, char *to, size_t size)
{
    char name[FILE_NAME_MAX + 1];
    text_copy_cut(name, sizeof(name), document->title);
    struct text_builder text = text_builder(to, size);
    text_append(&text, "inline; filename*=UTF-8''");
    for (const char *at = name; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9');
        text_append_format(&text, plain ? "%c" : "%%%02X", byte);
    }
    text_append(&text, document->form == DOCUMENT_FORM_PDF ? ".pdf" : ".txt");
    ASSERT(!text.failed);
}

void rest_document_read(struct call *call)
{
    struct document found;
    enum err err = app_document_find(call->api->app, &call->identity, call->parameters[0],
                                     call->parameters[1], &found);
    struct document_stream *stream = err == ERR_NONE ? stream_begin(call, &found) : NULL;
    if (stream == NULL) {
        call_refuse(call, err != ERR_NONE ? err : ERR_UNAVAILABLE);
        return;
    }
    struct api_response *response = &call->response;
    *response = (struct api_response){.status = 200,
                                      .content_type = found.form == DOCUMENT_FORM_PDF
                                                          ? "application/pdf"
                                                          : "text/plain; charset=utf-8",
                                      .stream = &stream->stream};
    name_file(&found, response->disposition, sizeof(response->disposition));
    snprintf(response->etag, sizeof(response->etag), "\"%.32s\"", found.sha256);
    call_answer(call);
}
