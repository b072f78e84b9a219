#include "wire/sdp.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_attribute.h"
#include "wire/sdp_text.h"

static enum err fail(struct sdp_description *description, enum err err, const char *problem)
{
    text_copy_cut(description->problem, sizeof(description->problem), problem);
    return err;
}

static enum sdp_kind kind_from_text(struct sdp_text text)
{
    return sdp_text_equal(text, "audio")   ? SDP_AUDIO
           : sdp_text_equal(text, "video") ? SDP_VIDEO
                                           : SDP_OTHER;
}

static void add_formats(struct sdp_section *section)
{
    struct sdp_text rest = section->formats;
    while (rest.size > 0 && section->codec_count < SDP_CODECS_MAX) {
        uint32_t payload_type;
        if (sdp_text_number(sdp_text_word(&rest), 127, &payload_type)) {
            section->codecs[section->codec_count] = (struct sdp_codec){
                .payload_type = (uint8_t)payload_type, .channels = 1, .apt = 255};
            section->codec_count++;
        }
    }
}

// m=audio 9 UDP/TLS/RTP/SAVPF 111 63
static enum err read_media(struct sdp_description *description, struct sdp_text line)
{
    if (description->section_count == SDP_SECTIONS_MAX) {
        return fail(description, ERR_TOO_LARGE, "more than 16 media sections");
    }
    struct sdp_section *section = &description->sections[description->section_count];
    *section = (struct sdp_section){0};
    section->kind_text = sdp_text_word(&line);
    struct sdp_text ports = sdp_text_word(&line);
    section->protocol = sdp_text_word(&line);
    section->formats = line;
    section->kind = kind_from_text(section->kind_text);
    uint32_t port;
    if (!sdp_text_number(sdp_text_take(&ports, '/'), 65535, &port) ||
        section->kind_text.size == 0 || section->protocol.size == 0 || line.size == 0) {
        return fail(description, ERR_MALFORMED, "an m= line cannot be read");
    }
    section->rejected = port == 0; // until a=bundle-only says otherwise
    if (section->kind != SDP_OTHER) {
        add_formats(section);
    }
    description->section_count++;
    return ERR_NONE;
}

#define BUNDLES_MAX SDP_SECTIONS_MAX

// The session's own attributes are kept in a section of their own, from which the others inherit.
struct parser {
    struct sdp_description *description;
    unsigned line; // from 1
    struct sdp_section session;
    uint8_t bundle_count;
    struct sdp_text bundles[BUNDLES_MAX]; // the mids of each a=group:BUNDLE
};

static enum err read_line(struct parser *parser, struct sdp_text line)
{
    struct sdp_description *description = parser->description;
    // Parts of lines are written into the answer: what others might take for a line's end must not
    // be among them.
    if (memchr(line.data, '\r', line.size) != NULL) {
        return fail(description, ERR_MALFORMED, "a carriage return stands within it");
    }
    if (line.size < 2 || line.data[1] != '=') {
        return fail(description, ERR_MALFORMED, "this is not of the form x=…");
    }
    char type = line.data[0];
    struct sdp_text value = {.data = line.data + 2, .size = line.size - 2};
    if (type == 'm') {
        return read_media(description, value);
    }
    if (type != 'a') {
        return ERR_NONE;
    }
    if (description->section_count > 0) {
        sdp_attribute_read(&description->sections[description->section_count - 1], value);
    } else if (!sdp_text_skip(&value, "group:BUNDLE")) {
        sdp_attribute_read(&parser->session, value);
    } else if (parser->bundle_count < BUNDLES_MAX) {
        parser->bundles[parser->bundle_count++] = value;
    }
    return ERR_NONE;
}

// "line 7: …"
static void name_line(struct parser *parser)
{
    char problem[SDP_REASON_MAX + 1];
    struct text_builder text = text_builder(problem, sizeof(problem));
    text_append_format(&text, "line %u: %s", parser->line, parser->description->problem);
    text_copy_cut(parser->description->problem, sizeof(parser->description->problem), problem);
}

static void inherit(struct sdp_section *section, const struct sdp_section *from)
{
    if (section->ufrag.data == NULL) {
        section->ufrag = from->ufrag;
    }
    if (section->password.data == NULL) {
        section->password = from->password;
    }
    if (section->fingerprints.count == 0) {
        bool broken = section->fingerprints.broken || from->fingerprints.broken;
        section->fingerprints = from->fingerprints;
        section->fingerprints.broken = broken;
    }
    if (section->setup == SDP_SETUP_NONE) {
        section->setup = from->setup;
    }
}

static struct sdp_section *section_by_mid(struct sdp_description *description, struct sdp_text mid)
{
    for (size_t i = 0; mid.size > 0 && i < description->section_count; i++) {
        if (sdp_text_same(description->sections[i].mid, mid)) {
            return &description->sections[i];
        }
    }
    return NULL;
}

// RFC 8843 section 6: sections of a bundle share the transport of its first one and need not repeat
// it.
static void finish_bundle(struct parser *parser, uint8_t bundle)
{
    const struct sdp_section *tagged = NULL;
    struct sdp_text mids = parser->bundles[bundle];
    uint8_t rank = 0;
    while (mids.size > 0) {
        struct sdp_section *section = section_by_mid(parser->description, sdp_text_word(&mids));
        if (section == NULL || section->bundle != 0) {
            continue;
        }
        section->bundle = (uint8_t)(bundle + 1);
        section->bundle_rank = rank++;
        if (section->rejected) {
            continue;
        }
        if (tagged != NULL) {
            inherit(section, tagged);
        } else {
            tagged = section;
        }
    }
}

// What can only be said when all lines are read.
static void finish(struct parser *parser)
{
    struct sdp_description *description = parser->description;
    for (size_t i = 0; i < description->section_count; i++) {
        struct sdp_section *section = &description->sections[i];
        inherit(section, &parser->session);
        if (!section->direction_said) {
            section->direction = parser->session.direction;
        }
    }
    for (uint8_t i = 0; i < parser->bundle_count; i++) {
        finish_bundle(parser, i);
    }
}

// Behind a byte order mark and empty lines.
static struct sdp_text begin(const char *text, size_t size, unsigned *ret_line)
{
    struct sdp_text rest = {.data = text, .size = size};
    (void)sdp_text_skip(&rest, "\xef\xbb\xbf");
    *ret_line = 1;
    while (rest.size > 0) {
        struct sdp_text after = rest;
        if (sdp_text_line(&after).size > 0) {
            break;
        }
        rest = after;
        (*ret_line)++;
    }
    return rest;
}

enum err sdp_parse(const char *text, size_t size, struct sdp_description *ret_description)
{
    ret_description->section_count = 0;
    ret_description->problem[0] = '\0';
    if (size > SDP_SIZE_MAX) {
        return fail(ret_description, ERR_TOO_LARGE, "the description is larger than 48 KiB");
    }
    struct parser parser = {.description = ret_description};
    struct sdp_text rest = begin(text, size, &parser.line);
    if (!sdp_text_equal(sdp_text_line(&rest), "v=0") || memchr(text, '\0', size) != NULL) {
        return fail(ret_description, ERR_MALFORMED,
                    "this is not a session description: its first line is not v=0");
    }
    while (rest.size > 0) {
        struct sdp_text line = sdp_text_line(&rest);
        parser.line++;
        enum err err = line.size > 0 ? read_line(&parser, line) : ERR_NONE;
        if (err != ERR_NONE) {
            name_line(&parser);
            return err;
        }
    }
    finish(&parser);
    return ERR_NONE;
}

const struct sdp_extension *sdp_section_extension(const struct sdp_section *section,
                                                  enum sdp_extension_name extension)
{
    for (size_t i = 0; i < section->extension_count; i++) {
        if (section->extensions[i].extension == extension) {
            return &section->extensions[i];
        }
    }
    return NULL;
}

bool sdp_payload_type_usable(unsigned payload_type)
{
    return (payload_type >= 1 && payload_type <= 63) || (payload_type >= 96 && payload_type <= 127);
}

// RFC 8829 section 5.1.2: all of these are to be accepted, and mean the first.
static bool protocol_known(struct sdp_text protocol)
{
    static const char *const protocols[] = {
        "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP",  "TCP/DTLS/RTP/SAVPF",
        "TCP/DTLS/RTP/SAVP", "TCP/TLS/RTP/SAVPF", "RTP/SAVPF",
        "RTP/SAVP",          "RTP/AVPF",          "RTP/AVP",
    };
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (sdp_text_equal(protocol, protocols[i])) {
            return true;
        }
    }
    return false;
}

static const char *fingerprints_problem(const struct sdp_fingerprints *fingerprints)
{
    if (fingerprints->excess) {
        return "more than 4 sha-256 fingerprints are offered";
    }
    if (fingerprints->count > 0) {
        return NULL;
    }
    return fingerprints->broken ? "the sha-256 fingerprint cannot be read"
                                : "a sha-256 fingerprint is required";
}

const char *sdp_section_problem(const struct sdp_section *section)
{
    if (!protocol_known(section->protocol)) {
        return "the transport is not one of WebRTC: UDP/TLS/RTP/SAVPF";
    }
    if (!section->rtcp_mux) {
        return "rtcp-mux is required";
    }
    if (section->setup == SDP_SETUP_PASSIVE) {
        return "the offer must let this server be the passive side of DTLS: setup actpass or "
               "active";
    }
    if (section->setup == SDP_SETUP_OTHER) {
        return "setup must be actpass or active";
    }
    if (section->mid.size > SDP_MID_MAX) {
        return "a mid is longer than 64 characters";
    }
    // RFC 8839 section 5.4.
    if (section->ufrag.size < 4 || section->ufrag.size > 256 || section->password.size < 22 ||
        section->password.size > 256) {
        return "ICE credentials are missing or of the wrong length";
    }
    return fingerprints_problem(&section->fingerprints);
}

enum err sdp_offer_check(struct sdp_description *offer)
{
    const char *problem = "no audio or video section is offered";
    bool usable = false;
    bool first = true;
    for (size_t i = 0; i < offer->section_count; i++) {
        const struct sdp_section *section = &offer->sections[i];
        for (size_t j = 0; j < i; j++) {
            if (section->mid.size > 0 && sdp_text_same(section->mid, offer->sections[j].mid)) {
                return fail(offer, ERR_MALFORMED, "two sections have the same mid");
            }
        }
        if (section->rejected || section->kind == SDP_OTHER) {
            continue;
        }
        const char *own = sdp_section_problem(section);
        usable = usable || own == NULL;
        problem = first ? own : problem;
        first = false;
    }
    return usable ? ERR_NONE : fail(offer, ERR_UNSUPPORTED, problem);
}
