#include "../test.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/client_stream.h"

// A client of OpenSSL's on one end, whoever speaks HTTP on the other; nothing blocks.
static SSL_CTX *server_context;
static SSL_CTX *client_context;
static struct client_stream stream;
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
    assert_int_equal(client_stream_init(&stream, server_context, ends[0]), ERR_NONE);
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
    client_stream_finish(&stream);
    close(client_fd);
    if (plain_fd >= 0) {
        close(plain_fd);
    }
    return 0;
}

static void shake(void)
{
    for (int i = 0; i < 10 && stream.phase == CLIENT_STREAM_HANDSHAKE; i++) {
        (void)SSL_do_handshake(client);
        client_stream_step(&stream, true, false);
    }
    assert_int_equal(stream.phase, CLIENT_STREAM_READY);
    (void)SSL_do_handshake(client);
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    client_stream_open(&stream, ends[0]);
    plain_fd = ends[1];
    stream.guard.phase = REQUEST_GUARD_RAW; // what is sent here is no HTTP
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
            client_stream_step(&stream, true, true);
            int got = direction == 0 ? (int)read(plain_fd, received + out, 3000)
                                     : SSL_read(client, received + out, 3000);
            out += got > 0 ? (size_t)got : 0;
        }
        assert_int_equal(out, sizeof(sent));
        assert_memory_equal(sent, received, sizeof(sent));
        memset(received, 0, sizeof(received));
        assert_int_equal(stream.phase, CLIENT_STREAM_OPEN);
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
        client_stream_step(&stream, false, true);
    }
    assert_non_null(stream.to_outer.bytes);
    assert_true(stream.to_outer.size <= CLIENT_STREAM_RECORD_MAX);
    assert_int_equal(client_stream_inner_events(&stream), 0);
    assert_true((client_stream_outer_events(&stream) & EPOLLOUT) != 0);
    // The other direction is free all the same.
    assert_int_equal(SSL_write(client, "hello", 5), 5);
    client_stream_step(&stream, true, false);
    uint8_t heard[16];
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 5);
    // And nobody reads the plain text: neither is the client read.
    for (int i = 0; i < 1000 && stream.to_inner.bytes == NULL; i++) {
        (void)SSL_write(client, bytes, sizeof(bytes));
        client_stream_step(&stream, true, false);
    }
    assert_non_null(stream.to_inner.bytes);
    assert_int_equal(client_stream_outer_events(&stream) & EPOLLIN, 0);
    assert_true((client_stream_inner_events(&stream) & EPOLLOUT) != 0);
}

// Nothing is read while an answer is awaited; that the client has gone is seen all the same, once.
static void the_end_is_seen_while_an_answer_is_awaited(void **state)
{
    (void)state;
    shake();
    assert_int_equal(client_stream_outer_events(&stream) & EPOLLRDHUP, 0);
    stream.guard.phase = REQUEST_GUARD_ANSWER;
    assert_int_equal(client_stream_outer_events(&stream) & (EPOLLIN | EPOLLRDHUP), EPOLLRDHUP);
    client_stream_left(&stream);
    assert_int_equal(client_stream_outer_events(&stream) & (EPOLLIN | EPOLLRDHUP), 0);
    // What is answered goes out, and then the end is read as any other.
    assert_int_equal(write(plain_fd, "an answer", 9), 9);
    client_stream_step(&stream, false, true);
    uint8_t heard[16];
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 9);
    client_stream_answered(&stream);
    assert_int_equal(client_stream_outer_events(&stream) & (EPOLLIN | EPOLLRDHUP), EPOLLIN);
}

static void the_rest_goes_out_before_the_goodbye(void **state)
{
    (void)state;
    uint8_t heard[64];
    shake();
    assert_int_equal(write(plain_fd, "last words", 10), 10);
    close(plain_fd);
    plain_fd = -1;
    client_stream_step(&stream, false, true);
    assert_int_equal(stream.phase, CLIENT_STREAM_CLOSING);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 10);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 0);
    assert_int_equal(SSL_get_shutdown(client), SSL_RECEIVED_SHUTDOWN); // by close_notify
    assert_int_equal(client_stream_outer_events(&stream), EPOLLIN);
    shutdown(client_fd, SHUT_WR);
    client_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, CLIENT_STREAM_OVER);
}

static size_t talks_on(enum request_guard_phase phase)
{
    static uint8_t bytes[4096];
    shake();
    stream.guard.phase = phase;
    close(plain_fd);
    plain_fd = -1;
    client_stream_step(&stream, false, true);
    assert_int_equal(stream.phase, CLIENT_STREAM_CLOSING);
    size_t sent = 0;
    while (stream.phase == CLIENT_STREAM_CLOSING && sent < 100000000) {
        ssize_t written = write(client_fd, bytes, sizeof(bytes));
        sent += written > 0 ? (size_t)written : 0;
        client_stream_step(&stream, true, false);
    }
    assert_int_equal(stream.phase, CLIENT_STREAM_OVER);
    return sent;
}

static void a_client_that_goes_on_talking_is_cut_off(void **state)
{
    (void)state;
    assert_true(talks_on(REQUEST_GUARD_RAW) < 1000000);
}

static void a_client_sends_its_body_to_the_end(void **state)
{
    (void)state;
    assert_in_range(talks_on(REQUEST_GUARD_BODY), 25 << 20, 40 << 20);
}

static void the_clients_end_is_passed_on(void **state)
{
    (void)state;
    uint8_t heard[64];
    shake();
    assert_int_equal(SSL_write(client, "question", 8), 8);
    (void)SSL_shutdown(client);
    client_stream_step(&stream, true, false);
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 8);
    assert_int_equal(read(plain_fd, heard, sizeof(heard)), 0);
    // The answer still reaches it.
    assert_int_equal(write(plain_fd, "answer", 6), 6);
    client_stream_step(&stream, false, true);
    assert_int_equal(SSL_read(client, heard, sizeof(heard)), 6);
    assert_int_equal(client_stream_outer_events(&stream) & EPOLLIN,
                     0); // its end would wake for ever
}

static void what_is_no_tls_ends_it(void **state)
{
    (void)state;
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_int_equal(write(client_fd, request, sizeof(request) - 1), sizeof(request) - 1);
    client_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, CLIENT_STREAM_OVER);
}

static void half_a_handshake_waits_for_bytes(void **state)
{
    (void)state;
    static const uint8_t begin[] = {0x16, 3, 1, 2, 0, 1};
    assert_int_equal(write(client_fd, begin, sizeof(begin)), sizeof(begin));
    client_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, CLIENT_STREAM_HANDSHAKE);
    assert_int_equal(client_stream_outer_events(&stream), EPOLLIN);
    struct pollfd wait = {.fd = stream.outer, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 0),
                     0); // nothing is left that would wake a loop again and again
    close(client_fd);
    client_fd = dup(0);
    client_stream_step(&stream, true, false);
    assert_int_equal(stream.phase, CLIENT_STREAM_OVER);
}

// ---- Without TLS, and with requests ----

static int make_plain(void **state)
{
    (void)state;
    int ends[2];
    int inner[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, inner), 0);
    assert_int_equal(client_stream_init(&stream, NULL, ends[0]), ERR_NONE);
    assert_int_equal(stream.phase, CLIENT_STREAM_READY);
    client_stream_open(&stream, inner[0]);
    client = NULL;
    client_fd = ends[1];
    plain_fd = inner[1];
    return 0;
}

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void hears(int fd, const char *text)
{
    char heard[1024] = "";
    ssize_t size = read(fd, heard, sizeof(heard) - 1);
    assert_int_equal(size, text[0] == '\0' ? -1 : (ssize_t)strlen(text));
    assert_string_equal(heard, text);
}

#define FIRST  "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
#define SECOND "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"

static void the_next_request_waits_for_the_answer(void **state)
{
    (void)state;
    say(client_fd, FIRST SECOND);
    client_stream_step(&stream, true, false);
    hears(plain_fd, FIRST);
    client_stream_step(&stream, true, true);
    hears(plain_fd, "");
    assert_int_equal(client_stream_outer_events(&stream) & EPOLLIN, 0);
    say(plain_fd, "answer");
    client_stream_answered(&stream);
    client_stream_step(&stream, true, true);
    hears(client_fd, "answer");
    hears(plain_fd, SECOND);
    client_stream_answered(&stream);
    client_stream_step(&stream, true, true);
    assert_int_equal(client_stream_outer_events(&stream) & EPOLLIN, EPOLLIN);
    assert_true(request_guard_is_idle(&stream.guard));
}

// The reader is slow: it comes for the end of the body when the client has nothing more to say.
static void the_end_of_a_body_that_had_to_wait_arrives(void **state)
{
    (void)state;
    static char body[8000];
    static char taken[sizeof(body)];
    char head[80];
    size_t arrived = 0;
    int small = 1; // the least that the kernel gives
    memset(body, 'b', sizeof(body));
    assert_int_equal(setsockopt(stream.inner, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
    snprintf(head, sizeof(head), "PUT /1 HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
             sizeof(body));
    say(client_fd, head);
    assert_int_equal(write(client_fd, body, sizeof(body)), sizeof(body));
    client_stream_step(&stream, true, false);
    assert_int_equal(stream.guard.phase, REQUEST_GUARD_ANSWER);
    assert_true(client_stream_holds_back(&stream));
    for (int i = 0; i < 100 && arrived < strlen(head) + sizeof(body); i++) {
        ssize_t size = read(plain_fd, taken, sizeof(taken));
        arrived += size > 0 ? (size_t)size : 0;
        client_stream_step(&stream, false, true);
    }
    assert_int_equal(arrived, strlen(head) + sizeof(body));
    assert_false(client_stream_holds_back(&stream));
}

static void what_follows_an_upgrade_goes_on_as_it_is(void **state)
{
    (void)state;
    say(client_fd, FIRST "\x81\x80 no HTTP \n");
    client_stream_step(&stream, true, false);
    hears(plain_fd, FIRST);
    client_stream_upgraded(&stream);
    client_stream_step(&stream, true, false);
    hears(plain_fd, "\x81\x80 no HTTP \n");
}

static void nothing_follows_a_refusal(void **state)
{
    (void)state;
    char heard[512] = "";
    say(client_fd, "GET /1 HTTP/1.1\nHost: a\r\n\r\n" SECOND);
    client_stream_step(&stream, true, false);
    assert_true(read(plain_fd, heard, sizeof(heard) - 1) > 0);
    assert_int_equal(strncmp(heard, "REFUSED /400 HTTP/1.1\r\n", 23), 0);
    assert_null(strstr(heard, "/2"));
    say(client_fd, SECOND);
    client_stream_step(&stream, true, true);
    hears(plain_fd, "");
    say(plain_fd, "400");
    close(plain_fd);
    plain_fd = -1;
    client_stream_step(&stream, true, true);
    hears(client_fd, "400");
    assert_int_equal(read(client_fd, heard, sizeof(heard)), 0);
    close(client_fd);
    client_stream_step(&stream, true, true);
    assert_int_equal(stream.phase, CLIENT_STREAM_OVER);
    client_fd = dup(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_directions_whole_and_in_order, make, unmake),
        cmocka_unit_test_setup_teardown(the_faster_side_is_held_back, make, unmake),
        cmocka_unit_test_setup_teardown(the_end_is_seen_while_an_answer_is_awaited, make, unmake),
        cmocka_unit_test_setup_teardown(the_rest_goes_out_before_the_goodbye, make, unmake),
        cmocka_unit_test_setup_teardown(a_client_that_goes_on_talking_is_cut_off, make, unmake),
        cmocka_unit_test_setup_teardown(a_client_sends_its_body_to_the_end, make, unmake),
        cmocka_unit_test_setup_teardown(the_clients_end_is_passed_on, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_no_tls_ends_it, make, unmake),
        cmocka_unit_test_setup_teardown(half_a_handshake_waits_for_bytes, make, unmake),
        cmocka_unit_test_setup_teardown(the_next_request_waits_for_the_answer, make_plain, unmake),
        cmocka_unit_test_setup_teardown(the_end_of_a_body_that_had_to_wait_arrives, make_plain,
                                        unmake),
        cmocka_unit_test_setup_teardown(what_follows_an_upgrade_goes_on_as_it_is, make_plain,
                                        unmake),
        cmocka_unit_test_setup_teardown(nothing_follows_a_refusal, make_plain, unmake),
    };
    return cmocka_run_group_tests(tests, make_contexts, free_contexts);
}
