// Vectors, roll-over, replay, tampering, index reuse. Runs once per backend (PLENARY_CRYPTO).
#include "../test.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/random.h"
#include "crypto/secure_rtp_internal.h"

#define HEADER   12
#define SSRC     0x12345678u
#define CAPACITY 2048

static const enum secure_rtp_profile profiles[] = {SECURE_RTP_AES128_CM_SHA1_80,
                                                   SECURE_RTP_AEAD_AES_128_GCM};

struct pair {
    struct secure_rtp_key seal;
    struct secure_rtp_key open;
    struct secure_rtp_sender sender;
    struct secure_rtp_receiver receiver;
};

static void pair_init(struct pair *pair, enum secure_rtp_profile profile)
{
    uint8_t master[SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
    random_bytes(master, sizeof(master));
    assert_int_equal(secure_rtp_key_init(&pair->seal, profile, master, master + 16), ERR_NONE);
    assert_int_equal(secure_rtp_key_init(&pair->open, profile, master, master + 16), ERR_NONE);
    secure_rtp_sender_init(&pair->sender, SSRC);
    secure_rtp_receiver_init(&pair->receiver);
}

static void pair_finish(struct pair *pair)
{
    secure_rtp_key_finish(&pair->seal);
    secure_rtp_key_finish(&pair->open);
}

static size_t packet_make(uint8_t *packet, uint16_t sequence, size_t payload_size)
{
    packet[0] = 0x80;
    packet[1] = 111;
    bytes_store_u16(packet + 2, sequence);
    bytes_store_u32(packet + 4, sequence * 960u);
    bytes_store_u32(packet + 8, SSRC);
    for (size_t i = 0; i < payload_size; i++) {
        packet[HEADER + i] = (uint8_t)(sequence * 7 + i);
    }
    return HEADER + payload_size;
}

static size_t packet_sealed(struct pair *pair, uint8_t *packet, uint16_t sequence, size_t payload)
{
    size_t size = packet_make(packet, sequence, payload);
    return secure_rtp_seal(&pair->seal, &pair->sender, packet, HEADER, size, CAPACITY);
}

static enum err packet_open(struct pair *pair, const uint8_t *sealed, size_t size,
                            uint16_t sequence)
{
    uint8_t packet[CAPACITY];
    uint8_t expected[CAPACITY];
    size_t opened;
    memcpy(packet, sealed, size);
    enum err err = secure_rtp_open(&pair->open, &pair->receiver, packet, HEADER, size, &opened);
    if (err == ERR_NONE) {
        size_t plain = packet_make(expected, sequence, opened - HEADER);
        assert_int_equal(opened, plain);
        assert_memory_equal(packet, expected, plain);
    }
    return err;
}

static void test_backend(void **state)
{
    (void)state;
    const char *forced = getenv("PLENARY_CRYPTO");
    if (forced != NULL) {
        assert_string_equal(secure_rtp_backend(), forced);
    }
}

// RFC 3711 appendix B.2: the key stream of AES counter mode.
static void test_rfc3711_key_stream(void **state)
{
    (void)state;
    uint8_t key[16];
    uint8_t salt[14];
    assert_int_equal(text_unhex(key, 16, "2b7e151628aed2a6abf7158809cf4f3c"), ERR_NONE);
    assert_int_equal(text_unhex(salt, 14, "f0f1f2f3f4f5f6f7f8f9fafbfcfd"), ERR_NONE);
    uint8_t authentication[SECURE_RTP_CM_AUTH_SIZE] = {0};
    struct secure_rtp_half half;
    assert_int_equal(
        secure_rtp_half_init(&half, SECURE_RTP_AES128_CM_SHA1_80, key, salt, authentication),
        ERR_NONE);
    uint8_t iv[CIPHER_CTR_IV_SIZE];
    secure_rtp_ctr_iv(half.salt, 0, 0, iv);
    static uint8_t stream[0xff02 * 16];
    memset(stream, 0, sizeof(stream));
    secure_rtp_cipher->ctr(half.cipher, iv, stream, sizeof(stream), stream);
    static const struct {
        size_t block;
        const char *hex;
    } expected[] = {
        {0x0000, "e03ead0935c95e80e166b16dd92b4eb4"}, {0x0001, "d23513162b02d0f72a43a2fe4a5f97ab"},
        {0x0002, "41e95b3bb0a2e8dd477901e4fca894c0"}, {0xfeff, "ec8cdf7398607cb0f2d21675ea9ea1e4"},
        {0xff00, "362b7c3c6773516318a077d7fc5073ae"}, {0xff01, "6a2cc3787889374fbeb4c81b17ba6c44"},
    };
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        char hex[33];
        text_hex(hex, stream + 16 * expected[i].block, 16);
        assert_string_equal(hex, expected[i].hex);
    }
    secure_rtp_cipher->finish(half.cipher);
}

// RFC 3711 appendix B.3: key derivation.
static void test_rfc3711_derivation(void **state)
{
    (void)state;
    static const struct {
        uint8_t label;
        size_t size;
        const char *hex;
    } expected[] = {
        {0, 16, "c61e7a93744f39ee10734afe3ff7a087"},
        {2, 14, "30cbbc08863d8c85d49db34a9ae1"},
        {1, 94,
         "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad175578e"
         "f72270986371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766b68642c59bbfc2f"
         "34db60dbdfb2"},
    };
    uint8_t key[16];
    uint8_t salt[14];
    assert_int_equal(text_unhex(key, 16, "e1f97a0d3e018be0d64fa32c06de4139"), ERR_NONE);
    assert_int_equal(text_unhex(salt, 14, "0ec675ad498afeebb6960b3aabe6"), ERR_NONE);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        uint8_t derived[94];
        char hex[2 * 94 + 1];
        assert_int_equal(secure_rtp_derive(key, salt, expected[i].label, derived, expected[i].size),
                         ERR_NONE);
        text_hex(hex, derived, expected[i].size);
        assert_string_equal(hex, expected[i].hex);
    }
}

// RFC 7714 section 16.1.1, with the session key given directly.
static void test_rfc7714_rtp(void **state)
{
    (void)state;
    uint8_t key_bytes[16];
    uint8_t packet[CAPACITY];
    char hex[2 * 66 + 1];
    assert_int_equal(text_unhex(key_bytes, 16, "000102030405060708090a0b0c0d0e0f"), ERR_NONE);
    struct secure_rtp_key key = {.profile = SECURE_RTP_AEAD_AES_128_GCM, .ready = true};
    assert_int_equal(secure_rtp_half_init(&key.rtp, key.profile, key_bytes,
                                          (const uint8_t *)"Quid pro quo", NULL),
                     ERR_NONE);
    assert_int_equal(text_unhex(packet, 12, "8040f17b8041f8d35501a0b2"), ERR_NONE);
    memcpy(packet + 12, "Gallia est omnis divisa in partes tres", 38);
    struct secure_rtp_sender sender;
    secure_rtp_sender_init(&sender, 0x5501a0b2);
    assert_int_equal(secure_rtp_seal(&key, &sender, packet, HEADER, 50, sizeof(packet)), 66);
    text_hex(hex, packet, 66);
    assert_string_equal(hex,
                        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294"
                        "e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
    struct secure_rtp_receiver receiver = {0};
    size_t size;
    assert_int_equal(secure_rtp_open(&key, &receiver, packet, HEADER, 66, &size), ERR_NONE);
    assert_int_equal(size, 50);
    assert_memory_equal(packet + 12, "Gallia est omnis divisa in partes tres", 38);
    secure_rtp_cipher->finish(key.rtp.cipher);
}

static void test_sizes(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct pair pair;
        pair_init(&pair, profiles[p]);
        for (uint16_t payload = 0; payload < 1300; payload++) {
            uint8_t sealed[CAPACITY];
            size_t size = packet_sealed(&pair, sealed, payload, payload);
            assert_int_equal(size, HEADER + payload + secure_rtp_tag_size(profiles[p]));
            assert_int_equal(packet_open(&pair, sealed, size, payload), ERR_NONE);
        }
        pair_finish(&pair);
    }
}

static void test_seal_to_equals_seal(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct pair pair;
        pair_init(&pair, profiles[p]);
        uint8_t plain[CAPACITY];
        uint8_t in_place[CAPACITY];
        uint8_t out[CAPACITY];
        size_t plain_size = packet_make(plain, 9, 80);
        memcpy(in_place, plain, plain_size);
        size_t size = secure_rtp_seal(&pair.seal, &pair.sender, in_place, HEADER, plain_size,
                                      sizeof(in_place));
        secure_rtp_sender_init(&pair.sender, SSRC);
        assert_int_equal(
            secure_rtp_seal_to(&pair.seal, &pair.sender, plain, HEADER, plain + HEADER, 80, out),
            size);
        assert_memory_equal(in_place, out, size);
        secure_rtp_sender_init(&pair.sender, SSRC);
        memcpy(out, plain, HEADER); // the header already in its place
        assert_int_equal(
            secure_rtp_seal_to(&pair.seal, &pair.sender, out, HEADER, plain + HEADER, 80, out),
            size);
        assert_memory_equal(in_place, out, size);
        pair_finish(&pair);
    }
}

// Three turns of the sequence number, with losses, reordering over the wrap and repetition.
static void test_roll_over_and_reordering(void **state)
{
    (void)state;
    enum { GROUP = 8, GROUPS = 3 * 65536 / GROUP };
    srandom(3);
    for (size_t p = 0; p < 2; p++) {
        static struct pair pair;
        pair_init(&pair, profiles[p]);
        for (unsigned group = 0; group < GROUPS; group++) {
            static uint8_t sealed[GROUP][128];
            size_t sizes[GROUP];
            unsigned order[GROUP];
            bool near_wrap = (group * GROUP % 65536) < 64 || (group * GROUP % 65536) > 65400;
            if (!near_wrap && group % 50 != 0) {
                continue; // a loss of up to 400 packets
            }
            for (unsigned i = 0; i < GROUP; i++) {
                sizes[i] = packet_sealed(&pair, sealed[i], (uint16_t)(group * GROUP + i), 20);
                order[i] = i;
            }
            for (unsigned i = GROUP - 1; i > 0; i--) {
                unsigned other = (unsigned)random() % (i + 1);
                unsigned swap = order[i];
                order[i] = order[other];
                order[other] = swap;
            }
            for (unsigned i = 0; i < GROUP; i++) {
                unsigned at = order[i];
                uint16_t sequence = (uint16_t)(group * GROUP + at);
                assert_int_equal(packet_open(&pair, sealed[at], sizes[at], sequence), ERR_NONE);
                assert_int_equal(packet_open(&pair, sealed[at], sizes[at], sequence), ERR_REPLAY);
            }
        }
        assert_int_equal(pair.receiver.seen.highest >> 16, 2); // the roll-over counter
        pair_finish(&pair);
    }
}

static void test_replay_window(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct pair pair;
        static uint8_t sealed[200][128];
        size_t size = 0;
        pair_init(&pair, profiles[p]);
        for (uint16_t i = 0; i < 200; i++) {
            size = packet_sealed(&pair, sealed[i], i, 20);
        }
        assert_int_equal(packet_open(&pair, sealed[199], size, 199), ERR_NONE);
        assert_int_equal(packet_open(&pair, sealed[72], size, 72), ERR_NONE);   // 127 behind
        assert_int_equal(packet_open(&pair, sealed[71], size, 71), ERR_REPLAY); // 128 behind
        assert_int_equal(packet_open(&pair, sealed[72], size, 72), ERR_REPLAY);
        pair_finish(&pair);
    }
}

// A packet with the sequence number of one and the time of another.
static size_t packet_sealed_at(struct pair *pair, uint8_t *packet, uint16_t sequence, uint32_t time)
{
    size_t size = packet_make(packet, sequence, 20);
    bytes_store_u32(packet + 4, time * 960u);
    return secure_rtp_seal(&pair->seal, &pair->sender, packet, HEADER, size, CAPACITY);
}

static enum err opened_as_is(struct pair *pair, const uint8_t *sealed, size_t size)
{
    uint8_t copy[CAPACITY];
    size_t opened;
    memcpy(copy, sealed, size);
    return secure_rtp_open(&pair->open, &pair->receiver, copy, HEADER, size, &opened);
}

// A sender that goes back in its numbers is heard; copies of what it sent before are not.
static void test_going_back_is_no_replay(void **state)
{
    (void)state;
    static const uint16_t backs[] = {1, 50, 127, 128, 500, 900};
    static uint8_t first[1000][128];
    static uint8_t second[1000][128];
    for (size_t b = 0; b < 2 * sizeof(backs) / sizeof(backs[0]); b++) {
        static struct pair pair;
        uint16_t back = backs[b / 2];
        size_t size = 0;
        pair_init(&pair, profiles[b % 2]);
        for (uint16_t i = 0; i < 1000; i++) {
            size = packet_sealed_at(&pair, first[i], i, i);
            assert_int_equal(opened_as_is(&pair, first[i], size), ERR_NONE);
        }
        secure_rtp_sender_init(&pair.sender, SSRC); // it knows nothing of the numbers it has used
        for (uint16_t i = 0; i < back; i++) {
            (void)packet_sealed_at(&pair, second[i], (uint16_t)(1000 - back + i), 1000u + i);
            assert_int_equal(opened_as_is(&pair, second[i], size), ERR_NONE);
            for (uint16_t k = 0; k < 1000; k += 37) {
                assert_int_equal(opened_as_is(&pair, first[k], size), ERR_REPLAY);
            }
            for (uint16_t k = 0; k <= i; k = (uint16_t)(k + 1 + i / 8)) {
                assert_int_equal(opened_as_is(&pair, second[k], size), ERR_REPLAY);
            }
        }
        // Past what it had used it is as any other: late is not too late, twice is once too often.
        uint8_t late[128];
        uint8_t newer[128];
        (void)packet_sealed_at(&pair, late, 1000, 1000u + back);
        (void)packet_sealed_at(&pair, newer, 1001, 1001u + back);
        assert_int_equal(opened_as_is(&pair, newer, size), ERR_NONE);
        assert_int_equal(opened_as_is(&pair, late, size), ERR_NONE);
        assert_int_equal(opened_as_is(&pair, late, size), ERR_REPLAY);
        assert_int_equal(opened_as_is(&pair, first[999], size), ERR_REPLAY);
        // A forged time proves nothing.
        bytes_store_u32(first[999] + 4, 5000 * 960u);
        assert_int_equal(opened_as_is(&pair, first[999], size), ERR_AUTHENTICATION);
        assert_int_equal(pair.receiver.seen.highest, 1001);
        pair_finish(&pair);
    }
}

static void test_tampering_changes_nothing(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        static struct pair pair;
        uint8_t sealed[CAPACITY];
        pair_init(&pair, profiles[p]);
        size_t size = packet_sealed(&pair, sealed, 100, 40);
        struct secure_rtp_receiver before = pair.receiver;
        for (size_t bit = 0; bit < 8 * size; bit++) {
            uint8_t copy[CAPACITY];
            size_t opened;
            memcpy(copy, sealed, size);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(
                secure_rtp_open(&pair.open, &pair.receiver, copy, HEADER, size, &opened),
                ERR_AUTHENTICATION);
            assert_memory_equal(&before, &pair.receiver, sizeof(before));
        }
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t copy[CAPACITY];
            size_t opened;
            memcpy(copy, sealed, size);
            assert_int_not_equal(
                secure_rtp_open(&pair.open, &pair.receiver, copy, HEADER, cut, &opened), ERR_NONE);
        }
        assert_memory_equal(&before, &pair.receiver, sizeof(before));
        assert_int_equal(packet_open(&pair, sealed, size, 100), ERR_NONE);
        pair_finish(&pair);
    }
}

// Whatever order a forwarder asks for, no (key, SSRC, index) is used twice: seen on the wire as no
// two packets alike.
static void test_no_index_repeats(void **state)
{
    (void)state;
    static bool used[4 * 65536];
    struct secure_rtp_sender sender;
    static struct pair pair;
    srandom(11);
    pair_init(&pair, SECURE_RTP_AEAD_AES_128_GCM);
    secure_rtp_sender_init(&sender, SSRC);
    memset(used, 0, sizeof(used));
    unsigned sealed_count = 0;
    unsigned refused_count = 0;
    for (unsigned i = 0; i < 200000; i++) {
        uint16_t sequence = (uint16_t)(i + (unsigned)random() % 100);
        if (!secure_rtp_sender_fresh(&sender, sequence)) {
            refused_count++;
            continue;
        }
        uint8_t packet[64];
        size_t size = packet_make(packet, sequence, 4);
        (void)secure_rtp_seal(&pair.seal, &sender, packet, HEADER, size, sizeof(packet));
        // The index that the sealing took, from the sender's own rule: nearest to the highest.
        int16_t behind = (int16_t)(uint16_t)((uint16_t)sender.highest - sequence);
        uint64_t index = sender.highest - (uint64_t)behind;
        assert_true(index < sizeof(used));
        assert_false(used[index]);
        used[index] = true;
        sealed_count++;
    }
    assert_true(sealed_count > 100000 && refused_count > 10000);
    pair_finish(&pair);
}

// Sealing the same sequence number twice stops the process.
static void test_reuse_aborts(void **state)
{
    (void)state;
    static struct pair pair;
    pair_init(&pair, SECURE_RTP_AEAD_AES_128_GCM);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uint8_t packet[128];
        signal(SIGABRT, SIG_DFL);
        (void)!freopen("/dev/null", "w", stderr);
        (void)packet_sealed(&pair, packet, 5, 20);
        (void)packet_sealed(&pair, packet, 5, 20);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    pair_finish(&pair);
}

static void test_export(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        uint8_t material[SECURE_RTP_EXPORT_MAX];
        size_t size = secure_rtp_export_size(profiles[p]);
        random_bytes(material, sizeof(material));
        static struct secure_rtp_key keys[4];
        assert_int_equal(
            secure_rtp_keys_from_export(material, size, profiles[p], true, &keys[0], &keys[1]),
            ERR_NONE);
        assert_int_equal(
            secure_rtp_keys_from_export(material, size, profiles[p], false, &keys[2], &keys[3]),
            ERR_NONE);
        // What the server seals, the client opens, and the other way round; never its own.
        for (size_t side = 0; side < 2; side++) {
            struct secure_rtp_sender sender;
            struct secure_rtp_receiver receiver = {0};
            uint8_t packet[CAPACITY];
            uint8_t copy[CAPACITY];
            secure_rtp_sender_init(&sender, SSRC);
            size_t sealed = secure_rtp_seal(&keys[side * 2], &sender, packet, HEADER,
                                            packet_make(packet, 1, 30), sizeof(packet));
            size_t opened;
            memcpy(copy, packet, sealed);
            assert_int_equal(
                secure_rtp_open(&keys[side * 2 + 1], &receiver, copy, HEADER, sealed, &opened),
                ERR_AUTHENTICATION);
            assert_int_equal(secure_rtp_open(&keys[side == 0 ? 3 : 1], &receiver, packet, HEADER,
                                             sealed, &opened),
                             ERR_NONE);
        }
        for (size_t i = 0; i < 4; i++) {
            secure_rtp_key_finish(&keys[i]);
        }
        assert_int_equal(
            secure_rtp_keys_from_export(material, size - 1, profiles[p], true, &keys[0], &keys[1]),
            ERR_INVALID);
    }
}

static int group_setup(void **state)
{
    (void)state;
    return secure_rtp_setup() == ERR_NONE ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backend),
        cmocka_unit_test(test_rfc3711_key_stream),
        cmocka_unit_test(test_rfc3711_derivation),
        cmocka_unit_test(test_rfc7714_rtp),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_seal_to_equals_seal),
        cmocka_unit_test(test_roll_over_and_reordering),
        cmocka_unit_test(test_replay_window),
        cmocka_unit_test(test_going_back_is_no_replay),
        cmocka_unit_test(test_tampering_changes_nothing),
        cmocka_unit_test(test_no_index_repeats),
        cmocka_unit_test(test_reuse_aborts),
        cmocka_unit_test(test_export),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
