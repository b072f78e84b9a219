// The charts of the printed report. Depth is told by shade and by height, gaps by hatching: they
// can be read in black and white.
#include "document/report_priv.h"

#include "base/text.h"
#include "contract/permissions.h"

#define LABEL_WIDTH  96.0
#define CHART_WIDTH  (PAGE_INNER_WIDTH - LABEL_WIDTH)
#define BAR_HEIGHT   9.0
#define LANE_HEIGHT  22.0
#define GAP_LEAST_PT 1.2 // a gap of seconds in a day of hours is still seen
#define HOUR_MS      INT64_C(3600000)
#define MINUTE_MS    INT64_C(60000)
#define CURVE_HEIGHT 30.0

static const struct page_style small = {.size = 7, .colour = GREY};
static const struct page_style label = {.size = 8.5, .colour = INK};

static void legend(struct page *page, const enum word *words, const unsigned *colours, int count,
                   bool last_is_hatched)
{
    double x = LABEL_WIDTH;
    double width = CHART_WIDTH / count;
    for (int i = 0; i < count; i++) {
        if (last_is_hatched && i == count - 1) {
            page_hatch(page, x, page_y(page) + 2, 9, 7, colours[i]);
        } else {
            page_box(page, x, page_y(page) + 2, 9, 7, colours[i]);
        }
        page_text(page, x + 12, page_y(page), width - 14, &small, 1,
                  word(words[i], page_language(page)));
        x += width;
    }
    page_move(page, 15);
}

void chart_minutes(struct page *page, const struct report *report)
{
    static const enum word words[] = {WORD_ON_AIR, WORD_STANDBY};
    static const unsigned colours[] = {BLUE, BLUE_3};
    int64_t most_ms = 1;
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct report_person *person = &report->persons[i];
        if (capacity_can(person->capacity, ABILITY_HAS_DESK) &&
            person->air_ms + person->standby_ms > most_ms) {
            most_ms = person->air_ms + person->standby_ms;
        }
    }
    page_move(page, 8);
    page_need(page, 40);
    legend(page, words, colours, 2, false);
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct report_person *person = &report->persons[i];
        if (!capacity_can(person->capacity, ABILITY_HAS_DESK) ||
            person->air_ms + person->standby_ms == 0) {
            continue;
        }
        page_need(page, BAR_HEIGHT + 5);
        double scale = (CHART_WIDTH - 4) / (double)most_ms;
        double air = (double)person->air_ms * scale;
        page_text(page, 0, page_y(page) - 2, LABEL_WIDTH - 6, &label, 1, person->name);
        page_box(page, LABEL_WIDTH, page_y(page), air, BAR_HEIGHT, BLUE);
        page_box(page, LABEL_WIDTH + air, page_y(page), (double)person->standby_ms * scale,
                 BAR_HEIGHT, BLUE_3);
        page_move(page, BAR_HEIGHT + 5);
    }
}

// ---- Channels over time ----

static double place(const struct report *report, time_ms at)
{
    double whole = report->to > report->from ? (double)(report->to - report->from) : 1;
    double x = (double)(at - report->from) / whole;
    return LABEL_WIDTH + CHART_WIDTH * (x < 0 ? 0 : x > 1 ? 1 : x);
}

// A mark every so often that there are four to ten.
static int64_t step_of(int64_t length_ms)
{
    static const int64_t steps[] = {MINUTE_MS / 6, MINUTE_MS / 2,  MINUTE_MS,      2 * MINUTE_MS,
                                    5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS,
                                    3 * HOUR_MS,   6 * HOUR_MS,    24 * HOUR_MS,   168 * HOUR_MS};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (length_ms / steps[i] <= 8) {
            return steps[i];
        }
    }
    return length_ms;
}

static void time_axis(struct page *page, const struct report *report, double top, double bottom)
{
    const struct page_style mark = {.size = 6.5, .colour = GREY, .align = PAGE_CENTRE};
    int64_t step = step_of(report->to - report->from);
    for (time_ms at = (report->from / step + 1) * step; at < report->to && step > 0; at += step) {
        char text[TIME_TEXT_SIZE];
        double x = place(report, at);
        text_of_time(at, text);
        if (step >= MINUTE_MS) {
            text[5] = '\0'; // without seconds
        }
        page_line(page, x, top, x, bottom, 0.3, FAINT);
        page_text(page, x - 24, bottom + 2, 48, &mark, 1, text);
    }
}

static void lane(struct page *page, const struct report *report, enum channel_id id)
{
    static const unsigned colours[REPORT_DEPTHS] = {BLUE, BLUE, BLUE_2, BLUE_3};
    const struct report_channel *channel = &report->channels[id];
    double y = page_y(page);
    page_text(page, 0, y + 3, LABEL_WIDTH - 6, &label, 1,
              word((enum word)(WORD_LANGUAGE_FLOOR + (int)id), page_language(page)));
    page_line(page, LABEL_WIDTH, y + LANE_HEIGHT - 5, PAGE_INNER_WIDTH, y + LANE_HEIGHT - 5, 0.4,
              FLOOR_INK);
    for (uint32_t i = 0; i < channel->segment_count; i++) {
        const struct report_segment *segment = &channel->segments[i];
        double x = place(report, segment->from);
        double width = place(report, segment->to) - x;
        bool interpreted = segment->state == CHANNEL_STATE_INTERPRETED;
        double height = !interpreted ? 4 : 13 - 3 * (segment->depth > 1 ? segment->depth - 1 : 0);
        page_box(page, x, y + LANE_HEIGHT - 5 - height, width, height,
                 interpreted ? colours[segment->depth] : FLOOR_INK);
    }
    for (uint32_t i = 0; i < report->gap_count; i++) {
        if (report->gaps[i].channel == id) {
            double x = place(report, report->gaps[i].from);
            double width = place(report, report->gaps[i].to) - x;
            page_hatch(page, x, y + LANE_HEIGHT - 18, width > GAP_LEAST_PT ? width : GAP_LEAST_PT,
                       13, RED);
        }
    }
    page_move(page, LANE_HEIGHT);
}

void chart_channels(struct page *page, const struct report *report)
{
    static const enum word words[] = {WORD_HAND_1, WORD_HAND_2, WORD_HAND_3, WORD_ORIGINAL,
                                      WORD_GAP};
    static const unsigned colours[] = {BLUE, BLUE_2, BLUE_3, FLOOR_INK, RED};
    page_need(page, CHANNEL_ID_COUNT * LANE_HEIGHT + 40);
    legend(page, words, colours, 5, true);
    double top = page_y(page);
    time_axis(page, report, top, top + CHANNEL_ID_COUNT * LANE_HEIGHT);
    for (int id = 0; id < CHANNEL_ID_COUNT; id++) {
        lane(page, report, (enum channel_id)id);
    }
    page_move(page, 16);
}

// ---- Quality ----

// One curve of minutes: `value` of `full` at the top.
static void curve(struct page *page, const struct report *report, uint16_t person, double top,
                  int which, double full, unsigned colour)
{
    double last_x = 0;
    double last_y = 0;
    time_ms last_at = 0;
    for (uint32_t i = 0; i < report->quality_count; i++) {
        const struct quality_minute *minute = &report->quality[i].minute;
        if (report->quality[i].person != person || minute->samples == 0) {
            continue;
        }
        uint32_t sums[] = {minute->loss_permille_sum, minute->jitter_ms_sum,
                           minute->round_trip_ms_sum};
        double value = (double)sums[which] / minute->samples / full;
        double x = place(report, minute->at + QUALITY_MINUTE_MS / 2);
        double y = top + CURVE_HEIGHT * (1 - (value > 1 ? 1 : value));
        if (last_at != 0 && minute->at - last_at <= 2 * QUALITY_MINUTE_MS) {
            page_line(page, last_x, last_y, x, y, 1.0, colour);
        }
        page_box(page, x - 1.2, y - 1.2, 2.4, 2.4, colour);
        last_x = x;
        last_y = y;
        last_at = minute->at;
    }
}

void chart_quality(struct page *page, const struct report *report, uint16_t person)
{
    page_need(page, CURVE_HEIGHT + 18);
    double top = page_y(page) + 6;
    const char *name = report->persons[person].name;
    page_text(page, 0, top, LABEL_WIDTH - 6, &label, 1, name);
    page_text(page, 0, top + 13, LABEL_WIDTH - 6, &small, 2, "0–5 % · 0–50 ms · 0–500 ms");
    page_line(page, LABEL_WIDTH, top, PAGE_INNER_WIDTH, top, 0.3, FAINT);
    page_line(page, LABEL_WIDTH, top + CURVE_HEIGHT, PAGE_INNER_WIDTH, top + CURVE_HEIGHT, 0.5,
              FLOOR_INK);
    curve(page, report, person, top, 2, 500, FLOOR_INK);
    curve(page, report, person, top, 1, 50, BLUE_2);
    curve(page, report, person, top, 0, 50, RED);
    page_move(page, CURVE_HEIGHT + 14);
}
