#include "app/sign_in_provider.h"

#include <stdio.h>
#include <string.h>

#include "app/people_priv.h"
#include "app/visits.h"
#include "base/text.h"

#define SAME_NAMES_MAX 99 // "ada", "ada-2", … "ada-99"

_Static_assert(APP_SECRET_LENGTH == SECRET_TOKEN_LENGTH, "it is a token");
_Static_assert(APP_SUBJECT_MAX == SUBJECT_MAX, "it is stored");

static void note(struct app *app, const char *account, const char *meeting, const char *remote,
                 const char *why)
{
    const struct security_event line = {.event = why == NULL ? "security.signed_in"
                                                             : "security.provider_refused",
                                        .who = account,
                                        .meeting = meeting,
                                        .remote = remote,
                                        .reason = why};
    security_log_write(&app->security, &line, app->wall);
}

// ---- Away and back

static void make_secret(char ret_secret[APP_SECRET_LENGTH + 1])
{
    char token[APP_TOKEN_MAX + 1];
    uint8_t hash[TOKEN_HASH_SIZE];
    secret_make_token(token, hash);
    text_copy_cut(ret_secret, APP_SECRET_LENGTH + 1, token);
}

void app_provider_browser(const char *cookie, char ret_browser[APP_SECRET_LENGTH + 1])
{
    uint8_t hash[TOKEN_HASH_SIZE];
    if (secret_hash_token(cookie, hash) == ERR_NONE) {
        text_copy_cut(ret_browser, APP_SECRET_LENGTH + 1, cookie);
    } else {
        make_secret(ret_browser);
    }
}

void app_provider_visit_make(const char *meeting, struct app_provider_visit *ret_visit)
{
    *ret_visit = (struct app_provider_visit){.state = ""};
    make_secret(ret_visit->state);
    make_secret(ret_visit->nonce);
    make_secret(ret_visit->verifier);
    text_copy_cut(ret_visit->meeting, sizeof(ret_visit->meeting), meeting);
}

void app_provider_visit_keep(struct app *app, const struct app_provider_visit *visit,
                             const char *browser, const char *remote, time_ms wall)
{
    app_date(app, wall);
    visits_keep(app->visits, visit, browser, remote, wall);
}

enum err app_provider_visit_take(struct app *app, const char *state, const char *browser,
                                 const char *remote, time_ms wall,
                                 struct app_provider_visit *ret_visit)
{
    app_date(app, wall);
    enum err err = visits_take(app->visits, state, browser, wall, ret_visit);
    if (err != ERR_NONE) {
        note(app, NULL, NULL, remote, "begun-elsewhere");
    }
    return err;
}

void app_provider_refused(struct app *app, const char *remote, const char *why, time_ms wall)
{
    app_date(app, wall);
    note(app, NULL, NULL, remote, why);
}

// ---- Whose account it is

// What needs no quoting anywhere, as by `plenary user add`. Of a name that has nothing of it, none.
static void name_of(const char *wish, char ret_name[ACCOUNT_NAME_MAX + 1])
{
    struct text_builder name = text_builder(ret_name, ACCOUNT_NAME_MAX - 3); // room for "-99"
    for (; *wish != '\0' && name.length + 1 < name.size; wish++) {
        char c = *wish >= 'A' && *wish <= 'Z' ? (char)(*wish - 'A' + 'a') : *wish;
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789._@+-", c) != NULL) {
            text_append_n(&name, &c, 1);
        }
    }
    if (name.length == 0) {
        secret_make_id("p-", ret_name);
    }
}

// An account of that name may be another person's: it is never theirs by its name.
static enum err add_account(struct app *app, const struct app_provider_person *person, time_ms wall,
                            struct account_row *account)
{
    char name[ACCOUNT_NAME_MAX + 1];
    enum err err = ERR_CONFLICT;
    *account = (struct account_row){.created_at = wall};
    name_of(person->account, name);
    text_copy_cut(account->display_name, sizeof(account->display_name),
                  person->name[0] != '\0' ? person->name : name);
    for (int i = 1; i <= SAME_NAMES_MAX && err == ERR_CONFLICT; i++) {
        struct text_builder text = text_builder(account->name, sizeof(account->name));
        text_append(&text, name);
        if (i > 1) {
            text_append_format(&text, "-%d", i);
        }
        err = account_add_for_subject(app->store, account, app->config.sign_in.issuer,
                                      person->subject);
    }
    return err;
}

static bool has_role(const char *roles, const char *role)
{
    size_t length = strlen(role);
    while (*roles != '\0') {
        size_t one = strcspn(roles, ",");
        if (one == length && strncmp(roles, role, length) == 0) {
            return true;
        }
        roles += one + (roles[one] == ',' ? 1 : 0);
    }
    return false;
}

// The one place where what a person's groups give them becomes what their account may do.
static enum err take_roles(struct app *app, const struct app_provider_person *person,
                           struct account_row *account)
{
    const struct app_sign_in_config *config = &app->config.sign_in;
    bool administrator = has_role(person->roles, "administrator");
    bool secretariat = has_role(person->roles, "secretariat");
    bool same = (!config->groups_say_administrators || account->administrator == administrator) &&
                (!config->groups_say_secretariat || account->secretariat == secretariat);
    if (same) {
        return ERR_NONE;
    }
    account->administrator = config->groups_say_administrators ? administrator
                                                               : account->administrator;
    account->secretariat = config->groups_say_secretariat ? secretariat : account->secretariat;
    return account_update(app->store, account);
}

static enum err find_account(struct app *app, const struct app_provider_person *person,
                             time_ms wall, struct account_row *account, struct refusal *ret_refusal)
{
    char name[ACCOUNT_NAME_MAX + 1];
    enum err err = account_find_subject(app->store, app->config.sign_in.issuer, person->subject,
                                        name);
    if (err == ERR_NOT_FOUND && app->config.sign_in.creates_accounts) {
        return add_account(app, person, wall, account);
    }
    if (err == ERR_NOT_FOUND) {
        *ret_refusal = (struct refusal){.reason = REFUSAL_ACCOUNT_MISSING};
        return ERR_FORBIDDEN;
    }
    err = err == ERR_NONE ? account_get(app->store, name, account) : err;
    if (err == ERR_NONE && account->disabled) {
        *ret_refusal = (struct refusal){.reason = REFUSAL_ACCOUNT_DISABLED};
        return ERR_CONFLICT;
    }
    return err;
}

enum err app_provider_arrive(struct app *app, const struct app_provider_arrival *arrival,
                             time_ms wall, char ret_ticket[APP_SECRET_LENGTH + 1],
                             struct refusal *ret_refusal)
{
    struct account_row account;
    uint8_t hash[TOKEN_HASH_SIZE];
    app_date(app, wall);
    *ret_refusal = (struct refusal){.reason = REFUSAL_NONE};
    enum err err = find_account(app, arrival->person, wall, &account, ret_refusal);
    err = err == ERR_NONE ? take_roles(app, arrival->person, &account) : err;
    if (err != ERR_NONE) {
        note(app, NULL, arrival->visit->meeting, arrival->remote,
             ret_refusal->reason != REFUSAL_NONE ? refusal_reason_name(ret_refusal->reason)
                                                 : err_slug(err));
        return err;
    }
    make_secret(ret_ticket);
    err = secret_hash_token(ret_ticket, hash);
    if (err == ERR_NONE) {
        visits_ticket(app->visits, hash, arrival->browser, account.name, arrival->visit->meeting,
                      wall);
    }
    return err;
}

// ---- The ticket

enum err app_provider_redeem(struct app *app, const char *ticket, const char *browser,
                             const char *remote, time_ms wall, struct session *ret_session)
{
    struct ticket_place place;
    struct account_row account;
    uint8_t hash[TOKEN_HASH_SIZE];
    app_date(app, wall);
    if (secret_hash_token(ticket, hash) != ERR_NONE) {
        return ERR_NOT_FOUND;
    }
    enum err err = visits_redeem(app->visits, hash, browser, wall, &place);
    if (err == ERR_NOT_FOUND) {
        return err;
    }
    err = err == ERR_NONE ? account_get(app->store, place.account, &account) : err;
    if (err == ERR_NOT_FOUND || (err == ERR_NONE && account.disabled)) {
        err = ERR_UNAUTHENTICATED;
    }
    err = err == ERR_NONE ? account_session(app, &account, place.meeting, wall, ret_session) : err;
    note(app, err == ERR_NONE ? account.name : NULL, err == ERR_NONE ? place.meeting : NULL, remote,
         err == ERR_NONE ? NULL : err_slug(err));
    return err;
}
