// The head of an HTTP/1 request, read as RFC 9112 demands it: whatever two readers could understand
// in two ways is a fault, not a guess. Pure functions over text.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_HEAD_MAX        16384 // bytes, to the empty line
#define REQUEST_HEAD_FIELDS_MAX 100
// Of the query; libmicrohttpd keeps each apart, and answers nothing when its memory is used up.
#define REQUEST_HEAD_ARGUMENTS_MAX 64

enum request_head_fault {
    REQUEST_HEAD_GOOD,
    REQUEST_HEAD_MALFORMED,       // 400
    REQUEST_HEAD_BODY_TOO_LARGE,  // 413, by whoever knows how large it may be
    REQUEST_HEAD_TARGET_TOO_LONG, // 414
    REQUEST_HEAD_TOO_LARGE,       // 431
    REQUEST_HEAD_UNKNOWN_CODING,  // 501
    REQUEST_HEAD_UNKNOWN_VERSION, // 505
};

// What decides where the request ends, and where its target stands. Positions are within the head.
struct request_head {
    size_t target_at;
    size_t target_size;
    size_t path_at; // the target without scheme and authority; of size 0: "/" is meant
    size_t path_size;
    bool path_lacks_slash; // "http://host?query": a "/" belongs in front
    bool may_be_large;     // a POST or PUT, which are answered before their bodies where need be
    bool chunked;
    uint64_t length; // of the body, when it is not chunked
};

// `head` ends with the empty line. Neither CR nor LF stands in it but as CRLF: who collects it has
// seen to that.
enum request_head_fault request_head_read(const char *head, size_t size,
                                          struct request_head *ret_head);
// A header line without its CRLF: name, colon, value, as RFC 9112, section 5, has it.
bool request_head_field_is_good(const char *line, size_t size);
// Whether a header line, which is good, has this name.
bool request_head_field_is(const char *line, size_t size, const char *name);
