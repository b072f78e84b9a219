// The system calls that each process may make; any other ends with EPERM, and the old ways into the
// kernel (32-bit, x32) end the process. A call that a library tries first and has another way for
// ends with ENOSYS.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/sandbox_priv.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define NAMESPACES                                                                             \
    (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | \
     CLONE_NEWCGROUP)

// Descriptors that are there, memory, threads, time: of no other process and no file.
static const int both_call[] = {
    // descriptors
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(lseek),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    // memory; mmap and mprotect with an argument
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    SCMP_SYS(mincore),
    // threads; clone with an argument
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(membarrier),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getcpu),
    // signals to itself
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    // time and chance
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    // who it is and how large the machine is
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
};

static const int media_calls[] = {SCMP_SYS(recvmmsg), SCMP_SYS(sendmmsg)};

// Files, within what Landlock leaves; its own loop and pipes.
static const int control_calls[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(chdir),
    SCMP_SYS(fchdir),
    SCMP_SYS(umask),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(fchown),
    SCMP_SYS(utimensat),
    SCMP_SYS(flock),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(preadv),
    SCMP_SYS(pwritev),
    SCMP_SYS(truncate),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64),
    SCMP_SYS(readahead),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(sync_file_range),
    SCMP_SYS(syncfs),
    SCMP_SYS(msync),
    SCMP_SYS(sendfile),
    SCMP_SYS(copy_file_range),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(signalfd4),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(connect),
    SCMP_SYS(socketpair),
    SCMP_SYS(getgroups),
    SCMP_SYS(sched_getattr),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_getparam),
};

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        if (failed != 0 && failed != -EDOM) { // EDOM: this architecture has no such call
            return false;
        }
    }
    return true;
}

static bool allow_when(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

static bool allow_each(scmp_filter_ctx filter, int call, unsigned argument, const int *values,
                       size_t count)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = allow_when(filter, call,
                          SCMP_CMP(argument, SCMP_CMP_EQ, (scmp_datum_t)(unsigned)values[i]));
    }
    return good;
}

// What only its arguments make harmless.
static bool allow_both(scmp_filter_ctx filter)
{
    // F_SETOWN and its like would send signals to others.
    static const int fcntl_commands[] = {F_GETFL, F_SETFL, F_GETFD,  F_SETFD,
                                         F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC};
    static const int prctl_options[] = {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE,
                                        0x53564d41 /* PR_SET_VMA */};
    return allow(filter, both_call, COUNT(both_call)) &&
           allow_when(filter, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
           allow_when(filter, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
           allow_when(filter, SCMP_SYS(clone),
                      SCMP_A0(SCMP_CMP_MASKED_EQ,
                              (scmp_datum_t)(CLONE_THREAD | CLONE_VM | (unsigned)NAMESPACES),
                              CLONE_THREAD | CLONE_VM)) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           allow_when(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
                            SCMP_A2(SCMP_CMP_EQ, 0)) == 0 &&
           allow_each(filter, SCMP_SYS(fcntl), 1, fcntl_commands, COUNT(fcntl_commands)) &&
           allow_each(filter, SCMP_SYS(prctl), 0, prctl_options, COUNT(prctl_options)) &&
           // Threads that give way to sound lower their own priority.
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setpriority), 2,
                            SCMP_A0(SCMP_CMP_EQ, PRIO_PROCESS), SCMP_A1(SCMP_CMP_EQ, 0)) == 0;
}

static bool allow_media(scmp_filter_ctx filter)
{
    return allow_both(filter) && allow(filter, media_calls, COUNT(media_calls));
}

static bool allow_control(scmp_filter_ctx filter)
{
    static const int ioctl_requests[] = {FIONBIO, FIONREAD};
    // To media; everybody else comes by the socket that listens.
    return allow_both(filter) && allow(filter, control_calls, COUNT(control_calls)) &&
           allow_when(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_UNIX)) &&
           allow_each(filter, SCMP_SYS(ioctl), 1, ioctl_requests, COUNT(ioctl_requests));
}

// A webhook: TCP to it, and the names' servers by UDP or by the system's own socket.
static bool allow_control_that_calls_out(scmp_filter_ctx filter)
{
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK};
    static const int calls[] = {SCMP_SYS(sendto),  SCMP_SYS(recvfrom),    SCMP_SYS(sendmmsg),
                                SCMP_SYS(sendmsg), SCMP_SYS(recvmsg),     SCMP_SYS(bind),
                                SCMP_SYS(poll),    SCMP_SYS(getpeername), SCMP_SYS(getsockname)};
    return allow_control(filter) && allow(filter, calls, COUNT(calls)) &&
           allow_each(filter, SCMP_SYS(socket), 0, families, COUNT(families));
}

static enum err load(bool (*fill)(scmp_filter_ctx filter))
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        return ERR_FULL;
    }
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); // a tree: few steps to each call
    bool good = fill(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good ? ERR_NONE : ERR_UNSUPPORTED;
}

enum err sandbox_calls_media(void)
{
    return load(allow_media);
}

enum err sandbox_calls_control(bool calls_out)
{
    return load(calls_out ? allow_control_that_calls_out : allow_control);
}
