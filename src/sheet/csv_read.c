#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/csv.h"
#include "sheet/encoding.h"
#include "sheet/guard.h"

#define SEPARATORS      "\t;," // of those that are as many the first
#define SEPARATOR_COUNT 3

struct csv {
    const char *at;
    const char *end;
    char separator;
    struct sheet *sheet; // owned until it is whole
    struct sheet_refusal *refusal;
    uint32_t row;
    uint32_t column;
    size_t length;
    char cell[GUARD_SIZE(SHEET_CELL_MAX)]; // without its quotes, with its guard
};

static bool is_line_end(char sign)
{
    return sign == '\r' || sign == '\n';
}

// ---- Which separator

enum within { WITHIN_BEGINNING, WITHIN_PLAIN, WITHIN_QUOTES, WITHIN_CLOSED };

static enum within pass_sign(enum within within, char sign)
{
    if (sign != '"') {
        return within == WITHIN_QUOTES ? WITHIN_QUOTES : WITHIN_PLAIN;
    }
    switch (within) {
    case WITHIN_BEGINNING:
    case WITHIN_CLOSED: return WITHIN_QUOTES; // closed and opened: a doubled quote
    case WITHIN_QUOTES: return WITHIN_CLOSED;
    case WITHIN_PLAIN: break;
    }
    return WITHIN_PLAIN;
}

// Counts the separators of a line and goes behind it. False: it says nothing.
static bool count_line(const char **at, const char *end, size_t counts[SEPARATOR_COUNT])
{
    enum within within = WITHIN_BEGINNING;
    bool says = false;
    const char *sign = *at;
    for (; sign < end && (within == WITHIN_QUOTES || !is_line_end(*sign)); sign++) {
        const char *separator = *sign != '\0' ? strchr(SEPARATORS, *sign) : NULL;
        if (separator != NULL && within != WITHIN_QUOTES) {
            counts[separator - SEPARATORS]++;
            within = WITHIN_BEGINNING;
        } else {
            says = says || (separator == NULL && *sign != ' ');
            within = pass_sign(within, *sign);
        }
    }
    *at = sign < end ? sign + 1 : end;
    return says;
}

// By the first line that says anything; by all of them when none does.
static char find_separator(const char *at, const char *end)
{
    size_t counts[SEPARATOR_COUNT] = {0};
    for (bool says = false; at < end && !says;) {
        size_t line[SEPARATOR_COUNT] = {0};
        says = count_line(&at, end, line);
        for (size_t i = 0; i < SEPARATOR_COUNT; i++) {
            counts[i] = (says ? 0 : counts[i]) + line[i];
        }
    }
    size_t best = SEPARATOR_COUNT - 1; // a comma when there is none
    for (size_t i = SEPARATOR_COUNT; i > 0; i--) {
        best = counts[i - 1] > 0 && counts[i - 1] >= counts[best] ? i - 1 : best;
    }
    return SEPARATORS[best];
}

// ---- Cells

static enum err refuse_here(const struct csv *csv, enum sheet_reason reason)
{
    return sheet_refuse(csv->refusal, reason, csv->row + 1, csv->column + 1);
}

static bool ends_cell(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == csv->separator || is_line_end(*csv->at);
}

// False: it is longer than a cell can be.
static bool put_sign(struct csv *csv)
{
    if (csv->length == sizeof(csv->cell)) {
        return false;
    }
    csv->cell[csv->length++] = *csv->at++;
    return true;
}

// Behind its first quote. Blanks behind the last are nobody's.
static enum err take_quoted(struct csv *csv)
{
    for (;;) {
        if (csv->at == csv->end) {
            return refuse_here(csv, SHEET_QUOTE_OPEN);
        }
        if (*csv->at == '"') {
            csv->at++;
            if (csv->at == csv->end || *csv->at != '"') {
                break;
            }
        }
        if (!put_sign(csv)) {
            return refuse_here(csv, SHEET_CELL_LONG);
        }
    }
    while (!ends_cell(csv) && *csv->at == ' ') {
        csv->at++;
    }
    return ends_cell(csv) ? ERR_NONE : refuse_here(csv, SHEET_QUOTE_STRAY);
}

static enum err take_plain(struct csv *csv)
{
    while (!ends_cell(csv)) {
        if (!put_sign(csv)) {
            return refuse_here(csv, SHEET_CELL_LONG);
        }
    }
    return ERR_NONE;
}

static enum err take_cell(struct csv *csv)
{
    bool quoted = csv->at < csv->end && *csv->at == '"';
    csv->at += quoted ? 1 : 0;
    csv->length = 0;
    enum err err = quoted ? take_quoted(csv) : take_plain(csv);
    if (err != ERR_NONE) {
        return err;
    }
    size_t length = guard_take(csv->cell, csv->length, csv->cell);
    return sheet_add(csv->sheet, csv->row, csv->column, csv->cell, length, csv->refusal);
}

static enum err take_rows(struct csv *csv)
{
    enum err err = ERR_NONE;
    while (err == ERR_NONE && csv->at < csv->end) {
        err = take_cell(csv);
        if (err != ERR_NONE || csv->at == csv->end) {
            break;
        }
        char sign = *csv->at++;
        if (sign == csv->separator) {
            csv->column++;
            continue;
        }
        csv->at += sign == '\r' && csv->at < csv->end && *csv->at == '\n' ? 1 : 0;
        csv->row++;
        csv->column = 0;
    }
    return err;
}

static enum err take_text(struct csv *csv)
{
    csv->sheet = sheet_create();
    if (csv->sheet == NULL) {
        return ERR_FULL;
    }
    csv->separator = find_separator(csv->at, csv->end);
    enum err err = take_rows(csv);
    if (err == ERR_NONE && sheet_rows(csv->sheet) == 0) {
        err = sheet_refuse(csv->refusal, SHEET_EMPTY, 0, 0);
    }
    return err == ERR_NONE ? sheet_settle(csv->sheet, csv->refusal) : err;
}

enum err sheet_read_csv(const void *bytes, size_t size, struct sheet **ret_sheet,
                        struct sheet_refusal *ret_refusal)
{
    *ret_sheet = NULL;
    *ret_refusal = (struct sheet_refusal){.reason = SHEET_GOOD};
    if (size > SHEET_FILE_MAX) {
        return sheet_refuse(ret_refusal, SHEET_FILE_LARGE, 0, 0);
    }
    struct encoding_text text;
    enum err err = encoding_read(bytes, size, &text);
    if (err != ERR_NONE) {
        return err;
    }
    struct csv csv = {.at = text.data, .end = text.data + text.size, .refusal = ret_refusal};
    err = take_text(&csv);
    encoding_finish(&text);
    if (err != ERR_NONE) {
        sheet_destroy(csv.sheet);
        return err;
    }
    *ret_sheet = csv.sheet;
    return ERR_NONE;
}
