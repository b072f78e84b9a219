// Memory and writes that fail on demand, linked into every unit test program by
// tools/fault_tests.py (ld --wrap): the n-th call from the product's own code fails, all others do
// not. Calls from the tests' code are left alone: where the product's code lies in the program is
// read from a file.
//
//   FAULT_RANGES   file of lines "begin end", hexadecimal, relative to the program's beginning
//   FAULT_KIND     "memory" or "write"
//   FAULT_NUMBER   which call fails, from 1; 0: none
//   FAULT_COUNT    file that is told at the end how many there were
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define RANGES_MAX 512

struct range {
    uintptr_t begin;
    uintptr_t end;
};

static struct {
    struct range ranges[RANGES_MAX];
    unsigned count;
    bool memory;
    bool write;
    unsigned long number;
    unsigned long seen; // by several threads: atomically
    const char *told;
} faults;

extern const char __executable_start[];

// Before main(), and before the product's own constructors, of which there are none.
__attribute__((constructor)) static void faults_begin(void)
{
    const char *path = getenv("FAULT_RANGES");
    const char *kind = getenv("FAULT_KIND");
    const char *number = getenv("FAULT_NUMBER");
    faults.told = getenv("FAULT_COUNT");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    if (file == NULL || kind == NULL) {
        return;
    }
    unsigned long begin = 0;
    unsigned long end = 0;
    while (faults.count < RANGES_MAX && fscanf(file, "%lx %lx", &begin, &end) == 2) {
        faults.ranges[faults.count++] = (struct range){begin, end};
    }
    fclose(file);
    faults.number = number != NULL ? strtoul(number, NULL, 10) : 0;
    faults.memory = strcmp(kind, "memory") == 0;
    faults.write = strcmp(kind, "write") == 0;
}

__attribute__((destructor)) static void faults_end(void)
{
    FILE *file = faults.told != NULL ? fopen(faults.told, "w") : NULL;
    if (file != NULL) {
        fprintf(file, "%lu\n", faults.seen);
        fclose(file);
    }
}

static bool fails(bool kind, const void *caller)
{
    if (!kind) {
        return false;
    }
    uintptr_t at = (uintptr_t)caller - (uintptr_t)__executable_start;
    for (unsigned i = 0; i < faults.count; i++) {
        if (at >= faults.ranges[i].begin && at < faults.ranges[i].end) {
            return __atomic_add_fetch(&faults.seen, 1, __ATOMIC_RELAXED) == faults.number;
        }
    }
    return false;
}

#define CALLER        __builtin_return_address(0)
#define MEMORY(call)  (fails(faults.memory, CALLER) ? (errno = ENOMEM, NULL) : (call))
#define WRITTEN(call) (fails(faults.write, CALLER) ? (errno = ENOSPC, -1) : (call))
#define SENT(call)    (fails(faults.write, CALLER) ? (errno = ENOBUFS, -1) : (call))

// The linker's names. NOLINTBEGIN
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
FILE *__real_open_memstream(char **ret_text, size_t *ret_size);
FILE *__wrap_open_memstream(char **ret_text, size_t *ret_size);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_fflush(FILE *file);
int __wrap_fflush(FILE *file);
ssize_t __real_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
ssize_t __real_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
                      socklen_t to_size);
ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
                      socklen_t to_size);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
struct mmsghdr;
int __real_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);

void *__wrap_malloc(size_t size)
{
    return MEMORY(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return MEMORY(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    return MEMORY(__real_realloc(old, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return MEMORY(__real_aligned_alloc(alignment, size));
}

char *__wrap_strdup(const char *text)
{
    return MEMORY(__real_strdup(text));
}

FILE *__wrap_open_memstream(char **ret_text, size_t *ret_size)
{
    return MEMORY(__real_open_memstream(ret_text, ret_size));
}

// A wake-up through an eventfd cannot fail.
static bool is_eventfd(int fd)
{
    char path[32];
    char what[32] = "";
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    ssize_t size = readlink(path, what, sizeof(what) - 1);
    return size > 0 && strcmp(what, "anon_inode:[eventfd]") == 0;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    return is_eventfd(fd) ? __real_write(fd, data, size) : WRITTEN(__real_write(fd, data, size));
}

int __wrap_fsync(int fd)
{
    return WRITTEN(__real_fsync(fd));
}

int __wrap_rename(const char *from, const char *to)
{
    return WRITTEN(__real_rename(from, to));
}

int __wrap_fflush(FILE *file)
{
    return WRITTEN(__real_fflush(file));
}

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
    return SENT(__real_send(fd, data, size, flags));
}

ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
                      socklen_t to_size)
{
    return SENT(__real_sendto(fd, data, size, flags, to, to_size));
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    return SENT(__real_sendmsg(fd, message, flags));
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    return SENT(__real_sendmmsg(fd, messages, count, flags));
}
// NOLINTEND
