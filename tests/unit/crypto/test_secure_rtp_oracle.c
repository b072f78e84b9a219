// libsrtp2 as the independent other side, both directions and both profiles. Runs once per backend
// (PLENARY_CRYPTO).
#include "../test.h"

#include <srtp2/srtp.h>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secure_rtp.h"

#define HEADER 12
#define SSRC   0x0badcafeu

static const enum secure_rtp_profile profiles[] = {SECURE_RTP_AES128_CM_SHA1_80,
                                                   SECURE_RTP_AEAD_AES_128_GCM};

struct sides {
    struct secure_rtp_key key;
    srtp_t oracle;
    uint8_t master[SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
};

static void sides_init(struct sides *sides, enum secure_rtp_profile profile,
                       srtp_ssrc_type_t direction)
{
    random_bytes(sides->master, sizeof(sides->master));
    assert_int_equal(secure_rtp_key_init(&sides->key, profile, sides->master,
                                         sides->master + SECURE_RTP_KEY_SIZE),
                     ERR_NONE);
    srtp_policy_t policy;
    memset(&policy, 0, sizeof(policy));
    if (profile == SECURE_RTP_AEAD_AES_128_GCM) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.ssrc.type = direction;
    policy.key = sides->master;
    policy.window_size = 128;
    assert_int_equal(srtp_create(&sides->oracle, &policy), srtp_err_status_ok);
}

static void sides_finish(struct sides *sides)
{
    secure_rtp_key_finish(&sides->key);
    srtp_dealloc(sides->oracle);
}

static size_t packet_make(uint8_t *packet, uint32_t number, size_t payload_size)
{
    packet[0] = 0x80;
    packet[1] = 111;
    bytes_store_u16(packet + 2, (uint16_t)number);
    bytes_store_u32(packet + 4, number * 960u);
    bytes_store_u32(packet + 8, SSRC);
    memset(packet + HEADER, (int)(number % 251), payload_size);
    return HEADER + payload_size;
}

// From just before the wrap to far behind two of them, in steps that both sides' roll-over guesses
// must follow.
static uint32_t step_of(uint32_t number)
{
    uint32_t within = number % 65536;
    return within > 65500 || within < 40 ? 1 : 331;
}

static void test_we_seal_they_open(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct sides sides;
        struct secure_rtp_sender sender;
        sides_init(&sides, profiles[p], ssrc_any_inbound);
        secure_rtp_sender_init(&sender, SSRC);
        for (uint32_t number = 32000; number < 200000; number += step_of(number)) {
            uint8_t packet[1600];
            uint8_t expected[1600];
            size_t plain = packet_make(packet, number, number % 1200);
            packet_make(expected, number, number % 1200);
            int size = (int)secure_rtp_seal(&sides.key, &sender, packet, HEADER, plain,
                                            sizeof(packet));
            assert_int_equal(srtp_unprotect(sides.oracle, packet, &size), srtp_err_status_ok);
            assert_int_equal(size, plain);
            assert_memory_equal(packet, expected, plain);
        }
        sides_finish(&sides);
    }
}

static void test_they_seal_we_open(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct sides sides;
        struct secure_rtp_receiver receiver;
        sides_init(&sides, profiles[p], ssrc_any_outbound);
        secure_rtp_receiver_init(&receiver);
        for (uint32_t number = 32000; number < 200000; number += step_of(number)) {
            uint8_t packet[1600];
            uint8_t expected[1600];
            size_t plain = packet_make(packet, number, number % 1200);
            packet_make(expected, number, number % 1200);
            int size = (int)plain;
            assert_int_equal(srtp_protect(sides.oracle, packet, &size), srtp_err_status_ok);
            size_t opened;
            assert_int_equal(
                secure_rtp_open(&sides.key, &receiver, packet, HEADER, (size_t)size, &opened),
                ERR_NONE);
            assert_int_equal(opened, plain);
            assert_memory_equal(packet, expected, plain);
        }
        sides_finish(&sides);
    }
}

// The packets around the wrap arrive backwards.
static void test_reordered_at_the_wrap(void **state)
{
    (void)state;
    enum { COUNT = 100, FIRST = 65536 - 50 };
    for (size_t p = 0; p < 2; p++) {
        static struct sides sides;
        static uint8_t packets[COUNT][128];
        int sizes[COUNT];
        struct secure_rtp_receiver receiver;
        sides_init(&sides, profiles[p], ssrc_any_outbound);
        secure_rtp_receiver_init(&receiver);
        for (uint32_t i = 0; i < COUNT; i++) {
            sizes[i] = (int)packet_make(packets[i], FIRST + i, 20);
            assert_int_equal(srtp_protect(sides.oracle, packets[i], &sizes[i]), srtp_err_status_ok);
        }
        size_t opened;
        assert_int_equal(
            secure_rtp_open(&sides.key, &receiver, packets[0], HEADER, (size_t)sizes[0], &opened),
            ERR_NONE);
        for (uint32_t i = COUNT - 1; i > 0; i--) {
            assert_int_equal(secure_rtp_open(&sides.key, &receiver, packets[i], HEADER,
                                             (size_t)sizes[i], &opened),
                             ERR_NONE);
        }
        assert_int_equal(receiver.seen.highest >> 16, 1);
        sides_finish(&sides);
    }
}

// We forward late packets; each still has its own index and the other side opens it.
static void test_late_packets_sealed(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {65530, 65534, 65537, 65533, 65536, 65531, 65590, 65540};
    for (size_t p = 0; p < 2; p++) {
        static struct sides sides;
        struct secure_rtp_sender sender;
        sides_init(&sides, profiles[p], ssrc_any_inbound);
        secure_rtp_sender_init(&sender, SSRC);
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            uint8_t packet[128];
            size_t plain = packet_make(packet, numbers[i], 20);
            assert_true(secure_rtp_sender_fresh(&sender, (uint16_t)numbers[i]));
            int size = (int)secure_rtp_seal(&sides.key, &sender, packet, HEADER, plain,
                                            sizeof(packet));
            assert_false(secure_rtp_sender_fresh(&sender, (uint16_t)numbers[i]));
            assert_int_equal(srtp_unprotect(sides.oracle, packet, &size), srtp_err_status_ok);
        }
        assert_false(secure_rtp_sender_fresh(&sender, 65526 % 65536)); // 64 behind
        sides_finish(&sides);
    }
}

static size_t report_make(uint8_t *packet, uint32_t number)
{
    memset(packet, (int)(number % 251), 60);
    packet[0] = 0x80;
    packet[1] = 201;
    bytes_store_u16(packet + 2, 14);
    bytes_store_u32(packet + 4, SSRC);
    return 60;
}

static void test_rtcp_both_ways(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct sides sides;
        struct secure_rtcp_sender sender = {0};
        struct secure_rtcp_receiver receiver = {0};
        uint8_t packet[256];
        uint8_t expected[256];
        sides_init(&sides, profiles[p], ssrc_any_inbound);
        for (uint32_t i = 0; i < 300; i++) {
            size_t sealed;
            report_make(expected, i);
            assert_int_equal(secure_rtcp_seal(&sides.key, &sender, packet, report_make(packet, i),
                                              sizeof(packet), &sealed),
                             ERR_NONE);
            int size = (int)sealed;
            assert_int_equal(srtp_unprotect_rtcp(sides.oracle, packet, &size), srtp_err_status_ok);
            assert_int_equal(size, 60);
            assert_memory_equal(packet, expected, 60);
        }
        sides_finish(&sides);
        sides_init(&sides, profiles[p], ssrc_any_outbound);
        for (uint32_t i = 0; i < 300; i++) {
            int size = (int)report_make(packet, i);
            report_make(expected, i);
            assert_int_equal(srtp_protect_rtcp(sides.oracle, packet, &size), srtp_err_status_ok);
            size_t opened;
            assert_int_equal(secure_rtcp_open(&sides.key, &receiver, packet, (size_t)size, &opened),
                             ERR_NONE);
            assert_int_equal(opened, 60);
            assert_memory_equal(packet, expected, 60);
        }
        sides_finish(&sides);
    }
}

static int group_setup(void **state)
{
    (void)state;
    return srtp_init() == srtp_err_status_ok && secure_rtp_setup() == ERR_NONE ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_we_seal_they_open),     cmocka_unit_test(test_they_seal_we_open),
        cmocka_unit_test(test_reordered_at_the_wrap), cmocka_unit_test(test_late_packets_sealed),
        cmocka_unit_test(test_rtcp_both_ways),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
