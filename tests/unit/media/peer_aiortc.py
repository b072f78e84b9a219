#!/usr/bin/python3
"""An independent WebRTC stack (python3-aiortc) connects, one peer sends a tone, the other hears that tone and no other.

usage: peer_aiortc.py MEDIA_SERVE
"""

import asyncio
import fractions
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support"))

import av  # noqa: E402
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription  # noqa: E402

import media_link as link  # noqa: E402

RATE = 48000
TONE = 1000
CHANNEL, SOURCE = 7, 100


class Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self, frequency):
        super().__init__()
        self.frequency = frequency
        self.at = 0
        self.start = None

    async def recv(self):
        loop = asyncio.get_event_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.at / RATE - loop.time()))
        frame = av.AudioFrame(format="s16", layout="mono", samples=960)
        samples = (int(12000 * math.sin(2 * math.pi * self.frequency * (self.at + i) / RATE)) for i in range(960))
        frame.planes[0].update(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
        frame.sample_rate = RATE
        frame.pts = self.at
        frame.time_base = fractions.Fraction(1, RATE)
        self.at += 960
        return frame


def strength(samples, frequency):
    """Goertzel: the part of the signal's power at this frequency, 0..1."""
    omega = 2 * math.pi * frequency / RATE
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + 2 * math.cos(omega) * last - before
    power = before * before + last * last - 2 * math.cos(omega) * before * last
    total = sum(s * s for s in samples)
    return 2 * power / (total * len(samples)) if total else 0.0


async def join(media, peer, pc, sections):
    await pc.setLocalDescription(await pc.createOffer())
    answer = media.create(peer, sections, pc.localDescription.sdp)
    await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def run(program):
    media = link.Media(program)
    configuration = RTCConfiguration(iceServers=[])
    speaker, listener = RTCPeerConnection(configuration), RTCPeerConnection(configuration)
    heard = asyncio.get_event_loop().create_future()

    @listener.on("track")
    def on_track(track):
        async def listen():
            samples = []
            while len(samples) < RATE // 2:
                frame = await track.recv()
                mono = memoryview(bytes(frame.planes[0])).cast("h")[::len(frame.layout.channels)]
                if samples or max(mono, default=0) > 3000:
                    samples += mono
            heard.set_result(samples)
        asyncio.ensure_future(listen())

    speaker.addTransceiver(Tone(TONE), direction="sendonly")
    listener.addTransceiver("audio", direction="recvonly")
    media.set_channel(CHANNEL, SOURCE)
    await join(media, 1, speaker, [(link.AUDIO, link.SEND, SOURCE)])
    await join(media, 2, listener, [(link.AUDIO, link.RECEIVE, 0, CHANNEL)])
    samples = (await asyncio.wait_for(heard, 20))[RATE // 10:]
    counters = media.read_counters()
    print("phases", media.phases, "sources", media.sources)
    print("tone", strength(samples, TONE), "elsewhere", strength(samples, TONE * 1.5))
    print({name: value for name, value in counters.items() if value})
    assert strength(samples, TONE) > 0.9
    assert strength(samples, TONE * 1.5) < 0.001
    assert media.phases == {1: link.CONNECTED, 2: link.CONNECTED}
    assert media.sources == {SOURCE: True}
    # Goodbye is heard at once, not after a timeout.
    media.end(2)
    while listener.getReceivers()[0].transport.state != "closed":
        await asyncio.sleep(0.01)
    await speaker.close()
    for _ in range(5):
        media.read(1)
        if media.phases[1] == link.CLOSED:
            break
    assert media.phases[1] == link.CLOSED, media.phases
    assert media.close() == 0


asyncio.run(asyncio.wait_for(run(sys.argv[1]), 40))
