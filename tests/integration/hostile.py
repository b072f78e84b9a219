"""What a hostile sender of the tests makes up, and the counters that tell of it."""
import asyncio
import hashlib
import hmac
import random
import struct
import zlib

from measure import metrics

MAGIC = 0x2112A442
RANDOM = random.Random(20480)  # the same bytes in every run


def ice_of(client):
    return client.peer.getTransceivers()[0].sender.transport.transport._connection


def server_address(client):
    return ice_of(client)._nominated[1].remote_addr


def stun(attributes, method=1, kind=0, transaction=None, password=None, length=None):
    """A STUN message; with a password, its integrity and fingerprint."""
    transaction = transaction or RANDOM.randbytes(12)
    body = b"".join(struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in attributes)

    def head(size):
        return struct.pack("!HHI", method | kind, size, MAGIC) + transaction
    if password is not None:
        digest = hmac.new(password, head(len(body) + 24) + body, hashlib.sha1).digest()
        body += struct.pack("!HH", 8, 20) + digest
        body += struct.pack("!HHI", 0x8028, 4, (zlib.crc32(head(len(body) + 8) + body) & 0xffffffff) ^ 0x5354554e)
    return head(len(body) if length is None else length) + body


def rtp(ssrc, size=80, payload_type=111):
    return struct.pack("!BBHII", 0x80, payload_type, RANDOM.randrange(65536), RANDOM.randrange(1 << 32), ssrc) + RANDOM.randbytes(size)


def rtcp(ssrc, kind=200, size=40):
    return struct.pack("!BBHI", 0x80, kind, size // 4 + 1, ssrc) + RANDOM.randbytes(size)


async def counted(server, wanted, before, timeout=12):
    """Waits until each named counter has grown by as much as is wanted; the media process tells its counters every 5 s."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while True:
        now = await metrics(server)
        missing = {name: now[f"plenary_media_{name}"] - before[f"plenary_media_{name}"] for name, least in wanted.items()
                   if now[f"plenary_media_{name}"] - before[f"plenary_media_{name}"] < least}
        if not missing:
            return now
        assert loop.time() < deadline, f"counted only {missing} of {wanted}"
        await asyncio.sleep(0.1)  # polls an outside process's state
