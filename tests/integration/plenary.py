"""What every integration test needs: a server of its own on free ports, clients that speak the live protocol, and counted checks.

A test file defines coroutines `test_…(server)` or functions, and ends with `main(globals())`. Each prints "ok NAME" or "FAILED NAME".
No test sleeps: they wait for events, with a deadline.
"""
import asyncio
import inspect
import itertools
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import aiohttp

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("PLENARY_BINARY", os.path.join(ROOT, "build", "plenary"))
LONG = "--long" in sys.argv


# Below the ports that systems give to outgoing connections: between the look and the use of a port no connection takes it. Each process goes
# round from a place of its own, so that two of them do not look at the same one.
PORTS = itertools.islice(itertools.cycle(range(12_000, 32_000)), os.getpid() * 211 % 20_000, None)


def free_port():
    """A port free for TCP and UDP at this moment."""
    for port in PORTS:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Server:
    """`plenary serve --demo` in a folder of its own. Use as `with Server() as server`."""

    def __init__(self, *options, data=None, demo=True):
        self.folder = tempfile.TemporaryDirectory(prefix="plenary-test-")
        self.data = data or os.path.join(self.folder.name, "data")
        self.port = free_port()
        self.options = options
        self.demo = demo
        self.links = {}
        self.printed = {}  # whole, as people get them
        self.process = None

    def command(self, *arguments):
        return [BINARY, *arguments, "--data", self.data, "--port", str(self.port)]

    def __enter__(self):
        self.start()
        return self

    def start(self):
        self.log = open(os.path.join(self.folder.name, "server.log"), "ab")
        self.process = subprocess.Popen(self.command("serve", *(["--demo"] if self.demo else []), *self.options), stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        deadline = time.monotonic() + 30
        while self.demo and "Ctrl-C" not in (line := self.process.stdout.readline()):
            found = re.match(r"\s+(.+?)\s+(https?://\S+)/m/demo#(\S+)$", line)
            if found:
                self.links[found.group(1)] = found.group(3)
                self.printed[found.group(1)] = f"{found.group(2)}/m/demo#{found.group(3)}"
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start:\n" + self.read_log())

    @property
    def tls(self):
        return "http.tls=on" in self.options

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def certificate_context(self):
        """Trusts the server's local certificate and nothing else."""
        return ssl.create_default_context(cafile=os.path.join(self.data, "tls-certificate.pem"))

    def http(self):
        """An HTTP client that knows the server's certificate, if it has one. Use as `async with`."""
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self.certificate_context() if self.tls else None, limit=0))

    def token(self, role, **options):
        """A fresh link token from the command line while the server runs."""
        meeting = options.pop("meeting", "demo")
        extra = [part for name, value in options.items() for part in ("--" + name.replace("_", "-"), str(value))]
        result = subprocess.run([BINARY, "token", "--data", self.data, "--meeting", meeting, "--role", role, *extra],
                                capture_output=True, text=True, timeout=20)
        if result.returncode != 0:
            raise RuntimeError(f"plenary token: {result.stderr}")
        return result.stdout.strip()

    def read_log(self):
        with open(os.path.join(self.folder.name, "server.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def pid_of(self, face):
        """The process id of "control" or "media" of this server."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid), "-f", f"plenary {face}"], capture_output=True, text=True)
        return int(children.stdout.split()[0]) if children.stdout.strip() else None

    def kill(self, face, with_signal=signal.SIGKILL):
        pid = self.pid_of(face)
        os.kill(pid, with_signal)
        return pid

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise RuntimeError("the server did not stop within 20 s") from None
        if self.process:
            self.process.stdout.close()
            self.log.close()

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()


class NotMeasured(Exception):
    """This machine was late itself: what a test measured says nothing, and counts neither way."""


class Heartbeat:
    """How late this machine is beside what is measured: a thread that should wake each 10 ms. Use as `with Heartbeat() as beat`."""
    BEAT = 0.01  # seconds

    def __enter__(self):
        self.late = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def run(self):
        due = time.monotonic() + self.BEAT
        while not self.ended.wait(max(0, due - time.monotonic())):
            now = time.monotonic()
            self.late = max(self.late, now - due)
            due = now + self.BEAT

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def promise(self, kept, bound, words):
        """Fails when it was not kept; but when the machine was late by more than a tenth of `bound` seconds, it is not measured."""
        if not kept and self.late > bound / 10:
            raise NotMeasured(f"not measured: this machine was late by {1000 * self.late:.0f} ms ({words})")
        assert kept, words


class Problem(Exception):
    def __init__(self, problem):
        super().__init__(f"{problem.get('status')} {problem.get('type')}: {problem.get('detail')}")
        self.status = problem.get("status")
        self.slug = (problem.get("type") or "").rsplit("/", 1)[-1]
        self.reason = problem.get("refusal", {}).get("reason")
        self.problem = problem


class Live:
    """One live connection. Everything that arrives is kept; `wait_for` waits for what has not been looked at yet."""

    def __init__(self, server, token):
        self.server = server
        self.token = token
        self.number = 0
        self.seq = 0
        self.events = []
        self.notices = []
        self.replies = {}
        self.snapshot = None
        self.hello = None
        self.closed = None
        self.changed = asyncio.Condition()
        self.answer_pings = True
        self.pings = 0

    async def open(self, after=None, meeting="demo", subprotocol=False, compress=0):
        self.http = self.server.http()
        url = f"{self.server.url}/api/v1/live?meeting={meeting}" + (f"&after={after}" if after is not None else "")
        headers = {} if subprotocol else {"Authorization": f"Bearer {self.token}"}
        protocols = ["plenary.v1", f"bearer.{self.token}"] if subprotocol else []
        try:
            self.socket = await self.http.ws_connect(url, headers=headers, protocols=protocols, autoping=True, max_msg_size=0, compress=compress)
        except BaseException:
            await self.http.close()
            raise
        self.reader = asyncio.create_task(self.read())
        await self.until(lambda: self.hello and (self.snapshot or self.hello["resumed"]))
        return self

    async def read(self):
        async for message in self.socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                continue
            data = json.loads(message.data)
            if "ping" in data and self.answer_pings:
                await self.socket.send_json({"pong": data["ping"]})
            async with self.changed:
                self.take(data)
                self.changed.notify_all()
        async with self.changed:
            self.closed = self.socket.close_code
            self.changed.notify_all()

    def take(self, data):
        if "hello" in data:
            self.hello = data["hello"]
        elif "snapshot" in data:
            self.snapshot = data["snapshot"]
            self.seq = data["seq"]
        elif "events" in data:
            for event in data["events"]:
                assert event["seq"] == self.seq + 1 or not self.events and self.snapshot is None, f"gap: {self.seq} then {event['seq']}"
                self.seq = event["seq"]
                self.events.append(event)
        elif "ping" in data:
            self.pings += 1
        elif "notice" in data:
            self.notices.append(data)
        elif "reply" in data:
            self.replies[data["reply"]] = data

    async def until(self, condition, timeout=10):
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: condition() or self.closed is not None and not condition() and self.fail()), timeout)
        return condition()

    def fail(self):
        raise RuntimeError(f"the connection was closed with {self.closed}")

    async def send(self, command, **data):
        self.number += 1
        await self.socket.send_json({"id": self.number, "command": command, "data": data})
        return self.number

    async def command(self, command, **data):
        """As by a person: who gives the floor twice in one moment is refused, looks, and presses again."""
        problem = await self.once(command, **data)
        if isinstance(problem, Problem) and problem.reason == "floor_just_given":
            await asyncio.sleep(0.6)
            problem = await self.once(command, **data)
        if isinstance(problem, Problem):
            raise problem
        return problem

    async def once(self, command, **data):
        """Once: what the reply has, or the problem that it is."""
        number = await self.send(command, **data)
        await self.until(lambda: number in self.replies)
        reply = self.replies.pop(number)
        return Problem(reply["problem"]) if "problem" in reply else reply.get("data", {})

    async def event(self, kind, timeout=10, since=0, **expected):
        """The first event of this type with these fields in its data, after the number `since`."""
        def find():
            for event in self.events:
                if event["seq"] > since and event["type"] == kind and all(event["data"].get(k) == v for k, v in expected.items()):
                    return event
            return None
        return await self.until(find, timeout)

    @property
    def me(self):
        return self.hello["participant"]

    async def close(self):
        await self.socket.close()
        await self.http.close()


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


async def join(server, role_or_token, enter=True, **options):
    """Signs in with a fresh link of that role (or with a token), opens the live connection, goes into the room."""
    token = role_or_token if len(role_or_token) > 30 else server.token(role_or_token, **options)
    async with server.http() as http:
        async with http.post(f"{server.url}/api/v1/session", json={"token": token}) as response:
            body = await response.json()
            if response.status != 201:
                raise Problem(body)
    live = await Live(server, body["token"]).open(meeting=options.get("meeting", "demo"))
    if enter:
        await live.command("room.enter")
    return live


async def expect_problem(slug, awaitable):
    try:
        await awaitable
    except Problem as problem:
        assert problem.slug == slug, f"expected {slug}, got {problem}"
        return problem
    raise AssertionError(f"expected {slug}, but it was carried out")


def run_test(function):
    """Once, with a server of its own unless it takes none."""
    server = None
    try:
        if inspect.signature(function).parameters:
            server = Server()
            server.start()
            result = function(server)
        else:
            result = function()
        if inspect.iscoroutine(result):
            asyncio.run(asyncio.wait_for(result, 3000 if LONG else 180))
    except NotMeasured:
        raise
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        if server:
            print("\n".join(server.read_log().splitlines()[-25:]))
        raise
    finally:
        if server:
            try:
                server.stop()
            finally:
                server.folder.cleanup()


def main(names):
    """Runs every test_ function of a file and prints one line for each. What was not measured is tried three times."""
    failed = 0
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    for name, function in list(names.items()):
        if not name.startswith("test_") or not callable(function) or wanted and name not in wanted:
            continue
        began = time.monotonic()
        for attempt in range(3):
            try:
                run_test(function)
                print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
            except NotMeasured as reason:
                print(f"{name}, time {attempt + 1}: {reason}" if attempt < 2 else f"none {name} {reason}", flush=True)
                continue
            except BaseException:
                failed += 1
                print(f"FAILED {name}", flush=True)
            break
    sys.stdout.flush()
    os._exit(1 if failed else 0)  # whatever threads a failed test has left behind
