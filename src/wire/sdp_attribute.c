#include "wire/sdp_attribute.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_text.h"

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
        // RFC 7587 section 7 asks for two channels in every description; some clients leave it out.
        return codec->clock_hz == 48000 && codec->channels <= 2 ? SDP_CODEC_OPUS : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "VP8")) {
        return codec->clock_hz == 90000 ? SDP_CODEC_VP8 : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "H264")) {
        return codec->clock_hz == 90000 ? SDP_CODEC_H264 : SDP_CODEC_OTHER;
    }
    if (sdp_text_equal_ignoring_case(codec->name, "red")) {
        return codec->clock_hz == 48000 && codec->channels <= 2 ? SDP_CODEC_RED : SDP_CODEC_OTHER;
    }
    return sdp_text_equal_ignoring_case(codec->name, "rtx") ? SDP_CODEC_RTX : SDP_CODEC_OTHER;
}

// a=rtpmap:111 opus/48000/2
static void read_rtpmap(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_codec *codec = codec_find(section, sdp_text_word(&line));
    if (codec == NULL) {
        return;
    }
    struct sdp_text encoding = sdp_text_word(&line);
    codec->name = sdp_text_take(&encoding, '/');
    uint32_t clock_hz = 0;
    uint32_t channels = 1;
    if (!sdp_text_number(sdp_text_take(&encoding, '/'), UINT32_MAX, &clock_hz) ||
        (encoding.size > 0 && !sdp_text_number(encoding, 255, &channels)) || channels == 0) {
        clock_hz = 0; // none of ours
    }
    codec->clock_hz = clock_hz;
    codec->channels = (uint8_t)channels;
    codec->codec = codec_name(codec);
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
static void read_fmtp(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_codec *codec = codec_find(section, sdp_text_word(&line));
    if (codec == NULL) {
        return;
    }
    codec->fmtp = line;
    while (line.size > 0) {
        struct sdp_text value = sdp_text_take(&line, ';');
        struct sdp_text name = sdp_text_take(&value, '=');
        name = sdp_text_word(&name);
        value = sdp_text_word(&value);
        uint32_t number;
        if (sdp_text_equal(name, "apt")) {
            codec->apt = sdp_text_number(value, 127, &number) ? (uint8_t)number : codec->apt;
        } else if (sdp_text_equal(name, "packetization-mode")) {
            codec->packetization_mode = sdp_text_number(value, 2, &number) ? (uint8_t)number : 0;
        } else if (sdp_text_equal(name, "profile-level-id")) {
            codec->profile_level = profile_level(value);
        }
    }
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
static void read_feedback(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text which = sdp_text_word(&line);
    uint8_t bit = feedback_bit(line);
    if (sdp_text_equal(which, "*")) {
        for (size_t i = 0; i < section->codec_count; i++) {
            section->codecs[i].feedback |= bit;
        }
        return;
    }
    struct sdp_codec *codec = codec_find(section, which);
    if (codec != NULL) {
        codec->feedback |= bit;
    }
}

// a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid
static void read_extmap(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text which = sdp_text_word(&line);
    uint32_t id;
    struct sdp_extension extension = {.uri = sdp_text_word(&line)};
    // Ids above 255 (RFC 8285 section 6: a choice left to the answerer) and more than fit are left
    // out.
    if (!sdp_text_number(sdp_text_take(&which, '/'), 255, &id) || id == 0 ||
        section->extension_count == SDP_EXTENSIONS_MAX) {
        return;
    }
    extension.id = (uint8_t)id;
    for (int i = SDP_EXTENSION_OTHER + 1; i < SDP_EXTENSION_COUNT; i++) {
        if (sdp_text_equal(extension.uri, sdp_extension_uri((enum sdp_extension_name)i))) {
            extension.extension = (enum sdp_extension_name)i;
        }
    }
    section->extensions[section->extension_count] = extension;
    section->extension_count++;
}

// "AB:CD:…", either case
static bool digest_read(struct sdp_text line, uint8_t digest[SDP_DIGEST_SIZE])
{
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
        if (text_unhex(&digest[i], 1, text) != ERR_NONE) {
            return false;
        }
    }
    return true;
}

static bool digest_known(const struct sdp_fingerprints *fingerprints,
                         const uint8_t digest[SDP_DIGEST_SIZE])
{
    for (size_t i = 0; i < fingerprints->count; i++) {
        if (memcmp(fingerprints->digests[i], digest, SDP_DIGEST_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

// a=fingerprint:sha-256 AB:CD:…; other hashes are left out.
static void read_fingerprint(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_fingerprints *fingerprints = &section->fingerprints;
    uint8_t digest[SDP_DIGEST_SIZE];
    if (!sdp_text_equal_ignoring_case(sdp_text_word(&line), "sha-256")) {
        return;
    }
    if (!digest_read(line, digest)) {
        fingerprints->broken = true;
    } else if (digest_known(fingerprints, digest)) {
        return; // said twice
    } else if (fingerprints->count == SDP_DIGESTS_MAX) {
        fingerprints->excess = true;
    } else {
        memcpy(fingerprints->digests[fingerprints->count++], digest, sizeof(digest));
    }
}

static void read_setup(struct sdp_section *section, struct sdp_text line)
{
    if (sdp_text_equal(line, "actpass")) {
        section->setup = SDP_SETUP_ACTPASS;
    } else if (sdp_text_equal(line, "active")) {
        section->setup = SDP_SETUP_ACTIVE;
    } else if (sdp_text_equal(line, "passive")) {
        section->setup = SDP_SETUP_PASSIVE;
    } else {
        section->setup = SDP_SETUP_OTHER;
    }
}

// a=ssrc:123456 cname:…
static void read_ssrc(struct sdp_section *section, struct sdp_text line)
{
    uint32_t ssrc;
    if (!sdp_text_number(sdp_text_word(&line), UINT32_MAX, &ssrc)) {
        return;
    }
    for (size_t i = 0; i < section->ssrc_count; i++) {
        if (section->ssrcs[i] == ssrc) {
            return;
        }
    }
    if (section->ssrc_count < SDP_SSRCS_MAX) {
        section->ssrcs[section->ssrc_count] = ssrc;
        section->ssrc_count++;
    }
}

// a=ssrc-group:FID 1 2
static void read_ssrc_group(struct sdp_section *section, struct sdp_text line)
{
    uint32_t primary;
    uint32_t repair;
    if (sdp_text_equal(sdp_text_word(&line), "FID") && section->fid_primary == 0 &&
        sdp_text_number(sdp_text_word(&line), UINT32_MAX, &primary) &&
        sdp_text_number(sdp_text_word(&line), UINT32_MAX, &repair)) {
        section->fid_primary = primary;
        section->fid_repair = repair;
    }
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
static void read_rid(struct sdp_section *section, struct sdp_text line)
{
    struct sdp_text rid = sdp_text_word(&line);
    if (sdp_text_equal(sdp_text_word(&line), "send")) {
        add_rid(section, rid);
    }
}

// a=simulcast:send l;m;h recv …: sets the order (RFC 8853 section 5.1; ~ is paused, a comma
// separates alternatives). Its drafts wrote "send rid=l;m;h".
static void read_simulcast(struct sdp_section *section, struct sdp_text line)
{
    while (line.size > 0) {
        bool send = sdp_text_equal(sdp_text_word(&line), "send");
        struct sdp_text list = sdp_text_word(&line);
        if (!send) {
            continue;
        }
        (void)sdp_text_skip(&list, "rid=");
        section->rid_count = 0;
        while (list.size > 0) {
            struct sdp_text alternatives = sdp_text_take(&list, ';');
            struct sdp_text rid = sdp_text_take(&alternatives, ',');
            (void)sdp_text_skip(&rid, "~");
            add_rid(section, rid);
        }
    }
}

static void read_mid(struct sdp_section *section, struct sdp_text line)
{
    section->mid = sdp_text_word(&line);
}

static void read_msid(struct sdp_section *section, struct sdp_text line)
{
    section->msid_stream = sdp_text_word(&line);
    section->msid_track = sdp_text_word(&line);
}

static void read_ufrag(struct sdp_section *section, struct sdp_text line)
{
    section->ufrag = line;
}

static void read_password(struct sdp_section *section, struct sdp_text line)
{
    section->password = line;
}

// a=maxptime:60
static void read_ptime_max(struct sdp_section *section, struct sdp_text line)
{
    uint32_t milliseconds;
    if (sdp_text_number(line, UINT16_MAX, &milliseconds)) {
        section->ptime_max_ms = (uint16_t)milliseconds;
    }
}

static void read_candidate(struct sdp_section *section, struct sdp_text line)
{
    (void)line;
    if (section->candidate_count < UINT16_MAX) {
        section->candidate_count++;
    }
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
            section->direction_said = true;
            return;
        }
    }
    if (sdp_text_equal(line, "rtcp-mux") || sdp_text_equal(line, "rtcp-mux-only")) {
        section->rtcp_mux = true;
    } else if (sdp_text_equal(line, "rtcp-rsize")) {
        section->rtcp_rsize = true;
    } else if (sdp_text_equal(line, "bundle-only")) {
        section->rejected =
            false; // port 0 only says "not without the bundle" (RFC 8843 section 7.2)
    }
}

void sdp_attribute_read(struct sdp_section *section, struct sdp_text line)
{
    static const struct {
        const char *name;
        void (*read)(struct sdp_section *section, struct sdp_text line);
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
            attributes[i].read(section, line);
            return;
        }
    }
    read_flag(section, line);
}
