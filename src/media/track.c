#include "media/track.h"

#include <string.h>

#include "base/assert.h"

#define NO_SUSPECT      UINT32_MAX
#define STRAGGLERS_US   (2 * TIME_US_PER_S)
#define STRAGGLERS_MAX  2 // in a row; one more, and the sender has gone back to that SSRC
#define CLOCK_JUMP_S    3 // a timestamp this far off the time that passed is a restart
#define RATE_WINDOW_US  (500 * TIME_US_PER_MS)
#define CLOCK_LEAK_BITS 11 // the least delay is forgotten with a time constant of 2,048 packets
#define NS_PER_S        1000000000ull
#define NS_PER_US       1000u
#define EPOCH_STEP      0x20000

void track_init(struct track *track, uint32_t clock_rate, uint32_t packets_per_second_max,
                uint32_t bits_per_second_max, bool in_order)
{
    ASSERT(clock_rate > 0 && packets_per_second_max > 0 && packets_per_second_max <= TIME_US_PER_S);
    *track = (struct track){
        .clock_rate = clock_rate,
        .in_order = in_order,
        .packet_us = TIME_US_PER_S / packets_per_second_max,
        .byte_ns = bits_per_second_max > 0 ? (uint32_t)(8 * NS_PER_S / bits_per_second_max) : 0,
        .suspect = NO_SUSPECT,
    };
}

static int64_t ticks_at(const struct track *track, time_us now)
{
    ASSERT(track->clock_rate > 0); // track_init() was called
    // Split, so that years of microseconds times the rate do not overflow.
    return now / TIME_US_PER_S * track->clock_rate +
           now % TIME_US_PER_S * track->clock_rate / TIME_US_PER_S;
}

static bool seen_get(const struct track *track, int64_t index)
{
    ASSERT(index > 0 && index <= track->highest && track->highest - index < TRACK_WINDOW);
    return track->seen[index % TRACK_WINDOW / 64] >> (index % 64) & 1;
}

static void seen_set(struct track *track, int64_t index)
{
    ASSERT(index > 0 && index <= track->highest && track->highest - index < TRACK_WINDOW);
    track->seen[index % TRACK_WINDOW / 64] |= 1ull << (index % 64);
}

static void seen_advance(struct track *track, int64_t to)
{
    ASSERT(to > track->highest && to - track->highest <= TRACK_DROPOUT_MAX);
    if (to - track->highest >= TRACK_WINDOW) {
        memset(track->seen, 0, sizeof(track->seen));
    } else {
        for (int64_t i = track->highest + 1; i <= to; i++) {
            track->seen[i % TRACK_WINDOW / 64] &= ~(1ull << (i % 64));
        }
    }
    track->highest = to;
    seen_set(track, to);
}

static bool within_rate(struct track *track, time_us now, size_t size)
{
    if (track->paid_until - now >= TIME_US_PER_S) {
        return false;
    }
    time_us bytes_us = (time_us)(size * track->byte_ns / NS_PER_US);
    time_us price = bytes_us > track->packet_us ? bytes_us : track->packet_us;
    track->paid_until = (track->paid_until > now ? track->paid_until : now) + price;
    return true;
}

static void measure_rate(struct track *track, time_us now, size_t size)
{
    time_us passed = now - track->rate_start;
    if (passed >= RATE_WINDOW_US) {
        uint64_t rate = track->rate_bytes * 8 * TIME_US_PER_S / (uint64_t)passed;
        bool stale = track->bits_per_second == 0 || passed > 2 * RATE_WINDOW_US;
        track->bits_per_second = (uint32_t)(stale ? rate : (track->bits_per_second + rate) / 2);
        track->rate_start = now;
        track->rate_bytes = 0;
    }
    track->rate_bytes += size;
}

static void measure_clock(struct track *track, time_us now)
{
    int64_t ticks = ticks_at(track, now);
    int64_t offset = ticks - track->timestamp;
    if (offset < track->clock_offset) {
        track->clock_offset = offset;
    } else {
        track->clock_offset += (offset - track->clock_offset) >> CLOCK_LEAK_BITS;
    }
    if (track->transit_known) {
        int64_t difference = offset - track->transit;
        uint32_t absolute = (uint32_t)(difference < 0 ? -difference : difference);
        track->jitter_q4 += absolute - ((track->jitter_q4 + 8) >> 4);
    }
    track->transit = offset;
    track->transit_known = true;
}

static enum track_result restart(struct track *track, time_us now, const struct rtp_packet *rtp,
                                 int64_t *ret_index)
{
    if (track->started && rtp->ssrc != track->ssrc) {
        track->previous_ssrc = track->ssrc;
        track->previous_until = now + STRAGGLERS_US;
        track->last_sr = 0;
    }
    track->previous_run = 0;
    int64_t epoch = (track->started ? track->highest & ~(int64_t)0xffff : 0) + EPOCH_STEP;
    ASSERT(epoch > track->highest); // no index is used twice
    track->started = true;
    track->ssrc = rtp->ssrc;
    track->suspect = NO_SUSPECT;
    track->highest = epoch + rtp->sequence;
    memset(track->seen, 0, sizeof(track->seen));
    seen_set(track, track->highest);
    track->timestamp = rtp->timestamp;
    track->arrival = now;
    track->clock_offset = ticks_at(track, now) - track->timestamp;
    track->transit_known = false;
    track->first = track->highest;
    track->received = 1;
    track->reported_expected = 0;
    track->reported_received = 0;
    *ret_index = track->highest;
    return TRACK_RESTARTED;
}

// A jump is believed once the next packet confirms it, as RFC 3550 appendix A.1 does: one bad
// packet restarts nothing.
static enum track_result jump(struct track *track, time_us now, const struct rtp_packet *rtp,
                              int64_t *ret_index)
{
    ASSERT(track->started && rtp->ssrc == track->ssrc);
    if (track->suspect == rtp->sequence) {
        return restart(track, now, rtp, ret_index);
    }
    track->suspect = (uint16_t)(rtp->sequence + 1);
    return TRACK_SUSPECT;
}

// Stragglers of the SSRC before are ignored, unless the sender has gone back to it.
static bool is_straggler(struct track *track, time_us now, uint32_t ssrc)
{
    if (ssrc == track->ssrc) {
        track->previous_run = 0;
        return false;
    }
    return track->started && ssrc == track->previous_ssrc && now < track->previous_until &&
           track->previous_run++ < STRAGGLERS_MAX;
}

// The sequence cannot be loss or disorder: it is too far off, or it goes back while the time goes
// on, or on while the time goes back. Pictures may be sent in another order than they are shown,
// but no number was ever sent twice with two times.
static bool is_jump(const struct track *track, int64_t index, uint32_t timestamp)
{
    int64_t ahead = index - track->highest;
    int32_t ticks = rtp_timestamp_difference(timestamp, (uint32_t)track->timestamp);
    if (ahead > TRACK_DROPOUT_MAX || ahead <= -TRACK_WINDOW) {
        return true;
    }
    if (ahead > 0) {
        return track->in_order && ticks < 0;
    }
    return ticks > 0 && (track->in_order || index < track->first || seen_get(track, index));
}

static bool clock_jumped(const struct track *track, time_us now, uint32_t timestamp)
{
    int64_t ticks = rtp_timestamp_difference(timestamp, (uint32_t)track->timestamp);
    int64_t passed = ticks_at(track, now) - ticks_at(track, track->arrival);
    int64_t limit = (int64_t)track->clock_rate * CLOCK_JUMP_S;
    return ticks - passed > limit || passed - ticks > limit;
}

enum track_result track_receive(struct track *track, time_us now, const struct rtp_packet *rtp,
                                size_t size, int64_t *ret_index)
{
    if (is_straggler(track, now, rtp->ssrc)) {
        return TRACK_DUPLICATE;
    }
    if (!within_rate(track, now, size)) {
        return TRACK_FLOOD;
    }
    measure_rate(track, now, size);
    if (!track->started || rtp->ssrc != track->ssrc) {
        return restart(track, now, rtp, ret_index);
    }
    int64_t index = rtp_sequence_unwrap(track->highest, rtp->sequence);
    if (index > track->highest && index - track->highest <= TRACK_DROPOUT_MAX &&
        clock_jumped(track, now, rtp->timestamp)) {
        return restart(track, now, rtp, ret_index);
    }
    if (is_jump(track, index, rtp->timestamp)) {
        return jump(track, now, rtp, ret_index);
    }
    track->suspect = NO_SUSPECT;
    if (index <= track->highest) {
        if (index < track->first || seen_get(track, index)) {
            return TRACK_DUPLICATE;
        }
        seen_set(track, index);
        track->received++;
        *ret_index = index;
        return TRACK_LATE;
    }
    seen_advance(track, index);
    track->received++;
    track->timestamp = rtp_timestamp_unwrap(track->timestamp, rtp->timestamp);
    track->arrival = now;
    measure_clock(track, now);
    ASSERT(track->highest == index && index > track->first);
    *ret_index = index;
    return TRACK_NEWER;
}

enum track_result track_receive_repeated(struct track *track, time_us now, uint16_t sequence,
                                         int64_t *ret_index)
{
    if (!within_rate(track, now, 0)) {
        return TRACK_FLOOD;
    }
    int64_t index = rtp_sequence_unwrap(track->highest, sequence);
    if (!track->started || index > track->highest || track->highest - index >= TRACK_WINDOW ||
        index < track->first || seen_get(track, index)) {
        return TRACK_DUPLICATE;
    }
    seen_set(track, index);
    *ret_index = index;
    return TRACK_LATE;
}

int64_t track_timestamp_of(const struct track *track, uint32_t timestamp)
{
    return rtp_timestamp_unwrap(track->timestamp, timestamp);
}

bool track_seen(const struct track *track, int64_t index)
{
    return index <= track->highest && track->highest - index < TRACK_WINDOW &&
           seen_get(track, index);
}

uint32_t track_timestamp_at(const struct track *track, time_us now)
{
    return (uint32_t)(ticks_at(track, now) - track->clock_offset);
}

void track_count(const struct track *track, uint64_t *expected, uint64_t *received)
{
    *expected += track->started ? (uint64_t)(track->highest - track->first + 1) : 0;
    *received += track->started ? track->received : 0;
}

bool track_active(const struct track *track, time_us now)
{
    return track->started && now - track->arrival < TIME_US_PER_S;
}

void track_sender_report(struct track *track, time_us now, const struct rtcp_sender_info *info)
{
    track->last_sr = rtcp_ntp_middle(info->ntp);
    track->last_sr_arrival = now;
}

bool track_report(struct track *track, time_us now, struct rtcp_report *ret_report,
                  uint32_t *ret_expected, uint32_t *ret_lost)
{
    int64_t expected = track->started ? track->highest - track->first + 1 : 0;
    if (track->received == track->reported_received) {
        return false;
    }
    ASSERT(track->started && (int64_t)track->received <= expected);
    int64_t interval = expected - track->reported_expected;
    int64_t lost = interval - (int64_t)(track->received - track->reported_received);
    // Late packets of the interval before may make it negative.
    *ret_expected = interval > 0 ? (uint32_t)interval : 0;
    *ret_lost = lost > 0 && interval > 0 ? (uint32_t)lost : 0;
    uint64_t delay = (uint64_t)(now - track->last_sr_arrival) * 65536 / TIME_US_PER_S;
    *ret_report = (struct rtcp_report){
        .ssrc = track->ssrc,
        .fraction_lost = *ret_expected > 0 ? (uint8_t)(*ret_lost * 255ull / *ret_expected) : 0,
        .packets_lost = (int32_t)(expected - track->received),
        .highest_sequence = (uint32_t)(track->highest - (track->first & ~(int64_t)0xffff)),
        .jitter = track->jitter_q4 >> 4,
        .last_sr = track->last_sr,
        .delay_since_sr = track->last_sr != 0 ? (uint32_t)delay : 0,
    };
    track->reported_expected = expected;
    track->reported_received = track->received;
    return true;
}
