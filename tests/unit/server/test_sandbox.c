// Each wall by itself, each in a child of its own: there is no way back. The whole of it, tried
// from within a running server, is tests/integration/test_escape.py.
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "server/sandbox_priv.h"

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

// 0 when it opens, else why not.
static int opened(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    int outcome = fd >= 0 ? 0 : errno;
    if (fd >= 0) {
        close(fd);
    }
    return outcome;
}

#define SKIP_UNMADE 77 // the machine does not give it

static int own_namespaces(void)
{
    pid_t parent = getppid();
    struct sandbox_namespaces stand = sandbox_namespaces_enter();
    if (!stand.user || !stand.root || !stand.network) {
        return SKIP_UNMADE;
    }
    if (opened("/etc/passwd", O_RDONLY) != ENOENT ||
        opened("/proc/self/maps", O_RDONLY) != ENOENT || opened("made", O_RDWR | O_CREAT) == 0 ||
        opened("/made", O_RDWR | O_CREAT) == 0) {
        return 1;
    }
    if (ptrace(PTRACE_SEIZE, parent, NULL, NULL) == 0) {
        return 2;
    }
    // All the rights that it has are over what is its own.
    return chroot("..") != 0 || opened("/etc/passwd", O_RDONLY) == ENOENT ? 0 : 3;
}

static void test_own_namespaces(void **state)
{
    (void)state;
    int outcome = run(own_namespaces);
    if (outcome == SKIP_UNMADE) {
        skip();
    }
    assert_int_equal(outcome, 0);
}

static bool without_new_privileges(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool kernel_has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static int landlocked(void)
{
    const struct sandbox_files files = {
        .writes = ".", .reads = {"/usr", "", "/nowhere", "/dev/null"}, .reads_count = 4};
    if (!without_new_privileges() || !sandbox_landlock_enter(&files)) {
        return 4;
    }
    if (opened("made", O_RDWR | O_CREAT) != 0 || rename("made", "renamed") != 0 ||
        mkdir("folder", 0700) != 0 || rmdir("folder") != 0 || truncate("renamed", 10) != 0 ||
        unlink("renamed") != 0) {
        return 1;
    }
    if (opened("/usr", O_RDONLY) != 0 || opened("/dev/null", O_RDONLY) != 0 ||
        opened("/usr/made", O_RDWR | O_CREAT) == 0) {
        return 2;
    }
    return opened("/etc/passwd", O_RDONLY) == EACCES &&
                   opened("/proc/self/maps", O_RDONLY) == EACCES
               ? 0
               : 3;
}

static int landlocked_from_all(void)
{
    if (!without_new_privileges() || !sandbox_landlock_enter(NULL)) {
        return 4;
    }
    return opened("/usr", O_RDONLY) == EACCES && opened("made", O_RDWR | O_CREAT) == EACCES &&
                   opened(".", O_RDONLY) == EACCES
               ? 0
               : 1;
}

static void test_landlock(void **state)
{
    (void)state;
    if (!kernel_has_landlock()) {
        skip();
    }
    assert_int_equal(run(landlocked), 0);
    assert_int_equal(run(landlocked_from_all), 0);
}

static void *nothing(void *argument)
{
    return argument;
}

static bool thread_begins(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

// What every process needs goes on.
static bool works(void)
{
    void *memory = malloc(1 << 20);
    char byte = 'x';
    int ends[2];
    bool good = memory != NULL && getpid() > 0;
    free(memory);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
        good = good && write(ends[0], &byte, 1) == 1 && read(ends[1], &byte, 1) == 1;
    }
    return good && thread_begins();
}

static int calls_of_media(void)
{
    int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sandbox_calls_media() != ERR_NONE) {
        return 1;
    }
    if (opened("/etc/passwd", O_RDONLY) != EPERM || socket(AF_INET, SOCK_DGRAM, 0) >= 0 ||
        errno != EPERM) {
        return 2;
    }
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
        return 3;
    }
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    return udp >= 0 && sendto(udp, "", 0, 0, &nobody, sizeof(nobody)) <= 0 && works() ? 0 : 4;
}

static int calls_of_control(void)
{
    if (sandbox_calls_control(false) != ERR_NONE) {
        return 1;
    }
    if (opened("made", O_RDWR | O_CREAT) != 0 || unlink("made") != 0 || !works()) {
        return 2;
    }
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM || fork() >= 0) {
        return 3;
    }
    int link = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    return link >= 0 ? 0 : 4;
}

static void test_calls(void **state)
{
    (void)state;
    assert_int_equal(run(calls_of_media), 0);
    assert_int_equal(run(calls_of_control), 0);
}

// Whatever the machine gives: nothing but the list of calls may stand in the way of starting.
static int media_whole(void)
{
    struct sandbox_report report;
    char words[160] = "";
    if (sandbox_enter_media(&report) != ERR_NONE) {
        return 1;
    }
    sandbox_missing_words(&report, words, sizeof(words));
    if ((report.missing == 0) != (words[0] == '\0') || report.wanted != 0x1F ||
        (report.missing & 1u << SANDBOX_CALLS) != 0) {
        return 2;
    }
    return prctl(PR_GET_DUMPABLE) == 0 && works() ? 0 : 3;
}

// As in a container that forbids namespaces; Landlock and the calls are left.
static int media_without_namespaces(void)
{
    struct sandbox_report report;
    // A process of two threads, or one whose user is not known to its namespace, may not make one.
    if (unshare(CLONE_NEWUSER) != 0) {
        return SKIP_UNMADE;
    }
    if (sandbox_enter_media(&report) != ERR_NONE) {
        return 1;
    }
    if ((report.missing & 1u << SANDBOX_NETWORK) == 0) {
        return SKIP_UNMADE; // this kernel lets the unknown make some
    }
    return opened("/etc/passwd", O_RDONLY) == EPERM && works() ? 0 : 2;
}

static void test_media(void **state)
{
    (void)state;
    assert_int_equal(run(media_whole), 0);
}

static void test_media_without_namespaces(void **state)
{
    (void)state;
    int outcome = run(media_without_namespaces);
    if (outcome == SKIP_UNMADE) {
        skip();
    }
    assert_int_equal(outcome, 0);
}

static void test_missing_in_words(void **state)
{
    (void)state;
    char words[160] = "";
    struct sandbox_report report = {.missing = 1u << SANDBOX_ROOT | 1u << SANDBOX_FILES};
    sandbox_missing_words(&report, words, sizeof(words));
    assert_string_equal(words, "an empty root, Landlock");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_own_namespaces, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(test_landlock, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(test_calls, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(test_media, place_enter, place_leave),
        cmocka_unit_test_setup_teardown(test_media_without_namespaces, place_enter, place_leave),
        cmocka_unit_test(test_missing_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
