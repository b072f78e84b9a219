#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/demux.h"
#include "wire/rtp.h"

#define MID_ID          4
#define RID_ID          10
#define REPAIRED_RID_ID 11

static struct demux demux;
static link_source source;
static uint8_t layer;

static int setup(void **state)
{
    (void)state;
    demux_init(&demux, MID_ID, RID_ID, REPAIRED_RID_ID);
    struct demux_section microphone = {
        .mid = "0", .source = 1, .payload_type = 111, .layer_count = 1};
    struct demux_section camera = {.mid = "1",
                                   .source = 2,
                                   .payload_type = 96,
                                   .rtx_payload_type = 97,
                                   .layer_count = 3,
                                   .rid = {"l", "m", "h"}};
    struct demux_section screen = {
        .mid = "2", .source = 3, .payload_type = 96, .rtx_payload_type = 97, .layer_count = 1};
    assert_int_equal(demux_add_section(&demux, &microphone), ERR_NONE);
    assert_int_equal(demux_add_section(&demux, &camera), ERR_NONE);
    assert_int_equal(demux_add_section(&demux, &screen), ERR_NONE);
    return 0;
}

static bool find(uint32_t ssrc, uint8_t payload_type, const char *mid, uint8_t rid_id,
                 const char *rid)
{
    uint8_t packet[100];
    struct rtp_extension extensions[2];
    size_t count = 0;
    if (mid != NULL) {
        extensions[count++] = (struct rtp_extension){MID_ID, (uint8_t)strlen(mid),
                                                     (const uint8_t *)mid};
    }
    if (rid != NULL) {
        extensions[count++] = (struct rtp_extension){rid_id, (uint8_t)strlen(rid),
                                                     (const uint8_t *)rid};
    }
    struct rtp_header header = {.payload_type = payload_type, .ssrc = ssrc, .extension = count > 0};
    rtp_write_header(packet, &header);
    size_t size = RTP_HEADER_SIZE;
    if (count > 0) {
        size += rtp_write_extensions(extensions, count, packet + size, sizeof(packet) - size);
    }
    packet[size++] = 0;
    struct rtp_packet rtp;
    assert_int_equal(rtp_parse(packet, size, &rtp), ERR_NONE);
    return demux_find(&demux, &rtp, packet, &source, &layer);
}

static void test_by_mid_and_rid(void **state)
{
    (void)state;
    assert_false(find(10, 96, NULL, 0, NULL)); // camera or screen?
    assert_true(find(10, 96, "1", RID_ID, "m"));
    assert_int_equal(source, 2);
    assert_int_equal(layer, 1);
    assert_true(find(10, 96, NULL, 0, NULL)); // learned
    assert_int_equal(layer, 1);
    assert_false(find(11, 96, "1", 0, NULL));
    assert_false(find(11, 96, "1", RID_ID, "x"));
    assert_true(find(11, 97, "1", REPAIRED_RID_ID, "h"));
    assert_int_equal(layer, 2);
    assert_true(find(12, 96, "2", 0, NULL));
    assert_int_equal(source, 3);
    assert_false(find(13, 96, "9", RID_ID, "m"));
}

// Encoders negotiate no extension at all: their packets are known by the SSRC of the offer, or by
// the payload type alone.
static void test_without_extensions(void **state)
{
    (void)state;
    demux_init(&demux, 0, 0, 0);
    const struct demux_section sound = {.source = 7, .payload_type = 111, .layer_count = 1};
    const struct demux_section pictures = {.source = 8, .payload_type = 106, .layer_count = 1};
    assert_int_equal(demux_add_section(&demux, &sound), ERR_NONE);
    assert_int_equal(demux_add_section(&demux, &pictures), ERR_NONE);
    demux_learn(&demux, 2002002, 1, 0);
    assert_true(find(2002002, 106, NULL, 0, NULL));
    assert_int_equal(source, 8);
    assert_true(find(3003003, 106, NULL, 0, NULL)); // not announced
    assert_int_equal(source, 8);
    assert_true(find(3003004, 111, NULL, 0, NULL));
    assert_int_equal(source, 7);
    assert_false(find(3003005, 96, NULL, 0, NULL));
}

static void test_by_payload_type_and_sdp(void **state)
{
    (void)state;
    assert_true(find(20, 111, NULL, 0, NULL));
    assert_int_equal(source, 1);
    assert_false(find(21, 8, NULL, 0, NULL));
    demux_learn(&demux, 22, 2, 0);
    assert_true(find(22, 96, NULL, 0, NULL));
    assert_int_equal(source, 3);
    demux_learn(&demux, 22, 1, 2);
    assert_true(find(22, 96, NULL, 0, NULL));
    assert_int_equal(source, 2);
}

static void test_forgets_the_oldest(void **state)
{
    (void)state;
    demux_learn(&demux, 999, 2, 0);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(find(2000 + i, 111, "0", 0, NULL));
        assert_true(demux.ssrc_count <= DEMUX_SSRCS_MAX);
    }
    assert_false(find(999, 96, NULL, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_by_mid_and_rid, setup),
        cmocka_unit_test_setup(test_by_payload_type_and_sdp, setup),
        cmocka_unit_test_setup(test_without_extensions, setup),
        cmocka_unit_test_setup(test_forgets_the_oldest, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
