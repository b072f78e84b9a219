// Which sections of the state an event touches (that it touches no other is sim_viewers').
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define SITTING  (1u << MEETING_SECTION_SITTING)
#define PEOPLE   (1u << MEETING_SECTION_PEOPLE)
#define AGENDA   (1u << MEETING_SECTION_AGENDA)
#define SPEAKERS (1u << MEETING_SECTION_SPEAKERS)
#define FLOOR    (1u << MEETING_SECTION_FLOOR)
#define BOOTHS   (1u << MEETING_SECTION_BOOTHS)
#define CHAT     (1u << MEETING_SECTION_CHAT)
#define PAPERS   (1u << MEETING_SECTION_PAPERS)

static unsigned int touched_since(const struct meeting_state *state, uint64_t seq)
{
    unsigned int touched = 0;
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        assert_true(state->touched[i] <= state->seq);
        touched |= (unsigned int)(state->touched[i] > seq) << i;
    }
    return touched;
}

static void test_what_is_touched(void **state)
{
    (void)state;
    static const struct {
        const char *steps;
        unsigned int touched;
    } cases[] = {
        {"d1 floor.request", SPEAKERS},
        {"ch item.start i1", AGENDA},
        {"f1 chat.send interpreters hello", CHAT},
        {"d2 disconnect; +60000", PEOPLE},
        {"te feed.begin stage; - feed.delivers stage both", FLOOR},
        {"d3 hand_in x speech i1 - embargoed", PAPERS},
        {"ch sitting.open", SITTING | BOOTHS},
        {"f1 desk.rest on", BOOTHS},
    };
    struct script script;
    script_init(&script);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t before = script.state->seq;
        script_run(&script, cases[i].steps);
        assert_int_equal(touched_since(script.state, before), cases[i].touched);
    }
    script_finish(&script);
}

// The floor is one thing, what its speaker has spoken another.
static void test_a_microphone_is_of_the_floor_and_of_a_person(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "ch sitting.open");
    uint64_t before = script.state->seq;
    script_run(&script, "ch floor.give d1");
    assert_int_equal(touched_since(script.state, before) & (FLOOR | PEOPLE | PAPERS | AGENDA),
                     FLOOR | PEOPLE);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_touched),
        cmocka_unit_test(test_a_microphone_is_of_the_floor_and_of_a_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
