// The forms of a channel's sound: each made once, each heard whole, changed without a click.
#include <opus/opus.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "variant_ear.h"
#include "wire/red.h"

#define FRAME_US  (20 * TIME_US_PER_MS)
#define PUBLISHER 0
#define SOURCE    5

static struct fixture fixture;
static struct ear ears[FIXTURE_PEERS_MAX];
static struct sender sender;

static int setup(void **state)
{
    (void)state;
    memset(ears, 0, sizeof(ears));
    fixture_init(&fixture, 17);
    fixture_join(&fixture, PUBLISHER);
    fixture_open(&fixture, SOURCE, LINK_AUDIO, 1, PUBLISHER);
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, SOURCE),
                     ERR_NONE);
    fixture.listen_only = true;
    sender = (struct sender){
        .source = SOURCE,
        .ssrc = 0xabc,
        .payload_type = OPUS_TYPE,
        .sequence = 65500,
        .timestamp = 0xffffff00u,
    };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static void wish(unsigned peer, enum link_variant variant)
{
    assert_int_equal(router_slot_set_variant(fixture.router, fixture.now,
                                             fixture.peers[peer].handle, 0, variant),
                     ERR_NONE);
}

static void listen(unsigned peer, enum link_variant variant)
{
    fixture_join(&fixture, peer);
    wish(peer, variant);
    assert_int_equal(router_slot_set_channel(fixture.router, fixture.now,
                                             fixture.peers[peer].handle, 0, CHANNEL_FLOOR),
                     ERR_NONE);
}

// Everything that came since the last look.
static void hear_all(void)
{
    for (unsigned i = 0; i < FIXTURE_PEERS_MAX; i++) {
        struct fixture_peer *peer = &fixture.peers[i];
        assert_true(peer->rtp_count <= FIXTURE_RTP_MAX);
        for (unsigned k = 0; k < peer->rtp_count; k++) {
            ear_hear(&ears[i], &peer->heard[k]);
        }
        peer->rtp_count = 0;
        peer->rtcp_count = 0;
    }
}

static void send_packet(const uint8_t *packet, size_t size)
{
    (void)fixture_receive(&fixture, &sender, packet, size);
    hear_all();
}

static void talk(unsigned frames)
{
    uint8_t packet[200];
    for (unsigned i = 0; i < frames; i++) {
        send_packet(packet, sender_audio(&sender, packet));
        fixture_pass(&fixture, FRAME_US);
        hear_all();
    }
}

// The last `count` frames the peer heard are the source's last ones, in order.
static void assert_heard(unsigned peer, uint32_t from, uint32_t count)
{
    for (uint32_t i = from; i < from + count; i++) {
        const struct ear_frame *frame = ear_find(&ears[peer], SOURCE, i);
        assert_non_null(frame);
        assert_int_equal(frame->heard, 1);
    }
}

static const struct router_counters *counters(void)
{
    return router_counters(fixture.router);
}

static void test_each_form_is_heard_whole_and_made_once(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_PLAIN);
    listen(2, LINK_VARIANT_LONG);
    listen(3, LINK_VARIANT_LONG);
    listen(4, LINK_VARIANT_RED1);
    listen(5, LINK_VARIANT_RED2);
    listen(6, LINK_VARIANT_RED2);
    talk(300);
    for (unsigned i = 1; i <= 6; i++) {
        assert_heard(i, 0, 300);
        assert_int_equal(ears[i].frame_count, 300);
    }
    assert_int_equal(ears[1].packet_count, 300);
    assert_int_equal(ears[2].packet_count, 100);
    assert_int_equal(ears[2].form_counts[VARIANT_LONG], 100);
    assert_int_equal(ears[4].form_counts[VARIANT_RED1], 300);
    assert_int_equal(ears[5].form_counts[VARIANT_RED2], 298);
    for (uint32_t i = 0; i < 298; i++) {
        assert_int_equal(ear_find(&ears[4], SOURCE, i)->repeated, 1);
        assert_int_equal(ear_find(&ears[6], SOURCE, i)->repeated, 2);
    }
    assert_int_equal(counters()->long_packets_made_total, 100);
    assert_int_equal(counters()->red_packets_made_total, 600);
    assert_int_equal(counters()->plain_packets_out_total, 300);
    assert_int_equal(counters()->long_packets_out_total, 200);
    assert_int_equal(counters()->red1_packets_out_total, 300);
    assert_int_equal(counters()->red2_packets_out_total, 600);
    assert_int_equal(counters()->rtp_packets_out_total, 1400);
    assert_int_equal(counters()->opus_unreadable_total, 0);
}

static void test_nothing_is_made_for_nobody(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_PLAIN);
    talk(100);
    assert_int_equal(counters()->long_packets_made_total, 0);
    assert_int_equal(counters()->red_packets_made_total, 0);
    // Without a source nothing is due but the tick, and it sends nothing.
    listen(2, LINK_VARIANT_LONG);
    talk(31);
    fixture_pass(&fixture, 10 * (time_us)TIME_US_PER_S);
    hear_all();
    struct router_counters before = *counters();
    time_us next = router_next_deadline(fixture.router);
    for (unsigned i = 0; i < 500; i++) {
        fixture_pass(&fixture, FRAME_US);
        assert_in_range(router_next_deadline(fixture.router) - next, 1, FRAME_US);
        next = router_next_deadline(fixture.router);
    }
    assert_memory_equal(&before, counters(), sizeof(before));
    assert_int_equal(fixture.peers[1].rtcp_count + fixture.peers[2].rtcp_count, 0);
}

static void test_who_speaks_never_waits_for_long_packets(void **state)
{
    (void)state;
    fixture.listen_only = false;
    listen(1, LINK_VARIANT_LONG);
    talk(30);
    assert_int_equal(ears[1].packet_count, 30);
    assert_int_equal(ears[1].form_counts[VARIANT_LONG], 0);
    // A video slot has no such form, and a peer that is gone no slot.
    assert_int_equal(router_slot_set_variant(fixture.router, fixture.now, fixture.peers[1].handle,
                                             FIXTURE_VIDEO, LINK_VARIANT_LONG),
                     ERR_NONE);
    handle gone = fixture.peers[1].handle;
    router_peer_close(fixture.router, gone);
    assert_int_equal(
        router_slot_set_variant(fixture.router, fixture.now, gone, 0, LINK_VARIANT_LONG),
        ERR_NOT_FOUND);
}

// --- packets of up to 60 ms end early when they must ---

static void test_waits_60_ms_for_the_rest(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    uint8_t packet[200];
    send_packet(packet, sender_audio(&sender, packet));
    fixture_pass(&fixture, 59 * TIME_US_PER_MS);
    hear_all();
    assert_int_equal(ears[1].packet_count, 0);
    fixture_pass(&fixture, TIME_US_PER_MS);
    hear_all();
    assert_int_equal(ears[1].packet_count, 1);
    assert_heard(1, 0, 1);
}

static void test_a_missing_packet_keeps_its_place(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    uint8_t packet[200];
    uint8_t missing[200];
    talk(3 + 2);
    size_t size = sender_audio(&sender, missing); // 5
    send_packet(packet, sender_audio(&sender, packet));
    assert_heard(1, 3, 2); // at once
    uint16_t before = ears[1].highest_sequence;
    send_packet(missing, size);
    assert_heard(1, 5, 1);
    assert_int_equal(ears[1].highest_sequence, (uint16_t)(before + 1));
    talk(2);
    assert_heard(1, 6, 3);
    assert_int_equal(ears[1].highest_sequence, (uint16_t)(before + 2));
    // One that never comes leaves a number unused, so that the listener knows of it.
    (void)sender_audio(&sender, missing);
    talk(3);
    assert_heard(1, 10, 3);
    assert_int_equal(ears[1].highest_sequence, (uint16_t)(before + 4));
}

static void test_another_configuration_or_a_pause_ends_it(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    uint8_t packet[200];
    talk(4);
    size_t size = sender_audio(&sender, packet);
    packet[RTP_HEADER_SIZE] = 0x48; // SILK wideband, 20 ms
    send_packet(packet, size);
    assert_heard(1, 3, 1);
    fixture_pass(&fixture, FRAME_US);
    sender.timestamp += OPUS_TICKS; // a pause
    size = sender_audio(&sender, packet);
    packet[1] |= 0x80; // the marker
    packet[RTP_HEADER_SIZE] = 0x48;
    send_packet(packet, size);
    assert_heard(1, 4, 1);
    assert_false(fixture.peers[1].heard[0].rtp.marker);
    fixture_pass(&fixture, 3 * FRAME_US);
    assert_true(fixture_last(&fixture.peers[1])->rtp.marker);
    hear_all();
    assert_heard(1, 5, 1);
    assert_int_equal(ears[1].packet_count, 4);
}

static void test_markers_on_every_packet_do_not_hinder(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    uint8_t packet[200];
    for (unsigned i = 0; i < 6; i++) {
        size_t size = sender_audio(&sender, packet);
        packet[1] |= 0x80;
        send_packet(packet, size);
        fixture_pass(&fixture, FRAME_US);
    }
    hear_all();
    assert_heard(1, 0, 6);
    assert_int_equal(ears[1].packet_count, 2);
}

static void test_a_switch_of_source_ends_it(void **state)
{
    (void)state;
    fixture_open(&fixture, 6, LINK_AUDIO, 1, PUBLISHER);
    listen(1, LINK_VARIANT_LONG);
    talk(2);
    assert_int_equal(ears[1].packet_count, 0);
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, 6),
                     ERR_NONE);
    hear_all();
    assert_heard(1, 0, 2);
    sender.source = 6;
    talk(3);
    assert_int_equal(ears[1].frame_count, 5);
    assert_non_null(ear_find(&ears[1], 6, 4));
}

static void test_what_is_no_opus_goes_alone(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    listen(2, LINK_VARIANT_RED2);
    uint8_t packet[ROUTER_PACKET_MAX];
    talk(1);
    size_t size = sender_audio(&sender, packet);
    packet[RTP_HEADER_SIZE] = 0x7b; // several frames, but 0 of them: 5 << 24 as big-endian
    packet[RTP_HEADER_SIZE + 1] = 0;
    (void)fixture_receive(&fixture, &sender, packet, size);
    assert_int_equal(fixture.peers[1].rtp_count, 2);
    assert_int_equal(fixture.peers[1].heard[1].size, size - RTP_HEADER_SIZE);
    assert_memory_equal(fixture.peers[1].heard[1].payload, packet + RTP_HEADER_SIZE,
                        size - RTP_HEADER_SIZE);
    assert_int_equal(counters()->opus_unreadable_total, 1);
    // A packet as large as they come passes in every form.
    size = ROUTER_PACKET_MAX - SECURE_RTP_TAG_MAX - 1; // with RED's header it is still one datagram
    size_t written = sender_audio(&sender, packet);
    memset(packet + written, 0x55, size - written);
    assert_true(fixture_receive(&fixture, &sender, packet, size));
    fixture_pass(&fixture, 60 * TIME_US_PER_MS);
    assert_int_equal(fixture_last(&fixture.peers[1])->size, size - RTP_HEADER_SIZE);
    assert_int_equal(fixture_last(&fixture.peers[2])->size, size - RTP_HEADER_SIZE + 1);
}

// --- silence ---

static void test_silence_costs_two_packets_a_second_and_no_loss(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_PLAIN);
    listen(2, LINK_VARIANT_LONG);
    talk(30);
    uint16_t before = ears[1].highest_sequence;
    uint32_t packets = ears[1].packet_count;
    uint32_t long_packets = ears[2].packet_count;
    uint8_t packet[200];
    for (unsigned i = 0; i < 500; i++) { // 10 s
        (void)sender_audio(&sender, packet);
        send_packet(packet, RTP_HEADER_SIZE + 1);
        fixture_pass(&fixture, FRAME_US);
        hear_all();
    }
    sender.counter -= 500;
    assert_int_equal(ears[1].packet_count - packets, 25);
    assert_int_equal(ears[2].packet_count - long_packets, 25);
    assert_int_equal(counters()->silence_dropped_total, 475);
    assert_int_equal(ears[1].highest_sequence, (uint16_t)(before + 25));
    send_packet(packet, sender_audio(&sender, packet));
    fixture_pass(&fixture, 60 * TIME_US_PER_MS);
    assert_true(fixture_last(&fixture.peers[2])->rtp.marker);
    hear_all();
    assert_heard(1, 0, 31);
    assert_heard(2, 0, 31);
    assert_int_equal(ears[1].highest_sequence, (uint16_t)(before + 26));
    // The pause is kept.
    assert_int_equal(ear_find(&ears[1], SOURCE, 30)->timestamp -
                         ear_find(&ears[1], SOURCE, 29)->timestamp,
                     501 * OPUS_TICKS);
}

// --- the choice ---

static void report(unsigned peer, uint32_t highest, int32_t lost)
{
    uint8_t packet[100];
    struct bytes_writer writer = bytes_writer(packet, sizeof(packet));
    const struct rtcp_report block = {
        .ssrc = fixture.peers[peer].ssrc[0],
        .highest_sequence = highest,
        .packets_lost = lost,
    };
    rtcp_write_rr(&writer, 1, &block, 1);
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[peer].handle, packet,
                        writer.position);
}

static uint32_t highest(unsigned peer)
{
    return ears[peer].cycles << 16 | ears[peer].highest_sequence;
}

static void test_reported_loss_chooses(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_AUTO);
    listen(2, LINK_VARIANT_LONG);
    int32_t lost = 0;
    talk(60);
    report(1, highest(1), lost);
    report(2, highest(2), 0);
    static const struct {
        int32_t lost;
        enum variant then;
    } steps[] = {{0, VARIANT_PLAIN}, {5, VARIANT_RED1}, {20, VARIANT_RED2},
                 {0, VARIANT_RED2},  {0, VARIANT_RED2}, {0, VARIANT_RED1},
                 {0, VARIANT_RED1},  {0, VARIANT_RED1}, {0, VARIANT_PLAIN}};
    for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        talk(100);
        lost += steps[i].lost;
        report(1, highest(1), lost);
        report(2, highest(2), 0);
        uint32_t before = ears[1].form_counts[steps[i].then];
        talk(20);
        assert_int_equal(ears[1].form_counts[steps[i].then], before + 20);
    }
    assert_heard(1, 0, sender.counter);
    assert_int_equal(ears[2].form_counts[VARIANT_LONG], sender.counter / 3);
}

// What the source's own line loses no repeating helps against.
static void test_holes_of_the_source_are_no_loss_of_the_listener(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_AUTO);
    listen(2, LINK_VARIANT_LONG);
    uint8_t packet[200];
    int32_t holes[3] = {0};
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 100; i++) {
            if (i % 5 == 4) {
                (void)sender_audio(&sender, packet);
            } else {
                talk(1);
            }
        }
        for (unsigned peer = 1; peer <= 2; peer++) {
            holes[peer] = (int32_t)(highest(peer) - ears[peer].first_sequence + 1 -
                                    ears[peer].packet_count);
            report(peer, highest(peer), holes[peer]);
        }
    }
    assert_true(holes[1] > 90 && holes[2] > 90);
    talk(9);
    assert_int_equal(ears[1].form_counts[VARIANT_RED1] + ears[1].form_counts[VARIANT_RED2], 0);
    uint32_t before = ears[2].form_counts[VARIANT_LONG];
    talk(9);
    assert_int_equal(ears[2].form_counts[VARIANT_LONG], before + 3);
}

static void test_sender_reports_tell_what_was_sent(void **state)
{
    (void)state;
    listen(1, LINK_VARIANT_LONG);
    listen(2, LINK_VARIANT_RED1);
    uint32_t clock[3] = {0};
    for (unsigned second = 0; second < 20; second++) {
        uint8_t packet[200];
        for (unsigned i = 0; i < 50; i++) {
            fixture_receive(&fixture, &sender, packet, sender_audio(&sender, packet));
            fixture_pass(&fixture, FRAME_US);
            for (unsigned peer = 1; peer <= 2; peer++) {
                for (unsigned k = 0; k < fixture.peers[peer].rtp_count; k++) {
                    ear_hear(&ears[peer], &fixture.peers[peer].heard[k]);
                    clock[peer] = fixture.peers[peer].heard[k].rtp.timestamp;
                }
                fixture.peers[peer].rtp_count = 0;
                struct rtcp_packet found;
                struct rtcp_sender_info info;
                if (fixture_count_rtcp(&fixture.peers[peer], RTCP_SR, 0xff, &found) > 0 &&
                    rtcp_read_sender_info(&found, &info)) {
                    assert_int_equal(info.packets, ears[peer].packet_count);
                    assert_in_range(info.rtp_timestamp - clock[peer] + 4 * OPUS_TICKS, 0,
                                    10 * OPUS_TICKS); // up to five frames after it
                    clock[0]++;
                }
                fixture.peers[peer].rtcp_count = 0;
            }
        }
    }
    assert_true(clock[0] >= 8);
}

// --- without a click ---

// What the listener's decoder plays through random changes of form is, sample for sample, what a
// decoder plays that hears the source itself.
static void test_changes_are_not_heard(void **state)
{
    (void)state;
    static opus_int16 sound[960];
    static opus_int16 direct[960];
    static opus_int16 played[5760];
    static opus_int16 expected[16 * 960];
    int failed = 0;
    OpusEncoder *encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_AUDIO, &failed);
    OpusDecoder *here = opus_decoder_create(48000, 1, &failed);
    OpusDecoder *there = opus_decoder_create(48000, 1, &failed);
    opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(1));
    opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(10));
    listen(1, LINK_VARIANT_AUTO);
    size_t waiting = 0;
    uint32_t changes = 0;
    for (unsigned i = 0; i < 3000; i++) {
        uint8_t packet[ROUTER_PACKET_MAX];
        (void)sender_audio(&sender, packet);
        for (unsigned k = 0; k < 960; k++) {
            unsigned at = i * 960 + k;
            sound[k] = (opus_int16)((int)(at * (30 + i / 100) % 9001) - 4500 + rand() % 500);
        }
        // The mode changes with the rate, so that the configuration does.
        opus_encoder_ctl(encoder, OPUS_SET_BITRATE(i / 250 % 2 == 0 ? 14000 : 64000));
        opus_int32 size = opus_encode(encoder, sound, 960, packet + RTP_HEADER_SIZE,
                                      (opus_int32)(sizeof(packet) - RTP_HEADER_SIZE));
        assert_true(size > 2);
        assert_int_equal(opus_decode(here, packet + RTP_HEADER_SIZE, size, direct, 960, 0), 960);
        memcpy(expected + waiting, direct, sizeof(direct));
        waiting += 960;
        if (rand() % 4 == 0) {
            wish(1, (enum link_variant)(rand() % LINK_VARIANT_END));
            changes++;
        }
        assert_true(fixture_receive(&fixture, &sender, packet, RTP_HEADER_SIZE + (size_t)size));
        fixture.now += FRAME_US;
        struct fixture_peer *peer = &fixture.peers[1];
        for (unsigned k = 0; k < peer->rtp_count; k++) {
            const uint8_t *payload = peer->heard[k].payload;
            size_t left = peer->heard[k].size;
            struct red_packet red;
            if (peer->heard[k].rtp.payload_type == RED_TYPE) {
                assert_int_equal(red_read(payload, left, &red), ERR_NONE);
                payload = red.blocks[red.block_count - 1].data;
                left = red.blocks[red.block_count - 1].size;
            }
            int ticks = opus_decode(there, payload, (opus_int32)left, played, 5760, 0);
            assert_true(ticks > 0 && (size_t)ticks <= waiting);
            assert_memory_equal(played, expected, (size_t)ticks * sizeof(*played));
            waiting -= (size_t)ticks;
            memmove(expected, expected + ticks, waiting * sizeof(*expected));
        }
        assert_true(waiting <= 3 * 960);
        peer->rtp_count = 0;
    }
    assert_true(changes > 500);
    assert_true(counters()->variant_switches_total > 300);
    assert_true(counters()->long_packets_out_total > 100);
    opus_encoder_destroy(encoder);
    opus_decoder_destroy(here);
    opus_decoder_destroy(there);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_each_form_is_heard_whole_and_made_once),
        TEST(test_nothing_is_made_for_nobody),
        TEST(test_who_speaks_never_waits_for_long_packets),
        TEST(test_waits_60_ms_for_the_rest),
        TEST(test_a_missing_packet_keeps_its_place),
        TEST(test_another_configuration_or_a_pause_ends_it),
        TEST(test_markers_on_every_packet_do_not_hinder),
        TEST(test_a_switch_of_source_ends_it),
        TEST(test_what_is_no_opus_goes_alone),
        TEST(test_silence_costs_two_packets_a_second_and_no_loss),
        TEST(test_reported_loss_chooses),
        TEST(test_holes_of_the_source_are_no_loss_of_the_listener),
        TEST(test_sender_reports_tell_what_was_sent),
        TEST(test_changes_are_not_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
