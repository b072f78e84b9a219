"""Publishers and listeners that passed every check and then misbehave: they are capped and counted, and nobody else hears of it."""
import asyncio
import os
import re
import socket
import struct
import threading
import time

from aiortc.mediastreams import MediaStreamTrack
from doors import Door
from hostile import RANDOM, counted, ice_of, server_address, stun
from measure import cpu_seconds, metrics
from plenary import main

FLOOD_PER_S = 10_000
FLOOD_S = 4
VOICE = bytes([0xfc]) + bytes(79)  # a readable Opus packet: one frame of 20 ms


class Mute(MediaStreamTrack):
    """A microphone that never delivers, so that all packets are the test's."""
    kind = "audio"

    async def recv(self):
        await asyncio.Event().wait()


class Forger:
    """Sends whatever one wishes under the keys of a door's session."""

    def __init__(self, door):
        self.door = door
        self.session = (door.peer.getSenders() + door.peer.getReceivers())[0].transport
        self.address = server_address(door)[:2]
        asyncio_socket = ice_of(door)._nominated[1].protocol.transport.get_extra_info("socket")
        self.socket = socket.socket(fileno=os.dup(asyncio_socket.fileno()))
        senders = [sender for sender in door.peer.getSenders() if sender.track]
        self.opus = int(re.search(r"a=rtpmap:(\d+) opus", door.answer, re.I).group(1))
        self.ssrc = senders[0]._ssrc if senders else RANDOM.randrange(1 << 32)
        self.sequence = RANDOM.randrange(1 << 14)
        self.timestamp = RANDOM.randrange(1 << 30)
        self.sent = 0

    def packet(self, payload, payload_type=None, first=0x80):
        """One more RTP packet, ready to be sent."""
        head = struct.pack("!BBHII", first, self.opus if payload_type is None else payload_type, self.sequence & 0xffff, self.timestamp & 0xffffffff, self.ssrc)
        self.sequence += 1
        self.timestamp += 960
        return self.session._tx_srtp.protect(head + payload)

    def report(self, kind, count, body):
        """An RTCP packet, ready to be sent."""
        return self.session._tx_srtp.protect_rtcp(struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body)

    def check(self):
        """An ICE check that is right in every respect."""
        ice = ice_of(self.door)
        user = f"{ice.remote_username}:{ice.local_username}".encode()
        return stun([(6, user), (0x24, struct.pack("!I", 1)), (0x802a, RANDOM.randbytes(8)), (0x25, b"")], password=ice.remote_password.encode())

    async def pace(self, make, per_second, seconds):
        """From a thread of its own, at a steady pace."""
        def run():
            began, done = time.monotonic(), 0
            while (passed := time.monotonic() - began) < seconds:
                while done < passed * per_second:
                    self.socket.sendto(make(), self.address)
                    done += 1
                threading.Event().wait(0.001)  # paces the flood
            return done
        self.sent = await asyncio.to_thread(run)
        return self.sent

    def close(self):
        self.socket.close()


class Scene:
    """A good French feed with two listeners, and room for somebody bad."""

    @classmethod
    async def make(cls, server):
        self = cls()
        self.server = server
        self.token = server.token("technician")
        self.good = await Door.publish(server, self.token, "fr", 440)
        self.listeners = [await Door.listen(server, self.token, "fr", query="?variant=plain") for _ in range(2)]
        for one in self.listeners:
            await one.ear.until(lambda one=one: one.ear.level(440) > -20)
        self.before = await metrics(server)
        self.pid = server.pid_of("media")
        self.cpu = cpu_seconds(self.pid)
        self.heard = [await self.received(one) for one in self.listeners]
        return self

    async def bad_publisher(self):
        door = Door(self.server, self.token, "/whip/demo/es")
        door.peer.addTransceiver(Mute(), direction="sendonly")
        await door.open()
        return Forger(door)

    @staticmethod
    async def received(listener):
        stats = await listener.peer.getReceivers()[0].getStats()
        return next(one for one in stats.values() if one.type == "inbound-rtp")

    async def undisturbed(self):
        """The French listeners lost nothing since the scene began, still hear, and media is the same process."""
        for one, before in zip(self.listeners, self.heard):
            at = one.ear.frames
            await one.ear.until(lambda one=one, at=at: one.ear.frames > at + 50, timeout=8)
            now = await self.received(one)
            assert now.packetsLost == before.packetsLost, f"{now.packetsLost - before.packetsLost} packets lost"
            assert now.packetsReceived - before.packetsReceived > 50
            assert one.ear.level(440) > -20, one.ear.level(440)
            assert one.peer.connectionState == "connected"
        assert self.server.pid_of("media") == self.pid

    def cost(self):
        return cpu_seconds(self.pid) - self.cpu

    async def close(self, *others):
        for one in (self.good, *self.listeners, *others):
            await one.close()


async def test_a_publisher_of_garbage(server):
    scene = await Scene.make(server)
    bad = await scene.bad_publisher()
    victim = await Door.listen(server, scene.token, "es", query="?variant=plain")
    sizes = [0, 1, 2, 3, 80, 400, 1100]
    # Code 3 says that a count of frames follows: here there is none, or it is a lie.
    shapes = [lambda: RANDOM.randbytes(RANDOM.choice(sizes)), lambda: b"\x03", lambda: b"\x03\x00", lambda: b"\xff\x3f" + RANDOM.randbytes(9)]
    await bad.pace(lambda: bad.packet(RANDOM.choice(shapes)()), 100, 3)
    await counted(server, {"opus_unreadable_total": 30}, scene.before)
    await scene.undisturbed()
    # What cannot be read as RTP at all goes no further.
    now = await metrics(server)
    await bad.pace(lambda: bad.packet(VOICE + b"\xff", first=0xa0), 100, 2)  # more padding than packet
    await counted(server, {"rtp_malformed_total": 100}, now)
    await scene.undisturbed()
    assert victim.peer.connectionState == "connected"
    await scene.close(victim, bad.door)


async def test_a_publisher_that_changes_its_codec(server):
    scene = await Scene.make(server)
    bad = await scene.bad_publisher()
    victim = await Door.listen(server, scene.token, "es", query="?variant=plain")
    await bad.pace(lambda: bad.packet(VOICE), 50, 1)
    await counted(server, {"rtp_packets_in_total": 50}, scene.before)
    before = await metrics(server)
    heard = (await scene.received(victim)).packetsReceived
    others = [one for one in (0, 8, 9, 34, 35, 63, 96, 97, 98, 111, 112, 126, 127) if one != bad.opus]
    await bad.pace(lambda: bad.packet(VOICE, payload_type=RANDOM.choice(others)), 100, 3)
    await counted(server, {"rtp_unexpected_total": 250}, before)
    await scene.undisturbed()
    assert (await scene.received(victim)).packetsReceived - heard < 60, "another codec reached a listener of Opus"
    # Back to what was agreed, it is heard again: after so long a gap as a sequence of its own.
    await bad.pace(lambda: bad.packet(VOICE), 50, 3)
    assert (await scene.received(victim)).packetsReceived - heard > 60
    await scene.close(victim, bad.door)


async def test_a_publisher_that_floods(server):
    scene = await Scene.make(server)
    bad = await scene.bad_publisher()
    victims = [await Door.listen(server, scene.token, "es", query="?variant=plain") for _ in range(3)]
    sent = await bad.pace(lambda: bad.packet(VOICE), FLOOD_PER_S, FLOOD_S)
    cost = scene.cost()
    assert sent > 0.5 * FLOOD_PER_S * FLOOD_S, f"the flood itself was too slow: {sent}"
    after = await counted(server, {"rtp_flood_dropped_total": 0.8 * sent}, scene.before)
    await scene.undisturbed()
    out = after["plenary_media_rtp_packets_out_total"] - scene.before["plenary_media_rtp_packets_out_total"]
    assert out < 3 * 200 * (FLOOD_S + 8) + 2 * 50 * 60, f"{out} packets went out"
    print(f"{sent} packets in {FLOOD_S} s of one publisher: {100 * cost / FLOOD_S:.0f} % of a core, {out:.0f} went out")
    await scene.close(*victims, bad.door)


async def test_listeners_that_flood_reports_and_checks(server):
    scene = await Scene.make(server)
    reporter, checker = Forger(scene.listeners.pop()), Forger(await Door.listen(server, scene.token, "fr"))
    ssrc = struct.pack("!I", reporter.ssrc)
    media = struct.pack("!I", next(iter(reporter.door.peer.getReceivers()[0]._RTCRtpReceiver__remote_streams)))
    reports = [lambda: reporter.report(201, 1, ssrc + media + RANDOM.randbytes(20)),  # a report block that says anything
               lambda: reporter.report(205, 1, ssrc + media + RANDOM.randbytes(4)),   # NACK
               lambda: reporter.report(206, 1, ssrc + media),                         # PLI
               lambda: reporter.report(206, 15, ssrc + bytes(4) + b"REMB" + RANDOM.randbytes(8))]
    sent = await reporter.pace(lambda: RANDOM.choice(reports)(), FLOOD_PER_S, FLOOD_S)
    assert sent > 0.4 * FLOOD_PER_S * FLOOD_S, f"the flood itself was too slow: {sent}"
    await counted(server, {"srtcp_flood_dropped_total": 0.5 * sent}, scene.before)
    await scene.undisturbed()
    check = checker.check()
    sent = await checker.pace(lambda: check, FLOOD_PER_S, FLOOD_S)
    assert sent > 0.5 * FLOOD_PER_S * FLOOD_S, f"the flood itself was too slow: {sent}"
    await counted(server, {"stun_flood_dropped_total": 0.8 * sent}, scene.before)
    await scene.undisturbed()
    await scene.close(reporter.door, checker.door)


main(globals())
