#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define OPEN "ch sitting.open"
#define ALL  "channel floor+ar+zh+en+fr+ru+es "
#define TWO  OPEN "; ch floor.give d1; ch floor.give d2"

static void gives_and_refuses(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPEN, "ch floor.give d1", ERR_NONE, "microphone.opened d1 1; " ALL "floor d1"},
        {OPEN "; d1 floor.request", "ch floor.give d1", ERR_NONE,
         "request.removed 1; microphone.opened d1 1; " ALL "floor d1"},
        {OPEN "; ch floor.give d1", "ch floor.give d2", ERR_NONE,
         "microphone.opened d2 2; " ALL "floor d2"},
        {TWO, "ch floor.give d3", ERR_CONFLICT, "microphones_all_open"},
        {TWO "; ch floor.end d1", "ch floor.give d3", ERR_NONE,
         "microphone.opened d3 1; floor_language.changed fr; " ALL "floor d3"},
        {OPEN "; ch floor.give d1", "ch floor.give d1", ERR_CONFLICT, "has_floor_already"},
        {"", "ch floor.give d1", ERR_CONFLICT, "sitting_not_open"},
        {OPEN "; ch sitting.suspend", "ch floor.give d1", ERR_CONFLICT, "sitting_not_open"},
        {OPEN, "ch floor.give en", ERR_CONFLICT, "participant_not_in_room"},
        {OPEN, "ch floor.give aw", ERR_CONFLICT, "participant_not_in_room"},
        {OPEN "; d1 disconnect; +3000", "ch floor.give d1", ERR_CONFLICT,
         "participant_not_in_room"},
        {OPEN, "ch floor.give nobody", ERR_NOT_FOUND, "no_such_participant"},
        {OPEN, "ch floor.give f1", ERR_CONFLICT, "cannot_have_floor"},
        {OPEN, "ch floor.give li", ERR_CONFLICT, "cannot_have_floor"},
        {OPEN, "ch floor.give mo", ERR_CONFLICT, "cannot_have_floor"},
        {OPEN, "mo floor.give se", ERR_NONE, "microphone.opened se 1; " ALL "floor se"},
        {OPEN, "se floor.give ch", ERR_NONE, "microphone.opened ch 1; " ALL "floor ch"},
        {OPEN, "d1 floor.give d1", ERR_FORBIDDEN, "capacity_forbids"},
        {OPEN, "f1 floor.give d1", ERR_FORBIDDEN, "capacity_forbids"},
        {OPEN, "nobody floor.give d1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The command names what it meant, and two presses in one moment are one intent.
static void gives_what_was_meant(void **state)
{
    (void)state;
#define LISTED OPEN "; d1 floor.request; d2 floor.request"
    static const struct script_case cases[] = {
        {LISTED, "ch floor.give #2", ERR_NONE,
         "request.removed 2; microphone.opened d2 1; " ALL "floor d2"},
        {LISTED "; ch request.move 2 1", "ch floor.give #1", ERR_NONE,
         "request.removed 1; microphone.opened d1 1; " ALL "floor d1"},
        {LISTED "; ch floor.give #1", "ch floor.give #1", ERR_NOT_FOUND, "no_such_request"},
        {LISTED "; d1 floor.withdraw", "ch floor.give #1", ERR_NOT_FOUND, "no_such_request"},
        {OPEN, "ch floor.give #1", ERR_NOT_FOUND, "no_such_request"},
        {LISTED "; d1 room.leave", "ch floor.give #1", ERR_NOT_FOUND, "no_such_request"},
        {OPEN, "ch floor.give", ERR_INVALID, "give_names_one"},
        // Again, whoever presses, and whatever it names.
        {LISTED "; ch floor.give #1", "ch floor.give #2", ERR_CONFLICT, "floor_just_given"},
        {LISTED "; ch floor.give #1; +599", "mo floor.give d3", ERR_CONFLICT, "floor_just_given"},
        {LISTED "; ch floor.give #1; +100; d1 floor.yield", "mo floor.give d3", ERR_CONFLICT,
         "floor_just_given"},
        {LISTED "; ch floor.give #1; +600", "ch floor.give #2", ERR_NONE,
         "request.removed 2; microphone.opened d2 2; " ALL "floor d2"},
        // Taken is not given.
        {OPEN "; ch floor.give d1", "ch floor.take", ERR_NONE,
         "microphone.opened ch 2; " ALL "floor ch"},
        {OPEN "; ch floor.take", "ch floor.give d1", ERR_NONE,
         "microphone.opened d1 2; " ALL "floor d1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
    struct script script;
    script_init(&script);
    script_run(&script, OPEN "; ch floor.take");
    script_step(&script, "mo floor.give d1"); // in the same millisecond
    assert_int_equal(script.err, ERR_NONE);
    script_finish(&script);
}

// "Give now, end the other."
static void gives_and_ends_the_other(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPEN "; ch floor.give d1; +4400; d2 floor.request", "ch floor.give #1 d1", ERR_NONE,
         "microphone.closed d1 4400; request.removed 1; microphone.opened d2 1; " ALL "floor d2"},
        {TWO "; d3 floor.request", "ch floor.give #1 d1", ERR_NONE,
         "microphone.closed d1 1200; request.removed 1; microphone.opened d3 1; "
         "floor_language.changed fr; " ALL "floor d3"},
        // It has ended by itself meanwhile.
        {OPEN "; ch floor.give d1; d2 floor.request; d1 floor.yield", "ch floor.give #1 d1",
         ERR_NONE, "request.removed 1; microphone.opened d2 1; " ALL "floor d2"},
        {TWO "; d1 floor.yield; ch floor.take; d3 floor.request", "ch floor.give #1 d1",
         ERR_CONFLICT, "microphones_all_open"},
        // Who cannot have it ends nobody.
        {OPEN "; ch floor.give d1", "ch floor.give en d1", ERR_CONFLICT, "participant_not_in_room"},
        {OPEN "; ch floor.give d1", "ch floor.give d1 d1", ERR_CONFLICT, "has_floor_already"},
        {OPEN "; ch floor.give d1", "ch floor.give d2 d1", ERR_CONFLICT, "floor_just_given"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void chair_takes(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPEN, "ch floor.take", ERR_NONE, "microphone.opened ch 1; " ALL "floor ch"},
        {OPEN "; ch floor.request", "ch floor.take", ERR_NONE,
         "request.removed 1; microphone.opened ch 1; " ALL "floor ch"},
        {"", "ch floor.take", ERR_CONFLICT, "sitting_not_open"},
        {OPEN "; ch floor.take", "ch floor.take", ERR_CONFLICT, "you_have_floor_already"},
        // Both are taken: the latest delegate's closes, and its position is the
        // chair's.
        {TWO "; +4000", "ch floor.take", ERR_NONE,
         "microphone.closed d2 4000; microphone.opened ch 2; " ALL "floor d1; " ALL "floor ch"},
        {OPEN "; ch floor.give d1; ch floor.give se", "ch floor.take", ERR_NONE,
         "microphone.closed se 0; microphone.opened ch 2; " ALL "floor d1; " ALL "floor ch"},
        {TWO "; d2 screen.set on", "ch floor.take", ERR_NONE,
         "screen.changed d2 off; microphone.closed d2 0; microphone.opened ch "
         "2; " ALL "floor d1; " ALL "floor ch"},
        {OPEN "; ch room.leave", "ch floor.take", ERR_CONFLICT, "not_in_room"},
        {OPEN, "mo floor.take", ERR_FORBIDDEN, "capacity_forbids"},
        {OPEN, "d1 floor.take", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void ends_and_yields(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPEN "; ch floor.give d1; +1500", "ch floor.end d1", ERR_NONE,
         "microphone.closed d1 1500; " ALL "silent"},
        // The older one stays: the channels go back to it.
        {TWO, "mo floor.end d2", ERR_NONE, "microphone.closed d2 0; " ALL "floor d1"},
        {TWO, "mo floor.end d1", ERR_NONE, "microphone.closed d1 600"},
        {OPEN, "ch floor.end d1", ERR_CONFLICT, "has_no_floor"},
        {OPEN, "ch floor.end nobody", ERR_NOT_FOUND, "no_such_participant"},
        {TWO, "ch floor.end_all", ERR_NONE,
         "microphone.closed d1 600; microphone.closed d2 0; " ALL "silent"},
        {OPEN, "ch floor.end_all", ERR_NONE, ""},
        {TWO, "d1 floor.yield", ERR_NONE, "microphone.closed d1 600"},
        {TWO, "d3 floor.yield", ERR_CONFLICT, "you_have_no_floor"},
        {TWO, "d3 floor.end d1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void counts_time_and_interventions(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, OPEN
               "; ch floor.give d1; +1000; d1 floor.yield; +9000; ch floor.give d1; "
               "+500; ch sitting.suspend");
    const struct participant *d1 = meeting_find_participant(script.state, "d1");
    assert_int_equal(d1->spoken_ms, 1500);
    assert_int_equal(d1->interventions, 2);
    assert_int_equal(d1->microphone_since, 0);
    script_finish(&script);
}

static void time_that_runs_backwards_is_held(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, OPEN "; ch floor.give d1");
    time_ms opened_at = script.state->meeting.floor[0].opened_at;
    script.now -= 60000;
    script_run(&script, "ch floor.end d1");
    assert_int_equal(script.state->at, opened_at);
    assert_string_equal(script.told, "microphone.closed d1 0; " ALL "silent");
    script_finish(&script);
}

static void one_microphone_at_most(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script.state->meeting.floor_microphones_max = 1;
    script_adopt(&script);
    script_run(&script, OPEN "; ch floor.give d1");
    script_step(&script, "ch floor.give d2");
    assert_int_equal(script.err, ERR_CONFLICT);
    script_step(&script, "ch floor.take");
    assert_string_equal(script.told,
                        "microphone.closed d1 0; microphone.opened ch 1; " ALL "floor ch");
    script_finish(&script);
}

static void chairs_do_not_close_each_other(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_add(&script, "c2", CAPACITY_CHAIR, LANGUAGE_NONE);
    script_add(&script, "c3", CAPACITY_CHAIR, LANGUAGE_NONE);
    script_run(&script, "c2 connect; c2 room.enter; c3 connect; c3 room.enter; " OPEN
                        "; ch floor.take; c2 floor.take");
    script_step(&script, "c3 floor.take");
    assert_int_equal(script.err, ERR_CONFLICT);
    assert_int_equal(script.refusal.reason, REFUSAL_MICROPHONES_ALL_OPEN);
    script_run(&script, "c2 floor.yield; ch floor.give d1");
    script_step(&script, "c3 floor.take");
    assert_string_equal(script.told, "microphone.closed d1 0; microphone.opened c3 2; " ALL
                                     "floor ch; " ALL "floor c3");
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_and_refuses),
        cmocka_unit_test(gives_what_was_meant),
        cmocka_unit_test(gives_and_ends_the_other),
        cmocka_unit_test(chair_takes),
        cmocka_unit_test(ends_and_yields),
        cmocka_unit_test(counts_time_and_interventions),
        cmocka_unit_test(time_that_runs_backwards_is_held),
        cmocka_unit_test(one_microphone_at_most),
        cmocka_unit_test(chairs_do_not_close_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
