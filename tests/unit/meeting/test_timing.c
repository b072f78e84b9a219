#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define MIXED                                                                         \
    "te booth.set es mixed none none none plain 0; s1 desk.microphone on; +1000; s2 " \
    "desk.microphone on"

// Two microphones of a mixed booth: allowed, and everyone in it sees red.
static void both_open_alarm(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {MIXED, "+299", ERR_NONE, ""},
        {MIXED, "+300", ERR_NONE, "booth.alarmed es on"},
        {MIXED "; +300", "+100000", ERR_NONE, ""},
        {MIXED "; +300", "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; booth.alarmed es off"},
        {MIXED "; +300; s3 desk.microphone on", "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off"},
        {MIXED "; s1 desk.microphone off", "+300", ERR_NONE, ""},
        {MIXED "; +300; s1 desk.microphone off; s1 desk.microphone on", "+300", ERR_NONE,
         "booth.alarmed es on"},
        {MIXED, "s2 desk.microphone cough", ERR_NONE,
         "desk.changed s2 es cough; channel es interpreted s1"},
        {MIXED, "s2 desk.microphone off", ERR_NONE,
         "desk.changed s2 es off; channel es interpreted s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_open_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
