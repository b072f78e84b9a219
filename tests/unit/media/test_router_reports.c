// RTCP of the router: sender and receiver reports on the output clock, REMB, what /metrics and
// control are told.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "router_fixture.h"

#define FRAME_US   (20 * TIME_US_PER_MS)
#define MICROPHONE 5
#define CAMERA     6

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture, 99);
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, MICROPHONE, LINK_AUDIO, 1, 0);
    assert_int_equal(
        router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, MICROPHONE),
        ERR_NONE);
    assert_int_equal(router_slot_set_channel(fixture.router, fixture.now, fixture.peers[1].handle,
                                             0, CHANNEL_FLOOR),
                     ERR_NONE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static struct sender microphone(void)
{
    return (struct sender){
        .source = MICROPHONE,
        .ssrc = 0xabc,
        .payload_type = OPUS_TYPE,
        .sequence = 100,
        .timestamp = 5000,
    };
}

// A second of speech, of which every `lose`-th packet is lost (0: none).
static void talk_a_second(struct sender *sender, unsigned lose)
{
    uint8_t packet[200];
    for (unsigned i = 0; i < 50; i++) {
        size_t size = sender_audio(sender, packet);
        if (lose == 0 || i % lose != lose - 1) {
            assert_true(fixture_receive(&fixture, sender, packet, size));
        }
        fixture_pass(&fixture, FRAME_US);
    }
}

static bool find_sender_report(const struct fixture_peer *peer, uint32_t ssrc,
                               struct rtcp_sender_info *ret_info)
{
    struct rtcp_packet packet;
    return fixture_count_rtcp(peer, RTCP_SR, 0xff, &packet) > 0 &&
           rtcp_read_sender_info(&packet, ret_info) && ret_info->ssrc == ssrc;
}

static void test_sender_reports(void **state)
{
    (void)state;
    struct sender sender = microphone();
    struct rtcp_sender_info first;
    struct rtcp_sender_info second;
    struct rtcp_packet packet;
    const char *name = NULL;
    size_t size = 0;
    uint32_t ssrc = 0;
    const struct fixture_peer *peer = &fixture.peers[1];
    talk_a_second(&sender, 0);
    talk_a_second(&sender, 0);
    assert_true(find_sender_report(peer, peer->ssrc[0], &first));
    assert_in_range(first.packets, 1, 100);
    assert_int_equal(first.octets, first.packets * 9);
    assert_true(fixture_count_rtcp(peer, RTCP_SDES, 0xff, &packet) >= 1);
    assert_true(rtcp_read_cname(&packet, &ssrc, &name, &size));
    assert_int_equal(ssrc, peer->ssrc[0]);
    assert_int_equal(size, 7);
    assert_memory_equal(name, "plenary", 7);
    talk_a_second(&sender, 0);
    fixture_forget(&fixture);
    talk_a_second(&sender, 0);
    talk_a_second(&sender, 0);
    assert_true(find_sender_report(peer, peer->ssrc[0], &second));
    // The pair of times advances at 48 kHz: the same line through both reports.
    uint64_t passed = (second.ntp - first.ntp) * 48000 >> 32;
    assert_in_range(second.rtp_timestamp - first.rtp_timestamp + 2 - (uint32_t)passed, 0, 4);
    // And the packets lie on it.
    const struct heard *last = fixture_last(peer);
    uint64_t now_ntp = rtcp_ntp_from_wall_us(fixture.now - FRAME_US);
    int64_t since = ((int64_t)(now_ntp - second.ntp) * 48000) >> 32;
    assert_in_range(last->rtp.timestamp - second.rtp_timestamp - (uint32_t)since + 2, 0, 4);
    // Silence: no more sender reports.
    fixture_pass(&fixture, 2 * TIME_US_PER_S);
    fixture_forget(&fixture);
    fixture_pass(&fixture, 5 * TIME_US_PER_S);
    assert_int_equal(fixture_count_rtcp(peer, RTCP_SR, 0xff, NULL), 0);
}

static void test_receiver_reports(void **state)
{
    (void)state;
    struct sender sender = microphone();
    struct rtcp_packet packet;
    struct rtcp_report report;
    struct router_peer_report summary;
    for (unsigned i = 0; i < 4; i++) {
        talk_a_second(&sender, 0);
    }
    fixture_forget(&fixture);
    for (unsigned i = 0; i < 4; i++) {
        talk_a_second(&sender, 5);
    }
    assert_true(fixture_count_rtcp(&fixture.peers[0], RTCP_RR, 0xff, &packet) >= 1);
    assert_true(rtcp_read_report(&packet, 0, &report));
    assert_int_equal(report.ssrc, sender.ssrc);
    assert_in_range(report.fraction_lost, 45, 55); // a fifth of 256
    assert_int_equal(
        router_peer_report(fixture.router, fixture.now, fixture.peers[0].handle, &summary),
        ERR_NONE);
    assert_in_range(summary.loss_up_permille, 70, 210);
    assert_int_equal(summary.packets_in, 360);
    assert_int_equal(summary.packets_out, 0);
    assert_int_equal(
        router_peer_report(fixture.router, fixture.now, fixture.peers[1].handle, &summary),
        ERR_NONE);
    assert_int_equal(summary.packets_out, 360);
    assert_int_equal(fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK, 0xff, NULL), 0);
}

// A page, which has slots for pictures, is told each half second that its sound arrives; while none
// does it is told nothing, and knows by that.
static void test_sound_is_acknowledged(void **state)
{
    (void)state;
    struct sender sender = microphone();
    fixture_open(&fixture, CAMERA, LINK_VIDEO, 1, 0); // makes it a peer with pictures
    talk_a_second(&sender, 0);
    fixture_forget(&fixture);
    for (unsigned i = 0; i < 3; i++) {
        talk_a_second(&sender, 0);
    }
    assert_in_range(fixture_count_rtcp(&fixture.peers[0], RTCP_RR, 0xff, NULL), 6, 7);
    assert_int_equal(fixture_count_rtcp(&fixture.peers[1], RTCP_RR, 0xff, NULL), 0);
    fixture_pass(&fixture, TIME_US_PER_S);
    fixture_forget(&fixture);
    fixture_pass(&fixture, 3 * TIME_US_PER_S);
    assert_int_equal(fixture_count_rtcp(&fixture.peers[0], RTCP_RR, 0xff, NULL), 0);
}

static void send_report(unsigned peer, const struct rtcp_report *report)
{
    uint8_t data[100];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_rr(&writer, 1, report, 1);
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[peer].handle, data,
                        writer.position);
}

static void test_round_trip_and_loss(void **state)
{
    (void)state;
    struct sender sender = microphone();
    struct rtcp_sender_info info;
    struct router_peer_report summary;
    talk_a_second(&sender, 0);
    talk_a_second(&sender, 0);
    assert_true(find_sender_report(&fixture.peers[1], fixture.peers[1].ssrc[0], &info));
    uint32_t middle = rtcp_ntp_middle(info.ntp);
    uint32_t now_middle = rtcp_ntp_middle(rtcp_ntp_from_wall_us(fixture.now));
    struct rtcp_report report = {
        .ssrc = fixture.peers[1].ssrc[0],
        .highest_sequence = 1000,
        .packets_lost = 3,
        .last_sr = middle,
        .delay_since_sr = now_middle - middle - 6554, // a round trip of 100 ms
    };
    send_report(1, &report);
    report.highest_sequence = 1200;
    report.packets_lost = 13;
    send_report(1, &report);
    report.ssrc = 0x5555; // not its slot
    report.packets_lost = 9999;
    send_report(1, &report);
    assert_int_equal(
        router_peer_report(fixture.router, fixture.now, fixture.peers[1].handle, &summary),
        ERR_NONE);
    assert_in_range(summary.round_trip_us, 99900, 100100);
    assert_int_equal(summary.loss_down_permille, 50);
    assert_int_equal(
        router_peer_report(fixture.router, fixture.now, fixture.peers[1].handle, &summary),
        ERR_NONE);
    assert_int_equal(summary.loss_down_permille, 0);
}

// A second of video of one layer, `lose` as above, 100 packets of 1,000 bytes.
static void film_a_second(struct sender *sender, unsigned lose)
{
    uint8_t packet[ROUTER_PACKET_MAX];
    for (unsigned i = 0; i < 100; i++) {
        struct frame frame = {.first = true, .last = true, .temporal = 0xff, .size = 1000};
        size_t size = sender_video(sender, &frame, packet);
        sender->timestamp -= 3000 - 900;
        if (lose == 0 || i % lose != lose - 1) {
            assert_true(fixture_receive(&fixture, sender, packet, size));
        }
        fixture_pass(&fixture, 10 * TIME_US_PER_MS);
    }
}

static uint64_t last_remb(void)
{
    struct rtcp_packet packet;
    struct rtcp_remb remb;
    assert_true(fixture_count_rtcp(&fixture.peers[0], RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_AFB,
                                   &packet) >= 1);
    assert_true(rtcp_read_remb(&packet, &remb));
    assert_int_equal(remb.ssrc_count, 1);
    return remb.bits_per_second;
}

static void test_remb_to_sender(void **state)
{
    (void)state;
    struct sender sender = {.source = CAMERA, .ssrc = 0xcccc, .payload_type = VP8_TYPE};
    fixture_open(&fixture, CAMERA, LINK_VIDEO, 1, 0);
    film_a_second(&sender, 0);
    film_a_second(&sender, 0);
    assert_in_range(last_remb(), 2490000, 2500000);
    fixture_forget(&fixture);
    film_a_second(&sender, 4);
    fixture_forget(&fixture);
    film_a_second(&sender, 4);
    assert_in_range(last_remb(), 300000, 700000); // below the 600 kbit/s that came, by an eighth
    for (unsigned i = 0; i < 12; i++) {
        fixture_forget(&fixture);
        film_a_second(&sender, 0);
    }
    assert_true(last_remb() < 800000 * 9 / 10); // not to what failed, for a while
    for (unsigned i = 0; i < 110; i++) {
        fixture_forget(&fixture);
        film_a_second(&sender, 0);
    }
    assert_in_range(last_remb(), 1600000, 1800000); // twice what comes, and a little
}

static void test_source_states(void **state)
{
    (void)state;
    struct sender sender = microphone();
    talk_a_second(&sender, 0);
    assert_int_equal(fixture.state_count, 1);
    assert_true(fixture.state_active);
    fixture_pass(&fixture, 900 * TIME_US_PER_MS);
    assert_int_equal(fixture.state_count, 1);
    fixture_pass(&fixture, 300 * TIME_US_PER_MS);
    assert_int_equal(fixture.state_count, 2);
    assert_false(fixture.state_active);
    assert_int_equal(fixture.state_source, MICROPHONE);
    talk_a_second(&sender, 0);
    assert_int_equal(fixture.state_count, 3);
    router_source_close(fixture.router, MICROPHONE);
    assert_int_equal(fixture.state_count, 4);
    assert_false(fixture.state_active);
}

static void test_unreachable_peer_gets_nothing(void **state)
{
    (void)state;
    struct sender sender = microphone();
    talk_a_second(&sender, 0);
    fixture_forget(&fixture);
    assert_int_equal(
        router_peer_set_destination(fixture.router, fixture.now, fixture.peers[1].handle, 2, false),
        ERR_NONE);
    assert_false(router_source_wanted(fixture.router, MICROPHONE));
    for (unsigned i = 0; i < 5; i++) {
        talk_a_second(&sender, 0);
    }
    assert_int_equal(fixture.peers[1].rtp_count, 0);
    assert_int_equal(fixture.peers[1].rtcp_count, 0);
    // Back, from another address.
    assert_int_equal(
        router_peer_set_destination(fixture.router, fixture.now, fixture.peers[1].handle, 2, true),
        ERR_NONE);
    talk_a_second(&sender, 0);
    assert_int_equal(fixture.peers[1].rtp_count, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sender_reports, setup, teardown),
        cmocka_unit_test_setup_teardown(test_receiver_reports, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sound_is_acknowledged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_round_trip_and_loss, setup, teardown),
        cmocka_unit_test_setup_teardown(test_remb_to_sender, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source_states, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unreachable_peer_gets_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
