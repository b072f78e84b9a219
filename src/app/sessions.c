// Sessions: who the bearer of a token is, listing, revoking. A session is one meeting and one
// capacity, or an operator's account; ending one ends its live connection and what it hears at
// once.
#include <string.h>

#include "app/part.h"
#include "app/people_priv.h"
#include "app/stays.h"
#include "base/log.h"
#include "base/text.h"

#define SESSION_SEEN_EVERY_MS  60000 // how exactly the time of the last use is kept
#define SESSIONS_EACH_MAX      OWN_SESSIONS_SESSIONS_MAX
#define PEOPLE_EXPIRE_EVERY_US (INT64_C(3600) * TIME_US_PER_S)
#define PEOPLE_EXPIRED_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)

// A session, and whose it is.
struct session_owner {
    char session[CONTRACT_ID_MAX + 1];
    char meeting[CONTRACT_ID_MAX + 1];
    char participant[CONTRACT_ID_MAX + 1];
};

static void name_owner(const struct session_row *row, struct session_owner *ret_owner)
{
    memcpy(ret_owner->session, row->id, sizeof(ret_owner->session));
    memcpy(ret_owner->meeting, row->meeting, sizeof(ret_owner->meeting));
    memcpy(ret_owner->participant, row->participant, sizeof(ret_owner->participant));
}

static void end_access(struct app *app, const struct app_leaver *leaver)
{
    parts_end(app, leaver);
    wishes_run(app);
}

static enum err end_session(struct app *app, const struct session_owner *owner, const char *reason)
{
    enum err err = session_revoke(app->store, owner->session);
    struct app_meeting *meeting = app_find_meeting(app, owner->meeting);
    if (err == ERR_NONE && meeting != NULL) {
        const struct app_leaver leaver = {.meeting = meeting,
                                          .participant = owner->participant,
                                          .session = owner->session,
                                          .reason = reason};
        end_access(app, &leaver);
    }
    return err;
}

struct session_count {
    const char *spared[2]; // ids
    uint32_t count;
    struct session_owner oldest; // the one unused for longest, but for those spared
    time_ms seen_at;
};

static bool count_session(void *context, const struct session_row *row)
{
    struct session_count *sessions = context;
    sessions->count++;
    if (!text_equal(row->id, sessions->spared[0]) && !text_equal(row->id, sessions->spared[1]) &&
        (sessions->oldest.session[0] == '\0' || row->seen_at <= sessions->seen_at)) {
        name_owner(row, &sessions->oldest);
        sessions->seen_at = row->seen_at;
    }
    return true;
}

// One link can sign in as often as it likes: what is more than a person has places for makes room,
// never the session whose live connection is open.
static enum err trim_sessions(struct app *app, const struct session_row *newest)
{
    const struct app_meeting *meeting = app_find_meeting(app, newest->meeting);
    const struct app_connection *connection = meeting != NULL
                                                  ? live_of(meeting, newest->participant)
                                                  : NULL;
    struct session_count sessions = {
        .spared = {newest->id, connection != NULL ? connection->session : newest->id}};
    enum err err = session_list(app->store, newest->account, newest->meeting, newest->participant,
                                count_session, &sessions);
    if (err == ERR_NONE && sessions.count > SESSIONS_EACH_MAX &&
        sessions.oldest.session[0] != '\0') {
        err = end_session(app, &sessions.oldest, "replaced");
    }
    return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err session_begin(struct app *app, struct session_row *row, time_ms wall,
                       struct session *ret_session)
{
    char token[APP_TOKEN_MAX + 1];
    secret_make_token(token, row->hash);
    secret_make_id("s-", row->id);
    row->created_at = wall;
    row->seen_at = wall;
    enum err err = session_add(app->store, row);
    if (err == ERR_NONE) {
        err = trim_sessions(app, row);
    }
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
        log_event(LOG_WARNING, "session.not_touched", LOG_TEXT("error", err_slug(err)));
    }
}

static enum err identify_session(struct app *app, const struct session_row *row, time_ms wall,
                                 struct app_identity *identity)
{
    identity->capacity = row->capacity;
    identity->expires_at = row->expires_at;
    memcpy(identity->session, row->id, sizeof(identity->session));
    memcpy(identity->meeting, row->meeting, sizeof(identity->meeting));
    memcpy(identity->participant, row->participant, sizeof(identity->participant));
    memcpy(identity->account, row->account, sizeof(identity->account));
    if (!stay_is_good(app, row)) {
        return ERR_EXPIRED;
    }
    if (row->account[0] != '\0') {
        struct account_row account;
        enum err err = account_get(app->store, row->account, &account);
        if (err != ERR_NONE || account.disabled) {
            return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
        }
        identity->administrator = account.administrator;
    }
    if (row->meeting[0] != '\0') {
        struct app_meeting *meeting = NULL;
        enum err err = loading_find(app, row->meeting, &meeting);
        if (err != ERR_NONE) {
            return err;
        }
        if (meeting_find_participant(&meeting->decided, row->participant) == NULL) {
            return ERR_FORBIDDEN;
        }
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
    if (err == ERR_EXPIRED && stay_is_good_link(app, &row)) {
        err = ERR_NONE;
    }
    if ((err == ERR_NONE || err == ERR_EXPIRED) && row.door[0] != '\0') {
        struct app_meeting *meeting = NULL;
        enum err bound = identify_bound(&row, identity);
        if (bound == ERR_NONE && err == ERR_NONE) {
            bound = loading_find(app, row.meeting, &meeting);
        }
        return bound == ERR_NONE ? err : bound;
    }
    if (err == ERR_EXPIRED) {
        memcpy(identity->meeting, row.meeting, sizeof(identity->meeting));
        memcpy(identity->participant, row.participant, sizeof(identity->participant));
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
    *ret_identity = (struct app_identity){.capacity = APP_CAPACITY_OF_NOBODY};
    app_date(app, wall);
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
    identity.expired = err == ERR_EXPIRED;
    if (!identity.bound) {
        memcpy(identity.who, identity.participant, sizeof(identity.who));
    }
    if (err == ERR_NONE || err == ERR_EXPIRED) {
        *ret_identity = identity;
    }
    return err;
}

static void note(struct app *app, const struct app_identity *identity, const char *event)
{
    const struct security_event line = {.event = event,
                                        .who = identity->account[0] != '\0' ? identity->account
                                                                            : identity->participant,
                                        .meeting = identity->meeting};
    security_log_write(&app->security, &line, app->wall);
}

enum err app_sign_out(struct app *app, const struct app_identity *identity)
{
    if (identity->session[0] == '\0') {
        return ERR_NOT_FOUND; // a bare link has no session to end
    }
    note(app, identity, "security.signed_out");
    struct session_owner owner = {0};
    memcpy(owner.session, identity->session, sizeof(owner.session));
    memcpy(owner.meeting, identity->meeting, sizeof(owner.meeting));
    memcpy(owner.participant, identity->participant, sizeof(owner.participant));
    return end_session(app, &owner, "signed-out");
}

#define SESSIONS_AT_ONCE 64

struct session_ids {
    struct session_owner owners[SESSIONS_AT_ONCE];
    uint32_t count;
};

static bool note_id(void *context, const struct session_row *row)
{
    struct session_ids *list = context;
    name_owner(row, &list->owners[list->count++]);
    return list->count < SESSIONS_AT_ONCE;
}

enum err app_sign_out_everywhere(struct app *app, const struct app_identity *identity)
{
    struct session_ids list;
    enum err err = ERR_NONE;
    if (identity->account[0] == '\0' && identity->participant[0] == '\0') {
        return ERR_NOT_FOUND;
    }
    struct app_meeting *meeting = app_find_meeting(app, identity->meeting);
    if (identity->participant[0] != '\0') {
        err = token_revoke_participant(app->store, identity->meeting, identity->participant);
    }
    do {
        list.count = 0;
        if (err == ERR_NONE) {
            err = session_list(app->store, identity->account, identity->meeting,
                               identity->participant, note_id, &list);
        }
        for (uint32_t i = 0; i < list.count && err == ERR_NONE; i++) {
            err = end_session(app, &list.owners[i], "signed-out");
        }
    } while (err == ERR_NONE && list.count == SESSIONS_AT_ONCE);
    if (err == ERR_NONE && meeting != NULL) {
        // Also what was opened with the link itself, without a session.
        const struct app_leaver leaver = {
            .meeting = meeting, .participant = identity->participant, .reason = "signed-out"};
        end_access(app, &leaver);
    }
    if (err == ERR_NONE) {
        note(app, identity, "security.signed_out_everywhere");
    }
    return err;
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
    note(app, identity, "security.session_revoked");
    struct session_owner owner;
    name_owner(&row, &owner);
    return end_session(app, &owner, "revoked");
}

// Expired links and sessions are kept for a while, so that their bearers hear "expired" and not
// "unknown".
static void expire_people(struct app *app)
{
    if (app->expire_due > app->now) {
        return;
    }
    app->expire_due = app->now + PEOPLE_EXPIRE_EVERY_US;
    uint32_t count = 0;
    enum err err = people_expire(app->store, app->wall - PEOPLE_EXPIRED_KEPT_MS, &count);
    if (err != ERR_NONE) { // the next time
        log_event(LOG_WARNING, "people.not_expired", LOG_TEXT("error", err_slug(err)));
    }
    if (count > 0) {
        log_event(LOG_INFO, "people.expired", LOG_INT("rows", count));
    }
}

static time_us sessions_next_deadline(const struct app *app)
{
    return app->expire_due;
}

const struct app_part sessions_part = {.on_deadline = expire_people,
                                       .next_deadline = sessions_next_deadline};
