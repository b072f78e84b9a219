// SRTCP: vectors, round trips, replay, tampering. Runs once per backend (PLENARY_CRYPTO).
#include "../test.h"

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/random.h"
#include "crypto/secure_rtp_internal.h"

static const enum secure_rtp_profile profiles[] = {SECURE_RTP_AES128_CM_SHA1_80,
                                                   SECURE_RTP_AEAD_AES_128_GCM};

static struct secure_rtp_key key;

static void key_random(enum secure_rtp_profile profile)
{
    uint8_t master[SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
    random_bytes(master, sizeof(master));
    assert_int_equal(secure_rtp_key_init(&key, profile, master, master + 16), ERR_NONE);
}

// RFC 7714 section 17.1, with the session key given directly.
static void test_rfc7714_rtcp(void **state)
{
    (void)state;
    uint8_t key_bytes[16];
    uint8_t packet[128];
    uint8_t plain[52];
    char hex[2 * 72 + 1];
    assert_int_equal(text_unhex(key_bytes, 16, "000102030405060708090a0b0c0d0e0f"), ERR_NONE);
    assert_int_equal(text_unhex(plain, 52,
                                "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                                "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"),
                     ERR_NONE);
    memset(&key, 0, sizeof(key));
    key.profile = SECURE_RTP_AEAD_AES_128_GCM;
    key.ready = true;
    assert_int_equal(secure_rtp_half_init(&key.rtcp, key.profile, key_bytes,
                                          (const uint8_t *)"Quid pro quo", NULL),
                     ERR_NONE);
    struct secure_rtcp_sender sender = {.next_index = 0x5d4};
    size_t size;
    memcpy(packet, plain, 52);
    assert_int_equal(secure_rtcp_seal(&key, &sender, packet, 52, sizeof(packet), &size), ERR_NONE);
    assert_int_equal(size, 72);
    text_hex(hex, packet, 72);
    assert_string_equal(hex,
                        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676"
                        "a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade"
                        "800005d4");
    struct secure_rtcp_receiver receiver = {0};
    assert_int_equal(secure_rtcp_open(&key, &receiver, packet, 72, &size), ERR_NONE);
    assert_int_equal(size, 52);
    assert_memory_equal(packet, plain, 52);
    secure_rtp_cipher->finish(key.rtcp.cipher);
}

static size_t packet_make(uint8_t *packet, size_t size)
{
    memset(packet, 0x5a, size);
    packet[0] = 0x80;
    packet[1] = 201;
    bytes_store_u32(packet + 4, 0xcafe);
    return size;
}

static void test_round_trips(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        key_random(profiles[p]);
        struct secure_rtcp_sender sender = {0};
        struct secure_rtcp_receiver receiver;
        secure_rtcp_receiver_init(&receiver);
        for (size_t plain = 8; plain < 600; plain += 4) {
            uint8_t packet[700];
            uint8_t copy[700];
            uint8_t expected[700];
            size_t size;
            packet_make(packet, plain);
            packet_make(expected, plain);
            assert_int_equal(secure_rtcp_seal(&key, &sender, packet, plain, sizeof(packet), &size),
                             ERR_NONE);
            assert_true(size > plain && size <= plain + SECURE_RTCP_OVERHEAD_MAX);
            memcpy(copy, packet, size);
            size_t opened;
            assert_int_equal(secure_rtcp_open(&key, &receiver, packet, size, &opened), ERR_NONE);
            assert_int_equal(opened, plain);
            assert_memory_equal(packet, expected, plain);
            assert_int_equal(secure_rtcp_open(&key, &receiver, copy, size, &opened), ERR_REPLAY);
        }
        secure_rtp_key_finish(&key);
    }
}

static void test_tampering_changes_nothing(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        key_random(profiles[p]);
        struct secure_rtcp_sender sender = {.next_index = 9};
        struct secure_rtcp_receiver receiver = {0};
        struct secure_rtcp_receiver untouched = {0};
        uint8_t packet[128];
        size_t size;
        size_t opened;
        assert_int_equal(
            secure_rtcp_seal(&key, &sender, packet, packet_make(packet, 32), sizeof(packet), &size),
            ERR_NONE);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            uint8_t copy[128];
            memcpy(copy, packet, size);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(secure_rtcp_open(&key, &receiver, copy, size, &opened),
                             ERR_AUTHENTICATION);
        }
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t copy[128];
            memcpy(copy, packet, size);
            assert_int_not_equal(secure_rtcp_open(&key, &receiver, copy, cut, &opened), ERR_NONE);
        }
        assert_memory_equal(&receiver, &untouched, sizeof(receiver));
        assert_int_equal(secure_rtcp_open(&key, &receiver, packet, size, &opened), ERR_NONE);
        secure_rtp_key_finish(&key);
    }
}

static void test_limits(void **state)
{
    (void)state;
    key_random(SECURE_RTP_AEAD_AES_128_GCM);
    struct secure_rtcp_sender sender = {.next_index = 0x7fffffff};
    uint8_t packet[64];
    size_t size;
    packet_make(packet, 32);
    assert_int_equal(secure_rtcp_seal(&key, &sender, packet, 4, sizeof(packet), &size),
                     ERR_MALFORMED);
    assert_int_equal(secure_rtcp_seal(&key, &sender, packet, 32, 51, &size), ERR_TOO_LARGE);
    assert_int_equal(secure_rtcp_seal(&key, &sender, packet, 32, 52, &size), ERR_NONE); // the last
    assert_int_equal(secure_rtcp_seal(&key, &sender, packet, 32, 64, &size), ERR_FULL);
    secure_rtp_key_finish(&key);
}

static int group_setup(void **state)
{
    (void)state;
    return secure_rtp_setup() == ERR_NONE ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc7714_rtcp),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_tampering_changes_nothing),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
