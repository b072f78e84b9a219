#include "app/reports.h"

#include "app/app_priv.h"
#include "base/text.h"
#include "contract/permissions.h"
#include "store/journal.h"
#include "store/quality.h"

struct reading {
    struct report_fold *fold;
    time_ms last;
    uint64_t events;
    uint64_t seq; // of the last
    enum err err;
};

static bool read_event(void *context, const struct event *event)
{
    struct reading *reading = context;
    reading->err = report_fold_event(reading->fold, event);
    reading->last = event->at;
    reading->seq = event->seq;
    reading->events++;
    return reading->err == ERR_NONE;
}

static bool read_quality(void *context, const struct quality_row *row)
{
    struct reading *reading = context;
    report_fold_quality(reading->fold, row->participant, &row->minute);
    return true;
}

enum err report_read(const char *path, const char *meeting, time_ms now,
                     struct report_fold **ret_fold, uint8_t ret_hash[JOURNAL_HASH_SIZE])
{
    struct store *store = NULL;
    struct reading reading = {0};
    enum err err = store_open_reader(path, &store);
    if (err == ERR_NONE) {
        err = report_fold_create(meeting, &reading.fold);
    }
    if (err == ERR_NONE) {
        err = journal_read(store, meeting, 0, read_event, &reading);
        err = err != ERR_NONE ? err : reading.err;
    }
    if (err == ERR_NONE && reading.events == 0) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_NONE) {
        err = journal_hash_of(store, meeting, reading.seq, ret_hash);
    }
    if (err == ERR_NONE) {
        err = quality_read(store, meeting, read_quality, &reading);
    }
    store_close(store);
    if (err != ERR_NONE) {
        report_fold_destroy(reading.fold);
        return err;
    }
    report_fold_finish(reading.fold,
                       report_fold_is_open(reading.fold) && now != 0 ? now : reading.last);
    *ret_fold = reading.fold;
    return ERR_NONE;
}

enum err app_report_permit(const struct app *app, const struct app_identity *identity,
                           const char *meeting)
{
    uint64_t seq = 0;
    if (identity->bound || identity->participant[0] == '\0' ||
        !text_equal(identity->meeting, meeting)) {
        return ERR_FORBIDDEN;
    }
    const struct meeting *found = app_meeting(app, meeting, &seq);
    if (found == NULL) {
        return ERR_NOT_FOUND;
    }
    bool leads = capacity_can(identity->capacity, ABILITY_HAS_DESK) &&
                 text_equal(found->team_leader, identity->participant);
    return permission_grant(COMMAND_REPORT_READ, identity->capacity) != PERMISSION_NONE &&
                   (!capacity_can(identity->capacity, ABILITY_HAS_DESK) || leads)
               ? ERR_NONE
               : ERR_FORBIDDEN;
}

const char *app_report_path(const struct app *app)
{
    return store_path(app->store);
}
