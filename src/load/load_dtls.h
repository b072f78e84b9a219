// One client's DTLS 1.2 association (RFC 6347, RFC 5764) over OpenSSL, without a socket: datagrams
// go in by load_dtls_receive() and come out by `send`. All clients of a load share one certificate.
// OpenSSL reads the clock itself for its retransmission timer. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "crypto/secure_rtp.h"

struct load_dtls_context;
struct load_dtls;

enum load_dtls_state {
    LOAD_DTLS_HANDSHAKING,
    LOAD_DTLS_CONNECTED,
    LOAD_DTLS_FAILED,
};

enum load_cipher { LOAD_CIPHER_ANY, LOAD_CIPHER_GCM, LOAD_CIPHER_CM };

// Once for each datagram, from within the calls below.
typedef void (*load_dtls_send)(void *context, const uint8_t *data, size_t size);

// NULL when OpenSSL refuses.
struct load_dtls_context *load_dtls_context_create(enum load_cipher cipher);
void load_dtls_context_destroy(struct load_dtls_context *context);
const char *load_dtls_context_fingerprint(const struct load_dtls_context *context);

// `digest`: the server's certificate must have it. We begin the handshake unless
// `server_is_active`. NULL when memory is short.
struct load_dtls *load_dtls_create(struct load_dtls_context *context,
                                   const uint8_t digest[CERTIFICATE_DIGEST_SIZE],
                                   bool server_is_active, load_dtls_send send, void *send_context);
void load_dtls_destroy(struct load_dtls *dtls);

enum load_dtls_state load_dtls_start(struct load_dtls *dtls);
enum load_dtls_state load_dtls_receive(struct load_dtls *dtls, const uint8_t *data, size_t size);
// Until the flight must be repeated, or TIME_US_NEVER.
time_us load_dtls_timeout(struct load_dtls *dtls);
enum load_dtls_state load_dtls_on_timeout(struct load_dtls *dtls);
// In state LOAD_DTLS_CONNECTED: both keys, which the caller finishes.
enum err CHECKED load_dtls_keys(struct load_dtls *dtls, struct secure_rtp_key *ret_send,
                                struct secure_rtp_key *ret_receive);
