"""A disk that is full: the reserve, the refusals in words, and that nobody is dropped. On a small file system of its own, in a mount namespace of
its own; where that is forbidden, it says so and is no pass."""
import asyncio
import errno
import json
import os
import subprocess
import tempfile

import aiohttp
import webrtc
from own_mounts import own_mounts
from plenary import BINARY, Problem, Server, expect_problem, join, main

MIB = 1 << 20


class SmallDisk:
    """A folder on a file system of that size; `fill` leaves nothing."""

    def __init__(self, mib):
        self.folder = tempfile.mkdtemp(prefix="plenary-disk-")
        self.refused = own_mounts()
        if self.refused is None:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", self.folder], capture_output=True, text=True)
            self.refused = done.stderr.strip() if done.returncode else None
        self.fillers = 0

    def free(self):
        space = os.statvfs(self.folder)
        return space.f_bavail * space.f_frsize

    def take(self, size):
        """Takes so much, and says whether all of it was there."""
        self.fillers += 1
        with open(os.path.join(self.folder, f"filler-{self.fillers}"), "wb", buffering=0) as file:
            try:
                for _ in range(size // 4096):
                    if file.write(bytes(4096)) != 4096:
                        return False
            except OSError as error:
                assert error.errno == errno.ENOSPC, error
                return False
        return True

    def give_back(self):
        for number in range(1, self.fillers + 1):
            os.unlink(os.path.join(self.folder, f"filler-{number}"))
        self.fillers = 0

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)
        os.rmdir(self.folder)


async def ready(server):
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/readyz") as response:
        return response.status, await response.text()


async def told(live, state):
    """The newest word of the store is this one."""
    def newest():
        states = [notice["data"]["state"] for notice in live.notices if notice["notice"] == "store.changed"]
        return states and states[-1] == state
    await live.until(newest, timeout=20)


async def send(server, token, status):
    async with server.http() as http:
        async with http.post(f"{server.url}/api/v1/meetings/demo/documents", data=b"x" * 1000, headers={"Authorization": f"Bearer {token}",
                             "Content-Type": "text/plain"}) as response:
            assert response.status == status, (response.status, await response.text())
            return await response.json()


async def through_a_full_disk(server, disk):
    chair, technician = await join(server, "chair"), await join(server, "technician")
    delegate_token = server.token("delegate", delegation="FRA")
    speaker = await webrtc.Client.join(server, delegate_token, hertz=900)
    listener = await webrtc.Client.join(server, "listener")
    await chair.command("floor.give", participant=speaker.me)
    interpreter = await webrtc.Client.join(server, "interpreter", language="fr", hertz=1500)
    await interpreter.live.command("desk.microphone", state="on")
    await listener.live.command("listen.set", slot="language", channel="fr")
    french = listener.ears["language"]
    await french.until(lambda: french.level(1500) > -40)
    ear = listener.ears["floor_1"]
    await ear.until(lambda: ear.level(900) > -40)
    control = server.pid_of("control")
    assert await ready(server) == (200, "ready\n")

    # Little is left: a warning, and nothing else changes.
    assert disk.take(disk.free() - 12 * MIB)
    for live in (chair, technician):
        await told(live, "low")
    assert await ready(server) == (200, "ready; the disk will be full\n")
    await send(server, chair.token, 201)

    # Somebody takes everything: the reserve makes room, and the sitting goes to its end.
    assert not disk.take(100 * MIB)
    for number in range(20):
        await chair.command("list.close" if number % 2 == 0 else "list.open")
    for live in (chair, technician):
        await told(live, "reserve")
    assert await ready(server) == (200, "ready; the disk is full, the reserve is being used\n")
    assert disk.free() > 2 * MIB and "reserve" not in os.listdir(server.data)
    assert (await send(server, chair.token, 507))["type"].endswith("/storage")

    # And everything again: nothing can be written. What is asked for is refused in words, and does not come late.
    while disk.take(MIB):
        pass
    events = chair.seq
    last, refused = "open", None
    while refused is None:  # what is left in the log's file is used up first
        wanted = "closed" if last == "open" else "open"
        try:
            await chair.command("list.close" if wanted == "closed" else "list.open")
            events, last = chair.seq, wanted
        except Problem as problem:
            refused = problem
    assert refused.slug == "storage", refused
    for live in (chair, technician):
        await told(live, "closed")
    status, words = await ready(server)
    assert status == 503 and "nothing can be written" in json.loads(words)["detail"], words
    # Nobody was dropped, nobody was restarted, and the sound goes on.
    heard = ear.frames
    await ear.until(lambda: ear.frames > heard + 25 and ear.level(900) > -40)
    # A mute interpreter gives way to the floor, and is back with the first sound.
    tone = interpreter.microphone.track
    tone.amplitude = 0
    await french.until(lambda: french.level(900) > -40)
    tone.amplitude = 0.3
    await french.until(lambda: french.level(1500) > -40 and french.level(900) < -60)
    # Their own microphone everybody closes: it is silent at once, and told when it is written.
    for one, words in ((interpreter, {"state": "off"}), (speaker, {})):
        refused = await expect_problem("storage", one.live.command("desk.microphone" if words else "floor.yield", **words))
        assert refused.problem["refusal"]["reason"] == "closed_unwritten", refused.problem
        if words:
            await french.until(lambda: french.level(900) > -40 and french.level(1500) < -60)
    await asyncio.sleep(0.5)
    heard = (ear.frames, french.frames)
    await asyncio.sleep(0.5)
    assert (ear.frames, french.frames) == heard
    assert all(live.closed is None for live in (chair, technician, speaker.live, listener.live, interpreter.live))
    assert server.pid_of("control") == control
    assert chair.seq == events

    # There is room: it goes on by itself, from what was acknowledged.
    disk.give_back()
    for live in (chair, technician):
        await told(live, "well")
    assert (await ready(server))[0] == 200
    # What everybody closed is written now, and nothing else of what was asked for.
    await chair.until(lambda: {"desk.changed", "microphone.closed"} <= {one["type"] for one in chair.events if one["seq"] > events})
    await expect_problem("conflict", speaker.live.command("floor.yield"))
    events = chair.seq
    await chair.command("list.open" if last == "closed" else "list.close")
    assert chair.seq > events and server.pid_of("control") == control
    newcomer = await join(server, "listener")
    assert newcomer.snapshot["list"] == ("open" if last == "closed" else "closed")
    await newcomer.close()
    await interpreter.close()
    await speaker.close()
    await listener.close()
    await chair.close()
    await technician.close()
    log = server.read_log()
    assert "process.died" not in log and '"store.closed"' in log and '"store.reopened"' in log, log[-2000:]
    result = subprocess.run(server.command("doctor", "--json"), capture_output=True, text=True, timeout=60)
    found = {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}
    assert found["database"]["verdict"] == "good", found


def test_a_sitting_on_a_full_disk():
    disk = SmallDisk(48)
    if disk.refused is not None:
        print(f"not tried: no file system of one's own here: {disk.refused}")
        return
    try:
        with Server("--set", "store.reserve_mib=8", "--set", "store.low_mib=16", data=os.path.join(disk.folder, "data")) as server:
            asyncio.run(asyncio.wait_for(through_a_full_disk(server, disk), 150))
            # It starts on a full disk too, by the room of its reserve.
            server.stop()
            assert "reserve" in os.listdir(server.data)
            while disk.take(MIB):
                pass
            server.start()
            assert asyncio.run(ready(server)) == (200, "ready; the disk is full, the reserve is being used\n")
    finally:
        disk.close()


def test_a_folder_that_cannot_be_written_is_told_as_that():
    def start(data, before=()):
        return subprocess.run([*before, BINARY, "serve", "--data", data, "--port", "18998"], capture_output=True, text=True, timeout=20)

    disk = SmallDisk(8)
    if disk.refused is not None:
        print(f"not tried: no file system of one's own here: {disk.refused}")
        return
    try:
        data = os.path.join(disk.folder, "data")
        os.mkdir(data)
        subprocess.run(["mount", "-o", "remount,ro", disk.folder], check=True)
        result = start(data)
        assert result.returncode == 1 and "Read-only" in result.stderr and "already" not in result.stderr, result
        subprocess.run(["mount", "-o", "remount,rw", disk.folder], check=True)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if os.geteuid() != 0 or subprocess.run([*nobody, "test", "-x", BINARY], check=False).returncode != 0:
            print("not tried as another user: there is none that reaches the binary")
            return
        os.chmod(disk.folder, 0o755)
        for mode, name in ((0o500, None), (0o700, "plenary.db")):
            os.chown(data, 65534, 65534)
            os.chmod(data, mode)
            if name is not None:  # the folder is ours, the database somebody else's
                with open(os.path.join(data, name), "w"):
                    pass
            result = start(data, nobody)
            assert result.returncode == 1 and "cannot be written" in result.stderr and "already" not in result.stderr, result
            assert name is None or name in result.stderr, result
    finally:
        disk.close()


main(globals())
