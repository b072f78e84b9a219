#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faulty_vfs.h"
#include "folder.h"

// Cuts the power at every single operation on the disk of a journal's life: what was acknowledged
// is there afterwards, whole and chained, whatever the disk had done with the writes that were not
// synced.
#define BATCHES 12

static struct folder folder;

struct history {
    uint64_t posted_seq;
    uint64_t acknowledged_seq;
    bool failed;
};

static void post(struct store *store, struct history *history, uint64_t *ticket)
{
    struct event events[3];
    uint32_t count = 1 + (uint32_t)(history->posted_seq % 3);
    for (uint32_t i = 0; i < count; i++) {
        events[i] = event_number(history->posted_seq + 1 + i);
    }
    enum err err = journal_append(store, "m", events, count, ticket);
    history->failed = err != ERR_NONE;
    history->posted_seq += history->failed ? 0 : count;
}

// Appends in rounds of one, two and three batches, waiting after each, until the disk fails.
static struct history live_until_the_cut(void)
{
    struct history history = {0};
    struct store *store = NULL;
    uint64_t ticket = 0;
    if (store_open(folder.file, &store) != ERR_NONE) {
        history.failed = true;
        return history;
    }
    for (int i = 0; !history.failed && i < BATCHES; i++) {
        for (int j = 0; !history.failed && j <= i % 3; j++) {
            post(store, &history, &ticket);
        }
        if (!history.failed && wait_committed(store, ticket) == ERR_NONE) {
            history.acknowledged_seq = history.posted_seq;
        } else {
            history.failed = true;
        }
    }
    store_close(store);
    return history;
}

static void check_after(const struct history *history, int64_t cut, int mode)
{
    struct store *store = NULL;
    struct journal_verdict verdict = {0};
    faulty_vfs_cut_after(INT64_MAX);
    faulty_vfs_forget_unsynced(folder.file, (mode & 1) != 0, (mode & 2) != 0);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    if (verdict.bad_seq != 0 || verdict.rows < history->acknowledged_seq ||
        verdict.rows > history->posted_seq) {
        fail_msg("cut after %d operations, mode %d: %d posted, %d acknowledged, %d found, bad %d",
                 (int)cut, mode, (int)history->posted_seq, (int)history->acknowledged_seq,
                 (int)verdict.rows, (int)verdict.bad_seq);
    }
    // Life goes on from there.
    if (verdict.rows > 0) {
        append_range(store, "m", verdict.rows + 1, verdict.rows + 2);
        assert_int_equal(journal_flush(store), ERR_NONE);
    }
    store_close(store);
}

// One life on a fresh copy of `template_file`, cut after that many operations; whether the cut was
// reached.
static bool cut_once(const char *template_file, int64_t cut, int mode, uint64_t *acknowledged_most)
{
    folder_init(&folder);
    copy_file(template_file, folder.file);
    faulty_vfs_begin(folder.file);
    faulty_vfs_cut_after(cut);
    struct history history = live_until_the_cut();
    bool reached = faulty_vfs_operations() > cut;
    assert_true(reached || !history.failed);
    check_after(&history, cut, mode);
    if (history.acknowledged_seq > *acknowledged_most) {
        *acknowledged_most = history.acknowledged_seq;
    }
    folder_finish(&folder);
    return reached;
}

static void nothing_acknowledged_is_lost(void **state)
{
    (void)state;
    struct folder template_folder;
    struct store *store = NULL;
    folder_init(&template_folder);
    assert_int_equal(store_open(template_folder.file, &store), ERR_NONE);
    store_close(store);
    uint64_t acknowledged_most = 0;
    int64_t cut = 0;
    for (bool reached = true; reached; cut++) {
        for (int mode = 0; mode < 4; mode++) {
            reached = cut_once(template_folder.file, cut, mode, &acknowledged_most);
        }
    }
    folder_finish(&template_folder);
    assert_true(cut > 50 && acknowledged_most > 30);
    print_message("cut at each of %d operations, in 4 ways\n", (int)cut - 1);
}

// The same while the tables are made: the next start makes them, whole.
static void tables_are_made_whole_or_not(void **state)
{
    (void)state;
    int64_t cut = 0;
    for (bool reached = true; reached; cut++) {
        struct store *store = NULL;
        folder_init(&folder);
        faulty_vfs_begin(folder.file);
        faulty_vfs_cut_after(cut);
        enum err err = store_open(folder.file, &store);
        store_close(err == ERR_NONE ? store : NULL);
        reached = faulty_vfs_operations() > cut;
        faulty_vfs_cut_after(INT64_MAX);
        faulty_vfs_forget_unsynced(folder.file, false, true);
        assert_int_equal(store_open(folder.file, &store), ERR_NONE);
        append_range(store, "m", 1, 2);
        assert_int_equal(journal_flush(store), ERR_NONE);
        store_close(store);
        folder_finish(&folder);
    }
    assert_true(cut > 5);
}

static int install(void **state)
{
    (void)state;
    faulty_vfs_install();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost),
        cmocka_unit_test(tables_are_made_whole_or_not),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
