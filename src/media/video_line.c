#include "media/video_line.h"

#define MUTED_US          (500 * TIME_US_PER_MS) // and a round trip
#define WINDOW_US         (500 * TIME_US_PER_MS)
#define RATE_LEAST_US     (200 * TIME_US_PER_MS)
#define MISSED_MIN        5
#define MISSED_MIN_EAGER  2
#define LOSS_HIGH         100 // permille: a sign by itself
#define LOSS_LOW          20  // a sign when the round trip has grown
#define REPORT_MIN        30  // packets; reports about fewer are added up
#define TRIP_GROWN_US     (30 * TIME_US_PER_MS)
#define TRIP_HIGH_US      (120 * TIME_US_PER_MS)
#define TRIP_VERY_HIGH_US (250 * TIME_US_PER_MS)
#define DRAIN_US          (4 * TIME_US_PER_S)    // so long a queue may take to drain
#define DRAIN_FALLS_US    (20 * TIME_US_PER_MS)  // from one round trip to the next, at least
#define DRAIN_MOST_US     (600 * TIME_US_PER_MS) // what waits longer is too much, whatever its cause
#define LEAST_WINDOW_US   (60 * TIME_US_PER_S)   // routes change
#define ESTIMATE_FRESH_US (10 * TIME_US_PER_S)
#define LOSSY_US          (15 * TIME_US_PER_S)
#define ESTIMATE_FALLS    93 // per cent of the one before

void video_line_init(struct video_line *line, time_us now)
{
    *line = (struct video_line){
        .window_at = now, .least_since = now, .rate_at = now, .loss_permille = -1};
}

static bool sign(struct video_line *line, time_us now, int32_t loss_permille)
{
    line->sent = 0;
    line->missed = 0;
    line->expected = 0;
    line->lost = 0;
    line->high_trips = 0;
    line->window_at = now;
    line->lossy_at = loss_permille > 0 ? now : line->lossy_at;
    if (now < line->muted_until) {
        return false;
    }
    line->muted_until = now + MUTED_US + line->trip_us;
    line->sign_at = now;
    line->drain_us = line->trip_us;
    line->loss_permille = loss_permille;
    return true;
}

static bool trip_above(const struct video_line *line, time_us by)
{
    return line->trip_us > (uint64_t)line->least_trip_us * 5 / 4 + (uint64_t)by;
}

static bool loss_tells(const struct video_line *line, uint32_t permille)
{
    return permille >= LOSS_HIGH || (permille >= LOSS_LOW && trip_above(line, TRIP_GROWN_US));
}

void video_line_sent(struct video_line *line, time_us now, size_t size)
{
    if (now - line->rate_at >= WINDOW_US) {
        line->sent_bps = (uint32_t)(line->sent_bytes * 8 * TIME_US_PER_S /
                                    (uint64_t)(now - line->rate_at));
        line->sent_bytes = 0;
        line->rate_at = now;
    }
    line->sent_bytes += size;
    if (now - line->window_at >= WINDOW_US) {
        // Half of the window before stays, so that a burst across the border counts.
        line->sent /= 2;
        line->missed /= 2;
        line->window_at = now;
    }
    line->sent++;
}

bool video_line_missed(struct video_line *line, time_us now, time_us sent_at)
{
    if (sent_at < line->sign_at && now - sent_at < DRAIN_MOST_US) {
        line->lossy_at = now;
        return false; // that was answered already
    }
    line->missed++;
    uint32_t sent = line->sent > line->missed ? line->sent : line->missed;
    uint32_t permille = line->missed * 1000 / sent;
    return line->missed >= (line->eager ? MISSED_MIN_EAGER : MISSED_MIN) && permille >= LOSS_HIGH &&
           sign(line, now, (int32_t)permille);
}

bool video_line_report(struct video_line *line, time_us now, time_us since, uint32_t expected,
                       uint32_t lost)
{
    if (since < line->muted_until) {
        return false; // it speaks of what was answered already
    }
    line->expected += expected;
    line->lost += lost;
    if (line->expected < REPORT_MIN) {
        return false;
    }
    uint32_t permille = (uint32_t)((uint64_t)line->lost * 1000 / line->expected);
    line->expected = 0;
    line->lost = 0;
    return loss_tells(line, permille) && sign(line, now, (int32_t)permille);
}

// A report that was sent before the last sign, or soon after it and with less delay than the one
// before, speaks of the queue that gave that sign.
static bool drains(struct video_line *line, time_us now, uint32_t trip_us)
{
    if (line->sign_at == 0 || now - line->sign_at >= DRAIN_US || trip_us > DRAIN_MOST_US) {
        return false;
    }
    bool before = now - (time_us)trip_us < line->sign_at;
    bool falls = trip_us + DRAIN_FALLS_US < line->drain_us;
    line->drain_us = trip_us;
    return before || falls;
}

bool video_line_trip(struct video_line *line, time_us now, uint32_t trip_us)
{
    trip_us = trip_us > 0 ? trip_us : 1;
    bool old = drains(line, now, trip_us);
    line->trip_us = trip_us;
    if (line->least_trip_us == 0 || trip_us < line->least_trip_us) {
        line->least_trip_us = trip_us;
    }
    if (line->least_next_us == 0 || trip_us < line->least_next_us) {
        line->least_next_us = trip_us;
    }
    if (now - line->least_since >= LEAST_WINDOW_US) {
        line->least_since = now;
        line->least_trip_us = line->least_next_us;
        line->least_next_us = trip_us;
    }
    bool high = trip_above(line, TRIP_HIGH_US) && !old;
    line->high_trips = high ? (uint8_t)(line->high_trips + 1) : 0;
    return !old && (line->high_trips >= 2 || trip_above(line, TRIP_VERY_HIGH_US)) &&
           sign(line, now, -1);
}

static uint64_t sent_now(const struct video_line *line, time_us now)
{
    time_us passed = now - line->rate_at;
    passed = passed > RATE_LEAST_US ? passed : RATE_LEAST_US;
    uint64_t bps = line->sent_bytes * 8 * TIME_US_PER_S / (uint64_t)passed;
    return bps > line->sent_bps ? bps : line->sent_bps;
}

bool video_line_estimate(struct video_line *line, time_us now, uint32_t estimate_bps)
{
    uint32_t before = video_line_estimate_now(line, now);
    line->estimate_bps = estimate_bps;
    line->estimate_at = now;
    bool falls = (uint64_t)estimate_bps * 100 < (uint64_t)before * ESTIMATE_FALLS;
    return falls && estimate_bps < sent_now(line, now) && sign(line, now, -1);
}

bool video_line_lossy(const struct video_line *line, time_us now)
{
    return line->lossy_at != 0 && now - line->lossy_at < LOSSY_US;
}

bool video_line_calm(const struct video_line *line, time_us now)
{
    return line->trip_us != 0 && !trip_above(line, TRIP_GROWN_US) &&
           line->missed < MISSED_MIN_EAGER && !video_line_lossy(line, now);
}

uint32_t video_line_estimate_now(const struct video_line *line, time_us now)
{
    return now - line->estimate_at < ESTIMATE_FRESH_US ? line->estimate_bps : 0;
}

void video_line_forget_estimate(struct video_line *line)
{
    line->estimate_bps = 0;
}
