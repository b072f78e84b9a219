#include "store/space_priv.h"

#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"

#define RESERVE_FILE_NAME "reserve"
#define FULL_BYTES        (UINT64_C(2) << 20) // with less than that free the disk is as good as full

static void look(struct space *space)
{
    struct statvfs room;
    if (statvfs(space->folder, &room) == 0) {
        space->free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    }
}

// Room that is really taken: where the file system cannot set it aside, it is written out.
static bool make_reserve(const struct space *space)
{
    int fd = open(space->reserve, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool made = fd >= 0 && posix_fallocate(fd, 0, (off_t)space->limits.reserve_bytes) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!made) {
        (void)unlink(space->reserve);
    }
    return made;
}

static bool has_reserve(const struct space *space)
{
    struct stat file;
    return stat(space->reserve, &file) == 0 &&
           (uint64_t)file.st_size == space->limits.reserve_bytes &&
           (uint64_t)file.st_blocks * 512 >= space->limits.reserve_bytes;
}

bool space_release(struct space *space)
{
    bool released = space->reserved && unlink(space->reserve) == 0;
    space->reserved = false;
    return released;
}

void space_look(struct space *space)
{
    const struct store_limits *limits = &space->limits;
    look(space);
    if (space->free_bytes < FULL_BYTES && space_release(space)) {
        look(space);
    }
    if (!space->reserved && limits->reserve_bytes > 0 &&
        space->free_bytes >= limits->reserve_bytes + 2 * FULL_BYTES) {
        space->reserved = make_reserve(space);
        look(space);
    }
}

enum err space_init(struct space *space, const char *database_path,
                    const struct store_limits *limits)
{
    char path[STORE_PATH_MAX + 1];
    *space = (struct space){.limits = *limits};
    enum err err = text_copy(path, sizeof path, database_path);
    if (err == ERR_NONE) {
        err = text_copy(space->folder, sizeof space->folder, dirname(path));
    }
    struct text_builder file = text_builder(space->reserve, sizeof space->reserve);
    text_append_format(&file, "%s/" RESERVE_FILE_NAME, space->folder);
    if (err != ERR_NONE || file.failed) {
        return ERR_TOO_LARGE;
    }
    space->reserved = limits->reserve_bytes > 0 && has_reserve(space);
    if (!space->reserved) {
        (void)unlink(space->reserve); // of another size
    }
    space_look(space);
    return ERR_NONE;
}

enum store_state space_state(const struct space *space)
{
    bool full = space->limits.reserve_bytes > 0 ? !space->reserved : space->free_bytes < FULL_BYTES;
    return full                                          ? STORE_STATE_RESERVE
           : space->free_bytes < space->limits.low_bytes ? STORE_STATE_LOW
                                                         : STORE_STATE_WELL;
}
