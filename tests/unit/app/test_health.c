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

static void tell_level(struct world *world, const char *participant, uint8_t level)
{
    static struct link_message message;
    message.type = LINK_SOURCE_LEVELS;
    message.level_count = 0;
    const struct world_peer *peer = world_peer(world, participant);
    for (uint8_t i = 0; i < peer->section_count; i++) {
        if (peer->sections[i].kind == LINK_AUDIO && peer->sections[i].direction == LINK_SEND) {
            message.levels[message.level_count++] = (struct link_level){peer->sections[i].source,
                                                                        level};
        }
    }
    assert_int_equal(message.level_count, 1);
    app_link_receive(world->app, &message, world->now, world->wall);
}

static void test_levels_go_to_those_who_watch(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_enter(world, "delegate-fra");
    world_enter(world, "delegate-chn");
    world_enter(world, "moderator");
    world_enter(world, "technician");
    world_advance(world, 10000);
    uint32_t from = world->line_count;
    tell_level(world, "delegate-fra", 40);
    world_advance(world, 1);
    assert_int_equal(count_notices(world, from, "levels.changed"), 2);
    assert_int_equal(world->notice.as.levels_changed.levels_count, 1);
    assert_string_equal(world->notice.as.levels_changed.levels[0].participant, "delegate-fra");
    assert_int_equal(world->notice.as.levels_changed.levels[0].level, 40);
    // However often media says it, five a second; the loudest of what came meanwhile.
    from = world->line_count;
    for (unsigned i = 0; i < 100; i++) {
        tell_level(world, "delegate-fra", (uint8_t)(i % 7 == 0 ? 12 : 90));
        tell_level(world, "delegate-chn", 50);
        world_advance(world, 10);
    }
    assert_in_range(count_notices(world, from, "levels.changed"), 2 * 4, 2 * 5);
    assert_int_equal(world->notice.as.levels_changed.levels_count, 2);
    assert_int_equal(world->notice.as.levels_changed.levels[0].level, 12);
    world_advance(world, 1000);
    from = world->line_count;
    world_advance(world, 5000);
    assert_int_equal(count_notices(world, from, "levels.changed"), 0);
}

static uint32_t delays_of(const struct world *world, uint16_t delay_ms)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < WORLD_DELAYS_MAX; i++) {
        count += world->delays[i].delay_ms == delay_ms;
    }
    return count;
}

static void test_delays_reach_media_and_survive_both(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live technician = world_enter(world, "technician");
    struct command command = {.type = COMMAND_CHANNEL_DELAY};
    command.as.channel_delay.channel = CHANNEL_ID_FR;
    command.as.channel_delay.delay_ms = 250;
    assert_int_equal(world_command(world, technician, &command), ERR_NONE);
    assert_int_equal(delays_of(world, 250), 2); // for listeners, and for the booths
    command.as.channel_delay.channel = CHANNEL_ID_FLOOR;
    command.as.channel_delay.delay_ms = 1000;
    assert_int_equal(world_command(world, technician, &command), ERR_NONE);
    assert_int_equal(delays_of(world, 1000), 3); // both floor slots, and the players' floor
    uint32_t said = world->delays_said;
    world_advance(world, 1000);
    assert_int_equal(world->delays_said, said);
    // A new media process is told again.
    world_media_kill(world);
    memset(world->delays, 0, sizeof(world->delays));
    world_media_connect(world);
    assert_int_equal(world_join(world, technician), ERR_NONE);
    assert_int_equal(delays_of(world, 250), 2);
    assert_int_equal(delays_of(world, 1000), 3);
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

static void test_who_helps_sees_what_the_devices_are_called(void **state)
{
    struct world *world = *state;
    struct command command = {.type = COMMAND_MEDIA_DEVICES};
    strcpy(command.as.media_devices.microphone, "Desk microphone");
    strcpy(command.as.media_devices.earphones, "Headset");
    world_media_connect(world);
    app_live delegate = world_enter(world, "delegate-fra");
    world_enter(world, "moderator");
    world_advance(world, 10000);
    if (world_peer(world, "delegate-fra") == NULL) {
        assert_int_equal(world_join(world, delegate), ERR_NONE);
    }
    uint32_t from = world->line_count;
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    world_advance(world, 6000);
    assert_int_equal(count_notices(world, from, "health.changed"), 1);
    const struct connection_health *health = &world->notice.as.health_changed.health[0];
    assert_string_equal(health->participant, "delegate-fra");
    assert_string_equal(health->microphone, "Desk microphone");
    assert_string_equal(health->earphones, "Headset");
    // It stays while the line is measured, is told once, and goes when the page takes it back.
    report(world, "delegate-fra", 30000, 0);
    world_advance(world, 6000);
    assert_string_equal(world->notice.as.health_changed.health[0].microphone, "Desk microphone");
    from = world->line_count;
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    world_advance(world, 6000);
    assert_int_equal(count_notices(world, from, "health.changed"), 0);
    memset(&command.as.media_devices, 0, sizeof command.as.media_devices);
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    world_advance(world, 6000);
    assert_string_equal(world->notice.as.health_changed.health[0].microphone, "");
    assert_int_equal(world_simple(world, delegate, COMMAND_MEDIA_LEAVE), ERR_NONE);
    assert_int_equal(world_command(world, delegate, &command), ERR_CONFLICT);
}

static void test_who_runs_the_meeting_hears_of_a_blocked_network(void **state)
{
    struct world *world = *state;
    struct command command = {.type = COMMAND_MEDIA_BLOCKED, .as.media_blocked.blocked = true};
    world_media_connect(world);
    app_live delegate = world_enter(world, "delegate-fra");
    world_enter(world, "moderator");
    world_advance(world, 10000);
    uint32_t from = world->line_count;
    if (world_peer(world, "delegate-fra") == NULL) {
        assert_int_equal(world_join(world, delegate), ERR_NONE);
    }
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    world_advance(world, 1);
    assert_int_equal(count_notices(world, from, "health.changed"), 1);
    assert_int_equal(world->notice.as.health_changed.health_count, 1);
    assert_true(world->notice.as.health_changed.health[0].blocked);
    assert_string_equal(world->notice.as.health_changed.health[0].participant, "delegate-fra");
    // Told again after the next try: nothing new. What comes through says more than the page.
    from = world->line_count;
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    world_advance(world, 6000);
    assert_int_equal(count_notices(world, from, "health.changed"), 0);
    report(world, "delegate-fra", 30000, 0);
    world_advance(world, 1);
    assert_int_equal(count_notices(world, from, "health.changed"), 1);
    assert_false(world->notice.as.health_changed.health[0].blocked);
    assert_int_equal(world_simple(world, delegate, COMMAND_MEDIA_LEAVE), ERR_NONE);
    assert_int_equal(world_command(world, delegate, &command), ERR_CONFLICT);
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
        CASE(test_levels_go_to_those_who_watch),
        CASE(test_delays_reach_media_and_survive_both),
        CASE(test_health_goes_to_those_who_help),
        CASE(test_who_helps_sees_what_the_devices_are_called),
        CASE(test_who_runs_the_meeting_hears_of_a_blocked_network),
        CASE(test_listeners_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
