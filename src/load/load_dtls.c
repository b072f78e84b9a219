#include "load/load_dtls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#define MTU              1200
#define CERTIFICATE_DAYS 30

struct load_dtls_context {
    SSL_CTX *ssl;       // owned
    BIO_METHOD *method; // owned
    struct certificate certificate;
};

struct load_dtls {
    SSL *ssl; // owned
    enum load_dtls_state state;
    bool server_is_active;
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    load_dtls_send send;
    void *send_context;
    const uint8_t *incoming; // during load_dtls_receive()
    size_t incoming_size;
};

static int bio_read(BIO *bio, char *to, int size)
{
    struct load_dtls *dtls = BIO_get_data(bio);
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
    struct load_dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    dtls->send(dtls->send_context, (const uint8_t *)data, (size_t)size);
    return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return MTU;
    default: return 0;
    }
}

// Whose certificate it is, its digest tells (RFC 8842), once the handshake is over.
static int certificate_accept(X509_STORE_CTX *store, void *context)
{
    (void)store, (void)context;
    return 1;
}

static bool context_prepare(struct load_dtls_context *context, enum load_cipher cipher)
{
    static const char *const profiles[] = {
        [LOAD_CIPHER_ANY] = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80",
        [LOAD_CIPHER_GCM] = "SRTP_AEAD_AES_128_GCM",
        [LOAD_CIPHER_CM] = "SRTP_AES128_CM_SHA1_80",
    };
    context->ssl = SSL_CTX_new(DTLS_method());
    context->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "load");
    if (certificate_init(&context->certificate, CERTIFICATE_DAYS) != ERR_NONE ||
        context->ssl == NULL || context->method == NULL) {
        return false;
    }
    BIO_meth_set_read(context->method, bio_read);
    BIO_meth_set_write(context->method, bio_write);
    BIO_meth_set_ctrl(context->method, bio_control);
    SSL_CTX_set_options(context->ssl, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(context->ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context->ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context->ssl, certificate_accept, NULL);
    return SSL_CTX_use_certificate(context->ssl, context->certificate.x509) == 1 &&
           SSL_CTX_use_PrivateKey(context->ssl, context->certificate.private_key) == 1 &&
           SSL_CTX_set_tlsext_use_srtp(context->ssl, profiles[cipher]) == 0;
}

struct load_dtls_context *load_dtls_context_create(enum load_cipher cipher)
{
    struct load_dtls_context *context = calloc(1, sizeof(*context));
    if (context != NULL && !context_prepare(context, cipher)) {
        load_dtls_context_destroy(context);
        context = NULL;
    }
    return context;
}

void load_dtls_context_destroy(struct load_dtls_context *context)
{
    if (context == NULL) {
        return;
    }
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->method);
    certificate_finish(&context->certificate);
    free(context);
}

const char *load_dtls_context_fingerprint(const struct load_dtls_context *context)
{
    return context->certificate.fingerprint;
}

struct load_dtls *load_dtls_create(struct load_dtls_context *context,
                                   const uint8_t digest[CERTIFICATE_DIGEST_SIZE],
                                   bool server_is_active, load_dtls_send send, void *send_context)
{
    struct load_dtls *dtls = calloc(1, sizeof(*dtls));
    if (dtls == NULL) {
        return NULL;
    }
    dtls->ssl = SSL_new(context->ssl);
    BIO *bio = BIO_new(context->method);
    if (dtls->ssl == NULL || bio == NULL) {
        BIO_free(bio);
        load_dtls_destroy(dtls);
        return NULL;
    }
    memcpy(dtls->digest, digest, sizeof(dtls->digest));
    dtls->server_is_active = server_is_active;
    dtls->send = send;
    dtls->send_context = send_context;
    BIO_set_data(bio, dtls);
    BIO_set_init(bio, 1);
    SSL_set_bio(dtls->ssl, bio, bio);
    SSL_set_mtu(dtls->ssl, MTU);
    if (server_is_active) {
        SSL_set_accept_state(dtls->ssl);
    } else {
        SSL_set_connect_state(dtls->ssl);
    }
    return dtls;
}

void load_dtls_destroy(struct load_dtls *dtls)
{
    if (dtls != NULL) {
        SSL_free(dtls->ssl);
        free(dtls);
    }
}

static bool certificate_is_right(const struct load_dtls *dtls)
{
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    X509 *certificate = SSL_get1_peer_certificate(dtls->ssl);
    bool right = certificate != NULL && certificate_digest(certificate, digest) == ERR_NONE &&
                 memcmp(digest, dtls->digest, sizeof(digest)) == 0;
    X509_free(certificate);
    return right;
}

static enum load_dtls_state step(struct load_dtls *dtls)
{
    ERR_clear_error();
    int result = SSL_do_handshake(dtls->ssl);
    int error = SSL_get_error(dtls->ssl, result);
    if (result == 1) {
        dtls->state = certificate_is_right(dtls) ? LOAD_DTLS_CONNECTED : LOAD_DTLS_FAILED;
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        dtls->state = LOAD_DTLS_FAILED;
    }
    return dtls->state;
}

enum load_dtls_state load_dtls_start(struct load_dtls *dtls)
{
    return dtls->server_is_active ? dtls->state : step(dtls);
}

enum load_dtls_state load_dtls_receive(struct load_dtls *dtls, const uint8_t *data, size_t size)
{
    if (dtls->state != LOAD_DTLS_HANDSHAKING) {
        return dtls->state;
    }
    dtls->incoming = data;
    dtls->incoming_size = size;
    enum load_dtls_state state = step(dtls);
    dtls->incoming = NULL;
    return state;
}

time_us load_dtls_timeout(struct load_dtls *dtls)
{
    struct timeval left;
    if (dtls->state != LOAD_DTLS_HANDSHAKING || DTLSv1_get_timeout(dtls->ssl, &left) != 1) {
        return TIME_US_NEVER;
    }
    return left.tv_sec * (time_us)TIME_US_PER_S + left.tv_usec;
}

enum load_dtls_state load_dtls_on_timeout(struct load_dtls *dtls)
{
    ERR_clear_error();
    if (dtls->state == LOAD_DTLS_HANDSHAKING && DTLSv1_handle_timeout(dtls->ssl) < 0) {
        dtls->state = LOAD_DTLS_FAILED;
    }
    return dtls->state;
}

enum err load_dtls_keys(struct load_dtls *dtls, struct secure_rtp_key *ret_send,
                        struct secure_rtp_key *ret_receive)
{
    uint8_t material[SECURE_RTP_EXPORT_MAX];
    const SRTP_PROTECTION_PROFILE *selected = SSL_get_selected_srtp_profile(dtls->ssl);
    if (selected == NULL || !secure_rtp_profile_known((unsigned)selected->id)) {
        return ERR_UNSUPPORTED;
    }
    enum secure_rtp_profile profile = (enum secure_rtp_profile)selected->id;
    size_t size = secure_rtp_export_size(profile);
    if (SSL_export_keying_material(dtls->ssl, material, size, SECURE_RTP_EXPORT_LABEL,
                                   strlen(SECURE_RTP_EXPORT_LABEL), NULL, 0, 0) != 1) {
        return ERR_INTERNAL;
    }
    enum err err = secure_rtp_keys_from_export(material, size, profile, dtls->server_is_active,
                                               ret_send, ret_receive);
    OPENSSL_cleanse(material, sizeof(material));
    return err;
}
