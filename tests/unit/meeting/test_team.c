#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void leads(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "mo team.lead s1", ERR_NONE, "team.changed s1"},
        {"mo team.lead s1", "mo team.lead s1", ERR_NONE, ""},
        {"mo team.lead s1", "s1 team.lead s2", ERR_NONE, "team.changed s2"},
        {"", "s1 team.lead s1", ERR_FORBIDDEN, "not_team_lead"},
        {"", "mo team.lead d1", ERR_CONFLICT, "lead_is_interpreter"},
        {"", "mo team.lead nobody", ERR_NOT_FOUND, "no_such_participant"},
        {"mo team.lead s1", "mo participant.remove s1", ERR_NONE,
         "team.changed; participant.removed s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void assigns(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "mo desk.assign s3 fr 1", ERR_NONE, "desk.assigned s3 fr 1"},
        {"", "mo desk.assign s3 fr 6", ERR_NONE, "desk.assigned s3 fr 3"},
        {"", "mo desk.assign s3 es 1", ERR_NONE, "desk.assigned s3 es 1"},
        {"", "mo desk.assign s3 zh 1", ERR_NONE, "desk.assigned s3 zh 1"},
        {"s3 desk.microphone on", "mo desk.assign s3 fr 1", ERR_NONE,
         "desk.changed s3 es off lost; handover.changed es counting s3 s1; desk.assigned s3 fr 1; "
         "channel "
         "es silent"},
        {"s1 desk.microphone on; s3 handover.request", "mo desk.assign s3 fr 1", ERR_NONE,
         "handover.changed es none void; desk.assigned s3 fr 1"},
        {"s3 desk.microphone on", "mo desk.assign s3 es 1", ERR_NONE, "desk.assigned s3 es 1"},
        {"", "s1 desk.assign s3 fr 1", ERR_FORBIDDEN, "not_team_lead"},
        {"mo team.lead s1", "s1 desk.assign s3 fr 1", ERR_NONE, "desk.assigned s3 fr 1"},
        {"", "mo desk.assign d1 fr 1", ERR_CONFLICT, "desks_for_interpreters"},
        {"", "mo desk.assign nobody fr 1", ERR_NOT_FOUND, "no_such_participant"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void sets_a_booth(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "te booth.set ru mixed en+fr en fr auto 30 rota", ERR_NONE, "booth.changed ru"},
        {"", "te booth.set ar override none none none plain 0", ERR_NONE, "booth.changed ar"},
        {"", "te booth.set ru override ru none none plain 0", ERR_INVALID, "outputs_not_distinct"},
        {"", "te booth.set ru override en+en none none plain 0", ERR_INVALID,
         "outputs_not_distinct"},
        {"", "te booth.set ru override en fr none plain 0", ERR_INVALID, "outputs_not_allowed"},
        {"", "te booth.set ru override none none none plain 0 rota", ERR_INVALID,
         "rota_needs_turn"},
        {"", "r1 booth.set ru override none none none plain 0", ERR_FORBIDDEN, "not_team_lead"},
        {"mo team.lead r1", "r1 booth.set ru override none none none plain 0", ERR_NONE,
         "booth.changed ru"},
        {"te booth.set es mixed none none none plain 0; s1 desk.microphone on; s2 desk.microphone "
         "on",
         "te booth.set es override none none none plain 0", ERR_NONE,
         "booth.changed es; desk.changed s1 es off for es"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void rests(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "s1 desk.rest on", ERR_NONE, "desk.chosen s1 rests"},
        {"s1 desk.rest on", "s1 desk.rest on", ERR_NONE, ""},
        {"s1 desk.rest on", "s1 desk.rest off", ERR_NONE, "desk.chosen s1"},
        {"s1 desk.microphone on", "s1 desk.rest on", ERR_CONFLICT, "microphone_open"},
        {"s1 desk.rest on", "s1 desk.microphone on", ERR_NONE,
         "desk.changed s1 es on; channel es interpreted s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void moves_a_desk(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting; // booths: fr, ru, es
    script_run(&script,
               "te booth.set es override en en none plain 0; s3 desk.output b en; "
               "s3 desk.preselect 1 ru; mo desk.assign s3 es 1");
    assert_string_equal(meeting->booths[2].desks[0].participant, "s3");
    assert_string_equal(meeting->booths[2].desks[2].participant, "s2");
    assert_int_equal(meeting->booths[2].desks[0].output, OUTPUT_B);
    script_run(&script, "mo desk.assign s3 fr 2");
    const struct desk *desk = &meeting->booths[0].desks[1];
    assert_string_equal(desk->participant, "s3");
    assert_int_equal(desk->output, OUTPUT_NONE); // another booth, other outputs
    assert_int_equal(desk->preselects[0].channel, CHANNEL_ID_RU);
    assert_int_equal(meeting->booths[0].desks_count, 3);
    assert_int_equal(meeting->booths[2].desks_count, 2);
    assert_int_equal(meeting_find_participant(script.state, "s3")->language, LANGUAGE_FR);
    script_run(&script, "s3 desk.microphone on");
    assert_string_equal(meeting->channels[CHANNEL_ID_FR].holder, "s3");
    script_finish(&script);
}

// With its first interpreter a language is promised, and is missed while somebody speaks.
static void a_new_booth_is_promised_at_once(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, "ch sitting.open; ch floor.give d1");
    assert_int_equal(meeting->channels[CHANNEL_ID_ZH].unserved_since, 0);
    script_run(&script, "mo desk.assign s3 zh 1");
    assert_int_equal(meeting->channels[CHANNEL_ID_ZH].unserved_since, script.now);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leads),        cmocka_unit_test(assigns),
        cmocka_unit_test(sets_a_booth), cmocka_unit_test(rests),
        cmocka_unit_test(moves_a_desk), cmocka_unit_test(a_new_booth_is_promised_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
