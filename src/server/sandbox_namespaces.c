// Media's own namespaces. Root makes them with its own rights and then becomes a user who owns
// nothing; everybody else begins with a user namespace, which gives the rights to make the others.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "server/sandbox_priv.h"

#define NOBODY 65534
#define OTHERS (CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

static bool write_at(int folder, const char *name, const char *text)
{
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
    size_t size = strlen(text);
    bool good = fd >= 0 && write(fd, text, size) == (ssize_t)size;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

// `process`: this process's folder in /proc, opened before the root was changed. The user stays the
// same by number; the namespace alone takes every right over processes outside it.
static bool user_enter(int process, int others)
{
    uid_t user = geteuid();
    gid_t group = getegid();
    char map[64];
    if (unshare(CLONE_NEWUSER | others) != 0) {
        return false;
    }
    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); // else the kernel's files about it are root's
    snprintf(map, sizeof(map), "%u %u 1", user, user);
    // An identity that is not mapped works as well: it is nobody's.
    if (write_at(process, "uid_map", map) && write_at(process, "setgroups", "deny")) {
        snprintf(map, sizeof(map), "%u %u 1", group, group);
        (void)write_at(process, "gid_map", map);
    }
    return true;
}

// A file system of no size, read-only, over everything; what was there is let go.
static bool root_empty(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              "size=4k,nr_inodes=2,mode=0555") != 0 ||
        chdir("/proc") != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
        umount2(".", MNT_DETACH) != 0) {
        return false;
    }
    (void)mount(NULL, "/", NULL,
                MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    return chdir("/") == 0;
}

// Where mounting is forbidden and chroot() is not: into a folder that no longer exists, in which
// nothing can be made.
static bool root_removed(void)
{
    char name[] = "empty-XXXXXX";
    int folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && mkdtemp(name) != NULL;
    bool made = good;
    good = good && chroot(name) == 0 && chdir("/") == 0;
    if (made) {
        (void)unlinkat(folder, name, AT_REMOVEDIR);
    }
    if (folder >= 0) {
        close(folder); // it would lead out again
    }
    return good;
}

// Capabilities go with it, those within a namespace of root's making as well.
static bool nobody_become(void)
{
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

struct sandbox_namespaces sandbox_namespaces_enter(void)
{
    struct sandbox_namespaces stand = {0};
    int process = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (geteuid() == 0 && unshare(OTHERS) == 0) {
        stand.network = true;
        stand.root = root_empty() || root_removed();
        stand.user = nobody_become();
        (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); // to write what follows
        stand.user = user_enter(process, 0) || stand.user;
    } else if (user_enter(process, OTHERS)) {
        stand.user = true;
        stand.network = true;
        stand.root = root_empty() || root_removed();
    } else { // a container, as a rule
        stand.root = root_removed();
        stand.user = nobody_become();
    }
    if (process >= 0) {
        close(process);
    }
    return stand;
}
