"""`plenary load` against a WHIP and WHEP server: what it counts is true, and it says what goes wrong."""
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

from plenary import BINARY, ROOT, Heartbeat, free_port, main

FRONT = os.path.join(ROOT, "tests", "support", "whip_front.py")
TOKEN = "opensesame"


class Front:
    """A WHIP and WHEP server of its own (tests/support/whip_front.py)."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, FRONT, BINARY, "--token", TOKEN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        _, self.port, self.pid = self.process.stdout.readline().split()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.sessions_at_end()

    def url(self, door):
        return f"http://127.0.0.1:{self.port}/{door}/floor"

    def sessions_at_end(self):
        """Ends it; how many sessions nobody had deleted."""
        self.process.terminate()
        word, count = self.process.stdout.readline().split()
        self.process.wait(10)
        assert word == "sessions"
        return int(count)


def arguments(front, *more, token=TOKEN, publishers=1):
    return [BINARY, "load", "--json", "--token", token, "--whip", front.url("whip"), "--whep", front.url("whep"), "--publishers", str(publishers), *more]


def load(*command):
    return measured_load(*command)[:3]


def measured_load(*command):
    with Heartbeat() as beat:
        result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return result.returncode, json.loads(result.stdout) if result.stdout else None, result.stderr, beat


def test_twenty_listeners_hear_everything():
    with Front() as front:
        code, seen, words, beat = measured_load(*arguments(front, "--listeners", "20", "--duration", "3", "--sample", "1", "--pid", front.pid))
        assert code == 0, words
        assert seen["listeners_joined"] == 20 and seen["publishers_joined"] == 1 and seen["gcm"] == 21 and seen["cm"] == 0, seen
        steady = seen["steady"]
        # 50 packets a second for each; a machine under other load may shift the edges by some.
        beat.promise(20 * 145 <= steady["packets"] <= 20 * 155 and 20 * 2.9 <= steady["sound_s"] <= 20 * 3.1, 0.1, steady)
        assert steady["lost"] == 0 and steady["frames_lost"] == 0 and steady["unopened"] == 0 and steady["duplicates"] == 0, steady
        assert steady["frames"] == steady["packets"], steady
        assert 0 < steady["delay_ms"]["p50"] <= steady["delay_ms"]["p99"], steady
        assert 0 < seen["join_ms"]["p50"] <= seen["first_packet_ms"]["max"], seen
        assert seen["silent"] == 0 and seen["ended"] == 0 and seen["not_deleted"] == 0, seen
        assert "listeners 20 of 20" in words, words
        assert front.sessions_at_end() == 0


def test_what_the_server_uses():
    with Front() as front:
        code, seen, words, beat = measured_load(*arguments(front, "--listeners", "100", "--duration", "2", "--pid", front.pid, "--server-core", "0"))
        assert code == 0, words
        server, core = seen["server"], seen["core"]
        assert 0.01 <= server["user_s"] + server["system_s"] < 4, server
        assert 0.2 < server["us_per_packet"] < 1000 and abs(server["us_per_packet"] - server["us_per_20_ms"]) < 0.1 * server["us_per_packet"], server
        assert server["memory_bytes"] > 1 << 20 and server["memory_bytes_per_client"] > 1 << 10, server
        beat.promise(1.5 < sum(core.values()) < 2.5, 0.5, core)


def test_the_older_cipher_and_long_packets():
    with Front() as front:
        code, seen, words, beat = measured_load(*arguments(front, "--listeners", "4", "--duration", "2", "--sample", "2", "--cipher", "cm", "--frame-ms", "60"))
        assert code == 0, words
        assert seen["cm"] == 5 and seen["gcm"] == 0, seen
        steady = seen["steady"]
        assert steady["lost"] == 0, steady
        beat.promise(4 * 30 <= steady["packets"] <= 4 * 37 and 4 * 1.8 <= steady["sound_s"] <= 4 * 2.2, 0.2, steady)
        # Half of the listeners are looked into, and each packet has three frames.
        assert abs(steady["frames"] - 3 * steady["packets"] / 2) <= 12 and steady["frames_lost"] == 0, steady


def test_a_wrong_token():
    with Front() as front:
        code, seen, words = load(*arguments(front, "--listeners", "3", token="wrong"))
        assert code == 1, words
        assert seen["publishers_failed"] == 1 and seen["listeners_joined"] == 0 and not seen["measured"], seen
        assert seen["failures"] == [{"count": 1, "reason": "HTTP status 401: sign in first"}], seen
        code, seen, words = load(*arguments(front, "--listeners", "3", "--whep-token", "wrong"))
        assert code == 1 and seen["publishers_joined"] == 1 and seen["listeners_failed"] == 3, seen
        assert front.sessions_at_end() == 0


def test_a_dead_server():
    url = f"http://127.0.0.1:{free_port()}/whep/floor"
    code, seen, words = load(BINARY, "load", "--json", "--whep", url, "--listeners", "2")
    assert code == 1, words
    assert seen["listeners_failed"] == 2 and seen["failures"][0]["count"] == 2, seen
    assert "onnect" in seen["failures"][0]["reason"], seen


def test_a_server_whose_media_answers_nobody():
    with Front() as front:
        os.kill(int(front.pid), signal.SIGSTOP)
        try:
            code, seen, words = load(*arguments(front, "--publishers", "0", "--listeners", "2", "--patience", "1"))
        finally:
            os.kill(int(front.pid), signal.SIGCONT)
        assert code == 1 and seen["listeners_failed"] == 2, words
        # Whichever ends first: the wait for an answer, or the patience.
        assert sum(failure["count"] for failure in seen["failures"]) == 2, seen


async def test_interrupted_it_deletes_its_sessions():
    with Front() as front:
        process = await asyncio.create_subprocess_exec(*arguments(front, "--listeners", "5", "--duration", "600"),
                                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while "measuring" not in (line := (await process.stderr.readline()).decode()):
            assert line, "it ended before it measured"
        process.send_signal(signal.SIGINT)
        output, _ = await asyncio.wait_for(process.communicate(), 20)
        seen = json.loads(output)
        assert process.returncode == 0 and seen["interrupted"] and not seen["measured"], seen
        assert seen["listeners_joined"] == 5 and seen["steady"]["packets"] > 0 and seen["not_deleted"] == 0, seen
        assert front.sessions_at_end() == 0


def test_mistakes_are_told():
    for words, expected in (([], "nobody"), (["--whep", "http://127.0.0.1:1/{n"], "URL"), (["--whip", "http://127.0.0.1:1/", "--payload", "10"], "payload"),
                            (["--whep", "http://127.0.0.1:1/", "--pid", "0"], "pid"), (["--whep", "http://127.0.0.1:1/", "--listeners", "many"], "listeners"),
                            (["--whep", "http://127.0.0.1:1/", "--source", "192.0.2.1/24"], "network")):
        result = subprocess.run([BINARY, "load", *words], capture_output=True, text=True, timeout=20)
        assert result.returncode == 2 and re.search(expected, result.stderr), (words, result.returncode, result.stderr)


def test_a_crowd_joins_without_a_lost_flight(server):
    """A client repeats the first flight of its handshake after a second: who waits that long had it lost in the server."""
    result = subprocess.run([BINARY, "load", "--json", "--token", server.token("technician"), "--whip", f"{server.url}/whip/demo/fr",
                             "--whep", f"{server.url}/whep/demo/fr", "--listeners", "1000", "--join-rate", "450", "--duration", "1"],
                            capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    assert seen["listeners_joined"] == 1000, seen
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as response:
        figures = dict(line.split() for line in response.read().decode().splitlines() if not line.startswith("#"))
    assert float(figures["plenary_media_dtls_stranger_total"]) == 0, (figures["plenary_media_dtls_stranger_total"], seen["join_ms"])


main(globals())
