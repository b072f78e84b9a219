#include "app/documents.h"

#include <stdlib.h>
#include <string.h>

#include "app/documents_priv.h"
#include "app/part.h"
#include "app/secret.h"
#include "base/log.h"
#include "base/text.h"
#include "contract/visibility.h"
#include "meeting/document.h"

_Static_assert(APP_CONTENT_MEETING_MAX == STORE_CONTENT_MEETING_MAX, "it is the store's");

#define UNNAMED_MAX    16 // contents destroyed in one go; more wait for the next
#define HOLDS_MAX      32
#define HOLD_ANSWER_US (8 * TIME_US_PER_S) // how long who gave the command is kept waiting

// A document that goes once its contents are destroyed, and the command that waits for it.
struct document_hold {
    struct document_hold *next;
    struct app_meeting *meeting;
    app_live live; // HANDLE_NONE: no command, or it has been answered
    uint64_t request;
    time_us answer_due;
    char destroyed[CONTRACT_ID_MAX + 1]; // the document's contents
    char added[CONTRACT_ID_MAX + 1];     // what takes its place: they stand until this is committed
    bool begun;                          // the store destroys them
    bool done;
};

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
    return capacity_can(sender->capacity, ABILITY_SITS_ON_PODIUM) ? STORE_CONTENT_MAX
                                                                  : APP_CONTENT_OF_DELEGATE_MAX;
}

static bool note_unnamed(void *context, const struct content_row *row)
{
    struct unnamed *unnamed = context;
    // With what is decided and not committed yet.
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
        err = content_erase(app->store, meeting->id, unnamed.ids[i]);
    }
    return err == ERR_FULL ? ERR_NONE : err; // the next time
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
    if (!store_health(app->store).takes_documents) {
        return ERR_STORAGE; // the room that is left is the journal's
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

static enum err who_reads(const struct app *app, const struct app_identity *identity,
                          const char *meeting, const struct app_meeting **ret_meeting,
                          struct viewer *ret_viewer)
{
    const struct participant *reader = person(app, identity, meeting, ret_meeting);
    *ret_viewer = (struct viewer){.capacity = identity->capacity,
                                  .participant = identity->participant};
    if (reader != NULL) {
        *ret_viewer = viewer_of(reader);
    } else if (*ret_meeting == NULL || !text_equal(identity->meeting, meeting) ||
               !audience_is(identity->participant)) {
        return ERR_FORBIDDEN;
    }
    return ERR_NONE;
}

// NULL, with the error, for who may not read it.
static const struct document *readable(const struct app *app, const struct app_identity *identity,
                                       const char *meeting, const char *id, enum err *ret_err)
{
    const struct app_meeting *found;
    struct viewer viewer;
    *ret_err = who_reads(app, identity, meeting, &found, &viewer);
    if (*ret_err != ERR_NONE) {
        return NULL;
    }
    const struct document *document = meeting_find_document(&found->told, id);
    bool told = document != NULL && document_told(document, &viewer);
    *ret_err = told ? ERR_NONE : ERR_NOT_FOUND;
    return told ? document : NULL;
}

enum err app_document_find(const struct app *app, const struct app_identity *identity,
                           const char *meeting, const char *id, struct document *ret_document)
{
    struct content_row row;
    enum err err = ERR_NONE;
    const struct document *document = readable(app, identity, meeting, id, &err);
    if (document == NULL) {
        return err;
    }
    *ret_document = *document;
    return content_find(app->store, meeting, id, &row); // it may be being destroyed
}

enum err app_document_read(struct app *app, const struct app_identity *identity,
                           const char *meeting, const char *id, struct app_document_piece *piece)
{
    enum err err = ERR_NONE;
    if (readable(app, identity, meeting, id, &err) == NULL) {
        return err;
    }
    return content_read(app->store, meeting, id, piece->at, piece->to, piece->max, &piece->size);
}

// ---- Commands

static enum err find_contents(struct app *app, const struct app_meeting *meeting,
                              const struct meeting_caller *caller, const char *id,
                              struct content_row *ret_row, struct refusal *ret_refusal)
{
    enum err err = content_find(app->store, meeting->id, id, ret_row);
    if (err == ERR_NONE && text_equal(ret_row->participant, caller->participant)) {
        return ERR_NONE;
    }
    ret_refusal->reason = err == ERR_IO ? REFUSAL_STORE_CLOSED : REFUSAL_CONTENTS_FIRST;
    return refusal_reason_err(ret_refusal->reason);
}

static enum err decide_add(struct app *app, struct app_meeting *meeting, const char *participant,
                           const struct command_document_add *add, struct refusal *ret_refusal)
{
    struct meeting_caller caller = meeting_caller(&meeting->decided, participant,
                                                  COMMAND_DOCUMENT_ADD);
    struct content_row row;
    app->events.count = 0;
    enum err err = find_contents(app, meeting, &caller, add->document, &row, ret_refusal);
    return err != ERR_NONE
               ? err
               : meeting_document_add(&meeting->decided, &caller, add, &row.content,
                                      app_meeting_time(app, meeting), &app->events, ret_refusal);
}

// Whether it is being destroyed, or will be soon.
static bool is_held(const struct app *app, const struct app_meeting *meeting, const char *id)
{
    const struct document_hold *hold = app->holds;
    while (hold != NULL && (hold->meeting != meeting || !text_equal(hold->destroyed, id))) {
        hold = hold->next;
    }
    return hold != NULL;
}

// NULL: no more of them now.
static struct document_hold *hold_put(struct app *app, const struct document_hold *wish)
{
    uint32_t count = 0;
    for (const struct document_hold *other = app->holds; other != NULL; other = other->next) {
        count++;
    }
    struct document_hold *hold = count < HOLDS_MAX ? malloc(sizeof *hold) : NULL;
    if (hold != NULL) {
        *hold = *wish;
        hold->next = app->holds;
        app->holds = hold;
        app_wake_at(app, hold->answer_due);
    }
    return hold;
}

static void hold_drop(struct app *app, struct document_hold *hold)
{
    struct document_hold **at = &app->holds;
    while (*at != hold) {
        at = &(*at)->next;
    }
    *at = hold->next;
    free(hold);
}

static enum err hold_erase(struct app *app, struct document_hold *hold)
{
    enum err err = content_erase(app->store, hold->meeting->id, hold->destroyed);
    hold->begun = err == ERR_NONE || err == ERR_CONFLICT; // another one began it
    return err;
}

static enum err hold_begin(struct app *app, const struct document_hold *wish)
{
    struct document_hold *hold = hold_put(app, wish);
    enum err err = hold != NULL ? hold_erase(app, hold) : ERR_FULL;
    if (err != ERR_NONE && hold != NULL) {
        hold_drop(app, hold);
    }
    return err;
}

// Nothing is decided.
static enum err may_destroy(struct app *app, const struct document_hold *wish,
                            const char *participant, enum command_type type,
                            struct refusal *ret_refusal)
{
    struct app_meeting *meeting = wish->meeting;
    struct meeting_caller caller = meeting_caller(&meeting->decided, participant, type);
    app->events.count = 0;
    return meeting_document_may_remove(&meeting->decided, &caller, wish->destroyed,
                                       app_meeting_time(app, meeting), ret_refusal);
}

static void command_remove(struct app *app, const struct document_hold *wish,
                           const char *participant)
{
    struct app_meeting *meeting = wish->meeting;
    struct outbox_answer answer = {.live = wish->live, .request = wish->request};
    answer.err = may_destroy(app, wish, participant, COMMAND_DOCUMENT_REMOVE, &answer.refusal);
    if (answer.err != ERR_NONE) {
        app_record(app, meeting, &answer);
        return;
    }
    enum err err = is_held(app, meeting, wish->destroyed) ? ERR_CONFLICT : hold_begin(app, wish);
    if (err != ERR_NONE) {
        app_refuse(app, wish->live, wish->request,
                   err == ERR_CONFLICT ? REFUSAL_REMOVAL_UNDER_WAY : REFUSAL_JOURNAL_TAKES_NOTHING);
    }
}

// The new one stands in the journal before the old one's contents are touched: whatever ends in
// between, one of the two is there.
static void command_replace(struct app *app, const struct document_hold *wish,
                            const char *participant, const struct command_document_add *add)
{
    struct app_meeting *meeting = wish->meeting;
    struct outbox_answer answer = {.live = wish->live, .request = wish->request};
    answer.err = may_destroy(app, wish, participant, COMMAND_DOCUMENT_ADD, &answer.refusal);
    if (answer.err != ERR_NONE) {
        app_record(app, meeting, &answer);
        return;
    }
    bool held = is_held(app, meeting, wish->destroyed);
    struct document_hold *hold = held ? NULL : hold_put(app, wish);
    if (hold == NULL) {
        app_refuse(app, wish->live, wish->request,
                   held ? REFUSAL_REMOVAL_UNDER_WAY : REFUSAL_JOURNAL_TAKES_NOTHING);
        return;
    }
    text_copy_cut(hold->added, sizeof hold->added, add->document);
    answer.err = decide_add(app, meeting, participant, add, &answer.refusal);
    if (answer.err != ERR_NONE) {
        hold_drop(app, hold);
    }
    // Of what the journal does not take documents_undone() tells.
    app_record(app, meeting, answer.err != ERR_NONE ? &answer : NULL);
}

void document_command(struct app *app, app_live live, uint64_t request,
                      const struct command *command)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    const char *participant = connection->participant;
    const struct command_document_add *add = &command->as.document_add;
    bool removes = command->type == COMMAND_DOCUMENT_REMOVE;
    struct document_hold hold = {.meeting = connection->meeting,
                                 .live = live,
                                 .request = request,
                                 .answer_due = app->now + HOLD_ANSWER_US};
    text_copy_cut(hold.destroyed, sizeof hold.destroyed,
                  removes ? command->as.document_remove.document : add->replaces);
    if (removes) {
        command_remove(app, &hold, participant);
    } else if (hold.destroyed[0] != '\0') {
        command_replace(app, &hold, participant, add);
    } else {
        struct outbox_answer answer = {.live = live, .request = request};
        answer.err = decide_add(app, connection->meeting, participant, add, &answer.refusal);
        app_record(app, connection->meeting, &answer);
    }
}

// The contents are gone, so the document goes, whatever became of who asked for it.
static void carry_out(struct app *app, const struct document_hold *hold)
{
    struct app_meeting *meeting = hold->meeting;
    const struct outbox_answer answer = {.live = hold->live, .request = hold->request};
    app->events.count = 0;
    meeting_document_lost(&meeting->decided, hold->destroyed, app_meeting_time(app, meeting),
                          &app->events);
    app_record(app, meeting, hold->live != HANDLE_NONE ? &answer : NULL);
}

static void carry_out_done(struct app *app)
{
    struct document_hold **at = &app->holds;
    while (*at != NULL && outbox_has_room(&app->outbox)) {
        struct document_hold *hold = *at;
        if (!hold->done) {
            at = &hold->next;
            continue;
        }
        *at = hold->next;
        carry_out(app, hold);
        free(hold);
    }
}

// What takes their place is committed: now they may go.
static void documents_follow(struct app *app, struct app_meeting *meeting,
                             const struct event *events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct document_hold *hold = events[i].type == EVENT_DOCUMENT_ADDED ? app->holds : NULL;
        for (; hold != NULL; hold = hold->next) {
            if (hold->meeting == meeting &&
                text_equal(hold->added, events[i].as.document_added.document.id)) {
                hold->added[0] = '\0';
                (void)!hold_erase(app, hold); // or begin_again() does
            }
        }
    }
}

// The store could take no more at that moment.
static void begin_again(struct app *app)
{
    for (struct document_hold *hold = app->holds; hold != NULL; hold = hold->next) {
        if (hold->added[0] == '\0' && !hold->begun) {
            (void)!hold_erase(app, hold);
        }
    }
}

// The journal did not take what was to take their place: all is as before.
static void documents_undone(struct app *app)
{
    for (struct document_hold *hold = app->holds, *next; hold != NULL; hold = next) {
        next = hold->next;
        if (hold->added[0] != '\0') {
            app_refuse(app, hold->live, hold->request, REFUSAL_STORE_CLOSED);
            hold_drop(app, hold);
        }
    }
}

// Contents were destroyed: the commands that waited for it are carried out.
static void documents_store_news(struct app *app)
{
    char meeting[CONTRACT_ID_MAX + 1];
    char content[CONTRACT_ID_MAX + 1];
    while (content_erased(app->store, meeting, content)) {
        for (struct document_hold *hold = app->holds; hold != NULL; hold = hold->next) {
            hold->done = hold->done || (text_equal(hold->meeting->id, meeting) &&
                                        text_equal(hold->destroyed, content));
        }
    }
    begin_again(app);
    carry_out_done(app);
}

static void documents_on_deadline(struct app *app)
{
    for (struct document_hold *hold = app->holds; hold != NULL; hold = hold->next) {
        if (hold->live != HANDLE_NONE && hold->answer_due <= app->now) {
            log_event(LOG_WARNING, "document.contents_stay", LOG_TEXT("meeting", hold->meeting->id),
                      LOG_TEXT("document", hold->destroyed));
            app_refuse(app, hold->live, hold->request, REFUSAL_REMOVAL_DELAYED);
            hold->live = HANDLE_NONE;
        }
    }
    begin_again(app);
    carry_out_done(app);
}

static time_us documents_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (const struct document_hold *hold = app->holds; hold != NULL; hold = hold->next) {
        if (hold->done) {
            next = app->now; // waits for room in the outbox
        } else if (hold->live != HANDLE_NONE && hold->answer_due < next) {
            next = hold->answer_due;
        }
    }
    return next;
}

// Whether a document of the meeting waits for its contents to be destroyed.
static bool documents_hold(const struct app *app, const struct app_meeting *meeting)
{
    const struct document_hold *hold = app->holds;
    while (hold != NULL && hold->meeting != meeting) {
        hold = hold->next;
    }
    return hold != NULL;
}

void documents_finish_holds(struct app *app)
{
    while (app->holds != NULL) {
        struct document_hold *hold = app->holds;
        app->holds = hold->next;
        free(hold);
    }
}

// ---- All that one may read

struct paper {
    const struct document *document;
    size_t item; // its place on the agenda; behind all of them for none
};

static int compare_papers(const void *a, const void *b)
{
    const struct paper *one = a;
    const struct paper *other = b;
    if (one->item != other->item) {
        return one->item < other->item ? -1 : 1;
    }
    time_ms first = one->document->added_at;
    time_ms second = other->document->added_at;
    return first != second ? (first < second ? -1 : 1)
                           : strcmp(one->document->id, other->document->id);
}

static size_t place_on_agenda(const struct meeting_state *state, const char *id)
{
    const struct agenda_item *item = id[0] != '\0' ? meeting_find_item(state, id) : NULL;
    return item != NULL ? (size_t)(item - state->meeting.agenda) : MEETING_AGENDA_MAX;
}

enum err app_papers(const struct app *app, const struct app_identity *identity, const char *meeting,
                    const char *item, struct app_papers *ret_papers)
{
    const struct app_meeting *found;
    struct viewer viewer;
    *ret_papers = (struct app_papers){0};
    enum err err = who_reads(app, identity, meeting, &found, &viewer);
    if (err != ERR_NONE) {
        return err;
    }
    const struct meeting *told = &found->told.meeting;
    struct paper *papers = calloc(told->documents_count + 1u, sizeof(*papers));
    uint32_t count = 0;
    for (uint32_t i = 0; papers != NULL && i < told->documents_count; i++) {
        const struct document *one = &told->documents[i];
        if ((item[0] == '\0' || text_equal(one->item, item)) && document_told(one, &viewer) &&
            !is_held(app, found, one->id)) {
            papers[count++] = (struct paper){one, place_on_agenda(&found->told, one->item)};
        }
    }
    struct document *list = count > 0 ? calloc(count, sizeof(*list)) : NULL;
    if (list != NULL) {
        qsort(papers, count, sizeof(*papers), compare_papers);
        for (uint32_t i = 0; i < count; i++) {
            list[i] = *papers[i].document;
        }
        *ret_papers = (struct app_papers){.count = count, .list = list};
    }
    err = papers != NULL && count == 0 ? ERR_NOT_FOUND : ERR_FULL;
    free(papers);
    return list != NULL ? ERR_NONE : err;
}

// ---- The start

// Told only once nothing of it is left, as when a command removes it: the earlier process may have
// been ended between deleting the contents and emptying the log.
static enum err remove_lost(struct app *app, struct app_meeting *meeting, const char *id)
{
    struct document_hold hold = {.meeting = meeting, .live = HANDLE_NONE};
    text_copy_cut(hold.destroyed, sizeof hold.destroyed, id);
    log_event(LOG_INFO, "document.contents_gone", LOG_TEXT("meeting", meeting->id),
              LOG_TEXT("document", id));
    enum err err = hold_begin(app, &hold);
    // It is under way already, or there is no place now: nobody reads it, and the next start sees
    // it again.
    return err == ERR_CONFLICT || err == ERR_FULL ? ERR_NONE : err;
}

// Documents whose contents were destroyed and that is not told yet: a process ended, or the journal
// was closed, in between.
static enum err documents_remove_lost(struct app *app, struct app_meeting *meeting)
{
    for (uint32_t i = meeting->decided.meeting.documents_count; i-- > 0;) {
        struct content_row row;
        const char *id = meeting->decided.meeting.documents[i].id;
        enum err err = content_find(app->store, meeting->id, id, &row);
        if (err == ERR_NOT_FOUND) {
            err = is_held(app, meeting, id) ? ERR_NONE : remove_lost(app, meeting, id);
        }
        if (err != ERR_NONE) {
            return err;
        }
    }
    return ERR_NONE;
}

static void documents_settle(struct app *app, struct app_meeting *meeting)
{
    if (documents_remove_lost(app, meeting) != ERR_NONE) {
        log_event(LOG_WARNING, "document.not_looked_at", LOG_TEXT("meeting", meeting->id));
    }
}

enum err documents_tidy(struct app *app)
{
    enum err err = content_remove_halves(app->store);
    for (uint32_t i = 0; i < app->meeting_count && err == ERR_NONE; i++) {
        err = remove_unnamed(app, app->meetings[i], NULL);
        err = err == ERR_NONE ? documents_remove_lost(app, app->meetings[i]) : err;
    }
    // What an earlier process deleted may stand in the log. While another reads now, that is tried
    // again until it ends.
    if (err == ERR_NONE && store_empty_log(app->store) != ERR_NONE) {
        err = content_erase(app->store, "", "");
        err = err == ERR_FULL ? ERR_NONE : err; // others are being destroyed, and the log with them
    }
    return err;
}

const struct app_part documents_part = {.follow = documents_follow,
                                        .settle = documents_settle,
                                        .holds = documents_hold,
                                        .store_news = documents_store_news,
                                        .store_undone = documents_undone,
                                        .on_deadline = documents_on_deadline,
                                        .next_deadline = documents_next_deadline};
