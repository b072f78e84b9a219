// Which form of the sound a listener gets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/variant_choice.h"

static struct variant_choice choice;

static void begin(bool listen_only, bool red, enum link_variant wish)
{
    const struct variant_abilities abilities = {listen_only, true, red};
    variant_choice_init(&choice, &abilities, LINK_VARIANT_AUTO);
    variant_choice_wish(&choice, wish);
}

static enum variant report(uint32_t lost_permille)
{
    variant_choice_report(&choice, 1000, lost_permille);
    return variant_choice_now(&choice);
}

static void test_thresholds(void **state)
{
    (void)state;
    static const struct {
        uint32_t loss;
        enum variant chosen[5]; // by wish
    } rows[] = {
        {0, {VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_LONG, VARIANT_RED1, VARIANT_RED2}},
        {9, {VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_LONG, VARIANT_RED1, VARIANT_RED2}},
        {10, {VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_RED1, VARIANT_RED2}},
        {30, {VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_PLAIN, VARIANT_RED1, VARIANT_RED2}},
        {31, {VARIANT_RED1, VARIANT_PLAIN, VARIANT_RED1, VARIANT_RED1, VARIANT_RED2}},
        {100, {VARIANT_RED1, VARIANT_PLAIN, VARIANT_RED1, VARIANT_RED1, VARIANT_RED2}},
        {101, {VARIANT_RED2, VARIANT_PLAIN, VARIANT_RED2, VARIANT_RED2, VARIANT_RED2}},
        {1000, {VARIANT_RED2, VARIANT_PLAIN, VARIANT_RED2, VARIANT_RED2, VARIANT_RED2}},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int wish = LINK_VARIANT_AUTO; wish < LINK_VARIANT_END; wish++) {
            begin(true, true, (enum link_variant)wish);
            assert_int_equal(report(rows[i].loss), rows[i].chosen[wish]);
        }
    }
}

static void test_who_may_have_what(void **state)
{
    (void)state;
    begin(false, true, LINK_VARIANT_LONG); // it speaks as well
    assert_int_equal(variant_choice_now(&choice), VARIANT_PLAIN);
    begin(true, false, LINK_VARIANT_RED2); // RED was not negotiated
    assert_int_equal(report(500), VARIANT_PLAIN);
    const struct variant_abilities short_only = {.listen_only = true, .red = true};
    variant_choice_init(&choice, &short_only, LINK_VARIANT_LONG);
    assert_int_equal(variant_choice_now(&choice), VARIANT_PLAIN);
    // The operator's wish is for listeners who have none of their own.
    const struct variant_abilities listener = {true, true, true};
    variant_choice_init(&choice, &listener, LINK_VARIANT_LONG);
    assert_int_equal(variant_choice_now(&choice), VARIANT_LONG);
    variant_choice_wish(&choice, LINK_VARIANT_PLAIN);
    assert_int_equal(variant_choice_now(&choice), VARIANT_PLAIN);
    const struct variant_abilities speaker = {false, true, true};
    variant_choice_init(&choice, &speaker, LINK_VARIANT_LONG);
    assert_int_equal(variant_choice_now(&choice), VARIANT_PLAIN);
}

static void test_back_only_after_quiet_reports(void **state)
{
    (void)state;
    begin(true, true, LINK_VARIANT_LONG);
    assert_int_equal(report(0), VARIANT_LONG);
    assert_int_equal(report(150), VARIANT_RED2);
    assert_int_equal(report(0), VARIANT_RED2);
    assert_int_equal(report(0), VARIANT_RED2);
    assert_int_equal(report(0), VARIANT_RED1);
    assert_int_equal(report(0), VARIANT_RED1);
    assert_int_equal(report(25), VARIANT_RED1); // not quiet enough: counted anew
    assert_int_equal(report(0), VARIANT_RED1);
    assert_int_equal(report(0), VARIANT_RED1);
    assert_int_equal(report(0), VARIANT_PLAIN);
    assert_int_equal(report(4), VARIANT_PLAIN);
    assert_int_equal(report(4), VARIANT_PLAIN);
    assert_int_equal(report(4), VARIANT_LONG);
}

static void test_a_line_at_a_threshold_stays(void **state)
{
    (void)state;
    begin(true, true, LINK_VARIANT_AUTO);
    unsigned switches = 0;
    enum variant before = report(31);
    for (unsigned i = 0; i < 200; i++) {
        enum variant now = report(i % 2 == 0 ? 29 : 31);
        switches += now != before;
        before = now;
    }
    assert_int_equal(switches, 0);
}

static void test_few_packets_are_added_up(void **state)
{
    (void)state;
    begin(true, true, LINK_VARIANT_AUTO);
    variant_choice_report(&choice, 2, 1); // half of two says nothing
    assert_int_equal(variant_choice_now(&choice), VARIANT_PLAIN);
    variant_choice_report(&choice, VARIANT_CHOICE_PACKETS_MIN - 2, 0);
    assert_int_equal(variant_choice_now(&choice), VARIANT_RED1); // 5 %
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_who_may_have_what),
        cmocka_unit_test(test_back_only_after_quiet_reports),
        cmocka_unit_test(test_a_line_at_a_threshold_stays),
        cmocka_unit_test(test_few_packets_are_added_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
