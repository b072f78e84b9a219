"""The media port under hostile datagrams while people speak and listen: sound goes on, drops are counted, nothing else changes."""
import asyncio
import socket
import struct
import subprocess
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from hostile import RANDOM, counted, ice_of, rtcp, rtp, server_address, stun
from measure import cpu_seconds, memory_bytes, metrics
from plenary import Heartbeat, join, main
from webrtc import Client

FLOODER = """
import os, socket, sys, time
address, port, seconds, rate = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
shapes = [bytes([first]) + os.urandom(size - 1) for first in (0, 1, 20, 22, 23, 63, 64, 128, 144, 200, 255) for size in (1, 12, 20, 100, 1200)]
began, sent = time.monotonic(), 0
while (passed := time.monotonic() - began) < seconds:
    while sent < passed * rate:
        sender.sendto(shapes[sent % len(shapes)], (address, port))
        sent += 1
    time.sleep(0.001)  # paces the flood
print(sent)
"""


BINDING = b"\x00\x01"
NOMINATES = b"\x00\x25\x00\x00"  # USE-CANDIDATE (RFC 8445, section 16.1)


class Tap:
    """Sees and keeps what one ICE socket of aiortc sends."""

    def __init__(self, transport):
        self.transport = transport
        self.sent = []
        self.withheld = None  # a future: it is given the next check, which goes nowhere

    def sendto(self, data, address):
        if self.withheld is not None and not self.withheld.done() and bytes(data[:2]) == BINDING:
            self.withheld.set_result(bytes(data))
            return
        self.sent.append((bytes(data), address))
        self.transport.sendto(data, address)

    def __getattr__(self, name):
        return getattr(self.transport, name)


def tap(client):
    """Taps the socket of the nominated pair."""
    protocol = ice_of(client)._nominated[1].protocol
    protocol.transport = Tap(protocol.transport)
    return protocol.transport


def bad_checks(client):
    """Binding requests that must not be believed."""
    ice = ice_of(client)
    user = f"{ice.remote_username}:{ice.local_username}".encode()
    password = ice.remote_password.encode()
    ordinary = [(6, user), (0x24, struct.pack("!I", 1)), (0x802a, RANDOM.randbytes(8)), (0x25, b"")]
    good = stun(ordinary, password=password)
    yield stun(ordinary, password=b"not the password")
    yield stun(ordinary)
    yield stun([(6, b"fffff" + user[5:]), *ordinary[1:]], password=password)
    yield stun([(6, b"abcde12345:x"), *ordinary[1:]], password=password)
    yield stun([(6, user[:-1] + b"!"), *ordinary[1:]], password=password)
    yield stun([(6, b"")] + ordinary[1:], password=password)
    yield stun([(6, user * 40), *ordinary[1:]], password=password)
    yield stun([*ordinary, *((0x8022, RANDOM.randbytes(64)) for _ in range(16))])  # sixteen long texts
    yield stun([(0x7f00 + i, b"") for i in range(250)])  # 250 attributes that nobody knows
    yield stun([(0x8022, bytes(1300))])
    for length in (0, 4, 8, 1000, 0xfffc, 0xffff):
        yield stun(ordinary, length=length)
    for cut in (1, 4, 19, 20, 21, 24, len(good) - 1):
        yield good[:cut]
    for place in range(0, len(good) - 8, 3):  # what the integrity covers, and itself
        yield good[:place] + bytes([good[place] ^ 0x40]) + good[place + 1:]
    for method, kind in ((1, 0x100), (1, 0x110), (1, 0x10), (3, 0), (0xfff, 0)):
        yield stun(ordinary, method=method, kind=kind, password=b"x")


def dtls_records():
    """Records that a stranger makes up: alerts, handshakes, data, wrong versions and lengths."""
    for content in (20, 21, 22, 23, 24, 25):
        for version in (0xfeff, 0xfefd, 0x0303):
            for size in (0, 2, 50, 1000):
                yield struct.pack("!BHHIHH", content, version, 0, 0, RANDOM.randrange(65536), size) + RANDOM.randbytes(size)
                yield struct.pack("!BHHIHH", content, version, 1, 0, 7, 0xffff) + RANDOM.randbytes(size)
    yield struct.pack("!BHHIHH", 21, 0xfefd, 0, 0, 1, 2) + b"\x02\x28"  # a fatal alert in the clear
    yield struct.pack("!BHHIHH", 21, 0xfefd, 0, 0, 2, 2) + b"\x01\x00"  # close_notify in the clear


async def inbound(client):
    """RTP statistics of the slot that carries the floor."""
    reports = [report for receiver in client.peer.getReceivers() for report in (await receiver.getStats()).values()
               if report.type == "inbound-rtp" and report.packetsReceived > 0]
    return max(reports, key=lambda report: report.packetsReceived)


class Scene:
    """A chair, a speaker with an open microphone and a listener who hears the tone."""

    @classmethod
    async def make(cls, server):
        self = cls()
        self.server = server
        self.chair = await join(server, "chair")
        self.speaker = await Client.join(server, "delegate", hertz=440)
        self.listener = await Client.join(server, "listener")
        await self.chair.command("floor.give", participant=self.speaker.me)
        self.ear = self.listener.ears["floor_1"]
        await self.ear.until(lambda: self.ear.level(440) > -20)
        await self.ear.until(lambda: self.ear.frames > 50)
        self.media = server.pid_of("media")
        self.address = server_address(self.speaker)
        return self

    async def begin(self):
        """Notes what must not change."""
        self.before = await metrics(self.server)
        self.seq = self.chair.seq
        self.memory = memory_bytes(self.media)
        self.heard = await inbound(self.listener)
        self.noticed = {live: len(live.notices) for live in (self.speaker.live, self.listener.live)}
        return self.before

    async def unharmed(self, loss=0):
        """Sound went on and goes on, no peer came or went, the journal is the same, the process is the same and no larger."""
        at = self.ear.frames
        await self.ear.until(lambda: self.ear.frames > at + 100, timeout=8)
        now = await inbound(self.listener)
        assert now.packetsLost - self.heard.packetsLost <= loss, f"{now.packetsLost - self.heard.packetsLost} packets were lost"
        assert now.packetsReceived - self.heard.packetsReceived >= 95
        assert self.ear.level(440) > -20, f"{self.ear.level(440):.0f} dB"
        assert self.speaker.peer.connectionState == self.listener.peer.connectionState == "connected"
        after = await metrics(self.server)
        assert after["plenary_peers"] == self.before["plenary_peers"] == 2
        assert self.chair.seq == self.seq, self.chair.events[-1]
        bad = [notice for live, at in self.noticed.items() for notice in live.notices[at:]
               if notice["notice"] == "media.lost" or notice["notice"] == "media.state" and not notice["data"]["connected"]]
        assert not bad, bad
        assert self.server.pid_of("media") == self.media
        grown = memory_bytes(self.media) - self.memory
        assert grown < 2 << 20, f"the media process grew by {grown} bytes"

    async def close(self):
        await self.speaker.close()
        await self.listener.close()
        await self.chair.close()


def stranger(scene):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return lambda data: sender.sendto(data, scene.address[:2])


async def test_checks_that_lie(server):
    scene = await Scene.make(server)
    before = await scene.begin()
    send = stranger(scene)
    checks = list(bad_checks(scene.speaker))
    for check in checks:
        send(check)
    # Enough from one address that it is no longer read.
    for _ in range(400):
        send(checks[0])
    await counted(server, {"stun_forged_total": 5, "stun_stranger_total": 2, "stun_malformed_total": 10, "address_limited_total": 100}, before)
    await scene.unharmed()
    after = await metrics(server)
    assert after["plenary_media_peer_moved_total"] == before["plenary_media_peer_moved_total"] == 0
    await scene.close()


async def test_bad_checks_from_the_address_of_the_peer_itself(server):
    """A sender that forges the peer's address can at most use up what the peer is allowed; sound goes on."""
    scene = await Scene.make(server)
    before = await scene.begin()
    protocol = ice_of(scene.speaker)._nominated[1].protocol
    checks = list(bad_checks(scene.speaker))
    for number in range(300):
        protocol.transport.sendto(checks[number % len(checks)], scene.address)
    for record in dtls_records():
        protocol.transport.sendto(record, scene.address)
    known = [scene.speaker.peer.getTransceivers()[0].sender._ssrc]
    for number in range(300):
        protocol.transport.sendto(rtp(known[0] if number % 2 else RANDOM.randrange(1 << 32)), scene.address)
        protocol.transport.sendto(rtcp(known[0] if number % 2 else RANDOM.randrange(1 << 32), 200 + number % 8), scene.address)
    await counted(server, {"stun_malformed_total": 10, "srtp_forged_total": 400}, before)
    await scene.unharmed()
    await scene.close()


async def test_media_from_a_stranger(server):
    scene = await Scene.make(server)
    before = await scene.begin()
    send = stranger(scene)
    slots = [receiver for receiver in scene.listener.peer.getReceivers()]
    right = [scene.speaker.peer.getTransceivers()[0].sender._ssrc, *(ssrc for slot in slots for ssrc in slot._RTCRtpReceiver__remote_streams)]
    packets = 0
    for number in range(1000):
        ssrc = right[number % len(right)] if number % 2 else RANDOM.randrange(1 << 32)
        send(rtp(ssrc, size=number % 1300))
        send(rtcp(ssrc, 200 + number % 8, size=4 * (number % 50)))
        packets += 2
    for record in dtls_records():
        send(record)
        packets += 1
    await counted(server, {"address_unknown_total": packets * 0.95}, before)
    await scene.unharmed()
    await scene.close()


async def test_replayed_packets_of_the_real_clients(server):
    scene = await Scene.make(server)
    taps = [tap(scene.speaker), tap(scene.listener)]
    at = scene.ear.frames
    await scene.ear.until(lambda: scene.ear.frames > at + 100, timeout=8)
    before = await scene.begin()
    send = stranger(scene)
    media = [packet for one in taps for packet in list(one.sent) if packet[0][0] >= 128]
    assert len(media) >= 95, len(media)
    # Twice from the same socket, twice from another.
    for one in taps:
        for data, address in [packet for packet in list(one.sent) if packet[0][0] >= 128] * 2:
            one.transport.sendto(data, address)
            send(data)
    await counted(server, {"srtp_replayed_total": 2 * len(media) - 10, "address_unknown_total": 2 * len(media) - 10}, before)
    after = await metrics(server)
    assert after["plenary_media_srtp_forged_total"] == before["plenary_media_srtp_forged_total"]
    await scene.unharmed()
    await scene.close()


class Taps:
    """Every ICE socket of one client, from the first check on, before any is answered."""

    def __init__(self):
        self.taps = []

    def on(self, peer):
        for transceiver in peer.getTransceivers():
            connection = transceiver.sender.transport.transport._connection
            connection.gather_candidates = lambda connection=connection, original=connection.gather_candidates: self.gather(connection, original)

    async def gather(self, connection, original):
        await original()
        for protocol in connection._protocols:
            protocol.transport = Tap(protocol.transport)
            self.taps.append(protocol.transport)

    def checks(self):
        return [data for one in self.taps for data, _ in list(one.sent) if data[0] == 0]

    async def withhold_a_check(self):
        """The client's next check, which goes nowhere."""
        withheld = asyncio.get_running_loop().create_future()
        for one in self.taps:
            one.withheld = withheld
        return await withheld


async def sends_from_elsewhere(checks, address, ear):
    """For ten seconds, as long as the listener hears; how many packets of sound came there."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setblocking(False)
    stolen = 0
    for _ in range(10):
        for data in checks:
            sender.sendto(data, address[:2])
        at = ear.frames
        try:
            await ear.until(lambda at=at: ear.frames > at + 15, timeout=1)
        except asyncio.TimeoutError:
            pass
        try:
            while True:
                stolen += sender.recv(2048)[0] >= 128
        except BlockingIOError:
            pass
    sender.close()
    return stolen


async def copies_are_sent(server, withhold):
    """Whoever sees a participant's checks pass may send them again from elsewhere: the sound must stay with the participant."""
    taps = Taps()
    chair, speaker = await join(server, "chair"), await Client.join(server, "delegate", hertz=440)
    listener = await join_tapped(server, "listener", taps.on)
    await chair.command("floor.give", participant=speaker.me)
    ear = listener.ears["floor_1"]
    await ear.until(lambda: ear.level(440) > -20 and ear.frames > 50)
    checks = taps.checks()
    assert any(NOMINATES in data for data in checks), "no nomination was seen"
    if withhold:
        checks.insert(0, await taps.withhold_a_check())
    before = await inbound(listener)
    stolen = await sends_from_elsewhere(checks, server_address(listener), ear)
    after = await inbound(listener)
    print(f"    {stolen} packets of sound went to the stranger", flush=True)
    assert stolen < 50, f"{stolen} packets of sound went to the stranger, the listener lost {after.packetsLost - before.packetsLost}"
    await ear.until(lambda: ear.level(440) > -20)
    for client in (speaker, listener):
        await client.close()
    await chair.close()


async def test_replayed_checks_do_not_carry_the_sound_away(server):
    await copies_are_sent(server, withhold=False)


async def test_nor_does_a_check_that_comes_by_the_stranger_alone(server):
    """A datagram is lost behind the one who saw it pass: what comes from elsewhere is the first of its kind, and by it the stranger is known."""
    await copies_are_sent(server, withhold=True)



async def join_tapped(server, role, prepare):
    """As Client.join, with `prepare` called between the making of the peer and its gathering."""
    original = RTCPeerConnection.createOffer

    async def create(peer):
        prepare(peer)
        return await original(peer)
    RTCPeerConnection.createOffer = create
    try:
        return await Client.join(server, role)
    finally:
        RTCPeerConnection.createOffer = original


async def test_ten_thousand_datagrams_a_second(server):
    scene = await Scene.make(server)
    before = await scene.begin()
    used = cpu_seconds(scene.media)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", FLOODER, *map(str, scene.address[:2]), "5", "10000", stdout=subprocess.PIPE)
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    sent = int(output)
    used = cpu_seconds(scene.media) - used
    assert sent >= 30000, f"the flood itself was too slow: {sent}"
    await counted(server, {"datagrams_in_total": sent * 0.9, "kind_unknown_total": sent * 0.2, "address_unknown_total": sent * 0.2}, before)
    after = await metrics(server)
    answered = after["plenary_media_datagrams_out_total"] - before["plenary_media_datagrams_out_total"]
    assert answered < 3000, f"{answered} datagrams went out: a flood must not be answered"
    print(f"{sent} hostile datagrams in 5 s cost {1e6 * used / sent:.1f} us each, and no packet of sound")
    await scene.unharmed()
    await scene.close()


async def test_a_certificate_that_is_not_the_offered_one(server):
    before = await metrics(server)
    live = await join(server, "delegate")
    peer = RTCPeerConnection()
    for section in live.hello["plan"]["sections"]:
        peer.addTransceiver(section["kind"], direction="sendonly" if section["direction"] == "send" else "recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    lines = []
    for line in peer.localDescription.sdp.splitlines():
        if line.startswith("a=fingerprint:sha-256 "):
            first = line[22]
            line = line[:22] + ("A" if first != "A" else "B") + line[23:]
        if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512")):
            lines.append(line)
    answer = await live.command("media.join", sdp="\r\n".join(lines) + "\r\n")
    await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
    await counted(server, {"dtls_fingerprint_total": 1}, before, timeout=20)
    after = await metrics(server)
    assert after["plenary_media_peers_connected"] == 0 and after["plenary_media_dtls_connected_total"] == before["plenary_media_dtls_connected_total"]
    assert after["plenary_media_joins_total"] == before["plenary_media_joins_total"]
    assert not [notice for notice in live.notices if notice["notice"] == "media.state" and notice["data"]["connected"]]
    # It may try again, honestly.
    await peer.close()
    honest = RTCPeerConnection()
    connected = asyncio.Event()
    honest.on("connectionstatechange", lambda: honest.connectionState == "connected" and connected.set())
    for section in live.hello["plan"]["sections"]:
        honest.addTransceiver(section["kind"], direction="sendonly" if section["direction"] == "send" else "recvonly")
    await honest.setLocalDescription(await honest.createOffer())
    answer = await live.command("media.join", sdp=honest.localDescription.sdp)
    await honest.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
    await asyncio.wait_for(connected.wait(), 15)
    await honest.close()
    await live.close()


async def test_a_peer_whose_network_vanishes(server):
    """Its page is told after six seconds, the peer is closed after thirty; its connection to the meeting lives on and it may join again."""
    scene = await Scene.make(server)
    await scene.begin()
    loop = asyncio.get_running_loop()
    live = scene.speaker.live
    for protocol in ice_of(scene.speaker)._protocols:
        # Not a byte more, and no goodbye.
        protocol.transport.sendto = lambda *_: None
        protocol.transport = type("Nowhere", (), {"sendto": lambda *_: None, "close": protocol.transport.close, "abort": protocol.transport.abort})()
    beat = Heartbeat().__enter__()
    began = loop.time()
    await live.until(lambda: any(notice["notice"] == "media.state" and notice["data"]["connected"] is False
                                 for notice in live.notices[scene.noticed[live]:]), timeout=15)
    told = loop.time() - began
    beat.promise(4 < told < 10, 4, f"told after {told:.1f} s")
    assert (await metrics(server))["plenary_peers"] == 2
    while (await metrics(server))["plenary_peers"] != 1:
        assert loop.time() - began < 90
        await asyncio.sleep(0.2)  # polls an outside process's state
    closed = loop.time() - began
    beat.__exit__()
    beat.promise(25 < closed < 40, 10, f"closed after {closed:.1f} s")
    await counted(server, {"peers_lost_total": 1}, scene.before)
    print(f"the page is told after {told:.1f} s, the peer closed after {closed:.1f} s")
    # Its microphone was given back after the time that the meeting allows for silence, and for that reason; the participant is there.
    gone = await scene.chair.event("microphone.closed", participant=live.hello["participant"])
    assert gone["data"]["reason"] == "silent", gone
    assert not [event for event in scene.chair.events if event["type"] == "presence.changed" and event["data"]["participant"] == live.hello["participant"]
                and event["data"]["presence"] in ("lost", "away")]
    assert scene.listener.peer.connectionState == "connected"
    await scene.listener.close()
    await scene.chair.close()
    await live.close()


main(globals())
