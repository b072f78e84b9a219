// The inside of media_sdp, for media_sdp*.c alone.
#pragma once

#include "media/media_sdp.h"

#define TRACK_NAME_SIZE 16

struct media_sdp {
    struct sdp_description offer;
    struct sdp_answer answer;
    struct media_session session;
    struct ice_credentials credentials;
    char track_names[SDP_SECTIONS_MAX][TRACK_NAME_SIZE];
    uint8_t
        wishes[SDP_SECTIONS_MAX]; // by offered section: which of control's it is for + 1; 0: none
    uint8_t extension_of_id[UINT8_MAX + 1]; // enum sdp_extension_name
    bool sound_without_picture;
    char reason[SDP_REASON_MAX + 1];
};

// Matches the offer, which was read, with control's sections: fills `wishes`, the answer's sections
// and the session's header extensions. As media_sdp_read_offer(), with `reason`.
enum err CHECKED media_sdp_match(struct media_sdp *sdp, const struct link_section *sections,
                                 uint8_t section_count);
