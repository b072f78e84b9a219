// Formulas in a text: what a spreadsheet would run is guarded, and comes back as it was.
#include "../test.h"
#include <stdlib.h>

#include "sheet/guard.h"

static void expect(const char *text, const char *guarded)
{
    char put[256];
    char taken[256];
    size_t size = guard_put(text, strlen(text), put);
    assert_int_equal(size, strlen(guarded));
    assert_memory_equal(put, guarded, size);
    assert_int_equal(guard_take(put, size, taken), strlen(text));
    assert_memory_equal(taken, text, strlen(text));
}

static void what_begins_as_a_formula_is_guarded(void **state)
{
    (void)state;
    expect("=1+1", "'=1+1");
    expect("+41 22 730 5111", "'+41 22 730 5111");
    expect("-", "'-");
    expect("@SUM(A1)", "'@SUM(A1)");
    expect("\t=1", "'\t'=1");
    expect("\r=1", "'\r'=1");
    expect("\n", "'\n");
    expect(" =1", "' =1");
    expect("\"=1\"", "'\"=1\"");
    expect(
        "\xEF\xBC\x9D"
        "1",
        "'\xEF\xBC\x9D"
        "1");
    expect("\xEF\xBC\xA0", "'\xEF\xBC\xA0");
}

static void what_is_none_stays(void **state)
{
    (void)state;
    expect("", "");
    expect("1+1=2", "1+1=2");
    expect("a-b", "a-b");
    expect("'", "'");
    expect("'quoted'", "'quoted'");
    expect("d'Ivoire", "d'Ivoire");
    expect("a\n\nb\tc", "a\n\nb\tc");
    expect("\xEF\xBC\x9C", "\xEF\xBC\x9C"); // a wide "<"
}

static void a_guard_of_ones_own_is_guarded(void **state)
{
    (void)state;
    expect("'=1", "''=1");
    expect("''=1", "'''=1");
    expect("' '=1", "'' '=1");
}

// Where another separator than the file's would begin a cell.
static void formulas_within_are_guarded(void **state)
{
    (void)state;
    expect("x;=1+1;y", "x;'=1+1;y");
    expect("x,=1", "x,'=1");
    expect("x\n=1", "x\n'=1");
    expect("x\r\n=1", "x\r\n'=1");
    expect("x\t\"=1\"", "x\t'\"=1\"");
    expect(";'=1", ";''=1");
    expect("a;b=c;d", "a;b=c;d");
}

// Every text of six signs out of those that matter.
static void every_text_comes_back(void **state)
{
    (void)state;
    static const char signs[] = "=-'\" ;\t\na";
    const size_t count = sizeof(signs) - 1;
    for (size_t number = 0; number < count * count * count * count * count * count; number++) {
        char text[6];
        char put[GUARD_SIZE(sizeof(text))];
        size_t rest = number;
        for (size_t i = 0; i < sizeof(text); i++, rest /= count) {
            text[i] = signs[rest % count];
        }
        size_t size = guard_put(text, sizeof(text), put);
        assert_in_range(size, sizeof(text), sizeof(put));
        size = guard_take(put, size, put);
        assert_true(size == sizeof(text) && memcmp(put, text, size) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_as_a_formula_is_guarded),
        cmocka_unit_test(what_is_none_stays),
        cmocka_unit_test(a_guard_of_ones_own_is_guarded),
        cmocka_unit_test(formulas_within_are_guarded),
        cmocka_unit_test(every_text_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
