#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ALL  "channel floor+ar+zh+en+fr+ru+es "
#define BUSY "ch sitting.open; ch floor.give d1; d1 camera.set on; d1 screen.set on"

static void enters_and_leaves(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "aw connect", ERR_NONE, "presence.changed aw entrance"},
        {"", "en connect", ERR_NONE, ""},
        {"", "en room.enter", ERR_NONE, "presence.changed en present"},
        {"", "d1 room.enter", ERR_NONE, ""},
        {"", "aw room.enter", ERR_CONFLICT, "not_connected"},
        {"", "nobody room.enter", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "en room.leave", ERR_NONE, ""},
        {"d2 floor.request; d1 floor.request", "d1 room.leave", ERR_NONE,
         "request.removed 2; presence.changed d1 entrance"},
        {BUSY, "d1 room.leave", ERR_NONE,
         "screen.changed d1 off; camera.changed d1 off; microphone.closed d1 0; "
         "presence.changed d1 entrance; " ALL "silent"},
        {"f1 desk.microphone on", "f1 room.leave", ERR_NONE,
         "desk.changed f1 fr off; presence.changed f1 entrance; channel fr "
         "silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void is_lost_and_away(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {BUSY, "d1 disconnect", ERR_NONE, ""},
        {BUSY "; d1 disconnect", "+2999", ERR_NONE, ""},
        {BUSY "; d1 disconnect", "+3000", ERR_NONE,
         "screen.changed d1 off; camera.changed d1 off; microphone.closed d1 "
         "3000; "
         "presence.changed d1 lost; " ALL "silent"},
        {"ch sitting.open; ch floor.give d1; f1 desk.microphone on; f1 "
         "disconnect",
         "+3000", ERR_NONE,
         "handover.changed fr counting f1 f2; desk.changed f1 fr off lost; handover.changed fr "
         "counting f1 f2; presence.changed f1 lost; channel fr floor d1; desk.changed f2 fr on; "
         "handover.changed fr none forced; channel fr interpreted f2"},
        // The place on the list stays.
        {"d1 floor.request; d1 disconnect", "+60000", ERR_NONE,
         "presence.changed d1 lost; presence.changed d1 away"},
        {"d1 disconnect; +3000", "+56999", ERR_NONE, ""},
        {"d1 disconnect; +3000", "+57000", ERR_NONE, "presence.changed d1 away"},
        // Back within the time: nothing happened. The microphone is as it was.
        {BUSY "; d1 disconnect; +2999; d1 connect", "+100000", ERR_NONE, ""},
        {"d1 disconnect; +3000", "d1 connect", ERR_NONE, "presence.changed d1 present"},
        {"d1 disconnect; +3000; d1 connect", "+100000", ERR_NONE, ""},
        {"d1 disconnect; +60000", "d1 connect", ERR_NONE, "presence.changed d1 entrance"},
        {"en disconnect", "+3000", ERR_NONE, "presence.changed en away"},
        {"aw disconnect", "+100000", ERR_NONE, ""},
        {"d1 disconnect; mo participant.remove d1", "+100000", ERR_NONE, ""},
        // Counted from the first end, however often it is told.
        {"d1 disconnect; +2000; d1 disconnect", "+1000", ERR_NONE, "presence.changed d1 lost"},
        // Three round trips of a long line more, and of none more than five seconds.
        {"d1 disconnect 1400", "+7199", ERR_NONE, ""},
        {"d1 disconnect 1400", "+7200", ERR_NONE, "presence.changed d1 lost"},
        {"d1 disconnect 5000", "+18000", ERR_NONE, "presence.changed d1 lost"},
        {"d1 disconnect 4000000", "+17999", ERR_NONE, ""},
        {"d1 disconnect 4000000", "+18000", ERR_NONE, "presence.changed d1 lost"},
        {"d1 disconnect 4000000", "+60000", ERR_NONE,
         "presence.changed d1 lost; presence.changed d1 away"},
        {"", "nobody connect", ERR_NOT_FOUND, ""},
        {"", "nobody disconnect", ERR_NONE, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].err == ERR_NONE) {
            script_cases(&cases[i], 1);
        } else {
            struct script script;
            script_init(&script);
            script_step(&script, cases[i].step);
            assert_int_equal(script.err, cases[i].err);
            script_finish(&script);
        }
    }
}

static void never_on_the_air_after_coming_back(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, BUSY
               "; f1 desk.microphone on; d1 disconnect; f1 disconnect; +3000; "
               "d1 connect; f1 connect");
    assert_int_equal(meeting_find_participant(script.state, "d1")->microphone, MICROPHONE_OFF);
    assert_int_equal(meeting_find_participant(script.state, "f1")->microphone, MICROPHONE_OFF);
    assert_int_equal(script.state->meeting.floor_count, 0);
    script_finish(&script);
}

static void source_ended(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {BUSY, "d1 source.ended", ERR_NONE,
         "screen.changed d1 off; camera.changed d1 off; microphone.closed d1 "
         "0; " ALL "silent"},
        {"f1 desk.microphone on", "f1 source.ended", ERR_NONE,
         "desk.changed f1 fr off lost; handover.changed fr counting f1 f2; channel fr silent"},
        {BUSY, "d2 source.ended", ERR_NONE, ""},
        {BUSY, "nobody source.ended", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void restart_gives_time_to_come_back(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, BUSY "; d2 disconnect; +3000");
    meeting_presence_restart(&script.presence, script.state, script.now);
    script_run(
        &script,
        "+2000; ch connect; se connect; mo connect; te connect; d3 connect; "
        "f1 connect; f2 connect; r1 connect; s1 connect; s2 connect; s3 connect; ca connect; "
        "li connect; en connect");
    script_step(&script, "+7999");
    assert_string_equal(script.told, "");
    script_step(&script, "+1");
    assert_string_equal(script.told,
                        "screen.changed d1 off; camera.changed d1 "
                        "off; microphone.closed d1 13000; "
                        "presence.changed d1 lost; " ALL "silent");
    script_step(&script, "+50000");
    assert_string_equal(script.told, "presence.changed d1 away; presence.changed d2 away");
    assert_int_equal(meeting_next_deadline(&script.presence), PRESENCE_NEVER);
    script_finish(&script);
}

static void script_connect(struct script *script, const char *id)
{
    char step[64];
    snprintf(step, sizeof step, "%s connect", id);
    script_run(script, step);
}

// A thousand lose their line together, two hundred of them are removed, and two hundred who come
// in their place lose theirs: who is not in the list any more takes no room.
static void who_was_removed_takes_no_room(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    char id[16];
    uint32_t number = 0;
    while (script.state->meeting.participants_count < MEETING_PLACES_MAX) {
        snprintf(id, sizeof id, "x%u", (unsigned)number++);
        script_add(&script, id, CAPACITY_DELEGATE, LANGUAGE_NONE);
        script_connect(&script, id);
    }
    for (uint32_t i = 0; i < script.state->meeting.participants_count; i++) {
        meeting_disconnected(&script.presence, script.state,
                             script.state->meeting.participants[i].id, 0, script.now);
    }
    uint32_t before = script.presence.gone_count;
    assert_in_range(before, MEETING_PLACES_MAX - 10, MEETING_PLACES_MAX);
    assert_int_equal(
        meeting_connected(&script.presence, script.state, "mo", script.now, script.events),
        ERR_NONE);
    for (uint32_t i = 0; i < 200; i++) {
        char step[64];
        snprintf(step, sizeof step, "mo participant.remove x%u", (unsigned)i);
        script_run(&script, step);
        snprintf(id, sizeof id, "y%u", (unsigned)i);
        script_add(&script, id, CAPACITY_DELEGATE, LANGUAGE_NONE);
        script_connect(&script, id);
        meeting_disconnected(&script.presence, script.state, id, 0, script.now);
    }
    assert_true(script.presence.gone_count <= MEETING_PARTICIPANTS_MAX);
    // Nobody who is there was forgotten.
    uint32_t found = 0;
    for (uint32_t i = 0; i < script.presence.gone_count; i++) {
        found += meeting_find_participant(script.state, script.presence.gone[i].participant) !=
                 NULL;
    }
    assert_int_equal(found, before - 1);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enters_and_leaves),
        cmocka_unit_test(is_lost_and_away),
        cmocka_unit_test(who_was_removed_takes_no_room),
        cmocka_unit_test(never_on_the_air_after_coming_back),
        cmocka_unit_test(source_ended),
        cmocka_unit_test(restart_gives_time_to_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
