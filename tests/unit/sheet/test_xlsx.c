// Tables out of XLSX files, made by hand and by other programs.
#include "../test.h"
#include <stdlib.h>

#include "book.h"
#include "rows.h"
#include "sheet/package.h"
#include "sheet/place.h"
#include "sheet/read.h"

static struct sheet_refusal refusal;

static void expect_file(uint8_t *bytes, size_t size, const char *rows)
{
    struct sheet *sheet = NULL;
    enum err err = sheet_read(bytes, size, &sheet, &refusal);
    free(bytes);
    assert_string_equal(sheet_reason_slug(refusal.reason), "good");
    assert_int_equal(err, ERR_NONE);
    assert_string_equal(rows_of(sheet), rows);
    sheet_destroy(sheet);
}

static void expect(const char *rows, const char *texts, const char *styles, const char *expected)
{
    size_t size = 0;
    uint8_t *bytes = book_of(rows, texts, styles, &size);
    expect_file(bytes, size, expected);
}

static void refuse(const char *rows, const char *texts, enum sheet_reason reason, uint32_t row,
                   uint32_t column)
{
    size_t size = 0;
    struct sheet *sheet = NULL;
    uint8_t *bytes = book_of(rows, texts, NULL, &size);
    assert_int_equal(sheet_read(bytes, size, &sheet, &refusal), ERR_INVALID);
    assert_string_equal(sheet_reason_slug(refusal.reason), sheet_reason_slug(reason));
    assert_int_equal(refusal.row, row);
    assert_int_equal(refusal.column, column);
    free(bytes);
}

static void every_type_of_cell_is_a_text(void **state)
{
    (void)state;
    expect(
        "<row r='1'><c r='A1' t='s'><v>1</v></c><c r='B1' t='inlineStr'><is><t>in</t></is></c>"
        "<c r='C1' t='str'><f>A1&amp;B1</f><v>both</v></c><c r='D1'><v>17.0</v></c>"
        "<c r='E1' t='n'><v>0.5</v></c></row>"
        "<row r='2'><c r='A2' t='b'><v>1</v></c><c r='B2' t='b'><v>0</v></c>"
        "<c r='C2' t='e'><v>#N/A</v></c><c r='D2' t='d'><v>2026-11-30T00:00:00</v></c>"
        "<c r='E2' s='1' t='d'><v>2026-11-30T00:00:00</v></c></row>",
        "<sst><si><t>none</t></si><si><t xml:space='preserve'> shared </t></si></sst>",
        "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
        " shared |in|both|17|0.5/TRUE|FALSE|#N/A|2026-11-30T00:00:00|2026-11-30");
}

static void blanks_around_a_value_are_nothing(void **state)
{
    (void)state;
    expect(
        "<row><c t='s'><v>\n 0\n</v></c><c>\n<v> 17 </v>\n</c><c t='b'><v> 1 </v></c>"
        "<c><v> </v></c><c t='str'><v> x </v></c></row>",
        "<sst>\n<si>\n<t>a</t>\n</si>\n</sst>", NULL, "a|17|TRUE|| x ");
}

static void cells_stand_where_they_say(void **state)
{
    (void)state;
    expect(
        "<row r='3'><c r='C3'><v>9</v></c><c r='A3'><v>7</v></c></row>"
        "<row r='1'><c r='B1'><v>2</v></c></row><row r='2'/>",
        NULL, NULL, "|2|/||/7||9");
    expect(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='B2'><v>3</v></c><c><v>4</v></c>"
        "</row><row/><row r='5'><c><v>5</v></c></row>",
        NULL, NULL, "1|2|/|3|4/||/||/5||");
    // Cells with nothing in them but a border, to the last row that there can be.
    expect(
        "<row><c><v>1</v></c></row><row r='1048576'><c r='XFD1048576' s='1'/>"
        "<c r='A1048576' t='s'/></row>",
        NULL, NULL, "1");
}

static void a_formula_is_what_it_came_to(void **state)
{
    (void)state;
    expect(
        "<row><c><f>1+1</f><v>2</v></c><c><f>HYPERLINK(\"http://a.example\")</f></c>"
        "<c t='str'><f>x</f><v>=1+1</v></c></row>",
        NULL, NULL, "2||=1+1");
}

static void rich_text_is_its_runs(void **state)
{
    (void)state;
    expect(
        "<row><c t='s'><v>0</v></c><c t='inlineStr'><is><r><t>in</t></r><r><t>line</t></r>"
        "<rPh sb='0' eb='1'><t>aloud</t></rPh></is></c></row>",
        "<sst><si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space='preserve'> and not</t></r>"
        "<rPh sb='0' eb='2'><t>aloud</t></rPh><phoneticPr fontId='1'/></si></sst>",
        NULL, "bold and not|inline");
}

static void escapes_are_taken_away(void **state)
{
    (void)state;
    expect("<row><c t='inlineStr'><is><t>a_x000D_b_x005F_x000D__x_x00zz__xD83D_</t></is></c></row>",
           NULL, NULL, "a\rb_x000D__x_x00zz__xD83D_");
    refuse("<row><c t='inlineStr'><is><t>a_x0000_</t></is></c></row>", NULL, SHEET_NUL, 1, 1);
}

static void dates_go_by_their_format(void **state)
{
    (void)state;
    static const char rows[] =
        "<row><c s='0'><v>46356</v></c><c s='1'><v>46356</v></c><c s='2'><v>46356.5</v></c>"
        "<c s='3'><v>0.25</v></c><c s='4'><v>46356</v></c></row>";
    static const char styles[] =
        "<styleSheet><numFmts count='2'><numFmt numFmtId='164' formatCode='dd/mm/yyyy'/>"
        "<numFmt numFmtId='165' formatCode='d mmm yyyy h:mm'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/>"
        "<xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='20'/><xf numFmtId='2'/></cellXfs>"
        "</styleSheet>";
    expect(rows, NULL, styles, "46356|2026-11-30|2026-11-30T12:00:00|06:00:00|46356");
}

static void days_may_count_from_1904(void **state)
{
    (void)state;
    static struct book book;
    size_t size = 0;
    book_begin(&book);
    book_put(&book, "xl/workbook.xml",
             "<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets>"
             "<sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>");
    book_put(&book, "xl/styles.xml",
             "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>");
    book_put(&book, "xl/worksheets/sheet1.xml",
             "<worksheet><sheetData><row><c s='0'><v>44894</v></c></row></sheetData></worksheet>");
    uint8_t *bytes = book_pack(&book, &size);
    expect_file(bytes, size, "2026-11-30");
}

// With namespaces written as some libraries do, another name of each part, a chart and hidden
// sheets before.
static void the_first_sheet_that_is_seen_is_read(void **state)
{
    (void)state;
    static struct book book;
    size_t size = 0;
    book_begin(&book);
    book_put(
        &book, "_rels/.rels",
        "<p:Relationships xmlns:p='http://x'><p:Relationship Id='a' Type='http://purl.oclc.org/"
        "ooxml/officeDocument/relationships/officeDocument' Target='/Book/./main.xml'/>"
        "</p:Relationships>");
    book_put(&book, "book/Main.xml",
             "<x:workbook xmlns:x='http://m' xmlns:y='http://r'><x:sheets>"
             "<x:sheet name='1' y:id='h1' state='hidden'/>"
             "<x:sheet name='2' y:id='h2' state='veryHidden'/>"
             "<x:sheet name='3' y:id='chart'/><x:sheet name='4' y:id='seen'/>"
             "<x:sheet name='5' y:id='later'/></x:sheets></x:workbook>");
    book_put(&book, "book/_rels/main.xml.rels",
             "<Relationships><Relationship Id='later' Type='/worksheet' Target='later.xml'/>"
             "<Relationship Id='h1' Type='/worksheet' Target='later.xml'/>"
             "<Relationship Id='chart' Type='/chartsheet' Target='later.xml'/>"
             "<Relationship Id='link' Type='/styles' Target='http://x/' TargetMode='External'/>"
             "<Relationship Id='seen' Type='/worksheet' Target='../sheets/seen.xml'/>"
             "<Relationship Id='h2' Type='/worksheet' Target='later.xml'/></Relationships>");
    book_put(
        &book, "sheets/seen.xml",
        "<x:worksheet xmlns:x='http://m' xmlns:mc='http://mc'><mc:AlternateContent><x:sheetData>"
        "<x:row><x:c><x:v>6</x:v></x:c></x:row></x:sheetData></mc:AlternateContent>"
        "<x:sheetData><x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>");
    uint8_t *bytes = book_pack(&book, &size);
    expect_file(bytes, size, "5");
}

static void what_cannot_be_is_told_with_its_place(void **state)
{
    (void)state;
    refuse("<row r='17'><c r='C17' t='s'><v>1</v></c></row>", "<sst><si><t>x</t></si></sst>",
           SHEET_NO_VALUE, 17, 3);
    refuse("<row r='17'><c r='C17'><v>seven</v></c></row>", NULL, SHEET_NO_VALUE, 17, 3);
    refuse("<row r='17'><c r='C17' t='b'><v>2</v></c></row>", NULL, SHEET_NO_VALUE, 17, 3);
    refuse("<row r='17'><c r='C17' t='z'><v>2</v></c></row>", NULL, SHEET_NO_VALUE, 17, 3);
    refuse("<row r='17'><c r='C17' s='-1'><v>2</v></c></row>", NULL, SHEET_NO_VALUE, 17, 3);
    refuse("<row r='17'><c r='C17'><v>1</v></c><c r='C17'><v>2</v></c></row>", NULL, SHEET_TWICE,
           17, 3);
    refuse("<row r='2'><c r='BM2'><v>1</v></c></row>", NULL, SHEET_COLUMNS_MANY, 2, 65);
    refuse("<row r='20001'><c r='A20001'><v>1</v></c></row>", NULL, SHEET_ROWS_MANY, 20001, 1);
    refuse("<row r='0'><c><v>1</v></c></row>", NULL, SHEET_PLACE, 1, 0);
    refuse("<row><c r='A1048577'><v>1</v></c></row>", NULL, SHEET_PLACE, 1, 1);
    refuse("", NULL, SHEET_EMPTY, 0, 0);
}

// Letters that do not pack tight.
static char letter(void)
{
    static uint32_t sign = 1;
    sign = sign * 1664525 + 1013904223;
    return (char)('A' + (sign >> 24) % 15);
}

static void a_long_text_is_refused_where_it_is_used(void **state)
{
    (void)state;
    char *texts = malloc(8 * SHEET_CELL_MAX + 256);
    assert_non_null(texts);
    char *at = stpcpy(texts, "<sst><si><t>");
    for (size_t i = 0; i <= SHEET_CELL_MAX; i++) {
        *at++ = letter();
    }
    strcpy(at, "</t></si><si><t>y</t></si></sst>");
    refuse("<row r='4'><c r='B4' t='s'><v>0</v></c></row>", texts, SHEET_CELL_LONG, 4, 2);
    expect("<row><c t='s'><v>1</v></c></row>", texts, NULL, "y");
    at = stpcpy(texts, "<sst><si><t>");
    for (size_t i = 0; i <= SHEET_CELL_MAX; i++) {
        at += sprintf(at, "_x004%X_", letter() - 'A' + 1);
    }
    strcpy(at, "</t></si></sst>");
    refuse("<row r='4'><c r='B4' t='s'><v>0</v></c></row>", texts, SHEET_CELL_LONG, 4, 2);
    free(texts);
}

static void places_have_letters_and_numbers(void **state)
{
    (void)state;
    struct place place;
    assert_true(place_read("A1", &place) && place.row == 0 && place.column == 0);
    assert_true(place_read("XFD1048576", &place) && place.row == 1048575 && place.column == 16383);
    static const char *const none[] = {
        "",   "A", "1", "A0", "a1", "A1B", "$A$1", "XFE1", "A1:B2", "A1048577", "AAAAAAAAAAAAAAAA1",
        "A-1"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_false(place_read(none[i], &place));
    }
}

static void names_lead_through_folders(void **state)
{
    (void)state;
    char name[PACKAGE_NAME_SIZE];
    assert_true(package_resolve("xl/workbook.xml", "worksheets/a.xml", name));
    assert_string_equal(name, "xl/worksheets/a.xml");
    assert_true(package_resolve("xl/workbook.xml", "/xl//./b.xml", name));
    assert_string_equal(name, "xl/b.xml");
    assert_true(package_resolve("xl/a/b.xml", "../../c.xml", name));
    assert_string_equal(name, "c.xml");
    assert_false(package_resolve("xl/b.xml", "../../c.xml", name));
    assert_false(package_resolve("xl/b.xml", "..", name));
    char target[2 * PACKAGE_NAME_SIZE];
    memset(target, 'x', sizeof(target) - 1);
    target[sizeof(target) - 1] = '\0';
    assert_false(package_resolve("", target, name));
}

// tests/data/sheets/README.md says who wrote them.
static void files_of_other_programs_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *rows;
    } files[] = {
        {"agenda-as-excel.xlsx",
         "No.|Title|Date|Time /1|議題一|2026-11-30|09:30:00/"
         "2|Adoption of the agenda||/3|議題一!|2026-11-30T18:00:00|#N/A"},
        {"arrivals-by-openpyxl.xlsx",
         "Name|Date|When|Time|N|F|B|Dur/"
         "李 明|2026-11-30|2026-11-30T09:30:00|14:05:07|41227305111||TRUE|26:30:00/"
         "الوفد|1900-01-01|1999-12-31T23:59:59||1.5||FALSE|"},
        {"delegations-as-open-xml-sdk.xlsx", "Pays|Membre|الوفد/Côte d’Ivoire|TRUE|225"},
        {"people-by-libxlsxwriter.xlsx",
         "Name|Arrives|Telephone|Remote|Seat/Сорокина|2026-11-30|41227305111|FALSE|1/||||/"
         "李 明|2026-11-30T09:30:00|0041 22||http://a.example/"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", SHEETS, files[i].name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        uint8_t *bytes = malloc(1u << 20);
        assert_non_null(bytes);
        size_t size = fread(bytes, 1, 1u << 20, file);
        fclose(file);
        expect_file(bytes, size, files[i].rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_cell_is_a_text),
        cmocka_unit_test(blanks_around_a_value_are_nothing),
        cmocka_unit_test(cells_stand_where_they_say),
        cmocka_unit_test(a_formula_is_what_it_came_to),
        cmocka_unit_test(rich_text_is_its_runs),
        cmocka_unit_test(escapes_are_taken_away),
        cmocka_unit_test(dates_go_by_their_format),
        cmocka_unit_test(days_may_count_from_1904),
        cmocka_unit_test(the_first_sheet_that_is_seen_is_read),
        cmocka_unit_test(what_cannot_be_is_told_with_its_place),
        cmocka_unit_test(a_long_text_is_refused_where_it_is_used),
        cmocka_unit_test(places_have_letters_and_numbers),
        cmocka_unit_test(names_lead_through_folders),
        cmocka_unit_test(files_of_other_programs_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
