#include "sheet/xlsx.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/text.h"
#include "sheet/escape.h"

#define WIDTH_LEAST 8 // of a column, in letters
#define WIDTH_MOST  60

// ---- A file without a name

// ERR_NONE, and a descriptor. It loses its name at once, and is found by the process's own list.
static enum err open_nameless(const char *folder, int *ret_fd)
{
    char path[4096];
    struct text_builder builder = text_builder(path, sizeof(path));
    text_append_format(&builder, "%s/.sheet-XXXXXX", folder);
    *ret_fd = builder.failed ? -1 : mkostemp(path, O_CLOEXEC);
    if (*ret_fd < 0) {
        return ERR_IO;
    }
    (void)unlink(path);
    return ERR_NONE;
}

static enum err take_bytes(int fd, char **ret_bytes, size_t *ret_size)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return ERR_IO;
    }
    size_t size = (size_t)about.st_size;
    char *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL) {
        return ERR_FULL;
    }
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, bytes + done, size - done, (off_t)done);
        if (got <= 0) {
            free(bytes);
            return ERR_IO;
        }
        done += (size_t)got;
    }
    *ret_bytes = bytes;
    *ret_size = size;
    return ERR_NONE;
}

// ---- The workbook

static enum err err_of(lxw_error error)
{
    return error == LXW_NO_ERROR                     ? ERR_NONE
           : error == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_FULL
                                                     : ERR_IO;
}

// A Chinese sign is as wide as two letters.
static uint32_t width_of(const char *text)
{
    uint32_t width = 0;
    for (; *text != '\0' && width < WIDTH_MOST; text++) {
        unsigned char byte = (unsigned char)*text;
        width += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xE3 ? 2 : 1;
    }
    return width;
}

static enum err set_width(lxw_worksheet *worksheet, const struct sheet *sheet, uint32_t column)
{
    uint32_t width = WIDTH_LEAST;
    for (uint32_t row = 0; row < sheet_rows(sheet) && width < WIDTH_MOST; row++) {
        uint32_t wanted = width_of(sheet_cell(sheet, row, column)) + 2;
        width = wanted > width ? wanted : width;
    }
    width = width < WIDTH_MOST ? width : WIDTH_MOST;
    lxw_col_t at = (lxw_col_t)column;
    return err_of(worksheet_set_column(worksheet, at, at, width, NULL));
}

static enum err write_cell(lxw_worksheet *worksheet, uint32_t row, uint32_t column,
                           const char *text, lxw_format *format)
{
    char escaped[ESCAPE_PUT_SIZE];
    escape_put(text, escaped);
    return err_of(
        worksheet_write_string(worksheet, (lxw_row_t)row, (lxw_col_t)column, escaped, format));
}

static enum err write_cells(lxw_worksheet *worksheet, const struct sheet *sheet, lxw_format *bold)
{
    enum err err = ERR_NONE;
    for (uint32_t row = 0; row < sheet_rows(sheet); row++) {
        lxw_format *format = row == sheet_heading(sheet) ? bold : NULL;
        for (uint32_t column = 0; err == ERR_NONE && column < sheet_columns(sheet); column++) {
            const char *text = sheet_cell(sheet, row, column);
            err = text[0] != '\0' ? write_cell(worksheet, row, column, text, format) : ERR_NONE;
        }
    }
    return err;
}

static enum err fill(lxw_workbook *workbook, const struct sheet *sheet, bool right_to_left)
{
    lxw_worksheet *worksheet = workbook_add_worksheet(workbook, NULL);
    lxw_format *bold = worksheet != NULL ? workbook_add_format(workbook) : NULL;
    if (bold == NULL) {
        return ERR_FULL;
    }
    format_set_bold(bold);
    enum err err = ERR_NONE;
    for (uint32_t column = 0; err == ERR_NONE && column < sheet_columns(sheet); column++) {
        err = set_width(worksheet, sheet, column);
    }
    if (sheet_heading(sheet) < sheet_rows(sheet)) {
        worksheet_freeze_panes(worksheet, (lxw_row_t)(sheet_heading(sheet) + 1), 0);
    }
    if (right_to_left) {
        worksheet_right_to_left(worksheet);
    }
    return err == ERR_NONE ? write_cells(worksheet, sheet, bold) : err;
}

// The library writes to a path, and frees the workbook when it has.
static enum err write_workbook(const struct sheet *sheet, const struct sheet_xlsx_wish *wish,
                               int fd)
{
    char path[64];
    char folder[4096];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    enum err err = text_copy(folder, sizeof(folder), wish->folder);
    if (err != ERR_NONE) {
        return ERR_IO;
    }
    lxw_workbook_options options = {.tmpdir = folder};
    lxw_workbook *workbook = workbook_new_opt(path, &options);
    if (workbook == NULL) {
        return ERR_FULL;
    }
    err = fill(workbook, sheet, wish->right_to_left);
    if (err != ERR_NONE) {
        lxw_workbook_free(workbook);
        return err;
    }
    return err_of(workbook_close(workbook));
}

enum err sheet_write_xlsx(const struct sheet *sheet, const struct sheet_xlsx_wish *wish,
                          char **ret_bytes, size_t *ret_size)
{
    int fd = -1;
    *ret_bytes = NULL;
    *ret_size = 0;
    enum err err = open_nameless(wish->folder, &fd);
    if (err != ERR_NONE) {
        return err;
    }
    err = write_workbook(sheet, wish, fd);
    err = err == ERR_NONE ? take_bytes(fd, ret_bytes, ret_size) : err;
    (void)close(fd);
    return err;
}
