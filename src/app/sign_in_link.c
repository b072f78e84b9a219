// Signing in by a personal link.
#include <stdlib.h>
#include <string.h>

#include "app/people_priv.h"
#include "base/log.h"
#include "base/text.h"

_Static_assert(APP_LINK_HASH_SIZE == TOKEN_HASH_SIZE, "it is the token's");

static void note(struct app *app, const struct app_link_sign_in *sign_in, enum err err)
{
    const struct security_event line = {.event = err == ERR_NONE ? "security.signed_in"
                                                                 : "security.link_refused",
                                        .who = sign_in->session.participant,
                                        .meeting = sign_in->session.meeting,
                                        .remote = sign_in->remote,
                                        .reason = err == ERR_NONE ? NULL : err_slug(err)};
    security_log_write(&app->security, &line, app->wall);
}

static enum err begin(struct app *app, const char *token, time_ms wall,
                      struct app_link_sign_in *sign_in)
{
    struct token_row row;
    struct participant participant;
    struct session *session = &sign_in->session;
    enum err err = link_find(app, token, wall, &row);
    if (err == ERR_NONE && row.door[0] != '\0') {
        err = ERR_FORBIDDEN; // for a machine at its door, not for a person
    }
    if (err == ERR_NONE) {
        // Whose the link is, is written down with their session, and not before it.
        sign_in->binds = row.participant[0] == '\0';
        err = link_arrive(app, &row, &participant, &sign_in->refusal);
    }
    if (err != ERR_NONE) {
        return err;
    }
    loading_came(app, app_find_meeting(app, row.meeting));
    memcpy(sign_in->link, row.hash, sizeof(sign_in->link));
    session->capacity = participant.capacity;
    session->expires_at = wall + app->config.session_lifetime_ms;
    if (row.expires_at < session->expires_at) {
        session->expires_at = row.expires_at;
    }
    memcpy(session->meeting, row.meeting, sizeof(session->meeting));
    memcpy(session->participant, participant.id, sizeof(session->participant));
    memcpy(session->name, participant.name, sizeof(session->name));
    return ERR_NONE;
}

enum err app_link_begin(struct app *app, const char *token, const char *remote, time_ms wall,
                        struct app_link_sign_in *ret_sign_in)
{
    *ret_sign_in = (struct app_link_sign_in){.session.capacity = APP_CAPACITY_OF_NOBODY};
    text_copy_cut(ret_sign_in->remote, sizeof(ret_sign_in->remote), remote != NULL ? remote : "");
    app_date(app, wall);
    enum err err = begin(app, token, wall, ret_sign_in);
    if (err != ERR_NONE) {
        note(app, ret_sign_in, err);
    }
    return err;
}

// ---- All of one turn

static void row_fill(struct app_link_sign_in *sign_in, time_ms wall, struct link_session_row *row)
{
    struct session *session = &sign_in->session;
    char token[APP_TOKEN_MAX + 1];
    row->binds = sign_in->binds;
    memcpy(row->link, sign_in->link, sizeof(row->link));
    row->session.capacity = session->capacity;
    row->session.expires_at = session->expires_at;
    memcpy(row->session.meeting, session->meeting, sizeof(row->session.meeting));
    memcpy(row->session.participant, session->participant, sizeof(row->session.participant));
    memcpy(row->session.name, session->name, sizeof(row->session.name));
    session_make(&row->session, wall, token);
    text_copy_cut(session->token, sizeof(session->token), token);
}

static void tell(struct app *app, struct app_link_sign_in *sign_in, enum err err)
{
    sign_in->err = err;
    if (err != ERR_NONE) {
        explicit_bzero(sign_in->session.token, sizeof(sign_in->session.token)); // of no session
    }
    note(app, sign_in, err);
}

static void trim(struct app *app, const struct session_row *newest)
{
    enum err err = session_trim(app, newest);
    if (err != ERR_NONE) { // the next one who comes by this link makes room
        log_event(LOG_WARNING, "session.not_trimmed", LOG_TEXT("error", err_slug(err)));
    }
}

bool app_link_waits(const struct app *app, const struct app_link_sign_in *sign_in)
{
    return link_waits(app, sign_in->session.meeting, sign_in->session.participant);
}

static void wait_for_all(struct app *app, const struct app_link_sign_in *sign_ins, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && !app_link_waits(app, &sign_ins[i])) {
        i++;
    }
    if (i < count) {
        link_wait(app);
    }
}

// The rows of those whom the meeting has. Returns how many; the others have their error.
static uint32_t rows_fill(struct app *app, struct app_link_sign_in *sign_ins, uint32_t count,
                          time_ms wall, struct link_session_row *rows)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct session *session = &sign_ins[i].session;
        sign_ins[i].err = sign_ins[i].binds
                              ? link_taken(app, session->meeting, session->participant)
                              : ERR_NONE;
        if (sign_ins[i].err == ERR_NONE) {
            row_fill(&sign_ins[i], wall, &rows[filled++]);
        }
    }
    return filled;
}

void app_link_end(struct app *app, struct app_link_sign_in *sign_ins, uint32_t count, time_ms wall)
{
    struct link_session_row *rows = calloc(count, sizeof(*rows));
    app_date(app, wall);
    wait_for_all(app, sign_ins, count);
    uint32_t filled = rows != NULL ? rows_fill(app, sign_ins, count, wall, rows) : 0;
    enum err err = rows == NULL ? ERR_FULL : session_add_by_links(app->store, rows, filled, wall);
    for (uint32_t i = 0, row = 0; i < count; i++) {
        if (err == ERR_NONE && sign_ins[i].err != ERR_NONE) {
            tell(app, &sign_ins[i], sign_ins[i].err);
            continue;
        }
        tell(app, &sign_ins[i], err != ERR_NONE ? err : rows[row].err);
        if (sign_ins[i].err == ERR_NONE) {
            trim(app, &rows[row].session);
        }
        row++;
    }
    free(rows);
}
