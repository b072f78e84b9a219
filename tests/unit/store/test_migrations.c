// A database of an older version is opened and has what it had.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/content.h"
#include "store/people.h"
#include "store/quality.h"
#include <sqlite3.h>

static struct folder folder;

static int set_up(void **state)
{
    (void)state;
    folder_init(&folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_finish(&folder);
    return 0;
}

// As sqlite_migrations.c left them at version 6. Never changed: it is what stands on disks.
static const char *const version_6 =
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT\n"
    "  ROWID;\n"
    "CREATE TABLE account ( name TEXT PRIMARY KEY, display_name TEXT NOT NULL, password\n"
    "  TEXT NOT NULL, administrator INTEGER NOT NULL, disabled INTEGER NOT NULL, created_at\n"
    "  INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE account_participant ( account TEXT NOT NULL REFERENCES account (name)\n"
    "  ON DELETE CASCADE, meeting TEXT NOT NULL, participant TEXT NOT NULL, PRIMARY KEY\n"
    "  (account, meeting)) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE token ( hash BLOB PRIMARY KEY, meeting TEXT NOT NULL, participant TEXT\n"
    "  NOT NULL, name TEXT NOT NULL, delegation TEXT NOT NULL, capacity TEXT NOT NULL,\n"
    "  language TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,\n"
    "  uses_left INTEGER NOT NULL, revoked INTEGER NOT NULL, door TEXT NOT NULL DEFAULT '')\n"
    "  STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX token_by_participant ON token (meeting, participant);\n"
    "CREATE INDEX token_by_expiry ON token (expires_at);\n"
    "CREATE TABLE session ( id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, meeting TEXT\n"
    "  NOT NULL, participant TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,\n"
    "  capacity TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,\n"
    "  expires_at INTEGER NOT NULL, kept_until INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT\n"
    "  ROWID;\n"
    "CREATE INDEX session_by_participant ON session (meeting, participant);\n"
    "CREATE INDEX session_by_account ON session (account);\n"
    "CREATE INDEX session_by_expiry ON session (expires_at);\n"
    "CREATE TABLE quality ( meeting TEXT NOT NULL, minute INTEGER NOT NULL, participant\n"
    "  TEXT NOT NULL, samples INTEGER NOT NULL, round_trip_ms INTEGER NOT NULL, jitter_ms\n"
    "  INTEGER NOT NULL, jitter_ms_max INTEGER NOT NULL, loss_permille INTEGER NOT NULL,\n"
    "  loss_permille_max INTEGER NOT NULL, packets_per_s INTEGER NOT NULL, sounds INTEGER\n"
    "  NOT NULL, limiter_hits INTEGER NOT NULL, levels INTEGER NOT NULL, level_db INTEGER\n"
    "  NOT NULL, bandwidths INTEGER NOT NULL, bandwidth_hz INTEGER NOT NULL, PRIMARY KEY\n"
    "  (meeting, minute, participant)) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE content ( meeting TEXT NOT NULL, content TEXT NOT NULL, participant\n"
    "  TEXT NOT NULL, at INTEGER NOT NULL, form TEXT NOT NULL, size INTEGER NOT NULL,\n"
    "  sha256 TEXT NOT NULL, PRIMARY KEY (meeting, content)) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE content_chunk ( meeting TEXT NOT NULL, content TEXT NOT NULL, at\n"
    "  INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (meeting, content, at)) STRICT;\n"
    "CREATE TABLE journal ( stream TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT\n"
    "  NULL, by TEXT NOT NULL, on_behalf INTEGER NOT NULL, type TEXT NOT NULL, data TEXT\n"
    "  NOT NULL, form INTEGER NOT NULL, salt BLOB NOT NULL, commitment BLOB NOT NULL,\n"
    "  previous BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, seq)) STRICT,\n"
    "  WITHOUT ROWID;\n"
    "CREATE TABLE journal_head ( stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB\n"
    "  NOT NULL) STRICT, WITHOUT ROWID;\n"
    "CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT,\n"
    "  'the journal is append-only'); END;\n"
    "CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal BEGIN SELECT\n"
    "  RAISE(ABORT, 'the journal is append-only'); END;\n"
    "CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT;\n"
    "INSERT INTO schema_version VALUES (1), (2), (3), (4), (5), (6);\n";

static const char *const rows_of_6 =
    "INSERT INTO setting VALUES ('device-key', 'abc');"
    "INSERT INTO account VALUES ('zoe', 'Zoé', '$argon2id$x', 1, 0, 5);"
    "INSERT INTO account_participant VALUES ('zoe', 'm', 'chair');"
    "INSERT INTO token VALUES (zeroblob(32), 'm', 'p', 'Pia', 'chn', 'delegate', 'fr', 1, 9000, 7,"
    "  0, '');"
    "INSERT INTO session VALUES ('s-link', zeroblob(32), 'm', 'p', '', 'Pia', 'delegate', 1, 2,"
    "  9000, 77);"
    "INSERT INTO session VALUES ('s-account', "
    "x'1111111111111111111111111111111111111111111111111111111111111111', 'm', 'chair', 'zoe', "
    "'Zoé', 'chair', 1, 2,"
    "  9001, 0);"
    "INSERT INTO session VALUES ('s-nowhere', "
    "x'2222222222222222222222222222222222222222222222222222222222222222', '', '', 'zoe', 'Zoé', "
    "'observer', 1, 2,"
    "  9002, 0);"
    "INSERT INTO quality VALUES ('m', 180000, 'p', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);"
    "INSERT INTO content VALUES ('m', 'c-1', 'p', 4, 'pdf', 3, 'abc');"
    "INSERT INTO content_chunk VALUES ('m', 'c-1', 0, x'616263');";

static void run_sql(const char *file, const char *sql)
{
    sqlite3 *database = NULL;
    char *failure = NULL;
    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &failure) != SQLITE_OK) {
        fail_msg("%s", failure);
    }
    sqlite3_close(database);
}

// The rows of a journal have not changed since version 6: they are made by a store of today, for
// their hashes.
static void make_journal(void)
{
    struct store *store = NULL;
    char made[96];
    char sql[400];
    snprintf(made, sizeof made, "%s", folder_file(&folder, "made.db"));
    assert_int_equal(store_open(made, &store), ERR_NONE);
    append_range(store, "m", 1, 5);
    assert_int_equal(journal_flush(store), ERR_NONE);
    store_close(store);
    snprintf(sql, sizeof sql,
             "ATTACH '%s' AS made; INSERT INTO journal SELECT * FROM made.journal;"
             "INSERT INTO journal_head SELECT * FROM made.journal_head;",
             made);
    run_sql(folder.file, sql);
}

static struct store *open_version_6(void)
{
    struct store *store = NULL;
    run_sql(folder.file, version_6);
    run_sql(folder.file, rows_of_6);
    make_journal();
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    return store;
}

static void a_link_has_the_one_seat_that_it_had(void **state)
{
    (void)state;
    struct store *store = open_version_6();
    struct session_row session;
    struct seat_row seat;
    assert_int_equal(session_get(store, "s-link", &session), ERR_NONE);
    assert_string_equal(session.name, "Pia");
    assert_int_equal(session.kept_until, 77);
    assert_int_equal(seat_find(store, "s-link", "", "m", &seat), ERR_NONE);
    assert_string_equal(seat.participant, "p");
    assert_int_equal(seat.expires_at, 9000);
    assert_int_equal(seat.kept_until, 77);
    // An account has its places, and no seat beside them.
    assert_int_equal(seat_find(store, "s-account", "zoe", "m", &seat), ERR_NONE);
    assert_string_equal(seat.participant, "chair");
    assert_int_equal(seat_find(store, "s-account", "", "m", &seat), ERR_NOT_FOUND);
    assert_int_equal(session_get(store, "s-nowhere", &session), ERR_NONE);
    assert_int_equal(seat_find(store, "s-nowhere", "", "", &seat), ERR_NOT_FOUND);
    // What goes takes its seats with it.
    assert_int_equal(session_revoke(store, "s-link"), ERR_NONE);
    assert_int_equal(seat_find(store, "s-link", "", "m", &seat), ERR_NOT_FOUND);
    store_close(store);
}

static bool note_quality(void *context, const struct quality_row *row)
{
    *(struct quality_row *)context = *row;
    return true;
}

static void all_else_is_as_it_was(void **state)
{
    (void)state;
    struct store *store = open_version_6();
    char value[STORE_SETTING_VALUE_MAX + 1];
    struct account_row account;
    struct token_row token;
    struct quality_row quality = {.participant = ""};
    struct content_row content;
    const uint8_t hash[TOKEN_HASH_SIZE] = {0};
    assert_int_equal(store_setting_get(store, "device-key", value), ERR_NONE);
    assert_string_equal(value, "abc");
    assert_int_equal(account_get(store, "zoe", &account), ERR_NONE);
    assert_true(account.administrator && !account.secretariat && !account.disabled);
    assert_int_equal(token_find(store, hash, &token), ERR_NONE);
    assert_string_equal(token.delegation, "chn");
    assert_int_equal(token.uses_left, 7);
    assert_int_equal(quality_read(store, "m", note_quality, &quality), ERR_NONE);
    assert_string_equal(quality.participant, "p");
    assert_int_equal(quality.minute.at, 3 * QUALITY_MINUTE_MS);
    assert_int_equal(content_find(store, "m", "c-1", &content), ERR_NONE);
    assert_int_equal(content.content.size, 3);
    store_close(store);
}

static void its_journal_is_whole_and_goes_on(void **state)
{
    (void)state;
    struct store *store = open_version_6();
    struct journal_verdict verdict;
    append_range(store, "m", 6, 7);
    assert_int_equal(journal_flush(store), ERR_NONE);
    assert_int_equal(journal_verify(store, "m", &verdict), ERR_NONE);
    assert_int_equal(verdict.rows, 7);
    assert_int_equal(verdict.bad_seq, 0);
    store_close(store);
    // Opened again there is nothing left to do.
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    store_close(store);
}

static void what_an_account_loses_is_noticed_from_then_on(void **state)
{
    (void)state;
    struct store *store = open_version_6();
    int64_t before = -1;
    int64_t after = -1;
    assert_int_equal(people_version(store, &before), ERR_NONE);
    assert_int_equal(account_set_participant(store, "zoe", "m", ""), ERR_NONE);
    assert_int_equal(people_version(store, &after), ERR_NONE);
    assert_true(after > before);
    store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_link_has_the_one_seat_that_it_had),
        TEST(all_else_is_as_it_was),
        TEST(its_journal_is_whole_and_goes_on),
        TEST(what_an_account_loses_is_noticed_from_then_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
