#include "../test.h"

#include <stdlib.h>

#include "../server/place.h"
#include "backup/manifest.h"

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct signer *signer;

static int enter(void **state)
{
    return place_enter(state) == 0 && signer_open("key.pem", &signer) == ERR_NONE ? 0 : -1;
}

static int leave(void **state)
{
    signer_destroy(signer);
    return place_leave(state);
}

static struct manifest whole(void)
{
    return (struct manifest){.at = 1796051435655,
                             .database = 8,
                             .made_by = "0.1.0",
                             .file_count = 3,
                             .files = {{"report-key.pem", 119, HASH},
                                       {"anchors.jsonl", 641, HASH},
                                       {"plenary.db", 139264, HASH}}};
}

static enum err read_back(struct manifest *manifest, struct manifest *ret_read)
{
    char *text = NULL;
    assert_int_equal(manifest_write(manifest, signer, &text), ERR_NONE);
    enum err err = manifest_read(text, strlen(text), ret_read);
    free(text);
    return err;
}

static void it_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct manifest manifest = whole();
    struct manifest read;
    assert_int_equal(read_back(&manifest, &read), ERR_NONE);
    assert_string_equal(read.key, signer_id(signer));
    assert_memory_equal(&read, &manifest, sizeof(read));
    assert_int_equal(manifest_bytes(&read), 119 + 641 + 139264);
}

static void every_changed_byte_is_found(void **state)
{
    (void)state;
    struct manifest manifest = whole();
    struct manifest read;
    char *text = NULL;
    assert_int_equal(manifest_write(&manifest, signer, &text), ERR_NONE);
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        text[i] ^= 1;
        assert_int_not_equal(manifest_read(text, size, &read), ERR_NONE);
        text[i] ^= 1;
        assert_int_not_equal(manifest_read(text, i, &read), ERR_NONE);
    }
    assert_int_equal(manifest_read(text, size, &read), ERR_NONE);
    free(text);
}

// All of these are signed, so they are what somebody with a key of their own can send.
static void it_names_what_a_backup_has_and_nothing_else(void **state)
{
    (void)state;
    struct manifest read;
    struct manifest manifest = whole();
    strcpy(manifest.files[1].name, "../anchors.jsonl");
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    strcpy(manifest.files[1].name, "reserve");
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.files[1] = manifest.files[0]; // twice
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.files[0] = manifest.files[1]; // in another order, and without the key
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.file_count = 2; // without the database
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest.file_count = 0;
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.files[0].size = 2u << 20; // a key of 2 MiB
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.files[2].size = UINT64_MAX; // negative
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
    manifest = whole();
    manifest.files[2].sha256[63] = '\0';
    assert_int_equal(read_back(&manifest, &read), ERR_MALFORMED);
}

static void a_later_form_is_told_from_nonsense(void **state)
{
    (void)state;
    struct manifest read;
    const char *later = "{\"form\":2,\"everything\":\"else\"}";
    assert_int_equal(manifest_read(later, strlen(later), &read), ERR_UNSUPPORTED);
    const char *none[] = {
        "", "[]", "null", "{}", "{\"form\":1}", "{\"form\":0}", "{\"form\":\"1\"}"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_int_equal(manifest_read(none[i], strlen(none[i]), &read), ERR_MALFORMED);
    }
    static char large[MANIFEST_MAX + 1];
    memset(large, ' ', sizeof(large));
    memcpy(large, "{\"form\":1}", 10);
    assert_int_equal(manifest_read(large, sizeof(large), &read), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_read_as_it_was_written, enter, leave),
        cmocka_unit_test_setup_teardown(every_changed_byte_is_found, enter, leave),
        cmocka_unit_test_setup_teardown(it_names_what_a_backup_has_and_nothing_else, enter, leave),
        cmocka_unit_test_setup_teardown(a_later_form_is_told_from_nonsense, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
