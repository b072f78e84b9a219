// Video through the router: begins and changes layers with key frames only, continuous picture
// numbers, repair.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "router_fixture.h"
#include "wire/vp8.h"

#define FRAME_US (33 * TIME_US_PER_MS)
#define CAMERA   20
#define OTHER    21
#define SMALL    80 // bytes of a packet of the smallest layer; each larger one four times as much

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture, 4711);
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, CAMERA, LINK_VIDEO, 3, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static struct sender layer_sender(link_source source, uint8_t layer)
{
    return (struct sender){
        .source = source,
        .layer = layer,
        .ssrc = 0xb0000 + source * 16 + layer,
        .payload_type = VP8_TYPE,
        .sequence = (uint16_t)(65500 + layer * 1000),
        .timestamp = 0xffff0000u + layer * 123456,
        .picture = (uint16_t)(0x7ff0 + layer * 5),
        .tl0 = (uint8_t)(250 + layer),
    };
}

static void watch(link_source source)
{
    assert_int_equal(router_slot_set_source(fixture.router, fixture.now, fixture.peers[1].handle,
                                            FIXTURE_VIDEO, source),
                     ERR_NONE);
}

static size_t make(struct sender *sender, bool key, bool first, bool last, uint8_t *packet)
{
    struct frame frame = {
        .key = key,
        .first = first,
        .last = last,
        .temporal = 0,
        .size = (size_t)SMALL << (2 * sender->layer),
    };
    sender->tl0 = (uint8_t)(sender->tl0 + first);
    return sender_video(sender, &frame, packet);
}

// A frame of three packets.
static void film(struct sender *sender, bool key)
{
    uint8_t packet[ROUTER_PACKET_MAX];
    for (unsigned i = 0; i < 3; i++) {
        size_t size = make(sender, key, i == 0, i == 2, packet);
        assert_true(fixture_receive(&fixture, sender, packet, size));
    }
}

struct eye {
    bool started;
    uint16_t sequence;
    uint32_t timestamp;
    uint16_t picture;
    uint8_t tl0;
    unsigned frames;
    unsigned keys;
    size_t bytes;
};

static struct vp8_payload parse(const struct heard *heard)
{
    struct vp8_payload vp8;
    assert_int_equal(vp8_parse(heard->payload, heard->size, &vp8), ERR_NONE);
    return vp8;
}

static void look_at(struct eye *eye, const struct heard *heard)
{
    struct vp8_payload vp8 = parse(heard);
    eye->bytes += heard->size;
    eye->keys += vp8.key_frame;
    if (!eye->started) {
        assert_true(vp8.key_frame);
    } else if (vp8.start_of_frame) {
        assert_int_equal(vp8.picture_id, (eye->picture + 1) & 0x7fff);
        assert_true(rtp_timestamp_difference(heard->rtp.timestamp, eye->timestamp) > 0);
        if (vp8.has_tl0picidx && vp8.temporal_id == 0) {
            assert_int_equal(vp8.tl0picidx, (uint8_t)(eye->tl0 + 1));
        }
    } else {
        assert_int_equal(vp8.picture_id, eye->picture);
        assert_int_equal(heard->rtp.timestamp, eye->timestamp);
    }
    if (eye->started) {
        assert_int_equal(heard->rtp.sequence, (uint16_t)(eye->sequence + 1));
    }
    eye->frames += vp8.start_of_frame;
    eye->started = true;
    eye->sequence = heard->rtp.sequence;
    eye->timestamp = heard->rtp.timestamp;
    eye->picture = vp8.picture_id;
    eye->tl0 = vp8.tl0picidx;
}

static void look(struct eye *eye)
{
    struct fixture_peer *peer = &fixture.peers[1];
    assert_true(peer->rtp_count <= FIXTURE_RTP_MAX);
    for (unsigned i = 0; i < peer->rtp_count; i++) {
        look_at(eye, &peer->heard[i]);
    }
    peer->rtp_count = 0;
}

static unsigned key_frame_requests(void)
{
    unsigned count = fixture_count_rtcp(&fixture.peers[0], RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_PLI,
                                        NULL);
    fixture.peers[0].rtcp_count = 0;
    fixture.peers[1].rtcp_count = 0;
    return count;
}

// The listener's browser: an estimate, and a report of `lost` of 256 packets.
static void report(uint64_t estimate_bps, uint8_t lost)
{
    static uint32_t highest;
    static int32_t packets_lost;
    highest += 256;
    packets_lost += lost;
    uint8_t data[200];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    struct rtcp_report block = {.ssrc = fixture.peers[1].ssrc[FIXTURE_VIDEO],
                                .fraction_lost = lost,
                                .packets_lost = packets_lost,
                                .highest_sequence = highest};
    struct rtcp_remb remb = {
        .sender_ssrc = 1,
        .bits_per_second = estimate_bps,
        .ssrc_count = 1,
        .ssrcs = {block.ssrc},
    };
    rtcp_write_rr(&writer, 1, &block, 1);
    rtcp_write_remb(&writer, &remb);
    assert_true(bytes_writer_ok(&writer));
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[1].handle, data,
                        writer.position);
}

static void nack(uint16_t sequence)
{
    uint8_t data[100];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    struct rtcp_feedback feedback = {1, fixture.peers[1].ssrc[FIXTURE_VIDEO]};
    rtcp_write_rr(&writer, 1, NULL, 0);
    rtcp_write_nack(&writer, feedback, &sequence, 1);
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[1].handle, data,
                        writer.position);
}

static void test_begins_with_key_frame(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    struct eye eye = {0};
    film(&sender, true);
    fixture_pass(&fixture, FRAME_US);
    watch(CAMERA);
    assert_int_equal(key_frame_requests(), 1);
    for (unsigned i = 0; i < 12; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
    }
    look(&eye);
    assert_int_equal(eye.frames, 0);
    assert_int_equal(key_frame_requests(), 0); // 396 ms: not yet again
    for (unsigned i = 0; i < 8; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
    }
    assert_int_equal(key_frame_requests(), 1); // repeated until it comes
    film(&sender, true);
    for (unsigned i = 0; i < 60; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
        look(&eye);
        key_frame_requests();
    }
    assert_int_equal(eye.frames, 61);
    for (unsigned i = 0; i < 40; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
        assert_int_equal(key_frame_requests(), 0); // it came
        look(&eye);
    }
}

static void test_abs_send_time(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    watch(CAMERA);
    film(&sender, true);
    const struct heard *heard = fixture_last(&fixture.peers[1]);
    struct rtp_extension extension;
    assert_true(rtp_extension_find(&heard->rtp, heard->data, ABS_SEND_ID, &extension));
    assert_int_equal(extension.size, 3);
    uint32_t value = (uint32_t)extension.data[0] << 16 | bytes_load_u16(extension.data + 1);
    assert_int_equal(value, rtp_abs_send_time(fixture.now));
    assert_true(heard->rtp.marker);
}

static void test_switch_of_source(void **state)
{
    (void)state;
    fixture_open(&fixture, OTHER, LINK_VIDEO, 1, 0);
    struct sender senders[2] = {layer_sender(CAMERA, 0), layer_sender(OTHER, 0)};
    struct eye eye = {0};
    unsigned switches = 0;
    unsigned shown = 0;
    for (unsigned i = 0; i < 3000; i++) {
        if (i % 10 == 0) {
            shown = (i / 10) % 2;
            watch(shown == 0 ? CAMERA : OTHER);
            switches++;
        }
        for (unsigned k = 0; k < 2; k++) {
            unsigned keys = eye.keys;
            film(&senders[k], i % 10 == 3 + k);
            look(&eye);
            assert_true(eye.keys == keys || k == shown);
        }
        fixture_pass(&fixture, FRAME_US);
        key_frame_requests();
    }
    assert_int_equal(eye.keys, switches);
    assert_in_range(eye.frames, switches * 6, switches * 7);
}

// Three layers at about 65, 240 and 940 kbit/s; a key frame comes when it is asked for.
static void film_layers(struct sender senders[3], bool asked[3], struct eye *eye, unsigned frames,
                        uint64_t estimate_bps, uint8_t lost)
{
    for (unsigned i = 0; i < frames; i++) {
        for (unsigned k = 0; k < 3; k++) {
            film(&senders[k], asked[k]);
            asked[k] = false;
        }
        look(eye);
        fixture_pass(&fixture, FRAME_US);
        struct fixture_peer *owner = &fixture.peers[0];
        for (unsigned k = 0; k < owner->rtcp_count; k++) {
            struct rtcp_reader reader = rtcp_reader(owner->rtcp[k].data, owner->rtcp[k].size);
            struct rtcp_packet packet;
            struct rtcp_feedback feedback;
            while (rtcp_next(&reader, &packet)) {
                if (rtcp_is_pli(&packet) && rtcp_read_feedback(&packet, &feedback)) {
                    asked[feedback.media_ssrc & 15] = true;
                }
            }
        }
        fixture.peers[0].rtcp_count = 0;
        fixture.peers[1].rtcp_count = 0;
        if (i % 30 == 0) {
            report(estimate_bps, lost);
        }
    }
}

// The listener's line shows that it carries much.
static void show_a_wide_line(void)
{
    struct sender senders[3] = {layer_sender(CAMERA, 0), layer_sender(CAMERA, 1),
                                layer_sender(CAMERA, 2)};
    bool asked[3] = {true, true, true};
    struct eye eye = {0};
    watch(CAMERA);
    film_layers(senders, asked, &eye, 600, 4000000, 0);
    fixture_pass(&fixture, FRAME_US);
    fixture_forget(&fixture);
}

// The last frame may be under way in part.
static bool shows(const struct eye *before, const struct eye *after, size_t size)
{
    size_t most = (after->bytes - before->bytes) / (3 * (after->frames - before->frames - 1));
    size_t least = (after->bytes - before->bytes) / (3 * (after->frames - before->frames + 1));
    return least <= size && size <= most;
}

static void test_layers_follow_the_estimate(void **state)
{
    (void)state;
    struct sender senders[3] = {layer_sender(CAMERA, 0), layer_sender(CAMERA, 1),
                                layer_sender(CAMERA, 2)};
    bool asked[3] = {true, true, true};
    struct eye eye = {0};
    struct eye before;
    watch(CAMERA);
    film_layers(senders, asked, &eye, 270, 2000000, 0);
    before = eye;
    film_layers(senders, asked, &eye, 150, 2000000, 0);
    assert_true(shows(&before, &eye, SMALL << 4)); // the largest
    film_layers(senders, asked, &eye, 30, 500000, 0);
    before = eye;
    film_layers(senders, asked, &eye, 60, 500000, 0);
    assert_true(shows(&before, &eye, SMALL << 2)); // the middle one fits
    film_layers(senders, asked, &eye, 30, 70000, 0);
    before = eye;
    film_layers(senders, asked, &eye, 60, 70000, 0);
    assert_true(shows(&before, &eye, SMALL));
    film_layers(senders, asked, &eye, 1200, 3000000, 0);
    before = eye;
    film_layers(senders, asked, &eye, 60, 3000000, 0);
    assert_true(shows(&before, &eye, SMALL << 4));
    film_layers(senders, asked, &eye, 90, 3000000, 80); // 31 per cent lost
    before = eye;
    film_layers(senders, asked, &eye, 60, 3000000, 80);
    assert_false(shows(&before, &eye, SMALL << 4));
    assert_in_range(router_counters(fixture.router)->layer_switches_total, 4, 10);
}

static void test_missing_packet_is_repeated(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    watch(CAMERA);
    film(&sender, true);
    film(&sender, false);
    fixture_pass(&fixture, FRAME_US);
    struct heard lost = fixture.peers[1].heard[4]; // the middle of the second frame
    fixture_forget(&fixture);
    nack(lost.rtp.sequence);
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    const struct heard *repeated = fixture_last(&fixture.peers[1]);
    assert_int_equal(repeated->rtp.ssrc, fixture.peers[1].rtx_ssrc);
    assert_int_equal(repeated->rtp.payload_type, RTX_TYPE);
    assert_int_equal(repeated->rtp.timestamp, lost.rtp.timestamp);
    assert_int_equal(repeated->size, lost.size + 2);
    assert_int_equal(bytes_load_u16(repeated->payload), lost.rtp.sequence);
    assert_memory_equal(repeated->payload + 2, lost.data + lost.rtp.header_size, lost.size);
    // At once again: no. Later: yes, with the next number of its own.
    nack(lost.rtp.sequence);
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    fixture_pass(&fixture, FRAME_US);
    nack(lost.rtp.sequence);
    assert_int_equal(fixture.peers[1].rtp_count, 2);
    // Never sent, or long gone.
    nack((uint16_t)(lost.rtp.sequence + 100));
    assert_int_equal(fixture.peers[1].rtp_count, 2);
    for (unsigned i = 0; i < 200; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
        fixture_forget(&fixture);
    }
    nack(lost.rtp.sequence);
    assert_int_equal(fixture.peers[1].rtp_count, 0);
    assert_int_equal(router_counters(fixture.router)->rtx_packets_out_total, 2);
    assert_int_equal(router_counters(fixture.router)->rtx_missed_total, 3);
}

static void test_repeats_are_limited(void **state)
{
    (void)state;
    struct sender sender = layer_sender(OTHER, 0);
    show_a_wide_line();
    fixture_open(&fixture, OTHER, LINK_VIDEO, 1, 0);
    watch(OTHER);
    film(&sender, true);
    for (unsigned i = 0; i < 100; i++) {
        film(&sender, false);
        fixture_pass(&fixture, TIME_US_PER_MS);
    }
    fixture_pass(&fixture, FRAME_US);
    uint64_t refused = router_counters(fixture.router)->rtcp_flood_dropped_total;
    fixture.now += TIME_US_PER_S;
    uint16_t last = fixture_last(&fixture.peers[1])->rtp.sequence;
    fixture_forget(&fixture);
    for (uint16_t i = 0; i < 180; i++) {
        nack((uint16_t)(last - i));
    }
    assert_int_equal(fixture.peers[1].rtp_count, 100);
    fixture.now += TIME_US_PER_S;
    for (uint16_t i = 0; i < 300; i++) {
        nack((uint16_t)(last - i)); // 200 compounds of these are read
    }
    assert_int_equal(fixture.peers[1].rtp_count, 200);
    assert_int_equal(router_counters(fixture.router)->rtcp_flood_dropped_total - refused, 100);
}

static void test_gap_is_asked_for_and_filled(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    uint8_t packets[3][ROUTER_PACKET_MAX];
    size_t sizes[3];
    struct rtcp_packet packet;
    uint16_t sequence = 0;
    uint16_t following = 0;
    watch(CAMERA);
    film(&sender, true);
    fixture_pass(&fixture, FRAME_US);
    fixture_forget(&fixture);
    uint16_t expected = (uint16_t)(sender.sequence + 1);
    for (unsigned i = 0; i < 3; i++) {
        sizes[i] = make(&sender, false, i == 0, i == 2, packets[i]);
    }
    assert_true(fixture_receive(&fixture, &sender, packets[0], sizes[0]));
    assert_true(fixture_receive(&fixture, &sender, packets[2], sizes[2]));
    fixture_pass(&fixture, 25 * TIME_US_PER_MS);
    assert_int_equal(
        fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK, &packet),
        1);
    assert_true(rtcp_read_nack(&packet, 0, &sequence, &following));
    assert_int_equal(sequence, expected);
    assert_int_equal(following, 0);
    // It comes by RTX, under another SSRC.
    uint8_t rtx[ROUTER_PACKET_MAX + 2];
    memcpy(rtx, packets[1], RTP_HEADER_SIZE);
    rtx[1] = (uint8_t)((rtx[1] & 0x80) | RTX_TYPE);
    bytes_store_u16(rtx + 2, 500);
    bytes_store_u32(rtx + 8, 0xeeee);
    bytes_store_u16(rtx + RTP_HEADER_SIZE, expected);
    memcpy(rtx + RTP_HEADER_SIZE + 2, packets[1] + RTP_HEADER_SIZE, sizes[1] - RTP_HEADER_SIZE);
    assert_int_equal(fixture.peers[1].rtp_count, 2);
    assert_true(fixture_receive(&fixture, &sender, rtx, sizes[1] + 2));
    assert_false(fixture_receive(&fixture, &sender, packets[1], sizes[1])); // a second time
    const struct fixture_peer *peer = &fixture.peers[1];
    assert_int_equal(peer->rtp_count, 3);
    assert_int_equal(peer->heard[2].rtp.sequence, (uint16_t)(peer->heard[0].rtp.sequence + 1));
    assert_int_equal(peer->heard[1].rtp.sequence, (uint16_t)(peer->heard[0].rtp.sequence + 2));
    fixture_forget(&fixture);
    fixture_pass(&fixture, 500 * TIME_US_PER_MS);
    assert_int_equal(
        fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK, NULL), 0);
}

static void test_gap_given_up_asks_key_frame(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    watch(CAMERA);
    film(&sender, true);
    sender.sequence++;
    unsigned asked = 0;
    unsigned key_frames = 0;
    for (unsigned i = 0; i < 60; i++) {
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
        asked += fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK,
                                    NULL);
        key_frames += key_frame_requests();
    }
    assert_in_range(asked, 5, 10);
    assert_in_range(key_frames, 1, 4);
    // Too many at a time are not asked for at all.
    film(&sender, true);
    sender.sequence = (uint16_t)(sender.sequence + 300);
    fixture_pass(&fixture, TIME_US_PER_S / 2);
    fixture_forget(&fixture);
    film(&sender, false);
    fixture_pass(&fixture, TIME_US_PER_S / 4);
    assert_int_equal(
        fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK, NULL), 0);
    assert_int_equal(key_frame_requests(), 1);
}

// Where half is lost, what is sent again takes from the rest.
static void test_a_full_line_is_not_asked_to_repeat(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    watch(CAMERA);
    film(&sender, true);
    unsigned asked[2] = {0};
    for (unsigned i = 0; i < 60; i++) {
        sender.sequence++;
        film(&sender, false);
        fixture_pass(&fixture, FRAME_US);
        asked[i >= 20] += fixture_count_rtcp(&fixture.peers[0], RTCP_TRANSPORT_FEEDBACK,
                                             RTCP_FORMAT_NACK, NULL);
        fixture_forget(&fixture);
    }
    assert_in_range(asked[0], 1, 60); // until that is known
    assert_int_equal(asked[1], 0);
}

static void test_listener_asks_for_key_frame(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    watch(CAMERA);
    film(&sender, true);
    fixture_pass(&fixture, TIME_US_PER_S / 2);
    film(&sender, false);
    key_frame_requests();
    uint8_t data[100];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_rr(&writer, 1, NULL, 0);
    rtcp_write_pli(&writer, (struct rtcp_feedback){1, fixture.peers[1].ssrc[FIXTURE_VIDEO]});
    rtcp_write_fir(&writer, 1, fixture.peers[1].ssrc[FIXTURE_VIDEO], 1);
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[1].handle, data,
                        writer.position);
    assert_int_equal(key_frame_requests(), 1);
    assert_int_equal(router_counters(fixture.router)->key_frame_requests_in_total, 2);
}

static void test_remote_source(void **state)
{
    (void)state;
    fixture_open(&fixture, OTHER, LINK_VIDEO, 2, -1);
    struct sender sender = layer_sender(OTHER, 1);
    watch(OTHER);
    film(&sender, false);
    assert_int_equal(fixture.feedback_count, 1);
    assert_int_equal(fixture.feedback_source, OTHER);
    assert_int_equal(fixture.feedback_layer, 1);
    film(&sender, true);
    struct eye eye = {0};
    look(&eye);
    assert_int_equal(eye.frames, 1);
    assert_int_equal(fixture.state_count, 0);
    assert_int_equal(router_counters(fixture.router)->rtp_packets_in_total, 0);
    assert_true(router_source_wanted(fixture.router, OTHER));
    assert_false(router_source_wanted(fixture.router, CAMERA));
}

// Two temporal layers on a line that is too thin for the smallest layer: the upper one is left out,
// unseen by the numbers.
static void test_temporal_layer_left_out(void **state)
{
    (void)state;
    struct sender sender = layer_sender(OTHER, 0);
    show_a_wide_line();
    fixture_open(&fixture, OTHER, LINK_VIDEO, 1, 0);
    uint8_t packet[ROUTER_PACKET_MAX];
    struct eye eye = {0};
    unsigned base = 0;
    watch(OTHER);
    for (unsigned i = 0; i < 300; i++) {
        uint8_t temporal = (uint8_t)(i % 2);
        struct frame frame = {
            .key = i == 0,
            .first = true,
            .last = true,
            .temporal = temporal,
            .sync = i % 8 == 1,
            .size = 1000,
        };
        sender.tl0 = (uint8_t)(sender.tl0 + (temporal == 0));
        size_t size = sender_video(&sender, &frame, packet);
        assert_true(fixture_receive(&fixture, &sender, packet, size));
        if (fixture.peers[1].rtp_count > 0) {
            base += parse(fixture_last(&fixture.peers[1])).temporal_id == 0;
        }
        look(&eye);
        fixture_pass(&fixture, FRAME_US);
        fixture.peers[0].rtcp_count = 0;
        fixture.peers[1].rtcp_count = 0;
        if (i == 99) {
            assert_int_equal(eye.frames, 100);
            report(130000, 0); // of about 250,000
        } else if (i == 199) {
            assert_int_equal(base, 100);
            assert_in_range(eye.frames, 150, 151);
            report(1000000, 0);
        }
    }
    assert_in_range(eye.frames, 200, 250);
}

// --- H.264 ---

static struct sender open_encoder(void)
{
    const struct router_source_description description = {
        .id = OTHER,
        .kind = LINK_VIDEO,
        .codec = ROUTER_H264,
        .layer_count = 1,
        .payload_type = 106,
        .owner = 100,
        .peer = fixture.peers[0].handle,
    };
    assert_int_equal(router_source_open(fixture.router, &description), ERR_NONE);
    return (struct sender){
        .source = OTHER, .ssrc = 0xc0000, .payload_type = 106, .sequence = 65530, .timestamp = 7};
}

static void send_unit(struct sender *sender, const char *unit, bool last)
{
    uint8_t packet[ROUTER_PACKET_MAX];
    const struct rtp_header header = {
        .payload_type = sender->payload_type,
        .marker = last,
        .sequence = sender->sequence++,
        .timestamp = sender->timestamp,
        .ssrc = sender->ssrc,
    };
    rtp_write_header(packet, &header);
    memcpy(packet + RTP_HEADER_SIZE, unit, 4);
    sender->timestamp += last ? 3000 : 0;
    assert_true(fixture_receive(&fixture, sender, packet, RTP_HEADER_SIZE + 4));
}

// Parameters and a key frame in two fragments, or one slice.
static void encode(struct sender *sender, bool key)
{
    if (key) {
        send_unit(sender, "\x67\x42\xe0\x1f", false);
        send_unit(sender, "\x68\xce\x38\x80", false);
        send_unit(sender, "\x7c\x85\x88\x80", false);
        send_unit(sender, "\x7c\x45\x01\x02", true);
    } else {
        send_unit(sender, "\x41\x9a\x03\x04", true);
    }
}

struct run {
    bool started;
    uint16_t sequence;
    uint32_t timestamp;
};

// What peer 1 got: of this type, and numbered on. How many packets.
static unsigned follow(struct run *run, uint8_t payload_type)
{
    struct fixture_peer *peer = &fixture.peers[1];
    unsigned count = peer->rtp_count;
    for (unsigned i = 0; i < count; i++) {
        const struct rtp_packet *rtp = &peer->heard[i].rtp;
        assert_int_equal(rtp->payload_type, payload_type);
        if (run->started) {
            assert_int_equal(rtp->sequence, (uint16_t)(run->sequence + 1));
            assert_true(rtp_timestamp_difference(rtp->timestamp, run->timestamp) >= 0);
        }
        *run = (struct run){true, rtp->sequence, rtp->timestamp};
    }
    peer->rtp_count = 0;
    return count;
}

static void test_h264_begins_with_its_parameters(void **state)
{
    (void)state;
    struct sender encoder = open_encoder();
    struct run run = {0};
    encode(&encoder, false); // before anybody looks: the track is known
    watch(OTHER);
    assert_int_equal(key_frame_requests(), 1);
    encode(&encoder, false);
    send_unit(&encoder, "\x65\x88\x80\x10", true); // a key frame without them
    assert_int_equal(follow(&run, H264_TYPE), 0);
    encode(&encoder, true);
    encode(&encoder, false);
    const struct heard *heard = fixture.peers[1].heard;
    assert_memory_equal(heard[0].payload, "\x67\x42\xe0\x1f", 4);
    assert_memory_equal(heard[4].payload, "\x41\x9a\x03\x04", 4);
    assert_true(!heard[2].rtp.marker && heard[3].rtp.marker);
    assert_int_equal(heard[4].rtp.timestamp, heard[0].rtp.timestamp + 3000);
    assert_int_equal(follow(&run, H264_TYPE), 5);
    fixture_pass(&fixture, TIME_US_PER_S / 2);
    assert_int_equal(key_frame_requests(), 0); // the wish was fulfilled
}

static void test_codec_changes_within_a_slot(void **state)
{
    (void)state;
    show_a_wide_line();
    struct sender encoder = open_encoder();
    struct sender camera = layer_sender(CAMERA, 0);
    camera.ssrc += 0x1000;
    struct run run = {0};
    for (unsigned i = 0; i < 20; i++) {
        watch(i % 2 == 0 ? OTHER : CAMERA);
        encode(&encoder, true);
        film(&camera, true);
        encode(&encoder, false);
        assert_int_equal(follow(&run, i % 2 == 0 ? H264_TYPE : VP8_TYPE), i % 2 == 0 ? 5 : 3);
        fixture_pass(&fixture, FRAME_US);
    }
}

static void test_h264_is_repeated(void **state)
{
    (void)state;
    struct sender encoder = open_encoder();
    struct run run = {0};
    watch(OTHER);
    encode(&encoder, true);
    assert_int_equal(follow(&run, H264_TYPE), 4);
    nack((uint16_t)(run.sequence - 1));
    const struct heard *heard = fixture_last(&fixture.peers[1]);
    assert_non_null(heard);
    assert_int_equal(heard->rtp.payload_type, H264_RTX_TYPE);
    assert_int_equal(heard->size, 2 + 4);
    assert_int_equal(bytes_load_u16(heard->payload), (uint16_t)(run.sequence - 1));
    assert_memory_equal(heard->payload + 2, "\x7c\x85\x88\x80", 4);
}

static void test_who_takes_no_h264_gets_no_picture(void **state)
{
    (void)state;
    struct sender encoder = open_encoder();
    struct sender camera = layer_sender(CAMERA, 0);
    fixture.vp8_only = true;
    fixture_join(&fixture, 2);
    handle peer = fixture.peers[2].handle;
    assert_int_equal(
        router_slot_set_source(fixture.router, fixture.now, peer, FIXTURE_VIDEO, OTHER), ERR_NONE);
    assert_int_equal(router_counters(fixture.router)->video_untaken_total, 1);
    encode(&encoder, true);
    assert_int_equal(fixture.peers[2].rtp_count, 0);
    assert_int_equal(key_frame_requests(), 0);
    assert_int_equal(
        router_slot_set_source(fixture.router, fixture.now, peer, FIXTURE_VIDEO, CAMERA), ERR_NONE);
    film(&camera, true);
    assert_int_equal(fixture.peers[2].rtp_count, 3);
    assert_int_equal(fixture_last(&fixture.peers[2])->rtp.payload_type, VP8_TYPE);
    assert_int_equal(router_counters(fixture.router)->video_untaken_total, 1);
}

static void test_flood_and_rubbish(void **state)
{
    (void)state;
    struct sender sender = layer_sender(CAMERA, 0);
    uint8_t packet[ROUTER_PACKET_MAX];
    watch(CAMERA);
    film(&sender, true);
    for (unsigned i = 0; i < 5000; i++) {
        size_t size = make(&sender, false, true, true, packet);
        (void)fixture_receive(&fixture, &sender, packet, size);
    }
    assert_in_range(router_counters(fixture.router)->rtp_packets_in_total, 3000, 3010);
    uint64_t dropped = router_counters(fixture.router)->rtp_flood_dropped_total;
    assert_in_range(dropped, 5000 - 3010, 5003 - 3000);
    fixture.now += TIME_US_PER_S;
    uint64_t seed = 99;
    sender.sequence = (uint16_t)(sender.sequence - dropped);
    for (unsigned i = 0; i < 20000; i++) {
        size_t size = make(&sender, i % 50 == 0, true, true, packet);
        for (unsigned k = 0; k < 4; k++) {
            seed = seed * 6364136223846793005ull + 1;
            packet[RTP_HEADER_SIZE + (seed >> 40) % 20] = (uint8_t)(seed >> 33);
        }
        size_t cut = RTP_HEADER_SIZE + (seed >> 20) % (size - RTP_HEADER_SIZE);
        (void)fixture_receive(&fixture, &sender, packet, cut);
        fixture.now += 500;
    }
    assert_true(router_counters(fixture.router)->rtp_malformed_total > 100);
}

static void test_rubbish_rtcp(void **state)
{
    (void)state;
    uint64_t seed = 5;
    uint8_t data[100];
    for (unsigned i = 0; i < 20000; i++) {
        for (unsigned k = 0; k < sizeof(data); k++) {
            seed = seed * 6364136223846793005ull + 1442695040888963407ull;
            data[k] = (uint8_t)(seed >> 40);
        }
        // A whole packet of a known type with wild contents.
        size_t words = 1 + (seed >> 33) % 24;
        data[0] = (uint8_t)(0x80 | (data[0] & 0x1f));
        data[1] = (uint8_t)(200 + data[1] % 7);
        bytes_store_u16(data + 2, (uint16_t)(words - (i % 5 != 0)));
        bytes_store_u32(data + 8, fixture.peers[1].ssrc[FIXTURE_VIDEO]);
        router_receive_rtcp(fixture.router, fixture.now, fixture.peers[1].handle, data, words * 4);
        fixture.now += 6000;
    }
    assert_true(router_counters(fixture.router)->rtcp_malformed_total > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_begins_with_key_frame, setup, teardown),
        cmocka_unit_test_setup_teardown(test_abs_send_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_switch_of_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_layers_follow_the_estimate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing_packet_is_repeated, setup, teardown),
        cmocka_unit_test_setup_teardown(test_repeats_are_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gap_is_asked_for_and_filled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gap_given_up_asks_key_frame, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_line_is_not_asked_to_repeat, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listener_asks_for_key_frame, setup, teardown),
        cmocka_unit_test_setup_teardown(test_remote_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_temporal_layer_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_h264_begins_with_its_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_codec_changes_within_a_slot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_h264_is_repeated, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_takes_no_h264_gets_no_picture, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flood_and_rubbish, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rubbish_rtcp, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
