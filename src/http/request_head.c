#include "http/request_head.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/authority.h"

#define LENGTH_DIGITS_MAX 18

struct span {
    const char *at;
    size_t size;
};

// Fields that may stand once: of two values one reader believes the first, another the second, and
// one joins them (RFC 9110, section 5.3). Each has one value by its definition, but three, which
// are lists: of Transfer-Encoding nothing but "chunked" is understood here, of If-Match and of
// Sec-WebSocket-Protocol, which carries a bearer, one line is read.
enum single {
    SINGLE_HOST,
    SINGLE_LENGTH,
    SINGLE_CODING,
    SINGLE_OTHER, // from here on: nothing else is asked of them
};
static const char *const singles[] = {
    [SINGLE_HOST] = "Host",
    [SINGLE_LENGTH] = "Content-Length",
    [SINGLE_CODING] = "Transfer-Encoding",
    [SINGLE_OTHER] = "Authorization",
    "Content-Type",
    "Content-Range",
    "Origin",
    "If-Match",
    "If-Range",
    "Range",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
};
#define SINGLES (sizeof(singles) / sizeof(singles[0]))

struct reading {
    struct request_head *head;
    bool version_1_0;
    bool seen[SINGLES];
    bool body_forbidden; // by the method
};

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_token_character(char c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// RFC 9110, section 5.5: no control characters. Bytes from 0x80 on are nobody's concern here.
static bool is_value_character(char c)
{
    return ((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t';
}

static bool span_is_token(struct span span)
{
    for (size_t i = 0; i < span.size; i++) {
        if (!is_token_character(span.at[i])) {
            return false;
        }
    }
    return span.size > 0;
}

static bool span_equals(struct span span, const char *text)
{
    return span.size == strlen(text) && strncasecmp(span.at, text, span.size) == 0;
}

static bool span_starts_with(struct span span, const char *text)
{
    return span.size >= strlen(text) && strncasecmp(span.at, text, strlen(text)) == 0;
}

static struct span trimmed(struct span span)
{
    while (span.size > 0 && is_blank(span.at[0])) {
        span.at++;
        span.size--;
    }
    while (span.size > 0 && is_blank(span.at[span.size - 1])) {
        span.size--;
    }
    return span;
}

// Up to the CRLF, which is skipped.
static struct span next_line(struct span *rest)
{
    const char *end = memchr(rest->at, '\r', rest->size);
    struct span line = {rest->at, end != NULL ? (size_t)(end - rest->at) : rest->size};
    size_t skipped = line.size + 2 < rest->size ? line.size + 2 : rest->size;
    rest->at += skipped;
    rest->size -= skipped;
    return line;
}

// ---- The first line ----

// RFC 9112, section 3.2.2: a server takes the absolute form too; the scheme and the authority lead
// to us, or the request would not be here.
static bool read_absolute(struct span target, size_t scheme, struct request_head *head)
{
    size_t end = scheme;
    while (end < target.size && target.at[end] != '/' && target.at[end] != '?') {
        end++;
    }
    if (!authority_is_good(target.at + scheme, end - scheme)) {
        return false;
    }
    head->path_at = head->target_at + end;
    head->path_size = target.size - end;
    head->path_lacks_slash = head->path_size > 0 && target.at[end] == '?';
    return true;
}

// An encoded zero ends a path for one reader and not for another, an encoded slash divides it. In a
// query both are data.
static bool is_divided(struct span target)
{
    for (size_t i = 0; i + 2 < target.size && target.at[i] != '?'; i++) {
        char first = target.at[i + 1];
        char second = target.at[i + 2];
        if (target.at[i] == '%' && ((first == '0' && second == '0') ||
                                    (first == '2' && (second == 'f' || second == 'F')))) {
            return true;
        }
    }
    return false;
}

static bool has_many_arguments(struct span target)
{
    const char *query = memchr(target.at, '?', target.size);
    uint32_t arguments = 1;
    for (const char *p = query; p != NULL && p < target.at + target.size; p++) {
        arguments += *p == '&';
    }
    return arguments > REQUEST_HEAD_ARGUMENTS_MAX;
}

static bool read_target(struct span target, bool options, struct request_head *head)
{
    if (is_divided(target)) {
        return false;
    }
    for (size_t i = 0; i < target.size; i++) {
        if (target.at[i] <= 0x20 || target.at[i] >= 0x7f || target.at[i] == '#') {
            return false;
        }
    }
    head->target_size = target.size;
    head->path_at = head->target_at;
    head->path_size = target.size;
    if (span_starts_with(target, "http://")) {
        return read_absolute(target, 7, head);
    }
    if (span_starts_with(target, "https://")) {
        return read_absolute(target, 8, head);
    }
    return target.size > 0 &&
           (target.at[0] == '/' || (options && target.size == 1 && target.at[0] == '*'));
}

static enum request_head_fault read_version(struct span version, struct reading *reading)
{
    reading->version_1_0 = version.size == 8 && memcmp(version.at, "HTTP/1.0", 8) == 0;
    if (reading->version_1_0 || (version.size == 8 && memcmp(version.at, "HTTP/1.1", 8) == 0)) {
        return REQUEST_HEAD_GOOD;
    }
    bool form = version.size == 8 && memcmp(version.at, "HTTP/", 5) == 0 && version.at[6] == '.' &&
                version.at[5] >= '0' && version.at[5] <= '9' && version.at[7] >= '0' &&
                version.at[7] <= '9';
    return form ? REQUEST_HEAD_UNKNOWN_VERSION : REQUEST_HEAD_MALFORMED;
}

static enum request_head_fault read_first_line(struct span line, struct reading *reading)
{
    const char *first = memchr(line.at, ' ', line.size);
    const char *last = memrchr(line.at, ' ', line.size);
    if (first == NULL || first == last) {
        return REQUEST_HEAD_MALFORMED;
    }
    struct span method = {line.at, (size_t)(first - line.at)};
    struct span target = {first + 1, (size_t)(last - first - 1)};
    struct span version = {last + 1, (size_t)(line.at + line.size - last - 1)};
    reading->head->target_at = (size_t)(target.at - line.at);
    reading->body_forbidden = (method.size == 3 && memcmp(method.at, "GET", 3) == 0) ||
                              (method.size == 4 && memcmp(method.at, "HEAD", 4) == 0) ||
                              (method.size == 5 && memcmp(method.at, "TRACE", 5) == 0);
    reading->head->may_be_large = (method.size == 4 && memcmp(method.at, "POST", 4) == 0) ||
                                  (method.size == 3 && memcmp(method.at, "PUT", 3) == 0);
    bool options = method.size == 7 && memcmp(method.at, "OPTIONS", 7) == 0;
    enum request_head_fault fault = read_version(version, reading);
    if (fault == REQUEST_HEAD_GOOD &&
        (!span_is_token(method) || !read_target(target, options, reading->head))) {
        fault = REQUEST_HEAD_MALFORMED;
    }
    return fault == REQUEST_HEAD_GOOD && has_many_arguments(target) ? REQUEST_HEAD_TARGET_TOO_LONG
                                                                    : fault;
}

// ---- Fields ----

static bool read_length(struct span value, uint64_t *ret_length)
{
    unsigned long long length = 0;
    if (value.size > LENGTH_DIGITS_MAX ||
        text_to_u64(value.at, value.size, UINT64_MAX, &length) != ERR_NONE) {
        return false;
    }
    *ret_length = length;
    return true;
}

// RFC 9112, section 6.3: without "chunked" at the end nobody knows where the body ends.
static enum request_head_fault read_coding(struct span value, struct request_head *head)
{
    if (span_equals(value, "chunked")) {
        head->chunked = true;
        return REQUEST_HEAD_GOOD;
    }
    struct span last = value;
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == ',') {
            last = trimmed((struct span){value.at + i + 1, value.size - i - 1});
        }
    }
    return span_equals(last, "chunked") ? REQUEST_HEAD_UNKNOWN_CODING : REQUEST_HEAD_MALFORMED;
}

bool request_head_field_is_good(const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    if (colon == NULL || !span_is_token((struct span){line, (size_t)(colon - line)})) {
        return false; // also a blank before the colon, and a line that goes on (section 5.2)
    }
    for (const char *p = colon + 1; p < line + size; p++) {
        if (!is_value_character(*p)) {
            return false;
        }
    }
    return true;
}

bool request_head_field_is(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);
    return size > length && line[length] == ':' && strncasecmp(line, name, length) == 0;
}

// SINGLES: none of them.
static size_t single_of(struct span name)
{
    size_t single = 0;
    while (single < SINGLES && !span_equals(name, singles[single])) {
        single++;
    }
    return single;
}

static enum request_head_fault read_single(size_t single, struct span value,
                                           struct reading *reading)
{
    bool good = !reading->seen[single];
    reading->seen[single] = true;
    if (single == SINGLE_HOST) {
        good = good && authority_is_good(value.at, value.size);
    } else if (single == SINGLE_LENGTH) {
        good = good && read_length(value, &reading->head->length);
    } else if (single == SINGLE_CODING && good) {
        return read_coding(value, reading->head);
    }
    return good ? REQUEST_HEAD_GOOD : REQUEST_HEAD_MALFORMED;
}

static enum request_head_fault read_field(struct span line, struct reading *reading)
{
    if (!request_head_field_is_good(line.at, line.size)) {
        return REQUEST_HEAD_MALFORMED;
    }
    const char *colon = memchr(line.at, ':', line.size);
    struct span name = {line.at, (size_t)(colon - line.at)};
    struct span value = trimmed((struct span){colon + 1, line.size - name.size - 1});
    size_t single = single_of(name);
    return single < SINGLES ? read_single(single, value, reading) : REQUEST_HEAD_GOOD;
}

static enum request_head_fault judge(const struct reading *reading)
{
    const struct request_head *head = reading->head;
    const bool *seen = reading->seen;
    bool body = head->chunked || head->length > 0;
    if ((!seen[SINGLE_HOST] && !reading->version_1_0) ||
        (seen[SINGLE_CODING] && (seen[SINGLE_LENGTH] || reading->version_1_0)) ||
        (body && reading->body_forbidden)) {
        return REQUEST_HEAD_MALFORMED;
    }
    return REQUEST_HEAD_GOOD;
}

enum request_head_fault request_head_read(const char *head, size_t size,
                                          struct request_head *ret_head)
{
    *ret_head = (struct request_head){0};
    struct reading reading = {.head = ret_head};
    struct span rest = {head, size};
    enum request_head_fault fault = read_first_line(next_line(&rest), &reading);
    uint32_t fields = 0;
    while (fault == REQUEST_HEAD_GOOD) {
        struct span line = next_line(&rest);
        if (line.size == 0) {
            return judge(&reading);
        }
        fault = ++fields > REQUEST_HEAD_FIELDS_MAX ? REQUEST_HEAD_TOO_LARGE
                                                   : read_field(line, &reading);
    }
    return fault;
}
