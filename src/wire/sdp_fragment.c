#include "wire/sdp_fragment.h"

#include <string.h>

#include "base/text.h"
#include "wire/sdp_text.h"
#include "wire/sdp_write.h"

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Each character is alphanumeric or one of these.
static bool consists_of(struct sdp_text text, const char *others)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_alphanumeric(text.data[i]) &&
            (text.data[i] == '\0' || strchr(others, text.data[i]) == NULL)) {
            return false;
        }
    }
    return true;
}

// RFC 8866 section 9: token
static bool is_token(struct sdp_text text)
{
    return text.size > 0 && text.size <= SDP_MID_MAX && consists_of(text, "!#$%&'*+-.^_`{|}~");
}

// The first of its kind counts.
static void keep(struct sdp_text *place, struct sdp_text value)
{
    if (place->data == NULL) {
        *place = value;
    }
}

static bool line_read(struct sdp_fragment *fragment, struct sdp_text line)
{
    if (sdp_text_skip(&line, "m=")) {
        struct sdp_text kind = sdp_text_word(&line);
        keep(&fragment->kind, kind);
        return is_token(kind);
    }
    if (!sdp_text_skip(&line, "a=") || line.size == 0) {
        return false;
    }
    if (sdp_text_skip(&line, "mid:")) {
        keep(&fragment->mid, line);
        return is_token(line);
    }
    if (sdp_text_skip(&line, "ice-ufrag:")) {
        keep(&fragment->ufrag, line);
    } else if (sdp_text_skip(&line, "ice-pwd:")) {
        keep(&fragment->password, line);
    }
    return true;
}

static bool is_credential(struct sdp_text text, size_t least)
{
    return text.size >= least && text.size <= 256 && consists_of(text, "+/");
}

enum err sdp_fragment_parse(const char *text, size_t size, struct sdp_fragment *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (size > SDP_FRAGMENT_SIZE_MAX) {
        return ERR_TOO_LARGE;
    }
    struct sdp_text rest = {text, size};
    while (rest.size > 0) {
        struct sdp_text line = sdp_text_line(&rest);
        if (line.size > 0 &&
            (memchr(line.data, '\0', line.size) != NULL || !line_read(ret, line))) {
            return ERR_MALFORMED;
        }
    }
    return is_credential(ret->ufrag, 4) && is_credential(ret->password, 22) ? ERR_NONE
                                                                            : ERR_INVALID;
}

enum err sdp_fragment_write(const struct sdp_fragment *client, const char *ufrag,
                            const char *password, const struct address *candidates,
                            unsigned candidate_count, char *to, size_t capacity, size_t *ret_size)
{
    struct text_builder text = text_builder(to, capacity);
    text_append(&text, "a=ice-lite\r\n");
    if (client->kind.size > 0 && client->mid.size > 0) {
        // The formats are of no meaning here (RFC 8840 section 4.4): 0 stands for any.
        text_append_format(&text, "m=%.*s 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%.*s\r\n",
                           (int)client->kind.size, client->kind.data, (int)client->mid.size,
                           client->mid.data);
    }
    text_append_format(&text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", ufrag, password);
    sdp_write_candidates(&text, candidates, candidate_count);
    *ret_size = text.length;
    return text.failed ? ERR_TOO_LARGE : ERR_NONE;
}
