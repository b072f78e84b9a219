// Which sections of an offer are taken for which of control's, and why the others are not.
#include <string.h>

#include "base/text.h"
#include "media/abilities.h"
#include "media/media_sdp_priv.h"

static bool section_fits(const struct sdp_section *offered, const struct link_section *wish)
{
    enum sdp_kind kind = wish->kind == LINK_AUDIO ? SDP_AUDIO : SDP_VIDEO;
    enum sdp_direction direction = wish->direction == LINK_SEND ? SDP_SENDONLY : SDP_RECVONLY;
    return offered->kind == kind && !offered->rejected &&
           (offered->direction == direction || offered->direction == SDP_SENDRECV);
}

static enum sdp_role wish_role(const struct link_section *wish)
{
    return wish->direction == LINK_SEND ? SDP_CLIENT_SENDS : SDP_CLIENT_RECEIVES;
}

// The first wish that is still free and that the offered section fits, or `section_count`.
static uint8_t wish_find(const struct media_sdp *sdp, uint8_t offered,
                         const struct link_section *sections, uint8_t section_count)
{
    uint8_t at = 0;
    while (at < section_count && (memchr(sdp->wishes, at + 1, sizeof(sdp->wishes)) != NULL ||
                                  !section_fits(&sdp->offer.sections[offered], &sections[at]))) {
        at++;
    }
    return at;
}

// The section whose transport all others must share: the first sound that can be taken, else the
// first picture. NULL when nothing can be.
static const struct sdp_section *
leader_find(const struct media_sdp *sdp, const struct link_section *sections, uint8_t section_count)
{
    const struct sdp_section *leader = NULL;
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        const struct sdp_section *offered = &sdp->offer.sections[i];
        uint8_t wish = wish_find(sdp, i, sections, section_count);
        struct sdp_answer_section tried = {.rejected = true};
        if (wish < section_count) {
            sdp_answer_section_init(&tried, offered, wish_role(&sections[wish]), &media_abilities);
        }
        if (!tried.rejected &&
            (leader == NULL || (leader->kind != SDP_AUDIO && offered->kind == SDP_AUDIO))) {
            leader = offered;
        }
    }
    return leader;
}

static bool shares_transport(const struct sdp_section *section, const struct sdp_section *leader)
{
    return leader == NULL || section == leader ||
           (section->bundle != 0 && section->bundle == leader->bundle);
}

// One transport, so one meaning for each id, and one id for each of those that tell packets apart
// (RFC 8843 section 9.2): the first section that has it speaks for all.
static void extensions_agree(struct media_sdp *sdp, struct sdp_answer_section *answer)
{
    struct media_session *session = &sdp->session;
    uint8_t *const common[SDP_EXTENSION_COUNT] = {
        [SDP_EXTENSION_MID] = &session->mid_id,
        [SDP_EXTENSION_RID] = &session->rid_id,
        [SDP_EXTENSION_REPAIRED_RID] = &session->repaired_rid_id,
    };
    for (uint8_t name = SDP_EXTENSION_OTHER + 1; name < SDP_EXTENSION_COUNT; name++) {
        uint8_t id = answer->extension_ids[name];
        uint8_t meaning = sdp->extension_of_id[id];
        bool agrees = (meaning == SDP_EXTENSION_OTHER || meaning == name) &&
                      (common[name] == NULL || *common[name] == 0 || *common[name] == id);
        if (id == 0 || !agrees) {
            answer->extension_ids[name] = 0;
            continue;
        }
        sdp->extension_of_id[id] = name;
        if (common[name] != NULL) {
            *common[name] = id;
        }
    }
    answer->simulcast = answer->simulcast && answer->extension_ids[SDP_EXTENSION_RID] != 0;
}

static void offered_take(struct media_sdp *sdp, uint8_t index, const struct sdp_section *leader,
                         const struct link_section *sections, uint8_t section_count)
{
    const struct sdp_section *offered = &sdp->offer.sections[index];
    struct sdp_answer_section *answer = &sdp->answer.sections[index];
    uint8_t wish = wish_find(sdp, index, sections, section_count);
    if (wish == section_count) {
        if (!offered->rejected && offered->kind != SDP_OTHER) {
            sdp_answer_reject(answer, "nothing more of this kind and direction is taken here");
        }
        return;
    }
    sdp_answer_section_init(answer, offered, wish_role(&sections[wish]), &media_abilities);
    if (!answer->rejected && !shares_transport(offered, leader)) {
        sdp_answer_reject(answer,
                          leader->kind == SDP_AUDIO
                              ? "it is in no BUNDLE with the sound, whose transport is taken"
                              : "all sections must be in one BUNDLE");
    }
    if (!answer->rejected) {
        sdp->wishes[index] = wish + 1;
        extensions_agree(sdp, answer);
    }
}

static bool meets(const uint8_t a[2], const uint8_t b[2])
{
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < 2; k++) {
            if (a[i] != 0 && a[i] == b[k]) {
                return true;
            }
        }
    }
    return false;
}

static bool ssrcs_meet(const struct sdp_section *a, const struct sdp_section *b)
{
    for (uint8_t i = 0; i < a->ssrc_count; i++) {
        for (uint8_t k = 0; k < b->ssrc_count; k++) {
            if (a->ssrcs[i] == b->ssrcs[k]) {
                return true;
            }
        }
    }
    return false;
}

// Can demux.h tell the packets of the two? By the mid that they carry, by the SSRCs that were
// announced, or by their payload types.
static bool are_told_apart(const struct sdp_answer_section *a, const struct sdp_answer_section *b)
{
    const struct sdp_answer_section *const both[2] = {a, b};
    uint8_t types[2][2];
    bool mid = true;
    bool announced = true;
    for (unsigned i = 0; i < 2; i++) {
        const struct sdp_section *offered = both[i]->offered;
        bool other_codec = both[i]->payload_type == 0;
        types[i][0] = other_codec ? both[i]->h264.payload_type : both[i]->payload_type;
        types[i][1] = other_codec ? both[i]->h264.rtx_payload_type : both[i]->rtx_payload_type;
        mid = mid && offered->mid.size > 0 && both[i]->extension_ids[SDP_EXTENSION_MID] != 0;
        announced = announced && offered->ssrc_count > 0 && !both[i]->simulcast;
    }
    return !ssrcs_meet(a->offered, b->offered) && (mid || announced || !meets(types[0], types[1]));
}

static bool is_sender(const struct media_sdp *sdp, uint8_t index)
{
    const struct sdp_answer_section *answer = &sdp->answer.sections[index];
    return sdp->wishes[index] != 0 && answer->direction == SDP_RECVONLY;
}

// Of two whose packets look alike the picture goes, else the latter.
static void offered_drop_alike(struct media_sdp *sdp)
{
    struct sdp_answer_section *answers = sdp->answer.sections;
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        for (uint8_t k = 0; k < i; k++) {
            if (!is_sender(sdp, i) || !is_sender(sdp, k) ||
                are_told_apart(&answers[i], &answers[k])) {
                continue;
            }
            bool first_is_picture = answers[k].offered->kind == SDP_VIDEO &&
                                    answers[i].offered->kind == SDP_AUDIO;
            uint8_t goes = first_is_picture ? k : i;
            sdp->wishes[goes] = 0;
            sdp_answer_reject(&answers[goes],
                              "its packets cannot be told from another section's: "
                              "no mid, and the same SSRC or payload type");
        }
    }
}

// ---- Whether that is enough

// The answer to the first section that could have been this wish's and was rejected with a reason.
static const struct sdp_answer_section *rejected_for(const struct media_sdp *sdp,
                                                     const struct link_section *wish)
{
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        const struct sdp_answer_section *answer = &sdp->answer.sections[i];
        if (sdp->wishes[i] == 0 && section_fits(&sdp->offer.sections[i], wish) &&
            answer->reason[0] != '\0') {
            return answer;
        }
    }
    return NULL;
}

static enum err wish_refuse(struct media_sdp *sdp, const struct link_section *wish)
{
    const struct sdp_answer_section *answer = rejected_for(sdp, wish);
    if (answer != NULL) {
        text_copy_cut(sdp->reason, sizeof(sdp->reason), answer->reason);
        return ERR_UNSUPPORTED;
    }
    struct text_builder text = text_builder(sdp->reason, sizeof(sdp->reason));
    text_append_format(&text, "the offer has no %s that is %s",
                       wish->kind == LINK_AUDIO ? "sound (m=audio)" : "picture (m=video)",
                       wish->direction == LINK_SEND ? "sendonly or sendrecv"
                                                    : "recvonly or sendrecv");
    return ERR_INVALID;
}

// A sender must not believe that it is seen, or heard, when nobody can take what it sends.
static bool is_enough(const struct media_sdp *sdp, const struct link_section *wish)
{
    const struct sdp_answer_section *answer = rejected_for(sdp, wish);
    bool told = wish->kind == LINK_VIDEO && sdp->sound_without_picture;
    return wish->optional &&
           (wish->direction != LINK_SEND || answer == NULL || !answer->codec_lacks || told);
}

// Nothing was taken: the first of control's sections for which there is a reason, else the first.
static const struct link_section *best_explained(const struct media_sdp *sdp,
                                                 const struct link_section *sections,
                                                 uint8_t section_count)
{
    for (uint8_t i = 0; i < section_count; i++) {
        if (rejected_for(sdp, &sections[i]) != NULL) {
            return &sections[i];
        }
    }
    return &sections[0];
}

static enum err wishes_check(struct media_sdp *sdp, const struct link_section *sections,
                             uint8_t section_count)
{
    bool any_taken = false;
    for (uint8_t i = 0; i < section_count; i++) {
        bool is_taken = memchr(sdp->wishes, i + 1, sizeof(sdp->wishes)) != NULL;
        any_taken = any_taken || is_taken;
        if (!is_taken && !is_enough(sdp, &sections[i])) {
            return wish_refuse(sdp, &sections[i]);
        }
    }
    if (any_taken) {
        return ERR_NONE;
    }
    if (section_count == 0) {
        text_copy_cut(sdp->reason, sizeof(sdp->reason), "nothing is taken here");
        return ERR_INVALID;
    }
    return wish_refuse(sdp, best_explained(sdp, sections, section_count));
}

enum err media_sdp_match(struct media_sdp *sdp, const struct link_section *sections,
                         uint8_t section_count)
{
    const struct sdp_section *leader = leader_find(sdp, sections, section_count);
    for (uint8_t i = 0; i < sdp->offer.section_count; i++) {
        offered_take(sdp, i, leader, sections, section_count);
    }
    offered_drop_alike(sdp);
    return wishes_check(sdp, sections, section_count);
}
