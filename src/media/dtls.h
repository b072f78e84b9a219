// One client's DTLS 1.2 association (RFC 6347, RFC 5764): we are the server, the client's
// certificate must have a fingerprint of its offer, the outcome is keying material for SRTP.
// OpenSSL underneath, without a socket: datagrams go in by dtls_receive() and come out by the
// `send` function given at creation. A ClientHello in several fragments is put together by OpenSSL;
// we accept datagrams only from addresses that ICE validated, so no cookie is needed.
//
// OpenSSL reads the clock itself for its retransmission timer. Handshake thread only; the context
// may be shared.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "crypto/secure_rtp.h"

#define DTLS_DATAGRAM_MAX 1200 // bytes of a datagram we send; below every path's MTU in practice

struct dtls_context;
struct dtls;

enum dtls_state {
    DTLS_HANDSHAKING,
    DTLS_CONNECTED,
    DTLS_FAILED, // the handshake came to nothing
    DTLS_CLOSED, // after the handshake: close_notify or a fatal alert
};

// Called from within dtls_receive(), dtls_on_timeout() and dtls_close(), once for each datagram.
typedef void (*dtls_send)(void *context, const uint8_t *data, size_t size);

// The certificate is borrowed until the end. NULL when OpenSSL refuses.
struct dtls_context *dtls_context_create(const struct certificate *certificate);
void dtls_context_destroy(struct dtls_context *context);

// The client's certificate must have one of the `digests`, which are copied. NULL when memory is
// short.
struct dtls *dtls_create(struct dtls_context *context, const struct certificate_digests *digests,
                         dtls_send send, void *send_context);
void dtls_destroy(struct dtls *dtls);

enum dtls_state dtls_state(const struct dtls *dtls);
// The client showed another certificate than its offer said.
bool dtls_fingerprint_wrong(const struct dtls *dtls);
// Never fails: garbage is ignored as RFC 6347 section 4.1.2.7 wants.
enum dtls_state dtls_receive(struct dtls *dtls, const uint8_t *data, size_t size);
// Until the flight must be repeated, or TIME_US_NEVER when nothing waits.
time_us dtls_timeout(struct dtls *dtls);
enum dtls_state dtls_on_timeout(struct dtls *dtls);
// In state DTLS_CONNECTED, before dtls_settle(). The caller wipes the material.
enum err CHECKED dtls_export(struct dtls *dtls, enum secure_rtp_profile *ret_profile,
                             uint8_t ret_material[SECURE_RTP_EXPORT_MAX], size_t *ret_size);
// In state DTLS_CONNECTED, after dtls_export(): gives OpenSSL's state back and keeps what
// dtls_remnant.h says. The association goes on as before for its callers.
void dtls_settle(struct dtls *dtls);
// Says goodbye (close_notify).
void dtls_close(struct dtls *dtls);
