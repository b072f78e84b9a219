
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "crypto/random.h"
#include "media/abilities.h"
#include "media/media_sdp_priv.h"

#define OPUS_BITS_PER_SECOND 64000 // what a microphone is asked to send
#define CNAME_LENGTH         16    // 95 random bits (RFC 7022 section 4.2)

struct media_sdp *media_sdp_create(bool sound_without_picture)
{
    struct media_sdp *sdp = calloc(1, sizeof(*sdp));
    if (sdp != NULL) {
        sdp->sound_without_picture = sound_without_picture;
    }
    return sdp;
}

void media_sdp_destroy(struct media_sdp *sdp)
{
    free(sdp);
}

const struct media_session *media_sdp_session(const struct media_sdp *sdp)
{
    return &sdp->session;
}

const char *media_sdp_reason(const struct media_sdp *sdp)
{
    return sdp->reason;
}

const struct ice_credentials *media_sdp_credentials(const struct media_sdp *sdp)
{
    return &sdp->credentials;
}

static bool ssrc_taken(const struct media_sdp *sdp, uint32_t ssrc)
{
    const struct media_session *session = &sdp->session;
    bool taken = ssrc == 0 || ssrc == session->rtcp_ssrc;
    for (uint8_t i = 0; i < session->section_count; i++) {
        taken = taken || ssrc == session->sections[i].ssrc || ssrc == session->sections[i].rtx_ssrc;
    }
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        for (uint8_t k = 0; k < sdp->offer.sections[i].ssrc_count; k++) {
            taken = taken || ssrc == sdp->offer.sections[i].ssrcs[k];
        }
    }
    return taken;
}

static uint32_t ssrc_new(const struct media_sdp *sdp)
{
    uint32_t ssrc;
    do {
        ssrc = random_u32();
    } while (ssrc_taken(sdp, ssrc));
    return ssrc;
}

// Names that browsers, OBS and others give their layers. -1: not one of them.
static int rid_rank(struct sdp_text rid)
{
    static const char *const names[] = {"l", "q", "m", "h", "f"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (sdp_text_equal(rid, names[i])) {
            return (int)i;
        }
    }
    return -1;
}

// The rids in the order of their picture's size when their names tell it, else in the order of the
// offer.
static void rids_sort(struct sdp_text *rids, uint8_t count)
{
    for (uint8_t i = 0; i < count; i++) {
        if (rid_rank(rids[i]) < 0) {
            return;
        }
    }
    for (uint8_t i = 1; i < count; i++) {
        for (uint8_t k = i; k > 0 && rid_rank(rids[k - 1]) > rid_rank(rids[k]); k--) {
            struct sdp_text moved = rids[k];
            rids[k] = rids[k - 1];
            rids[k - 1] = moved;
        }
    }
}

static void reason_set(struct media_sdp *sdp, const char *reason)
{
    text_copy_cut(sdp->reason, sizeof(sdp->reason), reason);
}

static void section_read_layers(struct media_section *section, const struct sdp_section *offered,
                                struct sdp_answer_section *answer)
{
    section->layer_count = 1;
    bool simulcast = answer->simulcast && offered->rid_count > 1;
    struct sdp_text rids[SDP_RIDS_MAX];
    memcpy(rids, offered->rids, sizeof(rids));
    rids_sort(rids, simulcast ? offered->rid_count : 0);
    for (uint8_t i = 0; simulcast && i < offered->rid_count; i++) {
        simulcast = text_copy_n(section->rids[i], sizeof(section->rids[i]), rids[i].data,
                                rids[i].size) == ERR_NONE;
    }
    answer->simulcast = simulcast;
    if (simulcast) {
        section->layer_count = offered->rid_count;
    } else {
        memset(section->rids, 0, sizeof(section->rids));
    }
}

// One codec of a source. VP8 where it is offered: everybody takes it, and it has layers.
static void sender_choose_codec(struct media_section *section, struct sdp_answer_section *answer)
{
    if (answer->payload_type != 0) {
        answer->h264 = (struct sdp_answer_h264){0};
        return;
    }
    section->codec = ROUTER_H264;
    section->payload_type = answer->h264.payload_type;
    section->rtx_payload_type = answer->h264.rtx_payload_type;
    section->feedback = answer->h264.feedback;
    answer->simulcast = false;
}

static void section_read_sender(struct media_section *section, const struct sdp_section *offered,
                                struct sdp_answer_section *answer)
{
    answer->red_payload_type = 0; // repeated only towards listeners
    sender_choose_codec(section, answer);
    if (answer->extension_ids[SDP_EXTENSION_MID] == 0 || offered->mid.size == 0 ||
        text_copy_n(section->mid, sizeof(section->mid), offered->mid.data, offered->mid.size) !=
            ERR_NONE) {
        section->mid[0] = 0;
    }
    section_read_layers(section, offered, answer);
    section->ssrc_count = offered->ssrc_count;
    memcpy(section->ssrcs, offered->ssrcs, sizeof(section->ssrcs));
}

static void section_read_receiver(struct media_sdp *sdp, struct media_section *section,
                                  const struct sdp_section *offered,
                                  struct sdp_answer_section *answer)
{
    section->red_payload_type = answer->red_payload_type;
    section->ptime_max_ms = offered->ptime_max_ms;
    section->ssrc = ssrc_new(sdp);
    section->h264_payload_type = answer->h264.payload_type;
    section->h264_rtx_payload_type = answer->h264.rtx_payload_type;
    bool repair = section->rtx_payload_type != 0 || section->h264_rtx_payload_type != 0;
    section->rtx_ssrc = repair ? ssrc_new(sdp) : 0;
    answer->ssrc = section->ssrc;
    answer->rtx_ssrc = section->rtx_ssrc;
    char *name = sdp->track_names[answer - sdp->answer.sections];
    (void)snprintf(name, TRACK_NAME_SIZE, "slot_%u", section->wish.slot);
    answer->msid_stream = "plenary";
    answer->msid_track = name;
}

static void section_read(struct media_sdp *sdp, uint8_t offered_index,
                         const struct link_section *wish)
{
    struct media_session *session = &sdp->session;
    const struct sdp_section *offered = &sdp->offer.sections[offered_index];
    struct sdp_answer_section *answer = &sdp->answer.sections[offered_index];
    struct media_section *section = &session->sections[session->section_count++];
    section->wish = *wish;
    section->payload_type = answer->payload_type;
    section->rtx_payload_type = answer->rtx_payload_type;
    section->feedback = answer->feedback;
    section->abs_send_time_id = answer->extension_ids[SDP_EXTENSION_ABS_SEND_TIME];
    section->level_id = answer->extension_ids[SDP_EXTENSION_AUDIO_LEVEL];
    if (wish->direction == LINK_SEND) {
        section_read_sender(section, offered, answer);
    } else {
        section_read_receiver(sdp, section, offered, answer);
    }
}

static void sections_read(struct media_sdp *sdp, const struct link_section *sections)
{
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        const struct sdp_answer_section *answer = &sdp->answer.sections[i];
        if (sdp->wishes[i] != 0) {
            section_read(sdp, i, &sections[sdp->wishes[i] - 1]);
        } else if (sdp->reason[0] == '\0' && answer->offered->kind != SDP_OTHER) {
            reason_set(sdp, answer->reason);
        }
    }
}

// Of the sections taken, the one that comes first in their BUNDLE group (RFC 8843 section 7.3.1).
static const struct sdp_section *transport_section(const struct media_sdp *sdp)
{
    const struct sdp_section *first = NULL;
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        const struct sdp_section *section = &sdp->offer.sections[i];
        if (sdp->wishes[i] != 0 && (first == NULL || section->bundle_rank < first->bundle_rank)) {
            first = section;
        }
    }
    ASSERT(first != NULL); // something was taken
    return first;
}

static void take_fingerprints(struct certificate_digests *digests,
                              const struct sdp_fingerprints *offered)
{
    _Static_assert(sizeof(digests->digests) == sizeof(offered->digests), "all that were read");
    digests->count = offered->count;
    memcpy(digests->digests, offered->digests, sizeof(digests->digests));
}

enum err media_sdp_read_offer(struct media_sdp *sdp, const char *offer, size_t size,
                              const struct link_section *sections, uint8_t section_count,
                              uint32_t index)
{
    ASSERT(section_count <= LINK_SECTIONS_MAX);
    memset(&sdp->session, 0, sizeof(sdp->session));
    memset(sdp->wishes, 0, sizeof(sdp->wishes));
    memset(sdp->extension_of_id, 0, sizeof(sdp->extension_of_id));
    sdp->reason[0] = '\0';
    enum err err = sdp_parse(offer, size, &sdp->offer);
    if (err == ERR_NONE) {
        err = sdp_offer_check(&sdp->offer);
    }
    if (err != ERR_NONE) {
        reason_set(sdp, sdp->offer.problem);
        return err;
    }
    sdp_answer_init(&sdp->answer, &sdp->offer, &media_abilities);
    sdp->session.rtcp_ssrc = ssrc_new(sdp);
    random_text(sdp->session.cname, CNAME_LENGTH);
    err = media_sdp_match(sdp, sections, section_count);
    if (err != ERR_NONE) {
        return err;
    }
    sections_read(sdp, sections);
    const struct sdp_section *transport = transport_section(sdp);
    take_fingerprints(&sdp->session.certificate_digests, &transport->fingerprints);
    return ice_credentials_init(&sdp->credentials, index, transport->ufrag.data,
                                transport->ufrag.size);
}

enum err media_sdp_write_answer(struct media_sdp *sdp, const struct media_sdp_server *server,
                                char *to, size_t capacity, size_t *ret_size)
{
    sdp->answer.session_id = random_u64() >> 2;
    sdp->answer.ufrag = sdp->credentials.ufrag;
    sdp->answer.password = sdp->credentials.password;
    sdp->answer.fingerprint = server->fingerprint;
    sdp->answer.cname = sdp->session.cname;
    sdp->answer.opus_bits_per_second = OPUS_BITS_PER_SECOND;
    sdp->answer.candidate_count = server->candidate_count;
    memcpy(sdp->answer.candidates, server->candidates, sizeof(sdp->answer.candidates));
    return sdp_answer_write(&sdp->answer, to, capacity, ret_size);
}
