// Tables out, and in again: what was written is what is read, in both kinds of file.
#include "../test.h"
#include <dirent.h>
#include <stdlib.h>

#include "../server/place.h"
#include "rows.h"
#include "sheet/csv.h"
#include "sheet/package.h"
#include "sheet/read.h"
#include "sheet/xlsx.h"

static struct sheet_refusal refusal;

static struct sheet *table_of(const char *const *texts, uint32_t rows, uint32_t columns)
{
    struct sheet *sheet = sheet_create();
    assert_non_null(sheet);
    for (uint32_t i = 0; i < rows * columns; i++) {
        assert_int_equal(
            sheet_add(sheet, i / columns, i % columns, texts[i], strlen(texts[i]), &refusal),
            ERR_NONE);
    }
    assert_int_equal(sheet_settle(sheet, &refusal), ERR_NONE);
    return sheet;
}

static enum err write_xlsx(const struct sheet *sheet, bool right_to_left, char **ret_bytes,
                           size_t *ret_size)
{
    const struct sheet_xlsx_wish wish = {.folder = ".", .right_to_left = right_to_left};
    return sheet_write_xlsx(sheet, &wish, ret_bytes, ret_size);
}

static void expect_back(const struct sheet *sheet, char *bytes, size_t size)
{
    struct sheet *again = NULL;
    assert_int_equal(sheet_read(bytes, size, &again, &refusal), ERR_NONE);
    free(bytes);
    if (!rows_same(sheet, again)) {
        print_error("%s\n", rows_of(sheet));
        print_error("%s\n", rows_of(again));
    }
    assert_true(rows_same(sheet, again));
    sheet_destroy(again);
}

static void expect_both_back(struct sheet *sheet)
{
    char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sheet_write_csv(sheet, &bytes, &size), ERR_NONE);
    expect_back(sheet, bytes, size);
    assert_int_equal(write_xlsx(sheet, false, &bytes, &size), ERR_NONE);
    expect_back(sheet, bytes, size);
    sheet_destroy(sheet);
}

static void six_languages_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Name",
        "Nom",
        "Nombre",
        "\xD0\x98\xD0\xBC\xD1\x8F",
        "\xD8\xA7\xD9\x84\xD8\xA7\xD8\xB3\xD9\x85",
        "\xE5\xA7\x93\xE5\x90\x8D",
        "Anna O'Neil",
        "C\xC3\xB4te d'Ivoire",
        "Espa\xC3\xB1"
        "a, Reino de",
        "\xD0\xA1\xD0\xBE\xD1\x80\xD0\xBE\xD0\xBA\xD0\xB8\xD0\xBD\xD0\xB0 \xC2\xAB\xD0\xAE\xC2\xBB",
        "\xD8\xB9\xD8\xA8\xD8\xAF \xD8\xA7\xD9\x84\xD9\x84\xD9\x87\xD8\x8C \xE2\x80\x8F"
        "1",
        "\xE6\x9D\x8E\xE6\x98\x8E \xF0\xA0\x80\x80"};
    expect_both_back(table_of(texts, 2, 6));
}

static void anything_comes_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "=1+1",
                                        "'=1+1",
                                        "+41 22 730",
                                        "-",
                                        "@x",
                                        "\t=x",
                                        "\r",
                                        "\n\n",
                                        " a ",
                                        "a;=1;b",
                                        "a\tb",
                                        "\"",
                                        "\"\"",
                                        "a\"b",
                                        "a,b",
                                        "a\r\nb",
                                        "a\rb",
                                        "a\nb",
                                        "_x0041_",
                                        "_x005F_x000D_",
                                        "__x000D__",
                                        "\x01\x1F\x7F",
                                        "\xC2\x85\xE2\x80\xA8",
                                        "\xEF\xBF\xBE\xEF\xBF\xBF",
                                        "\xEF\xBB\xBF",
                                        "http://a.example/",
                                        "mailto:a@b.example",
                                        "internal:Sheet1!A1",
                                        "<&>'\"]]>",
                                        "0012",
                                        "1E5",
                                        "{=A1}",
                                        "TRUE",
                                        "#N/A",
                                        "\xEF\xBC\x9D"
                                        "1",
                                        "'",
                                        "''",
                                        "sep=;",
                                        "_x0041\x01"};
    expect_both_back(table_of(texts, 8, 5));
    expect_both_back(table_of(texts, 40, 1));
    for (uint32_t i = 1; i < 40; i++) {
        expect_both_back(table_of(texts + i, 1, 1));
    }
}

static void gaps_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "", "",  "", "a", "", "", "",
                                        "", "", "b", "", "c", "", ""};
    expect_both_back(table_of(texts, 5, 3));
    struct sheet *sheet = table_of(texts, 1, 3);
    char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sheet_write_csv(sheet, &bytes, &size), ERR_NONE);
    assert_int_equal(size, 3);
    free(bytes);
    assert_int_equal(write_xlsx(sheet, false, &bytes, &size), ERR_NONE);
    free(bytes);
    sheet_destroy(sheet);
}

static void the_longest_comes_back(void **state)
{
    (void)state;
    static char text[SHEET_CELL_MAX + 1];
    const char *const texts[] = {text};
    static const char *const pieces[] = {"=;", "\"", "_x0041_\n\n\n", "\x01", "\xE5\xA7\x93."};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        size_t size = strlen(pieces[i]);
        for (size_t at = 0; at + size <= SHEET_CELL_MAX; at += size) {
            memcpy(text + at, pieces[i], size + 1);
        }
        assert_true(strlen(text) == SHEET_CELL_MAX);
        expect_both_back(table_of(texts, 1, 1));
    }
}

static void csv_is_as_it_says(void **state)
{
    (void)state;
    static const char *const texts[] = {"Name", "Say", "=1", "a \"b\"; c"};
    static const char expected[] = "\xEF\xBB\xBFName,Say\r\n'=1,\"a \"\"b\"\"; c\"\r\n";
    struct sheet *sheet = table_of(texts, 2, 2);
    char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sheet_write_csv(sheet, &bytes, &size), ERR_NONE);
    assert_int_equal(size, sizeof(expected) - 1);
    assert_memory_equal(bytes, expected, size);
    free(bytes);
    sheet_destroy(sheet);
}

// The text of a part of an XLSX file.
static const char *part_of(const char *bytes, size_t size, const char *name)
{
    static char text[65536];
    struct package *package = NULL;
    struct package_part *part = NULL;
    size_t length = 0;
    size_t got = 1;
    assert_int_equal(package_open(bytes, size, &package, &refusal), ERR_NONE);
    assert_int_equal(package_part_open(package, name, &part, &refusal), ERR_NONE);
    while (got > 0) {
        assert_int_equal(
            package_part_read(part, text + length, sizeof(text) - 1 - length, &got, &refusal),
            ERR_NONE);
        length += got;
    }
    text[length] = '\0';
    package_part_close(part);
    package_close(package);
    return text;
}

// Neither formulas nor links; the heading bold and still; the sheet from the right when asked.
static void xlsx_is_as_it_says(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "",
        "Name",
        "\xE5\xA7\x93\xE5\x90\x8D\xE5\xA7\x93\xE5\x90\x8D\xE5\xA7\x93\xE5\x90\x8D",
        "=HYPERLINK(\"http://a.example\")",
        "http://a.example/"};
    struct sheet *sheet = table_of(texts, 3, 2);
    char *bytes = NULL;
    size_t size = 0;
    for (int right_to_left = 0; right_to_left < 2; right_to_left++) {
        assert_int_equal(write_xlsx(sheet, right_to_left, &bytes, &size), ERR_NONE);
        const char *part = part_of(bytes, size, "xl/worksheets/sheet1.xml");
        assert_null(strstr(part, "<f>"));
        assert_null(strstr(part, "hyperlink"));
        assert_non_null(strstr(part, "<c r=\"A2\" s=\"1\" t=\"s\">"));
        assert_non_null(strstr(part, "<c r=\"A3\" t=\"s\">"));
        assert_non_null(strstr(part, "ySplit=\"2\" topLeftCell=\"A3\""));
        assert_non_null(strstr(part, "state=\"frozen\""));
        assert_non_null(strstr(part, "min=\"1\" max=\"1\" width=\"32."));
        assert_non_null(strstr(part, "min=\"2\" max=\"2\" width=\"19."));
        assert_true((strstr(part, "rightToLeft=\"1\"") != NULL) == right_to_left);
        part = part_of(bytes, size, "xl/styles.xml");
        assert_non_null(strstr(part, "<b/>"));
        part = part_of(bytes, size, "xl/sharedStrings.xml");
        assert_non_null(strstr(part, "<t>=HYPERLINK("));
        free(bytes);
    }
    sheet_destroy(sheet);
}

static void nothing_is_left_in_the_folder(void **state)
{
    (void)state;
    static const char *const texts[] = {"Name"};
    struct sheet *sheet = table_of(texts, 1, 1);
    char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(write_xlsx(sheet, false, &bytes, &size), ERR_NONE);
    free(bytes);
    DIR *left = opendir(".");
    for (struct dirent *entry = readdir(left); entry != NULL; entry = readdir(left)) {
        assert_true(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    closedir(left);
    const struct sheet_xlsx_wish wish = {.folder = "there/is/none"};
    assert_int_equal(sheet_write_xlsx(sheet, &wish, &bytes, &size), ERR_IO);
    assert_null(bytes);
    sheet_destroy(sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_languages_come_back),
        cmocka_unit_test(anything_comes_back),
        cmocka_unit_test(gaps_come_back),
        cmocka_unit_test(the_longest_comes_back),
        cmocka_unit_test(csv_is_as_it_says),
        cmocka_unit_test(xlsx_is_as_it_says),
        cmocka_unit_test(nothing_is_left_in_the_folder),
    };
    return cmocka_run_group_tests(tests, place_enter, place_leave);
}
