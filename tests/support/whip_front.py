#!/usr/bin/python3
"""A small WHIP and WHEP server for tests and benchmarks: HTTP in front, a media process of its own behind.

    whip_front.py MEDIA_SERVE [--port N] [--address IP] [--media-port N] [--threads N] [--token T] [--media-core N]

POST /whip/{channel} makes a source that the channel carries from then on, POST /whep/{channel} a listener of it. Prints one line when it is ready:
"ready HTTP-PORT MEDIA-PID". Ends on SIGTERM or SIGINT; says then how many sessions were still open.
"""
import argparse
import asyncio
import itertools
import os
import signal

from aiohttp import web
from media_link import AUDIO, RECEIVE, SEND, Media


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
    media = Media(options.media_serve, threads=options.threads, port=options.media_port, address=options.address)
    if options.media_core is not None:
        for thread in os.listdir(f"/proc/{media.process.pid}/task"):
            os.sched_setaffinity(int(thread), {options.media_core})
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
    parser.add_argument("media_serve")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--media-port", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--token")
    parser.add_argument("--media-core", type=int)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
