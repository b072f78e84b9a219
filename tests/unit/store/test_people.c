#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "faulty_vfs.h"
#include "folder.h"
#include "store/people.h"

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

static bool name_account(void *context, const struct account_row *account)
{
    char *names = context;
    size_t length = strlen(names);
    snprintf(names + length, 100 - length, "%s ", account->name);
    return true;
}

static void accounts(void **state)
{
    struct account_row account = {.name = "zoe",
                                  .display_name = "Zoé, 佐伊",
                                  .password = "$argon2id$v=19$x",
                                  .administrator = true,
                                  .secretariat = true,
                                  .created_at = 5};
    struct account_row found;
    assert_int_equal(account_get(*state, "zoe", &found), ERR_NOT_FOUND);
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    assert_int_equal(account_add(*state, &account), ERR_CONFLICT);
    assert_int_equal(account_get(*state, "zoe", &found), ERR_NONE);
    assert_memory_equal(&found, &account, sizeof found);
    account.disabled = true;
    account.administrator = false;
    snprintf(account.password, sizeof account.password, "$argon2id$other");
    assert_int_equal(account_update(*state, &account), ERR_NONE);
    assert_int_equal(account_get(*state, "zoe", &found), ERR_NONE);
    assert_memory_equal(&found, &account, sizeof found);
    snprintf(account.name, sizeof account.name, "adam");
    assert_int_equal(account_update(*state, &account), ERR_NOT_FOUND);
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    char names[100] = "";
    assert_int_equal(account_list(*state, "", name_account, names), ERR_NONE);
    assert_string_equal(names, "adam zoe ");
    assert_int_equal(account_delete(*state, "zoe"), ERR_NONE);
    assert_int_equal(account_delete(*state, "zoe"), ERR_NOT_FOUND);
}

static void accounts_in_meetings(void **state)
{
    char participant[CONTRACT_ID_MAX + 1];
    struct account_row account = {.name = "zoe"};
    assert_int_equal(account_set_participant(*state, "zoe", "m", "p1"), ERR_NOT_FOUND);
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    assert_int_equal(account_get_participant(*state, "zoe", "m", participant), ERR_NOT_FOUND);
    assert_int_equal(account_set_participant(*state, "zoe", "m", "p1"), ERR_NONE);
    assert_int_equal(account_set_participant(*state, "zoe", "m", "p2"), ERR_NONE);
    assert_int_equal(account_set_participant(*state, "zoe", "n", "p9"), ERR_NONE);
    assert_int_equal(account_get_participant(*state, "zoe", "m", participant), ERR_NONE);
    assert_string_equal(participant, "p2");
    assert_int_equal(account_set_participant(*state, "zoe", "m", ""), ERR_NONE);
    assert_int_equal(account_get_participant(*state, "zoe", "m", participant), ERR_NOT_FOUND);
    struct session_row session = {.id = "s1", .account = "zoe", .expires_at = 9};
    assert_int_equal(session_add(*state, &session), ERR_NONE);
    assert_int_equal(account_delete(*state, "zoe"), ERR_NONE);
    assert_int_equal(account_get_participant(*state, "zoe", "n", participant), ERR_NOT_FOUND);
    assert_int_equal(session_get(*state, "s1", &session), ERR_NOT_FOUND);
}

static struct token_row token_named(uint8_t letter)
{
    struct token_row token = {.meeting = "m",
                              .participant = "p",
                              .name = "Délégué",
                              .delegation = "fra",
                              .capacity = CAPACITY_INTERPRETER,
                              .language = LANGUAGE_FR,
                              .created_at = letter,
                              .expires_at = 1000,
                              .uses_left = TOKEN_USES_UNLIMITED};
    memset(token.hash, letter, sizeof token.hash);
    return token;
}

static void tokens(void **state)
{
    struct token_row token = token_named(1);
    struct token_row found;
    assert_int_equal(token_find(*state, token.hash, &found), ERR_NOT_FOUND);
    assert_int_equal(token_use(*state, token.hash, 10), ERR_NOT_FOUND);
    assert_int_equal(token_add(*state, &token), ERR_NONE);
    assert_int_equal(token_add(*state, &token), ERR_CONFLICT);
    assert_int_equal(token_find(*state, token.hash, &found), ERR_NONE);
    assert_memory_equal(&found, &token, sizeof found);
    assert_int_equal(token_use(*state, token.hash, 999), ERR_NONE);
    assert_int_equal(token_use(*state, token.hash, 1000), ERR_EXPIRED);
    assert_int_equal(token_bind(*state, token.hash, "new"), ERR_NONE);
    assert_int_equal(token_find(*state, token.hash, &found), ERR_NONE);
    assert_string_equal(found.participant, "new");
    assert_int_equal(token_revoke(*state, token.hash), ERR_NONE);
    assert_int_equal(token_use(*state, token.hash, 10), ERR_EXPIRED);
    token = token_named(9);
    assert_int_equal(token_revoke(*state, token.hash), ERR_NOT_FOUND);
    assert_int_equal(token_bind(*state, token.hash, "x"), ERR_NOT_FOUND);
}

static void tokens_are_counted(void **state)
{
    struct token_row token = token_named(1);
    token.uses_left = 2;
    assert_int_equal(token_add(*state, &token), ERR_NONE);
    assert_int_equal(token_use(*state, token.hash, 10), ERR_NONE);
    assert_int_equal(token_use(*state, token.hash, 10), ERR_NONE);
    assert_int_equal(token_use(*state, token.hash, 10), ERR_EXPIRED);
    struct token_row late = token_named(2);
    late.uses_left = 5;
    assert_int_equal(token_add(*state, &late), ERR_NONE);
    assert_int_equal(token_use(*state, late.hash, 1000), ERR_EXPIRED);
    assert_int_equal(token_find(*state, late.hash, &late), ERR_NONE);
    assert_int_equal(late.uses_left, 5);
}

static bool count_token(void *context, const struct token_row *token)
{
    int *sum = context;
    *sum = *sum * 10 + token->hash[0] + (token->revoked ? 5 : 0);
    return true;
}

static void tokens_of_a_participant(void **state)
{
    for (uint8_t i = 1; i <= 3; i++) {
        struct token_row token = token_named(i);
        snprintf(token.participant, sizeof token.participant, "%s", i == 2 ? "q" : "p");
        assert_int_equal(token_add(*state, &token), ERR_NONE);
    }
    assert_int_equal(token_revoke_participant(*state, "m", "p"), ERR_NONE);
    assert_int_equal(token_revoke_participant(*state, "m", "nobody"), ERR_NONE);
    int sum = 0;
    assert_int_equal(token_list(*state, "m", count_token, &sum), ERR_NONE);
    assert_int_equal(sum, 628); // 1 and 3 revoked, 2 not
    sum = 0;
    assert_int_equal(token_list(*state, "n", count_token, &sum), ERR_NONE);
    assert_int_equal(sum, 0);
}

static struct session_row session_named(const char *id, const char *participant)
{
    struct session_row session = {.meeting = "m",
                                  .name = "Person",
                                  .capacity = CAPACITY_CHAIR,
                                  .created_at = id[1],
                                  .seen_at = 2,
                                  .expires_at = 1000};
    snprintf(session.id, sizeof session.id, "%s", id);
    snprintf(session.participant, sizeof session.participant, "%s", participant);
    memset(session.hash, id[1], sizeof session.hash);
    return session;
}

static bool name_session(void *context, const struct session_row *session)
{
    char *names = context;
    size_t length = strlen(names);
    snprintf(names + length, 100 - length, "%s ", session->id);
    return true;
}

static void sessions(void **state)
{
    struct session_row one = session_named("s1", "p");
    struct session_row two = session_named("s2", "p");
    struct session_row other = session_named("s3", "q");
    snprintf(other.account, sizeof other.account, "zoe");
    struct session_row found;
    assert_int_equal(session_add(*state, &one), ERR_NONE);
    assert_int_equal(session_add(*state, &one), ERR_CONFLICT);
    assert_int_equal(session_add(*state, &two), ERR_NONE);
    assert_int_equal(session_add(*state, &other), ERR_NONE);
    assert_int_equal(session_find(*state, one.hash, &found), ERR_NONE);
    assert_memory_equal(&found, &one, sizeof found);
    assert_int_equal(session_extend(*state, one.id, 1500), ERR_NONE);
    assert_int_equal(session_keep(*state, one.id, 1700), ERR_NONE);
    assert_int_equal(session_get(*state, one.id, &found), ERR_NONE);
    assert_int_equal(found.expires_at, 1500);
    assert_int_equal(found.kept_until, 1700);
    assert_int_equal(session_extend(*state, one.id, one.expires_at), ERR_NONE);
    assert_int_equal(session_keep(*state, one.id, 0), ERR_NONE);
    assert_int_equal(session_extend(*state, "nothing", 1500), ERR_NOT_FOUND);
    assert_int_equal(session_keep(*state, "nothing", 1500), ERR_NOT_FOUND);
    assert_int_equal(session_touch(*state, "s1", 77), ERR_NONE);
    assert_int_equal(session_get(*state, "s1", &found), ERR_NONE);
    assert_int_equal(found.seen_at, 77);
    char names[100] = "";
    assert_int_equal(session_list(*state, "", "m", "p", name_session, names), ERR_NONE);
    assert_string_equal(names, "s2 s1 ");
    names[0] = '\0';
    assert_int_equal(session_list(*state, "zoe", "", "", name_session, names), ERR_NONE);
    assert_string_equal(names, "s3 ");
    assert_int_equal(session_revoke(*state, "s1"), ERR_NONE);
    assert_int_equal(session_revoke(*state, "s1"), ERR_NOT_FOUND);
    assert_int_equal(session_touch(*state, "s1", 78), ERR_NOT_FOUND);
    assert_int_equal(session_find(*state, one.hash, &found), ERR_NOT_FOUND);
    assert_int_equal(session_revoke_participant(*state, "m", "p"), ERR_NONE);
    assert_int_equal(session_get(*state, "s2", &found), ERR_NOT_FOUND);
    assert_int_equal(session_get(*state, "s3", &found), ERR_NONE);
}

static int64_t version_of(struct store *store)
{
    int64_t version = -1;
    assert_int_equal(people_version(store, &version), ERR_NONE);
    return version;
}

static void what_an_account_may_lose_moves_the_version(void **state)
{
    struct account_row account = {.name = "zoe", .display_name = "Zoé", .created_at = 5};
    int64_t before = version_of(*state);
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    snprintf(account.display_name, sizeof account.display_name, "Zoé B.");
    assert_int_equal(account_update(*state, &account), ERR_NONE);
    assert_int_equal(version_of(*state), before); // nobody has lost anything
    assert_int_equal(account_set_participant(*state, "zoe", "m", "p"), ERR_NONE);
    assert_int_equal(version_of(*state), before + 1);
    assert_int_equal(account_set_participant(*state, "zoe", "m", "q"), ERR_NONE);
    assert_int_equal(version_of(*state), before + 2);
    assert_int_equal(account_set_participant(*state, "zoe", "m", ""), ERR_NONE);
    assert_int_equal(version_of(*state), before + 3);
    account.disabled = true;
    assert_int_equal(account_update(*state, &account), ERR_NONE);
    assert_int_equal(version_of(*state), before + 4);
    assert_int_equal(account_delete(*state, "zoe"), ERR_NONE);
    assert_int_equal(version_of(*state), before + 5);
}

#define COMERS 4

// By links 1 to 4, of which 2 has one use left, 3 none, and 4 stands for nobody yet.
static void make_comers(struct store *store, struct link_session_row rows[COMERS])
{
    for (uint8_t i = 0; i < COMERS; i++) {
        struct token_row token = token_named((uint8_t)(i + 1));
        char id[3] = {'s', (char)('1' + i), '\0'};
        token.uses_left = i == 1 ? 1 : i == 2 ? 0 : TOKEN_USES_UNLIMITED;
        token.participant[0] = i == 3 ? '\0' : 'p';
        assert_int_equal(token_add(store, &token), ERR_NONE);
        rows[i] = (struct link_session_row){.binds = i == 3, .session = session_named(id, "p")};
        memcpy(rows[i].link, token.hash, sizeof rows[i].link);
    }
}

static void those_who_come_together_are_written_together(void **state)
{
    static const enum err wanted[COMERS] = {ERR_NONE, ERR_NONE, ERR_EXPIRED, ERR_NONE};
    struct link_session_row rows[COMERS];
    struct session_row found;
    struct token_row token;
    struct seat_row seat;
    make_comers(*state, rows);
    assert_int_equal(session_add_by_links(*state, rows, COMERS, 10), ERR_NONE);
    for (int i = 0; i < COMERS; i++) {
        assert_int_equal(rows[i].err, wanted[i]);
        enum err there = wanted[i] == ERR_NONE ? ERR_NONE : ERR_NOT_FOUND;
        assert_int_equal(session_find(*state, rows[i].session.hash, &found), there);
        assert_int_equal(seat_find(*state, rows[i].session.id, "", "m", &seat), there);
    }
    assert_int_equal(token_find(*state, rows[1].link, &token), ERR_NONE);
    assert_int_equal(token.uses_left, 0);
    assert_int_equal(token_find(*state, rows[3].link, &token), ERR_NONE);
    assert_string_equal(token.participant, "p");
    // Revoked meanwhile; and none is nothing.
    struct link_session_row again = rows[0];
    snprintf(again.session.id, sizeof again.session.id, "s9");
    again.session.hash[0] = 9;
    assert_int_equal(token_revoke(*state, again.link), ERR_NONE);
    assert_int_equal(session_add_by_links(*state, &again, 1, 10), ERR_NONE);
    assert_int_equal(again.err, ERR_EXPIRED);
    assert_int_equal(session_get(*state, "s9", &found), ERR_NOT_FOUND);
    assert_int_equal(session_add_by_links(*state, NULL, 0, 10), ERR_NONE);
}

static int count_comers(struct store *store, const struct link_session_row rows[COMERS])
{
    int count = 0;
    struct session_row found;
    struct token_row token;
    for (int i = 0; i < COMERS; i++) {
        count += session_find(store, rows[i].session.hash, &found) == ERR_NONE;
    }
    assert_int_equal(token_find(store, rows[1].link, &token), ERR_NONE);
    assert_int_equal(token.uses_left, count == 0);
    assert_int_equal(token_find(store, rows[3].link, &token), ERR_NONE);
    assert_int_equal(token.participant[0] != '\0', count != 0);
    return count;
}

// Wherever the disk is full on the way: all of them or none, and the same go in when it has room.
static void a_full_disk_lets_nobody_of_them_in(void **state)
{
    struct link_session_row rows[COMERS];
    make_comers(*state, rows);
    int64_t from = 0;
    enum err err = ERR_STORAGE;
    for (; err != ERR_NONE; from++) {
        faulty_vfs_cut_after(INT64_MAX); // counts anew
        faulty_vfs_fail(FAULTY_FULL, from);
        err = session_add_by_links(*state, rows, COMERS, 10);
        faulty_vfs_fail(FAULTY_NOTHING, 0);
        assert_true(err == ERR_NONE || err == ERR_STORAGE);
        assert_int_equal(count_comers(*state, rows), err == ERR_NONE ? 3 : 0);
    }
    assert_true(from > 4);
}

struct lister {
    struct store *store;
    char *names;
};

static bool list_within(void *context, const struct session_row *session)
{
    const struct lister *lister = context;
    (void)session;
    return session_list(lister->store, "", "m", "p", name_session, lister->names) == ERR_NONE;
}

// A statement that is kept for the next is not taken from whoever still reads its rows.
static void the_same_is_asked_while_it_is_read(void **state)
{
    struct session_row one = session_named("s1", "p");
    struct session_row two = session_named("s2", "p");
    char names[100] = "";
    struct lister lister = {.store = *state, .names = names};
    assert_int_equal(session_add(*state, &one), ERR_NONE);
    assert_int_equal(session_add(*state, &two), ERR_NONE);
    assert_int_equal(session_list(*state, "", "m", "p", list_within, &lister), ERR_NONE);
    assert_string_equal(names, "s2 s1 s2 s1 ");
}

static void run_beside(const char *sql)
{
    sqlite3 *beside = NULL;
    assert_int_equal(sqlite3_open(folder.file, &beside), SQLITE_OK);
    assert_int_equal(sqlite3_exec(beside, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(beside), SQLITE_OK);
}

// Kept statements outlive a change of the tables, too: another process made the trigger.
static void a_participant_is_revoked_whole_or_not(void **state)
{
    struct session_row one = session_named("s1", "p");
    struct session_row two = session_named("s2", "p");
    struct seat_row seat = {.meeting = "n", .participant = "r", .expires_at = 5};
    struct session_row found;
    assert_int_equal(session_add(*state, &one), ERR_NONE);
    assert_int_equal(session_add(*state, &two), ERR_NONE);
    assert_int_equal(seat_set(*state, "s2", &seat), ERR_NONE);
    run_beside(
        "CREATE TRIGGER no BEFORE DELETE ON session_seat WHEN old.session = 's2'"
        " BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_int_not_equal(session_revoke_participant(*state, "m", "p"), ERR_NONE);
    assert_int_equal(session_get(*state, "s1", &found), ERR_NONE);
    run_beside("DROP TRIGGER no");
    assert_int_equal(session_revoke_participant(*state, "m", "p"), ERR_NONE);
    assert_int_equal(session_get(*state, "s1", &found), ERR_NOT_FOUND);
    assert_int_equal(session_get(*state, "s2", &found), ERR_NONE);
}

static bool name_seat(void *context, const struct seat_row *seat)
{
    char *names = context;
    size_t length = strlen(names);
    snprintf(names + length, 100 - length, "%s/%s ", seat->meeting, seat->participant);
    return true;
}

static const char *seats_of(struct store *store, const char *session, const char *account)
{
    static char names[100];
    names[0] = '\0';
    assert_int_equal(seat_list(store, session, account, "", name_seat, names), ERR_NONE);
    return names;
}

static const char *seats_after(struct store *store, const char *session, const char *after)
{
    static char names[100];
    names[0] = '\0';
    assert_int_equal(seat_list(store, session, "", after, name_seat, names), ERR_NONE);
    return names;
}

static void seats(void **state)
{
    struct session_row one = session_named("s1", "p");
    struct session_row two = session_named("s2", "q");
    struct account_row account = {.name = "zoe"};
    struct seat_row seat = {.meeting = "n", .participant = "r", .expires_at = 5};
    struct seat_row found;
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    snprintf(two.account, sizeof two.account, "zoe");
    assert_int_equal(session_add(*state, &one), ERR_NONE);
    assert_int_equal(session_add(*state, &two), ERR_NONE);
    assert_string_equal(seats_of(*state, "s1", ""), "m/p ");
    assert_string_equal(seats_of(*state, "s2", "zoe"), ""); // it has no places
    assert_int_equal(seat_set(*state, "nothing", &seat), ERR_NOT_FOUND);
    assert_int_equal(seat_set(*state, "s1", &seat), ERR_NONE);
    assert_int_equal(seat_set(*state, "s2", &seat), ERR_NONE);
    assert_string_equal(seats_of(*state, "s1", ""), "m/p n/r ");
    assert_string_equal(seats_after(*state, "s1", "m"), "n/r ");
    assert_string_equal(seats_after(*state, "s1", "n"), "");
    assert_int_equal(seat_find(*state, "s1", "", "n", &found), ERR_NONE);
    assert_memory_equal(&found, &seat, sizeof found);
    assert_int_equal(seat_find(*state, "s1", "", "x", &found), ERR_NOT_FOUND);
    // A place of the account's comes first, and has no date of its own.
    assert_int_equal(account_set_participant(*state, "zoe", "n", "z"), ERR_NONE);
    assert_string_equal(seats_of(*state, "s2", "zoe"), "n/z ");
    assert_int_equal(seat_find(*state, "s2", "zoe", "n", &found), ERR_NONE);
    assert_true(found.expires_at == INT64_MAX);
    // Removed from one meeting: the session of a link stays for the other, and goes with the last.
    char names[100] = "";
    assert_int_equal(session_revoke_participant(*state, "m", "p"), ERR_NONE);
    assert_string_equal(seats_of(*state, "s1", ""), "n/r ");
    assert_int_equal(session_list(*state, "", "n", "r", name_session, names), ERR_NONE);
    assert_string_equal(names, "s2 s1 ");
    assert_int_equal(session_revoke_participant(*state, "n", "r"), ERR_NONE);
    assert_int_equal(session_get(*state, "s1", &one), ERR_NOT_FOUND);
    assert_int_equal(session_get(*state, "s2", &two), ERR_NONE); // an account's
    assert_string_equal(seats_of(*state, "s1", ""), "");
}

static void what_expired_goes(void **state)
{
    struct session_row early = session_named("s1", "p");
    struct session_row late = session_named("s2", "p");
    late.expires_at = 2000;
    struct token_row token = token_named(1);
    uint32_t count = 0;
    assert_int_equal(session_add(*state, &early), ERR_NONE);
    assert_int_equal(session_add(*state, &late), ERR_NONE);
    assert_int_equal(token_add(*state, &token), ERR_NONE);
    assert_int_equal(people_expire(*state, 999, &count), ERR_NONE);
    assert_int_equal(count, 0);
    assert_int_equal(people_expire(*state, 1000, &count), ERR_NONE);
    assert_int_equal(count, 2);
    assert_int_equal(session_get(*state, "s2", &late), ERR_NONE);
    assert_int_equal(token_find(*state, token.hash, &token), ERR_NOT_FOUND);
}

static void texts_of_any_kind_are_texts(void **state)
{
    struct account_row account = {.name = "x'; DROP TABLE account; --"};
    assert_int_equal(account_add(*state, &account), ERR_NONE);
    assert_int_equal(account_get(*state, "x'; DROP TABLE account; --", &account), ERR_NONE);
    assert_int_equal(account_get(*state, "' OR 1=1", &account), ERR_NOT_FOUND);
}

int main(void)
{
    faulty_vfs_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(accounts),
        TEST(what_an_account_may_lose_moves_the_version),
        TEST(accounts_in_meetings),
        TEST(tokens),
        TEST(tokens_are_counted),
        TEST(tokens_of_a_participant),
        TEST(sessions),
        TEST(those_who_come_together_are_written_together),
        TEST(a_full_disk_lets_nobody_of_them_in),
        TEST(the_same_is_asked_while_it_is_read),
        TEST(a_participant_is_revoked_whole_or_not),
        TEST(seats),
        TEST(what_expired_goes),
        TEST(texts_of_any_kind_are_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
