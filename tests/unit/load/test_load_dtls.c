// Two ends of our own talk to each other: either side may begin.
#include "../test.h"

#include "base/text.h"
#include "load/load_dtls.h"

#define QUEUE_MAX    32
#define DATAGRAM_MAX 1500

struct end {
    struct load_dtls *dtls;
    enum load_dtls_state state;
    unsigned count; // datagrams on the way to it
    size_t sizes[QUEUE_MAX];
    uint8_t data[QUEUE_MAX][DATAGRAM_MAX];
};

static struct end ends[2];
static struct load_dtls_context *contexts[2]; // they outlive what was made of them

static void to_other(void *context, const uint8_t *data, size_t size)
{
    struct end *other = context == &ends[0] ? &ends[1] : &ends[0];
    assert_true(other->count < QUEUE_MAX && size <= DATAGRAM_MAX);
    other->sizes[other->count] = size;
    memcpy(other->data[other->count++], data, size);
}

static void digest_of(const struct load_dtls_context *context, uint8_t digest[32])
{
    const char *text = load_dtls_context_fingerprint(context);
    for (size_t i = 0; i < 32; i++) {
        char pair[3] = {text[3 * i], text[3 * i + 1], '\0'};
        for (size_t j = 0; j < 2; j++) {
            pair[j] = pair[j] >= 'A' ? (char)(pair[j] + 'a' - 'A') : pair[j];
        }
        assert_int_equal(text_unhex(&digest[i], 1, pair), ERR_NONE);
    }
}

static void shake(enum load_cipher first, enum load_cipher second, bool right)
{
    contexts[0] = load_dtls_context_create(first);
    contexts[1] = load_dtls_context_create(second);
    assert_true(contexts[0] != NULL && contexts[1] != NULL);
    memset(ends, 0, sizeof(ends));
    for (int i = 0; i < 2; i++) {
        uint8_t digest[32];
        digest_of(contexts[1 - i], digest);
        digest[5] ^= right ? 0 : 1;
        ends[i].dtls = load_dtls_create(contexts[i], digest, i == 1, to_other, &ends[i]);
        assert_non_null(ends[i].dtls);
        ends[i].state = load_dtls_start(ends[i].dtls);
    }
    while (ends[0].count + ends[1].count > 0) {
        struct end *end = ends[0].count > 0 ? &ends[0] : &ends[1];
        unsigned count = end->count;
        struct end arrived = *end;
        end->count = 0;
        for (unsigned i = 0; i < count; i++) {
            end->state = load_dtls_receive(end->dtls, arrived.data[i], arrived.sizes[i]);
        }
    }
}

static void part(void)
{
    for (int i = 0; i < 2; i++) {
        load_dtls_destroy(ends[i].dtls);
        load_dtls_context_destroy(contexts[i]);
    }
}

static void both_have_the_keys(void **state)
{
    (void)state;
    assert_int_equal(secure_rtp_setup(), ERR_NONE);
    const enum load_cipher ciphers[] = {LOAD_CIPHER_ANY, LOAD_CIPHER_GCM, LOAD_CIPHER_CM};
    for (size_t i = 0; i < 3; i++) {
        struct secure_rtp_key keys[4] = {0};
        shake(LOAD_CIPHER_ANY, ciphers[i], true);
        assert_int_equal(ends[0].state, LOAD_DTLS_CONNECTED);
        assert_int_equal(ends[1].state, LOAD_DTLS_CONNECTED);
        assert_int_equal(load_dtls_keys(ends[0].dtls, &keys[0], &keys[1]), ERR_NONE);
        assert_int_equal(load_dtls_keys(ends[1].dtls, &keys[2], &keys[3]), ERR_NONE);
        assert_int_equal(keys[0].profile,
                         i == 2 ? SECURE_RTP_AES128_CM_SHA1_80 : SECURE_RTP_AEAD_AES_128_GCM);
        // What one seals the other opens, both ways.
        for (int way = 0; way < 2; way++) {
            uint8_t packet[64] = {0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 'h', 'i'};
            struct secure_rtp_sender sender;
            struct secure_rtp_receiver receiver;
            secure_rtp_sender_init(&sender, 7);
            secure_rtp_receiver_init(&receiver);
            size_t size = secure_rtp_seal(&keys[way == 0 ? 0 : 2], &sender, packet, 12, 14,
                                          sizeof(packet));
            assert_int_equal(
                secure_rtp_open(&keys[way == 0 ? 3 : 1], &receiver, packet, 12, size, &size),
                ERR_NONE);
            assert_memory_equal(packet + 12, "hi", 2);
        }
        for (int j = 0; j < 4; j++) {
            secure_rtp_key_finish(&keys[j]);
        }
        part();
    }
}

static void another_certificate_fails(void **state)
{
    (void)state;
    shake(LOAD_CIPHER_ANY, LOAD_CIPHER_ANY, false);
    assert_int_equal(ends[0].state, LOAD_DTLS_FAILED);
    assert_int_equal(ends[1].state, LOAD_DTLS_FAILED);
    part();
}

static void no_common_cipher_gives_no_keys(void **state)
{
    (void)state;
    struct secure_rtp_key keys[2] = {0};
    shake(LOAD_CIPHER_GCM, LOAD_CIPHER_CM, true);
    assert_true(ends[0].state != LOAD_DTLS_CONNECTED ||
                load_dtls_keys(ends[0].dtls, &keys[0], &keys[1]) == ERR_UNSUPPORTED);
    part();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_have_the_keys),
        cmocka_unit_test(another_certificate_fails),
        cmocka_unit_test(no_common_cipher_gives_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
