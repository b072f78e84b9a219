"""People without a page, for tests in browsers that need more of them than two cores can show: aiortc with a tone as microphone.

    light_people.py URL            then lines of JSON on the standard input, one answer each on the standard output:
    {"id": 1, "who": "a", "join": TOKEN, "hertz": 900}                     signed in, in the room, media joined
    {"id": 2, "who": "a", "command": "desk.microphone", "data": {…}}       as the live connection takes it
    {"id": 3, "who": "a", "sequence": true}                                the number of the last event; a number left out is an error
Answers: {"id": 1, "data": {…}} or {"id": 1, "error": "…"}. Ends at the end of the input.
"""
import asyncio
import contextlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import aiohttp  # noqa: E402
import aiortc.rtcrtpreceiver  # noqa: E402
import av  # noqa: E402
import webrtc  # noqa: E402

LOOP_PACKETS = 50


def encode(tone):
    """A second of a tone, made once: its period fits whole into each packet, so the loop has no seam."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.format, encoder.layout, encoder.bit_rate = webrtc.RATE, "s16", "mono", 64000
    encoder.time_base = webrtc.TIME_BASE
    packets = []
    while len(packets) < 2 * LOOP_PACKETS:
        packets += [bytes(packet) for packet in encoder.encode(tone.frame())]
    return packets[-LOOP_PACKETS:]


class EncodedTone(webrtc.Tone):
    """Costs next to nothing while it plays."""

    def __init__(self, hertz):
        super().__init__(hertz)
        assert hertz * webrtc.FRAME % webrtc.RATE == 0
        self.packets = encode(self)
        self.sent = 0

    def frame(self):
        if not hasattr(self, "packets"):
            return super().frame()
        packet = av.Packet(self.packets[self.sent // webrtc.FRAME % LOOP_PACKETS])
        packet.pts, packet.time_base = self.sent, webrtc.TIME_BASE
        self.sent += webrtc.FRAME
        return packet


async def forget(_receiver, _packet, arrival_time_ms):
    """In the place of aiortc's jitter buffers and decoders: nobody listens here, and pictures would hold up the tones."""


aiortc.rtcrtpreceiver.RTCRtpReceiver._handle_rtp_packet = forget


class Address:
    """What webrtc.Client needs of a server that somebody else started."""

    def __init__(self, url):
        self.url = url

    def http(self):
        return aiohttp.ClientSession()


async def carry_out(server, people, request):
    who = request["who"]
    if "join" in request:
        people[who] = await webrtc.Client.join(server, request["join"], hertz=request["hertz"], tone=EncodedTone, listens=False)
        return {"participant": people[who].me}
    live = people[who].live
    if live.reader.done():
        live.reader.result()  # why it ended: an event was left out
        raise RuntimeError(f"{who}: the live connection is closed")
    if "sequence" in request:
        return {"sequence": live.seq}
    return await live.command(request["command"], **request.get("data", {}))


async def serve(server, people, line):
    request = json.loads(line)
    try:
        answer = {"data": await carry_out(server, people, request)}
    except Exception as error:  # whatever it was, the test is told
        answer = {"error": repr(error)}
    print(json.dumps({"id": request["id"], **answer}), flush=True)


async def main():
    server = Address(sys.argv[1])
    people = {}
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    running = set()
    while line := await lines.readline():
        task = asyncio.create_task(serve(server, people, line))
        running.add(task)
        task.add_done_callback(running.discard)
    for one in people.values():
        with contextlib.suppress(Exception):
            await one.close()


asyncio.run(main())
