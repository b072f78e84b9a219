#include "../test.h"

#include <openssl/ec.h>
#include <openssl/ssl.h>

#include "crypto/certificate.h"

static void test_certificate(void **state)
{
    (void)state;
    struct certificate certificate;
    assert_int_equal(certificate_init(&certificate, 30), ERR_NONE);
    // Signed by itself, valid now and for less than 31 days.
    assert_int_equal(X509_verify(certificate.x509, certificate.private_key), 1);
    assert_true(X509_cmp_current_time(X509_get0_notBefore(certificate.x509)) < 0);
    time_t later = time(NULL) + 29 * 86400L;
    assert_true(X509_cmp_time(X509_get0_notAfter(certificate.x509), &later) > 0);
    later += 2 * 86400L;
    assert_true(X509_cmp_time(X509_get0_notAfter(certificate.x509), &later) < 0);
    char curve[32];
    assert_int_equal(EVP_PKEY_get_group_name(certificate.private_key, curve, sizeof(curve), NULL),
                     1);
    assert_string_equal(curve, "prime256v1");
    // OpenSSL takes it for DTLS.
    SSL_CTX *context = SSL_CTX_new(DTLS_server_method());
    assert_non_null(context);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate.x509), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, certificate.private_key), 1);
    assert_int_equal(SSL_CTX_check_private_key(context), 1);
    SSL_CTX_free(context);
    certificate_finish(&certificate);
    assert_null(certificate.x509);
}

static void test_fingerprint(void **state)
{
    (void)state;
    struct certificate certificate;
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    assert_int_equal(certificate_init(&certificate, 1), ERR_NONE);
    assert_int_equal(certificate_digest(certificate.x509, digest), ERR_NONE);
    assert_int_equal(strlen(certificate.fingerprint), 95);
    for (size_t i = 0; i < sizeof(digest); i++) {
        char pair[3];
        snprintf(pair, sizeof(pair), "%02X", digest[i]);
        assert_memory_equal(certificate.fingerprint + 3 * i, pair, 2);
    }
    struct certificate other;
    assert_int_equal(certificate_init(&other, 1), ERR_NONE);
    assert_string_not_equal(certificate.fingerprint, other.fingerprint);
    certificate_finish(&other);
    certificate_finish(&certificate);
}

// RFC 8122 section 5: the certificate has one of the fingerprints, whichever.
static void test_one_of_several_digests(void **state)
{
    (void)state;
    struct certificate certificate;
    struct certificate_digests digests = {0};
    assert_int_equal(certificate_init(&certificate, 1), ERR_NONE);
    assert_false(certificate_has_digest(certificate.x509, &digests));
    for (uint8_t own = 0; own < CERTIFICATE_DIGESTS_MAX; own++) {
        digests = (struct certificate_digests){.count = CERTIFICATE_DIGESTS_MAX};
        assert_false(certificate_has_digest(certificate.x509, &digests));
        assert_int_equal(certificate_digest(certificate.x509, digests.digests[own]), ERR_NONE);
        assert_true(certificate_has_digest(certificate.x509, &digests));
        digests.count = own; // what stands behind the last does not count
        assert_false(certificate_has_digest(certificate.x509, &digests));
    }
    certificate_finish(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_one_of_several_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
