#include "../test.h"

#include "wire/h264.h"

static struct h264_payload h264;

static bool readable(const char *bytes, size_t size)
{
    return h264_parse((const uint8_t *)bytes, size, &h264) == ERR_NONE;
}

static void test_single_units(void **state)
{
    (void)state;
    assert_true(readable("\x67\x42\xe0\x1f", 4));
    assert_true(h264.sequence_parameters && !h264.picture_parameters && !h264.key_slice);
    assert_true(readable("\x68\xce\x38\x80", 4));
    assert_true(!h264.sequence_parameters && h264.picture_parameters && !h264.key_slice);
    assert_true(readable("\x65\x88", 2));
    assert_true(!h264.sequence_parameters && !h264.picture_parameters && h264.key_slice);
    assert_true(readable("\x41\x9a", 2)); // a slice of any other picture
    assert_true(!h264.sequence_parameters && !h264.picture_parameters && !h264.key_slice);
    assert_true(readable("\x09\xf0", 2)); // an access unit delimiter
    assert_false(h264.key_slice);
}

static void test_aggregate(void **state)
{
    (void)state;
    static const char both[] = "\x78\x00\x03\x67\x42\xe0\x00\x02\x68\xce\x00\x01\x65";
    assert_true(readable(both, 13));
    assert_true(h264.sequence_parameters && h264.picture_parameters && h264.key_slice);
    for (size_t size = 0; size < 13; size++) {
        bool whole = size == 6 || size == 10; // ends behind a unit
        assert_int_equal(readable(both, size), whole);
        assert_int_equal(h264.sequence_parameters, whole);
    }
    assert_false(readable("\x78\x00\x00", 3));             // an empty unit
    assert_false(readable("\x78\x00\x02\x78\x00", 5));     // an aggregate within
    assert_false(readable("\x78\x00\x02\x7c\x85", 5));     // a fragment within
    assert_false(readable("\x78\xff\xff\x67\x42\xe0", 6)); // beyond the end
}

static void test_fragments(void **state)
{
    (void)state;
    assert_true(readable("\x7c\x85\x88", 3)); // the first of a key slice
    assert_true(h264.key_slice);
    assert_true(readable("\x7c\x05\x88", 3)); // a later one
    assert_false(h264.key_slice);
    assert_true(readable("\x7c\x45\x88", 3)); // the last
    assert_false(h264.key_slice);
    assert_true(readable("\x7c\x87\x42", 3));
    assert_true(h264.sequence_parameters);
    assert_false(readable("\x7c\x85", 2));     // without data
    assert_false(readable("\x7c", 1));         //
    assert_false(readable("\x7c\xc5\x88", 3)); // first and last (section 5.8)
    assert_false(readable("\x7c\x9c\x88", 3)); // a fragment of a fragment
}

static void test_what_is_none(void **state)
{
    (void)state;
    assert_false(readable("", 0));
    assert_false(readable("\xe7\x42", 2)); // the forbidden bit
    static const uint8_t types[] = {0, 25, 26, 27, 29, 30, 31};
    for (size_t i = 0; i < sizeof(types); i++) {
        const char bytes[] = {(char)(0x60 | types[i]), 0, 2, 0x67, 0x42};
        assert_false(readable(bytes, sizeof(bytes)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_units),
        cmocka_unit_test(test_aggregate),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
