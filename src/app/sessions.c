// Sessions: who the bearer of a token is, listing, revoking. A session is one meeting and one
// capacity, or an operator's account; ending one ends its live connection and what it hears at
// once.
#include <string.h>

#include "app/operating.h"
#include "app/part.h"
#include "app/people_priv.h"
#include "app/stays.h"
#include "base/log.h"
#include "base/text.h"

#define SESSIONS_EACH_MAX      OWN_SESSIONS_SESSIONS_MAX
#define PEOPLE_EXPIRE_EVERY_US (INT64_C(3600) * TIME_US_PER_S)
#define PEOPLE_EXPIRED_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)

// A session, and whose it is.
struct session_owner {
    char session[CONTRACT_ID_MAX + 1];
    char account[ACCOUNT_NAME_MAX + 1];
};

static void name_owner(const struct session_row *row, struct session_owner *ret_owner)
{
    memcpy(ret_owner->session, row->id, sizeof(ret_owner->session));
    memcpy(ret_owner->account, row->account, sizeof(ret_owner->account));
}

static void end_access(struct app *app, const struct app_leaver *leaver)
{
    parts_end(app, leaver);
    wishes_run(app);
}

static void end_in_seats(struct app *app, const char *session, const struct seat_rows *list,
                         const char *reason)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct app_meeting *meeting = app_find_meeting(app, list->rows[i].meeting);
        if (meeting != NULL) {
            const struct app_leaver leaver = {.meeting = meeting,
                                              .participant = list->rows[i].participant,
                                              .session = session,
                                              .reason = reason};
            end_access(app, &leaver);
        }
    }
}

// Also where its person has no seat any more.
static void end_connections(struct app *app, const char *session, const char *reason)
{
    const struct app_connection *connection;
    while ((connection = connection_of_session(app, session, NULL)) != NULL) {
        char participant[CONTRACT_ID_MAX + 1];
        memcpy(participant, connection->participant, sizeof(participant));
        const struct app_leaver leaver = {.meeting = connection->meeting,
                                          .participant = participant,
                                          .session = session,
                                          .reason = reason};
        end_access(app, &leaver);
    }
}

// What links have brought to a session is one reading, and goes with it; an account's places stay.
static enum err end_session(struct app *app, const struct session_owner *owner, const char *reason)
{
    struct seat_rows brought = {.count = 0};
    struct seat_rows places = {.count = 0};
    enum err err = seats_read(app, owner->session, "", &brought);
    if (err == ERR_NONE) {
        err = session_revoke(app->store, owner->session);
    }
    if (err != ERR_NONE) {
        return err;
    }
    end_in_seats(app, owner->session, &brought, reason);
    do {
        err = seats_read(app, "", owner->account, &places);
        end_in_seats(app, owner->session, &places, reason);
    } while (err == ERR_NONE && places.next[0] != '\0');
    end_connections(app, owner->session, reason);
    return err;
}

struct session_count {
    const struct app *app;
    const char *spared; // an id
    uint32_t count;
    struct session_owner oldest; // the one unused for longest, but for those spared
    time_ms seen_at;
};

// Never the newest, nor one whose live connection is open.
static bool count_session(void *context, const struct session_row *row)
{
    struct session_count *sessions = context;
    sessions->count++;
    if (!text_equal(row->id, sessions->spared) &&
        connection_of_session(sessions->app, row->id, NULL) == NULL &&
        (sessions->oldest.session[0] == '\0' || row->seen_at <= sessions->seen_at)) {
        name_owner(row, &sessions->oldest);
        sessions->seen_at = row->seen_at;
    }
    return true;
}

enum err session_trim(struct app *app, const struct session_row *newest)
{
    struct session_count sessions = {.app = app, .spared = newest->id};
    enum err err = session_list(app->store, newest->account, newest->meeting, newest->participant,
                                count_session, &sessions);
    if (err == ERR_NONE && sessions.count > SESSIONS_EACH_MAX &&
        sessions.oldest.session[0] != '\0') {
        err = end_session(app, &sessions.oldest, "replaced");
    }
    return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

void session_make(struct session_row *row, time_ms wall, char ret_token[APP_TOKEN_MAX + 1])
{
    secret_make_token(ret_token, row->hash);
    secret_make_id("s-", row->id);
    row->created_at = wall;
    row->seen_at = wall;
}

enum err session_begin(struct app *app, struct session_row *row, time_ms wall,
                       struct session *ret_session)
{
    char token[APP_TOKEN_MAX + 1];
    session_make(row, wall, token);
    enum err err = session_add(app->store, row);
    if (err == ERR_NONE) {
        err = session_trim(app, row);
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
    memcpy(owner.account, identity->account, sizeof(owner.account));
    return end_session(app, &owner, "signed-out");
}

#define SESSIONS_AT_ONCE 64

struct session_ids {
    struct session_owner owners[SESSIONS_AT_ONCE];
    uint32_t count;
    const char *spared; // an id; "": none is
};

static bool note_id(void *context, const struct session_row *row)
{
    struct session_ids *list = context;
    if (!text_equal(row->id, list->spared)) {
        name_owner(row, &list->owners[list->count++]);
    }
    return list->count < SESSIONS_AT_ONCE;
}

// All sessions of an account, or else of a participant.
static enum err end_sessions(struct app *app, const char *account, const struct seat_row *seat,
                             const char *spared, const char *reason)
{
    struct session_ids list = {.spared = spared};
    enum err err = ERR_NONE;
    do {
        list.count = 0;
        err = session_list(app->store, account, seat->meeting, seat->participant, note_id, &list);
        for (uint32_t i = 0; i < list.count && err == ERR_NONE; i++) {
            err = end_session(app, &list.owners[i], reason);
        }
    } while (err == ERR_NONE && list.count == SESSIONS_AT_ONCE);
    return err;
}

enum err sessions_end_of_account(struct app *app, const char *account, const char *spared,
                                 const char *reason)
{
    const struct seat_row nowhere = {.expires_at = 0};
    return end_sessions(app, account, &nowhere, spared, reason);
}

// The links of one seat, the sessions that they made, and what was opened with a link itself.
static enum err end_seat(struct app *app, const char *account, const struct seat_row *seat)
{
    enum err err = token_revoke_participant(app->store, seat->meeting, seat->participant);
    err = err == ERR_NONE ? end_sessions(app, account, seat, "", "signed-out") : err;
    struct app_meeting *meeting = app_find_meeting(app, seat->meeting);
    if (err == ERR_NONE && meeting != NULL) {
        const struct app_leaver leaver = {
            .meeting = meeting, .participant = seat->participant, .reason = "signed-out"};
        end_access(app, &leaver);
    }
    return err;
}

enum err seat_end_links(struct app *app, const char *meeting, const char *participant)
{
    struct seat_row seat = {.expires_at = 0};
    text_copy_cut(seat.meeting, sizeof(seat.meeting), meeting);
    text_copy_cut(seat.participant, sizeof(seat.participant), participant);
    return end_seat(app, "", &seat);
}

static enum err end_seats(struct app *app, const char *account, const struct seat_rows *list)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < list->count && err == ERR_NONE; i++) {
        err = end_seat(app, account, &list->rows[i]);
    }
    return err;
}

// What links have brought is known as long as the session is: it comes first.
static enum err end_all_seats(struct app *app, const struct app_identity *identity)
{
    struct seat_rows list = {.count = 0};
    enum err err = identity->session[0] != '\0' ? seats_read(app, identity->session, "", &list)
                                                : seats_own(app, identity, &list);
    err = err == ERR_NONE ? end_seats(app, identity->account, &list) : err;
    list.next[0] = '\0';
    do {
        err = err == ERR_NONE ? seats_read(app, "", identity->account, &list) : err;
        err = err == ERR_NONE ? end_seats(app, identity->account, &list) : err;
    } while (err == ERR_NONE && list.next[0] != '\0');
    return err;
}

enum err app_sign_out_everywhere(struct app *app, const struct app_identity *identity)
{
    if (identity->account[0] == '\0' && identity->participant[0] == '\0') {
        return ERR_NOT_FOUND;
    }
    enum err err = end_all_seats(app, identity);
    if (err == ERR_NONE && identity->account[0] != '\0') {
        err = sessions_end_of_account(app, identity->account, "", "signed-out");
    }
    if (err == ERR_NONE) {
        note(app, identity, "security.signed_out_everywhere");
    }
    return err;
}

struct session_page {
    const struct app *app;
    struct session *sessions;
    char (*ids)[CONTRACT_ID_MAX + 1];
    uint32_t max;
    uint32_t count;
};

static bool list_session(void *context, const struct session_row *row)
{
    struct session_page *page = context;
    if (!stay_stands(page->app, row)) {
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
        .app = app, .sessions = ret_sessions, .ids = ret_ids, .max = sessions_max};
    app_date(app, wall);
    *ret_count = 0;
    if (sessions_max == 0) {
        return ERR_NONE;
    }
    enum err err = session_list(app->store, identity->account, identity->meeting,
                                identity->participant, list_session, &page);
    *ret_count = page.count;
    return err;
}

// By the account, or because they signed in or sit as the same participant.
static bool is_own(struct app *app, const struct app_identity *identity,
                   const struct session_row *row)
{
    struct seat_row seat;
    if (identity->account[0] != '\0' && text_equal(identity->account, row->account)) {
        return true;
    }
    if (identity->participant[0] == '\0') {
        return false;
    }
    if (text_equal(identity->meeting, row->meeting) &&
        text_equal(identity->participant, row->participant)) {
        return true;
    }
    return seat_find(app->store, row->id, "", identity->meeting, &seat) == ERR_NONE &&
           text_equal(identity->participant, seat.participant);
}

enum err app_session_revoke(struct app *app, const struct app_identity *identity,
                            const char *session)
{
    struct session_row row;
    enum err err = session_get(app->store, session, &row);
    if (err != ERR_NONE) {
        return err;
    }
    if (!is_own(app, identity, &row) && !identity->administrator) {
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
