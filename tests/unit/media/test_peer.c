// One peer's transport without sockets: checks, phases, SRTP in, floods.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "media/peer.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

#define BEGIN       (1000 * (time_us)TIME_US_PER_S)
#define SSRC        0x11223344u
#define SOURCE      9
#define STREAM_SIZE 172

static struct peer peer;
static struct media_session session;
static struct ice_credentials credentials;
static struct counters counters;
static struct peer_output out;
static struct path path;
static struct secure_rtp_key client_send;
static struct secure_rtp_key client_receive;
static struct secure_rtp_sender sender;
static const uint8_t material[SECURE_RTP_EXPORT_MAX] = {1, 2, 3, 4, 5, 6, 7};
static const struct peer_timeouts timeouts = {
    .disconnect_after = 6 * (time_us)TIME_US_PER_S,
    .close_after = 30 * (time_us)TIME_US_PER_S,
    .handshake_within = 20 * (time_us)TIME_US_PER_S,
};

static int setup(void **state)
{
    (void)state;
    assert_int_equal(secure_rtp_setup(), ERR_NONE);
    memset(&session, 0, sizeof(session));
    memset(&counters, 0, sizeof(counters));
    session.section_count = 1;
    session.sections[0] = (struct media_section){
        .wish = {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = SOURCE},
        .payload_type = 111,
        .layer_count = 1,
        .ssrc_count = 1,
        .ssrcs = {SSRC},
    };
    assert_int_equal(address_from_text("192.0.2.9", 5000, &path.remote), ERR_NONE);
    assert_int_equal(ice_credentials_init(&credentials, 1, "theirs", 6), ERR_NONE);
    peer_init(&peer, &session, BEGIN);
    size_t size = secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    assert_int_equal(secure_rtp_keys_from_export(material, size, SECURE_RTP_AEAD_AES_128_GCM, false,
                                                 &client_send, &client_receive),
                     ERR_NONE);
    secure_rtp_sender_init(&sender, SSRC);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    peer_finish(&peer);
    secure_rtp_key_finish(&client_send);
    secure_rtp_key_finish(&client_receive);
    return 0;
}

static void receive(time_us now, uint8_t *data, size_t size)
{
    peer_receive(&peer, &credentials, now, &path, data, size, &counters, &out);
}

static void check_by(const struct ice_credentials *newest, const struct ice_credentials *used,
                     const char *remote, time_us now)
{
    uint8_t data[256];
    char username[64];
    (void)snprintf(username, sizeof(username), "%s:%s", used->ufrag, remote);
    struct stun_request request = {
        .username = username, .controlling = true, .use_candidate = true};
    size_t size = stun_write_request(&request, hmac_sha1_callback, &used->key, data, sizeof(data));
    peer_receive(&peer, newest, now, &path, data, size, &counters, &out);
}

static void check(time_us now)
{
    check_by(&credentials, &credentials, "theirs", now);
}

// After an ICE restart: the client nominates with the new credentials alone.
static void test_the_ones_before_do_not_nominate(void **state)
{
    (void)state;
    struct ice_credentials newest;
    check(BEGIN);
    assert_true(out.ice.selected);
    assert_int_equal(ice_credentials_init(&newest, 1, "again", 5), ERR_NONE);
    newest.before = &credentials;
    const struct path old = path;
    path.remote.port++;
    check_by(&newest, &credentials, "theirs", BEGIN + 1);
    assert_int_equal(out.action, PEER_ANSWER);
    assert_false(out.ice.selected);
    check_by(&newest, &newest, "again", BEGIN + 2);
    assert_int_equal(out.action, PEER_ANSWER);
    assert_true(out.ice.selected);
    path = old;
    check_by(&newest, &credentials, "theirs", BEGIN + 3);
    assert_int_equal(out.action, PEER_ANSWER);
    assert_false(out.ice.selected);
    // One's name with the other's password.
    struct ice_credentials mixed = credentials;
    mixed.key = newest.key;
    check_by(&newest, &mixed, "theirs", BEGIN + 4);
    assert_int_equal(out.action, PEER_NOTHING);
    assert_int_equal(counter_get(&counters.stun_forged_total), 1);
}

static void connect_peer(time_us now)
{
    check(now);
    assert_int_equal(peer_connect(&peer, now, SECURE_RTP_AEAD_AES_128_GCM, material,
                                  secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM)),
                     ERR_NONE);
}

static size_t rtp_make(uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX], uint16_t sequence)
{
    struct rtp_header header = {.payload_type = 111, .sequence = sequence, .ssrc = SSRC};
    memset(data, 7, STREAM_SIZE);
    rtp_write_header(data, &header);
    return secure_rtp_seal(&client_send, &sender, data, RTP_HEADER_SIZE, STREAM_SIZE,
                           STREAM_SIZE + SECURE_RTP_TAG_MAX);
}

static void test_life(void **state)
{
    (void)state;
    uint8_t dtls[20] = {22};
    receive(BEGIN, dtls, sizeof(dtls)); // before any check: from nowhere
    assert_int_equal(out.action, PEER_NOTHING);
    assert_int_equal(counter_get(&counters.address_unknown_total), 1);
    check(BEGIN);
    assert_int_equal(out.action, PEER_ANSWER);
    assert_true(out.phase_changed && out.ice.selected);
    assert_int_equal(peer.phase, LINK_PEER_CHECKED);
    receive(BEGIN, dtls, sizeof(dtls));
    assert_int_equal(out.action, PEER_DTLS);
    uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX];
    size_t size = rtp_make(data, 1);
    receive(BEGIN, data, size);
    assert_int_equal(counter_get(&counters.srtp_early_total), 1);
    connect_peer(BEGIN);
    assert_int_equal(peer.phase, LINK_PEER_CONNECTED);
    assert_int_equal(peer_connect(&peer, BEGIN, SECURE_RTP_AEAD_AES_128_GCM, material, 56),
                     ERR_CONFLICT);
    size = rtp_make(data, 2);
    receive(BEGIN, data, size);
    assert_int_equal(out.action, PEER_RTP);
    assert_int_equal(out.source, SOURCE);
    assert_int_equal(out.size, STREAM_SIZE);
    assert_int_equal(data[STREAM_SIZE - 1], 7);
    assert_true(peer_close(&peer));
    assert_false(peer_close(&peer));
    check(BEGIN);
    assert_int_equal(out.action, PEER_NOTHING);
}

static void test_silence(void **state)
{
    (void)state;
    connect_peer(BEGIN);
    assert_false(peer_on_tick(&peer, BEGIN + timeouts.disconnect_after - 1, &timeouts, &counters));
    assert_true(peer_on_tick(&peer, BEGIN + timeouts.disconnect_after, &timeouts, &counters));
    assert_int_equal(peer.phase, LINK_PEER_DISCONNECTED);
    assert_false(peer_on_tick(&peer, BEGIN + timeouts.disconnect_after, &timeouts, &counters));
    check(BEGIN + timeouts.disconnect_after);
    assert_true(out.phase_changed);
    assert_int_equal(peer.phase, LINK_PEER_CONNECTED);
    // SRTP alone keeps it too.
    uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX];
    time_us now = BEGIN + 2 * timeouts.disconnect_after - 1;
    size_t size = rtp_make(data, 1);
    receive(now, data, size);
    assert_int_equal(out.action, PEER_RTP);
    assert_false(peer_on_tick(&peer, now + 1, &timeouts, &counters));
    assert_true(peer_on_tick(&peer, now + timeouts.close_after, &timeouts, &counters));
    assert_int_equal(peer.phase, LINK_PEER_CLOSED);
    assert_int_equal(counter_get(&counters.peers_lost_total), 1);
}

static void test_a_handshake_that_takes_too_long(void **state)
{
    (void)state;
    check(BEGIN);
    time_us now = BEGIN + timeouts.handshake_within;
    check(now - 1); // alive, and yet
    assert_false(peer_on_tick(&peer, now - 1, &timeouts, &counters));
    assert_true(peer_on_tick(&peer, now, &timeouts, &counters));
    assert_int_equal(peer.phase, LINK_PEER_CLOSED);
}

static void test_forged_and_repeated_packets_change_nothing(void **state)
{
    (void)state;
    uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX];
    uint8_t copy[STREAM_SIZE + SECURE_RTP_TAG_MAX];
    connect_peer(BEGIN);
    time_us later = BEGIN + TIME_US_PER_S;
    size_t size = rtp_make(data, 100);
    memcpy(copy, data, size);
    for (size_t i = 0; i < size; i += 5) {
        memcpy(data, copy, size);
        data[i] ^= 0x40;
        struct peer before = peer;
        receive(later, data, size);
        assert_int_not_equal(out.action, PEER_RTP);
        if (i > 0) { // the first byte may make it another kind of packet, which is counted as such
            assert_memory_equal(&before, &peer, sizeof(peer));
        }
    }
    assert_int_equal(peer.stream_count, 0);
    assert_int_equal(peer.heard_at, BEGIN);
    memcpy(data, copy, size);
    receive(later, data, size);
    assert_int_equal(out.action, PEER_RTP);
    assert_int_equal(peer.heard_at, later);
    memcpy(data, copy, size);
    receive(later, data, size);
    assert_int_equal(out.action, PEER_NOTHING);
    assert_int_equal(counter_get(&counters.srtp_replayed_total), 1);
    assert_true(counter_get(&counters.srtp_forged_total) > 10);
}

// What was read before decryption is handed on: less the tag, and still with the padding.
static void test_the_packet_is_read_once(void **state)
{
    (void)state;
    uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX];
    const uint8_t level = 30;
    const struct rtp_extension extension = {.id = 1, .size = 1, .data = &level};
    const struct rtp_header header = {
        .payload_type = 111, .sequence = 7, .timestamp = 960, .ssrc = SSRC, .extension = true};
    struct rtp_packet again;
    connect_peer(BEGIN);
    memset(data, 4, sizeof(data)); // the last byte: four of padding
    rtp_write_header(data, &header);
    data[0] |= 0x20;
    size_t begin = RTP_HEADER_SIZE + rtp_write_extensions(&extension, 1, data + RTP_HEADER_SIZE, 8);
    size_t size = secure_rtp_seal(&client_send, &sender, data, begin, STREAM_SIZE, sizeof(data));
    receive(BEGIN, data, size);
    assert_int_equal(out.action, PEER_RTP);
    assert_int_equal(out.size, STREAM_SIZE);
    assert_int_equal(rtp_parse(data, out.size, &again), ERR_NONE);
    assert_int_equal(out.rtp.payload_size, STREAM_SIZE - begin);
    assert_int_equal(out.rtp.payload_size, again.payload_size);
    assert_int_equal(out.rtp.header_size, again.header_size);
    assert_int_equal(out.rtp.sequence, again.sequence);
    assert_int_equal(out.rtp.timestamp, again.timestamp);
    assert_true(out.rtp.padding);
    struct rtp_extension found;
    assert_true(rtp_extension_find(&out.rtp, data, extension.id, &found));
    assert_int_equal(found.data[0], level);
}

// Whoever found the peer by a check has proved it: the peer does not try its key once more.
static void test_the_check_is_proved_once(void **state)
{
    (void)state;
    uint8_t data[256];
    char username[64];
    struct peer_check read = {.credentials = &credentials};
    (void)snprintf(username, sizeof(username), "%s:theirs", credentials.ufrag);
    const struct stun_request request = {
        .username = username, .controlling = true, .use_candidate = true};
    size_t size = stun_write_request(&request, hmac_sha1_callback, &credentials.key, data,
                                     sizeof(data));
    assert_true(peer_check_read(data, size, &counters, &read.message));
    data[read.message.integrity_offset + 4] ^= 1; // no second try would succeed
    peer_receive_check(&peer, &credentials, BEGIN, &path, &read, &counters, &out);
    assert_int_equal(out.action, PEER_ANSWER);
    assert_true(out.ice.selected && peer.ice.nominated);
    assert_int_equal(peer.phase, LINK_PEER_CHECKED);
    assert_int_equal(counter_get(&counters.stun_answered_total), 1);
    assert_int_equal(counter_get(&counters.stun_forged_total), 0);
    receive(BEGIN, data, size); // as a datagram it is tried, and found forged
    assert_int_equal(out.action, PEER_NOTHING);
    assert_int_equal(
        counter_get(&counters.stun_malformed_total) + counter_get(&counters.stun_forged_total), 1);
    assert_true(peer_close(&peer));
    peer_receive_check(&peer, &credentials, BEGIN, &path, &read, &counters, &out);
    assert_int_equal(out.action, PEER_NOTHING);
}

static void test_floods_are_bounded(void **state)
{
    (void)state;
    unsigned answered = 0;
    unsigned opened = 0;
    connect_peer(BEGIN);
    for (unsigned i = 0; i < 2000; i++) {
        check(BEGIN);
        answered += out.action == PEER_ANSWER;
    }
    assert_in_range(answered, 100, 600);
    assert_int_equal(counter_get(&counters.stun_flood_dropped_total), 2000 - answered);
    struct secure_rtcp_sender rtcp = {.next_index = 0};
    for (unsigned i = 0; i < 2000; i++) {
        uint8_t data[128];
        struct bytes_writer writer = bytes_writer(data, sizeof(data));
        size_t size = 0;
        rtcp_write_rr(&writer, SSRC, NULL, 0);
        assert_int_equal(
            secure_rtcp_seal(&client_send, &rtcp, data, writer.position, sizeof(data), &size),
            ERR_NONE);
        receive(BEGIN, data, size);
        opened += out.action == PEER_RTCP;
    }
    assert_in_range(opened, 100, 1000);
    assert_int_equal(counter_get(&counters.srtcp_flood_dropped_total), 2000 - opened);
}

// A client may use so many SSRCs, and no more.
static void test_streams_are_bounded(void **state)
{
    (void)state;
    connect_peer(BEGIN);
    for (uint32_t ssrc = 1; ssrc <= PEER_STREAMS_MAX + 5; ssrc++) {
        uint8_t data[STREAM_SIZE + SECURE_RTP_TAG_MAX] = {0};
        struct rtp_header header = {.payload_type = 111, .sequence = 1, .ssrc = ssrc};
        struct secure_rtp_sender other;
        secure_rtp_sender_init(&other, ssrc);
        rtp_write_header(data, &header);
        size_t size = secure_rtp_seal(&client_send, &other, data, RTP_HEADER_SIZE, STREAM_SIZE,
                                      sizeof(data));
        receive(BEGIN, data, size);
    }
    assert_int_equal(peer.stream_count, PEER_STREAMS_MAX);
    assert_int_equal(counter_get(&counters.srtp_streams_full_total), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_life, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_ones_before_do_not_nominate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_silence, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_handshake_that_takes_too_long, setup, teardown),
        cmocka_unit_test_setup_teardown(test_forged_and_repeated_packets_change_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_packet_is_read_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_check_is_proved_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_floods_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_streams_are_bounded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
