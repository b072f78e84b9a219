#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void starts(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch item.start i1", ERR_NONE, "item.started i1"},
        {"ch item.start i1", "mo item.start i2", ERR_NONE, "item.started i2"},
        {"ch item.start i1", "ch item.start i1", ERR_NONE, ""},
        {"", "ch item.start i9", ERR_NOT_FOUND, "no_such_item"},
        {"", "d1 item.start i1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void the_one_before_is_done(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "ch item.start i1; ch item.start i2");
    assert_int_equal(meeting_find_item(script.state, "i1")->state, ITEM_STATE_DONE);
    assert_string_equal(meeting_current_item(script.state)->id, "i2");
    script_run(&script, "ch item.start i1");
    assert_string_equal(meeting_current_item(script.state)->id, "i1");
    assert_int_equal(meeting_find_item(script.state, "i2")->state, ITEM_STATE_DONE);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts),
        cmocka_unit_test(the_one_before_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
