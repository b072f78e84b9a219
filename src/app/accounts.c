// What administrators do with accounts.
#include "app/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "app/accounts_priv.h"
#include "base/log.h"
#include "base/text.h"
#include "store/house.h"
#include "words/search.h"

// ---- Who may, and what is kept

// What an administrator has done, in the log and among the acts of the house.
static void keep_act(struct app *app, const struct app_asking *asking, const char *event,
                     const char *act, const char *account)
{
    const struct house_act line = {.at = asking->wall,
                                   .by = asking->who->account,
                                   .act = act,
                                   .meeting = "",
                                   .subject = account};
    asking_note(app, asking, event, NULL, account, ERR_NONE);
    enum err err = house_note(app->store, &line);
    if (err != ERR_NONE) { // what was wished is done
        log_event(LOG_WARNING, "house.not_noted", LOG_TEXT("act", act),
                  LOG_TEXT("error", err_slug(err)));
    }
}

static enum err admit(struct app *app, struct app_asking *asking)
{
    app_date(app, asking->wall);
    if (!asking->who->administrator || asking->who->account[0] == '\0') {
        return asking_refuse(asking, REFUSAL_ADMINISTRATORS_ALONE);
    }
    return app->stopping ? ERR_UNAVAILABLE : ERR_NONE;
}

// ---- As administrators see them

static enum link_state link_state_of(const struct account_link_row *link, time_ms wall)
{
    return link->state == LINK_STATE_GOOD && link->expires_at <= wall ? LINK_STATE_EXPIRED
                                                                      : link->state;
}

static enum err fill(struct app *app, const struct account_row *row, time_ms wall,
                     struct house_account *ret_account)
{
    struct account_link_row link;
    *ret_account = (struct house_account){.administrator = row->administrator,
                                          .secretariat = row->secretariat,
                                          .disabled = row->disabled,
                                          .password = row->password[0] != '\0',
                                          .created_at = row->created_at,
                                          .link = LINK_STATE_NONE};
    memcpy(ret_account->account, row->name, sizeof(ret_account->account));
    memcpy(ret_account->name, row->display_name, sizeof(ret_account->name));
    memcpy(ret_account->address, row->address, sizeof(ret_account->address));
    enum err err = account_link_newest(app->store, row->name, &link);
    if (err == ERR_NONE) {
        ret_account->link = link_state_of(&link, wall);
        ret_account->link_expires_at = link.expires_at;
    }
    return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

// ---- The list

struct account_page {
    const char *query; // folded; NULL: all are wanted
    uint32_t count;    // of those that fit
    struct account_row rows[HOUSE_ACCOUNTS_ACCOUNTS_MAX];
    bool short_of_memory;
};

static bool fits(struct account_page *page, const struct account_row *row)
{
    char whole[sizeof(row->name) + sizeof(row->display_name) + sizeof(row->address) + 2];
    struct text_builder text = text_builder(whole, sizeof(whole));
    text_append_format(&text, "%s %s %s", row->name, row->display_name, row->address);
    char *folded = words_fold(whole);
    bool found = folded != NULL && words_begin(folded, page->query);
    page->short_of_memory = page->short_of_memory || folded == NULL;
    words_fold_free(folded);
    return found;
}

static bool list_one(void *context, const struct account_row *row)
{
    struct account_page *page = context;
    if (page->query == NULL || fits(page, row)) {
        if (page->count < HOUSE_ACCOUNTS_ACCOUNTS_MAX) {
            page->rows[page->count] = *row;
        }
        page->count++;
    }
    return true;
}

static enum err fill_page(struct app *app, const struct app_asking *asking,
                          const struct account_page *page, struct house_accounts *ret_accounts)
{
    bool more = page->count > HOUSE_ACCOUNTS_ACCOUNTS_MAX;
    enum err err = ERR_NONE;
    ret_accounts->accounts_count = more ? HOUSE_ACCOUNTS_ACCOUNTS_MAX : page->count;
    for (uint32_t i = 0; i < ret_accounts->accounts_count && err == ERR_NONE; i++) {
        err = fill(app, &page->rows[i], asking->wall, &ret_accounts->accounts[i]);
    }
    if (more) {
        memcpy(ret_accounts->next, page->rows[HOUSE_ACCOUNTS_ACCOUNTS_MAX - 1].name,
               sizeof(ret_accounts->next));
    }
    return err;
}

enum err app_accounts(struct app *app, struct app_asking *asking, const char *query,
                      const char *after, struct house_accounts *ret_accounts)
{
    *ret_accounts = (struct house_accounts){0};
    enum err err = admit(app, asking);
    if (err != ERR_NONE) {
        return err;
    }
    struct account_page *page = calloc(1, sizeof(*page));
    char *folded = words_fold(query);
    if (page == NULL || folded == NULL) {
        err = page == NULL ? ERR_FULL : asking_refuse_field(asking, "q");
    } else {
        page->query = folded[0] != '\0' ? folded : NULL;
        err = account_list(app->store, after, list_one, page);
        err = err == ERR_NONE && page->short_of_memory ? ERR_FULL : err;
        ret_accounts->total = after[0] == '\0' ? page->count : 0;
        err = err == ERR_NONE ? fill_page(app, asking, page, ret_accounts) : err;
    }
    words_fold_free(folded);
    free(page);
    return err;
}

enum err app_account(struct app *app, struct app_asking *asking, const char *name,
                     struct house_account *ret_account)
{
    struct account_row row;
    enum err err = admit(app, asking);
    err = err == ERR_NONE ? account_get(app->store, name, &row) : err;
    return err == ERR_NONE ? fill(app, &row, asking->wall, ret_account) : err;
}

// ---- What is done with one

enum err app_account_add(struct app *app, struct app_asking *asking,
                         const struct account_wish *wish, struct house_account *ret_account)
{
    struct account_row row = {.administrator = wish->administrator,
                              .secretariat = wish->secretariat,
                              .created_at = asking->wall};
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    enum err err = admit(app, asking);
    if (err == ERR_NONE && !app_account_name_is_valid(wish->account)) {
        asking->field = "account";
        err = asking_refuse(asking, REFUSAL_ACCOUNT_NAME_STRANGE);
    }
    err = err == ERR_NONE ? account_address_check(asking, wish->address) : err;
    if (err != ERR_NONE) {
        return err;
    }
    memcpy(row.name, wish->account, sizeof(row.name));
    memcpy(row.display_name, wish->name, sizeof(row.display_name));
    memcpy(row.address, wish->address, sizeof(row.address));
    err = account_add(app->store, &row);
    if (err == ERR_CONFLICT) {
        asking->field = "account";
        return asking_refuse(asking, REFUSAL_ACCOUNT_EXISTS);
    }
    err = err == ERR_NONE ? account_link_begin(app->store, row.name, asking->wall, token) : err;
    err = err == ERR_NONE ? fill(app, &row, asking->wall, ret_account) : err;
    if (err == ERR_NONE) {
        memcpy(ret_account->token, token, sizeof(token));
        keep_act(app, asking, "security.account_added", "account.added", row.name);
    }
    return err;
}

// Whether it may lose its access, or its right to give others theirs.
static enum err may_lose(struct app *app, struct app_asking *asking, const struct account_row *row)
{
    struct account_counts counts;
    enum err err = account_count(app->store, &counts);
    if (err == ERR_NONE && row->administrator && !row->disabled && counts.administrators == 1) {
        return asking_refuse(asking, REFUSAL_ADMINISTRATOR_LAST);
    }
    return err == ERR_NONE && text_equal(row->name, asking->who->account)
               ? asking_refuse(asking, REFUSAL_NOT_YOUR_OWN_ACCOUNT)
               : err;
}

// Whose role goes is another in the next request: no session is ended for that.
static const char *change_name(const struct account_row *before, const struct account_row *row,
                               const char **ret_act)
{
    bool roles = before->administrator != row->administrator ||
                 before->secretariat != row->secretariat;
    *ret_act = row->disabled && !before->disabled   ? "account.disabled"
               : !row->disabled && before->disabled ? "account.enabled"
               : roles                              ? "account.roles_changed"
                                                    : "account.changed";
    return row->disabled && !before->disabled   ? "security.account_disabled"
           : !row->disabled && before->disabled ? "security.account_enabled"
           : roles                              ? "security.account_roles_changed"
                                                : "security.account_changed";
}

enum err app_account_change(struct app *app, struct app_asking *asking, const char *name,
                            const struct account_change *wish, struct house_account *ret_account)
{
    struct account_row before;
    enum err err = admit(app, asking);
    err = err == ERR_NONE ? account_get(app->store, name, &before) : err;
    err = err == ERR_NONE ? account_address_check(asking, wish->address) : err;
    if (err == ERR_NONE &&
        ((wish->disabled && !before.disabled) || (before.administrator && !wish->administrator))) {
        err = may_lose(app, asking, &before);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct account_row row = before;
    row.administrator = wish->administrator;
    row.secretariat = wish->secretariat;
    row.disabled = wish->disabled;
    memcpy(row.display_name, wish->name, sizeof(row.display_name));
    memcpy(row.address, wish->address, sizeof(row.address));
    err = account_update(app->store, &row);
    if (err == ERR_NONE && row.disabled && !before.disabled) {
        err = sessions_end_of_account(app, row.name, "", "withdrawn");
    }
    err = err == ERR_NONE ? fill(app, &row, asking->wall, ret_account) : err;
    if (err == ERR_NONE) {
        const char *act = NULL;
        const char *event = change_name(&before, &row, &act);
        keep_act(app, asking, event, act, row.name);
    }
    return err;
}

enum err app_account_remove(struct app *app, struct app_asking *asking, const char *name)
{
    struct account_row row;
    enum err err = admit(app, asking);
    err = err == ERR_NONE ? account_get(app->store, name, &row) : err;
    err = err == ERR_NONE ? may_lose(app, asking, &row) : err;
    err = err == ERR_NONE ? sessions_end_of_account(app, row.name, "", "withdrawn") : err;
    err = err == ERR_NONE ? account_delete(app->store, row.name) : err;
    if (err == ERR_NONE) {
        keep_act(app, asking, "security.account_removed", "account.removed", row.name);
    }
    return err;
}

enum err app_account_link(struct app *app, struct app_asking *asking, const char *name,
                          struct house_account *ret_account)
{
    struct account_row row;
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    enum err err = admit(app, asking);
    err = err == ERR_NONE ? account_get(app->store, name, &row) : err;
    if (err == ERR_NONE && row.disabled) {
        err = asking_refuse(asking, REFUSAL_ACCOUNT_DISABLED);
    }
    err = err == ERR_NONE ? account_link_begin(app->store, row.name, asking->wall, token) : err;
    err = err == ERR_NONE ? fill(app, &row, asking->wall, ret_account) : err;
    if (err == ERR_NONE) {
        memcpy(ret_account->token, token, sizeof(token));
        keep_act(app, asking, "security.account_link_made", "account.link_made", row.name);
    }
    return err;
}
