// The meetings in memory.
#include "app/app_priv.h"
#include "base/assert.h"
#include "base/text.h"

struct app_meeting *app_find_meeting(const struct app *app, const char *id)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (text_equal(app->meetings[i]->id, id)) {
            return app->meetings[i];
        }
    }
    return NULL;
}

const struct meeting *app_meeting(const struct app *app, const char *meeting, uint64_t *ret_seq)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    if (found == NULL || found->told.seq == 0) {
        return NULL;
    }
    *ret_seq = found->told.seq;
    return &found->told.meeting;
}

const uint64_t *app_meeting_touched(const struct app *app, const char *meeting)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    ASSERT(found != NULL);
    return found->told.touched;
}
