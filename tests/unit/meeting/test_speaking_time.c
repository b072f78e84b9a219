#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define SAID                                                        \
    "ch time.allow - everybody 180; ch time.allow - observer 120; " \
    "ch time.allow i1 everybody 300; ch time.allow i1 observer 0"

static void times_are_said_changed_and_taken_back(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch time.allow - everybody 180", ERR_NONE, "time.allowed - everybody 180"},
        {"", "mo time.allow i1 observer 120", ERR_NONE, "time.allowed i1 observer 120"},
        {"", "se time.allow i1 everybody 0", ERR_NONE, "time.allowed i1 everybody 0"},
        {SAID, "ch time.allow i1 everybody 60", ERR_NONE, "time.changed i1 everybody 60"},
        // As it is: nothing happens.
        {SAID, "ch time.allow i1 everybody 300", ERR_NONE, ""},
        {SAID, "ch time.allow i1 observer 0 on", ERR_NONE, "time.lifted"},
        {SAID, "ch time.allow i2 observer 0 on", ERR_NONE, ""},
        {SAID, "ch time.allow i7 everybody 60", ERR_NOT_FOUND, "no_such_item"},
        {"", "d1 time.allow i1 everybody 120", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "f1 time.allow i1 everybody 120", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "te time.allow i1 everybody 120", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void each_stands_once(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, SAID "; ch time.allow i1 everybody 60");
    assert_int_equal(meeting->speaking_times_count, 4);
    for (int64_t id = 1; id <= 4; id++) {
        assert_int_equal(meeting->speaking_times[id - 1].id, id);
    }
    assert_int_equal(meeting->speaking_times[2].seconds, 60);
    script_run(&script, "ch time.allow - observer 0 on; ch time.allow i2 sector 30");
    assert_int_equal(meeting->speaking_times_count, 4);
    assert_int_equal(meeting->speaking_times[3].id, 5);
    assert_string_equal(meeting->speaking_times[3].item, "i2");
    script_finish(&script);
}

static void add_item(struct script *script, uint32_t number)
{
    struct agenda_item item = {0};
    snprintf(item.id, sizeof item.id, "x%u", number);
    assert_int_equal(
        meeting_add_item(script->state, &item, script->now, script->events, &script->refusal),
        ERR_NONE);
    script_told(script);
}

static void there_is_an_end(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, "ch time.allow - everybody 60");
    for (uint32_t i = 1; i < MEETING_SPEAKING_TIMES_MAX; i++) {
        char step[64];
        add_item(&script, i);
        snprintf(step, sizeof step, "ch time.allow x%u everybody 60", i);
        script_run(&script, step);
    }
    assert_int_equal(meeting->speaking_times_count, MEETING_SPEAKING_TIMES_MAX);
    script_step(&script, "ch time.allow - member 60");
    assert_int_equal(script.err, ERR_FULL);
    assert_int_equal(script.refusal.reason, REFUSAL_TIMES_FULL);
    // What is there is changed all the same, and what is taken back makes room.
    script_run(&script, "ch time.allow - everybody 90");
    assert_int_equal(meeting->speaking_times[0].seconds, 90);
    script_run(&script, "ch time.allow x7 everybody 0 on; ch time.allow - member 60");
    assert_int_equal(meeting->speaking_times_count, MEETING_SPEAKING_TIMES_MAX);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_said_changed_and_taken_back),
        cmocka_unit_test(each_stands_once),
        cmocka_unit_test(there_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
