#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ALL "channel floor+ar+zh+en+fr+ru+es "
#define BUSY                                                        \
    "ch sitting.open; ch floor.give d1; f1 desk.microphone on; d2 " \
    "floor.request; +1000"

static void opens_suspends_closes(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch sitting.open", ERR_NONE, "sitting.changed open 1"},
        {"", "mo sitting.open", ERR_NONE, "sitting.changed open 1"},
        {"ch sitting.open", "ch sitting.open", ERR_CONFLICT, "sitting_open_already"},
        {"ch sitting.open; ch sitting.suspend", "ch sitting.open", ERR_NONE,
         "sitting.changed open 1"},
        {"ch sitting.open; ch sitting.close", "ch sitting.open", ERR_NONE,
         "sitting.changed open 2"},
        // A pause closes every microphone, the booths' too; the list stays.
        {BUSY, "ch sitting.suspend", ERR_NONE,
         "microphone.closed d1 1000; desk.changed f1 fr off; sitting.changed "
         "suspended 1; " ALL "silent"},
        {"", "ch sitting.suspend", ERR_CONFLICT, "sitting_not_open"},
        {BUSY "; ch sitting.suspend", "ch sitting.suspend", ERR_CONFLICT, "sitting_not_open"},
        {BUSY, "se sitting.close", ERR_NONE,
         "microphone.closed d1 1000; desk.changed f1 fr off; request.removed 1; "
         "sitting.changed closed 1; " ALL "silent"},
        {BUSY "; ch sitting.suspend", "ch sitting.close", ERR_NONE,
         "request.removed 1; sitting.changed closed 1"},
        {"", "ch sitting.close", ERR_CONFLICT, "sitting_closed_already"},
        {"", "d1 sitting.open", ERR_FORBIDDEN, "capacity_forbids"},
        {BUSY, "d1 sitting.close", ERR_FORBIDDEN, "capacity_forbids"},
        {BUSY, "te sitting.suspend", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void since(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    assert_int_equal(meeting->sitting_since, 0);
    script_run(&script, "ch sitting.open; +1000; ch sitting.suspend");
    assert_int_equal(meeting->sitting_since, script.now);
    assert_int_equal(meeting->opened_at, script.now - 1000);
    script_run(&script, "+500; ch sitting.open");
    assert_int_equal(meeting->opened_at, script.now - 1500);
    script_run(&script, "ch sitting.close");
    assert_int_equal(meeting->sitting_since, 0);
    assert_int_equal(meeting->opened_at, 0);
    script_finish(&script);
}

#define PAUSE "ch sitting.open; ch sitting.suspend"

static void announces_when_it_goes_on(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {PAUSE, "ch sitting.announce 20", ERR_NONE, "sitting.announced"},
        {PAUSE, "mo sitting.announce 20", ERR_NONE, "sitting.announced"},
        {PAUSE "; ch sitting.announce 20; +60000", "ch sitting.announce 19", ERR_NONE, ""},
        {PAUSE "; ch sitting.announce 20", "ch sitting.open", ERR_NONE,
         "sitting.changed open 1; sitting.announced"},
        {PAUSE "; ch sitting.announce 20", "ch sitting.close", ERR_NONE,
         "sitting.changed closed 1; sitting.announced"},
        {"", "ch sitting.announce 20", ERR_CONFLICT, "sitting_not_suspended"},
        {"ch sitting.open", "ch sitting.announce 20", ERR_CONFLICT, "sitting_not_suspended"},
        {PAUSE, "d1 sitting.announce 20", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, PAUSE "; se sitting.announce 20");
    assert_int_equal(meeting->resumes_at, script.now + 20 * 60 * 1000);
    script_run(&script, "ch sitting.open");
    assert_int_equal(meeting->resumes_at, 0);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_suspends_closes),
        cmocka_unit_test(since),
        cmocka_unit_test(announces_when_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
