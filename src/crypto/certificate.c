#include "crypto/certificate.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "crypto/hmac.h"
#include "crypto/random.h"

#define SECONDS_PER_DAY 86400L

static bool fill(X509 *x509, EVP_PKEY *private_key, int days)
{
    // A serial number of 63 random bits: positive and not zero, as RFC 5280 wants.
    uint64_t serial = random_u64() >> 1 | 1;
    X509_NAME *name = X509_get_subject_name(x509);
    return X509_set_version(x509, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(x509), -SECONDS_PER_DAY) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(x509), SECONDS_PER_DAY * days) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"plenary",
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, private_key) == 1 &&
           X509_sign(x509, private_key, EVP_sha256()) > 0;
}

enum err certificate_init(struct certificate *certificate, int days)
{
    *certificate = (struct certificate){0};
    certificate->private_key = EVP_EC_gen("P-256");
    certificate->x509 = X509_new();
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    if (certificate->private_key == NULL || certificate->x509 == NULL ||
        !fill(certificate->x509, certificate->private_key, days) ||
        certificate_digest(certificate->x509, digest) != ERR_NONE) {
        certificate_finish(certificate);
        return ERR_INTERNAL;
    }
    certificate_fingerprint_text(digest, certificate->fingerprint);
    return ERR_NONE;
}

void certificate_finish(struct certificate *certificate)
{
    EVP_PKEY_free(certificate->private_key);
    X509_free(certificate->x509);
    *certificate = (struct certificate){0};
}

enum err certificate_digest(const X509 *x509, uint8_t ret_digest[CERTIFICATE_DIGEST_SIZE])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(x509, EVP_sha256(), digest, &size) != 1 || size != CERTIFICATE_DIGEST_SIZE) {
        return ERR_INTERNAL;
    }
    memcpy(ret_digest, digest, CERTIFICATE_DIGEST_SIZE);
    return ERR_NONE;
}

bool certificate_has_digest(const X509 *x509, const struct certificate_digests *digests)
{
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    if (digests->count > CERTIFICATE_DIGESTS_MAX || certificate_digest(x509, digest) != ERR_NONE) {
        return false;
    }
    bool has = false;
    for (uint8_t i = 0; i < digests->count; i++) {
        has = memory_equal_constant_time(digest, digests->digests[i], sizeof(digest)) || has;
    }
    return has;
}

void certificate_fingerprint_text(const uint8_t digest[CERTIFICATE_DIGEST_SIZE],
                                  char ret_text[CERTIFICATE_FINGERPRINT_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < CERTIFICATE_DIGEST_SIZE; i++) {
        ret_text[3 * i] = digits[digest[i] >> 4];
        ret_text[3 * i + 1] = digits[digest[i] & 0x0f];
        ret_text[3 * i + 2] = ':';
    }
    ret_text[CERTIFICATE_FINGERPRINT_SIZE - 1] = '\0';
}
