#include "media/transmit_route.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MAX 4096
#define USABLE     (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

struct request {
    struct nlmsghdr header;
    union {
        struct rtmsg route;
        struct ndmsg neighbour;
    } body;
    uint8_t attributes[2 * RTA_SPACE(16)];
};

union answer {
    struct nlmsghdr header;
    uint8_t bytes[ANSWER_MAX];
};

int transmit_route_open(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
}

static void attribute_add(struct request *request, uint16_t type, const void *data, size_t size)
{
    struct rtattr attribute = {.rta_len = (uint16_t)RTA_LENGTH(size), .rta_type = type};
    uint8_t *at = (uint8_t *)request + NLMSG_ALIGN(request->header.nlmsg_len);
    memcpy(at, &attribute, sizeof(attribute));
    memcpy(at + RTA_LENGTH(0), data, size);
    request->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) +
                                           RTA_SPACE(size));
}

// The answer's first message, when it is of this type.
static bool ask(int fd, const struct request *request, uint16_t type, union answer *ret_answer)
{
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    // What an earlier question left unread would be taken for the answer.
    while (recv(fd, ret_answer, sizeof(*ret_answer), MSG_DONTWAIT) > 0) {
    }
    if (sendto(fd, request, request->header.nlmsg_len, 0, (const struct sockaddr *)&kernel,
               sizeof(kernel)) < 0) {
        return false;
    }
    ssize_t size = recv(fd, ret_answer, sizeof(*ret_answer), MSG_DONTWAIT);
    return size > 0 && NLMSG_OK(&ret_answer->header, (size_t)size) &&
           ret_answer->header.nlmsg_type == type;
}

static size_t address_size(const struct address *address)
{
    return address->family == ADDRESS_IPV4 ? 4 : 16;
}

static uint8_t address_family(const struct address *address)
{
    return address->family == ADDRESS_IPV4 ? AF_INET : AF_INET6;
}

// The next hop is `*ret_next`.
static bool route_find(int fd, const struct path *path, unsigned interface,
                       struct address *ret_next)
{
    size_t size = address_size(&path->remote);
    union answer answer;
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(request.body.route)),
                   .nlmsg_type = RTM_GETROUTE,
                   .nlmsg_flags = NLM_F_REQUEST},
        .body.route = {.rtm_family = address_family(&path->remote),
                       .rtm_dst_len = (uint8_t)(8 * size),
                       .rtm_src_len = (uint8_t)(8 * size)},
    };
    attribute_add(&request, RTA_DST, path->remote.ip, size);
    attribute_add(&request, RTA_SRC, path->local.ip, size);
    if (!ask(fd, &request, RTM_NEWROUTE, &answer)) {
        return false;
    }
    const struct rtmsg *route = NLMSG_DATA(&answer.header);
    size_t left = RTM_PAYLOAD(&answer.header);
    bool over_interface = false;
    *ret_next = path->remote;
    for (struct rtattr *at = RTM_RTA(route); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        uint32_t out = 0;
        if (at->rta_type == RTA_OIF && RTA_PAYLOAD(at) == sizeof(out)) {
            memcpy(&out, RTA_DATA(at), sizeof(out));
            over_interface = out == interface;
        } else if (at->rta_type == RTA_GATEWAY && RTA_PAYLOAD(at) == size) {
            memcpy(ret_next->ip, RTA_DATA(at), size);
        } else if (at->rta_type == RTA_VIA) {
            return false; // a next hop of the other family
        }
    }
    return over_interface && route->rtm_type == RTN_UNICAST;
}

static bool neighbour_find(int fd, const struct address *next, unsigned interface,
                           uint8_t ret_mac[6])
{
    union answer answer;
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(request.body.neighbour)),
                   .nlmsg_type = RTM_GETNEIGH,
                   .nlmsg_flags = NLM_F_REQUEST},
        .body.neighbour = {.ndm_family = address_family(next), .ndm_ifindex = (int)interface},
    };
    attribute_add(&request, NDA_DST, next->ip, address_size(next));
    if (!ask(fd, &request, RTM_NEWNEIGH, &answer)) {
        return false;
    }
    const struct ndmsg *neighbour = NLMSG_DATA(&answer.header);
    size_t left = NLMSG_PAYLOAD(&answer.header, sizeof(*neighbour));
    const uint8_t *attributes = (const uint8_t *)neighbour + NLMSG_ALIGN(sizeof(*neighbour));
    for (const struct rtattr *at = (const struct rtattr *)(const void *)attributes;
         RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == NDA_LLADDR && RTA_PAYLOAD(at) == 6) {
            memcpy(ret_mac, RTA_DATA(at), 6);
            return (neighbour->ndm_state & USABLE) != 0;
        }
    }
    return false;
}

bool transmit_route_find(int fd, const struct path *path, unsigned interface, uint8_t ret_mac[6])
{
    struct address next;
    return path->local.family == path->remote.family &&
           (path->remote.family == ADDRESS_IPV4 || path->remote.family == ADDRESS_IPV6) &&
           route_find(fd, path, interface, &next) && neighbour_find(fd, &next, interface, ret_mac);
}
