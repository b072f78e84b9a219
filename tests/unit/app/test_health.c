#include "world.h"

#include <string.h>

#include "base/text.h"

static void report(struct world *world, const char *participant, uint32_t round_trip_us,
                   uint16_t loss_up_permille)
{
    static struct link_message message;
    message.type = LINK_PEER_REPORT;
    message.peer = world_peer(world, participant)->id;
    message.report.round_trip_us = round_trip_us;
    message.report.loss_up_permille = loss_up_permille;
    app_link_receive(world->app, &message, world->now, world->wall);
}

static uint32_t count_notices(const struct world *world, uint32_t from, const char *name)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < world->line_count; i++) {
        count += text_starts_with(world->lines[i], "notice") &&
                         strstr(world->lines[i], name) != NULL
                     ? 1
                     : 0;
    }
    return count;
}

static void test_health_goes_to_those_who_help(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_enter(world, "delegate-fra");
    world_enter(world, "delegate-chn");
    world_enter(world, "moderator");
    world_enter(world, "technician");
    world_advance(world, 10000);
    uint32_t from = world->line_count;
    report(world, "delegate-fra", 123400, 7);
    world_advance(world, 1);
    assert_int_equal(count_notices(world, from, "health.changed"), 2);
    assert_int_equal(world->notice.as.health_changed.health_count, 1);
    const struct connection_health *health = &world->notice.as.health_changed.health[0];
    assert_string_equal(health->participant, "delegate-fra");
    assert_int_equal(health->round_trip_ms, 123);
    assert_int_equal(health->loss_up_permille, 7);
    // Nothing new: nothing told. What is new waits for its five seconds.
    from = world->line_count;
    report(world, "delegate-fra", 123400, 7);
    world_advance(world, 4000);
    assert_int_equal(count_notices(world, from, "health.changed"), 0);
    report(world, "delegate-chn", 50000, 0);
    report(world, "delegate-fra", 99000, 0);
    world_advance(world, 900);
    assert_int_equal(count_notices(world, from, "health.changed"), 0);
    world_advance(world, 200);
    assert_int_equal(count_notices(world, from, "health.changed"), 2);
    assert_int_equal(world->notice.as.health_changed.health_count, 2);
    // Who comes later is told what is known.
    from = world->line_count;
    world_connect(world, "moderator");
    world_advance(world, 5000);
    assert_true(count_notices(world, from, "health.changed") >= 1);
    assert_int_equal(world->notice.type, NOTICE_HEALTH_CHANGED);
    assert_int_equal(world->notice.as.health_changed.health_count, 2);
}

static void test_listeners_are_counted(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_connect(world, "interpreter-fr-1");
    app_live delegate = world_enter(world, "delegate-chn"); // Chinese at first
    world_enter(world, "delegate-fra");
    world_advance(world, 2000);
    assert_int_equal(world->notice.type, NOTICE_LISTENERS_CHANGED);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_ZH], 1);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_FR], 1);
    uint32_t from = world->line_count;
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    world_advance(world, 1);
    assert_int_equal(count_notices(world, from, "listeners.changed"), 1);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_ZH], 0);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_FR], 2);
    // At most once a second; there and back is no change.
    from = world->line_count;
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_LANGUAGE, CHANNEL_ID_ES), ERR_NONE);
    world_advance(world, 900);
    assert_int_equal(count_notices(world, from, "listeners.changed"), 0);
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    world_advance(world, 3000);
    assert_int_equal(count_notices(world, from, "listeners.changed"), 0);
    world_media_phase(world, "delegate-chn", LINK_PEER_DISCONNECTED);
    world_advance(world, 1000);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_FR], 1);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_health_goes_to_those_who_help),
        CASE(test_listeners_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
