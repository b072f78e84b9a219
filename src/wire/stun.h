// STUN for ICE (RFC 8489, RFC 8445 section 7): reading binding requests, responses and indications,
// writing answers and requests. The message holds views into the caller's datagram, which must
// outlive it. No allocation, no clock. Any thread.
//
// Message integrity needs HMAC-SHA1, which this layer does not have: the caller passes it as a
// function. A prepared key (crypto/hmac.h) makes a whole consent check cost less than a
// microsecond.
//
//   stun_parse() → find the peer by USERNAME → stun_integrity_ok() → change state →
//   stun_write_success()
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/address.h"

#define STUN_TRANSACTION_SIZE 12
#define STUN_MAC_SIZE         20
#define STUN_USERNAME_MAX     513 // bytes (RFC 8489 section 14.3)
#define STUN_UNKNOWN_MAX      4   // unknown attributes that are remembered
#define STUN_ANSWER_MAX       128 // bytes: what writing an answer needs at most
#define STUN_METHOD_BINDING   1

enum stun_class { STUN_REQUEST = 0, STUN_INDICATION = 1, STUN_SUCCESS = 2, STUN_ERROR = 3 };

// Error codes an ICE agent answers with (RFC 8489 section 14.8, RFC 8445 section 7.3.1.1).
#define STUN_BAD_REQUEST       400
#define STUN_UNAUTHENTICATED   401
#define STUN_UNKNOWN_ATTRIBUTE 420
#define STUN_ROLE_CONFLICT     487

struct stun_message {
    const uint8_t *data; // not owned
    size_t size;
    enum stun_class class;
    uint16_t method;
    const uint8_t *transaction; // STUN_TRANSACTION_SIZE bytes
    const uint8_t *username;    // not NUL-terminated; NULL when absent. "ours:theirs" in a request
    size_t username_size;
    uint32_t priority; // 0 when absent
    bool use_candidate;
    bool controlling; // ICE-CONTROLLING given
    bool controlled;  // ICE-CONTROLLED given
    uint64_t tie_breaker;
    uint16_t error_code;     // of STUN_ERROR, 0 when absent
    struct address mapped;   // XOR-MAPPED-ADDRESS; family ADDRESS_NONE when absent
    size_t integrity_offset; // of the MESSAGE-INTEGRITY attribute; 0 when absent
    bool fingerprint;        // FINGERPRINT given (and right, or stun_parse() fails)
    uint16_t
        unknown[STUN_UNKNOWN_MAX]; // comprehension-required attributes we do not know: answer 420
    uint8_t unknown_count;
};

// HMAC-SHA1 over `head` and then `body`.
typedef void (*stun_hmac)(const void *key, const uint8_t *head, size_t head_size,
                          const uint8_t *body, size_t body_size, uint8_t ret_mac[STUN_MAC_SIZE]);

// ERR_MALFORMED unless it is one whole well-formed STUN message with the magic cookie, whose
// fingerprint (when given) is right. Attributes behind MESSAGE-INTEGRITY other than FINGERPRINT are
// ignored, as the RFC says.
enum err CHECKED stun_parse(const void *data, size_t size, struct stun_message *ret_message);
// False when the message has no MESSAGE-INTEGRITY or it is wrong. Constant time in the contents.
bool stun_integrity_ok(const struct stun_message *message, stun_hmac hmac, const void *key);
// The part of USERNAME before the colon, which names the receiver of a request. False when there is
// none.
bool stun_username_local(const struct stun_message *message, const char **ret_text,
                         size_t *ret_size);

// The size written, or 0 when `capacity` does not do (STUN_ANSWER_MAX always does). All three end
// with MESSAGE-INTEGRITY and FINGERPRINT; an error without a key (hmac NULL) carries FINGERPRINT
// alone.
size_t stun_write_success(const struct stun_message *request, const struct address *mapped,
                          stun_hmac hmac, const void *key, uint8_t *to, size_t capacity);
size_t stun_write_error(const struct stun_message *request, uint16_t code, stun_hmac hmac,
                        const void *key, uint8_t *to, size_t capacity);

// What an ICE agent's connectivity check says; for load generators and tests.
struct stun_request {
    uint8_t transaction[STUN_TRANSACTION_SIZE];
    const char *username; // "theirs:ours"
    uint32_t priority;
    bool controlling; // else controlled
    bool use_candidate;
    uint64_t tie_breaker;
};
size_t stun_write_request(const struct stun_request *request, stun_hmac hmac, const void *key,
                          uint8_t *to, size_t capacity);
