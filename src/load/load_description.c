#include "load/load_description.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_text.h"

#define OPUS_TYPE          111
#define RED_TYPE           63
#define CANDIDATE_PRIORITY 2130706431u // host, component 1 (RFC 8445 section 5.1.2)

static void write_codecs(struct text_builder *text, const struct load_offer *offer)
{
    text_append_format(text, "a=rtpmap:%d opus/48000/2\r\na=fmtp:%d minptime=10;useinbandfec=1\r\n",
                       OPUS_TYPE, OPUS_TYPE);
    if (offer->red) {
        text_append_format(text, "a=rtpmap:%d red/48000/2\r\na=fmtp:%d %d/%d\r\n", RED_TYPE,
                           RED_TYPE, OPUS_TYPE, OPUS_TYPE);
    }
    if (offer->packet_ms != 0) {
        text_append_format(text, "a=%s:%u\r\n", offer->sends ? "ptime" : "maxptime",
                           offer->packet_ms);
    }
}

static void write_transport(struct text_builder *text, const struct load_offer *offer)
{
    text_append_format(text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=ice-options:trickle\r\n",
                       offer->ufrag, offer->password);
    text_append_format(text, "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\n", offer->fingerprint);
    if (offer->candidate.family != ADDRESS_NONE) {
        char ip[ADDRESS_TEXT_SIZE];
        address_ip_text(&offer->candidate, ip);
        text_append_format(text, "a=candidate:1 1 udp %u %s %u typ host\r\na=end-of-candidates\r\n",
                           CANDIDATE_PRIORITY, ip, offer->candidate.port);
    }
}

enum err load_offer_write(const struct load_offer *offer, char ret_text[LOAD_OFFER_MAX])
{
    struct text_builder text = text_builder(ret_text, LOAD_OFFER_MAX);
    text_append_format(&text,
                       "v=0\r\no=- %u 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                       "a=group:BUNDLE 0\r\na=msid-semantic: WMS *\r\n",
                       offer->ssrc);
    text_append_format(&text, "m=audio 9 UDP/TLS/RTP/SAVPF %d%s\r\n", OPUS_TYPE,
                       offer->red ? " 63" : "");
    text_append_format(&text,
                       "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=mid:0\r\na=%s\r\n"
                       "a=rtcp-mux\r\na=rtcp-rsize\r\n",
                       offer->sends ? "sendonly" : "recvonly");
    write_transport(&text, offer);
    write_codecs(&text, offer);
    if (offer->sends) {
        text_append_format(&text, "a=msid:load audio\r\na=ssrc:%u cname:%s\r\n", offer->ssrc,
                           offer->cname);
    }
    return text.failed ? ERR_TOO_LARGE : ERR_NONE;
}

// candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host … (RFC 8839 section 5.1). Other components,
// transports, and names instead of addresses are left out.
static bool candidate_read(struct sdp_text line, struct address *ret_candidate)
{
    uint32_t component;
    uint32_t port;
    char ip[ADDRESS_TEXT_SIZE];
    (void)sdp_text_word(&line); // the foundation
    if (!sdp_text_number(sdp_text_word(&line), UINT8_MAX, &component) || component != 1 ||
        !sdp_text_equal_ignoring_case(sdp_text_word(&line), "udp")) {
        return false;
    }
    (void)sdp_text_word(&line); // the priority
    struct sdp_text address = sdp_text_word(&line);
    return sdp_text_number(sdp_text_word(&line), UINT16_MAX, &port) && port != 0 &&
           address.data != NULL &&
           text_copy_n(ip, sizeof(ip), address.data, address.size) == ERR_NONE &&
           address_from_text(ip, (uint16_t)port, ret_candidate) == ERR_NONE;
}

static void candidates_read(const char *text, size_t size, struct load_answer *answer)
{
    struct sdp_text rest = {.data = text, .size = size};
    while (rest.size > 0 && answer->candidate_count < LOAD_CANDIDATES_MAX) {
        struct sdp_text line = sdp_text_take(&rest, '\n');
        struct address candidate;
        if (line.size > 0 && line.data[line.size - 1] == '\r') {
            line.size--;
        }
        if (sdp_text_skip(&line, "a=candidate:") && candidate_read(line, &candidate)) {
            answer->candidates[answer->candidate_count++] = candidate;
        }
    }
}

static void codecs_read(const struct sdp_section *section, struct load_answer *answer)
{
    answer->opus_type = LOAD_TYPE_NONE;
    answer->red_type = LOAD_TYPE_NONE;
    for (unsigned i = 0; i < section->codec_count; i++) {
        const struct sdp_codec *codec = &section->codecs[i];
        if (codec->codec == SDP_CODEC_OPUS && answer->opus_type == LOAD_TYPE_NONE) {
            answer->opus_type = codec->payload_type;
        } else if (sdp_text_equal_ignoring_case(codec->name, "red") &&
                   answer->red_type == LOAD_TYPE_NONE) {
            answer->red_type = codec->payload_type;
        }
    }
}

static const char *section_problem(const struct sdp_section *section,
                                   const struct load_answer *answer)
{
    return section->kind != SDP_AUDIO || section->rejected ? "the answer refuses the audio section"
           : section->fingerprints.count == 0              ? "the answer has no sha-256 fingerprint"
           : answer->opus_type == LOAD_TYPE_NONE           ? "the answer has no Opus"
           : answer->candidate_count == 0                  ? "the answer has no UDP candidate"
                                                           : NULL;
}

enum err load_answer_read(const char *text, size_t size, struct sdp_description *description,
                          struct load_answer *ret_answer, const char **ret_problem)
{
    memset(ret_answer, 0, sizeof(*ret_answer));
    *ret_problem = "the answer is no session description";
    if (sdp_parse(text, size, description) != ERR_NONE || description->section_count == 0) {
        return ERR_MALFORMED;
    }
    const struct sdp_section *section = &description->sections[0];
    candidates_read(text, size, ret_answer);
    codecs_read(section, ret_answer);
    *ret_problem = section_problem(section, ret_answer);
    if (*ret_problem != NULL) {
        return ERR_UNSUPPORTED;
    }
    *ret_problem = "the answer's ICE credentials are missing or too long";
    if (section->ufrag.size == 0 || section->password.size == 0 ||
        text_copy_n(ret_answer->ufrag, sizeof(ret_answer->ufrag), section->ufrag.data,
                    section->ufrag.size) != ERR_NONE ||
        text_copy_n(ret_answer->password, sizeof(ret_answer->password), section->password.data,
                    section->password.size) != ERR_NONE) {
        return ERR_UNSUPPORTED;
    }
    memcpy(ret_answer->digest, section->fingerprints.digests[0], sizeof(ret_answer->digest));
    ret_answer->server_is_active = section->setup == SDP_SETUP_ACTIVE;
    *ret_problem = NULL;
    return ERR_NONE;
}
