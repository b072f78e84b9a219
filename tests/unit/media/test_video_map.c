#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/video_map.h"

static void test_random_against_a_model(void **state)
{
    (void)state;
    uint64_t seed = 12;
    struct video_map map = {.last_picture = 0x7ffe, .last_tl0 = 254, .last_timestamp = 0xfffffff0u};
    struct video_numbers in = {.picture = 0x7f00, .tl0 = 9, .timestamp = 500};
    struct video_numbers out;
    uint16_t next = 65000;
    int64_t index = 1 << 17;
    uint16_t pictures = map.last_picture;
    video_map_begin(&map, index, &in, next, 90);
    for (unsigned i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        unsigned luck = (unsigned)(seed >> 40) % 20;
        if (luck == 0) {
            // The layer changes.
            index += 1 << 17;
            in = (struct video_numbers){.picture = (uint16_t)(seed >> 20) & 0x7fff,
                                        .tl0 = (uint8_t)(seed >> 12),
                                        .timestamp = (uint32_t)(seed >> 30)};
            video_map_begin(&map, index, &in, next, map.last_timestamp - 1000);
        } else if (luck < 6 && i > 0) {
            // A picture of one to three packets is left out.
            for (uint64_t k = 0; k <= (seed >> 50) % 3; k++) {
                video_map_drop(&map, index++, true, in.picture);
            }
            in.picture = (in.picture + 1) & 0x7fff;
            in.timestamp += 3000;
        } else if (luck == 6) {
            video_map_drop(&map, index++, false, 0); // padding
        } else if (luck == 7) {
            index++; // lost: its number stays free
            next++;
        }
        assert_true(video_map_find(&map, index, &in, &out));
        pictures = (pictures + 1) & 0x7fff;
        assert_int_equal(out.sequence, next);
        assert_int_equal(out.picture, pictures);
        assert_true((int32_t)(out.timestamp - map.last_timestamp) > 0);
        video_map_sent(&map, &out);
        index++;
        next++;
        in.picture = (in.picture + 1) & 0x7fff;
        in.timestamp += 3000;
    }
}

static void test_late(void **state)
{
    (void)state;
    struct video_map map = {0};
    struct video_numbers in = {.picture = 10};
    struct video_numbers out;
    video_map_begin(&map, 1000, &in, 1, 90);
    assert_false(video_map_find(&map, 999, &in, &out));
    (void)video_map_find(&map, 1000, &in, &out);
    video_map_sent(&map, &out);
    // 1001 is lost, 1002 and 1003 are left out, 1004 is sent.
    video_map_drop(&map, 1002, true, 12);
    video_map_drop(&map, 1003, true, 12);
    in.picture = 13;
    assert_true(video_map_find(&map, 1004, &in, &out));
    assert_int_equal(out.sequence, 3);
    assert_int_equal(out.picture, 3);
    video_map_sent(&map, &out);
    in.picture = 11;
    assert_true(video_map_find(&map, 1001, &in, &out));
    assert_int_equal(out.sequence, 2);
    assert_int_equal(out.picture, 2);
    // So many changes that the first is forgotten.
    for (int64_t index = 1005; index < 1005 + 2 * VIDEO_MAP_RECORDS; index += 2) {
        video_map_drop(&map, index, false, 0);
        (void)video_map_find(&map, index + 1, &in, &out);
        video_map_sent(&map, &out);
    }
    assert_false(video_map_find(&map, 1001, &in, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_against_a_model),
        cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
