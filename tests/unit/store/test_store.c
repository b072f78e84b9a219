#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/version.h"
#include "folder.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static struct folder folder;

static int set_up(void **state)
{
    folder_init(&folder);
    struct store *store = NULL;
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

static void run_sql(const char *file, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void belongs_to_its_owner(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(stat(folder.file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void settings(void **state)
{
    char value[STORE_SETTING_VALUE_MAX + 1] = "x";
    assert_int_equal(store_setting_get(*state, "a", value), ERR_NOT_FOUND);
    assert_string_equal(value, "");
    assert_int_equal(store_setting_set(*state, "a", "one"), ERR_NONE);
    assert_int_equal(store_setting_set(*state, "a", "two"), ERR_NONE);
    assert_int_equal(store_setting_get(*state, "a", value), ERR_NONE);
    assert_string_equal(value, "two");
    char long_key[STORE_SETTING_KEY_MAX + 2];
    memset(long_key, 'k', sizeof long_key);
    long_key[sizeof long_key - 1] = '\0';
    assert_int_equal(store_setting_set(*state, long_key, "x"), ERR_TOO_LARGE);
}

static void opens_again_and_twice(void **state)
{
    struct store *second = NULL;
    char value[STORE_SETTING_VALUE_MAX + 1];
    assert_int_equal(store_setting_set(*state, "a", "one"), ERR_NONE);
    assert_int_equal(store_open(folder.file, &second), ERR_NONE);
    assert_int_equal(store_setting_get(second, "a", value), ERR_NONE);
    assert_int_equal(store_setting_set(second, "a", "two"), ERR_NONE);
    assert_int_equal(store_setting_get(*state, "a", value), ERR_NONE);
    assert_string_equal(value, "two");
    store_close(second);
}

static void a_newer_database_is_refused(void **state)
{
    struct store *store = NULL;
    char words[STORE_NEWER_WORDS_MAX + 1];
    char newer[STORE_NEWER_WORDS_MAX + 1] = "x";
    char value[STORE_SETTING_VALUE_MAX + 1];
    assert_int_equal(store_setting_get(*state, "tables.made_by", value), ERR_NONE);
    assert_string_equal(value, version_text());
    assert_false(store_is_newer(folder.file, newer));
    assert_string_equal(newer, "");
    assert_false(store_is_newer("/no/such/folder/plenary.db", newer));
    run_sql(folder.file,
            "INSERT INTO schema_version VALUES (99);"
            "UPDATE setting SET value = '12.0.1' WHERE key = 'tables.made_by'");
    assert_int_equal(store_open(folder.file, &store), ERR_UNSUPPORTED);
    assert_true(store_is_newer(folder.file, newer));
    assert_non_null(
        strstr(newer, "a newer Plenary, 12.0.1, made the tables of the database (version 99)"));
    assert_non_null(strstr(newer, version_text()));
    assert_non_null(strstr(newer, "Start 12.0.1 again"));
    assert_int_equal(store_examine(folder.file, words, sizeof words), ERR_UNSUPPORTED);
    assert_string_equal(words, newer);
    // What is no version is not repeated to a terminal.
    run_sql(folder.file,
            "UPDATE setting SET value = CAST(x'1b5b324a' AS TEXT) WHERE key = 'tables.made_by';");
    assert_true(store_is_newer(folder.file, newer));
    assert_non_null(strstr(newer, "a newer Plenary made the tables of the database (version 99)"));
    assert_non_null(strstr(newer, "Start the newer one again"));
}

static void what_is_no_database_is_refused(void **state)
{
    (void)state;
    struct store *store = NULL;
    char words[200];
    const char *path = folder_file(&folder, "letter");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(write(fd, "Dear Sir, ", 10), 10);
    }
    close(fd);
    assert_int_equal(store_open(path, &store), ERR_IO);
    assert_int_equal(store_examine(path, words, sizeof words), ERR_IO);
    assert_true(words[0] != '\0');
    assert_int_equal(store_open("/no/such/folder/plenary.db", &store), ERR_IO);
}

static void a_copy(void **state)
{
    append_range(*state, "m", 1, 20);
    assert_int_equal(journal_flush(*state), ERR_NONE);
    char path[160];
    snprintf(path, sizeof path, "%s", folder_file(&folder, "copy.db"));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600); // as whoever wants the copy makes it
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(store_copy(folder.file, path), ERR_NONE);
    assert_int_equal(store_copy(folder_file(&folder, "none.db"), path), ERR_IO);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    // The server went on meanwhile; the copy is a whole store of its own.
    append_range(*state, "m", 21, 21);
    struct store *copy = NULL;
    struct journal_verdict verdict;
    assert_int_equal(store_open(path, &copy), ERR_NONE);
    assert_int_equal(journal_verify(copy, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 20);
    assert_int_equal(verdict.bad_seq, 0);
    store_close(copy);
}

static void examination(void **state)
{
    char words[200];
    append_range(*state, "m", 1, 7);
    append_range(*state, "n", 1, 3);
    assert_int_equal(journal_flush(*state), ERR_NONE);
    assert_int_equal(store_examine(folder.file, words, sizeof words), ERR_NONE);
    char expected[64];
    snprintf(expected, sizeof expected, "version %lld, meetings: 2, events: 10, every chain whole",
             (long long)store_version());
    assert_string_equal(words, expected);
    run_sql(folder.file,
            "DROP TRIGGER journal_keeps_values;"
            "UPDATE journal SET by = 'x' WHERE stream = 'meeting/n' AND seq = 2");
    assert_int_equal(store_examine(folder.file, words, sizeof words), ERR_INTERNAL);
    assert_string_equal(words, "the journal of meeting n is broken at event 2: a row was changed");
    assert_int_equal(store_examine(folder_file(&folder, "none.db"), words, sizeof words), ERR_IO);
    assert_int_not_equal(access(folder_file(&folder, "none.db"), F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(belongs_to_its_owner),
        TEST(settings),
        TEST(opens_again_and_twice),
        TEST(a_newer_database_is_refused),
        TEST(what_is_no_database_is_refused),
        TEST(a_copy),
        TEST(examination),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
