// A file that is said to be a workbook: "P" begins the file itself; else the first byte says which
// part the rest is, within an archive that is good: checksums would keep a fuzzer out of the XML.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "book.h"
#include "fuzz.h"
#include "sheet/xlsx.h"

static void check_sheet(const struct sheet *sheet)
{
    ASSERT(sheet_rows(sheet) > 0 && sheet_rows(sheet) <= SHEET_ROWS_MAX);
    ASSERT(sheet_columns(sheet) > 0 && sheet_columns(sheet) <= SHEET_COLUMNS_MAX);
    for (uint32_t row = 0; row < sheet_rows(sheet); row++) {
        for (uint32_t column = 0; column < sheet_columns(sheet); column++) {
            const char *text = sheet_cell(sheet, row, column);
            ASSERT(strlen(text) <= SHEET_CELL_MAX && text_is_utf8(text, strlen(text)));
        }
    }
}

static void read_file(const uint8_t *bytes, size_t size)
{
    struct sheet *sheet = NULL;
    struct sheet_refusal refusal;
    enum err err = sheet_read_xlsx(bytes, size, &sheet, &refusal);
    ASSERT(err == ERR_NONE || err == ERR_INVALID);
    ASSERT((err == ERR_NONE) == (refusal.reason == SHEET_GOOD));
    ASSERT((err == ERR_NONE) == (sheet != NULL));
    if (sheet != NULL) {
        check_sheet(sheet);
    }
    sheet_destroy(sheet);
}

static const char *part_of(uint8_t sign)
{
    switch (sign) {
    case 's': return "xl/worksheets/sheet1.xml";
    case 't': return "xl/sharedStrings.xml";
    case 'y': return "xl/styles.xml";
    case 'w': return "xl/workbook.xml";
    case 'r': return "xl/_rels/workbook.xml.rels";
    case 'o': return "_rels/.rels";
    default: return NULL;
    }
}

static void read_part(const char *name, const uint8_t *data, size_t size)
{
    static struct book book;
    size_t packed = 0;
    book_begin(&book);
    book_put(&book, "xl/worksheets/sheet1.xml",
             "<worksheet><sheetData><row><c t='s'><v>0</v></c><c s='0'><v>46356.5</v></c></row>"
             "</sheetData></worksheet>");
    book_put(&book, "xl/sharedStrings.xml", "<sst><si><t>x</t></si></sst>");
    book_put(&book, "xl/styles.xml",
             "<styleSheet><cellXfs><xf numFmtId='22'/></cellXfs></styleSheet>");
    book_put_bytes(&book, name, data, size);
    for (size_t i = 0; i < book.count; i++) {
        book.parts[i].stored = true;
    }
    uint8_t *bytes = book_pack(&book, &packed);
    read_file(bytes, packed);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *name = size > 0 ? part_of(data[0]) : NULL;
    if (name != NULL) {
        read_part(name, data + 1, size - 1);
    } else {
        read_file(data, size);
    }
    return 0;
}
