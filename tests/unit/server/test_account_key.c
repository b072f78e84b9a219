// The key that seals what is stored of accounts.
#include "../test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "server/account_key.h"

static void it_is_made_once(void **state)
{
    uint8_t first[APP_SEAL_KEY_SIZE];
    uint8_t again[APP_SEAL_KEY_SIZE];
    struct stat file;
    (void)state;
    assert_int_equal(account_key_load(first), ERR_NONE);
    assert_int_equal(stat(ACCOUNT_KEY_FILE, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(access(ACCOUNT_KEY_FILE ".part", F_OK), -1);
    assert_int_equal(account_key_load(again), ERR_NONE);
    assert_memory_equal(first, again, sizeof(first));
}

static void two_folders_have_two(void **state)
{
    uint8_t first[APP_SEAL_KEY_SIZE];
    uint8_t other[APP_SEAL_KEY_SIZE];
    (void)state;
    assert_int_equal(account_key_load(first), ERR_NONE);
    assert_int_equal(unlink(ACCOUNT_KEY_FILE), 0);
    assert_int_equal(account_key_load(other), ERR_NONE);
    assert_memory_not_equal(first, other, sizeof(first));
}

// Nothing is put in its place: what is sealed would be lost.
static void what_is_no_key_is_not_replaced(void **state)
{
    static const char *const texts[] = {"", "00ff\n",
                                        "no key at all, and longer than any key is, so that "
                                        "it cannot be taken for one by anybody\n"};
    uint8_t key[APP_SEAL_KEY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct stat file;
        place_put(ACCOUNT_KEY_FILE, texts[i]);
        assert_int_equal(account_key_load(key), ERR_MALFORMED);
        assert_int_equal(stat(ACCOUNT_KEY_FILE, &file), 0);
        assert_int_equal(file.st_size, strlen(texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_made_once, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(two_folders_have_two, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_not_replaced, place_enter, place_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
