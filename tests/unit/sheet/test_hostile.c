// XLSX files that nobody's spreadsheet wrote: each is refused for its own reason, and costs little.
#include "../test.h"
#include <stdlib.h>

#include "book.h"
#include "sheet/package.h"
#include "sheet/part.h"
#include "sheet/read.h"
#include "sheet/strings.h"
#include "sheet/styles.h"

#define SHEET_PART "xl/worksheets/sheet1.xml"
#define ONE_CELL   "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"

static struct sheet_refusal refusal;
static struct book book;

static void expect(const uint8_t *bytes, size_t size, enum sheet_reason reason)
{
    struct sheet *sheet = NULL;
    enum err err = sheet_read(bytes, size, &sheet, &refusal);
    sheet_destroy(sheet);
    assert_string_equal(sheet_reason_slug(refusal.reason), sheet_reason_slug(reason));
    assert_int_equal(err, reason == SHEET_GOOD ? ERR_NONE : ERR_INVALID);
}

static void try_book(enum sheet_reason reason)
{
    size_t size = 0;
    uint8_t *bytes = book_pack(&book, &size);
    expect(bytes, size, reason);
    free(bytes);
}

static void try_sheet(const char *sheet, enum sheet_reason reason)
{
    book_begin(&book);
    book_put(&book, SHEET_PART, sheet);
    try_book(reason);
}

static void store_little(uint8_t *bytes, size_t size, uint64_t value)
{
    for (size_t i = 0; i < size; i++, value >>= 8) {
        bytes[i] = (uint8_t)value;
    }
}

// What the archive's directory says of the sheet, and of the archive (APPNOTE.TXT, 4.3.12, 4.3.16).
static uint8_t *entry_of(uint8_t *bytes, size_t size, const char *magic, size_t name_at)
{
    uint8_t *found = bytes;
    while ((found = memmem(found, (size_t)(bytes + size - found), magic, 4)) != NULL) {
        if (memcmp(found + name_at, SHEET_PART, strlen(SHEET_PART)) == 0) {
            return found;
        }
        found += 4;
    }
    fail();
    return NULL;
}

static uint8_t *directory_entry(uint8_t *bytes, size_t size)
{
    return entry_of(bytes, size, "PK\x01\x02", 46);
}

static uint8_t *local_entry(uint8_t *bytes, size_t size)
{
    return entry_of(bytes, size, "PK\x03\x04", 30);
}

static uint8_t *one_cell(size_t *ret_size)
{
    return book_of("<row><c><v>1</v></c></row>", NULL, NULL, ret_size);
}

// ---- Archives

static void an_archive_that_is_no_workbook_is_said_to_be_none(void **state)
{
    (void)state;
    book.count = 0;
    book_put(&book, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    try_book(SHEET_NO_XLSX);
    book_put(&book, "_rels/.rels",
             "<Relationships><Relationship Id='1' Type='/officeDocument' Target='word/d.xml'/>"
             "</Relationships>");
    try_book(SHEET_NO_XLSX);
    book_put(&book, "word/d.xml", "<document/>");
    try_book(SHEET_NO_XLSX);
    book_begin(&book);
    try_book(SHEET_NO_SHEET);
    book_put(
        &book, "xl/workbook.xml",
        "<workbook xmlns:r='r'><sheets><sheet r:id='rId1' state='hidden'/></sheets></workbook>");
    book_put(&book, SHEET_PART, ONE_CELL);
    try_book(SHEET_NO_SHEET);
}

static void a_bomb_is_not_unpacked(void **state)
{
    (void)state;
    size_t size = 8u << 20;
    char *blanks = malloc(size + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', size);
    blanks[size] = '\0';
    book_begin(&book);
    book_put(&book, SHEET_PART, ONE_CELL);
    book_put(&book, "xl/media/image1.png", blanks);
    size_t packed = 0;
    uint8_t *bytes = book_pack(&book, &packed);
    assert_true(size / packed > 500);
    expect(bytes, packed, SHEET_PACKED_TIGHT);
    free(bytes);
    free(blanks);
}

static void parts_are_counted(void **state)
{
    (void)state;
    static char names[BOOK_PARTS_MAX][16];
    book_begin(&book);
    book_put(&book, SHEET_PART, ONE_CELL);
    while (book.count < PACKAGE_PARTS_MAX) {
        snprintf(names[book.count], sizeof(names[0]), "part%zu", book.count);
        book_put(&book, names[book.count], "x");
    }
    try_book(SHEET_GOOD);
    book_put(&book, "one.more", "x");
    try_book(SHEET_PARTS_MANY);
}

static void what_the_end_says_is_weighed_first(void **state)
{
    (void)state;
    size_t size = 0;
    uint8_t *bytes = one_cell(&size);
    uint8_t *end = bytes + size - 22;
    store_little(end + 8, 2, 65535);
    store_little(end + 10, 2, 65535);
    expect(bytes, size, SHEET_PARTS_MANY);
    free(bytes);
    bytes = one_cell(&size);
    store_little(bytes + size - 10, 4, 16u << 20);
    expect(bytes, size, SHEET_PARTS_MANY);
    free(bytes);
    // Many ends, each of which would be looked into.
    bytes = one_cell(&size);
    uint8_t *many = malloc(size + 5 * 22);
    assert_non_null(many);
    memcpy(many, bytes, size);
    for (size_t i = 0; i < 5; i++) {
        memcpy(many + size + 22 * i, bytes + size - 22, 22);
    }
    expect(many, size + 5 * 22, SHEET_DAMAGED);
    free(many);
    free(bytes);
}

// As spreadsheets carry what is embedded in them.
static void an_archive_within_is_no_matter(void **state)
{
    (void)state;
    size_t size = 0;
    uint8_t *within = one_cell(&size);
    book_begin(&book);
    book_put(&book, SHEET_PART, ONE_CELL);
    book_put_bytes(&book, "xl/embeddings/a.xlsx", within, size);
    book.parts[book.count - 1].stored = true;
    try_book(SHEET_GOOD);
    free(within);
}

// The large form of the end (APPNOTE.TXT, 4.3.14, 4.3.15), which is believed before the small one.
static void the_large_end_is_weighed_too(void **state)
{
    (void)state;
    size_t size = 0;
    uint8_t *bytes = one_cell(&size);
    size_t before = size - 22;
    uint8_t *large = calloc(1, size + 76);
    assert_non_null(large);
    memcpy(large, bytes, before);
    uint8_t *end = large + before;
    memcpy(end, "PK\x06\x06", 4);
    store_little(end + 4, 8, 44);
    store_little(end + 24, 8, 1ull << 32);
    store_little(end + 32, 8, 1ull << 32);
    store_little(end + 40, 8, 100);
    memcpy(end + 56, "PK\x06\x07", 4);
    store_little(end + 64, 8, before);
    store_little(end + 72, 4, 1);
    memcpy(end + 76, bytes + before, 22);
    expect(large, size + 76, SHEET_PARTS_MANY);
    store_little(end + 64, 8, UINT64_MAX);
    expect(large, size + 76, SHEET_DAMAGED);
    free(large);
    free(bytes);
}

struct lie {
    size_t at;
    size_t size;
    uint64_t value;
    enum sheet_reason reason;
};

static void what_the_directory_says_is_held_against_it(void **state)
{
    (void)state;
    static const struct lie lies[] = {
        {24, 4, 10, SHEET_DAMAGED},            // shorter than it is
        {24, 4, 500, SHEET_DAMAGED},           // longer than it is
        {24, 4, 65u << 20, SHEET_PARTS_LARGE}, // far longer
        {24, 4, 60000, SHEET_PACKED_TIGHT},    //
        {20, 4, 1, SHEET_DAMAGED},             // fewer bytes than it takes
        {16, 4, 17, SHEET_DAMAGED},            // another checksum
        {8, 2, 1, SHEET_LOCKED},               // locked by a password
        {10, 2, 12, SHEET_NO_XLSX},            // packed in another way
        {42, 4, 0x7FFFFFFF, SHEET_DAMAGED},    // elsewhere than in the file
        {42, 4, 0, SHEET_DAMAGED},             // where another part is
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        size_t size = 0;
        uint8_t *bytes = one_cell(&size);
        store_little(directory_entry(bytes, size) + lies[i].at, lies[i].size, lies[i].value);
        if (lies[i].reason == SHEET_LOCKED) {
            store_little(local_entry(bytes, size) + 6, 2, 1);
        }
        expect(bytes, size, lies[i].reason);
        free(bytes);
    }
}

// No part says more than is allowed, all together do.
static void all_parts_together_are_weighed(void **state)
{
    (void)state;
    size_t size = 0;
    book_begin(&book);
    book_put(&book, SHEET_PART, ONE_CELL);
    uint8_t *bytes = book_pack(&book, &size);
    uint8_t *entry = bytes;
    while ((entry = memmem(entry, (size_t)(bytes + size - entry), "PK\x01\x02", 4)) != NULL) {
        store_little(entry + 20, 4, 1u << 20);
        store_little(entry + 24, 4, 16u << 20);
        entry += 4;
    }
    expect(bytes, size, SHEET_PARTS_LARGE);
    free(bytes);
}

static void a_file_that_ends_early_is_damaged(void **state)
{
    (void)state;
    size_t size = 0;
    uint8_t *bytes = book_of("<row><c t='s'><v>0</v></c></row>", "<sst><si><t>x</t></si></sst>",
                             NULL, &size);
    for (size_t end = 4; end < size; end++) {
        uint8_t *cut = malloc(end);
        assert_non_null(cut);
        memcpy(cut, bytes, end);
        expect(cut, end, SHEET_DAMAGED);
        free(cut);
    }
    expect(bytes, size, SHEET_GOOD);
    free(bytes);
}

// Any byte changed: refused or read, and nothing else.
static void no_single_byte_harms(void **state)
{
    (void)state;
    size_t size = 0;
    uint8_t *bytes = book_of("<row><c t='s'><v>0</v></c></row>", "<sst><si><t>x</t></si></sst>",
                             NULL, &size);
    for (size_t i = 0; i < size; i++) {
        struct sheet *sheet = NULL;
        bytes[i] ^= 0xFF;
        enum err err = sheet_read(bytes, size, &sheet, &refusal);
        assert_true(err == ERR_NONE || err == ERR_INVALID);
        assert_true((err == ERR_NONE) == (refusal.reason == SHEET_GOOD));
        sheet_destroy(sheet);
        bytes[i] ^= 0xFF;
    }
    free(bytes);
}

// ---- XML

static void document_types_are_refused_unread(void **state)
{
    (void)state;
    try_sheet(
        "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
        "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
        "<worksheet><sheetData><row><c t='inlineStr'><is><t>&d;</t></is></c></row>"
        "</sheetData></worksheet>",
        SHEET_DOCTYPE);
    try_sheet("<!DOCTYPE w SYSTEM 'file:///etc/passwd'>" ONE_CELL, SHEET_DOCTYPE);
    try_sheet(
        "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        "<worksheet><sheetData><row><c t='inlineStr'><is><t>&x;</t></is></c></row>"
        "</sheetData></worksheet>",
        SHEET_DOCTYPE);
    try_sheet(
        "<worksheet><sheetData><row><c t='inlineStr'><is><t>&x;</t></is></c></row>"
        "</sheetData></worksheet>",
        SHEET_DAMAGED);
}

static void every_part_is_read_as_carefully(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "_rels/.rels",          "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml", "xl/styles.xml",   SHEET_PART};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        book_begin(&book);
        book_put(&book, SHEET_PART, ONE_CELL);
        book_put(&book, parts[i], "<!DOCTYPE x><x/>");
        try_book(SHEET_DOCTYPE);
        book_put(&book, parts[i], "<x><y></x>");
        try_book(SHEET_DAMAGED);
        book_put(&book, parts[i], "");
        try_book(SHEET_DAMAGED);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char sheet[1024];
    for (unsigned depth = PART_DEPTH_MAX; depth <= PART_DEPTH_MAX + 1; depth++) {
        size_t length = (size_t)sprintf(sheet,
                                        "<worksheet><sheetData><row><c><v>1</v></c></row>"
                                        "</sheetData>");
        for (unsigned i = 1; i < depth; i++) {
            length += (size_t)sprintf(sheet + length, "<a>");
        }
        for (unsigned i = 1; i < depth; i++) {
            length += (size_t)sprintf(sheet + length, "</a>");
        }
        sprintf(sheet + length, "</worksheet>");
        try_sheet(sheet, depth > PART_DEPTH_MAX ? SHEET_NESTED_DEEP : SHEET_GOOD);
    }
}

// An attribute, a comment, an instruction: looked at anew with each piece, they would cost the
// square of their length.
static void nothing_comes_whole_that_is_long(void **state)
{
    (void)state;
    static const struct {
        const char *begin;
        const char *end;
    } kinds[] = {{"<worksheet a='", "'>"}, {"<worksheet><!--", "-->"}, {"<worksheet><?a ", "?>"}};
    size_t size = 3 * PART_TAG_MAX;
    char *sheet = malloc(size);
    assert_non_null(sheet);
    for (size_t i = 0; i < 2 * sizeof(kinds) / sizeof(kinds[0]); i++) {
        bool much = i % 2 == 0;
        size_t length = (size_t)sprintf(sheet, "%s", kinds[i / 2].begin);
        size_t filled = much ? 2 * PART_TAG_MAX : PART_TAG_MAX / 2;
        uint32_t sign = 1;
        for (size_t j = 0; j < filled; j++) {
            sign = sign * 1664525 + 1013904223;
            sheet[length++] = (char)('a' + (sign >> 24) % 26);
        }
        sprintf(sheet + length, "%s%s", kinds[i / 2].end, ONE_CELL + strlen("<worksheet>"));
        try_sheet(sheet, much ? SHEET_DAMAGED : SHEET_GOOD);
    }
    free(sheet);
}

// ---- Much of everything

static char *repeat(const char *head, const char *one, size_t count, const char *tail)
{
    char *text = malloc(strlen(head) + count * strlen(one) + strlen(tail) + 1);
    assert_non_null(text);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < count; i++) {
        at = stpcpy(at, one);
    }
    stpcpy(at, tail);
    return text;
}

static void try_stored(const char *name, const char *text, enum sheet_reason reason)
{
    book_begin(&book);
    book_put(&book, SHEET_PART, ONE_CELL);
    book_put(&book, name, text);
    for (size_t i = 0; i < book.count; i++) {
        book.parts[i].stored = true;
    }
    try_book(reason);
}

static void a_million_cells_are_too_many(void **state)
{
    (void)state;
    char *row = repeat("<row>", "<c><v>1</v></c>", 50, "</row>");
    char *sheet = repeat("<worksheet><sheetData>", row, 20000, "</sheetData></worksheet>");
    try_stored(SHEET_PART, sheet, SHEET_CELLS_MANY);
    assert_int_equal(refusal.row, SHEET_CELLS_MAX / 50 + 1);
    assert_int_equal(refusal.column, 1);
    free(sheet);
    free(row);
}

static void texts_are_counted(void **state)
{
    (void)state;
    char *texts = repeat("<sst>", "<si/>", STRINGS_MAX + 1, "</sst>");
    try_stored("xl/sharedStrings.xml", texts, SHEET_STRINGS_MANY);
    free(texts);
    char *one = repeat("<si><t>", "x", SHEET_CELL_MAX, "</t></si>");
    texts = repeat("<sst>", one, SHEET_TEXT_MAX / SHEET_CELL_MAX + 1, "</sst>");
    try_stored("xl/sharedStrings.xml", texts, SHEET_TEXT_LONG);
    free(texts);
    // One text in many cells.
    char *row = repeat("<row>", "<c t='s'><v>0</v></c>", SHEET_COLUMNS_MAX, "</row>");
    char *sheet = repeat("<worksheet><sheetData>", row, 40, "</sheetData></worksheet>");
    texts = repeat("<sst>", one, 1, "</sst>");
    book_begin(&book);
    book_put(&book, SHEET_PART, sheet);
    book_put(&book, "xl/sharedStrings.xml", texts);
    for (size_t i = 0; i < book.count; i++) {
        book.parts[i].stored = true;
    }
    try_book(SHEET_TEXT_LONG);
    free(texts);
    free(sheet);
    free(row);
    free(one);
}

static void formats_are_counted(void **state)
{
    (void)state;
    char *styles = repeat("<styleSheet><cellXfs>", "<xf/>", STYLES_MAX + 1,
                          "</cellXfs></styleSheet>");
    try_stored("xl/styles.xml", styles, SHEET_STRINGS_MANY);
    free(styles);
    styles = repeat("<styleSheet><numFmts>", "<numFmt numFmtId='9' formatCode='0'/>",
                    STYLES_FORMATS_MAX + 1, "</numFmts></styleSheet>");
    try_stored("xl/styles.xml", styles, SHEET_STRINGS_MANY);
    free(styles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_that_is_no_workbook_is_said_to_be_none),
        cmocka_unit_test(a_bomb_is_not_unpacked),
        cmocka_unit_test(parts_are_counted),
        cmocka_unit_test(what_the_end_says_is_weighed_first),
        cmocka_unit_test(an_archive_within_is_no_matter),
        cmocka_unit_test(the_large_end_is_weighed_too),
        cmocka_unit_test(what_the_directory_says_is_held_against_it),
        cmocka_unit_test(all_parts_together_are_weighed),
        cmocka_unit_test(a_file_that_ends_early_is_damaged),
        cmocka_unit_test(no_single_byte_harms),
        cmocka_unit_test(document_types_are_refused_unread),
        cmocka_unit_test(every_part_is_read_as_carefully),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(nothing_comes_whole_that_is_long),
        cmocka_unit_test(a_million_cells_are_too_many),
        cmocka_unit_test(texts_are_counted),
        cmocka_unit_test(formats_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
