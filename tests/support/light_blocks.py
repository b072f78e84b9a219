"""An ear that costs little: what one channel carried, in blocks of 20 ms of the sender's own time, so that a slow machine changes nothing.

    light_blocks.py URL TOKEN CHANNEL HERTZ…      a listener of that channel
Each line on the standard input is answered by a line of JSON: {"blocks": [...], "events": [...]}. A block is the index of the frequency that
it carries, or -1 for none of them, a stretch of time in which no packet was sent included. Events: type, at and data of what happened at desks.
"""
import asyncio
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import aiohttp  # noqa: E402
import numpy  # noqa: E402
import webrtc  # noqa: E402

BLOCK = webrtc.FRAME
AUDIBLE = 0.02  # amplitude of a tone; the tests' have 0.3


class Address:
    def __init__(self, url):
        self.url = url

    def http(self):
        return aiohttp.ClientSession()


class Blocks(webrtc.Ear):
    def __init__(self, track, tones):
        self.tones = tones
        self.blocks = []
        self.begin = None
        super().__init__(track)

    async def read(self, track):
        while True:
            frame = await track.recv()
            sound = frame.to_ndarray().astype(numpy.float32).reshape(-1, len(frame.layout.channels)).mean(axis=1) / 32768
            self.begin = frame.pts if self.begin is None else self.begin
            at = (frame.pts - self.begin) // BLOCK
            self.blocks += [-1] * (at - len(self.blocks))
            self.blocks[at:at + 1] = [self.tone_of(sound)]
            self.frames += 1
            self.changed.set()

    def tone_of(self, sound):
        times = numpy.arange(len(sound)) / webrtc.RATE
        amplitudes = [2 * abs((sound * numpy.exp(-2j * numpy.pi * hertz * times)).mean()) for hertz in self.tones]
        best = int(numpy.argmax(amplitudes))
        return best if amplitudes[best] > AUDIBLE else -1


async def main():
    url, token, channel, *tones = sys.argv[1:]
    webrtc.Ear = lambda track: Blocks(track, [float(hertz) for hertz in tones])
    client = await webrtc.Client.join(Address(url), token)
    await client.live.command("listen.set", slot="language", channel=channel)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        events = [{"type": event["type"], "at": event["at"], "data": event["data"]} for event in client.live.events
                  if event["type"] in ("desk.opening", "desk.changed", "microphone.silent")]
        print(json.dumps({"blocks": client.ears["language"].blocks, "events": events}), flush=True)
    await client.close()


asyncio.run(main())
