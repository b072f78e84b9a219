#include "../test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "load/load_process.h"

static void our_own_time_grows(void **state)
{
    (void)state;
    pid_t self = getpid();
    struct load_usage before;
    struct load_usage after;
    assert_int_equal(load_process_usage(&self, 1, &before), ERR_NONE);
    assert_true(before.memory > 100000);
    do {
        assert_int_equal(load_process_usage(&self, 1, &after), ERR_NONE);
    } while (after.user + after.system < before.user + before.system + 50000);
    pid_t both[] = {self, getppid()};
    struct load_usage sum;
    assert_int_equal(load_process_usage(both, 2, &sum), ERR_NONE);
    assert_true(sum.memory > after.memory);
}

static void who_is_gone_is_not_found(void **state)
{
    (void)state;
    struct load_usage usage;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(load_process_usage(&child, 1, &usage), ERR_NOT_FOUND);
}

static void a_core_has_its_time(void **state)
{
    (void)state;
    struct load_core_usage core;
    assert_int_equal(load_core_usage(0, &core), ERR_NONE);
    assert_true(core.user + core.system + core.idle > 0);
    assert_int_equal(load_core_usage(100000, &core), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_time_grows),
        cmocka_unit_test(who_is_gone_is_not_found),
        cmocka_unit_test(a_core_has_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
