"""The one TCP port over TLS: page, API and live connections through the local certificate; clients that do not read; what is refused."""
import asyncio
import json
import os
import re
import socket
import ssl
import threading
import warnings

import aiohttp
from aiortc import RTCPeerConnection
from measure import cpu_seconds, memory_bytes
from plenary import Heartbeat, LONG, Live, Server, join, main
from raw_live import RawLive


class TlsServer(Server):
    def __init__(self, *options, **more):
        super().__init__("--set", "http.tls=on", *options, **more)


async def metric(server, name):
    async with server.http() as http, http.get(f"{server.url}/metrics") as response:
        return int(re.search(rf"^{name} (\d+)", await response.text(), re.M).group(1))


def over_tls(test):
    """Gives the test a server with TLS."""
    def run():
        with TlsServer() as server:
            asyncio.run(asyncio.wait_for(test(server), 170))
    run.__name__ = test.__name__
    return run


async def offer_for(plan):
    peer = RTCPeerConnection()
    for section in plan["sections"]:
        peer.addTransceiver(section["kind"], direction="sendonly" if section["direction"] == "send" else "recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    sdp = peer.localDescription.sdp
    await peer.close()
    return sdp


@over_tls
async def test_page_and_api_over_the_local_certificate(server):
    async with server.http() as http:
        async with http.get(f"{server.url}/") as response:
            page = await response.text()
            assert response.status == 200 and "<script" in page and "default-src 'none'" in response.headers["Content-Security-Policy"]
        scripts = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
        assert scripts
        for path in scripts:
            async with http.get(server.url + path) as response:
                assert response.status == 200 and "immutable" in response.headers["Cache-Control"], path
                assert len(await response.read()) > 0
        async with http.get(f"{server.url}/api/v1/openapi.json") as response:
            assert (await response.json())["openapi"].startswith("3.1")
        async with http.post(f"{server.url}/api/v1/session", data=b"x" * 200000, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 413, response.status
        async with http.post(f"{server.url}/api/v1/session", json={"token": server.token("delegate")}) as response:
            session = await response.json()
            assert response.status == 201, session
        async with http.get(f"{server.url}/api/v1/session", headers={"Authorization": f"Bearer {session['token']}"}) as response:
            assert response.status == 200 and (await response.json())["capacity"] == "delegate"


@over_tls
async def test_a_full_live_session_with_200_commands(server):
    watcher = await join(server, "listener")
    moderator_live = [await join(server, role) for role in ("chair", "secretary", "moderator")]
    delegates = [await join(server, "delegate", delegation=code) for code in ("FRA", "CHN", "BRA")]
    assert watcher.snapshot["participants"]
    began = watcher.seq

    async def work(live):
        for number in range(17):
            await live.command("floor.request")
            await live.command("floor.withdraw")
        return 34

    async def rule(live, pairs):
        for number in range(pairs):
            await live.command("list.close")
            await live.command("list.open")
        return 2 * pairs
    # The list is closed and opened only when nobody asks, so that every command is carried out.
    carried_out = sum(await asyncio.gather(*(work(live) for live in delegates)))
    for live in moderator_live:
        carried_out += await rule(live, 17)
    assert carried_out >= 200, carried_out
    everyone = [watcher, *moderator_live, *delegates]
    last = max(live.seq for live in everyone)
    for live in everyone:
        await live.until(lambda live=live: live.seq >= last)
    numbers = [event["seq"] for event in watcher.events if event["seq"] > began]
    assert numbers == list(range(began + 1, last + 1)) and len(numbers) >= carried_out
    # The other way of proving who one is, as browsers do; and all of it again from the beginning.
    await watcher.close()
    again = await Live(server, watcher.token).open(after=began, subprotocol=True)
    assert again.hello["resumed"] is True and again.socket.protocol == "plenary.v1"
    again.seq = began if not again.events else again.seq
    await again.until(lambda: again.seq >= last)
    for live in (again, *moderator_live, *delegates):
        await live.close()


@over_tls
async def test_large_messages_in_both_directions(server):
    """60 KiB to the server, one message of many TLS records; a whole journal to the client."""
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    for size in (16000, 16384, 16385, 32768, 60000):
        number = await delegate.send("media.join", sdp="v=0\r\n" + "a" * size)
        await delegate.until(lambda number=number: number in delegate.replies)
        assert delegate.replies.pop(number)["problem"]["status"] in (400, 413, 422)
    for _ in range(18):
        await chair.command("list.close")
        await chair.command("list.open")
    last = chair.seq
    reader = await Live(server, delegate.token).open(after=0)
    if reader.hello["resumed"]:
        await reader.until(lambda: reader.seq >= last)
        assert [event["seq"] for event in reader.events][:last] == list(range(1, last + 1))
        assert sum(len(json.dumps(event)) for event in reader.events) > 20000
    for live in (chair, reader):
        await live.close()
    await delegate.http.close()


async def does_not_read(server):
    """Its questions have answers of thousands of bytes; it reads none of them."""
    chair, victim = await join(server, "chair"), await join(server, "delegate")
    # Without what nobody needs it is so short that it counts as one command.
    needless = ("a=candidate", "a=end-of-candidates", "a=ssrc", "a=rtcp-fb", "a=rtcp:", "a=msid")
    sdp = "".join(line for line in (await offer_for(victim.hello["plan"])).splitlines(True) if not line.startswith(needless))
    assert len(json.dumps(sdp)) < 8000
    await victim.close()
    loop = asyncio.get_running_loop()
    raw = await loop.run_in_executor(None, RawLive, server, victim.token)
    hello = await loop.run_in_executor(None, raw.message)
    seen = (await loop.run_in_executor(None, raw.message))["seq"]
    assert hello["hello"]["resumed"] is False
    before = await metric(server, "plenary_live_slow_closed_total")
    assert before == 0
    def fill():
        raw.socket.settimeout(5)
        for number in range(4000):
            try:
                raw.send({"id": number + 1, "command": "media.join", "data": {"sdp": sdp}})
            except OSError:
                return number
            if number % 20 == 0 and closed.is_set():
                return number
            pause.wait(0.04)  # under the rate at which commands are refused
        return 4000
    closed, pause = threading.Event(), threading.Event()
    filling = loop.run_in_executor(None, fill)
    slowest = 0
    beat = Heartbeat().__enter__()
    while await metric(server, "plenary_live_slow_closed_total") == 0:
        began = loop.time()
        await chair.command("list.close")
        await chair.command("list.open")
        slowest = max(slowest, loop.time() - began)
        await asyncio.sleep(0.3)  # polls an outside process's state
        assert not filling.done() or await metric(server, "plenary_live_slow_closed_total") == 1, "it was never ended for not reading"
    closed.set()
    pause.set()
    sent = await filling
    raw.close()
    beat.__exit__()
    beat.promise(slowest < 1, 1, f"others waited {slowest:.2f} s")
    again = await Live(server, victim.token).open(after=seen)
    assert again.hello["resumed"] is True
    again.seq = seen if not again.events else again.seq
    await again.until(lambda: again.seq >= chair.seq)
    print(f"a client that did not read was ended after {sent} questions; others waited at most {1000 * slowest:.0f} ms for two commands")
    await again.close()
    await chair.close()


@over_tls
async def test_a_client_that_does_not_read_is_ended_and_resumes(server):
    await does_not_read(server)


if LONG:  # without TLS the kernel takes some megabytes first
    async def test_a_client_that_does_not_read_without_tls(server):
        await does_not_read(server)


async def floods(server, first, frame):
    watcher, hostile, chair = await join(server, "listener"), await join(server, "delegate"), await join(server, "chair")
    await hostile.close()
    loop = asyncio.get_running_loop()
    raw = await loop.run_in_executor(None, RawLive, server, hostile.token)
    pid = server.pid_of("control")

    def flood():
        raw.socket.settimeout(5)
        frames = frame(raw) * 1000
        raw.socket.sendall(first(raw))
        for count in range(2000):
            try:
                raw.socket.sendall(frames)
            except OSError:
                return count
        return 2000
    before = memory_bytes(pid)
    flooding = loop.run_in_executor(None, flood)
    began = loop.time()
    with Heartbeat() as beat:
        await chair.command("list.close")
        await watcher.event("list.changed")
        waited = loop.time() - began
    beat.promise(waited < 1, 1, f"others waited {waited:.2f} s")
    sent = await flooding
    after = memory_bytes(pid)
    assert sent < 2000, "two million frames were taken"
    assert after - before < 8 << 20, f"{before} bytes, then {after}"
    raw.close()
    await watcher.close()
    await chair.close()


@over_tls
async def test_a_flood_of_pings_whose_answers_nobody_reads(server):
    await floods(server, lambda raw: b"", lambda raw: raw.frame(9, b""))


@over_tls
async def test_a_message_of_endless_empty_fragments(server):
    await floods(server, lambda raw: raw.frame(1, b"{", final=False), lambda raw: raw.frame(0, b"", final=False))


@over_tls
async def test_twenty_idle_connections_cost_nothing(server):
    lives = [await join(server, "listener") for _ in range(20)]
    # A connection that stops in the middle of its handshake, and one that sends half a request, must not keep the loop awake.
    half = socket.create_connection(("127.0.0.1", server.port))
    half.sendall(bytes.fromhex("160301020001"))
    context = server.certificate_context()
    started = context.wrap_socket(socket.create_connection(("127.0.0.1", server.port)), server_hostname="127.0.0.1")
    started.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    pid = server.pid_of("control")
    await asyncio.sleep(0.5)  # joining is over
    before = cpu_seconds(pid)
    await asyncio.sleep(5)  # the span that is measured
    used = cpu_seconds(pid) - before
    print(f"20 idle connections: {100 * used / 5:.1f} % of a core")
    assert used < 0.25, f"{100 * used / 5:.1f} % of a core while nothing happens"
    # Half of them vanish without a word: the loop must not spin on what is left of them.
    for live in lives[:10]:
        live.socket._response.connection.transport.abort()
    half.close()
    started.close()
    await asyncio.sleep(0.5)
    before = cpu_seconds(pid)
    await asyncio.sleep(5)
    used = cpu_seconds(pid) - before
    assert used < 0.25, f"{100 * used / 5:.1f} % of a core after connections were cut"
    assert await metric(server, "plenary_live_open") == 10
    for live in lives[10:]:
        await live.close()
    for live in lives[:10]:
        await live.http.close()


@over_tls
async def test_what_is_no_tls_is_refused_and_harms_nobody(server):
    live = await join(server, "listener")

    async def send(text):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(text)
        try:
            answer = await asyncio.wait_for(reader.read(), 20)
        except ConnectionError:
            answer = b""
        writer.close()
        assert b"HTTP/1.1" not in answer and b"<html" not in answer.lower(), answer[:100]
    # The last ones could still become a handshake; they are waited for, but not long.
    await asyncio.gather(*(send(text) for text in (
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x00" * 64, b"\xff" * 2000, b"\x80\x2e\x01\x00\x02" + bytes(64),
        b"\x16\x03\x01\x40\x00" + os.urandom(16384), b"\x16\x03\x01", b"", b"\x16")))
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{server.port}/") as response:
            raise AssertionError(f"answered {response.status} without TLS")
    except aiohttp.ClientError:
        pass
    assert await metric(server, "plenary_tls_failed_total") >= 8
    chair = await join(server, "chair")
    await chair.command("list.close")
    await live.event("list.changed")
    await chair.close()
    await live.close()


@over_tls
async def test_old_versions_are_refused_and_new_ones_spoken(server):
    def connect(version):
        context = server.certificate_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain, \
                context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            return secure.version()
    warnings.simplefilter("ignore", DeprecationWarning)  # naming an old version is the point
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        try:
            raise AssertionError(f"{connect(version)} was spoken")
        except (ssl.SSLError, ConnectionError):
            pass
    assert connect(ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert connect(ssl.TLSVersion.TLSv1_3) == "TLSv1.3"


@over_tls
async def test_the_certificate_stays_when_control_is_killed(server):
    path = os.path.join(server.data, "tls-certificate.pem")
    with open(path, encoding="ascii") as file:
        before = file.read()
    assert os.stat(os.path.join(server.data, "tls-key.pem")).st_mode & 0o077 == 0
    live = await join(server, "delegate")
    last = live.seq
    server.kill("control")
    await live.until(lambda: live.closed is not None)
    deadline = asyncio.get_running_loop().time() + 15
    while True:
        try:
            again = await Live(server, live.token).open(after=last)
            break
        except (aiohttp.ClientError, OSError):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.05)  # polls an outside process's state
    assert again.hello["resumed"] is True
    with open(path, encoding="ascii") as file:
        assert file.read() == before
    await again.close()
    await live.http.close()


main(globals())
