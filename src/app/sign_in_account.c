// An account's session, however it was found out whose it is.
#include <string.h>

#include "app/people_priv.h"

enum err account_session(struct app *app, const struct account_row *account, const char *wanted,
                         time_ms wall, struct session *ret_session)
{
    struct session_row session = {.capacity = APP_CAPACITY_OF_NOBODY,
                                  .expires_at = wall + app->config.session_lifetime_ms};
    memcpy(session.account, account->name, sizeof(session.account));
    memcpy(session.name, account->display_name, sizeof(session.name));
    if (wanted[0] == '\0') {
        return session_begin(app, &session, wall, ret_session);
    }
    struct app_meeting *meeting = NULL;
    enum err err = account_get_participant(app->store, account->name, wanted, session.participant);
    err = err == ERR_NONE ? loading_find(app, wanted, &meeting) : err;
    if (err != ERR_NONE) {
        return err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
    }
    const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                     session.participant);
    if (participant == NULL) {
        return ERR_FORBIDDEN;
    }
    loading_came(app, meeting);
    session.capacity = participant->capacity;
    memcpy(session.meeting, meeting->id, sizeof(session.meeting));
    return session_begin(app, &session, wall, ret_session);
}
