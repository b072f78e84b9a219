"""A light ear: everything that the server sends on one track of an aiortc client, and when.

The arrival is the kernel's own stamp, taken when the datagram reached the socket: it says when the server sent, also when this process reads
late because the machine is busy. Each packet's strongest tone is kept, so that an ear tells who is heard. Beside the ears runs a
heartbeat: how late this process itself was. Importing this module turns aiortc's receivers into ears, or into nothing.

Times are milliseconds since 1970, as Date.now() has them.
"""
import asyncio
import bisect
import contextlib
import fcntl
import struct
import time

import aioice.ice
import aiortc.rtcrtpreceiver
import av
import numpy
import pylibsrtp
import voice

RATE = 48000
BLOCK = 960  # 20 ms, of which each 50 Hz are one bin of the transform
STEP = RATE // BLOCK  # Hz
SILENT_DB = -50
CHANGE_MAX = 2  # packets about a change of source in which the decoder shows a third tone
BEAT = 0.005  # seconds
SIOCGSTAMPNS = 0x8907
STAMPS_MAX = 4096
WINDOW = numpy.hanning(BLOCK)

stamps = {}  # (SSRC, sequence) → arrival, of packets that aiortc opens


def kernel_stamp(endpoint):
    """When the kernel had the datagram that was read last from this socket."""
    try:
        seconds, nanoseconds = struct.unpack("qq", fcntl.ioctl(endpoint.fileno(), SIOCGSTAMPNS, bytes(16)))
        return 1e3 * seconds + nanoseconds / 1e6
    except OSError:  # the first datagram: stamps are taken from now on
        return 1e3 * time.time()


def datagram_received(self, data, address, before=aioice.ice.StunProtocol.datagram_received):
    """In the place of aioice's: RTP for an ear is opened here and goes no further; aiortc sees the first packets of a stream, and finds out whose
    they are."""
    if len(data) < 12 or not 128 <= data[0] <= 191 or self.local_candidate is None:
        before(self, data, address)
        return
    _, _, sequence, _, ssrc = struct.unpack_from("!BBHII", data)
    arrived = kernel_stamp(self.transport.get_extra_info("socket"))
    known = getattr(self, "ears", {}).get(ssrc)
    if known is not None:
        ear, session = known
        with contextlib.suppress(pylibsrtp.Error):  # what was received twice
            ear.take(session.unprotect(data), sequence, arrived)
        return
    if len(stamps) > STAMPS_MAX:  # of packets that could not be opened
        stamps.clear()
    stamps[ssrc, sequence] = arrived
    self.receiver.data_received(data, self.local_candidate.component)


async def take(self, packet, arrival_time_ms):
    """In the place of aiortc's jitter buffers and decoders: only ears listen; pictures, for one, would hold up the tones."""
    arrived = stamps.pop((packet.ssrc, packet.sequence_number), None)
    ear = getattr(self, "ear", None)
    if ear is not None and arrived is not None:
        ear.keep(packet.payload, packet.sequence_number, arrived)
        dtls = self.transport
        protocol = dtls.transport._connection._nominated[1].protocol
        protocol.ears = {**getattr(protocol, "ears", {}), packet.ssrc: (ear, dtls._rx_srtp)}


aioice.ice.StunProtocol.datagram_received = datagram_received
aiortc.rtcrtpreceiver.RTCRtpReceiver._handle_rtp_packet = take


def payload_of(packet):
    """What lies behind the header of an RTP packet (RFC 3550 section 5.1); our server pads nothing."""
    at = 12 + 4 * (packet[0] & 15)
    if packet[0] & 16:
        at += 4 + 4 * int.from_bytes(packet[at + 2:at + 4], "big")
    return packet[at:]


def strongest(samples):
    """The strongest tone of 20 ms, in Hz; 0 for silence."""
    spectrum = numpy.abs(numpy.fft.rfft(samples * WINDOW)) * (2 / WINDOW.sum())
    peak = int(spectrum[1:].argmax()) + 1
    return peak * STEP if 20 * numpy.log10(spectrum[peak] + 1e-9) > SILENT_DB else 0


class Ear:
    """What one track delivered, packet by packet."""

    def __init__(self, receiver):
        self.arrivals = []
        self.sequences = []  # without the wrap at 65536
        self.sizes = []
        self.tones = []  # Hz, 0 for silence
        self.changed = asyncio.Event()
        self.decoder = av.CodecContext.create("libopus", "r")
        self.decoder.sample_rate, self.decoder.layout, self.decoder.format = RATE, "mono", "s16"
        receiver.ear = self

    def take(self, packet, sequence, arrived):
        self.keep(payload_of(packet), sequence, arrived)

    def keep(self, payload, sequence, arrived):
        last = self.sequences[-1] if self.sequences else sequence
        self.arrivals.append(arrived)
        self.sequences.append(last + (sequence - last + 32768) % 65536 - 32768)
        self.sizes.append(len(payload))
        self.tones.append(self.tone(payload))
        self.changed.set()

    def tone(self, payload):
        """That of the packet's last 20 ms. What a light voice sent is known by its bytes."""
        known = voice.tones.get(payload)
        if known is not None or not payload:
            return known or 0
        for frame in self.decoder.decode(av.Packet(payload)):
            samples = frame.to_ndarray().reshape(-1)[-BLOCK:]
            if len(samples) == BLOCK:
                return strongest(samples / 32768 if samples.dtype == numpy.int16 else samples)
        return 0

    def forget(self, before):
        """Keeps the packet before that moment, and what follows."""
        first = max(0, bisect.bisect_left(self.arrivals, before) - 1)
        for series in (self.arrivals, self.sequences, self.sizes, self.tones):
            del series[:first]

    def between(self, begin, end):
        """Who was heard from when to when, the longest time without sound, and what is missing in the numbers."""
        first, last = bisect.bisect_left(self.arrivals, begin), bisect.bisect_right(self.arrivals, end)
        runs = []
        for i in range(first, last):
            tone, at = self.tones[i], self.arrivals[i]
            if not runs or runs[-1]["hertz"] != tone:
                runs.append({"hertz": tone, "from": at, "to": at, "packets": 0})
            runs[-1]["to"] = at
            runs[-1]["packets"] += 1
        sounding = [begin, *(self.arrivals[i] for i in range(first, last) if self.tones[i]), end]
        gap, at = max((after - before, before) for before, after in zip(sounding, sounding[1:]))
        numbers = self.sequences[first:last]
        return {"runs": runs, "order": order(runs), "gap": gap, "gapAt": at, "packets": len(numbers), "bytes": sum(self.sizes[first:last]),
                "missing": max(numbers) - min(numbers) + 1 - len(set(numbers)) if numbers else 0}

    async def hears(self, hertz, since, timeout):
        """Waits until the last packets carry this tone, which began after `since`; 0: until 300 ms are without sound. When it began."""
        deadline = asyncio.get_running_loop().time() + timeout
        while (began := self.silent_since(since) if hertz == 0 else self.tone_since(hertz, since)) is None:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise RuntimeError(f"should hear {hertz} Hz, but the last packets had {self.tones[-10:]}")
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.1))
            except asyncio.TimeoutError:
                continue
        return began

    def tone_since(self, hertz, since):
        i = len(self.tones)
        while i > 0 and self.tones[i - 1] == hertz and self.arrivals[i - 1] >= since:
            i -= 1
        return self.arrivals[i] if len(self.tones) - i > CHANGE_MAX + 1 else None

    def silent_since(self, since):
        i = len(self.tones) - 1
        while i >= 0 and self.tones[i] == 0:
            i -= 1
        last = max(since, self.arrivals[i] if i >= 0 else 0)
        return last if 1e3 * time.time() - last > 300 else None


def order(runs):
    """The tones that were heard one after the other: what lasts for no more than a change is none, and silence between is not counted."""
    heard = []
    for run in runs:
        if run["hertz"] and run["packets"] > CHANGE_MAX and (not heard or heard[-1] != run["hertz"]):
            heard.append(run["hertz"])
    return heard


class Heartbeat:
    """How late this process was: a timer beside what is measured."""

    def __init__(self):
        self.beats = []  # (when, how late), only those late by more than a beat
        self.task = asyncio.create_task(self.run())

    async def run(self):
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += BEAT
            await asyncio.sleep(due - loop.time())
            late = loop.time() - due
            if late > BEAT:
                self.beats.append((1e3 * time.time(), 1e3 * late))
                due = loop.time()

    def late(self, begin, end):
        """The most in a period, in ms. What was late ended when it was noticed."""
        return max((late for at, late in self.beats if begin <= at and at - late <= end), default=0)
