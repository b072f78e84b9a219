#include "sheet/worksheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sheet/escape.h"
#include "sheet/number.h"
#include "sheet/part.h"
#include "sheet/place.h"

// What a cell's value is (ECMA-376, part 1, 18.18.11, ST_CellType).
enum type {
    TYPE_NUMBER, // and what is not said
    TYPE_SHARED, // the number of a text
    TYPE_TEXT,   // what a formula came to
    TYPE_INLINE,
    TYPE_BOOLEAN,
    TYPE_ERROR,
    TYPE_DATE, // ISO 8601
    TYPE_UNKNOWN,
};

static const char *const type_names[TYPE_UNKNOWN] = {
    [TYPE_NUMBER] = "n",  [TYPE_SHARED] = "s", [TYPE_TEXT] = "str", [TYPE_INLINE] = "inlineStr",
    [TYPE_BOOLEAN] = "b", [TYPE_ERROR] = "e",  [TYPE_DATE] = "d",
};

struct reading {
    const struct worksheet_source *source;
    struct sheet *sheet;
    struct sheet_refusal *refusal;
    struct place next;  // of a cell that does not say where it stands
    struct place place; // of the one that is being read
    enum type type;
    enum number_kind kind;
    bool has_value;
    struct escape_text text;
};

enum { SHEET = 1, ROWS, ROW, CELL, VALUE, INLINE, RUN, TEXT };

// A formula (f) is nobody's business: what it came to stands beside it. Phonetic runs (rPh) are not
// of the text.
static const struct part_element elements[] = {
    {PART_OUTSIDE, SHEET, "worksheet"},
    {SHEET, ROWS, "sheetData"},
    {ROWS, ROW, "row"},
    {ROW, CELL, "c"},
    {CELL, VALUE, "v"},
    {CELL, INLINE, "is"},
    {INLINE, RUN, "r"},
    {INLINE, TEXT, "t"},
    {RUN, TEXT, "t"},
};

static enum err refuse_here(const struct reading *reading, enum sheet_reason reason)
{
    return sheet_refuse(reading->refusal, reason, reading->place.row + 1,
                        reading->place.column + 1);
}

// ---- Where

static enum err begin_row(struct reading *reading, const char *const *attributes)
{
    const char *row = part_attribute(attributes, "r");
    reading->next.column = 0;
    return row == NULL || place_read_row(row, &reading->next.row)
               ? ERR_NONE
               : sheet_refuse(reading->refusal, SHEET_PLACE, reading->next.row + 1, 0);
}

static enum type type_of(const char *name)
{
    enum type type = TYPE_NUMBER;
    while (name != NULL && type < TYPE_UNKNOWN && !text_equal(name, type_names[type])) {
        type++;
    }
    return type;
}

static enum err begin_cell(struct reading *reading, const char *const *attributes)
{
    const char *place = part_attribute(attributes, "r");
    const char *style = part_attribute(attributes, "s");
    unsigned long long number = 0;
    reading->place = reading->next;
    if (place != NULL && !place_read(place, &reading->place)) {
        return refuse_here(reading, SHEET_PLACE);
    }
    reading->next.column = reading->place.column + 1;
    reading->type = type_of(part_attribute(attributes, "t"));
    if (style != NULL && text_to_u64(style, strlen(style), STYLES_MAX, &number) != ERR_NONE) {
        return refuse_here(reading, SHEET_NO_VALUE);
    }
    reading->kind = styles_kind(reading->source->styles, number);
    reading->has_value = false;
    escape_clear(&reading->text);
    return ERR_NONE;
}

// ---- What

static enum err add(struct reading *reading, const char *text, size_t length)
{
    return sheet_add(reading->sheet, reading->place.row, reading->place.column, text, length,
                     reading->refusal);
}

static enum err add_shared(struct reading *reading)
{
    unsigned long long index = 0;
    struct strings_one one;
    if (text_to_u64(reading->text.data, reading->text.length, UINT32_MAX, &index) != ERR_NONE ||
        !strings_find(reading->source->strings, index, &one)) {
        return refuse_here(reading, SHEET_NO_VALUE);
    }
    return one.cut ? refuse_here(reading, SHEET_CELL_LONG) : add(reading, one.text, one.length);
}

static enum err add_number(struct reading *reading)
{
    char text[NUMBER_SIZE];
    return number_write(reading->text.data, reading->text.length, reading->kind,
                        reading->source->from_1904, text)
               ? add(reading, text, strlen(text))
               : refuse_here(reading, SHEET_NO_VALUE);
}

static bool says(const struct escape_text *text, const char *word)
{
    return text->length == strlen(word) && memcmp(text->data, word, text->length) == 0;
}

static enum err add_boolean(struct reading *reading)
{
    if (says(&reading->text, "1") || says(&reading->text, "true")) {
        return add(reading, "TRUE", 4);
    }
    return says(&reading->text, "0") || says(&reading->text, "false")
               ? add(reading, "FALSE", 5)
               : refuse_here(reading, SHEET_NO_VALUE);
}

// A date that is said with a time, where the format shows none.
static enum err add_date(struct reading *reading)
{
    const char *time = memchr(reading->text.data, 'T', reading->text.length);
    bool whole = time == NULL || reading->kind != NUMBER_DATE;
    return add(reading, reading->text.data,
               whole ? reading->text.length : (size_t)(time - reading->text.data));
}

static enum err add_text(struct reading *reading)
{
    escape_take(&reading->text);
    return add(reading, reading->text.data, reading->text.length);
}

static bool is_blank(char sign)
{
    return sign == ' ' || sign == '\t' || sign == '\r' || sign == '\n';
}

// Around what is no text blanks mean nothing (XML Schema, part 2, 4.3.6).
static void trim(struct escape_text *text)
{
    size_t first = 0;
    while (text->length > 0 && is_blank(text->data[text->length - 1])) {
        text->length--;
    }
    while (first < text->length && is_blank(text->data[first])) {
        first++;
    }
    text->length -= first;
    memmove(text->data, text->data + first, text->length);
}

static enum err add_value(struct reading *reading)
{
    trim(&reading->text);
    if (reading->text.length == 0) {
        return ERR_NONE;
    }
    switch (reading->type) {
    case TYPE_NUMBER: return add_number(reading);
    case TYPE_SHARED: return add_shared(reading);
    case TYPE_BOOLEAN: return add_boolean(reading);
    case TYPE_ERROR: return add(reading, reading->text.data, reading->text.length);
    case TYPE_DATE: return add_date(reading);
    case TYPE_TEXT:
    case TYPE_INLINE:
    case TYPE_UNKNOWN: break;
    }
    return refuse_here(reading, SHEET_NO_VALUE);
}

static enum err end_cell(struct reading *reading)
{
    if (!reading->has_value) {
        return ERR_NONE;
    }
    if (reading->text.cut) {
        return refuse_here(reading, SHEET_CELL_LONG);
    }
    return reading->type == TYPE_TEXT || reading->type == TYPE_INLINE ? add_text(reading)
                                                                      : add_value(reading);
}

// ---- The walk

static enum err on_begin(void *context, uint8_t kind, const char *const *attributes)
{
    struct reading *reading = context;
    return kind == ROW    ? begin_row(reading, attributes)
           : kind == CELL ? begin_cell(reading, attributes)
                          : ERR_NONE;
}

static bool is_value(const struct reading *reading, uint8_t kind)
{
    return kind == (reading->type == TYPE_INLINE ? TEXT : VALUE);
}

static enum err on_text(void *context, uint8_t kind, const char *text, size_t length)
{
    struct reading *reading = context;
    if (is_value(reading, kind)) {
        escape_append(&reading->text, text, length);
        reading->has_value = true;
    }
    return ERR_NONE;
}

static enum err on_end(void *context, uint8_t kind)
{
    struct reading *reading = context;
    if (kind == ROW) {
        reading->next.row++;
    }
    return kind == CELL ? end_cell(reading) : ERR_NONE;
}

enum err worksheet_read(const struct worksheet_source *source, struct sheet *sheet,
                        struct sheet_refusal *ret_refusal)
{
    struct reading *reading = calloc(1, sizeof(*reading));
    if (reading == NULL) {
        return ERR_FULL;
    }
    reading->source = source;
    reading->sheet = sheet;
    reading->refusal = ret_refusal;
    const struct part_walk walk = {
        .elements = elements,
        .count = sizeof(elements) / sizeof(elements[0]),
        .context = reading,
        .begin = on_begin,
        .text = on_text,
        .end = on_end,
    };
    enum err err = part_read(source->package, source->name, &walk, ret_refusal);
    free(reading);
    return err;
}
