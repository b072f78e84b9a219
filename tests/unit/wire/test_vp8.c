#include "../test.h"

#include "wire/vp8.h"

// X, S, PID 0; I L T; PictureID 15 bits, TL0PICIDX, TID 1 with Y; then the first bytes of a 640×360
// key frame.
static const uint8_t key_frame[] =
    "\x90\xe0\x81\x02\x2a\x60\x10\x02\x00\x9d\x01\x2a\x80\x02\x68\x01";

static void test_key_frame(void **state)
{
    (void)state;
    struct vp8_payload vp8;
    assert_int_equal(vp8_parse(key_frame, 16, &vp8), ERR_NONE);
    assert_int_equal(vp8.descriptor_size, 6);
    assert_true(vp8.start_of_frame);
    assert_true(vp8.key_frame);
    assert_int_equal(vp8.width, 640);
    assert_int_equal(vp8.height, 360);
    assert_true(vp8.has_picture_id && vp8.picture_id_long);
    assert_int_equal(vp8.picture_id, 0x102);
    assert_true(vp8.has_tl0picidx);
    assert_int_equal(vp8.tl0picidx, 0x2a);
    assert_true(vp8.has_temporal);
    assert_int_equal(vp8.temporal_id, 1);
    assert_true(vp8.layer_sync);
}

static void test_every_truncation(void **state)
{
    (void)state;
    struct vp8_payload vp8;
    for (size_t size = 0; size <= 6; size++) {
        assert_int_equal(vp8_parse(key_frame, size, &vp8), ERR_MALFORMED);
    }
    for (size_t size = 7; size < 16; size++) {
        assert_int_equal(vp8_parse(key_frame, size, &vp8), ERR_NONE);
        assert_false(vp8.key_frame); // the start code is not there whole
    }
}

static void test_delta_and_later_packets(void **state)
{
    (void)state;
    uint8_t data[16];
    struct vp8_payload vp8;
    memcpy(data, key_frame, sizeof(data));
    data[6] |= 1; // an inter frame
    assert_int_equal(vp8_parse(data, sizeof(data), &vp8), ERR_NONE);
    assert_true(vp8.start_of_frame);
    assert_false(vp8.key_frame);
    memcpy(data, key_frame, sizeof(data));
    data[0] = 0x80; // not the start of a partition
    assert_int_equal(vp8_parse(data, sizeof(data), &vp8), ERR_NONE);
    assert_false(vp8.start_of_frame);
    assert_false(vp8.key_frame);
    data[0] = 0x91; // the start of partition 1
    assert_int_equal(vp8_parse(data, sizeof(data), &vp8), ERR_NONE);
    assert_false(vp8.start_of_frame);
}

static void test_minimal_descriptor(void **state)
{
    (void)state;
    static const uint8_t data[] = "\x30\x01";
    struct vp8_payload vp8;
    assert_int_equal(vp8_parse(data, 2, &vp8), ERR_NONE);
    assert_int_equal(vp8.descriptor_size, 1);
    assert_true(vp8.non_reference);
    assert_false(vp8.has_picture_id || vp8.has_tl0picidx || vp8.has_temporal);
}

static void test_rewrite(void **state)
{
    (void)state;
    uint8_t data[16];
    struct vp8_payload vp8;
    memcpy(data, key_frame, sizeof(data));
    assert_int_equal(vp8_parse(data, sizeof(data), &vp8), ERR_NONE);
    vp8_rewrite(data, &vp8, 0x7fff, 200);
    assert_int_equal(vp8_parse(data, sizeof(data), &vp8), ERR_NONE);
    assert_int_equal(vp8.picture_id, 0x7fff);
    assert_int_equal(vp8.tl0picidx, 200);
    assert_memory_equal(data + 5, key_frame + 5, 11); // nothing else changed
    // A short picture number keeps its size.
    static const uint8_t short_form[] = "\x90\x80\x05\x01";
    memcpy(data, short_form, 4);
    assert_int_equal(vp8_parse(data, 4, &vp8), ERR_NONE);
    vp8_rewrite(data, &vp8, 0x1ff, 9);
    assert_memory_equal(data, "\x90\x80\x7f\x01", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_frame),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_delta_and_later_packets),
        cmocka_unit_test(test_minimal_descriptor),
        cmocka_unit_test(test_rewrite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
