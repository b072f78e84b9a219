// The media process: its threads, and the coordinator that talks to control (src/link/link.h).
// Called by src/server in a process of its own, with sockets that the supervisor bound; it opens no
// file, and of sockets only what transmit.h needs to ask for routes and for AF_XDP.
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/heartbeat.h"
#include "base/log.h"
#include "base/time.h"
#include "media/mailbox.h"
#include "media/transmit.h"
#include "wire/sdp.h"

struct media_config {
    unsigned thread_count;            // 1 .. MAILBOX_THREADS_MAX
    int udp_fds[MAILBOX_THREADS_MAX]; // one bound UDP socket for each thread, SO_REUSEPORT on one
                                      // port; IPv4 or dual-stack IPv6
    int link_fd;                      // a listening Unix SOCK_SEQPACKET socket
    uint16_t port;                    // the UDP port that clients reach us at
    unsigned candidate_count;         // 1 .. SDP_CANDIDATES_MAX
    const char *candidates[SDP_CANDIDATES_MAX]; // bare IP addresses, the preferred first
    uint32_t peers_max;
    uint32_t sources_max;
    uint32_t video_sources_max;
    uint32_t channels_max;
    uint32_t slots_max; // for each thread
    uint32_t video_slots_max;
    uint32_t receive_bps_max;              // what a sender of video is allowed
    uint32_t transmit_bps_max;             // what a listener's video may take together
    enum link_variant listen_only_variant; // for listeners without a wish of their own
    bool sound_without_picture; // a sender whose pictures nobody can take is taken for its sound
    uint32_t handshakes_max;    // at once
    time_us disconnect_after;   // nothing heard from a peer: DISCONNECTED
    time_us close_after;        // CLOSED
    time_us handshake_within;   // from the first check to the keys
    time_us handshake_owed;     // from its first flight on, before it gives way where all are taken
    struct transmit_config transmit;
    // What the process gives up once it has all that it needs, before it reads the first byte from
    // anybody and makes the first thread; NULL: nothing.
    enum err (*confine)(void *context);
    void *confine_context;
    struct heartbeat_board *heartbeats; // borrowed, all zero; NULL: nobody watches
    enum log_level log_level;
};

// The parts of the board.
enum media_part {
    MEDIA_PART_COORDINATOR, // the main loop
    MEDIA_PART_HANDSHAKE,
    MEDIA_PART_THREADS, // the first media thread; the others follow
};
_Static_assert(MEDIA_PART_THREADS + MAILBOX_THREADS_MAX <= HEARTBEAT_PARTS_MAX, "a part for each");

// Sensible values; sockets, port and candidates remain to be set.
void media_config_init(struct media_config *config);

// Runs until SIGTERM or SIGINT; then says goodbye to all peers, so that pages notice at once. The
// exit status of the process: 0 after a signal, 1 when it could not start (logged). Leaves both
// signals blocked: the process is over.
int media_process_run(const struct media_config *config);
