// The table itself: its bounds, and what is found in it.
#include "../test.h"
#include <stdlib.h>

#include "sheet/sheet.h"

static struct sheet *sheet;
static struct sheet_refusal refusal;

static int begin(void **state)
{
    (void)state;
    sheet = sheet_create();
    return sheet != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    sheet_destroy(sheet);
    return 0;
}

static enum err add(uint32_t row, uint32_t column, const char *text)
{
    return sheet_add(sheet, row, column, text, strlen(text), &refusal);
}

static void expect_refusal(enum err err, enum sheet_reason reason, uint32_t row, uint32_t column)
{
    assert_int_equal(err, ERR_INVALID);
    assert_string_equal(sheet_reason_slug(refusal.reason), sheet_reason_slug(reason));
    assert_int_equal(refusal.row, row);
    assert_int_equal(refusal.column, column);
}

static void cells_come_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(add(3, 2, "last"), ERR_NONE);
    assert_int_equal(add(1, 4, "right"), ERR_NONE);
    assert_int_equal(add(1, 0, "left"), ERR_NONE);
    assert_int_equal(add(2, 63, ""), ERR_NONE);
    assert_int_equal(sheet_settle(sheet, &refusal), ERR_NONE);
    assert_int_equal(sheet_rows(sheet), 4);
    assert_int_equal(sheet_columns(sheet), 5);
    assert_int_equal(sheet_heading(sheet), 1);
    static const char *const expected[4][5] = {{"", "", "", "", ""},
                                               {"left", "", "", "", "right"},
                                               {"", "", "", "", ""},
                                               {"", "", "last"}};
    for (uint32_t row = 0; row < 5; row++) {
        for (uint32_t column = 0; column < 6; column++) {
            const char *text = row < 4 && column < 5 ? expected[row][column] : "";
            assert_string_equal(sheet_cell(sheet, row, column), text != NULL ? text : "");
        }
    }
    assert_true(sheet_row_is_empty(sheet, 0) && sheet_row_is_empty(sheet, 2) &&
                sheet_row_is_empty(sheet, 4));
    assert_false(sheet_row_is_empty(sheet, 3));
}

static void one_place_has_one_cell(void **state)
{
    (void)state;
    assert_int_equal(add(16, 2, "one"), ERR_NONE);
    assert_int_equal(add(0, 0, "first"), ERR_NONE);
    assert_int_equal(add(16, 2, "other"), ERR_NONE);
    expect_refusal(sheet_settle(sheet, &refusal), SHEET_TWICE, 17, 3);
}

static void bounds_are_told_with_their_place(void **state)
{
    (void)state;
    char text[SHEET_CELL_MAX + 1];
    memset(text, 'x', sizeof(text));
    expect_refusal(add(SHEET_ROWS_MAX, 0, "x"), SHEET_ROWS_MANY, SHEET_ROWS_MAX + 1, 1);
    expect_refusal(add(0, SHEET_COLUMNS_MAX, "x"), SHEET_COLUMNS_MANY, 1, SHEET_COLUMNS_MAX + 1);
    expect_refusal(sheet_add(sheet, 1, 1, text, sizeof(text), &refusal), SHEET_CELL_LONG, 2, 2);
    expect_refusal(sheet_add(sheet, 1, 1, "a\0b", 3, &refusal), SHEET_NUL, 2, 2);
    expect_refusal(add(16, 2, "caf\xE9"), SHEET_ENCODING, 17, 3);
    assert_int_equal(add(SHEET_ROWS_MAX - 1, SHEET_COLUMNS_MAX - 1, "x"), ERR_NONE);
    assert_int_equal(sheet_add(sheet, 1, 1, text, SHEET_CELL_MAX, &refusal), ERR_NONE);
    assert_int_equal(sheet_settle(sheet, &refusal), ERR_NONE);
}

static void all_the_text_is_bounded(void **state)
{
    (void)state;
    char text[SHEET_CELL_MAX];
    memset(text, 'x', sizeof(text));
    uint32_t added = 0;
    while (sheet_add(sheet, added, 0, text, sizeof(text), &refusal) == ERR_NONE) {
        added++;
    }
    assert_int_equal(added, SHEET_TEXT_MAX / SHEET_CELL_MAX);
    assert_int_equal(refusal.reason, SHEET_TEXT_LONG);
    assert_int_equal(refusal.row, added + 1);
}

static void all_the_cells_are_bounded(void **state)
{
    (void)state;
    uint32_t added = 0;
    while (sheet_add(sheet, added / 50, added % 50, "x", 1, &refusal) == ERR_NONE) {
        added++;
    }
    assert_int_equal(added, SHEET_CELLS_MAX);
    assert_int_equal(refusal.reason, SHEET_CELLS_MANY);
}

// Names of one column in six languages; letters are small and capital, composed and not.
static void a_column_is_found_by_any_name(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Delegation",
        "D\xC3\xA9l\xC3\xA9gation",
        "Delegaci\xC3\xB3n",
        "\xD0\x94\xD0\xB5\xD0\xBB\xD0\xB5\xD0\xB3\xD0\xB0\xD1\x86\xD0\xB8\xD1\x8F",
        "\xD8\xA7\xD9\x84\xD9\x88\xD9\x81\xD8\xAF",
        "\xE4\xBB\xA3\xE8\xA1\xA8\xE5\x9B\xA2"};
    static const char *const headings[] = {
        " delegation ",
        "DE\xCC\x81L\xC3\x89GATION",
        "DELEGACI\xC3\x93N",
        "\xD0\xB4\xD0\x95\xD0\x9B\xD0\x95\xD0\x93\xD0\x90\xD0\xA6\xD0\x98\xD0\xAF",
        "\xD8\xA7\xD9\x84\xD9\x88\xD9\x81\xD8\xAF",
        "\xE4\xBB\xA3\xE8\xA1\xA8\xE5\x9B\xA2"};
    assert_int_equal(add(0, 0, "x"), ERR_NONE);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(add(0, i + 1, headings[i]), ERR_NONE);
    }
    assert_int_equal(sheet_settle(sheet, &refusal), ERR_NONE);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(sheet_column(sheet, names + i, 1), i + 1);
    }
    assert_int_equal(sheet_column(sheet, names, 6), 1);
    assert_int_equal(sheet_column(sheet, (const char *const[]){"Country"}, 1), SHEET_NO_COLUMN);
    assert_int_equal(sheet_column(sheet, names, 0), SHEET_NO_COLUMN);
}

static void columns_have_letters(void **state)
{
    (void)state;
    static const struct {
        uint32_t column;
        const char *letters;
    } cases[] = {{0, ""},    {1, "A"},   {3, "C"},   {26, "Z"},   {27, "AA"},
                 {52, "AZ"}, {53, "BA"}, {64, "BL"}, {702, "ZZ"}, {16384, "XFD"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char letters[SHEET_LETTERS_SIZE];
        sheet_column_letters(cases[i].column, letters);
        assert_string_equal(letters, cases[i].letters);
    }
}

static void every_reason_has_its_words(void **state)
{
    (void)state;
    for (enum sheet_reason reason = 0; reason < SHEET_REASON_COUNT; reason++) {
        assert_true(strlen(sheet_reason_title(reason)) > 10);
        for (enum sheet_reason other = 0; other < reason; other++) {
            assert_string_not_equal(sheet_reason_slug(reason), sheet_reason_slug(other));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_come_in_any_order, begin, end),
        cmocka_unit_test_setup_teardown(one_place_has_one_cell, begin, end),
        cmocka_unit_test_setup_teardown(bounds_are_told_with_their_place, begin, end),
        cmocka_unit_test_setup_teardown(all_the_text_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(all_the_cells_are_bounded, begin, end),
        cmocka_unit_test_setup_teardown(a_column_is_found_by_any_name, begin, end),
        cmocka_unit_test(columns_have_letters),
        cmocka_unit_test(every_reason_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
