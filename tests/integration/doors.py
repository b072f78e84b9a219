"""Clients of the two standard doors made of aiortc: one that publishes a tone (WHIP), one that hears a channel (WHEP)."""
import asyncio

from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from nat import Nat
from webrtc import Ear, Tone


class Refused(Exception):
    def __init__(self, status, headers, problem):
        super().__init__(f"{status}: {problem}")
        self.status = status
        self.headers = headers
        self.problem = problem


class Door:
    """A session at a door. `path` is /whip/MEETING/FEED or /whep/MEETING/CHANNEL."""

    def __init__(self, server, token, path):
        self.server = server
        self.bearer = {"Authorization": f"Bearer {token}"}
        self.path = path
        self.peer = RTCPeerConnection()
        self.connected = asyncio.Event()
        self.ended = asyncio.Event()
        self.ear = None
        self.nat = None
        self.peer.on("connectionstatechange", self.state_changed)

    def state_changed(self):
        if self.peer.connectionState == "connected":
            self.connected.set()

    @classmethod
    async def publish(cls, server, token, name, hertz, meeting="demo", behind_nat=False):
        """A tone; without one (`hertz` None) a picture alone."""
        self = cls(server, token, f"/whip/{meeting}/{name}")
        self.peer.addTransceiver(Tone(hertz) if hertz else VideoStreamTrack(), direction="sendonly")
        await self.open(behind_nat)
        return self

    @classmethod
    async def listen(cls, server, token, channel, meeting="demo", kinds=("audio",), query="", behind_nat=False):
        self = cls(server, token, f"/whep/{meeting}/{channel}{query}")
        sections = [self.peer.addTransceiver(kind, direction="recvonly") for kind in kinds]
        await self.open(behind_nat)
        self.ear = Ear(next(section for section in sections if section.kind == "audio").receiver.track)
        return self

    def offer(self):
        """What is sent to the door."""
        return self.peer.localDescription.sdp

    async def open(self, behind_nat=False):
        await self.peer.setLocalDescription(await self.peer.createOffer())
        async with self.server.http() as http:
            async with http.post(self.server.url + self.path, data=self.offer(),
                                 headers={**self.bearer, "Content-Type": "application/sdp"}) as response:
                text = await response.text()
                if response.status != 201:
                    await self.peer.close()
                    raise Refused(response.status, response.headers, text)
                self.location = response.headers["Location"]
                self.etag = response.headers["ETag"]
                self.headers = response.headers
                self.answer = text
        remote = RTCSessionDescription(self.answer, "answer")
        if behind_nat:
            self.nat, remote = await Nat.open(self.answer)
        await self.peer.setRemoteDescription(remote)
        await asyncio.wait_for(self.connected.wait(), 15)
        transport = (self.peer.getSenders() + self.peer.getReceivers())[0].transport
        transport.on("statechange", lambda: transport.state == "closed" and self.ended.set())

    async def delete(self):
        async with self.server.http() as http:
            async with http.delete(self.server.url + self.location, headers=self.bearer) as response:
                return response.status

    async def close(self):
        if self.ear:
            self.ear.task.cancel()
            await asyncio.gather(self.ear.task, return_exceptions=True)
        await self.peer.close()
        if self.nat:
            self.nat.close()
