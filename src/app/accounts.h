// Accounts, as part of the app: what administrators do with them, what one does with one's own, and
// the links by which their holders set passwords. Owned by the control thread but for
// app_account_key_make(). What is answered is on the disk; what an administrator does stands in the
// security log and among the acts of the house.
#pragma once

#include "app/app.h"
#include "app/password.h"
#include "base/err.h"
#include "base/time.h"
#include "contract/refusal.h"
#include "contract/types.h"

#define APP_ACCOUNT_LINK_MS (INT64_C(7) * 24 * 3600 * 1000)

// Only what needs no quoting anywhere; a letter or a digit first.
bool app_account_name_is_valid(const char *name);

// Who asks, when, and why it was refused.
struct app_asking {
    const struct app_identity *who; // borrowed; NULL: whoever has a link
    const char *remote;             // the address; may be NULL
    time_ms wall;
    struct refusal refusal; // why, in words, when it was not the err alone
    const char *field;      // of the wish, when it is its fault; static; NULL: none
};

// ---- For administrators. ERR_FORBIDDEN for anybody else; ERR_NOT_FOUND: no such account.

// Of those after `after` (empty: of all) the ones whose account, name or address has words that
// begin so, by account.
enum err CHECKED app_accounts(struct app *app, struct app_asking *asking, const char *query,
                              const char *after, struct house_accounts *ret_accounts);
enum err CHECKED app_account(struct app *app, struct app_asking *asking, const char *name,
                             struct house_account *ret_account);
// With the token of its link. ERR_CONFLICT: there is one already.
enum err CHECKED app_account_add(struct app *app, struct app_asking *asking,
                                 const struct account_wish *wish,
                                 struct house_account *ret_account);
// ERR_CONFLICT: it takes their own access from whoever asks, or the last administrator away.
enum err CHECKED app_account_change(struct app *app, struct app_asking *asking, const char *name,
                                    const struct account_change *wish,
                                    struct house_account *ret_account);
enum err CHECKED app_account_remove(struct app *app, struct app_asking *asking, const char *name);
// A new link; those of before open nothing any more.
enum err CHECKED app_account_link(struct app *app, struct app_asking *asking, const char *name,
                                  struct house_account *ret_account);

// ---- One's own. ERR_NOT_FOUND for who came by a personal link.

enum err CHECKED app_own_account(struct app *app, struct app_asking *asking,
                                 struct own_account *ret_account);
enum err CHECKED app_own_account_change(struct app *app, struct app_asking *asking,
                                        const struct own_account_change *wish,
                                        struct own_account *ret_account);

// ---- A new password, in three steps: whose it is and whether it may be, the slow half on any
// thread, and what comes of it.

struct app_account_key {
    uint8_t link[APP_LINK_HASH_SIZE]; // by a link
    bool first;                       // which makes the first account
    bool owner;                       // or by its owner, who is in by `check` and `session`
    struct app_password_check check;
    char session[CONTRACT_ID_MAX + 1];
    char account[64];
    char name[PARTICIPANT_NAME_SIZE];
    char remote[64];
    char code[ACCOUNT_LINK_USE_CODE_MAX + 1]; // of the second factor, where there is one
    uint8_t from[THROTTLE_FROM_SIZE];         // where it is tried from
    enum err made;                            // by app_account_key_make()
    char hash[PASSWORD_HASH_MAX + 1];
};

// Of a link: what it is for. ERR_NOT_FOUND (a stranger's) or ERR_CONFLICT (used, replaced, its time
// is over, or there is a first account), in words.
enum err CHECKED app_account_link_look(struct app *app, struct app_asking *asking,
                                       const char *token, struct account_link_offer *ret_offer);
// The same, and ERR_INVALID for a name or password that cannot be; ERR_TOO_MANY after repeated
// codes that were wrong.
enum err CHECKED app_account_link_begin(struct app *app, struct app_asking *asking,
                                        const struct account_link_use *wish,
                                        struct app_account_key *ret_key);
// ERR_TOO_MANY after repeated failures; otherwise as above.
enum err CHECKED app_own_password_begin(struct app *app, struct app_asking *asking,
                                        const struct password_change *wish,
                                        struct app_account_key *ret_key);
// It will not be made: as if it had never begun.
void app_account_key_unmade(struct app *app, const struct app_account_key *key);
// Any thread, ~100 ms, twice that for an owner's. `before` is an owner's; NULL by a link.
void app_account_key_make(struct app_account_key *key, const char *before, const char *password);
// Whoever has a link is signed in; an owner stays, and all other sessions of the account end.
// Of two who use one link one is refused. ERR_UNAUTHENTICATED: the account has a second factor, and
// its code was not given, or was wrong: no link stands for it, and the link is not used up.
enum err CHECKED app_account_link_end(struct app *app, struct app_asking *asking,
                                      const struct app_account_key *key,
                                      struct session *ret_session);
// ERR_FORBIDDEN: the password of before was not right.
enum err CHECKED app_own_password_end(struct app *app, struct app_asking *asking,
                                      const struct app_account_key *key);

// ---- From the command line, and when the server starts. They touch nothing but the database.

#define APP_ACCOUNT_TOKEN_MAX 63
// A link for the account, or (empty) for the first. ERR_CONFLICT: the first is there already;
// ERR_NOT_FOUND: no such account.
enum err CHECKED app_account_link_make(struct store *store, const char *account, time_ms wall,
                                       char ret_token[APP_ACCOUNT_TOKEN_MAX + 1]);
