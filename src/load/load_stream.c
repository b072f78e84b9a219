#include "load/load_stream.h"

#include <string.h>

#define WINDOW          64
#define LEAP            1000 // sequence numbers; more is a new beginning, not a loss
#define CLOCK_KHZ       48
#define DURATION_MAX    (120 * CLOCK_KHZ)
#define JITTER_WEIGHT   16
#define LOST_MAX        0x7fffff // 24 bits, signed (RFC 3550 section 6.4.1)
#define FRACTION_OF_ALL 256

static void restart(struct load_stream *stream, const struct rtp_packet *packet,
                    struct load_counts *counts)
{
    counts->restarts += stream->started ? 1 : 0;
    memset(stream, 0, sizeof(*stream));
    stream->started = true;
    stream->ssrc = packet->ssrc;
    stream->first = packet->sequence;
    stream->highest = packet->sequence;
    stream->timestamp = packet->timestamp;
    stream->window = 1;
    stream->received = 1;
}

static void note_sound(struct load_stream *stream, struct load_counts *counts)
{
    counts->sound_us += (uint64_t)stream->duration * TIME_US_PER_MS / CLOCK_KHZ;
}

// RFC 3550 section A.8.
static void note_jitter(struct load_stream *stream, uint32_t timestamp, time_us now)
{
    int32_t transit = (int32_t)((uint32_t)(now * CLOCK_KHZ / TIME_US_PER_MS) - timestamp);
    int32_t change = transit - stream->transit;
    uint32_t distance = (uint32_t)(change < 0 ? -change : change);
    bool known = stream->received > 1; // two packets make one difference
    stream->transit = transit;
    if (known && distance < DURATION_MAX * CLOCK_KHZ) {
        stream->jitter += distance - (stream->jitter + JITTER_WEIGHT / 2) / JITTER_WEIGHT;
    }
}

static void advance(struct load_stream *stream, const struct rtp_packet *packet, int64_t step,
                    struct load_counts *counts)
{
    uint32_t passed = (packet->timestamp - stream->timestamp) / (uint32_t)step;
    if (passed > 0 && passed <= DURATION_MAX) {
        stream->duration = passed;
    }
    note_sound(stream, counts);
    counts->lost += step - 1;
    stream->window = step < WINDOW ? stream->window << step | 1 : 1;
    stream->highest += step;
    stream->timestamp = packet->timestamp;
}

void load_stream_receive(struct load_stream *stream, const struct rtp_packet *packet, size_t size,
                         time_us now, struct load_counts *counts)
{
    int64_t step = rtp_sequence_difference(packet->sequence, (uint16_t)stream->highest);
    if (!stream->started || packet->ssrc != stream->ssrc || step > LEAP || step < -LEAP) {
        restart(stream, packet, counts);
    } else if (step > 0) {
        advance(stream, packet, step, counts);
        stream->received++;
    } else if (step > -WINDOW && (stream->window >> -step & 1) == 0) {
        stream->window |= 1ull << -step;
        stream->received++;
        counts->reordered++;
        counts->lost--;
        note_sound(stream, counts);
    } else {
        counts->duplicates++;
        return;
    }
    note_jitter(stream, packet->timestamp, now);
    counts->packets++;
    counts->bytes += size;
}

bool load_stream_report(struct load_stream *stream, struct rtcp_report *ret_report)
{
    if (!stream->started) {
        return false;
    }
    uint64_t expected = (uint64_t)(stream->highest - stream->first + 1);
    uint64_t expected_now = expected - stream->reported_expected;
    uint64_t received_now = stream->received - stream->reported_received;
    stream->reported_expected = expected;
    stream->reported_received = stream->received;
    int64_t lost = (int64_t)expected - (int64_t)stream->received;
    uint64_t lost_now = expected_now > received_now ? expected_now - received_now : 0;
    *ret_report = (struct rtcp_report){
        .ssrc = stream->ssrc,
        .fraction_lost = expected_now == 0
                             ? 0
                             : (uint8_t)(lost_now * (FRACTION_OF_ALL - 1) / expected_now),
        .packets_lost = (int32_t)(lost < 0          ? 0
                                  : lost > LOST_MAX ? LOST_MAX
                                                    : lost),
        .highest_sequence = (uint32_t)stream->highest,
        .jitter = stream->jitter / JITTER_WEIGHT,
    };
    return true;
}

bool load_frame_stream_receive(struct load_frame_stream *stream, const struct load_frame *frame,
                               struct load_frame_counts *counts)
{
    int64_t step = (int32_t)(frame->number - stream->highest);
    if (!stream->started || frame->publisher != stream->publisher || step > LEAP || step < -LEAP) {
        *stream = (struct load_frame_stream){
            .window = 1, .highest = frame->number, .publisher = frame->publisher, .started = true};
    } else if (step > 0) {
        counts->lost += step - 1;
        stream->window = step < WINDOW ? stream->window << step | 1 : 1;
        stream->highest = frame->number;
    } else if (step > -WINDOW && (stream->window >> -step & 1) == 0) {
        stream->window |= 1ull << -step;
        counts->lost--;
    } else {
        counts->redundant++;
        return false;
    }
    counts->frames++;
    return true;
}
