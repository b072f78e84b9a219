// Turns: the order of a booth's desks, and when a turn is over.
#include "meeting/presence.h"
#include "meeting/state.h"

#include <string.h>

#define ROTA_MINUTE_MS INT64_C(60000)

const struct desk *rota_next(const struct meeting_state *state, const struct booth *booth,
                             const char *after, const char *last)
{
    uint32_t count = booth->desks_count;
    uint32_t at = 0;
    while (at < count && strcmp(booth->desks[at].participant, after) != 0) {
        at++;
    }
    for (uint32_t i = 1; i < count; i++) {
        const struct desk *desk = &booth->desks[(at + i) % count];
        if (strcmp(desk->participant, last) == 0) {
            break;
        }
        if (booth_desk_state(state, desk) == DESK_STATE_STANDBY) {
            return desk;
        }
    }
    return NULL;
}

time_ms rota_chime_due(const struct booth *booth, const struct desk *desk)
{
    if (booth->setting.turn_minutes == 0 || !booth_desk_on_air(desk) || desk->chimed) {
        return PRESENCE_NEVER;
    }
    return desk->opened_at + booth->setting.turn_minutes * ROTA_MINUTE_MS;
}
