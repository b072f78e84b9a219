// Inside src/document only: the parts of the printed report.
#pragma once

#include "document/page.h"
#include "document/report_pdf.h"
#include "document/words.h"

#define INK       0x1A1A1A
#define GREY      0x666666
#define FAINT     0xD9DDE2
#define BLUE      0x00679E // the United Nations' darker blue
#define BLUE_2    0x4FA3CF
#define BLUE_3    0xA9D3E9
#define FLOOR_INK 0xC9CCD1
#define RED       0xB3261E

#define TIME_TEXT_SIZE 32

// "2026-11-24 09:30", "09:30:05", "1:02:03" or "2:03".
void text_of_date(time_ms at, char ret_text[TIME_TEXT_SIZE]);
void text_of_time(time_ms at, char ret_text[TIME_TEXT_SIZE]);
void text_of_length(int64_t length_ms, char ret_text[TIME_TEXT_SIZE]);

// "II. Channels over time"
void print_heading(struct page *page, int number, enum word title);
void print_none(struct page *page);
// Under a list that is not the whole, how many it lacks; nothing for 0.
void print_left_out(struct page *page, uint64_t count);

struct column {
    double width; // points; they fill PAGE_INNER_WIDTH
    enum word title;
    enum page_align align;
};
#define COLUMNS_MAX 8
void print_table_head(struct page *page, const struct column *columns, int count);
// A row; the head again at the top of a new page.
void print_row(struct page *page, const struct column *columns, int count,
               const char *const *cells);

// report_charts.c
void chart_minutes(struct page *page, const struct report *report);
void chart_channels(struct page *page, const struct report *report);
void chart_quality(struct page *page, const struct report *report, uint16_t person);
