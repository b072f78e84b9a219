// The inside of a transmit, for transmit*.c alone.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include "media/transmit.h"

#define TRANSMIT_FRAME_SIZE 2048 // a size that AF_XDP takes
#define TRANSMIT_HEADROOM   64   // for the headers of a frame before the datagram
_Static_assert(TRANSMIT_HEADROOM >= TRANSMIT_FRAME_HEADER_MAX &&
                   TRANSMIT_HEADROOM + TRANSMIT_DATAGRAM_MAX <= TRANSMIT_FRAME_SIZE,
               "a datagram and its headers fit a frame");
#define TRANSMIT_GSO_LEAST 400 // bytes of a datagram: video; sound never has two for one listener

struct transmit_af_xdp;

// Place i of the batch, 0 .. committed - 1, is frames[i], vectors[i], messages[i], destinations[i],
// stamps[i].
struct transmit {
    int fd;
    int probe_fd;                   // to ask for routes; -1: none
    struct transmit_af_xdp *af_xdp; // owned; NULL: by the socket alone
    struct counters *counters;
    struct sockaddr_storage own;
    bool dual_stack;
    bool bound;  // the socket is bound to one address: no need to say from which
    bool gso;    // until the kernel refuses
    bool waited; // in this flush
    unsigned committed;
    unsigned large; // of these, TRANSMIT_GSO_LEAST and longer
    time_us stamp;
    uint8_t *memory; // owned; all frames
    size_t memory_size;
    uint8_t *frames[TRANSMIT_BATCH];
    time_us stamps[TRANSMIT_BATCH];
    const struct transmit_destination *destinations[TRANSMIT_BATCH];
    struct iovec vectors[TRANSMIT_BATCH]; // one each; messages[i] points at vectors[i]
    struct mmsghdr messages[TRANSMIT_BATCH];
};

// transmit_sendmmsg.c
void transmit_sendmmsg(struct transmit *transmit);
// Sends until one is refused; how many were sent, and why not all (0: all were). EAGAIN: there was
// no room, and it was waited for.
unsigned transmit_messages(struct transmit *transmit, struct mmsghdr *messages, unsigned count,
                           int *ret_error);
// Sends one after the other, passing over those that are refused.
void transmit_each(struct transmit *transmit, struct mmsghdr *messages, unsigned count);

// transmit_gso.c
void transmit_gso(struct transmit *transmit);

// transmit_af_xdp.c
// Frames that it needs beside the batch's own.
#define TRANSMIT_AF_XDP_FRAMES 1024
// NULL, and `ret_reason` in words, when the interface or the right to use it is missing. The memory
// holds TRANSMIT_BATCH + TRANSMIT_AF_XDP_FRAMES frames, the batch's first; borrowed.
struct transmit_af_xdp *transmit_af_xdp_create(const char *interface, unsigned queue,
                                               uint8_t *memory, size_t memory_size,
                                               const char **ret_reason);
void transmit_af_xdp_destroy(struct transmit_af_xdp *af_xdp);
// Sends what goes over its interface and closes up the rest, which remain committed.
void transmit_af_xdp(struct transmit *transmit);
// Fills in the destination's frame when it goes over the interface.
void transmit_af_xdp_resolve(struct transmit_af_xdp *af_xdp, const struct path *path,
                             uint16_t own_port, struct transmit_destination *destination);

// transmit_frame.c
// Headers with lengths and checksums open. `local` and `remote` are of one family.
void transmit_frame_init(struct transmit_destination *destination, const uint8_t own_mac[6],
                         const uint8_t next_mac[6], const struct address *local,
                         const struct address *remote);
// Writes the headers before the `size` bytes of `datagram`; the frame's first byte.
uint8_t *transmit_frame_write(const struct transmit_destination *destination, uint8_t *datagram,
                              size_t size);
