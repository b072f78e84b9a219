#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "folder.h"

// Computed apart, by a few lines of Python over the layout that journal.h states. A row of before:
//   h(zeros(32) + text("demo") + u64(1) + u64(1700000000000) + text("") + u8(0) +
//   text("meeting.created") + text('{"a":1}'))
static void as_documented(void **state)
{
    (void)state;
    struct journal_row row = {.stream = "meeting/demo",
                              .form = JOURNAL_FORM_PLAIN,
                              .seq = 1,
                              .at = 1700000000000,
                              .by = "",
                              .type = "meeting.created",
                              .data = "{\"a\":1}",
                              .data_length = 7};
    uint8_t hash[JOURNAL_HASH_SIZE];
    char text[2 * JOURNAL_HASH_SIZE + 1];
    journal_hash(&row, hash);
    text_hex(text, hash, sizeof hash);
    assert_string_equal(text, "58d6a4d20b1bdd746b501a16c7e62c39aa03f9ffae3aa1e99216e2925623a026");
    struct journal_row next = {.stream = "meeting/demo",
                               .form = JOURNAL_FORM_PLAIN,
                               .seq = 2,
                               .at = 1700000000001,
                               .by = "chair",
                               .on_behalf_of_chair = true,
                               .type = "list.changed",
                               .data = "{}",
                               .data_length = 2};
    memcpy(next.previous, hash, sizeof hash);
    journal_hash(&next, hash);
    text_hex(text, hash, sizeof hash);
    assert_string_equal(text, "bde65cf3fe2c0fb89fc5f4645eb85ed3511cc6855fae1111089780b2cc70b42e");
}

// And one of today behind it:
//   c = h(bytes(range(16)) + "{}"), h(text("plenary journal 2") + HASH + text("meeting/demo") +
//   ...)
static void as_documented_with_a_commitment(void **state)
{
    (void)state;
    struct journal_row row = {.stream = "meeting/demo",
                              .form = JOURNAL_FORM_COMMITTED,
                              .seq = 2,
                              .at = 1700000000001,
                              .by = "chair",
                              .on_behalf_of_chair = true,
                              .type = "list.changed",
                              .data = "{}",
                              .data_length = 2};
    uint8_t hash[JOURNAL_HASH_SIZE];
    char text[2 * JOURNAL_HASH_SIZE + 1];
    for (uint8_t i = 0; i < JOURNAL_SALT_SIZE; i++) {
        row.salt[i] = i;
    }
    assert_int_equal(text_unhex(row.previous, sizeof row.previous,
                                "58d6a4d20b1bdd746b501a16c7e62c39aa03f9ffae3aa1e99216e2925623a026"),
                     ERR_NONE);
    journal_commitment(&row, row.commitment);
    text_hex(text, row.commitment, sizeof row.commitment);
    assert_string_equal(text, "b5c1f9361eb9fbedd3e628a72d1c8fef46544361fd79fa6781baf6d932b1c3f6");
    journal_hash(&row, hash);
    text_hex(text, hash, sizeof hash);
    assert_string_equal(text, "ce31d25602e3db8b437b8c696645c7de9ab3a40adaf6b2aafec8b781f6e83b90");
    // The hash stands when data and salt are destroyed.
    row.data_length = 0;
    memset(row.salt, 0, sizeof row.salt);
    journal_hash(&row, hash);
    text_hex(text, hash, sizeof hash);
    assert_string_equal(text, "ce31d25602e3db8b437b8c696645c7de9ab3a40adaf6b2aafec8b781f6e83b90");
    // And the same data of another row are hidden by another salt.
    uint8_t other[JOURNAL_HASH_SIZE];
    row.data_length = 2;
    journal_commitment(&row, other);
    assert_memory_not_equal(other, row.commitment, sizeof other);
}

// Texts carry their lengths: moving a letter from one to the next is another row.
static void fields_do_not_run_together(void **state)
{
    (void)state;
    struct journal_row one = {.stream = "ab", .by = "c", .type = "t", .data = "", .seq = 1};
    struct journal_row two = {.stream = "a", .by = "bc", .type = "t", .data = "", .seq = 1};
    uint8_t hash_one[JOURNAL_HASH_SIZE];
    uint8_t hash_two[JOURNAL_HASH_SIZE];
    journal_hash(&one, hash_one);
    journal_hash(&two, hash_two);
    assert_memory_not_equal(hash_one, hash_two, sizeof hash_one);
    one.form = two.form = JOURNAL_FORM_PLAIN;
    journal_hash(&one, hash_one);
    journal_hash(&two, hash_two);
    assert_memory_not_equal(hash_one, hash_two, sizeof hash_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_documented),
        cmocka_unit_test(as_documented_with_a_commitment),
        cmocka_unit_test(fields_do_not_run_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
