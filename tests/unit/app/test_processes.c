// What people are told of the server's own processes.
#include "world.h"

#include <string.h>

static void silence(struct world *world, bool silent)
{
    app_media_silent(world->app, silent, world->now, world->wall);
}

static const struct notice_sound_interrupted *interruption(const struct world *world)
{
    assert_int_equal(world->notice.type, NOTICE_SOUND_INTERRUPTED);
    return &world->notice.as.sound_interrupted;
}

static void test_everybody_is_told_of_silence_and_of_its_end(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_enter(world, "chair");
    world_enter(world, "listener");
    world_advance(world, 1000);
    uint32_t from = world->line_count;
    time_ms since = world->wall;
    silence(world, true);
    assert_int_equal(world_count(world, from, "notice"), 2);
    assert_false(interruption(world)->over);
    assert_int_equal(interruption(world)->since, since);
    silence(world, true);
    assert_int_equal(world_count(world, from, "notice"), 2); // once
    world_advance(world, 1500);
    from = world->line_count;
    silence(world, false);
    assert_int_equal(world_count(world, from, "notice"), 2);
    assert_true(interruption(world)->over);
    assert_int_equal(interruption(world)->since, since);
}

static void test_it_is_over_only_when_media_knows_its_work_again(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_enter(world, "listener");
    world_advance(world, 1000);
    silence(world, true);
    world_media_kill(world);
    uint32_t from = world->line_count;
    silence(world, false); // a new one beats, but control has not spoken with it
    assert_int_equal(world_count(world, from, "notice"), 0);
    world_media_connect(world);
    assert_int_equal(world_count(world, from, "notice"), 2);
    assert_int_equal(world->notice.type, NOTICE_MEDIA_LOST); // after the end of the interruption
}

static void test_who_comes_meanwhile_is_told_once(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    silence(world, true);
    uint32_t from = world->line_count;
    world_connect(world, "listener");
    world_advance(world, 1);
    assert_int_equal(world_count(world, from, "notice"), 2); // and media.state
    world_advance(world, 1000);
    assert_int_equal(world_count(world, from, "notice"), 2);
    silence(world, false);
    assert_true(interruption(world)->over);
}

static void test_replacements_go_to_those_who_run_the_meeting(void **state)
{
    struct world *world = *state;
    struct notice_processes_changed changed = {
        .replaced_count = 1,
        .replaced = {{.process = SERVER_PROCESS_MEDIA,
                      .cause = REPLACEMENT_CAUSE_HUNG,
                      .at = world->wall}},
    };
    world_media_connect(world);
    world_enter(world, "listener");
    world_enter(world, "technician");
    world_advance(world, 1000);
    uint32_t from = world->line_count;
    app_processes_replaced(world->app, &changed);
    assert_int_equal(world_count(world, from, "notice"), 1);
    assert_int_equal(world->notice.type, NOTICE_PROCESSES_CHANGED);
    assert_int_equal(world->notice.as.processes_changed.replaced[0].cause, REPLACEMENT_CAUSE_HUNG);
    // Who comes later hears of it too, and a listener never.
    from = world->line_count;
    world_connect(world, "moderator");
    world_advance(world, 1);
    world_connect(world, "delegate-fra");
    world_advance(world, 1);
    uint32_t told = 0;
    for (uint32_t i = from; i < world->line_count; i++) {
        told += strstr(world->lines[i], "processes.changed") != NULL ? 1 : 0;
    }
    assert_int_equal(told, 1);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_everybody_is_told_of_silence_and_of_its_end),
        CASE(test_it_is_over_only_when_media_knows_its_work_again),
        CASE(test_who_comes_meanwhile_is_told_once),
        CASE(test_replacements_go_to_those_who_run_the_meeting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
