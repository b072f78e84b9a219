// Lines of signed heads in a file elsewhere, on a disk that fills in the middle of one.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../test.h"
#include "place.h"
#include "server/anchor_courier.h"

#define FILE_OUT "elsewhere.jsonl"
#define LINES    "{\"first\":1}\n{\"second\":2}\n"

static _Atomic bool stopping;

// No file grows beyond this: a write is cut off there.
static void room(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void assert_out(const char *text)
{
    char have[256] = "";
    int fd = open(FILE_OUT, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(read(fd, have, sizeof(have) - 1) >= 0);
    close(fd);
    assert_string_equal(have, text);
}

static struct anchor_courier *begin(int *ret_fd)
{
    struct anchor_courier *courier = NULL;
    place_put("own.jsonl", LINES);
    *ret_fd = open("own.jsonl", O_RDONLY | O_CLOEXEC);
    assert_int_equal(anchor_courier_create(FILE_OUT, "", &stopping, &courier), ERR_NONE);
    anchor_courier_begin(courier);
    return courier;
}

static void end(struct anchor_courier *courier, int fd)
{
    anchor_courier_destroy(courier);
    close(fd);
    unlink(FILE_OUT);
    unlink("anchors.sent");
}

static void test_what_did_not_arrive_whole_is_taken_back(void **state)
{
    int fd;
    (void)state;
    struct anchor_courier *courier = begin(&fd);
    room(17);
    assert_int_equal(anchor_courier_deliver(courier, fd, 0), strlen(LINES));
    room(RLIM_INFINITY);
    assert_out("");
    assert_int_equal(anchor_courier_deliver(courier, fd, anchor_courier_next(courier)), 0);
    assert_out(LINES);
    end(courier, fd);
}

static void test_after_half_a_line_it_begins_anew(void **state)
{
    int fd;
    (void)state;
    place_put(FILE_OUT, "{\"fir");
    struct anchor_courier *courier = begin(&fd);
    assert_int_equal(anchor_courier_deliver(courier, fd, 0), 0);
    assert_out("{\"fir\n" LINES);
    end(courier, fd);
}

static void *begin_elsewhere(void *courier)
{
    anchor_courier_begin(courier);
    return NULL;
}

// Opening for writing a FIFO that nobody reads takes as long as opening a file of a machine that is
// gone: control makes the courier, and the courier's thread waits.
static void test_making_it_does_not_wait_for_the_disk(void **state)
{
    struct anchor_courier *courier = NULL;
    pthread_t thread;
    (void)state;
    assert_int_equal(mkfifo(FILE_OUT, 0600), 0);
    alarm(20); // else it would wait for ever
    assert_int_equal(anchor_courier_create(FILE_OUT, "", &stopping, &courier), ERR_NONE);
    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, courier), 0);
    int reader = open(FILE_OUT, O_RDONLY | O_CLOEXEC); // it answers again
    assert_int_equal(pthread_join(thread, NULL), 0);
    alarm(0);
    anchor_courier_destroy(courier);
    close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_did_not_arrive_whole_is_taken_back, place_enter,
                                        place_leave),
        cmocka_unit_test_setup_teardown(test_after_half_a_line_it_begins_anew, place_enter,
                                        place_leave),
        cmocka_unit_test_setup_teardown(test_making_it_does_not_wait_for_the_disk, place_enter,
                                        place_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
