// An interpreter on the air is lost: first the countdown, then the partner.
#include "world.h"

#include <string.h>

#include "meeting/meeting.h"

struct booth_at_work {
    struct world *world;
    app_live first;
    app_live second;
};

static const struct booth *french(const struct world *world)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (meeting->booths[i].language == LANGUAGE_FR) {
            return &meeting->booths[i];
        }
    }
    return NULL;
}

static struct booth_at_work begin(struct world *world)
{
    struct booth_at_work booth = {.world = world};
    world_enter(world, "delegate-fra"); // listens to French
    booth.first = world_enter(world, "interpreter-fr-1");
    booth.second = world_enter(world, "interpreter-fr-2");
    assert_int_equal(world_desk(world, booth.first, MICROPHONE_ON), ERR_NONE);
    world_media_source(world, "interpreter-fr-1", true);
    world_advance(world, 5000);
    return booth;
}

static void assert_booth(const struct world *world, enum handover_state handover,
                         enum microphone first, enum microphone second)
{
    assert_int_equal(french(world)->handover.state, handover);
    assert_int_equal(french(world)->desks[0].microphone, first);
    assert_int_equal(french(world)->desks[1].microphone, second);
}

static void test_no_packets(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false); // one second without
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + 1000);
    assert_string_equal(french(booth.world)->handover.to, "interpreter-fr-2");
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    assert_string_equal(world_hears(booth.world, "delegate-fra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-2 microphone");
    // Packets again: never on the air by itself.
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_packets_again_in_time(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false);
    world_advance(booth.world, 900);
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// A microphone that delivered nothing while it was closed has a second to begin.
static void test_silent_before_it_opened(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-2", false);
    world_advance(booth.world, 60000);
    assert_int_equal(world_desk(booth.world, booth.second, MICROPHONE_ON), ERR_NONE);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_ON);
    world_media_source(booth.world, "interpreter-fr-2", true);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_the_connection_breaks(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, booth.world->now, booth.world->wall);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    // Back: present, and off the air.
    world_connect(booth.world, "interpreter-fr-1");
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_the_connection_comes_back_in_time(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, booth.world->now, booth.world->wall);
    world_advance(booth.world, 2500);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_connect(booth.world, "interpreter-fr-1");
    world_advance(booth.world, 0);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// The partner declines during the countdown: nobody's microphone is opened.
static void test_declined(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false);
    assert_int_equal(world_simple(booth.world, booth.second, COMMAND_HANDOVER_DECLINE), ERR_NONE);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_OFF);
}

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

#define LOSS_TEST(name) cmocka_unit_test_setup_teardown(name, media_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOSS_TEST(test_no_packets),
        LOSS_TEST(test_packets_again_in_time),
        LOSS_TEST(test_silent_before_it_opened),
        LOSS_TEST(test_the_connection_breaks),
        LOSS_TEST(test_the_connection_comes_back_in_time),
        LOSS_TEST(test_declined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
