// Signing in by a personal link.
#include <string.h>

#include "app/people_priv.h"

static enum err sign_in_link(struct app *app, const char *token, time_ms wall,
                             struct session *ret_session)
{
    struct token_row row;
    struct participant participant;
    enum err err = link_find(app, token, wall, &row);
    if (err == ERR_NONE && row.door[0] != '\0') {
        err = ERR_FORBIDDEN; // for a machine at its door, not for a person
    }
    if (err == ERR_NONE) {
        err = link_participant(app, &row, &participant);
    }
    if (err == ERR_NONE) {
        err = token_use(app->store, row.hash, wall);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct session_row session = {.capacity = participant.capacity,
                                  .expires_at = wall + app->config.session_lifetime_ms};
    if (row.expires_at < session.expires_at) {
        session.expires_at = row.expires_at;
    }
    memcpy(session.meeting, row.meeting, sizeof(session.meeting));
    memcpy(session.participant, participant.id, sizeof(session.participant));
    memcpy(session.name, participant.name, sizeof(session.name));
    return session_begin(app, &session, wall, ret_session);
}

enum err app_sign_in_link(struct app *app, const char *token, const char *remote, time_ms wall,
                          struct session *ret_session)
{
    app_date(app, wall);
    *ret_session = (struct session){0};
    enum err err = sign_in_link(app, token, wall, ret_session);
    const struct security_event line = {.event = err == ERR_NONE ? "security.signed_in"
                                                                 : "security.link_refused",
                                        .who = ret_session->participant,
                                        .meeting = ret_session->meeting,
                                        .remote = remote,
                                        .reason = err == ERR_NONE ? NULL : err_slug(err)};
    security_log_write(&app->security, &line, wall);
    return err;
}
