#include "app/media_idle.h"

#include "app/app_priv.h"

bool app_media_idle(const struct app *app)
{
    if (app->link.phase != APP_LINK_READY || app->peers.used > 0 || app->doors.used > 0) {
        return false;
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct meeting *meeting = &app->meetings[i]->decided.meeting;
        if (meeting->sitting != SITTING_STATE_CLOSED && !meeting->rehearsal) {
            return false;
        }
    }
    return true;
}
