#include "load/load_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <linux/sock_diag.h>

#include "base/assert.h"

#define BATCH          64
#define SHARED_BUFFER  (16 * 1024 * 1024) // bytes; as much as the kernel allows
#define OWN_BUFFER     (64 * 1024)
#define SHARED_SAMPLED 2 // sockets that sampled clients share
#define SHARED_OTHERS  8 // sockets that the others share
#define SHARED_COUNT   (SHARED_SAMPLED + SHARED_OTHERS)
#define SPARE_FILES    256 // descriptors for everything else
#define NS_PER_S       1000000000ll
#define CONTROL_SIZE   (CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(struct timespec)))

struct load_net {
    struct load_net_options options;
    uint32_t socket_count;
    int *fds;                // owned; -1: none
    uint64_t dropped_before; // by sockets closed since
    uint8_t *places;         // owned: socket of each client, when addresses are many
    uint8_t next_sampled;
    uint8_t next_other;
    struct mmsghdr headers[BATCH];
    struct iovec vectors[BATCH];
    struct sockaddr_storage from[BATCH];
    _Alignas(struct cmsghdr) uint8_t control[BATCH][CONTROL_SIZE];
    _Alignas(64) uint8_t data[BATCH][LOAD_NET_DATAGRAM_MAX];
};

enum err load_net_route(const char *host, struct address *ret_local)
{
    struct addrinfo wish = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    struct sockaddr_storage own;
    enum err err = ERR_NOT_FOUND;
    if (getaddrinfo(host, "9", &wish, &found) != 0) {
        return err;
    }
    for (struct addrinfo *at = found; at != NULL && err != ERR_NONE; at = at->ai_next) {
        socklen_t size = sizeof(own);
        int fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        // Nothing is sent: connecting a datagram socket only asks for the route.
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0 &&
            getsockname(fd, (struct sockaddr *)&own, &size) == 0) {
            err = address_from_socket((const struct sockaddr *)&own, ret_local);
            ret_local->port = 0;
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    freeaddrinfo(found);
    return err;
}

static bool many(const struct load_net *net)
{
    return net->options.prefix != 0;
}

// Host order.
static uint32_t ipv4_of(const struct address *address)
{
    uint32_t ip;
    memcpy(&ip, address->ip, sizeof(ip));
    return ntohl(ip);
}

static int socket_open(struct load_net *net, uint32_t number, bool sampled)
{
    struct address local = net->options.local;
    struct sockaddr_storage own;
    int on = 1;
    int size = many(net) ? SHARED_BUFFER : OWN_BUFFER;
    if (many(net)) {
        memset(local.ip, 0, sizeof(local.ip)); // any of ours
    }
    socklen_t own_size = address_to_socket(&local, false, &own);
    int fd = socket(own.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct epoll_event event = {.events = EPOLLIN,
                                .data.u64 = net->options.epoll_tag << 32 | number};
    if (fd < 0) {
        return -1;
    }
    // Forcing needs a privilege; without it the kernel's limit holds.
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
    if ((many(net) && setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) != 0) ||
        (sampled && setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0) ||
        bind(fd, (const struct sockaddr *)&own, own_size) != 0 ||
        epoll_ctl(net->options.epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void files_allow(uint32_t count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < count) {
        limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
        (void)setrlimit(RLIMIT_NOFILE, &limit); // what is missing shows when a socket is
    }
}

static void batch_prepare(struct load_net *net)
{
    for (unsigned i = 0; i < BATCH; i++) {
        net->vectors[i] = (struct iovec){net->data[i], LOAD_NET_DATAGRAM_MAX};
        net->headers[i].msg_hdr = (struct msghdr){.msg_iov = &net->vectors[i], .msg_iovlen = 1};
    }
}

static bool network_suits(const struct load_net_options *options)
{
    if (options->prefix == 0) {
        return true;
    }
    struct sockaddr_storage first;
    socklen_t size = address_to_socket(&options->local, false, &first);
    if (options->prefix > 30 || options->local.family != ADDRESS_IPV4 ||
        options->clients > (1u << (32 - options->prefix)) - 2) {
        return false;
    }
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ours = fd >= 0 && bind(fd, (const struct sockaddr *)&first, size) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ours;
}

enum err load_net_create(const struct load_net_options *options, struct load_net **ret_net)
{
    *ret_net = NULL;
    if (!network_suits(options)) {
        return ERR_INVALID;
    }
    struct load_net *net = aligned_alloc(64, sizeof(*net));
    if (net == NULL) {
        return ERR_FULL;
    }
    memset(net, 0, sizeof(*net));
    net->options = *options;
    net->socket_count = many(net) ? SHARED_COUNT : options->clients;
    net->fds = malloc(((size_t)net->socket_count + 1) * sizeof(*net->fds));
    net->places = calloc((size_t)options->clients + 1, sizeof(*net->places));
    for (uint32_t i = 0; net->fds != NULL && i < net->socket_count; i++) {
        net->fds[i] = -1;
    }
    enum err err = net->fds != NULL && net->places != NULL ? ERR_NONE : ERR_FULL;
    files_allow(net->socket_count + SPARE_FILES);
    batch_prepare(net);
    for (uint32_t i = 0; err == ERR_NONE && many(net) && i < SHARED_COUNT; i++) {
        net->fds[i] = socket_open(net, i, i < SHARED_SAMPLED);
        err = net->fds[i] >= 0 ? ERR_NONE : ERR_IO;
    }
    if (err != ERR_NONE) {
        load_net_destroy(net);
        return err;
    }
    *ret_net = net;
    return ERR_NONE;
}

static uint64_t socket_dropped(int fd)
{
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof(memory);
    return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size) == 0 &&
                   size > SK_MEMINFO_DROPS * sizeof(memory[0])
               ? memory[SK_MEMINFO_DROPS]
               : 0;
}

static void socket_close(struct load_net *net, uint32_t number)
{
    if (net->fds[number] >= 0) {
        net->dropped_before += socket_dropped(net->fds[number]);
        close(net->fds[number]);
        net->fds[number] = -1;
    }
}

void load_net_destroy(struct load_net *net)
{
    if (net == NULL) {
        return;
    }
    for (uint32_t i = 0; net->fds != NULL && i < net->socket_count; i++) {
        socket_close(net, i);
    }
    free(net->fds);
    free(net->places);
    free(net);
}

// Many addresses: client 0 has the first.
static struct address local_address(const struct load_net *net, uint32_t client)
{
    struct address local = net->options.local;
    if (many(net)) {
        uint32_t ip = htonl(ipv4_of(&local) + client);
        memcpy(local.ip, &ip, sizeof(ip));
    }
    return local;
}

enum err load_net_open(struct load_net *net, uint32_t client, bool sampled,
                       struct address *ret_local)
{
    ASSERT(client < net->options.clients);
    uint32_t number = client;
    if (many(net)) {
        number = sampled ? net->next_sampled++ % SHARED_SAMPLED
                         : SHARED_SAMPLED + net->next_other++ % SHARED_OTHERS;
        net->places[client] = (uint8_t)number;
    } else {
        net->fds[number] = socket_open(net, number, sampled);
    }
    struct sockaddr_storage own;
    socklen_t size = sizeof(own);
    struct address bound;
    if (net->fds[number] < 0 ||
        getsockname(net->fds[number], (struct sockaddr *)&own, &size) != 0 ||
        address_from_socket((const struct sockaddr *)&own, &bound) != ERR_NONE) {
        return ERR_FULL;
    }
    *ret_local = local_address(net, client);
    ret_local->port = bound.port;
    return ERR_NONE;
}

void load_net_close(struct load_net *net, uint32_t client)
{
    if (!many(net)) {
        socket_close(net, client);
    }
}

void load_net_send(struct load_net *net, uint32_t client, const struct address *to,
                   const void *data, size_t size)
{
    struct sockaddr_storage there;
    struct iovec vector = {(void *)(uintptr_t)data, size};
    struct msghdr header = {.msg_name = &there, .msg_iov = &vector, .msg_iovlen = 1};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))] = {0};
    header.msg_namelen = address_to_socket(to, false, &there);
    int fd = net->fds[many(net) ? net->places[client] : client];
    if (many(net)) {
        struct address local = local_address(net, client);
        struct in_pktinfo info = {0};
        memcpy(&info.ipi_spec_dst, local.ip, sizeof(info.ipi_spec_dst));
        header.msg_control = control;
        header.msg_controllen = sizeof(control);
        struct cmsghdr *message = CMSG_FIRSTHDR(&header);
        message->cmsg_level = IPPROTO_IP;
        message->cmsg_type = IP_PKTINFO;
        message->cmsg_len = CMSG_LEN(sizeof(info));
        memcpy(CMSG_DATA(message), &info, sizeof(info));
    }
    (void)sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

// What to add to the wall clock of the kernel's stamps to have the monotonic one.
static int64_t monotonic_less_wall_ns(void)
{
    struct timespec wall;
    struct timespec monotonic;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    return (monotonic.tv_sec - wall.tv_sec) * NS_PER_S + monotonic.tv_nsec - wall.tv_nsec;
}

// Fills what the kernel says beside the datagram; false when it is for none of our clients.
static bool control_read(const struct load_net *net, struct msghdr *header, int64_t less_wall_ns,
                         uint32_t *client, struct load_datagram *datagram)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof(info));
            *client = ntohl(info.ipi_addr.s_addr) - ipv4_of(&net->options.local);
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec arrived;
            memcpy(&arrived, CMSG_DATA(c), sizeof(arrived));
            datagram->arrived_ns = arrived.tv_sec * NS_PER_S + arrived.tv_nsec + less_wall_ns;
        }
    }
    return *client < net->options.clients;
}

void load_net_on_ready(struct load_net *net, uint32_t number)
{
    ASSERT(number < net->socket_count);
    for (unsigned i = 0; i < BATCH; i++) {
        struct msghdr *header = &net->headers[i].msg_hdr;
        header->msg_name = &net->from[i];
        header->msg_namelen = sizeof(net->from[i]);
        header->msg_control = net->control[i];
        header->msg_controllen = CONTROL_SIZE;
    }
    int count = net->fds[number] < 0
                    ? 0
                    : recvmmsg(net->fds[number], net->headers, BATCH, MSG_DONTWAIT, NULL);
    int64_t less_wall_ns = count > 0 ? monotonic_less_wall_ns() : 0;
    for (int i = 0; i < count; i++) {
        uint32_t client = many(net) ? UINT32_MAX : number;
        struct load_datagram datagram = {.data = net->data[i],
                                         .size = net->headers[i].msg_len,
                                         .from = (const struct sockaddr *)&net->from[i]};
        if (control_read(net, &net->headers[i].msg_hdr, less_wall_ns, &client, &datagram)) {
            net->options.receive(net->options.context, client, &datagram);
        }
    }
}

uint64_t load_net_dropped(const struct load_net *net)
{
    uint64_t dropped = net->dropped_before;
    for (uint32_t i = 0; i < net->socket_count; i++) {
        dropped += net->fds[i] >= 0 ? socket_dropped(net->fds[i]) : 0;
    }
    return dropped;
}
