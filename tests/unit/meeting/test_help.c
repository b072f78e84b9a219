#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
