// Whose token it is, and where they sit.
#include <string.h>

#include "app/people_priv.h"
#include "app/second_factor_priv.h"
#include "app/stays.h"
#include "base/log.h"
#include "base/text.h"

#define SESSION_SEEN_EVERY_MS (INT64_C(60) * 1000) // how exactly the store says when it was used

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

static enum err account_is_good(struct app *app, const struct session_row *row,
                                struct app_identity *identity)
{
    struct account_row account;
    if (row->account[0] == '\0') {
        return ERR_NONE;
    }
    enum err err = account_get(app->store, row->account, &account);
    if (err != ERR_NONE || account.disabled) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
    }
    identity->secretariat = account.secretariat;
    if (account.administrator) {
        return second_factor_permits(app, &account, &identity->administrator);
    }
    return ERR_NONE;
}

// In `meeting`, or where they signed in. ERR_NOT_FOUND: they have no seat in `meeting`.
static enum err identify_session(struct app *app, const struct session_row *row,
                                 const char *meeting, time_ms wall, struct app_identity *identity)
{
    identity->capacity = row->capacity;
    identity->expires_at = row->expires_at;
    memcpy(identity->session, row->id, sizeof(identity->session));
    memcpy(identity->account, row->account, sizeof(identity->account));
    memcpy(identity->called, row->name, sizeof(identity->called));
    struct seat_row seat = {.expires_at = INT64_MAX};
    enum err found = seat_choose(app, row, meeting, &seat);
    memcpy(identity->meeting, seat.meeting, sizeof(identity->meeting));
    memcpy(identity->participant, seat.participant, sizeof(identity->participant));
    if (!stay_is_good(app, row)) {
        return ERR_EXPIRED;
    }
    enum err err = account_is_good(app, row, identity);
    err = err == ERR_NONE ? found : err;
    if (err == ERR_NONE && seat.meeting[0] != '\0') {
        err = seat_sit(app, row, &seat, identity);
    }
    if (err == ERR_NONE) {
        seen(app, row, wall);
    }
    return err;
}

// Who has no seat in `meeting` is who they are elsewhere: what asks will see that it is not there.
static enum err identify_anywhere(struct app *app, const struct session_row *row,
                                  const char *meeting, time_ms wall, struct app_identity *identity)
{
    enum err err = meeting != NULL ? identify_session(app, row, meeting, wall, identity)
                                   : ERR_NOT_FOUND;
    return err == ERR_NOT_FOUND ? identify_session(app, row, NULL, wall, identity) : err;
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
    struct participant participant;
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
        struct refusal refusal;
        err = link_participant(app, &row, &participant, &refusal);
    }
    if (err != ERR_NONE) {
        return err;
    }
    identity->capacity = participant.capacity;
    identity->expires_at = row.expires_at;
    memcpy(identity->meeting, row.meeting, sizeof(identity->meeting));
    memcpy(identity->participant, participant.id, sizeof(identity->participant));
    memcpy(identity->called, participant.name, sizeof(identity->called));
    return ERR_NONE;
}

enum err app_identify_in(struct app *app, const char *bearer, const char *meeting, time_ms wall,
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
        err = identify_anywhere(app, &row, meeting, wall, &identity);
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

enum err app_identify(struct app *app, const char *bearer, time_ms wall,
                      struct app_identity *ret_identity)
{
    return app_identify_in(app, bearer, NULL, wall, ret_identity);
}

enum err app_seat_take(struct app *app, const struct app_identity *identity, const char *meeting,
                       time_ms wall, struct app_identity *ret_identity)
{
    struct session_row row;
    struct app_identity taken = {.capacity = APP_CAPACITY_OF_NOBODY};
    app_date(app, wall);
    if (identity->session[0] == '\0' || identity->bound) {
        return ERR_FORBIDDEN;
    }
    enum err err = session_get(app->store, identity->session, &row);
    if (err != ERR_NONE) {
        return err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
    }
    err = identify_session(app, &row, meeting, wall, &taken);
    memcpy(taken.who, taken.participant, sizeof(taken.who));
    *ret_identity = err == ERR_NONE ? taken
                                    : (struct app_identity){.capacity = APP_CAPACITY_OF_NOBODY};
    return err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
}
