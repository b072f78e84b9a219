"""A person's line in the hands of a test: closed, lossy or slow, in both directions, without the client's knowledge.

Importing this module puts a line that stands on an aioice connection (`connection.line`) between it and its socket.
"""
import asyncio

import aioice.ice
import ear  # noqa: F401  (first: what it hands on passes here before)


def is_sound(data):
    """RTP (RFC 7983), but not RTCP (RFC 5761)."""
    return len(data) >= 12 and 128 <= data[0] < 192 and not 192 <= data[1] < 224


class Line:
    """`listens`: sound is read from it; what nobody would look at is not worth the time. Sound that arrives is never delayed, so that it is known when."""

    def __init__(self, chance, listens=False):
        self.chance = chance  # random.Random
        self.listens = listens
        self.open = True
        self.loss = 0.0
        self.delay = 0.0  # seconds each way

    def carry(self, action, delay=None):
        delay = self.delay if delay is None else delay
        if not self.open or self.chance.random() < self.loss:
            return
        if delay > 0:
            asyncio.get_running_loop().call_later(delay, self.carry_late, action)
        else:
            action()

    def carry_late(self, action):
        if self.open:
            action()


def line_of(protocol):
    return getattr(protocol.receiver, "line", None)


def send_to(protocol, data, address):
    if not protocol.transport.is_closing():
        protocol.transport.sendto(data, address)


async def send_data(self, data, address, before=aioice.ice.StunProtocol.send_data):
    line = line_of(self)
    if line is None:
        await before(self, data, address)
    else:
        line.carry(lambda: send_to(self, data, address))


def send_stun(self, message, address, before=aioice.ice.StunProtocol.send_stun):
    line = line_of(self)
    if line is None:
        before(self, message, address)
    else:
        line.carry(lambda: send_to(self, bytes(message), address))


def datagram_received(self, data, address, before=aioice.ice.StunProtocol.datagram_received):
    line = line_of(self)
    if line is None:
        before(self, data, address)
    elif not is_sound(data):
        line.carry(lambda: before(self, data, address))
    elif line.listens:
        line.carry(lambda: before(self, data, address), delay=0)


def lay(peer, line):
    """Between an aiortc peer connection, whose description is set, and the world."""
    for part in peer.getSenders() + peer.getReceivers():
        part.transport.transport._connection.line = line


aioice.ice.StunProtocol.send_data = send_data
aioice.ice.StunProtocol.send_stun = send_stun
aioice.ice.StunProtocol.datagram_received = datagram_received
