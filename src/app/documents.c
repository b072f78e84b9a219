#include "app/documents.h"

#include <string.h>

#include "app/documents_priv.h"
#include "app/secret.h"
#include "base/log.h"
#include "base/text.h"
#include "meeting/document.h"

#define UNNAMED_MAX 16 // contents destroyed in one go; more wait for the next

struct unnamed {
    const struct app_meeting *meeting;
    uint32_t count;
    char ids[UNNAMED_MAX][CONTRACT_ID_MAX + 1];
};

static const struct participant *person(const struct app *app, const struct app_identity *identity,
                                        const char *meeting, const struct app_meeting **ret_meeting)
{
    *ret_meeting = app_find_meeting(app, meeting);
    if (identity->bound || identity->participant[0] == '\0' || *ret_meeting == NULL ||
        !text_equal(identity->meeting, meeting)) {
        return NULL;
    }
    return meeting_find_participant(&(*ret_meeting)->told, identity->participant);
}

size_t app_content_room(const struct app *app, const struct app_identity *identity,
                        const char *meeting)
{
    const struct app_meeting *found;
    const struct participant *sender = person(app, identity, meeting, &found);
    if (sender == NULL ||
        permission_grant(COMMAND_DOCUMENT_ADD, sender->capacity) == PERMISSION_NONE) {
        return 0;
    }
    return sender->capacity == CAPACITY_DELEGATE ? APP_CONTENT_OF_DELEGATE_MAX : STORE_CONTENT_MAX;
}

static bool note_unnamed(void *context, const struct content_row *row)
{
    struct unnamed *unnamed = context;
    // With what is decided and not committed yet: a document in the making keeps its contents.
    if (meeting_find_document(&unnamed->meeting->decided, row->content.id) == NULL) {
        text_copy_cut(unnamed->ids[unnamed->count++], CONTRACT_ID_MAX + 1, row->content.id);
    }
    return unnamed->count < UNNAMED_MAX;
}

static enum err remove_unnamed(struct app *app, const struct app_meeting *meeting,
                               const char *participant)
{
    struct unnamed unnamed = {.meeting = meeting};
    enum err err = content_list(app->store, meeting->id, participant, note_unnamed, &unnamed);
    for (uint32_t i = 0; i < unnamed.count && err == ERR_NONE; i++) {
        err = content_remove(app->store, meeting->id, unnamed.ids[i]);
    }
    return err;
}

enum err app_content_begin(struct app *app, const struct app_identity *identity,
                           const char *meeting, enum document_form form, time_ms wall,
                           struct content_row *ret_row)
{
    const struct app_meeting *found;
    const struct participant *sender = person(app, identity, meeting, &found);
    if (app_content_room(app, identity, meeting) == 0) {
        return ERR_FORBIDDEN;
    }
    *ret_row = (struct content_row){.at = wall, .content.form = form};
    text_copy_cut(ret_row->meeting, sizeof ret_row->meeting, meeting);
    text_copy_cut(ret_row->participant, sizeof ret_row->participant, sender->id);
    secret_make_id("doc", ret_row->content.id);
    return remove_unnamed(app, found, sender->id);
}

static bool content_is(enum document_form form, const char *bytes, size_t size)
{
    static const char pdf[] = "%PDF-";
    if (form == DOCUMENT_FORM_PDF) {
        return size > sizeof pdf - 1 && memcmp(bytes, pdf, sizeof pdf - 1) == 0;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if ((byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f) {
            return false;
        }
    }
    return size > 0 && text_is_utf8(bytes, size);
}

enum err app_content_keep(const char *path, struct content_row *row, const char *bytes, size_t size)
{
    return content_is(row->content.form, bytes, size) ? content_put(path, row, bytes, size)
                                                      : ERR_INVALID;
}

const char *app_content_path(const struct app *app)
{
    return store_path(app->store);
}

enum err app_document_find(const struct app *app, const struct app_identity *identity,
                           const char *meeting, const char *id, struct document *ret_document)
{
    const struct app_meeting *found;
    const struct participant *reader = person(app, identity, meeting, &found);
    if (reader == NULL) {
        return ERR_FORBIDDEN;
    }
    const struct document *document = meeting_find_document(&found->told, id);
    if (document == NULL || !document_reads(document, reader->capacity, reader->id)) {
        return ERR_NOT_FOUND;
    }
    *ret_document = *document;
    return ERR_NONE;
}

enum err app_document_read(struct app *app, const char *meeting, const char *id, uint64_t at,
                           void *to, size_t size, size_t *ret_size)
{
    return content_read(app->store, meeting, id, at, to, size, ret_size);
}

bool app_document_reads(const struct document *document, enum capacity capacity,
                        const char *participant)
{
    return document_reads(document, capacity, participant);
}

void document_add_command(struct app *app, app_live live, uint64_t request,
                          const struct command_document_add *command)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    struct meeting_caller caller = meeting_caller(&meeting->decided, connection->participant,
                                                  COMMAND_DOCUMENT_ADD);
    struct outbox_answer answer = {.live = live, .request = request};
    struct content_row row;
    enum err err = content_find(app->store, meeting->id, command->document, &row);
    if (err != ERR_NONE || !text_equal(row.participant, caller.participant)) {
        app_answer(app, live, request, err == ERR_IO ? ERR_UNAVAILABLE : ERR_NOT_FOUND,
                   "send the contents first");
        return;
    }
    answer.err = meeting_document_add(&meeting->decided, &caller, command, &row.content, app->wall,
                                      &app->events, &answer.detail);
    app_record(app, meeting, &answer);
}

void documents_follow_events(struct app *app, const struct app_meeting *meeting,
                             const struct event *events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].type != EVENT_DOCUMENT_REMOVED) {
            continue;
        }
        const char *id = events[i].as.document_removed.document.id;
        enum err err = content_remove(app->store, meeting->id, id);
        if (err != ERR_NONE) { // the next start tries again
            log_event(LOG_ERROR, "document.contents_stay", LOG_TEXT("meeting", meeting->id),
                      LOG_TEXT("document", id), LOG_TEXT("error", err_slug(err)));
        }
    }
}

enum err documents_tidy(struct app *app)
{
    enum err err = content_remove_halves(app->store);
    for (uint32_t i = 0; i < app->meeting_count && err == ERR_NONE; i++) {
        err = remove_unnamed(app, app->meetings[i], NULL);
    }
    return err;
}
