#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/index_set.h"
#include "media/route_table.h"

#define PEERS 50

static struct address address_of(uint32_t number)
{
    struct address address = {.family = ADDRESS_IPV4, .port = (uint16_t)(number % 7)};
    memcpy(address.ip, &number, sizeof(number));
    return address;
}

static void test_newest_owner_and_bound(void **state)
{
    (void)state;
    struct route_table table;
    uint32_t peer = 0;
    assert_int_equal(route_table_init(&table, PEERS, 1), ERR_NONE);
    struct address address = address_of(1);
    assert_false(route_table_find(&table, &address, &peer));
    route_table_add(&table, &address, 3);
    route_table_add(&table, &address, 4);
    assert_true(route_table_find(&table, &address, &peer));
    assert_int_equal(peer, 4);
    route_table_remove_peer(&table, 3); // has none any more
    assert_true(route_table_find(&table, &address, &peer));
    for (uint32_t i = 0; i < 3 * ICE_ADDRESSES_MAX; i++) {
        struct address more = address_of(100 + i);
        route_table_add(&table, &more, 4);
    }
    assert_false(route_table_find(&table, &address, &peer)); // the oldest gave way
    route_table_remove_peer(&table, 4);
    for (uint32_t i = 0; i < 3 * ICE_ADDRESSES_MAX; i++) {
        struct address more = address_of(100 + i);
        assert_false(route_table_find(&table, &more, &peer));
    }
    route_table_finish(&table);
}

// Against a plain list of what should be there.
static void test_random_use_agrees_with_a_model(void **state)
{
    (void)state;
    enum { ADDRESSES = 300 };
    struct route_table table;
    int model[ADDRESSES];
    unsigned counts[PEERS] = {0};
    memset(model, -1, sizeof(model));
    srand(7);
    assert_int_equal(route_table_init(&table, PEERS, 99), ERR_NONE);
    for (unsigned step = 0; step < 20000; step++) {
        uint32_t number = (uint32_t)rand() % ADDRESSES;
        uint32_t peer = (uint32_t)rand() % PEERS;
        struct address address = address_of(number);
        if (rand() % 20 == 0) {
            route_table_remove_peer(&table, peer);
            for (unsigned i = 0; i < ADDRESSES; i++) {
                model[i] = model[i] == (int)peer ? -1 : model[i];
            }
            counts[peer] = 0;
        } else if (counts[peer] < ICE_ADDRESSES_MAX && model[number] != (int)peer) {
            route_table_add(&table, &address, peer);
            counts[peer]++;
            if (model[number] >= 0) {
                counts[model[number]]--;
            }
            model[number] = (int)peer;
        }
        uint32_t found = 0;
        number = (uint32_t)rand() % ADDRESSES;
        address = address_of(number);
        assert_int_equal(route_table_find(&table, &address, &found), model[number] >= 0);
        assert_true(model[number] < 0 || found == (uint32_t)model[number]);
    }
    route_table_finish(&table);
}

static void test_index_set(void **state)
{
    (void)state;
    struct index_set set;
    assert_int_equal(index_set_init(&set, 8), ERR_NONE);
    index_set_add(&set, 5);
    index_set_add(&set, 5);
    index_set_add(&set, 0);
    index_set_add(&set, 7);
    assert_int_equal(set.count, 3);
    index_set_remove(&set, 5);
    index_set_remove(&set, 5);
    assert_int_equal(set.count, 2);
    assert_true(index_set_has(&set, 0) && index_set_has(&set, 7));
    assert_false(index_set_has(&set, 5) || index_set_has(&set, 8));
    index_set_finish(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newest_owner_and_bound),
        cmocka_unit_test(test_random_use_agrees_with_a_model),
        cmocka_unit_test(test_index_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
