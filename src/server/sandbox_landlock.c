// Landlock by its system calls: Debian 12's C library has no functions for them, and its headers
// know the first version of the interface only.
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/sandbox_priv.h"

#define FS_REFER     (UINT64_C(1) << 13) // version 2
#define FS_TRUNCATE  (UINT64_C(1) << 14) // version 3
#define FS_IOCTL_DEV (UINT64_C(1) << 15) // version 5
#define FS_FIRST     (FS_REFER - 1)      // version 1
#define NET_BIND     UINT64_C(1)         // version 4
#define NET_CONNECT  UINT64_C(2)
#define SCOPES       UINT64_C(3) // version 6: abstract sockets, signals

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                             \
    (READS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |        \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | FS_REFER | FS_TRUNCATE)
// What a rule for something that is no folder may name.
#define OF_FILES                                                                                 \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV | \
     LANDLOCK_ACCESS_FS_EXECUTE)

// The interface as it is today; a kernel is told only as much of it as it knows.
struct ruleset {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
};

static uint64_t handled_fs(long version)
{
    return FS_FIRST | (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0) |
           (version >= 5 ? FS_IOCTL_DEV : 0);
}

static size_t known_size(long version)
{
    size_t fields = version >= 6 ? 3 : version >= 4 ? 2 : 1;
    return fields * sizeof(uint64_t);
}

// What is not there needs no rule.
static bool allow(int ruleset, const char *path, uint64_t access)
{
    struct stat what;
    int fd = path[0] != '\0' ? open(path, O_PATH | O_CLOEXEC) : -1;
    if (fd < 0) {
        return true;
    }
    bool good = fstat(fd, &what) == 0;
    struct landlock_path_beneath_attr rule = {
        .allowed_access = good && S_ISDIR(what.st_mode) ? access : access & OF_FILES,
        .parent_fd = fd,
    };
    good = good &&
           syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return good;
}

bool sandbox_landlock_enter(const struct sandbox_files *files)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return false;
    }
    struct ruleset all = {
        .handled_access_fs = handled_fs(version),
        .handled_access_net = NET_BIND | (files == NULL || !files->calls_out ? NET_CONNECT : 0),
        .scoped = SCOPES,
    };
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, known_size(version), 0);
    bool good = ruleset >= 0;
    if (good && files != NULL) {
        good = allow(ruleset, files->writes, WRITES & all.handled_access_fs) &&
               (files->also_writes == NULL ||
                allow(ruleset, files->also_writes, WRITES & all.handled_access_fs));
        for (uint32_t i = 0; good && i < files->reads_count; i++) {
            good = allow(ruleset, files->reads[i], READS);
        }
    }
    good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (ruleset >= 0) {
        close(ruleset);
    }
    return good;
}
