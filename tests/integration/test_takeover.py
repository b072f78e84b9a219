"""A new version takes over in a running sitting, by SIGHUP: control is another, media goes on and follows when nobody needs it. What cannot begin
changes nothing, and is told in words."""
import asyncio
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time

from plenary import BINARY, ROOT, Live, Server, join, main, wait_ready

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import ear  # noqa: E402
import voice  # noqa: E402
from doors import Door  # noqa: E402
from webrtc import Client  # noqa: E402

HERTZ = 450


class Installed(Server):
    """A server whose binary stands in a folder of its own, beside the page, so that it can be replaced."""

    def __init__(self, *options, **more):
        super().__init__(*options, **more)
        self.binary = os.path.join(self.folder.name, "build", "plenary")
        os.mkdir(os.path.dirname(self.binary))
        os.symlink(os.path.join(ROOT, "web"), os.path.join(self.folder.name, "web"))
        self.put_version()

    def command(self, *arguments):
        return [self.binary, *super().command(*arguments)[1:]]

    def put(self, write):
        """Another file takes the name, as by a package."""
        write(self.binary + ".new")
        os.rename(self.binary + ".new", self.binary)

    def put_version(self):
        self.put(lambda path: shutil.copy2(BINARY, path))

    def put_script(self, *lines):
        def write(path):
            with open(path, "w", encoding="ascii") as file:
                file.write("\n".join(("#!/bin/sh", *lines, "")))
            os.chmod(path, 0o755)
        self.put(write)

    def hang_up(self):
        os.kill(self.process.pid, signal.SIGHUP)

    def logged(self, event):
        lines = (json.loads(line) for line in self.read_log().splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == event]

    async def told(self, event, count=1, timeout=60):
        """The `count`-th line of this event, when it is there."""
        async def look():
            while len(self.logged(event)) < count:
                await asyncio.sleep(0.05)  # looks again; nothing tells
            return self.logged(event)[count - 1]
        return await asyncio.wait_for(look(), timeout)

    async def figures(self):
        async with self.http() as http, http.get(f"{self.url}/metrics") as response:
            lines = [line.rsplit(" ", 1) for line in (await response.text()).splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def pids(self):
        return self.pid_of("control"), self.pid_of("media")


async def goes_on(live):
    """The same page on a new connection, from the last number that it has."""
    await live.until(lambda: live.closed is not None)
    await live.http.close()
    again = await Live(live.server, live.token).open(after=live.seq)
    assert again.hello["resumed"] is True, again.hello
    again.seq = live.seq
    return again


class Sitting:
    """A delegate who has the floor and speaks, and a player that hears it. Use as `async with Sitting(server) as sitting`."""

    def __init__(self, server):
        self.server = server

    async def __aenter__(self):
        self.pace = voice.Pace()
        self.chair = await join(self.server, "chair")
        self.speaker = await Client.join(self.server, "delegate", listens=False)
        voice.refuse_media(self.speaker)
        self.pace.voices[self.speaker] = voice.Voice(self.speaker.microphone, self.speaker, HERTZ)
        await self.chair.command("floor.give", participant=self.speaker.me)
        self.door = Door(self.server, self.server.token("listener"), "/whep/demo/floor")
        self.heard = ear.Ear(self.door.peer.addTransceiver("audio", direction="recvonly").receiver)
        await self.door.open()
        voice.refuse_pictures(self.door)
        await self.heard.hears(HERTZ, 0, 20)
        return self

    async def __aexit__(self, *_):
        self.pace.task.cancel()
        await self.door.close()
        await self.speaker.close()
        await self.chair.close()


async def test_a_new_version_takes_over_in_a_sitting_and_media_follows():
    with Installed() as server:
        async with Sitting(server) as sitting:
            control, media = server.pids()
            since = 1e3 * time.time()
            await sitting.chair.command("list.close")
            server.put_version()
            server.hang_up()
            await sitting.chair.until(lambda: any(notice["notice"] == "server.stopping" for notice in sitting.chair.notices), timeout=30)
            # What comes while there is no control waits, and is answered by the new one.
            sitting.chair = await goes_on(sitting.chair)
            sitting.speaker.live = await goes_on(sitting.speaker.live)
            await sitting.chair.command("list.open")
            await sitting.speaker.live.event("list.changed", state="open")
            await server.told("supervisor.resumed")
            done = await server.told("takeover.done")
            assert server.pids() == (done["pid"], media) and done["pid"] != control, (server.pids(), done, control, media)
            await wait_ready(server)
            for _ in range(300):  # the supervisor looks at media a turn later
                figures = await server.figures()
                if figures["plenary_media_waits"] == 1:
                    break
                await asyncio.sleep(0.01)
            assert (figures["plenary_takeovers_total"], figures["plenary_media_waits"]) == (1, 1), figures
            await sitting.heard.hears(HERTZ, 1e3 * time.time(), 10)
            heard = sitting.heard.between(since, 1e3 * time.time())
            assert heard["missing"] == 0 and [run["hertz"] for run in heard["runs"]] == [HERTZ], heard
            await sitting.chair.command("floor.end_all")
            await sitting.chair.command("sitting.close")
            assert server.pid_of("media") == media
            assert not server.logged("media.follows"), "somebody was there"
        # Now nobody is there: media is the new version's too.
        await server.told("media.follows")
        await server.told("media.started", 2)
        await wait_ready(server)
        assert server.pid_of("media") not in (None, media)
        assert (await server.figures())["plenary_media_waits"] == 0
        assert not server.logged("process.died"), server.logged("process.died")
        chair = await join(server, "chair")
        await chair.command("sitting.open")
        await chair.close()


def datagrams(listening):
    found = []
    while True:
        try:
            found.append(listening.recv(4096).decode())
        except BlockingIOError:
            return found


async def test_what_cannot_begin_is_refused_in_words():
    server = Installed("--set", "server.control_silence_ms=2000")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(os.path.join(server.folder.name, "notify"))
    listening.setblocking(False)
    os.environ["NOTIFY_SOCKET"] = listening.getsockname()
    try:
        server.start()
    finally:
        del os.environ["NOTIFY_SOCKET"]

    def sql(text):
        subprocess.run(["sqlite3", f"{server.data}/plenary.db", text], check=True, timeout=20)
    try:
        before, refusals = server.pids(), 0
        chair = await join(server, "chair")

        async def refused(*words):
            nonlocal refusals
            datagrams(listening)
            server.hang_up()
            refusals += 1
            reason = (await server.told("takeover.refused", refusals))["reason"]
            assert all(word in reason for word in words), reason
            await chair.command("list.close")
            await chair.command("list.open")
            assert server.pids() == before, (server.pids(), before)
            said = "".join(datagrams(listening))
            assert said.endswith(f"READY=1\nSTATUS={reason}"), said
            return said
        server.put_script("exit 1")
        assert "RELOADING=1\nMONOTONIC_USEC=" in await refused("exit code 1")
        server.put_script("sleep 1000 & sleep 1000")
        await refused("in time")
        server.put_script("echo plenary 9.9; echo ready")
        await refused("does not say")
        os.remove(server.binary)
        await refused("No such file")
        server.put_version()
        sql("INSERT INTO schema_version VALUES (999)")
        await refused("a newer Plenary", "999")
        sql("DELETE FROM schema_version WHERE version = 999")
        assert (await server.figures())["plenary_takeovers_refused_total"] == refusals
        # It says that it could, speaks another language with media, and does not begin.
        server.put_script('[ "$2" = --check ] || exit 1', f"{BINARY} control --check | sed 's/^link .*/link 999/'")
        server.hang_up()
        undone = await server.told("takeover.undone")
        assert "the one before goes on" in undone["reason"], undone
        assert len(server.logged("media.replaced_at_once")) == 1
        await wait_ready(server)
        assert not set(server.pids()) & {*before, None}, (server.pids(), before)
        chair = await goes_on(chair)
        await chair.command("list.close")
        # The same, when the database is the new one's already: nothing is left but what comes next.
        server.put_script('[ "$2" = --check ] || exit 1', f"{BINARY} control --check",
                          "sqlite3 plenary.db 'INSERT INTO schema_version VALUES (999)'")
        server.hang_up()
        assert "999" in (await server.told("takeover.undone", 2))["reason"]
        sql("DELETE FROM schema_version WHERE version = 999")
        server.put_version()
        server.hang_up()
        await server.told("takeover.done")
        await wait_ready(server)
        chair = await goes_on(chair)
        await chair.command("list.open")
        await chair.close()
    finally:
        listening.close()
        server.stop()
        server.folder.cleanup()


async def test_asked_during_the_start_and_again_and_again():
    server = Installed()
    start = asyncio.get_running_loop().run_in_executor(None, server.start)
    try:
        while not os.path.exists(os.path.join(server.data, "server.lock")):
            await asyncio.sleep(0.01)  # looks again: from there on it hears
        server.hang_up()
        await start  # the links were printed, once
        await server.told("takeover.done")
        await wait_ready(server)
        chair = await join(server, "chair")
        done = len(server.logged("takeover.done"))
        for _ in range(2):
            server.hang_up()
            await server.told("takeover.asked", done + 1)
            server.hang_up()  # within the other
            await server.told("takeover.done", done + 2)
            done += 2
        await wait_ready(server)
        await (await goes_on(chair)).close()
        assert not server.logged("process.died") and not server.logged("takeover.refused"), server.read_log()
    finally:
        await asyncio.wait([start])
        server.stop()
        rest = server.process.returncode
        server.folder.cleanup()
    assert rest == 0, rest


def test_a_terminal_that_is_closed_ends_it():
    with Installed(demo=False) as server:
        server.stop()
        ours, theirs = os.openpty()

        def own_terminal():
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where who runs the tests must not hear it
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        server.log = open(os.path.join(server.folder.name, "server.log"), "ab")
        server.process = subprocess.Popen(server.command("serve"), stdout=subprocess.PIPE, stderr=server.log, preexec_fn=own_terminal)
        os.close(theirs)
        assert b"/begin#" in server.process.stdout.readline()
        os.close(ours)
        assert server.process.wait(20) == 0
        assert not server.logged("takeover.asked")


main(globals())
