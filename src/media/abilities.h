// What this process can do with media: the one table that both who answers offers (media_sdp.c) and
// who is then to carry what was answered (slot.c, source.c) read, so that no answer promises what
// is refused later. Constant; any thread.
#pragma once

#include "media/demux.h"
#include "media/redundancy.h"
#include "media/router.h"
#include "wire/sdp.h"

_Static_assert(DEMUX_LAYERS_MAX == ROUTER_LAYERS_MAX, "what is told apart is what is forwarded");

static const struct sdp_abilities media_abilities = {
    .extension_id_max =
        {
            // Both forms of RFC 8285 are read; one byte a header is written, and that only for
            // abs-send-time: a mid or a level that a listener offers is not refused and never sent.
            [SDP_CLIENT_SENDS] = {0, 255, 255, 255, 255, 255},
            [SDP_CLIENT_RECEIVES] = {[SDP_EXTENSION_MID] = 255,
                                     [SDP_EXTENSION_ABS_SEND_TIME] = 14,
                                     [SDP_EXTENSION_AUDIO_LEVEL] = 255},
        },
    // What is cut comes from whoever cut it: it cannot be made whole for who takes mode 0 alone.
    .h264_modes = {[SDP_CLIENT_SENDS] = 1 << 0 | 1 << 1, [SDP_CLIENT_RECEIVES] = 1 << 1},
    .layers_max = DEMUX_LAYERS_MAX,
    .red_opus_type = REDUNDANCY_OPUS_TYPE,
};

// A payload type that was negotiated, or none.
static inline bool ability_payload_type(unsigned payload_type)
{
    return payload_type == 0 || sdp_payload_type_usable(payload_type);
}
