// Browsers that are away at the provider, and the tickets of those that came back.
#include "../test.h"

#include <stdlib.h>

#include "app/visits.h"

#define WALL INT64_C(1800000000000)

static struct visits *visits;

static int set_up(void **state)
{
    (void)state;
    visits = calloc(1, sizeof(*visits));
    return visits == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    free(visits);
    return 0;
}

static void leave(uint32_t number, const char *browser, const char *remote, time_ms wall)
{
    struct app_provider_visit visit;
    app_provider_visit_make("demo", &visit);
    snprintf(visit.state, sizeof(visit.state), "state-%u", number);
    visits_keep(visits, &visit, browser, remote, wall);
}

static enum err come_back(uint32_t number, const char *browser, time_ms wall)
{
    struct app_provider_visit visit;
    char state[32];
    snprintf(state, sizeof(state), "state-%u", number);
    return visits_take(visits, state, browser, wall, &visit);
}

static void a_visit_is_over_once(void **state)
{
    (void)state;
    leave(1, "mine", "192.0.2.1", WALL);
    assert_int_equal(come_back(1, "another", WALL), ERR_NOT_FOUND);
    assert_int_equal(come_back(2, "mine", WALL), ERR_NOT_FOUND);
    assert_int_equal(come_back(1, "mine", WALL + 1), ERR_NONE);
    assert_int_equal(come_back(1, "mine", WALL + 1), ERR_NOT_FOUND);
}

static void a_visit_ends_with_its_time(void **state)
{
    (void)state;
    leave(1, "mine", "192.0.2.1", WALL);
    assert_int_equal(come_back(1, "mine", WALL + VISIT_MS), ERR_NOT_FOUND);
}

static void who_leaves_too_often_loses_their_own(void **state)
{
    (void)state;
    leave(0, "mine", "192.0.2.1", WALL);
    for (uint32_t i = 1; i <= 2 * VISITS_MAX; i++) {
        leave(i, "theirs", "192.0.2.2", WALL + i);
    }
    assert_int_equal(come_back(0, "mine", WALL + 1), ERR_NONE);
    assert_int_equal(come_back(2 * VISITS_MAX, "theirs", WALL + 1), ERR_NONE);
    assert_int_equal(come_back(2 * VISITS_MAX - VISITS_OF_NETWORK_MAX, "theirs", WALL + 1),
                     ERR_NOT_FOUND);
}

static void with_no_place_the_oldest_gives_way(void **state)
{
    (void)state;
    for (uint32_t i = 0; i <= VISITS_MAX; i++) {
        char remote[32];
        snprintf(remote, sizeof(remote), "198.51.%u.%u", i / 250, i % 250);
        leave(i, "a browser", remote, WALL + i);
    }
    assert_int_equal(come_back(0, "a browser", WALL + 1), ERR_NOT_FOUND);
    assert_int_equal(come_back(1, "a browser", WALL + 1), ERR_NONE);
    assert_int_equal(come_back(VISITS_MAX, "a browser", WALL + 1), ERR_NONE);
}

static void a_ticket_is_good_once_in_its_browser(void **state)
{
    (void)state;
    const uint8_t ticket[TOKEN_HASH_SIZE] = {1};
    const uint8_t other[TOKEN_HASH_SIZE] = {2};
    struct ticket_place place;
    visits_ticket(visits, ticket, "mine", "ada", "demo", WALL);
    assert_int_equal(visits_redeem(visits, other, "mine", WALL, &place), ERR_NOT_FOUND);
    assert_int_equal(visits_redeem(visits, ticket, "another", WALL, &place), ERR_UNAUTHENTICATED);
    assert_int_equal(visits_redeem(visits, ticket, "mine", WALL + 1, &place), ERR_NONE);
    assert_string_equal(place.account, "ada");
    assert_string_equal(place.meeting, "demo");
    assert_int_equal(visits_redeem(visits, ticket, "mine", WALL + 1, &place), ERR_NOT_FOUND);
    visits_ticket(visits, other, "mine", "ada", "", WALL);
    assert_int_equal(visits_redeem(visits, other, "mine", WALL + TICKET_MS, &place),
                     ERR_UNAUTHENTICATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_visit_is_over_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_visit_ends_with_its_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_leaves_too_often_loses_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_no_place_the_oldest_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ticket_is_good_once_in_its_browser, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
