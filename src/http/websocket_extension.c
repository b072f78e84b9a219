#include "http/websocket_extension.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define BLANKS " \t"
// More than these end a token (RFC 9110, section 5.6.2); no name or value of ours has any.
#define TOKEN_END BLANKS ",;=\""

enum parameter {
    PARAMETER_SERVER_KEEPS_NOTHING,
    PARAMETER_CLIENT_KEEPS_NOTHING,
    PARAMETER_SERVER_WINDOW,
    PARAMETER_CLIENT_WINDOW,
    PARAMETER_COUNT,
};

static const char *const parameter_names[PARAMETER_COUNT] = {
    "server_no_context_takeover",
    "client_no_context_takeover",
    "server_max_window_bits",
    "client_max_window_bits",
};

struct span {
    const char *text;
    size_t size;
};

static void skip_blanks(const char **at)
{
    *at += strspn(*at, BLANKS);
}

static struct span take_token(const char **at)
{
    skip_blanks(at);
    struct span token = {*at, strcspn(*at, TOKEN_END)};
    *at += token.size;
    skip_blanks(at);
    return token;
}

static bool span_is(struct span span, const char *text)
{
    return span.size == strlen(text) && strncasecmp(span.text, text, span.size) == 0;
}

// 8 to 15 without zeros in front; 0 for anything else.
static int window_of(struct span value)
{
    if (value.size == 1 && (value.text[0] == '8' || value.text[0] == '9')) {
        return value.text[0] - '0';
    }
    bool two = value.size == 2 && value.text[0] == '1';
    return two && value.text[1] >= '0' && value.text[1] <= '5' ? 10 + value.text[1] - '0' : 0;
}

// "=VALUE" or "=\"VALUE\"", if there is one; false when it is neither.
static bool take_value(const char **at, bool *ret_has, struct span *ret_value)
{
    *ret_has = **at == '=';
    if (!*ret_has) {
        return true;
    }
    *at += 1 + strspn(*at + 1, BLANKS);
    bool quoted = **at == '"';
    *at += quoted;
    *ret_value = take_token(at);
    if (quoted) {
        if (**at != '"') {
            return false;
        }
        (*at)++;
        skip_blanks(at);
    }
    return ret_value->size > 0;
}

struct offer {
    bool good;
    bool seen[PARAMETER_COUNT];
    int window; // the server's
};

static bool parameter_fits(struct offer *offer, enum parameter parameter, bool has,
                           struct span value)
{
    int window = has ? window_of(value) : 0;
    switch (parameter) {
    case PARAMETER_SERVER_KEEPS_NOTHING:
    case PARAMETER_CLIENT_KEEPS_NOTHING: return !has;
    case PARAMETER_SERVER_WINDOW: offer->window = window; return window >= WEBSOCKET_WINDOW_MIN;
    case PARAMETER_CLIENT_WINDOW: // ours to read is always the largest
        return !has || window != 0;
    case PARAMETER_COUNT: break;
    }
    return false;
}

static void read_parameter(const char **at, struct offer *offer)
{
    struct span name = take_token(at);
    struct span value = {NULL, 0};
    bool has = false;
    int found = 0;
    offer->good = take_value(at, &has, &value) && offer->good;
    while (found < PARAMETER_COUNT && !span_is(name, parameter_names[found])) {
        found++;
    }
    // One that is not known, or comes twice, makes the offer one that cannot be served (7.1).
    if (found == PARAMETER_COUNT || offer->seen[found]) {
        offer->good = false;
        return;
    }
    offer->seen[found] = true;
    offer->good = parameter_fits(offer, (enum parameter)found, has, value) && offer->good;
}

// One of the list's elements, to the comma behind it or the end.
static struct offer read_offer(const char **at)
{
    struct offer offer = {.window = WEBSOCKET_WINDOW_MAX};
    offer.good = span_is(take_token(at), "permessage-deflate");
    while (**at == ';') {
        (*at)++;
        read_parameter(at, &offer);
    }
    if (**at != ',' && **at != '\0') {
        offer.good = false;
        *at += strcspn(*at, ",");
    }
    return offer;
}

static void write_answer(const struct offer *offer, char answer[WEBSOCKET_EXTENSION_MAX + 1])
{
    struct text_builder text = text_builder(answer, WEBSOCKET_EXTENSION_MAX + 1);
    text_append(&text,
                "permessage-deflate; server_no_context_takeover; "
                "client_no_context_takeover");
    if (offer->seen[PARAMETER_SERVER_WINDOW]) {
        text_append_format(&text, "; server_max_window_bits=%d", offer->window);
    }
}

int websocket_extension(const char *offers, char ret_answer[WEBSOCKET_EXTENSION_MAX + 1])
{
    ret_answer[0] = '\0';
    while (offers != NULL && *offers != '\0') {
        struct offer offer = read_offer(&offers);
        if (offer.good) {
            write_answer(&offer, ret_answer);
            return offer.window;
        }
        offers += *offers == ',';
    }
    return 0;
}
