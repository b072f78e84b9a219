#include "http/forwarded.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

struct span {
    const char *at;
    size_t size;
};

static struct span trimmed(struct span span)
{
    while (span.size > 0 && (span.at[0] == ' ' || span.at[0] == '\t')) {
        span.at++;
        span.size--;
    }
    while (span.size > 0 && (span.at[span.size - 1] == ' ' || span.at[span.size - 1] == '\t')) {
        span.size--;
    }
    return span;
}

// The last part of `rest` behind `separator`, which is cut off; quoted separators are none.
static struct span take_last(struct span *rest, char separator)
{
    size_t start = 0;
    bool quoted = false;
    bool found = false;
    for (size_t i = 0; i < rest->size; i++) {
        quoted = quoted != (rest->at[i] == '"');
        if (rest->at[i] == separator && !quoted) {
            start = i + 1;
            found = true;
        }
    }
    struct span last = {rest->at + start, rest->size - start};
    rest->size = found ? start - 1 : 0;
    return trimmed(last);
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711".
static bool read_address(struct span node, struct client_address *ret_address)
{
    char text[CLIENT_ADDRESS_TEXT_MAX];
    size_t size = node.size;
    if (size > 0 && node.at[0] == '[') {
        const char *end = memchr(node.at, ']', size);
        if (end == NULL) {
            return false;
        }
        node.at++;
        size = (size_t)(end - node.at);
    } else {
        const char *colon = memchr(node.at, ':', size);
        if (colon != NULL && colon == memrchr(node.at, ':', size)) {
            size = (size_t)(colon - node.at);
        }
    }
    return text_copy_n(text, sizeof(text), node.at, size) == ERR_NONE &&
           client_address_from_text(text, ret_address) == ERR_NONE;
}

// The "for" of one element of Forwarded.
static struct span node_of(struct span element)
{
    while (element.size > 0) {
        struct span pair = take_last(&element, ';');
        if (pair.size > 4 && strncasecmp(pair.at, "for=", 4) == 0) {
            struct span node = {pair.at + 4, pair.size - 4};
            if (node.size >= 2 && node.at[0] == '"' && node.at[node.size - 1] == '"') {
                node.at++;
                node.size -= 2;
            }
            return node;
        }
    }
    return (struct span){"", 0};
}

struct client_address forwarded_client(const struct client_networks *trusted,
                                       const struct client_address *peer,
                                       enum forwarded_field field, const char *const *values,
                                       uint32_t count)
{
    struct client_address client = *peer;
    while (count > 0) {
        struct span rest = {values[count - 1], strlen(values[count - 1])};
        count--;
        while (rest.size > 0) {
            struct client_address said;
            struct span element = take_last(&rest, ',');
            if (!client_networks_contain(trusted, &client) ||
                !read_address(field == FORWARDED_FORWARDED ? node_of(element) : element, &said)) {
                return client;
            }
            client = said;
        }
    }
    return client;
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return text[digits] == '\0' && digits <= 5;
}

bool host_is_loopback(const char *host)
{
    char name[CLIENT_ADDRESS_TEXT_MAX];
    struct client_address address;
    if (host == NULL) {
        return false;
    }
    bool bracketed = host[0] == '[';
    const char *from = bracketed ? host + 1 : host;
    size_t size = strcspn(from, bracketed ? "]" : ":");
    if (bracketed && from[size] != ']') {
        return false;
    }
    const char *after = from + size + bracketed;
    if (text_copy_n(name, sizeof(name), from, size) != ERR_NONE ||
        (after[0] == ':' ? !is_port(after + 1) : after[0] != '\0')) {
        return false;
    }
    if (!bracketed && strcasecmp(name, "localhost") == 0) {
        return true;
    }
    return client_address_from_text(name, &address) == ERR_NONE &&
           client_address_is_loopback(&address) && bracketed == (strchr(name, ':') != NULL);
}
