#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "meeting/feed.h"
#include "script.h"

#define OPEN  "ch sitting.open"
#define STAGE "x feed.begin stage; x feed.delivers stage sound"

static void a_language_feed_is_heard_as_its_booth_would_be(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "x feed.begin fr", ERR_NONE, "feed.added fr fr"},
        {"x feed.begin fr", "x feed.begin fr", ERR_NONE, ""},
        {"x feed.begin fr", "x feed.delivers fr sound", ERR_NONE,
         "feed.changed fr fr sound; channel fr interpreted feed fr"},
        {"x feed.begin fr; x feed.delivers fr sound", "x feed.delivers fr nothing", ERR_NONE,
         "feed.changed fr fr; channel fr silent"},
        // auto-floor while it is silent
        {OPEN "; ch floor.give d1; x feed.begin fr; x feed.delivers fr sound",
         "x feed.delivers fr nothing", ERR_NONE, "feed.changed fr fr; channel fr floor d1"},
        {"x feed.begin fr; x feed.delivers fr sound", "x feed.ended fr", ERR_NONE,
         "feed.removed fr; channel fr silent"},
        // the people in the booth go first
        {"x feed.begin fr; x feed.delivers fr sound", "f1 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr on; channel fr interpreted f1"},
        {"x feed.begin fr; f1 desk.microphone on; f1 desk.microphone cough",
         "x feed.delivers fr sound", ERR_NONE, "feed.changed fr fr sound"},
        // a picture alone is no interpretation
        {"x feed.begin fr; x feed.delivers fr both", "x feed.delivers fr both", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void the_floor_is_opened_by_those_who_may(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        // A technician's own feed takes the place at once, a feed with a token of its own waits.
        {"", "te feed.begin floor", ERR_NONE, "feed.added floor floor 1"},
        {"", "x feed.begin floor", ERR_NONE, "feed.added floor none"},
        {OPEN "; ch floor.give d1; ch floor.give d2", "te feed.begin floor", ERR_NONE,
         "feed.added floor none"},
        {STAGE, "te feed.put stage floor", ERR_NONE,
         "feed.changed stage floor 1 sound; channel floor+ar+zh+en+fr+ru+es floor feed stage"},
        {STAGE, "ch feed.put stage floor", ERR_NONE,
         "feed.changed stage floor 1 sound; channel floor+ar+zh+en+fr+ru+es floor feed stage"},
        {STAGE, "mo feed.put stage fr", ERR_NONE,
         "feed.changed stage fr sound; channel fr interpreted feed stage"},
        {STAGE "; mo feed.put stage fr", "mo feed.put stage none", ERR_NONE,
         "feed.changed stage none sound; channel fr silent"},
        {STAGE "; mo feed.put stage fr", "mo feed.put stage fr", ERR_NONE, ""},
        {STAGE, "d1 feed.put stage floor", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "te feed.put stage floor", ERR_NOT_FOUND, "no_such_feed"},
        {STAGE, "te feed.end stage", ERR_NONE, "feed.removed stage"},
        {STAGE, "ch feed.end stage", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "te feed.end stage", ERR_NOT_FOUND, "no_such_feed"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void it_holds_a_place_as_a_microphone_does(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPEN "; ch floor.give d1; " STAGE "; +1", "te feed.put stage floor", ERR_NONE,
         "feed.changed stage floor 2 sound; channel floor+ar+zh+en+fr+ru+es floor feed stage"},
        {OPEN "; " STAGE "; te feed.put stage floor; +1; ch floor.give d1; mo floor.language fr",
         "ch sitting.suspend", ERR_NONE,
         "microphone.closed d1 0; feed.changed stage none sound; sitting.changed suspended 1; "
         "floor_language.changed none; channel floor+ar+zh+en+fr+ru+es silent"},
        {OPEN "; ch floor.give d1; ch floor.give d2; " STAGE, "te feed.put stage floor",
         ERR_CONFLICT, "floor_places_taken"},
        {OPEN "; " STAGE "; te feed.put stage floor; ch floor.give d1", "ch floor.give d2",
         ERR_CONFLICT, "microphones_all_open"},
        // The last to come is heard in the languages; a feed that falls silent gives way.
        {OPEN "; " STAGE "; te feed.put stage floor; +1", "ch floor.give d1", ERR_NONE,
         "microphone.opened d1 2; channel floor+ar+zh+en+fr+ru+es floor d1"},
        {OPEN "; ch floor.give d1; " STAGE "; +1; te feed.put stage floor",
         "x feed.delivers stage nothing", ERR_NONE,
         "feed.changed stage floor 2; channel floor+ar+zh+en+fr+ru+es floor d1"},
        // The chair's microphone makes a delegate's close first, then takes the feed's place.
        {OPEN "; ch floor.take; " STAGE "; te feed.put stage floor; ch floor.yield; "
              "ch floor.give d1",
         "ch floor.take", ERR_NONE,
         "microphone.closed d1 0; microphone.opened ch 1; channel floor+ar+zh+en+fr+ru+es floor "
         "feed stage; channel floor+ar+zh+en+fr+ru+es floor ch"},
        {OPEN "; " STAGE "; te feed.put stage floor; +1", "ch sitting.suspend", ERR_NONE,
         "feed.changed stage none sound; sitting.changed suspended 1; "
         "channel floor+ar+zh+en+fr+ru+es silent"},
        {OPEN "; " STAGE "; te feed.put stage floor", "ch floor.end_all", ERR_NONE,
         "feed.changed stage none sound; channel floor+ar+zh+en+fr+ru+es silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void of_two_feeds_the_last_put_is_heard(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"x feed.begin fr; x feed.delivers fr sound; " STAGE "; +1", "te feed.put stage fr",
         ERR_NONE, "feed.changed stage fr sound; channel fr interpreted feed stage"},
        {"x feed.begin fr; x feed.delivers fr sound; " STAGE "; +1; te feed.put stage fr",
         "x feed.delivers stage nothing", ERR_NONE,
         "feed.changed stage fr; channel fr interpreted feed fr"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void refuses_bad_names_and_too_many(void **state)
{
    (void)state;
    static const char *const bad[] = {"",  "Stage", "a b",
                                      "é", "a_b",   "abcdefghijklmnopqrstuvwxyz0123456"};
    struct script script;
    script_init(&script);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct meeting_feed_wish wish = {.id = bad[i], .participant = ""};
        assert_int_equal(
            meeting_feed_begin(script.state, &wish, script.now, script.events, &script.refusal),
            ERR_INVALID);
        assert_int_equal(script.events->count, 0);
    }
    for (int i = 0; i < MEETING_FEEDS_MAX; i++) {
        char step[32];
        snprintf(step, sizeof step, "x feed.begin s%d", i);
        script_run(&script, step);
    }
    script_step(&script, "x feed.begin more");
    assert_int_equal(script.err, ERR_FULL);
    script_run(&script, "x feed.ended s0; x feed.begin more");
    assert_non_null(meeting_find_feed(script.state, "more"));
    assert_null(meeting_find_feed(script.state, "s0"));
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_feed_is_heard_as_its_booth_would_be),
        cmocka_unit_test(the_floor_is_opened_by_those_who_may),
        cmocka_unit_test(it_holds_a_place_as_a_microphone_does),
        cmocka_unit_test(of_two_feeds_the_last_put_is_heard),
        cmocka_unit_test(refuses_bad_names_and_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
