// Channels held back: everything of both sources comes, as much later as was asked; a change of the
// delay is one gap or one skip, with sequence numbers that go on; and who says how loud it is.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "router_fixture.h"

#define FRAME_US (20 * TIME_US_PER_MS)

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture, 42);
    for (unsigned i = 0; i < 3; i++) {
        fixture_join(&fixture, i);
    }
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    fixture_open(&fixture, 6, LINK_AUDIO, 1, 1);
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, 5),
                     ERR_NONE);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(router_slot_set_channel(fixture.router, fixture.now,
                                                 fixture.peers[i].handle, 0, CHANNEL_FLOOR),
                         ERR_NONE);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static struct sender audio_sender(link_source source)
{
    return (struct sender){.source = source,
                           .ssrc = 0xa0000 + source,
                           .payload_type = OPUS_TYPE,
                           .sequence = (uint16_t)(65000 + source * 200),
                           .timestamp = 0xfffff000u + source * 777777};
}

static void set_delay(uint32_t delay_ms)
{
    assert_int_equal(router_channel_set_delay(fixture.router, fixture.now, CHANNEL_FLOOR, delay_ms),
                     ERR_NONE);
}

// One frame of each sender, and 20 ms.
static void frame(struct sender *first, struct sender *second)
{
    uint8_t packet[200];
    struct sender *senders[] = {first, second};
    for (unsigned i = 0; i < 2; i++) {
        if (senders[i] != NULL) {
            size_t size = sender_audio(senders[i], packet);
            assert_true(fixture_receive(&fixture, senders[i], packet, size));
        }
    }
    fixture_pass(&fixture, FRAME_US);
}

static void test_held_back_by_what_was_asked(void **state)
{
    (void)state;
    struct sender sender = audio_sender(5);
    const struct fixture_peer *listener = &fixture.peers[2];
    set_delay(200);
    for (unsigned i = 0; i < 40; i++) {
        // The packet of 200 ms ago goes out at the end of these 20 ms, not sooner.
        frame(&sender, NULL);
        assert_int_equal(listener->rtp_count, i < 9 ? 0 : i - 8);
    }
    for (unsigned i = 1; i < listener->rtp_count; i++) {
        const struct heard *one = &listener->heard[i];
        assert_int_equal(heard_counter(one), i);
        assert_int_equal((uint16_t)(one->rtp.sequence - listener->heard[i - 1].rtp.sequence), 1);
        assert_int_equal(one->rtp.timestamp - listener->heard[i - 1].rtp.timestamp, OPUS_TICKS);
    }
    assert_int_equal(fixture.peers[0].rtp_count, 0); // one's own
}

static void test_switch_cuts_nothing_off(void **state)
{
    (void)state;
    struct sender first = audio_sender(5);
    struct sender second = audio_sender(6);
    set_delay(100);
    for (unsigned i = 0; i < 10; i++) {
        frame(&first, &second);
    }
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, 6),
                     ERR_NONE);
    for (unsigned i = 0; i < 10; i++) {
        frame(&first, &second);
    }
    const struct fixture_peer *listener = &fixture.peers[2];
    unsigned of_first = 0;
    unsigned of_second = 0;
    for (unsigned i = 0; i < listener->rtp_count; i++) {
        const struct heard *one = &listener->heard[i];
        bool before = heard_source(one) == 5;
        assert_true(before ? of_second == 0 : of_first == 10);
        assert_int_equal(heard_counter(one), before ? of_first : 10 + of_second);
        of_first += before;
        of_second += !before;
        assert_int_equal((uint16_t)(one->rtp.sequence - listener->heard[0].rtp.sequence), i);
    }
    assert_int_equal(of_first, 10);
    assert_true(of_second >= 4);
    // Each speaker hears the other alone, and both up to the moment that the others hear.
    for (unsigned i = 0; i < fixture.peers[0].rtp_count; i++) {
        assert_int_equal(heard_source(&fixture.peers[0].heard[i]), 6);
    }
    for (unsigned i = 0; i < fixture.peers[1].rtp_count; i++) {
        assert_int_equal(heard_source(&fixture.peers[1].heard[i]), 5);
    }
    assert_int_equal(fixture.peers[1].rtp_count, 10);
    assert_int_equal(fixture.peers[0].rtp_count, of_second);
}

static void test_source_closes_after_its_last_word(void **state)
{
    (void)state;
    struct sender sender = audio_sender(5);
    set_delay(300);
    for (unsigned i = 0; i < 5; i++) {
        frame(&sender, NULL);
    }
    router_source_close(fixture.router, 5);
    assert_int_equal(fixture.peers[2].rtp_count, 0);
    fixture_pass(&fixture, 400 * TIME_US_PER_MS);
    assert_int_equal(fixture.peers[2].rtp_count, 5);
}

// Frames 0 .. 19 undelayed, then 300 ms: one gap, in the timestamps as well; then 100 ms: one skip.
static void test_changes_are_one_gap_and_one_skip(void **state)
{
    (void)state;
    struct sender sender = audio_sender(5);
    const struct fixture_peer *listener = &fixture.peers[2];
    for (unsigned i = 0; i < 20; i++) {
        frame(&sender, NULL);
    }
    assert_int_equal(listener->rtp_count, 20);
    set_delay(300);
    for (unsigned i = 0; i < 20; i++) {
        frame(&sender, NULL);
    }
    uint32_t before = listener->rtp_count;
    assert_in_range(before, 25, 26);
    uint32_t gap = listener->heard[20].rtp.timestamp - listener->heard[19].rtp.timestamp;
    assert_in_range(gap, 16 * OPUS_TICKS - 2, 16 * OPUS_TICKS + 2);
    set_delay(100);
    assert_int_equal(listener->rtp_count, before); // nothing in a burst
    for (unsigned i = 0; i < 10; i++) {
        frame(&sender, NULL);
    }
    uint64_t skipped = router_counters(fixture.router)->delay_skipped_total;
    assert_in_range(skipped, 9, 11);
    const struct heard *next = &listener->heard[before];
    assert_int_equal(heard_counter(next), before + skipped);
    assert_in_range(next->rtp.timestamp - listener->heard[before - 1].rtp.timestamp, OPUS_TICKS,
                    2 * OPUS_TICKS);
    for (unsigned i = 0; i < listener->rtp_count; i++) {
        assert_int_equal(
            (uint16_t)(listener->heard[i].rtp.sequence - listener->heard[0].rtp.sequence), i);
    }
    set_delay(0);
    before = listener->rtp_count;
    frame(&sender, NULL);
    assert_int_equal(listener->rtp_count, before + 1);
    assert_int_equal(heard_counter(fixture_last(listener)), 50);
    assert_int_equal(router_counters(fixture.router)->delay_early_total, 0);
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(router_channel_set_delay(fixture.router, 0, 0, 10), ERR_INVALID);
    assert_int_equal(router_channel_set_delay(fixture.router, 0, 1, LINK_DELAY_MS_MAX + 1),
                     ERR_INVALID);
    // None of an unknown channel makes no channel: there would soon be no more.
    for (link_channel i = 100; i < 10000; i++) {
        assert_int_equal(router_channel_set_delay(fixture.router, 0, i, 0), ERR_NONE);
    }
    unsigned held = 0;
    enum err err = ERR_NONE;
    for (link_channel i = 100; err == ERR_NONE; i++) {
        err = router_channel_set_delay(fixture.router, 0, i, 500);
        held += err == ERR_NONE;
    }
    assert_int_equal(err, ERR_FULL);
    assert_true(held > 0);
    for (link_channel i = 100; i < 100 + held; i++) {
        assert_int_equal(router_channel_set_delay(fixture.router, 0, i, 0), ERR_NONE);
    }
    set_delay(1000); // the lines came back
}

static void say_level(struct sender *sender, uint8_t level)
{
    uint8_t packet[200];
    size_t size = sender_audio_level(sender, level, packet);
    assert_true(fixture_receive(&fixture, sender, packet, size));
}

static void test_levels_are_told_five_times_a_second(void **state)
{
    (void)state;
    struct sender loud = audio_sender(5);
    struct sender silent = audio_sender(6);
    fixture_pass(&fixture, TIME_US_PER_S);
    assert_int_equal(fixture.level_calls, 0); // nobody says anything
    for (unsigned i = 0; i < 100; i++) {
        say_level(&loud, i % 10 == 3 ? 20 : 60);
        frame(i < 50 ? &silent : NULL, NULL); // without the extension
        if (i >= 50) {
            say_level(&silent, 127);
        }
    }
    assert_in_range(fixture.level_calls, 9, 11);
    for (unsigned i = 0; i < fixture.level_count; i++) {
        const struct link_level *level = &fixture.levels[i];
        bool edge = i == 0 || i + 2 >= fixture.level_count; // less than 200 ms of sound
        assert_true(level->level == (level->source == 5 ? 20 : 127) ||
                    (edge && level->level == 60));
    }
    assert_in_range(fixture.level_count, 13, 17);
    uint32_t calls = fixture.level_calls;
    fixture_pass(&fixture, TIME_US_PER_S);
    assert_in_range(fixture.level_calls, calls, calls + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_held_back_by_what_was_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_switch_cuts_nothing_off, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source_closes_after_its_last_word, setup, teardown),
        cmocka_unit_test_setup_teardown(test_changes_are_one_gap_and_one_skip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_levels_are_told_five_times_a_second, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
