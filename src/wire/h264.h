// The H.264 payload (RFC 6184, packetization modes 0 and 1): what a forwarder must know, which is
// where a decoder may begin. H.264 carries no picture numbers to rewrite. Works on the decrypted
// payload (behind the RTP header). No allocation. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct h264_payload {
    bool sequence_parameters; // a sequence parameter set: with it encoders begin each key frame
    bool picture_parameters;  // a picture parameter set
    bool key_slice;           // a slice of a key frame (IDR), or the beginning of one
};

// ERR_MALFORMED for what these modes do not have, and for lengths that do not fit.
enum err CHECKED h264_parse(const uint8_t *payload, size_t size, struct h264_payload *ret_h264);
