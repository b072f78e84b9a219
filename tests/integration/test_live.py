"""The live protocol: snapshot, order, resume, replies, limits, hostile messages."""
import asyncio
import json
import selectors
import socket
import threading
import time
import zlib

import aiohttp
from yarl import URL

from measure import metrics
from plenary import Heartbeat, Live, Server, expect_problem, join, main
from raw_live import RawLive
from webrtc import Client


async def test_the_floor_goes_round(server):
    chair, delegate, watcher = await join(server, "chair"), await join(server, "delegate"), await join(server, "listener")
    await delegate.command("floor.request")
    added = await watcher.event("request.added")
    assert added["data"]["request"]["participant"] == delegate.me and added["by"] == delegate.me
    await chair.command("floor.give", participant=delegate.me)
    opened = await watcher.event("microphone.opened", participant=delegate.me)
    assert opened["by"] == chair.me and await watcher.event("request.removed")
    await delegate.command("floor.yield")
    assert (await watcher.event("microphone.closed", participant=delegate.me))["seq"] > opened["seq"]
    for live in (chair, delegate, watcher):
        await live.close()


async def test_a_moderator_acts_on_the_chairs_behalf_and_it_is_written_down(server):
    moderator, delegate = await join(server, "moderator"), await join(server, "delegate")
    await moderator.command("floor.give", participant=delegate.me)
    opened = await delegate.event("microphone.opened", participant=delegate.me)
    assert opened["on_behalf_of_chair"] is True and opened["by"] == moderator.me, opened
    await moderator.close()
    await delegate.close()


async def state_by_rest(server, live):
    async with server.http() as http:
        headers = {"Authorization": f"Bearer {live.token}"}
        async with http.get(f"{server.url}/api/v1/meetings/demo", headers=headers) as response:
            assert response.status == 200, await response.text()
            return (await response.json())["meeting"]


async def test_a_pause_has_an_announced_end(server):
    chair, secretary, delegate = await join(server, "chair"), await join(server, "secretary"), await join(server, "delegate")

    async def refused(live, reason, **data):
        refusal = await expect_problem("forbidden" if reason == "capacity_forbids" else "conflict", live.command("sitting.announce", **data))
        assert refusal.problem["refusal"] == {"reason": reason}, refusal.problem

    await refused(chair, "sitting_not_suspended", minutes=10)
    await chair.command("sitting.suspend")
    await refused(delegate, "capacity_forbids", minutes=10)
    for minutes in (0, 241):
        await expect_problem("invalid", chair.command("sitting.announce", minutes=minutes))
    # Everybody is told; who comes later and who asks by REST read the same.
    await chair.command("sitting.announce", minutes=10)
    told = await delegate.event("sitting.announced")
    assert told["by"] == chair.me and abs(told["data"]["resumes_at"] - told["at"] - 600_000) < 1000, told
    late = await join(server, "observer", delegation="wmo")
    for state in (late.snapshot, await state_by_rest(server, delegate)):
        assert (state["sitting"], state["resumes_at"]) == ("suspended", told["data"]["resumes_at"]), state
    # Another moment, on the chair's behalf.
    await secretary.command("sitting.announce", minutes=20)
    again = await delegate.event("sitting.announced", since=told["seq"])
    assert again["on_behalf_of_chair"] and again["data"]["resumes_at"] > told["data"]["resumes_at"], again
    # It goes on: nothing is announced any more.
    await chair.command("sitting.open")
    over = await delegate.event("sitting.announced", since=again["seq"])
    assert "resumes_at" not in over["data"] and "resumes_at" not in await state_by_rest(server, delegate), over
    for live in (chair, secretary, delegate, late):
        await live.close()


async def test_at_most_two_floor_microphones(server):
    chair = await join(server, "chair")
    delegates = [await join(server, "delegate", delegation=code) for code in ("FRA", "CHN", "BRA")]
    for delegate in delegates[:2]:
        await chair.command("floor.give", participant=delegate.me)
    await expect_problem("conflict", chair.command("floor.give", participant=delegates[2].me))
    await chair.command("floor.end", participant=delegates[0].me)
    await chair.command("floor.give", participant=delegates[2].me)
    for live in (chair, *delegates):
        await live.close()


async def one_piece(server):
    chair = await join(server, "chair")
    await chair.close()
    loop = asyncio.get_running_loop()
    raw = await loop.run_in_executor(None, RawLive, server, chair.token)

    def rounds():
        while "snapshot" not in raw.message():
            pass
        while raw.buffer:
            raw.message()
        for number in range(1, 21):
            raw.send({"id": number, "command": "list.close" if number % 2 else "list.open", "data": {}})
            messages = raw.piece()
            while not any("reply" in message for message in messages):
                assert not any(event["type"] == "list.changed" for message in messages for event in message.get("events", [])), \
                    f"round {number}: events went out apart from the reply: {messages}"
                messages = raw.piece()
            assert any(event["type"] == "list.changed" for message in messages for event in message.get("events", [])), \
                f"round {number}: the reply went out apart from its events: {messages}"
    await loop.run_in_executor(None, rounds)
    raw.close()


async def test_a_turn_has_one_piece_for_a_client(server):
    """Two writes would wait for each other: the second until the first is acknowledged (Nagle), which is a round trip or 40 ms."""
    await one_piece(server)


async def test_a_turn_has_one_piece_for_a_client_over_tls():
    with Server("--set", "http.tls=on") as server:
        await one_piece(server)


async def test_long_messages_are_compressed_for_who_offers_it(server):
    """RFC 7692, with a client that nobody here wrote; the same state for both, and a fraction of the bytes."""
    token = (await join(server, "chair")).token

    async def weighed(compress):
        before = await metrics(server)
        live = await Live(server, token).open(compress=compress)
        after = await metrics(server)
        return live, *(after[name] - before[name] for name in ("plenary_live_bytes_sent_total", "plenary_live_packed_total"))
    plain, large, none = await weighed(0)
    packed, small, some = await weighed(15)
    assert packed.socket.compress == 15 and not plain.socket.compress, (packed.socket.compress, plain.socket.compress)
    assert none == 0 and some > 0 and small < large / 4
    assert packed.snapshot["participants"] == plain.snapshot["participants"]
    # What it sends is compressed too, and understood.
    await packed.command("list.close")
    assert await packed.event("list.changed")
    narrow, narrower, some = await weighed(10)
    print(f"    joining: {large:.0f} bytes as they are, {small:.0f} compressed, {narrower:.0f} with a window of a kibibyte", flush=True)
    assert some > 0 and small < narrower < large / 2
    assert narrow.snapshot["participants"] == plain.snapshot["participants"]
    for live in (packed, plain, narrow):
        await live.close()


async def test_an_interpreter_takes_the_channel_and_gives_it_back_to_the_floor(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    sender = await Client.join(server, "interpreter", language="fr", hertz=1000, listens=False)
    interpreter = sender.live
    await chair.command("floor.give", participant=delegate.me)

    async def channel(state, since):
        return await interpreter.until(lambda: next((event for event in interpreter.events if event["seq"] > since and event["type"] == "channel.changed"
                                                     and event["data"]["channel"]["id"] == "fr" and event["data"]["channel"]["state"] == state), None))
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="on")
    taken = await channel("interpreted", mark)
    assert taken["data"]["channel"]["holder"] == interpreter.me
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="cough")
    await interpreter.command("desk.microphone", state="on")
    assert not [event for event in interpreter.events if event["seq"] > mark and event["type"] == "channel.changed"
                and event["data"]["channel"]["state"] == "floor"], "a cough must not let the floor burst in"
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="off")
    await channel("floor", mark)
    for live in (chair, delegate, sender):
        await live.close()


async def test_a_client_resumes_from_its_last_number(server):
    chair, watcher = await join(server, "chair"), await join(server, "listener")
    seen = watcher.seq
    await watcher.close()
    for _ in range(20):
        await chair.command("list.close")
        await chair.command("list.open")
        await asyncio.sleep(0.1)  # a client has twenty commands a second
    again = await Live(server, watcher.token).open(after=seen)
    assert again.hello["resumed"] is True and again.snapshot is None
    again.seq = seen if not again.events else again.seq
    await again.until(lambda: again.seq >= again.hello["seq"])
    numbers = [event["seq"] for event in again.events]
    assert numbers == list(range(seen + 1, seen + 1 + len(numbers))) and len(numbers) >= 40, numbers
    for live in (chair, again):
        await live.close()


async def test_a_newer_connection_replaces_the_older(server):
    first = await join(server, "listener")
    second = await Live(server, first.token).open()
    await first.until(lambda: any(notice["notice"] == "session.ended" and notice["data"]["reason"] == "replaced" for notice in first.notices))
    await second.command("room.enter")
    await second.close()
    await first.http.close()


async def test_whoever_leaves_the_air_with_the_page_is_lost_at_once(server):
    link = server.token("interpreter", language="ru")
    partner = await Client.join(server, "interpreter", language="ru", hertz=900, listens=False)

    async def on_the_air():
        one = await Client.join(server, link, hertz=700, listens=False)
        mark = partner.live.seq
        await one.live.command("desk.microphone", state="on")
        on = await partner.live.event("desk.changed", since=mark, participant=one.me, microphone="on")
        return one, on["seq"]

    async def lost(one, since):
        cut = await partner.live.event("desk.changed", since=since, participant=one.me, microphone="off", lost=True)
        counting = await partner.live.event("handover.changed", since=cut["seq"])
        handover = counting["data"]["handover"]
        assert counting["at"] == cut["at"], "the partner is told in the same moment"
        assert (handover["state"], handover["from"], handover["to"]) == ("counting", one.me, partner.me), handover
        await partner.live.event("handover.changed", since=counting["seq"], result="forced")
        await partner.live.event("desk.changed", since=counting["seq"], participant=partner.me, microphone="on")
        await partner.live.command("desk.microphone", state="off")

    # The page says goodbye; a connection of another page is enough: the link opened elsewhere.
    first, mark = await on_the_air()
    await first.live.socket.close(code=1001)
    await lost(first, mark)
    second, mark = await on_the_air()
    elsewhere = await join(server, link)
    await lost(second, mark)
    for one in (first, second, partner):
        await one.close()
    await elsewhere.close()


async def test_whoever_is_taken_off_the_booth_on_the_air_is_missed(server):
    """Removed, or moved to another booth: no press of theirs, so that the partner is told and goes on in the same channel."""
    moderator = await join(server, server.token("moderator"))
    partner = await Client.join(server, "interpreter", language="ru", hertz=900, listens=False)

    async def taken_away(command, **arguments):
        one = await Client.join(server, "interpreter", language="ru", hertz=700, listens=False)
        mark = partner.live.seq
        await one.live.command("desk.microphone", state="on")
        on = await partner.live.event("desk.changed", since=mark, participant=one.me, microphone="on")
        await moderator.command(command, participant=one.me, **arguments)
        off = await partner.live.event("desk.changed", since=on["seq"], participant=one.me, microphone="off")
        counting = await partner.live.event("handover.changed", since=off["seq"])
        handover = counting["data"]["handover"]
        assert counting["seq"] == off["seq"] + 1, "the partner is told in the same moment"
        told = (handover["state"], handover["from"], handover["to"], handover["target"])
        assert told == ("counting", one.me, partner.me, "ru"), handover
        await partner.live.event("handover.changed", since=counting["seq"], result="forced")
        await partner.live.event("desk.changed", since=counting["seq"], participant=partner.me, microphone="on")
        await partner.live.command("desk.microphone", state="off")
        await one.close()

    await taken_away("participant.remove")
    await taken_away("desk.assign", language="fr", position=1)
    await partner.close()
    await moderator.close()
    await moderator.http.close()


async def test_broken_messages_are_refused_and_the_meeting_goes_on(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    deep = '{"id":1,"command":"floor.request","data":' + "[" * 5000 + "]" * 5000 + "}"
    for text in ("", "{", "[]", "null", deep, '{"id":1}', '{"id":1,"command":"no.such","data":{}}', '{"id":1,"command":"floor.give","data":{"participant":7}}',
                 '{"id":1,"command":"floor.request","data":{"more":1}}'):
        before = len(hostile.replies)
        await hostile.socket.send_str(text)
        await hostile.until(lambda: len(hostile.replies) > before)
        problem = hostile.replies.popitem()[1].get("problem")
        assert problem and problem["status"] in (400, 403, 404, 413, 422), (text[:60], problem)
    before = chair.seq
    await chair.command("list.close")
    assert chair.seq > before
    await chair.close()
    await hostile.close()


async def test_an_oversized_message_ends_the_connection_alone(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    await hostile.socket.send_str(json.dumps({"id": 1, "command": "media.join", "data": {"sdp": "x" * 200000}}))
    await hostile.until(lambda: hostile.closed is not None or hostile.replies)
    await chair.command("list.close")
    await chair.close()
    await hostile.http.close()


async def test_a_flood_from_one_client_is_capped(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    before = chair.seq
    for number in range(300):
        await hostile.socket.send_json({"id": 1000 + number, "command": "floor.request", "data": {}})
        if hostile.closed is not None:
            break
    def refused():
        return [reply for reply in hostile.replies.values() if reply.get("problem", {}).get("status") == 429]
    await hostile.until(lambda: len(refused()) >= 20 or hostile.closed is not None)
    assert len(refused()) >= 20
    began = asyncio.get_running_loop().time()
    with Heartbeat() as beat:
        await chair.command("list.close")
        waited = asyncio.get_running_loop().time() - began
    beat.promise(waited < 1, 1, f"the flood delayed others by {waited:.2f} s")
    added = [event for event in chair.events if event["seq"] > before and event["type"] == "request.added"]
    assert len(added) <= 1, "one request a participant, however often it is asked"
    await chair.close()
    await hostile.http.close()


class Flooders:
    """Listeners' connections that say, each as soon as it is open, what weighs little on the way and much when it is read; and come again."""

    def __init__(self, server, tokens, said):
        self.server, self.tokens, self.said, self.answers, self.going = server, tokens, said, {}, True
        self.thread = threading.Thread(target=self.run)

    def begin(self, token):
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        connection.sendall((f"GET /api/v1/live?meeting=demo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n"
                            f"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n").encode())
        connection.setblocking(False)
        self.waiting.register(connection, selectors.EVENT_READ, [token, False])

    def run(self):
        self.waiting = selectors.DefaultSelector()
        for token in self.tokens:
            self.begin(token)
        while self.going:
            for key, _ in self.waiting.select(0.1):
                token, greeted = key.data
                try:
                    data = key.fileobj.recv(65536)
                    if data and not greeted:
                        key.data[1] = True
                        status = data[9:12].decode()
                        self.answers[status] = self.answers.get(status, 0) + 1
                        key.fileobj.send(self.said)
                except OSError:
                    data = b""
                if not data or b"too many messages" in data:  # the reason in the close frame
                    self.waiting.unregister(key.fileobj)
                    key.fileobj.close()
                    time.sleep(0.02)
                    self.begin(token)
        for key in list(self.waiting.get_map().values()):
            key.fileobj.close()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.thread.join()


async def test_small_frames_of_long_messages_keep_nobody_waiting(server):
    chair = await join(server, "chair")
    text = b'{"id":1,"command":"media.join","data":{"sdp":"' + b"a" * 65000 + b'"}}'
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    frame = RawLive.frame(None, 0x41, packed)  # with RSV1: compressed
    listeners = await asyncio.gather(*(asyncio.to_thread(server.token, "listener") for _ in range(12)))
    waits = []
    with Heartbeat() as beat, Flooders(server, listeners, frame * 145) as flooders:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            began = time.monotonic()
            await chair.command("list.open" if len(waits) % 2 else "list.close")
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.06)
    beat.promise(max(waits) < 1.5, 1.5, f"twelve listeners kept the chair waiting for {max(waits):.2f} s")
    assert flooders.answers.get("429", 0) > 0, f"who is put out came again at once: {flooders.answers}"
    await chair.close()


async def test_an_oversized_body_and_a_deep_one_are_refused(server):
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{server.url}/api/v1/session", data=b"x" * 200000, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 413 and response.content_type == "application/problem+json", response.status
        async with http.post(f"{server.url}/api/v1/session", data=b"[" * 5000, headers={"Content-Type": "application/json"}) as response:
            assert response.status in (400, 422), response.status
        async with http.get(URL(f"{server.url}/%2e%2e/%2e%2e/etc/passwd", encoded=True)) as response:
            assert response.status == 404, response.status
        async with http.get(f"{server.url}/") as response:
            assert response.status == 200 and "default-src 'none'" in response.headers["Content-Security-Policy"]
        async with http.get(f"{server.url}/healthz") as response:
            assert response.status == 200
        async with http.get(f"{server.url}/metrics") as response:
            text = await response.text()
            assert response.status == 200 and "# TYPE" in text and "plenary_" in text
        async with http.get(f"{server.url}/api/v1/openapi.json") as response:
            document = await response.json()
            assert document["openapi"].startswith("3.1") and "/api/v1/session" in document["paths"]


async def test_a_lost_speakers_microphone_closes_by_itself(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    await chair.command("floor.give", participant=delegate.me)
    delegate.socket._response.connection.transport.abort()  # the line is cut: no close frame
    assert await chair.event("microphone.closed", timeout=15, participant=delegate.me)
    lost = await chair.event("presence.changed", participant=delegate.me, presence="lost")
    assert lost
    await chair.close()
    await delegate.http.close()


main(globals())
