#include "server/clock_memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"

#define ENVIRONMENT_NAME "PLENARY_CLOCKS"

static int memory_fd = -1; // the supervisor's

enum err clock_memory_create(uint32_t count)
{
    char value[16];
    memory_fd = memfd_create("plenary-clocks", MFD_CLOEXEC);
    if (memory_fd < 0 ||
        ftruncate(memory_fd, (off_t)(count * sizeof(struct app_clock_place))) != 0) {
        return ERR_IO;
    }
    snprintf(value, sizeof(value), "%d", memory_fd);
    return setenv(ENVIRONMENT_NAME, value, 1) == 0 ? ERR_NONE : ERR_FULL;
}

int clock_memory_fd(void)
{
    return memory_fd;
}

void clock_memory_adopt(int fd)
{
    memory_fd = fd; // the environment names it still
}

void clock_memory_pass(void)
{
    if (memory_fd >= 0) {
        (void)fcntl(memory_fd, F_SETFD, 0);
    }
}

void clock_memory_take(uint32_t count, struct app_clock_place **ret_clocks, uint32_t *ret_count)
{
    const char *value = getenv(ENVIRONMENT_NAME);
    unsigned long long fd = 0;
    *ret_clocks = NULL;
    *ret_count = 0;
    if (value == NULL || text_to_u64(value, strlen(value), 65535, &fd) != ERR_NONE) {
        return;
    }
    size_t size = count * sizeof(struct app_clock_place);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
    (void)close((int)fd);
    if (memory == MAP_FAILED) {
        return;
    }
    *ret_clocks = memory;
    *ret_count = count;
    for (uint32_t i = 0; i < count; i++) { // whatever stands there ends
        (*ret_clocks)[i].meeting[sizeof((*ret_clocks)[i].meeting) - 1] = '\0';
    }
}
