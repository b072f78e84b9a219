// The ring of a delayed channel against a plain list: what goes in comes out, in order and whole,
// wherever the ring is folded. An argument is the seed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/delay_line.h"

#define STEPS   400000
#define MODEL   4096
#define PAYLOAD 1500

static struct delay_line line;
static uint64_t seed = 20260607;

static uint64_t random_next(uint64_t below)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (seed >> 33) % below;
}

static void fill(uint8_t *payload, uint16_t size, int64_t number)
{
    for (uint16_t i = 0; i < size; i++) {
        payload[i] = (uint8_t)(number * 31 + i);
    }
}

static void test_random(void **state)
{
    (void)state;
    static uint16_t sizes[MODEL];
    int64_t put = 0;
    int64_t taken = 0;
    uint64_t refused = 0;
    uint8_t payload[PAYLOAD];
    uint8_t expected[PAYLOAD];
    delay_line_init(&line);
    for (unsigned step = 0; step < STEPS; step++) {
        // Phases of growing and shrinking, so that it is full and empty now and then.
        bool growing = step / 2000 % 2 == 0;
        if (random_next(10) < (growing ? 8 : 2)) {
            uint16_t size = (uint16_t)random_next(random_next(4) == 0 ? PAYLOAD + 1 : 200);
            const struct delay_entry entry = {
                .arrived = put, .kind = DELAY_PACKET, .size = size, .index = put};
            fill(payload, size, put);
            assert_true(put - taken < MODEL);
            if (delay_line_put(&line, &entry, payload)) {
                sizes[put++ % MODEL] = size;
            } else {
                refused++;
                assert_true(put - taken > 0);
            }
        } else if (put > taken) {
            const struct delay_entry *first = delay_line_first(&line);
            assert_int_equal(first->index, taken);
            assert_int_equal(first->size, sizes[taken % MODEL]);
            fill(expected, first->size, taken);
            assert_memory_equal(delay_entry_payload(first), expected, first->size);
            delay_line_pop(&line);
            taken++;
        } else {
            assert_null(delay_line_first(&line));
        }
        assert_int_equal(line.count, put - taken);
    }
    printf("%lld entries, %llu refused\n", (long long)put, (unsigned long long)refused);
    assert_true(refused > 100);
    assert_true(taken > 10000);
}

// What the comment of DELAY_LINE_BYTES promises.
static void test_a_second_of_the_largest_fits(void **state)
{
    (void)state;
    static const uint8_t payload[160]; // 512 kbit/s in packets of 2.5 ms
    const struct delay_entry entry = {.kind = DELAY_PACKET, .size = sizeof(payload)};
    delay_line_init(&line);
    for (unsigned i = 0; i < 400; i++) {
        assert_true(delay_line_put(&line, &entry, payload));
    }
}

int main(int argc, char **argv)
{
    seed = argc > 1 ? strtoull(argv[1], NULL, 10) : seed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_a_second_of_the_largest_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
