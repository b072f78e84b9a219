#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/id_table.h"

#define IDS 64

static void test_random_against_a_model(void **state)
{
    (void)state;
    struct id_table table;
    uint32_t model[IDS];
    uint64_t seed = 1;
    assert_int_equal(id_table_init(&table, IDS), ERR_NONE);
    for (unsigned i = 0; i < IDS; i++) {
        model[i] = ID_TABLE_NONE;
    }
    for (uint32_t i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        unsigned which = (unsigned)(seed >> 40) % IDS;
        uint64_t id = which * 0x100000001ull;
        assert_int_equal(id_table_find(&table, id), model[which]);
        if (model[which] == ID_TABLE_NONE) {
            id_table_add(&table, id, i);
            model[which] = i;
        } else {
            id_table_remove(&table, id);
            model[which] = ID_TABLE_NONE;
        }
    }
    for (unsigned i = 0; i < IDS; i++) {
        assert_int_equal(id_table_find(&table, i * 0x100000001ull), model[i]);
    }
    id_table_finish(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_against_a_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
