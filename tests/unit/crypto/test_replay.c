#include "../test.h"

#include <stdlib.h>

#include "crypto/replay.h"

// Against a model that remembers everything.
static void test_against_model(void **state)
{
    (void)state;
    enum { RANGE = 4096 };
    static bool received[RANGE];
    unsigned accepted = 0;
    srandom(7);
    struct replay_window window = {0};
    uint64_t highest = 0;
    for (unsigned i = 0; i < 200000; i++) {
        uint64_t centre = i / 60;
        uint64_t index = (centre + (uint64_t)random() % 300) % RANGE;
        bool expected = !window.started || index > highest ||
                        (highest - index < REPLAY_WINDOW && !received[index]);
        assert_int_equal(replay_fresh(&window, index), expected);
        if (expected) {
            replay_commit(&window, index);
            received[index] = true;
            highest = index > highest ? index : highest;
            accepted++;
        }
    }
    assert_true(accepted > 3000);
}

static void test_big_steps(void **state)
{
    (void)state;
    static const uint64_t steps[] = {1, 63, 64, 65, 127, 128, 129, 100000};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct replay_window window = {0};
        replay_commit(&window, 1000);
        replay_commit(&window, 1000 + steps[i]);
        assert_false(replay_fresh(&window, 1000));
        assert_false(replay_fresh(&window, 1000 + steps[i]));
        assert_true(replay_fresh(&window, 1001 + steps[i]));
        if (steps[i] > 1) {
            assert_true(replay_fresh(&window, 999 + steps[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_model),
        cmocka_unit_test(test_big_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
