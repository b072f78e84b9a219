// Signing in, as part of app/app.h: by a personal link in two steps, by a password in three. Owned
// by the control thread but for app_password_verify().
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/device.h"
#include "app/throttle.h"
#include "base/err.h"
#include "contract/refusal.h"
#include "contract/types.h"

struct app;

// A personal link's token becomes a session, in two steps: all who come in one turn of the loop are
// written down together, and nobody is in before they are.
#define APP_LINK_HASH_SIZE 32
struct app_link_sign_in {
    uint8_t link[APP_LINK_HASH_SIZE];
    bool binds; // whoever it is for has no other place than the link
    char remote[64];
    enum err err;           // app_link_end(): why nobody is signed in
    struct refusal refusal; // app_link_begin(): why the meeting does not take them, if it is that
    struct session session; // whose it is; after app_link_end() with its token, when there is one
};
// Whose link it is. ERR_UNAUTHENTICATED (a stranger's), ERR_EXPIRED, ERR_FORBIDDEN (removed).
// `remote`, the address, is for the security log; may be NULL.
enum err CHECKED app_link_begin(struct app *app, const char *token, const char *remote,
                                time_ms wall, struct app_link_sign_in *ret_sign_in);
// Whether they are new, and the journal has not taken them yet: to be ended when it has. Nobody
// who waits is told of, and the loop goes on.
bool app_link_waits(const struct app *app, const struct app_link_sign_in *sign_in);
// Each with its session or its error; for those who wait still, it waits. What the store does not
// take nobody has: then the error is everybody's.
void app_link_end(struct app *app, struct app_link_sign_in *sign_ins, uint32_t count, time_ms wall);
// The slow half of password checking (argon2id) must not run on the control thread:
// app_password_begin() copies out what is needed (a decoy for unknown accounts),
// app_password_verify() runs anywhere, app_password_end() makes the session.
struct app_password_wish {
    const char *account;
    const char *meeting; // "" for an operator
    const char *device;  // what an earlier sign-in gave (session.device); may be NULL or ""
    const char *remote;  // the address; may be NULL
    const char *code;    // of the second factor, or a recovery code; may be NULL or ""
};
struct app_password_check {
    char account[64];
    char code[32];
    char hash[128];
    char meeting[CONTRACT_ID_MAX + 1];
    char remote[64];
    bool known;
    bool trusted; // has signed in from this device or network before: passes limits of strangers
    uint8_t from[THROTTLE_FROM_SIZE];
    struct device device;
    bool matched; // set by app_password_verify
};
// ERR_TOO_MANY after repeated failures from the same place.
enum err CHECKED app_password_begin(struct app *app, const struct app_password_wish *wish,
                                    time_ms wall, struct app_password_check *ret_check);
// It will not be verified: as if it had never begun.
void app_password_unchecked(struct app *app, const struct app_password_check *check);
void app_password_verify(struct app_password_check *check,
                         const char *password); // any thread, ~100 ms
// ERR_UNAUTHENTICATED: also with REFUSAL_CODE_NEEDED, when the password was right and the account
// has a second factor, or REFUSAL_CODE_WRONG.
enum err CHECKED app_password_end(struct app *app, const struct app_password_check *check,
                                  time_ms wall, struct session *ret_session,
                                  struct refusal *ret_refusal);

// What the operator wishes of accounts.
#define APP_SEAL_KEY_SIZE 32
struct app_sign_in_config {
    uint8_t seal_key[APP_SEAL_KEY_SIZE]; // of secrets that are stored
    char house[128];                     // the server's name in an authenticator
    bool administrators_need_code;
    char issuer[512];               // of the provider; empty: there is none
    bool creates_accounts;          // for who comes from it for the first time
    bool groups_say_administrators; // and not what stands here
    bool groups_say_secretariat;
};
