#include "http/authority.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define PORT_MAX 65535

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hexadecimal(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_name_character(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("-._~!$&'()*+;=", c) != NULL);
}

// An IPv4 address is one as well, by its characters.
static bool is_name(const char *text, size_t size)
{
    bool label_begins = true;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '%') {
            if (size - i < 3 || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2])) {
                return false;
            }
            i += 2;
        } else if (!is_name_character(text[i]) || (text[i] == '.' && label_begins)) {
            return false;
        }
        label_begins = text[i] == '.';
    }
    return size > 0;
}

static bool is_ipv6(const char *text, size_t size)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr ignored;
    return memchr(text, '\0', size) == NULL &&
           text_copy_n(address, sizeof(address), text, size) == ERR_NONE &&
           inet_pton(AF_INET6, address, &ignored) == 1;
}

// With its colon, or nothing at all.
static bool is_port(const char *text, size_t size)
{
    unsigned long port = 0;
    for (size_t i = 1; i < size; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
        port = 10 * port + (unsigned long)(text[i] - '0');
        if (port > PORT_MAX) {
            return false;
        }
    }
    return size == 0 || text[0] == ':';
}

bool authority_is_good(const char *text, size_t size)
{
    if (size > 0 && text[0] == '[') {
        const char *end = memchr(text, ']', size);
        size_t host = end != NULL ? (size_t)(end - text) : 0;
        return end != NULL && is_ipv6(text + 1, host - 1) && is_port(end + 1, size - host - 1);
    }
    const char *colon = memchr(text, ':', size);
    size_t host = colon != NULL ? (size_t)(colon - text) : size;
    return is_name(text, host) && is_port(text + host, size - host);
}
