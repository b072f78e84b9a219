#include "wire/rtp.h"

#include <string.h>

#include "base/bytes.h"

enum err rtp_parse(const uint8_t *data, size_t size, struct rtp_packet *ret_packet)
{
    *ret_packet = (struct rtp_packet){0};
    if (size < RTP_HEADER_SIZE || size > UINT16_MAX || data[0] >> 6 != 2) {
        return ERR_MALFORMED;
    }
    struct rtp_packet packet = {
        .payload_type = data[1] & 0x7f,
        .marker = (data[1] & 0x80) != 0,
        .padding = (data[0] & 0x20) != 0,
        .sequence = bytes_load_u16(data + 2),
        .timestamp = bytes_load_u32(data + 4),
        .ssrc = bytes_load_u32(data + 8),
    };
    size_t header = RTP_HEADER_SIZE + 4u * (data[0] & 0x0f);
    if ((data[0] & 0x10) != 0) {
        if (size < header + 4) {
            return ERR_MALFORMED;
        }
        packet.extension_profile = bytes_load_u16(data + header);
        packet.extension_size = (uint16_t)(4u * bytes_load_u16(data + header + 2));
        packet.extension_offset = (uint16_t)(header + 4);
        header += 4 + 4u * bytes_load_u16(data + header + 2);
    }
    if (size < header) {
        return ERR_MALFORMED;
    }
    packet.header_size = (uint16_t)header;
    packet.payload_size = (uint16_t)(size - header);
    *ret_packet = packet;
    return ERR_NONE;
}

enum err rtp_strip_padding(const uint8_t *data, size_t size, struct rtp_packet *packet)
{
    if (size < packet->header_size || size > UINT16_MAX) {
        return ERR_MALFORMED;
    }
    size_t payload = size - packet->header_size;
    if (packet->padding) {
        if (payload == 0 || data[size - 1] == 0 || data[size - 1] > payload) {
            return ERR_MALFORMED;
        }
        payload -= data[size - 1];
    }
    packet->payload_size = (uint16_t)payload;
    return ERR_NONE;
}

struct rtp_extension_reader rtp_extension_reader(const struct rtp_packet *packet,
                                                 const uint8_t *data)
{
    bool two_byte = (packet->extension_profile & 0xfff0) == RTP_EXTENSION_TWO_BYTE;
    bool known = two_byte || packet->extension_profile == RTP_EXTENSION_ONE_BYTE;
    return (struct rtp_extension_reader){
        .data = data + packet->extension_offset,
        .size = known ? packet->extension_size : 0,
        .two_byte = two_byte,
    };
}

bool rtp_extension_next(struct rtp_extension_reader *reader, struct rtp_extension *ret_extension)
{
    // RFC 8285 section 4.2: zero bytes between elements are padding.
    while (reader->position < reader->size && reader->data[reader->position] == 0) {
        reader->position++;
    }
    size_t left = (size_t)(reader->size - reader->position);
    const uint8_t *element = reader->data + reader->position;
    size_t head = reader->two_byte ? 2 : 1;
    if (left < head) {
        return false;
    }
    struct rtp_extension extension;
    if (reader->two_byte) {
        extension = (struct rtp_extension){.id = element[0], .size = element[1]};
    } else {
        extension = (struct rtp_extension){.id = element[0] >> 4,
                                           .size = (uint8_t)((element[0] & 0x0f) + 1)};
    }
    // Id 15 of the one-byte form ends the elements.
    bool end = !reader->two_byte && extension.id > RTP_EXTENSION_ONE_BYTE_MAX;
    if (end || left < head + extension.size) {
        reader->position = reader->size;
        return false;
    }
    extension.data = element + head;
    reader->position = (uint16_t)(reader->position + head + extension.size);
    *ret_extension = extension;
    return true;
}

bool rtp_extension_find(const struct rtp_packet *packet, const uint8_t *data, uint8_t id,
                        struct rtp_extension *ret_extension)
{
    struct rtp_extension_reader reader = rtp_extension_reader(packet, data);
    while (rtp_extension_next(&reader, ret_extension)) {
        if (ret_extension->id == id) {
            return true;
        }
    }
    return false;
}

void rtp_write_header(uint8_t to[RTP_HEADER_SIZE], const struct rtp_header *header)
{
    to[0] = header->extension ? 0x90 : 0x80;
    to[1] = (uint8_t)((header->marker ? 0x80 : 0) | (header->payload_type & 0x7f));
    bytes_store_u16(to + 2, header->sequence);
    bytes_store_u32(to + 4, header->timestamp);
    bytes_store_u32(to + 8, header->ssrc);
}

size_t rtp_write_extensions(const struct rtp_extension *extensions, size_t count, uint8_t *to,
                            size_t capacity)
{
    struct bytes_writer writer = bytes_writer(to, capacity);
    bytes_write_u16(&writer, RTP_EXTENSION_ONE_BYTE);
    bytes_write_u16(&writer, 0);
    for (size_t i = 0; i < count; i++) {
        const struct rtp_extension *extension = &extensions[i];
        if (extension->id < 1 || extension->id > RTP_EXTENSION_ONE_BYTE_MAX ||
            extension->size < 1 || extension->size > 16) {
            return 0;
        }
        bytes_write_u8(&writer, (uint8_t)(extension->id << 4 | (extension->size - 1)));
        bytes_write(&writer, extension->data, extension->size);
    }
    while (bytes_writer_ok(&writer) && writer.position % 4 != 0) {
        bytes_write_u8(&writer, 0);
    }
    if (!bytes_writer_ok(&writer)) {
        return 0;
    }
    bytes_store_u16(to + 2, (uint16_t)((writer.position - 4) / 4));
    return writer.position;
}

uint32_t rtp_abs_send_time(int64_t time_us)
{
    // Reduced to the 64 s of the format first, so that the multiplication cannot overflow.
    uint64_t within = (uint64_t)time_us % (64 * 1000000u);
    return (uint32_t)((within << 18) / 1000000u) & 0xffffff;
}

int64_t rtp_abs_send_time_difference_us(uint32_t later, uint32_t earlier)
{
    int32_t units = (int32_t)((later - earlier) << 8) >> 8; // sign-extends 24 bits
    return (int64_t)units * 1000000 / (1 << 18);
}
