#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/content.h"

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

static struct content_row row_of(const char *meeting, const char *id, const char *participant)
{
    struct content_row row = {.at = 5, .content.form = DOCUMENT_FORM_PDF};
    strcpy(row.meeting, meeting);
    strcpy(row.content.id, id);
    strcpy(row.participant, participant);
    return row;
}

static char *bytes_of(size_t size)
{
    char *bytes = malloc(size);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(i * 7 + i / 251);
    }
    return bytes;
}

static void what_was_put_is_read(void **state)
{
    static const size_t sizes[] = {1, 262143, 262144, 262145, 3u << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        struct content_row row = row_of("m", id, "d1");
        struct content_row found;
        char *bytes = bytes_of(sizes[i]);
        char *back = calloc(1, sizes[i] + 1);
        assert_non_null(back);
        assert_int_equal(content_put(folder.file, &row, bytes, sizes[i]), ERR_NONE);
        size_t at = 0;
        size_t part = 1;
        while (part > 0) { // in odd pieces
            assert_int_equal(content_read(*state, "m", id, at, back + at,
                                          sizes[i] - at < 99991 ? sizes[i] - at : 99991, &part),
                             ERR_NONE);
            at += part;
        }
        assert_int_equal(at, sizes[i]);
        assert_memory_equal(back, bytes, sizes[i]);
        assert_int_equal(content_find(*state, "m", id, &found), ERR_NONE);
        assert_memory_equal(&found, &row, sizeof row);
        free(bytes);
        free(back);
    }
    struct content_row found;
    assert_int_equal(content_find(*state, "other", "a", &found), ERR_NOT_FOUND);
}

static void the_digest_is_sha_256(void **state)
{
    (void)state;
    struct content_row row = row_of("m", "a", "d1");
    assert_int_equal(content_put(folder.file, &row, "abc", 3), ERR_NONE);
    assert_string_equal(row.content.sha256,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static bool count(void *context, const struct content_row *row)
{
    (void)row;
    (*(int *)context)++;
    return true;
}

static void what_was_removed_is_gone(void **state)
{
    int found = 0;
    size_t size = 0;
    char byte;
    struct content_row rows[] = {row_of("m", "a", "d1"), row_of("m", "b", "d2"),
                                 row_of("n", "a", "d1")};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(content_put(folder.file, &rows[i], "abc", 3), ERR_NONE);
    }
    assert_int_equal(content_list(*state, "m", NULL, count, &found), ERR_NONE);
    assert_int_equal(found, 2);
    assert_int_equal(content_remove(*state, "m", "a"), ERR_NONE);
    assert_int_equal(content_remove(*state, "m", "a"), ERR_NONE);
    found = 0;
    assert_int_equal(content_list(*state, "m", "d1", count, &found), ERR_NONE);
    assert_int_equal(found, 0);
    assert_int_equal(content_read(*state, "m", "a", 0, &byte, 1, &size), ERR_NONE);
    assert_int_equal(size, 0);
    assert_int_equal(content_read(*state, "n", "a", 0, &byte, 1, &size), ERR_NONE);
    assert_int_equal(size, 1);
}

static void there_is_an_end(void **state)
{
    struct content_row row = row_of("m", "a", "d1");
    char *bytes = bytes_of(STORE_CONTENT_MAX + 1);
    assert_int_equal(content_put(folder.file, &row, bytes, STORE_CONTENT_MAX + 1), ERR_TOO_LARGE);
    assert_int_equal(content_put(folder.file, &row, bytes, 0), ERR_TOO_LARGE);
    uint32_t most = STORE_CONTENT_MEETING_MAX / STORE_CONTENT_MAX;
    for (uint32_t i = 0; i <= most; i++) {
        snprintf(row.content.id, sizeof row.content.id, "c%u", i);
        assert_int_equal(content_put(folder.file, &row, bytes, STORE_CONTENT_MAX),
                         i < most ? ERR_NONE : ERR_FULL);
    }
    // Of what did not fit nothing stays, and the other meetings have room.
    size_t size = 1;
    assert_int_equal(content_read(*state, "m", row.content.id, 0, bytes, 1, &size), ERR_NONE);
    assert_int_equal(size, 0);
    strcpy(row.meeting, "n");
    assert_int_equal(content_put(folder.file, &row, bytes, 10), ERR_NONE);
    assert_int_equal(content_remove_halves(*state), ERR_NONE);
    assert_int_equal(content_read(*state, "n", row.content.id, 9, bytes, 1, &size), ERR_NONE);
    assert_int_equal(size, 1);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_put_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_digest_is_sha_256, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_removed_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_is_an_end, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
