// The second factor of an account: enrolled, asked for beside the password, taken away.
#include "world.h"

#include <string.h>

#include "app/accounts.h"
#include "app/password.h"
#include "app/second_factor.h"
#include "app/throttle.h"
#include "base/text.h"
#include "crypto/totp.h"
#include "store/second_factor.h"

#define PASSWORD "a quiet chamber 7"

static const struct app_identity ada = {.account = "ada"};

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

static void restart(struct world *world, uint8_t key, bool needed)
{
    world->sign_in = (struct app_sign_in_config){
        .house = "house.example", .seal_key = {key}, .administrators_need_code = needed};
    world_restart_control(world);
}

// As an authenticator does.
static void code_of(const char *text, int64_t step, char ret_code[TOTP_DIGITS + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t secret[TOTP_SECRET_SIZE] = {0};
    for (int bit = 0; bit < 8 * TOTP_SECRET_SIZE; bit++) {
        int letter = (int)(strchr(letters, text[bit / 5]) - letters);
        secret[bit / 8] |= (uint8_t)((letter >> (4 - bit % 5) & 1) << (7 - bit % 8));
    }
    totp_code(secret, step, ret_code);
}

static void enrol(struct world *world, struct second_factor_secret *ret_secret,
                  struct recovery_codes *ret_codes)
{
    struct refusal refusal;
    char code[TOTP_DIGITS + 1];
    assert_int_equal(app_second_factor_wish(world->app, &ada, ret_secret, &refusal), ERR_NONE);
    code_of(ret_secret->secret, totp_step(world->wall), code);
    assert_int_equal(
        app_second_factor_confirm(world->app, &ada, code, world->wall, ret_codes, &refusal),
        ERR_NONE);
}

static enum err sign_in(struct world *world, const char *password, const char *code,
                        struct refusal *ret_refusal)
{
    struct session session;
    struct app_password_check check;
    const struct app_password_wish wish = {
        .account = "ada", .meeting = "", .remote = "192.0.2.1", .code = code};
    enum err err = app_password_begin(world->app, &wish, world->wall, &check);
    if (err != ERR_NONE) {
        return err;
    }
    app_password_verify(&check, password);
    return app_password_end(world->app, &check, world->wall, &session, ret_refusal);
}

static void must_refuse(struct world *world, const char *code, enum refusal_reason reason)
{
    struct refusal refusal;
    assert_int_equal(sign_in(world, PASSWORD, code, &refusal), ERR_UNAUTHENTICATED);
    assert_int_equal(refusal.reason, reason);
}

static void test_a_code_is_asked_for_behind_the_password(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    char code[TOTP_DIGITS + 1];
    restart(world, 1, false);
    add_account(world, "ada", true);
    enrol(world, &secret, &codes);
    assert_true(text_starts_with(secret.address, "otpauth://totp/house.example:ada?secret="));
    must_refuse(world, "", REFUSAL_CODE_NEEDED);
    // Who does not know the password learns nothing of it.
    assert_int_equal(sign_in(world, "another password", "", &refusal), ERR_UNAUTHENTICATED);
    assert_int_equal(refusal.reason, REFUSAL_NONE);
    code_of(secret.secret, totp_step(world->wall), code);
    must_refuse(world, code, REFUSAL_CODE_WRONG); // it was used to enrol
    code_of(secret.secret, totp_step(world->wall) + 1, code);
    assert_int_equal(sign_in(world, PASSWORD, code, &refusal), ERR_NONE);
    must_refuse(world, code, REFUSAL_CODE_WRONG);
    assert_int_equal(sign_in(world, PASSWORD, codes.codes[3].code, &refusal), ERR_NONE);
    must_refuse(world, codes.codes[3].code, REFUSAL_CODE_WRONG);
}

static void test_wrong_codes_count_and_missing_ones_do_not(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    restart(world, 1, false);
    add_account(world, "ada", true);
    enrol(world, &secret, &codes);
    for (int i = 0; i < 2 * THROTTLE_FREE_ATTEMPTS; i++) {
        must_refuse(world, "", REFUSAL_CODE_NEEDED);
    }
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        must_refuse(world, "000000", REFUSAL_CODE_WRONG);
    }
    assert_int_equal(sign_in(world, PASSWORD, codes.codes[0].code, &refusal), ERR_TOO_MANY);
}

static void test_it_is_taken_away_by_a_code(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    struct second_factor factor;
    restart(world, 1, false);
    add_account(world, "ada", true);
    enrol(world, &secret, &codes);
    assert_int_equal(app_second_factor_wish(world->app, &ada, &secret, &refusal), ERR_CONFLICT);
    assert_int_equal(refusal.reason, REFUSAL_CODE_IS_ON);
    assert_int_equal(app_second_factor_remove(world->app, &ada, "000000", world->wall, &refusal),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(app_second_factor(world->app, &ada, &factor, &refusal), ERR_NONE);
    assert_true(factor.on);
    assert_int_equal(factor.recovery_left, 10);
    assert_int_equal(
        app_second_factor_remove(world->app, &ada, codes.codes[9].code, world->wall, &refusal),
        ERR_NONE);
    assert_int_equal(app_second_factor(world->app, &ada, &factor, &refusal), ERR_NONE);
    assert_false(factor.on);
    assert_int_equal(sign_in(world, PASSWORD, "", &refusal), ERR_NONE);
}

// A copied row is nobody else's, and without its key it says nothing.
static void test_a_secret_is_sealed_for_its_account(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    char code[TOTP_DIGITS + 1];
    restart(world, 1, false);
    add_account(world, "ada", true);
    enrol(world, &secret, &codes);
    code_of(secret.secret, totp_step(world->wall) + 1, code);
    restart(world, 2, false);
    assert_int_equal(sign_in(world, PASSWORD, code, &refusal), ERR_UNAVAILABLE);
    restart(world, 1, false);
    add_account(world, "eve", true);
    world_run_beside(world, "UPDATE second_factor SET account = 'eve';");
    const struct app_identity eve = {.account = "eve"};
    assert_int_equal(app_second_factor_remove(world->app, &eve, code, world->wall, &refusal),
                     ERR_UNAVAILABLE);
}

static void test_an_administrator_may_need_it(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    struct session session;
    struct app_identity identity;
    struct app_password_check check;
    const struct app_password_wish wish = {.account = "ada", .meeting = "", .remote = "192.0.2.1"};
    restart(world, 1, true);
    add_account(world, "ada", true);
    assert_int_equal(app_password_begin(world->app, &wish, world->wall, &check), ERR_NONE);
    app_password_verify(&check, PASSWORD);
    assert_int_equal(app_password_end(world->app, &check, world->wall, &session, &refusal),
                     ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_false(identity.administrator);
    enrol(world, &secret, &codes);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_true(identity.administrator);
}

static void test_who_has_no_password_here_has_none(void **state)
{
    struct world *world = *state;
    struct account_row row = {.name = "zoe", .display_name = "Zoe", .administrator = true};
    struct second_factor_secret secret;
    struct second_factor factor;
    struct refusal refusal;
    const struct app_identity zoe = {.account = "zoe"};
    const struct app_identity link = {.participant = "delegate-fra"};
    restart(world, 1, true);
    assert_int_equal(account_add(world->store, &row), ERR_NONE);
    assert_int_equal(app_second_factor(world->app, &zoe, &factor, &refusal), ERR_NONE);
    assert_false(factor.possible || factor.needed || factor.on);
    assert_int_equal(app_second_factor_wish(world->app, &zoe, &secret, &refusal), ERR_CONFLICT);
    assert_int_equal(refusal.reason, REFUSAL_CODE_FOR_PASSWORDS);
    assert_int_equal(app_second_factor_wish(world->app, &link, &secret, &refusal), ERR_FORBIDDEN);
    assert_int_equal(refusal.reason, REFUSAL_ACCOUNT_NEEDED);
}

static enum err use_link(struct world *world, const char *token, const char *code,
                         struct app_asking *asking)
{
    struct account_link_use wish = {.name = "Ada", .password = "a new password"};
    struct app_account_key key;
    struct session session;
    *asking = (struct app_asking){.remote = "192.0.2.1", .wall = world->wall};
    text_copy_cut(wish.token, sizeof(wish.token), token);
    text_copy_cut(wish.code, sizeof(wish.code), code);
    enum err err = app_account_link_begin(world->app, asking, &wish, &key);
    if (err != ERR_NONE) {
        return err;
    }
    app_account_key_make(&key, NULL, wish.password);
    return app_account_link_end(world->app, asking, &key, &session);
}

// Whoever makes links for others has their passwords in hand, and not what is in their pockets.
static void test_no_link_of_an_account_stands_for_it(void **state)
{
    struct world *world = *state;
    struct second_factor_secret secret;
    struct recovery_codes codes;
    struct refusal refusal;
    struct app_asking asking;
    char token[APP_ACCOUNT_TOKEN_MAX + 1];
    enum err err = ERR_NONE;
    restart(world, 1, false);
    add_account(world, "ada", true);
    enrol(world, &secret, &codes);
    assert_int_equal(app_account_link_make(world->store, "ada", world->wall, token), ERR_NONE);
    assert_int_equal(use_link(world, token, "", &asking), ERR_UNAUTHENTICATED);
    assert_int_equal(asking.refusal.reason, REFUSAL_CODE_NEEDED);
    assert_int_equal(use_link(world, token, "000000", &asking), ERR_UNAUTHENTICATED);
    assert_int_equal(asking.refusal.reason, REFUSAL_CODE_WRONG);
    // Neither has used it up, nor changed the password.
    assert_int_equal(sign_in(world, PASSWORD, codes.codes[1].code, &refusal), ERR_NONE);
    assert_int_equal(use_link(world, token, codes.codes[2].code, &asking), ERR_NONE);
    assert_int_equal(sign_in(world, "a new password", codes.codes[4].code, &refusal), ERR_NONE);
    // Guesses wait.
    assert_int_equal(app_account_link_make(world->store, "ada", world->wall, token), ERR_NONE);
    for (int i = 0; i < 6 && err != ERR_TOO_MANY; i++) {
        err = use_link(world, token, "000000", &asking);
    }
    assert_int_equal(err, ERR_TOO_MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_code_is_asked_for_behind_the_password, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_codes_count_and_missing_ones_do_not, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_it_is_taken_away_by_a_code, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_secret_is_sealed_for_its_account, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_an_administrator_may_need_it, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_who_has_no_password_here_has_none, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_no_link_of_an_account_stands_for_it, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
