"""Tables behind the door that are full: handshakes that never end, offers that media does not answer, reports that take long; and the honest
client who comes then."""
import asyncio
import json
import re
import signal
import socket
import struct
import time

from doors import Door
from hostile import counted, stun
from measure import metrics
from OpenSSL import SSL
from plenary import Server, join, main

HANDSHAKES_MAX = 256
OFFERS_MAX = 512
REPORTS_MAX = 8
OFFER = "\r\n".join((
    "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0",
    "a=recvonly", "a=rtcp-mux", "a=ice-ufrag:abcd", "a=ice-pwd:" + "x" * 24, "a=setup:active", "a=rtpmap:111 opus/48000/2",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""))


async def offer(server, http, token):
    async with http.post(f"{server.url}/whep/demo/floor", data=OFFER, headers={"Authorization": f"Bearer {token}",
                         "Content-Type": "application/sdp"}) as response:
        return response.status, response.headers, await response.text()


def client_hello():
    """The first flight of a DTLS client, as OpenSSL makes it."""
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_tlsext_use_srtp(b"SRTP_AES128_CM_SHA1_80")
    connection = SSL.Connection(context)
    connection.set_connect_state()
    try:
        connection.do_handshake()
    except SSL.WantReadError:
        pass
    return connection.bio_read(4096)


class Stalling:
    """Checks its path as it should, begins a handshake, and begins it again and again."""

    def __init__(self, server, answer):
        name, password = (re.search(rf"^a=ice-{what}:(\S+)", answer, re.M).group(1) for what in ("ufrag", "pwd"))
        self.check = stun([(6, f"{name}:abcd".encode()), (0x24, struct.pack("!I", 1)), (0x802a, bytes(8)), (0x25, b"")], password=password.encode())
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.connect(("127.0.0.1", server.port))

    def begin(self, hello):
        self.socket.send(self.check)
        self.socket.send(hello)


async def stalling_crowd(server, count):
    """So many handshakes that never end, and the task that goes on with them."""
    token, hello = server.token("technician"), client_hello()
    async with server.http() as http:
        answers = await asyncio.gather(*(offer(server, http, token) for _ in range(count)))
    assert {status for status, _, _ in answers} == {201}, answers
    crowd = [Stalling(server, answer) for _, _, answer in answers]

    async def insist():
        while True:
            for number, one in enumerate(crowd):
                try:
                    one.begin(hello)
                except OSError:
                    pass  # it was ended
                if number % 16 == 15:
                    await asyncio.sleep(0.05)  # not faster than handshakes can begin
    return crowd, asyncio.create_task(insist())


async def test_a_table_full_of_handshakes_without_end_has_room(server):
    before = await metrics(server)
    crowd, insisting = await stalling_crowd(server, HANDSHAKES_MAX + 16)
    await counted(server, {"dtls_busy_total": 1}, before, timeout=30)  # full
    token = server.token("technician")
    stage = await Door.publish(server, token, "floor", 440)
    ear = await Door.listen(server, token, "floor")
    await ear.ear.until(lambda: ear.ear.level(440) > -20)
    await counted(server, {"dtls_gave_way_total": 2}, before)
    insisting.cancel()
    for one in crowd:
        one.socket.close()
    for client in (stage, ear):
        await client.close()


def test_a_table_full_of_offers_that_nobody_answers_has_room():
    """Media stands still: whoever offers is told so in words, at once when enough wait; everything else goes on, and so do they when it does."""
    with Server("--set", "server.media_silence_ms=60000", "--set", "http.connections_per_address_max=2048") as server:
        asyncio.run(asyncio.wait_for(offers_that_nobody_answers(server), 150))


async def offers_that_nobody_answers(server):
    token, other = server.token("technician"), server.token("listener")
    chair = await join(server, "chair")
    server.kill("media", signal.SIGSTOP)
    try:
        async with server.http() as http:
            crowd = [asyncio.create_task(offer(server, http, token)) for _ in range(OFFERS_MAX + 64)]
            refused = []
            while len(refused) < 64:
                await asyncio.wait([one for one in crowd if not one.done()], return_when=asyncio.FIRST_COMPLETED)
                refused = [one.result() for one in crowd if one.done()]
            assert all(status == 503 and "offers_waiting" in words and headers["Retry-After"] for status, headers, words in refused), refused[:2]
            assert sum(not one.done() for one in crowd) == OFFERS_MAX
            # An honest client is told at once, in words; who wants no media is served.
            status, headers, words = await offer(server, http, other)
            assert status == 503 and "offers_waiting" in words and headers["Retry-After"], (status, words)
            live = await join(server, "delegate")
            await live.command("floor.request")
            await chair.command("list.close")
            async with http.get(f"{server.url}/m/demo") as page:
                assert page.status == 200
            assert sum(not one.done() for one in crowd) == OFFERS_MAX, "those who wait were not what this came through"
            server.kill("media", signal.SIGCONT)
            answers = await asyncio.gather(*crowd)
            assert {status for status, _, _ in answers} == {201, 503}, {status for status, _, _ in answers}
            assert (await offer(server, http, other))[0] == 201
    finally:
        server.kill("media", signal.SIGCONT)
    await chair.close()
    await live.close()


async def report(server, http, token, form="pdf?language=zh"):
    async with http.get(f"{server.url}/api/v1/meetings/demo/report.{form}", headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status, response.headers, await response.read()


async def test_reports_keep_nothing_else_waiting(server):
    """Each takes a good part of a second: as many wait as may, one of each person; a document and commands come through before them."""
    chair = await join(server, "chair")
    people = [server.token("moderator" if number % 2 else "technician") for number in range(REPORTS_MAX + 1)]
    speaker = server.token("delegate", delegation="FRA")
    async with server.http() as http:
        twice = sorted(await asyncio.gather(*(report(server, http, people[0]) for _ in range(2))), key=lambda answer: answer[0])
        assert [status for status, _, _ in twice] == [200, 429] and twice[1][1]["Retry-After"], twice
        reports = [asyncio.create_task(report(server, http, one)) for one in people]
        (first,), _ = await asyncio.wait(reports, return_when=asyncio.FIRST_COMPLETED)
        status, headers, body = first.result()
        assert status == 503 and headers["Retry-After"] and json.loads(body)["type"] == "/problems/unavailable", (status, body[:100])
        async with http.post(f"{server.url}/api/v1/meetings/demo/documents", data=b"Madame", headers={"Authorization": f"Bearer {speaker}",
                             "Content-Type": "text/plain"}) as response:
            assert response.status == 201, await response.text()
        await chair.command("list.close")
        waiting = sum(not one.done() for one in reports)
        assert waiting >= 2, f"a document and a command waited for {REPORTS_MAX - waiting} reports"
        answers = await asyncio.gather(*reports)
        assert sorted(status for status, _, _ in answers) == [200] * REPORTS_MAX + [503], [status for status, _, _ in answers]
        assert (await report(server, http, people[-1], "json"))[0] == 200  # served when the others have theirs
    await chair.close()


async def test_reports_that_nobody_waits_for_are_not_made(server):
    """Who closes the page while waiting leaves the queue: the next has not to wait for reports of nobody, and finds room at once."""
    people = [server.token("moderator" if number % 2 else "technician") for number in range(2 * REPORTS_MAX)]
    async with server.http() as http:
        begun = time.monotonic()
        assert (await report(server, http, people[0]))[0] == 200
        one = time.monotonic() - begun
        begun = time.monotonic()
        first = asyncio.create_task(report(server, http, people[0]))
        gone = [asyncio.create_task(report(server, http, person)) for person in people[1:REPORTS_MAX]]
        await asyncio.sleep(one / 3)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        await asyncio.sleep(one / 3)
        last = [asyncio.create_task(report(server, http, person)) for person in people[1:3]]
        answers = [(await task)[0] for task in (first, *last)]
        took = time.monotonic() - begun
    assert answers == [200] * 3, answers
    assert took < 6 * one, f"three reports took {took:.2f} s, one takes {one:.2f} s"


main(globals())
