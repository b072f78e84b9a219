"""The two standard doors from outside: what they take and refuse, who hears whom, what survives a restart."""
import asyncio
import os
import re
import time

import aiohttp
from aioice import stun
from aiortc import RTCPeerConnection
from doors import Door, Refused
from hostile import ice_of
from nat import is_media
from plenary import ROOT, Problem, expect_problem, join, main

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
CANDIDATES = ("a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
              "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\na=end-of-candidates\r\n")


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def offer(*sections):
    """An offer of aiortc's with these (kind, direction) sections."""
    peer = RTCPeerConnection()
    for kind, direction in sections:
        peer.addTransceiver(kind, direction=direction)
    await peer.setLocalDescription(await peer.createOffer())
    sdp = peer.localDescription.sdp
    await peer.close()
    return sdp


async def ask(server, method, path, headers=None, data=None):
    async with server.http() as http:
        async with http.request(method, server.url + path, headers=headers or {}, data=data) as response:
            return response.status, response.headers, await response.text()


async def refused(status, awaitable):
    try:
        await awaitable
    except Refused as refusal:
        assert refusal.status == status, refusal
        return refusal
    raise AssertionError(f"expected {status}, but it was taken")


async def test_a_feed_of_a_language_is_heard_on_its_channel(server):
    token = server.token("technician")
    watcher = await join(server, "moderator")
    publisher = await Door.publish(server, token, "fr", 440)
    added = await watcher.event("feed.added")
    assert added["data"]["feed"]["target"] == "fr" and added["data"]["feed"]["id"] == "fr", added
    changed = await watcher.event("channel.changed")
    assert changed["data"]["channel"]["state"] == "interpreted" and changed["data"]["channel"]["feed"] == "fr", changed
    listener = await Door.listen(server, token, "fr")
    elsewhere = await Door.listen(server, token, "es")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    assert elsewhere.ear.frames == 0 or elsewhere.ear.level(440) < -60

    # The publisher goes: silence, and the channel is free again.
    since = watcher.seq
    assert await publisher.delete() == 200
    await watcher.event("feed.removed", feed="fr")
    freed = await watcher.event("channel.changed", since=since)
    assert freed["data"]["channel"]["state"] == "silent" and not freed["data"]["channel"].get("feed"), freed
    await asyncio.wait_for(publisher.ended.wait(), 15)
    assert await publisher.delete() == 404
    for client in (publisher, listener, elsewhere):
        await client.close()
    await watcher.close()


class Renewed(Door):
    """Has more certificates than one, and shows the last of those that it offers (RFC 8122 section 5)."""
    others = 1

    def offer(self):
        own = re.search(r"a=fingerprint:sha-256 (.*)\r\n", self.peer.localDescription.sdp)
        others = "".join(f"a=fingerprint:sha-256 0{i}:{'AB:' * 30}CD\r\n" for i in range(self.others))
        return self.peer.localDescription.sdp.replace(own[0], others + own[0])


class MuchRenewed(Renewed):
    others = 4


async def test_any_of_the_fingerprints_offered_connects(server):
    token = server.token("technician")
    publisher = await Renewed.publish(server, token, "fr", 440)
    listener = await Renewed.listen(server, token, "fr")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    refusal = await refused(422, MuchRenewed.listen(server, token, "fr"))
    assert "more than 4 sha-256 fingerprints are offered" in refusal.problem, refusal
    for client in (publisher, listener):
        assert await client.delete() == 200
        await client.close()


async def test_the_moderator_puts_a_feed_on_the_floor(server):
    moderator = await join(server, "moderator")
    delegate = await join(server, "delegate")
    publisher = await Door.publish(server, server.token("publisher", source="stage"), "stage", 700)
    token = server.token("technician")
    floor = await Door.listen(server, token, "floor")
    spanish = await Door.listen(server, token, "es")
    feed = (await moderator.event("feed.added"))["data"]["feed"]
    assert feed["target"] == "none" and not feed.get("participant"), feed
    await moderator.event("feed.changed")  # it delivers
    assert floor.ear.frames == 0
    await expect_problem("forbidden", delegate.command("feed.put", feed="stage", target="floor"))
    await moderator.command("feed.put", feed="stage", target="floor")
    await floor.ear.until(lambda: floor.ear.level(700) > -20)
    await spanish.ear.until(lambda: spanish.ear.level(700) > -20)  # auto-floor
    await moderator.command("feed.put", feed="stage", target="es")
    since = floor.ear.frames
    await spanish.ear.until(lambda: spanish.ear.level(700) > -20)
    await moderator.command("feed.end", feed="stage")
    await asyncio.wait_for(publisher.ended.wait(), 15)
    assert floor.ear.frames >= since
    await expect_problem("not-found", moderator.command("feed.put", feed="stage", target="floor"))
    for client in (publisher, floor, spanish):
        await client.close()


async def test_a_technicians_feed_named_floor_is_on_the_floor(server):
    token = server.token("technician")
    publisher = await Door.publish(server, token, "floor", 500)
    listener = await Door.listen(server, token, "floor", kinds=("video", "audio"))
    await listener.ear.until(lambda: listener.ear.level(500) > -20)
    assert "m=video 0 " not in listener.answer, listener.answer
    # A page hears it too, and another with the same token takes over the name.
    again = await Door.publish(server, token, "floor", 900)
    await listener.ear.until(lambda: listener.ear.level(900) > -20)
    await asyncio.wait_for(publisher.ended.wait(), 15)
    await refused(409, Door.publish(server, server.token("publisher", source="floor"), "floor", 300))
    for client in (publisher, again, listener):
        await client.close()


async def test_a_picture_alone_is_published(server):
    token = server.token("technician")
    moderator = await join(server, "moderator")
    camera = await Door.publish(server, token, "floor", None)
    await moderator.until(lambda: [one for one in moderator.events if one["type"] == "feed.changed" and one["data"]["feed"]["picture"]])
    assert not [one for one in moderator.events if one["type"] == "feed.changed" and one["data"]["feed"]["sound"]], moderator.events
    viewer = await Door.listen(server, token, "floor", kinds=("audio", "video"))
    picture = next(section for section in viewer.peer.getTransceivers() if section.kind == "video").receiver.track
    frame = await asyncio.wait_for(picture.recv(), 20)
    assert frame.width > 100, frame
    for client in (camera, viewer):
        await client.close()


async def test_a_listener_wishes_a_form_of_the_sound(server):
    token = server.token("technician")
    publisher = await Door.publish(server, token, "ru", 440)
    plain = await Door.listen(server, token, "ru", query="?variant=plain")
    long = await Door.listen(server, token, "ru", query="?variant=long")
    await plain.ear.until(lambda: plain.ear.level(440) > -20)  # aiortc cannot decode 60 ms: browsers hear them in doors.spec.ts

    async def made():
        _, _, text = await ask(server, "GET", "/metrics")
        return {name: int(re.search(rf"^plenary_media_{name}_total (\d+)$", text, re.M).group(1))
                for name in ("plain_packets_out", "long_packets_out")}
    until = time.monotonic() + 20
    while (counters := await made())["long_packets_out"] < 20:  # it is said what went out about once a second
        assert time.monotonic() < until, counters
        await asyncio.sleep(0.2)
    # Three packets' sound in one: from a counter read later, two thirds less go to the one than to the other.
    assert counters["plain_packets_out"] > 2 * counters["long_packets_out"], counters
    for query in ("?variant=thin", "?variant=", "?variant=" + "l" * 200):
        refusal = await refused(422, Door.listen(server, token, "ru", query=query))
        assert "red2" in refusal.problem, refusal.problem
    for client in (publisher, plain, long):
        await client.close()


async def test_a_moderator_sees_switches_and_ends_listeners(server):
    moderator = await join(server, "moderator")
    token = server.token("technician")
    french = await Door.publish(server, token, "fr", 440)
    russian = await Door.publish(server, token, "ru", 880)
    listener = await Door.listen(server, server.token("listener", channel="fr"), "fr")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)

    def seen(channel):
        told = [one["data"] for one in moderator.notices if one["notice"] == "receivers.changed"]
        return told and told[-1]["total"] == 1 and [one for one in told[-1]["receivers"] if one["channel"] == channel and one["connected"]]
    receiver = (await moderator.until(lambda: seen("fr")))[0]
    assert not receiver.get("participant") and receiver["since"] > 0, receiver
    await moderator.command("receiver.switch", receiver=receiver["id"], channel="ru")
    await listener.ear.until(lambda: listener.ear.level(880) > -20 and listener.ear.level(440) < -50)
    await moderator.until(lambda: seen("ru"))
    await moderator.until(lambda: [one for one in moderator.notices if one["notice"] == "listeners.changed" and one["data"]["channels"][5] == 1])
    await expect_problem("not-found", moderator.command("receiver.switch", receiver="nobody", channel="ru"))
    await moderator.command("receiver.end", receiver=receiver["id"])
    await asyncio.wait_for(listener.ended.wait(), 15)
    await moderator.until(lambda: moderator.notices[-1]["data"].get("total") == 0)
    for client in (french, russian, listener):
        await client.close()


async def test_tokens(server):
    stage = server.token("publisher", source="stage")
    french = server.token("listener", channel="fr")
    person = server.token("listener")
    send = await offer(("audio", "sendonly"))
    hear = await offer(("audio", "recvonly"))
    for path, token, sdp, status in (
            ("/whip/demo/other", stage, send, 403), ("/whep/demo/fr", stage, hear, 403), ("/whep/demo/ru", french, hear, 403),
            ("/whip/demo/fr", french, send, 403), ("/whip/demo/stage", person, send, 403), ("/whip/other/stage", stage, send, 403),
            ("/whep/other/fr", server.token("technician"), hear, 403), ("/whep/demo/de", person, hear, 404),
            ("/whip/demo/Stage", server.token("technician"), send, 404), ("/whep/demo/fr", "A" * 43, hear, 401),
            ("/whep/demo/fr", "short", hear, 401)):
        got, headers, text = await ask(server, "POST", path, {**SDP, **bearer(token)}, sdp)
        assert got == status, (path, got, text)
        assert headers["Content-Type"] == "application/problem+json" and headers["Access-Control-Allow-Origin"] == "*", headers
        assert got != 401 or headers["WWW-Authenticate"] == "Bearer", headers
    got, headers, _ = await ask(server, "POST", "/whep/demo/fr", SDP, hear)
    assert got == 401 and headers["WWW-Authenticate"] == "Bearer", got
    # A machine's token is nobody's elsewhere.
    got, _, _ = await ask(server, "POST", "/api/v1/session", {"Content-Type": "application/json"}, f'{{"token":"{stage}"}}')
    assert got == 403, got
    for path in ("/api/v1/session", "/api/v1/meetings/demo", "/api/v1/sessions"):
        got, _, _ = await ask(server, "GET", path, bearer(stage))
        assert got == 403, (path, got)
    got, _, _ = await ask(server, "GET", "/api/v1/live?meeting=demo", {**bearer(stage), "Upgrade": "websocket", "Connection": "Upgrade",
                          "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
    assert got == 403, got
    # Somebody else's session is not for this token to end; a technician may.
    listener = await Door.listen(server, french, "fr")
    got, _, _ = await ask(server, "DELETE", listener.location, bearer(person))
    assert got == 403, got
    got, _, _ = await ask(server, "DELETE", listener.location.replace("/fr/", "/ru/"), bearer(french))
    assert got == 404, got
    got, _, _ = await ask(server, "DELETE", listener.location[:-1] + "!", bearer(french))
    assert got == 404, got
    got, _, _ = await ask(server, "DELETE", listener.location, bearer(server.token("technician")))
    assert got == 200, got
    await listener.close()


async def test_manners(server):
    token = server.token("technician")
    listener = await Door.listen(server, token, "fr")
    assert listener.location.startswith("/whep/demo/fr/") and listener.headers["Content-Type"] == "application/sdp", listener.headers
    assert {"Location", "ETag", "Link"} <= {part.strip() for part in listener.headers["Access-Control-Expose-Headers"].split(",")}
    assert "a=ice-lite" in listener.answer and "a=candidate:" in listener.answer and "a=rtcp-mux" in listener.answer and "BUNDLE" in listener.answer
    etag = {"If-Match": listener.etag}
    for headers, body, status in (
            ({**FRAGMENT, **etag}, CANDIDATES, 204), ({**FRAGMENT, "If-Match": f'"x", {listener.etag}'}, CANDIDATES, 204),
            ({**FRAGMENT, "If-Match": "*"}, "m=audio 9 X 0\r\na=mid:0\r\n", 422), ({**FRAGMENT, "If-Match": "*"}, "v=0\r\n", 400), ({**FRAGMENT, "If-Match": '"x"'}, CANDIDATES, 412), (FRAGMENT, CANDIDATES, 428),
            ({**SDP, **etag}, CANDIDATES, 415), ({**FRAGMENT, **etag}, "garbage", 400), ({**FRAGMENT, **etag}, "a" * 70000, 413)):
        got, answer, text = await ask(server, "PATCH", listener.location, {**bearer(token), **headers}, body)
        assert got == status, (headers, got, text)
    for path, methods in (("/whep/demo/fr", "POST, OPTIONS"), ("/whip/demo/stage", "POST, OPTIONS"), (listener.location, "PATCH, DELETE, OPTIONS")):
        got, headers, _ = await ask(server, "OPTIONS", path, {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"})
        assert got == 204 and headers["Access-Control-Allow-Methods"] == methods and headers["Access-Control-Allow-Origin"] == "*", headers
        assert "Authorization" in headers["Access-Control-Allow-Headers"] and "If-Match" in headers["Access-Control-Allow-Headers"], headers
        assert path == listener.location or headers["Accept-Post"] == "application/sdp", headers
        for method in ("GET", "PUT", "HEAD"):
            got, headers, _ = await ask(server, method, path, bearer(token))
            assert got == 405 and set(headers["Allow"].split(", ")) == set(methods.split(", ")), (method, path, got, headers)
    hear = await offer(("audio", "recvonly"))
    for headers, body, status in (({"Content-Type": "text/plain"}, hear, 415), ({**SDP, "Accept": "text/html"}, hear, 406), (SDP, "", 400),
                                  (SDP, "garbage", 400), (SDP, "v=0\r\n", 422), (SDP, "x" * 50000, 413), (SDP, "x" * 100000, 413), (SDP, os.urandom(2000), 400)):
        got, _, text = await ask(server, "POST", "/whep/demo/fr", {**bearer(token), **headers}, body)
        assert got == status, (headers, got, text)
    got, _, _ = await ask(server, "POST", "/whep/demo/fr", {**bearer(token), "Content-Type": "Application/SDP; charset=utf-8",
                                                          "Accept": "text/plain, application/sdp;q=0.5"}, hear)
    assert got == 201, got
    # Nothing that this door takes: no sound at all, the wrong direction, another codec.
    for path, sdp in (("/whep/demo/fr", await offer(("video", "recvonly"))), ("/whep/demo/fr", await offer(("audio", "sendonly"))),
                      ("/whip/demo/x", await offer(("audio", "recvonly"))), ("/whep/demo/fr", hear.replace("opus", "speex"))):
        got, _, text = await ask(server, "POST", path, {**bearer(token), **SDP}, sdp)
        assert got == 422, (path, got, text)
    await listener.close()


async def test_offers_of_other_shapes(server):
    token = server.token("technician")
    both = await offer(("audio", "sendonly"), ("video", "sendonly"))
    h264 = "\r\n".join(line for line in both.split("\r\n") if "VP8" not in line)
    for name, sdp, video in (("one", both, True), ("two", await offer(("video", "sendonly"), ("audio", "sendonly")), True),
                             ("three", h264, True), ("four", await offer(("audio", "sendrecv")), None),
                             ("five", await offer(("audio", "sendonly"), ("audio", "sendonly"), ("video", "sendonly")), True)):
        got, _, answer = await ask(server, "POST", f"/whip/demo/{name}", {**bearer(token), **SDP}, sdp)
        assert got == 201, (name, got, answer)
        assert [line.split(" ")[0] for line in answer.split("\r\n") if line.startswith("m=")] == \
            [line.split(" ")[0] for line in sdp.split("\r\n") if line.startswith("m=")], answer
        assert video is None or ("m=video 0 " not in answer) == video, (name, answer)
        assert answer.count("m=audio 0 ") == (1 if name == "five" else 0), answer
    hear_both = await offer(("video", "recvonly"), ("audio", "recvonly"))
    h264 = "\r\n".join(line for line in hear_both.split("\r\n") if "VP8" not in line)
    for sdp, pictures in ((hear_both, 1), (h264, 1), (await offer(("audio", "recvonly"), ("video", "recvonly")), 1), (await offer(("audio", "sendrecv")), 0),
                          (await offer(("audio", "recvonly"), ("video", "recvonly"), ("video", "recvonly")), 1)):
        got, _, answer = await ask(server, "POST", "/whep/demo/floor", {**bearer(token), **SDP}, sdp)
        assert got == 201 and "m=audio 0 " not in answer and answer.count("m=video ") - answer.count("m=video 0 ") == pictures, answer


async def test_a_flood_of_offers_is_refused_in_time(server):
    token = server.token("technician")
    hear = await offer(("audio", "recvonly"))
    publisher = await Door.publish(server, token, "fr", 440)
    listener = await Door.listen(server, token, "fr")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    counts = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as http:
        async def one(sdp, bearing):
            async with http.post(f"{server.url}/whep/demo/fr", headers={**SDP, **bearing}, data=sdp) as response:
                counts[response.status] = counts.get(response.status, 0) + 1
                if response.status in (429, 503):
                    assert int(response.headers["Retry-After"]) > 0
        for bearing in (bearer(token), bearer("B" * 43), {}):
            await asyncio.gather(*(one(hear if i % 2 else "garbage", bearing) for i in range(2000)))
    print(f"6,000 offers: {dict(sorted(counts.items()))}")
    assert set(counts) <= {201, 400, 401, 429, 503} and counts[201] > 0 and counts[429] > 0, counts
    heard = listener.ear.frames
    await listener.ear.until(lambda: listener.ear.frames > heard + 50 and listener.ear.level(440) > -20)
    assert (await ask(server, "GET", "/healthz"))[0] == 200
    await publisher.close()
    await listener.close()


class Checker(asyncio.DatagramProtocol):
    """A socket of the client's that sends checks and counts the media that come to it."""

    def __init__(self):
        self.answers = asyncio.Queue()
        self.media = 0

    @classmethod
    async def open(cls):
        _, self = await asyncio.get_running_loop().create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        return self

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, _):
        if data[0] < 2:
            self.answers.put_nowait(data)
        else:
            self.media += 128 <= data[0] < 192

    async def check(self, server, username, password):
        """Sends a check that nominates; whether it is answered rightly."""
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes.update({"USERNAME": username, "PRIORITY": 1, "ICE-CONTROLLING": 7, "USE-CANDIDATE": None})
        message.add_message_integrity(password.encode())
        self.transport.sendto(bytes(message), server)
        try:
            answer = stun.parse_message(await asyncio.wait_for(self.answers.get(), 1), integrity_key=password.encode())
        except asyncio.TimeoutError:
            return False
        assert answer.transaction_id == message.transaction_id
        return answer.message_class == stun.Class.RESPONSE


async def test_ice_restarts(server):
    token = server.token("technician")
    publisher = await Door.publish(server, token, "fr", 440)
    listener = await Door.listen(server, token, "fr")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)

    async def patch(if_match, body):
        return await ask(server, "PATCH", listener.location, {**bearer(token), **FRAGMENT, "If-Match": if_match}, body)
    status, headers, text = await patch("*", CANDIDATES)
    assert status == 200 and headers["Content-Type"] == FRAGMENT["Content-Type"], (status, text)
    assert headers["ETag"] != listener.etag and "a=ice-lite" in text and "m=audio 9 " in text and "a=mid:0\r\n" in text, text
    # The name of the session as it was is no longer its name.
    assert (await patch(listener.etag, CANDIDATES))[0] == 412
    assert (await patch(headers["ETag"], CANDIDATES))[0] == 204

    def found(name, where):
        return re.search(rf"^a={name}:(\S+)", where, re.M).group(1)
    _, _, _, _, ip, port, *_ = re.search(r"^a=candidate:(.*)$", text, re.M).group(1).split()
    media = (ip, int(port))
    name, password = f"{found('ice-ufrag', text)}:EsAw", found("ice-pwd", text)
    offered = re.search(r"^a=ice-ufrag:(\S+)", listener.peer.localDescription.sdp, re.M).group(1)
    name_before, password_before = f"{found('ice-ufrag', listener.answer)}:{offered}", found("ice-pwd", listener.answer)
    assert name_before.split(":")[0] != name.split(":")[0] and password_before != password

    one, two, three = [await Checker.open() for _ in range(3)]
    assert not await one.check(media, name, password_before) and not await one.check(media, name_before, password)
    # The credentials before go on being answered, and nominate no more.
    assert await one.check(media, name_before, password_before)
    # Who restarts is elsewhere now: whatever still came from there authentically would carry the sound back.
    for protocol in ice_of(listener)._protocols:
        protocol.transport.sendto = lambda *_: None
    assert await two.check(media, name, password)
    while two.media < 25:
        await asyncio.sleep(0.02)  # the test's own time limit ends it
    assert one.media == 0
    # Another restart: those that held before the last two are strangers now.
    status, _, text = await patch("*", CANDIDATES.replace("EsAw", "Next"))
    assert status == 200, text
    assert not await one.check(media, name_before, password_before)
    assert await three.check(media, f"{found('ice-ufrag', text)}:Next", found("ice-pwd", text))
    while three.media < 25:
        await asyncio.sleep(0.02)
    for _ in range(62):
        assert (await patch("*", CANDIDATES))[0] == 200
    assert (await patch("*", CANDIDATES))[0] == 422  # the sixty-fifth
    other = server.token("listener", channel="fr")
    assert (await ask(server, "PATCH", listener.location, {**bearer(other), **FRAGMENT, "If-Match": "*"}, CANDIDATES))[0] == 403
    for checker in (one, two, three):
        checker.transport.close()
    await publisher.close()
    await listener.close()


async def test_a_nat_forgets_its_binding(server):
    """The first media of the client's from the new port bring its sound there; it knows of nothing and does nothing for it."""
    token = server.token("technician")
    publisher = await Door.publish(server, token, "fr", 440, behind_nat=True)
    listener = await Door.listen(server, token, "fr", behind_nat=True)
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    for _ in range(3):
        await asyncio.wait_for(listener.nat.spoke.wait(), 20)  # its reports are known by then
        began = time.monotonic()
        await listener.nat.rebind()
        await asyncio.wait_for(listener.nat.back.wait(), 20)
        print(f"sound again after {1000 * (time.monotonic() - began):.0f} ms and {listener.nat.sent} packets of the listener's")
        # Its report, and what it sends while the sound is on its way.
        assert 1 <= listener.nat.sent <= 3, listener.nat.sent
    # A publisher goes on being heard at once.
    heard = listener.ear.frames
    await publisher.nat.rebind()
    await listener.ear.until(lambda: listener.ear.frames > heard + 50 and listener.ear.level(440) > -20)
    for client in (publisher, listener):
        await client.close()


async def test_a_silent_listener_comes_from_another_address(server):
    """Nothing of its own for two and a half seconds; then the first datagram is enough, a report or a check that nominates nothing."""
    token = server.token("technician")
    publisher = await Door.publish(server, token, "fr", 440)
    listener = await Door.listen(server, token, "fr", behind_nat=True)
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    await asyncio.wait_for(listener.nat.spoke.wait(), 20)
    for kind in (is_media, lambda data: data[0] < 4) * 2:
        listener.nat.passes = lambda data: False
        await asyncio.sleep(2.5)  # the silence that this is about
        await listener.nat.rebind()
        listener.nat.passes = kind
        await asyncio.wait_for(listener.nat.back.wait(), 20)
        assert 1 <= listener.nat.through <= 2, listener.nat.through  # one, and what is sent while the sound is on its way
    for client in (publisher, listener):
        await client.close()


async def test_sessions_survive_control(server):
    token = server.token("technician")
    moderator = await join(server, "moderator")
    stage = await Door.publish(server, token, "stage", 440)
    await moderator.command("feed.put", feed="stage", target="floor")
    listener = await Door.listen(server, token, "floor")
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    pid = server.kill("control")
    heard = listener.ear.frames
    await listener.ear.until(lambda: listener.ear.frames > heard + 100, timeout=5)

    async def back():
        while True:
            try:
                if server.pid_of("control") not in (None, pid) and (await ask(server, "GET", "/readyz"))[0] == 200:
                    return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)  # looks again; nothing tells
    await asyncio.wait_for(back(), 20)
    moderator = await join(server, "moderator")
    feeds = moderator.snapshot["meeting"]["feeds"] if "meeting" in moderator.snapshot else moderator.snapshot["feeds"]
    assert [(feed["id"], feed["target"], feed["sound"]) for feed in feeds] == [("stage", "floor", True)], feeds
    await moderator.until(lambda: [one for one in moderator.notices if one["notice"] == "receivers.changed" and one["data"]["total"] == 1])
    got, headers, _ = await ask(server, "PATCH", listener.location, {**bearer(token), **FRAGMENT, "If-Match": listener.etag}, CANDIDATES)
    assert got == 204, got
    receiver = [one for one in moderator.notices if one["notice"] == "receivers.changed"][-1]["data"]["receivers"][0]
    await moderator.command("receiver.switch", receiver=receiver["id"], channel="ru")
    await moderator.command("channel.auto_floor", channel="ru", on=False)
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    assert await stage.delete() == 200 and await listener.delete() == 200
    await moderator.event("feed.removed", feed="stage")
    for client in (stage, listener):
        await client.close()


async def test_media_restarts(server):
    token = server.token("technician")
    moderator = await join(server, "moderator")
    stage = await Door.publish(server, token, "stage", 440)
    await moderator.event("feed.added")
    server.kill("media")
    await moderator.event("feed.removed", feed="stage")

    async def again():
        while True:
            try:
                return await Door.publish(server, token, "stage", 440)
            except Refused as refusal:
                assert refusal.status == 503 and int(refusal.headers["Retry-After"]) > 0, refusal
                await asyncio.sleep(0.1)  # as Retry-After asks, impatiently
    later = await asyncio.wait_for(again(), 20)
    assert await later.delete() == 200
    for client in (stage, later):
        await client.close()


async def test_gstreamer_publishes_and_hears(server):
    program = [ "/usr/bin/python3", os.path.join(ROOT, "tests", "integration", "gstreamer_door.py"), server.url]
    publisher = await asyncio.create_subprocess_exec(*program, "/whip/demo/fr", server.token("publisher", source="fr"), "600",
                                                     stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    listener = await asyncio.create_subprocess_exec(*program, "/whep/demo/fr", server.token("listener", channel="fr"), "600",
                                                    stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await asyncio.wait_for(listener.communicate(), 60)
    finally:
        publisher.terminate()
    text = output.decode(errors="replace")
    assert listener.returncode == 0, (text[-2000:], (await publisher.stdout.read()).decode(errors="replace")[-2000:])
    print(text.strip().splitlines()[-1])
    await publisher.wait()


async def test_gstreamer_publishes_and_sees_h264(server):
    """As encoders do: H.264 and Opus without any header extension, so that the SSRC alone tells one from the other."""
    program = ["/usr/bin/python3", os.path.join(ROOT, "tests", "integration", "gstreamer_door.py"), server.url]
    publisher = await asyncio.create_subprocess_exec(*program, "/whip/demo/floor", server.token("technician"), "600", "h264",
                                                     stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    listener = await asyncio.create_subprocess_exec(*program, "/whep/demo/floor", server.token("technician"), "600", "h264",
                                                    stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await asyncio.wait_for(listener.communicate(), 60)
    finally:
        publisher.terminate()
    text = output.decode(errors="replace")
    assert listener.returncode == 0, (text[-2000:], (await publisher.stdout.read()).decode(errors="replace")[-2000:])
    print(text.strip().splitlines()[-1])
    await publisher.wait()


main(globals())
