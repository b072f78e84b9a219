#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "faulty_vfs.h"
#include "folder.h"
#include "store/database_priv.h"

// A disk that is full, or fails, and is well again.

static struct folder folder;
static const struct store_limits limits = {.reserve_bytes = 1u << 20, .low_bytes = 1};
static const struct store_limits no_reserve = {.low_bytes = 1};

static struct store *set_up_with(const struct store_limits *wish)
{
    struct store *store = NULL;
    folder_init(&folder);
    faulty_vfs_cut_after(INT64_MAX);
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    assert_int_equal(store_watch(store, wish), ERR_NONE);
    append_range(store, "m", 1, 5);
    assert_int_equal(journal_flush(store), ERR_NONE);
    return store;
}

static void tear_down(struct store *store)
{
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    store_close(store);
    folder_finish(&folder);
}

static bool has_reserve(void)
{
    return access(folder_file(&folder, "reserve"), F_OK) == 0;
}

// Waits on the event fd alone: whatever changes there is told.
static void wait_state(struct store *store, enum store_state state)
{
    struct pollfd news = {.fd = store_event_fd(store), .events = POLLIN};
    while (store_health(store).state != state) {
        uint64_t ticket = 0;
        assert_int_equal(poll(&news, 1, 30000), 1);
        (void)!journal_committed(store, &ticket);
    }
}

static void wait_reopened(struct store *store)
{
    struct pollfd news = {.fd = store_event_fd(store), .events = POLLIN};
    while (!journal_reopen(store)) {
        uint64_t ticket = 0;
        assert_int_equal(poll(&news, 1, 30000), 1);
        assert_int_equal(journal_committed(store, &ticket), ERR_STORAGE);
    }
}

static enum err append_one(struct store *store, uint64_t seq)
{
    struct event event = event_number(seq);
    uint64_t ticket = 0;
    return journal_append(store, "m", &event, 1, &ticket);
}

static void assert_rows(struct store *store, uint64_t rows)
{
    struct journal_verdict verdict;
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.bad_seq, 0);
    assert_int_equal(verdict.rows, rows);
}

static void the_reserve_is_written_into(void **state)
{
    (void)state;
    struct store *store = set_up_with(&limits);
    assert_true(has_reserve());
    assert_int_equal(store_health(store).state, STORE_STATE_WELL);
    assert_true(store_health(store).takes_documents && store_health(store).free_bytes > 0);
    faulty_vfs_fail(FAULTY_FULL_RESERVE, 0);
    // Nobody learns of it but by the state.
    append_range(store, "m", 6, 20);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_false(has_reserve());
    assert_int_equal(store_health(store).state, STORE_STATE_RESERVE);
    assert_false(store_health(store).takes_documents);
    assert_rows(store, 20);
    // There is room again: the reserve too.
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    wait_state(store, STORE_STATE_WELL);
    assert_true(has_reserve());
    append_range(store, "m", 21, 30);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_rows(store, 30);
    tear_down(store);
}

// What waits is refused, what comes is refused, and it goes on from what was acknowledged.
static void goes_on_after(enum faulty_kind kind, const struct store_limits *wish)
{
    struct store *store = set_up_with(wish);
    faulty_vfs_fail(kind, 0);
    append_range(store, "m", 6, 8);
    (void)!append_one(store, 9); // posted, or refused already
    assert_int_equal(journal_flush(store), ERR_STORAGE);
    assert_int_equal(store_health(store).state, STORE_STATE_CLOSED);
    assert_true(store_failure(store)[0] != '\0');
    assert_int_equal(append_one(store, 9), ERR_STORAGE);
    assert_false(journal_reopen(store));
    assert_rows(store, 5);
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    wait_reopened(store);
    assert_int_equal(journal_flush(store), ERR_NONE); // nothing of what was refused comes late
    assert_rows(store, 5);
    append_range(store, "m", 6, 12);
    append_range(store, "other", 1, 2);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_rows(store, 12);
    wait_state(store, STORE_STATE_WELL);
    tear_down(store);
}

static void a_full_disk_closes_and_reopens(void **state)
{
    (void)state;
    goes_on_after(FAULTY_FULL, &no_reserve);
    goes_on_after(FAULTY_FULL, &limits); // not even the reserve helps
    goes_on_after(FAULTY_WRITE, &no_reserve);
}

static void after_a_failed_sync_nothing_is_tried_again(void **state)
{
    (void)state;
    goes_on_after(FAULTY_SYNC, &no_reserve);
    struct store *store = set_up_with(&limits);
    faulty_vfs_fail(FAULTY_SYNC, 0);
    append_range(store, "m", 6, 8);
    assert_int_equal(journal_flush(store), ERR_STORAGE);
    assert_true(has_reserve()); // room would not help
    tear_down(store);
}

// Closed, and what was acknowledged is not there when it looks: this must never be written on.
static void what_vanished_is_not_written_on(void **state)
{
    static const char *const forgeries[] = {
        "DROP TRIGGER journal_keeps_rows; DELETE FROM journal WHERE stream = 'meeting/m' AND seq = "
        "5",
        "DROP TRIGGER journal_keeps_values; UPDATE journal SET data = '{}' WHERE seq = 5",
        "UPDATE journal_head SET seq = 4",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
        struct store *store = set_up_with(&no_reserve);
        struct database forger;
        uint64_t ticket = 0;
        assert_int_equal(database_open(&forger, folder.file, DATABASE_WRITE), ERR_NONE);
        faulty_vfs_fail(FAULTY_SYNC, 0);
        append_range(store, "m", 6, 6);
        assert_int_equal(journal_flush(store), ERR_STORAGE);
        // No try succeeds in between: the disk is well again while the forger has the lock.
        assert_int_equal(database_begin(&forger), ERR_NONE);
        faulty_vfs_fail(FAULTY_NOTHING, 0);
        assert_int_equal(database_run(&forger, forgeries[i]), ERR_NONE);
        assert_int_equal(database_commit(&forger), ERR_NONE);
        database_close(&forger);
        struct pollfd news = {.fd = store_event_fd(store), .events = POLLIN};
        enum err err = journal_committed(store, &ticket);
        while (err == ERR_STORAGE) {
            assert_int_equal(poll(&news, 1, 30000), 1);
            err = journal_committed(store, &ticket);
            assert_false(journal_reopen(store));
        }
        assert_int_equal(err, ERR_IO);
        assert_non_null(strstr(store_failure(store), "acknowledged"));
        assert_int_equal(append_one(store, 6), ERR_IO);
        tear_down(store);
    }
}

// The disk fails at each operation in turn, for a while. Whoever appends begins again after what
// was acknowledged; in the end everything is there, once.
static void live_through(enum faulty_kind kind, int64_t from, bool *ret_reached)
{
    struct store *store = set_up_with(&no_reserve);
    uint64_t acknowledged = 5;
    faulty_vfs_cut_after(INT64_MAX);
    faulty_vfs_fail(kind, from);
    *ret_reached = false;
    while (acknowledged < 20) {
        for (uint64_t seq = acknowledged + 1; seq <= acknowledged + 3; seq++) {
            if (append_one(store, seq) != ERR_NONE) {
                break;
            }
        }
        if (journal_flush(store) == ERR_NONE) {
            acknowledged += 3;
            continue;
        }
        *ret_reached = true;
        uint64_t committed = 0;
        assert_int_equal(journal_committed(store, &committed), ERR_STORAGE);
        faulty_vfs_fail(FAULTY_NOTHING, 0);
        wait_reopened(store);
        // Of the three some may have been acknowledged: a ticket was one event, five the first.
        struct journal_verdict verdict;
        assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
        assert_int_equal(verdict.bad_seq, 0);
        assert_true(verdict.rows >= acknowledged && verdict.rows <= acknowledged + 3);
        acknowledged = verdict.rows;
    }
    assert_rows(store, acknowledged);
    tear_down(store);
}

static void it_may_fail_anywhere(void **state)
{
    static const enum faulty_kind kinds[] = {FAULTY_FULL, FAULTY_WRITE, FAULTY_SYNC};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool reached = true;
        int64_t from = 0;
        for (; reached; from += 3) {
            live_through(kinds[i], from, &reached);
        }
        assert_true(from > 9);
    }
}

static int install(void **state)
{
    (void)state;
    faulty_vfs_install();
    return 0;
}

// Opened on a disk that is full already: that is said before anybody has tried to write.
static void a_disk_that_is_full_at_the_start(void **state)
{
    static const struct store_limits never = {.reserve_bytes = UINT64_C(1) << 60, .low_bytes = 1};
    struct store *store = set_up_with(&limits);
    uint64_t ticket = 0;
    (void)state;
    store_close(store);
    faulty_vfs_fail(FAULTY_FULL, 0);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    assert_int_equal(store_watch(store, &never), ERR_NONE);
    assert_int_equal(journal_committed(store, &ticket), ERR_STORAGE);
    assert_int_equal(store_health(store).state, STORE_STATE_CLOSED);
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    wait_reopened(store);
    wait_state(store, STORE_STATE_RESERVE);
    assert_int_equal(append_one(store, 6), ERR_NONE);
    assert_int_equal(journal_flush(store), ERR_NONE);
    tear_down(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reserve_is_written_into),
        cmocka_unit_test(a_full_disk_closes_and_reopens),
        cmocka_unit_test(after_a_failed_sync_nothing_is_tried_again),
        cmocka_unit_test(what_vanished_is_not_written_on),
        cmocka_unit_test(it_may_fail_anywhere),
        cmocka_unit_test(a_disk_that_is_full_at_the_start),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
