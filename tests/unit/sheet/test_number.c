// Numbers of a spreadsheet as texts, and which of them are dates.
#include "../test.h"

#include "sheet/number.h"

static void expect(const char *value, enum number_kind kind, bool from_1904, const char *text)
{
    char written[NUMBER_SIZE];
    assert_true(number_write(value, strlen(value), kind, from_1904, written));
    assert_string_equal(written, text);
}

static void numbers_are_as_they_are_kept(void **state)
{
    (void)state;
    expect("0", NUMBER_PLAIN, false, "0");
    expect("-0", NUMBER_PLAIN, false, "0");
    expect("17", NUMBER_PLAIN, false, "17");
    expect("17.0", NUMBER_PLAIN, false, "17");
    expect("41227305111", NUMBER_PLAIN, false, "41227305111");
    expect("442071234567", NUMBER_PLAIN, false, "442071234567");
    expect("0.1", NUMBER_PLAIN, false, "0.1");
    expect("0.30000000000000004", NUMBER_PLAIN, false, "0.3");
    expect("-2.5E-2", NUMBER_PLAIN, false, "-0.025");
    expect("1E+20", NUMBER_PLAIN, false, "1E+20");
}

static void what_is_no_number_is_told(void **state)
{
    (void)state;
    static const char *const values[] = {"",     " ",     "1 ",  "x",  "nan",   "inf",
                                         "0x10", "1e999", "--1", "1e", "1.2.3", "1,5"};
    char written[NUMBER_SIZE];
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_false(number_write(values[i], strlen(values[i]), NUMBER_PLAIN, false, written));
    }
    char many[80];
    memset(many, '1', sizeof(many));
    assert_false(number_write(many, sizeof(many), NUMBER_PLAIN, false, written));
}

static void dates_count_from_two_beginnings(void **state)
{
    (void)state;
    expect("1", NUMBER_DATE, false, "1900-01-01");
    expect("59", NUMBER_DATE, false, "1900-02-28");
    expect("60", NUMBER_DATE, false, "60"); // 29 February 1900
    expect("61", NUMBER_DATE, false, "1900-03-01");
    expect("25569", NUMBER_DATE, false, "1970-01-01");
    expect("36585", NUMBER_DATE, false, "2000-02-29");
    expect("46356", NUMBER_DATE, false, "2026-11-30");
    expect("46356.75", NUMBER_DATE, false, "2026-11-30");
    expect("2958465", NUMBER_DATE, false, "9999-12-31");
    expect("2958466", NUMBER_DATE, false, "2958466");
    expect("-1", NUMBER_DATE, false, "-1");
    expect("0", NUMBER_DATE, true, "1904-01-01");
    expect("44894", NUMBER_DATE, true, "2026-11-30");
}

static void times_are_of_the_day_or_counted(void **state)
{
    (void)state;
    expect("46356.3958333333", NUMBER_DATE_TIME, false, "2026-11-30T09:30:00");
    expect("46356.99999999", NUMBER_DATE_TIME, false, "2026-12-01T00:00:00");
    expect("0.39583333333333331", NUMBER_TIME, false, "09:30:00");
    expect("1.10416666666667", NUMBER_TIME, false, "02:30:00");
    expect("1.10416666666667", NUMBER_ELAPSED, false, "26:30:00");
    expect("0.5", NUMBER_DATE_OR_TIME, false, "12:00:00");
    expect("46356", NUMBER_DATE_OR_TIME, false, "2026-11-30");
    expect("46356.5", NUMBER_DATE_OR_TIME, false, "2026-11-30T12:00:00");
}

static void formats_say_what_a_number_is(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum number_kind kind;
    } cases[] = {
        {"General", NUMBER_PLAIN},
        {"GENERAL", NUMBER_PLAIN},
        {"0.00", NUMBER_PLAIN},
        {"#,##0.00;[Red]-#,##0.00", NUMBER_PLAIN},
        {"0.00E+00", NUMBER_PLAIN},
        {"@", NUMBER_PLAIN},
        {"0 \"days\"", NUMBER_PLAIN},
        {"0\\d", NUMBER_PLAIN},
        {"_-* #,##0.00\\ [$EUR-407]_-", NUMBER_PLAIN},
        {"0%;\"dd\";yyyy", NUMBER_PLAIN},
        {"yyyy-mm-dd", NUMBER_DATE},
        {"[$-409]d\\-mmm\\-yy;@", NUMBER_DATE},
        {"DD/MM/YYYY", NUMBER_DATE},
        {"mmmm", NUMBER_DATE},
        {"yyyy\"\xE5\xB9\xB4\"m\"\xE6\x9C\x88\"d\"\xE6\x97\xA5\"", NUMBER_DATE},
        {"[$-404]e/m/d", NUMBER_DATE},
        {"h:mm AM/PM", NUMBER_TIME},
        {"mm:ss.0", NUMBER_TIME},
        {"[h]:mm:ss", NUMBER_ELAPSED},
        {"[mm]:ss", NUMBER_ELAPSED},
        {"dd.mm.yyyy hh:mm", NUMBER_DATE_TIME},
        {"[", NUMBER_PLAIN},
        {"[h", NUMBER_PLAIN},
        {"\"", NUMBER_PLAIN},
        {"\\", NUMBER_PLAIN},
        {"d\"", NUMBER_DATE},
        {"", NUMBER_PLAIN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (number_kind_of_code(cases[i].code) != cases[i].kind) {
            print_error("%s\n", cases[i].code);
        }
        assert_int_equal(number_kind_of_code(cases[i].code), cases[i].kind);
    }
    assert_int_equal(number_kind_of_id(0), NUMBER_PLAIN);
    assert_int_equal(number_kind_of_id(14), NUMBER_DATE);
    assert_int_equal(number_kind_of_id(20), NUMBER_TIME);
    assert_int_equal(number_kind_of_id(22), NUMBER_DATE_TIME);
    assert_int_equal(number_kind_of_id(46), NUMBER_ELAPSED);
    assert_int_equal(number_kind_of_id(57), NUMBER_DATE_OR_TIME);
    assert_int_equal(number_kind_of_id(49), NUMBER_PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_they_are_kept),
        cmocka_unit_test(what_is_no_number_is_told),
        cmocka_unit_test(dates_count_from_two_beginnings),
        cmocka_unit_test(times_are_of_the_day_or_counted),
        cmocka_unit_test(formats_say_what_a_number_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
