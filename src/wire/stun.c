#include "wire/stun.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/crc32.h"
#include "wire/stun_attributes.h"

static bool read_xor_address(struct bytes_reader *value, const uint8_t *transaction,
                             struct address *ret_address)
{
    bytes_skip(value, 1);
    uint8_t family = bytes_read_u8(value);
    uint16_t port = bytes_read_u16(value) ^ (uint16_t)(STUN_COOKIE >> 16);
    size_t ip_size = family == STUN_FAMILY_IPV4 ? 4 : 16;
    const uint8_t *ip = bytes_take(value, ip_size);
    if (ip == NULL || (family != STUN_FAMILY_IPV4 && family != STUN_FAMILY_IPV6)) {
        return false;
    }
    uint8_t mask[16];
    bytes_store_u32(mask, STUN_COOKIE);
    memcpy(mask + 4, transaction, STUN_TRANSACTION_SIZE);
    *ret_address = (struct address){.port = port};
    ret_address->family = family == STUN_FAMILY_IPV4 ? ADDRESS_IPV4 : ADDRESS_IPV6;
    for (size_t i = 0; i < ip_size; i++) {
        ret_address->ip[i] = ip[i] ^ mask[i];
    }
    return true;
}

static void note_unknown(struct stun_message *message, uint16_t type)
{
    if (type < STUN_OPTIONAL_FIRST && message->unknown_count < STUN_UNKNOWN_MAX) {
        message->unknown[message->unknown_count] = type;
        message->unknown_count++;
    }
}

// False when the attribute's own contents are wrong.
static bool read_attribute(struct stun_message *message, uint16_t type, struct bytes_reader *value,
                           size_t offset)
{
    switch (type) {
    case STUN_ATTRIBUTE_USERNAME:
        message->username_size = bytes_left(value);
        message->username = bytes_take(value, message->username_size);
        return message->username_size <= STUN_USERNAME_MAX;
    case STUN_ATTRIBUTE_PRIORITY: message->priority = bytes_read_u32(value); break;
    case STUN_ATTRIBUTE_USE_CANDIDATE: message->use_candidate = true; break;
    case STUN_ATTRIBUTE_ICE_CONTROLLING:
        message->controlling = true;
        message->tie_breaker = bytes_read_u64(value);
        break;
    case STUN_ATTRIBUTE_ICE_CONTROLLED:
        message->controlled = true;
        message->tie_breaker = bytes_read_u64(value);
        break;
    case STUN_ATTRIBUTE_ERROR_CODE: {
        bytes_skip(value, 2);
        uint8_t hundreds = bytes_read_u8(value) & 0x07;
        message->error_code = (uint16_t)(hundreds * 100 + bytes_read_u8(value));
        break;
    }
    case STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS:
        return read_xor_address(value, message->transaction, &message->mapped);
    case STUN_ATTRIBUTE_INTEGRITY:
        message->integrity_offset = offset;
        return bytes_left(value) == STUN_MAC_SIZE;
    default: note_unknown(message, type); return true;
    }
    return bytes_reader_ok(value);
}

static bool fingerprint_right(const struct stun_message *message, size_t offset, uint32_t given)
{
    uint32_t crc = crc32_ieee(message->data, offset);
    return (crc ^ STUN_FINGERPRINT_MASK) == given;
}

static enum err read_attributes(struct stun_message *message, struct bytes_reader *reader)
{
    while (bytes_left(reader) > 0) {
        size_t offset = reader->position;
        uint16_t type = bytes_read_u16(reader);
        uint16_t size = bytes_read_u16(reader);
        const uint8_t *data = bytes_take(reader, size);
        bytes_skip(reader, (4u - size % 4) % 4);
        if (!bytes_reader_ok(reader)) {
            return ERR_MALFORMED;
        }
        struct bytes_reader value = bytes_reader(data, size);
        if (type == STUN_ATTRIBUTE_FINGERPRINT) {
            // RFC 8489 section 14.7: the last attribute; its CRC covers everything before it.
            if (size != 4 || bytes_left(reader) > 0 ||
                !fingerprint_right(message, offset, bytes_read_u32(&value))) {
                return ERR_MALFORMED;
            }
            message->fingerprint = true;
        } else if (message->integrity_offset == 0 &&
                   !read_attribute(message, type, &value, offset)) {
            return ERR_MALFORMED;
        }
    }
    return ERR_NONE;
}

enum err stun_parse(const void *data, size_t size, struct stun_message *ret_message)
{
    *ret_message = (struct stun_message){.data = data, .size = size};
    struct bytes_reader reader = bytes_reader(data, size);
    uint16_t type = bytes_read_u16(&reader);
    uint16_t length = bytes_read_u16(&reader);
    uint32_t cookie = bytes_read_u32(&reader);
    ret_message->transaction = bytes_take(&reader, STUN_TRANSACTION_SIZE);
    if (!bytes_reader_ok(&reader) || (type & 0xc000) != 0 || cookie != STUN_COOKIE ||
        length % 4 != 0 || length != bytes_left(&reader)) {
        return ERR_MALFORMED;
    }
    // RFC 8489 section 5: the class bits C1 and C0 stand at 0x0100 and 0x0010 among the method's.
    ret_message->class = (enum stun_class)((type >> 7 & 2) | (type >> 4 & 1));
    ret_message->method = (uint16_t)((type & 0x000f) | (type >> 1 & 0x0070) | (type >> 2 & 0x0f80));
    return read_attributes(ret_message, &reader);
}

bool stun_integrity_ok(const struct stun_message *message, stun_hmac hmac, const void *key)
{
    size_t offset = message->integrity_offset;
    if (offset == 0) {
        return false;
    }
    // RFC 8489 section 14.5: the length field counts up to and including MESSAGE-INTEGRITY.
    uint8_t header[STUN_HEADER_SIZE];
    memcpy(header, message->data, sizeof(header));
    bytes_store_u16(header + 2, (uint16_t)(offset + 4 + STUN_MAC_SIZE - STUN_HEADER_SIZE));
    uint8_t mac[STUN_MAC_SIZE];
    hmac(key, header, sizeof(header), message->data + sizeof(header), offset - sizeof(header), mac);
    const uint8_t *given = message->data + offset + 4;
    uint8_t difference = 0;
    for (size_t i = 0; i < STUN_MAC_SIZE; i++) {
        difference |= mac[i] ^ given[i];
    }
    return difference == 0;
}

bool stun_username_local(const struct stun_message *message, const char **ret_text,
                         size_t *ret_size)
{
    if (message->username == NULL) {
        return false;
    }
    const uint8_t *colon = memchr(message->username, ':', message->username_size);
    if (colon == NULL) {
        return false;
    }
    *ret_text = (const char *)message->username;
    *ret_size = (size_t)(colon - message->username);
    return true;
}
