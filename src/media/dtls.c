#include "media/dtls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include "base/assert.h"
#include "media/dtls_remnant.h"

// A browser repeats its flight after 50 ms to 1 s; so do we, doubling from the first to the last of
// these.
#define REPEAT_FIRST_US      250000u
#define REPEAT_LAST_US       4000000u
#define CERTIFICATE_LIST_MAX 16384 // bytes

struct dtls_context {
    SSL_CTX *ssl_context; // owned
    BIO_METHOD *method;   // owned
};

struct dtls {
    SSL *ssl; // owned, with its BIO; NULL once settled
    enum dtls_state state;
    bool fingerprint_wrong;
    struct certificate_digests digests;
    dtls_send send;
    void *send_context;
    const uint8_t *incoming; // the datagram being received, until OpenSSL has read it
    size_t incoming_size;
    bool capturing;              // what OpenSSL sends is not sent but becomes the goodbye
    struct dtls_remnant remnant; // .flight: of the step of the handshake that runs or ended it
};

// --- the BIO: one read is one datagram received, one write is one datagram to send ---

static int bio_read(BIO *bio, char *to, int size)
{
    struct dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (dtls->incoming == NULL) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t count = dtls->incoming_size < (size_t)size ? dtls->incoming_size : (size_t)size;
    memcpy(to, dtls->incoming, count);
    dtls->incoming = NULL;
    return (int)count;
}

static int bio_write(BIO *bio, const char *data, int size)
{
    struct dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (size > 0 && dtls->capturing) {
        dtls_flight_add(&dtls->remnant.goodbye, (const uint8_t *)data, (size_t)size);
    } else if (size > 0) {
        if (dtls->state == DTLS_HANDSHAKING) {
            dtls_flight_add(&dtls->remnant.flight, (const uint8_t *)data, (size_t)size);
        }
        dtls->send(dtls->send_context, (const uint8_t *)data, (size_t)size);
    }
    return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP: return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return DTLS_DATAGRAM_MAX;
    default: return 0;
    }
}

// --- the context ---

static int certificate_verify(X509_STORE_CTX *store, void *argument)
{
    (void)argument;
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct dtls *dtls = SSL_get_app_data(ssl);
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    // RFC 8122 section 6.2: the self-signed certificate is as good as its fingerprint in the
    // signalled offer.
    if (certificate != NULL && certificate_has_digest(certificate, &dtls->digests)) {
        return 1;
    }
    dtls->fingerprint_wrong = true;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static bool context_configure(SSL_CTX *context, const struct certificate *certificate)
{
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, CERTIFICATE_LIST_MAX);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, certificate_verify, NULL);
    // RFC 8827 section 6.5 asks for the first; the others serve older and other stacks.
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context,
                                   "ECDHE-ECDSA-AES128-GCM-SHA256:"
                                   "ECDHE-ECDSA-AES256-GCM-SHA384:"
                                   "ECDHE-ECDSA-CHACHA20-POLY1305") == 1 &&
           // Returns 0 on success, unlike all its neighbours.
           SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") ==
               0 &&
           SSL_CTX_use_certificate(context, certificate->x509) == 1 &&
           SSL_CTX_use_PrivateKey(context, certificate->private_key) == 1;
}

struct dtls_context *dtls_context_create(const struct certificate *certificate)
{
    struct dtls_context *context = calloc(1, sizeof(*context));
    if (context == NULL) {
        return NULL;
    }
    context->ssl_context = SSL_CTX_new(DTLS_server_method());
    context->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
    if (context->ssl_context == NULL || context->method == NULL ||
        !context_configure(context->ssl_context, certificate) ||
        BIO_meth_set_read(context->method, bio_read) != 1 ||
        BIO_meth_set_write(context->method, bio_write) != 1 ||
        BIO_meth_set_ctrl(context->method, bio_control) != 1) {
        dtls_context_destroy(context);
        return NULL;
    }
    return context;
}

void dtls_context_destroy(struct dtls_context *context)
{
    if (context != NULL) {
        SSL_CTX_free(context->ssl_context);
        BIO_meth_free(context->method);
        free(context);
    }
}

// --- one association ---

static unsigned repeat_after(SSL *ssl, unsigned last_us)
{
    (void)ssl;
    if (last_us == 0) {
        return REPEAT_FIRST_US;
    }
    return last_us * 2 < REPEAT_LAST_US ? last_us * 2 : REPEAT_LAST_US;
}

struct dtls *dtls_create(struct dtls_context *context, const struct certificate_digests *digests,
                         dtls_send send, void *send_context)
{
    struct dtls *dtls = calloc(1, sizeof(*dtls));
    if (dtls == NULL) {
        return NULL;
    }
    dtls->send = send;
    dtls->send_context = send_context;
    dtls->digests = *digests;
    dtls->ssl = SSL_new(context->ssl_context);
    BIO *bio = BIO_new(context->method);
    if (dtls->ssl == NULL || bio == NULL) {
        BIO_free(bio);
        dtls_destroy(dtls);
        return NULL;
    }
    BIO_set_data(bio, dtls);
    BIO_set_init(bio, 1);
    SSL_set_bio(dtls->ssl, bio, bio);
    SSL_set_app_data(dtls->ssl, dtls);
    SSL_set_mtu(dtls->ssl, DTLS_DATAGRAM_MAX);
    DTLS_set_timer_cb(dtls->ssl, repeat_after);
    SSL_set_accept_state(dtls->ssl);
    return dtls;
}

void dtls_destroy(struct dtls *dtls)
{
    if (dtls != NULL) {
        SSL_free(dtls->ssl);
        dtls_remnant_finish(&dtls->remnant);
        free(dtls);
    }
}

enum dtls_state dtls_state(const struct dtls *dtls)
{
    return dtls->state;
}

bool dtls_fingerprint_wrong(const struct dtls *dtls)
{
    return dtls->fingerprint_wrong;
}

static void handshake_step(struct dtls *dtls)
{
    int result = SSL_do_handshake(dtls->ssl);
    if (result == 1) {
        // Without an SRTP profile in common the client is of no use to us.
        bool srtp = SSL_get_selected_srtp_profile(dtls->ssl) != NULL;
        dtls->state = srtp ? DTLS_CONNECTED : DTLS_FAILED;
        return;
    }
    int error = SSL_get_error(dtls->ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        dtls->state = DTLS_FAILED;
    }
}

// No application data belong here; what we look for are alerts. A repeated Finished makes OpenSSL
// repeat its last flight.
static void connected_step(struct dtls *dtls)
{
    uint8_t ignored[256];
    int result;
    do {
        result = SSL_read(dtls->ssl, ignored, sizeof(ignored));
    } while (result > 0);
    int error = SSL_get_error(dtls->ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        dtls->state = DTLS_CLOSED;
    }
}

// Between handshake and goodbye hardly a datagram comes, and OpenSSL's two record buffers are half
// of what an association weighs: it has them only while it works.
static bool buffers_take(struct dtls *dtls)
{
    ERR_clear_error();
    return SSL_alloc_buffers(dtls->ssl) == 1;
}

static void buffers_give(struct dtls *dtls)
{
    if (dtls->state != DTLS_HANDSHAKING) {
        (void)SSL_free_buffers(dtls->ssl); // refuses while something is left in them, rightly
    }
}

static void flight_send(struct dtls *dtls, const struct dtls_flight *flight)
{
    const uint8_t *at = flight->bytes;
    for (uint8_t i = 0; i < flight->count; i++) {
        dtls->send(dtls->send_context, at, flight->sizes[i]);
        at += flight->sizes[i];
    }
}

static void settled_step(struct dtls *dtls, const uint8_t *data, size_t size)
{
    switch (dtls_remnant_receive(&dtls->remnant, data, size)) {
    case DTLS_HEARD_NOTHING: break;
    case DTLS_HEARD_FLIGHT: flight_send(dtls, &dtls->remnant.flight); break;
    case DTLS_HEARD_GOODBYE: dtls->state = DTLS_CLOSED; break;
    }
}

void dtls_settle(struct dtls *dtls)
{
    ASSERT(dtls->state == DTLS_CONNECTED);
    struct dtls_remnant *remnant = &dtls->remnant;
    if (dtls->ssl == NULL || remnant->flight.count == 0 || remnant->flight.overflowed ||
        dtls_remnant_init(remnant, dtls->ssl) != ERR_NONE || !buffers_take(dtls)) {
        return; // it stays as it is, only larger
    }
    dtls->capturing = true;
    (void)SSL_shutdown(dtls->ssl);
    dtls->capturing = false;
    SSL_free(dtls->ssl);
    dtls->ssl = NULL;
}

enum dtls_state dtls_receive(struct dtls *dtls, const uint8_t *data, size_t size)
{
    if (dtls->ssl == NULL) {
        if (dtls->state == DTLS_CONNECTED) {
            settled_step(dtls, data, size);
        }
        return dtls->state;
    }
    if (!buffers_take(dtls)) {
        return dtls->state; // no memory: as if the network had lost it
    }
    dtls->incoming = data;
    dtls->incoming_size = size;
    if (dtls->state == DTLS_HANDSHAKING) {
        dtls->remnant.flight = (struct dtls_flight){.count = 0};
        handshake_step(dtls);
    }
    if (dtls->state == DTLS_CONNECTED) {
        connected_step(dtls);
    }
    dtls->incoming = NULL;
    buffers_give(dtls);
    return dtls->state;
}

time_us dtls_timeout(struct dtls *dtls)
{
    struct timeval left;
    if (dtls->state != DTLS_HANDSHAKING || DTLSv1_get_timeout(dtls->ssl, &left) != 1) {
        return TIME_US_NEVER;
    }
    return (time_us)left.tv_sec * TIME_US_PER_S + left.tv_usec;
}

enum dtls_state dtls_on_timeout(struct dtls *dtls)
{
    ERR_clear_error();
    if (dtls->state == DTLS_HANDSHAKING && DTLSv1_handle_timeout(dtls->ssl) < 0) {
        dtls->state = DTLS_FAILED;
    }
    return dtls->state;
}

enum err dtls_export(struct dtls *dtls, enum secure_rtp_profile *ret_profile,
                     uint8_t ret_material[SECURE_RTP_EXPORT_MAX], size_t *ret_size)
{
    ASSERT(dtls->state == DTLS_CONNECTED && dtls->ssl != NULL);
    const SRTP_PROTECTION_PROFILE *selected = SSL_get_selected_srtp_profile(dtls->ssl);
    if (selected == NULL || !secure_rtp_profile_known((unsigned)selected->id)) {
        return ERR_UNSUPPORTED;
    }
    enum secure_rtp_profile profile = (enum secure_rtp_profile)selected->id;
    size_t size = secure_rtp_export_size(profile);
    ASSERT(size <= SECURE_RTP_EXPORT_MAX);
    if (SSL_export_keying_material(dtls->ssl, ret_material, size, SECURE_RTP_EXPORT_LABEL,
                                   strlen(SECURE_RTP_EXPORT_LABEL), NULL, 0, 0) != 1) {
        return ERR_INTERNAL;
    }
    *ret_profile = profile;
    *ret_size = size;
    return ERR_NONE;
}

void dtls_close(struct dtls *dtls)
{
    if (dtls->state == DTLS_CONNECTED && dtls->ssl == NULL) {
        flight_send(dtls, &dtls->remnant.goodbye);
    } else if (dtls->state == DTLS_CONNECTED && buffers_take(dtls)) {
        // 0 means that the client's own close_notify is not here yet; nobody waits for it.
        (void)SSL_shutdown(dtls->ssl);
    }
    dtls->state = DTLS_CLOSED;
}
