#include "../test.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "place.h"
#include "server/certificate_files.h"

#define DAY_MS (24 * 3600 * (time_ms)1000)

static struct config config;
static struct certificate_files files;
static time_ms now;

static int enter(void **state)
{
    config_default(&config);
    now = time_wall_ms();
    return place_enter(state);
}

static int leave(void **state)
{
    certificate_files_finish(&files);
    return place_leave(state);
}

static X509 *parsed(void)
{
    BIO *bio = BIO_new_mem_buf(files.certificate, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(certificate);
    return certificate;
}

static void a_local_one_is_made_and_kept(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(config_set(&config, "http.host", "hall.example.org"), ERR_NONE);
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NONE);
    assert_true(files.is_local);
    assert_in_range(files.expires_at, now + 396 * DAY_MS, now + 398 * DAY_MS);
    assert_int_equal(stat("tls-key.pem", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    X509 *certificate = parsed();
    assert_int_equal(X509_check_host(certificate, "hall.example.org", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_host(certificate, "other.example.org", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ca(certificate), 0);
    BIO *bio = BIO_new_mem_buf(files.key, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_int_equal(X509_check_private_key(certificate, key), 1);
    EVP_PKEY_free(key);
    X509_free(certificate);
    struct certificate_files again;
    assert_int_equal(certificate_files_load(&config, now + DAY_MS, &again), ERR_NONE);
    assert_string_equal(again.certificate, files.certificate);
    assert_string_equal(again.key, files.key);
    certificate_files_finish(&again);
    assert_null(again.key);
}

static void one_that_expires_soon_is_replaced(void **state)
{
    (void)state;
    struct certificate_files renewed;
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NONE);
    assert_int_equal(certificate_files_load(&config, now + 368 * DAY_MS, &renewed), ERR_NONE);
    assert_string_not_equal(renewed.certificate, files.certificate);
    certificate_files_finish(&renewed);
}

static void an_address_is_an_address(void **state)
{
    (void)state;
    assert_int_equal(config_set(&config, "http.host", "2001:db8::7"), ERR_NONE);
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NONE);
    X509 *certificate = parsed();
    assert_int_equal(X509_check_ip_asc(certificate, "2001:db8::7", 0), 1);
    X509_free(certificate);
}

static void a_damaged_local_one_is_made_anew(void **state)
{
    (void)state;
    place_put("tls-certificate.pem", "nonsense");
    place_put("tls-key.pem", "nonsense");
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NONE);
    assert_non_null(strstr(files.certificate, "BEGIN CERTIFICATE"));
}

static void the_operators_is_used_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NONE);
    place_put("chain.pem", files.certificate);
    place_put("private.pem", files.key);
    certificate_files_finish(&files);
    assert_int_equal(config_set(&config, "http.certificate", "chain.pem"), ERR_NONE);
    assert_int_equal(config_set(&config, "http.key", "private.pem"), ERR_NONE);
    // Also when it expires soon: that is the operator's to renew.
    assert_int_equal(certificate_files_load(&config, now + 390 * DAY_MS, &files), ERR_NONE);
    assert_false(files.is_local);
    certificate_files_finish(&files);
    assert_int_equal(config_set(&config, "http.key", "none.pem"), ERR_NONE);
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_NOT_FOUND);
    assert_null(files.certificate);
    assert_int_equal(config_set(&config, "http.key", "private.pem"), ERR_NONE);
    place_put("chain.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_int_equal(certificate_files_load(&config, now, &files), ERR_MALFORMED);
    assert_null(files.key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_local_one_is_made_and_kept, enter, leave),
        cmocka_unit_test_setup_teardown(one_that_expires_soon_is_replaced, enter, leave),
        cmocka_unit_test_setup_teardown(an_address_is_an_address, enter, leave),
        cmocka_unit_test_setup_teardown(a_damaged_local_one_is_made_anew, enter, leave),
        cmocka_unit_test_setup_teardown(the_operators_is_used_or_nothing, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
