#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

static void chimes_once(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"te booth.set es override none none none plain 20; s1 desk.microphone on", "+1199999",
         ERR_NONE, ""},
        {"te booth.set es override none none none plain 20; s1 desk.microphone on", "+1200000",
         ERR_NONE, "desk.chimed s1"},
        {"te booth.set es override none none none plain 20; s1 desk.microphone on; +1200000",
         "+3000000", ERR_NONE, ""},
        {"s1 desk.microphone on", "+3000000", ERR_NONE, ""},
        {"te booth.set es override none none none plain 20; s1 desk.microphone on; +1000000; s1 "
         "desk.microphone cough",
         "+200000", ERR_NONE, "desk.chimed s1"},
        {"te booth.set es override none none none plain 20; s1 desk.microphone on; +1000000; s1 "
         "desk.microphone off; s1 desk.microphone on",
         "+200000", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void the_rota_offers_to_the_next(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"te booth.set es override none none none plain 20 rota; s1 desk.microphone on", "+1200000",
         ERR_NONE, "desk.chimed s1; handover.changed es offered s1 s2"},
        {"te booth.set es override none none none plain 20 rota; s3 desk.microphone on", "+1200000",
         ERR_NONE, "desk.chimed s3; handover.changed es offered s3 s1"},
        {"te booth.set es override none none none plain 20 rota; s2 desk.rest on; s1 "
         "desk.microphone on",
         "+1200000", ERR_NONE, "desk.chimed s1; handover.changed es offered s1 s3"},
        {"te booth.set es override none none none plain 20 rota; s2 room.leave; s3 room.leave; s1 "
         "desk.microphone on",
         "+1200000", ERR_NONE, "desk.chimed s1"},
        {"te booth.set es override none none none plain 20 rota; s1 desk.microphone on; +1190000; "
         "s3 handover.request",
         "+10000", ERR_NONE, "desk.chimed s1"},
        {"te booth.set ru override none none none plain 30 rota; r1 desk.microphone on", "+1800000",
         ERR_NONE, "desk.chimed r1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static const struct hours *hours_of(const struct script *script, const char *participant)
{
    for (uint32_t i = 0; i < script->state->meeting.hours_count; i++) {
        if (strcmp(script->state->meeting.hours[i].participant, participant) == 0) {
            return &script->state->meeting.hours[i];
        }
    }
    return NULL;
}

static void assert_hours(const struct script *script, const char *participant, int64_t air_ms,
                         int64_t turns)
{
    const struct hours *hours = hours_of(script, participant);
    assert_non_null(hours);
    assert_int_equal(hours->air_ms, air_ms);
    assert_int_equal(hours->turns, turns);
}

// Minutes on the air, however a turn ends; a cough is no end.
static void hours_are_counted(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script,
               "s1 desk.microphone on; +60000; s1 desk.microphone cough; +1000; "
               "s1 desk.microphone on; +9000; s2 handover.request; s1 handover.accept; "
               "s2 desk.microphone on; +300");
    assert_hours(&script, "s1", 70300, 1);
    assert_hours(&script, "s2", 0, 0);
    script_run(&script, "+29700; s3 desk.microphone on; +5000; mo participant.remove s3");
    assert_hours(&script, "s2", 30000, 1);
    assert_hours(&script, "s3", 5000, 1);
    assert_null(meeting_find_participant(script.state, "s3"));
    script_run(&script, "s1 desk.microphone on; +1000; s1 disconnect; +3000; s1 connect");
    assert_hours(&script, "s1", 74300, 2);
    script_run(&script, "te desk.assign s1 fr 1; s1 desk.microphone on; +700; s1 room.leave");
    assert_hours(&script, "s1", 75000, 3);
    assert_int_equal(hours_of(&script, "s1")->language, LANGUAGE_FR);
    script_finish(&script);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chimes_once),
        cmocka_unit_test(the_rota_offers_to_the_next),
        cmocka_unit_test(hours_are_counted),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
