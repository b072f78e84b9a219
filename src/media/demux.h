// Which source and layer a received SSRC belongs to, for one peer: learned from the SDP's a=ssrc
// lines, and from the MID and RID header extensions (RFC 8843 section 9.2, RFC 8852), which senders
// put on the first packets of each SSRC. The transport asks it for each decrypted packet and hands
// the answer, with the packet as it was read, to router_receive_rtp().
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "link/link.h"
#include "wire/rtp.h"
#include "wire/sdp.h"

#define DEMUX_SECTIONS_MAX 16
#define DEMUX_LAYERS_MAX   3
#define DEMUX_SSRCS_MAX    32 // the oldest is forgotten when a peer uses more
#define DEMUX_NAME_MAX     16

struct demux_section {
    char mid[SDP_MID_MAX + 1];
    link_source source;
    uint8_t payload_type;
    uint8_t rtx_payload_type; // 0: none
    uint8_t layer_count;      // 1 without simulcast
    char rid[DEMUX_LAYERS_MAX]
            [DEMUX_NAME_MAX + 1]; // smallest picture first; empty without simulcast
};

struct demux {
    uint8_t mid_id; // the extensions' ids, 0 when not negotiated
    uint8_t rid_id;
    uint8_t repaired_rid_id;
    uint8_t section_count;
    struct demux_section sections[DEMUX_SECTIONS_MAX];
    uint8_t ssrc_count; // learned; below: newest last
    struct demux_ssrc {
        uint32_t ssrc;
        uint8_t section;
        uint8_t layer;
    } ssrcs[DEMUX_SSRCS_MAX];
};

// Forgets everything.
void demux_init(struct demux *demux, uint8_t mid_id, uint8_t rid_id, uint8_t repaired_rid_id);
// ERR_FULL: DEMUX_SECTIONS_MAX; ERR_INVALID: layer_count.
enum err CHECKED demux_add_section(struct demux *demux, const struct demux_section *section);
// From a=ssrc: what the SSRC belongs to before any packet.
void demux_learn(struct demux *demux, uint32_t ssrc, uint8_t section, uint8_t layer);
// The source and layer of an authenticated RTP packet, which `rtp` was read from; learns from its
// extensions. An SSRC without any is taken for the only section with its payload type, if there is
// just one. False: unknown, drop the packet.
bool demux_find(struct demux *demux, const struct rtp_packet *rtp, const uint8_t *packet,
                link_source *ret_source, uint8_t *ret_layer);
