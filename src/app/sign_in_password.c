// Signing in by account and password. The control thread looks up and counts; argon2id runs on a
// worker in between.
#include <sodium.h>
#include <string.h>

#include "app/device.h"
#include "app/password.h"
#include "app/people_priv.h"
#include "base/network.h"
#include "base/text.h"

#define DEVICE_KEY_SETTING "device_key"

// Checked for unknown accounts, so that they take as long as known ones. Its password was random
// and is forgotten.
static const char decoy_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$SE34ZhGMS3POf0W3Iv01AQ$"
    "71np4eDh1F90jOCBjk6W78WBMT74j3aGkLnU0RylLbE";

static void note(struct app *app, const struct app_password_check *check, const char *event,
                 enum err reason)
{
    const struct security_event line = {.event = event,
                                        .who = check->account,
                                        .meeting = check->meeting,
                                        .remote = check->remote,
                                        .reason = reason == ERR_NONE ? NULL : err_slug(reason)};
    security_log_write(&app->security, &line, app->wall);
}

// Whether this account has signed in from this device or network before; from where the attempt
// counts.
static void recognise(const struct app *app, const struct app_password_wish *wish, time_ms wall,
                      struct app_password_check *check)
{
    uint8_t network[NETWORK_SIZE];
    network_of_text(wish->remote, network);
    if (check->known && wish->device != NULL &&
        device_find(app->device_key, wish->device, check->account, check->hash, wall,
                    &check->device)) {
        check->trusted = true;
        memcpy(check->from, check->device.number, sizeof(check->from));
        return;
    }
    device_make(&check->device);
    memcpy(check->from, network, sizeof(check->from));
    check->trusted = check->known && throttle_knows(&app->throttle, check->account, network);
}

enum err app_password_begin(struct app *app, const struct app_password_wish *wish, time_ms wall,
                            struct app_password_check *ret_check)
{
    app_date(app, wall);
    *ret_check = (struct app_password_check){0};
    text_copy_cut(ret_check->remote, sizeof(ret_check->remote),
                  wish->remote != NULL ? wish->remote : "");
    if (text_copy(ret_check->account, sizeof(ret_check->account), wish->account) != ERR_NONE ||
        text_copy(ret_check->meeting, sizeof(ret_check->meeting), wish->meeting) != ERR_NONE ||
        wish->account[0] == '\0') {
        return ERR_INVALID;
    }
    struct account_row row;
    enum err err = account_get(app->store, ret_check->account, &row);
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        return err;
    }
    ret_check->known = err == ERR_NONE && !row.disabled && row.password[0] != '\0';
    err = text_copy(ret_check->hash, sizeof(ret_check->hash),
                    ret_check->known ? row.password : decoy_hash);
    if (err != ERR_NONE) {
        return err;
    }
    recognise(app, wish, wall, ret_check);
    if (!throttle_attempt(&app->throttle, ret_check->account, ret_check->from,
                          app->now / TIME_US_PER_MS)) {
        note(app, ret_check, "security.sign_in_slowed", ERR_TOO_MANY);
        return ERR_TOO_MANY;
    }
    return ERR_NONE;
}

void app_password_unchecked(struct app *app, const struct app_password_check *check)
{
    throttle_give_back(&app->throttle, check->account, check->from);
}

void app_password_verify(struct app_password_check *check, const char *password)
{
    bool equal = sodium_init() >= 0 &&
                 crypto_pwhash_str_verify(check->hash, password, strlen(password)) == 0;
    check->matched = equal && check->known;
}

// The account's session in the meeting that was wished for, or without one, for who works for the
// house and for who chooses among their meetings later.
static enum err begin_session(struct app *app, const struct app_password_check *check,
                              const struct account_row *account, time_ms wall,
                              struct session *ret_session)
{
    struct session_row session = {.capacity = APP_CAPACITY_OF_NOBODY,
                                  .expires_at = wall + app->config.session_lifetime_ms};
    memcpy(session.account, account->name, sizeof(session.account));
    memcpy(session.name, account->display_name, sizeof(session.name));
    if (check->meeting[0] == '\0') {
        return session_begin(app, &session, wall, ret_session);
    }
    struct app_meeting *meeting = NULL;
    enum err err = account_get_participant(app->store, account->name, check->meeting,
                                           session.participant);
    err = err == ERR_NONE ? loading_find(app, check->meeting, &meeting) : err;
    if (err != ERR_NONE) {
        return err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
    }
    const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                     session.participant);
    if (participant == NULL) {
        return ERR_FORBIDDEN;
    }
    loading_came(app, meeting);
    session.capacity = participant->capacity;
    memcpy(session.meeting, meeting->id, sizeof(session.meeting));
    return session_begin(app, &session, wall, ret_session);
}

static enum err password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                             struct session *ret_session)
{
    struct account_row account;
    if (!check->matched) {
        return ERR_UNAUTHENTICATED;
    }
    throttle_succeeded(&app->throttle, check->account, check->from, app->now / TIME_US_PER_MS);
    // While the worker was busy, the account may have been changed.
    enum err err = account_get(app->store, check->account, &account);
    if (err != ERR_NONE || account.disabled || !text_equal(account.password, check->hash)) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
    }
    err = begin_session(app, check, &account, wall, ret_session);
    if (err == ERR_NONE) {
        struct device device = check->device;
        device.at = wall;
        device_token(app->device_key, &device, account.name, account.password, ret_session->device);
    }
    return err;
}

enum err app_password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                          struct session *ret_session)
{
    app_date(app, wall);
    enum err err = password_end(app, check, wall, ret_session);
    note(app, check, err == ERR_NONE ? "security.signed_in" : "security.sign_in_refused", err);
    return err;
}

enum err device_key_load(struct app *app)
{
    char value[STORE_SETTING_VALUE_MAX + 1];
    enum err err = store_setting_get(app->store, DEVICE_KEY_SETTING, value);
    if (err == ERR_NONE) {
        return text_unhex(app->device_key, sizeof(app->device_key), value);
    }
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    if (sodium_init() < 0) {
        return ERR_UNAVAILABLE;
    }
    randombytes_buf(app->device_key, sizeof(app->device_key));
    text_hex(value, app->device_key, sizeof(app->device_key));
    err = store_setting_set(app->store, DEVICE_KEY_SETTING, value);
    sodium_memzero(value, sizeof(value));
    return err;
}
