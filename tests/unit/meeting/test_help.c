#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "meeting/state.h"
#include "script.h"

static void calls(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "d1 help.ask", ERR_NONE, "help.changed d1 asked"},
        {"", "en help.ask", ERR_NONE, "help.changed en asked"},
        {"d1 help.ask", "d1 help.ask", ERR_NONE, ""},
        {"d1 help.ask", "d1 help.cancel", ERR_NONE, "help.changed d1 none"},
        {"", "d1 help.cancel", ERR_NONE, ""},
        {"d1 help.ask", "te help.handle d1 handled", ERR_NONE, "help.changed d1 handled by te"},
        {"d1 help.ask; mo help.handle d1 handled", "mo help.handle d1 none", ERR_NONE,
         "help.changed d1 none"},
        {"d1 help.ask; mo help.handle d1 handled", "d1 help.ask", ERR_NONE,
         "help.changed d1 asked"},
        {"", "mo help.handle d1 handled", ERR_CONFLICT, "has_not_called"},
        {"", "mo help.handle d1 asked", ERR_INVALID, "call_state_unknown"},
        {"", "mo help.handle nobody none", ERR_NOT_FOUND, "no_such_participant"},
        {"d1 help.ask", "ch help.handle d1 none", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "d1 help.ask sound", ERR_NONE, "help.changed d1 asked sound"},
        {"d1 help.ask", "d1 help.ask picture", ERR_NONE, "help.changed d1 asked picture"},
        {"d1 help.ask sound", "d1 help.ask", ERR_NONE, ""},
        {"d1 help.ask sound; te help.handle d1 handled", "d1 help.ask", ERR_NONE,
         "help.changed d1 asked sound"},
        {"d1 help.ask; te help.handle d1 handled", "d1 help.cancel", ERR_NONE,
         "help.changed d1 none"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A call has one who answers, and a second one knows whose it is before stepping in.
static void one_answers(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"d1 help.ask sound; te help.handle d1 handled", "te help.handle d1 handled", ERR_NONE, ""},
        {"d1 help.ask sound; te help.handle d1 handled", "mo help.handle d1 handled", ERR_CONFLICT,
         "call_is_taken"},
        {"d1 help.ask sound; te help.handle d1 handled", "mo help.handle d1 handled d2",
         ERR_CONFLICT, "call_is_taken"},
        {"d1 help.ask sound; te help.handle d1 handled", "mo help.handle d1 handled te", ERR_NONE,
         "help.changed d1 handled sound by mo"},
        {"d1 help.ask sound; te help.handle d1 handled", "mo help.handle d1 none", ERR_NONE,
         "help.changed d1 none"},
        // Who is away has left it to others, who need not ask.
        {"d1 help.ask; te help.handle d1 handled; te disconnect; +70000",
         "mo help.handle d1 handled", ERR_NONE, "help.changed d1 handled by mo"},
        {"d1 help.ask; te help.handle d1 handled; mo participant.remove te",
         "mo help.handle d1 handled", ERR_NONE, "help.changed d1 handled by mo"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void caller_and_helper_write(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"d1 help.ask sound", "d1 help.say - hello", ERR_NONE, "help.said d1 d1 hello"},
        {"d1 help.ask sound", "d1 help.say d1 hello", ERR_NONE, "help.said d1 d1 hello"},
        // To answer is to take.
        {"d1 help.ask sound", "te help.say d1 hello", ERR_NONE,
         "help.changed d1 handled sound by te; help.said te d1 hello"},
        {"d1 help.ask sound; te help.say d1 hello", "te help.say d1 change_microphone", ERR_NONE,
         "help.said te d1 change_microphone"},
        {"d1 help.ask sound; te help.say d1 hello", "mo help.say d1 hello", ERR_CONFLICT,
         "call_is_taken"},
        {"d1 help.ask sound; te help.say d1 hello; mo help.handle d1 handled te",
         "mo help.say d1 hello", ERR_NONE, "help.said mo d1 hello"},
        // Whoever answers calls may need help too.
        {"te help.ask other", "mo help.say te hello", ERR_NONE,
         "help.changed te handled other by mo; help.said mo te hello"},
        {"", "d1 help.say - hello", ERR_CONFLICT, "call_is_over"},
        {"d1 help.ask; d1 help.cancel", "d1 help.say - hello", ERR_CONFLICT, "call_is_over"},
        {"", "te help.say d1 hello", ERR_CONFLICT, "has_not_called"},
        {"d1 help.ask", "d1 help.say", ERR_INVALID, "chat_needs_words"},
        {"d1 help.ask", "d1 help.say - camera_off", ERR_FORBIDDEN, "suggestions_by_helper"},
        {"d1 help.ask", "d2 help.say d1 hello", ERR_FORBIDDEN, "capacity_forbids"},
        {"d1 help.ask", "ch help.say d1 hello", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "te help.say nobody hello", ERR_NOT_FOUND, "no_such_participant"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void nobody_floods_a_call(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, "d1 help.ask sound; d2 help.ask; te help.say d2 first");
    for (int i = 0; i < HELP_LINES_AT_ONCE; i++) {
        script_run(&script, "d1 help.say - hello");
    }
    script_step(&script, "d1 help.say - hello");
    assert_int_equal(script.err, ERR_TOO_MANY);
    assert_int_equal(script.refusal.reason, REFUSAL_LINES_TOO_FAST);
    script_run(&script, "te help.say d1 answer; +10000");
    // Of one call the latest are kept, and other calls' lines stay where they are.
    for (int i = 0; i < 3 * HELP_LINES_OF_CALL; i++) {
        script_run(&script, "+2000; d1 help.say - again");
    }
    assert_int_equal(meeting->help_lines_count, 1 + HELP_LINES_OF_CALL);
    assert_string_equal(meeting->help_lines[0].text, "first");
    assert_string_equal(meeting->help_lines[1].text, "again");
    // What is over makes room first.
    script_run(&script, "d1 help.cancel; en help.ask; d3 help.ask; f1 help.ask; f2 help.ask");
    static const char *const callers[] = {"en", "d3", "f1", "f2"};
    for (uint32_t k = 0; k < 4; k++) {
        for (int i = 0; i < HELP_LINES_OF_CALL; i++) {
            char step[64];
            snprintf(step, sizeof step, "+2000; %s help.say - more", callers[k]);
            script_run(&script, step);
        }
    }
    assert_int_equal(meeting->help_lines_count, 1 + 5 * HELP_LINES_OF_CALL);
    for (int i = 0; i < 10; i++) {
        script_run(&script, "+2000; d2 help.say - second");
    }
    assert_int_equal(meeting->help_lines_count, MEETING_HELP_LINES_MAX);
    assert_string_equal(meeting->help_lines[0].text, "first");
    script_finish(&script);
}

// It is kept while its caller is away, and taken up again where it was left.
static void a_call_is_kept(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, "d1 help.ask sound; te help.say d1 hello; d1 disconnect; +70000");
    assert_int_equal(meeting->help_calls_count, 1);
    assert_string_equal(meeting->help_calls[0].helper, "te");
    assert_int_equal(meeting->help_calls[0].reason, HELP_REASON_SOUND);
    script_run(&script, "d1 connect; te help.handle d1 none");
    assert_int_equal(meeting->help_calls_count, 0);
    script_run(&script, "d1 help.ask picture");
    assert_int_equal(meeting->help_lines_count, 1);
    assert_string_equal(meeting->help_calls[0].helper, "");
    script_run(&script, "mo participant.remove d1");
    assert_int_equal(meeting->help_lines_count, 0);
    assert_int_equal(meeting->help_calls_count, 0);
    script_finish(&script);
}

static enum err audience_calls(struct script *script, uint32_t number)
{
    struct participant listener = {.capacity = CAPACITY_LISTENER, .presence = PRESENCE_PRESENT};
    snprintf(listener.id, sizeof listener.id, "audience-%u", (unsigned)number);
    strcpy(listener.name, "Ada Park");
    enum err err = meeting_audience_calls(script->state, &listener, HELP_REASON_SOUND, script->now,
                                          script->events, &script->refusal);
    script_told(script);
    return err;
}

// A hall of listeners presses at once: the lists are for those who take part.
static void an_audience_calls_a_hundred_at_a_time(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    uint32_t before = script.state->meeting.participants_count;
    for (uint32_t i = 0; i < 101; i++) {
        assert_int_equal(audience_calls(&script, i), i < 100 ? ERR_NONE : ERR_FULL);
    }
    assert_int_equal(script.refusal.reason, REFUSAL_CALLS_FULL);
    assert_int_equal(script.refusal.most, 100);
    assert_int_equal(script.state->meeting.participants_count, before + 100);
    // One has been helped: the next may call.
    script_run(&script, "mo help.handle audience-7 handled; mo help.handle audience-7 none");
    assert_int_equal(audience_calls(&script, 100), ERR_NONE);
    script_finish(&script);
}

// Who calls takes no participant's place, and a full meeting can be called from.
static void callers_and_participants_have_places_of_their_own(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    char text[48];
    for (uint32_t i = 0; i < MEETING_AUDIENCE_CALLS_MAX - 1; i++) {
        assert_int_equal(audience_calls(&script, i), ERR_NONE);
    }
    for (uint32_t i = 0; meeting_places_taken(meeting) < MEETING_PLACES_MAX; i++) {
        snprintf(text, sizeof text, "x%u", (unsigned)i);
        script_add(&script, text, CAPACITY_OBSERVER, LANGUAGE_NONE);
    }
    const struct participant late = {.id = "late", .capacity = CAPACITY_OBSERVER};
    assert_int_equal(
        meeting_add_participant(script.state, &late, script.now, script.events, &script.refusal),
        ERR_FULL);
    assert_int_equal(script.refusal.reason, REFUSAL_MEETING_FULL);
    assert_int_equal(script.refusal.most, MEETING_PLACES_MAX);
    assert_int_equal(audience_calls(&script, MEETING_AUDIENCE_CALLS_MAX - 1), ERR_NONE);
    assert_int_equal(meeting->participants_count, MEETING_PARTICIPANTS_MAX);
    assert_int_equal(audience_calls(&script, MEETING_AUDIENCE_CALLS_MAX), ERR_FULL);
    assert_int_equal(script.refusal.reason, REFUSAL_CALLS_FULL);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_audience_calls_a_hundred_at_a_time),
        cmocka_unit_test(callers_and_participants_have_places_of_their_own),
        cmocka_unit_test(a_call_is_kept),
        cmocka_unit_test(caller_and_helper_write),
        cmocka_unit_test(calls),
        cmocka_unit_test(nobody_floods_a_call),
        cmocka_unit_test(one_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
