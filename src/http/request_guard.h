// Stands between a client's bytes and libmicrohttpd, which repairs what is ambiguous: two readers
// of one connection (a proxy and we) must never disagree where a request ends (RFC 9112, section
// 11.2). A head goes on when it is whole and free of faults, without
// cookies but the server's own (API_BROWSER_COOKIE), a body as it comes, chunks in their plainest
// form, and the next request when this one is answered. What is refused becomes a request
// of the method REQUEST_GUARD_REFUSED, so that the answer keeps its place among the others; nothing
// after it goes on. A machine without I/O and clock.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/request_head.h"

#define REQUEST_GUARD_REFUSED "REFUSED" // its target is "/" and the status
// Of a body without Content-Length, or of another method than POST and PUT: what is more is
// answered 413. Where it is found out in the middle, the body ends there with a trailer that says
// so, and where chunks are faulty too: libmicrohttpd would answer that in a language of its own.
#define REQUEST_GUARD_BODY_MAX      65536
#define REQUEST_GUARD_CUT           "Body-Cut"
#define REQUEST_GUARD_CUT_TOO_LARGE "too-large"
#define REQUEST_GUARD_CUT_MALFORMED "malformed"
#define REQUEST_GUARD_LINE_MAX      256 // of a chunk's size with its extensions, or a trailer

enum request_guard_phase {
    REQUEST_GUARD_HEAD, // also between two requests
    REQUEST_GUARD_BODY,
    REQUEST_GUARD_CHUNK_SIZE,
    REQUEST_GUARD_CHUNK_DATA,
    REQUEST_GUARD_CHUNK_END, // the CRLF behind the data
    REQUEST_GUARD_TRAILER,
    REQUEST_GUARD_ANSWER, // the request is whole: nothing is taken until it is answered
    REQUEST_GUARD_RAW,    // upgraded: everything goes on
    REQUEST_GUARD_OVER,   // refused: everything is taken and dropped
};

struct request_guard {
    enum request_guard_phase phase;
    bool begun; // in REQUEST_GUARD_HEAD: something of the next head has come
    char *head; // owned; bytes of a head that is not whole; NULL when there are none
    size_t head_size;
    size_t head_room;
    size_t line_start;  // within the head
    uint64_t remaining; // of the body or chunk
    uint64_t chunked;   // bytes of the body in the chunks so far
    char line[REQUEST_GUARD_LINE_MAX];
    size_t line_size;
    uint32_t trailers;
    uint64_t requests; // whole heads that went on, and refusals
    uint64_t refused;
};

void request_guard_finish(struct request_guard *guard);
// Of so many bytes at most so many go on in one call.
#define REQUEST_GUARD_OUT_MAX(size) ((size) + REQUEST_HEAD_MAX + REQUEST_GUARD_LINE_MAX)
// Takes bytes from the client and writes to `out` what goes on; fewer than `size` are taken only in
// REQUEST_GUARD_ANSWER. Returns how many.
size_t request_guard_take(struct request_guard *guard, const uint8_t *bytes, size_t size,
                          uint8_t *out, size_t *ret_out_size);
// The answer to the request has gone out.
void request_guard_answered(struct request_guard *guard);
// The answer was the upgrade.
void request_guard_upgraded(struct request_guard *guard);
// Nothing of a next request has come.
bool request_guard_is_idle(const struct request_guard *guard);
// Whether a call of request_guard_take() would take anything.
bool request_guard_takes(const struct request_guard *guard);
