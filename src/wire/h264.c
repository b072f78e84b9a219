#include "wire/h264.h"

#include "base/bytes.h"

// RFC 6184 section 1.3: F, two bits of NRI, five of type; section 5.8: S, E, R, type.
#define BIT_FORBIDDEN 0x80
#define MASK_TYPE     0x1f
#define BIT_START     0x80
#define BIT_END       0x40

#define NAL_KEY_SLICE           5
#define NAL_SEQUENCE_PARAMETERS 7
#define NAL_PICTURE_PARAMETERS  8
#define NAL_SINGLE_LAST         23
#define NAL_AGGREGATE           24 // STAP-A
#define NAL_FRAGMENT            28 // FU-A

// False for a type that cannot stand alone.
static bool note(struct h264_payload *h264, uint8_t type)
{
    h264->sequence_parameters = h264->sequence_parameters || type == NAL_SEQUENCE_PARAMETERS;
    h264->picture_parameters = h264->picture_parameters || type == NAL_PICTURE_PARAMETERS;
    h264->key_slice = h264->key_slice || type == NAL_KEY_SLICE;
    return type >= 1 && type <= NAL_SINGLE_LAST;
}

// Section 5.7.1: sizes of 16 bits, each before its unit. At least one.
static bool read_aggregate(struct bytes_reader *reader, struct h264_payload *h264)
{
    bool valid = bytes_left(reader) > 0;
    while (valid && bytes_left(reader) > 0) {
        uint16_t size = bytes_read_u16(reader);
        const uint8_t *unit = bytes_take(reader, size);
        valid = size > 0 && unit != NULL && note(h264, unit[0] & MASK_TYPE);
    }
    return valid;
}

static bool read_fragment(struct bytes_reader *reader, struct h264_payload *h264)
{
    uint8_t header = bytes_read_u8(reader);
    struct h264_payload later = {0};
    bool start = (header & BIT_START) != 0;
    bool valid = note(start ? h264 : &later, header & MASK_TYPE);
    return valid && bytes_left(reader) > 0 && !(start && (header & BIT_END) != 0);
}

enum err h264_parse(const uint8_t *payload, size_t size, struct h264_payload *ret_h264)
{
    *ret_h264 = (struct h264_payload){0};
    struct h264_payload h264 = {0};
    struct bytes_reader reader = bytes_reader(payload, size);
    uint8_t first = bytes_read_u8(&reader);
    uint8_t type = first & MASK_TYPE;
    if (!bytes_reader_ok(&reader) || (first & BIT_FORBIDDEN) != 0) {
        return ERR_MALFORMED;
    }
    bool valid = type == NAL_AGGREGATE  ? read_aggregate(&reader, &h264)
                 : type == NAL_FRAGMENT ? read_fragment(&reader, &h264)
                                        : note(&h264, type);
    if (!valid || !bytes_reader_ok(&reader)) {
        return ERR_MALFORMED;
    }
    *ret_h264 = h264;
    return ERR_NONE;
}
