#include "router_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void hear(struct fixture_peer *peer, const uint8_t *data, size_t size)
{
    struct heard *heard = &peer->heard[peer->rtp_count++ % FIXTURE_RTP_MAX];
    assert_in_range(size, RTP_HEADER_SIZE, ROUTER_PACKET_MAX);
    memcpy(heard->data, data, size);
    assert_int_equal(rtp_parse(heard->data, size, &heard->rtp), ERR_NONE);
    unsigned slot = 0;
    while (slot < FIXTURE_SLOTS && peer->ssrc[slot] != heard->rtp.ssrc) {
        slot++;
    }
    if (slot == FIXTURE_SLOTS) {
        uint32_t repeated = heard->rtp.ssrc - FIXTURE_RTX;
        assert_true(repeated == peer->ssrc[FIXTURE_VIDEO] ||
                    repeated == peer->ssrc[FIXTURE_VIDEO_2]);
        slot += repeated == peer->ssrc[FIXTURE_VIDEO_2];
    }
    // The replay check: a repeated index fails here.
    assert_int_equal(secure_rtp_open(&peer->open, &peer->receivers[slot], heard->data,
                                     heard->rtp.header_size, size, &size),
                     ERR_NONE);
    heard->rtp.payload_size = (uint16_t)(size - heard->rtp.header_size);
    if (heard->rtp.padding) {
        assert_int_equal(rtp_strip_padding(heard->data, size, &heard->rtp), ERR_NONE);
    }
    heard->payload = heard->data + heard->rtp.header_size;
    heard->size = heard->rtp.payload_size;
}

static uint8_t *reserve(void *context, size_t size)
{
    struct fixture *fixture = context;
    assert_in_range(size, 1, sizeof(fixture->room));
    return fixture->room;
}

static void commit(void *context, uint64_t destination, size_t size)
{
    struct fixture *fixture = context;
    assert_in_range(destination, 1, FIXTURE_PEERS_MAX);
    struct fixture_peer *peer = &fixture->peers[destination - 1];
    if (fixture->watch != NULL) {
        fixture->watch((unsigned)destination - 1, fixture->room, size);
    }
    if ((fixture->room[1] & 0x7f) < 64 || (fixture->room[1] & 0x7f) > 95) {
        hear(peer, fixture->room, size);
        return;
    }
    unsigned at = peer->rtcp_count++ % FIXTURE_RTCP_MAX;
    memcpy(peer->rtcp[at].data, fixture->room, size);
    assert_int_equal(secure_rtcp_open(&peer->open, &peer->rtcp_receiver, peer->rtcp[at].data, size,
                                      &peer->rtcp[at].size),
                     ERR_NONE);
    assert_int_equal(rtcp_check(peer->rtcp[at].data, peer->rtcp[at].size), ERR_NONE);
}

static void source_feedback(void *context, link_source source, bool key_frame, uint8_t layer)
{
    struct fixture *fixture = context;
    assert_true(key_frame);
    fixture->feedback_count++;
    fixture->feedback_source = source;
    fixture->feedback_layer = layer;
}

static void source_levels(void *context, const struct link_level *levels, uint32_t count)
{
    struct fixture *fixture = context;
    for (uint32_t i = 0; i < count; i++) {
        fixture->levels[fixture->level_count++ % FIXTURE_LEVELS_MAX] = levels[i];
    }
    fixture->level_calls++;
}

static void source_state(void *context, link_source source, bool active, bool sounding)
{
    struct fixture *fixture = context;
    fixture->state_count++;
    fixture->state_source = source;
    fixture->state_active = active;
    fixture->state_sounding = sounding;
    assert_true(active || !sounding);
}

void fixture_init(struct fixture *fixture, uint64_t seed)
{
    static bool ready;
    if (!ready) {
        assert_int_equal(secure_rtp_setup(), ERR_NONE);
        ready = true;
    }
    struct router_limits limits = {
        .peers_max = FIXTURE_PEERS_MAX,
        .sources_max = 8,
        .video_sources_max = 3,
        .channels_max = 8,
        .slots_max = FIXTURE_PEERS_MAX * FIXTURE_SLOTS,
        .video_slots_max = 2 * FIXTURE_PEERS_MAX,
        .receive_bps_max = 2500000,
        .transmit_bps_max = 4000000,
    };
    memset(fixture, 0, sizeof(*fixture));
    struct router_sink sink = {fixture,         reserve,       commit,
                               source_feedback, source_levels, source_state};
    fixture->router = router_create(&limits, &sink, seed);
    assert_non_null(fixture->router);
    fixture->now = 1000 * (time_us)TIME_US_PER_S;
}

void fixture_finish(struct fixture *fixture)
{
    router_destroy(fixture->router);
    for (unsigned i = 0; i < FIXTURE_PEERS_MAX; i++) {
        secure_rtp_key_finish(&fixture->peers[i].send);
        secure_rtp_key_finish(&fixture->peers[i].open);
    }
}

void fixture_key(unsigned number, uint8_t master[SECURE_RTP_KEY_SIZE],
                 uint8_t salt[SECURE_RTP_SALT_MAX], enum secure_rtp_profile *ret_profile)
{
    memset(master, 0, SECURE_RTP_KEY_SIZE);
    memset(salt, 0, SECURE_RTP_SALT_MAX);
    memcpy(master, (const uint8_t[]){(uint8_t)number, 1, 2, 3}, 4);
    memcpy(salt, (const uint8_t[]){9, 8, (uint8_t)number}, 3);
    *ret_profile = number % 2 == 0 ? SECURE_RTP_AEAD_AES_128_GCM : SECURE_RTP_AES128_CM_SHA1_80;
}

void fixture_join(struct fixture *fixture, unsigned number)
{
    struct fixture_peer *peer = &fixture->peers[number];
    struct router_peer_description description = {
        .id = 100 + number,
        .rtcp_ssrc = peer->rtcp_ssrc = 0x1000 * (number + 1) + 9,
        .cname = "plenary",
        .listen_only = fixture->listen_only,
        .slot_count = FIXTURE_SLOTS,
    };
    for (uint8_t i = 0; i < FIXTURE_SLOTS; i++) {
        bool video = i >= FIXTURE_VIDEO;
        peer->ssrc[i] = 0x1000 * (number + 1) + i;
        description.slots[i] = (struct router_slot_description){
            .kind = video ? LINK_VIDEO : LINK_AUDIO,
            .slot = i,
            .payload_type = video ? VP8_TYPE : OPUS_TYPE,
            .rtx_payload_type = video ? RTX_TYPE : 0,
            .h264_payload_type = video && !fixture->vp8_only ? H264_TYPE : 0,
            .h264_rtx_payload_type = video && !fixture->vp8_only ? H264_RTX_TYPE : 0,
            .red_payload_type = !video && fixture->listen_only ? RED_TYPE : 0,
            .abs_send_time_id = video ? ABS_SEND_ID : 0,
            .ssrc = peer->ssrc[i],
            .rtx_ssrc = video ? peer->ssrc[i] + FIXTURE_RTX : 0,
        };
        secure_rtp_receiver_init(&peer->receivers[i]);
    }
    peer->rtx_ssrc = description.slots[FIXTURE_VIDEO].rtx_ssrc;
    secure_rtp_receiver_init(&peer->receivers[FIXTURE_SLOTS]);
    secure_rtp_receiver_init(&peer->receivers[FIXTURE_SLOTS + 1]);
    secure_rtcp_receiver_init(&peer->rtcp_receiver);
    uint8_t master[SECURE_RTP_KEY_SIZE];
    uint8_t salt[SECURE_RTP_SALT_MAX];
    enum secure_rtp_profile profile;
    fixture_key(number, master, salt, &profile);
    assert_int_equal(secure_rtp_key_init(&peer->send, profile, master, salt), ERR_NONE);
    assert_int_equal(secure_rtp_key_init(&peer->open, profile, master, salt), ERR_NONE);
    assert_int_equal(router_peer_open(fixture->router, &description, &peer->handle), ERR_NONE);
    assert_int_equal(
        router_peer_connect(fixture->router, fixture->now, peer->handle, number + 1, &peer->send),
        ERR_NONE);
}

void fixture_open(struct fixture *fixture, link_source source, enum link_kind kind, uint8_t layers,
                  int owner)
{
    bool video = kind == LINK_VIDEO;
    struct router_source_description description = {
        .id = source,
        .kind = kind,
        .layer_count = layers,
        .payload_type = video ? VP8_TYPE : OPUS_TYPE,
        .rtx_payload_type = video ? RTX_TYPE : 0,
        .nack = video,
        .remb = video,
        .level_id = video ? 0 : LEVEL_ID,
        .owner = owner >= 0 ? 100 + (link_peer)owner : 0,
        .peer = owner >= 0 ? fixture->peers[owner].handle : HANDLE_NONE,
    };
    assert_int_equal(router_source_open(fixture->router, &description), ERR_NONE);
}

void fixture_forget(struct fixture *fixture)
{
    for (unsigned i = 0; i < FIXTURE_PEERS_MAX; i++) {
        fixture->peers[i].rtp_count = 0;
        fixture->peers[i].rtcp_count = 0;
    }
    fixture->feedback_count = 0;
}

void fixture_pass(struct fixture *fixture, time_us duration)
{
    time_us until = fixture->now + duration;
    while (router_next_deadline(fixture->router) <= until) {
        time_us at = router_next_deadline(fixture->router);
        fixture->now = at > fixture->now ? at : fixture->now;
        router_on_deadline(fixture->router, fixture->now);
        assert_true(router_next_deadline(fixture->router) > fixture->now);
    }
    fixture->now = until;
}

const struct heard *fixture_last(const struct fixture_peer *peer)
{
    return peer->rtp_count > 0 ? &peer->heard[(peer->rtp_count - 1) % FIXTURE_RTP_MAX] : NULL;
}

unsigned fixture_count_rtcp(const struct fixture_peer *peer, uint8_t type, uint8_t format,
                            struct rtcp_packet *ret_last)
{
    unsigned count = 0;
    assert_true(peer->rtcp_count <= FIXTURE_RTCP_MAX);
    for (unsigned i = 0; i < peer->rtcp_count; i++) {
        struct rtcp_reader reader = rtcp_reader(peer->rtcp[i].data, peer->rtcp[i].size);
        struct rtcp_packet packet;
        while (rtcp_next(&reader, &packet)) {
            if (packet.type == type && (format == 0xff || packet.count == format)) {
                count++;
                if (ret_last != NULL) {
                    *ret_last = packet;
                }
            }
        }
    }
    return count;
}

static size_t header(const struct sender *sender, bool marker, uint8_t *packet)
{
    struct rtp_header fields = {
        .payload_type = sender->payload_type,
        .marker = marker,
        .sequence = sender->sequence,
        .timestamp = sender->timestamp,
        .ssrc = sender->ssrc,
    };
    rtp_write_header(packet, &fields);
    return RTP_HEADER_SIZE;
}

size_t sender_audio(struct sender *sender, uint8_t *packet)
{
    size_t size = header(sender, false, packet);
    struct bytes_writer writer = bytes_writer(packet + size, 100);
    bytes_write_u8(&writer, OPUS_20_MS);
    bytes_write_u32(&writer, sender->source);
    bytes_write_u32(&writer, sender->counter++);
    sender->sequence++;
    sender->timestamp += OPUS_TICKS;
    return size + writer.position;
}

size_t sender_audio_level(struct sender *sender, uint8_t level, uint8_t *packet)
{
    uint8_t plain[200];
    size_t size = sender_audio(sender, plain);
    memcpy(packet, plain, RTP_HEADER_SIZE);
    packet[0] |= 0x10;
    const uint8_t value = (uint8_t)(0x80 | level);
    const struct rtp_extension extension = {LEVEL_ID, 1, &value};
    size_t extensions = rtp_write_extensions(&extension, 1, packet + RTP_HEADER_SIZE, 8);
    memcpy(packet + RTP_HEADER_SIZE + extensions, plain + RTP_HEADER_SIZE, size - RTP_HEADER_SIZE);
    return size + extensions;
}

size_t sender_video(struct sender *sender, const struct frame *frame, uint8_t *packet)
{
    size_t size = header(sender, frame->last, packet);
    struct bytes_writer writer = bytes_writer(packet + size, ROUTER_PACKET_MAX - size);
    bool temporal = frame->temporal != 0xff;
    // RFC 7741 section 4.2: X, S; then I, L, T; a picture number of 15 bits; TL0PICIDX; TID and Y.
    bytes_write_u8(&writer, (uint8_t)(0x80 | (frame->first ? 0x10 : 0)));
    bytes_write_u8(&writer, temporal ? 0xe0 : 0x80);
    bytes_write_u16(&writer, (uint16_t)(0x8000 | (sender->picture & 0x7fff)));
    if (temporal) {
        bytes_write_u8(&writer, sender->tl0);
        bytes_write_u8(&writer, (uint8_t)(frame->temporal << 6 | (frame->sync ? 0x20 : 0)));
    }
    if (frame->first) {
        // RFC 7741 section 4.3: P is 0 for a key frame, then the start code and the picture's size.
        bytes_write_u8(&writer, frame->key ? 0x10 : 0x11);
        bytes_write_u16(&writer, 0x0200);
        bytes_write(&writer, (const uint8_t[]){0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00}, 7);
    }
    bytes_write_u32(&writer, sender->source);
    bytes_write_u32(&writer, sender->counter++);
    while (writer.position < frame->size && !writer.failed) {
        bytes_write_u8(&writer, 0x55);
    }
    assert_true(bytes_writer_ok(&writer));
    sender->sequence++;
    if (frame->last) {
        sender->picture++;
        sender->timestamp += 3000;
    }
    return size + writer.position;
}

bool fixture_receive(struct fixture *fixture, const struct sender *sender, const uint8_t *packet,
                     size_t size)
{
    struct rtp_packet rtp;
    return rtp_parse(packet, size, &rtp) == ERR_NONE &&
           router_receive_rtp(fixture->router, fixture->now, sender->source, sender->layer, &rtp,
                              packet);
}

link_source heard_source(const struct heard *heard)
{
    assert_true(heard->size >= 9);
    return bytes_load_u32(heard->payload + 1);
}

uint32_t heard_counter(const struct heard *heard)
{
    assert_true(heard->size >= 9);
    return bytes_load_u32(heard->payload + 5);
}
