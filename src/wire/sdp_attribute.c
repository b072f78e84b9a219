#include "wire/sdp_attribute.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_text.h"

#define MID_MAX 32 // bytes; what fits into a header extension is shorter still
#define RID_MAX 16

static struct sdp_codec *codec_find(struct sdp_section *section, struct sdp_text text)
{
    uint32_t payload_type;
    if (!sdp_text_number(text, 127, &payload_type)) {
        return NULL;
    }
    for (size_t i = 0; i < section->codec_count; i++) {
        if (section->codecs[i].payload_type == payload_type) {
            return &section->codecs[i];
        }
    }
    return NULL;
}

static enum sdp_codec_name codec_name(const struct sdp_codec *codec)
{
    if (sdp_text_equal_ignoring_case(codec->name, "opus")) {
        return codec->clock_hz == 48000 && codec->channels == 2 ? SDP_CODEC_OPUS : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "VP8")) {
        return codec->clock_hz == 90000 ? SDP_CODEC_VP8 : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "H264")) {
        return codec->clock_hz == 90000 ? SDP_CODEC_H264 : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "red")) {
        return codec->clock_hz == 48000 && codec->channels == 2 ? SDP_CODEC_RED : SDP_CODEC_OTHER;
    }
    return sdp_text_equal_ignoring_case(codec->name, "rtx") ? SDP_CODEC_RTX : SDP_CODEC_OTHER;
}

// a=rtpmap:111 opus/48000/2
static bool read_rtpmap(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_codec *codec = codec_find(section, sdp_text_word(&line));
    if (codec == NULL) {
        return true;
    }
    struct sdp_text encoding = sdp_text_word(&line);
    codec->name = sdp_text_take(&encoding, '/');
    uint32_t clock_hz;
    uint32_t channels = 1;
    if (!sdp_text_number(sdp_text_take(&encoding, '/'), UINT32_MAX, &clock_hz) ||
        (encoding.size > 0 && !sdp_text_number(encoding, 255, &channels))) {
        return false;
    }
    codec->clock_hz = clock_hz;
    codec->channels = (uint8_t)channels;
    codec->codec = codec_name(codec);
    return true;
}

// RFC 6184 section 8.1: profile_idc, profile-iop and level_idc, two hexadecimal digits each. 0 for
// what is none.
static uint32_t profile_level(struct sdp_text text)
{
    char digits[7] = {0};
    uint8_t bytes[3];
    if (text.size != 6) {
        return 0;
    }
    memcpy(digits, text.data, 6);
    if (text_unhex(bytes, sizeof(bytes), digits) != ERR_NONE) {
        return 0;
    }
    return (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
}

// a=fmtp:97 apt=96;rtx-time=3000, a=fmtp:96 packetization-mode=1;profile-level-id=42e01f
static bool read_fmtp(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_codec *codec = codec_find(section, sdp_text_word(&line));
    if (codec == NULL) {
        return true;
    }
    codec->fmtp = line;
    while (line.size > 0) {
        struct sdp_text pair = sdp_text_take(&line, ';');
        pair = sdp_text_word(&pair);
        uint32_t number;
        if (sdp_text_skip(&pair, "apt=")) {
            codec->apt = sdp_text_number(pair, 127, &number) ? (uint8_t)number : codec->apt;
        } else if (sdp_text_skip(&pair, "packetization-mode=")) {
            codec->packetization_mode = sdp_text_number(pair, 2, &number) ? (uint8_t)number : 0;
        } else if (sdp_text_skip(&pair, "profile-level-id=")) {
            codec->profile_level = profile_level(pair);
        }
    }
    return true;
}

static uint8_t feedback_bit(struct sdp_text text)
{
    static const struct {
        const char *text;
        uint8_t bit;
    } kinds[] = {{"nack", SDP_FEEDBACK_NACK},
                 {"nack pli", SDP_FEEDBACK_NACK_PLI},
                 {"ccm fir", SDP_FEEDBACK_FIR},
                 {"goog-remb", SDP_FEEDBACK_REMB},
                 {"transport-cc", SDP_FEEDBACK_TRANSPORT_CC}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (sdp_text_equal(text, kinds[i].text)) {
            return kinds[i].bit;
        }
    }
    return 0;
}

// a=rtcp-fb:96 nack pli, or a=rtcp-fb:* …
static bool read_feedback(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text which = sdp_text_word(&line);
    uint8_t bit = feedback_bit(line);
    if (sdp_text_equal(which, "*")) {
        for (size_t i = 0; i < section->codec_count; i++) {
            section->codecs[i].feedback |= bit;
        }
        return true;
    }
    struct sdp_codec *codec = codec_find(section, which);
    if (codec != NULL) {
        codec->feedback |= bit;
    }
    return true;
}

// a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid
static bool read_extmap(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text which = sdp_text_word(&line);
    uint32_t id;
    struct sdp_extension extension = {.uri = sdp_text_word(&line)};
    if (!sdp_text_number(sdp_text_take(&which, '/'), UINT32_MAX, &id) || id == 0) {
        return false;
    }
    // Ids above 255 (RFC 8285 section 6: a choice left to the answerer) and more than fit are left
    // out.
    if (id > 255 || section->extension_count == SDP_EXTENSIONS_MAX) {
        return true;
    }
    extension.id = (uint8_t)id;
    for (int i = SDP_EXTENSION_OTHER + 1; i < SDP_EXTENSION_COUNT; i++) {
        if (sdp_text_equal(extension.uri, sdp_extension_uri((enum sdp_extension_name)i))) {
            extension.extension = (enum sdp_extension_name)i;
        }
    }
    section->extensions[section->extension_count] = extension;
    section->extension_count++;
    return true;
}

// a=fingerprint:sha-256 AB:CD:…; other digests are left out.
static bool read_fingerprint(struct sdp_section *section, struct sdp_text line)
{
    if (!sdp_text_equal_ignoring_case(sdp_text_word(&line), "sha-256") ||
        section->fingerprint.present) {
        return true;
    }
    struct sdp_fingerprint fingerprint = {.present = true};
    if (line.size != SDP_DIGEST_SIZE * 3 - 1) {
        return false;
    }
    for (size_t i = 0; i < SDP_DIGEST_SIZE; i++) {
        struct sdp_text pair = sdp_text_take(&line, ':');
        char text[3] = {0};
        if (pair.size != 2) {
            return false;
        }
        memcpy(text, pair.data, 2);
        if (text_unhex(&fingerprint.digest[i], 1, text) != ERR_NONE) {
            return false;
        }
    }
    section->fingerprint = fingerprint;
    return true;
}

static bool read_setup(struct sdp_section *section, struct sdp_text line)
{
    if (sdp_text_equal(line, "actpass")) {
        section->setup = SDP_SETUP_ACTPASS;
    } else if (sdp_text_equal(line, "active")) {
        section->setup = SDP_SETUP_ACTIVE;
    } else if (sdp_text_equal(line, "passive")) {
        section->setup = SDP_SETUP_PASSIVE;
    } else {
        return false;
    }
    return true;
}

// a=ssrc:123456 cname:…
static bool read_ssrc(struct sdp_section *section, struct sdp_text line)
{
    uint32_t ssrc;
    if (!sdp_text_number(sdp_text_word(&line), UINT32_MAX, &ssrc)) {
        return false;
    }
    for (size_t i = 0; i < section->ssrc_count; i++) {
        if (section->ssrcs[i] == ssrc) {
            return true;
        }
    }
    if (section->ssrc_count < SDP_SSRCS_MAX) {
        section->ssrcs[section->ssrc_count] = ssrc;
        section->ssrc_count++;
    }
    return true;
}

// a=ssrc-group:FID 1 2
static bool read_ssrc_group(struct sdp_section *section, struct sdp_text line)
{
    if (!sdp_text_equal(sdp_text_word(&line), "FID") || section->fid_primary != 0) {
        return true;
    }
    return sdp_text_number(sdp_text_word(&line), UINT32_MAX, &section->fid_primary) &&
           sdp_text_number(sdp_text_word(&line), UINT32_MAX, &section->fid_repair);
}

static void add_rid(struct sdp_section *section, struct sdp_text rid)
{
    bool fits = rid.size > 0 && rid.size <= RID_MAX && section->rid_count < SDP_RIDS_MAX;
    for (size_t i = 0; i < section->rid_count; i++) {
        fits = fits && !sdp_text_same(section->rids[i], rid);
    }
    if (fits) {
        section->rids[section->rid_count] = rid;
        section->rid_count++;
    }
}

// a=rid:h send
static bool read_rid(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text rid = sdp_text_word(&line);
    if (sdp_text_equal(sdp_text_word(&line), "send")) {
        add_rid(section, rid);
    }
    return true;
}

// a=simulcast:send l;m;h recv …: sets the order (RFC 8853 section 5.1; ~ is paused, a comma
// separates alternatives).
static bool read_simulcast(struct sdp_section *section, struct sdp_text line)
{
    while (line.size > 0) {
        bool send = sdp_text_equal(sdp_text_word(&line), "send");
        struct sdp_text list = sdp_text_word(&line);
        if (!send) {
            continue;
        }
        section->rid_count = 0;
        while (list.size > 0) {
            struct sdp_text alternatives = sdp_text_take(&list, ';');
            struct sdp_text rid = sdp_text_take(&alternatives, ',');
            (void)sdp_text_skip(&rid, "~");
            add_rid(section, rid);
        }
    }
    return true;
}

static bool read_mid(struct sdp_section *section, struct sdp_text line)
{
    section->mid = sdp_text_word(&line);
    return section->mid.size > 0 && section->mid.size <= MID_MAX;
}

static bool read_msid(struct sdp_section *section, struct sdp_text line)
{
    section->msid_stream = sdp_text_word(&line);
    section->msid_track = sdp_text_word(&line);
    return true;
}

static bool read_ufrag(struct sdp_section *section, struct sdp_text line)
{
    section->ufrag = line;
    return true;
}

static bool read_password(struct sdp_section *section, struct sdp_text line)
{
    section->password = line;
    return true;
}

// a=maxptime:60
static bool read_ptime_max(struct sdp_section *section, struct sdp_text line)
{
    uint32_t milliseconds;
    if (sdp_text_number(line, UINT16_MAX, &milliseconds)) {
        section->ptime_max_ms = (uint16_t)milliseconds;
    }
    return true;
}

static bool read_candidate(struct sdp_section *section, struct sdp_text line)
{
    (void)line;
    if (section->candidate_count < UINT16_MAX) {
        section->candidate_count++;
    }
    return true;
}

// Attributes without a value.
static void read_flag(struct sdp_section *section, struct sdp_text line)
{
    static const struct {
        const char *text;
        enum sdp_direction direction;
    } directions[] = {{"sendrecv", SDP_SENDRECV},
                      {"sendonly", SDP_SENDONLY},
                      {"recvonly", SDP_RECVONLY},
                      {"inactive", SDP_INACTIVE}};
    for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
        if (sdp_text_equal(line, directions[i].text)) {
            section->direction = directions[i].direction;
            return;
        }
    }
    if (sdp_text_equal(line, "rtcp-mux")) {
        section->rtcp_mux = true;
    } else if (sdp_text_equal(line, "rtcp-rsize")) {
        section->rtcp_rsize = true;
    } else if (sdp_text_equal(line, "bundle-only")) {
        section->rejected =
            false; // port 0 only says "not without the bundle" (RFC 8843 section 7.2)
    }
}

bool sdp_attribute_read(struct sdp_section *section, struct sdp_text line)
{
    static const struct {
        const char *name;
        bool (*read)(struct sdp_section *section, struct sdp_text line);
    } attributes[] = {
        {"rtpmap:", read_rtpmap},
        {"fmtp:", read_fmtp},
        {"rtcp-fb:", read_feedback},
        {"extmap:", read_extmap},
        {"candidate:", read_candidate},
        {"ssrc:", read_ssrc},
        {"mid:", read_mid},
        {"msid:", read_msid},
        {"ice-ufrag:", read_ufrag},
        {"ice-pwd:", read_password},
        {"setup:", read_setup},
        {"fingerprint:", read_fingerprint},
        {"rid:", read_rid},
        {"simulcast:", read_simulcast},
        {"ssrc-group:", read_ssrc_group},
        {"maxptime:", read_ptime_max},
    };
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (sdp_text_skip(&line, attributes[i].name)) {
            return attributes[i].read(section, line);
        }
    }
    read_flag(section, line);
    return true;
}
