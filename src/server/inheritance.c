#include "server/inheritance.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/text.h"

#define ENVIRONMENT_NAME "PLENARY_INHERITANCE"
// Raised when what is handed over changes in a way that the sizes below do not show: the order of
// descriptors, the meaning of a field, how control and the supervisor speak through their pipe.
#define LAYOUT 1

enum number {
    NUMBER_LOCK,
    NUMBER_READY,
    NUMBER_CLOCKS,
    NUMBER_SIGNS,
    NUMBER_BEGAN = NUMBER_SIGNS + FACE_COUNT + 1,
    NUMBER_PIDS,
    NUMBER_DEVICE = NUMBER_PIDS + FACE_COUNT,
    NUMBER_INODE,
    NUMBER_BYTES,
    NUMBER_WRITTEN,
    NUMBER_LINK,
    NUMBER_COUNT
};

bool inheritance_is_there(void)
{
    return getenv(ENVIRONMENT_NAME) != NULL;
}

static bool keep(const struct inheritance *inheritance, bool kept)
{
    const int flags = kept ? 0 : FD_CLOEXEC;
    bool good = fcntl(inheritance->lock_fd, F_SETFD, flags) == 0 &&
                fcntl(inheritance->ready_fd, F_SETFD, flags) == 0 &&
                fcntl(inheritance->clocks_fd, F_SETFD, flags) == 0;
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        good = fcntl(inheritance->signs_fds[i], F_SETFD, flags) == 0 && good;
    }
    return good;
}

static enum err write_numbers(const struct inheritance *from)
{
    char value[NUMBER_COUNT * 21 + PATH_MAX];
    struct text_builder text = text_builder(value, sizeof(value));
    text_append_format(&text, "%d,%d,%d,", from->lock_fd, from->ready_fd, from->clocks_fd);
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        text_append_format(&text, "%d,", from->signs_fds[i]);
    }
    text_append_format(&text, "%lld,", (long long)from->began_after);
    for (unsigned i = 0; i < FACE_COUNT; i++) {
        text_append_format(&text, "%d,", (int)from->pids[i]);
    }
    text_append_format(&text, "%llu,%llu,%llu,%llu,%u,%s", (unsigned long long)from->media.device,
                       (unsigned long long)from->media.inode, (unsigned long long)from->media.bytes,
                       (unsigned long long)from->media.written_ns, from->media_link, from->path);
    return !text.failed && setenv(ENVIRONMENT_NAME, value, 1) == 0 ? ERR_NONE : ERR_IO;
}

enum err inheritance_pass(const struct inheritance *inheritance)
{
    if (!keep(inheritance, true) || write_numbers(inheritance) != ERR_NONE) {
        inheritance_withdraw(inheritance);
        return ERR_IO;
    }
    return ERR_NONE;
}

void inheritance_withdraw(const struct inheritance *inheritance)
{
    (void)keep(inheritance, false);
    (void)unsetenv(ENVIRONMENT_NAME);
}

static unsigned long long number_max(unsigned index)
{
    if (index < NUMBER_BEGAN) {
        return 65535; // a descriptor
    }
    return index < NUMBER_DEVICE ? INT32_MAX : index == NUMBER_LINK ? UINT32_MAX : UINT64_MAX;
}

static enum err read_numbers(const char *value, struct inheritance *to)
{
    unsigned long long numbers[NUMBER_COUNT];
    for (unsigned i = 0; i < NUMBER_COUNT; i++) {
        size_t length = strcspn(value, ",");
        if (value[length] != ',' ||
            text_to_u64(value, length, number_max(i), &numbers[i]) != ERR_NONE) {
            return ERR_MALFORMED;
        }
        value += length + 1;
    }
    *to = (struct inheritance){.lock_fd = (int)numbers[NUMBER_LOCK],
                               .ready_fd = (int)numbers[NUMBER_READY],
                               .clocks_fd = (int)numbers[NUMBER_CLOCKS],
                               .began_after = (time_us)numbers[NUMBER_BEGAN],
                               .media = {.device = numbers[NUMBER_DEVICE],
                                         .inode = numbers[NUMBER_INODE],
                                         .bytes = numbers[NUMBER_BYTES],
                                         .written_ns = numbers[NUMBER_WRITTEN]},
                               .media_link = (uint32_t)numbers[NUMBER_LINK]};
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        to->signs_fds[i] = (int)numbers[NUMBER_SIGNS + i];
    }
    for (unsigned i = 0; i < FACE_COUNT; i++) {
        to->pids[i] = (pid_t)numbers[NUMBER_PIDS + i];
    }
    return value[0] == '/' && text_copy(to->path, sizeof(to->path), value) == ERR_NONE
               ? ERR_NONE
               : ERR_MALFORMED;
}

enum err inheritance_take(struct inheritance *ret_inheritance)
{
    const char *value = getenv(ENVIRONMENT_NAME);
    enum err err = value != NULL ? read_numbers(value, ret_inheritance) : ERR_NOT_FOUND;
    (void)unsetenv(ENVIRONMENT_NAME);
    if (err == ERR_NONE && !keep(ret_inheritance, false)) {
        err = ERR_IO;
    }
    return err;
}

void inheritance_layout(char ret_layout[TAKEOVER_LAYOUT_MAX + 1])
{
    snprintf(ret_layout, TAKEOVER_LAYOUT_MAX + 1, "%d.%d.%zu.%zu.%zu", LAYOUT, FACE_COUNT,
             sizeof(struct heartbeat_board), vital_signs_record_size(),
             sizeof(struct app_clock_place));
}
