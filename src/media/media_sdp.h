// From the client's offer and control's sections to what was negotiated and the SDP answer.
// Coordinator thread. No I/O.
//
// Each section of the offer belongs to the first free one of control's that it fits in kind,
// direction and codec and whose packets can be told from those of the others; all share the
// transport of the first sound. The rest of the offer, data channels too, is rejected in the answer
// (port 0), with the reason. What the answer promises is what abilities.h says.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/certificate.h"
#include "link/link.h"
#include "media/demux.h"
#include "media/ice_lite.h"
#include "media/router.h"
#include "wire/sdp.h"

struct media_section {
    struct link_section wish; // control's
    uint8_t payload_type;     // 0: a listener that takes no VP8
    uint8_t rtx_payload_type; // 0: not negotiated
    uint8_t feedback;         // SDP_FEEDBACK_ bits
    uint8_t abs_send_time_id; // 0: not negotiated
    uint8_t level_id;         // ssrc-audio-level; 0: not negotiated
    // LINK_SEND:
    enum router_codec codec;   // video: VP8 where it is offered
    char mid[SDP_MID_MAX + 1]; // empty when the client does not send it with packets
    uint8_t layer_count;       // 1 without simulcast
    char rids[DEMUX_LAYERS_MAX][DEMUX_NAME_MAX + 1]; // smallest picture first
    uint8_t ssrc_count;
    uint32_t ssrcs[SDP_SSRCS_MAX];
    // LINK_RECEIVE: ours, for ever
    uint32_t ssrc;
    uint32_t rtx_ssrc;         // 0: none
    uint8_t red_payload_type;  // audio; 0: not negotiated
    uint8_t h264_payload_type; // video, beside VP8 or alone; 0: not negotiated
    uint8_t h264_rtx_payload_type;
    uint16_t ptime_max_ms; // audio: what the client takes at most; 0: not said
};

struct media_session {
    struct certificate_digests certificate_digests; // one is of the client's certificate
    uint8_t mid_id;                                 // header extensions, 0 when not negotiated
    uint8_t rid_id;
    uint8_t repaired_rid_id;
    uint32_t rtcp_ssrc; // ours, for reports and feedback
    char cname[ROUTER_CNAME_MAX + 1];
    uint8_t section_count;
    struct media_section sections[LINK_SECTIONS_MAX];
};

// What the answer says of this server.
struct media_sdp_server {
    const char *fingerprint; // "AB:CD:…"
    uint8_t candidate_count;
    struct address candidates[SDP_CANDIDATES_MAX];
};

struct media_sdp; // working memory, about 80 KB

// NULL when memory is short. `sound_without_picture`: a sender whose pictures are in no codec of
// ours is taken for its sound; else its offer is refused.
struct media_sdp *media_sdp_create(bool sound_without_picture);
void media_sdp_destroy(struct media_sdp *sdp);

// Reads the offer. ERR_MALFORMED, ERR_TOO_LARGE, ERR_UNSUPPORTED: the offer; ERR_INVALID: it does
// not fit the sections (one that is not optional stays free, or all do). `offer` is borrowed until
// media_sdp_write_answer(). `index` names the peer in its ICE fragment.
enum err CHECKED media_sdp_read_offer(struct media_sdp *sdp, const char *offer, size_t size,
                                      const struct link_section *sections, uint8_t section_count,
                                      uint32_t index);
// Why the last offer was refused, in English; of one that was not: why the first of its sections
// was, or empty.
const char *media_sdp_reason(const struct media_sdp *sdp);
// For the last offer read.
enum err CHECKED media_sdp_write_answer(struct media_sdp *sdp,
                                        const struct media_sdp_server *server, char *to,
                                        size_t capacity, size_t *ret_size);
const struct media_session *media_sdp_session(const struct media_sdp *sdp);
const struct ice_credentials *media_sdp_credentials(const struct media_sdp *sdp);
