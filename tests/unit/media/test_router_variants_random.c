// Random changes of everything: source, channel, form, delay, reachability, a network that loses,
// doubles and reorders, silence, roll-over. libsrtp2 decrypts what listeners get, and no index
// comes twice. An argument is the seed.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <srtp2/srtp.h>

#include "variant_ear.h"

#define FRAME_US      (20 * TIME_US_PER_MS)
#define FRAMES        160000
#define INDICES_BYTES (1 << 17)
#define LISTENERS     4 // peers 2 .. 5
#define FIRST         2
#define SOURCES       3

static struct fixture fixture;
static struct ear ears[LISTENERS];
static srtp_t oracles[LISTENERS];
static uint8_t indices[LISTENERS][INDICES_BYTES];
static uint64_t opened;
static uint64_t seed;
static uint64_t first_seed = 20260607;

static uint64_t random_next(uint64_t below)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (seed >> 33) % below;
}

// The independent receiver: same plain bytes, and its own replay check.
static void watch(unsigned peer, const uint8_t *data, size_t size)
{
    uint8_t type = data[1] & 0x7f;
    if (peer < FIRST || (type >= 64 && type <= 95)) {
        return;
    }
    uint8_t copy[ROUTER_DATAGRAM_MAX];
    int length = (int)size;
    memcpy(copy, data, size);
    srtp_err_status_t status = srtp_unprotect(oracles[peer - FIRST], copy, &length);
    if (status != srtp_err_status_ok) {
        printf("libsrtp2: %d, peer %u\n", (int)status, peer);
    }
    assert_int_equal(status, srtp_err_status_ok);
    opened++;
}

static void oracle_init(unsigned listener)
{
    static uint8_t keys[LISTENERS][SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
    enum secure_rtp_profile profile;
    srtp_policy_t policy;
    memset(&policy, 0, sizeof(policy));
    fixture_key(FIRST + listener, keys[listener], keys[listener] + SECURE_RTP_KEY_SIZE, &profile);
    if (profile == SECURE_RTP_AEAD_AES_128_GCM) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.ssrc.type = ssrc_any_inbound;
    policy.key = keys[listener];
    policy.window_size = 2048;
    assert_int_equal(srtp_create(&oracles[listener], &policy), srtp_err_status_ok);
}

static int setup(void **state)
{
    (void)state;
    memset(ears, 0, sizeof(ears));
    memset(indices, 0, sizeof(indices));
    fixture_init(&fixture, 1);
    fixture.watch = watch;
    for (unsigned i = 0; i < FIRST + LISTENERS; i++) {
        fixture.listen_only = i >= FIRST;
        fixture_join(&fixture, i);
        if (i >= FIRST) {
            oracle_init(i - FIRST);
            ears[i - FIRST].indices_seen = indices[i - FIRST];
            ears[i - FIRST].indices_max = INDICES_BYTES;
        }
    }
    for (link_source i = 1; i <= SOURCES; i++) {
        fixture_open(&fixture, i, LINK_AUDIO, 1, (int)(i % FIRST));
    }
    opened = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LISTENERS; i++) {
        srtp_dealloc(oracles[i]);
    }
    fixture_finish(&fixture);
    return 0;
}

static void hear_all(void)
{
    for (unsigned i = 0; i < LISTENERS; i++) {
        struct fixture_peer *peer = &fixture.peers[FIRST + i];
        assert_true(peer->rtp_count <= FIXTURE_RTP_MAX);
        for (unsigned k = 0; k < peer->rtp_count; k++) {
            ear_hear(&ears[i], &peer->heard[k]);
        }
        peer->rtp_count = 0;
        peer->rtcp_count = 0;
    }
}

static void change_something(void)
{
    handle peer = fixture.peers[FIRST + random_next(LISTENERS)].handle;
    enum err err = ERR_NONE;
    switch (random_next(8)) {
    case 0:
        err = router_channel_set_source(fixture.router, fixture.now,
                                        (link_channel)(1 + random_next(2)),
                                        (link_source)(random_next(10 * SOURCES) / 9));
        break;
    case 1:
        err = router_slot_set_channel(fixture.router, fixture.now, peer, 0,
                                      (link_channel)(random_next(9) == 0 ? 0 : 1 + random_next(2)));
        break;
    case 2: {
        bool reachable = random_next(10) != 0;
        for (unsigned i = FIRST; i < FIRST + LISTENERS; i++) {
            if (fixture.peers[i].handle == peer) {
                err = router_peer_set_destination(fixture.router, fixture.now, peer, i + 1,
                                                  reachable);
            }
        }
        break;
    }
    case 3: {
        // Both alike: who goes from a shorter delay to a longer one hears things twice.
        uint32_t delay_ms = (uint32_t)(random_next(2) * random_next(1001));
        for (link_channel i = 1; i <= 2 && err == ERR_NONE; i++) {
            err = router_channel_set_delay(fixture.router, fixture.now, i, delay_ms);
        }
        break;
    }
    default:
        err = router_slot_set_variant(fixture.router, fixture.now, peer, 0,
                                      (enum link_variant)random_next(LINK_VARIANT_END));
        break;
    }
    assert_int_equal(err, ERR_NONE);
}

struct held {
    uint8_t data[200];
    size_t size;
};

// A packet of the source by way of a network with up to four packets under way.
static void send_by_network(struct sender *sender, struct held held[4], bool silent)
{
    unsigned place = (unsigned)random_next(8) == 0 ? (unsigned)random_next(4) : 0;
    if (held[place].size > 0) {
        (void)fixture_receive(&fixture, sender, held[place].data, held[place].size);
    }
    held[place].size = sender_audio(sender, held[place].data);
    if (silent) {
        held[place].size = RTP_HEADER_SIZE + 1;
    } else if (random_next(40) == 0) {
        held[place].data[RTP_HEADER_SIZE] = 0x48; // another configuration
    }
    uint64_t luck = random_next(30);
    if (luck == 0) {
        held[place].size = 0; // lost
    } else if (luck == 1) {
        (void)fixture_receive(&fixture, sender, held[place].data, held[place].size); // and again
    }
}

static void play(uint64_t from, unsigned frames)
{
    static struct held held[SOURCES][4];
    struct sender senders[SOURCES];
    memset(held, 0, sizeof(held));
    seed = from;
    for (unsigned i = 0; i < SOURCES; i++) {
        senders[i] = (struct sender){.source = i + 1,
                                     .ssrc = 0xa0000 + i,
                                     .payload_type = OPUS_TYPE,
                                     .sequence = (uint16_t)(64000 + i * 700),
                                     .timestamp = 0xfffff000u + i * 777777};
    }
    unsigned silent = 0; // bit i: source i + 1
    for (unsigned frame = 0; frame < frames; frame++) {
        if (random_next(6) == 0) {
            change_something();
        }
        silent ^= random_next(150) == 0 ? 1u << random_next(SOURCES) : 0;
        for (unsigned i = 0; i < SOURCES; i++) {
            if (random_next(30000) == 0) { // a new sender of the same source
                senders[i].ssrc += 16;
                senders[i].sequence = (uint16_t)random_next(65536);
                senders[i].timestamp = (uint32_t)random_next(UINT32_MAX);
            }
            send_by_network(&senders[i], held[i], (silent >> i & 1) != 0);
            hear_all();
        }
        fixture_pass(&fixture, FRAME_US);
        hear_all();
    }
}

static void test_no_index_comes_twice(void **state)
{
    (void)state;
    play(first_seed, FRAMES);
    const struct router_counters *counters = router_counters(fixture.router);
    uint32_t most = 0;
    for (unsigned i = 0; i < LISTENERS; i++) {
        most = ears[i].cycles > most ? ears[i].cycles : most;
    }
    printf(
        "%llu packets opened by libsrtp2, %llu changes of form, %llu of source, "
        "plain %llu, long %llu, RED %llu and %llu\n",
        (unsigned long long)opened, (unsigned long long)counters->variant_switches_total,
        (unsigned long long)counters->slot_switches_total,
        (unsigned long long)counters->plain_packets_out_total,
        (unsigned long long)counters->long_packets_out_total,
        (unsigned long long)counters->red1_packets_out_total,
        (unsigned long long)counters->red2_packets_out_total);
    assert_int_equal(opened, counters->rtp_packets_out_total);
    assert_true(most >= 1); // over the roll-over as well
    assert_true(counters->variant_switches_total > 6000);
    assert_true(counters->slot_switches_total > 1000);
    assert_true(counters->long_packets_out_total > 5000);
    assert_true(counters->red1_packets_out_total > 5000);
    assert_true(counters->red2_packets_out_total > 5000);
    assert_true(counters->rtp_late_dropped_total > 100);
    assert_true(counters->silence_dropped_total > 1000);
    assert_true(counters->delayed_packets_total > 10000);
    assert_true(counters->delay_skipped_total > 1000);
}

// Each form through the roll-over of its sequence numbers.
static void test_roll_over_in_each_form(void **state)
{
    (void)state;
    static const enum link_variant wishes[LISTENERS] = {LINK_VARIANT_PLAIN, LINK_VARIANT_LONG,
                                                        LINK_VARIANT_RED1, LINK_VARIANT_RED2};
    struct sender sender = {.source = 1, .ssrc = 9, .payload_type = OPUS_TYPE};
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, 1, 1), ERR_NONE);
    for (unsigned i = 0; i < LISTENERS; i++) {
        handle peer = fixture.peers[FIRST + i].handle;
        assert_int_equal(router_slot_set_variant(fixture.router, fixture.now, peer, 0, wishes[i]),
                         ERR_NONE);
        assert_int_equal(router_slot_set_channel(fixture.router, fixture.now, peer, 0, 1),
                         ERR_NONE);
    }
    uint8_t packet[200];
    for (unsigned i = 0; i < 3 * 66000; i++) {
        // Packets of 60 ms roll over once in three times as many: the others rest meanwhile.
        if (i == 66000) {
            for (unsigned k = 0; k < LISTENERS; k++) {
                if (k != 1) {
                    assert_int_equal(router_slot_set_channel(fixture.router, fixture.now,
                                                             fixture.peers[FIRST + k].handle, 0, 0),
                                     ERR_NONE);
                }
            }
        }
        assert_true(fixture_receive(&fixture, &sender, packet, sender_audio(&sender, packet)));
        fixture_pass(&fixture, FRAME_US);
        hear_all();
    }
    for (unsigned i = 0; i < LISTENERS; i++) {
        assert_int_equal(ears[i].cycles, 1);
    }
}

int main(int argc, char **argv)
{
    first_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : first_seed;
    if (srtp_init() != srtp_err_status_ok) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_index_comes_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roll_over_in_each_form, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
