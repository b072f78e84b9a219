#include "wire/sdp.h"

#include <string.h>

#include "wire/sdp_attribute.h"
#include "wire/sdp_text.h"

static enum err fail(struct sdp_description *description, enum err err, const char *problem)
{
    description->problem = problem;
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

// The session's own attributes are kept in a section of their own, from which the others inherit.
struct parser {
    struct sdp_description *description;
    struct sdp_section session;
    struct sdp_text bundle; // the mids of a=group:BUNDLE
    bool has_bundle;
};

static enum err read_line(struct parser *parser, struct sdp_text line)
{
    struct sdp_description *description = parser->description;
    if (line.size < 2 || line.data[1] != '=') {
        return fail(description, ERR_MALFORMED, "a line is not of the form x=…");
    }
    char type = line.data[0];
    struct sdp_text value = {.data = line.data + 2, .size = line.size - 2};
    if (type == 'm') {
        return read_media(description, value);
    }
    if (type != 'a') {
        return ERR_NONE;
    }
    if (description->section_count == 0) {
        if (!parser->has_bundle && sdp_text_skip(&value, "group:BUNDLE")) {
            parser->bundle = value;
            parser->has_bundle = true;
            return ERR_NONE;
        }
        return sdp_attribute_read(&parser->session, value)
                   ? ERR_NONE
                   : fail(description, ERR_MALFORMED, "a session attribute cannot be read");
    }
    struct sdp_section *section = &description->sections[description->section_count - 1];
    return sdp_attribute_read(section, value)
               ? ERR_NONE
               : fail(description, ERR_MALFORMED, "an attribute of a section cannot be read");
}

static bool list_contains(struct sdp_text list, struct sdp_text word)
{
    while (list.size > 0) {
        if (sdp_text_same(sdp_text_word(&list), word)) {
            return true;
        }
    }
    return false;
}

static void inherit(struct sdp_section *section, const struct sdp_section *from)
{
    if (section->ufrag.data == NULL) {
        section->ufrag = from->ufrag;
    }
    if (section->password.data == NULL) {
        section->password = from->password;
    }
    if (!section->fingerprint.present) {
        section->fingerprint = from->fingerprint;
    }
    if (section->setup == SDP_SETUP_NONE) {
        section->setup = from->setup;
    }
}

// What can only be said when all lines are read.
static void finish(struct parser *parser)
{
    struct sdp_description *description = parser->description;
    const struct sdp_section *tagged = NULL;
    for (size_t i = 0; i < description->section_count; i++) {
        struct sdp_section *section = &description->sections[i];
        inherit(section, &parser->session);
        section->bundled = parser->has_bundle && section->mid.size > 0 &&
                           list_contains(parser->bundle, section->mid);
        // RFC 8843 section 6: sections of a bundle share the transport of its first one and need
        // not repeat it.
        if (section->bundled && !section->rejected) {
            if (tagged != NULL) {
                inherit(section, tagged);
            } else {
                tagged = section;
            }
        }
    }
}

enum err sdp_parse(const char *text, size_t size, struct sdp_description *ret_description)
{
    ret_description->section_count = 0;
    ret_description->problem = NULL;
    if (size > SDP_SIZE_MAX) {
        return fail(ret_description, ERR_TOO_LARGE, "the description is larger than 48 KiB");
    }
    struct sdp_text rest = {.data = text, .size = size};
    if (!sdp_text_skip(&rest, "v=0") || memchr(text, '\0', size) != NULL) {
        return fail(ret_description, ERR_MALFORMED, "this is not a session description");
    }
    struct parser parser = {.description = ret_description};
    (void)sdp_text_take(&rest, '\n');
    while (rest.size > 0) {
        struct sdp_text line = sdp_text_take(&rest, '\n');
        if (line.size > 0 && line.data[line.size - 1] == '\r') {
            line.size--;
        }
        if (line.size > 0) {
            enum err err = read_line(&parser, line);
            if (err != ERR_NONE) {
                return err;
            }
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

static const char *section_problem(const struct sdp_section *section)
{
    if (!section->rtcp_mux) {
        return "rtcp-mux is required";
    }
    if (section->setup == SDP_SETUP_PASSIVE) {
        return "the offer must let this server be the passive side of DTLS (setup actpass or "
               "active)";
    }
    if (!section->fingerprint.present) {
        return "a sha-256 fingerprint is required";
    }
    // RFC 8839 section 5.4.
    if (section->ufrag.size < 4 || section->ufrag.size > 256 || section->password.size < 22 ||
        section->password.size > 256) {
        return "ICE credentials are missing or of the wrong length";
    }
    return NULL;
}

enum err sdp_offer_check(struct sdp_description *offer)
{
    size_t active = 0;
    bool all_bundled = true;
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
        const char *problem = section_problem(section);
        if (problem != NULL) {
            return fail(offer, ERR_UNSUPPORTED, problem);
        }
        active++;
        all_bundled = all_bundled && section->bundled;
    }
    if (active == 0) {
        return fail(offer, ERR_UNSUPPORTED, "no audio or video section is offered");
    }
    if (active > 1 && !all_bundled) {
        return fail(offer, ERR_UNSUPPORTED, "all sections must be in one BUNDLE group");
    }
    return ERR_NONE;
}
