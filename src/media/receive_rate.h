// How much a sender of pictures is allowed (REMB), by what its line does to what comes: packets
// that are lost, or a delay that stands. Down at once, to less than what comes; up slowly. A line
// that does not even carry a small picture is given up: the sender's page is told to stop, and to
// try again after growing pauses. A pure machine, one per peer.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define RECEIVE_RATE_EVERY_US (100 * TIME_US_PER_MS)

// How long packets were under way, above the least that is known, by the time at which each says
// that it was sent (abs-send-time): a voice that is captured late is no delay of the line.
struct receive_delay {
    bool known;
    uint32_t least;      // of arrival less sending, in the unit of abs-send-time
    time_us standing_us; // the least since it was asked for; -1: nothing came
};

void receive_delay_take(struct receive_delay *delay, time_us now, uint32_t sent);
// The least delay of what came since the last call; 0 when nothing did.
time_us receive_delay_standing(struct receive_delay *delay);

struct receive_rate {
    uint32_t maximum_bps;
    uint32_t bps;
    bool held;    // nothing shall be sent
    bool crowded; // held, or so much is lost that to have it repeated makes it worse
    time_us muted_until;
    time_us grown_at;
    uint8_t late; // times in a row that the delay stood
    time_us window_at;
    uint64_t window_expected; // of the counts below, at its begin
    uint64_t window_received;
    uint64_t last_received;
    uint8_t nothing;     // times in a row that nothing came
    time_us hole_at;     // nothing came for a while, then or before
    bool failed;         // a sign came
    uint32_t failed_bps; // what came then: not again before rise_again_at
    time_us rise_again_at;
    time_us rise_pause_us;
    time_us failed_at;
    time_us try_again_at;
    time_us try_pause_us;
};

// What came from a peer.
struct receive_facts {
    bool pictures;        // come now
    bool came;            // anything since the last step, as far as its delay tells
    uint32_t picture_bps; //
    time_us standing_us;  // receive_delay_standing()
    uint64_t expected;    // packets since the beginning, also of sound; may start again
    uint64_t received;
    uint32_t round_trip_us;
};

void receive_rate_init(struct receive_rate *rate, uint32_t maximum_bps, time_us now);
// To be called every RECEIVE_RATE_EVERY_US. True when the sender should be told at once.
bool receive_rate_step(struct receive_rate *rate, time_us now, const struct receive_facts *facts);
