"""WebRTC clients in other languages (tests/clients): pion in Go, libdatachannel in C++ behind Node.js. Each publishes and hears Opus frames,
which are made and read here."""
import asyncio
import os

import numpy
from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.jitterbuffer import JitterFrame
from plenary import ROOT
from webrtc import FRAME, RATE, Tone, level

HOW = "./test makes it ready (install_clients in tools/dependencies.sh)"


def pion():
    program = os.path.join(ROOT, "build-clients", "pion")
    assert os.path.exists(program), HOW
    return [program]


def libdatachannel():
    folder = os.path.join(ROOT, "tests", "clients", "libdatachannel")
    assert os.path.isdir(os.path.join(folder, "node_modules")), HOW
    return [os.path.join(ROOT, "web", "node_modules", ".bin", "node"), os.path.join(folder, "client.mjs")]


def frames(hertz, seconds):
    """A tone in Opus frames of 20 ms."""
    tone, encoder = Tone(hertz), OpusEncoder()
    for _ in range(seconds * RATE // FRAME):
        payloads, _ = encoder.encode(tone.frame())
        yield from payloads


class Publisher:
    @classmethod
    async def start(cls, command, server, name, token, hertz, seconds=60):
        self = cls()
        self.process = await asyncio.create_subprocess_exec(*command, f"{server.url}/whip/demo/{name}", token, stdin=asyncio.subprocess.PIPE,
                                                            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        self.feeder = asyncio.create_task(self.feed(hertz, seconds))
        return self

    async def feed(self, hertz, seconds):
        for frame in frames(hertz, seconds):
            self.process.stdin.write(frame.hex().encode() + b"\n")
            await self.process.stdin.drain()

    async def close(self):
        return await end(self.process, self.feeder)


class Listener:
    """Keeps the last second of what its client hears."""

    @classmethod
    async def start(cls, command, server, channel, token):
        self = cls()
        self.samples = numpy.zeros(RATE, dtype=numpy.float32)
        self.frames = 0
        self.changed = asyncio.Event()
        self.process = await asyncio.create_subprocess_exec(*command, f"{server.url}/whep/demo/{channel}", token, stdin=asyncio.subprocess.DEVNULL,
                                                            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        self.reader = asyncio.create_task(self.read())
        return self

    async def read(self):
        decoder = OpusDecoder()
        while line := await self.process.stdout.readline():
            for frame in decoder.decode(JitterFrame(data=bytes.fromhex(line.decode().strip()), timestamp=self.frames * FRAME)):
                sound = frame.to_ndarray().astype(numpy.float32).reshape(-1, len(frame.layout.channels)).mean(axis=1) / 32768
                self.samples = numpy.concatenate([self.samples[len(sound):], sound])
            self.frames += 1
            self.changed.set()

    def level(self, hertz):
        return level(self.samples[-RATE // 5:], hertz)

    async def until_heard(self, hertz, timeout=40):
        async def wait():
            while self.level(hertz) < -20:
                assert not self.reader.done(), (await self.process.stderr.read()).decode(errors="replace")
                self.changed.clear()
                await asyncio.wait({asyncio.create_task(self.changed.wait()), self.reader}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait_for(wait(), timeout)

    async def close(self):
        return await end(self.process, self.reader)


async def end(process, task):
    if process.returncode is None:
        process.terminate()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    words = (await process.stderr.read()).decode(errors="replace")
    await process.wait()
    return words
