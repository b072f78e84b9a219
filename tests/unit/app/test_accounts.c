// Accounts: what administrators may do with them and to themselves, and how their holders set
// passwords.
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "app/accounts.h"
#include "base/text.h"
#include "store/house.h"
#include "store/people.h"

#define PASSWORD "a quiet chamber 7"

static struct app_identity root = {.account = "root", .administrator = true};

static struct app_asking by(struct world *world, const struct app_identity *who)
{
    return (struct app_asking){.who = who, .remote = "192.0.2.1", .wall = world->wall};
}

static void must_be(enum err err, const struct app_asking *asking, enum refusal_reason reason)
{
    assert_int_equal(err, refusal_reason_err(reason));
    assert_int_equal(asking->refusal.reason, reason);
}

static void add_row(struct world *world, const char *name, bool administrator)
{
    struct account_row row = {.administrator = administrator, .created_at = world->wall};
    text_copy_cut(row.name, sizeof(row.name), name);
    text_copy_cut(row.display_name, sizeof(row.display_name), name);
    assert_int_equal(account_add(world->store, &row), ERR_NONE);
}

static struct account_wish wish_of(const char *account, const char *name)
{
    struct account_wish wish = {.secretariat = true};
    text_copy_cut(wish.account, sizeof(wish.account), account);
    text_copy_cut(wish.name, sizeof(wish.name), name);
    return wish;
}

static enum err add(struct world *world, const char *account, struct app_asking *asking,
                    struct house_account *ret_account)
{
    const struct account_wish wish = wish_of(account, "Awa Keïta");
    *asking = by(world, &root);
    return app_account_add(world->app, asking, &wish, ret_account);
}

// By a link, all of it at once.
static enum err use(struct world *world, const char *token, const char *account,
                    const char *password, struct app_asking *asking, struct session *ret_session)
{
    struct account_link_use wish = {.name = "Awa"};
    struct app_account_key key;
    *asking = by(world, NULL);
    text_copy_cut(wish.token, sizeof(wish.token), token);
    text_copy_cut(wish.account, sizeof(wish.account), account);
    text_copy_cut(wish.password, sizeof(wish.password), password);
    enum err err = app_account_link_begin(world->app, asking, &wish, &key);
    if (err != ERR_NONE) {
        return err;
    }
    app_account_key_make(&key, NULL, password);
    return app_account_link_end(world->app, asking, &key, ret_session);
}

static enum err sign_in(struct world *world, const char *account, const char *password,
                        struct session *ret_session)
{
    struct app_password_check check;
    const struct app_password_wish wish = {
        .account = account, .meeting = "", .remote = "192.0.2.1"};
    enum err err = app_password_begin(world->app, &wish, world->wall, &check);
    if (err != ERR_NONE) {
        return err;
    }
    struct refusal refusal;
    app_password_verify(&check, password);
    return app_password_end(world->app, &check, world->wall, ret_session, &refusal);
}

static bool count_act(void *context, const struct house_act *act)
{
    assert_string_equal(act->by, "root");
    (*(uint32_t *)context)++;
    return true;
}

static void names_that_an_account_can_have(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "a.keita", "7", "a_k@example.org", "a+b-c"};
    static const char *const bad[] = {
        "",     "A",
        "a b",  ".a",
        "-a",   "@a",
        "..",   "a/b",
        "é",    "\n",
        "a\tb", "a%b",
        "<b>",  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(app_account_name_is_valid(good[i]));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(app_account_name_is_valid(bad[i]));
    }
}

static void only_administrators_do_anything_with_accounts(void **state)
{
    struct world *world = *state;
    static const struct app_identity others[] = {
        {.account = "awa", .secretariat = true}, {.participant = "chair"}, {.administrator = true}};
    add_row(world, "root", true);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct account_wish wish = wish_of("new", "New");
        const struct account_change change = {.name = "Other"};
        static struct house_accounts list;
        struct house_account account;
        struct app_asking asking = by(world, &others[i]);
        must_be(app_accounts(world->app, &asking, "", "", &list), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
        must_be(app_account(world->app, &asking, "root", &account), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
        must_be(app_account_add(world->app, &asking, &wish, &account), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
        must_be(app_account_change(world->app, &asking, "root", &change, &account), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
        must_be(app_account_remove(world->app, &asking, "root"), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
        must_be(app_account_link(world->app, &asking, "root", &account), &asking,
                REFUSAL_ADMINISTRATORS_ALONE);
    }
}

static void an_account_begins_with_a_link(void **state)
{
    struct world *world = *state;
    struct house_account account;
    struct app_asking asking;
    struct account_link_offer offer;
    struct session session;
    uint32_t acts = 0;
    add_row(world, "root", true);
    assert_int_equal(add(world, "awa", &asking, &account), ERR_NONE);
    assert_int_equal(account.link, LINK_STATE_GOOD);
    assert_false(account.password);
    assert_true(account.secretariat && !account.administrator);
    assert_int_equal(strlen(account.token), 43);
    assert_int_equal(account.link_expires_at, world->wall + APP_ACCOUNT_LINK_MS);
    assert_int_equal(sign_in(world, "awa", PASSWORD, &session), ERR_UNAUTHENTICATED);
    asking = by(world, NULL);
    assert_int_equal(app_account_link_look(world->app, &asking, account.token, &offer), ERR_NONE);
    assert_false(offer.first);
    assert_string_equal(offer.account, "awa");
    assert_string_equal(offer.name, "Awa Keïta");
    assert_int_equal(use(world, account.token, "", PASSWORD, &asking, &session), ERR_NONE);
    assert_string_equal(session.account, "awa");
    assert_string_equal(session.name, "Awa");
    assert_true(session.device[0] != '\0');
    assert_int_equal(sign_in(world, "awa", PASSWORD, &session), ERR_NONE);
    must_be(use(world, account.token, "", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_USED);
    must_be(add(world, "awa", &asking, &account), &asking, REFUSAL_ACCOUNT_EXISTS);
    assert_string_equal(asking.field, "account");
    assert_int_equal(house_acts(world->store, count_act, &acts), ERR_NONE);
    assert_int_equal(acts, 1);
}

static void a_newer_link_and_time_end_a_link(void **state)
{
    struct world *world = *state;
    struct house_account first;
    struct house_account second;
    struct app_asking asking;
    struct session session;
    add_row(world, "root", true);
    assert_int_equal(add(world, "awa", &asking, &first), ERR_NONE);
    asking = by(world, &root);
    assert_int_equal(app_account_link(world->app, &asking, "awa", &second), ERR_NONE);
    must_be(use(world, first.token, "", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_REPLACED);
    must_be(use(world, "no token at all", "", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_UNKNOWN);
    first.token[5] = first.token[5] == 'a' ? 'b' : 'a';
    must_be(use(world, first.token, "", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_UNKNOWN);
    world->wall += APP_ACCOUNT_LINK_MS;
    must_be(use(world, second.token, "", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_EXPIRED);
}

static void what_cannot_be_set_uses_no_link_up(void **state)
{
    struct world *world = *state;
    struct house_account account;
    struct app_asking asking;
    struct session session;
    add_row(world, "root", true);
    assert_int_equal(add(world, "awa", &asking, &account), ERR_NONE);
    must_be(use(world, account.token, "", "too short", &asking, &session), &asking,
            REFUSAL_PASSWORD_SHORT);
    assert_int_equal(asking.refusal.most, PASSWORD_LEAST);
    assert_string_equal(asking.field, "password");
    assert_int_equal(use(world, account.token, "other", PASSWORD, &asking, &session), ERR_INVALID);
    assert_string_equal(asking.field, "account");
    assert_int_equal(use(world, account.token, "", PASSWORD, &asking, &session), ERR_NONE);
}

static void of_two_who_use_a_link_one_is_in(void **state)
{
    struct world *world = *state;
    struct house_account account;
    struct app_asking asking;
    struct session session;
    struct app_account_key keys[2];
    struct account_link_use wish = {.name = "Awa", .password = PASSWORD};
    add_row(world, "root", true);
    assert_int_equal(add(world, "awa", &asking, &account), ERR_NONE);
    text_copy_cut(wish.token, sizeof(wish.token), account.token);
    for (int i = 0; i < 2; i++) {
        asking = by(world, NULL);
        assert_int_equal(app_account_link_begin(world->app, &asking, &wish, &keys[i]), ERR_NONE);
        app_account_key_make(&keys[i], NULL, PASSWORD);
    }
    assert_int_equal(app_account_link_end(world->app, &asking, &keys[1], &session), ERR_NONE);
    must_be(app_account_link_end(world->app, &asking, &keys[0], &session), &asking,
            REFUSAL_ACCOUNT_LINK_USED);
}

static void the_first_link_makes_an_administrator(void **state)
{
    struct world *world = *state;
    char before[APP_ACCOUNT_TOKEN_MAX + 1];
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    struct app_asking asking = by(world, NULL);
    struct account_link_offer offer;
    struct session session;
    struct app_identity identity;
    assert_int_equal(app_account_link_make(world->store, "", world->wall, before), ERR_NONE);
    assert_int_equal(app_account_link_make(world->store, "", world->wall + 1, token), ERR_NONE);
    must_be(use(world, before, "root", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_REPLACED);
    asking = by(world, NULL);
    assert_int_equal(app_account_link_look(world->app, &asking, token, &offer), ERR_NONE);
    assert_true(offer.first);
    assert_string_equal(offer.account, "");
    must_be(use(world, token, "Root", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_NAME_STRANGE);
    assert_int_equal(use(world, token, "root", PASSWORD, &asking, &session), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_true(identity.administrator && identity.secretariat);
    must_be(use(world, token, "root2", PASSWORD, &asking, &session), &asking,
            REFUSAL_ACCOUNT_LINK_USED);
    assert_int_equal(app_account_link_make(world->store, "", world->wall, token), ERR_CONFLICT);
    assert_int_equal(app_account_link_make(world->store, "nobody", world->wall, token),
                     ERR_NOT_FOUND);
    // For who has lost the password.
    assert_int_equal(app_account_link_make(world->store, "root", world->wall, token), ERR_NONE);
    assert_int_equal(use(world, token, "", "another password", &asking, &session), ERR_NONE);
    assert_int_equal(sign_in(world, "root", PASSWORD, &session), ERR_UNAUTHENTICATED);
}

static void any_account_ends_the_first_link(void **state)
{
    struct world *world = *state;
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    struct app_asking asking;
    struct session session;
    assert_int_equal(app_account_link_make(world->store, "", world->wall, token), ERR_NONE);
    add_row(world, "elsewhere", true);
    must_be(use(world, token, "root", PASSWORD, &asking, &session), &asking,
            REFUSAL_FIRST_ACCOUNT_MADE);
}

static void nobody_takes_the_last_administrator_away(void **state)
{
    struct world *world = *state;
    struct app_asking asking = by(world, &root);
    const struct account_change less = {.name = "Root"};
    const struct account_change disabled = {
        .name = "Root", .administrator = true, .disabled = true};
    const struct account_change renamed = {
        .name = "The root", .administrator = true, .secretariat = true};
    struct house_account account;
    add_row(world, "root", true);
    must_be(app_account_remove(world->app, &asking, "root"), &asking, REFUSAL_ADMINISTRATOR_LAST);
    must_be(app_account_change(world->app, &asking, "root", &less, &account), &asking,
            REFUSAL_ADMINISTRATOR_LAST);
    must_be(app_account_change(world->app, &asking, "root", &disabled, &account), &asking,
            REFUSAL_ADMINISTRATOR_LAST);
    add_row(world, "second", true);
    must_be(app_account_remove(world->app, &asking, "root"), &asking, REFUSAL_NOT_YOUR_OWN_ACCOUNT);
    must_be(app_account_change(world->app, &asking, "root", &less, &account), &asking,
            REFUSAL_NOT_YOUR_OWN_ACCOUNT);
    must_be(app_account_change(world->app, &asking, "root", &disabled, &account), &asking,
            REFUSAL_NOT_YOUR_OWN_ACCOUNT);
    assert_int_equal(app_account_change(world->app, &asking, "root", &renamed, &account), ERR_NONE);
    assert_true(account.administrator && account.secretariat);
    assert_int_equal(app_account_change(world->app, &asking, "second", &less, &account), ERR_NONE);
    assert_false(account.administrator);
    assert_int_equal(app_account_remove(world->app, &asking, "second"), ERR_NONE);
    assert_int_equal(app_account_remove(world->app, &asking, "second"), ERR_NOT_FOUND);
}

static void whoever_is_disabled_or_removed_is_out(void **state)
{
    struct world *world = *state;
    struct app_asking asking;
    struct house_account account;
    struct session session;
    struct app_identity identity;
    struct account_change change = {.name = "Awa", .disabled = true};
    add_row(world, "root", true);
    assert_int_equal(add(world, "awa", &asking, &account), ERR_NONE);
    assert_int_equal(use(world, account.token, "", PASSWORD, &asking, &session), ERR_NONE);
    asking = by(world, &root);
    assert_int_equal(app_account_change(world->app, &asking, "awa", &change, &account), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
    must_be(app_account_link(world->app, &asking, "awa", &account), &asking,
            REFUSAL_ACCOUNT_DISABLED);
    change.disabled = false;
    assert_int_equal(app_account_change(world->app, &asking, "awa", &change, &account), ERR_NONE);
    assert_int_equal(sign_in(world, "awa", PASSWORD, &session), ERR_NONE);
    assert_int_equal(app_account_remove(world->app, &asking, "awa"), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
}

static void a_list_is_found_through(void **state)
{
    struct world *world = *state;
    static struct house_accounts list;
    struct app_asking asking = by(world, &root);
    char name[64];
    add_row(world, "root", true);
    for (int i = 0; i < 70; i++) {
        snprintf(name, sizeof(name), "person%02d", i);
        add_row(world, name, false);
    }
    assert_int_equal(app_accounts(world->app, &asking, "", "", &list), ERR_NONE);
    assert_int_equal(list.accounts_count, 64);
    assert_int_equal(list.total, 71);
    assert_string_equal(list.next, "person63");
    char after[64];
    text_copy_cut(after, sizeof(after), list.next);
    assert_int_equal(app_accounts(world->app, &asking, "", after, &list), ERR_NONE);
    assert_int_equal(list.accounts_count, 7);
    assert_string_equal(list.accounts[0].account, "person64");
    assert_string_equal(list.next, "");
    const struct account_change change = {.name = "Мария Ñúñez", .address = "maria@example.org"};
    struct house_account account;
    assert_int_equal(app_account_change(world->app, &asking, "person07", &change, &account),
                     ERR_NONE);
    static const char *const words[] = {"мар", "nunez", "NÚÑ мария", "example", "person07"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_int_equal(app_accounts(world->app, &asking, words[i], "", &list), ERR_NONE);
        assert_int_equal(list.total, 1);
        assert_string_equal(list.accounts[0].account, "person07");
    }
    assert_int_equal(app_accounts(world->app, &asking, "ария", "", &list), ERR_NONE);
    assert_int_equal(list.accounts_count, 0);
    assert_int_equal(app_accounts(world->app, &asking, "\xff", "", &list), ERR_INVALID);
}

static void addresses_that_are_none(void **state)
{
    struct world *world = *state;
    static const char *const bad[] = {
        "awa", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a,b@c", "awa@example"};
    struct house_account account;
    add_row(world, "root", true);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct app_asking asking = by(world, &root);
        struct account_wish wish = wish_of("awa", "Awa");
        text_copy_cut(wish.address, sizeof(wish.address), bad[i]);
        assert_int_equal(app_account_add(world->app, &asking, &wish, &account), ERR_INVALID);
        assert_string_equal(asking.field, "address");
    }
}

static enum err change_password(struct world *world, const struct app_identity *who,
                                const char *before, const char *password, struct app_asking *asking)
{
    struct app_account_key key;
    struct password_change wish = {.before = ""};
    *asking = by(world, who);
    text_copy_cut(wish.before, sizeof(wish.before), before);
    text_copy_cut(wish.password, sizeof(wish.password), password);
    enum err err = app_own_password_begin(world->app, asking, &wish, &key);
    if (err != ERR_NONE) {
        return err;
    }
    app_account_key_make(&key, before, password);
    return app_own_password_end(world->app, asking, &key);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct world *world = *state;
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    struct app_asking asking;
    struct session here;
    struct session there;
    struct app_identity who;
    struct app_identity other;
    assert_int_equal(app_account_link_make(world->store, "", world->wall, token), ERR_NONE);
    assert_int_equal(use(world, token, "root", PASSWORD, &asking, &here), ERR_NONE);
    assert_int_equal(sign_in(world, "root", PASSWORD, &there), ERR_NONE);
    assert_int_equal(app_identify(world->app, here.token, world->wall, &who), ERR_NONE);
    must_be(change_password(world, &who, "not this one 1", "a new password", &asking), &asking,
            REFUSAL_PASSWORD_BEFORE_WRONG);
    assert_string_equal(asking.field, "before");
    must_be(change_password(world, &who, PASSWORD, "short", &asking), &asking,
            REFUSAL_PASSWORD_SHORT);
    assert_int_equal(app_identify(world->app, there.token, world->wall, &other), ERR_NONE);
    assert_int_equal(change_password(world, &who, PASSWORD, "a new password", &asking), ERR_NONE);
    assert_int_equal(app_identify(world->app, here.token, world->wall, &who), ERR_NONE);
    assert_int_equal(app_identify(world->app, there.token, world->wall, &other),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(sign_in(world, "root", PASSWORD, &there), ERR_UNAUTHENTICATED);
    assert_int_equal(sign_in(world, "root", "a new password", &there), ERR_NONE);
}

static void a_session_guesses_no_password(void **state)
{
    struct world *world = *state;
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    struct app_asking asking;
    struct session session;
    struct app_identity who;
    enum err err = ERR_NONE;
    assert_int_equal(app_account_link_make(world->store, "", world->wall, token), ERR_NONE);
    assert_int_equal(use(world, token, "root", PASSWORD, &asking, &session), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &who), ERR_NONE);
    for (int i = 0; i < 6 && err != ERR_TOO_MANY; i++) {
        err = change_password(world, &who, "not this one 1", "a new password", &asking);
    }
    assert_int_equal(err, ERR_TOO_MANY);
}

static void what_one_says_of_oneself(void **state)
{
    struct world *world = *state;
    struct own_account own;
    const struct own_account_change change = {.name = "Awa", .address = "awa@example.org"};
    const struct app_identity awa = {.account = "awa"};
    const struct app_identity link = {.participant = "chair", .meeting = "demo"};
    add_row(world, "awa", false);
    struct app_asking asking = by(world, &awa);
    assert_int_equal(app_own_account_change(world->app, &asking, &change, &own), ERR_NONE);
    assert_int_equal(app_own_account(world->app, &asking, &own), ERR_NONE);
    assert_string_equal(own.name, "Awa");
    assert_string_equal(own.address, "awa@example.org");
    assert_false(own.administrator || own.secretariat);
    asking = by(world, &link);
    assert_int_equal(app_own_account(world->app, &asking, &own), ERR_NOT_FOUND);
    assert_int_equal(app_own_account_change(world->app, &asking, &change, &own), ERR_NOT_FOUND);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(names_that_an_account_can_have),
        CASE(only_administrators_do_anything_with_accounts),
        CASE(an_account_begins_with_a_link),
        CASE(a_newer_link_and_time_end_a_link),
        CASE(what_cannot_be_set_uses_no_link_up),
        CASE(of_two_who_use_a_link_one_is_in),
        CASE(the_first_link_makes_an_administrator),
        CASE(any_account_ends_the_first_link),
        CASE(nobody_takes_the_last_administrator_away),
        CASE(whoever_is_disabled_or_removed_is_out),
        CASE(a_list_is_found_through),
        CASE(addresses_that_are_none),
        CASE(a_new_password_ends_the_other_sessions),
        CASE(a_session_guesses_no_password),
        CASE(what_one_says_of_oneself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
