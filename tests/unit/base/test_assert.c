#include "../test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"

static void at_most_three(void *context)
{
    const int *number = context;
    ASSERT(*number <= 3);
}

static void test_what_does_not_hold_is_told(void **state)
{
    (void)state;
    int good = 3;
    int bad = 4;
    assert_null(assert_try(at_most_three, &good));
    for (int i = 0; i < 3; i++) {
        assert_string_equal(assert_try(at_most_three, &bad), "*number <= 3");
        assert_null(assert_try(at_most_three, &good));
    }
}

// Afterwards an assertion stops the process as it does everywhere.
static void test_outside_the_process_stops(void **state)
{
    (void)state;
    int bad = 4;
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fclose(stderr);
        (void)assert_try(at_most_three, &bad);
        at_most_three(&bad);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_does_not_hold_is_told),
        cmocka_unit_test(test_outside_the_process_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
