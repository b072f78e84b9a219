#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"
// Russian works into English and is flagged; French and Spanish listen.
#define AUTO "te booth.set ru override en+fr en none auto 0; r1 desk.output b"

static void listens(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "f1 desk.listen ru", ERR_NONE, "desk.chosen f1 hears ru"},
        {"f1 desk.listen ru", "f1 desk.listen ru", ERR_NONE, ""},
        {"f1 desk.listen ru", "f1 desk.listen floor", ERR_NONE, "desk.chosen f1"},
        {"", "f1 desk.listen floor original", ERR_NONE, "desk.chosen f1 original"},
        {"", "d1 desk.listen ru", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "f1 desk.preselect 3 ru", ERR_NONE, "desk.preselected f1 3 ru"},
        {"f1 desk.preselect 3 ru", "f1 desk.preselect 3 ru", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Original, first hand, second hand; a ring ends at the greatest depth.
static void depth(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR, "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; channel ru interpreted r1"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru", "f1 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr on; channel fr interpreted f1 hand 2; channel ru interpreted r1"},
        {FLOOR
         "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; s1 desk.listen fr",
         "s1 desk.microphone on", ERR_NONE,
         "desk.changed s1 es on; channel fr interpreted f1 hand 2; channel es interpreted s1 hand "
         "3"},
        {FLOOR "; f1 desk.listen ru; f1 desk.microphone on", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; channel fr interpreted f1 hand 2; channel ru interpreted r1"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on",
         "r1 desk.listen fr", ERR_NONE,
         "desk.chosen r1 hears fr; channel fr interpreted f1 hand 3; channel ru interpreted r1 "
         "hand 3"},
        {FLOOR "; r1 desk.microphone on; f1 desk.microphone on", "f1 desk.listen ru", ERR_NONE,
         "desk.chosen f1 hears ru; channel fr interpreted f1 hand 2; channel ru interpreted r1"},
        {FLOOR "; f1 desk.microphone on", "f1 desk.listen fr", ERR_NONE,
         "desk.chosen f1 hears fr; channel fr interpreted f1 hand 3"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on",
         "f1 desk.listen floor", ERR_NONE,
         "desk.chosen f1; channel fr interpreted f1; channel ru interpreted r1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A flagged booth on its B output is the floor of the others.
static void auto_relay(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR "; " AUTO, "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on b en; auto_relay.changed en ru; channel en interpreted r1"},
        {FLOOR "; " AUTO "; r1 desk.microphone on", "f1 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr on; channel en interpreted r1; channel fr interpreted f1 hand 2"},
        {FLOOR "; " AUTO "; r1 desk.microphone on; f1 desk.listen floor original",
         "f1 desk.microphone on", ERR_NONE, "desk.changed f1 fr on; channel fr interpreted f1"},
        {FLOOR "; " AUTO "; f1 desk.microphone on", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on b en; auto_relay.changed en ru; channel en interpreted r1; channel "
         "fr interpreted f1 hand 2"},
        {FLOOR "; " AUTO "; f1 desk.microphone on; r1 desk.microphone on", "r1 desk.microphone off",
         ERR_NONE,
         "desk.changed r1 ru off; auto_relay.changed; channel en floor d1; channel fr interpreted "
         "f1"},
        {FLOOR "; " AUTO "; f1 desk.microphone on; r1 desk.microphone on", "r1 desk.output a",
         ERR_NONE,
         "desk.changed r1 ru on; auto_relay.changed; channel en floor d1; channel fr interpreted "
         "f1; channel ru interpreted r1"},
        {FLOOR "; " AUTO "; f1 desk.microphone on; r1 desk.microphone on",
         "te booth.set ru override en+fr en none plain 0", ERR_NONE,
         "booth.changed ru; auto_relay.changed; channel en interpreted r1; channel fr interpreted "
         "f1"},
        {FLOOR "; " AUTO "; r1 desk.output a", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; channel ru interpreted r1"},
        // A mute one stands in for nothing, and does with its first sound.
        {FLOOR "; " AUTO "; r1 desk.microphone on; te channel.auto_floor en off; +5000",
         "r1 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent r1 no_sound; auto_relay.changed"},
        {FLOOR "; " AUTO "; r1 desk.microphone on; te channel.auto_floor en off; +5000; "
               "r1 source.silent no_sound 2000 0",
         "r1 source.sounds", ERR_NONE, "microphone.silent r1 heard; auto_relay.changed en ru"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void a_lost_pivot_warns_and_offers_the_next_best(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR
         "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; s1 desk.microphone on",
         "r1 desk.microphone off", ERR_NONE,
         "desk.changed r1 ru off; channel fr interpreted f1; channel ru floor d1 warning es"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; s1 desk.listen "
               "ru; s1 desk.microphone on",
         "r1 desk.microphone off", ERR_NONE,
         "desk.changed r1 ru off; channel fr interpreted f1; channel ru floor d1 warning floor; "
         "channel es interpreted s1"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; r1 "
               "desk.microphone off",
         "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on; channel fr interpreted f1 hand 2; channel ru interpreted r1"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; r1 "
               "desk.microphone off",
         "f1 desk.listen floor", ERR_NONE,
         "desk.chosen f1; channel fr interpreted f1; channel ru floor d1"},
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; r1 "
               "desk.microphone off",
         "ch floor.end d1", ERR_NONE,
         "microphone.closed d1 0; channel floor+ar+zh+en+ru+es silent"},
        // One that holds its channel and is not heard is no pivot, and none to be offered.
        {FLOOR "; r1 desk.microphone on; f1 desk.listen ru; f1 desk.microphone on; "
               "s1 desk.microphone on; +5000",
         "r1 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent r1 no_sound; channel fr interpreted f1; channel ru floor d1 warning "
         "es"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listens),
        cmocka_unit_test(depth),
        cmocka_unit_test(auto_relay),
        cmocka_unit_test(a_lost_pivot_warns_and_offers_the_next_best),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
