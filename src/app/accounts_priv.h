// Inside src/app only: what the files of accounts lend each other.
#pragma once

#include "app/accounts.h"
#include "app/app_priv.h"
#include "app/people_priv.h"

// Why, in words; the error that goes with them.
enum err asking_refuse(struct app_asking *asking, enum refusal_reason reason);
enum err asking_refuse_field(struct app_asking *asking, const char *field);
// A line of the security log. `reason`: it was refused, for that; `who`: NULL: whoever asks.
void asking_note(struct app *app, const struct app_asking *asking, const char *event,
                 const char *who, const char *about, enum err reason);
// ERR_INVALID, with its field: it is none that mail could go to. Empty is none, and good.
enum err account_address_check(struct app_asking *asking, const char *address);
// ERR_INVALID: too short, in words.
enum err account_password_check(struct app_asking *asking, const char *password);
// A new link, whose token is shown once.
enum err CHECKED account_link_begin(struct store *store, const char *account, time_ms wall,
                                    char ret_token[APP_ACCOUNT_TOKEN_MAX + 1]);
