// What a table has to be, and what a dry run tells of one that is not.
#include "../test.h"
#include <stdlib.h>

#include "sheet/csv.h"
#include "sheet/table.h"

enum { WHY_NO_AT = 7 };

static int check_mail(void *context, const char *text)
{
    (void)context;
    return strchr(text, '@') != NULL ? 0 : WHY_NO_AT;
}

static const struct table_column columns[] = {
    {.name = "name",
     .headings = {"Name", "Nom", "Nombre", "\xD0\x98\xD0\xBC\xD1\x8F",
                  "\xD8\xA7\xD9\x84\xD8\xA7\xD8\xB3\xD9\x85", "\xE5\xA7\x93\xE5\x90\x8D"},
     .required = true,
     .most = 10},
    {.name = "mail", .headings = {"E-mail", "Courriel"}, .most = 40, .check = check_mail},
    {.name = "title", .headings = {"Title", "Titre"}, .most = 5},
};

static const struct table_description description = {.columns = columns, .count = 3};

// One line for each finding and each row.
static char told[4096];

static void tell_finding(void *context, const struct table_finding *finding)
{
    static const char *const faults[] = {[TABLE_COLUMN_MISSING] = "column missing",
                                         [TABLE_COLUMN_TWICE] = "column twice",
                                         [TABLE_COLUMN_UNKNOWN] = "column unknown",
                                         [TABLE_CELL_MISSING] = "missing",
                                         [TABLE_CELL_LONG] = "long",
                                         [TABLE_CELL_REFUSED] = "refused"};
    char letters[SHEET_LETTERS_SIZE];
    (void)context;
    sheet_column_letters(finding->column, letters);
    size_t length = strlen(told);
    snprintf(told + length, sizeof(told) - length, "%s%u %s %s %u/%u %d\n", letters, finding->row,
             finding->which != SIZE_MAX ? columns[finding->which].name : "?",
             faults[finding->fault], finding->came, finding->most, finding->why);
}

static void tell_row(void *context, uint32_t row, const char *const *texts)
{
    (void)context;
    size_t length = strlen(told);
    snprintf(told + length, sizeof(told) - length, "%u: %s|%s|%s\n", row, texts[0], texts[1],
             texts[2]);
}

static const struct table_visitor visitor = {.finding = tell_finding, .row = tell_row};

static struct table_count check(const char *text)
{
    struct sheet *sheet = NULL;
    struct sheet_refusal refusal;
    struct table_count count;
    told[0] = '\0';
    assert_int_equal(sheet_read_csv(text, strlen(text), &sheet, &refusal), ERR_NONE);
    assert_int_equal(table_check(sheet, &description, &visitor, &count), ERR_NONE);
    sheet_destroy(sheet);
    return count;
}

static void good_rows_are_given_cleaned(void **state)
{
    (void)state;
    struct table_count count = check(
        "\n TITLE ;\xD0\x98\xD0\x9C\xD0\xAF;Courriel\nMs;  Anna\t B ;a@b\n\n;\xE6\x9D\x8E;\n");
    assert_string_equal(told, "3: Anna B|a@b|Ms\n5: \xE6\x9D\x8E||\n");
    assert_int_equal(count.rows, 2);
    assert_int_equal(count.good, 2);
    assert_int_equal(count.faults, 0);
}

static void columns_may_be_left_out(void **state)
{
    (void)state;
    struct table_count count = check("name\nAnna\n");
    assert_string_equal(told, "2: Anna||\n");
    assert_int_equal(count.good, 1);
}

static void every_bad_cell_is_told(void **state)
{
    (void)state;
    struct table_count count = check(
        "Name,mail,Title,Shoe size\nAnna,a,Doctor,38\n \xC2\xA0,b@c,,\n"
        "Bo,b@c,Mr,\nAn extraordinary name,,,\n,,,40\n");
    assert_string_equal(told,
                        "D1 ? column unknown 0/0 0\n"
                        "B2 mail refused 1/40 7\n"
                        "C2 title long 6/5 0\n"
                        "A3 name missing 0/10 0\n"
                        "4: Bo|b@c|Mr\n"
                        "A5 name long 21/10 0\n"
                        "A6 name missing 0/10 0\n");
    assert_int_equal(count.rows, 5);
    assert_int_equal(count.good, 1);
    assert_int_equal(count.faults, 5);
}

static void rows_need_their_columns(void **state)
{
    (void)state;
    struct table_count count = check("Title,Courriel,E-MAIL\nMs,a@b,c@d\n");
    assert_string_equal(told, "C1 mail column twice 0/0 0\n1 name column missing 0/0 0\n");
    assert_int_equal(count.rows, 0);
    assert_int_equal(count.faults, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_rows_are_given_cleaned),
        cmocka_unit_test(columns_may_be_left_out),
        cmocka_unit_test(every_bad_cell_is_told),
        cmocka_unit_test(rows_need_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
