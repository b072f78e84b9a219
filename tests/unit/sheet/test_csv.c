// Tables as CSV: what people send, and what is refused where.
#include "../test.h"
#include <stdlib.h>

#include "rows.h"
#include "sheet/csv.h"
#include "sheet/read.h"

static struct sheet_refusal refusal;

// The whole of the bytes, in memory of exactly their size.
static enum err read_bytes(const void *bytes, size_t size, struct sheet **ret_sheet)
{
    void *exact = malloc(size > 0 ? size : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    enum err err = sheet_read(exact, size, ret_sheet, &refusal);
    free(exact);
    return err;
}

static void expect_bytes(const void *bytes, size_t size, const char *rows)
{
    struct sheet *sheet = NULL;
    assert_int_equal(read_bytes(bytes, size, &sheet), ERR_NONE);
    assert_int_equal(refusal.reason, SHEET_GOOD);
    assert_string_equal(rows_of(sheet), rows);
    sheet_destroy(sheet);
}

static void expect(const char *text, const char *rows)
{
    expect_bytes(text, strlen(text), rows);
}

static void refuse_bytes(const void *bytes, size_t size, enum sheet_reason reason, uint32_t row,
                         uint32_t column)
{
    struct sheet *sheet = NULL;
    assert_int_equal(read_bytes(bytes, size, &sheet), ERR_INVALID);
    assert_null(sheet);
    assert_string_equal(sheet_reason_slug(refusal.reason), sheet_reason_slug(reason));
    assert_int_equal(refusal.row, row);
    assert_int_equal(refusal.column, column);
}

static void refuse(const char *text, enum sheet_reason reason, uint32_t row, uint32_t column)
{
    refuse_bytes(text, strlen(text), reason, row, column);
}

static void lines_end_in_three_ways(void **state)
{
    (void)state;
    expect("a,b\r\nc,d\r\n", "a|b/c|d");
    expect("a,b\nc,d", "a|b/c|d");
    expect("a,b\rc,d\r", "a|b/c|d");
    expect("a,b\n\n\nc,d\n\n\r\n\r", "a|b/|/|/c|d");
}

static void the_heading_decides_the_separator(void **state)
{
    (void)state;
    expect("a;b;c\n1,5;2;3", "a|b|c/1,5|2|3");
    expect("a\tb\n1;2\t3,4", "a|b/1;2|3,4");
    expect("name, first;country;role\nx;y;z", "name, first|country|role/x|y|z");
    expect("\"a;b;c\",d\n1,2", "a;b;c|d/1|2");
    expect("\"a\"\";\"\";\",d\n1,2", "a\";\";|d/1|2");
    expect("a,b;c\n1,2;3", "a,b|c/1,2|3");   // as many: semicolon before comma
    expect("a;b\tc\n1;2\t3", "a;b|c/1;2|3"); // tab before semicolon
    expect("a\n1,2", "a|/1|2");              // none: comma
    expect(";;;\n\n ; \n,,a,b\n1,2;,3,4", ";;;|||/|||/ ; |||/||a|b/1|2;|3|4");
}

static void quoted_cells_hold_anything(void **state)
{
    (void)state;
    expect("a,\"b\r\nc\"\r\n\"say \"\"yes\"\"\",\" d \"", "a|b\r\nc/say \"yes\"| d ");
    expect("\"a\"  ,b\n\"\",\"\"\"\"", "a|b/|\"");
    expect("5\" disk,b\" \n", "5\" disk|b\" ");
    refuse("a,b\nc,\"d\ne,f\n", SHEET_QUOTE_OPEN, 2, 2);
    refuse("a\n\"b\"c\n", SHEET_QUOTE_STRAY, 2, 1);
    refuse("a\n\"b\"\"", SHEET_QUOTE_OPEN, 2, 1);
}

static void unicode_comes_in_four_ways(void **state)
{
    (void)state;
    static const char expected[] =
        "\xD0\x98\xD0\xBC\xD1\x8F|\xE5\x9B\xBD/\xF0\x9F\x8F\xB3|\xD9\x85";
    expect("\xD0\x98\xD0\xBC\xD1\x8F,\xE5\x9B\xBD\n\xF0\x9F\x8F\xB3,\xD9\x85", expected);
    expect("\xEF\xBB\xBF\xD0\x98\xD0\xBC\xD1\x8F,\xE5\x9B\xBD\n\xF0\x9F\x8F\xB3,\xD9\x85",
           expected);
    static const char little[] =
        "\xFF\xFE\x18\x04\x3C\x04\x4F\x04\x09\x00\xFD\x56\x0D\x00\x0A\x00"
        "\x3C\xD8\xF3\xDF\x09\x00\x45\x06";
    static const char big[] =
        "\xFE\xFF\x04\x18\x04\x3C\x04\x4F\x00\x09\x56\xFD\x00\x0D\x00\x0A"
        "\xD8\x3C\xDF\xF3\x00\x09\x06\x45";
    expect_bytes(little, sizeof(little) - 1, expected);
    expect_bytes(big, sizeof(big) - 1, expected);
}

static void other_encodings_are_refused_where_they_show(void **state)
{
    (void)state;
    refuse("Name;Land\nMeier;Z\xFCrich\n", SHEET_ENCODING, 2, 2);
    refuse("Pr\xE9nom,Nom\n", SHEET_ENCODING, 1, 1);
    refuse_bytes("a,b\nc\0,d", 8, SHEET_NUL, 2, 1);
    refuse_bytes("N\0a\0", 4, SHEET_NUL, 1, 1); // UTF-16 without its mark
    refuse_bytes("\xFF\xFEN\0a\0\x0A\0\x3C\xD8", 10, SHEET_ENCODING, 2, 1); // half a pair
    refuse_bytes("\xFF\xFEN\0a", 5, SHEET_ENCODING, 1, 1);                  // half a unit
    refuse_bytes("\xFF\xFE\0\0N\0\0\0", 8, SHEET_NUL, 1, 1);                // UTF-32
}

static void nothing_is_no_table(void **state)
{
    (void)state;
    refuse("", SHEET_EMPTY, 0, 0);
    refuse("\xEF\xBB\xBF", SHEET_EMPTY, 0, 0);
    refuse_bytes("\xFF\xFE", 2, SHEET_EMPTY, 0, 0);
    refuse("\r\n;;;\n;;\"\";\n\n", SHEET_EMPTY, 0, 0);
}

static void bounds_hold(void **state)
{
    (void)state;
    size_t size = 2 * SHEET_ROWS_MAX + 2;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2) {
        memcpy(text + i, "a\n", 2);
    }
    refuse_bytes(text, size, SHEET_ROWS_MANY, SHEET_ROWS_MAX + 1, 1);
    memset(text, ',', size);
    memcpy(text + SHEET_COLUMNS_MAX, "a", 1);
    refuse_bytes(text, size, SHEET_COLUMNS_MANY, 1, SHEET_COLUMNS_MAX + 1);
    memset(text, 'a', size);
    refuse_bytes(text, size, SHEET_CELL_LONG, 1, 1);
    memset(text, '"', size);
    refuse_bytes(text, size, SHEET_CELL_LONG, 1, 1);
    free(text);
    refuse_bytes("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", 17, SHEET_OLD_EXCEL, 0, 0);
}

static void a_file_is_bounded(void **state)
{
    (void)state;
    struct sheet *sheet = NULL;
    char *text = calloc(1, SHEET_FILE_MAX + 1);
    assert_non_null(text);
    assert_int_equal(sheet_read_csv(text, SHEET_FILE_MAX + 1, &sheet, &refusal), ERR_INVALID);
    assert_int_equal(refusal.reason, SHEET_FILE_LARGE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(the_heading_decides_the_separator),
        cmocka_unit_test(quoted_cells_hold_anything),
        cmocka_unit_test(unicode_comes_in_four_ways),
        cmocka_unit_test(other_encodings_are_refused_where_they_show),
        cmocka_unit_test(nothing_is_no_table),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(a_file_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
