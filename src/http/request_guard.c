#include "http/request_guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/assert.h"

#define OWN_COOKIE       API_BROWSER_COOKIE "="
#define HEAD_ROOM_FIRST  1024
#define CHUNK_DIGITS_MAX 8
#define TRAILERS_MAX     16
#define REFUSAL_SIZE_MAX 128

// One call of request_guard_take().
struct passage {
    const uint8_t *bytes;
    size_t size;
    uint8_t *out;
    size_t out_size;
};

static void pass_on(struct passage *passage, const void *bytes, size_t size)
{
    memcpy(passage->out + passage->out_size, bytes, size);
    passage->out_size += size;
}

static void pass_text(struct passage *passage, const char *text)
{
    pass_on(passage, text, strlen(text));
}

static void skip(struct passage *passage, size_t size)
{
    passage->bytes += size;
    passage->size -= size;
}

static void forget_head(struct request_guard *guard)
{
    free(guard->head);
    guard->head = NULL;
    guard->head_size = guard->head_room = guard->line_start = 0;
}

void request_guard_finish(struct request_guard *guard)
{
    forget_head(guard);
}

// ---- Refusals ----

static void refuse_head(struct request_guard *guard, enum request_head_fault fault,
                        struct passage *passage)
{
    static const int statuses[] = {
        [REQUEST_HEAD_MALFORMED] = 400,       [REQUEST_HEAD_BODY_TOO_LARGE] = 413,
        [REQUEST_HEAD_TARGET_TOO_LONG] = 414, [REQUEST_HEAD_TOO_LARGE] = 431,
        [REQUEST_HEAD_UNKNOWN_CODING] = 501,  [REQUEST_HEAD_UNKNOWN_VERSION] = 505};
    char text[REFUSAL_SIZE_MAX];
    snprintf(text, sizeof(text),
             REQUEST_GUARD_REFUSED " /%d HTTP/1.1\r\nHost: refused\r\nConnection: close\r\n\r\n",
             statuses[fault]);
    pass_text(passage, text);
    forget_head(guard);
    guard->requests++;
    guard->refused++;
    guard->phase = REQUEST_GUARD_OVER;
}

// The head has gone on already: the body ends here, and says why.
static void end_body(struct request_guard *guard, const char *why, struct passage *passage)
{
    char text[REFUSAL_SIZE_MAX];
    bool in_chunk = guard->phase == REQUEST_GUARD_CHUNK_END;
    snprintf(text, sizeof(text), "%s0\r\n" REQUEST_GUARD_CUT ": %s\r\n\r\n", in_chunk ? "\r\n" : "",
             why);
    pass_text(passage, text);
    guard->phase = REQUEST_GUARD_OVER;
}

static void refuse_body(struct request_guard *guard, struct passage *passage)
{
    end_body(guard, REQUEST_GUARD_CUT_MALFORMED, passage);
    guard->refused++;
}

// ---- Heads ----

static bool grow_head(struct request_guard *guard)
{
    if (guard->head_size < guard->head_room) {
        return true;
    }
    size_t room = guard->head_room == 0 ? HEAD_ROOM_FIRST : 2 * guard->head_room;
    char *grown = room <= REQUEST_HEAD_MAX ? realloc(guard->head, room) : NULL;
    if (grown == NULL) {
        return false;
    }
    guard->head = grown;
    guard->head_room = room;
    return true;
}

// Without the blanks before its end: they are no part of a value (RFC 9112, section 5), and
// libmicrohttpd answers twice, or never, when it finds them behind a length or a coding.
static void pass_line(struct passage *passage, const char *line, size_t size)
{
    size_t end = size >= 2 && line[size - 2] == '\r' ? size - 2 : size;
    size_t kept = end;
    while (kept > 0 && end < size && (line[kept - 1] == ' ' || line[kept - 1] == '\t')) {
        kept--;
    }
    pass_on(passage, line, kept);
    pass_on(passage, line + end, size - end);
}

static bool is_browser(const char *value)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = 0;
    while (length < API_BROWSER_LENGTH && value[length] != '\0' &&
           strchr(letters, value[length]) != NULL) {
        length++;
    }
    return length == API_BROWSER_LENGTH &&
           (value[length] == '\0' || strchr(letters, value[length]) == NULL);
}

// The value of the one cookie that is read here (RFC 6265, section 4.2.1: "name=value;
// name=value"); NULL when the line has none, or one that was never given.
static const char *own_cookie(const char *line, size_t size)
{
    const char *end = line + size;
    const char *at = memchr(line, ':', size);
    while (at != NULL) {
        at += 1 + strspn(at + 1, " \t"); // past the colon or semicolon; the line ends with CR
        size_t left = (size_t)(end - at);
        if (left > sizeof(OWN_COOKIE) - 1 + API_BROWSER_LENGTH &&
            memcmp(at, OWN_COOKIE, sizeof(OWN_COOKIE) - 1) == 0 &&
            is_browser(at + sizeof(OWN_COOKIE) - 1)) { // one byte more is there
            return at + sizeof(OWN_COOKIE) - 1;
        }
        at = memchr(at, ';', left);
    }
    return NULL;
}

static bool pass_cookie(struct passage *passage, const char *line, size_t size)
{
    const char *value = own_cookie(line, size);
    if (value != NULL) {
        pass_text(passage, "Cookie:" OWN_COOKIE); // no longer than it came
        pass_on(passage, value, API_BROWSER_LENGTH);
        pass_text(passage, "\r\n");
    }
    return value != NULL;
}

// Of cookies the one that is read here, once: libmicrohttpd takes each pair apart, and answers
// twice when its memory does not do for that.
static void pass_lines(struct passage *passage, const char *lines, size_t size)
{
    bool has_cookie = false;
    while (size > 0) {
        const char *end = memchr(lines, '\n', size);
        size_t line = end != NULL ? (size_t)(end + 1 - lines) : size;
        if (!request_head_field_is(lines, line, "Cookie")) {
            pass_line(passage, lines, line);
        } else if (!has_cookie) {
            has_cookie = pass_cookie(passage, lines, line);
        }
        lines += line;
        size -= line;
    }
}

// A target in absolute form goes on as its path, of cookies the server's own, values without the
// blanks behind them, everything else as it came.
static void pass_head(struct request_guard *guard, const struct request_head *head,
                      struct passage *passage)
{
    const char *after = guard->head + head->target_at + head->target_size;
    pass_on(passage, guard->head, head->target_at);
    if (head->path_size == 0 || head->path_lacks_slash) {
        pass_text(passage, "/");
    }
    pass_on(passage, guard->head + head->path_at, head->path_size);
    pass_lines(passage, after, guard->head_size - (size_t)(after - guard->head));
}

static void head_is_whole(struct request_guard *guard, struct passage *passage)
{
    struct request_head head;
    enum request_head_fault fault = request_head_read(guard->head, guard->head_size, &head);
    if (fault == REQUEST_HEAD_GOOD && head.length > REQUEST_GUARD_BODY_MAX && !head.may_be_large) {
        fault = REQUEST_HEAD_BODY_TOO_LARGE; // libmicrohttpd would read it all before it answers
    }
    if (fault != REQUEST_HEAD_GOOD) {
        refuse_head(guard, fault, passage);
        return;
    }
    pass_head(guard, &head, passage);
    forget_head(guard);
    guard->requests++;
    guard->remaining = head.length;
    guard->chunked = 0;
    guard->phase = head.chunked      ? REQUEST_GUARD_CHUNK_SIZE
                   : head.length > 0 ? REQUEST_GUARD_BODY
                                     : REQUEST_GUARD_ANSWER;
}

// CR and LF only together; one empty line before a request is skipped (RFC 9112, section 2.2).
static void take_head(struct request_guard *guard, struct passage *passage)
{
    while (passage->size > 0 && guard->phase == REQUEST_GUARD_HEAD) {
        char c = (char)passage->bytes[0];
        bool after_return = guard->head_size > 0 && guard->head[guard->head_size - 1] == '\r';
        if ((c == '\n') != after_return) {
            refuse_head(guard, REQUEST_HEAD_MALFORMED, passage);
            return;
        }
        if (!grow_head(guard)) {
            refuse_head(guard, REQUEST_HEAD_TOO_LARGE, passage);
            return;
        }
        guard->head[guard->head_size++] = c;
        skip(passage, 1);
        if (c != '\n') {
            continue;
        }
        if (guard->head_size == 2 && !guard->begun) {
            guard->begun = true;
            forget_head(guard);
        } else if (guard->head_size == 2) {
            refuse_head(guard, REQUEST_HEAD_MALFORMED, passage);
        } else if (guard->head_size == guard->line_start + 2) {
            head_is_whole(guard, passage);
        } else {
            guard->line_start = guard->head_size;
        }
    }
}

// ---- Bodies ----

static void take_data(struct request_guard *guard, struct passage *passage)
{
    size_t part = passage->size < guard->remaining ? passage->size : (size_t)guard->remaining;
    pass_on(passage, passage->bytes, part);
    skip(passage, part);
    guard->remaining -= part;
    if (guard->remaining == 0) {
        guard->phase = guard->phase == REQUEST_GUARD_BODY ? REQUEST_GUARD_ANSWER
                                                          : REQUEST_GUARD_CHUNK_END;
    }
}

enum line_state { LINE_GOES_ON, LINE_WHOLE, LINE_FAULTY };

// Up to the CRLF, which does not stand in guard->line.
static enum line_state take_line(struct request_guard *guard, struct passage *passage)
{
    while (passage->size > 0) {
        char c = (char)passage->bytes[0];
        bool after_return = guard->line_size > 0 && guard->line[guard->line_size - 1] == '\r';
        if ((c == '\n') != after_return || guard->line_size == sizeof(guard->line)) {
            return LINE_FAULTY;
        }
        skip(passage, 1);
        if (c == '\n') {
            guard->line_size--;
            return LINE_WHOLE;
        }
        guard->line[guard->line_size++] = c;
    }
    return LINE_GOES_ON;
}

static bool read_chunk_size(const char *line, size_t size, uint64_t *ret_chunk)
{
    uint64_t chunk = 0;
    size_t digits = 0;
    for (; digits < size; digits++) {
        char c = line[digits];
        int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (value < 0) {
            break;
        }
        chunk = chunk << 4 | (uint64_t)value;
        if (digits == CHUNK_DIGITS_MAX) {
            return false;
        }
    }
    for (size_t i = digits; i < size; i++) {
        if ((unsigned char)line[i] < 0x20 && line[i] != '\t') {
            return false;
        }
    }
    *ret_chunk = chunk;
    return digits > 0 && (digits == size || line[digits] == ';');
}

static void take_chunk_size(struct request_guard *guard, struct passage *passage)
{
    enum line_state state = take_line(guard, passage);
    if (state == LINE_GOES_ON) {
        return;
    }
    if (state == LINE_FAULTY ||
        !read_chunk_size(guard->line, guard->line_size, &guard->remaining)) {
        refuse_body(guard, passage);
        return;
    }
    guard->line_size = 0;
    guard->chunked += guard->remaining;
    if (guard->chunked > REQUEST_GUARD_BODY_MAX) {
        end_body(guard, REQUEST_GUARD_CUT_TOO_LARGE, passage);
        return;
    }
    if (guard->remaining == 0) {
        guard->trailers = 0;
        guard->phase = REQUEST_GUARD_TRAILER;
        return;
    }
    char text[24];
    snprintf(text, sizeof(text), "%llx\r\n", (unsigned long long)guard->remaining);
    pass_text(passage, text);
    guard->phase = REQUEST_GUARD_CHUNK_DATA;
}

static void take_chunk_end(struct request_guard *guard, struct passage *passage)
{
    enum line_state state = take_line(guard, passage);
    if (state == LINE_FAULTY || (state == LINE_WHOLE && guard->line_size > 0) ||
        guard->line_size > 1) {
        refuse_body(guard, passage);
    } else if (state == LINE_WHOLE) {
        pass_text(passage, "\r\n");
        guard->phase = REQUEST_GUARD_CHUNK_SIZE;
    }
}

// Nobody here reads trailers: they are checked and left out.
static void take_trailer(struct request_guard *guard, struct passage *passage)
{
    enum line_state state = take_line(guard, passage);
    if (state == LINE_GOES_ON) {
        return;
    }
    if (state == LINE_WHOLE && guard->line_size == 0) {
        pass_text(passage, "0\r\n\r\n");
        guard->phase = REQUEST_GUARD_ANSWER;
        return;
    }
    if (state == LINE_FAULTY || ++guard->trailers > TRAILERS_MAX ||
        !request_head_field_is_good(guard->line, guard->line_size)) {
        refuse_body(guard, passage);
        return;
    }
    guard->line_size = 0;
}

// ---- The machine ----

size_t request_guard_take(struct request_guard *guard, const uint8_t *bytes, size_t size,
                          uint8_t *out, size_t *ret_out_size)
{
    struct passage passage = {.bytes = bytes, .size = size, .out = out};
    while (passage.size > 0 && request_guard_takes(guard)) {
        switch (guard->phase) {
        case REQUEST_GUARD_HEAD: take_head(guard, &passage); break;
        case REQUEST_GUARD_BODY:
        case REQUEST_GUARD_CHUNK_DATA: take_data(guard, &passage); break;
        case REQUEST_GUARD_CHUNK_SIZE: take_chunk_size(guard, &passage); break;
        case REQUEST_GUARD_CHUNK_END: take_chunk_end(guard, &passage); break;
        case REQUEST_GUARD_TRAILER: take_trailer(guard, &passage); break;
        case REQUEST_GUARD_RAW:
            pass_on(&passage, passage.bytes, passage.size);
            skip(&passage, passage.size);
            break;
        case REQUEST_GUARD_OVER: skip(&passage, passage.size); break;
        case REQUEST_GUARD_ANSWER:
        default: break;
        }
    }
    ASSERT(passage.out_size <= REQUEST_GUARD_OUT_MAX(size));
    *ret_out_size = passage.out_size;
    return size - passage.size;
}

void request_guard_answered(struct request_guard *guard)
{
    if (guard->phase == REQUEST_GUARD_ANSWER) {
        guard->phase = REQUEST_GUARD_HEAD;
        guard->begun = false;
    }
}

void request_guard_upgraded(struct request_guard *guard)
{
    ASSERT(guard->phase == REQUEST_GUARD_ANSWER); // no body: http upgrades nothing but a GET
    guard->phase = REQUEST_GUARD_RAW;
}

bool request_guard_is_idle(const struct request_guard *guard)
{
    return guard->phase == REQUEST_GUARD_HEAD && guard->head_size == 0 && !guard->begun;
}

bool request_guard_takes(const struct request_guard *guard)
{
    return guard->phase != REQUEST_GUARD_ANSWER;
}
