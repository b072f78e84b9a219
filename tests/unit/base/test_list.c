#include "../test.h"

#include "base/list.h"

struct item {
    uint64_t number;
    struct list_link in_one;
    struct list_link in_other;
};

// As digits, the first of the list first.
static uint64_t numbers(const struct list *list)
{
    uint64_t all = 0;
    for (const struct list_link *at = list->first; at != NULL; at = at->next) {
        all = all * 10 + LIST_ITEM(at, struct item, in_one)->number;
    }
    return all;
}

static void test_zeroed_is_empty(void **state)
{
    (void)state;
    struct list list = {0};
    struct item item = {.number = 1};
    assert_null(list.first);
    assert_false(list_has(&item.in_one));
    list_remove(&item.in_one); // of no list: nothing
    assert_false(list_has(&item.in_one));
}

static void test_newest_first(void **state)
{
    (void)state;
    struct list list = {0};
    struct item items[] = {{.number = 1}, {.number = 2}, {.number = 3}};
    for (size_t i = 0; i < 3; i++) {
        list_add(&list, &items[i].in_one);
        assert_true(list_has(&items[i].in_one));
    }
    assert_int_equal(numbers(&list), 321);
}

static void test_remove_at_each_place(void **state)
{
    (void)state;
    static const uint64_t left[] = {32, 31, 21}; // without the last, the middle, the first
    for (size_t removed = 0; removed < 3; removed++) {
        struct list list = {0};
        struct item items[] = {{.number = 1}, {.number = 2}, {.number = 3}};
        for (size_t i = 0; i < 3; i++) {
            list_add(&list, &items[i].in_one);
        }
        list_remove(&items[removed].in_one);
        assert_false(list_has(&items[removed].in_one));
        assert_int_equal(numbers(&list), left[removed]);
        list_add(&list, &items[removed].in_one);
        assert_int_equal(numbers(&list), (removed + 1) * 100 + left[removed]);
        while (list.first != NULL) {
            list_remove(list.first);
        }
        assert_int_equal(numbers(&list), 0);
    }
}

static void test_two_lists_at_once(void **state)
{
    (void)state;
    struct list one = {0};
    struct list other = {0};
    struct item items[] = {{.number = 1}, {.number = 2}};
    for (size_t i = 0; i < 2; i++) {
        list_add(&one, &items[i].in_one);
        list_add(&other, &items[i].in_other);
    }
    list_remove(&items[1].in_one);
    assert_int_equal(numbers(&one), 1);
    assert_ptr_equal(LIST_ITEM(other.first, struct item, in_other), &items[1]);
    assert_ptr_equal(LIST_ITEM(other.first->next, struct item, in_other), &items[0]);
}

static void test_remove_while_walking(void **state)
{
    (void)state;
    struct list list = {0};
    struct item items[6] = {{.number = 0}};
    for (uint64_t i = 0; i < 6; i++) {
        items[i].number = i + 1;
        list_add(&list, &items[i].in_one);
    }
    for (struct list_link *at = list.first, *next; at != NULL; at = next) {
        next = at->next;
        if (LIST_ITEM(at, struct item, in_one)->number % 2 == 0) {
            list_remove(at);
        }
    }
    assert_int_equal(numbers(&list), 531);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_is_empty),      cmocka_unit_test(test_newest_first),
        cmocka_unit_test(test_remove_at_each_place), cmocka_unit_test(test_two_lists_at_once),
        cmocka_unit_test(test_remove_while_walking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
