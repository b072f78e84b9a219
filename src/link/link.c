// The layout on the socket, big-endian: type u8, then the fields of that type in the order written
// below. Texts carry their length before them. There is exactly one encoding of each message, so
// decoding and encoding again gives the same bytes; the fuzz target holds us to it.
#include "link/link.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

#define SLOT_MAX  15
#define LEVEL_MAX 127

static void owner_write(struct bytes_writer *writer, const char *owner)
{
    size_t length = strnlen(owner, LINK_OWNER_MAX);
    bytes_write_u8(writer, (uint8_t)length);
    bytes_write(writer, owner, length);
}

static bool owner_read(struct bytes_reader *reader, char *owner)
{
    size_t length = bytes_read_u8(reader);
    if (length > LINK_OWNER_MAX) {
        return false;
    }
    const uint8_t *view = bytes_take(reader, length);
    if (view == NULL || memchr(view, 0, length) != NULL) {
        return false;
    }
    memcpy(owner, view, length);
    return true;
}

static void sections_write(struct bytes_writer *writer, const struct link_message *message)
{
    ASSERT(message->section_count <= LINK_SECTIONS_MAX);
    bytes_write_u8(writer, message->section_count);
    for (uint8_t i = 0; i < message->section_count; i++) {
        const struct link_section *section = &message->sections[i];
        bytes_write_u8(writer, (uint8_t)section->kind);
        bytes_write_u8(writer, (uint8_t)section->direction);
        bytes_write_u8(writer, section->optional ? 1 : 0);
        if (section->direction == LINK_SEND) {
            bytes_write_u32(writer, section->source);
        } else {
            ASSERT(section->slot <= SLOT_MAX);
            bytes_write_u8(writer, section->slot);
            bytes_write_u32(writer, section->channel);
        }
    }
}

static bool sections_read(struct bytes_reader *reader, struct link_message *message)
{
    message->section_count = bytes_read_u8(reader);
    if (message->section_count > LINK_SECTIONS_MAX) {
        return false;
    }
    for (uint8_t i = 0; i < message->section_count; i++) {
        struct link_section *section = &message->sections[i];
        uint8_t kind = bytes_read_u8(reader);
        uint8_t direction = bytes_read_u8(reader);
        uint8_t optional = bytes_read_u8(reader);
        if (optional > 1 || (kind != LINK_AUDIO && kind != LINK_VIDEO) ||
            (direction != LINK_SEND && direction != LINK_RECEIVE)) {
            return false;
        }
        section->kind = (enum link_kind)kind;
        section->direction = (enum link_direction)direction;
        section->optional = optional == 1;
        if (direction == LINK_SEND) {
            section->source = bytes_read_u32(reader);
        } else {
            section->slot = bytes_read_u8(reader);
            section->channel = bytes_read_u32(reader);
        }
        if (section->slot > SLOT_MAX) {
            return false;
        }
    }
    return true;
}

static void sdp_write(struct bytes_writer *writer, const struct link_message *message)
{
    ASSERT(message->sdp_length <= LINK_SDP_MAX);
    bytes_write_u32(writer, message->sdp_length);
    bytes_write(writer, message->sdp, message->sdp_length);
}

static bool sdp_read(struct bytes_reader *reader, struct link_message *message)
{
    uint32_t length = bytes_read_u32(reader);
    if (length > LINK_SDP_MAX) {
        return false;
    }
    const uint8_t *view = bytes_take(reader, length);
    if (view == NULL) {
        return false;
    }
    memcpy(message->sdp, view, length);
    message->sdp_length = length;
    return true;
}

static void report_write(struct bytes_writer *writer, const struct link_message *message)
{
    bytes_write_u32(writer, message->report.round_trip_us);
    bytes_write_u32(writer, message->report.jitter_us);
    bytes_write_u16(writer, message->report.loss_up_permille);
    bytes_write_u16(writer, message->report.loss_down_permille);
    bytes_write_u32(writer, message->report.estimate_bps);
    bytes_write_u16(writer, message->report.slots_held);
    bytes_write_u8(writer, message->report.pictures_up_held);
    bytes_write_u64(writer, message->report.packets_in);
    bytes_write_u64(writer, message->report.packets_out);
}

static bool report_read(struct bytes_reader *reader, struct link_message *message)
{
    message->report.round_trip_us = bytes_read_u32(reader);
    message->report.jitter_us = bytes_read_u32(reader);
    message->report.loss_up_permille = bytes_read_u16(reader);
    message->report.loss_down_permille = bytes_read_u16(reader);
    message->report.estimate_bps = bytes_read_u32(reader);
    message->report.slots_held = bytes_read_u16(reader);
    uint8_t up_held = bytes_read_u8(reader);
    message->report.pictures_up_held = up_held == 1;
    message->report.packets_in = bytes_read_u64(reader);
    message->report.packets_out = bytes_read_u64(reader);
    return up_held <= 1;
}

static void counters_write(struct bytes_writer *writer, const struct link_message *message)
{
    ASSERT(message->counter_count <= LINK_COUNTERS_MAX);
    bytes_write_u16(writer, message->counter_count);
    for (uint16_t i = 0; i < message->counter_count; i++) {
        size_t length = strnlen(message->counters[i].name, LINK_COUNTER_NAME_MAX);
        bytes_write_u8(writer, (uint8_t)length);
        bytes_write(writer, message->counters[i].name, length);
        bytes_write_u64(writer, message->counters[i].value);
    }
}

static bool counters_read(struct bytes_reader *reader, struct link_message *message)
{
    message->counter_count = bytes_read_u16(reader);
    if (message->counter_count > LINK_COUNTERS_MAX) {
        return false;
    }
    for (uint16_t i = 0; i < message->counter_count; i++) {
        size_t length = bytes_read_u8(reader);
        if (length > LINK_COUNTER_NAME_MAX) {
            return false;
        }
        const uint8_t *view = bytes_take(reader, length);
        if (view == NULL || memchr(view, 0, length) != NULL) {
            return false;
        }
        memcpy(message->counters[i].name, view, length);
        message->counters[i].value = bytes_read_u64(reader);
    }
    return true;
}

static void levels_write(struct bytes_writer *writer, const struct link_message *message)
{
    ASSERT(message->level_count <= LINK_LEVELS_MAX);
    bytes_write_u16(writer, message->level_count);
    for (uint16_t i = 0; i < message->level_count; i++) {
        ASSERT(message->levels[i].level <= LEVEL_MAX);
        bytes_write_u32(writer, message->levels[i].source);
        bytes_write_u8(writer, message->levels[i].level);
    }
}

static void source_state_write(struct bytes_writer *writer, const struct link_message *message)
{
    ASSERT(message->active || !message->sounding);
    bytes_write_u32(writer, message->source);
    bytes_write_u8(writer, message->active ? 1 : 0);
    bytes_write_u8(writer, message->sounding ? 1 : 0);
}

static bool levels_read(struct bytes_reader *reader, struct link_message *message)
{
    message->level_count = bytes_read_u16(reader);
    if (message->level_count > LINK_LEVELS_MAX) {
        return false;
    }
    for (uint16_t i = 0; i < message->level_count; i++) {
        message->levels[i].source = bytes_read_u32(reader);
        message->levels[i].level = bytes_read_u8(reader);
        if (message->levels[i].level > LEVEL_MAX) {
            return false;
        }
    }
    return true;
}

enum err link_encode(const struct link_message *message, void *to, size_t size, size_t *ret_size)
{
    struct bytes_writer writer = bytes_writer(to, size);
    ASSERT(message->type >= LINK_HELLO && message->type < LINK_MESSAGE_TYPE_END);
    bytes_write_u8(&writer, (uint8_t)message->type);
    switch (message->type) {
    case LINK_HELLO: bytes_write_u32(&writer, message->version); break;
    case LINK_SYNC:
    case LINK_SYNCED: break;
    case LINK_PEER_CREATE:
    case LINK_PEER_RESTART:
        bytes_write_u64(&writer, message->peer);
        owner_write(&writer, message->owner);
        if (message->type == LINK_PEER_CREATE) {
            sections_write(&writer, message);
        }
        sdp_write(&writer, message);
        break;
    case LINK_PEER_CLOSE: bytes_write_u64(&writer, message->peer); break;
    case LINK_CHANNEL_SET_SOURCE:
        bytes_write_u32(&writer, message->channel);
        bytes_write_u32(&writer, message->source);
        ASSERT(message->wait_ms <= LINK_WAIT_MS_MAX);
        bytes_write_u16(&writer, message->wait_ms);
        break;
    case LINK_SLOT_SET_CHANNEL:
    case LINK_SLOT_SET_SOURCE:
        ASSERT(message->slot <= SLOT_MAX);
        bytes_write_u64(&writer, message->peer);
        bytes_write_u8(&writer, message->slot);
        bytes_write_u32(&writer, message->type == LINK_SLOT_SET_CHANNEL ? message->channel
                                                                        : message->source);
        break;
    case LINK_SLOT_SET_VARIANT:
        ASSERT(message->slot <= SLOT_MAX && message->variant < LINK_VARIANT_END);
        bytes_write_u64(&writer, message->peer);
        bytes_write_u8(&writer, message->slot);
        bytes_write_u8(&writer, (uint8_t)message->variant);
        break;
    case LINK_PEER_ANSWER:
        bytes_write_u64(&writer, message->peer);
        bytes_write_u8(&writer, (uint8_t)message->err);
        sdp_write(&writer, message);
        break;
    case LINK_PEER_STATE:
        bytes_write_u64(&writer, message->peer);
        bytes_write_u8(&writer, (uint8_t)message->phase);
        owner_write(&writer, message->owner);
        sections_write(&writer, message);
        break;
    case LINK_SOURCE_STATE: source_state_write(&writer, message); break;
    case LINK_PEER_REPORT:
        bytes_write_u64(&writer, message->peer);
        report_write(&writer, message);
        break;
    case LINK_COUNTERS: counters_write(&writer, message); break;
    case LINK_CHANNEL_SET_DELAY:
        ASSERT(message->delay_ms <= LINK_DELAY_MS_MAX);
        bytes_write_u32(&writer, message->channel);
        bytes_write_u16(&writer, message->delay_ms);
        break;
    case LINK_SOURCE_LEVELS: levels_write(&writer, message); break;
    case LINK_SOURCE_AWAIT: bytes_write_u32(&writer, message->source); break;
    case LINK_MESSAGE_TYPE_END: break;
    }
    if (!bytes_writer_ok(&writer)) {
        return ERR_TOO_LARGE;
    }
    *ret_size = writer.position;
    return ERR_NONE;
}

static bool peer_state_read(struct bytes_reader *reader, struct link_message *message)
{
    message->peer = bytes_read_u64(reader);
    uint8_t phase = bytes_read_u8(reader);
    if (phase < LINK_PEER_NEW || phase > LINK_PEER_CLOSED) {
        return false;
    }
    message->phase = (enum link_peer_phase)phase;
    return owner_read(reader, message->owner) && sections_read(reader, message);
}

static bool peer_answer_read(struct bytes_reader *reader, struct link_message *message)
{
    message->peer = bytes_read_u64(reader);
    uint8_t err = bytes_read_u8(reader);
    if (err >= ERR_COUNT) {
        return false;
    }
    message->err = (enum err)err;
    return sdp_read(reader, message);
}

static bool slot_read(struct bytes_reader *reader, struct link_message *message)
{
    message->peer = bytes_read_u64(reader);
    message->slot = bytes_read_u8(reader);
    uint32_t value = bytes_read_u32(reader);
    if (message->type == LINK_SLOT_SET_CHANNEL) {
        message->channel = value;
    } else {
        message->source = value;
    }
    return message->slot <= SLOT_MAX;
}

static bool variant_read(struct bytes_reader *reader, struct link_message *message)
{
    message->peer = bytes_read_u64(reader);
    message->slot = bytes_read_u8(reader);
    uint8_t variant = bytes_read_u8(reader);
    if (message->slot > SLOT_MAX || variant >= LINK_VARIANT_END) {
        return false;
    }
    message->variant = (enum link_variant)variant;
    return true;
}

static bool source_state_read(struct bytes_reader *reader, struct link_message *message)
{
    message->source = bytes_read_u32(reader);
    uint8_t active = bytes_read_u8(reader);
    uint8_t sounding = bytes_read_u8(reader);
    message->active = active == 1;
    message->sounding = sounding == 1;
    return active <= 1 && sounding <= active;
}

static bool channel_source_read(struct bytes_reader *reader, struct link_message *message)
{
    message->channel = bytes_read_u32(reader);
    message->source = bytes_read_u32(reader);
    message->wait_ms = bytes_read_u16(reader);
    return message->wait_ms <= LINK_WAIT_MS_MAX;
}

static bool fields_read(struct bytes_reader *reader, struct link_message *message)
{
    switch (message->type) {
    case LINK_HELLO: message->version = bytes_read_u32(reader); return true;
    case LINK_SYNC:
    case LINK_SYNCED: return true;
    case LINK_PEER_CREATE:
        message->peer = bytes_read_u64(reader);
        return owner_read(reader, message->owner) && sections_read(reader, message) &&
               sdp_read(reader, message);
    case LINK_PEER_CLOSE: message->peer = bytes_read_u64(reader); return true;
    case LINK_PEER_RESTART:
        message->peer = bytes_read_u64(reader);
        return owner_read(reader, message->owner) && sdp_read(reader, message);
    case LINK_CHANNEL_SET_SOURCE: return channel_source_read(reader, message);
    case LINK_SLOT_SET_CHANNEL:
    case LINK_SLOT_SET_SOURCE: return slot_read(reader, message);
    case LINK_SLOT_SET_VARIANT: return variant_read(reader, message);
    case LINK_PEER_ANSWER: return peer_answer_read(reader, message);
    case LINK_PEER_STATE: return peer_state_read(reader, message);
    case LINK_SOURCE_STATE: return source_state_read(reader, message);
    case LINK_PEER_REPORT:
        message->peer = bytes_read_u64(reader);
        return report_read(reader, message);
    case LINK_COUNTERS: return counters_read(reader, message);
    case LINK_CHANNEL_SET_DELAY:
        message->channel = bytes_read_u32(reader);
        message->delay_ms = bytes_read_u16(reader);
        return message->delay_ms <= LINK_DELAY_MS_MAX;
    case LINK_SOURCE_LEVELS: return levels_read(reader, message);
    case LINK_SOURCE_AWAIT: message->source = bytes_read_u32(reader); return true;
    case LINK_MESSAGE_TYPE_END: break;
    }
    return false;
}

enum err link_decode(const void *data, size_t size, struct link_message *ret_message)
{
    memset(ret_message, 0, sizeof(*ret_message));
    struct bytes_reader reader = bytes_reader(data, size);
    uint8_t type = bytes_read_u8(&reader);
    if (size > LINK_MESSAGE_MAX || type < LINK_HELLO || type >= LINK_MESSAGE_TYPE_END) {
        return ERR_MALFORMED;
    }
    ret_message->type = (enum link_message_type)type;
    if (!fields_read(&reader, ret_message) || !bytes_reader_ok(&reader) ||
        bytes_left(&reader) != 0) {
        return ERR_MALFORMED;
    }
    return ERR_NONE;
}

bool link_variant_from_text(const char *text, enum link_variant *ret_variant)
{
    static const char *const names[LINK_VARIANT_END] = {
        [LINK_VARIANT_AUTO] = "auto", [LINK_VARIANT_PLAIN] = "plain", [LINK_VARIANT_LONG] = "long",
        [LINK_VARIANT_RED1] = "red",  [LINK_VARIANT_RED2] = "red2",
    };
    for (int i = 0; i < LINK_VARIANT_END; i++) {
        if (strcmp(names[i], text) == 0) {
            *ret_variant = (enum link_variant)i;
            return true;
        }
    }
    return false;
}
