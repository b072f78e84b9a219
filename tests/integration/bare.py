"""A bare Debian in a folder: the essential packages and what a package depends on, with dpkg's own books, and nothing else. No network and no mirror is
asked: the files are this machine's. It is on a file system in memory, in a mount namespace and a network of the test's own."""
import os
import re
import shutil
import subprocess
import tempfile

from own_mounts import own_mounts
from plenary import NotMeasured

SYSTEMCTL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare_systemctl")
# What nobody reads here, and what dpkg is told to leave out when it was packed by somebody who wants little.
LEFT_OUT = re.compile(r"^/usr/share/(doc|man|locale|info|fonts|lintian|bash-completion)/")


def names(field):
    """The packages of a field of dependencies: for each, those of which one is enough."""
    return [[re.sub(r"[ (:].*", "", one.strip()) for one in part.split("|")] for part in field.split(",") if part.strip()]


class Packages:
    """What is installed on this machine."""

    def __init__(self):
        form = "${Package}\t${Essential}\t${Pre-Depends}, ${Depends}\t${Provides}\t${db:Status-Status}\n"
        rows = [line.split("\t") for line in subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout.splitlines()]
        rows = [row for row in rows if row[4] == "installed"]
        self.needs = {row[0]: names(row[2]) for row in rows}
        self.essential = [row[0] for row in rows if row[1] == "yes"]
        self.providers = {name: row[0] for row in rows for (name,) in names(row[3])}

    def closure(self, wanted):
        """The essential ones, those wanted, and whatever they need; fails for what is not here."""
        found, left = set(), [[name] for name in self.essential] + wanted
        while left:
            one_of = left.pop()
            name = next((self.providers.get(name, name) for name in one_of if name in self.needs or name in self.providers), None)
            name = next((name for name in one_of if name in self.needs), name)
            assert name, f"none of {one_of} is installed here"
            if name not in found:
                found.add(name)
                left += self.needs[name]
        return found


class Bare:
    """Use as `with Bare(package, "curl", …) as system`: not with the package, but with all that it and the further ones depend on."""

    def __init__(self, package, *further):
        self.package = package
        self.further = further

    def __enter__(self):
        refused = own_mounts(network=True) if os.geteuid() == 0 else "it needs root"
        if refused:
            raise NotMeasured(f"no system of one's own here: {refused}")
        self.root = tempfile.mkdtemp(prefix="plenary-bare-")
        self.mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", self.root)
        depends = subprocess.run(["dpkg-deb", "-f", self.package, "Depends"], capture_output=True, text=True, check=True).stdout
        packages = Packages().closure(names(depends) + [[name] for name in self.further])
        self.copy_files(packages)
        self.copy_books(packages)
        self.begin()
        return self

    def __exit__(self, *_):
        if os.path.exists(self.path("/run/plenary.service.pid")):
            self.run("systemctl", "stop", "plenary.service")
        subprocess.run(["umount", "-l", "-R", self.root], check=True)
        os.rmdir(self.root)

    def mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)

    def path(self, path):
        return self.root + path

    def read(self, path):
        with open(self.path(path), encoding="utf-8") as file:
            return file.read()

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(path)), exist_ok=True)
        with open(self.path(path), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(path), mode)

    def copy_files(self, packages):
        for folder in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            if os.path.islink("/" + folder):
                os.makedirs(self.path("/usr/" + folder), exist_ok=True)
                os.symlink("usr/" + folder, self.path("/" + folder))
        listed = subprocess.run(["dpkg-query", "-L", *packages], capture_output=True, text=True, check=True).stdout.splitlines()
        files = sorted({line for line in listed if line.startswith("/") and line != "/." and not LEFT_OUT.match(line) and os.path.lexists(line)})
        reader = subprocess.Popen(["tar", "-C", "/", "--no-recursion", "-T", "-", "-cf", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        writer = subprocess.Popen(["tar", "-C", self.root, "--keep-directory-symlink", "-xpf", "-"], stdin=reader.stdout)
        reader.stdin.write("".join(f".{name}\n" for name in files).encode())
        reader.stdin.close()
        assert writer.wait() == 0 and reader.wait() == 0
        os.makedirs(self.path("/usr/share/fonts"), exist_ok=True)
        self.mount("--bind", "-o", "ro", "/usr/share/fonts", self.path("/usr/share/fonts"))

    def copy_books(self, packages):
        """dpkg knows of these packages and of no other."""
        with open("/var/lib/dpkg/status", encoding="utf-8") as file:
            stanzas = file.read().split("\n\n")
        kept = [stanza for stanza in stanzas if (found := re.match(r"Package: (\S+)", stanza.strip())) and found.group(1) in packages]
        self.write("/var/lib/dpkg/status", "\n\n".join(kept) + "\n")
        for folder in ("info", "updates", "triggers", "parts", "alternatives"):
            os.makedirs(self.path("/var/lib/dpkg/" + folder), exist_ok=True)
        for name in os.listdir("/var/lib/dpkg/info"):
            if name == "format" or re.sub(r"(:\w+)?\.\w+$", "", name) in packages and name.endswith((".list", ".md5sums", ".conffiles")):
                shutil.copy(f"/var/lib/dpkg/info/{name}", self.path("/var/lib/dpkg/info"))

    def begin(self):
        """What the scripts of the packages would have left."""
        for name in ("passwd", "group"):
            shutil.copy(f"/usr/share/base-passwd/{name}.master", self.path(f"/etc/{name}"))
        self.write("/etc/shadow", "root:*:20000:0:99999:7:::\n", 0o640)
        self.write("/etc/gshadow", "root:*::\n", 0o640)
        self.write("/etc/hosts", "127.0.0.1 localhost\n")
        for kind in ("auth", "account", "password", "session", "session-noninteractive"):
            self.write(f"/etc/pam.d/common-{kind}", f"{kind.partition('-')[0]} required pam_permit.so\n")
        for folder in ("/proc", "/dev", "/sys", "/run/systemd/system", "/var/log", "/var/lib", "/var/backups", "/root"):
            os.makedirs(self.path(folder), exist_ok=True)
        for folder in ("/tmp", "/var/tmp"):
            os.makedirs(self.path(folder), exist_ok=True)
            os.chmod(self.path(folder), 0o1777)
        self.mount("-t", "proc", "proc", self.path("/proc"))
        self.mount("--rbind", "/dev", self.path("/dev"))
        shutil.copy(SYSTEMCTL, self.path("/usr/bin/systemctl"))
        self.run("ldconfig")

    def run(self, *command, as_user=None, fails=False, stdin=None, env=None):
        """As root, or as a user, with the environment of nobody; its standard output."""
        inside = ["runuser", "-u", as_user, "--", *command] if as_user else [*command]
        result = subprocess.run(["chroot", self.root, *inside], capture_output=True, text=True, timeout=120, input=stdin if stdin is not None else "",
                                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", **(env or {})})
        assert (result.returncode != 0) == fails, (command, result.returncode, result.stdout, result.stderr)
        return result.stdout + result.stderr if fails else result.stdout

    def dpkg(self, action, *what):
        """With the packages of this machine's folders, which the system does not see."""
        inside = []
        for one in what:
            if one.endswith(".deb"):
                shutil.copy(one, self.path("/tmp"))
                one = f"/tmp/{os.path.basename(one)}"
            inside.append(one)
        return self.run("dpkg", action, *inside)

    def asked(self):
        """What the service manager was asked for since the last look."""
        path = self.path("/run/systemctl.log")
        lines = self.read("/run/systemctl.log").splitlines() if os.path.exists(path) else []
        self.write("/run/systemctl.log", "")
        return lines

    def owner(self, path):
        """(user, group, mode) by this system's own names."""
        status = os.stat(self.path(path))
        users = {line.split(":")[2]: line.split(":")[0] for line in self.read("/etc/passwd").splitlines()}
        groups = {line.split(":")[2]: line.split(":")[0] for line in self.read("/etc/group").splitlines()}
        return users[str(status.st_uid)], groups[str(status.st_gid)], status.st_mode & 0o7777
