#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/quality.h"

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

struct found {
    uint32_t count;
    struct quality_row rows[4];
};

static bool note(void *context, const struct quality_row *row)
{
    struct found *found = context;
    assert_true(found->count < 4);
    found->rows[found->count++] = *row;
    return true;
}

static void adds_up_what_comes_twice(void **state)
{
    struct quality_row rows[2] = {{.participant = "d1", .minute = {.at = 120000}},
                                  {.participant = "f1", .minute = {.at = 60000}}};
    assert_true(quality_add_sample(&rows[0].minute, &(struct quality_sample){40, 3, 20, 50}));
    assert_true(quality_add_sound(&rows[1].minute, &(struct quality_sound){2, -20, 8000}));
    assert_int_equal(quality_put(*state, "m", rows, 2), ERR_NONE);
    assert_int_equal(quality_put(*state, "other", rows, 1), ERR_NONE);
    // The server was started again within the minute.
    rows[0].minute = (struct quality_minute){.at = 120000};
    assert_true(quality_add_sample(&rows[0].minute, &(struct quality_sample){60, 9, 10, 46}));
    assert_int_equal(quality_put(*state, "m", rows, 1), ERR_NONE);
    // Read by another connection, as the report does.
    struct store *reader = NULL;
    struct found found = {0};
    assert_int_equal(store_open_reader(folder.file, &reader), ERR_NONE);
    assert_int_equal(quality_read(reader, "m", note, &found), ERR_NONE);
    assert_int_equal(quality_put(reader, "m", rows, 1), ERR_STORAGE);
    store_close(reader);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.rows[0].participant, "f1");
    assert_memory_equal(&found.rows[0].minute, &rows[1].minute, sizeof(rows[1].minute));
    const struct quality_minute *minute = &found.rows[1].minute;
    assert_int_equal(minute->samples, 2);
    assert_int_equal(minute->round_trip_ms_sum, 100);
    assert_int_equal(minute->jitter_ms_max, 9);
    assert_int_equal(minute->loss_permille_sum, 30);
    assert_int_equal(minute->loss_permille_max, 20);
    assert_int_equal(minute->packets_per_s_sum, 96);
}

static void a_reader_makes_no_database(void **state)
{
    (void)state;
    struct store *reader = NULL;
    assert_int_equal(store_open_reader("/nowhere/plenary.db", &reader), ERR_IO);
    assert_null(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(adds_up_what_comes_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reader_makes_no_database, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
