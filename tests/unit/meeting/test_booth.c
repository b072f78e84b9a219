#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"

static void microphones(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR, "f1 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr on; channel fr interpreted f1"},
        {FLOOR "; f1 desk.microphone on", "f1 desk.microphone on", ERR_NONE, ""},
        {FLOOR "; f1 desk.microphone on", "f1 desk.microphone off", ERR_NONE,
         "desk.changed f1 fr off; channel fr floor d1"},
        {FLOOR "; f1 desk.microphone on; mo channel.auto_floor fr off", "f1 desk.microphone off",
         ERR_NONE, "desk.changed f1 fr off; channel fr silent"},
        // Cough: the channel stays with its holder, silent; the floor does not
        // burst in.
        {FLOOR "; f1 desk.microphone on", "f1 desk.microphone cough", ERR_NONE,
         "desk.changed f1 fr cough"},
        {FLOOR "; f1 desk.microphone on; f1 desk.microphone cough", "f1 desk.microphone on",
         ERR_NONE, "desk.changed f1 fr on"},
        {FLOOR "; f1 desk.microphone on; f1 desk.microphone cough", "f1 desk.microphone off",
         ERR_NONE, "desk.changed f1 fr off; channel fr floor d1"},
        {FLOOR, "f1 desk.microphone cough", ERR_CONFLICT, "microphone_off"},
        // Override: the partner goes off the air, also one that coughs.
        {FLOOR "; f1 desk.microphone on", "f2 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr off by f2; desk.changed f2 fr on; channel fr interpreted "
         "f2"},
        {FLOOR "; f1 desk.microphone on; f1 desk.microphone cough", "f2 desk.microphone on",
         ERR_NONE,
         "desk.changed f1 fr off by f2; desk.changed f2 fr on; channel fr interpreted "
         "f2"},
        {FLOOR "; f1 desk.microphone on; f2 desk.microphone on", "f1 desk.microphone cough",
         ERR_CONFLICT, "microphone_off"},
        // Mine opens again only once theirs is closed.
        {FLOOR "; f1 desk.microphone on; f2 desk.microphone on", "f1 desk.microphone on",
         ERR_CONFLICT, "partner_opened_over"},
        {FLOOR "; f1 desk.microphone on; f2 desk.microphone on; f2 desk.microphone off",
         "f1 desk.microphone on", ERR_NONE, "desk.changed f1 fr on; channel fr interpreted f1"},
        // Of two in a mixed booth the channel carries the one who speaks.
        {"te booth.set fr mixed none none none plain 0; f1 desk.microphone on; "
         "f2 desk.microphone on",
         "f2 desk.microphone cough", ERR_NONE,
         "desk.changed f2 fr cough; channel fr interpreted f1"},
        // One who was closed waits no longer once both may be open.
        {"f1 desk.microphone on; f2 desk.microphone on; "
         "te booth.set fr mixed none none none plain 0",
         "f1 desk.microphone on", ERR_NONE, "desk.changed f1 fr on; channel fr interpreted f1"},
        // Another booth is another matter.
        {FLOOR "; f1 desk.microphone on", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; channel ru interpreted r1"},
        // An interpreter may be ready before the sitting opens.
        {"", "f1 desk.microphone on", ERR_NONE, "desk.changed f1 fr on; channel fr interpreted f1"},
        {"f1 room.leave", "f1 desk.microphone on", ERR_CONFLICT, "not_in_room"},
        {"", "d3 desk.microphone on", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "ch desk.microphone on", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void since_survives_a_cough(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "f1 desk.microphone on");
    time_ms since = script.now;
    script_run(&script, "+2000; f1 desk.microphone cough; +300; f1 desk.microphone on");
    assert_int_equal(meeting_find_participant(script.state, "f1")->microphone_since, since);
    script_run(&script, "f1 desk.microphone off");
    assert_int_equal(meeting_find_participant(script.state, "f1")->microphone_since, 0);
    script_finish(&script);
}

static void booths_stand_in_order(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_add(&script, "e1", CAPACITY_INTERPRETER, LANGUAGE_ES);
    script_add(&script, "a1", CAPACITY_INTERPRETER, LANGUAGE_AR);
    script_add(&script, "n1", CAPACITY_INTERPRETER, LANGUAGE_EN);
    static const enum language expected[] = {LANGUAGE_AR, LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_RU,
                                             LANGUAGE_ES};
    assert_int_equal(meeting->booths_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(meeting->booths[i].language, expected[i]);
    }
    assert_int_equal(meeting->booths[2].desks_count, 2);
    script_run(&script, "f1 desk.microphone on; mo participant.remove f1");
    assert_string_equal(script.told,
                        "desk.changed f1 fr off lost; handover.changed fr counting f1 f2; "
                        "participant.removed f1; channel fr silent");
    assert_int_equal(meeting->booths[2].desks_count, 1);
    assert_string_equal(meeting->booths[2].desks[0].participant, "f2");
    script_finish(&script);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(microphones),
        cmocka_unit_test(since_survives_a_cough),
        cmocka_unit_test(booths_stand_in_order),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
