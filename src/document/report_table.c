// Headings, tables and times of the printed report.
#include "document/report_priv.h"

#include <stdio.h>
#include <time.h>

#include "base/text.h"

#define ROW_HEIGHT 15.5
#define PADDING    3.0

#define LEFT_OUT_SIZE 160 // the longest of the words and any number

void text_of_date(time_ms at, char ret_text[TIME_TEXT_SIZE])
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(ret_text, TIME_TEXT_SIZE, "%Y-%m-%d %H:%M", &parts);
}

void text_of_time(time_ms at, char ret_text[TIME_TEXT_SIZE])
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(ret_text, TIME_TEXT_SIZE, "%H:%M:%S", &parts);
}

void text_of_length(int64_t length_ms, char ret_text[TIME_TEXT_SIZE])
{
    struct text_builder text = text_builder(ret_text, TIME_TEXT_SIZE);
    long long seconds = (length_ms + 500) / 1000;
    if (seconds >= 3600) {
        text_append_format(&text, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
    } else {
        text_append_format(&text, "%lld:%02lld", seconds / 60, seconds % 60);
    }
}

void print_heading(struct page *page, int number, enum word title)
{
    static const char *const roman[] = {"", "I", "II", "III", "IV", "V", "VI", "VII"};
    const struct page_style style = {.size = 12.5, .colour = INK, .bold = true};
    page_need(page, 90); // never alone at the foot of a page
    page_move(page, 16);
    page_text(page, 0, page_y(page), 34, &style, 1, roman[number]);
    page_move(page, page_text(page, 34, page_y(page), PAGE_INNER_WIDTH - 34, &style, 1,
                              word(title, page_language(page))) +
                        8);
}

void print_none(struct page *page)
{
    const struct page_style style = {.size = 9, .colour = GREY};
    page_move(page, page_text(page, 0, page_y(page), PAGE_INNER_WIDTH, &style, 1,
                              word(WORD_NONE_SUCH, page_language(page))) +
                        4);
}

void print_left_out(struct page *page, uint64_t count)
{
    const struct page_style style = {.size = 9, .colour = RED};
    char text[LEFT_OUT_SIZE];
    struct text_builder builder = text_builder(text, sizeof(text));
    if (count == 0) {
        return;
    }
    page_need(page, ROW_HEIGHT);
    text_append_format(&builder, "%s: %llu", word(WORD_LEFT_OUT, page_language(page)),
                       (unsigned long long)count);
    page_move(page, 2 + page_text(page, 0, page_y(page) + 2, PAGE_INNER_WIDTH, &style, 1, text));
}

void print_table_head(struct page *page, const struct column *columns, int count)
{
    double x = 0;
    double tallest = 0;
    for (int i = 0; i < count; i++) {
        const struct page_style style = {
            .size = 7.5, .colour = GREY, .bold = true, .align = columns[i].align};
        double height = page_text(page, x + PADDING, page_y(page), columns[i].width - 2 * PADDING,
                                  &style, 2, word(columns[i].title, page_language(page)));
        tallest = height > tallest ? height : tallest;
        x += columns[i].width;
    }
    page_move(page, tallest + 2);
    page_line(page, 0, page_y(page), PAGE_INNER_WIDTH, page_y(page), 0.9, INK);
    page_move(page, 1);
}

void print_row(struct page *page, const struct column *columns, int count, const char *const *cells)
{
    double x = 0;
    if (page_need(page, ROW_HEIGHT)) {
        print_table_head(page, columns, count);
    }
    for (int i = 0; i < count; i++) {
        const struct page_style style = {.size = 8.5, .colour = INK, .align = columns[i].align};
        page_text(page, x + PADDING, page_y(page) + 1.5, columns[i].width - 2 * PADDING, &style, 1,
                  cells[i]);
        x += columns[i].width;
    }
    page_move(page, ROW_HEIGHT);
    page_line(page, 0, page_y(page), PAGE_INNER_WIDTH, page_y(page), 0.3, FAINT);
}
