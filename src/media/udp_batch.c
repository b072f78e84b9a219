#include "media/udp_batch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

#define IN_CONTROL_SIZE (CMSG_SPACE(sizeof(struct timespec)) + UDP_CONTROL_SIZE)

struct udp_batch {
    int fd;
    struct counters *counters;
    unsigned received;
    struct mmsghdr in[UDP_BATCH_IN];
    struct iovec in_vectors[UDP_BATCH_IN];
    struct sockaddr_storage in_addresses[UDP_BATCH_IN];
    _Alignas(struct cmsghdr) uint8_t in_control[UDP_BATCH_IN][IN_CONTROL_SIZE];
    _Alignas(64) uint8_t in_data[UDP_BATCH_IN][UDP_RECEIVE_MAX];
};

static void socket_prepare(int fd, bool dual_stack)
{
    int size = UDP_SOCKET_BUFFER;
    int on = 1;
    // Best effort: a smaller buffer, a missing time stamp or our own address untold is no reason to
    // refuse service.
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    if (dual_stack) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
    } else {
        (void)setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
    }
}

struct udp_batch *udp_batch_create(int fd, struct counters *counters)
{
    struct sockaddr_storage own;
    socklen_t own_size = sizeof(own);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        getsockname(fd, (struct sockaddr *)&own, &own_size) != 0) {
        return NULL;
    }
    struct udp_batch *batch = aligned_alloc(64, sizeof(*batch));
    if (batch == NULL) {
        return NULL;
    }
    memset(batch, 0, sizeof(*batch));
    batch->fd = fd;
    batch->counters = counters;
    socket_prepare(fd, own.ss_family == AF_INET6);
    for (unsigned i = 0; i < UDP_BATCH_IN; i++) {
        batch->in_vectors[i] = (struct iovec){batch->in_data[i], UDP_RECEIVE_MAX};
        batch->in[i].msg_hdr.msg_iov = &batch->in_vectors[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->in_addresses[i];
        batch->in[i].msg_hdr.msg_control = batch->in_control[i];
    }
    return batch;
}

void udp_batch_destroy(struct udp_batch *batch)
{
    free(batch);
}

// How long the first datagram of the batch has been in the kernel; it has waited longest.
static time_us first_waiting(struct udp_batch *batch)
{
    struct msghdr *header = &batch->in[0].msg_hdr;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec arrived;
            struct timespec wall;
            memcpy(&arrived, CMSG_DATA(c), sizeof(arrived));
            clock_gettime(CLOCK_REALTIME, &wall);
            time_us waiting = (wall.tv_sec - arrived.tv_sec) * (time_us)TIME_US_PER_S +
                              (wall.tv_nsec - arrived.tv_nsec) / 1000;
            return waiting > 0 && waiting < 60 * (time_us)TIME_US_PER_S ? waiting : 0;
        }
    }
    return 0;
}

unsigned udp_receive_batch(struct udp_batch *batch, time_us *ret_waiting)
{
    *ret_waiting = 0;
    for (unsigned i = 0; i < UDP_BATCH_IN; i++) {
        batch->in[i].msg_hdr.msg_namelen = sizeof(batch->in_addresses[i]);
        batch->in[i].msg_hdr.msg_controllen = sizeof(batch->in_control[i]);
    }
    int count = recvmmsg(batch->fd, batch->in, UDP_BATCH_IN, MSG_DONTWAIT, NULL);
    batch->received = count > 0 ? (unsigned)count : 0;
    if (batch->received > 0) {
        *ret_waiting = first_waiting(batch);
        counter_add(&batch->counters->datagrams_in_total, batch->received);
    }
    return batch->received;
}

// Which of our addresses the datagram came to. A dual-stack socket says it in IPv6 for both
// families (mapped).
static struct address local_address(struct msghdr *header)
{
    struct address local = {.family = ADDRESS_NONE};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        enum err err = ERR_NONE;
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof(info));
            struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
            err = address_from_socket((const struct sockaddr *)&own, &local);
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof(info));
            struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = info.ipi_addr};
            err = address_from_socket((const struct sockaddr *)&own, &local);
        }
        ASSERT(err == ERR_NONE); // both families are known
    }
    return local;
}

bool udp_batch_datagram(struct udp_batch *batch, unsigned index, struct udp_datagram *ret_datagram)
{
    ASSERT(index < batch->received);
    struct mmsghdr *message = &batch->in[index];
    counter_add(&batch->counters->bytes_in_total, message->msg_len);
    if ((message->msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        counter_add(&batch->counters->receive_truncated_total, 1);
        return false;
    }
    ret_datagram->data = batch->in_data[index];
    ret_datagram->size = message->msg_len;
    ret_datagram->path.local = local_address(&message->msg_hdr);
    return address_from_socket((const struct sockaddr *)&batch->in_addresses[index],
                               &ret_datagram->path.remote) == ERR_NONE;
}
