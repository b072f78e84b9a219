#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

void network_of_text(const char *remote, uint8_t ret_network[NETWORK_SIZE])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    memset(ret_network, 0, NETWORK_SIZE);
    if (remote == NULL) {
        return;
    }
    if (inet_pton(AF_INET, remote, ret_network + 12) == 1) {
        memcpy(ret_network, mapped, sizeof(mapped));
    } else if (inet_pton(AF_INET6, remote, ret_network) == 1 &&
               memcmp(ret_network, mapped, sizeof(mapped)) != 0) {
        memset(ret_network + 8, 0, 8);
    }
}
