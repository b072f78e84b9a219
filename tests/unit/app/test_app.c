#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/journal.h"

static void test_resume(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    uint64_t before = 0;
    uint64_t seq = 0;
    (void)app_meeting(world->app, "demo", &before);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(world_simple(world, live, COMMAND_FLOOR_REQUEST), ERR_NONE);
        assert_int_equal(world_simple(world, live, COMMAND_FLOOR_WITHDRAW), ERR_NONE);
    }
    (void)app_meeting(world->app, "demo", &seq);
    assert_int_equal(seq, before + 10);
    struct event events[16];
    uint32_t count = 0;
    assert_int_equal(app_events(world->app, "demo", before + 2, events, 16, &count), ERR_NONE);
    assert_int_equal(count, 8);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(events[i].seq, before + 3 + i);
    }
    assert_int_equal(events[0].type, EVENT_REQUEST_ADDED);
    assert_string_equal(events[0].by, "delegate-fra");
    assert_int_equal(app_events(world->app, "demo", before, events, 4, &count), ERR_NONE);
    assert_int_equal(count, 4);
    assert_int_equal(app_events(world->app, "demo", seq, events, 16, &count), ERR_NONE);
    assert_int_equal(count, 0);
    assert_int_equal(app_events(world->app, "demo", seq + 1, events, 16, &count), ERR_NOT_FOUND);
    assert_int_equal(app_events(world->app, "other", 0, events, 16, &count), ERR_NOT_FOUND);
}

static void test_a_new_process_knows_the_meeting(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    uint64_t before = 0;
    struct meeting *told = malloc(sizeof(*told));
    *told = *app_meeting(world->app, "demo", &before);
    world_restart_control(world);
    uint64_t after = 0;
    const struct meeting *replayed = app_meeting(world->app, "demo", &after);
    assert_int_equal(after, before);
    assert_memory_equal(replayed, told, sizeof(*told));
    free(told);
    assert_null(app_meeting(world->app, "other", &after));
}

static uint64_t figure(struct world *world, const char *name)
{
    uint32_t count = 0;
    const struct app_figure *figures = app_figures(world->app, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(figures[i].name, name)) {
            assert_true(figures[i].help[0] != '\0');
            return figures[i].value;
        }
    }
    return UINT64_MAX;
}

static void test_figures(void **state)
{
    struct world *world = *state;
    static struct link_message counters = {.type = LINK_COUNTERS, .counter_count = 1};
    app_live live = world_enter(world, "delegate-fra");
    assert_int_equal(world_simple(world, live, COMMAND_FLOOR_REQUEST), ERR_NONE);
    assert_int_equal(world_simple(world, live, COMMAND_SITTING_CLOSE), ERR_FORBIDDEN);
    assert_int_equal(figure(world, "plenary_meetings"), 2);
    assert_int_equal(figure(world, "plenary_live_connections"), 1);
    assert_int_equal(figure(world, "plenary_media_ready"), 0);
    world_media_connect(world);
    assert_int_equal(figure(world, "plenary_media_ready"), 1);
    assert_int_equal(figure(world, "plenary_commands_carried_out_total"), 2);
    assert_int_equal(figure(world, "plenary_commands_forbidden_total"), 1);
    assert_int_equal(figure(world, "plenary_commits_total"), 3);
    assert_int_equal(figure(world, "plenary_commits_waiting"), 0);
    text_copy_cut(counters.counters[0].name, sizeof(counters.counters[0].name),
                  "rtp_packets_in_total");
    counters.counters[0].value = 77;
    app_link_receive(world->app, &counters, world->now, world->wall);
    assert_int_equal(figure(world, "plenary_media_rtp_packets_in_total"), 77);
}

static void test_deadlines_have_an_end(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, 120000);
    // Nothing to do for an hour but the sweep of expired links.
    assert_true(app_next_deadline(world->app) > world->now + 30 * 60 * TIME_US_PER_S);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_resume),
        CASE(test_a_new_process_knows_the_meeting),
        CASE(test_figures),
        CASE(test_deadlines_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
