// Tables of the secretariat's, in and out: files are read and written by a worker, and what is in
// them is the app's.
#include "app/house_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/house.h"
#include "api/job.h"
#include "api/respond.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"
#include "sheet/csv.h"
#include "sheet/read.h"
#include "sheet/xlsx.h"

#define TABLE_BYTES_MAX (4u << 20) // as the route says

// ---- In

// The worker reads `body` and fills the rest.
struct import_job {
    struct job job;
    struct app_identity who;
    char meeting[CONTRACT_ID_MAX + 1];
    enum house_table table;
    bool dry;
    char *body; // owned
    size_t body_size;
    struct sheet *sheet; // owned
    struct sheet_refusal refusal;
    enum err err;
};

static struct import_job *import_of(struct job *job)
{
    return (struct import_job *)job;
}

static void import_work(struct job *job)
{
    struct import_job *import = import_of(job);
    import->err = sheet_read(import->body, import->body_size, &import->sheet, &import->refusal);
}

static void import_done(struct job *job, struct call *call)
{
    struct import_job *import = import_of(job);
    struct house_call house = {.house = {.who = &import->who, .wall = job->api->wall}};
    struct import_report *report = calloc(1, sizeof(*report));
    enum err err = report == NULL ? ERR_FULL : import->err;
    if (err == ERR_NONE) {
        err = app_table_import(job->api->app, &house.house, import->meeting, import->table,
                               import->sheet, import->dry, report);
    } else if (err == ERR_INVALID) {
        app_table_unread(&import->refusal, report);
        err = ERR_NONE;
    }
    house_call_answer(call, &house, err, 200,
                      err == ERR_NONE ? import_report_encode(report) : NULL);
    free(report);
}

static void import_finish(struct job *job)
{
    sheet_destroy(import_of(job)->sheet);
    free(import_of(job)->body);
}

static const struct job_kind import_kind = {.size = sizeof(struct import_job),
                                            .work = import_work,
                                            .done = import_done,
                                            .finish = import_finish};

size_t rest_table_send_room(const struct call *call)
{
    return call->identity.secretariat ? TABLE_BYTES_MAX : 0;
}

// 1, 0 or nothing: what is neither is refused, for it is not a wish to do it.
static bool read_dry(struct call *call, bool *ret_dry)
{
    char text[4];
    enum err err = query_value(call->in->query, "dry", text, sizeof(text));
    *ret_dry = err == ERR_NONE && text_equal(text, "1");
    if (err == ERR_NOT_FOUND || *ret_dry || (err == ERR_NONE && text_equal(text, "0"))) {
        return true;
    }
    call_refuse_field(call, ERR_INVALID, "dry");
    return false;
}

static bool fill_import(struct call *call, struct import_job *import)
{
    const struct api_request *in = call->in;
    import->who = call->identity;
    import->body = malloc(in->body_size + 1);
    if (import->body == NULL) {
        return false;
    }
    memcpy(import->body, in->body, in->body_size);
    import->body_size = in->body_size;
    text_copy_cut(import->meeting, sizeof(import->meeting), call->parameters[0]);
    return true;
}

void rest_table_send(struct call *call)
{
    struct house_call house;
    enum house_table table;
    bool dry = false;
    if (!house_call_begin(call, &house) || !read_dry(call, &dry)) {
        return;
    }
    if (!call->identity.secretariat) {
        call_refuse(call, ERR_FORBIDDEN);
        return;
    }
    if (!house_table_from_text(call->parameters[1], &table)) {
        call_refuse(call, ERR_NOT_FOUND);
        return;
    }
    struct job *job = job_create(call, &import_kind);
    if (job == NULL || !fill_import(call, import_of(job))) {
        if (job != NULL) {
            job_discard(job);
        }
        call_refuse(call, ERR_FULL);
        return;
    }
    import_of(job)->table = table;
    import_of(job)->dry = dry;
    job_begin(job);
}

// ---- Out

struct export_job {
    struct job job;
    struct sheet *sheet; // owned
    struct sheet_xlsx_wish wish;
    bool xlsx;
    char *bytes; // owned
    size_t size;
    enum err err;
};

static struct export_job *export_of(struct job *job)
{
    return (struct export_job *)job;
}

static void export_work(struct job *job)
{
    struct export_job *export = export_of(job);
    export->err = export->xlsx ? sheet_write_xlsx(export->sheet, &export->wish, &export->bytes,
                                                  &export->size)
                               : sheet_write_csv(export->sheet, &export->bytes, &export->size);
}

static void export_done(struct job *job, struct call *call)
{
    struct export_job *export = export_of(job);
    if (export->err != ERR_NONE) {
        call_refuse(call, export->err == ERR_IO ? ERR_STORAGE : export->err);
        return;
    }
    respond_owned(&call->response, 200,
                  export->xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                               : "text/csv; charset=utf-8",
                  export->bytes, export->size);
    export->bytes = NULL;
    call_answer(call);
}

static void export_finish(struct job *job)
{
    sheet_destroy(export_of(job)->sheet);
    free(export_of(job)->bytes);
}

static const struct job_kind export_kind = {.size = sizeof(struct export_job),
                                            .work = export_work,
                                            .done = export_done,
                                            .finish = export_finish};

// Which form, and whose words; false: refused.
static bool read_export(struct call *call, bool *ret_xlsx, enum language *ret_language)
{
    char form[8];
    char language[8];
    enum err err = query_value(call->in->query, "form", form, sizeof(form));
    if (err == ERR_INVALID ||
        (err == ERR_NONE && !text_equal(form, "csv") && !text_equal(form, "xlsx"))) {
        call_refuse_field(call, ERR_INVALID, "form");
        return false;
    }
    *ret_xlsx = err == ERR_NONE && text_equal(form, "xlsx");
    err = query_value(call->in->query, "language", language, sizeof(language));
    *ret_language = LANGUAGE_EN;
    if (err == ERR_INVALID || (err == ERR_NONE && (!language_from_text(language, ret_language) ||
                                                   *ret_language == LANGUAGE_NONE))) {
        call_refuse_field(call, ERR_INVALID, "language");
        return false;
    }
    return true;
}

static void begin_export(struct call *call, struct sheet *sheet, bool xlsx, enum language language)
{
    struct job *job = job_create(call, &export_kind);
    if (job == NULL) {
        sheet_destroy(sheet);
        call_refuse(call, ERR_FULL);
        return;
    }
    struct export_job *export = export_of(job);
    export->sheet = sheet;
    export->xlsx = xlsx;
    export->wish = (struct sheet_xlsx_wish){.folder = call->api->ports.folder,
                                            .right_to_left = language == LANGUAGE_AR};
    job_begin(job);
}

void rest_table_read(struct call *call)
{
    struct house_call house;
    enum house_table table;
    enum language language;
    struct sheet *sheet = NULL;
    bool xlsx = false;
    if (!house_call_begin(call, &house) || !read_export(call, &xlsx, &language)) {
        return;
    }
    enum err err = house_table_from_text(call->parameters[1], &table)
                       ? app_table_export(call->api->app, &house.house, call->parameters[0], table,
                                          language, &sheet)
                       : ERR_NOT_FOUND;
    if (err != ERR_NONE) {
        house_call_done(call, &house, err);
    } else {
        begin_export(call, sheet, xlsx, language);
    }
}

// ---- Links

void rest_links_make(struct call *call)
{
    struct house_call house;
    struct link_wish wish = {0};
    if (!house_call_begin(call, &house)) {
        return;
    }
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? link_wish_take(body, &wish, house.field, &house.house.refusal) : err;
    json_decref(body);
    struct new_links *links = err == ERR_NONE ? calloc(1, sizeof(*links)) : NULL;
    if (err == ERR_NONE) {
        err = links == NULL ? ERR_FULL
                            : app_links_make(call->api->app, &house.house, call->parameters[0],
                                             wish.days > 0 ? wish.days : APP_LINK_DAYS, links);
    }
    house_call_answer(call, &house, err, 201, err == ERR_NONE ? new_links_encode(links) : NULL);
    if (links != NULL) {
        explicit_bzero(links, sizeof(*links));
    }
    free(links);
}
