"""The link to the media process (src/link/link.h) from Python: enough of it for tests to be the control process."""

import atexit
import os
import re
import socket
import struct
import subprocess
import tempfile
import time

AUDIO, VIDEO = 1, 2
SEND, RECEIVE = 1, 2
(HELLO, SYNC, PEER_CREATE, PEER_CLOSE, CHANNEL_SET_SOURCE, SLOT_SET_CHANNEL, SLOT_SET_SOURCE, SYNCED, PEER_ANSWER,
 PEER_STATE, SOURCE_STATE, PEER_REPORT, COUNTERS, SLOT_SET_VARIANT, CHANNEL_SET_DELAY, SOURCE_LEVELS, PEER_RESTART,
 SOURCE_AWAIT) = range(1, 19)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "link", "link.h"), encoding="utf-8") as header:
    VERSION = int(re.search(r"#define LINK_VERSION\s+(\d+)", header.read()).group(1))
NEW, CHECKED, CONNECTED, DISCONNECTED, CLOSED = range(1, 6)


class Media:
    """A media process of its own, and the link to it."""

    def __init__(self, program, threads=2, port=0, address="127.0.0.1", before=(), after=()):
        """`before` stands in front of the command, `after` follows it."""
        if port == 0:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        path = self.folder.name + "/link"
        self.process = subprocess.Popen([*before, program, str(threads), str(port), path, address, *after], stdout=subprocess.PIPE)
        atexit.register(self.process.kill)  # also when a test fails half-way: it holds the test's output open
        assert self.process.stdout.readline() == b"ready\n"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(path)
        self.send(HELLO, struct.pack(">I", VERSION))
        self.phases = {}
        self.sources = {}
        self.counters = {}
        self.synced = False
        self.reports = {}
        self.answers = {}

    def close(self):
        """Ends the process; its exit status."""
        self.process.terminate()
        return self.process.wait(10)

    def send(self, kind, body=b""):
        self.socket.send(bytes([kind]) + body)

    def create(self, peer, sections, offer):
        """sections: (kind, SEND, source) or (kind, RECEIVE, slot, channel). The SDP answer."""
        body = struct.pack(">QB", peer, 4) + b"test" + bytes([len(sections)])
        for section in sections:
            body += bytes(section[:2]) + b"\0"  # not optional
            body += struct.pack(">I", section[2]) if section[1] == SEND else struct.pack(">BI", *section[2:])
        offer = offer.encode()
        self.send(PEER_CREATE, body + struct.pack(">I", len(offer)) + offer)
        until = time.monotonic() + 5
        while peer not in self.answers:
            assert time.monotonic() < until, "no answer"
            self.read(1)
        err, answer = self.answers.pop(peer)
        assert err == 0, f"refused with {err}"
        return answer

    def set_channel(self, channel, source, wait_ms=0):
        self.send(CHANNEL_SET_SOURCE, struct.pack(">IIH", channel, source, wait_ms))

    def set_slot(self, peer, slot, channel):
        self.send(SLOT_SET_CHANNEL, struct.pack(">QBI", peer, slot, channel))

    def set_slot_source(self, peer, slot, source):
        self.send(SLOT_SET_SOURCE, struct.pack(">QBI", peer, slot, source))

    def end(self, peer):
        self.send(PEER_CLOSE, struct.pack(">Q", peer))

    def read_counters(self):
        self.synced = False  # counters that were told of themselves may still be on their way before the answer
        self.send(SYNC)
        until = time.monotonic() + 5
        while not (self.synced and self.counters):
            assert time.monotonic() < until, "no counters"
            self.read(1)
        return dict(self.counters)  # later messages change ours

    def read(self, timeout=0.0):
        """Reads what waits; waits at most `timeout` for the first message."""
        self.socket.settimeout(timeout or 0.000001)
        while True:
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, BlockingIOError):
                return
            assert data, "media ended the link"
            self.socket.settimeout(0.000001)
            self._note(data[0], data[1:])

    def _note(self, kind, body):
        if kind == PEER_ANSWER:
            peer, err, size = struct.unpack_from(">QBI", body)
            self.answers[peer] = (err, body[13:13 + size].decode())
        elif kind == PEER_STATE:
            peer, phase = struct.unpack_from(">QB", body)
            self.phases[peer] = phase
        elif kind == SOURCE_STATE:
            source, active = struct.unpack_from(">IB", body)
            self.sources[source] = bool(active)
        elif kind == PEER_REPORT:
            names = ("round_trip_us", "jitter_us", "loss_up", "loss_down", "estimate_bps", "in", "out")
            peer, *values = struct.unpack_from(">QIIHHIQQ", body)
            self.reports[peer] = dict(zip(names, values))
        elif kind == SYNCED:
            self.synced, self.counters = True, {}
        elif kind == COUNTERS:
            count, at = struct.unpack_from(">H", body)[0], 2
            for _ in range(count):
                size = body[at]
                name = body[at + 1:at + 1 + size].decode()
                self.counters[name] = struct.unpack_from(">Q", body, at + 1 + size)[0]
                at += 9 + size
