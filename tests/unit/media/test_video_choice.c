#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/video_choice.h"

static struct video_choice choice;
static time_us now;

static int setup(void **state)
{
    (void)state;
    now = 50 * (time_us)TIME_US_PER_S;
    video_choice_init(&choice, 5000000, now);
    return 0;
}

static struct video_offer camera(void)
{
    return (struct video_offer){.bits_per_second = {150000, 500000, 1500000},
                                .layer = VIDEO_LAYER_NONE};
}

static void seconds(unsigned count, uint32_t estimate, int32_t loss, struct video_offer *offers,
                    uint32_t offer_count)
{
    for (unsigned i = 0; i < count; i++) {
        now += TIME_US_PER_S;
        video_choose(&choice, now, estimate, loss, offers, offer_count);
    }
}

static void test_shares_among_slots(void **state)
{
    (void)state;
    struct video_offer offers[3] = {camera(), camera(), camera()};
    seconds(1, 1400000, 0, offers, 3);
    // 150 each, and the first two may take 500: 1,150 of 1,190.
    assert_int_equal(offers[0].layer, 1);
    assert_int_equal(offers[1].layer, 1);
    assert_int_equal(offers[2].layer, 0);
    seconds(1, 700000, 0, offers, 3); // 650 do not fit with two of 500
    assert_int_equal(offers[0].layer, 0);
    assert_int_equal(offers[1].layer, 0);
    assert_int_equal(offers[2].layer, 0);
    assert_int_equal(offers[0].temporal_max, VIDEO_TEMPORAL_ALL);
    seconds(1, 300000, 0, offers, 3);
    assert_int_equal(offers[2].layer, 0);
    assert_int_equal(offers[2].temporal_max, 1);
    seconds(1, 200000, 0, offers, 3);
    assert_int_equal(offers[2].temporal_max, 0);
}

static void test_hysteresis(void **state)
{
    (void)state;
    struct video_offer offer = camera();
    seconds(2, 800000, 0, &offer, 1);
    assert_int_equal(offer.layer, 1);
    // 510 holds what it has, but does not begin it.
    seconds(5, 510000, 0, &offer, 1);
    assert_int_equal(offer.layer, 1);
    seconds(1, 490000, 0, &offer, 1);
    assert_int_equal(offer.layer, 0);
    seconds(30, 550000, 0, &offer, 1);
    assert_int_equal(offer.layer, 0);
    seconds(1, 600000, 0, &offer, 1);
    assert_int_equal(offer.layer, 1);
}

static void test_tries_and_takes_back(void **state)
{
    (void)state;
    struct video_offer offer = camera();
    seconds(1, 230000, 0, &offer, 1);
    assert_int_equal(offer.layer, 0);
    // 230 is what a receiver of 150 can promise: try the next after three seconds.
    seconds(3, 230000, 0, &offer, 1);
    assert_int_equal(offer.layer, 1);
    seconds(1, 230000, 150, &offer, 1); // lost: back at once
    assert_int_equal(offer.layer, 0);
    unsigned pause = 0;
    while (offer.layer == 0) {
        seconds(1, 230000, 0, &offer, 1);
        pause++;
    }
    assert_in_range(pause, 8, 20);
    seconds(1, 150000, 0, &offer, 1); // the estimate falls: back, and a longer pause
    assert_int_equal(offer.layer, 0);
    unsigned longer = 0;
    while (offer.layer == 0) {
        seconds(1, 230000, 0, &offer, 1);
        longer++;
    }
    assert_true(longer > pause - 1 && longer >= 16);
    // This time the estimate grows with what is received.
    uint32_t estimate = 230000;
    for (unsigned i = 0; i < 12; i++) {
        estimate = estimate * 108 / 100;
        seconds(1, estimate, 0, &offer, 1);
        assert_true(offer.layer >= 1);
    }
    assert_true(estimate > 500000);
    seconds(2, 760000, 0, &offer, 1);
    assert_true(offer.layer >= 1);
}

static void test_loss_without_estimate(void **state)
{
    (void)state;
    struct video_offer offer = camera();
    seconds(1, 0, 0, &offer, 1);
    assert_int_equal(offer.layer, 1); // 800 is assumed
    seconds(20, 0, 0, &offer, 1);
    assert_int_equal(offer.layer, 2);
    seconds(2, 0, 300, &offer, 1);
    assert_true(offer.layer < 2);
    seconds(20, 0, 300, &offer, 1);
    assert_int_equal(offer.layer, 0);
    assert_int_equal(offer.temporal_max, 0);
}

static void test_source_delivers_less(void **state)
{
    (void)state;
    struct video_offer offer = camera();
    seconds(5, 3000000, 0, &offer, 1);
    assert_int_equal(offer.layer, 2);
    offer.bits_per_second[2] = 0;
    seconds(1, 3000000, 0, &offer, 1);
    assert_int_equal(offer.layer, 1);
    offer.bits_per_second[0] = 0;
    offer.bits_per_second[1] = 0;
    seconds(1, 3000000, 0, &offer, 1);
    assert_int_equal(offer.layer, VIDEO_LAYER_NONE);
    offer = camera();
    seconds(1, 3000000, 0, &offer, 1);
    assert_int_equal(offer.layer, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_shares_among_slots, setup),
        cmocka_unit_test_setup(test_hysteresis, setup),
        cmocka_unit_test_setup(test_tries_and_takes_back, setup),
        cmocka_unit_test_setup(test_loss_without_estimate, setup),
        cmocka_unit_test_setup(test_source_delivers_less, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
