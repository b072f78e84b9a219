#include "document/report_priv.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#include "base/text.h"
#include "contract/permissions.h"

// Bytes, for what the contract allows in characters of up to four of them.
#define NAME_SIZE   (PARTICIPANT_NAME_SIZE + DELEGATION_NAME_SIZE + 4)
#define HEADER_SIZE (MEETING_TITLE_SIZE + 128)
#define FOOTER_SIZE 192

static int language_index(const struct page *page)
{
    return (int)page_language(page) - 1;
}

static const char *name_of(const struct report *report, uint16_t person)
{
    return person == REPORT_NOBODY ? "–" : report->persons[person].name;
}

static const char *language_name(const struct page *page, int language)
{
    return language == LANGUAGE_NONE
               ? "–"
               : word((enum word)(WORD_LANGUAGE_FLOOR + language), page_language(page));
}

static void number(char *to, size_t size, int64_t value, const char *unit)
{
    struct text_builder text = text_builder(to, size);
    text_append_format(&text, "%lld%s", (long long)value, unit);
}

// ---- The head ----

static void print_fact(struct page *page, enum word title, const char *value)
{
    const struct page_style left = {.size = 9, .colour = GREY};
    const struct page_style right = {.size = 9, .colour = INK};
    page_text(page, 0, page_y(page), 130, &left, 1, word(title, page_language(page)));
    page_move(page,
              page_text(page, 136, page_y(page), PAGE_INNER_WIDTH - 136, &right, 2, value) + 3);
}

static void print_head(struct page *page, const struct report *report)
{
    const struct page_style body = {.size = 15, .colour = INK, .bold = true};
    const struct page_style title = {.size = 21, .colour = BLUE, .bold = true};
    const struct page_style subtitle = {.size = 12, .colour = INK};
    const struct page_style note = {.size = 8, .colour = GREY};
    int language = language_index(page);
    char from[TIME_TEXT_SIZE];
    char to[TIME_TEXT_SIZE];
    char period[2 * TIME_TEXT_SIZE + 8];
    struct text_builder text = text_builder(period, sizeof(period));
    text_of_date(report->from, from);
    text_of_date(report->to, to);
    text_append_format(&text, "\u2066%s – %s\u2069", from, to);
    page_move(page,
              page_text(page, 0, page_y(page), PAGE_INNER_WIDTH, &body, 2, report->body[language]) +
                  14);
    page_move(page, page_text(page, 0, page_y(page), PAGE_INNER_WIDTH, &title, 2,
                              word(WORD_REPORT, page_language(page))) +
                        4);
    page_move(page, page_text(page, 0, page_y(page), PAGE_INNER_WIDTH, &subtitle, 3,
                              report->title[language]) +
                        12);
    print_fact(page, WORD_MEETING, report->id);
    print_fact(page, WORD_PERIOD, period);
    page_move(page, page_text(page, 136, page_y(page), PAGE_INNER_WIDTH - 136, &note, 1,
                              word(WORD_ALL_TIMES, page_language(page))) +
                        2);
}

// Large figures in a row, each with its name.
static void print_summary(struct page *page, const struct report *report)
{
    const struct page_style figure = {.size = 17, .colour = INK, .bold = true};
    const struct page_style name = {.size = 7.5, .colour = GREY};
    static const enum word names[] = {WORD_SITTING_TIME, WORD_FLOOR_TIME, WORD_INTERPRETERS,
                                      WORD_HANDOVERS,    WORD_GAPS,       WORD_CLASHES};
    char figures[6][TIME_TEXT_SIZE];
    int64_t interpreters = 0;
    int64_t gaps = 0;
    for (uint32_t i = 0; i < report->person_count; i++) {
        interpreters += capacity_can(report->persons[i].capacity, ABILITY_HAS_DESK) &&
                        report->persons[i].air_ms + report->persons[i].standby_ms > 0;
    }
    for (int id = CHANNEL_ID_AR; id < CHANNEL_ID_COUNT; id++) {
        gaps += report->channels[id].gap_count;
    }
    text_of_length(report->sitting_ms, figures[0]);
    text_of_length(report->floor_ms, figures[1]);
    number(figures[2], TIME_TEXT_SIZE, interpreters, "");
    number(figures[3], TIME_TEXT_SIZE,
           report->handovers_by_result[HANDOVER_RESULT_DONE] +
               report->handovers_by_result[HANDOVER_RESULT_CUT] +
               report->handovers_by_result[HANDOVER_RESULT_FORCED],
           "");
    number(figures[4], TIME_TEXT_SIZE, gaps, "");
    number(figures[5], TIME_TEXT_SIZE,
           (int64_t)report->clash_count + (int64_t)report->clashes_left_out, "");
    double width = PAGE_INNER_WIDTH / 6;
    page_move(page, 8);
    page_box(page, 0, page_y(page), PAGE_INNER_WIDTH, 50, 0xF1F5F8);
    for (int i = 0; i < 6; i++) {
        page_text(page, i * width + 7, page_y(page) + 4, width - 10, &figure, 1, figures[i]);
        page_text(page, i * width + 7, page_y(page) + 29, width - 10, &name, 2,
                  word(names[i], page_language(page)));
    }
    page_move(page, 52);
}

// ---- Sections ----

static void print_interpreters(struct page *page, const struct report *report)
{
    static const struct column columns[] = {
        {123.28, WORD_NAME, PAGE_START}, {70, WORD_BOOTH, PAGE_START}, {56, WORD_ON_AIR, PAGE_END},
        {56, WORD_STANDBY, PAGE_END},    {40, WORD_TURNS, PAGE_END},   {52, WORD_LONGEST, PAGE_END},
        {46, WORD_HANDOVERS, PAGE_END},  {40, WORD_LIMITER, PAGE_END}};
    bool any = false;
    print_heading(page, 1, WORD_INTERPRETERS);
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct report_person *person = &report->persons[i];
        if (!capacity_can(person->capacity, ABILITY_HAS_DESK) ||
            person->air_ms + person->standby_ms == 0) {
            continue;
        }
        if (!any) {
            print_table_head(page, columns, 8);
        }
        any = true;
        char cells[6][TIME_TEXT_SIZE];
        text_of_length(person->air_ms, cells[0]);
        text_of_length(person->standby_ms, cells[1]);
        number(cells[2], TIME_TEXT_SIZE, person->turns, "");
        text_of_length(person->turn_longest_ms, cells[3]);
        number(cells[4], TIME_TEXT_SIZE, person->handovers_given + person->handovers_taken, "");
        number(cells[5], TIME_TEXT_SIZE, (int64_t)person->quality.limiter_hits, "");
        print_row(page, columns, 8,
                  (const char *const[]){person->name, language_name(page, (int)person->language),
                                        cells[0], cells[1], cells[2], cells[3], cells[4],
                                        cells[5]});
    }
    if (any) {
        chart_minutes(page, report);
    } else {
        print_none(page);
    }
}

static void print_channels(struct page *page, const struct report *report)
{
    static const struct column columns[] = {
        {93.28, WORD_CHANNEL, PAGE_START}, {60, WORD_INTERPRETED, PAGE_END},
        {60, WORD_HAND_1, PAGE_END},       {60, WORD_HAND_2, PAGE_END},
        {60, WORD_HAND_3, PAGE_END},       {50, WORD_ORIGINAL, PAGE_END},
        {50, WORD_GAPS, PAGE_END},         {50, WORD_GAP, PAGE_END}};
    print_heading(page, 2, WORD_CHANNELS);
    chart_channels(page, report);
    page_need(page, 60);
    print_table_head(page, columns, 8);
    for (int id = CHANNEL_ID_AR; id < CHANNEL_ID_COUNT; id++) {
        const struct report_channel *channel = &report->channels[id];
        char cells[7][TIME_TEXT_SIZE];
        text_of_length(channel->interpreted_ms, cells[0]);
        text_of_length(channel->depth_ms[1], cells[1]);
        text_of_length(channel->depth_ms[2], cells[2]);
        text_of_length(channel->depth_ms[3], cells[3]);
        text_of_length(channel->floor_ms, cells[4]);
        number(cells[5], TIME_TEXT_SIZE, channel->gap_count, "");
        text_of_length(channel->gap_longest_ms, cells[6]);
        print_row(page, columns, 8,
                  (const char *const[]){language_name(page, id), cells[0], cells[1], cells[2],
                                        cells[3], cells[4], cells[5], cells[6]});
    }
}

static void print_gaps(struct page *page, const struct report *report)
{
    static const struct column columns[] = {{123.28, WORD_CHANNEL, PAGE_START},
                                            {90, WORD_FROM, PAGE_START},
                                            {90, WORD_TO, PAGE_START},
                                            {80, WORD_LENGTH, PAGE_END},
                                            {100, WORD_SPOKEN, PAGE_START}};
    print_heading(page, 3, WORD_GAPS);
    if (report->gap_count == 0) {
        print_none(page);
        return;
    }
    print_table_head(page, columns, 5);
    for (uint32_t i = 0; i < report->gap_count; i++) {
        const struct report_gap *gap = &report->gaps[i];
        char from[TIME_TEXT_SIZE];
        char to[TIME_TEXT_SIZE];
        char length[TIME_TEXT_SIZE];
        text_of_time(gap->from, from);
        text_of_time(gap->to, to);
        text_of_length(gap->to - gap->from, length);
        print_row(page, columns, 5,
                  (const char *const[]){language_name(page, (int)gap->channel), from, to, length,
                                        language_name(page, (int)gap->language)});
    }
    print_left_out(page, report->gaps_left_out);
}

static void print_handovers(struct page *page, const struct report *report)
{
    static const struct column columns[] = {
        {60, WORD_TIME, PAGE_START},     {70, WORD_BOOTH, PAGE_START},
        {111.64, WORD_FROM, PAGE_START}, {111.64, WORD_TO, PAGE_START},
        {80, WORD_RESULT, PAGE_START},   {50, WORD_OVERLAP, PAGE_END}};
    print_heading(page, 4, WORD_HANDOVERS);
    if (report->handover_count == 0) {
        print_none(page);
        return;
    }
    print_table_head(page, columns, 6);
    for (uint32_t i = 0; i < report->handover_count; i++) {
        const struct report_handover *handover = &report->handovers[i];
        char at[TIME_TEXT_SIZE];
        char overlap[TIME_TEXT_SIZE];
        text_of_time(handover->at, at);
        number(overlap, sizeof(overlap), handover->overlap_ms, " ms");
        print_row(
            page, columns, 6,
            (const char *const[]){at, language_name(page, (int)handover->booth),
                                  name_of(report, handover->from), name_of(report, handover->to),
                                  word((enum word)(WORD_RESULT_DONE + (int)handover->result - 1),
                                       page_language(page)),
                                  overlap});
    }
    print_left_out(page, report->handovers_left_out);
}

static void print_clashes(struct page *page, const struct report *report)
{
    static const struct column columns[] = {{183.28, WORD_BOOTH, PAGE_START},
                                            {110, WORD_FROM, PAGE_START},
                                            {110, WORD_TO, PAGE_START},
                                            {80, WORD_LENGTH, PAGE_END}};
    print_heading(page, 5, WORD_CLASHES);
    if (report->clash_count == 0) {
        print_none(page);
        return;
    }
    print_table_head(page, columns, 4);
    for (uint32_t i = 0; i < report->clash_count; i++) {
        const struct report_clash *clash = &report->clashes[i];
        char cells[3][TIME_TEXT_SIZE];
        text_of_time(clash->from, cells[0]);
        text_of_time(clash->to, cells[1]);
        text_of_length(clash->to - clash->from, cells[2]);
        print_row(page, columns, 4,
                  (const char *const[]){language_name(page, (int)clash->booth), cells[0], cells[1],
                                        cells[2]});
    }
    print_left_out(page, report->clashes_left_out);
}

static void quality_cells(const struct report_person *person, char cells[6][TIME_TEXT_SIZE])
{
    const struct quality_total *total = &person->quality;
    for (int i = 0; i < 6; i++) {
        text_copy_cut(cells[i], TIME_TEXT_SIZE, "–");
    }
    text_of_length(person->spoken_ms + person->air_ms, cells[0]);
    if (total->samples > 0) {
        int64_t loss = quality_mean((int64_t)total->loss_permille_sum, total->samples);
        struct text_builder text = text_builder(cells[1], TIME_TEXT_SIZE);
        text_append_format(&text, "%lld.%lld %%", (long long)(loss / 10), (long long)(loss % 10));
        number(cells[2], TIME_TEXT_SIZE,
               quality_mean((int64_t)total->jitter_ms_sum, total->samples), " ms");
        number(cells[3], TIME_TEXT_SIZE,
               quality_mean((int64_t)total->round_trip_ms_sum, total->samples), " ms");
    }
    if (total->levels > 0) {
        number(cells[4], TIME_TEXT_SIZE, quality_mean(total->level_db_sum, total->levels), " dB");
    }
    if (total->bandwidths > 0) {
        number(cells[5], TIME_TEXT_SIZE,
               quality_mean((int64_t)total->bandwidth_hz_sum, total->bandwidths), " Hz");
    }
}

static void print_quality(struct page *page, const struct report *report)
{
    static const struct column columns[] = {
        {159.28, WORD_NAME, PAGE_START}, {54, WORD_SPOKE, PAGE_END},
        {48, WORD_LOSS, PAGE_END},       {54, WORD_JITTER, PAGE_END},
        {60, WORD_ROUND_TRIP, PAGE_END}, {48, WORD_LEVEL, PAGE_END},
        {60, WORD_BANDWIDTH, PAGE_END}};
    bool any = false;
    print_heading(page, 6, WORD_QUALITY);
    for (uint32_t i = 0; i < report->person_count; i++) {
        const struct report_person *person = &report->persons[i];
        if (person->spoken_ms + person->air_ms == 0 && person->quality.minutes == 0) {
            continue;
        }
        char cells[6][TIME_TEXT_SIZE];
        char name[NAME_SIZE];
        struct text_builder text = text_builder(name, sizeof(name));
        const char *delegation = person->delegation[language_index(page)];
        text_append_format(&text, delegation[0] != '\0' ? "%s (%s)" : "%s", person->name,
                           delegation);
        if (!any) {
            print_table_head(page, columns, 7);
        }
        any = true;
        quality_cells(person, cells);
        print_row(page, columns, 7,
                  (const char *const[]){name, cells[0], cells[1], cells[2], cells[3], cells[4],
                                        cells[5]});
    }
    if (!any) {
        print_none(page);
    }
    print_left_out(page, report->persons_left_out);
    for (uint32_t i = 0; i < report->person_count; i++) {
        if (report->persons[i].quality.samples > 0) {
            chart_quality(page, report, (uint16_t)i);
        }
    }
}

#define CODE_SIZE  150.0
#define CODE_QUIET 12.0 // around the code, so that it is found

// Dark modules in runs. A code is the same in every script: on a mirrored page it is mirrored back.
static void print_code(struct page *page, const QRcode *code, double top)
{
    double module = CODE_SIZE / code->width;
    bool mirrored = page_language(page) == LANGUAGE_AR;
    for (int row = 0; row < code->width; row++) {
        const unsigned char *modules = code->data + (ptrdiff_t)row * code->width;
        for (int from = 0; from < code->width; from++) {
            int to = from;
            while (to < code->width && (modules[to] & 1) != 0) {
                to++;
            }
            if (to > from) {
                int at = mirrored ? code->width - to : from;
                page_box(page, CODE_QUIET + at * module, top + row * module, (to - from) * module,
                         module, INK);
                from = to;
            }
        }
    }
}

static void print_anchor(struct page *page, const char *anchor)
{
    const struct page_style bold = {.size = 10, .colour = INK, .bold = true};
    const struct page_style style = {.size = 9, .colour = INK};
    double text_x = CODE_SIZE + 3 * CODE_QUIET;
    double width = PAGE_INNER_WIDTH - text_x;
    QRcode *code = QRcode_encodeData((int)strlen(anchor), (const unsigned char *)anchor, 0,
                                     QR_ECLEVEL_L);
    if (code == NULL) {
        return; // the digits above stay
    }
    page_need(page, CODE_SIZE + 2 * CODE_QUIET);
    double top = page_y(page) + CODE_QUIET;
    print_code(page, code, top);
    double height = page_text(page, text_x, top, width, &bold, 2,
                              word(WORD_HEAD, page_language(page)));
    page_text(page, text_x, top + height + 4, width, &style, 8,
              word(WORD_HEAD_TEXT, page_language(page)));
    page_move(page, CODE_SIZE + 2 * CODE_QUIET);
    QRcode_free(code);
}

static void print_authenticity(struct page *page, const struct report *report,
                               const struct report_pdf_wish *wish)
{
    const struct page_style style = {.size = 9, .colour = INK};
    char seq[TIME_TEXT_SIZE];
    number(seq, sizeof(seq), (int64_t)report->seq, "");
    print_heading(page, 7, WORD_AUTHENTICITY);
    page_need(page, 120);
    page_move(page, page_text(page, 0, page_y(page), PAGE_INNER_WIDTH, &style, 4,
                              word(WORD_AUTHENTIC_TEXT, page_language(page))) +
                        8);
    print_fact(page, WORD_LAST_EVENT, seq);
    print_fact(page, WORD_DIGEST, wish->seal.digest);
    print_fact(page, WORD_SIGNATURE, wish->seal.signature);
    print_fact(page, WORD_KEY, wish->key);
    if (wish->anchor != NULL) {
        print_anchor(page, wish->anchor);
    }
}

enum err report_pdf(const struct report *report, const struct report_pdf_wish *wish,
                    char **ret_body, size_t *ret_size)
{
    struct page *page = NULL;
    char header[HEADER_SIZE];
    char footer[FOOTER_SIZE];
    int language = (int)wish->language - 1;
    struct text_builder text = text_builder(header, sizeof(header));
    text_append_format(&text, "%s · %s", word(WORD_REPORT, wish->language),
                       report->title[language]);
    text = text_builder(footer, sizeof(footer));
    text_append_format(&text, "%s · %llu · SHA-256 %.16s…", report->id,
                       (unsigned long long)report->seq, wish->seal.digest);
    enum err err = page_create(wish->language, wish->fonts, header, footer, &page);
    if (err != ERR_NONE) {
        return err;
    }
    print_head(page, report);
    print_summary(page, report);
    print_interpreters(page, report);
    print_channels(page, report);
    print_gaps(page, report);
    print_handovers(page, report);
    print_clashes(page, report);
    print_quality(page, report);
    print_authenticity(page, report, wish);
    err = page_finish(page, ret_body, ret_size);
    page_destroy(page);
    return err;
}
