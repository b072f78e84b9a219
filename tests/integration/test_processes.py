"""Killing control and media, stopping, starting again on the same data, the command line."""
import asyncio
import json
import signal
import subprocess

import aiohttp
from plenary import BINARY, Live, Server, join, main


async def wait_ready(server, timeout=10):
    """Until /readyz answers 200: the control process is there and connected to media."""
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{server.url}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as response:
                if response.status == 200:
                    return
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            pass
        assert asyncio.get_running_loop().time() < deadline, "not ready in time"
        await asyncio.sleep(0.02)  # polls an outside process's state


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


async def test_all_events_survive_a_kill_in_the_middle_of_writing(server):
    chair = await join(server, "chair")
    acknowledged = chair.seq
    try:
        for round_number in range(200):
            await chair.command("list.close" if round_number % 2 == 0 else "list.open")
            acknowledged = chair.seq
            if round_number == 60:
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


def test_a_second_server_on_the_same_folder_is_refused():
    with Server() as server:
        second = subprocess.run([BINARY, "serve", "--data", server.data, "--port", "18999"], capture_output=True, text=True, timeout=20)
        assert second.returncode != 0 and "already" in second.stderr, second.stderr


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
