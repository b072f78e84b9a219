// Each in a child of its own: there is no way out of a sandbox.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/sandbox.h"

// 0 when it opens, else why not.
static int socket_outcome(int family)
{
    int fd = socket(family, SOCK_RAW, 0);
    int outcome = fd >= 0 ? 0 : errno;
    if (fd >= 0) {
        close(fd);
    }
    return outcome;
}

static int run(int (*body)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(body());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int closed(void)
{
    char *const words[] = {(char[]){"true"}, NULL};
    if (sandbox_enter(false) != ERR_NONE) {
        return 1;
    }
    if (socket_outcome(AF_XDP) != EPERM || socket_outcome(AF_PACKET) != EPERM) {
        return 2;
    }
    (void)execv("/bin/true", words);
    return errno == EPERM ? 0 : 3;
}

static int open_for_frames(void)
{
    int before = socket_outcome(AF_XDP);
    if (sandbox_enter(true) != ERR_NONE) {
        return 1;
    }
    return socket_outcome(AF_XDP) == before && socket_outcome(AF_PACKET) == EPERM ? 0 : 2;
}

static void test_closed(void **state)
{
    (void)state;
    assert_int_equal(run(closed), 0);
}

static void test_open_for_frames(void **state)
{
    (void)state;
    assert_int_equal(run(open_for_frames), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_open_for_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
