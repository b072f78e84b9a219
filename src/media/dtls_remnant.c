#include "media/dtls_remnant.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/hmac.h"

#define RECORD_HEADER   13 // RFC 6347 section 4.1: type, version, epoch, sequence number, length
#define RECORD_ALERT    21
#define RECORD_FINISHED 22 // the only handshake message of epoch 1
#define AEAD_TAG        16
#define EXPLICIT_NONCE  8   // GCM
#define PLAIN_MAX       256 // an alert has 2 bytes, a Finished 24
#define RANDOM_SIZE     32
#define MASTER_SIZE     48
#define ALERT_FATAL     2
#define CLOSE_NOTIFY    0

struct suite {
    int nid;
    size_t key_size;
    size_t iv_size; // the part that is derived
    const EVP_CIPHER *(*cipher)(void);
};

static const struct suite suites[] = {
    [DTLS_AES_128_GCM] = {NID_aes_128_gcm, 16, 4, EVP_aes_128_gcm},
    [DTLS_AES_256_GCM] = {NID_aes_256_gcm, 32, 4, EVP_aes_256_gcm},
    [DTLS_CHACHA20_POLY1305] = {NID_chacha20_poly1305, 32, 12, EVP_chacha20_poly1305},
};

void dtls_flight_add(struct dtls_flight *flight, const uint8_t *datagram, size_t size)
{
    size_t used = 0;
    for (uint8_t i = 0; i < flight->count; i++) {
        used += flight->sizes[i];
    }
    if (flight->count == DTLS_REMNANT_DATAGRAMS || size > sizeof(flight->bytes) - used) {
        flight->overflowed = true;
        return;
    }
    memcpy(flight->bytes + used, datagram, size);
    flight->sizes[flight->count++] = (uint16_t)size;
}

// The key block of RFC 5246 section 6.3; no MAC keys, as all suites are AEAD.
static bool key_block(SSL *ssl, const SSL_CIPHER *cipher, uint8_t *block, size_t size)
{
    static const char label[] = "key expansion";
    uint8_t master[MASTER_SIZE];
    uint8_t seed[sizeof(label) - 1 + 2 * RANDOM_SIZE];
    const EVP_MD *digest = SSL_CIPHER_get_handshake_digest(cipher);
    memcpy(seed, label, sizeof(label) - 1);
    SSL_get_server_random(ssl, seed + sizeof(label) - 1, RANDOM_SIZE);
    SSL_get_client_random(ssl, seed + sizeof(label) - 1 + RANDOM_SIZE, RANDOM_SIZE);
    size_t master_size = SSL_SESSION_get_master_key(SSL_get_session(ssl), master, sizeof(master));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
                                         (char *)(uintptr_t)EVP_MD_get0_name(digest), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master, master_size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed, sizeof(seed)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    bool good = context != NULL && master_size == MASTER_SIZE &&
                EVP_KDF_derive(context, block, size, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    memory_wipe(master, sizeof(master));
    return good;
}

enum err dtls_remnant_init(struct dtls_remnant *remnant, SSL *ssl)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    uint8_t block[2 * (32 + 12)];
    unsigned kind = 0;
    while (kind < sizeof(suites) / sizeof(suites[0]) &&
           SSL_CIPHER_get_cipher_nid(cipher) != suites[kind].nid) {
        kind++;
    }
    if (kind == sizeof(suites) / sizeof(suites[0])) {
        return ERR_UNSUPPORTED;
    }
    const struct suite *suite = &suites[kind];
    if (!key_block(ssl, cipher, block, 2 * (suite->key_size + suite->iv_size))) {
        return ERR_INTERNAL;
    }
    // Client's key, server's key, client's IV, server's IV.
    remnant->kind = (enum dtls_remnant_kind)kind;
    memcpy(remnant->key, block, suite->key_size);
    memcpy(remnant->iv, block + 2 * suite->key_size, suite->iv_size);
    memory_wipe(block, sizeof(block));
    return ERR_NONE;
}

void dtls_remnant_finish(struct dtls_remnant *remnant)
{
    memory_wipe(remnant, sizeof(*remnant));
}

static bool aead_open(const struct dtls_remnant *remnant, const uint8_t nonce[12],
                      const uint8_t header[RECORD_HEADER], const uint8_t *sealed, size_t size,
                      uint8_t ret_plain[PLAIN_MAX])
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0;
    uint8_t tag[AEAD_TAG];
    memcpy(tag, sealed + size, sizeof(tag));
    bool good = context != NULL &&
                EVP_DecryptInit_ex(context, suites[remnant->kind].cipher(), NULL, remnant->key,
                                   nonce) == 1 &&
                EVP_DecryptUpdate(context, NULL, &written, header, RECORD_HEADER) == 1 &&
                EVP_DecryptUpdate(context, ret_plain, &written, sealed, (int)size) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) == 1 &&
                EVP_DecryptFinal_ex(context, ret_plain + written, &written) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

// The plain content of a record of epoch 1; false when it is forged or of no use to us.
static bool record_open(const struct dtls_remnant *remnant, const uint8_t *record, size_t body_size,
                        uint8_t ret_plain[PLAIN_MAX], size_t *ret_size)
{
    bool gcm = remnant->kind != DTLS_CHACHA20_POLY1305;
    size_t explicit_size = gcm ? EXPLICIT_NONCE : 0;
    const uint8_t *body = record + RECORD_HEADER;
    uint8_t nonce[12];
    uint8_t header[RECORD_HEADER];
    if (body_size < explicit_size + AEAD_TAG || body_size - explicit_size - AEAD_TAG > PLAIN_MAX) {
        return false;
    }
    size_t size = body_size - explicit_size - AEAD_TAG;
    memcpy(nonce, remnant->iv, sizeof(nonce));
    if (gcm) {
        memcpy(nonce + 4, body, EXPLICIT_NONCE);
    } else {
        for (unsigned i = 0; i < 8; i++) {
            nonce[4 + i] ^= record[3 + i];
        }
    }
    // Additional data: epoch and sequence number, type, version, length of the plain content.
    memcpy(header, record + 3, 8);
    memcpy(header + 8, record, 3);
    bytes_store_u16(header + 11, (uint16_t)size);
    *ret_size = size;
    return aead_open(remnant, nonce, header, body + explicit_size, size, ret_plain);
}

enum dtls_heard dtls_remnant_receive(const struct dtls_remnant *remnant, const uint8_t *datagram,
                                     size_t size)
{
    enum dtls_heard heard = DTLS_HEARD_NOTHING;
    while (size >= RECORD_HEADER && heard != DTLS_HEARD_GOODBYE) {
        uint8_t type = datagram[0];
        unsigned epoch = bytes_load_u16(datagram + 3);
        size_t body_size = bytes_load_u16(datagram + 11);
        uint8_t plain[PLAIN_MAX];
        size_t plain_size = 0;
        if (body_size > size - RECORD_HEADER) {
            return heard;
        }
        if (epoch == 1 && (type == RECORD_ALERT || type == RECORD_FINISHED) &&
            record_open(remnant, datagram, body_size, plain, &plain_size)) {
            if (type == RECORD_FINISHED) {
                heard = DTLS_HEARD_FLIGHT;
            } else if (plain_size == 2 && (plain[0] == ALERT_FATAL || plain[1] == CLOSE_NOTIFY)) {
                heard = DTLS_HEARD_GOODBYE;
            }
        }
        datagram += RECORD_HEADER + body_size;
        size -= RECORD_HEADER + body_size;
    }
    return heard;
}
