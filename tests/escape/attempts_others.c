// Other processes: their memory, their descriptors, their life; and new processes.
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escape.h"

// Tried on each of the others.
static int each(const struct prey *prey, int (*one)(pid_t other))
{
    int stopped = ESRCH;
    for (size_t i = 0; i < prey->others_count && stopped != 0; i++) {
        stopped = one(prey->others[i]);
    }
    return stopped;
}

// An address that is mapped in any program as the kernel lays it out is not known; 1 is never. The
// right is asked for before the address is.
static int read_one(pid_t other)
{
    char byte;
    struct iovec here = {&byte, 1};
    struct iovec there = {(void *)1, 1};
    long got = syscall(SYS_process_vm_readv, other, &here, 1, &there, 1, 0);
    return got >= 0 || errno == EFAULT ? 0 : errno;
}

static int write_one(pid_t other)
{
    char byte = 0;
    struct iovec here = {&byte, 1};
    struct iovec there = {(void *)1, 1};
    long got = syscall(SYS_process_vm_writev, other, &here, 1, &there, 1, 0);
    return got >= 0 || errno == EFAULT ? 0 : errno;
}

static int trace_one(pid_t other)
{
    if (ptrace(PTRACE_SEIZE, other, NULL, NULL) == 0 ||
        ptrace(PTRACE_ATTACH, other, NULL, NULL) == 0) {
        (void)ptrace(PTRACE_DETACH, other, NULL, NULL);
        return 0;
    }
    return errno;
}

static int steal_descriptor_of(pid_t other)
{
    int process = (int)syscall(SYS_pidfd_open, other, 0);
    if (process < 0) {
        return errno;
    }
    for (int fd = 0; fd < 32; fd++) {
        if (syscall(SYS_pidfd_getfd, process, fd, 0) >= 0) {
            return 0;
        }
    }
    return errno;
}

static int compare_with(pid_t other)
{
    return outcome(syscall(SYS_kcmp, getpid(), other, KCMP_VM, 0, 0));
}

// Signal 0 asks for the right alone.
static int signal_one(pid_t other)
{
    siginfo_t info = {.si_code = SI_QUEUE};
    if (syscall(SYS_kill, other, 0) == 0 || syscall(SYS_tgkill, other, other, 0) == 0 ||
        syscall(SYS_tkill, other, 0) == 0 || syscall(SYS_rt_sigqueueinfo, other, 0, &info) == 0) {
        return 0;
    }
    return errno;
}

static int change_limits_of(pid_t other)
{
    struct rlimit none = {0};
    if (syscall(SYS_prlimit64, other, RLIMIT_CORE, NULL, &none) == 0 ||
        syscall(SYS_prlimit64, 0, RLIMIT_CORE, &none, NULL) == 0) {
        return 0;
    }
    return errno;
}

static int slow_down(pid_t other)
{
    cpu_set_t one = {0};
    struct sched_param idle = {0};
    CPU_SET(0, &one);
    if (setpriority(PRIO_PROCESS, (id_t)other, 19) == 0 || setpriority(PRIO_USER, 0, 19) == 0 ||
        sched_setaffinity(other, sizeof(one), &one) == 0 ||
        sched_setscheduler(other, SCHED_IDLE, &idle) == 0) {
        return 0;
    }
    return errno;
}

static int enter_namespace_of(pid_t other)
{
    int process = (int)syscall(SYS_pidfd_open, other, 0);
    return outcome(process < 0 ? -1 : setns(process, CLONE_NEWNS));
}

static int memory_read(const struct prey *prey)
{
    return each(prey, read_one);
}

static int memory_write(const struct prey *prey)
{
    return each(prey, write_one);
}

static int traced(const struct prey *prey)
{
    return each(prey, trace_one);
}

static int descriptor_stolen(const struct prey *prey)
{
    return each(prey, steal_descriptor_of);
}

static int compared(const struct prey *prey)
{
    return each(prey, compare_with);
}

static int signalled(const struct prey *prey)
{
    return each(prey, signal_one);
}

static int limits_changed(const struct prey *prey)
{
    return each(prey, change_limits_of);
}

static int slowed_down(const struct prey *prey)
{
    return each(prey, slow_down);
}

static int namespace_entered(const struct prey *prey)
{
    return each(prey, enter_namespace_of);
}

// A descriptor tells its owner of input by a signal: to anybody of the same user.
static int signalled_by_descriptor(const struct prey *prey)
{
    if (fcntl(prey->udp, F_SETOWN, prey->others[0]) == 0 ||
        fcntl(prey->udp, F_SETSIG, SIGKILL) == 0) {
        return 0;
    }
    return errno;
}

// In the child nothing is done but its end.
static int ended(long child)
{
    if (child == 0) {
        syscall(SYS_exit_group, 0);
    }
    return outcome(child);
}

static int forked(const struct prey *prey)
{
    (void)prey;
    int stopped = ended(syscall(SYS_fork));
    if (stopped != 0) {
        stopped = ended(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
    }
    if (stopped != 0) {
        stopped = ended(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL));
    }
    return stopped;
}

static int forked_by_clone3(const struct prey *prey)
{
    unsigned long long arguments[11] = {0};
    arguments[4] = SIGCHLD;
    (void)prey;
    return ended(syscall(SYS_clone3, arguments, sizeof(arguments)));
}

static int executed(const struct prey *prey)
{
    char *const words[] = {(char[]){"true"}, NULL};
    (void)prey;
    if (syscall(SYS_execve, "/nowhere", words, NULL) != 0 && errno == EPERM) {
        (void)syscall(SYS_execve, "/bin/true", words, NULL);
        return errno;
    }
    return 0; // ENOENT: the call itself is open
}

static int executed_from_memory(const struct prey *prey)
{
    char *const words[] = {(char[]){"true"}, NULL};
    long answer = syscall(SYS_execveat, prey->pages, "", words, NULL, 0x1000);
    return answer != 0 && errno == EPERM ? errno : 0;
}

static int looked_into(const struct prey *prey)
{
    (void)prey;
    if (prctl(PR_GET_DUMPABLE) != 0 || prctl(PR_SET_DUMPABLE, 1) == 0 ||
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY) == 0) {
        return 0;
    }
    return errno;
}

const struct attempt attempts_others[] = {
    {"process_vm_readv", memory_read, ESCAPE_BOTH | ESCAPE_FREE},
    {"process_vm_writev", memory_write, ESCAPE_BOTH},
    {"ptrace", traced, ESCAPE_BOTH},
    {"pidfd_getfd", descriptor_stolen, ESCAPE_BOTH | ESCAPE_FREE},
    {"kcmp", compared, ESCAPE_BOTH},
    {"signals", signalled, ESCAPE_BOTH | ESCAPE_FREE},
    {"signals-by-descriptor", signalled_by_descriptor, ESCAPE_BOTH},
    {"limits-of-others", limits_changed, ESCAPE_BOTH},
    {"priority-of-others", slowed_down, ESCAPE_BOTH},
    {"setns", namespace_entered, ESCAPE_BOTH},
    {"fork", forked, ESCAPE_BOTH | ESCAPE_FREE},
    {"clone3", forked_by_clone3, ESCAPE_BOTH | ESCAPE_FREE},
    {"execve", executed, ESCAPE_BOTH | ESCAPE_FREE},
    {"execveat", executed_from_memory, ESCAPE_BOTH},
    {"looked-into", looked_into, ESCAPE_BOTH | ESCAPE_FREE},
};
const size_t attempts_others_count = sizeof(attempts_others) / sizeof(attempts_others[0]);
