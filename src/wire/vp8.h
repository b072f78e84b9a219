// The VP8 payload descriptor (RFC 7741 section 4.2): what a forwarder must know and the places
// where it rewrites the picture numbers. Works on the decrypted payload (behind the RTP header);
// positions are from the start of the payload. No allocation. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct vp8_payload {
    uint8_t descriptor_size; // bytes before the VP8 data
    bool start_of_frame;     // S = 1 and partition 0
    bool key_frame; // start of a frame that needs no other; false for later packets of that frame
    bool non_reference;        // N: may be dropped without harm
    bool has_picture_id;       //
    bool picture_id_long;      // 15 bits instead of 7
    uint8_t picture_id_offset; // of the byte with the M bit
    uint16_t picture_id;       //
    bool has_tl0picidx;        //
    uint8_t tl0picidx_offset;  //
    uint8_t tl0picidx;         //
    bool has_temporal;         // T: temporal_id and layer_sync say something
    uint8_t temporal_id;       // 0 is the base layer
    bool layer_sync;           // Y: one may switch up to this layer here
    uint16_t width;            // of a key frame, else 0
    uint16_t height;           //
};

// ERR_MALFORMED when the descriptor does not fit, or no VP8 data follow it.
enum err CHECKED vp8_parse(const uint8_t *payload, size_t size, struct vp8_payload *ret_vp8);
// Rewrites in place, keeping the sizes the descriptor has; a number it does not carry is ignored.
void vp8_rewrite(uint8_t *payload, const struct vp8_payload *vp8, uint16_t picture_id,
                 uint8_t tl0picidx);
