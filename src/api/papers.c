// All papers of an item or of a meeting as one archive, written while it is sent: each piece of
// each paper is read under the same right as that paper alone.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/reader.h"
#include "app/documents.h"
#include "archive/archive.h"
#include "archive/file_name.h"
#include "base/hash.h"
#include "base/text.h"
#include "contract/handlers.h"

_Static_assert(ARCHIVE_FILES_MAX >= MEETING_DOCUMENTS_MAX, "all of a meeting's fit into one");

// An archive keeps up to half a megabyte of names while it is sent.
#define AT_ONCE_MAX        32
#define AT_ONCE_PERSON_MAX 2

typedef char document_id[CONTRACT_ID_MAX + 1];

struct papers_stream {
    struct api_stream stream;
    struct reader reader;
    struct papers_stream *next; // of the api's
    uint64_t person;
    struct archive *archive;
    document_id *ids; // owned; in the archive's order
    uint64_t tag;     // of what is in it
};

static int64_t read_paper(void *context, size_t file, uint64_t at, char *to, size_t max)
{
    struct papers_stream *papers = context;
    struct reader *reader = &papers->reader;
    struct app_document_piece piece = {.at = at, .to = to, .max = max};
    enum err err = app_document_read(reader->api->app, &reader->identity, reader->meeting,
                                     papers->ids[file], &piece);
    return err == ERR_NONE && piece.size > 0 ? (int64_t)piece.size : -1; // removed meanwhile
}

// The connection asks for the pieces one after the other.
static int64_t stream_read(struct api_stream *stream, uint64_t at, char *to, size_t size)
{
    struct papers_stream *papers = (struct papers_stream *)stream;
    const struct archive_source source = {.read = read_paper, .context = papers};
    (void)at;
    int64_t read = reader_is_let_in(&papers->reader)
                       ? archive_read(papers->archive, &source, to, size)
                       : -1;
    return read > 0 ? read : -1;
}

static void stream_finish(struct api_stream *stream)
{
    struct papers_stream *papers = (struct papers_stream *)stream;
    struct papers_stream **at = &papers->reader.api->archives;
    while (*at != NULL && *at != papers) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = papers->next;
    }
    archive_destroy(papers->archive);
    free(papers->ids);
    reader_finish(&papers->reader);
    free(papers);
}

static enum err may_begin(const struct call *call)
{
    uint32_t count = 0;
    uint32_t of_person = 0;
    for (const struct papers_stream *one = call->api->archives; one != NULL; one = one->next) {
        count++;
        of_person += one->person == identity_number(&call->identity);
    }
    if (of_person >= AT_ONCE_PERSON_MAX) {
        return ERR_TOO_MANY;
    }
    return count < AT_ONCE_MAX ? ERR_NONE : ERR_FULL;
}

static int digits_of(uint32_t count)
{
    int digits = 1;
    for (; count >= 10; count /= 10) {
        digits++;
    }
    return digits;
}

static enum err fill(struct papers_stream *stream, const struct app_papers *papers)
{
    struct archive_file *files = calloc(papers->count, sizeof(*files));
    stream->ids = calloc(papers->count, sizeof(*stream->ids));
    enum err err = files != NULL && stream->ids != NULL ? ERR_NONE : ERR_FULL;
    stream->tag = HASH_BEGIN;
    for (uint32_t i = 0; i < papers->count && err == ERR_NONE; i++) {
        const struct document *paper = &papers->list[i];
        const char *ending = paper->form == DOCUMENT_FORM_PDF ? ".pdf" : ".txt";
        files[i].size = (uint32_t)paper->size;
        files[i].at = paper->added_at;
        file_name_of(i + 1u, digits_of(papers->count), paper->title, ending, files[i].name,
                     sizeof(files[i].name));
        text_copy_cut(stream->ids[i], sizeof(stream->ids[i]), paper->id);
        stream->tag = hash_bytes(stream->tag, files[i].name, strlen(files[i].name) + 1);
        stream->tag = hash_bytes(stream->tag, paper->sha256, strlen(paper->sha256) + 1);
        stream->tag = hash_bytes(stream->tag, &paper->added_at, sizeof(paper->added_at));
    }
    if (err == ERR_NONE) {
        err = archive_create(files, papers->count, &stream->archive);
    }
    free(files);
    return err;
}

static enum err stream_begin(const struct call *call, const struct app_papers *papers,
                             struct papers_stream **ret_stream)
{
    struct papers_stream *stream = calloc(1, sizeof(*stream));
    enum err err = stream != NULL ? reader_begin(&stream->reader, call) : ERR_FULL;
    if (err != ERR_NONE) {
        free(stream);
        return err;
    }
    err = fill(stream, papers);
    if (err != ERR_NONE) {
        stream_finish(&stream->stream);
        return err;
    }
    stream->stream = (struct api_stream){
        .size = archive_size(stream->archive), .read = stream_read, .finish = stream_finish};
    stream->person = identity_number(&call->identity);
    stream->next = call->api->archives;
    call->api->archives = stream;
    *ret_stream = stream;
    return ERR_NONE;
}

void rest_papers_read(struct call *call)
{
    char item[CONTRACT_ID_MAX + 1];
    enum err err = query_value(call->in->query, "item", item, sizeof(item));
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        call_refuse_field(call, err, "item");
        return;
    }
    struct app_papers papers = {0};
    struct papers_stream *stream = NULL;
    err = app_papers(call->api->app, &call->identity, call->parameters[0],
                     err == ERR_NONE ? item : "", &papers);
    err = err == ERR_NONE ? may_begin(call) : err;
    err = err == ERR_NONE ? stream_begin(call, &papers, &stream) : err;
    free(papers.list);
    if (err != ERR_NONE) {
        call_refuse(call, err);
        return;
    }
    struct api_response *response = &call->response;
    *response = (struct api_response){
        .status = 200, .content_type = "application/zip", .stream = &stream->stream};
    snprintf(response->disposition, sizeof(response->disposition),
             "attachment; filename=papers.zip");
    snprintf(response->etag, sizeof(response->etag), "\"%016llx\"",
             (unsigned long long)stream->tag);
    call_answer(call);
}
