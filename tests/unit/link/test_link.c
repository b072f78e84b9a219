#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/link.h"

static uint8_t bytes[LINK_MESSAGE_MAX];
static struct link_message sent;
static struct link_message received;

static void sections_fill(struct link_message *message)
{
    message->section_count = LINK_SECTIONS_MAX;
    for (uint8_t i = 0; i < LINK_SECTIONS_MAX; i++) {
        bool send = i % 2 == 0;
        message->sections[i] = (struct link_section){
            .kind = i < 8 ? LINK_AUDIO : LINK_VIDEO,
            .direction = send ? LINK_SEND : LINK_RECEIVE,
            .optional = i % 3 == 0,
            .source = send ? 1000u + i : 0,
            .slot = send ? 0 : i,
            .channel = send ? 0 : 0xfffffff0u + i,
        };
    }
}

// A message with every field of its type set to its largest or an odd value.
static void message_fill(enum link_message_type type, struct link_message *message)
{
    memset(message, 0, sizeof(*message));
    message->type = type;
    if (type == LINK_HELLO) {
        message->version = LINK_VERSION;
    }
    if (type == LINK_PEER_CREATE || type == LINK_PEER_CLOSE || type == LINK_SLOT_SET_CHANNEL ||
        type == LINK_SLOT_SET_SOURCE || type == LINK_PEER_ANSWER || type == LINK_PEER_STATE ||
        type == LINK_PEER_REPORT || type == LINK_SLOT_SET_VARIANT || type == LINK_PEER_RESTART) {
        message->peer = 0x0123456789abcdefull;
    }
    if (type == LINK_PEER_CREATE || type == LINK_PEER_STATE || type == LINK_PEER_RESTART) {
        memset(message->owner, 'o', LINK_OWNER_MAX);
    }
    if (type == LINK_PEER_CREATE || type == LINK_PEER_STATE) {
        sections_fill(message);
    }
    if (type == LINK_PEER_CREATE || type == LINK_PEER_ANSWER || type == LINK_PEER_RESTART) {
        message->sdp_length = LINK_SDP_MAX;
        memset(message->sdp, 's', LINK_SDP_MAX);
    }
    if (type == LINK_CHANNEL_SET_SOURCE || type == LINK_SLOT_SET_CHANNEL) {
        message->channel = 77;
    }
    if (type == LINK_CHANNEL_SET_SOURCE || type == LINK_SLOT_SET_SOURCE ||
        type == LINK_SOURCE_STATE || type == LINK_SOURCE_AWAIT) {
        message->source = 0xffffffffu;
    }
    if (type == LINK_SLOT_SET_CHANNEL || type == LINK_SLOT_SET_SOURCE ||
        type == LINK_SLOT_SET_VARIANT) {
        message->slot = 15;
    }
    if (type == LINK_CHANNEL_SET_DELAY) {
        message->channel = 78;
        message->delay_ms = LINK_DELAY_MS_MAX;
    }
    if (type == LINK_SOURCE_LEVELS) {
        message->level_count = LINK_LEVELS_MAX;
        for (uint16_t i = 0; i < LINK_LEVELS_MAX; i++) {
            message->levels[i] = (struct link_level){0xffffff00u + i, (uint8_t)(i % 128)};
        }
    }
    message->variant = type == LINK_SLOT_SET_VARIANT ? LINK_VARIANT_RED2 : LINK_VARIANT_AUTO;
    message->err = type == LINK_PEER_ANSWER ? ERR_FULL : ERR_NONE;
    message->active = type == LINK_SOURCE_STATE;
    message->sounding = message->active;
    message->wait_ms = type == LINK_CHANNEL_SET_SOURCE ? LINK_WAIT_MS_MAX : 0;
    if (type == LINK_PEER_STATE) {
        message->phase = LINK_PEER_CLOSED;
    }
    if (type == LINK_PEER_REPORT) {
        message->report.round_trip_us = 1;
        message->report.jitter_us = 2;
        message->report.loss_up_permille = 3;
        message->report.loss_down_permille = 1000;
        message->report.estimate_bps = 5;
        message->report.slots_held = 0x8001;
        message->report.pictures_up_held = true;
        message->report.packets_in = UINT64_MAX;
        message->report.packets_out = 7;
    }
    if (type == LINK_COUNTERS) {
        message->counter_count = LINK_COUNTERS_MAX;
        for (uint16_t i = 0; i < LINK_COUNTERS_MAX; i++) {
            memset(message->counters[i].name, 'a' + i % 26, LINK_COUNTER_NAME_MAX);
            message->counters[i].value = UINT64_MAX - i;
        }
    }
}

static void test_every_type_round_trips(void **state)
{
    (void)state;
    for (int type = LINK_HELLO; type < LINK_MESSAGE_TYPE_END; type++) {
        size_t size = 0;
        message_fill((enum link_message_type)type, &sent);
        assert_int_equal(link_encode(&sent, bytes, sizeof(bytes), &size), ERR_NONE);
        assert_int_equal(link_decode(bytes, size, &received), ERR_NONE);
        assert_memory_equal(&sent, &received, sizeof(sent));
    }
}

static void test_every_truncation_and_extension_is_refused(void **state)
{
    (void)state;
    static uint8_t cut[LINK_MESSAGE_MAX];
    for (int type = LINK_HELLO; type < LINK_MESSAGE_TYPE_END; type++) {
        size_t size = 0;
        message_fill((enum link_message_type)type, &sent);
        sent.sdp_length = sent.sdp_length > 40 ? 40 : sent.sdp_length;
        assert_int_equal(link_encode(&sent, bytes, sizeof(bytes), &size), ERR_NONE);
        size_t step = size > 600 ? 37 : 1;
        for (size_t length = 0; length < size; length += step) {
            assert_int_equal(link_decode(bytes, length, &received), ERR_MALFORMED);
            assert_int_equal(link_encode(&sent, cut, length, &(size_t){0}), ERR_TOO_LARGE);
        }
        bytes[size] = 0;
        assert_int_equal(link_decode(bytes, size + 1, &received), ERR_MALFORMED);
    }
}

static void refuse_with_byte(enum link_message_type type, size_t offset, uint8_t value)
{
    size_t size = 0;
    message_fill(type, &sent);
    assert_int_equal(link_encode(&sent, bytes, sizeof(bytes), &size), ERR_NONE);
    bytes[offset] = value;
    assert_int_equal(link_decode(bytes, size, &received), ERR_MALFORMED);
}

static void test_values_out_of_range_are_refused(void **state)
{
    (void)state;
    refuse_with_byte(LINK_HELLO, 0, 0);
    refuse_with_byte(LINK_HELLO, 0, LINK_MESSAGE_TYPE_END);
    refuse_with_byte(LINK_PEER_STATE, 9, 0);                    // phase
    refuse_with_byte(LINK_PEER_STATE, 9, LINK_PEER_CLOSED + 1); // phase
    refuse_with_byte(LINK_PEER_STATE, 10, LINK_OWNER_MAX + 1);  // owner length
    refuse_with_byte(LINK_PEER_STATE, 20, 0);                   // NUL within the owner
    refuse_with_byte(LINK_PEER_STATE, 11 + LINK_OWNER_MAX, LINK_SECTIONS_MAX + 1);
    refuse_with_byte(LINK_PEER_STATE, 12 + LINK_OWNER_MAX, 0); // kind
    refuse_with_byte(LINK_PEER_STATE, 13 + LINK_OWNER_MAX, 3); // direction
    refuse_with_byte(LINK_PEER_STATE, 14 + LINK_OWNER_MAX, 2); // optional
    refuse_with_byte(LINK_PEER_ANSWER, 9, ERR_COUNT);
    refuse_with_byte(LINK_PEER_ANSWER, 10, 0xff);   // SDP length
    refuse_with_byte(LINK_SLOT_SET_SOURCE, 9, 16);  // slot
    refuse_with_byte(LINK_SLOT_SET_VARIANT, 9, 16); // slot
    refuse_with_byte(LINK_SLOT_SET_VARIANT, 10, LINK_VARIANT_END);
    refuse_with_byte(LINK_SOURCE_STATE, 5, 2);        // a boolean
    refuse_with_byte(LINK_SOURCE_STATE, 5, 0);        // sounds, and delivers nothing
    refuse_with_byte(LINK_SOURCE_STATE, 6, 2);        // a boolean
    refuse_with_byte(LINK_CHANNEL_SET_SOURCE, 9, 40); // 10000 is 39, 16
    refuse_with_byte(LINK_CHANNEL_SET_DELAY, 5, 4);   // 1000 is 3, 232
    refuse_with_byte(LINK_CHANNEL_SET_DELAY, 6, 233); //
    refuse_with_byte(LINK_SOURCE_LEVELS, 1, 1);       // count
    refuse_with_byte(LINK_SOURCE_LEVELS, 7, 128);     // level
    refuse_with_byte(LINK_COUNTERS, 2, 0xff);         // count
    refuse_with_byte(LINK_COUNTERS, 3, LINK_COUNTER_NAME_MAX + 1);
    refuse_with_byte(LINK_COUNTERS, 5, 0); // NUL within a name
}

static void test_names_of_variants(void **state)
{
    (void)state;
    enum link_variant variant = LINK_VARIANT_END;
    assert_true(link_variant_from_text("auto", &variant));
    assert_int_equal(variant, LINK_VARIANT_AUTO);
    assert_true(link_variant_from_text("long", &variant));
    assert_int_equal(variant, LINK_VARIANT_LONG);
    assert_true(link_variant_from_text("red", &variant));
    assert_int_equal(variant, LINK_VARIANT_RED1);
    assert_false(link_variant_from_text("", &variant));
    assert_false(link_variant_from_text("Plain", &variant));
    assert_int_equal(variant, LINK_VARIANT_RED1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_round_trips),
        cmocka_unit_test(test_every_truncation_and_extension_is_refused),
        cmocka_unit_test(test_values_out_of_range_are_refused),
        cmocka_unit_test(test_names_of_variants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
