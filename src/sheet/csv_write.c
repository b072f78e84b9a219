#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/csv.h"
#include "sheet/guard.h"

static void put_quoted(FILE *to, const char *text, size_t length)
{
    fputc('"', to);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            fputc('"', to);
        }
        fputc(text[i], to);
    }
    fputc('"', to);
}

// Quoted also for the separators of others: a reader that counts them outside quotes finds commas.
static void put_cell(FILE *to, const char *text)
{
    char guarded[GUARD_SIZE(SHEET_CELL_MAX)];
    size_t length = guard_put(text, strlen(text), guarded);
    bool plain = true;
    for (size_t i = 0; plain && i < length; i++) {
        plain = strchr("\t;,\"\r\n", guarded[i]) == NULL;
    }
    if (plain) {
        fwrite(guarded, 1, length, to);
    } else {
        put_quoted(to, guarded, length);
    }
}

enum err sheet_write_csv(const struct sheet *sheet, char **ret_bytes, size_t *ret_size)
{
    *ret_bytes = NULL;
    *ret_size = 0;
    FILE *to = open_memstream(ret_bytes, ret_size);
    if (to == NULL) {
        return ERR_FULL;
    }
    fputs("\xEF\xBB\xBF", to);
    for (uint32_t row = 0; row < sheet_rows(sheet); row++) {
        for (uint32_t column = 0; column < sheet_columns(sheet); column++) {
            if (column > 0) {
                fputc(',', to);
            }
            put_cell(to, sheet_cell(sheet, row, column));
        }
        fputs("\r\n", to);
    }
    bool whole = !ferror(to);
    whole = fclose(to) == 0 && whole;
    if (!whole) {
        free(*ret_bytes);
        *ret_bytes = NULL;
        *ret_size = 0;
    }
    return whole ? ERR_NONE : ERR_FULL;
}
