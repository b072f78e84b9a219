// Links of accounts: each works once, the newest alone, and the first account's while there is
// none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/people.h"

static struct folder folder;

static int set_up(void **state)
{
    struct store *store = NULL;
    folder_init(&folder);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    *state = store;
    return 0;
}

static int tear_down(void **state)
{
    store_close(*state);
    folder_finish(&folder);
    return 0;
}

#define MADE_AT    100
#define EXPIRES_AT 200

static struct account_link_row link_of(const char *account, uint8_t number)
{
    struct account_link_row link = {
        .created_at = MADE_AT + number, .expires_at = EXPIRES_AT, .state = LINK_STATE_GOOD};
    snprintf(link.account, sizeof link.account, "%s", account);
    memset(link.hash, number, sizeof link.hash);
    return link;
}

static struct account_row account_of(const char *name, const char *password)
{
    struct account_row account = {.administrator = true, .created_at = 5};
    snprintf(account.name, sizeof account.name, "%s", name);
    snprintf(account.display_name, sizeof account.display_name, "%s", name);
    snprintf(account.password, sizeof account.password, "%s", password);
    return account;
}

static void the_first_link_makes_the_first_account_once(void **state)
{
    const struct account_link_row link = link_of("", 1);
    const struct account_row zoe = account_of("zoe", "$1");
    const struct account_row adam = account_of("adam", "$2");
    struct account_row found;
    struct account_link_row kept;
    struct account_counts counts;
    assert_int_equal(account_link_use(*state, link.hash, &zoe, 150), ERR_NOT_FOUND);
    assert_int_equal(account_link_add(*state, &link), ERR_NONE);
    assert_int_equal(account_link_use(*state, link.hash, &zoe, 150), ERR_NONE);
    assert_int_equal(account_get(*state, "zoe", &found), ERR_NONE);
    assert_memory_equal(&found, &zoe, sizeof found);
    assert_int_equal(account_link_use(*state, link.hash, &adam, 150), ERR_EXPIRED);
    assert_int_equal(account_get(*state, "adam", &found), ERR_NOT_FOUND);
    assert_int_equal(account_link_find(*state, link.hash, &kept), ERR_NONE);
    assert_int_equal(kept.state, LINK_STATE_USED);
    assert_int_equal(account_count(*state, &counts), ERR_NONE);
    assert_int_equal(counts.all, 1);
    assert_int_equal(counts.administrators, 1);
}

static void an_account_from_elsewhere_ends_the_first_link(void **state)
{
    const struct account_link_row link = link_of("", 1);
    const struct account_row zoe = account_of("zoe", "$1");
    const struct account_row adam = account_of("adam", "$2");
    struct account_link_row kept;
    assert_int_equal(account_link_add(*state, &link), ERR_NONE);
    assert_int_equal(account_add(*state, &adam), ERR_NONE);
    assert_int_equal(account_link_use(*state, link.hash, &zoe, 150), ERR_CONFLICT);
    // Nothing of it was written.
    assert_int_equal(account_link_find(*state, link.hash, &kept), ERR_NONE);
    assert_int_equal(kept.state, LINK_STATE_GOOD);
}

static void a_link_sets_name_and_password_and_nothing_else(void **state)
{
    struct account_row zoe = account_of("zoe", "");
    struct account_row found;
    const struct account_link_row link = link_of("zoe", 1);
    assert_int_equal(account_link_add(*state, &link), ERR_NOT_FOUND);
    assert_int_equal(account_add(*state, &zoe), ERR_NONE);
    assert_int_equal(account_link_add(*state, &link), ERR_NONE);
    zoe.administrator = false; // as whoever uses a link may say, and it is not asked
    snprintf(zoe.display_name, sizeof zoe.display_name, "Zoé");
    snprintf(zoe.password, sizeof zoe.password, "$new");
    assert_int_equal(account_link_use(*state, link.hash, &zoe, 150), ERR_NONE);
    assert_int_equal(account_get(*state, "zoe", &found), ERR_NONE);
    assert_string_equal(found.display_name, "Zoé");
    assert_string_equal(found.password, "$new");
    assert_true(found.administrator);
}

static void the_newest_alone_is_good_and_not_for_ever(void **state)
{
    const struct account_row zoe = account_of("zoe", "$1");
    const struct account_link_row first = link_of("zoe", 1);
    const struct account_link_row second = link_of("zoe", 2);
    const struct account_link_row other = link_of("", 3);
    struct account_link_row newest;
    assert_int_equal(account_add(*state, &zoe), ERR_NONE);
    assert_int_equal(account_link_newest(*state, "zoe", &newest), ERR_NOT_FOUND);
    assert_int_equal(account_link_add(*state, &first), ERR_NONE);
    assert_int_equal(account_link_add(*state, &other), ERR_NONE);
    assert_int_equal(account_link_add(*state, &second), ERR_NONE);
    assert_int_equal(account_link_newest(*state, "zoe", &newest), ERR_NONE);
    assert_memory_equal(&newest, &second, sizeof newest);
    assert_int_equal(account_link_use(*state, first.hash, &zoe, 150), ERR_EXPIRED);
    assert_int_equal(account_link_find(*state, first.hash, &newest), ERR_NONE);
    assert_int_equal(newest.state, LINK_STATE_REVOKED);
    assert_int_equal(account_link_use(*state, second.hash, &zoe, EXPIRES_AT), ERR_EXPIRED);
    assert_int_equal(account_link_use(*state, second.hash, &zoe, EXPIRES_AT - 1), ERR_NONE);
}

static void links_go_with_their_account_and_their_date(void **state)
{
    const struct account_row zoe = account_of("zoe", "$1");
    const struct account_link_row hers = link_of("zoe", 1);
    const struct account_link_row first = link_of("", 2);
    struct account_link_row found;
    uint32_t count = 0;
    assert_int_equal(account_add(*state, &zoe), ERR_NONE);
    assert_int_equal(account_link_add(*state, &hers), ERR_NONE);
    assert_int_equal(account_link_add(*state, &first), ERR_NONE);
    assert_int_equal(account_delete(*state, "zoe"), ERR_NONE);
    assert_int_equal(account_link_find(*state, hers.hash, &found), ERR_NOT_FOUND);
    assert_int_equal(people_expire(*state, EXPIRES_AT - 1, &count), ERR_NONE);
    assert_int_equal(count, 0);
    assert_int_equal(people_expire(*state, EXPIRES_AT, &count), ERR_NONE);
    assert_int_equal(count, 1);
    assert_int_equal(account_link_find(*state, first.hash, &found), ERR_NOT_FOUND);
}

static void administrators_who_are_disabled_do_not_count(void **state)
{
    struct account_row zoe = account_of("zoe", "$1");
    struct account_counts counts;
    assert_int_equal(account_add(*state, &zoe), ERR_NONE);
    zoe.disabled = true;
    assert_int_equal(account_update(*state, &zoe), ERR_NONE);
    assert_int_equal(account_count(*state, &counts), ERR_NONE);
    assert_int_equal(counts.all, 1);
    assert_int_equal(counts.administrators, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_link_makes_the_first_account_once),
        TEST(an_account_from_elsewhere_ends_the_first_link),
        TEST(a_link_sets_name_and_password_and_nothing_else),
        TEST(the_newest_alone_is_good_and_not_for_ever),
        TEST(links_go_with_their_account_and_their_date),
        TEST(administrators_who_are_disabled_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
