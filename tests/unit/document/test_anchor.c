#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "document/anchor.h"

static const char key_text[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
static const char other_text[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

static struct signer *signer_of(const char *pem)
{
    struct signer *signer = NULL;
    assert_int_equal(signer_from_pem(pem, &signer), ERR_NONE);
    return signer;
}

static void write_one(const struct signer *signer, char line[ANCHOR_LINE_MAX + 1])
{
    struct anchor anchor;
    uint8_t hash[32];
    memset(hash, 0xa5, sizeof(hash));
    anchor_fill(&anchor, "demo", 57, hash, "sitting", 1795000000123);
    assert_int_equal(anchor_write(&anchor, signer, line), ERR_NONE);
}

static void test_what_was_written_is_read(void **state)
{
    struct signer *signer = signer_of(key_text);
    struct anchor anchor;
    char line[ANCHOR_LINE_MAX + 1];
    (void)state;
    write_one(signer, line);
    assert_int_equal(anchor_read(line, strlen(line), signer, &anchor), ERR_NONE);
    assert_string_equal(anchor.stream, "meeting/demo");
    assert_string_equal(anchor_meeting(&anchor), "demo");
    assert_int_equal(anchor.seq, 57);
    assert_int_equal(anchor.at, 1795000000123);
    assert_string_equal(anchor.why, "sitting");
    assert_string_equal(anchor.key, signer_id(signer));
    // Canonical: keys in their order, no spaces; the same key signs the same bytes the same way.
    assert_true(text_starts_with(
        line,
        "{\"at\":1795000000123,\"hash\":\"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
        "a5a5a5a5a5a5a5a5\",\"key\":\""));
    assert_non_null(strstr(line, "\",\"seq\":57,\"signature\":\""));
    assert_non_null(strstr(line, "\",\"stream\":\"meeting/demo\",\"why\":\"sitting\"}"));
    signer_destroy(signer);
}

// Each single byte changed: never taken for good.
static void test_a_changed_one_is_not_taken(void **state)
{
    struct signer *signer = signer_of(key_text);
    struct anchor anchor;
    char line[ANCHOR_LINE_MAX + 1];
    (void)state;
    write_one(signer, line);
    size_t size = strlen(line);
    for (size_t i = 0; i < size; i++) {
        char was = line[i];
        line[i] = was == '1' ? '2' : '1';
        enum err err = anchor_read(line, size, signer, &anchor);
        assert_true(err == ERR_MALFORMED || err == ERR_AUTHENTICATION || err == ERR_NOT_FOUND);
        line[i] = was;
        assert_int_not_equal(anchor_read(line, i, signer, &anchor), ERR_NONE); // cut off
    }
    assert_int_equal(anchor_read(line, size, signer, &anchor), ERR_NONE);
    signer_destroy(signer);
}

static void test_another_key_says_nothing(void **state)
{
    struct signer *signer = signer_of(key_text);
    struct signer *other = signer_of(other_text);
    struct anchor anchor;
    char line[ANCHOR_LINE_MAX + 1];
    (void)state;
    write_one(other, line);
    assert_int_equal(anchor_read(line, strlen(line), signer, &anchor), ERR_NOT_FOUND);
    // The other's signature under this key's name is a forgery.
    char *name = strstr(line, signer_id(other));
    assert_non_null(name);
    memcpy(name, signer_id(signer), SIGNER_ID_SIZE - 1);
    assert_int_equal(anchor_read(line, strlen(line), signer, &anchor), ERR_AUTHENTICATION);
    signer_destroy(signer);
    signer_destroy(other);
}

static void test_what_is_no_anchor(void **state)
{
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"at\":1}",
        "{\"at\":1,\"hash\":\"a5\",\"key\":\"k\",\"seq\":1,\"stream\":\"meeting/m\",\"why\":\"x\"}",
        "{\"at\":\"1\",\"hash\":1,\"key\":\"k\",\"seq\":-1,\"stream\":\"meeting/"
        "m\",\"why\":\"x\"}"};
    struct signer *signer = signer_of(key_text);
    struct anchor anchor;
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(anchor_read(lines[i], strlen(lines[i]), signer, &anchor), ERR_MALFORMED);
    }
    signer_destroy(signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read),
        cmocka_unit_test(test_a_changed_one_is_not_taken),
        cmocka_unit_test(test_another_key_says_nothing),
        cmocka_unit_test(test_what_is_no_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
