// Signing in by account and password. The control thread looks up and counts; argon2id runs on a
// worker in between.
#include <sodium.h>
#include <string.h>

#include "app/password.h"
#include "app/people_priv.h"
#include "base/text.h"

// Checked for unknown accounts, so that they take as long as known ones. Its password was random
// and is forgotten.
static const char decoy_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$SE34ZhGMS3POf0W3Iv01AQ$"
    "71np4eDh1F90jOCBjk6W78WBMT74j3aGkLnU0RylLbE";

enum err app_password_begin(struct app *app, const char *account, const char *meeting, time_ms wall,
                            struct app_password_check *ret_check)
{
    app_clock(app, app->now, wall);
    *ret_check = (struct app_password_check){0};
    if (text_copy(ret_check->account, sizeof(ret_check->account), account) != ERR_NONE ||
        text_copy(ret_check->meeting, sizeof(ret_check->meeting), meeting) != ERR_NONE ||
        account[0] == '\0') {
        return ERR_INVALID;
    }
    if (!throttle_attempt(&app->throttle, account, wall)) {
        return ERR_TOO_MANY;
    }
    struct account_row row;
    enum err err = account_get(app->store, account, &row);
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        return err;
    }
    ret_check->known = err == ERR_NONE && !row.disabled && row.password[0] != '\0';
    return text_copy(ret_check->hash, sizeof(ret_check->hash),
                     ret_check->known ? row.password : decoy_hash);
}

void app_password_verify(struct app_password_check *check, const char *password)
{
    bool equal = sodium_init() >= 0 &&
                 crypto_pwhash_str_verify(check->hash, password, strlen(password)) == 0;
    check->matched = equal && check->known;
}

enum err app_password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                          struct session *ret_session)
{
    app_clock(app, app->now, wall);
    struct account_row account;
    if (!check->matched) {
        return ERR_UNAUTHENTICATED;
    }
    throttle_succeeded(&app->throttle, check->account);
    // While the worker was busy, the account may have been changed.
    enum err err = account_get(app->store, check->account, &account);
    if (err != ERR_NONE || account.disabled || !text_equal(account.password, check->hash)) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
    }
    struct session_row session = {.capacity = CAPACITY_LISTENER,
                                  .expires_at = wall + app->config.session_lifetime_ms};
    memcpy(session.account, account.name, sizeof(session.account));
    memcpy(session.name, account.display_name, sizeof(session.name));
    if (check->meeting[0] == '\0') {
        return account.administrator ? session_begin(app, &session, wall, ret_session)
                                     : ERR_INVALID;
    }
    const struct app_meeting *meeting = app_find_meeting(app, check->meeting);
    err = account_get_participant(app->store, account.name, check->meeting, session.participant);
    const struct participant *participant = meeting != NULL && err == ERR_NONE
                                                ? meeting_find_participant(&meeting->decided,
                                                                           session.participant)
                                                : NULL;
    if (participant == NULL) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
    }
    session.capacity = participant->capacity;
    memcpy(session.meeting, meeting->id, sizeof(session.meeting));
    return session_begin(app, &session, wall, ret_session);
}
