#include "wire/sdp.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_text.h"
#include "wire/sdp_write.h"

static void append_view(struct text_builder *to, struct sdp_text text)
{
    if (text.size > 0) {
        text_append_n(to, text.data, text.size);
    }
}

static const struct sdp_section *section_ranked(const struct sdp_answer *answer, uint8_t bundle,
                                                uint8_t rank)
{
    for (size_t i = 0; i < answer->section_count; i++) {
        const struct sdp_answer_section *section = &answer->sections[i];
        if (!section->rejected && section->offered->bundle == bundle &&
            section->offered->bundle_rank == rank) {
            return section->offered;
        }
    }
    return NULL;
}

// The accepted sections of each group in the offer's order: the first gives the transport (RFC 8843
// section 7.3.1).
static void write_bundles(struct text_builder *to, const struct sdp_answer *answer)
{
    for (uint8_t bundle = 1; bundle <= SDP_SECTIONS_MAX; bundle++) {
        bool group = false;
        for (uint8_t rank = 0; rank < SDP_SECTIONS_MAX; rank++) {
            const struct sdp_section *section = section_ranked(answer, bundle, rank);
            if (section != NULL) {
                text_append(to, group ? " " : "a=group:BUNDLE ");
                append_view(to, section->mid);
                group = true;
            }
        }
        text_append(to, group ? "\r\n" : "");
    }
}

static void write_session(struct text_builder *to, const struct sdp_answer *answer)
{
    text_append_format(to, "v=0\r\no=- %llu 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n",
                       (unsigned long long)answer->session_id);
    write_bundles(to, answer);
    text_append(to, "a=msid-semantic: WMS *\r\n");
}

static void write_mid(struct text_builder *to, const struct sdp_section *offered)
{
    if (offered->mid.size > 0) {
        text_append(to, "a=mid:");
        append_view(to, offered->mid);
        text_append(to, "\r\n");
    }
}

// RFC 3264 section 6: a rejected section keeps its place, its kind and its formats. Why it is
// rejected stands in its title (RFC 8866 section 5.4), for whoever looks.
static void write_rejected(struct text_builder *to, const struct sdp_answer_section *section)
{
    const struct sdp_section *offered = section->offered;
    text_append(to, "m=");
    append_view(to, offered->kind_text);
    text_append(to, " 0 ");
    append_view(to, offered->protocol);
    text_append(to, " ");
    append_view(to, offered->formats);
    text_append(to, "\r\n");
    if (section->reason[0] != '\0') {
        text_append_format(to, "i=%s\r\n", section->reason);
    }
    text_append(to, "c=IN IP4 0.0.0.0\r\n");
    write_mid(to, offered);
    text_append(to, "a=inactive\r\n");
}

// The m= and c= lines name the preferred candidate (RFC 8839 section 4.2.1.2), or nothing when
// there is none.
static void write_media_line(struct text_builder *to, const struct sdp_answer *answer,
                             const struct sdp_answer_section *section)
{
    char ip[ADDRESS_TEXT_SIZE] = "0.0.0.0";
    const char *family = "IP4";
    unsigned port = 9;
    if (answer->candidate_count > 0) {
        const struct address *address = &answer->candidates[0];
        address_ip_text(address, ip);
        family = address->family == ADDRESS_IPV6 ? "IP6" : "IP4";
        port = address->port;
    }
    text_append(to, "m=");
    append_view(to, section->offered->kind_text);
    text_append_format(to, " %u ", port);
    append_view(to, section->offered->protocol);
    const uint8_t types[] = {section->payload_type, section->rtx_payload_type,
                             section->red_payload_type, section->h264.payload_type,
                             section->h264.rtx_payload_type};
    for (size_t i = 0; i < sizeof(types); i++) {
        if (types[i] != 0) {
            text_append_format(to, " %u", types[i]);
        }
    }
    text_append_format(to, "\r\nc=IN %s %s\r\na=rtcp:%u IN %s %s\r\n", family, ip, port, family,
                       ip);
}

void sdp_write_candidates(struct text_builder *to, const struct address *candidates, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct address *address = &candidates[i];
        char ip[ADDRESS_TEXT_SIZE];
        address_ip_text(address, ip);
        // RFC 8445 section 5.1.2.1: type preference 126 (host), local preference by order,
        // component 1.
        uint32_t priority = 126u << 24 | (65535u - i) << 8 | 255u;
        text_append_format(to, "a=candidate:%u 1 udp %u %s %u typ host\r\n", i + 1, priority, ip,
                           address->port);
    }
    text_append(to, "a=end-of-candidates\r\n");
}

static void write_transport(struct text_builder *to, const struct sdp_answer *answer)
{
    text_append_format(
        to, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=setup:passive\r\n",
        answer->ufrag, answer->password, answer->fingerprint);
}

static void write_sound_codec(struct text_builder *to, const struct sdp_answer *answer,
                              const struct sdp_answer_section *section)
{
    unsigned payload_type = section->payload_type;
    text_append_format(to,
                       "a=rtpmap:%u opus/48000/2\r\n"
                       "a=fmtp:%u minptime=10;useinbandfec=1;usedtx=0",
                       payload_type, payload_type);
    if (answer->opus_bits_per_second > 0) {
        text_append_format(to, ";maxaveragebitrate=%u", answer->opus_bits_per_second);
    }
    text_append(to, "\r\n");
    if (section->red_payload_type != 0) {
        text_append_format(to, "a=rtpmap:%u red/48000/2\r\na=fmtp:%u %u/%u\r\n",
                           section->red_payload_type, section->red_payload_type, payload_type,
                           payload_type);
    }
}

static void write_feedback(struct text_builder *to, unsigned payload_type, uint8_t feedback)
{
    static const struct {
        uint8_t bit;
        const char *text;
    } kinds[] = {{SDP_FEEDBACK_NACK, "nack"},
                 {SDP_FEEDBACK_NACK_PLI, "nack pli"},
                 {SDP_FEEDBACK_FIR, "ccm fir"},
                 {SDP_FEEDBACK_REMB, "goog-remb"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if ((feedback & kinds[i].bit) != 0) {
            text_append_format(to, "a=rtcp-fb:%u %s\r\n", payload_type, kinds[i].text);
        }
    }
}

static void write_repair(struct text_builder *to, unsigned payload_type, unsigned rtx_payload_type)
{
    if (rtx_payload_type != 0) {
        text_append_format(to, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", rtx_payload_type,
                           rtx_payload_type, payload_type);
    }
}

static void write_h264(struct text_builder *to, const struct sdp_answer_h264 *h264)
{
    text_append_format(to,
                       "a=rtpmap:%u H264/90000\r\n"
                       "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=%u",
                       h264->payload_type, h264->payload_type, h264->packetization_mode);
    if (h264->profile_level != 0) {
        text_append_format(to, ";profile-level-id=%06x", h264->profile_level);
    }
    text_append(to, "\r\n");
    write_feedback(to, h264->payload_type, h264->feedback);
    write_repair(to, h264->payload_type, h264->rtx_payload_type);
}

static void write_codec(struct text_builder *to, const struct sdp_answer *answer,
                        const struct sdp_answer_section *section)
{
    if (section->offered->kind == SDP_AUDIO) {
        write_sound_codec(to, answer, section);
        return;
    }
    if (section->payload_type != 0) {
        text_append_format(to, "a=rtpmap:%u VP8/90000\r\n", section->payload_type);
        write_feedback(to, section->payload_type, section->feedback);
        write_repair(to, section->payload_type, section->rtx_payload_type);
    }
    if (section->h264.payload_type != 0) {
        write_h264(to, &section->h264);
    }
}

static void write_extensions(struct text_builder *to, const struct sdp_answer_section *section)
{
    for (int i = SDP_EXTENSION_OTHER + 1; i < SDP_EXTENSION_COUNT; i++) {
        if (section->extension_ids[i] != 0) {
            text_append_format(to, "a=extmap:%u %s\r\n", section->extension_ids[i],
                               sdp_extension_uri((enum sdp_extension_name)i));
        }
    }
}

static void write_simulcast(struct text_builder *to, const struct sdp_section *offered)
{
    for (size_t i = 0; i < offered->rid_count; i++) {
        text_append(to, "a=rid:");
        append_view(to, offered->rids[i]);
        text_append(to, " recv\r\n");
    }
    for (size_t i = 0; i < offered->rid_count; i++) {
        text_append(to, i == 0 ? "a=simulcast:recv " : ";");
        append_view(to, offered->rids[i]);
    }
    text_append(to, "\r\n");
}

static void write_ssrc(struct text_builder *to, const char *cname, const char *stream,
                       const char *track, uint32_t ssrc)
{
    text_append_format(to, "a=ssrc:%u cname:%s\r\na=ssrc:%u msid:%s %s\r\n", ssrc, cname, ssrc,
                       stream, track);
}

static void write_sender(struct text_builder *to, const struct sdp_answer *answer,
                         const struct sdp_answer_section *section)
{
    const char *stream = section->msid_stream != NULL ? section->msid_stream : "-";
    const char *track = section->msid_track != NULL ? section->msid_track : "track";
    text_append_format(to, "a=msid:%s %s\r\n", stream, track);
    if (section->ssrc == 0) {
        return;
    }
    bool repair = section->rtx_ssrc != 0 &&
                  (section->rtx_payload_type != 0 || section->h264.rtx_payload_type != 0);
    if (repair) {
        text_append_format(to, "a=ssrc-group:FID %u %u\r\n", section->ssrc, section->rtx_ssrc);
    }
    write_ssrc(to, answer->cname, stream, track, section->ssrc);
    if (repair) {
        write_ssrc(to, answer->cname, stream, track, section->rtx_ssrc);
    }
}

static void write_accepted(struct text_builder *to, const struct sdp_answer *answer,
                           const struct sdp_answer_section *section, bool first)
{
    static const char *const directions[] = {[SDP_SENDRECV] = "sendrecv",
                                             [SDP_SENDONLY] = "sendonly",
                                             [SDP_RECVONLY] = "recvonly",
                                             [SDP_INACTIVE] = "inactive"};
    write_media_line(to, answer, section);
    if (first) {
        sdp_write_candidates(to, answer->candidates, answer->candidate_count);
    }
    write_transport(to, answer);
    write_mid(to, section->offered);
    write_extensions(to, section);
    text_append_format(to, "a=%s\r\na=rtcp-mux\r\n", directions[section->direction]);
    if (section->offered->rtcp_rsize) {
        text_append(to, "a=rtcp-rsize\r\n");
    }
    write_codec(to, answer, section);
    if (section->simulcast) {
        write_simulcast(to, section->offered);
    }
    if (section->direction == SDP_SENDONLY || section->direction == SDP_SENDRECV) {
        write_sender(to, answer, section);
    }
}

enum err sdp_answer_write(const struct sdp_answer *answer, char *to, size_t capacity,
                          size_t *ret_size)
{
    *ret_size = 0;
    struct text_builder builder = text_builder(to, capacity);
    write_session(&builder, answer);
    bool first = true;
    for (size_t i = 0; i < answer->section_count; i++) {
        const struct sdp_answer_section *section = &answer->sections[i];
        if (section->rejected) {
            write_rejected(&builder, section);
        } else {
            write_accepted(&builder, answer, section, first);
            first = false;
        }
    }
    if (builder.failed) {
        return ERR_TOO_LARGE;
    }
    *ret_size = builder.length;
    return ERR_NONE;
}
