// The seats of a session's person: the meetings that they may sit in, and as whom.
#include <string.h>

#include "app/people_priv.h"
#include "app/stays.h"
#include "base/text.h"

static bool note_row(void *context, const struct seat_row *row)
{
    struct seat_rows *list = context;
    if (list->count == SEATS_SEATS_MAX) { // this one is for the next reading
        memcpy(list->next, list->rows[list->count - 1].meeting, sizeof(list->next));
        return false;
    }
    list->rows[list->count++] = *row;
    return true;
}

enum err seats_read(struct app *app, const char *session, const char *account,
                    struct seat_rows *ret_list)
{
    char after[CONTRACT_ID_MAX + 1];
    memcpy(after, ret_list->next, sizeof(after));
    ret_list->next[0] = '\0';
    ret_list->count = 0;
    return seat_list(app->store, session, account, after, note_row, ret_list);
}

enum err seats_own(struct app *app, const struct app_identity *identity, struct seat_rows *ret_list)
{
    if (identity->session[0] != '\0') {
        return seats_read(app, identity->session, identity->account, ret_list);
    }
    struct seat_row *seat = &ret_list->rows[0];
    *seat = (struct seat_row){.expires_at = identity->expires_at};
    memcpy(seat->meeting, identity->meeting, sizeof(seat->meeting));
    memcpy(seat->participant, identity->participant, sizeof(seat->participant));
    ret_list->count = ret_list->next[0] == '\0' ? 1 : 0;
    ret_list->next[0] = '\0';
    return ERR_NONE;
}

static enum err seat_is_good(struct app *app, const struct session_row *row,
                             const struct seat_row *seat)
{
    struct seat looked;
    enum err err = loading_look(app, seat->meeting, seat->participant, &looked);
    return err != ERR_NONE || stay_is_good_seat(app, row, seat) ? err : ERR_EXPIRED;
}

// The first of these that is not where they signed in, and open to them.
static const struct seat_row *good_seat(struct app *app, const struct session_row *row,
                                        const struct seat_rows *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (!text_equal(list->rows[i].meeting, row->meeting) &&
            seat_is_good(app, row, &list->rows[i]) == ERR_NONE) {
            return &list->rows[i];
        }
    }
    return NULL;
}

// Where they signed in is closed to them: the first meeting that is not, or (none) the same.
static enum err seat_elsewhere(struct app *app, const struct session_row *row,
                               struct seat_row *seat)
{
    struct seat_rows list = {.count = 0};
    const struct seat_row *good = NULL;
    enum err err = ERR_NONE;
    do {
        err = seats_read(app, row->id, row->account, &list);
        good = err == ERR_NONE ? good_seat(app, row, &list) : NULL;
    } while (err == ERR_NONE && good == NULL && list.next[0] != '\0');
    if (good != NULL) {
        *seat = *good;
    }
    return err;
}

enum err seat_choose(struct app *app, const struct session_row *row, const char *meeting,
                     struct seat_row *seat)
{
    if (meeting != NULL) {
        return seat_find(app->store, row->id, row->account, meeting, seat);
    }
    if (row->meeting[0] == '\0') {
        return ERR_NONE; // an account's, without a meeting
    }
    enum err err = seat_find(app->store, row->id, row->account, row->meeting, seat);
    if (err == ERR_NONE && seat_is_good(app, row, seat) == ERR_NONE) {
        return ERR_NONE;
    }
    bool gone = err == ERR_NOT_FOUND;
    err = err == ERR_NONE || gone ? seat_elsewhere(app, row, seat) : err;
    return err == ERR_NONE && gone && seat->meeting[0] == '\0' ? ERR_FORBIDDEN : err;
}

enum err seat_sit(struct app *app, const struct session_row *row, const struct seat_row *seat,
                  struct app_identity *identity)
{
    struct app_meeting *meeting = NULL;
    struct participant participant;
    enum err err = loading_find(app, seat->meeting, &meeting);
    err = err == ERR_NONE ? person_find(app, meeting, seat->participant, &participant) : err;
    if (err == ERR_NONE && !stay_is_good_seat(app, row, seat)) {
        err = ERR_EXPIRED;
    }
    if (err == ERR_NONE) {
        identity->capacity = participant.capacity;
        identity->expires_at = row->expires_at < seat->expires_at ? row->expires_at
                                                                  : seat->expires_at;
    }
    return err;
}

// ---- As they are listed

// ERR_FORBIDDEN, ERR_EXPIRED or ERR_SET_ASIDE when it cannot be sat in.
static enum err list_seat(struct app *app, const struct session_row *row,
                          const struct seat_row *seat, struct seat *ret_seat)
{
    enum err err = loading_look(app, seat->meeting, seat->participant, ret_seat);
    if (err == ERR_NONE && row->id[0] != '\0' && !stay_is_good_seat(app, row, seat)) {
        err = ERR_EXPIRED;
    }
    if (err == ERR_NONE) {
        bool own_date = row->id[0] == '\0' || seat->expires_at < row->expires_at;
        ret_seat->expires_at = own_date ? seat->expires_at : row->expires_at;
    }
    return err;
}

static bool cannot_be_sat_in(enum err err)
{
    return err == ERR_FORBIDDEN || err == ERR_EXPIRED || err == ERR_SET_ASIDE;
}

enum err app_seats(struct app *app, const struct app_identity *identity, const char *after,
                   time_ms wall, struct seats *ret_seats)
{
    struct seat_rows list = {.count = 0};
    struct session_row row = {.expires_at = identity->expires_at};
    app_date(app, wall);
    ret_seats->seats_count = 0;
    text_copy_cut(list.next, sizeof(list.next), after);
    enum err err = seats_own(app, identity, &list);
    if (err == ERR_NONE && identity->session[0] != '\0') {
        err = session_get(app->store, identity->session, &row);
    }
    for (uint32_t i = 0; i < list.count && err == ERR_NONE; i++) {
        err = list_seat(app, &row, &list.rows[i], &ret_seats->seats[ret_seats->seats_count]);
        ret_seats->seats_count += err == ERR_NONE ? 1 : 0;
        err = cannot_be_sat_in(err) ? ERR_NONE
                                    : err; // is left out; a list that cannot be made is not
    }
    memcpy(ret_seats->next, list.next, sizeof(ret_seats->next));
    return err;
}

// ---- Another link

// Whether the session may have the seat: it is none of somebody else in the same meeting.
static enum err may_add(struct app *app, const struct app_identity *identity,
                        const struct token_row *token)
{
    struct seat_rows list = {.count = 0};
    struct seat_row seat;
    enum err err = seat_find(app->store, identity->session, identity->account, token->meeting,
                             &seat);
    if (err != ERR_NOT_FOUND) {
        bool own = err == ERR_NONE && text_equal(seat.participant, token->participant);
        return err == ERR_NONE && !own ? ERR_CONFLICT : err;
    }
    err = seats_read(app, identity->session, identity->account, &list);
    return err == ERR_NONE && list.count == SEATS_SEATS_MAX ? ERR_CONFLICT : err;
}

// The session lasts as long as the best of its seats.
static enum err write_seat(struct app *app, const struct app_identity *identity,
                           const struct token_row *token, time_ms wall)
{
    struct session_row session;
    struct seat_row seat = {.expires_at = token->expires_at};
    memcpy(seat.meeting, token->meeting, sizeof(seat.meeting));
    memcpy(seat.participant, token->participant, sizeof(seat.participant));
    time_ms until = wall + app->config.session_lifetime_ms;
    until = token->expires_at < until ? token->expires_at : until;
    enum err err = session_get(app->store, identity->session, &session);
    if (err == ERR_NONE) {
        err = seat_set(app->store, identity->session, &seat);
    }
    if (err == ERR_NONE && session.expires_at < until) {
        err = session_extend(app->store, identity->session, until);
    }
    return err;
}

static enum err add_link(struct app *app, const struct app_identity *identity, const char *token,
                         time_ms wall, struct seat *ret_seat)
{
    struct token_row row;
    struct participant participant;
    struct refusal refusal;
    enum err err = identity->session[0] != '\0' ? link_find(app, token, wall, &row) : ERR_FORBIDDEN;
    if (err == ERR_NONE && row.door[0] != '\0') {
        err = ERR_FORBIDDEN; // for a machine at its door, not for a person
    }
    // A link that is refused makes nobody a participant.
    err = err == ERR_NONE ? may_add(app, identity, &row) : err;
    err = err == ERR_NONE ? link_participant(app, &row, &participant, &refusal) : err;
    err = err == ERR_NONE ? token_use(app->store, row.hash, wall) : err;
    err = err == ERR_NONE ? write_seat(app, identity, &row, wall) : err;
    if (err == ERR_NONE) {
        err = loading_look(app, row.meeting, participant.id, ret_seat);
        ret_seat->expires_at = row.expires_at;
    }
    return err;
}

enum err app_seat_add(struct app *app, const struct app_identity *identity, const char *token,
                      const char *remote, time_ms wall, struct seat *ret_seat)
{
    app_date(app, wall);
    *ret_seat = (struct seat){.capacity = APP_CAPACITY_OF_NOBODY};
    enum err err = add_link(app, identity, token, wall, ret_seat);
    const struct security_event line = {
        .event = err == ERR_NONE ? "security.seat_added" : "security.link_refused",
        .who = identity->account[0] != '\0' ? identity->account : identity->participant,
        .meeting = ret_seat->meeting,
        .remote = remote,
        .reason = err == ERR_NONE ? NULL : err_slug(err)};
    security_log_write(&app->security, &line, wall);
    return err;
}
