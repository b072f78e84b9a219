#include "media/receive_rate.h"

#include "wire/rtp.h"

#define LEAK_BITS      12
#define FLOOR_BPS      50000 // one small picture; where even that is too much, none
#define SMALL_BPS      150000
#define STANDING_US    (80 * TIME_US_PER_MS) // a queue of 100 ms is full soon after
#define LATE_MAX       3
#define LOSS_HIGH      100 // permille
#define LOSS_PACKETS   20
#define LOSS_GRAVE     250 // permille: nothing to wait for
#define HOLE_STEPS     2   // without a packet: the line was away, which says nothing of its width
#define GRAVE_PACKETS  12
#define WINDOW_US      (500 * TIME_US_PER_MS)
#define MUTED_US       (500 * TIME_US_PER_MS) // and a round trip
#define GROW_EVERY_US  TIME_US_PER_S
#define GROW_AFTER_US  (2 * TIME_US_PER_S) // the last sign
#define UNUSED_BPS     100000
#define PAUSE_US       (5 * TIME_US_PER_S)
#define PAUSE_LOSSY_US (60 * TIME_US_PER_S) // at least, when packets were lost: the voice's, too
#define PAUSE_MAX_US   (300 * TIME_US_PER_S)
#define RISE_PAUSE_US  (90 * TIME_US_PER_S) // from what failed to the same again; doubled each time
#define BELOW_PERCENT  80                   // of what failed, until then: frames come in bursts
#define PAUSE_FACTOR   4
#define GOOD_US        (30 * TIME_US_PER_S)

void receive_delay_take(struct receive_delay *delay, time_us now, uint32_t sent)
{
    uint32_t under_way = (rtp_abs_send_time(now) - sent) & 0xffffff;
    time_us above = delay->known ? rtp_abs_send_time_difference_us(under_way, delay->least) : 0;
    if (!delay->known || above < 0) {
        delay->least = under_way;
        above = 0;
    } else {
        // Clocks differ: the least is forgotten slowly.
        delay->least = (delay->least + (((under_way - delay->least) & 0xffffff) >> LEAK_BITS)) &
                       0xffffff;
    }
    bool first = !delay->known || delay->standing_us < 0;
    delay->standing_us = first || above < delay->standing_us ? above : delay->standing_us;
    delay->known = true;
}

time_us receive_delay_standing(struct receive_delay *delay)
{
    time_us standing = delay->known && delay->standing_us > 0 ? delay->standing_us : 0;
    delay->standing_us = -1;
    return standing;
}

void receive_rate_init(struct receive_rate *rate, uint32_t maximum_bps, time_us now)
{
    *rate = (struct receive_rate){
        .maximum_bps = maximum_bps,
        .bps = maximum_bps,
        .grown_at = now,
        .window_at = now,
        .hole_at = now - WINDOW_US,
        .try_pause_us = PAUSE_US,
        .rise_pause_us = RISE_PAUSE_US,
    };
}

// Of the last half second; -1 while there were too few packets to say.
static int32_t loss_permille(struct receive_rate *rate, time_us now,
                             const struct receive_facts *facts)
{
    uint64_t expected = facts->expected - rate->window_expected;
    uint64_t received = facts->received - rate->window_received;
    bool again = facts->expected < rate->window_expected || facts->received < rate->window_received;
    int32_t loss = -1;
    if (!again && expected >= GRAVE_PACKETS) {
        loss = received < expected ? (int32_t)((expected - received) * 1000 / expected) : 0;
        loss = expected >= LOSS_PACKETS || loss >= LOSS_GRAVE ? loss : -1;
    }
    if (again || now - rate->window_at >= WINDOW_US) {
        rate->window_at = now;
        rate->window_expected = facts->expected;
        rate->window_received = facts->received;
    }
    return loss;
}

// A line that is full lets packets through all the time; one that was away, none.
static void look_for_hole(struct receive_rate *rate, time_us now, const struct receive_facts *facts)
{
    bool came = facts->came || facts->received != rate->last_received;
    rate->last_received = facts->received;
    rate->nothing = came ? 0 : (uint8_t)(rate->nothing + (rate->nothing < HOLE_STEPS));
    rate->hole_at = rate->nothing == HOLE_STEPS ? now : rate->hole_at;
}

static void give_up(struct receive_rate *rate, time_us now, int32_t loss)
{
    bool lossy = loss >= LOSS_HIGH && rate->try_pause_us < PAUSE_LOSSY_US;
    time_us pause = lossy ? PAUSE_LOSSY_US : rate->try_pause_us;
    rate->held = true;
    rate->try_again_at = now + pause;
    rate->try_pause_us = pause * PAUSE_FACTOR < PAUSE_MAX_US ? pause * PAUSE_FACTOR : PAUSE_MAX_US;
}

static bool retreat(struct receive_rate *rate, time_us now, const struct receive_facts *facts,
                    int32_t loss)
{
    rate->muted_until = now + MUTED_US + facts->round_trip_us;
    rate->late = 0;
    rate->failed = true;
    rate->failed_at = now;
    rate->window_at = now;
    rate->window_expected = facts->expected;
    rate->window_received = facts->received;
    if (rate->failed_bps != 0 && now >= rate->rise_again_at) {
        rate->rise_pause_us = rate->rise_pause_us * 2 < PAUSE_MAX_US ? rate->rise_pause_us * 2
                                                                     : PAUSE_MAX_US;
    }
    rate->failed_bps = facts->picture_bps;
    rate->rise_again_at = now + rate->rise_pause_us;
    uint64_t less = (uint64_t)facts->picture_bps * 85 / 100;
    uint64_t before = (uint64_t)rate->bps * 85 / 100;
    // The least picture does not come through, and takes of the voice with it.
    bool hole = now - rate->hole_at < WINDOW_US;
    bool least = less <= FLOOR_BPS && !hole;
    if (rate->bps <= FLOOR_BPS || least) {
        give_up(rate, now, loss);
        return true;
    }
    if (facts->picture_bps < SMALL_BPS) {
        less = (uint64_t)facts->picture_bps * 70 / 100; // the voice beside it takes as much
    }
    less = less < before ? less : before;
    rate->bps = less > FLOOR_BPS ? (uint32_t)less : FLOOR_BPS;
    return true;
}

static void grow(struct receive_rate *rate, time_us now, const struct receive_facts *facts)
{
    if (now - rate->grown_at < GROW_EVERY_US || now - rate->failed_at < GROW_AFTER_US) {
        return;
    }
    rate->grown_at = now;
    if (now - rate->failed_at >= GOOD_US) {
        rate->try_pause_us = PAUSE_US;
    }
    if (now - rate->rise_again_at >= GOOD_US && facts->picture_bps >= rate->failed_bps) {
        rate->rise_pause_us = RISE_PAUSE_US;
    }
    uint64_t most = (uint64_t)facts->picture_bps * 2 + UNUSED_BPS;
    uint64_t below = (uint64_t)rate->failed_bps * BELOW_PERCENT / 100;
    most = now < rate->rise_again_at && below < most ? below : most;
    uint64_t bps = (uint64_t)rate->bps * 108 / 100;
    bps = bps < most ? bps : most;
    bps = bps < rate->maximum_bps ? bps : rate->maximum_bps;
    rate->bps = bps > rate->bps ? (uint32_t)bps : rate->bps;
}

bool receive_rate_step(struct receive_rate *rate, time_us now, const struct receive_facts *facts)
{
    int32_t loss = loss_permille(rate, now, facts);
    look_for_hole(rate, now, facts);
    rate->late = facts->standing_us >= STANDING_US ? (uint8_t)(rate->late + (rate->late < LATE_MAX))
                                                   : 0;
    rate->crowded = rate->held || loss >= LOSS_GRAVE;
    bool sign = now >= rate->muted_until && (rate->late >= LATE_MAX || loss >= LOSS_HIGH);
    if (rate->held) {
        if (sign) {
            // It is not the pictures; they would make it worse.
            time_us later = now + PAUSE_US;
            rate->try_again_at = rate->try_again_at > later ? rate->try_again_at : later;
        }
        if (now < rate->try_again_at) {
            return false;
        }
        rate->held = false;
        rate->bps = FLOOR_BPS;
        rate->failed_at = now;
        return true;
    }
    if (!facts->pictures) {
        return false;
    }
    if (sign) {
        return retreat(rate, now, facts, loss);
    }
    if (rate->failed) {
        grow(rate, now, facts);
    }
    return false;
}
