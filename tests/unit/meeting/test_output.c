#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

#define EN_FR "te booth.set ru override en+fr en none plain 0"

static void chooses(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "r1 desk.output a", ERR_NONE, ""},
        {"", "r1 desk.output a ru", ERR_NONE, ""},
        {"", "r1 desk.output a en", ERR_INVALID, "output_a_is_own"},
        {"", "r1 desk.output b", ERR_CONFLICT, "output_needs_language"},
        {"", "r1 desk.output b en", ERR_CONFLICT, "booth_not_into_language"},
        {EN_FR, "r1 desk.output b", ERR_NONE, "desk.chosen r1 b"},
        {EN_FR, "r1 desk.output b fr", ERR_NONE, "desk.chosen r1 b fr"},
        {EN_FR, "r1 desk.output b es", ERR_CONFLICT, "booth_not_into_language"},
        {EN_FR, "r1 desk.output c", ERR_CONFLICT, "output_needs_language"},
        {EN_FR, "r1 desk.output c fr", ERR_NONE, "desk.chosen r1 c fr"},
        {EN_FR "; r1 desk.output b fr", "r1 desk.output b fr", ERR_NONE, ""},
        {EN_FR "; r1 desk.output b fr", "r1 desk.output a", ERR_NONE, "desk.chosen r1 fr"},
        {EN_FR "; r1 desk.output b fr; te booth.set ru override en en none plain 0",
         "r1 desk.microphone on", ERR_CONFLICT, "output_needs_language"},
        {"", "d1 desk.output a", ERR_FORBIDDEN, "capacity_forbids"},
        {"r1 room.leave", "r1 desk.output a", ERR_CONFLICT, "not_in_room"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void opens_into_the_chosen_channel(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {EN_FR "; r1 desk.output b", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on b en; channel en interpreted r1"},
        {EN_FR "; r1 desk.output b; r1 desk.microphone on", "r1 desk.microphone cough", ERR_NONE,
         "desk.changed r1 ru cough b en"},
        {EN_FR "; r1 desk.output b; r1 desk.microphone on", "r1 desk.microphone off", ERR_NONE,
         "desk.changed r1 ru off; channel en silent"},
        {EN_FR "; r1 desk.output c fr", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on c fr; channel fr interpreted r1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// One press: the microphone stays open and feeds another channel.
static void moves_on_the_air(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {EN_FR "; r1 desk.microphone on", "r1 desk.output b", ERR_NONE,
         "desk.changed r1 ru on b en; channel en interpreted r1; channel ru silent"},
        {EN_FR "; r1 desk.microphone on; r1 desk.output b", "r1 desk.output a", ERR_NONE,
         "desk.changed r1 ru on; channel en silent; channel ru interpreted r1"},
        {EN_FR "; r1 desk.microphone on; r1 desk.output b", "r1 desk.output b fr", ERR_NONE,
         "desk.changed r1 ru on b fr; desk.chosen r1 b fr; channel en silent; channel fr "
         "interpreted r1"},
        {EN_FR "; f1 desk.microphone on; r1 desk.microphone on", "r1 desk.output b fr",
         ERR_CONFLICT, "output_held"},
        {EN_FR "; r1 desk.microphone on; r1 desk.microphone cough", "r1 desk.output b", ERR_NONE,
         ""},
        {EN_FR "; r1 desk.microphone on; r1 desk.microphone cough; r1 desk.output b",
         "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; desk.changed r1 ru on b en; channel en interpreted r1; channel ru "
         "silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses),
        cmocka_unit_test(opens_into_the_chosen_channel),
        cmocka_unit_test(moves_on_the_air),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
