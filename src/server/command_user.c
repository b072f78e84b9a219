// `plenary user`: accounts. Passwords are read from standard input, never from the command line,
// where others see them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/accounts.h"
#include "app/password.h"
#include "base/text.h"
#include "base/time.h"
#include "server/command.h"
#include "server/command_secret.h"
#include "server/command_store.h"
#include "server/command_words.h"
#include "server/options.h"
#include "server/public_url.h"
#include "store/people.h"
#include "store/second_factor.h"

struct user_wish {
    const char *account;
    const char *name;
    const char *meeting;
    const char *participant;
    char url[PUBLIC_URL_MAX];
    const char *subject;
    const char *issuer; // of the configuration
    bool administrator;
    bool secretariat;
    bool json;
    bool first; // the next row listed is the first
};

static enum err hash_from_input(char ret_hash[ACCOUNT_PASSWORD_MAX + 1])
{
    char password[PASSWORD_MOST + 2];
    char hash[PASSWORD_HASH_MAX + 1];
    char prompt[64];
    snprintf(prompt, sizeof(prompt), "Password (at least %d characters)", PASSWORD_LEAST);
    enum err result = command_secret_read(prompt, password, sizeof(password))
                          ? password_hash(password, hash)
                          : ERR_INVALID;
    explicit_bzero(password, sizeof(password));
    if (result == ERR_INVALID) {
        fprintf(stderr, "plenary user: a password has %d to %d characters\n", PASSWORD_LEAST,
                PASSWORD_MOST);
        return result;
    }
    return result == ERR_NONE ? text_copy(ret_hash, ACCOUNT_PASSWORD_MAX + 1, hash) : result;
}

static enum err user_add(struct store *store, struct user_wish *wish)
{
    struct account_row row = {.administrator = wish->administrator,
                              .secretariat = wish->secretariat,
                              .created_at = time_wall_ms()};
    if (!app_account_name_is_valid(wish->account) ||
        text_copy(row.name, sizeof(row.name), wish->account) != ERR_NONE) {
        fprintf(
            stderr,
            "plenary user: an account's name is made of a-z 0-9 . _ @ + -, begins with a letter "
            "or a digit, and has %d characters at most\n",
            ACCOUNT_NAME_MAX);
        return ERR_INVALID;
    }
    if (!command_words_name("user", wish->name != NULL ? wish->name : wish->account,
                            row.display_name)) {
        return ERR_INVALID;
    }
    enum err result = hash_from_input(row.password);
    return result == ERR_NONE ? account_add(store, &row) : result;
}

static enum err user_password(struct store *store, struct user_wish *wish)
{
    struct account_row row;
    enum err result = account_get(store, wish->account, &row);
    if (result == ERR_NONE) {
        result = hash_from_input(row.password);
    }
    return result == ERR_NONE ? account_update(store, &row) : result;
}

static enum err set_disabled(struct store *store, const struct user_wish *wish, bool disabled)
{
    struct account_row row;
    enum err result = account_get(store, wish->account, &row);
    row.disabled = disabled;
    return result == ERR_NONE ? account_update(store, &row) : result;
}

static enum err user_disable(struct store *store, struct user_wish *wish)
{
    return set_disabled(store, wish, true);
}

static enum err user_enable(struct store *store, struct user_wish *wish)
{
    return set_disabled(store, wish, false);
}

static enum err user_remove(struct store *store, struct user_wish *wish)
{
    enum err err = account_delete(store, wish->account);
    if (err == ERR_NONE) {
        (void)!store_empty_log(
            store); // else the name stays in the log until the server's next checkpoint
    }
    return err;
}

static enum err user_place(struct store *store, struct user_wish *wish)
{
    if (wish->meeting == NULL || wish->participant == NULL) {
        fprintf(stderr, "plenary user place: --meeting and --participant are needed\n");
        return ERR_INVALID;
    }
    return account_set_participant(store, wish->account, wish->meeting, wish->participant);
}

// For who has lost their password: the operator, above all.
static enum err user_link(struct store *store, struct user_wish *wish)
{
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    enum err err = wish->account[0] != '\0'
                       ? app_account_link_make(store, wish->account, time_wall_ms(), token)
                       : ERR_NOT_FOUND;
    if (err == ERR_NONE) {
        printf("%s/begin#%s\n", wish->url, token);
    }
    return err;
}

// Whom the provider names so signs in with the account from now on.
static enum err user_subject(struct store *store, struct user_wish *wish)
{
    if (wish->subject == NULL || wish->issuer[0] == '\0') {
        fprintf(stderr, "plenary user subject: --subject and the key oidc.issuer are needed\n");
        return ERR_INVALID;
    }
    enum err err = account_bind_subject(store, wish->issuer, wish->subject, wish->account);
    if (err == ERR_CONFLICT) {
        fprintf(stderr, "plenary user subject: an account has this subject already\n");
        return ERR_INVALID;
    }
    return err;
}

static enum err user_totp_reset(struct store *store, struct user_wish *wish)
{
    struct account_row row;
    enum err err = account_get(store, wish->account, &row);
    if (err != ERR_NONE) {
        return err;
    }
    err = second_factor_remove(store, wish->account);
    if (err == ERR_NOT_FOUND) {
        fprintf(stderr, "plenary user totp-reset: the account has no second factor\n");
        return ERR_INVALID;
    }
    return err;
}

static bool print_account(void *context, const struct account_row *account)
{
    struct user_wish *wish = context;
    if (wish->json) {
        printf("%s{\"account\":\"%s\",\"administrator\":%s,\"secretariat\":%s,\"disabled\":%s}",
               wish->first ? "" : ",", account->name, account->administrator ? "true" : "false",
               account->secretariat ? "true" : "false", account->disabled ? "true" : "false");
    } else {
        printf("%-32s %-40s%s%s%s\n", account->name, account->display_name,
               account->administrator ? " administrator" : "",
               account->secretariat ? " secretariat" : "", account->disabled ? " disabled" : "");
    }
    wish->first = false;
    return true;
}

static enum err user_list(struct store *store, struct user_wish *wish)
{
    printf("%s", wish->json ? "[" : "");
    enum err result = account_list(store, "", print_account, wish);
    printf("%s", wish->json ? "]\n" : "");
    return result;
}

static const struct {
    const char *name;
    bool needs_account;
    enum err (*run)(struct store *store, struct user_wish *wish);
} actions[] = {
    {"add", true, user_add},         {"password", true, user_password},
    {"disable", true, user_disable}, {"enable", true, user_enable},
    {"remove", true, user_remove},   {"place", true, user_place},
    {"link", true, user_link},       {"subject", true, user_subject},
    {"list", false, user_list},      {"totp-reset", true, user_totp_reset},
};

static int run_action(size_t action, const struct config *config, struct user_wish *wish)
{
    if (actions[action].needs_account && wish->account == NULL) {
        fprintf(stderr, "plenary user %s: --account is missing\n", actions[action].name);
        return 2;
    }
    struct store *store = command_store_open(config);
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    enum err result = actions[action].run(store, wish);
    store_close(store);
    if (result != ERR_NONE && result != ERR_INVALID) {
        fprintf(stderr, "plenary user %s: %s\n", actions[action].name,
                result == ERR_CONFLICT    ? "the account exists already"
                : result == ERR_NOT_FOUND ? "there is no such account"
                                          : err_title(result));
    }
    return result == ERR_NONE ? EXIT_SUCCESS : EXIT_FAILURE;
}

int command_user(int argc, char **argv)
{
    struct user_wish wish = {.first = true};
    const struct option_extra extras[] = {
        {"account", true, &wish.account, NULL, "the name to sign in with"},
        {"name", true, &wish.name, NULL, "the person's name"},
        {"administrator", false, NULL, &wish.administrator,
         "may do the operator's work over the API"},
        {"secretariat", false, NULL, &wish.secretariat,
         "may prepare meetings: bodies, people, agenda"},
        {"meeting", true, &wish.meeting, NULL, "place: the meeting's id"},
        {"participant", true, &wish.participant, NULL,
         "place: which participant the account is there"},
        {"subject", true, &wish.subject, NULL,
         "subject: what the provider (oidc.issuer) calls the person"},
        {0}};
    struct options options;
    int code = 0;
    bool has_action = argc >= 2 && argv[1][0] != '-';
    if (!options_read(has_action ? argc - 1 : argc, has_action ? argv + 1 : argv,
                      "Usage: plenary user "
                      "add|password|disable|enable|remove|place|link|subject|totp-reset|list "
                      "[OPTIONS]\nAccounts; the password is read "
                      "from standard input. link prints one by which its holder sets a new one.",
                      extras, &options, &code)) {
        return code;
    }
    wish.json = options.json;
    wish.issuer = options.config.oidc_issuer;
    public_url(&options.config, wish.url);
    for (size_t i = 0; has_action && i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (text_equal(argv[1], actions[i].name)) {
            return run_action(i, &options.config, &wish);
        }
    }
    fprintf(stderr,
            "Usage: plenary user "
            "add|password|disable|enable|remove|place|link|subject|totp-reset|list [OPTIONS]\n");
    return 2;
}
