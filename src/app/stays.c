#include "app/stays.h"

#include "app/part.h"
#include "base/log.h"
#include "base/text.h"
#include "store/people.h"

static time_us later(time_us a, time_us b)
{
    return a > b ? a : b;
}

static time_us earlier(time_us a, time_us b)
{
    return a < b ? a : b;
}

// When whoever is in is out, if they have been told in time; TIME_US_NEVER while a sitting lasts.
static time_us stay_end(const struct app *app, const struct app_connection *connection)
{
    const struct meeting_state *state = &connection->meeting->decided;
    if (state->meeting.sitting != SITTING_STATE_CLOSED) {
        return TIME_US_NEVER;
    }
    time_us end = connection->due;
    if (state->sitting_closed_at != 0) {
        end = later(
            end, app_time_of(app, connection->meeting, state->sitting_closed_at + STAY_AFTER_MS));
    }
    return end;
}

// Before the date, and again before the end when that comes much later.
static time_us stay_tell_at(const struct app *app, const struct app_connection *connection)
{
    if (connection->told_at == 0) {
        return connection->due - STAY_TOLD_US;
    }
    time_us end = stay_end(app, connection);
    bool again = end != TIME_US_NEVER && connection->told_at < end - STAY_TOLD_US;
    return again ? end - STAY_TOLD_US : TIME_US_NEVER;
}

static time_us stay_end_at(const struct app *app, const struct app_connection *connection)
{
    time_us end = stay_end(app, connection);
    return end == TIME_US_NEVER || connection->told_at == 0
               ? TIME_US_NEVER
               : later(end, connection->told_at + STAY_TOLD_US);
}

static void stay_tell(struct app *app, struct app_connection *connection, app_live live)
{
    time_us end = stay_end(app, connection);
    bool first = connection->told_at == 0;
    connection->told_at = app->now;
    struct notice_session_expiring *notice = &app->notice.as.session_expiring;
    app->notice.type = NOTICE_SESSION_EXPIRING;
    // What is told is what will be: nobody is out before the fifteen minutes are over.
    time_us at = first && end != connection->due ? connection->due : stay_end_at(app, connection);
    notice->at = clock_at(&connection->meeting->clock, at);
    notice->stays = first && end != connection->due;
    app->ports.notice(app->ports.context, live, &app->notice);
}

static void stay_store(struct app *app, enum err err)
{
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        app_store_failed(app, err);
    }
}

// The session's date has come or is near, and the store says too little of it, or (the wall clock
// was ahead for a while) too much.
static bool stay_needs_keeping(const struct app *app, const struct app_connection *connection)
{
    return connection->session[0] != '\0' && connection->expires_at < app->wall + STAY_LEAD_MS &&
           (connection->kept_until < app->wall + STAY_LEAD_MS ||
            connection->kept_until > app->wall + STAY_KEPT_MS);
}

// The same is written of the seat when it has a date of its own.
static void stay_write_seat(struct app *app, const struct app_connection *connection,
                            time_ms expires_at, time_ms kept_until)
{
    struct seat_row seat;
    enum err err = seat_find(app->store, connection->session, "", connection->meeting->id, &seat);
    if (err == ERR_NONE && text_equal(seat.participant, connection->participant)) {
        seat.expires_at = expires_at != 0 ? expires_at : seat.expires_at;
        seat.kept_until = kept_until;
        err = seat_set(app->store, connection->session, &seat);
    }
    stay_store(app, err);
}

static void stay_keep(struct app *app, struct app_connection *connection)
{
    if (stay_needs_keeping(app, connection)) {
        connection->kept_until = app->wall + STAY_KEPT_MS;
        stay_store(app, session_keep(app->store, connection->session, connection->kept_until));
        stay_write_seat(app, connection, 0, connection->kept_until);
    }
}

// Whoever is out does not come back, but the person may be in elsewhere by the same session.
static void stay_forget(struct app *app, const struct app_connection *connection)
{
    const struct app_connection *first = connection_of_session(app, connection->session, NULL);
    bool alone = first == connection &&
                 connection_of_session(app, connection->session, first) == NULL;
    if (alone) {
        stay_store(app, session_keep(app->store, connection->session, 0));
    }
    stay_write_seat(app, connection, 0, 0);
}

// When it is to be kept next. Looked at every hour: the wall clock is slewed too.
static time_us stay_keep_at(const struct app *app, const struct app_connection *connection)
{
    time_ms good = connection->expires_at > connection->kept_until ? connection->expires_at
                                                                   : connection->kept_until;
    time_ms left = good - STAY_LEAD_MS - app->wall;
    if (connection->session[0] == '\0') {
        return TIME_US_NEVER;
    }
    left = left < STAY_AFTER_MS ? left : STAY_AFTER_MS;
    return app->now + (left > 0 ? left + 1 : 1) * TIME_US_PER_MS;
}

static time_us stay_next(const struct app *app, const struct app_connection *connection)
{
    return earlier(earlier(stay_tell_at(app, connection), stay_end_at(app, connection)),
                   stay_keep_at(app, connection));
}

// It has just been made with access until its expires_at.
static void stay_begin(struct app *app, struct app_connection *connection)
{
    time_ms left = connection->expires_at > app->wall ? connection->expires_at - app->wall : 0;
    connection->due = left > INT64_MAX / TIME_US_PER_MS / 2 ? TIME_US_NEVER / 2
                                                            : app->now + left * TIME_US_PER_MS;
    connection->told_at = 0;
    connection->kept_until = 0;
    app->stays_due = earlier(app->stays_due, stay_next(app, connection));
    app_wake_at(app, later(app->stays_due, app->now));
}

static void stay_opened(struct app *app, app_live live)
{
    stay_begin(app, pool_get(&app->connections, live));
}

static void stay_closing(struct app *app, app_live live, enum app_closing closing)
{
    if (closing == APP_CLOSING_LEFT) { // its page may come back for a while
        stay_keep(app, pool_get(&app->connections, live));
    }
}

// What a wall clock that was ahead has left behind is not good for a day.
static bool date_is_good(const struct app *app, time_ms expires_at, time_ms kept_until)
{
    return expires_at > app->wall ||
           (kept_until > app->wall && kept_until <= app->wall + STAY_KEPT_MS);
}

bool stay_stands(const struct app *app, const struct session_row *row)
{
    return date_is_good(app, row->expires_at, row->kept_until) ||
           connection_of_session(app, row->id, NULL) != NULL;
}

bool stay_is_good(struct app *app, const struct session_row *row)
{
    if (date_is_good(app, row->expires_at, row->kept_until)) {
        return true;
    }
    struct app_connection *connection = connection_of_session(app, row->id, NULL);
    bool is_in = connection != NULL;
    for (; connection != NULL; connection = connection_of_session(app, row->id, connection)) {
        stay_keep(app, connection);
    }
    return is_in;
}

bool stay_is_good_seat(struct app *app, const struct session_row *row, const struct seat_row *seat)
{
    if (date_is_good(app, seat->expires_at, seat->kept_until)) {
        return true;
    }
    const struct app_meeting *meeting = app_find_meeting(app, seat->meeting);
    struct app_connection *connection = meeting != NULL ? live_of(meeting, seat->participant)
                                                        : NULL;
    bool is_in = connection != NULL && text_equal(connection->session, row->id);
    if (is_in) {
        stay_keep(app, connection);
    }
    return is_in;
}

bool stay_is_good_link(const struct app *app, const struct token_row *row)
{
    const struct app_meeting *meeting = app_find_meeting(app, row->meeting);
    const struct participant *participant = meeting != NULL && row->participant[0] != '\0'
                                                ? person_of(meeting, row->participant)
                                                : NULL;
    if (participant == NULL) {
        return false;
    }
    const struct app_connection *connection = live_of(meeting, participant->id);
    if (connection != NULL) {
        return connection->session[0] == '\0';
    }
    return participant->presence != PRESENCE_AWAY &&
           meeting->decided.meeting.sitting != SITTING_STATE_CLOSED;
}

// Where else the person is in by the session, it has the new date too, as far as the link allows.
static void stay_renew_others(struct app *app, const struct app_connection *renewed)
{
    struct app_connection *other = connection_of_session(app, renewed->session, NULL);
    for (; other != NULL; other = connection_of_session(app, renewed->session, other)) {
        struct seat_row seat = {.expires_at = INT64_MAX};
        if (other == renewed) {
            continue;
        }
        enum err err = seat_find(app->store, other->session, "", other->meeting->id, &seat);
        stay_store(app, err);
        other->expires_at = renewed->expires_at < seat.expires_at ? renewed->expires_at
                                                                  : seat.expires_at;
        stay_begin(app, other);
    }
}

void stay_renew(struct app *app, app_live live, uint64_t request)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection->session[0] == '\0') {
        app_refuse(app, live, request, REFUSAL_LINK_IS_NO_SESSION);
        return;
    }
    connection->expires_at = app->wall + app->config.session_lifetime_ms;
    stay_store(app, session_extend(app->store, connection->session, connection->expires_at));
    stay_write_seat(app, connection, connection->expires_at, 0);
    stay_begin(app, connection);
    stay_renew_others(app, connection);
    log_event(LOG_INFO, "session.renewed", LOG_TEXT("meeting", connection->meeting->id),
              LOG_TEXT("participant", connection->participant));
    app_answer(app, live, request);
}

static void stay_look(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (stay_tell_at(app, connection) <= app->now) {
        stay_tell(app, connection, live);
    }
    // The page may have been too slow to be told even that.
    connection = pool_get(&app->connections, live);
    if (connection != NULL && stay_end_at(app, connection) <= app->now) {
        if (connection->session[0] != '\0') {
            stay_forget(app, connection);
        }
        live_end(app, live, "expired", false);
    } else if (connection != NULL) {
        stay_keep(app, connection);
    }
}

static bool stays_are_due(const struct app *app)
{
    return app->stays_due <= app->now || app->stays_steps != app->clock_steps;
}

// Looks at everybody, which is seldom: a date of somebody's has come, or the clocks or the sitting
// have changed what all dates mean.
static void stays_on_deadline(struct app *app)
{
    if (!stays_are_due(app)) {
        return;
    }
    for (struct list_link *at = app->all_connections.first, *next; at != NULL; at = next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        next = at->next;
        stay_look(app, connection->live);
    }
    app->stays_steps = app->clock_steps;
    app->stays_due = TIME_US_NEVER;
    for (struct list_link *at = app->all_connections.first; at != NULL; at = at->next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        app->stays_due = earlier(app->stays_due, stay_next(app, connection));
    }
}

static time_us stays_next_deadline(const struct app *app)
{
    return stays_are_due(app) ? app->now : app->stays_due;
}

static void stays_undone(struct app *app)
{
    app->stays_due = app->now;
}

static void stays_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                         uint32_t count)
{
    (void)meeting;
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].type == EVENT_SITTING_CHANGED) {
            app->stays_due = app->now;
            app_wake_at(app, app->now);
        }
    }
}

const struct app_part stays_part = {.follow = stays_follow,
                                    .live_opened = stay_opened,
                                    .live_closing = stay_closing,
                                    .store_undone = stays_undone,
                                    .on_deadline = stays_on_deadline,
                                    .next_deadline = stays_next_deadline};
