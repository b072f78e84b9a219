"""Killing control and media, stopping, starting again on the same data, the command line."""
import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile

import aiohttp
import webrtc
from measure import private_bytes
from plenary import BINARY, Live, Server, join, main, wait_ready


async def test_control_is_killed_and_the_meeting_resumes(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    await delegate.command("floor.request")
    await chair.event("request.added", timeout=10)
    last = delegate.seq
    before = server.kill("control")
    await delegate.until(lambda: delegate.closed is not None)
    await wait_ready(server)
    assert server.pid_of("control") not in (None, before)
    again = await Live(server, delegate.token).open(after=last)
    assert again.hello["resumed"] is True
    chair2 = await Live(server, chair.token).open()
    requests = [request["participant"] for request in chair2.snapshot["requests"]]
    assert requests == [delegate.me], requests
    await chair2.command("floor.give", participant=delegate.me)
    assert await again.event("microphone.opened", participant=delegate.me)
    for live in (again, chair2):
        await live.close()
    for live in (chair, delegate):
        await live.http.close()


async def test_media_is_killed_and_pages_are_told(server):
    await wait_ready(server)
    listener = await join(server, "listener")
    before = server.kill("media")
    await listener.until(lambda: any(notice["notice"] == "media.lost" for notice in listener.notices), timeout=3)
    assert server.pid_of("media") not in (None, before)
    await listener.close()


def start_with_media_held(server, notify):
    """Starts the server and stops the media process on its first instructions; gives its id."""
    server.log = open(os.path.join(server.folder.name, "server.log"), "ab")
    server.process = subprocess.Popen(server.command("serve", "--demo"), stdout=subprocess.PIPE, stderr=server.log,
                                      env={**os.environ, "NOTIFY_SOCKET": notify})
    path = f"/proc/{server.process.pid}/task/{server.process.pid}/children"
    while True:
        with open(path) as file:
            children = file.read().split()
        if children:  # media is started first
            os.kill(int(children[0]), signal.SIGSTOP)
            return int(children[0])


async def test_ready_means_media_too():
    server = Server()
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(os.path.join(server.folder.name, "notify"))
    notify.setblocking(False)
    media = start_with_media_held(server, notify.getsockname())
    loop = asyncio.get_running_loop()
    printed = loop.run_in_executor(None, server.process.stdout.readline)
    try:
        async with aiohttp.ClientSession() as http:
            async def ask():
                try:
                    async with http.get(f"{server.url}/readyz") as response:
                        return response.status, await response.text()
                except aiohttp.ClientError:
                    return None, ""
            status = None
            while status is None:  # the page is there
                status, words = await ask()
            assert status == 503 and "media" in words, (status, words)
            # Whoever knows the address comes in now, and asks for sound.
            waiting = asyncio.ensure_future(webrtc.Client.join(server, server.token("listener")))
            early = await join(server, "chair")
            assert (await ask())[0] == 503 and not printed.done() and not waiting.done()
            try:
                raise AssertionError(f"the service manager was told {notify.recv(100)}")
            except BlockingIOError:
                pass
            os.kill(media, signal.SIGCONT)
            listener = await waiting  # it was never told that there is no sound
            assert (await loop.sock_recv(notify, 100)).startswith(b"READY=1")
            await printed
            assert (await ask()) == (200, "ready\n")
            for one in (listener, early):
                await one.close()
    finally:
        os.kill(media, signal.SIGCONT)
        server.stop()
        server.folder.cleanup()


async def test_all_events_survive_a_kill_in_the_middle_of_writing(server):
    chair = await join(server, "chair")
    acknowledged = chair.seq
    try:
        for round_number in range(200):
            await chair.command("list.close" if round_number % 2 == 0 else "list.open")
            acknowledged = chair.seq
            if round_number == 30:  # within the burst that one client is allowed
                server.kill("control")
    except (RuntimeError, ConnectionError, aiohttp.ClientError):
        pass
    await wait_ready(server)
    again = await Live(server, chair.token).open()
    assert again.seq >= acknowledged, f"acknowledged {acknowledged}, but the journal ends at {again.seq}"
    await again.close()
    await chair.http.close()


def test_it_stops_and_starts_again_on_the_same_data():
    with Server() as server:
        async def use():
            chair = await join(server, "chair")
            await chair.command("list.close")
            await chair.close()
            return chair.token
        token = asyncio.run(use())
        server.stop()
        assert server.process.returncode == 0, server.process.returncode
        server.start()

        async def look():
            live = await Live(server, token).open()
            assert live.snapshot["list"] == "closed", live.snapshot["list"]
            await live.close()
        asyncio.run(look())


def memory_at_rest(connections, peers):
    with Server("--set", f"http.connections_max={connections}", "--set", f"media.peers_max={peers}") as server:
        asyncio.run(wait_ready(server))
        return {face: private_bytes(server.pid_of(face)) for face in ("control", "media")}


def test_room_that_nobody_uses_costs_no_memory():
    small, large = memory_at_rest(1024, 1024), memory_at_rest(16384, 16384)
    for face, size in large.items():
        assert size < small[face] + 3_000_000, (face, small, large)


def test_a_second_server_on_the_same_folder_is_refused():
    with Server() as server:
        second = subprocess.run([BINARY, "serve", "--data", server.data, "--port", "18999"], capture_output=True, text=True, timeout=20)
        assert second.returncode != 0 and "already" in second.stderr, second.stderr


def test_it_does_not_start_without_its_page():
    """What is missing is said once, and nothing is started over and over."""
    with tempfile.TemporaryDirectory(prefix="plenary-page-") as folder:
        page = os.path.join(folder, "page")
        for make in (lambda: None, lambda: os.mkdir(page), lambda: os.symlink("nowhere", os.path.join(page, "index.html"))):
            make()
            result = subprocess.run([BINARY, "serve", "--data", os.path.join(folder, "data"), "--port", "18999", "--set", f"http.web_root={page}"],
                                    capture_output=True, text=True, timeout=20)
            assert result.returncode == 1, result
            assert "http.web_root" in result.stderr and f"{page}/index.html" in result.stderr and result.stderr.count("\n") == 1, result


async def test_a_page_that_is_lost_later_ends_no_meeting():
    """The files are moved while the server runs, and control begins anew: who has the page goes on."""
    with tempfile.TemporaryDirectory(prefix="plenary-page-") as folder:
        page = os.path.join(folder, "page")
        os.mkdir(page)
        with open(os.path.join(page, "index.html"), "w", encoding="ascii") as file:
            file.write("<p>the page")
        with Server("--set", f"http.web_root={page}") as server:
            await wait_ready(server)
            chair = await join(server, "chair")
            os.rename(page, page + ".old")
            server.kill("control")
            await chair.until(lambda: chair.closed is not None)
            await wait_ready(server)
            again = await Live(server, chair.token).open(after=chair.seq)
            assert again.hello["resumed"] is True
            async with server.http() as http, http.get(f"{server.url}/") as response:
                assert response.status == 404 and response.content_type == "application/problem+json"
            await again.close()
            await chair.http.close()


def test_the_doctor_examines_a_running_server_and_finds_an_edited_journal():
    with Server() as server:
        def doctor():
            result = subprocess.run(server.command("doctor", "--json"), capture_output=True, text=True, timeout=60)
            return result.returncode, {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}
        code, findings = doctor()
        assert code == 0, findings
        assert findings["tcp port"]["verdict"] == "good" and findings["udp port"]["verdict"] == "good", findings
        assert findings["database"]["verdict"] == "good", findings
        server.stop()

        def sql(text):
            result = subprocess.run(["sqlite3", f"{server.data}/plenary.db", text], capture_output=True, text=True)
            return result.returncode, result.stdout + result.stderr
        edit = "UPDATE journal SET data = replace(data, 'a', 'b') WHERE seq = 3"
        code, words = sql(edit)
        assert code != 0 and "append-only" in words, words  # an honest tool cannot
        _, triggers = sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'")
        for trigger in triggers.split():
            sql(f"DROP TRIGGER {trigger}")
        code, words = sql(edit)
        assert code == 0, words
        code, findings = doctor()
        assert code != 0 and findings["database"]["verdict"] == "failed" and "3" in findings["database"]["words"], findings


def test_every_command_explains_itself():
    for command in ("serve", "demo", "doctor", "token", "user"):
        result = subprocess.run([BINARY, command, "--help"], capture_output=True, text=True, timeout=20)
        assert result.returncode == 0 and "Usage" in result.stdout, (command, result)
    assert subprocess.run([BINARY, "nonsense"], capture_output=True, timeout=20).returncode == 2
    assert subprocess.run([BINARY, "serve", "--set", "no.such=1"], capture_output=True, timeout=20).returncode == 2


def test_interrupting_stops_within_seconds():
    with Server() as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(15) == 0
        log = server.read_log()
        assert '"control.stopped"' in log and '"media.stopped"' in log, log
        assert "process.died" not in log, log


main(globals())
