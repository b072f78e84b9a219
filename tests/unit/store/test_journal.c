#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "folder.h"
#include <sqlite3.h>

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

struct collected {
    uint32_t count;
    struct event events[64];
};

static bool collect(void *context, const struct event *event)
{
    struct collected *collected = context;
    collected->events[collected->count++] = *event;
    return collected->count < 64;
}

static void what_is_written_is_read(void **state)
{
    struct store *store = *state;
    static struct collected collected;
    uint64_t ticket = append_range(store, "m", 1, 3);
    assert_int_equal(ticket, 1);
    ticket = append_range(store, "m", 4, 10);
    assert_int_equal(ticket, 2);
    assert_int_equal(wait_committed(store, ticket), ERR_NONE);
    collected.count = 0;
    assert_int_equal(journal_read(store, "m", 0, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 10);
    for (uint64_t seq = 1; seq <= 10; seq++) {
        struct event expected = event_number(seq);
        assert_memory_equal(&collected.events[seq - 1], &expected, sizeof expected);
    }
    collected.count = 0;
    assert_int_equal(journal_read(store, "m", 7, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 3);
    assert_int_equal(collected.events[0].seq, 8);
    collected.count = 0;
    assert_int_equal(journal_read(store, "other", 0, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 0);
}

// The first event is of another type than those after it.
static void what_is_wanted_is_read_backwards(void **state)
{
    struct store *store = *state;
    static struct collected collected;
    bool wanted[EVENT_COUNT] = {false};
    append_range(store, "m", 1, 10);
    assert_int_equal(journal_flush(store), ERR_NONE);
    collected.count = 0;
    assert_int_equal(journal_read_back(store, "m", 1, 11, wanted, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 0);
    wanted[event_number(2).type] = true;
    assert_int_equal(journal_read_back(store, "m", 1, 5, wanted, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        struct event expected = event_number(4 - i);
        assert_memory_equal(&collected.events[i], &expected, sizeof expected);
    }
    collected.count = 0;
    assert_int_equal(journal_read_back(store, "m", 8, 11, wanted, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 3);
    assert_int_equal(collected.events[2].seq, 8);
}

static bool stop_at_third(void *context, const struct journal_row *row)
{
    uint32_t *count = context;
    (*count)++;
    return row->seq < 3;
}

static void a_visitor_may_stop(void **state)
{
    struct store *store = *state;
    uint32_t count = 0;
    append_range(store, "m", 1, 9);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_int_equal(journal_read_rows(store, "m", 0, stop_at_third, &count), ERR_NONE);
    assert_int_equal(count, 3);
}

static bool name_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    char *names = context;
    size_t length = strlen(names);
    snprintf(names + length, 100 - length, "%s:%d ", meeting, (int)last_seq);
    return true;
}

static void meetings_have_their_own_chains(void **state)
{
    struct store *store = *state;
    append_range(store, "b", 1, 2);
    append_range(store, "a", 1, 5);
    append_range(store, "b", 3, 3);
    assert_int_equal(journal_flush(store), ERR_NONE);
    char names[100] = "";
    assert_int_equal(journal_meetings(store, name_meeting, names), ERR_NONE);
    assert_string_equal(names, "a:5 b:3 "); // the last events are of so many seconds
    append_range(store, "b", 4, 6);
    append_range(store, "c", 1, 6);
    assert_int_equal(journal_flush(store), ERR_NONE);
    names[0] = '\0';
    assert_int_equal(journal_meetings(store, name_meeting, names), ERR_NONE);
    assert_string_equal(names, "b:6 c:6 a:5 ");
    struct journal_verdict verdict;
    assert_int_equal(journal_verify(store, "b", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 6);
    assert_int_equal(verdict.bad_seq, 0);
}

static void more_meetings_than_remembered_heads(void **state)
{
    struct store *store = *state;
    for (uint64_t seq = 1; seq <= 3; seq++) {
        for (int i = 0; i < 150; i++) {
            char meeting[16];
            snprintf(meeting, sizeof meeting, "m%d", i);
            append_range(store, meeting, seq, seq);
        }
    }
    assert_int_equal(journal_flush(store), ERR_NONE);
    struct journal_verdict verdict;
    for (int i = 0; i < 150; i++) {
        char meeting[16];
        snprintf(meeting, sizeof meeting, "m%d", i);
        assert_int_equal(journal_verify(store, meeting, &verdict), ERR_NONE);
        assert_int_equal(verdict.rows, 3);
        assert_int_equal(verdict.bad_seq, 0);
    }
}

static void continues_after_reopening(void **state)
{
    struct store *store = *state;
    append_range(store, "m", 1, 4);
    store_close(store); // commits what was appended
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    *state = store;
    assert_int_equal(append_range(store, "m", 5, 6), 1);
    assert_int_equal(journal_flush(store), ERR_NONE);
    struct journal_verdict verdict;
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 6);
    assert_int_equal(verdict.bad_seq, 0);
}

static void what_cannot_be_read_back_is_not_written(void **state)
{
    struct store *store = *state;
    uint64_t ticket = 0;
    struct event events[2] = {event_number(1), event_number(2)};
    snprintf(events[0].as.meeting_created.title[2], 32, "bell \a");
    assert_int_equal(journal_append(store, "m", events, 2, &ticket), ERR_INVALID);
    assert_int_equal(ticket, 0);
    // The refused batch left nothing behind: the same numbers can be used.
    append_range(store, "m", 1, 2);
    assert_int_equal(journal_flush(store), ERR_NONE);
    struct journal_verdict verdict;
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 2);
}

static void a_gap_stops_the_writer(void **state)
{
    struct store *store = *state;
    append_range(store, "m", 1, 2);
    assert_int_equal(journal_flush(store), ERR_NONE);
    uint64_t ticket = append_range(store, "m", 4, 5);
    assert_int_equal(wait_committed(store, ticket), ERR_IO);
    assert_string_equal(store_failure(store), "an event does not follow its stream's last");
    uint64_t committed = 0;
    assert_int_equal(journal_committed(store, &committed), ERR_IO);
    assert_int_equal(committed, 1);
    struct event event = event_number(3);
    assert_int_equal(journal_append(store, "m", &event, 1, &ticket), ERR_IO);
    assert_int_equal(journal_flush(store), ERR_IO);
}

static void no_events_need_no_commit(void **state)
{
    struct store *store = *state;
    uint64_t ticket = 7;
    assert_int_equal(journal_append(store, "m", NULL, 0, &ticket), ERR_NONE);
    assert_int_equal(ticket, 0);
    append_range(store, "m", 1, 1);
    assert_int_equal(journal_append(store, "m", NULL, 0, &ticket), ERR_NONE);
    assert_int_equal(ticket, 1);
}

// A forger with a database tool: the triggers are dropped first.
static void forge(const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(folder.file, &database), SQLITE_OK);
    char *message = NULL;
    sqlite3_exec(database, "DROP TRIGGER journal_keeps_rows; DROP TRIGGER journal_keeps_values",
                 NULL, NULL, NULL);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(database);
}

struct before {
    uint8_t previous[JOURNAL_HASH_SIZE];
    char sql[8192];
    size_t size;
};

// The row as a server of before would have written it: without salt and commitment.
static bool as_before(void *context, const struct journal_row *row)
{
    struct before *before = context;
    struct journal_row plain = *row;
    char previous[2 * JOURNAL_HASH_SIZE + 1];
    char hash[2 * JOURNAL_HASH_SIZE + 1];
    plain.form = JOURNAL_FORM_PLAIN;
    memcpy(plain.previous, before->previous, JOURNAL_HASH_SIZE);
    journal_hash(&plain, before->previous);
    text_hex(previous, plain.previous, JOURNAL_HASH_SIZE);
    text_hex(hash, before->previous, JOURNAL_HASH_SIZE);
    before->size += (size_t)snprintf(before->sql + before->size, sizeof before->sql - before->size,
                                     "UPDATE journal SET form = 1, salt = x'', commitment = x'',"
                                     " previous = x'%s', hash = x'%s' WHERE seq = %d;"
                                     "UPDATE journal_head SET hash = x'%s';",
                                     previous, hash, (int)row->seq, hash);
    return before->size < sizeof before->sql;
}

// A chain goes on where the form of its rows changes, and both kinds are guarded.
static void rows_of_before_are_followed_by_todays(void **state)
{
    struct store *store = *state;
    struct journal_verdict verdict;
    static struct before before;
    before = (struct before){.size = 0};
    append_range(store, "m", 1, 5);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_int_equal(journal_read_rows(store, "m", 0, as_before, &before), ERR_NONE);
    forge(before.sql);
    store_close(store);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    *state = store;
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 5);
    assert_null(verdict.reason);
    append_range(store, "m", 6, 9);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 9);
    assert_null(verdict.reason);
    static struct collected collected;
    collected.count = 0;
    assert_int_equal(journal_read(store, "m", 0, collect, &collected), ERR_NONE);
    assert_int_equal(collected.count, 9);
    forge("UPDATE journal SET data = '{\"open\":true}' WHERE seq = 4");
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.bad_seq, 4);
    assert_string_equal(verdict.reason, "a row was changed");
}

// A copy of the first row under another number.
#define FORGE_BEFORE(seq)                     \
    "INSERT INTO journal SELECT stream, " seq \
    ", at, by, on_behalf, type, data, form"   \
    ", salt, commitment, previous, hash FROM journal WHERE seq = 1"

static void forgeries_are_found(void **state)
{
    static const struct {
        const char *sql;
        uint64_t bad_seq;
        const char *reason;
    } cases[] = {
        {"UPDATE journal SET data = '{\"state\":\"open\"}' WHERE seq = 4", 4, "a row was changed"},
        {"UPDATE journal SET at = at + 1 WHERE seq = 5", 5, "a row was changed"},
        {"UPDATE journal SET by = '' WHERE seq = 2", 2, "a row was changed"},
        {"UPDATE journal SET on_behalf = 0 WHERE seq = 3", 3, "a row was changed"},
        {"UPDATE journal SET type = 'list.chosen' WHERE seq = 6", 6, "a row was changed"},
        {"UPDATE journal SET salt = zeroblob(16) WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET commitment = zeroblob(32) WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET data = '' WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET salt = x'' WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET data = '', salt = x'00' WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET data = '', salt = x'', by = 'x' WHERE seq = 7", 7,
         "a row was changed"},
        {"UPDATE journal SET data = '', salt = x'', commitment = zeroblob(32) WHERE seq = 7", 7,
         "a row was changed"},
        {"UPDATE journal SET form = 1 WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET form = 3 WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET hash = zeroblob(32) WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET hash = x'00' WHERE seq = 7", 7, "a row was changed"},
        {"UPDATE journal SET previous = zeroblob(32) WHERE seq = 7", 7,
         "a row does not follow the one before"},
        {"DELETE FROM journal WHERE seq = 5", 5, "a row is missing"},
        {"DELETE FROM journal WHERE seq = 1", 1, "a row is missing"},
        {"DELETE FROM journal WHERE seq > 7", 8, "rows are missing at the end"},
        {"UPDATE journal_head SET hash = zeroblob(32)", 9,
         "the last row is not the one that was written"},
        {"UPDATE journal SET seq = 100 WHERE seq = 9", 9, "a row is missing"},
        {FORGE_BEFORE("0"), 1, "a row stands before the first"},
        {FORGE_BEFORE("-1"), 1, "a row stands before the first"},
        {FORGE_BEFORE("-9223372036854775808"), 1, "a row stands before the first"},
        {"DELETE FROM journal_head", 1, "a row stands after the last one that was written"},
        {"UPDATE journal_head SET seq = 4, hash = (SELECT hash FROM journal WHERE seq = 4)", 5,
         "a row stands after the last one that was written"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct store *store = *state;
        char meeting[16];
        snprintf(meeting, sizeof meeting, "m%d", (int)i);
        append_range(store, meeting, 1, 9);
        assert_int_equal(journal_flush(store), ERR_NONE);
        struct journal_verdict verdict;
        assert_int_equal(journal_verify(store, meeting, &verdict), ERR_NONE);
        assert_int_equal(verdict.bad_seq, 0);
        forge(cases[i].sql);
        assert_int_equal(journal_verify(store, meeting, &verdict), ERR_NONE);
        assert_int_equal(verdict.bad_seq, cases[i].bad_seq);
        assert_string_equal(verdict.reason, cases[i].reason);
        tear_down(state);
        set_up(state);
    }
}

// Retention and removal: what was said goes, that something was said stays, and the chain holds.
static void data_and_salt_can_be_destroyed(void **state)
{
    struct store *store = *state;
    struct journal_verdict verdict;
    append_range(store, "m", 1, 9);
    assert_int_equal(journal_flush(store), ERR_NONE);
    forge("UPDATE journal SET data = '', salt = x'' WHERE seq IN (3, 9)");
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_null(verdict.reason);
    assert_int_equal(verdict.rows, 9);
    assert_int_equal(verdict.emptied, 2);
    assert_int_equal(verdict.emptied_seq, 3);
    char words[256];
    assert_int_equal(store_examine(folder.file, words, sizeof words), ERR_NONE);
    assert_non_null(strstr(words, "every chain whole; of 2 events the data were destroyed"));
    // Of a row of before, whose data are in its hash, nothing can go.
    tear_down(state);
    set_up(state);
    static struct before before;
    before = (struct before){.size = 0};
    append_range(*state, "m", 1, 3);
    assert_int_equal(journal_flush(*state), ERR_NONE);
    assert_int_equal(journal_read_rows(*state, "m", 0, as_before, &before), ERR_NONE);
    forge(before.sql);
    forge("UPDATE journal SET data = '' WHERE seq = 2");
    assert_int_equal(journal_verify(*state, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.bad_seq, 2);
}

static void rows_cannot_be_changed_by_mistake(void **state)
{
    struct store *store = *state;
    append_range(store, "m", 1, 3);
    assert_int_equal(journal_flush(store), ERR_NONE);
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(folder.file, &database), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(database, "DELETE FROM journal", NULL, NULL, NULL),
                         SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(database, "UPDATE journal SET by = 'x'", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(database);
}

static void an_unknown_event_is_refused_at_the_reading(void **state)
{
    struct store *store = *state;
    static struct collected collected;
    append_range(store, "m", 1, 5);
    assert_int_equal(journal_flush(store), ERR_NONE);
    forge("UPDATE journal SET type = 'no.such' WHERE seq = 3");
    collected.count = 0;
    assert_int_equal(journal_read(store, "m", 0, collect, &collected), ERR_MALFORMED);
    assert_int_equal(collected.count, 2);
    forge("UPDATE journal SET type = 'list.changed', data = '{' WHERE seq = 3");
    collected.count = 0;
    assert_int_equal(journal_read(store, "m", 0, collect, &collected), ERR_MALFORMED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(what_is_wanted_is_read_backwards),
        TEST(a_visitor_may_stop),
        TEST(meetings_have_their_own_chains),
        TEST(more_meetings_than_remembered_heads),
        TEST(continues_after_reopening),
        TEST(what_cannot_be_read_back_is_not_written),
        TEST(a_gap_stops_the_writer),
        TEST(no_events_need_no_commit),
        TEST(rows_of_before_are_followed_by_todays),
        TEST(forgeries_are_found),
        TEST(data_and_salt_can_be_destroyed),
        TEST(rows_cannot_be_changed_by_mistake),
        TEST(an_unknown_event_is_refused_at_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
