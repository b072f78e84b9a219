"""A process that hangs: noticed by its heartbeats, told, replaced; and who was only paused, or paused together with the watcher, is left alone."""
import asyncio
import json
import os
import signal
import socket
import time

from doors import Door
from plenary import Live, Server, join, main


async def ask_ready(server):
    async with server.http() as http, http.get(f"{server.url}/readyz") as response:
        return response.status, await response.text()


def entries(server, event):
    """The log's lines of this event, in order."""
    return [json.loads(line) for line in server.read_log().splitlines() if f'"{event}"' in line]


async def logged(server, event, count=1, timeout=30):
    async def look():
        while len(entries(server, event)) < count:
            await asyncio.sleep(0.02)  # looks again; nothing tells
        return entries(server, event)
    return await asyncio.wait_for(look(), timeout)


async def notice(live, name, timeout=30, **expected):
    def find():
        for one in live.notices:
            if one["notice"] == name and all(one["data"].get(key) == value for key, value in expected.items()):
                return one
        return None
    return (await live.until(find, timeout))["data"]


async def floor_is_heard(server):
    """A feed on the floor and who hears it, as new sessions; asks again for as long as the server says later."""
    token = server.token("technician")

    async def opened(make):
        while True:
            try:
                return await make()
            except Exception as refusal:
                if getattr(refusal, "status", 0) not in (409, 503):
                    raise
                await asyncio.sleep(0.1)  # as Retry-After asks, impatiently
    stage = await asyncio.wait_for(opened(lambda: Door.publish(server, token, "floor", 440)), 30)
    ear = await asyncio.wait_for(opened(lambda: Door.listen(server, token, "floor")), 30)
    await ear.ear.until(lambda: ear.ear.level(440) > -20, timeout=30)
    return stage, ear


async def close_all(*clients):
    for client in clients:
        await client.close()


def test_media_that_hangs_is_told_and_replaced():
    with Server("--set", "server.media_silence_ms=4000") as server:
        async def use():
            technician, listener = await join(server, "technician"), await join(server, "listener")
            stage, ear = await floor_is_heard(server)
            before = server.kill("media", signal.SIGSTOP)
            for live in (technician, listener):
                told = await notice(live, "sound.interrupted", over=False)
                assert abs(told["since"] - time.time() * 1000) < 60000, told
            status, words = await ask_ready(server)
            assert status == 503 and "does not answer" in words, (status, words)
            late = await join(server, "listener", language="fr")
            assert await notice(late, "sound.interrupted", over=False)
            replaced = (await notice(technician, "processes.changed"))["replaced"]
            assert [(one["process"], one["cause"]) for one in replaced] == [("media", "hung")], replaced
            for live in (technician, listener, late):
                await notice(live, "sound.interrupted", over=True)
                await notice(live, "media.lost")
            assert server.pid_of("media") not in (None, before)
            assert not [one for one in listener.notices if one["notice"] == "processes.changed"], listener.notices
            assert (await ask_ready(server))[0] == 200
            hung = entries(server, "process.hung")
            assert len(hung) == 1 and hung[0]["face"] == "media" and 4000 <= hung[0]["silent_ms"] <= 4400, hung
            await close_all(stage, ear)
            await close_all(*await floor_is_heard(server), technician, listener, late)
            # Who comes later is told what happened before.
            again = await join(server, "moderator")
            assert (await notice(again, "processes.changed"))["replaced"] == replaced
            await again.close()
        asyncio.run(asyncio.wait_for(use(), 120))


def test_by_default_media_is_replaced_within_three_seconds_of_silence():
    with Server() as server:
        async def use():
            before = server.kill("media", signal.SIGSTOP)
            hung = await logged(server, "process.hung")
            assert 2000 <= hung[0]["silent_ms"] <= 2400, hung  # by the supervisor's own count
            await logged(server, "media.started", count=2)
            assert server.pid_of("media") not in (None, before)
        asyncio.run(asyncio.wait_for(use(), 60))


def test_control_that_hangs_is_replaced_and_nothing_acknowledged_is_lost():
    with Server("--set", "server.control_silence_ms=1500") as server:
        async def use():
            chair, delegate = await join(server, "chair"), await join(server, "delegate")
            stage, ear = await floor_is_heard(server)
            await chair.command("list.close")
            await chair.command("list.open")
            await delegate.command("floor.request")
            await chair.event("request.added")
            acknowledged = chair.seq
            before = server.kill("control", signal.SIGSTOP)
            heard = ear.ear.frames
            await ear.ear.until(lambda: ear.ear.frames > heard + 25)  # sound needs no control
            await chair.send("list.close")  # nobody answers this one
            await delegate.until(lambda: delegate.closed is not None, timeout=60)
            hung = (await logged(server, "process.hung"))[0]
            assert hung["face"] == "control" and hung["loop"] == "loop" and 1500 <= hung["silent_ms"] <= 1900, hung
            await logged(server, "control.started", count=2)
            assert server.pid_of("control") not in (None, before)
            again = await Live(server, chair.token).open()
            assert again.seq >= acknowledged, f"acknowledged {acknowledged}, but the journal ends at {again.seq}"
            assert [request["participant"] for request in again.snapshot["requests"]] == [delegate.me], again.snapshot["requests"]
            technician = await join(server, "technician")
            replaced = (await notice(technician, "processes.changed"))["replaced"]
            assert [(one["process"], one["cause"]) for one in replaced] == [("control", "hung")], replaced
            heard = ear.ear.frames
            await ear.ear.until(lambda: ear.ear.frames > heard + 25)
            assert not entries(server, "media.stopping"), "media was touched"
            await close_all(stage, ear, again, technician)
            for live in (chair, delegate):
                await live.http.close()
        asyncio.run(asyncio.wait_for(use(), 120))


def test_media_that_comes_back_by_itself_goes_on():
    with Server("--set", "server.media_silence_ms=60000") as server:
        async def use():
            technician = await join(server, "technician")
            stage, ear = await floor_is_heard(server)
            pid = server.kill("media", signal.SIGSTOP)
            await notice(technician, "sound.interrupted", over=False)
            os.kill(pid, signal.SIGCONT)
            await notice(technician, "sound.interrupted", over=True)
            heard = ear.ear.frames
            await ear.ear.until(lambda: ear.ear.frames > heard + 25)
            assert server.pid_of("media") == pid
            assert not [one for one in technician.notices if one["notice"] in ("media.lost", "processes.changed")], technician.notices
            await close_all(stage, ear, technician)
        asyncio.run(asyncio.wait_for(use(), 120))


def test_time_in_which_the_supervisor_did_not_run_counts_for_nothing():
    """A machine that was held, or too busy to run anybody: all three stop, and the supervisor is the first to go on."""
    with Server("--set", "server.media_silence_ms=1000", "--set", "server.control_silence_ms=1000") as server:
        media, control = server.pid_of("media"), server.pid_of("control")
        held = [media, control, server.process.pid]
        for pid in reversed(held):
            os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, server.process.pid, os.WSTOPPED | os.WNOWAIT)
        time.sleep(2.5)  # the thing tried: longer than both limits together
        os.kill(server.process.pid, signal.SIGCONT)
        for pid in held[:2]:
            os.kill(pid, signal.SIGCONT)

        async def use():
            live = await join(server, "chair")
            await live.command("list.close")
            await live.close()
        asyncio.run(asyncio.wait_for(use(), 30))
        assert (server.pid_of("media"), server.pid_of("control")) == (media, control)
        assert not entries(server, "process.hung"), entries(server, "process.hung")


def datagrams(listening):
    """What has arrived so far."""
    found = []
    while True:
        try:
            found.append(listening.recv(4096).decode())
        except BlockingIOError:
            return found


def test_systemd_hears_of_life_only_while_both_live():
    with Server(demo=False) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        path = os.path.join(server.folder.name, "notify")
        listening.bind(path)
        listening.setblocking(False)
        os.environ.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        try:
            server.stop()
            server.start()

            async def good():
                said = []
                while said.count("WATCHDOG=1") < 5 or "READY=1" not in said:
                    said += datagrams(listening)
                    await asyncio.sleep(0.02)  # looks again
            asyncio.run(asyncio.wait_for(good(), 30))
            server.stop()
            assert datagrams(listening)[-1] == "STOPPING=1"
            # A control that dies whenever it begins: no life, however often it is started.
            server.options = ("--set", "http.tls=on", "--set", "http.certificate=/nonexistent", "--set", "http.key=/nonexistent")
            deaths = len(entries(server, "process.died"))
            server.start()

            async def bad():
                await logged(server, "process.died", deaths + 5)
                datagrams(listening)
                await logged(server, "process.died", deaths + 7)
                assert datagrams(listening) == []
            asyncio.run(asyncio.wait_for(bad(), 60))
        finally:
            del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]


main(globals())
