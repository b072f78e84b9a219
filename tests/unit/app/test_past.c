// What has left the state is read from the journal, by those who were told it.
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "contract/permissions.h"
#include "contract/visibility.h"

#define LINES 100 // of a chat; the state keeps MEETING_CHAT_MAX of all chats

static struct event room[MEETING_CHAT_MAX];

static struct app_past past_for(const struct viewer *viewer, uint64_t before)
{
    return (struct app_past){.section = MEETING_SECTION_CHAT,
                             .viewer = viewer,
                             .before = before,
                             .events = room,
                             .max = MEETING_CHAT_MAX};
}

static void say(struct world *world, app_live live, int number)
{
    struct command command = {.type = COMMAND_CHAT_SEND};
    command.as.chat_send.room = CHAT_ROOM_INTERPRETERS;
    snprintf(command.as.chat_send.text, sizeof(command.as.chat_send.text), "line %d", number);
    assert_int_equal(world_command(world, live, &command), ERR_NONE);
}

static void test_older_lines_of_a_chat(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "interpreter-fr-1");
    for (int i = 1; i <= LINES; i++) {
        say(world, live, i);
    }
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_int_equal(meeting->chat_count, MEETING_CHAT_MAX);
    const struct viewer viewer = viewer_of(world_listed(world, "interpreter-fr-1"));
    struct app_past past = past_for(&viewer, 0);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, MEETING_CHAT_MAX);
    assert_string_equal(room[past.max - 1].as.chat_said.text, "line 100");
    assert_string_equal(room[0].as.chat_said.text, "line 37");
    assert_int_equal(past.next, room[0].seq);
    past = past_for(&viewer, past.next);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, LINES - MEETING_CHAT_MAX);
    assert_string_equal(room[past.max - past.count].as.chat_said.text, "line 1");
    assert_string_equal(room[past.max - 1].as.chat_said.text, "line 36");
    assert_int_equal(past.next, 0);
}

static void test_who_is_not_told_reads_nothing(void **state)
{
    struct world *world = *state;
    say(world, world_enter(world, "interpreter-fr-1"), 1);
    const struct viewer viewer = viewer_of(world_listed(world, "delegate-fra"));
    struct app_past past = past_for(&viewer, 0);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, 0);
    assert_int_equal(past.next, 0);
    assert_int_equal(app_past_read(world->app, "other", &past), ERR_NOT_FOUND);
}

// A long journal is looked through a piece at a time.
static void test_one_answer_looks_at_so_much_and_no_more(void **state)
{
    struct world *world = *state;
    app_live interpreter = world_enter(world, "interpreter-fr-1");
    say(world, interpreter, 1);
    const uint64_t said = world_seq(world);
    app_live delegate = world_enter(world, "delegate-fra");
    while (world_seq(world) < said + APP_PAST_ROWS) {
        assert_int_equal(world_simple(world, delegate, COMMAND_FLOOR_REQUEST), ERR_NONE);
        assert_int_equal(world_simple(world, delegate, COMMAND_FLOOR_WITHDRAW), ERR_NONE);
        world->line_count = 0;
    }
    const struct viewer viewer = viewer_of(world_listed(world, "interpreter-fr-1"));
    struct app_past past = past_for(&viewer, 0);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, 0);
    assert_int_equal(past.next, world_seq(world) + 1 - APP_PAST_ROWS);
    past = past_for(&viewer, past.next);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, 1);
    assert_int_equal(room[past.max - 1].seq, said);
}

// Of what another booth says one is told nothing, and only reading it shows that.
static void test_one_answer_reads_so_many_events_and_no_more(void **state)
{
    struct world *world = *state;
    app_live french = world_enter(world, "interpreter-fr-1");
    struct command command = {.type = COMMAND_CHAT_SEND};
    command.as.chat_send.room = CHAT_ROOM_BOOTH;
    strcpy(command.as.chat_send.text, "Next item in a minute");
    const uint64_t begun = world_seq(world);
    while (world_seq(world) < begun + 2 * APP_PAST_READ) {
        assert_int_equal(world_command(world, french, &command), ERR_NONE);
        world->line_count = 0;
    }
    const struct viewer russian = viewer_of(world_listed(world, "interpreter-ru-1"));
    struct app_past past = past_for(&russian, 0);
    for (uint64_t page = 1; page <= 2; page++) {
        assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
        assert_int_equal(past.count, 0);
        assert_int_equal(past.next, world_seq(world) + 1 - page * APP_PAST_READ);
        past = past_for(&russian, past.next);
    }
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.next, 0);
}

// Of a section whose events they are never told, the audience gets the answer without a look at
// the journal: there is nothing to ask further for.
static void test_who_is_told_nothing_costs_nothing(void **state)
{
    struct world *world = *state;
    app_live interpreter = world_enter(world, "interpreter-fr-1");
    const uint64_t begun = world_seq(world);
    for (int i = 1; world_seq(world) < begun + APP_PAST_ROWS; i++) {
        say(world, interpreter, i);
        world->line_count = 0;
    }
    const struct viewer booth = viewer_of(world_listed(world, "interpreter-fr-1"));
    struct app_past past = past_for(&booth, 0);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_true(past.next > 0);
    const struct viewer audience = {.capacity = CAPACITY_LISTENER, .participant = "audience-1"};
    past = past_for(&audience, 0);
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_int_equal(past.count, 0);
    assert_int_equal(past.next, 0);
    past.section = MEETING_SECTION_SPEAKERS; // and of what all are told, as others
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_true(past.next > 0);
}

// A type is left out only when no event of it would be told.
static void test_types_are_told_as_their_events(void **state)
{
    (void)state;
    for (int i = 0; i < CAPACITY_COUNT; i++) {
        const struct viewer viewer = {
            .capacity = (enum capacity)i, .participant = "p1", .language = LANGUAGE_FR};
        struct event event = {.type = EVENT_CHAT_SAID};
        bool told = false;
        for (int room_at = 0; room_at < CHAT_ROOM_COUNT; room_at++) {
            event.as.chat_said.room = (enum chat_room)room_at;
            event.as.chat_said.language = LANGUAGE_FR;
            told = told || event_told(&event, &viewer);
        }
        assert_int_equal(event_type_told(EVENT_CHAT_SAID, &viewer), told);
        assert_true(event_type_told(EVENT_DOCUMENT_ADDED, &viewer));
        assert_true(event_type_told(EVENT_PRESENCE_CHANGED, &viewer));
        // The speaker may be anybody who takes part, and who calls for help anybody.
        assert_true(event_type_told(EVENT_HELP_CHANGED, &viewer));
        assert_int_equal(event_type_told(EVENT_SIGNAL_RAISED, &viewer), i != CAPACITY_LISTENER);
    }
}

// What one is told of oneself is told of the past too, whoever one is.
static void test_of_oneself_the_past_tells_what_the_line_does(void **state)
{
    (void)state;
    for (int i = 0; i < CAPACITY_COUNT * EVENT_COUNT; i++) {
        const struct viewer viewer = {.capacity = (enum capacity)(i / EVENT_COUNT),
                                      .participant = "p1",
                                      .language = LANGUAGE_FR};
        struct event event = {.type = (enum event_type)(i % EVENT_COUNT)};
        const char *subject = event_subject(&event);
        if (subject != NULL) {
            memcpy((char *)&event + (subject - (const char *)&event), "p1", sizeof("p1"));
            assert_true(!event_told(&event, &viewer) || event_type_told(event.type, &viewer));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_older_lines_of_a_chat, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_who_is_not_told_reads_nothing, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_who_is_told_nothing_costs_nothing, world_setup,
                                        world_teardown),
        cmocka_unit_test(test_types_are_told_as_their_events),
        cmocka_unit_test(test_of_oneself_the_past_tells_what_the_line_does),
        cmocka_unit_test_setup_teardown(test_one_answer_looks_at_so_much_and_no_more, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_one_answer_reads_so_many_events_and_no_more,
                                        world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
