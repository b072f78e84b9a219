// What another process takes away while somebody is in: `plenary user` disables or removes an
// account, or takes its place in a meeting away. Whoever asks anew meets it by itself (identify.c);
// what is open already is looked at once a second, when there is something to see.
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"
#include "store/people.h"

#define ACCESS_EVERY_US TIME_US_PER_S

// What cannot be read takes nothing away: it is looked at again a second later.
static bool is_withdrawn(struct app *app, const struct app_attendance *attendance,
                         const char *session, bool *unread)
{
    struct session_row row;
    struct account_row account;
    struct seat_row seat;
    if (session[0] == '\0') {
        return false;
    }
    enum err err = session_get(app->store, session, &row);
    if (err == ERR_NONE && row.account[0] == '\0') {
        return false;
    }
    err = err == ERR_NONE ? account_get(app->store, row.account, &account) : err;
    if (err == ERR_NONE && account.disabled) {
        return true;
    }
    err = err == ERR_NONE
              ? seat_find(app->store, session, row.account, attendance->meeting->id, &seat)
              : err;
    *unread |= err != ERR_NONE && err != ERR_NOT_FOUND;
    return err == ERR_NOT_FOUND ||
           (err == ERR_NONE && !text_equal(seat.participant, attendance->participant));
}

// One of the sessions by which they are in, which is not good here any more; NULL: all are.
static const char *withdrawn_session(struct app *app, const struct app_attendance *attendance,
                                     bool *unread)
{
    const struct app_connection *connection = attendance->connection;
    const struct app_peer *peer = attendance->peer;
    if (connection != NULL && is_withdrawn(app, attendance, connection->session, unread)) {
        return connection->session;
    }
    if (peer != NULL && is_withdrawn(app, attendance, peer->session, unread)) {
        return peer->session;
    }
    for (struct list_link *at = attendance->doors.first; at != NULL; at = at->next) {
        const struct app_door *door = LIST_ITEM(at, struct app_door, of_person);
        if (is_withdrawn(app, attendance, door->by, unread)) {
            return door->by;
        }
    }
    return NULL;
}

// They may be in by several sessions; the attendance goes with the last of what it holds.
static void access_look(struct app *app, struct app_attendance *attendance, bool *unread)
{
    struct app_meeting *meeting = attendance->meeting;
    char participant[CONTRACT_ID_MAX + 1];
    char session[CONTRACT_ID_MAX + 1];
    const char *found = NULL;
    memcpy(participant, attendance->participant, sizeof(participant));
    while (attendance != NULL && (found = withdrawn_session(app, attendance, unread)) != NULL) {
        text_copy_cut(session, sizeof(session), found);
        const struct security_event line = {
            .event = "security.access_withdrawn", .who = participant, .meeting = meeting->id};
        security_log_write(&app->security, &line, app->wall);
        const struct app_leaver leaver = {.meeting = meeting,
                                          .participant = participant,
                                          .session = session,
                                          .reason = "withdrawn"};
        parts_end(app, &leaver);
        attendance = attendance_of(meeting, participant);
    }
}

static void access_look_at_meeting(struct app *app, const struct app_meeting *meeting, bool *unread)
{
    for (uint32_t i = 0; i < ATTENDANCE_PLACES; i++) {
        for (struct list_link *at = meeting->attendances[i].first, *next; at != NULL; at = next) {
            struct app_attendance *attendance = LIST_ITEM(at, struct app_attendance, link);
            next = at->next;
            if (attendance->by_account) {
                access_look(app, attendance, unread);
            }
        }
    }
}

static void access_on_deadline(struct app *app)
{
    int64_t version = 0;
    if (app->access_due > app->now) {
        return;
    }
    app->access_due = app->now + ACCESS_EVERY_US;
    if (people_version(app->store, &version) != ERR_NONE || version == app->people_version) {
        return;
    }
    bool unread = false;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        access_look_at_meeting(app, app->meetings[i], &unread);
    }
    app->people_version = unread ? app->people_version : version;
}

static time_us access_next_deadline(const struct app *app)
{
    bool anybody = app->all_connections.first != NULL || app->all_peers.first != NULL ||
                   app->all_doors.first != NULL;
    return anybody ? app->access_due : TIME_US_NEVER;
}

static void access_live_opened(struct app *app, app_live live)
{
    (void)live;
    app_wake_at(app, app->access_due > app->now ? app->access_due : app->now);
}

const struct app_part access_part = {.on_deadline = access_on_deadline,
                                     .next_deadline = access_next_deadline,
                                     .live_opened = access_live_opened};
