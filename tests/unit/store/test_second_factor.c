// Second factors and subjects, as they are stored.
#include "../test.h"

#include "folder.h"
#include "store/second_factor.h"

static struct folder folder;

static int set_up(void **state)
{
    const struct account_row ada = {.name = "ada", .display_name = "Ada"};
    struct store *store = NULL;
    folder_init(&folder);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    assert_int_equal(account_add(store, &ada), ERR_NONE);
    *state = store;
    return 0;
}

static int tear_down(void **state)
{
    store_close(*state);
    folder_finish(&folder);
    return 0;
}

static const uint8_t first[SECOND_FACTOR_SEALED_SIZE] = {1};
static const uint8_t second[SECOND_FACTOR_SEALED_SIZE] = {2};

static void hashes_make(uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE])
{
    memset(hashes, 0, RECOVERY_CODES_MAX * TOKEN_HASH_SIZE);
    for (uint8_t i = 0; i < RECOVERY_CODES_MAX; i++) {
        hashes[i][0] = i;
    }
}

static void a_wish_gives_way_to_the_next_until_it_is_confirmed(void **state)
{
    struct second_factor_row row;
    uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE];
    uint32_t count = 0;
    hashes_make(hashes);
    assert_int_equal(second_factor_get(*state, "ada", &row), ERR_NOT_FOUND);
    assert_int_equal(second_factor_wish(*state, "nobody", first), ERR_NOT_FOUND);
    assert_int_equal(second_factor_wish(*state, "ada", first), ERR_NONE);
    assert_int_equal(second_factor_wish(*state, "ada", second), ERR_NONE);
    assert_int_equal(second_factor_get(*state, "ada", &row), ERR_NONE);
    assert_memory_equal(row.sealed, second, sizeof(second));
    assert_false(row.confirmed);
    // Of the one before: it is not there any more.
    assert_int_equal(second_factor_confirm(*state, "ada", first, 7, hashes), ERR_CONFLICT);
    assert_int_equal(second_factor_confirm(*state, "ada", second, 7, hashes), ERR_NONE);
    assert_int_equal(second_factor_confirm(*state, "ada", second, 8, hashes), ERR_CONFLICT);
    assert_int_equal(second_factor_wish(*state, "ada", first), ERR_CONFLICT);
    assert_int_equal(second_factor_get(*state, "ada", &row), ERR_NONE);
    assert_true(row.confirmed);
    assert_int_equal(row.used_step, 7);
    assert_int_equal(recovery_code_count(*state, "ada", &count), ERR_NONE);
    assert_int_equal(count, RECOVERY_CODES_MAX);
}

static void each_code_is_good_once(void **state)
{
    uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE];
    uint32_t count = 0;
    hashes_make(hashes);
    assert_int_equal(second_factor_wish(*state, "ada", first), ERR_NONE);
    assert_int_equal(second_factor_confirm(*state, "ada", first, 7, hashes), ERR_NONE);
    assert_int_equal(second_factor_use(*state, "ada", 7), ERR_CONFLICT);
    assert_int_equal(second_factor_use(*state, "ada", 9), ERR_NONE);
    assert_int_equal(second_factor_use(*state, "ada", 8), ERR_CONFLICT);
    assert_int_equal(recovery_code_use(*state, "ada", hashes[3]), ERR_NONE);
    assert_int_equal(recovery_code_use(*state, "ada", hashes[3]), ERR_NOT_FOUND);
    assert_int_equal(recovery_code_use(*state, "nobody", hashes[4]), ERR_NOT_FOUND);
    assert_int_equal(second_factor_remove(*state, "ada"), ERR_NONE);
    assert_int_equal(second_factor_remove(*state, "ada"), ERR_NOT_FOUND);
    assert_int_equal(recovery_code_count(*state, "ada", &count), ERR_NONE);
    assert_int_equal(count, 0);
}

static void a_subject_has_one_account(void **state)
{
    const struct account_row zoe = {.name = "zoe", .display_name = "Zoe"};
    char account[ACCOUNT_NAME_MAX + 1];
    assert_int_equal(account_find_subject(*state, "https://a", "1", account), ERR_NOT_FOUND);
    assert_int_equal(account_bind_subject(*state, "https://a", "1", "nobody"), ERR_NOT_FOUND);
    assert_int_equal(account_bind_subject(*state, "https://a", "1", "ada"), ERR_NONE);
    assert_int_equal(account_bind_subject(*state, "https://a", "1", "ada"), ERR_CONFLICT);
    assert_int_equal(account_find_subject(*state, "https://a", "1", account), ERR_NONE);
    assert_string_equal(account, "ada");
    assert_int_equal(account_find_subject(*state, "https://b", "1", account), ERR_NOT_FOUND);
    // Both or neither.
    assert_int_equal(account_add_for_subject(*state, &zoe, "https://a", "1"), ERR_CONFLICT);
    struct account_row row;
    assert_int_equal(account_get(*state, "zoe", &row), ERR_NOT_FOUND);
    assert_int_equal(account_add_for_subject(*state, &zoe, "https://a", "2"), ERR_NONE);
    assert_int_equal(account_find_subject(*state, "https://a", "2", account), ERR_NONE);
    assert_string_equal(account, "zoe");
}

static void with_its_account_all_of_it_goes(void **state)
{
    struct second_factor_row row;
    char account[ACCOUNT_NAME_MAX + 1];
    uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE];
    hashes_make(hashes);
    assert_int_equal(second_factor_wish(*state, "ada", first), ERR_NONE);
    assert_int_equal(second_factor_confirm(*state, "ada", first, 7, hashes), ERR_NONE);
    assert_int_equal(account_bind_subject(*state, "https://a", "1", "ada"), ERR_NONE);
    assert_int_equal(account_delete(*state, "ada"), ERR_NONE);
    assert_int_equal(second_factor_get(*state, "ada", &row), ERR_NOT_FOUND);
    assert_int_equal(account_find_subject(*state, "https://a", "1", account), ERR_NOT_FOUND);
    assert_int_equal(recovery_code_use(*state, "ada", hashes[0]), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wish_gives_way_to_the_next_until_it_is_confirmed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_code_is_good_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_subject_has_one_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_its_account_all_of_it_goes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
