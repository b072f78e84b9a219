"""The Debian package: built of what is built already, and installed, upgraded, removed and purged on a bare system that has what it depends on and
nothing else. That system is this machine's packages in a folder (bare.py); the machine itself is not touched."""
import asyncio
import glob
import json
import os
import re
import shutil
import subprocess

import aiohttp
from bare import Bare
from debian_package import BUILD, Built, version_of_tree
from plenary import ROOT, NotMeasured, main

PAGES = "/usr/share/man/man1"
PASSPHRASE = "a passphrase of some length"


def in_package(package):
    """Each path of it: (mode as ls shows it, owner, where a link leads)."""
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout.splitlines()
    for line in listed:
        mode, owner, _, _, _, path = line.split(None, 5)
        path, _, target = path.partition(" -> ")
        yield path.lstrip("."), mode, owner, target


def everything(system):
    """All paths of the system, but for what dpkg and logs keep for themselves."""
    left_out = ("proc", "dev", "sys", "tmp", "run", "var/lib/dpkg", "var/log", "var/cache", "usr/share/fonts")
    found = set()
    for folder, folders, files in os.walk(system.root):
        relative = os.path.relpath(folder, system.root)
        folders[:] = [name for name in folders if os.path.normpath(os.path.join(relative, name)) not in left_out]
        found |= {"/" + os.path.normpath(os.path.join(relative, name)) for name in folders + files}
    return found


async def fetch(path, port):
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


def as_packed(system, package):
    for path, mode, owner, target in in_package(package):
        assert owner == "root/root", (path, owner)
        if path in ("/etc/plenary/tls/",) or path == "/":
            continue
        if target:
            assert os.path.exists(os.path.join(system.path(os.path.dirname(path)), target)), (path, target)
            continue
        wanted = sum(1 << (8 - place) for place, letter in enumerate(mode[1:]) if letter != "-")
        assert system.owner(path.rstrip("/")) == ("root", "root", wanted), (path, mode, system.owner(path.rstrip("/")))
    assert system.run("dpkg", "--verify", "plenary") == ""


def every_command_has_its_page(system):
    said = system.run("plenary", "--help")
    commands = re.findall(r"^  ([a-z]+) ", said, re.M)
    assert {"serve", "doctor", "backup"} <= set(commands), said
    pages = {name.removesuffix(".gz") for name in os.listdir(system.path(PAGES)) if name.startswith("plenary")}
    assert pages == {"plenary.1", *(f"plenary-{command}.1" for command in commands)}
    for path in glob.glob(system.path("/usr/share/man/man*/plenary*.gz")):
        text = subprocess.run(["zcat", path], capture_output=True, check=True).stdout
        for form in ("-Tutf8", "-Tps"):
            checked = subprocess.run(["groff", "-t", "-man", "-ww", "-z", form], input=text, capture_output=True, timeout=60)
            assert checked.returncode == 0 and checked.stderr == b"", (path, checked.stderr.decode())
        name = os.path.basename(path).rsplit(".", 2)[0]
        indexed = subprocess.run(["lexgrog", path], capture_output=True, text=True, timeout=60).stdout
        assert f'"{name} - ' in indexed, (path, indexed)
    told = system.run("plenary", "serve", "--help")
    for page, words in (("man1/plenary-serve.1", r"^  (--[a-z-]+)"), ("man5/plenary.yaml.5", r"^  ([a-z_]+\.[a-z_0-9]+) ")):
        text = subprocess.run(["zcat", system.path(f"/usr/share/man/{page}.gz")], capture_output=True, text=True, check=True).stdout
        named = re.findall(words, told, re.M)
        assert len(named) > 5 and not [name for name in named if name.replace("-", "\\-") not in text], (page, named)
    # What is written by hand is of a command that there is.
    by_hand = {name.removesuffix(".man") for name in os.listdir(os.path.join(ROOT, "packaging", "man"))}
    assert by_hand <= {"plenary", "plenary.yaml", *commands}, by_hand


def installed(system, package):
    before = everything(system)
    system.dpkg("-i", package)
    assert system.asked() == ["daemon-reload"], "nothing is started or enabled"
    as_packed(system, package)
    assert system.owner("/etc/plenary/tls") == ("root", "plenary", 0o750)
    assert system.owner("/var/lib/plenary") == ("plenary", "plenary", 0o700)
    assert system.owner("/var/backups/plenary") == ("root", "root", 0o700)
    assert os.listdir(system.path("/var/lib/plenary")) == []
    system.dpkg("-i", package)  # once more: it is there, and stays as it is
    system.run("/var/lib/dpkg/info/plenary.postinst", "configure", version_of_tree())
    return before


def doctor(system):
    said = system.run("plenary", "doctor", as_user="plenary")
    assert "FAILED" not in said and "/usr/share/plenary/web" in said, said
    return said


def at_work(system):
    """An operator's configuration, an account, and a server that answers from the installed paths."""
    doctor(system)
    configuration = system.read("/etc/plenary/plenary.yaml").replace("# port: 443", "port: 4443")
    assert "  port: 4443" in configuration
    system.write("/etc/plenary/plenary.yaml", configuration)
    system.run("plenary", "demo", as_user="plenary")
    system.run("plenary", "user", "add", "--account", "a.keita", "--name", "Awa Keita", as_user="plenary", stdin="a password of some length\n")
    system.run("systemctl", "start", "plenary")
    assert asyncio.run(fetch("/readyz", 4443))[0] == 200
    assert "<title>" in asyncio.run(fetch("/", 4443))[1]
    running = os.readlink(f"/proc/{main_process(system)}/exe")
    assert running.endswith("/usr/bin/plenary"), running
    report = system.run("sh", "-c", "runuser -u plenary -- plenary report demo --pdf --language zh | head -c 5")
    assert report == "%PDF-", report
    return configuration


def main_process(system):
    return int(system.read("/run/plenary.service.pid"))


def accounts(system):
    return system.run("plenary", "user", "list", as_user="plenary")


def upgraded(system, package, configuration):
    before = main_process(system)
    system.asked()
    system.dpkg("-i", package)
    asked = system.asked()
    assert "daemon-reload" in asked and "try-reload-or-restart plenary.service" in asked, asked
    assert system.read("/etc/plenary/plenary.yaml") == configuration, "the operator's configuration is kept"
    assert system.owner("/etc/plenary/tls") == ("root", "plenary", 0o750)
    assert asyncio.run(fetch("/readyz", 4443))[0] == 200 and "a.keita" in accounts(system)
    # Whoever runs now runs the new file, and the old one is gone.
    children = subprocess.run(["pgrep", "-P", str(main_process(system)), "-f", "plenary control"], capture_output=True, text=True).stdout.split()
    for process in children:
        assert not os.readlink(f"/proc/{process}/exe").endswith("(deleted)"), process
    assert children, before


def removed(system, configuration):
    system.asked()
    system.run("dpkg", "-r", "plenary")
    assert "stop plenary-backup.timer plenary.service" in system.asked()
    assert not os.path.exists(system.path("/run/plenary.service.pid"))
    assert not os.path.exists(system.path("/usr/bin/plenary")) and not os.path.exists(system.path("/usr/share/plenary"))
    assert system.read("/etc/plenary/plenary.yaml") == configuration
    assert os.path.exists(system.path("/var/lib/plenary/plenary.db"))


def purged(system, before):
    system.write("/etc/plenary/passphrase", PASSPHRASE + "\n", 0o600)
    system.write("/var/backups/plenary/a.backup", "of the operator")
    system.write("/etc/plenary/tls/key.pem", "of the server")
    system.run("systemctl", "enable", "plenary")
    system.run("dpkg", "-P", "plenary")
    kept = {"/etc/plenary", "/etc/plenary/passphrase", "/var/backups/plenary", "/var/backups/plenary/a.backup"}
    left = {path for path in everything(system) - before if not re.match(r"/etc/((passwd|group|shadow|gshadow|subuid|subgid)-?|\.pwd\.lock)$", path)}
    assert left - {"/etc/systemd/system/multi-user.target.wants"} == kept, left
    assert "plenary" in system.read("/etc/passwd"), "its number is not given to another"


def test_installed_upgraded_removed_and_purged():
    package = Built.package()
    with Bare(package) as system:
        before = installed(system, package)
        every_command_has_its_page(system)
        configuration = at_work(system)
        upgraded(system, Built.package(version_of_tree() + ".1"), configuration)
        removed(system, configuration)
        system.dpkg("-i", package)
        assert "a.keita" in accounts(system), "what was kept is there again"
        assert system.owner("/etc/plenary/tls") == ("root", "plenary", 0o750)
        purged(system, before)


def test_a_package_is_what_the_tree_says():
    """The version stands in meson.build alone; the same tree gives the same bytes."""
    package = Built.package()
    fields = subprocess.run(["dpkg-deb", "-f", package, "Version", "Depends"], capture_output=True, text=True, check=True).stdout
    assert f"Version: {version_of_tree()}\n" in fields and "libsqlite3-0" in fields and "fonts-noto-core" in fields, fields
    with open(package, "rb") as file:
        first = file.read()
    with open(Built.package(again=True), "rb") as file:
        assert file.read() == first
    for wrong in ("", "1 2", "../1"):
        result = subprocess.run([os.path.join(ROOT, "packaging", "build"), "--as-built", BUILD, "--version", wrong], capture_output=True, text=True)
        assert result.returncode != 0, wrong


def test_lintian_finds_nothing():
    """Where there is one; Debian's own opinion of a package."""
    if not shutil.which("lintian"):
        raise NotMeasured("not tried: there is no lintian here")
    result = subprocess.run(["lintian", "--fail-on", "error,warning", Built.package()], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


def container_lines():
    with open(os.path.join(ROOT, "packaging", "Containerfile"), encoding="utf-8") as file:
        text = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", file.read(), flags=re.M))
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def last_stage(lines):
    return lines[max(number for number, (word, _) in enumerate(lines) if word == "FROM") + 1:]


def test_the_container_recipe_reads_well():
    """It cannot be built without a registry; what it says can be read."""
    lines = container_lines()
    assert [rest.split()[0] for word, rest in lines if word == "FROM"] == ["docker.io/library/debian:12", "docker.io/library/debian:12-slim"]
    with open(os.path.join(ROOT, ".dockerignore"), encoding="utf-8") as file:
        ignored = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    last = last_stage(lines)
    users = [rest for word, rest in last if word == "USER"]
    assert users and re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]), "a number that is not root's: without it an orchestrator cannot tell"
    assert ["EXPOSE", "8443/tcp 8443/udp"] in last and ["VOLUME", "/var/lib/plenary"] in last and not [rest for word, rest in last if word == "HEALTHCHECK"]
    for source in (source for word, rest in lines if word == "COPY" and "--from" not in rest for source in rest.split()[:-1]):
        assert os.path.exists(os.path.join(ROOT, source)) and source not in ignored, source
    # What the build needs is what packaging/build installs: the lists of tools/dependencies.sh, which ./run is tried with.
    wanted = {name for word, rest in lines if word == "RUN" for part in re.findall(r"apt-get install([^&|;]*)", rest) for name in part.split()
              if re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", name)}
    with open(os.path.join(ROOT, "tools", "dependencies.sh"), encoding="utf-8") as file:
        known = set(re.findall(r"^([a-z0-9.+-]+):", file.read(), re.M))
    assert wanted <= known, wanted - known


APT_GET = """#!/bin/sh
# Stands for apt-get: what is a file is installed, what has a name is here already.
for package in "$@"; do
    case $package in
        *.deb) dpkg -i "$package" || exit 100 ;;
    esac
done
"""


async def is_ready_over_tls(port):
    deadline = asyncio.get_running_loop().time() + 60
    while True:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"https://127.0.0.1:{port}/readyz", ssl=False) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        assert asyncio.get_running_loop().time() < deadline, "not in time"
        await asyncio.sleep(0.05)  # polls an outside process's state


def test_the_containers_last_stage_runs_without_root():
    """Each line of it, on a bare system instead of the image it begins with, up to the command, without a capability."""
    package = Built.package()
    lines = last_stage(container_lines())
    with Bare(package, "ca-certificates") as system:
        system.write("/usr/bin/apt-get", APT_GET, 0o755)
        shutil.rmtree(system.path("/run/systemd"))
        for word, rest in lines:
            if word == "COPY":
                assert rest == "--from=build /tmp/plenary_*.deb /tmp/", rest
                shutil.copy(package, system.path("/tmp"))
            elif word == "RUN":
                system.run("sh", "-c", rest)
        user, group = next(rest for word, rest in lines if word == "USER").split(":")
        command = json.loads(next(rest for word, rest in lines if word == "CMD"))
        assert [name for name in os.listdir(system.path("/tmp")) if name.endswith(".deb")] == [] and system.owner("/var/lib/plenary")[0] == "plenary"
        process = subprocess.Popen(["/usr/sbin/chroot", system.root, "setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--bounding-set=-all", "--inh-caps=-all",
                                    "--no-new-privs", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={"PATH": "/usr/bin:/bin", "PLENARY_HTTP_HOST": "meetings.example.org", "PLENARY_MEDIA_CANDIDATES": "203.0.113.7"})
        try:
            asyncio.run(is_ready_over_tls(8443))
        finally:
            process.terminate()
            assert process.wait(30) == 0


main(globals())
