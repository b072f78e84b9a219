#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"
#define ALL   "channel floor+ar+zh+en+fr+ru+es "

static void camera(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "d1 camera.set on", ERR_NONE, "camera.changed d1 on"},
        {"d1 camera.set on", "d1 camera.set on", ERR_NONE, ""},
        {"d1 camera.set on", "d1 camera.set off", ERR_NONE, "camera.changed d1 off"},
        {"", "f1 camera.set on", ERR_NONE, "camera.changed f1 on"},
        {"", "en camera.set on", ERR_CONFLICT, "not_in_room"},
        {"", "li camera.set on", ERR_FORBIDDEN, "capacity_forbids"},
        {"d1 camera.set on", "d1 room.leave", ERR_NONE,
         "camera.changed d1 off; presence.changed d1 entrance"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void screen(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch screen.set on", ERR_NONE, "screen.changed ch on"},
        {"", "mo screen.set on", ERR_NONE, "screen.changed mo on"},
        {"", "d1 screen.set on", ERR_CONFLICT, "you_have_no_floor"},
        {FLOOR, "d1 screen.set on", ERR_NONE, "screen.changed d1 on"},
        {FLOOR "; d1 screen.set on", "d1 screen.set on", ERR_NONE, ""},
        {FLOOR "; d1 screen.set on", "ch screen.set on", ERR_CONFLICT, "screen_taken"},
        {FLOOR "; d1 screen.set on", "ch screen.set off", ERR_NONE, ""},
        {FLOOR "; d1 screen.set on", "d1 screen.set off", ERR_NONE, "screen.changed d1 off"},
        // A delegate's screen ends with the floor; a chair's or a secretary's
        // does not.
        {FLOOR "; d1 screen.set on", "ch floor.end d1", ERR_NONE,
         "screen.changed d1 off; microphone.closed d1 0; " ALL "silent"},
        {"ch sitting.open; ch floor.give se; se screen.set on", "ch floor.end se", ERR_NONE,
         "microphone.closed se 0; " ALL "silent"},
        {"", "f1 screen.set on", ERR_FORBIDDEN, "capacity_forbids"},
        {"ch room.leave", "ch screen.set on", ERR_CONFLICT, "not_in_room"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(camera),
        cmocka_unit_test(screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
