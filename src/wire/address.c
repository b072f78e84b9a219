#include "wire/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

enum err address_from_socket(const struct sockaddr *from, struct address *ret_address)
{
    *ret_address = (struct address){0};
    if (from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof(in));
        memcpy(ret_address->ip, &in.sin_addr, 4);
        ret_address->port = ntohs(in.sin_port);
        ret_address->family = ADDRESS_IPV4;
        return ERR_NONE;
    }
    if (from->sa_family != AF_INET6) {
        return ERR_UNSUPPORTED;
    }
    struct sockaddr_in6 in6;
    memcpy(&in6, from, sizeof(in6));
    ret_address->port = ntohs(in6.sin6_port);
    const uint8_t *ip = in6.sin6_addr.s6_addr;
    if (memcmp(ip, mapped_prefix, sizeof(mapped_prefix)) == 0) {
        memcpy(ret_address->ip, ip + sizeof(mapped_prefix), 4);
        ret_address->family = ADDRESS_IPV4;
    } else {
        memcpy(ret_address->ip, ip, 16);
        ret_address->family = ADDRESS_IPV6;
    }
    return ERR_NONE;
}

socklen_t address_to_socket(const struct address *address, bool dual_stack,
                            struct sockaddr_storage *ret_to)
{
    memset(ret_to, 0, sizeof(*ret_to));
    if (address->family == ADDRESS_IPV4 && !dual_stack) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
        memcpy(&in.sin_addr, address->ip, 4);
        memcpy(ret_to, &in, sizeof(in));
        return sizeof(in);
    }
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    if (address->family == ADDRESS_IPV4) {
        memcpy(in6.sin6_addr.s6_addr, mapped_prefix, sizeof(mapped_prefix));
        memcpy(in6.sin6_addr.s6_addr + sizeof(mapped_prefix), address->ip, 4);
    } else {
        memcpy(in6.sin6_addr.s6_addr, address->ip, 16);
    }
    memcpy(ret_to, &in6, sizeof(in6));
    return sizeof(in6);
}

bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

enum err address_from_text(const char *ip, uint16_t port, struct address *ret_address)
{
    *ret_address = (struct address){.port = port};
    if (inet_pton(AF_INET, ip, ret_address->ip) == 1) {
        ret_address->family = ADDRESS_IPV4;
        return ERR_NONE;
    }
    if (inet_pton(AF_INET6, ip, ret_address->ip) == 1) {
        ret_address->family = ADDRESS_IPV6;
        return ERR_NONE;
    }
    *ret_address = (struct address){0};
    return ERR_MALFORMED;
}

void address_ip_text(const struct address *address, char ret_text[ADDRESS_TEXT_SIZE])
{
    int family = address->family == ADDRESS_IPV4 ? AF_INET : AF_INET6;
    if (inet_ntop(family, address->ip, ret_text, ADDRESS_TEXT_SIZE) == NULL) {
        ret_text[0] = '\0';
    }
}
