// What all of the work with accounts has in common: refusing, what is kept of it, and what a name,
// an address and a password can be.
#include <string.h>

#include "app/accounts_priv.h"
#include "base/text.h"
#include "mail/address.h"

#define LOWER_AND_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"

bool app_account_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= ACCOUNT_NAME_MAX && strspn(name, LOWER_AND_DIGITS) > 0 &&
           strspn(name, LOWER_AND_DIGITS "._@+-") == length;
}

// ---- Refusing, and what is kept

enum err asking_refuse(struct app_asking *asking, enum refusal_reason reason)
{
    asking->refusal = (struct refusal){.reason = reason};
    return refusal_reason_err(reason);
}

enum err asking_refuse_field(struct app_asking *asking, const char *field)
{
    asking->field = field;
    return ERR_INVALID;
}

void asking_note(struct app *app, const struct app_asking *asking, const char *event,
                 const char *who, const char *about, enum err reason)
{
    const struct security_event line = {.event = event,
                                        .who = who != NULL ? who : asking->who->account,
                                        .about = about,
                                        .remote = asking->remote,
                                        .reason = reason == ERR_NONE ? NULL : err_slug(reason)};
    security_log_write(&app->security, &line, app->wall);
}

enum err account_address_check(struct app_asking *asking, const char *address)
{
    bool good = address[0] == '\0' || mail_address_check(address, NULL) == ERR_NONE;
    return good ? ERR_NONE : asking_refuse_field(asking, "address");
}

enum err account_password_check(struct app_asking *asking, const char *password)
{
    if (strlen(password) >= PASSWORD_LEAST) {
        return ERR_NONE;
    }
    asking->field = "password";
    asking->refusal = (struct refusal){.reason = REFUSAL_PASSWORD_SHORT, .most = PASSWORD_LEAST};
    return ERR_INVALID;
}
