#include "world.h"

#include <string.h>

#include "app/password.h"
#include "app/throttle.h"
#include "base/text.h"
#include "store/people.h"

#define PASSWORD "a quiet chamber 7"

static void add_account(struct world *world, const char *name, bool administrator)
{
    struct account_row row = {.administrator = administrator, .created_at = world->wall};
    char hash[PASSWORD_HASH_MAX + 1];
    text_copy_cut(row.name, sizeof(row.name), name);
    text_copy_cut(row.display_name, sizeof(row.display_name), name);
    assert_int_equal(password_hash(PASSWORD, hash), ERR_NONE);
    text_copy_cut(row.password, sizeof(row.password), hash);
    assert_int_equal(account_add(world->store, &row), ERR_NONE);
}

static enum err begin(struct world *world, const char *account, const char *meeting,
                      struct app_password_check *ret_check)
{
    const struct app_password_wish wish = {
        .account = account, .meeting = meeting, .remote = "192.0.2.1"};
    return app_password_begin(world->app, &wish, world->wall, ret_check);
}

static enum err sign_in_from(struct world *world, const struct app_password_wish *wish,
                             const char *password, struct session *ret_session)
{
    struct app_password_check check;
    enum err err = app_password_begin(world->app, wish, world->wall, &check);
    if (err != ERR_NONE) {
        return err;
    }
    app_password_verify(&check, password);
    struct refusal refusal;
    return app_password_end(world->app, &check, world->wall, ret_session, &refusal);
}

static enum err sign_in(struct world *world, const char *account, const char *password,
                        const char *meeting, struct session *ret_session)
{
    const struct app_password_wish wish = {
        .account = account, .meeting = meeting, .remote = "192.0.2.1"};
    return sign_in_from(world, &wish, password, ret_session);
}

static void test_an_account_in_a_meeting(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    add_account(world, "claire", false);
    assert_int_equal(sign_in(world, "claire", PASSWORD, "demo", &session), ERR_FORBIDDEN);
    assert_int_equal(account_set_participant(world->store, "claire", "demo", "delegate-fra"),
                     ERR_NONE);
    assert_int_equal(sign_in(world, "claire", PASSWORD, "demo", &session), ERR_NONE);
    assert_string_equal(session.participant, "delegate-fra");
    assert_string_equal(session.account, "claire");
    assert_int_equal(session.capacity, CAPACITY_DELEGATE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_false(identity.administrator);
    assert_string_equal(identity.account, "claire");
    assert_int_equal(sign_in(world, "claire", PASSWORD, "other", &session), ERR_FORBIDDEN);
    assert_int_equal(sign_in(world, "claire", PASSWORD, "", &session), ERR_NONE);
    assert_string_equal(session.meeting, ""); // they choose among their meetings later
}

static void test_wrong_unknown_and_disabled_are_the_same(void **state)
{
    struct world *world = *state;
    struct session session;
    struct account_row row;
    add_account(world, "claire", false);
    assert_int_equal(sign_in(world, "claire", "wrong password", "demo", &session),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(sign_in(world, "nobody", PASSWORD, "demo", &session), ERR_UNAUTHENTICATED);
    assert_int_equal(account_get(world->store, "claire", &row), ERR_NONE);
    row.disabled = true;
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(sign_in(world, "claire", PASSWORD, "demo", &session), ERR_UNAUTHENTICATED);
    // The worker cannot tell an unknown account from a known one: both have a hash to check.
    struct app_password_check check;
    assert_int_equal(begin(world, "nobody", "demo", &check), ERR_NONE);
    assert_true(text_starts_with(check.hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
}

static void test_an_operator_without_a_meeting(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    struct account_row row;
    add_account(world, "operator", true);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
    assert_string_equal(session.meeting, "");
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_true(identity.administrator && !identity.secretariat);
    assert_int_equal(account_get(world->store, "operator", &row), ERR_NONE);
    row.secretariat = true;
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_true(identity.administrator && identity.secretariat);
    // Disabling an account ends what its sessions may do.
    assert_int_equal(account_get(world->store, "operator", &row), ERR_NONE);
    row.disabled = true;
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
}

static void test_guessing_is_slowed(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_password_check check;
    add_account(world, "operator", true);
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_int_equal(begin(world, "operator", "", &check), ERR_NONE);
    }
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_TOO_MANY);
    world->wall += 3600000; // a clock that was put ahead lets no guess through
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_TOO_MANY);
    world_advance(world, THROTTLE_WAIT_FIRST_MS);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
}

static void try_wrongly(struct world *world, const char *remote, int times)
{
    struct session session;
    const struct app_password_wish wish = {.account = "operator", .meeting = "", .remote = remote};
    for (int i = 0; i < times; i++) {
        assert_int_not_equal(sign_in_from(world, &wish, "a wrong password", &session), ERR_NONE);
    }
}

static void test_guessing_elsewhere_keeps_nobody_out(void **state)
{
    struct world *world = *state;
    struct session session;
    add_account(world, "operator", true);
    try_wrongly(world, "198.51.100.7", 12);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
    // Whoever has a /64 has one place, not 2^64.
    try_wrongly(world, "2001:db8::1", THROTTLE_FREE_ATTEMPTS);
    const struct app_password_wish neighbour = {
        .account = "operator", .meeting = "", .remote = "2001:db8::2"};
    assert_int_equal(sign_in_from(world, &neighbour, PASSWORD, &session), ERR_TOO_MANY);
}

static void test_a_device_is_known_again(void **state)
{
    struct world *world = *state;
    struct session session;
    struct session again;
    struct app_password_check check;
    struct account_row row;
    char hash[PASSWORD_HASH_MAX + 1];
    add_account(world, "operator", true);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
    assert_string_not_equal(session.device, "");
    // A colleague behind the same address guesses: the device is not kept waiting.
    try_wrongly(world, "203.0.113.5", THROTTLE_FREE_ATTEMPTS);
    struct app_password_wish wish = {
        .account = "operator", .meeting = "", .device = session.device, .remote = "203.0.113.5"};
    assert_int_equal(app_password_begin(world->app, &wish, world->wall, &check), ERR_NONE);
    assert_true(check.trusted);
    assert_int_equal(sign_in_from(world, &wish, PASSWORD, &again), ERR_NONE);
    // It opens nothing, and guessing from it is slowed as from anywhere.
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_int_equal(sign_in_from(world, &wish, "a wrong password", &again),
                         ERR_UNAUTHENTICATED);
    }
    assert_int_equal(sign_in_from(world, &wish, PASSWORD, &again), ERR_TOO_MANY);
    // Another account's device, a changed one, one from before the password's change: a stranger's.
    wish.remote = "203.0.113.77";
    session.device[20] = session.device[20] == 'A' ? 'B' : 'A';
    assert_int_equal(app_password_begin(world->app, &wish, world->wall, &check), ERR_NONE);
    assert_false(check.trusted);
    wish.device = again.device;
    wish.account = "nobody";
    assert_int_equal(app_password_begin(world->app, &wish, world->wall, &check), ERR_NONE);
    assert_false(check.trusted);
    wish.account = "operator";
    assert_int_equal(account_get(world->store, "operator", &row), ERR_NONE);
    assert_int_equal(password_hash("another password", hash), ERR_NONE);
    text_copy_cut(row.password, sizeof(row.password), hash);
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(app_password_begin(world->app, &wish, world->wall, &check), ERR_NONE);
    assert_false(check.trusted);
}

static void test_changed_while_being_checked(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_password_check check;
    struct account_row row;
    char hash[PASSWORD_HASH_MAX + 1];
    add_account(world, "operator", true);
    assert_int_equal(begin(world, "operator", "", &check), ERR_NONE);
    app_password_verify(&check, PASSWORD);
    assert_true(check.matched);
    assert_int_equal(account_get(world->store, "operator", &row), ERR_NONE);
    assert_int_equal(password_hash("another password", hash), ERR_NONE);
    text_copy_cut(row.password, sizeof(row.password), hash);
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    struct refusal refusal;
    assert_int_equal(app_password_end(world->app, &check, world->wall, &session, &refusal),
                     ERR_UNAUTHENTICATED);
}

static void test_what_is_no_account(void **state)
{
    struct world *world = *state;
    struct app_password_check check;
    assert_int_equal(begin(world, "", "", &check), ERR_INVALID);
    assert_int_equal(begin(world,
                           "a name far too long for any account that this server "
                           "would ever have had",
                           "", &check),
                     ERR_INVALID);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_an_account_in_a_meeting),
        CASE(test_wrong_unknown_and_disabled_are_the_same),
        CASE(test_an_operator_without_a_meeting),
        CASE(test_guessing_is_slowed),
        CASE(test_guessing_elsewhere_keeps_nobody_out),
        CASE(test_a_device_is_known_again),
        CASE(test_changed_while_being_checked),
        CASE(test_what_is_no_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
