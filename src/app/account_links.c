// The links by which accounts' holders set their passwords, and by which the first account is made.
#include <sodium.h>
#include <string.h>

#include "app/accounts_priv.h"
#include "app/second_factor_priv.h"
#include "base/network.h"
#include "base/text.h"

enum err account_link_begin(struct store *store, const char *account, time_ms wall,
                            char ret_token[APP_ACCOUNT_TOKEN_MAX + 1])
{
    struct account_link_row link = {
        .created_at = wall, .expires_at = wall + APP_ACCOUNT_LINK_MS, .state = LINK_STATE_GOOD};
    _Static_assert(APP_ACCOUNT_TOKEN_MAX == APP_TOKEN_MAX, "a token has room");
    enum err err = text_copy(link.account, sizeof(link.account), account) == ERR_NONE
                       ? ERR_NONE
                       : ERR_NOT_FOUND;
    if (err == ERR_NONE) {
        secret_make_token(ret_token, link.hash);
        err = account_link_add(store, &link);
    }
    return err;
}

enum err app_account_link_make(struct store *store, const char *account, time_ms wall,
                               char ret_token[APP_ACCOUNT_TOKEN_MAX + 1])
{
    struct account_counts counts;
    ret_token[0] = '\0';
    enum err err = account_count(store, &counts);
    if (err == ERR_NONE && account[0] == '\0' && counts.all > 0) {
        return ERR_CONFLICT;
    }
    return err == ERR_NONE ? account_link_begin(store, account, wall, ret_token) : err;
}

// ---- What a link is good for

// Whose it is; for the first, that there is no account.
static enum err find_account(struct app *app, struct app_asking *asking,
                             const struct account_link_row *link, struct account_row *ret_account)
{
    struct account_counts counts;
    *ret_account = (struct account_row){.administrator = true, .secretariat = true};
    if (link->account[0] == '\0') {
        enum err err = account_count(app->store, &counts);
        return err == ERR_NONE && counts.all > 0 ? asking_refuse(asking, REFUSAL_FIRST_ACCOUNT_MADE)
                                                 : err;
    }
    enum err err = account_get(app->store, link->account, ret_account);
    if (err == ERR_NOT_FOUND) {
        return asking_refuse(asking, REFUSAL_ACCOUNT_LINK_UNKNOWN);
    }
    return err == ERR_NONE && ret_account->disabled
               ? asking_refuse(asking, REFUSAL_ACCOUNT_DISABLED)
               : err;
}

static enum err judge(struct app *app, struct app_asking *asking,
                      const uint8_t hash[TOKEN_HASH_SIZE], struct account_link_row *ret_link,
                      struct account_row *ret_account)
{
    enum err err = account_link_find(app->store, hash, ret_link);
    if (err != ERR_NONE) {
        return err == ERR_NOT_FOUND ? asking_refuse(asking, REFUSAL_ACCOUNT_LINK_UNKNOWN) : err;
    }
    if (ret_link->state == LINK_STATE_USED) {
        return asking_refuse(asking, REFUSAL_ACCOUNT_LINK_USED);
    }
    err = find_account(app, asking, ret_link, ret_account);
    if (err != ERR_NONE) {
        return err;
    }
    if (ret_link->state != LINK_STATE_GOOD) {
        return asking_refuse(asking, REFUSAL_ACCOUNT_LINK_REPLACED);
    }
    return ret_link->expires_at <= asking->wall
               ? asking_refuse(asking, REFUSAL_ACCOUNT_LINK_EXPIRED)
               : ERR_NONE;
}

static enum err find(struct app *app, struct app_asking *asking, const char *token,
                     uint8_t ret_hash[TOKEN_HASH_SIZE], struct account_link_row *ret_link,
                     struct account_row *ret_account)
{
    app_date(app, asking->wall);
    if (secret_hash_token(token, ret_hash) != ERR_NONE) {
        return asking_refuse(asking, REFUSAL_ACCOUNT_LINK_UNKNOWN);
    }
    return judge(app, asking, ret_hash, ret_link, ret_account);
}

static void note_refused(struct app *app, const struct app_asking *asking, const char *account,
                         enum err err)
{
    asking_note(app, asking, "security.account_link_refused", account, NULL, err);
}

enum err app_account_link_look(struct app *app, struct app_asking *asking, const char *token,
                               struct account_link_offer *ret_offer)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    struct account_link_row link = {.account = ""};
    struct account_row account;
    *ret_offer = (struct account_link_offer){0};
    enum err err = find(app, asking, token, hash, &link, &account);
    if (err != ERR_NONE) {
        note_refused(app, asking, link.account, err);
        return err;
    }
    ret_offer->first = link.account[0] == '\0';
    ret_offer->expires_at = link.expires_at;
    memcpy(ret_offer->account, account.name, sizeof(ret_offer->account));
    memcpy(ret_offer->name, account.display_name, sizeof(ret_offer->name));
    return ERR_NONE;
}

// ---- Setting a password by it

// Whose account it is was said when the link was made; the first chooses it.
static enum err check_wish(struct app_asking *asking, const struct account_link_use *wish,
                           bool first)
{
    if (first ? !app_account_name_is_valid(wish->account) : wish->account[0] != '\0') {
        asking->field = "account";
        return first ? asking_refuse(asking, REFUSAL_ACCOUNT_NAME_STRANGE) : ERR_INVALID;
    }
    return account_password_check(asking, wish->password);
}

enum err app_account_link_begin(struct app *app, struct app_asking *asking,
                                const struct account_link_use *wish,
                                struct app_account_key *ret_key)
{
    struct account_link_row link = {.account = ""};
    struct account_row account;
    *ret_key = (struct app_account_key){.made = ERR_INTERNAL};
    enum err err = find(app, asking, wish->token, ret_key->link, &link, &account);
    if (err != ERR_NONE) {
        note_refused(app, asking, link.account, err);
        return err;
    }
    ret_key->first = link.account[0] == '\0';
    memcpy(ret_key->account, ret_key->first ? wish->account : account.name,
           sizeof(ret_key->account));
    memcpy(ret_key->name, wish->name, sizeof(ret_key->name));
    text_copy_cut(ret_key->remote, sizeof(ret_key->remote),
                  asking->remote != NULL ? asking->remote : "");
    memcpy(ret_key->code, wish->code, sizeof(ret_key->code));
    network_of_text(ret_key->remote, ret_key->from);
    err = check_wish(asking, wish, ret_key->first);
    bool waits = err == ERR_NONE && wish->code[0] != '\0' &&
                 !throttle_attempt(&app->throttle, ret_key->account, ret_key->from,
                                   app->now / TIME_US_PER_MS);
    return waits ? ERR_TOO_MANY : err;
}

void app_account_key_make(struct app_account_key *key, const char *before, const char *password)
{
    if (key->owner) {
        app_password_verify(&key->check, before);
        if (!key->check.matched) {
            key->made = ERR_FORBIDDEN;
            return;
        }
    }
    key->made = password_hash(password, key->hash);
}

// One who was not quick enough hears what has become of the link meanwhile.
static enum err use_link(struct app *app, struct app_asking *asking,
                         const struct app_account_key *key, struct account_row *ret_account)
{
    struct account_link_row link;
    enum err err = judge(app, asking, key->link, &link, ret_account);
    if (err != ERR_NONE) {
        return err;
    }
    if (key->first) {
        ret_account->created_at = asking->wall;
        memcpy(ret_account->name, key->account, sizeof(ret_account->name));
    }
    memcpy(ret_account->display_name, key->name, sizeof(ret_account->display_name));
    memcpy(ret_account->password, key->hash, sizeof(ret_account->password));
    err = account_link_use(app->store, key->link, ret_account, asking->wall);
    if (err != ERR_EXPIRED && err != ERR_CONFLICT && err != ERR_NOT_FOUND) {
        return err;
    }
    // Another process was quicker.
    err = judge(app, asking, key->link, &link, ret_account);
    return err == ERR_NONE ? ERR_CONFLICT : err;
}

static enum err sign_in(struct app *app, const struct app_asking *asking,
                        const struct account_row *account, struct session *ret_session)
{
    struct session_row row = {.capacity = APP_CAPACITY_OF_NOBODY,
                              .expires_at = asking->wall + app->config.session_lifetime_ms};
    struct device device;
    memcpy(row.account, account->name, sizeof(row.account));
    memcpy(row.name, account->display_name, sizeof(row.name));
    enum err err = session_begin(app, &row, asking->wall, ret_session);
    if (err == ERR_NONE) {
        device_make(&device);
        device.at = asking->wall;
        device_token(app->device_key, &device, account->name, account->password,
                     ret_session->device);
    }
    return err;
}

static enum err pass_code(struct app *app, struct app_asking *asking,
                          const struct app_account_key *key)
{
    enum err err = key->first ? ERR_NONE
                              : second_factor_pass(app, key->account, key->code, asking->wall,
                                                   &asking->refusal);
    if (err == ERR_NONE && key->code[0] != '\0') {
        throttle_succeeded(&app->throttle, key->account, key->from, app->now / TIME_US_PER_MS);
    }
    return err;
}

enum err app_account_link_end(struct app *app, struct app_asking *asking,
                              const struct app_account_key *key, struct session *ret_session)
{
    struct account_row account = {.name = ""};
    app_date(app, asking->wall);
    asking->remote = key->remote;
    enum err err = key->made;
    err = err == ERR_NONE ? pass_code(app, asking, key) : err;
    err = err == ERR_NONE ? use_link(app, asking, key, &account) : err;
    if (err != ERR_NONE) {
        note_refused(app, asking, key->account, err);
        return err;
    }
    asking_note(app, asking,
                key->first ? "security.first_account_made" : "security.password_set_by_link",
                key->account, NULL, ERR_NONE);
    // Whoever was in by the account may be who lost its password to somebody.
    err = sessions_end_of_account(app, account.name, "", "signed-out");
    err = err == ERR_NONE ? sign_in(app, asking, &account, ret_session) : err;
    sodium_memzero(account.password, sizeof(account.password));
    return err;
}
