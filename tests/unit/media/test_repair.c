#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/repair.h"

static void test_ring(void **state)
{
    (void)state;
    struct packet_ring *ring = calloc(1, sizeof(*ring));
    assert_non_null(ring);
    assert_null(packet_ring_get(ring, 0));
    for (int64_t i = 1; i <= 2000; i++) {
        uint8_t payload[4] = {(uint8_t)i, (uint8_t)(i >> 8)};
        packet_ring_put(ring, 100000 + i, (uint32_t)i, i % 2 == 0, payload, sizeof(payload));
    }
    assert_null(packet_ring_get(ring, 100000 + 2000 - PACKET_RING_SIZE));
    const struct ring_packet *packet = packet_ring_get(ring, 100000 + 2001 - PACKET_RING_SIZE);
    assert_non_null(packet);
    assert_int_equal(packet->payload[0] | packet->payload[1] << 8, 2001 - PACKET_RING_SIZE);
    assert_int_equal(packet->size, 4);
    assert_null(packet_ring_get(ring, 100000 + 2001));
    packet_ring_clear(ring);
    assert_null(packet_ring_get(ring, 102000));
    packet_ring_put(ring, 102000, 1, false, (const uint8_t[]){7}, 1);
    assert_int_equal(packet_ring_get(ring, 102000)->size, 1);
    assert_null(packet_ring_get(ring, 101999));
    free(ring);
}

static void test_missing(void **state)
{
    (void)state;
    struct missing missing = {0};
    uint16_t asked[MISSING_BATCH_MAX];
    bool given_up = false;
    time_us now = 1000000;
    assert_int_equal(missing_deadline(&missing), TIME_US_NEVER);
    assert_true(missing_add(&missing, now, 65535, 65537));
    assert_int_equal(missing_ask(&missing, now, 50000, asked, &given_up), 0); // may be reordered
    now = missing_deadline(&missing);
    missing_arrived(&missing, 65536);
    assert_int_equal(missing_ask(&missing, now, 50000, asked, &given_up), 2);
    assert_int_equal(asked[0], 65535);
    assert_int_equal(asked[1], 1);
    assert_int_equal(missing_deadline(&missing), now + 50000);
    unsigned times = 1;
    while (missing.count > 0) {
        now = missing_deadline(&missing);
        times += missing_ask(&missing, now, 50000, asked, &given_up) > 0;
        assert_int_equal(given_up, missing.count == 0);
    }
    assert_int_equal(times, MISSING_ASKED_MAX);
    assert_true(missing_add(&missing, now, 1, MISSING_MAX));
    assert_int_equal(missing_ask(&missing, now + 50000, 50000, asked, &given_up),
                     MISSING_BATCH_MAX);
    assert_false(missing_add(&missing, now, MISSING_MAX + 1, MISSING_MAX + 1));
    assert_int_equal(missing.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
