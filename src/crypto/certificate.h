// The server's DTLS identity: a self-signed ECDSA P-256 certificate (RFC 8827 section 6.5), made at
// start. Owned by who created it; after creation read-only, so any thread may give it to its
// SSL_CTX.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/err.h"

#define CERTIFICATE_DIGEST_SIZE      32                            // SHA-256
#define CERTIFICATE_FINGERPRINT_SIZE (CERTIFICATE_DIGEST_SIZE * 3) // "AB:CD:…" and its NUL

#define CERTIFICATE_DIGESTS_MAX 4

// What a certificate may be known by: it must have one of them (RFC 8122 section 5).
struct certificate_digests {
    uint8_t count;
    uint8_t digests[CERTIFICATE_DIGESTS_MAX][CERTIFICATE_DIGEST_SIZE];
};

struct certificate {
    EVP_PKEY *private_key;                          // owned
    X509 *x509;                                     // owned
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE]; // upper-case hexadecimal with colons, as SDP
                                                    // writes it
};

// Valid from a day before to `days` days after the machine's date. ERR_INTERNAL when OpenSSL fails.
enum err CHECKED certificate_init(struct certificate *certificate, int days);
void certificate_finish(struct certificate *certificate);

// SHA-256 of the certificate's DER form.
enum err CHECKED certificate_digest(const X509 *x509, uint8_t ret_digest[CERTIFICATE_DIGEST_SIZE]);
// False as well when there is none to have, or OpenSSL fails. In constant time for each digest.
bool certificate_has_digest(const X509 *x509, const struct certificate_digests *digests);
void certificate_fingerprint_text(const uint8_t digest[CERTIFICATE_DIGEST_SIZE],
                                  char ret_text[CERTIFICATE_FINGERPRINT_SIZE]);
