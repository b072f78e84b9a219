"""The ears of a meeting of chaos: who is heard on a channel, or by an interpreter as relay, packet by packet."""
import asyncio
import contextlib
import functools

import doors
import ear
import tones
from aiortc import RTCConfiguration, RTCPeerConnection
from chaos_values import TROUBLE, Series, now

QUIET_HERTZ = 1000
AGAIN = 0.3  # seconds

encoded = functools.lru_cache(maxsize=None)(tones.EncodedTone)


class RelayEar:
    """What an interpreter hears as relay, wherever that person comes back."""

    def __init__(self, person):
        self.person, self.name = person, f"relay of {person.name}"
        self.person.listens_to = "relay"
        self.heard = []

    def collect(self):
        for one in self.person.ears:
            self.heard += zip(one.arrivals, one.tones)
            one.forget(float("inf"))
        del self.person.ears[:-1]


class Ear:
    """At the door of one channel; comes again when media are gone."""

    def __init__(self, server, token, channel):
        self.server, self.token, self.channel, self.name = server, token, channel, channel
        self.heard = []  # (arrival, Hz)
        self.listens = Series(False)
        self.door = self.ear = None

    async def open(self):
        door = doors.Door(self.server, self.token, f"/whep/demo/{self.channel}")
        door.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        door.peer.on("connectionstatechange", door.state_changed)
        self.ear = ear.Ear(door.peer.addTransceiver("audio", direction="recvonly").receiver)
        await door.open()
        self.door = door
        self.listens.put(now(), True)

    def collect(self):
        if self.ear is not None:
            self.heard += zip(self.ear.arrivals, self.ear.tones)
            self.ear.forget(float("inf"))

    def lose(self):
        self.listens.put(now(), False)
        self.collect()

    async def reopen(self):
        with contextlib.suppress(Exception):
            await self.door.close()
        while not self.listens.last:
            try:
                await self.open()
            except (doors.Refused, *TROUBLE):
                await asyncio.sleep(AGAIN)

    async def close(self):
        self.collect()
        if self.door is not None:
            await self.door.close()
