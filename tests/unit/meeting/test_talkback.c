#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ON_AIR "ch sitting.open; ch floor.give d1; f1 desk.microphone on"

static void speaks_aside(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "f1 talk.set partners", ERR_NONE, "talk.changed f1 partners"},
        {"", "f1 talk.set technicians", ERR_NONE, "talk.changed f1 technicians"},
        {"", "f1 talk.set booth fr", ERR_INVALID, "talk_to_own"},
        {"", "te talk.set booth fr", ERR_NONE, "talk.changed te booth fr"},
        {"", "te talk.set booth zh", ERR_INVALID, "talk_needs_booth"},
        {"", "te talk.set booth", ERR_INVALID, "talk_needs_booth"},
        {"", "te talk.set partners", ERR_INVALID, "talk_needs_booth"},
        {"", "d1 talk.set partners", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "f1 talk.set", ERR_NONE, ""},
        {"f1 talk.set partners", "f1 talk.set", ERR_NONE, "talk.changed f1 none"},
        {"f1 talk.set partners", "f1 talk.set partners", ERR_NONE, ""},
        {"f1 talk.set partners", "f1 talk.set technicians", ERR_NONE,
         "talk.changed f1 technicians"},
        {"te talk.set booth fr", "te talk.set booth ru", ERR_NONE, "talk.changed te booth ru"},
        {"f1 room.leave", "f1 talk.set partners", ERR_CONFLICT, "not_in_room"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void never_on_the_air(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {ON_AIR, "f1 talk.set partners", ERR_CONFLICT, "microphone_on_air"},
        {ON_AIR "; f1 desk.microphone cough", "f1 talk.set partners", ERR_NONE,
         "talk.changed f1 partners"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
    struct script script;
    script_init(&script);
    script_run(&script, ON_AIR "; f1 desk.microphone cough; f1 talk.set partners");
    script_step(&script, "f1 desk.microphone on");
    const struct participant *f1 = meeting_find_participant(script.state, "f1");
    assert_int_equal(f1->talks_to, TALK_TO_NONE);
    // Before the microphone opens, not after.
    assert_int_equal(script.events->events[0].type, EVENT_TALK_CHANGED);
    // The machine that hands over the microphone is no exception.
    script_run(&script, "f2 talk.set partners; f2 desk.microphone on");
    assert_int_equal(meeting_find_participant(script.state, "f2")->talks_to, TALK_TO_NONE);
    script_finish(&script);
}

static void ends_with_its_talker(void **state)
{
    (void)state;
    static const char *const ends[] = {"f1 room.leave", "mo participant.remove f1",
                                       "f1 source.ended"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct script script;
        script_init(&script);
        script_run(&script, "f1 talk.set partners");
        assert_string_equal(meeting_talker(script.state, "f2"), "f1");
        script_run(&script, ends[i]);
        assert_null(meeting_talker(script.state, "f2"));
        script_finish(&script);
    }
}

// Who hears whom: the latest of those who speak to one.
static void reaches_whom_it_is_for(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "f1 talk.set partners");
    assert_string_equal(meeting_talker(script.state, "f2"), "f1");
    assert_null(meeting_talker(script.state, "f1"));
    assert_null(meeting_talker(script.state, "r1"));
    assert_null(meeting_talker(script.state, "te"));
    assert_null(meeting_talker(script.state, "d1"));
    script_run(&script, "+10; te talk.set booth fr");
    assert_string_equal(meeting_talker(script.state, "f2"), "te");
    assert_string_equal(meeting_talker(script.state, "f1"), "te");
    script_run(&script, "te talk.set; r1 talk.set technicians");
    assert_string_equal(meeting_talker(script.state, "f2"), "f1");
    assert_string_equal(meeting_talker(script.state, "te"), "r1");
    assert_null(meeting_talker(script.state, "mo"));
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_aside),
        cmocka_unit_test(never_on_the_air),
        cmocka_unit_test(ends_with_its_talker),
        cmocka_unit_test(reaches_whom_it_is_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
