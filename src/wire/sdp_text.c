#include "wire/sdp_text.h"

#include <string.h>
#include <strings.h>

struct sdp_text sdp_text_take(struct sdp_text *rest, char end)
{
    struct sdp_text taken = *rest;
    const char *found = rest->size > 0 ? memchr(rest->data, end, rest->size) : NULL;
    if (found == NULL) {
        rest->data += rest->size;
        rest->size = 0;
        return taken;
    }
    taken.size = (size_t)(found - rest->data);
    rest->data = found + 1;
    rest->size -= taken.size + 1;
    return taken;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct sdp_text sdp_text_line(struct sdp_text *rest)
{
    struct sdp_text line = sdp_text_take(rest, '\n');
    while (line.size > 0 &&
           (is_blank(line.data[line.size - 1]) || line.data[line.size - 1] == '\r')) {
        line.size--;
    }
    return line;
}

struct sdp_text sdp_text_word(struct sdp_text *rest)
{
    while (rest->size > 0 && is_blank(rest->data[0])) {
        rest->data++;
        rest->size--;
    }
    struct sdp_text word = {.data = rest->data};
    while (word.size < rest->size && !is_blank(rest->data[word.size])) {
        word.size++;
    }
    size_t taken = word.size < rest->size ? word.size + 1 : word.size;
    rest->data += taken;
    rest->size -= taken;
    return word;
}

bool sdp_text_number(struct sdp_text text, uint32_t max, uint32_t *ret_number)
{
    uint64_t number = 0;
    if (text.size == 0 || text.size > 10) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (number > max) {
        return false;
    }
    *ret_number = (uint32_t)number;
    return true;
}

bool sdp_text_skip(struct sdp_text *rest, const char *prefix)
{
    size_t size = strlen(prefix);
    if (rest->size < size || memcmp(rest->data, prefix, size) != 0) {
        return false;
    }
    rest->data += size;
    rest->size -= size;
    return true;
}

bool sdp_text_equal(struct sdp_text text, const char *other)
{
    size_t size = strlen(other);
    return text.size == size && (size == 0 || memcmp(text.data, other, size) == 0);
}

bool sdp_text_equal_ignoring_case(struct sdp_text text, const char *other)
{
    size_t size = strlen(other);
    return text.size == size && (size == 0 || strncasecmp(text.data, other, size) == 0);
}

bool sdp_text_same(struct sdp_text a, struct sdp_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

const char *sdp_extension_uri(enum sdp_extension_name extension)
{
    switch (extension) {
    case SDP_EXTENSION_MID: return "urn:ietf:params:rtp-hdrext:sdes:mid";
    case SDP_EXTENSION_RID: return "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    case SDP_EXTENSION_REPAIRED_RID:
        return "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    case SDP_EXTENSION_ABS_SEND_TIME:
        return "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    case SDP_EXTENSION_AUDIO_LEVEL: return "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    case SDP_EXTENSION_OTHER:
    case SDP_EXTENSION_COUNT: break;
    }
    return NULL;
}
