// Whose account it is who comes from the provider.
#include "world.h"

#include <string.h>

#include "app/sign_in_provider.h"
#include "base/text.h"
#include "store/people.h"

#define BROWSER "a-browser"

static void add_account(struct world *world, const char *name)
{
    struct account_row row = {.created_at = world->wall};
    text_copy_cut(row.name, sizeof(row.name), name);
    text_copy_cut(row.display_name, sizeof(row.display_name), name);
    text_copy_cut(row.password, sizeof(row.password), "$argon2id$none");
    assert_int_equal(account_add(world->store, &row), ERR_NONE);
}

static enum err arrive(struct world *world, const struct app_provider_person *person,
                       const char *meeting, char ret_ticket[APP_SECRET_LENGTH + 1],
                       struct refusal *ret_refusal)
{
    struct app_provider_visit visit;
    app_provider_visit_make(meeting, &visit);
    const struct app_provider_arrival arrival = {
        .visit = &visit, .person = person, .browser = BROWSER, .remote = "192.0.2.1"};
    return app_provider_arrive(world->app, &arrival, world->wall, ret_ticket, ret_refusal);
}

// The name of the account that the person has signed in with.
static const char *sign_in(struct world *world, const struct app_provider_person *person)
{
    static struct session session;
    char ticket[APP_SECRET_LENGTH + 1];
    struct refusal refusal;
    assert_int_equal(arrive(world, person, "", ticket, &refusal), ERR_NONE);
    assert_int_equal(app_provider_redeem(world->app, ticket, BROWSER, NULL, world->wall, &session),
                     ERR_NONE);
    return session.account;
}

static void restart(struct world *world, bool creates, bool groups_say)
{
    world->sign_in = (struct app_sign_in_config){.issuer = "https://provider.example",
                                                 .creates_accounts = creates,
                                                 .groups_say_administrators = groups_say};
    world_restart_control(world);
}

static void test_who_has_no_account_gets_one_by_wish_alone(void **state)
{
    struct world *world = *state;
    struct refusal refusal;
    char ticket[APP_SECRET_LENGTH + 1];
    const struct app_provider_person person = {
        .subject = "1", .account = "Ada Lovelace!", .name = "Ada, Countess"};
    struct account_row row;
    restart(world, false, false);
    assert_int_equal(arrive(world, &person, "", ticket, &refusal), ERR_FORBIDDEN);
    assert_int_equal(refusal.reason, REFUSAL_ACCOUNT_MISSING);
    restart(world, true, false);
    assert_string_equal(sign_in(world, &person), "adalovelace");
    assert_int_equal(account_get(world->store, "adalovelace", &row), ERR_NONE);
    assert_string_equal(row.display_name, "Ada, Countess");
    assert_string_equal(row.password, "");
    assert_string_equal(sign_in(world, &person), "adalovelace");
}

// Whoever can call themselves anything at the provider is nobody else here by it.
static void test_an_account_is_nobodys_by_its_name(void **state)
{
    struct world *world = *state;
    const struct app_provider_person one = {.subject = "1", .account = "ada"};
    const struct app_provider_person two = {.subject = "2", .account = "ADA"};
    const struct app_provider_person nameless = {.subject = "3", .account = "佐伊"};
    add_account(world, "ada");
    restart(world, true, false);
    assert_string_equal(sign_in(world, &one), "ada-2");
    assert_string_equal(sign_in(world, &two), "ada-3");
    assert_string_equal(sign_in(world, &one), "ada-2");
    assert_true(text_starts_with(sign_in(world, &nameless), "p-"));
}

static void test_one_that_was_linked_is_theirs(void **state)
{
    struct world *world = *state;
    const struct app_provider_person person = {.subject = "1", .account = "somebody"};
    struct account_row row;
    struct refusal refusal;
    char ticket[APP_SECRET_LENGTH + 1];
    add_account(world, "ada");
    assert_int_equal(account_bind_subject(world->store, "https://provider.example", "1", "ada"),
                     ERR_NONE);
    restart(world, false, false);
    assert_string_equal(sign_in(world, &person), "ada");
    assert_int_equal(account_get(world->store, "ada", &row), ERR_NONE);
    row.disabled = true;
    assert_int_equal(account_update(world->store, &row), ERR_NONE);
    assert_int_equal(arrive(world, &person, "", ticket, &refusal), ERR_CONFLICT);
    assert_int_equal(refusal.reason, REFUSAL_ACCOUNT_DISABLED);
}

static bool is_administrator(struct world *world, const char *roles)
{
    struct app_provider_person person = {.subject = "1", .account = "ada"};
    struct account_row row;
    text_copy_cut(person.roles, sizeof(person.roles), roles);
    assert_int_equal(account_get(world->store, sign_in(world, &person), &row), ERR_NONE);
    return row.administrator;
}

static void test_groups_say_who_is_an_administrator(void **state)
{
    struct world *world = *state;
    restart(world, true, true);
    assert_false(is_administrator(world, ""));
    assert_false(is_administrator(world, "secretariat,administrators"));
    assert_true(is_administrator(world, "secretariat,administrator"));
    assert_false(is_administrator(world, "secretariat"));
    // Where they are not asked, they change nothing.
    restart(world, true, false);
    assert_false(is_administrator(world, "administrator"));
}

static void test_groups_say_who_is_of_the_secretariat(void **state)
{
    struct world *world = *state;
    struct app_provider_person person = {.subject = "1", .account = "ada"};
    struct account_row row;
    restart(world, true, false);
    text_copy_cut(person.roles, sizeof(person.roles), "administrator,secretariat");
    assert_int_equal(account_get(world->store, sign_in(world, &person), &row), ERR_NONE);
    assert_false(row.secretariat || row.administrator);
    world->sign_in.groups_say_secretariat = true;
    world_restart_control(world);
    assert_int_equal(account_get(world->store, sign_in(world, &person), &row), ERR_NONE);
    assert_true(row.secretariat);
    assert_false(row.administrator);
    person.roles[0] = '\0';
    assert_int_equal(account_get(world->store, sign_in(world, &person), &row), ERR_NONE);
    assert_false(row.secretariat);
}

static void test_a_ticket_leads_to_its_meeting(void **state)
{
    struct world *world = *state;
    const struct app_provider_person person = {.subject = "1", .account = "ada"};
    struct session session;
    struct refusal refusal;
    char ticket[APP_SECRET_LENGTH + 1];
    restart(world, true, false);
    (void)sign_in(world, &person);
    assert_int_equal(arrive(world, &person, "demo", ticket, &refusal), ERR_NONE);
    assert_int_equal(app_provider_redeem(world->app, ticket, BROWSER, NULL, world->wall, &session),
                     ERR_FORBIDDEN); // has no place there
    assert_int_equal(account_set_participant(world->store, "ada", "demo", "delegate-fra"),
                     ERR_NONE);
    assert_int_equal(arrive(world, &person, "demo", ticket, &refusal), ERR_NONE);
    assert_int_equal(
        app_provider_redeem(world->app, ticket, "another", NULL, world->wall, &session),
        ERR_UNAUTHENTICATED);
    assert_int_equal(app_provider_redeem(world->app, ticket, BROWSER, NULL, world->wall, &session),
                     ERR_NONE);
    assert_string_equal(session.participant, "delegate-fra");
    assert_int_equal(app_provider_redeem(world->app, ticket, BROWSER, NULL, world->wall, &session),
                     ERR_NOT_FOUND);
    assert_int_equal(app_provider_redeem(world->app, "short", BROWSER, NULL, world->wall, &session),
                     ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_has_no_account_gets_one_by_wish_alone, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_an_account_is_nobodys_by_its_name, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_one_that_was_linked_is_theirs, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_groups_say_who_is_an_administrator, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_groups_say_who_is_of_the_secretariat, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_ticket_leads_to_its_meeting, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
