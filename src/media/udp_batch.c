#include "media/udp_batch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

#define SEND_WAIT_MS 1

struct udp_batch {
    int fd;
    bool dual_stack;
    struct counters *counters;
    unsigned received;
    unsigned committed;
    struct mmsghdr in[UDP_BATCH_IN];
    struct iovec in_vectors[UDP_BATCH_IN];
    struct sockaddr_storage in_addresses[UDP_BATCH_IN];
    // Only the first message of a batch asks for its arrival time: it has waited longest.
    _Alignas(struct cmsghdr) uint8_t in_control[CMSG_SPACE(sizeof(struct timespec))];
    struct mmsghdr out[UDP_BATCH_OUT];
    struct iovec out_vectors[UDP_BATCH_OUT];
    _Alignas(64) uint8_t in_data[UDP_BATCH_IN][UDP_RECEIVE_MAX];
    _Alignas(64) uint8_t out_data[UDP_BATCH_OUT][UDP_SEND_MAX];
};

static void socket_prepare(int fd)
{
    int size = UDP_SOCKET_BUFFER;
    int on = 1;
    // Best effort: a smaller buffer or a missing time stamp is no reason to refuse service.
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
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
    socket_prepare(fd);
    for (unsigned i = 0; i < UDP_BATCH_IN; i++) {
        batch->in_vectors[i] = (struct iovec){batch->in_data[i], UDP_RECEIVE_MAX};
        batch->in[i].msg_hdr.msg_iov = &batch->in_vectors[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->in_addresses[i];
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
    }
    batch->in[0].msg_hdr.msg_control = batch->in_control;
    batch->in[0].msg_hdr.msg_controllen = sizeof(batch->in_control);
    int count = recvmmsg(batch->fd, batch->in, UDP_BATCH_IN, MSG_DONTWAIT, NULL);
    batch->received = count > 0 ? (unsigned)count : 0;
    if (batch->received > 0) {
        *ret_waiting = first_waiting(batch);
        counter_add(&batch->counters->datagrams_in_total, batch->received);
    }
    return batch->received;
}

bool udp_batch_datagram(struct udp_batch *batch, unsigned index, struct udp_datagram *ret_datagram)
{
    ASSERT(index < batch->received);
    const struct mmsghdr *message = &batch->in[index];
    counter_add(&batch->counters->bytes_in_total, message->msg_len);
    if ((message->msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        counter_add(&batch->counters->receive_truncated_total, 1);
        return false;
    }
    ret_datagram->data = batch->in_data[index];
    ret_datagram->size = message->msg_len;
    return address_from_socket((const struct sockaddr *)&batch->in_addresses[index],
                               &ret_datagram->from) == ERR_NONE;
}

struct udp_destination udp_destination(const struct udp_batch *batch, const struct address *address)
{
    struct udp_destination destination = {.size = 0};
    destination.size =
        address_to_socket(address, batch->dual_stack, &destination.socket_address);
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
            // The device is behind. Late audio is worth nothing, so wait once, briefly, then let go.
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
