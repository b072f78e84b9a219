#!/usr/bin/python3
"""Runs a command as packaging/plenary.service would, where systemd does not run: unit_form.py DATA COMMAND…

Reads the unit and sets the same: namespaces and mounts, user, capabilities, limits, and the filters of system calls, these by the group names of
`systemd-analyze`. Needs root; DATA is given to the unit's user and stays writable. The command takes this process's place. A setting of the unit
that is not known here ends it, so that none is passed over in silence.
"""
import ctypes
import os
import re
import resource
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNIT = os.path.join(ROOT, "packaging", "plenary.service")
USER = 61500  # of the range of dynamic users

# What has no bearing on what a process may do, or is the service manager's own business.
PASSED_OVER = {"Type", "NotifyAccess", "ExecStart", "ExecReload", "Restart", "RestartSec", "TimeoutStopSec", "WatchdogSec", "KillMode", "User", "Group",
               "StateDirectory", "StateDirectoryMode", "CPUWeight", "RemoveIPC", "KeyringMode", "DevicePolicy", "ProtectControlGroups",
               "ProtectKernelTunables", "SystemCallErrorNumber", "SystemCallArchitectures"}

libc = ctypes.CDLL(None, use_errno=True)
seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
seccomp.seccomp_init.restype = ctypes.c_void_p

CLONE = {"mnt": 0x00020000, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000}
CAPABILITIES = {"CAP_NET_BIND_SERVICE": 10, "CAP_NET_RAW": 13}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_XDP": 44}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
ALLOW, EPERM = 0x7FFF0000, 0x00050000 | 1
EQ, MASKED_EQ = 4, 7


def checked(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def read_unit():
    """The [Service] section: each key with its values in order."""
    settings = {}
    section = ""
    with open(UNIT, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("["):
                section = line
            elif section == "[Service]" and line and line[0] not in "#;":
                key, value = line.split("=", 1)
                settings.setdefault(key, []).append(value)
    return settings


def mount(source, target, kind, flags, data=None):
    checked(libc.mount(source.encode(), target.encode(), kind and kind.encode(), ctypes.c_ulong(flags), data and data.encode()), f"mount {target}")


def mount_points():
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        return [re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), line.split()[4]) for line in file]


class Namespaces:
    """The unit's view of the file system, made before the rights to make it are given up."""

    def __init__(self, data):
        self.data = data
        checked(libc.unshare(CLONE["mnt"] | CLONE["ipc"]), "unshare")
        mount("none", "/", None, MS_REC | MS_PRIVATE)

    def protect_system(self):
        mount(self.data, self.data, None, MS_BIND)
        for point in mount_points():
            if point != self.data and not point.startswith(("/proc", "/sys", "/dev")):
                libc.mount(b"none", point.encode(), None, ctypes.c_ulong(MS_REMOUNT | MS_BIND | MS_RDONLY), None)

    def cover(self, *folders):
        for folder in folders:
            if os.path.isdir(folder) and not any(path.startswith(folder + "/") for path in (ROOT, self.data)):
                mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777" if "tmp" in folder else "mode=0755")

    def private_devices(self):
        devices = {name: os.stat("/dev/" + name).st_rdev for name in ("null", "zero", "full", "random", "urandom", "tty")}
        mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755")
        for name, number in devices.items():
            os.mknod("/dev/" + name, 0o020666, number)
            os.chmod("/dev/" + name, 0o666)

    def hide_processes(self):
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=invisible,subset=pid")


class Argument(ctypes.Structure):
    _fields_ = [("number", ctypes.c_uint), ("operation", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class Filter:
    def __init__(self, otherwise):
        self.context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, action, name, *arguments):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number == -1:
            return  # of another architecture, or younger than the library
        list_of = (Argument * max(len(arguments), 1))(*arguments)
        result = seccomp.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, ctypes.c_uint(len(arguments)), list_of)
        if result not in (0, -1000, -33, -95):
            raise OSError(-result, f"{name}: {os.strerror(-result)}")

    def load(self):
        result = seccomp.seccomp_load(self.context)
        if result != 0:
            raise OSError(-result, "seccomp_load")


def group(name, known={}):
    """The calls of a group, and of the groups in it."""
    if name not in known:
        known[name] = set()
        text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
        for word in text.split("\n")[1:]:
            word = word.strip()
            if word and not word.startswith("#"):
                known[name] |= group(word) if word.startswith("@") else {word}
    return known[name]


def allowed_calls(lines):
    """As systemd.exec(5) says: the first line decides that it is a list of what is allowed; later ones add to it, or with ~ take away."""
    allowed = set(group("@default"))
    for line in lines:
        words = line.lstrip("~").split()
        calls = set().union(*(group(word) if word.startswith("@") else {word} for word in words))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def refuse(*names):
    def load():
        refused = Filter(ALLOW)
        for name in names:
            refused.add(EPERM, name)
        refused.load()
    return load


def restrict_namespaces(values):
    refused = Filter(ALLOW)
    allowed = [CLONE[name] for name in values[-1].split()]
    for flag in set(CLONE.values()) - set(allowed):
        for name in ("unshare", "clone"):
            refused.add(EPERM, name, Argument(0, MASKED_EQ, flag, flag))
        refused.add(EPERM, "setns", Argument(1, MASKED_EQ, flag, flag))
    refused.add(0x00050000 | 38, "clone3")
    refused.add(EPERM, "setns", Argument(1, EQ, 0, 0))
    refused.load()


def restrict_families(values):
    numbers = {FAMILIES[name] for name in " ".join(values).split()}
    refused = Filter(ALLOW)
    for family in range(64):
        if family not in numbers:
            refused.add(EPERM, "socket", Argument(0, EQ, family, 0))
    refused.load()


def deny_write_execute():
    refused = Filter(ALLOW)
    refused.add(EPERM, "mmap", Argument(2, MASKED_EQ, 6, 6))
    refused.add(EPERM, "mprotect", Argument(2, MASKED_EQ, 4, 4))
    refused.add(EPERM, "pkey_mprotect", Argument(2, MASKED_EQ, 4, 4))
    refused.add(EPERM, "shmat", Argument(2, MASKED_EQ, 0o100000, 0o100000))
    refused.load()


def restrict_suid():
    refused = Filter(ALLOW)
    for bit in (0o4000, 0o2000):
        for name, number in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("creat", 1), ("mknod", 1)):
            refused.add(EPERM, name, Argument(number, MASKED_EQ, bit, bit))
    refused.load()


def restrict_realtime():
    refused = Filter(ALLOW)
    for policy in (1, 2, 6):
        refused.add(EPERM, "sched_setscheduler", Argument(1, EQ, policy, 0))
    refused.load()


def lock_personality():
    refused = Filter(ALLOW)
    refused.add(EPERM, "personality", Argument(0, MASKED_EQ, 0xFFFFFFFF, 0x00400000))
    refused.load()


def number(value):
    return int(value[:-1]) << 20 if value.endswith("M") else int(value)


class Unit:
    def __init__(self, data):
        self.settings = read_unit()
        self.data = data
        self.used = set()
        self.allowed = allowed_calls(self.get("SystemCallFilter"))  # asked while everything may be asked

    def get(self, key):
        self.used.add(key)
        return self.settings.get(key, [])

    def on(self, key):
        return bool(self.get(key)) and self.get(key)[-1] in ("yes", "strict", "invisible", "pid")

    def enter_namespaces(self):
        view = Namespaces(self.data)
        if self.on("ProtectSystem"):
            view.protect_system()
        if self.on("ProtectHome"):
            view.cover("/home", "/root", "/run/user")
        if self.on("PrivateTmp"):
            view.cover("/tmp", "/var/tmp")
        if self.on("PrivateDevices"):
            view.private_devices()
        self.on("PrivateIPC")
        if self.on("ProtectProc") and self.on("ProcSubset"):
            view.hide_processes()

    def become_user(self):
        for key, what in (("LimitNOFILE", resource.RLIMIT_NOFILE), ("LimitMEMLOCK", resource.RLIMIT_MEMLOCK)):
            for value in self.get(key):
                most = resource.getrlimit(what)[1]  # a container's root may not raise it
                most = number(value) if most == resource.RLIM_INFINITY else min(number(value), most)
                resource.setrlimit(what, (most, most))
        self.get("OOMScoreAdjust")
        os.umask(int(self.get("UMask")[-1], 8))
        bounding = {CAPABILITIES[name] for name in " ".join(self.get("CapabilityBoundingSet")).split()}
        ambient = {CAPABILITIES[name] for name in " ".join(self.get("AmbientCapabilities")).split()}
        for one in range(64):
            if one not in bounding:
                libc.prctl(24, one, 0, 0, 0)
        checked(libc.prctl(8, 1, 0, 0, 0), "PR_SET_KEEPCAPS")
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        bits = sum(1 << one for one in ambient)
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        checked(libc.capset(header, (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)), "capset")
        for one in ambient:
            checked(libc.prctl(47, 2, one, 0, 0), "PR_CAP_AMBIENT_RAISE")

    def load_filters(self):
        assert self.get("NoNewPrivileges") == ["yes"]
        checked(libc.prctl(38, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")
        for key, load in (("ProtectClock", refuse("clock_settime", "settimeofday", "adjtimex", "clock_adjtime")),
                          ("ProtectHostname", refuse("sethostname", "setdomainname")), ("ProtectKernelLogs", refuse("syslog")),
                          ("ProtectKernelModules", refuse("init_module", "finit_module", "delete_module")),
                          ("RestrictRealtime", restrict_realtime), ("RestrictSUIDSGID", restrict_suid),
                          ("MemoryDenyWriteExecute", deny_write_execute), ("LockPersonality", lock_personality)):
            if self.on(key):
                load()
        restrict_families(self.get("RestrictAddressFamilies"))
        restrict_namespaces(self.get("RestrictNamespaces"))
        unknown = set(self.settings) - self.used - PASSED_OVER
        if unknown:
            raise SystemExit(f"the unit says what is not known here: {sorted(unknown)}")
        calls = Filter(EPERM)
        for name in sorted(self.allowed):
            calls.add(ALLOW, name)
        calls.load()


def main():
    data, *command = sys.argv[1:]
    os.makedirs(data, mode=0o700, exist_ok=True)
    os.chown(data, USER, USER)
    unit = Unit(os.path.realpath(data))
    unit.enter_namespaces()
    unit.become_user()
    os.chdir("/")
    unit.load_filters()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
