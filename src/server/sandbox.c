#include "server/sandbox.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "server/sandbox_priv.h"

static const char *const wall_words[SANDBOX_WALL_COUNT] = {
    [SANDBOX_USER] = "a user of its own",       [SANDBOX_ROOT] = "an empty root",
    [SANDBOX_NETWORK] = "a network of its own", [SANDBOX_FILES] = "Landlock",
    [SANDBOX_CALLS] = "a list of system calls",
};

void sandbox_missing_words(const struct sandbox_report *report, char *to, size_t size)
{
    struct text_builder text = text_builder(to, size);
    for (unsigned wall = 0; wall < SANDBOX_WALL_COUNT; wall++) {
        if ((report->missing & 1u << wall) != 0) {
            text_append_format(&text, "%s%s", text.length > 0 ? ", " : "", wall_words[wall]);
        }
    }
}

static void note(struct sandbox_report *report, enum sandbox_wall wall, bool stands)
{
    report->wanted |= 1u << wall;
    report->missing |= stands ? 0 : 1u << wall;
}

// All but those in `kept`, out of every set there is.
static bool capabilities_drop(uint64_t kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int i = 0; i <= CAP_LAST_CAP; i++) {
        if ((kept >> i & 1) == 0) {
            (void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0); // only who has CAP_SETPCAP can, or needs to
        }
    }
    if (syscall(SYS_capget, &header, data) != 0) {
        return false;
    }
    for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        data[i].permitted &= (uint32_t)(kept >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) == 0;
}

// A change of user makes the kernel forget both.
static bool undisturbed(pid_t parent)
{
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 &&
           getppid() == parent;
}

static enum err calls_refused(struct sandbox_report *report, enum err err)
{
    note(report, SANDBOX_CALLS, err == ERR_NONE);
    return err;
}

enum err sandbox_enter_media(struct sandbox_report *ret_report)
{
    pid_t parent = getppid();
    *ret_report = (struct sandbox_report){0};
    struct sandbox_namespaces namespaces = sandbox_namespaces_enter();
    note(ret_report, SANDBOX_USER, namespaces.user);
    note(ret_report, SANDBOX_ROOT, namespaces.root);
    note(ret_report, SANDBOX_NETWORK, namespaces.network);
    if (!capabilities_drop(0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return ERR_IO;
    }
    note(ret_report, SANDBOX_FILES, sandbox_landlock_enter(NULL));
    return undisturbed(parent) ? calls_refused(ret_report, sandbox_calls_media()) : ERR_IO;
}

// Root keeps the one right by which it writes a folder that is another user's, within the walls.
#define CONTROL_KEEPS (UINT64_C(1) << CAP_DAC_OVERRIDE)

enum err sandbox_enter_control(const struct sandbox_files *files, struct sandbox_report *ret_report)
{
    pid_t parent = getppid();
    *ret_report = (struct sandbox_report){0};
    if (!capabilities_drop(CONTROL_KEEPS) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return ERR_IO;
    }
    note(ret_report, SANDBOX_FILES, sandbox_landlock_enter(files));
    return undisturbed(parent) ? calls_refused(ret_report, sandbox_calls_control(files->calls_out))
                               : ERR_IO;
}
