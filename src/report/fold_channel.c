// What channels carried, for how long, and when interpretation was missing.
#include "report/fold_priv.h"

#include <string.h>

static bool segment_equal(const struct report_segment *a, const struct report_segment *b)
{
    return a->state == b->state && a->language == b->language && a->person == b->person &&
           a->depth == b->depth;
}

// Writes down what this channel carries from `from` to `to`; goes on with the last segment when
// nothing is different.
static void segment_add(struct report_fold *fold, enum channel_id id,
                        const struct report_segment *now)
{
    struct report_channel *channel = &fold->report.channels[id];
    if (fold->segment_open[id] && channel->segment_count > 0) {
        struct report_segment *last = &channel->segments[channel->segment_count - 1];
        if (segment_equal(last, now) && last->to == now->from) {
            last->to = now->to;
            return;
        }
    }
    fold->segment_open[id] = channel->segment_count < REPORT_SEGMENTS_MAX;
    if (fold->segment_open[id]) {
        channel->segments[channel->segment_count++] = *now;
    } else {
        channel->segments_left_out++;
    }
}

static void count_time(struct report_channel *to, const struct channel *channel, int64_t length_ms)
{
    switch (channel->state) {
    case CHANNEL_STATE_INTERPRETED:
        to->interpreted_ms += length_ms;
        to->depth_ms[channel->depth >= 1 && channel->depth < REPORT_DEPTHS ? channel->depth : 0] +=
            length_ms;
        break;
    case CHANNEL_STATE_FLOOR: to->floor_ms += length_ms; break;
    case CHANNEL_STATE_SILENT: to->silent_ms += length_ms; break;
    case CHANNEL_STATE_COUNT: break;
    }
}

static void gap_end(struct report_fold *fold, enum channel_id id, time_ms at)
{
    struct report *report = &fold->report;
    struct report_channel *channel = &report->channels[id];
    int64_t length_ms = at - fold->unserved_since[id];
    channel->gap_ms += length_ms;
    if (length_ms > REPORT_GAP_MS) {
        channel->gap_count++;
        if (length_ms > channel->gap_longest_ms) {
            channel->gap_longest_ms = length_ms;
        }
        if (report->gap_count < REPORT_GAPS_MAX) {
            report->gaps[report->gap_count++] = (struct report_gap){
                .channel = id,
                .from = fold->unserved_since[id],
                .to = at,
                .state = fold->unserved[id],
                .language = fold->unserved_in[id],
            };
        } else {
            report->gaps_left_out++;
        }
    }
    fold->unserved_since[id] = 0;
}

// The core's own judgement of who is served, so that the report and the chair's light agree.
static void follow_gap(struct report_fold *fold, const struct channel *channel)
{
    enum channel_id id = channel->id;
    if (channel->unserved_since == 0 && fold->unserved_since[id] != 0) {
        gap_end(fold, id, fold->settled);
    } else if (channel->unserved_since != 0) {
        if (fold->unserved_since[id] == 0) {
            fold->unserved_since[id] = channel->unserved_since;
        }
        fold->unserved[id] = channel->state;
        fold->unserved_in[id] = fold->state.meeting.floor_language;
    }
}

void fold_channels(struct report_fold *fold, time_ms at)
{
    const struct meeting *meeting = &fold->state.meeting;
    bool open = meeting->sitting == SITTING_STATE_OPEN;
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        const struct channel *channel = &meeting->channels[i];
        struct report_channel *to = &fold->report.channels[channel->id];
        follow_gap(fold, channel);
        if (channel->delay_ms > to->delay_ms) {
            to->delay_ms = channel->delay_ms;
        }
        if (open) {
            count_time(to, channel, at - fold->settled);
        }
        if (!open || channel->state == CHANNEL_STATE_SILENT) {
            fold->segment_open[channel->id] = false;
            continue;
        }
        const struct report_segment now = {
            .from = fold->settled,
            .to = at,
            .state = channel->state,
            .language = meeting->floor_language,
            .person = fold_person(fold, channel->holder),
            .depth = (uint8_t)channel->depth,
        };
        segment_add(fold, channel->id, &now);
    }
}

void fold_channels_finish(struct report_fold *fold)
{
    for (int id = 0; id < CHANNEL_ID_COUNT; id++) {
        if (fold->unserved_since[id] != 0) {
            gap_end(fold, (enum channel_id)id, fold->settled);
        }
    }
}
