// Ethernet, IPv4 (RFC 791) or IPv6 (RFC 8200) and UDP (RFC 768) headers before a datagram, with
// checksums (RFC 1071) computed here.
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/transmit_priv.h"

#define ETHERNET_SIZE 14
#define IPV4_SIZE     20
#define IPV6_SIZE     40
#define UDP_SIZE      8
#define TTL           64
#define PROTOCOL_UDP  17

// One's complement sums do not depend on the order of bytes as long as all words have the same one
// (RFC 1071 section 2), so words are taken as the processor does.
static uint64_t sum_bytes(const uint8_t *data, size_t size)
{
    uint64_t sum = 0;
    uint32_t word;
    for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        sum += word;
    }
    if (size > 0) {
        word = 0;
        memcpy(&word, data, size);
        sum += word;
    }
    return sum;
}

static uint16_t sum_fold(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

static uint16_t word_of(size_t value)
{
    uint8_t bytes[2];
    uint16_t word;
    bytes_store_u16(bytes, (uint16_t)value);
    memcpy(&word, bytes, sizeof(word));
    return word;
}

static void checksum_store(uint8_t *to, uint16_t sum)
{
    memcpy(to, &sum, sizeof(sum));
}

void transmit_frame_init(struct transmit_destination *destination, const uint8_t own_mac[6],
                         const uint8_t next_mac[6], const struct address *local,
                         const struct address *remote)
{
    bool v4 = remote->family == ADDRESS_IPV4;
    size_t ip_size = v4 ? IPV4_SIZE : IPV6_SIZE;
    size_t address_size = v4 ? 4 : 16;
    uint8_t *frame = destination->frame;
    uint8_t *ip = frame + ETHERNET_SIZE;
    uint8_t *addresses = ip + ip_size - 2 * address_size;
    uint8_t *udp = ip + ip_size;
    ASSERT(local->family == remote->family);
    memset(frame, 0, sizeof(destination->frame));
    memcpy(frame, next_mac, 6);
    memcpy(frame + 6, own_mac, 6);
    bytes_store_u16(frame + 12, v4 ? 0x0800 : 0x86dd);
    if (v4) {
        ip[0] = 0x45;
        ip[6] = 0x40; // DF; the identification is then of no use (RFC 6864 section 4.1)
        ip[8] = TTL;
        ip[9] = PROTOCOL_UDP;
    } else {
        ip[0] = 0x60;
        ip[6] = PROTOCOL_UDP;
        ip[7] = TTL;
    }
    memcpy(addresses, local->ip, address_size);
    memcpy(addresses + address_size, remote->ip, address_size);
    bytes_store_u16(udp, local->port);
    bytes_store_u16(udp + 2, remote->port);
    destination->frame_size = (uint8_t)(ETHERNET_SIZE + ip_size + UDP_SIZE);
    destination->ip_sum = sum_fold(sum_bytes(ip, ip_size));
    destination->udp_sum = sum_fold(sum_bytes(addresses, 2 * address_size) + sum_bytes(udp, 4) +
                                    word_of(PROTOCOL_UDP));
}

uint8_t *transmit_frame_write(const struct transmit_destination *destination, uint8_t *datagram,
                              size_t size)
{
    uint8_t *frame = datagram - destination->frame_size;
    uint8_t *ip = frame + ETHERNET_SIZE;
    uint8_t *udp = datagram - UDP_SIZE;
    size_t udp_size = UDP_SIZE + size;
    memcpy(frame, destination->frame, destination->frame_size);
    if (destination->frame_size == ETHERNET_SIZE + IPV4_SIZE + UDP_SIZE) {
        bytes_store_u16(ip + 2, (uint16_t)(IPV4_SIZE + udp_size));
        checksum_store(ip + 10,
                       (uint16_t)~sum_fold(destination->ip_sum + word_of(IPV4_SIZE + udp_size)));
    } else {
        bytes_store_u16(ip + 4, (uint16_t)udp_size);
    }
    bytes_store_u16(udp + 4, (uint16_t)udp_size);
    // The length stands in the header and in the pseudo-header.
    uint16_t sum = (uint16_t)~sum_fold(destination->udp_sum + 2ull * word_of(udp_size) +
                                       sum_bytes(datagram, size));
    checksum_store(udp + 6, sum != 0 ? sum : 0xffff); // 0 would say that there is none
    return frame;
}
