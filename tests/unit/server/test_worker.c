#include "../test.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/worker.h"

static struct worker *worker;
static pthread_t control;
static int gate[2]; // work may wait here
static unsigned run_count;
static unsigned done_count;

struct item {
    unsigned number;
    unsigned answer;
};

static int make(void **state)
{
    (void)state;
    control = pthread_self();
    run_count = done_count = 0;
    assert_int_equal(pipe(gate), 0);
    assert_int_equal(worker_create(WORKER_ORDINARY, &worker), ERR_NONE);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    worker_destroy(worker);
    close(gate[0]);
    close(gate[1]);
    return 0;
}

static void square(void *argument)
{
    struct item *item = argument;
    assert_false(pthread_equal(pthread_self(), control));
    item->answer = item->number * item->number;
    run_count++; // the worker's thread alone; read after it has been collected
}

static void wait_at_the_gate(void *argument)
{
    char byte;
    (void)argument;
    (void)!read(gate[0], &byte, 1);
}

static void collected(void *argument)
{
    struct item *item = argument;
    assert_true(pthread_equal(pthread_self(), control));
    if (item != NULL) {
        assert_int_equal(item->answer, item->number * item->number);
        assert_int_equal(item->number, done_count); // in the order given
    }
    done_count++;
}

static void collect_until(unsigned count)
{
    while (done_count < count) {
        struct pollfd wait = {.fd = worker_fd(worker), .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 10000), 1);
        worker_collect(worker);
    }
}

static void work_runs_there_and_ends_here(void **state)
{
    (void)state;
    static struct item items[5000];
    for (unsigned i = 0; i < 5000; i++) {
        items[i] = (struct item){.number = i};
        while (!worker_run(worker, square, collected, &items[i])) {
            collect_until(done_count + 1);
        }
    }
    collect_until(5000);
    assert_int_equal(run_count, 5000);
    worker_collect(worker); // nothing more
    assert_int_equal(done_count, 5000);
}

static void no_more_than_can_come_back(void **state)
{
    (void)state;
    unsigned taken = 0;
    assert_true(worker_run(worker, wait_at_the_gate, collected, NULL));
    taken++;
    while (taken < 1000 && worker_run(worker, wait_at_the_gate, collected, NULL)) {
        taken++;
    }
    assert_int_equal(taken, 256);
    assert_int_equal(write(gate[1], "x", 1), 1);
    collect_until(1);
    assert_true(worker_run(worker, wait_at_the_gate, collected, NULL));
    assert_false(worker_run(worker, wait_at_the_gate, collected, NULL));
    char all[256];
    memset(all, 'x', sizeof(all));
    assert_int_equal(write(gate[1], all, sizeof(all)), sizeof(all));
    collect_until(257);
}

static void ending_drops_what_waits(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(worker_run(worker, wait_at_the_gate, collected, NULL));
    }
    char some[10];
    memset(some, 'x', sizeof(some));
    assert_int_equal(write(gate[1], some, sizeof(some)), sizeof(some));
    worker_destroy(worker);
    assert_int_equal(done_count, 0);
    assert_int_equal(worker_create(WORKER_ORDINARY, &worker), ERR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(work_runs_there_and_ends_here, make, unmake),
        cmocka_unit_test_setup_teardown(no_more_than_can_come_back, make, unmake),
        cmocka_unit_test_setup_teardown(ending_drops_what_waits, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
