"""Light voices: tones that were encoded once and are sent by one timer for all of them, past aiortc's own senders.

A process with a dozen people in it must cost next to nothing, or it is the first to be late on a slow machine. So a packet is: header, payload
from the loop, SRTP, the socket. Importing this module makes aiortc's senders without a track cost nothing.
"""
import asyncio
import contextlib
import ctypes
import math
import random
import socket
import struct

import aiortc.rtcrtpsender
import av
import webrtc
from aiortc.rtp import HeaderExtensions

LOOP_PACKETS = 50
PACKET = webrtc.FRAME / webrtc.RATE  # seconds
BEHIND_MAX = 50  # packets: what is later than that is never sent, as a sound card would not
AMPLITUDE = 0.3
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33
RECEIVE_BUFFER = 4 << 20

# Filters (classic BPF) of what comes behind the UDP header of 8 bytes. RTP and RTCP begin with a byte from 128 to 191 (RFC 7983).
LOAD, JUMP_IF_AT_LEAST, JUMP_IF_EQUAL, AND, RETURN = 0x30, 0x35, 0x15, 0x54, 0x06
NOTHING, ALL = (RETURN, 0, 0, 0), (RETURN, 0, 0, 0xffffffff)
NO_MEDIA = ((LOAD, 0, 0, 8), (JUMP_IF_AT_LEAST, 0, 2, 128), (JUMP_IF_AT_LEAST, 1, 0, 192), NOTHING, ALL)


def sound_alone(payload_type):
    """RTP of this payload type, and RTCP, whose second byte is from 192 to 223 (RFC 5761)."""
    return ((LOAD, 0, 0, 8), (JUMP_IF_AT_LEAST, 0, 7, 128), (JUMP_IF_AT_LEAST, 6, 0, 192),
            (LOAD, 0, 0, 9), (JUMP_IF_AT_LEAST, 0, 1, 192), (JUMP_IF_AT_LEAST, 0, 3, 224),
            (AND, 0, 0, 0x7f), (JUMP_IF_EQUAL, 1, 0, payload_type), NOTHING, ALL)


loops = {}  # hertz, amplitude → payloads of one second
tones = {}  # payload → hertz, for ears; 0: silence


def level_of(amplitude):
    """-dBov of a sine (RFC 6464)."""
    return round(-20 * math.log10(amplitude / math.sqrt(2))) if amplitude else 127


def loop_of(hertz, amplitude):
    """A second of a tone: its period fits whole into each packet, so the loop has no seam."""
    assert hertz * webrtc.FRAME % webrtc.RATE == 0
    key = hertz, amplitude
    if key not in loops:
        encoder = av.CodecContext.create("libopus", "w")
        encoder.sample_rate, encoder.format, encoder.layout, encoder.bit_rate = webrtc.RATE, "s16", "mono", 64000
        encoder.time_base = webrtc.TIME_BASE
        tone, packets = webrtc.Tone(hertz, amplitude), []
        while len(packets) < 2 * LOOP_PACKETS:
            packets += [bytes(packet) for packet in encoder.encode(tone.frame())]
        loops[key] = packets[-LOOP_PACKETS:]
        tones.update(dict.fromkeys(loops[key], hertz if amplitude else 0))
    return loops[key]


async def run_rtp(self, codec, before=aiortc.rtcrtpsender.RTCRtpSender._run_rtp):
    """In the place of aiortc's, which wakes up fifty times a second also for none."""
    self.light_codec = codec
    if self.track is not None:
        await before(self, codec)
        return
    self._RTCRtpSender__rtp_started.set()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        pass
    self._RTCRtpSender__rtp_exited.set()


aiortc.rtcrtpsender.RTCRtpSender._run_rtp = run_rtp


def path_of(client):
    """The DTLS transport and the nominated pair of a connected aiortc peer."""
    dtls = (client.peer.getSenders() + client.peer.getReceivers())[0].transport
    return dtls, dtls.transport._connection._nominated[1]


def attach(client, program):
    """Lets the kernel drop what a client does not want, and keep much of what it does."""
    endpoint = path_of(client)[1].protocol.transport.get_extra_info("socket")
    lines = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    endpoint.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(lines)))
    for option in (socket.SO_RCVBUF, SO_RCVBUFFORCE):  # the second is not everybody's to ask
        with contextlib.suppress(OSError):
            endpoint.setsockopt(socket.SOL_SOCKET, option, RECEIVE_BUFFER)


def refuse_media(client):
    """For who has no ears."""
    attach(client, NO_MEDIA)


def refuse_pictures(client):
    """For ears: they would fill the socket's buffer."""
    receivers = [one for one in client.peer.getReceivers() if one.track.kind == "audio"]
    attach(client, sound_alone(next(iter(receivers[0]._RTCRtpReceiver__codecs))))


class Voice:
    """What one microphone sends."""

    def __init__(self, sender, client, hertz, amplitude=AMPLITUDE):
        self.dtls, self.pair = path_of(client)
        self.payloads = loop_of(hertz, amplitude)
        self.sequence = random.randrange(1 << 14)
        self.timestamp = random.randrange(1 << 31)
        self.sent = 0
        extensions = HeaderExtensions(mid=sender._RTCRtpSender__mid, audio_level=(False, level_of(amplitude)))
        profile, self.extension = sender._RTCRtpSender__rtp_header_extensions_map.set(extensions)
        self.first = 0x90 if self.extension else 0x80
        if self.extension:
            self.extension = struct.pack("!HH", profile, len(self.extension) // 4) + self.extension
        self.payload_type = sender.light_codec.payloadType
        self.ssrc = sender._ssrc

    def send(self):
        head = struct.pack("!BBHII", self.first, self.payload_type, self.sequence & 0xffff, self.timestamp & 0xffffffff, self.ssrc)
        packet = self.dtls._tx_srtp.protect(head + self.extension + self.payloads[self.sent % LOOP_PACKETS])
        self.pair.protocol.transport.sendto(packet, self.pair.remote_addr)
        self.sent += 1
        self.sequence += 1
        self.timestamp += webrtc.FRAME

    def skip(self, packets):
        self.timestamp += packets * webrtc.FRAME


class Pace:
    """The timer: each 20 ms a packet of each voice. What a late timer has missed is sent at once, as by a sound card's buffer."""

    def __init__(self):
        self.voices = {}
        self.task = asyncio.create_task(self.run())

    async def run(self):
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += PACKET
            await asyncio.sleep(due - loop.time())
            behind = int((loop.time() - due) / PACKET)
            if behind > BEHIND_MAX:
                for voice in self.voices.values():
                    voice.skip(behind)
                due += behind * PACKET
            for voice in list(self.voices.values()):
                voice.send()
