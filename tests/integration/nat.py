"""A NAT between a client and the server: it hands datagrams on from a port of its own, and forgets that binding when it is told."""
import asyncio
import re

from aiortc import RTCSessionDescription


def is_media(data):
    """RTP or RTCP (RFC 7983)."""
    return 128 <= data[0] < 192


class Nat(asyncio.DatagramProtocol):
    """The client's side. Its own address stands in the answer in place of the server's."""

    def __init__(self, server):
        self.server = server
        self.client = None
        self.outside = None
        self.sent = 0        # media of the client's since the last binding
        self.through = 0     # datagrams of any kind, those let through
        self.passes = lambda data: True
        self.spoke = asyncio.Event()
        self.back = asyncio.Event()  # media came back after these

    @classmethod
    async def open(cls, answer):
        """The NAT, and the answer that leads through it."""
        host, port = re.search(r"a=candidate:\S+ 1 udp \S+ (\S+) (\d+) typ host", answer).groups()
        _, self = await asyncio.get_running_loop().create_datagram_endpoint(lambda: cls((host, int(port))), local_addr=("127.0.0.1", 0))
        await self.rebind()
        own = self.inside.get_extra_info("sockname")[1]
        return self, RTCSessionDescription(answer.replace(f" {host} {port} typ host", f" 127.0.0.1 {own} typ host"), "answer")

    async def rebind(self):
        nat = self

        class Outside(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                if nat.outside is self.transport and nat.client:
                    nat.inside.sendto(data, nat.client)
                    if is_media(data) and nat.through > 0:
                        nat.back.set()

            def connection_made(self, transport):
                self.transport = transport
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Outside, local_addr=("127.0.0.1", 0))
        if self.outside:
            self.outside.close()
        self.outside, self.sent, self.through = transport, 0, 0
        self.back.clear()
        self.spoke.clear()

    def connection_made(self, transport):
        self.inside = transport

    def datagram_received(self, data, client):
        self.client = client
        if not self.passes(data):
            return
        self.through += not self.back.is_set()
        if is_media(data):
            self.sent += not self.back.is_set()
            self.spoke.set()
        self.outside.sendto(data, self.server)

    def close(self):
        self.outside.close()
        self.inside.close()
