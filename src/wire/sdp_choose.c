// What of an offered section a server takes that has these abilities, and why not the rest.
#include <string.h>

#include "base/text.h"
#include "wire/sdp.h"
#include "wire/sdp_text.h"

#define NAMES_MAX 3 // of codecs, in a reason
#define NAME_MAX  16

#define FEEDBACK_ACCEPTED \
    (SDP_FEEDBACK_NACK | SDP_FEEDBACK_NACK_PLI | SDP_FEEDBACK_FIR | SDP_FEEDBACK_REMB)

static const struct sdp_codec *codec_chosen(const struct sdp_section *offered)
{
    enum sdp_codec_name wanted = offered->kind == SDP_AUDIO ? SDP_CODEC_OPUS : SDP_CODEC_VP8;
    for (size_t i = 0; i < offered->codec_count; i++) {
        const struct sdp_codec *codec = &offered->codecs[i];
        if (codec->codec == wanted && sdp_payload_type_usable(codec->payload_type)) {
            return codec;
        }
    }
    return NULL;
}

// Constrained Baseline before all others: every decoder has it. What is sent under the type may be
// of another profile; decoders read it from the stream.
static unsigned h264_rank(const struct sdp_codec *codec)
{
    uint32_t profile = codec->profile_level >> 16;
    bool constrained = (codec->profile_level & 0x4000) != 0; // constraint_set1_flag
    if (profile == 0x42 && constrained) {
        return 0;
    }
    return profile == 0x42 || profile == 0 ? 1 : profile == 0x4d ? 2 : 3;
}

// Mode 1 before 0: it can cut what is larger than a packet.
static const struct sdp_codec *h264_chosen(const struct sdp_section *offered, uint8_t modes)
{
    const struct sdp_codec *chosen = NULL;
    for (size_t i = 0; offered->kind == SDP_VIDEO && i < offered->codec_count; i++) {
        const struct sdp_codec *codec = &offered->codecs[i];
        if (codec->codec != SDP_CODEC_H264 || (modes >> codec->packetization_mode & 1) == 0 ||
            !sdp_payload_type_usable(codec->payload_type)) {
            continue;
        }
        if (chosen == NULL || codec->packetization_mode > chosen->packetization_mode ||
            (codec->packetization_mode == chosen->packetization_mode &&
             h264_rank(codec) < h264_rank(chosen))) {
            chosen = codec;
        }
    }
    return chosen;
}

static uint8_t rtx_of(const struct sdp_section *offered, uint8_t payload_type)
{
    for (size_t i = 0; i < offered->codec_count; i++) {
        const struct sdp_codec *codec = &offered->codecs[i];
        if (codec->codec == SDP_CODEC_RTX && codec->apt == payload_type &&
            sdp_payload_type_usable(codec->payload_type)) {
            return codec->payload_type;
        }
    }
    return 0;
}

// RFC 2198 section 5: a=fmtp:63 111/111 lists the types of the blocks; only Opus in Opus will do.
static bool repeats_only(struct sdp_text types, uint8_t payload_type)
{
    bool only = types.size > 0;
    while (types.size > 0) {
        uint32_t type;
        only = sdp_text_number(sdp_text_take(&types, '/'), 127, &type) && type == payload_type &&
               only;
    }
    return only;
}

static uint8_t red_of(const struct sdp_section *offered, uint8_t payload_type)
{
    for (size_t i = 0; i < offered->codec_count; i++) {
        const struct sdp_codec *codec = &offered->codecs[i];
        if (codec->codec == SDP_CODEC_RED && repeats_only(codec->fmtp, payload_type) &&
            sdp_payload_type_usable(codec->payload_type)) {
            return codec->payload_type;
        }
    }
    return 0;
}

// ---- Why not

// Names as people write them. Others as offered, cut, without what does not belong into a log.
static void name_write(struct text_builder *to, const struct sdp_codec *codec)
{
    if (sdp_text_equal_ignoring_case(codec->name, "H265")) {
        text_append(to, "H.265");
    } else if (codec->codec == SDP_CODEC_H264) {
        text_append_format(to, "H.264 of packetization mode %u", codec->packetization_mode);
    } else {
        for (size_t i = 0; i < codec->name.size && i < NAME_MAX; i++) {
            char c = codec->name.data[i];
            text_append_n(to, c > ' ' && c <= '~' ? &c : "?", 1);
        }
    }
}

// Formats that are no sound or picture of their own.
static bool is_helper(const struct sdp_codec *codec)
{
    static const char *const names[] = {"",    "ulpfec",          "flexfec-03", "red",
                                        "rtx", "telephone-event", "CN"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (sdp_text_equal_ignoring_case(codec->name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool named_before(const struct sdp_section *offered, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (sdp_text_same(offered->codecs[i].name, offered->codecs[index].name)) {
            return true;
        }
    }
    return false;
}

// A codec of ours under a number that is not.
static const struct sdp_codec *misnumbered(const struct sdp_section *offered)
{
    for (size_t i = 0; i < offered->codec_count; i++) {
        const struct sdp_codec *codec = &offered->codecs[i];
        bool ours = codec->codec == SDP_CODEC_OPUS || codec->codec == SDP_CODEC_VP8;
        if (ours && !sdp_payload_type_usable(codec->payload_type)) {
            return codec;
        }
    }
    return NULL;
}

// "VP9 and AV1 are not taken: VP8 or H.264"
static void codec_reason(const struct sdp_section *offered, enum sdp_role role,
                         struct text_builder *to)
{
    const struct sdp_codec *codec = misnumbered(offered);
    if (codec != NULL) {
        text_append_format(to, "payload type %u is not taken: 1 to 63 or 96 to 127",
                           codec->payload_type);
        return;
    }
    unsigned count = 0;
    for (size_t i = 0; i < offered->codec_count && count < NAMES_MAX; i++) {
        if (!is_helper(&offered->codecs[i]) && !named_before(offered, i)) {
            text_append(to, count > 0 ? " and " : "");
            name_write(to, &offered->codecs[i]);
            count++;
        }
    }
    if (count == 0) {
        text_append(to, "no codec is named");
    } else {
        text_append(to, count == 1 ? " is not " : " are not ");
        text_append(to, role == SDP_CLIENT_SENDS ? "taken" : "sent");
    }
    text_append(to, offered->kind == SDP_AUDIO ? ": Opus" : ": VP8 or H.264");
    if (role == SDP_CLIENT_RECEIVES && offered->kind == SDP_VIDEO) {
        text_append(to, " of packetization mode 1");
    }
}

void sdp_answer_reject(struct sdp_answer_section *section, const char *reason)
{
    *section = (struct sdp_answer_section){
        .offered = section->offered,
        .rejected = true,
        .codec_lacks = section->codec_lacks,
        .direction = SDP_INACTIVE,
    };
    text_copy_cut(section->reason, sizeof(section->reason), reason);
}

// ---- What is taken

static uint8_t extension_id(const struct sdp_section *offered, enum sdp_extension_name name,
                            enum sdp_role role, const struct sdp_abilities *abilities)
{
    const struct sdp_extension *extension = sdp_section_extension(offered, name);
    return extension != NULL && extension->id <= abilities->extension_id_max[role][name]
               ? extension->id
               : 0;
}

static void video_init(struct sdp_answer_section *section, const struct sdp_codec *vp8,
                       const struct sdp_codec *h264, enum sdp_role role,
                       const struct sdp_abilities *abilities)
{
    const struct sdp_section *offered = section->offered;
    // Layers are told apart by the extension alone.
    section->simulcast = role == SDP_CLIENT_SENDS && vp8 != NULL && offered->rid_count > 0 &&
                         offered->rid_count <= abilities->layers_max &&
                         section->extension_ids[SDP_EXTENSION_RID] != 0;
    if (vp8 != NULL) {
        section->rtx_payload_type = rtx_of(offered, vp8->payload_type);
        section->feedback = vp8->feedback & FEEDBACK_ACCEPTED;
    }
    if (h264 != NULL) {
        section->h264 = (struct sdp_answer_h264){
            .payload_type = h264->payload_type,
            .rtx_payload_type = rtx_of(offered, h264->payload_type),
            .feedback = h264->feedback & FEEDBACK_ACCEPTED,
            .packetization_mode = h264->packetization_mode,
            .profile_level = h264->profile_level,
        };
    }
}

void sdp_answer_section_init(struct sdp_answer_section *section, const struct sdp_section *offered,
                             enum sdp_role role, const struct sdp_abilities *abilities)
{
    const struct sdp_codec *codec = codec_chosen(offered);
    const struct sdp_codec *h264 = h264_chosen(offered, abilities->h264_modes[role]);
    *section = (struct sdp_answer_section){.offered = offered};
    const char *problem = offered->kind == SDP_OTHER ? "only sound and pictures are taken"
                                                     : sdp_section_problem(offered);
    if (offered->rejected || problem != NULL) {
        sdp_answer_reject(section, offered->rejected ? "" : problem);
        return;
    }
    if (codec == NULL && h264 == NULL) {
        char reason[SDP_REASON_MAX + 1];
        struct text_builder text = text_builder(reason, sizeof(reason));
        codec_reason(offered, role, &text);
        section->codec_lacks = true;
        sdp_answer_reject(section, reason);
        return;
    }
    section->direction = offered->direction == SDP_INACTIVE ? SDP_INACTIVE
                         : role == SDP_CLIENT_SENDS         ? SDP_RECVONLY
                                                            : SDP_SENDONLY;
    section->payload_type = codec != NULL ? codec->payload_type : 0;
    for (int i = SDP_EXTENSION_OTHER + 1; i < SDP_EXTENSION_COUNT; i++) {
        section->extension_ids[i] = extension_id(offered, (enum sdp_extension_name)i, role,
                                                 abilities);
    }
    if (offered->kind == SDP_VIDEO) {
        video_init(section, codec, h264, role, abilities);
    } else if (abilities->red_opus_type == 0 || section->payload_type == abilities->red_opus_type) {
        section->red_payload_type = red_of(offered, section->payload_type);
    }
}

void sdp_answer_init(struct sdp_answer *answer, const struct sdp_description *offer,
                     const struct sdp_abilities *abilities)
{
    *answer = (struct sdp_answer){.section_count = offer->section_count};
    for (size_t i = 0; i < offer->section_count; i++) {
        const struct sdp_section *offered = &offer->sections[i];
        enum sdp_role role = offered->direction == SDP_SENDONLY ? SDP_CLIENT_SENDS
                                                                : SDP_CLIENT_RECEIVES;
        sdp_answer_section_init(&answer->sections[i], offered, role, abilities);
    }
}
