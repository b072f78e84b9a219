#include "media/demux.h"

#include <string.h>

#define UNKNOWN 0xff

void demux_init(struct demux *demux, uint8_t mid_id, uint8_t rid_id, uint8_t repaired_rid_id)
{
    *demux = (struct demux){
        .mid_id = mid_id,
        .rid_id = rid_id,
        .repaired_rid_id = repaired_rid_id,
    };
}

enum err demux_add_section(struct demux *demux, const struct demux_section *section)
{
    if (section->layer_count < 1 || section->layer_count > DEMUX_LAYERS_MAX) {
        return ERR_INVALID;
    }
    if (demux->section_count == DEMUX_SECTIONS_MAX) {
        return ERR_FULL;
    }
    demux->sections[demux->section_count++] = *section;
    return ERR_NONE;
}

void demux_learn(struct demux *demux, uint32_t ssrc, uint8_t section, uint8_t layer)
{
    for (uint8_t i = 0; i < demux->ssrc_count; i++) {
        if (demux->ssrcs[i].ssrc == ssrc) {
            demux->ssrcs[i].section = section;
            demux->ssrcs[i].layer = layer;
            return;
        }
    }
    if (demux->ssrc_count == DEMUX_SSRCS_MAX) {
        demux->ssrc_count--;
        memmove(&demux->ssrcs[0], &demux->ssrcs[1], demux->ssrc_count * sizeof(demux->ssrcs[0]));
    }
    demux->ssrcs[demux->ssrc_count++] = (struct demux_ssrc){
        .ssrc = ssrc, .section = section, .layer = layer};
}

static bool extension_is(const struct rtp_extension *extension, const char *name)
{
    return extension->size == strlen(name) && memcmp(extension->data, name, extension->size) == 0;
}

static uint8_t section_by_mid(const struct demux *demux, const struct rtp_packet *rtp,
                              const uint8_t *packet)
{
    struct rtp_extension mid;
    if (demux->mid_id == 0 || !rtp_extension_find(rtp, packet, demux->mid_id, &mid)) {
        return UNKNOWN;
    }
    for (uint8_t i = 0; i < demux->section_count; i++) {
        if (extension_is(&mid, demux->sections[i].mid)) {
            return i;
        }
    }
    return UNKNOWN;
}

static uint8_t section_by_payload_type(const struct demux *demux, uint8_t payload_type)
{
    uint8_t found = UNKNOWN;
    for (uint8_t i = 0; i < demux->section_count; i++) {
        const struct demux_section *section = &demux->sections[i];
        bool fits = section->payload_type == payload_type ||
                    (section->rtx_payload_type != 0 && section->rtx_payload_type == payload_type);
        if (fits && found != UNKNOWN) {
            return UNKNOWN;
        }
        found = fits ? i : found;
    }
    return found;
}

static uint8_t layer_by_rid(const struct demux *demux, uint8_t section,
                            const struct rtp_packet *rtp, const uint8_t *packet)
{
    const struct demux_section *about = &demux->sections[section];
    struct rtp_extension rid;
    if (about->layer_count == 1) {
        return 0;
    }
    bool found = (demux->rid_id != 0 && rtp_extension_find(rtp, packet, demux->rid_id, &rid)) ||
                 (demux->repaired_rid_id != 0 &&
                  rtp_extension_find(rtp, packet, demux->repaired_rid_id, &rid));
    for (uint8_t i = 0; found && i < about->layer_count; i++) {
        if (extension_is(&rid, about->rid[i])) {
            return i;
        }
    }
    return UNKNOWN;
}

static bool learned(const struct demux *demux, uint32_t ssrc, struct demux_ssrc *ret_entry)
{
    for (uint8_t i = demux->ssrc_count; i > 0; i--) {
        if (demux->ssrcs[i - 1].ssrc == ssrc) {
            *ret_entry = demux->ssrcs[i - 1];
            return true;
        }
    }
    return false;
}

bool demux_find(struct demux *demux, const struct rtp_packet *rtp, const uint8_t *packet,
                link_source *ret_source, uint8_t *ret_layer)
{
    struct demux_ssrc entry = {.section = UNKNOWN};
    if (!learned(demux, rtp->ssrc, &entry)) {
        entry.section = section_by_mid(demux, rtp, packet);
        if (entry.section == UNKNOWN) {
            entry.section = section_by_payload_type(demux, rtp->payload_type);
        }
        entry.layer = entry.section != UNKNOWN ? layer_by_rid(demux, entry.section, rtp, packet)
                                               : UNKNOWN;
        if (entry.layer == UNKNOWN) {
            return false;
        }
        demux_learn(demux, rtp->ssrc, entry.section, entry.layer);
    }
    *ret_source = demux->sections[entry.section].source;
    *ret_layer = entry.layer;
    return true;
}
