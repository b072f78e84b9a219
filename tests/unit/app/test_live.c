#include "world.h"

#include <string.h>

#include "base/text.h"

static enum presence presence_of(struct world *world, const char *id)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, id)) {
            return meeting->participants[i].presence;
        }
    }
    fail();
    return PRESENCE_AWAY;
}

static uint32_t floor_count(struct world *world)
{
    uint64_t seq = 0;
    return app_meeting(world->app, "demo", &seq)->floor_count;
}

static void test_presence_follows_the_connection(void **state)
{
    struct world *world = *state;
    app_live live = world_connect(world, "delegate-fra");
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_ENTRANCE);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 2900);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    world_advance(world, 200);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_LOST);
    live = world_connect(world, "delegate-fra");
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 61000);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_AWAY);
}

static void join_far(struct world *world, app_live live, uint32_t round_trip_us)
{
    assert_int_equal(world_join(world, live), ERR_NONE);
    static struct link_message report;
    memset(&report, 0, sizeof(report));
    report.type = LINK_PEER_REPORT;
    report.peer = world_peer(world, "delegate-fra")->id;
    report.report.round_trip_us = round_trip_us;
    app_link_receive(world->app, &report, world->now, world->wall);
}

// Three of the line's round trips more, as the connection's pings or media have measured them.
static void test_a_far_line_is_not_lost_so_soon(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live live = world_enter(world, "delegate-fra");
    app_live_round_trip(world->app, live, 1400 * TIME_US_PER_MS);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 7100);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    world_advance(world, 200);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_LOST);
    // Back, and gone before the first ping was answered: media knows the line.
    live = world_connect(world, "delegate-fra");
    join_far(world, live, 2000000);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 8900);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    world_advance(world, 200);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_LOST);
}

// A round trip that nobody can have: the patience ends all the same.
static void test_nobody_is_far_for_ever(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    app_live_round_trip(world->app, live, INT64_C(3600) * TIME_US_PER_S);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 17900);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    world_advance(world, 200);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_LOST);
}

static void test_a_lost_speakers_microphone_closes(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live live = world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 2900);
    assert_int_equal(floor_count(world), 1);
    world_advance(world, 200);
    assert_int_equal(floor_count(world), 0);
    // Coming back puts nobody on the air.
    world_connect(world, "delegate-fra");
    assert_int_equal(floor_count(world), 0);
}

static void test_a_newer_connection_replaces_the_older(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live older = world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    uint32_t from = world->line_count;
    app_live newer = world_connect(world, "delegate-fra");
    assert_int_not_equal(older, newer);
    uint32_t notice = world_find(world, from, "notice");
    uint32_t end = world_find(world, notice, "live_end");
    assert_true(end < world->line_count);
    assert_non_null(strstr(world->lines[end], "replaced"));
    const char *meeting = NULL;
    assert_null(app_live_participant(world->app, older, &meeting));
    assert_non_null(app_live_participant(world->app, newer, &meeting));
    assert_string_equal(meeting, "demo");
    // The page only reconnected: presence and microphone stand, also when the old socket is closed
    // later.
    app_live_close(world->app, older, false, world->now, world->wall);
    world_advance(world, 70000);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    assert_int_equal(floor_count(world), 1);
}

static void test_places_have_an_end(void **state)
{
    struct world *world = *state;
    const struct app_token_wish wish = {
        .meeting = "demo", .capacity = CAPACITY_LISTENER, .lifetime_ms = 3600000};
    app_live live = HANDLE_NONE;
    for (int i = 0; i < 65; i++) {
        char token[APP_TOKEN_MAX + 1];
        struct app_identity identity;
        assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
        assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
        assert_int_equal(
            app_live_open(world->app, &identity, false, world->now, world->wall, &live),
            i < 64 ? ERR_NONE : ERR_FULL);
        world_commit(world);
    }
}

static void test_who_come_together_are_told_of_together(void **state)
{
    struct world *world = *state;
    static const char *const people[] = {"chair", "delegate-fra", "delegate-chn", "moderator"};
    app_live live = HANDLE_NONE;
    uint64_t before = 0;
    uint64_t after = 0;
    struct app_identity identities[4];
    for (int i = 0; i < 4; i++) {
        identities[i] = world_identity(world, people[i]);
    }
    world_commit(world);
    assert_non_null(app_meeting(world->app, "demo", &before));
    uint32_t from = world->publishes;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            app_live_open(world->app, &identities[i], false, world->now, world->wall, &live),
            ERR_NONE);
    }
    world_commit(world);
    assert_non_null(app_meeting(world->app, "demo", &after));
    assert_int_equal(after, before + 4);
    assert_int_equal(world->publishes, from + 1);
}

static void test_restart_gives_time_to_come_back(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    world_restart_control(world);
    world_advance(world, 5000);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    assert_int_equal(floor_count(world), 1);
    world_connect(world, "delegate-fra");
    world_advance(world, 70000);
    assert_int_equal(presence_of(world, "delegate-fra"), PRESENCE_PRESENT);
    assert_int_equal(presence_of(world, "chair"), PRESENCE_AWAY);
    assert_int_equal(floor_count(world), 1);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_presence_follows_the_connection),
        CASE(test_a_far_line_is_not_lost_so_soon),
        CASE(test_nobody_is_far_for_ever),
        CASE(test_a_lost_speakers_microphone_closes),
        CASE(test_a_newer_connection_replaces_the_older),
        CASE(test_places_have_an_end),
        CASE(test_who_come_together_are_told_of_together),
        CASE(test_restart_gives_time_to_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
