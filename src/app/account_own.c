// One's own account: what one says of oneself, and one's password.
#include <string.h>

#include "app/accounts_priv.h"
#include "base/text.h"

static enum err own_row(struct app *app, const struct app_asking *asking, struct account_row *row)
{
    app_date(app, asking->wall);
    return asking->who->account[0] != '\0' ? account_get(app->store, asking->who->account, row)
                                           : ERR_NOT_FOUND;
}

static void own_fill(const struct account_row *row, struct own_account *ret_account)
{
    *ret_account = (struct own_account){.administrator = row->administrator,
                                        .secretariat = row->secretariat};
    memcpy(ret_account->account, row->name, sizeof(ret_account->account));
    memcpy(ret_account->name, row->display_name, sizeof(ret_account->name));
    memcpy(ret_account->address, row->address, sizeof(ret_account->address));
}

enum err app_own_account(struct app *app, struct app_asking *asking,
                         struct own_account *ret_account)
{
    struct account_row row;
    enum err err = own_row(app, asking, &row);
    if (err == ERR_NONE) {
        own_fill(&row, ret_account);
    }
    return err;
}

enum err app_own_account_change(struct app *app, struct app_asking *asking,
                                const struct own_account_change *wish,
                                struct own_account *ret_account)
{
    struct account_row row;
    enum err err = own_row(app, asking, &row);
    err = err == ERR_NONE ? account_address_check(asking, wish->address) : err;
    if (err != ERR_NONE) {
        return err;
    }
    memcpy(row.display_name, wish->name, sizeof(row.display_name));
    memcpy(row.address, wish->address, sizeof(row.address));
    err = account_update(app->store, &row);
    if (err == ERR_NONE) {
        own_fill(&row, ret_account);
        asking_note(app, asking, "security.account_changed", NULL, row.name, ERR_NONE);
    }
    return err;
}

// ---- A new password

enum err app_own_password_begin(struct app *app, struct app_asking *asking,
                                const struct password_change *wish, struct app_account_key *ret_key)
{
    struct account_row row;
    *ret_key = (struct app_account_key){.owner = true, .made = ERR_INTERNAL};
    enum err err = own_row(app, asking, &row);
    err = err == ERR_NONE ? account_password_check(asking, wish->password) : err;
    if (err != ERR_NONE) {
        return err;
    }
    memcpy(ret_key->account, row.name, sizeof(ret_key->account));
    memcpy(ret_key->session, asking->who->session, sizeof(ret_key->session));
    text_copy_cut(ret_key->remote, sizeof(ret_key->remote),
                  asking->remote != NULL ? asking->remote : "");
    const struct app_password_wish check = {
        .account = row.name, .meeting = "", .remote = asking->remote};
    return app_password_begin(app, &check, asking->wall, &ret_key->check);
}

void app_account_key_unmade(struct app *app, const struct app_account_key *key)
{
    if (key->owner) {
        app_password_unchecked(app, &key->check);
    }
}

static enum err own_password_end(struct app *app, struct app_asking *asking,
                                 const struct app_account_key *key)
{
    struct account_row row;
    if (!key->check.matched) {
        asking->field = "before";
        return asking_refuse(asking, REFUSAL_PASSWORD_BEFORE_WRONG);
    }
    throttle_succeeded(&app->throttle, key->account, key->check.from, app->now / TIME_US_PER_MS);
    enum err err = key->made;
    err = err == ERR_NONE ? account_get(app->store, key->account, &row) : err;
    if (err != ERR_NONE) {
        return err;
    }
    // While the worker was busy, the account may have been changed.
    if (row.disabled || !text_equal(row.password, key->check.hash)) {
        return ERR_UNAUTHENTICATED;
    }
    memcpy(row.password, key->hash, sizeof(row.password));
    err = account_update(app->store, &row);
    return err == ERR_NONE ? sessions_end_of_account(app, key->account, key->session, "signed-out")
                           : err;
}

enum err app_own_password_end(struct app *app, struct app_asking *asking,
                              const struct app_account_key *key)
{
    app_date(app, asking->wall);
    asking->remote = key->remote;
    enum err err = own_password_end(app, asking, key);
    asking_note(app, asking,
                err == ERR_NONE ? "security.password_changed" : "security.password_change_refused",
                key->account, NULL, err);
    return err;
}
