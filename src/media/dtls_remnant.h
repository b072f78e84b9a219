// What must stay of a DTLS 1.2 association when its handshake is done and the keys of SRTP are
// exported: less than a kilobyte instead of OpenSSL's forty.
//
//   the last flight     sent again, as it was, when the client repeats its own (RFC 6347 section
//                       4.2.4); to a client that has it already it is a replay and ignored
//   the goodbye         close_notify, sealed in advance
//   the client's key    so that its goodbye is heard only when it is authentic (RFC 5246 section
//                       6.3, RFC 5288, RFC 7905)
//
// Handshake thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/err.h"

#define DTLS_REMNANT_RECORDS_MAX 192 // bytes of the flight, of the goodbye
#define DTLS_REMNANT_DATAGRAMS   2   // of the flight

// Datagrams kept one behind the other.
struct dtls_flight {
    uint8_t count;
    bool overflowed; // more than there is room for: not to be used
    uint16_t sizes[DTLS_REMNANT_DATAGRAMS];
    uint8_t bytes[DTLS_REMNANT_RECORDS_MAX];
};

void dtls_flight_add(struct dtls_flight *flight, const uint8_t *datagram, size_t size);

enum dtls_remnant_kind { DTLS_AES_128_GCM, DTLS_AES_256_GCM, DTLS_CHACHA20_POLY1305 };

struct dtls_remnant {
    enum dtls_remnant_kind kind;
    uint8_t key[32]; // the client's
    uint8_t iv[12];  // the client's; GCM: the first four
    struct dtls_flight flight;
    struct dtls_flight goodbye;
};

enum dtls_heard {
    DTLS_HEARD_NOTHING,
    DTLS_HEARD_FLIGHT, // the client repeats its last flight
    DTLS_HEARD_GOODBYE // close_notify or a fatal alert
};

// The client's key of a finished handshake. ERR_UNSUPPORTED: a cipher we do not know.
enum err CHECKED dtls_remnant_init(struct dtls_remnant *remnant, SSL *ssl);
// Wipes.
void dtls_remnant_finish(struct dtls_remnant *remnant);
// What an incoming datagram means; garbage and forgeries mean nothing.
enum dtls_heard dtls_remnant_receive(const struct dtls_remnant *remnant, const uint8_t *datagram,
                                     size_t size);
