// A child that is watched: who hangs is killed, who is only given no processor is not.
#include "../test.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/child.h"

#define SILENCE_MAX (300 * TIME_US_PER_MS)
#define WAIT_MAX    (30 * TIME_US_PER_S)

static struct vital_signs signs;
static struct child child;
static struct heartbeat *heart;
static volatile sig_atomic_t spinning = 1;

static int setup(void **state)
{
    (void)state;
    child = (struct child){.face = FACE_CONTROL, .silence_max = SILENCE_MAX};
    if (vital_signs_open(&signs) != ERR_NONE) {
        return -1;
    }
    heart = &signs.boards[FACE_CONTROL]->parts[0];
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (child.pid > 0) {
        kill(child.pid, SIGKILL);
        waitpid(child.pid, NULL, 0);
    }
    vital_signs_close(&signs);
    return 0;
}

_Noreturn static void spin(void)
{
    while (spinning) {
    }
    _exit(0);
}

static void on_one_processor(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    (void)sched_setaffinity(0, sizeof(one), &one);
}

// Begins, beats once, and goes on as `life` says.
static void begin(void (*life)(void))
{
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        heartbeat_begin(heart, gettid());
        heartbeat_beat(heart);
        life();
    }
    time_us now = time_monotonic_us();
    heartbeat_watch_begin(&child.watch, now);
    while (atomic_load(&heart->beats) == 0) {
        assert_true(time_monotonic_us() < now + WAIT_MAX);
        sched_yield();
    }
}

// Looks in the supervisor's rhythm. True when the child was condemned within this time.
static bool condemned_within(time_us time)
{
    time_us until = time_monotonic_us() + time;
    while (time_monotonic_us() < until) {
        if (!child_look(&child, &signs, time_monotonic_us())) {
            return true;
        }
        (void)usleep(HEARTBEAT_LOOK_EVERY_US); // the rhythm itself
    }
    return false;
}

static void assert_killed(void)
{
    int status = 0;
    assert_true(child.condemned);
    assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
    child.pid = 0;
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

_Noreturn static void beat_for_ever(void)
{
    for (;;) {
        heartbeat_beat(heart);
        (void)usleep(20000); // a loop that waits for work
    }
}

_Noreturn static void wait_for_ever(void)
{
    for (;;) {
        (void)pause();
    }
}

static void test_who_beats_lives(void **state)
{
    (void)state;
    begin(beat_for_ever);
    assert_false(condemned_within(4 * SILENCE_MAX));
}

static void test_who_is_stopped_is_killed(void **state)
{
    (void)state;
    begin(beat_for_ever);
    assert_int_equal(kill(child.pid, SIGSTOP), 0);
    assert_true(condemned_within(WAIT_MAX));
    assert_killed();
}

static void test_who_waits_for_ever_is_killed(void **state)
{
    (void)state;
    begin(wait_for_ever);
    assert_true(condemned_within(WAIT_MAX));
    assert_killed();
}

static void test_who_turns_in_a_circle_is_killed(void **state)
{
    (void)state;
    begin(spin);
    assert_true(condemned_within(WAIT_MAX));
    assert_killed();
}

// Runnable all the time, behind another that has the processor.
_Noreturn static void spin_behind(void)
{
    struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_IDLE, &none);
    spin();
}

static void test_who_is_given_no_processor_is_waited_for(void **state)
{
    (void)state;
    on_one_processor();
    pid_t first = fork();
    assert_true(first >= 0);
    if (first == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        spin();
    }
    begin(spin_behind);
    bool condemned = condemned_within(3 * SILENCE_MAX);
    kill(first, SIGKILL);
    waitpid(first, NULL, 0);
    assert_false(condemned);
    // With the processor free it is found out.
    assert_true(condemned_within(WAIT_MAX));
    assert_killed();
}

static void test_who_is_told_to_stop_has_its_time(void **state)
{
    (void)state;
    begin(beat_for_ever);
    time_us now = time_monotonic_us();
    child.quick_deaths = 2;
    child_tell_to_stop(&child, now);
    int status = 0;
    assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
    assert_int_equal(WTERMSIG(status), SIGTERM);
    child_ended(&child, &signs, status, false, now);
    // No fault of its own: it is not counted, and held back by nothing.
    assert_int_equal(vital_signs_replacement_total(&signs, FACE_CONTROL), 0);
    assert_int_equal(child.start_at, now);
    assert_int_equal(child.quick_deaths, 2);
}

_Noreturn static void hear_nothing(void)
{
    (void)signal(SIGTERM, SIG_IGN);
    heartbeat_beat(heart);
    beat_for_ever();
}

static void test_who_does_not_stop_is_killed(void **state)
{
    (void)state;
    begin(hear_nothing);
    while (atomic_load(&heart->beats) < 2) {
        sched_yield();
    }
    child_tell_to_stop(&child, time_monotonic_us() - CHILD_STOP_US);
    assert_false(child_look(&child, &signs, time_monotonic_us()));
    assert_killed();
}

static void test_quick_deaths_are_held_back(void **state)
{
    (void)state;
    time_us now = 1000 * TIME_US_PER_S;
    for (unsigned i = 1; i <= 12; i++) {
        child.started_at = now;
        child.pid = 1;
        child_ended(&child, &signs, 1 << 8, false, now + TIME_US_PER_S);
        time_us held = child.start_at - now - TIME_US_PER_S;
        assert_true(i <= 3 ? held == 0 : held >= 500 * TIME_US_PER_MS);
        assert_true(held <= 5 * TIME_US_PER_S);
    }
    child.pid = 0;
    assert_int_equal(vital_signs_replacement_total(&signs, FACE_CONTROL), 12);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_who_beats_lives),
        CASE(test_who_is_stopped_is_killed),
        CASE(test_who_waits_for_ever_is_killed),
        CASE(test_who_turns_in_a_circle_is_killed),
        CASE(test_who_is_given_no_processor_is_waited_for),
        CASE(test_who_is_told_to_stop_has_its_time),
        CASE(test_who_does_not_stop_is_killed),
        CASE(test_quick_deaths_are_held_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
