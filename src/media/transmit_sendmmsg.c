#include <errno.h>
#include <poll.h>

#include "media/transmit_priv.h"

#define SEND_WAIT_MS 1

static void sent_count(struct counters *counters, const struct mmsghdr *messages, unsigned count)
{
    uint64_t bytes = 0;
    uint64_t datagrams = 0;
    for (unsigned i = 0; i < count; i++) {
        bytes += messages[i].msg_len;
        datagrams += messages[i].msg_hdr.msg_iovlen;
    }
    counter_add(&counters->datagrams_out_total, datagrams);
    counter_add(&counters->bytes_out_total, bytes);
}

unsigned transmit_messages(struct transmit *transmit, struct mmsghdr *messages, unsigned count,
                           int *ret_error)
{
    unsigned done = 0;
    *ret_error = 0;
    while (done < count) {
        int sent = sendmmsg(transmit->fd, messages + done, count - done, MSG_DONTWAIT);
        if (sent > 0) {
            sent_count(transmit->counters, messages + done, (unsigned)sent);
            done += (unsigned)sent;
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            // The device is behind. Late audio is worth nothing, so wait once, briefly, then let
            // go.
            struct pollfd room = {.fd = transmit->fd, .events = POLLOUT};
            if (transmit->waited || poll(&room, 1, SEND_WAIT_MS) <= 0) {
                *ret_error = EAGAIN;
                return done;
            }
            transmit->waited = true;
        } else if (errno != EINTR) {
            *ret_error = errno;
            return done;
        }
    }
    return done;
}

void transmit_each(struct transmit *transmit, struct mmsghdr *messages, unsigned count)
{
    unsigned done = 0;
    while (done < count) {
        int error = 0;
        done += transmit_messages(transmit, messages + done, count - done, &error);
        if (error == EAGAIN) {
            counter_add(&transmit->counters->send_dropped_total, count - done);
            return;
        }
        if (error != 0) {
            // This one destination (unreachable, forbidden by a filter): the others go on.
            counter_add(&transmit->counters->send_failed_total, 1);
            done++;
        }
    }
}

void transmit_sendmmsg(struct transmit *transmit)
{
    transmit_each(transmit, transmit->messages, transmit->committed);
}
