#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define THREE "d1 floor.request; d2 floor.request; d3 floor.request"

static void requests(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "d1 floor.request", ERR_NONE, "request.added 1 d1"},
        {"ch item.start i2", "d1 floor.request", ERR_NONE, "request.added 1 d1 i2"},
        {THREE "; d1 floor.withdraw", "d1 floor.request", ERR_NONE, "request.added 4 d1"},
        {"d1 floor.request", "d1 floor.request", ERR_CONFLICT, "already_listed"},
        {"ch list.close", "d1 floor.request", ERR_CONFLICT, "list_closed"},
        {"ch list.close", "ch floor.request", ERR_NONE, "request.added 1 ch"},
        {"ch list.close", "se floor.request", ERR_NONE, "request.added 1 se"},
        {"ch list.close; mo list.open", "d1 floor.request", ERR_NONE, "request.added 1 d1"},
        {"", "en floor.request", ERR_CONFLICT, "not_in_room"},
        {"", "aw floor.request", ERR_CONFLICT, "not_in_room"},
        {"", "li floor.request", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "mo floor.request", ERR_FORBIDDEN, "capacity_forbids"},
        // Who has the floor may ask for it again.
        {"ch sitting.open; ch floor.give d1", "d1 floor.request", ERR_NONE, "request.added 1 d1"},
        {THREE, "d2 floor.withdraw", ERR_NONE, "request.removed 2"},
        {"", "d2 floor.withdraw", ERR_CONFLICT, "not_listed"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void is_managed(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch request.add aw", ERR_NONE, "request.added 1 aw"},
        {"ch list.close", "mo request.add d1", ERR_NONE, "request.added 1 d1"},
        {THREE, "ch request.add d1", ERR_CONFLICT, "already_listed"},
        {"", "ch request.add f1", ERR_CONFLICT, "cannot_have_floor"},
        {"", "ch request.add nobody", ERR_NOT_FOUND, "no_such_participant"},
        {"", "d1 request.add d1", ERR_FORBIDDEN, "capacity_forbids"},
        {THREE, "se request.remove 2", ERR_NONE, "request.removed 2"},
        {THREE, "ch request.remove 9", ERR_NOT_FOUND, "no_such_request"},
        {THREE, "d1 request.remove 2", ERR_FORBIDDEN, "capacity_forbids"},
        {THREE, "ch request.move 3 1", ERR_NONE, "request.moved 3 1"},
        {THREE, "ch request.move 1 256", ERR_NONE, "request.moved 1 3"},
        {THREE, "ch request.move 2 2", ERR_NONE, ""},
        {THREE, "ch request.move 2 0", ERR_INVALID, "positions_from_one"},
        {THREE, "ch request.move 9 1", ERR_NOT_FOUND, "no_such_request"},
        {"", "ch list.close", ERR_NONE, "list.changed closed"},
        {"", "ch list.open", ERR_NONE, ""},
        {"ch list.close", "mo list.open", ERR_NONE, "list.changed open"},
        {"", "d1 list.close", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void assert_order(const struct script *script, const char *order)
{
    char got[64] = "";
    for (uint32_t i = 0; i < script->state->meeting.requests_count; i++) {
        strcat(got, script->state->meeting.requests[i].participant);
    }
    assert_string_equal(got, order);
}

static void moves_up_and_down(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, THREE "; se floor.request");
    assert_order(&script, "d1d2d3se");
    script_run(&script, "ch request.move 4 1");
    assert_order(&script, "sed1d2d3");
    script_run(&script, "ch request.move 4 3");
    assert_order(&script, "d1d2sed3");
    script_run(&script, "ch request.move 1 2");
    assert_order(&script, "d2d1sed3");
    script_run(&script, "ch request.remove 1");
    assert_order(&script, "d2sed3");
    script_finish(&script);
}

static void has_a_maximum(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    for (int i = 0; i <= MEETING_REQUESTS_MAX; i++) {
        char step[64] = "";
        snprintf(step, sizeof step, "x%d", i);
        script_add(&script, step, CAPACITY_DELEGATE, LANGUAGE_NONE);
        snprintf(step, sizeof step, "ch request.add x%d", i);
        script_step(&script, step);
        assert_int_equal(script.err, i < MEETING_REQUESTS_MAX ? ERR_NONE : ERR_FULL);
    }
    assert_int_equal(script.refusal.reason, REFUSAL_LIST_FULL);
    // The largest batch there is: the whole list, microphones, booths, a screen.
    script_run(&script,
               "ch sitting.open; ch floor.give d1; ch floor.give d2; d1 screen.set on; "
               "f1 desk.microphone on; r1 desk.microphone on; ch sitting.close");
    assert_int_equal(script.state->meeting.requests_count, 0);
    assert_true(script.events->count > MEETING_REQUESTS_MAX + 10);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(is_managed),
        cmocka_unit_test(moves_up_and_down),
        cmocka_unit_test(has_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
