#include "media/udp_batch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

#define SEND_WAIT_MS    1
#define IN_CONTROL_SIZE (CMSG_SPACE(sizeof(struct timespec)) + UDP_CONTROL_SIZE)

struct udp_batch {
    int fd;
    bool dual_stack;
    struct counters *counters;
    unsigned received;
    unsigned committed;
    struct mmsghdr in[UDP_BATCH_IN];
    struct iovec in_vectors[UDP_BATCH_IN];
    struct sockaddr_storage in_addresses[UDP_BATCH_IN];
    _Alignas(struct cmsghdr) uint8_t in_control[UDP_BATCH_IN][IN_CONTROL_SIZE];
    struct mmsghdr out[UDP_BATCH_OUT];
    struct iovec out_vectors[UDP_BATCH_OUT];
    _Alignas(64) uint8_t in_data[UDP_BATCH_IN][UDP_RECEIVE_MAX];
    _Alignas(64) uint8_t out_data[UDP_BATCH_OUT][UDP_SEND_MAX];
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
    batch->dual_stack = own.ss_family == AF_INET6;
    batch->counters = counters;
    socket_prepare(fd, batch->dual_stack);
    for (unsigned i = 0; i < UDP_BATCH_IN; i++) {
        batch->in_vectors[i] = (struct iovec){batch->in_data[i], UDP_RECEIVE_MAX};
        batch->in[i].msg_hdr.msg_iov = &batch->in_vectors[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->in_addresses[i];
        batch->in[i].msg_hdr.msg_control = batch->in_control[i];
    }
    for (unsigned i = 0; i < UDP_BATCH_OUT; i++) {
        batch->out_vectors[i].iov_base = batch->out_data[i];
        batch->out[i].msg_hdr.msg_iov = &batch->out_vectors[i];
        batch->out[i].msg_hdr.msg_iovlen = 1;
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

static void control_write(struct udp_destination *destination, int level, int type,
                          const void *data, size_t size)
{
    struct cmsghdr header = {.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
    memcpy(destination->control, &header, sizeof(header));
    memcpy(destination->control + CMSG_LEN(0), data, size);
    destination->control_size = CMSG_SPACE(size);
}

struct udp_destination udp_destination(const struct udp_batch *batch, const struct path *path)
{
    struct udp_destination destination = {.size = 0};
    struct sockaddr_storage own;
    destination.size = address_to_socket(&path->remote, batch->dual_stack,
                                         &destination.socket_address);
    if (path->local.family == ADDRESS_NONE ||
        address_to_socket(&path->local, batch->dual_stack, &own) == 0) {
        return destination;
    }
    if (batch->dual_stack) {
        struct in6_pktinfo info = {.ipi6_addr = ((const struct sockaddr_in6 *)&own)->sin6_addr};
        control_write(&destination, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
    } else {
        struct in_pktinfo info = {.ipi_spec_dst = ((const struct sockaddr_in *)&own)->sin_addr};
        control_write(&destination, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
    }
    return destination;
}

uint8_t *udp_batch_reserve(struct udp_batch *batch)
{
    if (batch->committed == UDP_BATCH_OUT) {
        udp_send_batch(batch);
    }
    return batch->out_data[batch->committed];
}

void udp_batch_commit(struct udp_batch *batch, const struct udp_destination *destination,
                      size_t size)
{
    ASSERT(batch->committed < UDP_BATCH_OUT && size <= UDP_SEND_MAX);
    if (destination->size == 0) {
        return;
    }
    struct msghdr *header = &batch->out[batch->committed].msg_hdr;
    header->msg_name = (void *)(uintptr_t)&destination->socket_address;
    header->msg_namelen = destination->size;
    header->msg_control = destination->control_size > 0 ? (void *)(uintptr_t)destination->control
                                                        : NULL;
    header->msg_controllen = destination->control_size;
    batch->out_vectors[batch->committed].iov_len = size;
    batch->committed++;
}

static void sent_count(struct udp_batch *batch, unsigned from, unsigned count)
{
    uint64_t bytes = 0;
    for (unsigned i = from; i < from + count; i++) {
        bytes += batch->out_vectors[i].iov_len;
    }
    counter_add(&batch->counters->datagrams_out_total, count);
    counter_add(&batch->counters->bytes_out_total, bytes);
}

void udp_send_batch(struct udp_batch *batch)
{
    unsigned done = 0;
    bool waited = false;
    while (done < batch->committed) {
        int sent = sendmmsg(batch->fd, batch->out + done, batch->committed - done, MSG_DONTWAIT);
        if (sent > 0) {
            sent_count(batch, done, (unsigned)sent);
            done += (unsigned)sent;
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            // The device is behind. Late audio is worth nothing, so wait once, briefly, then let
            // go.
            struct pollfd room = {.fd = batch->fd, .events = POLLOUT};
            if (waited || poll(&room, 1, SEND_WAIT_MS) <= 0) {
                counter_add(&batch->counters->send_dropped_total, batch->committed - done);
                break;
            }
            waited = true;
        } else if (errno != EINTR) {
            // This one destination (unreachable, forbidden by a filter): the others go on.
            counter_add(&batch->counters->send_failed_total, 1);
            done++;
        }
    }
    batch->committed = 0;
}
