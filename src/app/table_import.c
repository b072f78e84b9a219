#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/house_priv.h"
#include "app/people_priv.h"
#include "app/secret.h"
#include "app/table_priv.h"
#include "base/assert.h"
#include "base/hash.h"
#include "base/text.h"
#include "meeting/setup.h"
#include "words/fold.h"
#include "words/search.h"

// One row as it will be added.
union import_row {
    struct person_wish person;
    struct delegation delegation;
    struct agenda_item item;
};

#define TABLE_ROWS_MAX    4000 // no meeting has so many of anything
#define DELEGATION_CALLED (2 + CONTRACT_LANGUAGES)

// Some 80 kB.
struct import {
    struct app *app;
    struct house *house;
    struct app_meeting *meeting;
    enum house_table table;
    struct meeting_state *trial; // owned: the meeting, with the rows that came before
    union import_row *rows;      // owned; as many as the sheet has
    char (*ids)[CONTRACT_ID_MAX + 1];
    uint32_t count;
    uint64_t listed[MEETING_PARTICIPANTS_MAX]; // who is on the trial's list: number_of()
    uint32_t listed_count;
    uint64_t called[MEETING_DELEGATIONS_MAX][DELEGATION_CALLED];
    struct import_report *report;
};

// ---- Faults

static struct import_fault *next_fault(struct import_report *report)
{
    report->fault_count++;
    return report->faults_count < IMPORT_REPORT_FAULTS_MAX ? &report->faults[report->faults_count++]
                                                           : NULL;
}

static void note_fault(struct import *import, uint32_t row, const char *field, enum import_why why,
                       const struct refusal *refusal)
{
    struct import_fault *fault = next_fault(import->report);
    if (fault == NULL) {
        return;
    }
    *fault = (struct import_fault){.row = row, .why = why};
    text_copy_cut(fault->field, sizeof(fault->field), field);
    if (refusal != NULL) {
        text_copy_cut(fault->reason, sizeof(fault->reason), refusal_reason_name(refusal->reason));
        fault->most = refusal->most;
    }
}

void app_table_unread(const struct sheet_refusal *why, struct import_report *ret_report)
{
    *ret_report = (struct import_report){.rows = 0};
    struct import_fault *fault = next_fault(ret_report);
    *fault = (struct import_fault){.row = why->row, .why = IMPORT_WHY_FILE};
    sheet_column_letters(why->column, fault->column);
    text_copy_cut(fault->reason, sizeof(fault->reason), sheet_reason_slug(why->reason));
}

static void on_finding(void *context, const struct table_finding *finding)
{
    static const enum import_why whys[] = {
        [TABLE_COLUMN_MISSING] = IMPORT_WHY_COLUMN_MISSING,
        [TABLE_COLUMN_TWICE] = IMPORT_WHY_COLUMN_TWICE,
        [TABLE_COLUMN_UNKNOWN] = IMPORT_WHY_COLUMN_UNKNOWN,
        [TABLE_CELL_MISSING] = IMPORT_WHY_CELL_MISSING,
        [TABLE_CELL_LONG] = IMPORT_WHY_CELL_LONG,
        [TABLE_CELL_REFUSED] = IMPORT_WHY_REFUSED,
    };
    struct import *import = context;
    if (finding->fault == TABLE_COLUMN_UNKNOWN) {
        return; // passed over
    }
    struct import_fault *fault = next_fault(import->report);
    if (fault == NULL) {
        return;
    }
    *fault = (struct import_fault){.row = finding->row,
                                   .most = finding->most,
                                   .why = finding->fault == TABLE_CELL_REFUSED
                                              ? (enum import_why)finding->why
                                              : whys[finding->fault]};
    sheet_column_letters(finding->column, fault->column);
    text_copy_cut(fault->field, sizeof(fault->field),
                  table_descriptions[import->table].columns[finding->which].name);
}

// ---- Rows, tried on the copy

// Of a text as people compare it: 0 is nobody's.
static uint64_t number_of_text(uint64_t number, const char *text)
{
    char *folded = words_fold(text);
    const char *compared = folded != NULL ? folded : text;
    number = hash_bytes(number, compared, strlen(compared) + 1);
    words_fold_free(folded);
    return number != 0 ? number : 1;
}

// By what a delegation may be called: its id, its code, its names.
static void name_delegation(struct import *import, uint32_t at)
{
    const struct delegation *delegation = &import->trial->meeting.delegations[at];
    uint64_t *called = import->called[at];
    called[0] = number_of_text(HASH_BEGIN, delegation->id);
    called[1] = number_of_text(HASH_BEGIN, delegation->code);
    for (int i = 0; i < CONTRACT_LANGUAGES; i++) {
        called[2 + i] = number_of_text(HASH_BEGIN, delegation->name[i]);
    }
}

static const char *delegation_called(const struct import *import, const char *text)
{
    const struct meeting *meeting = &import->trial->meeting;
    uint64_t number = number_of_text(HASH_BEGIN, text);
    for (uint32_t i = 0; i < meeting->delegations_count; i++) {
        for (int j = 0; j < DELEGATION_CALLED; j++) {
            if (import->called[i][j] == number) {
                return meeting->delegations[i].id;
            }
        }
    }
    return NULL;
}

// Of the name, the capacity and the delegation.
static uint64_t number_of(const struct participant *person)
{
    uint64_t number = number_of_text(HASH_BEGIN, person->name);
    number = number_of_text(number, capacity_text(person->capacity));
    return number_of_text(number, person->delegation);
}

static void list_person(struct import *import, const struct participant *person)
{
    ASSERT(import->listed_count < MEETING_PARTICIPANTS_MAX);
    import->listed[import->listed_count++] = number_of(person);
}

static bool is_listed(const struct import *import, const struct participant *wish)
{
    uint64_t number = number_of(wish);
    uint32_t i = 0;
    while (i < import->listed_count && import->listed[i] != number) {
        i++;
    }
    return i < import->listed_count;
}

static bool fill_person(struct import *import, uint32_t row, const char *const *texts,
                        struct person_wish *wish)
{
    const char *delegation = "";
    *wish = (struct person_wish){.language = LANGUAGE_NONE};
    text_copy_cut(wish->name, sizeof(wish->name), texts[PEOPLE_NAME]);
    text_copy_cut(wish->title, sizeof(wish->title), texts[PEOPLE_TITLE]);
    text_copy_cut(wish->address, sizeof(wish->address), texts[PEOPLE_ADDRESS]);
    text_copy_cut(wish->account, sizeof(wish->account), texts[PEOPLE_ACCOUNT]);
    (void)!table_capacity(texts[PEOPLE_CAPACITY], &wish->capacity); // was checked, as the next is
    (void)!language_from_text(texts[PEOPLE_LANGUAGE], &wish->language);
    if (texts[PEOPLE_DELEGATION][0] != '\0') {
        delegation = delegation_called(import, texts[PEOPLE_DELEGATION]);
    }
    if (delegation == NULL) {
        note_fault(import, row, "delegation", IMPORT_WHY_DELEGATION_UNKNOWN, NULL);
        return false;
    }
    text_copy_cut(wish->delegation, sizeof(wish->delegation), delegation);
    return true;
}

static bool account_is_good(struct import *import, uint32_t row, const struct person_wish *wish)
{
    struct house asked = *import->house;
    enum err err = house_account_may_sit(import->app, &asked, import->meeting->id, "",
                                         wish->account);
    bool twice = false;
    for (uint32_t i = 0; i < import->count && wish->account[0] != '\0'; i++) {
        twice = twice || text_equal(import->rows[i].person.account, wish->account);
    }
    if (err != ERR_NONE || twice) {
        const struct refusal sits = {.reason = REFUSAL_ACCOUNT_SITS};
        bool unknown = err != ERR_NONE && asked.field != NULL;
        note_fault(import, row, "account",
                   unknown ? IMPORT_WHY_ACCOUNT_UNKNOWN : IMPORT_WHY_REFUSED,
                   unknown ? NULL : &sits);
    }
    return err == ERR_NONE && !twice;
}

static bool try_person(struct import *import, uint32_t row, const char *const *texts,
                       struct refusal *refusal)
{
    struct person_wish *wish = &import->rows[import->count].person;
    struct participant participant;
    if (!fill_person(import, row, texts, wish) || !account_is_good(import, row, wish)) {
        return false;
    }
    house_name_person(wish, import->ids[import->count]);
    house_participant_fill(wish, import->ids[import->count], &participant);
    if (is_listed(import, &participant)) {
        note_fault(import, row, "name", IMPORT_WHY_LISTED_ALREADY, NULL);
        return false;
    }
    enum err err = meeting_add_participant(import->trial, &participant, import->house->wall,
                                           &import->app->events, refusal);
    if (err == ERR_NONE) {
        list_person(import, &participant);
    }
    return err == ERR_NONE;
}

static void fill_names(const char *const *texts, char *to, size_t size)
{
    for (size_t i = 0; i < CONTRACT_LANGUAGES; i++) {
        text_copy_cut(to + i * size, size, texts[i]);
    }
}

// An id that nobody gave is the code's letters and digits.
static void id_of_code(const char *code, char to[CONTRACT_ID_MAX + 1])
{
    struct text_builder id = text_builder(to, CONTRACT_ID_MAX + 1);
    for (; *code != '\0' && id.length < CONTRACT_ID_MAX; code++) {
        char sign = (char)(*code >= 'A' && *code <= 'Z' ? *code - 'A' + 'a' : *code);
        if ((sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9')) {
            text_append_n(&id, &sign, 1);
        }
    }
}

static bool try_delegation(struct import *import, uint32_t row, const char *const *texts,
                           struct refusal *refusal)
{
    struct delegation *wish = &import->rows[import->count].delegation;
    *wish = (struct delegation){.kind = DELEGATION_KIND_MEMBER};
    text_copy_cut(wish->code, sizeof(wish->code), texts[DELEGATIONS_CODE]);
    (void)!delegation_kind_from_text(texts[DELEGATIONS_KIND], &wish->kind);
    fill_names(&texts[DELEGATIONS_NAME], wish->name[0], sizeof(wish->name[0]));
    if (texts[DELEGATIONS_ID][0] != '\0') {
        text_copy_cut(wish->id, sizeof(wish->id), texts[DELEGATIONS_ID]);
    } else {
        id_of_code(wish->code, wish->id);
    }
    if (!house_fill(wish->name[0], sizeof(wish->name[0]))) {
        note_fault(import, row, "name", IMPORT_WHY_CELL_MISSING, NULL);
        return false;
    }
    return meeting_add_delegation(import->trial, wish, import->house->wall, &import->app->events,
                                  refusal) == ERR_NONE;
}

static bool try_item(struct import *import, uint32_t row, const char *const *texts,
                     struct refusal *refusal)
{
    struct agenda_item *wish = &import->rows[import->count].item;
    unsigned long long minutes = 0;
    *wish = (struct agenda_item){.state = ITEM_STATE_PENDING};
    secret_make_id("item-", wish->id);
    text_copy_cut(wish->number, sizeof(wish->number), texts[AGENDA_NUMBER]);
    text_copy_cut(wish->document, sizeof(wish->document), texts[AGENDA_DOCUMENT]);
    (void)!item_purpose_from_text(texts[AGENDA_PURPOSE], &wish->purpose);
    (void)!text_to_u64(texts[AGENDA_MINUTES], strlen(texts[AGENDA_MINUTES]), ITEM_WISH_MINUTES_MAX,
                       &minutes);
    wish->minutes = (int64_t)minutes;
    fill_names(&texts[AGENDA_TITLE], wish->title[0], sizeof(wish->title[0]));
    if (!house_fill(wish->title[0], sizeof(wish->title[0]))) {
        note_fault(import, row, "title", IMPORT_WHY_CELL_MISSING, NULL);
        return false;
    }
    return meeting_add_item(import->trial, wish, import->house->wall, &import->app->events,
                            refusal) == ERR_NONE;
}

static void on_row(void *context, uint32_t row, const char *const *texts)
{
    static bool (*const tries[HOUSE_TABLE_COUNT])(struct import *, uint32_t, const char *const *,
                                                  struct refusal *) = {
        [HOUSE_TABLE_PEOPLE] = try_person,
        [HOUSE_TABLE_DELEGATIONS] = try_delegation,
        [HOUSE_TABLE_AGENDA] = try_item,
    };
    struct import *import = context;
    struct refusal refusal = {.reason = REFUSAL_NONE};
    if (tries[import->table](import, row, texts, &refusal)) {
        import->count++;
    } else if (refusal.reason != REFUSAL_NONE) {
        note_fault(import, row, "", IMPORT_WHY_REFUSED, &refusal);
    }
}

// ---- Adding

static enum err add_row(struct import *import, uint32_t at)
{
    struct app *app = import->app;
    struct meeting_state *state = &import->meeting->decided;
    time_ms now = app_meeting_time(app, import->meeting);
    union import_row *row = &import->rows[at];
    struct participant participant;
    switch (import->table) {
    case HOUSE_TABLE_PEOPLE:
        house_participant_fill(&row->person, import->ids[at], &participant);
        return meeting_add_participant(state, &participant, now, &app->events,
                                       &import->house->refusal);
    case HOUSE_TABLE_DELEGATIONS:
        return meeting_add_delegation(state, &row->delegation, now, &app->events,
                                      &import->house->refusal);
    case HOUSE_TABLE_AGENDA:
        return meeting_add_item(state, &row->item, now, &app->events, &import->house->refusal);
    case HOUSE_TABLE_COUNT: break;
    }
    return ERR_INVALID;
}

static enum err keep_contacts(struct import *import)
{
    struct contact_row *rows = calloc(import->count, sizeof(*rows));
    if (rows == NULL) {
        return ERR_FULL;
    }
    for (uint32_t i = 0; i < import->count; i++) {
        memcpy(rows[i].participant, import->ids[i], sizeof(rows[i].participant));
        text_copy_cut(rows[i].address, sizeof(rows[i].address), import->rows[i].person.address);
        text_copy_cut(rows[i].account, sizeof(rows[i].account), import->rows[i].person.account);
    }
    enum err err = contacts_add(import->app->store, import->meeting->id, rows, import->count);
    free(rows);
    return err;
}

// All rows are one batch of the journal: a process that ends meanwhile leaves all of them or none.
struct import_events {
    struct event *events; // owned
    uint32_t count;
    uint32_t room;
};

static bool keep_events(struct import_events *all, const struct event_list *some)
{
    if (all->count + some->count > all->room) {
        uint32_t room = 2 * all->room + some->count;
        struct event *longer = realloc(all->events, room * sizeof(*longer));
        if (longer == NULL) {
            return false;
        }
        all->events = longer;
        all->room = room;
    }
    memcpy(&all->events[all->count], some->events, some->count * sizeof(some->events[0]));
    all->count += some->count;
    return true;
}

static enum err decide_all(struct import *import, struct import_events *all)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < import->count && err == ERR_NONE; i++) {
        err = add_row(import, i);
        if (err == ERR_NONE && !keep_events(all, &import->app->events)) {
            err = ERR_FULL;
        }
    }
    if (err != ERR_NONE) {
        app_undo(import->meeting);
    }
    return err;
}

// Addresses come first: without their people they are nobody's.
static enum err add_all(struct import *import)
{
    static const char *const acts[HOUSE_TABLE_COUNT] = {"people.imported", "delegations.imported",
                                                        "agenda.imported"};
    char number[16];
    struct import_events all = {.count = 0};
    link_wait(import->app);
    enum err err = import->table == HOUSE_TABLE_PEOPLE ? keep_contacts(import) : ERR_NONE;
    err = err == ERR_NONE ? decide_all(import, &all) : err;
    if (err == ERR_NONE && !app_record_many(import->app, import->meeting, all.events, all.count)) {
        err = ERR_STORAGE;
    }
    free(all.events);
    if (err != ERR_NONE) {
        return err;
    }
    snprintf(number, sizeof(number), "%u", import->count);
    import->app->events.count = 0;
    return house_commit(import->app, import->house, import->meeting, acts[import->table], number);
}

static enum err import_begin(struct import *import, const struct sheet *sheet)
{
    uint32_t rows = sheet_rows(sheet);
    ASSERT(rows <= TABLE_ROWS_MAX);
    import->trial = calloc(1, sizeof(*import->trial));
    import->rows = calloc(rows, sizeof(*import->rows));
    import->ids = calloc(rows, sizeof(*import->ids));
    if (import->trial == NULL || import->rows == NULL || import->ids == NULL) {
        return ERR_FULL;
    }
    meeting_state_copy(import->trial, &import->meeting->decided);
    for (uint32_t i = 0; i < import->trial->meeting.participants_count; i++) {
        list_person(import, &import->trial->meeting.participants[i]);
    }
    for (uint32_t i = 0; i < import->trial->meeting.delegations_count; i++) {
        name_delegation(import, i);
    }
    return ERR_NONE;
}

static enum err import_run(struct import *import, const struct sheet *sheet, bool dry)
{
    const struct table_visitor visitor = {.context = import, .finding = on_finding, .row = on_row};
    struct table_count count = {0};
    enum err err = import_begin(import, sheet);
    err = err == ERR_NONE ? table_check(sheet, &table_descriptions[import->table], &visitor, &count)
                          : err;
    import->report->rows = count.rows;
    if (err == ERR_NONE && import->report->fault_count == 0 && !dry && import->count > 0) {
        err = add_all(import);
        import->report->added = err == ERR_NONE ? import->count : 0;
    }
    return err;
}

enum err app_table_import(struct app *app, struct house *house, const char *meeting,
                          enum house_table table, const struct sheet *sheet, bool dry,
                          struct import_report *ret_report)
{
    *ret_report = (struct import_report){.rows = 0};
    if (sheet_rows(sheet) > TABLE_ROWS_MAX) {
        const struct sheet_refusal many = {.reason = SHEET_ROWS_MANY};
        enum err may = house_admit(app, house);
        app_table_unread(&many, ret_report);
        return may;
    }
    struct import *import = calloc(1, sizeof(*import)); // too large for a stack
    if (import == NULL) {
        return ERR_FULL;
    }
    import->app = app;
    import->house = house;
    import->table = table;
    import->report = ret_report;
    enum err err = house_meeting_to_change(app, house, meeting, &import->meeting);
    err = err == ERR_NONE ? import_run(import, sheet, dry) : err;
    free(import->trial);
    free(import->rows);
    free(import->ids);
    free(import);
    return err;
}
