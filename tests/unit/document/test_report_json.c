#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "document/report_json.h"

static struct report *report;
static struct signer *signer;
static char folder[] = "/tmp/plenary-signer-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/key.pem", folder);
    assert_int_equal(signer_open(path, &signer), ERR_NONE);
    report = calloc(1, sizeof(*report));
    assert_non_null(report);
    snprintf(report->id, sizeof(report->id), "m");
    snprintf(report->title[1], sizeof(report->title[1]), "理事会");
    report->seq = 7;
    report->person_count = 1;
    snprintf(report->persons[0].id, sizeof(report->persons[0].id), "f1");
    snprintf(report->persons[0].name, sizeof(report->persons[0].name), "أمينة \"x\"");
    report->persons[0].capacity = CAPACITY_INTERPRETER;
    report->persons[0].air_ms = 61000;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(report);
    signer_destroy(signer);
    unlink(path);
    rmdir(folder);
    return 0;
}

static void the_key_is_its_owners_and_stays(void **state)
{
    (void)state;
    struct stat stat_of;
    assert_int_equal(stat(path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0600);
    struct signer *again = NULL;
    assert_int_equal(signer_open(path, &again), ERR_NONE);
    assert_string_equal(signer_id(again), signer_id(signer));
    signer_destroy(again);
    assert_int_equal(signer_from_pem("no key", &again), ERR_MALFORMED);
}

static void verifies_by_the_public_half(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct report_seal seal;
    struct signer *public_half = NULL;
    assert_int_equal(report_json(report, signer, NULL, &text, &size, &seal), ERR_NONE);
    assert_int_equal(signer_from_pem(signer_public_pem(signer), &public_half), ERR_NONE);
    assert_int_equal(report_json_verify(text, size, public_half), ERR_NONE);
    char signature[SIGNER_SIGNATURE_SIZE];
    assert_int_equal(signer_sign(public_half, "x", 1, signature), ERR_INTERNAL);
    assert_non_null(strstr(text, "\"air_ms\":61000"));
    assert_non_null(strstr(text, "أمينة \\\"x\\\""));
    struct report_seal again;
    assert_int_equal(report_json(report, signer, NULL, NULL, NULL, &again), ERR_NONE);
    assert_string_equal(again.signature, seal.signature); // the same report, the same bytes
    assert_string_equal(again.digest, seal.digest);
    signer_destroy(public_half);
    free(text);
}

static void every_changed_byte_is_found(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct report_seal seal;
    assert_int_equal(report_json(report, signer, NULL, &text, &size, &seal), ERR_NONE);
    size_t end = (size_t)(strstr(text, "\"signature\"") - text);
    for (size_t i = 1; i < end; i++) {
        text[i] ^= 1;
        assert_int_not_equal(report_json_verify(text, size, signer), ERR_NONE);
        text[i] ^= 1;
    }
    assert_int_equal(report_json_verify(text, size, signer), ERR_NONE);
    free(text);
}

static void another_key_is_refused(void **state)
{
    (void)state;
    char other[80];
    struct signer *stranger = NULL;
    snprintf(other, sizeof(other), "%s/other.pem", folder);
    assert_int_equal(signer_open(other, &stranger), ERR_NONE);
    char *text = NULL;
    size_t size = 0;
    struct report_seal seal;
    assert_int_equal(report_json(report, stranger, NULL, &text, &size, &seal), ERR_NONE);
    assert_int_equal(report_json_verify(text, size, signer), ERR_AUTHENTICATION);
    assert_int_equal(report_json_verify("{}", 2, signer), ERR_MALFORMED);
    assert_int_equal(report_json_verify("[", 1, signer), ERR_MALFORMED);
    free(text);
    signer_destroy(stranger);
    unlink(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_its_owners_and_stays),
        cmocka_unit_test(verifies_by_the_public_half),
        cmocka_unit_test(every_changed_byte_is_found),
        cmocka_unit_test(another_key_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
