#include "../test.h"

#include <stdlib.h>

#include "http/request_guard.h"

#define OUT_MAX REQUEST_GUARD_OUT_MAX(100000)

static struct request_guard guard;
static char passed[OUT_MAX + 1];
static size_t passed_size;

static int make(void **state)
{
    (void)state;
    guard = (struct request_guard){0};
    passed_size = 0;
    passed[0] = '\0';
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    request_guard_finish(&guard);
    return 0;
}

// In pieces of `piece` bytes; returns how many were taken.
static size_t give_size(const char *text, size_t size, size_t piece)
{
    size_t given = 0;
    while (given < size) {
        size_t part = size - given < piece ? size - given : piece;
        size_t out_size = 0;
        uint8_t *out = malloc(REQUEST_GUARD_OUT_MAX(part));
        assert_non_null(out);
        size_t taken = request_guard_take(&guard, (const uint8_t *)text + given, part, out,
                                          &out_size);
        assert_true(passed_size + out_size <= OUT_MAX);
        memcpy(passed + passed_size, out, out_size);
        free(out);
        passed_size += out_size;
        passed[passed_size] = '\0';
        given += taken;
        if (taken < part) {
            break;
        }
    }
    return given;
}

static size_t give(const char *text)
{
    return give_size(text, strlen(text), SIZE_MAX);
}

#define HOST "Host: a\r\n"

#define OWN "0123456789abcdefghijABCDEFGHIJ-_-_-_-_-_012"

// What a request comes to: the head that goes on (NULL: as it came), or the status of its refusal.
static const struct {
    const char *request;
    int status;
    const char *passed;
} table[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, NULL},
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.0\r\n\r\n", 0, NULL},
    {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", 0, NULL},
    {"POST /x?y=%00 HTTP/1.1\r\nhost:a:8443\r\ncontent-length:\t3\r\n\r\nabc", 0, NULL},
    {"OPTIONS * HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n", 0, NULL},
    {"M-SEARCH /x HTTP/1.1\r\nHost: a\r\nX: \xc3\xa9\ty\r\nEmpty:\r\n\r\n", 0, NULL},
    // Blanks behind a value.
    {"POST /x HTTP/1.1\r\nHost: a \t\r\nContent-Length: 3 \t \r\nX: a  b\t\r\nEmpty: \r\n\r\nabc",
     0, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: a  b\r\nEmpty:\r\n\r\nabc"},
    {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n", 0,
     "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    // Cookies, of which one is read.
    {"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; __Host-plenary-sign-in=" OWN "; c=d\r\ncookie:"
     "__Host-plenary-sign-in=" OWN "\r\n\r\n",
     0, "GET / HTTP/1.1\r\nHost: a\r\nCookie:__Host-plenary-sign-in=" OWN "\r\n\r\n"},
    {"GET / HTTP/1.1\r\nCookie:\t__Host-plenary-sign-in=" OWN "\r\nHost: a\r\n\r\n", 0,
     "GET / HTTP/1.1\r\nCookie:__Host-plenary-sign-in=" OWN "\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nCookie: __Host-plenary-sign-in=" OWN "x\r\n\r\n", 0,
     "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nCookie: __Host-plenary-sign-in=short; "
     "x__Host-plenary-sign-in=" OWN ";;; =; ;\r\n\r\n",
     0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.1\r\nCookie: a=b; c=d\r\nHost: a\r\ncookie:\r\nX-Cookie: y\r\nCookies: "
     "z\r\n\r\n",
     0, "GET / HTTP/1.1\r\nHost: a\r\nX-Cookie: y\r\nCookies: z\r\n\r\n"},
    {"GET http://a/b HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\n\r\n", 0,
     "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nCookie : a=b\r\n\r\n", 400, NULL},
    // No or two hosts, or none that could be one.
    {"GET / HTTP/1.1\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: [a]\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a..b:\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.0\r\nHost: a:x\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: plenary_upstream:\r\n\r\n", 0, NULL},
    // One value each, two of which are no choice; lists may go on in a second line.
    {"GET / HTTP/1.1\r\n" HOST "Authorization: Bearer x\r\nAuthorization: Bearer y\r\n\r\n", 400,
     NULL},
    {"GET / HTTP/1.1\r\n" HOST "authorization: Bearer x\r\nX: y\r\nAUTHORIZATION: Bearer "
     "x\r\n\r\n",
     400, NULL},
    {"GET / HTTP/1.0\r\nAuthorization:\r\nAuthorization: Bearer x\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n", 400, NULL},
    {"PUT / HTTP/1.1\r\n" HOST "Content-Range: bytes 0-1/2\r\nContent-Range: bytes "
     "0-1/3\r\n\r\n",
     400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Origin: http://a\r\nOrigin: http://b\r\n\r\n", 400, NULL},
    {"PATCH / HTTP/1.1\r\n" HOST "If-Match: \"a\"\r\nIf-Match: \"b\"\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "If-Range: \"a\"\r\nIf-Range: \"b\"\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Range: bytes=0-0\r\nRange: bytes=1-1\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8\r\n\r\n", 400,
     NULL},
    {"GET / HTTP/1.1\r\n" HOST "Sec-WebSocket-Protocol: bearer.x\r\nSec-WebSocket-Protocol: "
     "bearer.y\r\n\r\n",
     400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Accept: a/b\r\nAccept: c/d\r\nVia: 1.1 a\r\nVia: 1.1 b\r\n"
     "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\nContent-Encoding: a\r\n"
     "Content-Encoding: b\r\nX-Authorization: x\r\nX-Authorization: y\r\n\r\n",
     0, NULL},
    // Two lengths, two codings, both, or one that nobody can count.
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999999999999999999\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400,
     NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, identity\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n", 400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
     "chunked\r\n\r\n",
     400, NULL},
    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, NULL},
    {"POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400, NULL},
    // A body where a reader may not expect one.
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0, NULL},
    {"HEAD / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400, NULL},
    // Lines.
    {"GET / HTTP/1.1\nHost: a\n\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\n: no name\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400, NULL},
    // The first line.
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, NULL},
    {"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /\r\n\r\n", 400, NULL},
    {"GET / a HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /m/demo%00x HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /m%2fdemo HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET /m/demo%01x?a=%00&b=%2F HTTP/1.1\r\nHost: a\r\n\r\n", 0, NULL},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / http/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, NULL},
    {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, NULL},
    {"PRI * HTTP/2.0\r\n\r\n", 505, NULL},
    // The absolute form (RFC 9112, section 3.2.2).
    {"GET http://x/whep/demo/fr?a=b HTTP/1.1\r\nHost: a\r\n\r\n", 0,
     "GET /whep/demo/fr?a=b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET HTTPS://x:1 HTTP/1.1\r\nHost: a\r\n\r\n", 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET http://x?a HTTP/1.1\r\nHost: a\r\n\r\n", 0, "GET /?a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET http://[::1]:8443/x HTTP/1.1\r\nHost: a\r\n\r\n", 0,
     "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET http://x:y/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET http://u@x/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
    {"GET ftp://x/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, NULL},
};

static void heads(void **state)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        for (size_t piece = 1; piece < 200; piece = piece == 1 ? 7 : 200) {
            make(state);
            give_size(table[i].request, strlen(table[i].request), piece);
            char refusal[32];
            snprintf(refusal, sizeof(refusal), "REFUSED /%d HTTP/1.1\r\n", table[i].status);
            if (table[i].status != 0) {
                if (strncmp(passed, refusal, strlen(refusal)) != 0) {
                    fail_msg("row %zu: '%s'", i, passed);
                }
                assert_int_equal(guard.phase, REQUEST_GUARD_OVER);
                assert_int_equal(guard.refused, 1);
            } else {
                assert_string_equal(passed,
                                    table[i].passed != NULL ? table[i].passed : table[i].request);
                assert_int_equal(guard.phase, REQUEST_GUARD_ANSWER);
            }
            unmake(state);
        }
    }
}

// Some bodies with the chunks as they go on, or NULL where the body is ended as malformed.
static const struct {
    const char *body;
    const char *passed;
} chunked[] = {
    {"3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"},
    {"0\r\n\r\n", "0\r\n\r\n"},
    {"0003;name=\"value\"\r\nabc\r\nA\r\n0123456789\r\n000\r\nX: y\r\n\r\n",
     "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n"},
    {"3\nabc\r\n0\r\n\r\n", NULL},
    {"3\r\nabc\n0\r\n\r\n", NULL},
    {"3\r\nabcd\r\n0\r\n\r\n", NULL},
    {"3\r\nabcX\r\n", NULL},
    {"3 \r\nabc\r\n0\r\n\r\n", NULL},
    {" 3\r\nabc\r\n0\r\n\r\n", NULL},
    {"0x3\r\nabc\r\n0\r\n\r\n", NULL},
    {"-3\r\nabc\r\n0\r\n\r\n", NULL},
    {"\r\n", NULL},
    {"123456789\r\n", NULL},
    {"3;\x01\r\nabc\r\n0\r\n\r\n", NULL},
    {"3\r\r\nabc\r\n0\r\n\r\n", NULL},
    {"0\r\nX : y\r\n\r\n", NULL},
    {"0\r\nX: y\n\r\n", NULL},
};

static void bodies_in_chunks(void **state)
{
    static const char head[] = "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
    for (size_t i = 0; i < sizeof(chunked) / sizeof(chunked[0]); i++) {
        for (size_t piece = 1; piece < 200; piece = piece == 1 ? 5 : 200) {
            make(state);
            give(head);
            give_size(chunked[i].body, strlen(chunked[i].body), piece);
            const char *body = passed + sizeof(head) - 1;
            if (chunked[i].passed != NULL) {
                assert_string_equal(body, chunked[i].passed);
                assert_int_equal(guard.phase, REQUEST_GUARD_ANSWER);
            } else {
                static const char end[] = "0\r\n" REQUEST_GUARD_CUT ": malformed\r\n\r\n";
                const char *ended = strstr(body, end);
                assert_non_null(ended); // behind a whole chunk, or at the beginning
                assert_int_equal(strlen(ended), sizeof(end) - 1);
                assert_true(ended == body || ended[-1] == '\n');
                assert_int_equal(guard.phase, REQUEST_GUARD_OVER);
            }
            unmake(state);
        }
    }
}

static void a_counted_body_ends_where_it_was_said(void **state)
{
    (void)state;
    static const char request[] = "PUT / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n0123456789";
    char text[sizeof(request) + 20];
    snprintf(text, sizeof(text), "%sGET / ", request);
    assert_int_equal(give(text), sizeof(request) - 1);
    assert_string_equal(passed, request);
    assert_int_equal(give("GET /"), 0);
    request_guard_answered(&guard);
    assert_true(request_guard_is_idle(&guard));
    passed_size = 0;
    assert_int_equal(give("GET / HTTP/1.1\r\n" HOST "\r\n"), 27);
    assert_string_equal(passed, "GET / HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(guard.requests, 2);
}

static void nothing_after_a_refusal_goes_on(void **state)
{
    (void)state;
    give("GET / HTTP/1.1\r\n\r\nGET /secret HTTP/1.1\r\n" HOST "\r\n");
    assert_null(strstr(passed, "secret"));
    size_t before = passed_size;
    give("GET /secret HTTP/1.1\r\n" HOST "\r\n");
    request_guard_answered(&guard);
    give("GET /secret HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(passed_size, before);
}

static void a_head_has_a_size(void **state)
{
    static char text[40000];
    memset(text, 'x', sizeof(text));
    memcpy(text, "GET / HTTP/1.1\r\nX: ", 19);
    give_size(text, sizeof(text), 1000);
    assert_int_equal(strncmp(passed, "REFUSED /431 ", 13), 0);
    assert_null(guard.head);
    unmake(state);
    make(state);
    size_t size = (size_t)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 100; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size, "X%d: y\r\n", i);
    }
    memcpy(text + size, "\r\n", 2);
    give_size(text, size + 2, 100);
    assert_int_equal(strncmp(passed, "REFUSED /431 ", 13), 0);
}

// Whoever says how much comes is answered by others; who does not, or by a method that is read to
// its end, is stopped here.
static void bodies_have_an_end(void **state)
{
    char text[256];
    static const char head[] = "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
    static const char cut[] = "0\r\n" REQUEST_GUARD_CUT ": too-large\r\n\r\n";
    snprintf(text, sizeof(text), "PATCH / HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\nX");
    give(text);
    assert_int_equal(strncmp(passed, "REFUSED /413 ", 13), 0);
    unmake(state);
    make(state);
    snprintf(text, sizeof(text), "PATCH / HTTP/1.1\r\n" HOST "Content-Length: 65536\r\n\r\nX");
    give(text);
    assert_string_equal(passed, text);
    unmake(state);
    make(state);
    snprintf(text, sizeof(text), "PUT / HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\nX");
    give(text);
    assert_string_equal(passed, text);
    // Chunks: as many bytes, in however many parts.
    for (size_t over = 0; over < 2; over++) {
        unmake(state);
        make(state);
        give(head);
        for (int i = 0; i < 8192; i++) {
            assert_int_equal(give("8\r\n01234567\r\n"), 13);
        }
        assert_int_equal(guard.phase, REQUEST_GUARD_CHUNK_SIZE);
        size_t before = passed_size;
        give(over ? "1\r\n8\r\n0\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n" : "0\r\n\r\n");
        assert_string_equal(passed + before, over ? cut : "0\r\n\r\n");
        assert_int_equal(guard.phase, over ? REQUEST_GUARD_OVER : REQUEST_GUARD_ANSWER);
    }
    unmake(state);
    make(state);
    give(head);
    give("ffffffff\r\n");
    assert_string_equal(passed + sizeof(head) - 1, cut);
}

static void arguments_are_few(void **state)
{
    (void)state;
    char text[4096];
    for (size_t count = 64; count <= 65; count++) {
        size_t size = (size_t)snprintf(text, sizeof(text), "GET /&&&?");
        for (size_t i = 0; i + 1 < count; i++) {
            size += (size_t)snprintf(text + size, sizeof(text) - size, "a&");
        }
        snprintf(text + size, sizeof(text) - size, "a HTTP/1.1\r\n" HOST "\r\n");
        make(state);
        give(text);
        assert_int_equal(strncmp(passed, "REFUSED /414 ", 13) == 0, count > 64);
        unmake(state);
    }
}

static void upgraded_everything_goes_on(void **state)
{
    (void)state;
    static const char request[] = "GET /live HTTP/1.1\r\n" HOST "Upgrade: websocket\r\n\r\n";
    give(request);
    assert_int_equal(give("\x81\n\n"), 0);
    request_guard_upgraded(&guard);
    assert_int_equal(give("\x81\n\n\r\r"), 5);
    assert_string_equal(passed + sizeof(request) - 1, "\x81\n\n\r\r");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads),
        cmocka_unit_test(bodies_in_chunks),
        cmocka_unit_test_setup_teardown(a_counted_body_ends_where_it_was_said, make, unmake),
        cmocka_unit_test_setup_teardown(nothing_after_a_refusal_goes_on, make, unmake),
        cmocka_unit_test_setup_teardown(a_head_has_a_size, make, unmake),
        cmocka_unit_test_setup_teardown(bodies_have_an_end, make, unmake),
        cmocka_unit_test_setup_teardown(arguments_are_few, make, unmake),
        cmocka_unit_test_setup_teardown(upgraded_everything_goes_on, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
