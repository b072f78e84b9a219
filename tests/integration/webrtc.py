"""An independent WebRTC client of the tests: aiortc, with a tone as its microphone and measured sound at every slot."""
import asyncio
import fractions
import math
import re

import av
import numpy
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from plenary import join

RATE = 48000
FRAME = 960
TIME_BASE = fractions.Fraction(1, RATE)


class Tone(MediaStreamTrack):
    """A microphone that delivers a sine in real time."""
    kind = "audio"

    def __init__(self, hertz, amplitude=0.3):
        super().__init__()
        self.hertz = hertz
        self.amplitude = amplitude
        self.sent = 0
        self.began = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        if self.began is None:
            self.began = loop.time()
        wait = self.began + self.sent / RATE - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)  # the pace of a sound card
        return self.frame()

    def frame(self):
        """The next 20 ms."""
        times = (numpy.arange(FRAME) + self.sent) / RATE
        samples = (self.amplitude * 32767 * numpy.sin(2 * math.pi * self.hertz * times)).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = self.sent
        frame.time_base = TIME_BASE
        self.sent += FRAME
        return frame


def level(samples, hertz):
    """Decibels of one frequency (full-scale sine = 0)."""
    window = numpy.hanning(len(samples))
    phase = numpy.exp(-2j * math.pi * hertz * numpy.arange(len(samples)) / RATE)
    amplitude = 2 * abs((samples * window * phase).sum()) / window.sum()
    return 20 * math.log10(max(amplitude, 1e-7))


class Ear:
    """Keeps the last second of what a slot's track delivers."""

    def __init__(self, track):
        self.samples = numpy.zeros(RATE, dtype=numpy.float32)
        self.frames = 0
        self.changed = asyncio.Event()
        self.task = asyncio.create_task(self.read(track))

    async def read(self, track):
        while True:
            frame = await track.recv()
            sound = frame.to_ndarray().astype(numpy.float32).reshape(-1, len(frame.layout.channels)).mean(axis=1) / 32768
            self.samples = numpy.concatenate([self.samples[len(sound):], sound])
            self.frames += 1
            self.changed.set()

    def level(self, hertz, seconds=0.2):
        """In the last part of what was heard."""
        return level(self.samples[-int(RATE * seconds):], hertz)

    async def until(self, condition, timeout=10):
        async def wait():
            while not condition():
                self.changed.clear()
                await self.changed.wait()
        await asyncio.wait_for(wait(), timeout)


class Client:
    """One participant with sound: signed in, in the room, joined to media."""
    tells_level = True  # in its packets, how loud they are

    @classmethod
    async def join(cls, server, role, hertz=None, tone=Tone, listens=True, tells_level=True, **options):
        self = cls()
        self.tells_level = tells_level
        self.live = await join(server, role, **options)
        return await self.join_media(tone(hertz) if hertz else None, listens)

    async def join_media(self, microphone=None, listens=False):
        """With the live connection that stands in `live`: the one negotiation, until it is connected."""
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.ears = {}
        self.receivers = {}  # by slot
        self.microphone = None  # the sender, for who may speak
        self.connected = asyncio.Event()
        self.peer.on("connectionstatechange", lambda: self.peer.connectionState == "connected" and self.connected.set())
        by_mid = {}
        for section in self.live.hello["plan"]["sections"]:
            sends = section["direction"] == "send"
            track = microphone if sends and section.get("track") == "microphone" else None
            transceiver = self.peer.addTransceiver(track or section["kind"], direction="sendonly" if sends else "recvonly")
            if sends and section.get("track") == "microphone":
                self.microphone = transceiver.sender
            if not sends:
                by_mid[transceiver] = section["slot"]
        await self.peer.setLocalDescription(await self.peer.createOffer())
        offer = self.peer.localDescription.sdp
        if not self.tells_level:
            offer = re.sub(r"a=extmap:\d+ urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", "", offer)
        answer = await self.live.command("media.join", sdp=offer)
        await self.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        for transceiver, slot in by_mid.items():
            self.receivers[slot] = transceiver.receiver
            if listens and transceiver.kind == "audio":
                self.ears[slot] = Ear(transceiver.receiver.track)
        await asyncio.wait_for(self.connected.wait(), 15)
        return self

    @property
    def me(self):
        return self.live.me

    async def close(self):
        for ear in self.ears.values():
            ear.task.cancel()
        await self.peer.close()
        await self.live.close()
