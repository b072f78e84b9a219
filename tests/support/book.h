// XLSX files made by hand: an archive of parts, and the parts that every workbook has.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOK_PARTS_MAX 1200

struct book_part {
    const char *name;
    const void *data;
    size_t size;
    bool stored; // and not deflated
};

struct book {
    struct book_part parts[BOOK_PARTS_MAX];
    size_t count;
};

// Relations and a workbook with one sheet, xl/worksheets/sheet1.xml; the sheet itself, its texts
// and styles are to be added.
void book_begin(struct book *book);
// In the place of the part of this name, if there is one. Data stays the caller's.
void book_put(struct book *book, const char *name, const char *text);
void book_put_bytes(struct book *book, const char *name, const void *data, size_t size);
// The archive, malloc's; NULL when it cannot be made.
uint8_t *book_pack(const struct book *book, size_t *ret_size);
// A workbook of this sheet's data ("<row>…</row>"), and of texts and styles unless they are NULL.
uint8_t *book_of(const char *rows, const char *texts, const char *styles, size_t *ret_size);
