#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"

static void raises_in_no_name(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR, "f1 signal.send slow_down", ERR_NONE, "signal.raised slow_down d1"},
        {FLOOR "; f1 signal.send slow_down", "r1 signal.send slow_down", ERR_NONE, ""},
        {FLOOR "; f1 signal.send slow_down; +5000", "r1 signal.send slow_down", ERR_NONE,
         "signal.raised slow_down d1"},
        {FLOOR "; f1 signal.send slow_down", "r1 signal.send louder", ERR_NONE,
         "signal.raised louder d1"},
        {FLOOR "; ch floor.take", "f1 signal.send louder", ERR_NONE, "signal.raised louder ch"},
        // To whom the booths hear, not to who opened last and is not heard.
        {FLOOR "; ch floor.take; ch source.silent no_packets 2000 0", "f1 signal.send louder",
         ERR_NONE, "signal.raised louder d1"},
        {FLOOR "; d1 source.sounds; ch floor.take", "f1 signal.send louder", ERR_NONE,
         "signal.raised louder ch"},
        {"", "f1 signal.send slow_down", ERR_CONFLICT, "nobody_has_floor"},
        {"", "f1 signal.send microphone_off", ERR_NONE, "signal.raised microphone_off"},
        {FLOOR, "f1 signal.send bad_sound", ERR_NONE, "signal.raised bad_sound d1 fr named"},
        {FLOOR "; f1 signal.send bad_sound", "r1 signal.send bad_sound", ERR_NONE,
         "signal.raised bad_sound d1 ru named"},
        {FLOOR, "d2 signal.send slow_down", ERR_FORBIDDEN, "capacity_forbids"},
        {FLOOR "; f1 room.leave", "f1 signal.send slow_down", ERR_CONFLICT, "not_in_room"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A chair who comes back sees the latest; there are never more than the maximum.
static void keeps_the_latest(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, FLOOR);
    for (uint32_t i = 0; i < MEETING_SIGNALS_MAX; i++) {
        script_run(&script, "f1 signal.send bad_sound");
    }
    script_run(&script, "f1 signal.send slow_down");
    assert_int_equal(meeting->signals_count, MEETING_SIGNALS_MAX);
    assert_int_equal(meeting->signals[0].kind, SIGNAL_KIND_BAD_SOUND);
    assert_int_equal(meeting->signals[0].language, LANGUAGE_FR);
    const struct signal *last = &meeting->signals[MEETING_SIGNALS_MAX - 1];
    assert_int_equal(last->kind, SIGNAL_KIND_SLOW_DOWN);
    assert_int_equal(last->language, LANGUAGE_NONE);
    assert_string_equal(last->participant, "d1");
    assert_int_equal(last->at, script.now);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raises_in_no_name),
        cmocka_unit_test(keeps_the_latest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
