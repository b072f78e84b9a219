// The wall clock jumps: what is measured, counted down and held back in a meeting does not.
#include "world.h"

#include <string.h>

#include "app/documents.h"
#include "base/text.h"
#include "meeting/meeting.h"
#include "meeting/presence.h"
#include "meeting/timing.h"

#define HOUR INT64_C(3600000)

// What 500 in a million make of 12 s, and the milliseconds of two readings.
#define TOLERANCE 8

static const time_ms jumps[] = {HOUR, -HOUR, 25 * HOUR, -25 * HOUR, -1000, 1000};

#define JUMPS (sizeof(jumps) / sizeof(jumps[0]))

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

// Seconds to the next midnight, UTC: the day changes in the middle of what is measured.
static time_ms to_midnight(const struct world *world)
{
    return 24 * HOUR - world->wall % (24 * HOUR) - 6000;
}

// A speech of twelve seconds, with the wall clock jumping after one and put right after seven.
static void speak(struct world *world, app_live chair, time_ms jump, bool put_right)
{
    int64_t before = world_listed(world, "delegate-fra")->spoken_ms;
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    world_advance(world, 1000);
    world->wall += jump;
    world_advance(world, 6000);
    world->wall -= put_right ? jump : 0;
    world_advance(world, 5000);
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_in_range(world_listed(world, "delegate-fra")->spoken_ms - before, 12000 - TOLERANCE,
                    12000 + TOLERANCE);
}

static void test_a_speech_is_as_long_as_it_was(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    for (size_t i = 0; i < JUMPS; i++) {
        speak(world, chair, jumps[i], true);
        speak(world, chair, jumps[i], false);
        speak(world, chair, -jumps[i], true);
        world->wall -= jumps[i];
        world_advance(world, 1000);
    }
    speak(world, chair, to_midnight(world), false);
}

// An embargo ends with a speech of ten seconds, whatever the wall clock says of it.
static void test_an_embargo_ends_with_the_speech(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    struct app_identity identity = world_identity(world, "delegate-fra");
    app_live delegate = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, delegate, COMMAND_ROOM_ENTER), ERR_NONE);
    struct content_row row;
    assert_int_equal(
        app_content_begin(world->app, &identity, "demo", DOCUMENT_FORM_TEXT, world->wall, &row),
        ERR_NONE);
    assert_int_equal(app_content_keep(app_content_path(world->app), &row, "Merci.", 6), ERR_NONE);
    struct command command = {.type = COMMAND_DOCUMENT_ADD};
    struct command_document_add *add = &command.as.document_add;
    memcpy(add->document, row.content.id, sizeof(add->document));
    add->kind = DOCUMENT_KIND_SPEECH;
    text_copy_cut(add->title, sizeof(add->title), "Merci");
    add->embargoed = true;
    assert_int_equal(world_command(world, delegate, &command), ERR_NONE);
    uint64_t seq = 0;
    assert_true(app_meeting(world->app, "demo", &seq)->documents[0].embargoed);
    speak(world, chair, HOUR, true);
    assert_false(app_meeting(world->app, "demo", &seq)->documents[0].embargoed);
}

static void test_countdowns_take_their_time(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live first = world_enter(world, "interpreter-fr-1");
    app_live second = world_enter(world, "interpreter-fr-2");
    for (size_t i = 0; i < JUMPS; i++) {
        assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
        world_media_source(world, "interpreter-fr-1", true);
        world_advance(world, 5000);
        world_media_source(world, "interpreter-fr-1", false);
        assert_int_equal(french(world)->handover.state, HANDOVER_STATE_COUNTING);
        world->wall += jumps[i];
        world_advance(world, 1000 - TOLERANCE);
        assert_int_equal(french(world)->handover.state, HANDOVER_STATE_COUNTING);
        world_advance(world, 2 * TOLERANCE);
        assert_int_equal(french(world)->handover.state, HANDOVER_STATE_NONE);
        assert_int_equal(french(world)->desks[1].microphone, MICROPHONE_ON);
        world_media_source(world, "interpreter-fr-1", true);
        assert_int_equal(world_desk(world, second, MICROPHONE_OFF), ERR_NONE);
    }
}

static void test_nobody_is_lost_before_their_time(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < JUMPS; i++) {
        app_live live = world_enter(world, "delegate-fra");
        app_live_close(world->app, live, false, world->now, world->wall);
        world->wall += jumps[i];
        world_advance(world, PRESENCE_LOST_AFTER_MS - TOLERANCE);
        assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_PRESENT);
        world_advance(world, 2 * TOLERANCE);
        assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_LOST);
    }
}

// In a pause the meeting's time follows a wall clock that was put back; who is gone has three
// seconds all the same, and who presses to check their sound a second.
static void test_in_a_pause_everything_takes_its_time(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live first = world_enter(world, "interpreter-fr-1");
    world_enter(world, "interpreter-fr-2");
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_SUSPEND), ERR_NONE);
    app_live live = world_enter(world, "delegate-fra");
    world->wall -= HOUR;
    world_advance(world, 1000);
    time_ms before = app_time(world->app, "demo");
    app_live_close(world->app, live, false, world->now, world->wall);
    world_advance(world, PRESENCE_LOST_AFTER_MS - 50);
    assert_in_range(app_time(world->app, "demo") - before, 1400, 1600); // it does follow
    assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_PRESENT);
    world_advance(world, 100);
    assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_LOST);
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    world_advance(world, 1100);
    assert_int_equal(french(world)->desks[0].opening_since, 0);
}

// The control process dies in the middle, with the wall clock wrong: the meeting's time goes on.
static void test_a_restart_keeps_the_time(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    world->wall += HOUR;
    world_advance(world, 1000);
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    world_advance(world, 6000);
    world_restart_control(world); // takes a second
    world->wall -= HOUR;
    chair = world_connect(world, "chair");
    world_connect(world, "delegate-fra");
    world_advance(world, 5000);
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_in_range(world_listed(world, "delegate-fra")->spoken_ms, 12000 - TOLERANCE,
                    12000 + TOLERANCE);
}

// The whole machine was off, and its clock is an hour before the journal's end: time does not
// stand.
static void test_a_journal_from_the_future(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    assert_int_equal(world_simple(world, chair, COMMAND_HELP_ASK), ERR_NONE);
    memset(world->clocks, 0, sizeof(world->clocks));
    world->wall -= HOUR;
    world_restart_control(world);
    chair = world_connect(world, "chair");
    world_enter(world, "delegate-fra");
    speak(world, chair, 0, false);
}

// Between sittings the time is set: ahead at once, back at half the pace of time.
static void test_between_sittings_it_follows(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live delegate = world_enter(world, "delegate-fra");
    world->wall += HOUR;
    world_advance(world, 1000);
    assert_in_range(world->wall - app_time(world->app, "demo"), HOUR - 10, HOUR + 10);
    app_live_close(world->app, delegate, false, world->now, world->wall);
    world_advance(world, 1000);
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_CLOSE), ERR_NONE);
    world_advance(world, 200);
    assert_in_range(world->wall - app_time(world->app, "demo") + 1, 0, 2);
    // Who left two seconds ago has a second left, and not been away for an hour.
    assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_PRESENT);
    world_advance(world, 1900);
    assert_int_equal(world_listed(world, "delegate-fra")->presence, PRESENCE_LOST);
    world->wall -= HOUR;
    for (int minute = 0; minute < 130; minute++) {
        time_ms before = app_time(world->app, "demo");
        world_advance(world, 60000);
        assert_true(app_time(world->app, "demo") >= before + 29900);
    }
    assert_in_range(world->wall - app_time(world->app, "demo") + 1000, 0, 2000);
}

#define CLOCK_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLOCK_TEST(test_a_speech_is_as_long_as_it_was),
        CLOCK_TEST(test_an_embargo_ends_with_the_speech),
        CLOCK_TEST(test_countdowns_take_their_time),
        CLOCK_TEST(test_nobody_is_lost_before_their_time),
        CLOCK_TEST(test_in_a_pause_everything_takes_its_time),
        CLOCK_TEST(test_a_restart_keeps_the_time),
        CLOCK_TEST(test_a_journal_from_the_future),
        CLOCK_TEST(test_between_sittings_it_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
