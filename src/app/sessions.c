// Sessions: who the bearer of a token is, listing, revoking. A session is one meeting and one
// capacity, or an operator's account; ending one ends its live connection and what it hears at
// once.
#include <string.h>

#include "app/people_priv.h"
#include "base/text.h"

#define SESSION_SEEN_EVERY_MS 60000 // how exactly the time of the last use is kept

enum err session_begin(struct app *app, struct session_row *row, time_ms wall,
                       struct session *ret_session)
{
    char token[APP_TOKEN_MAX + 1];
    secret_make_token(token, row->hash);
    secret_make_id("s-", row->id);
    row->created_at = wall;
    row->seen_at = wall;
    enum err err = session_add(app->store, row);
    if (err != ERR_NONE) {
        return err;
    }
    *ret_session = (struct session){.capacity = row->capacity, .expires_at = row->expires_at};
    text_copy_cut(ret_session->token, sizeof(ret_session->token), token);
    memcpy(ret_session->participant, row->participant, sizeof(ret_session->participant));
    memcpy(ret_session->meeting, row->meeting, sizeof(ret_session->meeting));
    memcpy(ret_session->name, row->name, sizeof(ret_session->name));
    memcpy(ret_session->account, row->account, sizeof(ret_session->account));
    return ERR_NONE;
}

static void seen(struct app *app, const struct session_row *row, time_ms wall)
{
    if (wall - row->seen_at < SESSION_SEEN_EVERY_MS) {
        return;
    }
    enum err err = session_touch(app->store, row->id, wall);
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        app_store_failed(app, err);
    }
}

static enum err identify_session(struct app *app, const struct session_row *row, time_ms wall,
                                 struct app_identity *identity)
{
    if (row->expires_at <= wall) {
        return ERR_EXPIRED;
    }
    identity->capacity = row->capacity;
    identity->expires_at = row->expires_at;
    memcpy(identity->session, row->id, sizeof(identity->session));
    memcpy(identity->meeting, row->meeting, sizeof(identity->meeting));
    memcpy(identity->participant, row->participant, sizeof(identity->participant));
    memcpy(identity->account, row->account, sizeof(identity->account));
    if (row->account[0] != '\0') {
        struct account_row account;
        enum err err = account_get(app->store, row->account, &account);
        if (err != ERR_NONE || account.disabled) {
            return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
        }
        identity->administrator = account.administrator;
    }
    const struct app_meeting *meeting = app_find_meeting(app, row->meeting);
    if (row->meeting[0] != '\0' &&
        (meeting == NULL ||
         meeting_find_participant(&meeting->decided, row->participant) == NULL)) {
        return ERR_FORBIDDEN;
    }
    seen(app, row, wall);
    return ERR_NONE;
}

// A token of one door's own: nobody in the meeting, named by its hash.
static enum err identify_bound(const struct token_row *row, struct app_identity *identity)
{
    static const char *const kinds[APP_DOOR_KIND_COUNT] = {
        [APP_DOOR_PUBLISH] = "whip:", [APP_DOOR_LISTEN] = "whep:"};
    for (int kind = 0; kind < APP_DOOR_KIND_COUNT; kind++) {
        if (text_starts_with(row->door, kinds[kind])) {
            identity->bound = true;
            identity->door = (enum app_door_kind)kind;
            text_copy_cut(identity->name, sizeof(identity->name), row->door + 5);
        }
    }
    struct text_builder who = text_builder(identity->who, sizeof(identity->who));
    text_append(&who, "token-");
    for (int i = 0; i < 12; i++) {
        text_append_format(&who, "%02x", row->hash[i]);
    }
    identity->expires_at = row->expires_at;
    memcpy(identity->meeting, row->meeting, sizeof(identity->meeting));
    return identity->bound ? ERR_NONE : ERR_UNAUTHENTICATED;
}

static enum err identify_link(struct app *app, const char *bearer, time_ms wall,
                              struct app_identity *identity)
{
    struct token_row row;
    const struct participant *participant = NULL;
    enum err err = link_find(app, bearer, wall, &row);
    if (err == ERR_NONE && row.door[0] != '\0') {
        return identify_bound(&row, identity);
    }
    if (err == ERR_NONE) {
        err = link_participant(app, &row, &participant);
    }
    if (err != ERR_NONE) {
        return err;
    }
    identity->capacity = participant->capacity;
    identity->expires_at = row.expires_at;
    memcpy(identity->meeting, row.meeting, sizeof(identity->meeting));
    memcpy(identity->participant, participant->id, sizeof(identity->participant));
    return ERR_NONE;
}

enum err app_identify(struct app *app, const char *bearer, time_ms wall,
                      struct app_identity *ret_identity)
{
    *ret_identity = (struct app_identity){.capacity = CAPACITY_LISTENER};
    app_clock(app, app->now, wall);
    struct app_identity identity = *ret_identity;
    uint8_t hash[TOKEN_HASH_SIZE];
    struct session_row row;
    enum err err = secret_hash_token(bearer, hash);
    if (err == ERR_NONE) {
        err = session_find(app->store, hash, &row);
    }
    if (err == ERR_NONE) {
        err = identify_session(app, &row, wall, &identity);
    } else if (err == ERR_NOT_FOUND) {
        err = identify_link(app, bearer, wall, &identity);
    }
    if (err == ERR_NONE && !identity.bound) {
        memcpy(identity.who, identity.participant, sizeof(identity.who));
    }
    if (err == ERR_NONE) {
        *ret_identity = identity;
    }
    return err;
}

static enum err end_session(struct app *app, const char *session, const char *reason)
{
    enum err err = session_revoke(app->store, session);
    if (err == ERR_NONE) {
        live_end_session(app, session, reason);
        media_end_session(app, session);
    }
    return err;
}

enum err app_sign_out(struct app *app, const struct app_identity *identity)
{
    if (identity->session[0] == '\0') {
        return ERR_NOT_FOUND; // a bare link has no session to end
    }
    return end_session(app, identity->session, "signed-out");
}

struct session_page {
    time_ms wall;
    struct session *sessions;
    char (*ids)[CONTRACT_ID_MAX + 1];
    uint32_t max;
    uint32_t count;
};

static bool list_session(void *context, const struct session_row *row)
{
    struct session_page *page = context;
    if (row->expires_at <= page->wall) {
        return true;
    }
    struct session *to = &page->sessions[page->count];
    *to = (struct session){.capacity = row->capacity, .expires_at = row->expires_at};
    memcpy(to->participant, row->participant, sizeof(to->participant));
    memcpy(to->meeting, row->meeting, sizeof(to->meeting));
    memcpy(to->name, row->name, sizeof(to->name));
    memcpy(to->account, row->account, sizeof(to->account));
    memcpy(page->ids[page->count], row->id, sizeof(row->id));
    page->count++;
    return page->count < page->max;
}

enum err app_sessions(struct app *app, const struct app_identity *identity, time_ms wall,
                      struct session *ret_sessions, char (*ret_ids)[CONTRACT_ID_MAX + 1],
                      uint32_t sessions_max, uint32_t *ret_count)
{
    struct session_page page = {
        .wall = wall, .sessions = ret_sessions, .ids = ret_ids, .max = sessions_max};
    *ret_count = 0;
    if (sessions_max == 0) {
        return ERR_NONE;
    }
    enum err err = session_list(app->store, identity->account, identity->meeting,
                                identity->participant, list_session, &page);
    *ret_count = page.count;
    return err;
}

static bool is_own(const struct app_identity *identity, const struct session_row *row)
{
    if (identity->account[0] != '\0' && text_equal(identity->account, row->account)) {
        return true;
    }
    return identity->participant[0] != '\0' && text_equal(identity->meeting, row->meeting) &&
           text_equal(identity->participant, row->participant);
}

enum err app_session_revoke(struct app *app, const struct app_identity *identity,
                            const char *session)
{
    struct session_row row;
    enum err err = session_get(app->store, session, &row);
    if (err != ERR_NONE) {
        return err;
    }
    if (!is_own(identity, &row) && !identity->administrator) {
        return ERR_NOT_FOUND; // nobody learns of others' sessions
    }
    return end_session(app, row.id, "revoked");
}
