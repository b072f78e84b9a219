#include "wire/vp8.h"

#include "base/bytes.h"

// RFC 7741 section 4.2: X R N S R PID, then by X: I L T K.
#define BIT_EXTENDED      0x80
#define BIT_NON_REFERENCE 0x20
#define BIT_START         0x10
#define MASK_PARTITION    0x0f // four bits of which the highest is reserved and zero
#define BIT_PICTURE_ID    0x80
#define BIT_TL0PICIDX     0x40
#define BIT_TEMPORAL      0x20
#define BIT_KEYIDX        0x10
#define BIT_LONG          0x80

static void read_extended(struct bytes_reader *reader, struct vp8_payload *vp8)
{
    uint8_t flags = bytes_read_u8(reader);
    if ((flags & BIT_PICTURE_ID) != 0) {
        vp8->has_picture_id = true;
        vp8->picture_id_offset = (uint8_t)reader->position;
        uint8_t first = bytes_read_u8(reader);
        vp8->picture_id_long = (first & BIT_LONG) != 0;
        vp8->picture_id = first & 0x7f;
        if (vp8->picture_id_long) {
            vp8->picture_id = (uint16_t)(vp8->picture_id << 8 | bytes_read_u8(reader));
        }
    }
    if ((flags & BIT_TL0PICIDX) != 0) {
        vp8->has_tl0picidx = true;
        vp8->tl0picidx_offset = (uint8_t)reader->position;
        vp8->tl0picidx = bytes_read_u8(reader);
    }
    if ((flags & (BIT_TEMPORAL | BIT_KEYIDX)) != 0) {
        uint8_t temporal = bytes_read_u8(reader);
        if ((flags & BIT_TEMPORAL) != 0) {
            vp8->has_temporal = true;
            vp8->temporal_id = temporal >> 6;
            vp8->layer_sync = (temporal & 0x20) != 0;
        }
    }
}

// RFC 6386 section 9.1: a key frame has bit 0 of the frame tag clear, then a start code and 14-bit
// sizes, little-endian.
static void read_frame_tag(struct bytes_reader *reader, struct vp8_payload *vp8)
{
    const uint8_t *tag = bytes_take(reader, 10);
    if (tag == NULL || (tag[0] & 0x01) != 0 || tag[3] != 0x9d || tag[4] != 0x01 || tag[5] != 0x2a) {
        return;
    }
    vp8->key_frame = true;
    vp8->width = (uint16_t)((tag[6] | tag[7] << 8) & 0x3fff);
    vp8->height = (uint16_t)((tag[8] | tag[9] << 8) & 0x3fff);
}

enum err vp8_parse(const uint8_t *payload, size_t size, struct vp8_payload *ret_vp8)
{
    *ret_vp8 = (struct vp8_payload){0};
    struct vp8_payload vp8 = {0};
    struct bytes_reader reader = bytes_reader(payload, size);
    uint8_t first = bytes_read_u8(&reader);
    vp8.non_reference = (first & BIT_NON_REFERENCE) != 0;
    vp8.start_of_frame = (first & BIT_START) != 0 && (first & MASK_PARTITION) == 0;
    if ((first & BIT_EXTENDED) != 0) {
        read_extended(&reader, &vp8);
    }
    if (!bytes_reader_ok(&reader) || bytes_left(&reader) == 0) {
        return ERR_MALFORMED;
    }
    vp8.descriptor_size = (uint8_t)reader.position;
    if (vp8.start_of_frame) {
        read_frame_tag(&reader, &vp8);
    }
    *ret_vp8 = vp8;
    return ERR_NONE;
}

void vp8_rewrite(uint8_t *payload, const struct vp8_payload *vp8, uint16_t picture_id,
                 uint8_t tl0picidx)
{
    if (vp8->has_picture_id) {
        uint8_t *at = payload + vp8->picture_id_offset;
        if (vp8->picture_id_long) {
            bytes_store_u16(at, (uint16_t)(BIT_LONG << 8 | (picture_id & 0x7fff)));
        } else {
            at[0] = picture_id & 0x7f;
        }
    }
    if (vp8->has_tl0picidx) {
        payload[vp8->tl0picidx_offset] = tl0picidx;
    }
}
