// app/accounts.h for the api's tests: says yes, or what struct fake_accounts has, and keeps what it
// was asked.
#include <string.h>

#include "base/text.h"
#include "fake_app.h"

static enum err answer(struct app *app, struct app_asking *asking, const char *account)
{
    struct fake_accounts *fake = &app->accounts;
    text_copy_cut(fake->account, sizeof(fake->account), account);
    text_copy_cut(fake->by, sizeof(fake->by), asking->who->account);
    asking->refusal = (struct refusal){.reason = fake->reason, .most = 10};
    asking->field = fake->field;
    return fake->result;
}

static void fill(const char *account, struct house_account *ret_account)
{
    *ret_account = (struct house_account){.name = "Awa", .link = LINK_STATE_GOOD};
    text_copy_cut(ret_account->account, sizeof(ret_account->account), account);
    text_copy_cut(ret_account->token, sizeof(ret_account->token), "shown-once");
}

enum err app_accounts(struct app *app, struct app_asking *asking, const char *query,
                      const char *after, struct house_accounts *ret_accounts)
{
    text_copy_cut(app->accounts.words, sizeof(app->accounts.words), query);
    text_copy_cut(app->accounts.after, sizeof(app->accounts.after), after);
    ret_accounts->accounts_count = 1;
    fill("awa", &ret_accounts->accounts[0]);
    return answer(app, asking, "");
}

enum err app_account(struct app *app, struct app_asking *asking, const char *name,
                     struct house_account *ret_account)
{
    fill(name, ret_account);
    return answer(app, asking, name);
}

enum err app_account_add(struct app *app, struct app_asking *asking,
                         const struct account_wish *wish, struct house_account *ret_account)
{
    fill(wish->account, ret_account);
    return answer(app, asking, wish->account);
}

enum err app_account_change(struct app *app, struct app_asking *asking, const char *name,
                            const struct account_change *wish, struct house_account *ret_account)
{
    app->accounts.change = *wish;
    fill(name, ret_account);
    return answer(app, asking, name);
}

enum err app_account_remove(struct app *app, struct app_asking *asking, const char *name)
{
    return answer(app, asking, name);
}

enum err app_account_link(struct app *app, struct app_asking *asking, const char *name,
                          struct house_account *ret_account)
{
    fill(name, ret_account);
    return answer(app, asking, name);
}

enum err app_own_account(struct app *app, struct app_asking *asking,
                         struct own_account *ret_account)
{
    *ret_account = (struct own_account){.name = "Awa", .administrator = true};
    text_copy_cut(ret_account->account, sizeof(ret_account->account), asking->who->account);
    return answer(app, asking, asking->who->account);
}

enum err app_own_account_change(struct app *app, struct app_asking *asking,
                                const struct own_account_change *wish,
                                struct own_account *ret_account)
{
    enum err err = app_own_account(app, asking, ret_account);
    memcpy(ret_account->name, wish->name, sizeof(ret_account->name));
    return err;
}

enum err app_account_link_look(struct app *app, struct app_asking *asking, const char *token,
                               struct account_link_offer *ret_offer)
{
    *ret_offer = (struct account_link_offer){.first = true, .expires_at = 1};
    return answer(app, asking, token);
}

enum err app_account_link_begin(struct app *app, struct app_asking *asking,
                                const struct account_link_use *wish,
                                struct app_account_key *ret_key)
{
    *ret_key = (struct app_account_key){.first = true};
    text_copy_cut(ret_key->account, sizeof(ret_key->account), wish->account);
    return answer(app, asking, wish->token);
}

enum err app_own_password_begin(struct app *app, struct app_asking *asking,
                                const struct password_change *wish, struct app_account_key *ret_key)
{
    (void)wish;
    *ret_key = (struct app_account_key){.owner = true};
    return answer(app, asking, asking->who->account);
}

void app_account_key_unmade(struct app *app, const struct app_account_key *key)
{
    (void)key;
    app->accounts.keys_unmade++;
}

void app_account_key_make(struct app_account_key *key, const char *before, const char *password)
{
    bool good = !key->owner || text_equal(before, "lovelace");
    key->made = good ? ERR_NONE : ERR_FORBIDDEN;
    text_copy_cut(key->hash, sizeof(key->hash), password);
}

enum err app_account_link_end(struct app *app, struct app_asking *asking,
                              const struct app_account_key *key, struct session *ret_session)
{
    app->accounts.keys_ended++;
    *ret_session = (struct session){.capacity = APP_CAPACITY_OF_NOBODY, .token = "session-by-link"};
    text_copy_cut(ret_session->account, sizeof(ret_session->account), key->account);
    return answer(app, asking, key->hash);
}

enum err app_own_password_end(struct app *app, struct app_asking *asking,
                              const struct app_account_key *key)
{
    app->accounts.keys_ended++;
    enum err err = answer(app, asking, key->hash);
    return key->made != ERR_NONE ? key->made : err;
}
