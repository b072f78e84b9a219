// The kernel's wide doors: code that was not there before, sockets of new kinds, rights, and the
// calls in which the kernel itself was found weak most often.
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "escape.h"

static int mapped(int flags, int fd, int protection)
{
    void *memory = mmap(NULL, 4096, protection, flags, fd, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int code_mapped(const struct prey *prey)
{
    int stopped = mapped(MAP_PRIVATE | MAP_ANONYMOUS, -1, PROT_READ | PROT_WRITE | PROT_EXEC);
    if (stopped != 0) {
        stopped = mapped(MAP_SHARED, prey->pages, PROT_READ | PROT_EXEC);
    }
    return stopped;
}

static int code_unprotected(const struct prey *prey)
{
    if (mprotect(prey->page, 4096, PROT_READ | PROT_EXEC) == 0 ||
        syscall(SYS_pkey_mprotect, prey->page, 4096, PROT_READ | PROT_EXEC, -1) == 0 ||
        syscall(SYS_remap_file_pages, prey->page, 4096, PROT_EXEC, 0, 0) == 0) {
        return 0;
    }
    return errno;
}

static int code_shared(const struct prey *prey)
{
    (void)prey;
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0700);
    if (segment < 0) {
        return errno;
    }
    void *memory = shmat(segment, NULL, SHM_EXEC);
    int stopped = memory == (void *)-1 ? errno : 0;
    (void)shmctl(segment, IPC_RMID, NULL);
    return stopped;
}

static int all_reading_executes(const struct prey *prey)
{
    (void)prey;
    return outcome(personality(READ_IMPLIES_EXEC));
}

static int file_in_memory(const struct prey *prey)
{
    (void)prey;
    int secret = (int)syscall(SYS_memfd_secret, 0);
    return secret >= 0 ? 0 : outcome(memfd_create("x", 0));
}

static int sockets_of(const int (*kinds)[3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (socket(kinds[i][0], kinds[i][1], kinds[i][2]) >= 0) {
            return 0;
        }
        // EAFNOSUPPORT would mean that the kernel was asked at all.
        if (errno != EPERM) {
            return 0;
        }
    }
    return EPERM;
}

static int sockets_of_new_kinds(const struct prey *prey)
{
    static const int kinds[][3] = {
        {AF_INET, SOCK_STREAM, 0},
        {AF_INET, SOCK_DGRAM, 0},
        {AF_INET, SOCK_RAW, IPPROTO_ICMP},
        {AF_INET6, SOCK_DGRAM, 0},
        {AF_PACKET, SOCK_RAW, 0},
        {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
        {AF_XDP, SOCK_RAW, 0},
        {AF_ALG, SOCK_SEQPACKET, 0},
        {AF_VSOCK, SOCK_STREAM, 0},
        {AF_BLUETOOTH, SOCK_RAW, 0},
        {AF_KEY, SOCK_RAW, 0},
        {AF_TIPC, SOCK_DGRAM, 0},
    };
    (void)prey;
    return sockets_of(kinds, sizeof(kinds) / sizeof(kinds[0]));
}

static int socket_to_neighbours(const struct prey *prey)
{
    static const int kinds[][3] = {{AF_UNIX, SOCK_STREAM, 0}, {AF_UNIX, SOCK_SEQPACKET, 0}};
    int ends[2];
    (void)prey;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
        return 0;
    }
    return sockets_of(kinds, 2);
}

static int own_socket_turned(const struct prey *prey)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    if (connect(prey->udp, (struct sockaddr *)&to, sizeof(to)) == 0 ||
        bind(prey->udp, (struct sockaddr *)&to, sizeof(to)) == 0 || listen(prey->udp, 1) == 0) {
        return 0;
    }
    return errno;
}

static int io_uring(const struct prey *prey)
{
    char parameters[120] = {0};
    (void)prey;
    if (syscall(SYS_io_uring_setup, 8, parameters) >= 0 || errno != EPERM) {
        return 0;
    }
    return outcome(syscall(SYS_io_setup, 8, parameters));
}

static int kernel_programs(const struct prey *prey)
{
    char attributes[128] = {0};
    static const long calls[] = {SYS_bpf,         SYS_perf_event_open, SYS_userfaultfd,
                                 SYS_init_module, SYS_finit_module,    SYS_delete_module,
                                 SYS_kexec_load,  SYS_kexec_file_load};
    (void)prey;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (syscall(calls[i], 0, attributes, sizeof(attributes), -1, 0) >= 0 || errno != EPERM) {
            return 0;
        }
    }
    return EPERM;
}

static int keys(const struct prey *prey)
{
    static const long calls[] = {SYS_keyctl, SYS_add_key, SYS_request_key};
    (void)prey;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (syscall(calls[i], 0, NULL, NULL, 0, 0) >= 0 || errno != EPERM) {
            return 0;
        }
    }
    return EPERM;
}

static int namespaces(const struct prey *prey)
{
    (void)prey;
    return unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNET) == 0 || unshare(CLONE_FS) == 0
               ? 0
               : errno;
}

static int rights(const struct prey *prey)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    (void)prey;
    if (syscall(SYS_capset, &header, all) == 0 || setuid(0) == 0 || setgid(0) == 0 ||
        setresuid(0, 0, 0) == 0 || setgroups(0, NULL) == 0) {
        return 0;
    }
    return errno;
}

// With addresses that lead nowhere: allowed, it would be EFAULT.
static int the_clock(const struct prey *prey)
{
    (void)prey;
    if (closed(syscall(SYS_clock_settime, 0, (void *)1)) == 0 ||
        closed(syscall(SYS_settimeofday, (void *)1, NULL)) == 0 ||
        closed(syscall(SYS_adjtimex, (void *)1)) == 0) {
        return 0;
    }
    return EPERM;
}

static int words_into_a_terminal(const struct prey *prey)
{
    (void)prey;
    errno = 0;
    return ioctl(STDIN_FILENO, TIOCSTI, "x") == 0 || errno != EPERM ? 0 : errno;
}

static int a_list_of_its_own(const struct prey *prey)
{
    (void)prey;
    return outcome(syscall(SYS_seccomp, 2, 0, NULL)) == EPERM ? EPERM : 0;
}

const struct attempt attempts_calls[] = {
    {"mmap-exec", code_mapped, ESCAPE_BOTH | ESCAPE_FREE},
    {"mprotect-exec", code_unprotected, ESCAPE_BOTH | ESCAPE_FREE},
    {"shmat-exec", code_shared, ESCAPE_BOTH},
    {"personality", all_reading_executes, ESCAPE_BOTH},
    {"memfd", file_in_memory, ESCAPE_BOTH | ESCAPE_FREE},
    {"sockets", sockets_of_new_kinds, ESCAPE_BOTH | ESCAPE_FREE},
    {"unix-sockets", socket_to_neighbours, ESCAPE_MEDIA | ESCAPE_FREE},
    {"own-socket-turned", own_socket_turned, ESCAPE_MEDIA},
    {"io_uring", io_uring, ESCAPE_BOTH},
    {"kernel-programs", kernel_programs, ESCAPE_BOTH},
    {"keys", keys, ESCAPE_BOTH},
    {"namespaces", namespaces, ESCAPE_BOTH},
    {"rights", rights, ESCAPE_BOTH},
    {"clock", the_clock, ESCAPE_BOTH},
    {"terminal", words_into_a_terminal, ESCAPE_BOTH},
    {"seccomp", a_list_of_its_own, ESCAPE_BOTH},
};
const size_t attempts_calls_count = sizeof(attempts_calls) / sizeof(attempts_calls[0]);
