// Against OpenSSL's own DTLS client, in memory: datagrams go through queues that the test may cut,
// swap, lose or repeat.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include "media/dtls.h"

#define QUEUE_MAX 64

struct queue {
    unsigned count;
    size_t sizes[QUEUE_MAX];
    uint8_t data[QUEUE_MAX][2048];
    size_t largest;
};

static struct certificate server_certificate;
static struct certificate client_certificate;
static struct dtls_context *context;
static struct queue to_client;
static struct queue to_server;
static BIO_METHOD *method;
static const uint8_t *incoming;
static size_t incoming_size;
static int client_mtu;

static void queue_put(void *to, const uint8_t *data, size_t size)
{
    struct queue *queue = to;
    assert_true(queue->count < QUEUE_MAX && size <= sizeof(queue->data[0]));
    queue->sizes[queue->count] = size;
    memcpy(queue->data[queue->count++], data, size);
    queue->largest = size > queue->largest ? size : queue->largest;
}

static int bio_read(BIO *bio, char *to, int size)
{
    BIO_clear_retry_flags(bio);
    if (incoming == NULL) {
        BIO_set_retry_read(bio);
        return -1;
    }
    assert_true(incoming_size <= (size_t)size);
    memcpy(to, incoming, incoming_size);
    incoming = NULL;
    return (int)incoming_size;
}

static int bio_write(BIO *bio, const char *data, int size)
{
    BIO_clear_retry_flags(bio);
    queue_put(&to_server, (const uint8_t *)data, (size_t)size);
    return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : command == BIO_CTRL_DGRAM_QUERY_MTU ? client_mtu : 0;
}

static int accept_any(X509_STORE_CTX *store, void *argument)
{
    (void)store;
    (void)argument;
    return 1;
}

static unsigned repeat_soon(SSL *ssl, unsigned last_us)
{
    (void)ssl;
    (void)last_us;
    return 100000;
}

// As long as a browser's key shares make it: ALPN, which the server ignores.
static void client_hello_enlarge(SSL *client)
{
    uint8_t protocols[600];
    for (size_t i = 0; i < sizeof(protocols); i += 20) {
        memset(protocols + i, 'a', 20);
        protocols[i] = 19;
    }
    assert_int_equal(SSL_set_alpn_protos(client, protocols, sizeof(protocols)), 0);
}

static SSL *client_create(int mtu, const char *profiles, bool with_certificate)
{
    SSL_CTX *client_context = SSL_CTX_new(DTLS_client_method());
    assert_non_null(client_context);
    SSL_CTX_set_verify(client_context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(client_context, accept_any, NULL);
    SSL_CTX_set_options(client_context, SSL_OP_NO_QUERY_MTU);
    if (with_certificate) {
        assert_int_equal(SSL_CTX_use_certificate(client_context, client_certificate.x509), 1);
        assert_int_equal(SSL_CTX_use_PrivateKey(client_context, client_certificate.private_key), 1);
    }
    if (profiles != NULL) {
        assert_int_equal(SSL_CTX_set_tlsext_use_srtp(client_context, profiles), 0);
    }
    SSL *client = SSL_new(client_context);
    SSL_CTX_free(client_context);
    BIO *bio = BIO_new(method);
    BIO_set_init(bio, 1);
    SSL_set_bio(client, bio, bio);
    client_mtu = mtu;
    SSL_set_mtu(client, mtu);
    DTLS_set_timer_cb(client, repeat_soon);
    SSL_set_connect_state(client);
    return client;
}

static int setup(void **state)
{
    (void)state;
    to_client = (struct queue){.count = 0};
    to_server = (struct queue){.count = 0};
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "test");
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
    assert_int_equal(certificate_init(&server_certificate, 1), ERR_NONE);
    assert_int_equal(certificate_init(&client_certificate, 1), ERR_NONE);
    context = dtls_context_create(&server_certificate);
    assert_non_null(context);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dtls_context_destroy(context);
    certificate_finish(&server_certificate);
    certificate_finish(&client_certificate);
    BIO_meth_free(method);
    return 0;
}

static struct dtls *server_create(void)
{
    // Two fingerprints were offered, and the client's is the second.
    struct certificate_digests digests = {.count = 2, .digests = {{1}}};
    assert_int_equal(certificate_digest(client_certificate.x509, digests.digests[1]), ERR_NONE);
    struct dtls *server = dtls_create(context, &digests, queue_put, &to_client);
    assert_non_null(server);
    return server;
}

static int client_feed(SSL *client, const uint8_t *data, size_t size)
{
    incoming = data;
    incoming_size = size;
    int result = SSL_do_handshake(client);
    incoming = NULL;
    return result;
}

// Exchanges what is in the queues until both are empty.
static void exchange(struct dtls *server, SSL *client)
{
    (void)client_feed(client, NULL, 0);
    while (to_server.count + to_client.count > 0) {
        struct queue queue = to_server;
        to_server.count = 0;
        for (unsigned i = 0; i < queue.count; i++) {
            (void)dtls_receive(server, queue.data[i], queue.sizes[i]);
        }
        queue = to_client;
        to_client.count = 0;
        for (unsigned i = 0; i < queue.count; i++) {
            (void)client_feed(client, queue.data[i], queue.sizes[i]);
        }
    }
}

static void assert_same_keys(struct dtls *server, SSL *client, enum secure_rtp_profile expected)
{
    uint8_t ours[SECURE_RTP_EXPORT_MAX];
    uint8_t theirs[SECURE_RTP_EXPORT_MAX];
    size_t size = 0;
    enum secure_rtp_profile profile = SECURE_RTP_AES128_CM_SHA1_80;
    assert_int_equal(dtls_state(server), DTLS_CONNECTED);
    assert_int_equal(dtls_export(server, &profile, ours, &size), ERR_NONE);
    assert_int_equal(profile, expected);
    assert_int_equal(SSL_get_selected_srtp_profile(client)->id, (unsigned long)expected);
    assert_int_equal(size, secure_rtp_export_size(expected));
    assert_int_equal(SSL_export_keying_material(client, theirs, size, SECURE_RTP_EXPORT_LABEL,
                                                strlen(SECURE_RTP_EXPORT_LABEL), NULL, 0, 0),
                     1);
    assert_memory_equal(ours, theirs, size);
}

static void test_both_profiles_ours_first(void **state)
{
    (void)state;
    // The client prefers the other: the server's order decides.
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", true);
    exchange(server, client);
    assert_same_keys(server, client, SECURE_RTP_AEAD_AES_128_GCM);
    assert_true(to_client.largest <= DTLS_DATAGRAM_MAX);
    SSL_free(client);
    dtls_destroy(server);
    server = server_create();
    client = client_create(1200, "SRTP_AES128_CM_SHA1_80", true);
    exchange(server, client);
    assert_same_keys(server, client, SECURE_RTP_AES128_CM_SHA1_80);
    SSL_free(client);
    dtls_destroy(server);
}

// The ClientHello alone takes several datagrams; they come in order, reversed, and with one
// repeated.
static void fragmented(bool reversed, bool repeated)
{
    struct dtls *server = server_create();
    SSL *client = client_create(400, "SRTP_AEAD_AES_128_GCM", true);
    client_hello_enlarge(client);
    (void)client_feed(client, NULL, 0);
    unsigned fragments = to_server.count;
    assert_true(fragments >= 2);
    struct queue hello = to_server;
    to_server.count = 0;
    for (unsigned i = 0; i < fragments; i++) {
        unsigned at = reversed ? fragments - 1 - i : i;
        assert_int_equal(dtls_receive(server, hello.data[at], hello.sizes[at]), DTLS_HANDSHAKING);
        if (repeated && i == 0) {
            (void)dtls_receive(server, hello.data[at], hello.sizes[at]);
        }
        assert_true(i + 1 < fragments ? to_client.count == 0 : to_client.count > 0);
    }
    exchange(server, client);
    assert_same_keys(server, client, SECURE_RTP_AEAD_AES_128_GCM);
    SSL_free(client);
    dtls_destroy(server);
}

static void test_client_hello_in_fragments(void **state)
{
    (void)state;
    fragmented(false, false);
    fragmented(true, false);
    fragmented(false, true);
    fragmented(true, true);
}

static void test_wrong_certificate(void **state)
{
    (void)state;
    const struct certificate_digests digests = {.count = 2, .digests = {{1}, {2}}};
    struct dtls *server = dtls_create(context, &digests, queue_put, &to_client);
    assert_non_null(server);
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    exchange(server, client);
    assert_int_equal(dtls_state(server), DTLS_FAILED);
    assert_true(dtls_fingerprint_wrong(server));
    SSL_free(client);
    dtls_destroy(server);
}

static void test_no_certificate_and_no_profile(void **state)
{
    (void)state;
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", false);
    exchange(server, client);
    assert_int_equal(dtls_state(server), DTLS_FAILED);
    SSL_free(client);
    dtls_destroy(server);
    server = server_create();
    client = client_create(1200, NULL, true);
    exchange(server, client);
    assert_int_equal(dtls_state(server), DTLS_FAILED);
    assert_false(dtls_fingerprint_wrong(server));
    SSL_free(client);
    dtls_destroy(server);
}

// Runs the handshake until the server is done; its last flight is thrown away.
static void exchange_but_last_flight(struct dtls *server, SSL *client)
{
    (void)client_feed(client, NULL, 0);
    while (dtls_state(server) == DTLS_HANDSHAKING) {
        struct queue queue = to_server;
        to_server.count = 0;
        assert_true(queue.count > 0);
        for (unsigned i = 0; i < queue.count; i++) {
            (void)dtls_receive(server, queue.data[i], queue.sizes[i]);
        }
        queue = to_client;
        to_client.count = 0;
        for (unsigned i = 0; dtls_state(server) == DTLS_HANDSHAKING && i < queue.count; i++) {
            (void)client_feed(client, queue.data[i], queue.sizes[i]);
        }
    }
    assert_false(SSL_is_init_finished(client));
}

static void client_repeat(SSL *client)
{
    time_us until = time_monotonic_us() + 5 * (time_us)TIME_US_PER_S;
    to_server.count = 0;
    while (to_server.count == 0) { // OpenSSL's own clock
        assert_true(time_monotonic_us() < until);
        (void)DTLSv1_handle_timeout(client);
    }
}

// Our last flight is lost: the client repeats its own, and must get ours again after we believe to
// be done.
static void test_lost_last_flight_is_repeated(void **state)
{
    (void)state;
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    exchange_but_last_flight(server, client);
    client_repeat(client);
    for (unsigned i = 0; i < to_server.count; i++) {
        assert_int_equal(dtls_receive(server, to_server.data[i], to_server.sizes[i]),
                         DTLS_CONNECTED);
    }
    to_server.count = 0;
    assert_true(to_client.count > 0);
    exchange(server, client);
    assert_true(SSL_is_init_finished(client));
    assert_same_keys(server, client, SECURE_RTP_AEAD_AES_128_GCM);
    SSL_free(client);
    dtls_destroy(server);
}

static void test_goodbyes_and_garbage(void **state)
{
    (void)state;
    static const uint8_t garbage[] = {22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 3, 1, 2, 3};
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    assert_int_equal(dtls_receive(server, garbage, 5), DTLS_HANDSHAKING);
    exchange(server, client);
    assert_int_equal(dtls_receive(server, garbage, sizeof(garbage)), DTLS_CONNECTED);
    assert_int_equal(dtls_timeout(server), TIME_US_NEVER);
    (void)SSL_shutdown(client);
    assert_int_equal(to_server.count, 1);
    assert_int_equal(dtls_receive(server, to_server.data[0], to_server.sizes[0]), DTLS_CLOSED);
    SSL_free(client);
    dtls_destroy(server);
    to_server.count = 0;
    to_client.count = 0;
    server = server_create();
    client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    exchange(server, client);
    dtls_close(server);
    assert_int_equal(to_client.count, 1);
    uint8_t ignored[16];
    incoming = to_client.data[0];
    incoming_size = to_client.sizes[0];
    int result = SSL_read(client, ignored, sizeof(ignored));
    assert_int_equal(SSL_get_error(client, result), SSL_ERROR_ZERO_RETURN);
    SSL_free(client);
    dtls_destroy(server);
}

// A bit of the seal is turned in each datagram: nothing happens. Then the datagrams as they are.
static void server_receive_forged_and_true(struct dtls *server)
{
    for (unsigned i = 0; i < to_server.count; i++) {
        uint8_t *last = &to_server.data[i][to_server.sizes[i] - 1];
        *last ^= 1;
        assert_int_equal(dtls_receive(server, to_server.data[i], to_server.sizes[i]),
                         DTLS_CONNECTED);
        *last ^= 1;
    }
    assert_int_equal(to_client.count, 0);
    for (unsigned i = 0; i < to_server.count; i++) {
        (void)dtls_receive(server, to_server.data[i], to_server.sizes[i]);
    }
    to_server.count = 0;
}

static void settled(const char *cipher)
{
    static const uint8_t garbage[] = {21, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 0, 3, 1, 2, 3};
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    uint8_t ours[SECURE_RTP_EXPORT_MAX];
    uint8_t theirs[SECURE_RTP_EXPORT_MAX];
    uint8_t ignored[16];
    size_t size = 0;
    enum secure_rtp_profile profile = SECURE_RTP_AES128_CM_SHA1_80;
    assert_int_equal(SSL_set_cipher_list(client, cipher), 1);
    exchange_but_last_flight(server, client);
    assert_string_equal(SSL_get_cipher_name(client), cipher);
    assert_int_equal(dtls_export(server, &profile, ours, &size), ERR_NONE);
    dtls_settle(server);
    assert_int_equal(dtls_timeout(server), TIME_US_NEVER);
    for (size_t i = 0; i <= sizeof(garbage); i++) {
        assert_int_equal(dtls_receive(server, garbage, i), DTLS_CONNECTED);
    }
    client_repeat(client);
    server_receive_forged_and_true(server);
    assert_true(to_client.count > 0);
    exchange(server, client);
    assert_true(SSL_is_init_finished(client));
    assert_int_equal(SSL_export_keying_material(client, theirs, size, SECURE_RTP_EXPORT_LABEL,
                                                strlen(SECURE_RTP_EXPORT_LABEL), NULL, 0, 0),
                     1);
    assert_memory_equal(ours, theirs, size);
    // Both goodbyes: theirs is heard, ours is understood.
    (void)SSL_shutdown(client);
    struct queue goodbye = to_server;
    server_receive_forged_and_true(server);
    assert_int_equal(goodbye.count, 1);
    assert_int_equal(dtls_state(server), DTLS_CLOSED);
    assert_int_equal(dtls_receive(server, goodbye.data[0], goodbye.sizes[0]), DTLS_CLOSED);
    SSL_free(client);
    dtls_destroy(server);
    server = server_create();
    client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    assert_int_equal(SSL_set_cipher_list(client, cipher), 1);
    exchange(server, client);
    dtls_settle(server);
    dtls_close(server);
    assert_int_equal(to_client.count, 1);
    incoming = to_client.data[0];
    incoming_size = to_client.sizes[0];
    int result = SSL_read(client, ignored, sizeof(ignored));
    assert_int_equal(SSL_get_error(client, result), SSL_ERROR_ZERO_RETURN);
    to_client.count = 0;
    SSL_free(client);
    dtls_destroy(server);
}

static void test_settled(void **state)
{
    (void)state;
    settled("ECDHE-ECDSA-AES128-GCM-SHA256");
    settled("ECDHE-ECDSA-AES256-GCM-SHA384");
    settled("ECDHE-ECDSA-CHACHA20-POLY1305");
}

static void test_a_handshake_repeats_its_flight(void **state)
{
    (void)state;
    struct dtls *server = server_create();
    SSL *client = client_create(1200, "SRTP_AEAD_AES_128_GCM", true);
    assert_int_equal(dtls_timeout(server), TIME_US_NEVER);
    (void)client_feed(client, NULL, 0);
    (void)dtls_receive(server, to_server.data[0], to_server.sizes[0]);
    unsigned flight = to_client.count;
    time_us left = dtls_timeout(server);
    assert_true(flight > 0 && left > 0 && left <= 250000);
    time_us until = time_monotonic_us() + 5 * (time_us)TIME_US_PER_S;
    while (dtls_timeout(server) != 0) { // OpenSSL's own clock
        assert_true(time_monotonic_us() < until);
    }
    assert_int_equal(dtls_on_timeout(server), DTLS_HANDSHAKING);
    assert_true(to_client.count > flight);
    SSL_free(client);
    dtls_destroy(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_profiles_ours_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_client_hello_in_fragments, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_certificate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_certificate_and_no_profile, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_last_flight_is_repeated, setup, teardown),
        cmocka_unit_test_setup_teardown(test_goodbyes_and_garbage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_settled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_handshake_repeats_its_flight, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
