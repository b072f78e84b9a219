#include "app/second_factor.h"

#include <sodium.h>
#include <string.h>

#include "app/second_factor_priv.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/totp.h"
#include "store/second_factor.h"

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(NONCE_SIZE + TOTP_SECRET_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
                   SECOND_FACTOR_SEALED_SIZE,
               "a sealed secret has its place");
_Static_assert(APP_SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "it is the key's");
_Static_assert(RECOVERY_CODES_CODES_MAX == RECOVERY_CODES_MAX, "all are shown");

// ---- Secrets

static void seal(const struct app *app, const char *account, const uint8_t secret[TOTP_SECRET_SIZE],
                 uint8_t ret_sealed[SECOND_FACTOR_SEALED_SIZE])
{
    randombytes_buf(ret_sealed, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        ret_sealed + NONCE_SIZE, NULL, secret, TOTP_SECRET_SIZE, (const uint8_t *)account,
        strlen(account), NULL, ret_sealed, app->config.sign_in.seal_key);
}

// ERR_UNAVAILABLE: with this key, or for this account, it was not sealed.
static enum err unseal(const struct app *app, const char *account,
                       const struct second_factor_row *row, uint8_t ret_secret[TOTP_SECRET_SIZE])
{
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            ret_secret, NULL, NULL, row->sealed + NONCE_SIZE,
            SECOND_FACTOR_SEALED_SIZE - NONCE_SIZE, (const uint8_t *)account, strlen(account),
            row->sealed, app->config.sign_in.seal_key) != 0) {
        log_event(LOG_ERROR, "second_factor.unreadable", LOG_TEXT("account", account));
        return ERR_UNAVAILABLE;
    }
    return ERR_NONE;
}

// The step of a good code. ERR_AUTHENTICATION for any other.
static enum err step_of(const struct app *app, const char *account,
                        const struct second_factor_row *row, const char *code, time_ms wall,
                        int64_t *ret_step)
{
    uint8_t secret[TOTP_SECRET_SIZE];
    enum err err = unseal(app, account, row, secret);
    if (err == ERR_NONE) {
        err = totp_find(secret, code, wall, row->used_step, ret_step);
    }
    sodium_memzero(secret, sizeof(secret));
    return err;
}

// ---- Recovery codes

// 32 letters and digits that nobody takes for one another; 80 bits a code.
static const char recovery_letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

#define RECOVERY_LENGTH 16
#define RECOVERY_GROUP  4

static void recovery_make(struct recovery_code *ret_code, uint8_t ret_hash[TOKEN_HASH_SIZE])
{
    char plain[RECOVERY_LENGTH + 1] = "";
    struct text_builder shown = text_builder(ret_code->code, sizeof(ret_code->code));
    for (int i = 0; i < RECOVERY_LENGTH; i++) {
        plain[i] = recovery_letters[randombytes_uniform(sizeof(recovery_letters) - 1)];
        text_append(&shown, i > 0 && i % RECOVERY_GROUP == 0 ? "-" : "");
        text_append_n(&shown, &plain[i], 1);
    }
    ASSERT(!shown.failed);
    crypto_hash_sha256(ret_hash, (const uint8_t *)plain, RECOVERY_LENGTH);
    sodium_memzero(plain, sizeof(plain));
}

// As people type it: without blanks and hyphens, in capitals. Empty when it is too long for a code.
static void clean(const char *code, char ret_code[RECOVERY_LENGTH + 1])
{
    struct text_builder text = text_builder(ret_code, RECOVERY_LENGTH + 1);
    for (; *code != '\0'; code++) {
        char c = *code >= 'a' && *code <= 'z' ? (char)(*code - 'a' + 'A') : *code;
        if (c != ' ' && c != '-') {
            text_append_n(&text, &c, 1);
        }
    }
    if (text.failed) {
        ret_code[0] = '\0';
    }
}

// ---- Codes that are shown

// Takes it. ERR_AUTHENTICATION when it is wrong.
static enum err take_code(struct app *app, const char *account, const struct second_factor_row *row,
                          const char *typed, time_ms wall)
{
    char code[RECOVERY_LENGTH + 1];
    uint8_t hash[TOKEN_HASH_SIZE];
    int64_t step = 0;
    enum err err = ERR_AUTHENTICATION;
    clean(typed, code);
    if (strlen(code) == RECOVERY_LENGTH) {
        crypto_hash_sha256(hash, (const uint8_t *)code, RECOVERY_LENGTH);
        err = recovery_code_use(app->store, account, hash);
    } else if (code[0] != '\0') {
        err = step_of(app, account, row, code, wall, &step);
        err = err == ERR_NONE ? second_factor_use(app->store, account, step) : err;
    }
    return err == ERR_NOT_FOUND || err == ERR_CONFLICT ? ERR_AUTHENTICATION : err;
}

static enum err refuse_code(enum err err, struct refusal *ret_refusal)
{
    if (err != ERR_AUTHENTICATION) {
        return err;
    }
    *ret_refusal = (struct refusal){.reason = REFUSAL_CODE_WRONG};
    return ERR_UNAUTHENTICATED;
}

enum err second_factor_pass(struct app *app, const char *account, const char *code, time_ms wall,
                            struct refusal *ret_refusal)
{
    struct second_factor_row row;
    enum err err = second_factor_get(app->store, account, &row);
    if (err == ERR_NOT_FOUND || (err == ERR_NONE && !row.confirmed)) {
        return ERR_NONE;
    }
    if (err == ERR_NONE && code[0] == '\0') {
        *ret_refusal = (struct refusal){.reason = REFUSAL_CODE_NEEDED};
        return ERR_UNAUTHENTICATED;
    }
    err = err == ERR_NONE ? take_code(app, account, &row, code, wall) : err;
    return refuse_code(err, ret_refusal);
}

enum err second_factor_permits(struct app *app, const struct account_row *account,
                               bool *ret_permits)
{
    struct second_factor_row row;
    *ret_permits = true;
    if (!app->config.sign_in.administrators_need_code || account->password[0] == '\0') {
        return ERR_NONE;
    }
    enum err err = second_factor_get(app->store, account->name, &row);
    *ret_permits = err == ERR_NONE && row.confirmed;
    return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

// ---- One's own

static void note(struct app *app, const struct app_identity *identity, const char *event,
                 enum err err)
{
    const struct security_event line = {
        .event = event, .who = identity->account, .reason = err == ERR_NONE ? NULL : err_slug(err)};
    security_log_write(&app->security, &line, app->wall);
}

static enum err own_account(struct app *app, const struct app_identity *identity,
                            struct account_row *ret_account, struct refusal *ret_refusal)
{
    if (identity->account[0] == '\0' || identity->bound) {
        *ret_refusal = (struct refusal){.reason = REFUSAL_ACCOUNT_NEEDED};
        return ERR_FORBIDDEN;
    }
    return account_get(app->store, identity->account, ret_account);
}

enum err app_second_factor(struct app *app, const struct app_identity *identity,
                           struct second_factor *ret_factor, struct refusal *ret_refusal)
{
    struct account_row account;
    struct second_factor_row row;
    uint32_t left = 0;
    *ret_factor = (struct second_factor){.on = false};
    enum err err = own_account(app, identity, &account, ret_refusal);
    if (err != ERR_NONE) {
        return err;
    }
    err = second_factor_get(app->store, account.name, &row);
    if (err == ERR_NONE && row.confirmed) {
        err = recovery_code_count(app->store, account.name, &left);
        ret_factor->on = true;
        ret_factor->recovery_left = left;
    }
    bool has_password = account.password[0] != '\0';
    ret_factor->possible = has_password;
    ret_factor->needed = app->config.sign_in.administrators_need_code && account.administrator &&
                         has_password;
    return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

static void describe(const struct app *app, const char *account,
                     const uint8_t secret[TOTP_SECRET_SIZE],
                     struct second_factor_secret *ret_secret)
{
    const char *house = app->config.sign_in.house;
    struct text_builder address = text_builder(ret_secret->address, sizeof(ret_secret->address));
    totp_secret_text(secret, ret_secret->secret);
    text_append_format(&address, "otpauth://totp/%s:%s?secret=%s&issuer=%s", house, account,
                       ret_secret->secret, house);
    ASSERT(!address.failed);
}

enum err app_second_factor_wish(struct app *app, const struct app_identity *identity,
                                struct second_factor_secret *ret_secret,
                                struct refusal *ret_refusal)
{
    struct account_row account;
    uint8_t secret[TOTP_SECRET_SIZE];
    uint8_t sealed[SECOND_FACTOR_SEALED_SIZE];
    enum err err = own_account(app, identity, &account, ret_refusal);
    if (err != ERR_NONE) {
        return err;
    }
    if (account.password[0] == '\0') {
        *ret_refusal = (struct refusal){.reason = REFUSAL_CODE_FOR_PASSWORDS};
        return ERR_CONFLICT;
    }
    randombytes_buf(secret, sizeof(secret));
    seal(app, account.name, secret, sealed);
    err = second_factor_wish(app->store, account.name, sealed);
    if (err == ERR_NONE) {
        describe(app, account.name, secret, ret_secret);
    } else if (err == ERR_CONFLICT) {
        *ret_refusal = (struct refusal){.reason = REFUSAL_CODE_IS_ON};
    }
    sodium_memzero(secret, sizeof(secret));
    return err;
}

// From wherever: who has somebody's open session does not guess their code either.
static enum err attempt(struct app *app, const char *account)
{
    static const uint8_t from[THROTTLE_FROM_SIZE] = "second factor";
    return throttle_attempt(&app->throttle, account, from, app->now / TIME_US_PER_MS)
               ? ERR_NONE
               : ERR_TOO_MANY;
}

static void attempt_succeeded(struct app *app, const char *account)
{
    static const uint8_t from[THROTTLE_FROM_SIZE] = "second factor";
    throttle_succeeded(&app->throttle, account, from, app->now / TIME_US_PER_MS);
}

static enum err confirm(struct app *app, const char *account, const char *typed, time_ms wall,
                        struct recovery_codes *ret_codes)
{
    struct second_factor_row row;
    uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE];
    char code[RECOVERY_LENGTH + 1];
    int64_t step = 0;
    enum err err = second_factor_get(app->store, account, &row);
    if (err != ERR_NONE || row.confirmed) {
        return err == ERR_NONE || err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
    }
    clean(typed, code);
    err = step_of(app, account, &row, code, wall, &step);
    if (err != ERR_NONE) {
        return err;
    }
    ret_codes->codes_count = RECOVERY_CODES_MAX;
    for (uint32_t i = 0; i < RECOVERY_CODES_MAX; i++) {
        recovery_make(&ret_codes->codes[i], hashes[i]);
    }
    return second_factor_confirm(app->store, account, row.sealed, step, hashes);
}

enum err app_second_factor_confirm(struct app *app, const struct app_identity *identity,
                                   const char *code, time_ms wall, struct recovery_codes *ret_codes,
                                   struct refusal *ret_refusal)
{
    struct account_row account;
    *ret_codes = (struct recovery_codes){.codes_count = 0};
    enum err err = own_account(app, identity, &account, ret_refusal);
    err = err == ERR_NONE ? attempt(app, identity->account) : err;
    err = err == ERR_NONE ? confirm(app, account.name, code, wall, ret_codes) : err;
    if (err == ERR_CONFLICT) {
        *ret_refusal = (struct refusal){.reason = REFUSAL_CODE_NOT_BEGUN};
    } else if (err == ERR_NONE) {
        attempt_succeeded(app, account.name);
        note(app, identity, "security.second_factor_on", ERR_NONE);
    }
    return refuse_code(err, ret_refusal);
}

enum err app_second_factor_remove(struct app *app, const struct app_identity *identity,
                                  const char *code, time_ms wall, struct refusal *ret_refusal)
{
    struct account_row account;
    struct second_factor_row row;
    enum err err = own_account(app, identity, &account, ret_refusal);
    err = err == ERR_NONE ? attempt(app, identity->account) : err;
    err = err == ERR_NONE ? second_factor_get(app->store, account.name, &row) : err;
    if (err == ERR_NONE && row.confirmed) {
        err = take_code(app, account.name, &row, code, wall);
    }
    err = err == ERR_NONE ? second_factor_remove(app->store, account.name) : err;
    if (err == ERR_NONE) {
        attempt_succeeded(app, account.name);
    }
    if (err == ERR_NONE || err == ERR_AUTHENTICATION) {
        note(app, identity, "security.second_factor_off", err);
    }
    return refuse_code(err, ret_refusal);
}
