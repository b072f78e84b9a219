#include "../test.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/tls_stream.h"

// A client of OpenSSL's on one end, whoever speaks HTTP on the other; nothing blocks.
static SSL_CTX *server_context;
static SSL_CTX *client_context;
static struct tls_stream stream;
static SSL *client;
static int client_fd;
static int plain_fd; // the other end of the stream's inner socket

static int make_contexts(void **state)
{
    (void)state;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    server_context = SSL_CTX_new(TLS_server_method());
    client_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(server_context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(server_context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(client_context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    assert_int_equal(SSL_CTX_use_certificate(server_context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(server_context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return 0;
}

static int free_contexts(void **state)
{
    (void)state;
    SSL_CTX_free(server_context);
    SSL_CTX_free(client_context);
    return 0;
}

static int make(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    assert_int_equal(tls_stream_init(&stream, server_context, ends[0]), ERR_NONE);
    client_fd = ends[1];
    client = SSL_new(client_context);
    SSL_set_fd(client, client_fd);
    SSL_set_connect_state(client);
    plain_fd = -1;
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    SSL_free(client);
    tls_stream_finish(&stream);
    close(client_fd);
    if (plain_fd >= 0) {
        close(plain_fd);
    }
    return 0;
}

static void shake(void)
{
    for (int i = 0; i < 10 && stream.phase == TLS_STREAM_HANDSHAKE; i++) {
        (void)SSL_do_handshake(client);
        tls_stream_step(&stream, true, false);
    }
    assert_int_equal(stream.phase, TLS_STREAM_READY);
    (void)SSL_do_handshake(client);
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    tls_stream_open(&stream, ends[0]);
    plain_fd = ends[1];
}

static void both_directions_whole_and_in_order(void **state)
{
    (void)state;
    static uint8_t sent[300000];
    static uint8_t received[300000];
    for (size_t i = 0; i < sizeof(sent); i++) {
        sent[i] = (uint8_t)(i * 31 + i / 251);
    }
    shake();
    for (int direction = 0; direction < 2; direction++) {
        size_t in = 0;
        size_t out = 0;
        for (int i = 0; i < 100000 && out < sizeof(sent); i++) {
            size_t left = sizeof(sent) - in;
            size_t part = left < 5000 ? left : 5000;
            int written = part == 0        ? 0
                          : direction == 0 ? SSL_write(client, sent + in, (int)part)
                                           : (int)write(plain_fd, sent + in, part);
            in += written > 0 ? (size_t)written : 0;
            tls_stream_step(&stream, true, true);
            int got = direction == 0 ? (int)read(plain_fd, received + out, 3000)
                                     : SSL_read(client, received + out, 3000);
            out += got > 0 ? (size_t)got : 0;
        }
        assert_int_equal(out, sizeof(sent));
        assert_memory_equal(sent, received, sizeof(sent));
        memset(received, 0, sizeof(received));
        assert_int_equal(stream.phase, TLS_STREAM_OPEN);
        assert_null(stream.to_inner.bytes);
        assert_null(stream.to_outer.bytes);
    }
}

static void the_faster_side_is_held_back(void **state)
{
    (void)state;
    static uint8_t bytes[16384];
    shake();
    // Nobody reads at the client: what the stream keeps is one record, and it asks for no more.
    while (write(plain_fd, bytes, sizeof(bytes)) > 0) {
        tls_stream_step(&stream, false, true);
    }
    assert_non_null(stream.to_outer.bytes);
    assert_true(stream.to_outer.size <= TLS_STREAM_RECORD_MAX);
    assert_int_equal(tls_stream_inner_events(&stream), 0);
    assert_true((tls_stream_outer_events(&stream) & EPOLLOUT) != 0);
    // The other direction is free all the same.
    assert_int_equal(SSL_write(client, "hello", 5), 5);
    tls_stream_step(&stream, true, false);
    uint8_t heard[16];
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 5);
    // And nobody reads the plain text: neither is the client read.
    for (int i = 0; i < 1000 && stream.to_inner.bytes == NULL; i++) {
        (void)SSL_write(client, bytes, sizeof(bytes));
        tls_stream_step(&stream, true, false);
    }
    assert_non_null(stream.to_inner.bytes);
    assert_int_equal(tls_stream_outer_events(&stream) & EPOLLIN, 0);
    assert_true((tls_stream_inner_events(&stream) & EPOLLOUT) != 0);
}

static void the_rest_goes_out_before_the_goodbye(void **state)
{
    (void)state;
    uint8_t heard[64];
    shake();
    assert_int_equal(write(plain_fd, "last words", 10), 10);
    close(plain_fd);
    plain_fd = -1;
    tls_stream_step(&stream, false, true);
    assert_int_equal(stream.phase, TLS_STREAM_CLOSING);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 10);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 0);
    assert_int_equal(SSL_get_shutdown(client), SSL_RECEIVED_SHUTDOWN); // by close_notify
    assert_int_equal(tls_stream_outer_events(&stream), EPOLLIN);
    shutdown(client_fd, SHUT_WR);
    tls_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, TLS_STREAM_OVER);
}

static void a_client_that_goes_on_talking_is_cut_off(void **state)
{
    (void)state;
    static uint8_t bytes[4096];
    shake();
    close(plain_fd);
    plain_fd = -1;
    tls_stream_step(&stream, false, true);
    assert_int_equal(stream.phase, TLS_STREAM_CLOSING);
    size_t sent = 0;
    while (stream.phase == TLS_STREAM_CLOSING && sent < 10000000) {
        ssize_t written = write(client_fd, bytes, sizeof(bytes));
        sent += written > 0 ? (size_t)written : 0;
        tls_stream_step(&stream, true, false);
    }
    assert_int_equal(stream.phase, TLS_STREAM_OVER);
    assert_true(sent < 1000000);
}

static void the_clients_end_is_passed_on(void **state)
{
    (void)state;
    uint8_t heard[64];
    shake();
    assert_int_equal(SSL_write(client, "question", 8), 8);
    (void)SSL_shutdown(client);
    tls_stream_step(&stream, true, false);
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 8);
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 0);
    // The answer still reaches it.
    assert_int_equal(write(plain_fd, "answer", 6), 6);
    tls_stream_step(&stream, false, true);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 6);
    assert_int_equal(tls_stream_outer_events(&stream) & EPOLLIN, 0); // its end would wake for ever
}

static void what_is_no_tls_ends_it(void **state)
{
    (void)state;
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_int_equal(write(client_fd, request, sizeof(request) - 1), sizeof(request) - 1);
    tls_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, TLS_STREAM_OVER);
}

static void half_a_handshake_waits_for_bytes(void **state)
{
    (void)state;
    static const uint8_t begin[] = {0x16, 3, 1, 2, 0, 1};
    assert_int_equal(write(client_fd, begin, sizeof(begin)), sizeof(begin));
    tls_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, TLS_STREAM_HANDSHAKE);
    assert_int_equal(tls_stream_outer_events(&stream), EPOLLIN);
    struct pollfd wait = {.fd = stream.outer, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 0),
                     0); // nothing is left that would wake a loop again and again
    close(client_fd);
    client_fd = dup(0);
    tls_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, TLS_STREAM_OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_directions_whole_and_in_order, make, unmake),
        cmocka_unit_test_setup_teardown(the_faster_side_is_held_back, make, unmake),
        cmocka_unit_test_setup_teardown(the_rest_goes_out_before_the_goodbye, make, unmake),
        cmocka_unit_test_setup_teardown(a_client_that_goes_on_talking_is_cut_off, make, unmake),
        cmocka_unit_test_setup_teardown(the_clients_end_is_passed_on, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_no_tls_ends_it, make, unmake),
        cmocka_unit_test_setup_teardown(half_a_handshake_waits_for_bytes, make, unmake),
    };
    return cmocka_run_group_tests(tests, make_contexts, free_contexts);
}
