#include "wire/stun.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/crc32.h"
#include "wire/stun_attributes.h"

static struct bytes_writer begin(uint8_t *to, size_t capacity, enum stun_class class,
                                 const uint8_t *transaction)
{
    struct bytes_writer writer = bytes_writer(to, capacity);
    uint16_t class_bits = (uint16_t)((class & 2) << 7 | (class & 1) << 4);
    bytes_write_u16(&writer, class_bits | STUN_METHOD_BINDING);
    bytes_write_u16(&writer, 0);
    bytes_write_u32(&writer, STUN_COOKIE);
    bytes_write(&writer, transaction, STUN_TRANSACTION_SIZE);
    return writer;
}

static void write_attribute(struct bytes_writer *writer, uint16_t type, const void *data,
                            size_t size)
{
    static const uint8_t zeros[4];
    bytes_write_u16(writer, type);
    bytes_write_u16(writer, (uint16_t)size);
    bytes_write(writer, data, size);
    bytes_write(writer, zeros, (4 - size % 4) % 4);
}

static void set_length(struct bytes_writer *writer, size_t end)
{
    bytes_store_u16(writer->data + 2, (uint16_t)(end - STUN_HEADER_SIZE));
}

// Appends MESSAGE-INTEGRITY (with a key) and FINGERPRINT; both cover the length field as it stands
// after themselves.
static size_t finish(struct bytes_writer *writer, stun_hmac hmac, const void *key)
{
    size_t tail = (hmac != NULL ? 4 + STUN_MAC_SIZE : 0) + 8;
    if (!bytes_writer_ok(writer) || writer->size - writer->position < tail) {
        return 0;
    }
    if (hmac != NULL) {
        uint8_t mac[STUN_MAC_SIZE];
        set_length(writer, writer->position + 4 + STUN_MAC_SIZE);
        hmac(key, writer->data, STUN_HEADER_SIZE, writer->data + STUN_HEADER_SIZE,
             writer->position - STUN_HEADER_SIZE, mac);
        write_attribute(writer, STUN_ATTRIBUTE_INTEGRITY, mac, sizeof(mac));
    }
    set_length(writer, writer->position + 8);
    uint8_t fingerprint[4];
    bytes_store_u32(fingerprint,
                    crc32_ieee(writer->data, writer->position) ^ STUN_FINGERPRINT_MASK);
    write_attribute(writer, STUN_ATTRIBUTE_FINGERPRINT, fingerprint, sizeof(fingerprint));
    return writer->position;
}

size_t stun_write_success(const struct stun_message *request, const struct address *mapped,
                          stun_hmac hmac, const void *key, uint8_t *to, size_t capacity)
{
    struct bytes_writer writer = begin(to, capacity, STUN_SUCCESS, request->transaction);
    uint8_t mask[16];
    bytes_store_u32(mask, STUN_COOKIE);
    memcpy(mask + 4, request->transaction, STUN_TRANSACTION_SIZE);
    bool ipv4 = mapped->family == ADDRESS_IPV4;
    size_t ip_size = ipv4 ? 4 : 16;
    uint8_t value[20] = {0, ipv4 ? STUN_FAMILY_IPV4 : STUN_FAMILY_IPV6};
    bytes_store_u16(value + 2, mapped->port ^ (uint16_t)(STUN_COOKIE >> 16));
    for (size_t i = 0; i < ip_size; i++) {
        value[4 + i] = mapped->ip[i] ^ mask[i];
    }
    write_attribute(&writer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, value, 4 + ip_size);
    return finish(&writer, hmac, key);
}

static const char *error_reason(uint16_t code)
{
    switch (code) {
    case STUN_BAD_REQUEST: return "Bad Request";
    case STUN_UNAUTHENTICATED: return "Unauthenticated";
    case STUN_UNKNOWN_ATTRIBUTE: return "Unknown Attribute";
    case STUN_ROLE_CONFLICT: return "Role Conflict";
    default: return "Error";
    }
}

size_t stun_write_error(const struct stun_message *request, uint16_t code, stun_hmac hmac,
                        const void *key, uint8_t *to, size_t capacity)
{
    struct bytes_writer writer = begin(to, capacity, STUN_ERROR, request->transaction);
    const char *reason = error_reason(code);
    size_t reason_size = strlen(reason);
    uint8_t value[32] = {0, 0, (uint8_t)(code / 100), (uint8_t)(code % 100)};
    memcpy(value + 4, reason, reason_size);
    write_attribute(&writer, STUN_ATTRIBUTE_ERROR_CODE, value, 4 + reason_size);
    if (code == STUN_UNKNOWN_ATTRIBUTE) {
        uint8_t list[2 * STUN_UNKNOWN_MAX];
        for (size_t i = 0; i < request->unknown_count; i++) {
            bytes_store_u16(list + 2 * i, request->unknown[i]);
        }
        write_attribute(&writer, STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES, list,
                        2u * request->unknown_count);
    }
    return finish(&writer, hmac, key);
}

size_t stun_write_request(const struct stun_request *request, stun_hmac hmac, const void *key,
                          uint8_t *to, size_t capacity)
{
    struct bytes_writer writer = begin(to, capacity, STUN_REQUEST, request->transaction);
    write_attribute(&writer, STUN_ATTRIBUTE_USERNAME, request->username, strlen(request->username));
    uint8_t number[8];
    bytes_store_u32(number, request->priority);
    write_attribute(&writer, STUN_ATTRIBUTE_PRIORITY, number, 4);
    bytes_store_u32(number, (uint32_t)(request->tie_breaker >> 32));
    bytes_store_u32(number + 4, (uint32_t)request->tie_breaker);
    write_attribute(&writer,
                    request->controlling ? STUN_ATTRIBUTE_ICE_CONTROLLING
                                         : STUN_ATTRIBUTE_ICE_CONTROLLED,
                    number, 8);
    if (request->use_candidate) {
        write_attribute(&writer, STUN_ATTRIBUTE_USE_CANDIDATE, NULL, 0);
    }
    return finish(&writer, hmac, key);
}
