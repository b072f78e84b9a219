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

static enum err sign_in(struct world *world, const char *account, const char *password,
                        const char *meeting, struct session *ret_session)
{
    struct app_password_check check;
    enum err err = app_password_begin(world->app, account, meeting, world->wall, &check);
    if (err != ERR_NONE) {
        return err;
    }
    app_password_verify(&check, password);
    return app_password_end(world->app, &check, world->wall, ret_session);
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
    assert_int_equal(sign_in(world, "claire", PASSWORD, "", &session), ERR_INVALID);
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
    assert_int_equal(app_password_begin(world->app, "nobody", "demo", world->wall, &check),
                     ERR_NONE);
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
    assert_true(identity.administrator);
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
        assert_int_equal(app_password_begin(world->app, "operator", "", world->wall, &check),
                         ERR_NONE);
    }
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_TOO_MANY);
    world->wall += THROTTLE_WAIT_FIRST_MS;
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
    assert_int_equal(sign_in(world, "operator", PASSWORD, "", &session), ERR_NONE);
}

static void test_changed_while_being_checked(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_password_check check;
    struct account_row row;
    char hash[PASSWORD_HASH_MAX + 1];
    add_account(world, "operator", true);
    assert_int_equal(app_password_begin(world->app, "operator", "", world->wall, &check), ERR_NONE);
    app_password_verify(&check, PASSWORD);
    assert_true(check.matched);
    assert_int_equal(account_get(world->store, "operator", &row), ERR_NONE);
    assert_int_equal(password_hash("another password", hash), ERR_NONE);
    text_copy_cut(row.password, sizeof(row.password), hash);
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(app_password_end(world->app, &check, world->wall, &session),
                     ERR_UNAUTHENTICATED);
}

static void test_what_is_no_account(void **state)
{
    struct world *world = *state;
    struct app_password_check check;
    assert_int_equal(app_password_begin(world->app, "", "", world->wall, &check), ERR_INVALID);
    assert_int_equal(app_password_begin(world->app,
                                        "a name far too long for any account that this server "
                                        "would ever have had",
                                        "", world->wall, &check),
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
        CASE(test_changed_while_being_checked),
        CASE(test_what_is_no_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
