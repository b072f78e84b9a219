#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"

static void auto_floor(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "te channel.auto_floor fr off", ERR_NONE, "channel fr silent"},
        {FLOOR, "te channel.auto_floor fr off", ERR_NONE, "channel fr silent"},
        {FLOOR "; te channel.auto_floor fr off", "mo channel.auto_floor fr on", ERR_NONE,
         "channel fr floor d1"},
        {FLOOR "; te channel.auto_floor fr off", "mo channel.auto_floor fr off", ERR_NONE, ""},
        {FLOOR "; f1 desk.microphone on", "te channel.auto_floor fr off", ERR_NONE,
         "channel fr interpreted f1"},
        {"te channel.auto_floor fr off; ch sitting.open", "ch floor.give d1", ERR_NONE,
         "microphone.opened d1 1; channel floor+ar+zh+en+ru+es floor d1"},
        {"", "te channel.auto_floor floor on", ERR_INVALID, "the floor itself has no auto-floor"},
        {"", "ch channel.auto_floor fr off", ERR_FORBIDDEN, "your capacity does not permit this"},
        {"", "f1 channel.auto_floor fr off", ERR_FORBIDDEN, "your capacity does not permit this"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void follows_the_floor_only_where_its_booth_is_silent(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR "; f1 desk.microphone on", "ch floor.give d2", ERR_NONE,
         "microphone.opened d2 2; channel floor+ar+zh+en+ru+es floor d2"},
        {FLOOR "; f1 desk.microphone on; ch floor.end d1", "f1 desk.microphone off", ERR_NONE,
         "desk.changed f1 fr off; channel fr silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void begins_silent_with_auto_floor(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        const struct channel *channel = &script.state->meeting.channels[i];
        assert_int_equal(channel->id, i);
        assert_int_equal(channel->state, CHANNEL_STATE_SILENT);
        assert_int_equal(channel->auto_floor, i != CHANNEL_ID_FLOOR);
    }
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_floor),
        cmocka_unit_test(follows_the_floor_only_where_its_booth_is_silent),
        cmocka_unit_test(begins_silent_with_auto_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
