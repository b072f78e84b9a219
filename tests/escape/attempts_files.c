// Files: the server's own secrets, the machine's, and what can be changed.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escape.h"

static int opened(const char *path, int flags)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
    int stopped = outcome(fd);
    if (fd >= 0) {
        close(fd);
    }
    return stopped;
}

static int opened_of(const struct prey *prey, const char *name, int flags)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", prey->data, name);
    int absolute = opened(path, flags);
    int relative = opened(name, flags);
    return absolute == 0 || relative == 0 ? 0 : absolute;
}

static int report_key(const struct prey *prey)
{
    return opened_of(prey, "report-key.pem", O_RDONLY);
}

static int database(const struct prey *prey)
{
    return opened_of(prey, "plenary.db", O_RDWR);
}

static int database_log(const struct prey *prey)
{
    return opened_of(prey, "plenary.db-wal", O_RDWR);
}

static int link_socket(const struct prey *prey)
{
    return opened_of(prey, "link.sock", O_PATH);
}

static int data_folder(const struct prey *prey)
{
    int folder = opened(prey->data, O_RDONLY | O_DIRECTORY);
    return folder == 0 ? 0 : opened(".", O_RDONLY | O_DIRECTORY);
}

static int passwords(const struct prey *prey)
{
    (void)prey;
    int shadow = opened("/etc/shadow", O_RDONLY);
    return shadow == 0 ? 0 : opened("/etc/passwd", O_RDONLY);
}

static int any_program(const struct prey *prey)
{
    (void)prey;
    return opened("/bin/sh", O_RDONLY);
}

static int root_folder(const struct prey *prey)
{
    (void)prey;
    return opened("/", O_RDONLY | O_DIRECTORY);
}

static int new_file(const struct prey *prey)
{
    return opened_of(prey, "escaped", O_RDWR | O_CREAT);
}

static int new_file_outside(const struct prey *prey)
{
    static const char *const folders[] = {"/tmp/escaped", "/var/tmp/escaped", "/dev/shm/escaped",
                                          "/escaped", "../escaped"};
    (void)prey;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (opened(folders[i], O_RDWR | O_CREAT) == 0) {
            (void)unlink(folders[i]);
            return 0;
        }
    }
    return errno;
}

static int memory_of_others(const struct prey *prey)
{
    for (size_t i = 0; i < prey->others_count; i++) {
        static const char *const names[] = {"mem", "maps", "environ", "fd/3", "root/etc/passwd"};
        char path[64];
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            snprintf(path, sizeof(path), "/proc/%d/%s", (int)prey->others[i], names[k]);
            if (opened(path, O_RDONLY) == 0) {
                return 0;
            }
        }
    }
    return errno;
}

static int own_memory_as_a_file(const struct prey *prey)
{
    (void)prey;
    return opened("/proc/self/mem", O_RDWR);
}

static int device(const struct prey *prey)
{
    (void)prey;
    int terminal = opened("/dev/tty", O_RDWR);
    return terminal == 0 ? 0 : opened("/dev/kmsg", O_RDWR);
}

static int opened_by_openat2(const struct prey *prey)
{
    struct {
        unsigned long long flags, mode, resolve;
    } how = {.flags = O_RDONLY};
    (void)prey;
    return outcome(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof(how)));
}

static int opened_by_handle(const struct prey *prey)
{
    struct {
        unsigned size;
        int type;
        unsigned char bytes[128];
    } handle = {.size = 128};
    int mount = 0;
    (void)prey;
    if (syscall(SYS_name_to_handle_at, AT_FDCWD, "/", &handle, &mount, 0) != 0) {
        return errno;
    }
    return outcome(syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_RDONLY));
}

static int looked_at(const struct prey *prey)
{
    struct stat what;
    struct statfs where;
    char text[8];
    (void)prey;
    if (stat("/etc/passwd", &what) == 0 || access("/etc/passwd", F_OK) == 0 ||
        readlink("/proc/self/exe", text, sizeof(text)) > 0 || statfs("/etc", &where) == 0) {
        return 0;
    }
    return errno;
}

static int changed(const struct prey *prey)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/plenary.db", prey->data);
    if (unlink(path) == 0 || rename(path, "x") == 0 || chmod(path, 0666) == 0 ||
        truncate(path, 0) == 0 || link(path, "x") == 0 || symlink("/etc", "x") == 0 ||
        mkdir("x", 0700) == 0 || mknod("x", S_IFIFO | 0600, 0) == 0) {
        return 0;
    }
    return errno;
}

static int changed_outside(const struct prey *prey)
{
    (void)prey;
    if (mkdir("/tmp/escaped", 0700) == 0) {
        (void)rmdir("/tmp/escaped");
        return 0;
    }
    return symlink("/etc/shadow", "escaped") == 0 || mknod("escaped", S_IFCHR | 0600, 259) == 0
               ? 0
               : errno;
}

// Nothing of this could be done if it were allowed: the machine must not suffer from a wall that
// does not stand.
static int mounted(const struct prey *prey)
{
    const void *nothing = NULL;
    (void)prey;
    const long answers[] = {
        closed(syscall(SYS_mount, "none", "/nowhere", "tmpfs", 0, nothing)),
        closed(syscall(SYS_umount2, "/nowhere", 0)),
        closed(syscall(SYS_chroot, "/nowhere")),
        closed(syscall(SYS_pivot_root, "/nowhere", "/nowhere")),
        closed(syscall(SYS_fsopen, "nowhere", 0)),
        closed(syscall(SYS_open_tree, AT_FDCWD, "/nowhere", 1)),
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (answers[i] == 0) {
            return 0;
        }
    }
    return EPERM;
}

const struct attempt attempts_files[] = {
    {"report-key.pem", report_key, ESCAPE_MEDIA | ESCAPE_FREE},
    {"plenary.db", database, ESCAPE_MEDIA | ESCAPE_FREE},
    {"plenary.db-wal", database_log, ESCAPE_MEDIA},
    {"link.sock", link_socket, ESCAPE_MEDIA},
    {"data-folder", data_folder, ESCAPE_MEDIA | ESCAPE_FREE},
    {"passwords", passwords, ESCAPE_BOTH | ESCAPE_FREE},
    {"any-program", any_program, ESCAPE_MEDIA | ESCAPE_FREE},
    {"root-folder", root_folder, ESCAPE_BOTH | ESCAPE_FREE},
    {"new-file", new_file, ESCAPE_MEDIA | ESCAPE_FREE},
    {"new-file-outside", new_file_outside, ESCAPE_BOTH},
    {"memory-of-others", memory_of_others, ESCAPE_BOTH},
    {"own-memory-as-a-file", own_memory_as_a_file, ESCAPE_BOTH},
    {"device", device, ESCAPE_BOTH},
    {"openat2", opened_by_openat2, ESCAPE_BOTH},
    {"open_by_handle_at", opened_by_handle, ESCAPE_BOTH},
    {"looked-at", looked_at, ESCAPE_MEDIA | ESCAPE_FREE},
    {"changed", changed, ESCAPE_MEDIA},
    {"changed-outside", changed_outside, ESCAPE_BOTH},
    {"mounted", mounted, ESCAPE_BOTH},
};
const size_t attempts_files_count = sizeof(attempts_files) / sizeof(attempts_files[0]);
