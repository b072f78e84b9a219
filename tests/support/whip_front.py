#!/usr/bin/python3
"""A small WHIP and WHEP server for tests and benchmarks: HTTP in front, `plenary media` behind, no meeting between.

    whip_front.py PLENARY [--port N] [--address IP] [--media-port N] [--threads N] [--token T] [--media-core N] [--set KEY=VALUE …]

POST /whip/{channel} makes a source that the channel carries from then on, POST /whep/{channel} a listener of it. Prints one line when it is ready:
"ready HTTP-PORT MEDIA-PID". Ends on SIGTERM or SIGINT; says then how many sessions were still open.
"""
import argparse
import asyncio
import itertools
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile

from aiohttp import web
from media_link import AUDIO, HELLO, RECEIVE, SEND, VERSION, Media

BUFFER = 8 << 20  # bytes, as the supervisor asks for


class MediaFace(Media):
    """`plenary media`, started as the supervisor does: with its sockets, and their numbers in the environment."""

    def __init__(self, program, options):
        self.folder = tempfile.TemporaryDirectory()
        path = self.folder.name + "/link"
        link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        link.bind(path)
        link.listen(4)
        media_port, sockets = options.media_port, []
        for _ in range(options.threads):
            udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            udp.bind(("::", media_port))
            media_port = udp.getsockname()[1]
            sockets.append(udp)
        inherited = [link, *sockets]
        numbers = [link.fileno(), link.fileno(), link.fileno(), *(each.fileno() for each in sockets)]  # it uses the link and those for UDP
        wishes = {"http.host": options.address, "media.port": str(media_port), "media.candidates": options.address, "media.peers_max": "65536",
                  **dict(each.split("=", 1) for each in options.set)}
        keys = {"PLENARY_" + name.replace(".", "_").upper(): value for name, value in wishes.items()}
        command = [program, "media"]
        if options.media_core is not None:
            command = ["taskset", "-c", str(options.media_core), *command]
        self.process = subprocess.Popen(command, pass_fds=[each.fileno() for each in inherited], stdout=sys.stderr,
                                        env={**os.environ, **keys, "PLENARY_DESCRIPTORS": ",".join(map(str, numbers))})
        for each in inherited:
            each.close()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(path)
        self.send(HELLO, struct.pack(">I", VERSION))
        self.phases, self.sources, self.counters, self.reports, self.answers = {}, {}, {}, {}, {}


class Front:
    def __init__(self, media, token):
        self.media = media
        self.token = token
        self.numbers = itertools.count(1)
        self.channels = {}
        self.sessions = set()

    def channel(self, name):
        return self.channels.setdefault(name, len(self.channels) + 1)

    def refused(self, request):
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401, text="sign in first")
        return None

    async def create(self, request):
        refusal = self.refused(request)
        if refusal is not None:
            return refusal
        if request.content_type != "application/sdp":
            return web.Response(status=415)
        offer = await request.text()
        peer, channel = next(self.numbers), self.channel(request.match_info["channel"])
        sends = request.match_info["door"] == "whip"
        section = (AUDIO, SEND, peer) if sends else (AUDIO, RECEIVE, 0, channel)
        try:
            answer = self.media.create(peer, [section], offer)
        except AssertionError as problem:
            return web.Response(status=400, text=str(problem))
        if sends:
            self.media.set_channel(channel, peer)
        else:
            self.media.set_slot(peer, 0, channel)
        self.sessions.add(peer)
        return web.Response(status=201, text=answer, content_type="application/sdp", headers={"Location": f"/session/{peer}"})

    async def delete(self, request):
        refusal = self.refused(request)
        peer = int(request.match_info["peer"])
        if refusal is None and peer not in self.sessions:
            return web.Response(status=404)
        if refusal is None:
            self.sessions.remove(peer)
            self.media.end(peer)
        return refusal or web.Response()


async def serve(options):
    media = MediaFace(options.plenary, options)
    front = Front(media, options.token)
    application = web.Application()
    application.add_routes([web.post("/{door:whip|whep}/{channel}", front.create), web.delete("/session/{peer:[0-9]+}", front.delete)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, options.address, options.port)
    await site.start()
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(media.socket, media.read)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    print("ready", site._server.sockets[0].getsockname()[1], media.process.pid, flush=True)
    await ended.wait()
    loop.remove_reader(media.socket)
    await runner.cleanup()
    media.close()
    print("sessions", len(front.sessions), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plenary")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--media-port", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--token")
    parser.add_argument("--media-core", type=int)
    parser.add_argument("--set", action="append", default=[])
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
