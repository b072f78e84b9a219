// Signing in by account and password. The control thread looks up and counts; argon2id runs on a
// worker in between.
#include <sodium.h>
#include <string.h>

#include "app/device.h"
#include "app/password.h"
#include "app/people_priv.h"
#include "app/second_factor_priv.h"
#include "base/network.h"
#include "base/text.h"

#define DEVICE_KEY_SETTING "device_key"

// Checked for unknown accounts, so that they take as long as known ones. Its password was random
// and is forgotten.
static const char decoy_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$SE34ZhGMS3POf0W3Iv01AQ$"
    "71np4eDh1F90jOCBjk6W78WBMT74j3aGkLnU0RylLbE";

static void note(struct app *app, const struct app_password_check *check, const char *event,
                 const char *reason)
{
    const struct security_event line = {.event = event,
                                        .who = check->account,
                                        .meeting = check->meeting,
                                        .remote = check->remote,
                                        .reason = reason};
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
        text_copy(ret_check->code, sizeof(ret_check->code), wish->code != NULL ? wish->code : "") !=
            ERR_NONE ||
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
        note(app, ret_check, "security.sign_in_slowed", err_slug(ERR_TOO_MANY));
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

// Right but for the code that was not shown: no guess.
static enum err pass_code(struct app *app, const struct app_password_check *check, time_ms wall,
                          struct refusal *ret_refusal)
{
    enum err err = second_factor_pass(app, check->account, check->code, wall, ret_refusal);
    if (err == ERR_NONE) {
        throttle_succeeded(&app->throttle, check->account, check->from, app->now / TIME_US_PER_MS);
    } else if (ret_refusal->reason != REFUSAL_CODE_WRONG) {
        app_password_unchecked(app, check);
    }
    return err;
}

static enum err password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                             struct session *ret_session, struct refusal *ret_refusal)
{
    struct account_row account;
    if (!check->matched) {
        return ERR_UNAUTHENTICATED;
    }
    // While the worker was busy, the account may have been changed.
    enum err err = account_get(app->store, check->account, &account);
    if (err != ERR_NONE || account.disabled || !text_equal(account.password, check->hash)) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
    }
    err = pass_code(app, check, wall, ret_refusal);
    err = err == ERR_NONE ? account_session(app, &account, check->meeting, wall, ret_session) : err;
    if (err == ERR_NONE) {
        struct device device = check->device;
        device.at = wall;
        device_token(app->device_key, &device, account.name, account.password, ret_session->device);
    }
    return err;
}

enum err app_password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                          struct session *ret_session, struct refusal *ret_refusal)
{
    app_date(app, wall);
    *ret_refusal = (struct refusal){.reason = REFUSAL_NONE};
    enum err err = password_end(app, check, wall, ret_session, ret_refusal);
    const char *why = err == ERR_NONE ? NULL
                      : ret_refusal->reason != REFUSAL_NONE
                          ? refusal_reason_name(ret_refusal->reason)
                          : err_slug(err);
    note(app, check, err == ERR_NONE ? "security.signed_in" : "security.sign_in_refused", why);
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
