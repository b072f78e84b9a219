#include "load/load_process.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define LINE_SIZE 2048

static time_us from_ticks(unsigned long long ticks)
{
    return (time_us)(ticks * TIME_US_PER_S / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static bool read_line(const char *path, const char *beginning, char line[LINE_SIZE])
{
    FILE *file = fopen(path, "re");
    bool found = false;
    while (file != NULL && !found && fgets(line, LINE_SIZE, file) != NULL) {
        found = text_starts_with(line, beginning);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return found;
}

static enum err add_process(pid_t process, struct load_usage *usage)
{
    char path[64];
    char line[LINE_SIZE];
    unsigned long long user = 0;
    unsigned long long system = 0;
    long long pages = 0;
    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    // The name, in parentheses, may hold anything; proc(5) counts on behind it: fields 14, 15, 24.
    const char *rest = read_line(path, "", line) ? strrchr(line, ')') : NULL;
    if (rest == NULL ||
        sscanf(rest,
               ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d %*d "
               "%*d %*u %*u %lld",
               &user, &system, &pages) != 3) {
        return ERR_NOT_FOUND;
    }
    usage->user += from_ticks(user);
    usage->system += from_ticks(system);
    usage->memory += (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return ERR_NONE;
}

enum err load_process_usage(const pid_t *processes, size_t count, struct load_usage *ret_usage)
{
    *ret_usage = (struct load_usage){0};
    enum err err = ERR_NONE;
    for (size_t i = 0; i < count && err == ERR_NONE; i++) {
        err = add_process(processes[i], ret_usage);
    }
    return err;
}

enum err load_core_usage(unsigned core, struct load_core_usage *ret_usage)
{
    char name[32];
    char line[LINE_SIZE];
    unsigned long long user;
    unsigned long long nice;
    unsigned long long system;
    unsigned long long idle;
    unsigned long long waiting;
    unsigned long long hard;
    unsigned long long soft;
    unsigned long long stolen;
    (void)snprintf(name, sizeof(name), "cpu%u ", core);
    if (!read_line("/proc/stat", name, line) ||
        sscanf(line, "%*s %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
               &waiting, &hard, &soft, &stolen) != 8) {
        return ERR_NOT_FOUND;
    }
    *ret_usage = (struct load_core_usage){.user = from_ticks(user + nice),
                                          .system = from_ticks(system),
                                          .interrupts = from_ticks(hard + soft),
                                          .idle = from_ticks(idle + waiting),
                                          .stolen = from_ticks(stolen)};
    return ERR_NONE;
}
