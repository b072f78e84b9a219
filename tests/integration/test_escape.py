"""What a taken-over media or control process could reach: tests/escape takes on exactly the walls of each face, by the same functions, and tries to get out
of them, beside a running server whose processes and files are the prey. In `./run`'s form, by root and by a user without rights, and in the unit's.
"""
import asyncio
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from doors import Door
from plenary import BINARY, ROOT, Server, main

ESCAPE = os.path.join(os.path.dirname(BINARY), "tests", "escape", "escape")
UNIT_FORM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unit_form.py")
STRANGER = 61499  # a user without rights and without a name
STRANGERS = ["setpriv", "--reuid", str(STRANGER), "--regid", str(STRANGER), "--clear-groups"]

# What must get through without walls: otherwise nothing was tried at all.
FREE = {"report-key.pem", "plenary.db", "data-folder", "passwords", "any-program", "root-folder", "new-file", "looked-at", "signals", "fork", "clone3",
        "execve", "mmap-exec", "mprotect-exec", "memfd", "sockets", "unix-sockets"}
# And what the issue of the walls is: each must be among the refused.
MEDIA = FREE | {"process_vm_readv", "process_vm_writev", "ptrace", "pidfd_getfd", "io_uring", "execveat", "memory-of-others", "namespaces", "mounted", "rights"}
CONTROL = {"passwords", "root-folder", "new-file-outside", "memory-of-others", "process_vm_readv", "process_vm_writev", "ptrace", "pidfd_getfd", "signals",
           "fork", "clone3", "execve", "execveat", "mmap-exec", "mprotect-exec", "memfd", "sockets", "io_uring", "namespaces", "mounted", "rights"}


class FormedServer(Server):
    """A server whose command, and whatever else runs beside it, has `before` in front."""

    def __init__(self, before, data):
        super().__init__(data=data)
        self.before = before

    def command(self, *arguments):
        return [*self.before, *super().command(*arguments)]

    def beside(self, *command):
        return subprocess.run([*self.before, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def attempts(result):
    refused = set(re.findall(r"^refused (\S+): ", result.stdout, re.M))
    escaped = set(re.findall(r"^ESCAPED (\S+)", result.stdout, re.M))
    return refused, escaped


def entries(server, event):
    return [json.loads(line) for line in server.read_log().splitlines() if f'"{event}"' in line]


async def both_confined(server):
    """What the log says of both processes' walls: words for what is missing, empty for nothing."""
    async def look():
        while len(found := entries(server, "sandbox.complete") + entries(server, "sandbox.incomplete")) < 2:
            assert not entries(server, "sandbox.refused"), server.read_log()
            await asyncio.sleep(0.02)  # looks again; nothing tells
        return {entry["process"]: entry.get("missing", "") for entry in found}
    return await asyncio.wait_for(look(), 30)


def try_to_escape(server):
    pids = {"media": server.pid_of("media"), "control": server.pid_of("control")}
    for face, other, wanted in (("media", "control", MEDIA), ("control", "media", CONTROL)):
        prey = [server.data, str(pids[other]), str(server.process.pid)]
        result = server.beside(ESCAPE, face, *prey)
        refused, escaped = attempts(result)
        assert result.returncode == 0 and not escaped, (face, result.returncode, escaped, result.stderr[-2000:])
        assert wanted <= refused, (face, wanted - refused)
        old = server.beside(ESCAPE, face, *prey, "old-calls")
        assert old.returncode == -signal.SIGSYS and "ESCAPED" not in old.stdout, (face, old.returncode, old.stdout)
    return pids


def try_without_walls(server):
    prey = tempfile.mkdtemp(prefix="plenary-prey-")
    try:
        for name in ("report-key.pem", "plenary.db"):
            shutil.copy(os.path.join(server.data, name), prey)
        subprocess.run(["chmod", "-R", "a+rwX", prey], check=True)
        _, escaped = attempts(server.beside(ESCAPE, "free", prey, str(os.getpid() if os.geteuid() == 0 and not server.before else server.process.pid)))
        assert FREE <= escaped, FREE - escaped
    finally:
        shutil.rmtree(prey)


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return dict(re.findall(r"^(\S+):\s+(.*)$", file.read(), re.M))


def look_from_outside(pids, missing):
    """The processes themselves, as the kernel tells of them."""
    for face, pid in pids.items():
        status = status_of(pid)
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", (face, status)
        assert int(status["CapEff"], 16) & ~(0 if face == "media" else 2) == 0, (face, status["CapEff"])
    if os.geteuid() != 0:
        return
    assert os.readlink(f"/proc/{pids['media']}/ns/user") != os.readlink(f"/proc/{pids['control']}/ns/user") or "a user" in missing
    if "an empty root" not in missing:
        assert os.listdir(f"/proc/{pids['media']}/root") == []
    sockets = {os.readlink(path) for path in glob.glob(f"/proc/{pids['media']}/fd/*")}
    listening = set()
    for file in ("tcp", "tcp6"):
        with open(f"/proc/net/{file}", encoding="utf-8") as lines:
            listening |= {f"socket:[{line.split()[9]}]" for line in lines if line.split()[3] == "0A"}
    assert not sockets & listening, "media could answer browsers in control's place"


async def all_works(server):
    """Sound through media, a report with its fonts through control."""
    token = server.token("technician")
    stage = await Door.publish(server, token, "floor", 440)
    ear = await Door.listen(server, token, "floor")
    await ear.ear.until(lambda: ear.ear.level(440) > -20, timeout=30)
    async with server.http() as http:
        async with http.post(f"{server.url}/api/v1/session", json={"token": server.token("moderator")}) as response:
            session = (await response.json())["token"]
        async with http.get(f"{server.url}/api/v1/meetings/demo/report.pdf?language=zh", headers={"Authorization": f"Bearer {session}"}) as response:
            body = await response.read()
            assert response.status == 200 and body.startswith(b"%PDF"), (response.status, body[:200])
        async with http.get(f"{server.url}/") as response:
            assert response.status == 200
    for client in (stage, ear):
        await client.close()


def play(before, data, walls=True):
    with FormedServer(before, data) as server:
        missing = asyncio.run(both_confined(server))
        print("  missing:", missing)
        look_from_outside(try_to_escape(server), missing["media"])
        if walls:
            try_without_walls(server)
        asyncio.run(asyncio.wait_for(all_works(server), 90))
        doctor = json.loads(server.beside(BINARY, "doctor", "--json", "--data", server.data, "--port", str(server.port)).stdout)
        finding = next(one for one in doctor["findings"] if one["name"] == "confinement")
        assert (finding["verdict"] == "good") == (missing["media"] == ""), (finding, missing)
        assert missing["media"] in finding["words"], (finding, missing)
        return missing


def folder_for(user):
    folder = tempfile.mkdtemp(prefix="plenary-escape-")
    os.chown(folder, user, user)
    return folder


def test_as_whoever_runs_the_tests():
    play([], None)


def test_as_a_user_without_rights():
    if os.geteuid() != 0:
        print("  not tried: the first test was as one")
        return
    folder = folder_for(STRANGER)
    try:
        play(STRANGERS, os.path.join(folder, "data"))
    finally:
        shutil.rmtree(folder)


def test_as_the_unit():
    if os.geteuid() != 0 or not shutil.which("systemd-analyze"):
        print("  not tried: it needs root, and systemd-analyze")
        return
    folder = tempfile.mkdtemp(prefix="plenary-escape-", dir="/var/lib")
    try:
        missing = play([sys.executable, UNIT_FORM, folder], folder, walls=False)
        # What this machine gives a user without rights, it gives the unit: nothing in the unit stands against a wall.
        alone = subprocess.run([*STRANGERS, BINARY, "doctor", "--json"], capture_output=True, text=True, timeout=60)
        given = next(one for one in json.loads(alone.stdout)["findings"] if one["name"] == "confinement")["verdict"] == "good"
        assert not given or not any(missing.values()), missing
    finally:
        shutil.rmtree(folder)


def test_where_namespaces_are_forbidden():
    """As in a container: a user whom the namespace does not know may make none. The server starts with what is left, and says what is not."""
    if os.geteuid() != 0:
        print("  not tried: it needs root")
        return
    folder = folder_for(STRANGER)
    os.chmod(folder, 0o777)
    try:
        play([*STRANGERS, "unshare", "--user"], os.path.join(folder, "data"), walls=False)
    finally:
        shutil.rmtree(folder)


def test_it_can_be_switched_off():
    with Server("--set", "server.confinement=off") as server:
        asyncio.run(asyncio.wait_for(all_works(server), 90))
        assert len(entries(server, "sandbox.off")) == 2
        assert status_of(server.pid_of("media"))["Seccomp"] == "0"


assert os.path.exists(ESCAPE), f"{ESCAPE} is not built (ROOT is {ROOT})"
main(globals())
