#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"

static void suspends_and_resumes(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR, "f1 interpretation.suspend fr later", ERR_NONE,
         "interpretation.changed fr suspended later"},
        {FLOOR "; f1 desk.microphone on; f2 handover.request", "f1 interpretation.suspend fr later",
         ERR_NONE,
         "handover.changed fr none void; desk.changed f1 fr off; interpretation.changed fr "
         "suspended later; channel fr floor d1"},
        {FLOOR "; f1 interpretation.suspend fr later", "f1 interpretation.resume fr", ERR_NONE,
         "interpretation.changed fr resumed"},
        {FLOOR "; f1 interpretation.suspend fr later", "f2 desk.microphone on", ERR_NONE,
         "interpretation.changed fr resumed; desk.changed f2 fr on; channel fr interpreted f2"},
        {FLOOR, "f1 interpretation.resume fr", ERR_NONE, ""},
        {FLOOR, "f1 interpretation.suspend ru later", ERR_FORBIDDEN, "not_your_booth"},
        {FLOOR, "te interpretation.suspend ru later", ERR_NONE,
         "interpretation.changed ru suspended later"},
        {FLOOR, "te interpretation.suspend zh later", ERR_NOT_FOUND, "no_such_booth"},
        {FLOOR, "d1 interpretation.suspend fr later", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suspends_and_resumes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
