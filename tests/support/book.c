#include "book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "base/assert.h"

#define HEAD     "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN     "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGED "http://schemas.openxmlformats.org/package/2006/relationships"

void book_begin(struct book *book)
{
    book->count = 0;
    book_put(book, "[Content_Types].xml",
             HEAD
             "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
    book_put(book, "_rels/.rels",
             HEAD "<Relationships xmlns=\"" PACKAGED "\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                  "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
    book_put(book, "xl/workbook.xml",
             HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
                  "\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets>"
                  "</workbook>");
    book_put(book, "xl/_rels/workbook.xml.rels",
             HEAD "<Relationships xmlns=\"" PACKAGED
                  "\">"
                  "<Relationship Id=\"rId1\" Type=\"" OFFICE
                  "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                  "<Relationship Id=\"rId2\" Type=\"" OFFICE
                  "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                  "<Relationship Id=\"rId3\" Type=\"" OFFICE
                  "/styles\" Target=\"styles.xml\"/>"
                  "</Relationships>");
}

void book_put_bytes(struct book *book, const char *name, const void *data, size_t size)
{
    size_t at = 0;
    while (at < book->count && strcmp(book->parts[at].name, name) != 0) {
        at++;
    }
    ASSERT(at < BOOK_PARTS_MAX);
    book->count = at == book->count ? at + 1 : book->count;
    book->parts[at] = (struct book_part){.name = name, .data = data, .size = size};
}

void book_put(struct book *book, const char *name, const char *text)
{
    book_put_bytes(book, name, text, strlen(text));
}

static void add_part(zip_t *archive, const struct book_part *part)
{
    zip_source_t *source = zip_source_buffer(archive, part->data, part->size, 0);
    ASSERT(source != NULL);
    zip_int64_t index = zip_file_add(archive, part->name, source, ZIP_FL_ENC_UTF_8);
    ASSERT(index >= 0);
    (void)zip_set_file_compression(archive, (zip_uint64_t)index,
                                   part->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
}

static uint8_t *take_bytes(zip_source_t *source, size_t *ret_size)
{
    zip_stat_t about;
    ASSERT(zip_source_stat(source, &about) == 0 && zip_source_open(source) == 0);
    *ret_size = (size_t)about.size;
    uint8_t *bytes = malloc(*ret_size + 1);
    ASSERT(bytes != NULL);
    ASSERT(zip_source_read(source, bytes, *ret_size) == (zip_int64_t)*ret_size);
    zip_source_close(source);
    return bytes;
}

uint8_t *book_pack(const struct book *book, size_t *ret_size)
{
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *archive = zip_open_from_source(target, ZIP_TRUNCATE, NULL);
    ASSERT(archive != NULL);
    for (size_t i = 0; i < book->count; i++) {
        add_part(archive, &book->parts[i]);
    }
    zip_source_keep(target);
    ASSERT(zip_close(archive) == 0);
    uint8_t *bytes = take_bytes(target, ret_size);
    zip_source_free(target);
    return bytes;
}

uint8_t *book_of(const char *rows, const char *texts, const char *styles, size_t *ret_size)
{
    struct book *book = malloc(sizeof(*book));
    size_t size = strlen(rows) + 256;
    char *sheet = malloc(size);
    ASSERT(book != NULL && sheet != NULL);
    book_begin(book);
    snprintf(sheet, size,
             HEAD "<worksheet xmlns=\"" MAIN "\"><sheetData>%s</sheetData></worksheet>", rows);
    book_put(book, "xl/worksheets/sheet1.xml", sheet);
    if (texts != NULL) {
        book_put(book, "xl/sharedStrings.xml", texts);
    }
    if (styles != NULL) {
        book_put(book, "xl/styles.xml", styles);
    }
    uint8_t *bytes = book_pack(book, ret_size);
    free(sheet);
    free(book);
    return bytes;
}
