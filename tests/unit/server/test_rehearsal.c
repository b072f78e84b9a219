// A program that is asked whether it could take over: what becomes of those that answer, fail,
// hang, or are none.
#include "../test.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "server/rehearsal.h"

#define WAIT_MAX (30 * TIME_US_PER_S)

static struct takeover_facts facts;
static char words[1024];

// Plays it through as the supervisor does; with `patience` it is given so long.
static bool play(const char *script, time_us patience)
{
    struct rehearsal rehearsal;
    struct program program;
    int status = 0;
    place_put("program", script);
    assert_int_equal(chmod("program", 0700), 0);
    assert_int_equal(program_open("program", &program), ERR_NONE);
    time_us began = time_monotonic_us();
    assert_int_equal(rehearsal_begin(&rehearsal, &program, began + patience), ERR_NONE);
    while (!rehearsal_look(&rehearsal, time_monotonic_us())) {
        assert_true(time_monotonic_us() < began + WAIT_MAX);
        pid_t pid = waitpid(rehearsal.pid, &status, WNOHANG);
        assert_true(pid <= 0 || rehearsal_ended(&rehearsal, pid, status));
        (void)usleep(1000); // a turn of the loop
    }
    bool ready = rehearsal_judge(&rehearsal, &facts, words, sizeof(words));
    rehearsal_abandon(&rehearsal);
    program_close(&program);
    assert_int_equal(unlink("program"), 0);
    return ready;
}

#define ANSWER                                      \
    "#!/bin/sh\n"                                   \
    "[ \"$1 $2\" = 'control --check' ] || exit 9\n" \
    "printf 'plenary 1\\nlayout 1\\nlink 6\\ntables 1\\nmakes 2\\nunreadable 0\\n'\n"

static void test_who_says_so_is_ready(void **state)
{
    (void)state;
    assert_true(play(ANSWER "echo ready\n", WAIT_MAX));
    assert_int_equal(facts.makes, 2);
    assert_false(play(ANSWER "echo ready\nexit 3\n", WAIT_MAX));
    assert_non_null(strstr(words, "exit code 3"));
}

static void test_who_refuses_is_quoted(void **state)
{
    (void)state;
    assert_false(play(ANSWER "echo refused there is no page\nexit 1\n", WAIT_MAX));
    assert_string_equal(words, "there is no page");
}

static void test_who_says_nothing_is_not(void **state)
{
    (void)state;
    assert_false(play("#!/bin/sh\nexit 1\n", WAIT_MAX));
    assert_non_null(strstr(words, "exit code 1"));
    assert_false(play("#!/bin/sh\nkill -SEGV $$\n", WAIT_MAX));
    assert_non_null(strstr(words, "signal 11"));
    // More than an answer can be.
    assert_false(play("#!/bin/sh\nhead -c 100000 /dev/zero\n", WAIT_MAX));
}

static void test_what_is_no_program_is_told(void **state)
{
    (void)state;
    assert_false(play("no program", WAIT_MAX));
    assert_non_null(strstr(words, "cannot be executed"));
    struct program program;
    assert_int_equal(program_open("missing", &program), ERR_IO);
    assert_int_equal(program_open(".", &program), ERR_INVALID);
}

static void test_who_hangs_is_killed_with_all_that_it_started(void **state)
{
    (void)state;
    assert_false(play("#!/bin/sh\nsleep 1000 & echo $! > child\nsleep 1000\n", 500000));
    assert_non_null(strstr(words, "in time"));
    FILE *file = fopen("child", "r");
    int pid = 0;
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    assert_int_equal(fclose(file), 0);
    assert_true(pid > 1);
    time_us until = time_monotonic_us() + WAIT_MAX;
    char path[64];
    char state_of = 'S';
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    while (state_of != 'Z' && (file = fopen(path, "r")) != NULL) { // gone, or nobody's to reap
        assert_int_equal(fscanf(file, "%*d %*s %c", &state_of), 1);
        assert_int_equal(fclose(file), 0);
        assert_true(time_monotonic_us() < until);
    }
}

static void test_one_file_is_told_from_another(void **state)
{
    (void)state;
    struct program a;
    struct program b;
    place_put("a", "x");
    place_put("b", "x");
    assert_int_equal(chmod("a", 0700) | chmod("b", 0700), 0);
    assert_int_equal(program_open("a", &a), ERR_NONE);
    assert_int_equal(program_open("b", &b), ERR_NONE);
    assert_false(program_same(&a.id, &b.id));
    program_close(&b);
    assert_int_equal(link("a", "c"), 0);
    assert_int_equal(program_open("c", &b), ERR_NONE);
    assert_true(program_same(&a.id, &b.id));
    program_close(&a);
    program_close(&b);
    assert_int_equal(unlink("a") | unlink("b") | unlink("c"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_says_so_is_ready),
        cmocka_unit_test(test_who_refuses_is_quoted),
        cmocka_unit_test(test_who_says_nothing_is_not),
        cmocka_unit_test(test_what_is_no_program_is_told),
        cmocka_unit_test(test_who_hangs_is_killed_with_all_that_it_started),
        cmocka_unit_test(test_one_file_is_told_from_another),
    };
    return cmocka_run_group_tests(tests, place_enter, place_leave);
}
