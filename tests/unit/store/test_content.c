#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "store/content.h"
#include "store/journal.h"

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

static void erase(struct store *store, const char *meeting, const char *id)
{
    assert_int_equal(content_erase(store, meeting, id), ERR_NONE);
    assert_int_equal(content_erase(store, meeting, id), ERR_CONFLICT);
}

static void wait_erased(struct store *store, const char *meeting, const char *id)
{
    char of[CONTRACT_ID_MAX + 1];
    char erased[CONTRACT_ID_MAX + 1];
    struct pollfd news = {.fd = store_event_fd(store), .events = POLLIN};
    uint64_t ticket = 0;
    while (!content_erased(store, of, erased)) {
        assert_true(poll(&news, 1, 30000) == 1);
        assert_int_equal(journal_committed(store, &ticket), ERR_NONE); // quiet
    }
    assert_string_equal(of, meeting);
    assert_string_equal(erased, id);
}

// Whether any file of the data folder holds the text.
static bool folder_holds(const char *text)
{
    bool holds = false;
    DIR *directory = opendir(folder.path);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        FILE *file = fopen(folder_file(&folder, entry->d_name), "re");
        struct stat status;
        assert_true(file != NULL && fstat(fileno(file), &status) == 0);
        char *bytes = S_ISREG(status.st_mode) ? malloc((size_t)status.st_size + 1) : NULL;
        size_t size = bytes != NULL ? fread(bytes, 1, (size_t)status.st_size, file) : 0;
        holds = holds || (bytes != NULL && memmem(bytes, size, text, strlen(text)) != NULL);
        free(bytes);
        fclose(file);
    }
    closedir(directory);
    return holds;
}

#define SECRET "check against delivery: the speech that nobody may read"

// Small and large (several chunks), with the sentence at its beginning, in its middle and at its
// end.
static void put_secret(size_t size)
{
    struct content_row row = row_of("m", "speech", "d1");
    char *bytes = bytes_of(size);
    memcpy(bytes, SECRET, sizeof SECRET - 1);
    memcpy(bytes + size / 2, SECRET, sizeof SECRET - 1);
    memcpy(bytes + size - sizeof SECRET, SECRET, sizeof SECRET - 1);
    assert_int_equal(content_put(folder.file, &row, bytes, size), ERR_NONE);
    free(bytes);
    assert_true(folder_holds(SECRET));
}

static void what_was_removed_is_destroyed(void **state)
{
    static const size_t sizes[] = {400, 5000, 900000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        put_secret(sizes[i]);
        append_range(*state, "m", i * 3 + 1, i * 3 + 3);
        assert_int_equal(journal_flush(*state), ERR_NONE);
        erase(*state, "m", "speech");
        wait_erased(*state, "m", "speech");
        assert_false(folder_holds(SECRET));
        append_range(*state, "other", i * 3 + 1, i * 3 + 3);
        assert_int_equal(journal_flush(*state), ERR_NONE);
        assert_false(folder_holds(SECRET));
    }
}

// The visitor runs inside a reading transaction of another connection: the log has to stay as long.
static bool look_and_wait(void *context, const struct content_row *row)
{
    struct store *store = context;
    struct content_row found;
    char of[CONTRACT_ID_MAX + 1];
    char byte;
    size_t size = 1;
    assert_string_equal(row->content.id, "speech");
    erase(store, "m", "speech");
    // Nobody finds it from now on, and the journal goes on beside it.
    assert_int_equal(content_find(store, "m", "speech", &found), ERR_NOT_FOUND);
    assert_int_equal(content_read(store, "m", "speech", 0, &byte, 1, &size), ERR_NONE);
    assert_int_equal(size, 0);
    for (uint64_t seq = 1; seq <= 40; seq++) {
        append_range(store, "m", seq, seq);
        assert_int_equal(journal_flush(store), ERR_NONE);
    }
    assert_false(content_erased(store, of, of));
    return true;
}

static void a_reader_is_waited_for(void **state)
{
    struct store *reader = NULL;
    put_secret(900000);
    assert_int_equal(store_open_reader(folder.file, &reader), ERR_NONE);
    assert_int_equal(content_list(reader, "m", NULL, look_and_wait, *state), ERR_NONE);
    wait_erased(*state, "m", "speech");
    assert_false(folder_holds(SECRET));
    store_close(reader);
    struct journal_verdict verdict;
    assert_int_equal(journal_verify(*state, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 40);
}

// Stopping while a reader keeps the log: the next start finishes it.
static void stopping_does_not_wait_for_readers(void **state)
{
    struct store *reader = NULL;
    struct store *store = NULL;
    put_secret(5000);
    assert_int_equal(store_open_reader(folder.file, &reader), ERR_NONE);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    assert_int_equal(content_list(reader, "m", NULL, look_and_wait, store), ERR_NONE);
    store_close(store);
    store_close(reader);
    erase(*state, "m", "speech");
    wait_erased(*state, "m", "speech");
    assert_false(folder_holds(SECRET));
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
    erase(*state, "m", "a");
    wait_erased(*state, "m", "a");
    erase(*state, "m", "a");
    wait_erased(*state, "m", "a");
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

// Of several that are destroyed each is told when it is, and not with the last.
static void what_is_destroyed_is_told_one_by_one(void **state)
{
    static const char *const ids[] = {"a", "b", "c"};
    const size_t size = 2u << 20;
    char *bytes = bytes_of(size);
    uint64_t told = 0;
    uint32_t erased = 0;
    for (size_t i = 0; i < 3; i++) {
        struct content_row row = row_of("m", ids[i], "d1");
        assert_int_equal(content_put(folder.file, &row, bytes, size), ERR_NONE);
    }
    free(bytes);
    for (size_t i = 0; i < 3; i++) {
        erase(*state, "m", ids[i]);
    }
    while (erased < 3) {
        char of[CONTRACT_ID_MAX + 1];
        char id[CONTRACT_ID_MAX + 1];
        uint64_t news = 0;
        struct pollfd event = {.fd = store_event_fd(*state), .events = POLLIN};
        assert_int_equal(poll(&event, 1, 30000), 1);
        assert_int_equal(read(event.fd, &news, sizeof news), sizeof news);
        told += news;
        while (content_erased(*state, of, id)) {
            erased++;
        }
    }
    assert_int_equal(told, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_put_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_digest_is_sha_256, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_removed_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_removed_is_destroyed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reader_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stopping_does_not_wait_for_readers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_is_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_destroyed_is_told_one_by_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
