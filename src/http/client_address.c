#include "http/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text.h"

#define MAPPED_BITS 96

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct client_address *address)
{
    return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

struct client_address client_address_of(const struct sockaddr *address)
{
    struct client_address result = {0};
    if (address->sa_family == AF_INET) {
        memcpy(result.bytes, mapped, sizeof(mapped));
        memcpy(result.bytes + sizeof(mapped),
               &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        memcpy(result.bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    }
    return result;
}

enum err client_address_from_text(const char *text, struct client_address *ret_address)
{
    *ret_address = (struct client_address){0};
    if (inet_pton(AF_INET, text, ret_address->bytes + sizeof(mapped)) == 1) {
        memcpy(ret_address->bytes, mapped, sizeof(mapped));
        return ERR_NONE;
    }
    return inet_pton(AF_INET6, text, ret_address->bytes) == 1 ? ERR_NONE : ERR_MALFORMED;
}

void client_address_to_text(const struct client_address *address,
                            char ret_text[CLIENT_ADDRESS_TEXT_MAX])
{
    bool v4 = is_v4(address);
    if (inet_ntop(v4 ? AF_INET : AF_INET6, address->bytes + (v4 ? sizeof(mapped) : 0), ret_text,
                  CLIENT_ADDRESS_TEXT_MAX) == NULL) {
        ret_text[0] = '\0';
    }
}

bool client_address_is_loopback(const struct client_address *address)
{
    static const uint8_t loopback[16] = {[15] = 1};
    return is_v4(address) ? address->bytes[12] == 127
                          : memcmp(address->bytes, loopback, sizeof(loopback)) == 0;
}

struct client_address client_address_counted(const struct client_address *address)
{
    struct client_address counted = *address;
    if (!is_v4(address)) {
        memset(counted.bytes + 8, 0, 8);
    }
    return counted;
}

bool client_address_equal(const struct client_address *a, const struct client_address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static enum err read_network(const char *text, struct client_network *ret_network)
{
    char address[CLIENT_ADDRESS_TEXT_MAX];
    size_t length = strcspn(text, "/");
    unsigned long long bits = 0;
    if (text_copy_n(address, sizeof(address), text, length) != ERR_NONE ||
        client_address_from_text(address, &ret_network->address) != ERR_NONE) {
        return ERR_MALFORMED;
    }
    bool v4 = strchr(address, ':') == NULL;
    unsigned most = v4 ? 128 - MAPPED_BITS : 128;
    ret_network->bits = 128;
    if (text[length] == '/') {
        const char *number = text + length + 1;
        if (text_to_u64(number, strlen(number), most, &bits) != ERR_NONE) {
            return ERR_MALFORMED;
        }
        ret_network->bits = (unsigned)bits + (v4 ? MAPPED_BITS : 0);
    }
    return ERR_NONE;
}

enum err client_networks_read(const char *text, struct client_networks *ret_networks)
{
    *ret_networks = (struct client_networks){0};
    while (*text != '\0') {
        char one[CLIENT_ADDRESS_TEXT_MAX + 4];
        size_t length = strcspn(text, ", ");
        if (length > 0) {
            if (ret_networks->count == CLIENT_NETWORKS_MAX) {
                return ERR_TOO_LARGE;
            }
            if (text_copy_n(one, sizeof(one), text, length) != ERR_NONE ||
                read_network(one, &ret_networks->items[ret_networks->count]) != ERR_NONE) {
                return ERR_MALFORMED;
            }
            ret_networks->count++;
        }
        text += length + (text[length] != '\0');
    }
    return ERR_NONE;
}

static bool network_contains(const struct client_network *network,
                             const struct client_address *address)
{
    unsigned whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    uint8_t mask = (uint8_t)(0xff00u >> rest);
    return memcmp(network->address.bytes, address->bytes, whole) == 0 &&
           (rest == 0 || ((network->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0);
}

bool client_networks_contain(const struct client_networks *networks,
                             const struct client_address *address)
{
    for (uint32_t i = 0; i < networks->count; i++) {
        if (network_contains(&networks->items[i], address)) {
            return true;
        }
    }
    return false;
}
