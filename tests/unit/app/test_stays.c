// A date closes the door to new entries, and puts nobody out of a sitting.
#include "world.h"

#include <string.h>

#include "base/text.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)

struct stay {
    struct world *world;
    char link[APP_TOKEN_MAX + 1];
    struct session session;
    struct app_identity identity;
    app_live live;
};

// Signed in by a link that is good for so long.
static struct stay come_in(struct world *world, const char *participant, time_ms lifetime_ms)
{
    struct stay stay = {.world = world};
    world_token(world, participant, lifetime_ms, stay.link);
    assert_int_equal(world_sign_in_by(world, stay.link, world->wall, &stay.session), ERR_NONE);
    assert_int_equal(app_identify(world->app, stay.session.token, world->wall, &stay.identity),
                     ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, false);
    assert_int_equal(world_simple(world, stay.live, COMMAND_ROOM_ENTER), ERR_NONE);
    return stay;
}

static bool is_in(const struct stay *stay)
{
    const char *meeting = NULL;
    return app_live_participant(stay->world->app, stay->live, &meeting) != NULL;
}

static void close_sitting(struct world *world)
{
    app_live chair = world_connect(world, "chair");
    assert_int_equal(world_simple(world, chair, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_CLOSE), ERR_NONE);
}

static uint32_t told(const struct world *world, uint32_t from, app_live live)
{
    char line[64];
    struct text_builder text = text_builder(line, sizeof(line));
    text_append_format(&text, "notice %u session.expiring", live);
    return world_count(world, from, line);
}

// How many sessions they see of their own.
static uint32_t listed(const struct stay *stay)
{
    struct session sessions[4];
    char ids[4][CONTRACT_ID_MAX + 1];
    uint32_t count = 0;
    assert_int_equal(app_sessions(stay->world->app, &stay->identity, stay->world->wall, sessions,
                                  ids, 4, &count),
                     ERR_NONE);
    return count;
}

static enum err identify(const struct stay *stay, const char *token)
{
    struct app_identity identity;
    return app_identify(stay->world->app, token, stay->world->wall, &identity);
}

// A link that is its own session: the page comes back after a drop, and nobody comes in anew.
static void test_a_bare_link_comes_back_over_its_date(void **state)
{
    struct world *world = *state;
    struct app_identity identity;
    struct session session;
    char link[APP_TOKEN_MAX + 1];
    world_token(world, "delegate-fra", HOUR, link);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_NONE);
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    world->wall += 2 * HOUR;
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_NONE);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 10000);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_NONE);
    live = world_connect_as(world, &identity, true);
    assert_int_equal(world_sign_in_by(world, link, world->wall, &session), ERR_EXPIRED);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 61000);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_EXPIRED);
}

static void test_a_sitting_goes_on_over_a_date(void **state)
{
    struct world *world = *state;
    struct stay stay = come_in(world, "delegate-fra", HOUR);
    struct session elsewhere;
    assert_int_equal(world_sign_in_by(world, stay.link, world->wall, &elsewhere), ERR_NONE);
    assert_int_equal(listed(&stay), 2);
    world_advance(world, 45 * MINUTE - 1);
    assert_int_equal(told(world, 0, stay.live), 0);
    world_advance(world, 1);
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_true(world->notice.as.session_expiring.stays);
    assert_int_equal(world->notice.as.session_expiring.at, world->wall + 15 * MINUTE);
    world_advance(world, 3 * HOUR);
    assert_true(is_in(&stay));
    assert_int_equal(told(world, 0, stay.live), 1);
    // The door is closed to everything but the session that is in.
    struct session session;
    assert_int_equal(world_sign_in_by(world, stay.link, world->wall, &session), ERR_EXPIRED);
    assert_int_equal(identify(&stay, stay.link), ERR_EXPIRED);
    assert_int_equal(identify(&stay, elsewhere.token), ERR_EXPIRED);
    assert_int_equal(identify(&stay, stay.session.token), ERR_NONE);
    assert_int_equal(listed(&stay), 1); // it alone
    // A page that is loaded anew is no new entry; one that is away for long is.
    app_live_close(world->app, stay.live, true, world->now, world->wall);
    world_advance(world, MINUTE);
    assert_int_equal(app_identify(world->app, stay.session.token, world->wall, &stay.identity),
                     ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, false);
    app_live_close(world->app, stay.live, true, world->now, world->wall);
    assert_int_equal(listed(&stay), 1); // nor is it out yet
    world_advance(world, 6 * MINUTE);
    assert_int_equal(identify(&stay, stay.session.token), ERR_EXPIRED);
    assert_int_equal(listed(&stay), 0);
}

static void test_an_hour_after_the_sitting(void **state)
{
    struct world *world = *state;
    struct stay stay = come_in(world, "delegate-fra", HOUR);
    world_advance(world, 2 * HOUR);
    close_sitting(world);
    uint32_t from = world->line_count;
    world_advance(world, 45 * MINUTE - 1);
    assert_int_equal(told(world, from, stay.live), 0);
    world_advance(world, 1);
    assert_int_equal(told(world, from, stay.live), 1);
    assert_false(world->notice.as.session_expiring.stays);
    assert_int_equal(world->notice.as.session_expiring.at, world->wall + 15 * MINUTE);
    world_advance(world, 15 * MINUTE - 1);
    assert_true(is_in(&stay));
    world_advance(world, 1);
    assert_false(is_in(&stay));
    assert_string_equal(world->notice.as.session_ended.reason, "expired");
    assert_int_equal(identify(&stay, stay.session.token), ERR_EXPIRED);
}

static void test_the_date_itself_when_no_sitting_is_open(void **state)
{
    struct world *world = *state;
    close_sitting(world);
    struct stay stay = come_in(world, "delegate-fra", 3 * HOUR);
    world_advance(world, 3 * HOUR - 15 * MINUTE);
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_false(world->notice.as.session_expiring.stays);
    assert_int_equal(world->notice.as.session_expiring.at, world->wall + 15 * MINUTE);
    world_advance(world, 15 * MINUTE - 1);
    assert_true(is_in(&stay));
    world_advance(world, 1);
    assert_false(is_in(&stay));
    // Who came in the last minutes has been told as long before.
    stay = come_in(world, "delegate-fra", 5 * MINUTE);
    world_advance(world, 0);
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_int_equal(world->notice.as.session_expiring.at, world->wall + 15 * MINUTE);
    world_advance(world, 15 * MINUTE - 1);
    assert_true(is_in(&stay));
    world_advance(world, 1);
    assert_false(is_in(&stay));
}

static void test_one_press_renews(void **state)
{
    struct world *world = *state;
    struct stay stay = come_in(world, "delegate-fra", HOUR);
    close_sitting(world);
    world_advance(world, 50 * MINUTE);
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_int_equal(world_simple(world, stay.live, COMMAND_SESSION_RENEW), ERR_NONE);
    world_advance(world, 11 * HOUR + 44 * MINUTE);
    assert_true(is_in(&stay));
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_int_equal(identify(&stay, stay.session.token), ERR_NONE);
    world_advance(world, MINUTE); // as long as a session lasts, less a quarter of an hour
    assert_int_equal(told(world, 0, stay.live), 2);
    world_advance(world, 15 * MINUTE);
    assert_false(is_in(&stay));
    // The link itself is no longer good for that.
    struct session session;
    assert_int_equal(world_sign_in_by(world, stay.link, world->wall, &session), ERR_EXPIRED);
}

static void test_a_bare_link_stays_too(void **state)
{
    struct world *world = *state;
    struct stay stay = {.world = world};
    world_token(world, "delegate-fra", MINUTE, stay.link);
    assert_int_equal(app_identify(world->app, stay.link, world->wall, &stay.identity), ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, false);
    world_advance(world, HOUR);
    assert_true(is_in(&stay));
    assert_int_equal(told(world, 0, stay.live), 1);
    assert_int_equal(world_simple(world, stay.live, COMMAND_SESSION_RENEW), ERR_CONFLICT);
    close_sitting(world);
    world_advance(world, HOUR);
    assert_false(is_in(&stay));
}

// Whether a sitting is open or not: nobody is ended, and whoever is in comes back.
static void check_jump(struct world *world, bool open)
{
    struct stay stay = come_in(world, "delegate-fra", 12 * HOUR);
    if (!open) {
        close_sitting(world);
    }
    world_advance(world, 1000);
    world->wall += 25 * HOUR;
    world_advance(world, 1000);
    assert_true(is_in(&stay));
    assert_int_equal(told(world, 0, stay.live), 0);
    struct session session;
    assert_int_equal(world_sign_in_by(world, stay.link, world->wall, &session), ERR_EXPIRED);
    app_live_close(world->app, stay.live, true, world->now, world->wall);
    world_advance(world, 30000);
    assert_int_equal(app_identify(world->app, stay.session.token, world->wall, &stay.identity),
                     ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, false);
    world_advance(world, 10 * MINUTE);
    assert_true(is_in(&stay));
    // Put right: the session is good for no longer than before.
    world->wall -= 25 * HOUR;
    world_advance(world, 1000);
    assert_true(is_in(&stay));
    assert_int_equal(identify(&stay, stay.session.token), ERR_NONE);
    app_live_close(world->app, stay.live, true, world->now, world->wall);
    world_advance(world, 13 * HOUR);
    assert_int_equal(identify(&stay, stay.session.token), ERR_EXPIRED);
}

static void test_a_day_too_far_with_a_sitting(void **state)
{
    check_jump(*state, true);
}

static void test_a_day_too_far_without_one(void **state)
{
    check_jump(*state, false);
}

// The clock jumps, and in the same moment a page is loaded anew.
static void test_a_jump_under_a_reload(void **state)
{
    struct world *world = *state;
    struct stay stay = come_in(world, "delegate-fra", 12 * HOUR);
    world_advance(world, 1000);
    world->wall += 25 * HOUR;
    app_live_close(world->app, stay.live, true, world->now, world->wall);
    assert_int_equal(identify(&stay, stay.session.token), ERR_NONE);
    stay.live = world_connect(world, "delegate-fra");
    world->wall += 25 * HOUR;
    assert_int_equal(identify(&stay, stay.session.token), ERR_EXPIRED); // that one is not in
}

// A new control process after the date: whoever was in is in again.
static void test_a_restart_after_the_date(void **state)
{
    struct world *world = *state;
    struct stay stay = come_in(world, "delegate-fra", HOUR);
    world_advance(world, 2 * HOUR);
    world_restart_control(world);
    assert_int_equal(app_identify(world->app, stay.session.token, world->wall, &stay.identity),
                     ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, true);
    world_advance(world, HOUR);
    assert_true(is_in(&stay));
    // The hour after the sitting is known to a new process too.
    close_sitting(world);
    world_advance(world, 30 * MINUTE);
    world_restart_control(world);
    assert_int_equal(app_identify(world->app, stay.session.token, world->wall, &stay.identity),
                     ERR_NONE);
    stay.live = world_connect_as(world, &stay.identity, true);
    world_advance(world, 30 * MINUTE - 2000);
    assert_true(is_in(&stay));
    world_advance(world, 2000);
    assert_false(is_in(&stay));
}

#define STAY_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAY_TEST(test_a_bare_link_comes_back_over_its_date),
        STAY_TEST(test_a_sitting_goes_on_over_a_date),
        STAY_TEST(test_an_hour_after_the_sitting),
        STAY_TEST(test_the_date_itself_when_no_sitting_is_open),
        STAY_TEST(test_one_press_renews),
        STAY_TEST(test_a_bare_link_stays_too),
        STAY_TEST(test_a_day_too_far_with_a_sitting),
        STAY_TEST(test_a_day_too_far_without_one),
        STAY_TEST(test_a_jump_under_a_reload),
        STAY_TEST(test_a_restart_after_the_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
