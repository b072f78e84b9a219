#include "sheet/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "words/fold.h"
#include "words/words.h"

#define NOT_THERE SIZE_MAX

struct checking {
    const struct sheet *sheet;
    const struct table_description *description;
    const struct table_visitor *visitor;
    struct table_count *count;
    uint32_t place[TABLE_COLUMNS_MAX]; // of each described column; SHEET_NO_COLUMN: it is not there
    char *texts[TABLE_COLUMNS_MAX];    // one row's, within `room`
    char *room;                        // owned
};

static void tell(struct checking *checking, struct table_finding finding)
{
    checking->count->faults += finding.fault != TABLE_COLUMN_UNKNOWN ? 1 : 0;
    if (checking->visitor->finding != NULL) {
        checking->visitor->finding(checking->visitor->context, &finding);
    }
}

// ---- The heading

static bool is_called(const struct table_column *column, const char *title)
{
    bool called = words_same(title, column->name);
    for (size_t i = 0; !called && i < TABLE_LANGUAGES; i++) {
        called = column->headings[i] != NULL && words_same(title, column->headings[i]);
    }
    return called;
}

static size_t find_described(const struct table_description *description, const char *title)
{
    for (size_t which = 0; which < description->count; which++) {
        if (is_called(&description->columns[which], title)) {
            return which;
        }
    }
    return NOT_THERE;
}

static void place_column(struct checking *checking, uint32_t column)
{
    uint32_t heading = sheet_heading(checking->sheet);
    const char *title = sheet_cell(checking->sheet, heading, column);
    if (title[0] == '\0') {
        return;
    }
    size_t which = find_described(checking->description, title);
    if (which != NOT_THERE && checking->place[which] == SHEET_NO_COLUMN) {
        checking->place[which] = column;
        return;
    }
    tell(checking, (struct table_finding){.fault = which != NOT_THERE ? TABLE_COLUMN_TWICE
                                                                      : TABLE_COLUMN_UNKNOWN,
                                          .row = heading + 1,
                                          .column = column + 1,
                                          .which = which});
}

// False: the rows cannot be looked at.
static bool place_columns(struct checking *checking)
{
    const struct table_description *description = checking->description;
    for (size_t which = 0; which < description->count; which++) {
        checking->place[which] = SHEET_NO_COLUMN;
    }
    for (uint32_t column = 0; column < sheet_columns(checking->sheet); column++) {
        place_column(checking, column);
    }
    for (size_t which = 0; which < description->count; which++) {
        if (description->columns[which].required && checking->place[which] == SHEET_NO_COLUMN) {
            tell(checking, (struct table_finding){.fault = TABLE_COLUMN_MISSING,
                                                  .row = sheet_heading(checking->sheet) + 1,
                                                  .which = which});
        }
    }
    return checking->count->faults == 0;
}

// ---- Rows

// `ret_good` becomes false when something is wrong with it. ERR_FULL alone.
static enum err check_cell(struct checking *checking, uint32_t row, size_t which, bool *ret_good)
{
    const struct table_column *column = &checking->description->columns[which];
    uint32_t place = checking->place[which];
    if (place == SHEET_NO_COLUMN) {
        return ERR_NONE; // and its text is "" in every row
    }
    const char *cell = sheet_cell(checking->sheet, row, place);
    struct table_finding finding = {
        .row = row + 1, .column = place + 1, .which = which, .most = column->most};
    char *text = checking->texts[which];
    enum err err = words_take(cell, strlen(cell), column->most, text, &finding.came);
    if (err == ERR_FULL) {
        return err;
    }
    if (err != ERR_NONE) {
        finding.fault = TABLE_CELL_LONG;
    } else if (text[0] == '\0') {
        if (!column->required) {
            return ERR_NONE;
        }
        finding.fault = TABLE_CELL_MISSING;
    } else {
        finding.why = column->check != NULL ? column->check(checking->visitor->context, text) : 0;
        if (finding.why == 0) {
            return ERR_NONE;
        }
        finding.fault = TABLE_CELL_REFUSED;
    }
    *ret_good = false;
    tell(checking, finding);
    return ERR_NONE;
}

static enum err check_row(struct checking *checking, uint32_t row)
{
    bool good = true;
    enum err err = ERR_NONE;
    for (size_t which = 0; err == ERR_NONE && which < checking->description->count; which++) {
        err = check_cell(checking, row, which, &good);
    }
    if (err != ERR_NONE) {
        return err;
    }
    checking->count->rows++;
    checking->count->good += good ? 1 : 0;
    if (good && checking->visitor->row != NULL) {
        checking->visitor->row(checking->visitor->context, row + 1,
                               (const char *const *)checking->texts);
    }
    return ERR_NONE;
}

// Room for the texts of one row; all of them "".
static enum err make_room(struct checking *checking)
{
    const struct table_description *description = checking->description;
    size_t size = 0;
    for (size_t which = 0; which < description->count; which++) {
        size += WORDS_SIZE(description->columns[which].most);
    }
    checking->room = calloc(1, size > 0 ? size : 1);
    if (checking->room == NULL) {
        return ERR_FULL;
    }
    char *next = checking->room;
    for (size_t which = 0; which < description->count; which++) {
        checking->texts[which] = next;
        next += WORDS_SIZE(description->columns[which].most);
    }
    return ERR_NONE;
}

enum err table_check(const struct sheet *sheet, const struct table_description *description,
                     const struct table_visitor *visitor, struct table_count *ret_count)
{
    ASSERT(description->count <= TABLE_COLUMNS_MAX && sheet_heading(sheet) < sheet_rows(sheet));
    struct checking checking = {
        .sheet = sheet, .description = description, .visitor = visitor, .count = ret_count};
    *ret_count = (struct table_count){0};
    if (!place_columns(&checking)) {
        return ERR_NONE;
    }
    enum err err = make_room(&checking);
    for (uint32_t row = sheet_heading(sheet) + 1; err == ERR_NONE && row < sheet_rows(sheet);
         row++) {
        err = sheet_row_is_empty(sheet, row) ? ERR_NONE : check_row(&checking, row);
    }
    free(checking.room);
    return err;
}
