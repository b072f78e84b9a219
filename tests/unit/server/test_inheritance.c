// What a supervisor leaves to the next version of itself.
#include "../test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/inheritance.h"

static int left_open(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static struct inheritance some(void)
{
    struct inheritance left = {
        .lock_fd = left_open(),
        .ready_fd = left_open(),
        .clocks_fd = left_open(),
        .began_after = 123456,
        .pids = {41, 0},
        .media = {.device = 1, .inode = UINT64_MAX, .bytes = 3, .written_ns = 4},
        .media_link = 6,
        .path = "/usr/bin/with,comma"};
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        left.signs_fds[i] = left_open();
    }
    return left;
}

static void finish(const struct inheritance *left)
{
    close(left->lock_fd);
    close(left->ready_fd);
    close(left->clocks_fd);
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        close(left->signs_fds[i]);
    }
}

static void test_what_is_left_is_taken_once(void **state)
{
    (void)state;
    struct inheritance left = some();
    struct inheritance taken;
    assert_false(inheritance_is_there());
    assert_int_equal(inheritance_pass(&left), ERR_NONE);
    assert_true(inheritance_is_there());
    assert_int_equal(fcntl(left.signs_fds[FACE_COUNT], F_GETFD), 0);
    assert_int_equal(inheritance_take(&taken), ERR_NONE);
    assert_memory_equal(&taken, &left, sizeof(taken));
    // The faces inherit none of it by themselves.
    assert_int_equal(fcntl(left.lock_fd, F_GETFD), FD_CLOEXEC);
    assert_false(inheritance_is_there());
    assert_int_equal(inheritance_take(&taken), ERR_NOT_FOUND);
    finish(&left);
}

static void test_what_is_withdrawn_is_not_there(void **state)
{
    (void)state;
    struct inheritance left = some();
    assert_int_equal(inheritance_pass(&left), ERR_NONE);
    inheritance_withdraw(&left);
    assert_false(inheritance_is_there());
    assert_int_equal(fcntl(left.ready_fd, F_GETFD), FD_CLOEXEC);
    finish(&left);
    // Descriptors that are not there cannot be left.
    assert_int_equal(inheritance_pass(&left), ERR_IO);
    assert_false(inheritance_is_there());
}

static void test_nothing_else_is_taken(void **state)
{
    (void)state;
    static const char *const values[] = {
        "",
        "1,2,3",
        "1,2,3,4,5,6,5,41,0,1,2,3,4,6,relative",
        "1,2,3,4,5,65536,5,41,0,1,2,3,4,6,/path", // no descriptor
        "1,2,3,4,5,6,5,-41,0,1,2,3,4,6,/path",
    };
    struct inheritance taken;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_int_equal(setenv("PLENARY_INHERITANCE", values[i], 1), 0);
        assert_int_equal(inheritance_take(&taken), ERR_MALFORMED);
        assert_false(inheritance_is_there());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_is_taken_once),
        cmocka_unit_test(test_what_is_withdrawn_is_not_there),
        cmocka_unit_test(test_nothing_else_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
