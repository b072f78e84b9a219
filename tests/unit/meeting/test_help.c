#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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
        {"d1 help.ask", "te help.handle d1 handled", ERR_NONE, "help.changed d1 handled"},
        {"d1 help.ask; mo help.handle d1 handled", "mo help.handle d1 none", ERR_NONE,
         "help.changed d1 none"},
        {"d1 help.ask; mo help.handle d1 handled", "d1 help.ask", ERR_NONE,
         "help.changed d1 asked"},
        {"", "mo help.handle d1 handled", ERR_CONFLICT, "has_not_called"},
        {"", "mo help.handle d1 asked", ERR_INVALID, "call_state_unknown"},
        {"", "mo help.handle nobody none", ERR_NOT_FOUND, "no_such_participant"},
        {"d1 help.ask", "ch help.handle d1 none", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A hall of listeners presses at once: the lists are for those who take part.
static void an_audience_calls_a_hundred_at_a_time(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct participant listener = {.capacity = CAPACITY_LISTENER, .presence = PRESENCE_PRESENT};
    strcpy(listener.name, "Ada Park");
    enum err err = ERR_NONE;
    uint32_t before = script.state->meeting.participants_count;
    for (uint32_t i = 0; i < 101; i++) {
        snprintf(listener.id, sizeof listener.id, "audience-%u", (unsigned)i);
        err = meeting_audience_calls(script.state, &listener, script.now, script.events,
                                     &script.refusal);
        script_told(&script);
        assert_int_equal(err, i < 100 ? ERR_NONE : ERR_FULL);
    }
    assert_int_equal(script.refusal.reason, REFUSAL_CALLS_FULL);
    assert_int_equal(script.refusal.most, 100);
    assert_int_equal(script.state->meeting.participants_count, before + 100);
    // One has been helped: the next may call.
    script_run(&script, "mo help.handle audience-7 handled; mo help.handle audience-7 none");
    err = meeting_audience_calls(script.state, &listener, script.now, script.events,
                                 &script.refusal);
    script_told(&script);
    assert_int_equal(err, ERR_NONE);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_audience_calls_a_hundred_at_a_time),
        cmocka_unit_test(calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
