// The tables, as steps: step N brings a database of version N - 1 to version N, in one transaction.
// A step that has been released is never changed; a new one is added at the end.
#include "store/database_priv.h"

#include <string.h>

#include "base/text.h"
#include "base/version.h"

// The setting that names the server which made the newest of the tables. A server that does not
// know them reads it to say whom it means: it has been in place since step 1.
#define MADE_BY            "tables.made_by"
#define VERSION_LETTERS    "0123456789.+~abcdefghijklmnopqrstuvwxyz"
#define VERSION_LENGTH_MAX 31

static const char *const migrations[] = {
    // 1: journals, settings, people.
    "CREATE TABLE journal ("
    "  meeting TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,"
    "  on_behalf INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,"
    "  previous BLOB NOT NULL, hash BLOB NOT NULL,"
    "  PRIMARY KEY (meeting, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE journal_head ("
    "  meeting TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    // A mistake in the server cannot change what happened; a forger who drops these meets the
    // chain.
    "CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal"
    "  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal"
    "  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE account ("
    "  name TEXT PRIMARY KEY, display_name TEXT NOT NULL, password TEXT NOT NULL,"
    "  administrator INTEGER NOT NULL, disabled INTEGER NOT NULL, created_at INTEGER NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE account_participant ("
    "  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,"
    "  meeting TEXT NOT NULL, participant TEXT NOT NULL,"
    "  PRIMARY KEY (account, meeting)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE token ("
    "  hash BLOB PRIMARY KEY, meeting TEXT NOT NULL, participant TEXT NOT NULL, name TEXT NOT NULL,"
    "  delegation TEXT NOT NULL, capacity TEXT NOT NULL, language TEXT NOT NULL,"
    "  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, uses_left INTEGER NOT NULL,"
    "  revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX token_by_participant ON token (meeting, participant);"
    "CREATE INDEX token_by_expiry ON token (expires_at);"
    "CREATE TABLE session ("
    "  id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, meeting TEXT NOT NULL,"
    "  participant TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, capacity TEXT NOT "
    "NULL,"
    "  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_by_participant ON session (meeting, participant);"
    "CREATE INDEX session_by_account ON session (account);"
    "CREATE INDEX session_by_expiry ON session (expires_at);",
    // 2: tokens for one door: "whip:FEED", "whep:CHANNEL"; empty for a person's link.
    "ALTER TABLE token ADD COLUMN door TEXT NOT NULL DEFAULT '';",
    // 3: the quality of what people sent, a row a minute (report/quality.h).
    "CREATE TABLE quality ("
    "  meeting TEXT NOT NULL, minute INTEGER NOT NULL, participant TEXT NOT NULL,"
    "  samples INTEGER NOT NULL, round_trip_ms INTEGER NOT NULL, jitter_ms INTEGER NOT NULL,"
    "  jitter_ms_max INTEGER NOT NULL, loss_permille INTEGER NOT NULL,"
    "  loss_permille_max INTEGER NOT NULL, packets_per_s INTEGER NOT NULL,"
    "  sounds INTEGER NOT NULL, limiter_hits INTEGER NOT NULL, levels INTEGER NOT NULL,"
    "  level_db INTEGER NOT NULL, bandwidths INTEGER NOT NULL, bandwidth_hz INTEGER NOT NULL,"
    "  PRIMARY KEY (meeting, minute, participant)) STRICT, WITHOUT ROWID;",
    // 4: the contents of documents (store/content.h).
    "CREATE TABLE content ("
    "  meeting TEXT NOT NULL, content TEXT NOT NULL, participant TEXT NOT NULL,"
    "  at INTEGER NOT NULL, form TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    "  PRIMARY KEY (meeting, content)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE content_chunk ("
    "  meeting TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,"
    "  PRIMARY KEY (meeting, content, at)) STRICT;",
    // 5: sessions of those who are in a meeting when their date comes (people.h).
    "ALTER TABLE session ADD COLUMN kept_until INTEGER NOT NULL DEFAULT 0;",
    // 6: streams, and rows that commit to their data (journal.h). Those of before stay as they are.
    "ALTER TABLE journal RENAME TO journal_before;"
    "ALTER TABLE journal_head RENAME TO journal_head_before;"
    "DROP TRIGGER journal_keeps_rows;"
    "DROP TRIGGER journal_keeps_values;"
    "CREATE TABLE journal ("
    "  stream TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,"
    "  on_behalf INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,"
    "  form INTEGER NOT NULL, salt BLOB NOT NULL, commitment BLOB NOT NULL,"
    "  previous BLOB NOT NULL, hash BLOB NOT NULL,"
    "  PRIMARY KEY (stream, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE journal_head ("
    "  stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO journal SELECT 'meeting/' || meeting, seq, at, by, on_behalf, type, data,"
    "  1, x'', x'', previous, hash FROM journal_before;"
    "INSERT INTO journal_head SELECT 'meeting/' || meeting, seq, hash FROM journal_head_before;"
    "DROP TABLE journal_before;"
    "DROP TABLE journal_head_before;"
    "CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal"
    "  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal"
    "  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;",
    // 7: the seats of a session (people.h). Until now a session made by a link had the one seat
    // that stands in its own row.
    "CREATE TABLE session_seat ("
    "  session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,"
    "  meeting TEXT NOT NULL, participant TEXT NOT NULL, expires_at INTEGER NOT NULL,"
    "  kept_until INTEGER NOT NULL, PRIMARY KEY (session, meeting)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_seat_by_participant ON session_seat (meeting, participant);"
    "INSERT INTO session_seat SELECT id, meeting, participant, expires_at, kept_until FROM session"
    "  WHERE account = '' AND participant <> '';",
    // 8: a number that moves when an account may have lost a place, so that a running server hears
    // of what another process has done.
    "CREATE TABLE people_version (version INTEGER NOT NULL) STRICT;"
    "INSERT INTO people_version VALUES (0);"
    "CREATE TRIGGER account_disabled AFTER UPDATE OF disabled ON account"
    "  WHEN NEW.disabled <> OLD.disabled"
    "  BEGIN UPDATE people_version SET version = version + 1; END;"
    "CREATE TRIGGER account_removed AFTER DELETE ON account"
    "  BEGIN UPDATE people_version SET version = version + 1; END;"
    "CREATE TRIGGER place_given AFTER INSERT ON account_participant"
    "  BEGIN UPDATE people_version SET version = version + 1; END;"
    "CREATE TRIGGER place_changed AFTER UPDATE ON account_participant"
    "  BEGIN UPDATE people_version SET version = version + 1; END;"
    "CREATE TRIGGER place_taken_away AFTER DELETE ON account_participant"
    "  BEGIN UPDATE people_version SET version = version + 1; END;",
    // 9: what lists of seats say of meetings that are not in memory (glances.h).
    "CREATE TABLE glance ("
    "  stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, seat TEXT NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE glance_person ("
    "  stream TEXT NOT NULL, participant TEXT NOT NULL, capacity TEXT NOT NULL,"
    "  PRIMARY KEY (stream, participant)) STRICT, WITHOUT ROWID;",
    // 10: accounts of the secretariat. Administrators of before are given that by one of them.
    "ALTER TABLE account ADD COLUMN secretariat INTEGER NOT NULL DEFAULT 0;",
    // 11: what the secretariat keeps (house.h). `data` is the resource of that name, in JSON.
    "CREATE TABLE house_act ("
    "  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, act TEXT NOT NULL,"
    "  meeting TEXT NOT NULL, subject TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER house_act_keeps_rows BEFORE DELETE ON house_act"
    "  BEGIN SELECT RAISE(ABORT, 'what was done is kept'); END;"
    "CREATE TRIGGER house_act_keeps_values BEFORE UPDATE ON house_act"
    "  BEGIN SELECT RAISE(ABORT, 'what was done is kept'); END;"
    "CREATE TABLE body (id TEXT PRIMARY KEY, code TEXT NOT NULL, data TEXT NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE plan ("
    "  id TEXT PRIMARY KEY, body TEXT NOT NULL, last_day TEXT NOT NULL, data TEXT NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE INDEX plan_by_day ON plan (last_day, id);"
    "CREATE INDEX plan_by_body ON plan (body);"
    "CREATE TABLE address ("
    "  meeting TEXT NOT NULL, participant TEXT NOT NULL, address TEXT NOT NULL,"
    "  PRIMARY KEY (meeting, participant)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX account_participant_by_meeting ON account_participant (meeting, participant);",
    // 12: addresses of accounts, and the links by which their holders set passwords (people.h). The
    // first account's link has no account: it makes one.
    "ALTER TABLE account ADD COLUMN address TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE account_link ("
    "  hash BLOB PRIMARY KEY, account TEXT NOT NULL, created_at INTEGER NOT NULL,"
    "  expires_at INTEGER NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX account_link_by_account ON account_link (account, created_at);"
    "CREATE INDEX account_link_by_expiry ON account_link (expires_at);",
    // 13: mails that are to leave the machine (mail_queue.h).
    "CREATE TABLE mail ("
    "  id TEXT PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,"
    "  subject TEXT NOT NULL, text TEXT NOT NULL, calendar TEXT NOT NULL, method TEXT NOT NULL,"
    "  secret INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    "  state TEXT NOT NULL DEFAULT 'waiting', tries INTEGER NOT NULL DEFAULT 0,"
    "  next_try_at INTEGER NOT NULL, finished_at INTEGER NOT NULL DEFAULT 0,"
    "  error TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE INDEX mail_by_state ON mail (state, next_try_at);"
    "CREATE INDEX mail_by_age ON mail (created_at);",
    // 14: whose an account is at a provider, and its second factor (second_factor.h).
    "CREATE TABLE account_subject ("
    "  issuer TEXT NOT NULL, subject TEXT NOT NULL,"
    "  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,"
    "  PRIMARY KEY (issuer, subject)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX account_subject_by_account ON account_subject (account);"
    "CREATE TABLE second_factor ("
    "  account TEXT PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,"
    "  sealed BLOB NOT NULL, confirmed INTEGER NOT NULL, used_step INTEGER NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE recovery_code ("
    "  account TEXT NOT NULL REFERENCES second_factor (account) ON DELETE CASCADE,"
    "  hash BLOB NOT NULL, PRIMARY KEY (account, hash)) STRICT, WITHOUT ROWID;",
};

int64_t database_version_known(void)
{
    return (int64_t)(sizeof migrations / sizeof migrations[0]);
}

enum err database_version(struct database *database, int64_t *ret_version)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, database, "SELECT max(version) FROM schema_version");
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE) {
        *ret_version = row ? statement_int(&statement, 0)
                           : 0; // NULL, of an empty table, reads as 0
    }
    statement_finish(&statement);
    return err;
}

enum err database_newer(struct database *database, char *ret_words, size_t size)
{
    struct text_builder words = text_builder(ret_words, size);
    struct statement statement;
    int64_t version = 0;
    bool row = false;
    enum err err = database_version(database, &version);
    if (err != ERR_NONE || version <= database_version_known()) {
        return err != ERR_NONE ? err : ERR_NOT_FOUND;
    }
    statement_prepare(&statement, database, "SELECT value FROM setting WHERE key = '" MADE_BY "'");
    err = statement_step(&statement, &row);
    const char *by = err == ERR_NONE && row ? statement_text(&statement, 0, NULL) : "";
    bool named = by[0] != '\0' && by[strspn(by, VERSION_LETTERS)] == '\0' &&
                 strlen(by) <= VERSION_LENGTH_MAX;
    text_append_format(&words,
                       "a newer Plenary%s%s%s made the tables of the database (version %lld); ",
                       named ? ", " : "", named ? by : "", named ? "," : "", (long long)version);
    text_append_format(&words,
                       "this is %s, knows them to version %lld, and has touched nothing. Start %s "
                       "again, or restore a backup that was made before the upgrade",
                       version_text(), (long long)database_version_known(),
                       named ? by : "the newer one");
    statement_finish(&statement);
    return ERR_NONE;
}

static enum err note_maker(struct database *database)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "INSERT INTO setting (key, value) VALUES ('" MADE_BY
                      "', ?)"
                      " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    statement_bind_text(&statement, version_text());
    return statement_run(&statement);
}

// Within a transaction: another process may be doing the same.
static enum err migrate_step(struct database *database, bool *ret_done)
{
    int64_t version = 0;
    enum err err = database_run(database,
                                "CREATE TABLE IF NOT EXISTS schema_version ("
                                "version INTEGER PRIMARY KEY) STRICT");
    if (err == ERR_NONE) {
        err = database_version(database, &version);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (version > database_version_known()) {
        return ERR_UNSUPPORTED; // said in words by store_is_newer()
    }
    *ret_done = version == database_version_known();
    if (*ret_done) {
        return ERR_NONE;
    }
    err = database_run(database, migrations[version]);
    if (err != ERR_NONE) {
        return err;
    }
    struct statement statement;
    statement_prepare(&statement, database, "INSERT INTO schema_version (version) VALUES (?)");
    statement_bind_int(&statement, version + 1);
    err = statement_run(&statement);
    return err == ERR_NONE ? note_maker(database) : err;
}

enum err database_migrate(struct database *database)
{
    bool done = false;
    while (!done) {
        enum err err = database_begin(database);
        if (err == ERR_NONE) {
            err = migrate_step(database, &done);
        }
        if (err == ERR_NONE) {
            err = database_commit(database);
        }
        if (err != ERR_NONE) {
            database_rollback(database);
            return err;
        }
    }
    return ERR_NONE;
}
