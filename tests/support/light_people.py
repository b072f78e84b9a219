"""People without a page, for tests in browsers that need more of them than two cores can show: aiortc with a tone as microphone, and ears.

    light_people.py URL            then lines of JSON on the standard input, one answer each on the standard output:
    {"id": 1, "who": "a", "join": TOKEN, "hertz": 900}                     signed in, in the room, media joined
             "amplitude": 0.03                                            of the tone; 0.3 when not said
             "meeting": "rehearsal"                                       not the demonstration meeting
             "listens": true                                              with an ear at each sound slot, named "a SLOT"
    {"id": 2, "who": "a", "command": "desk.microphone", "data": {…}}       as the live connection takes it
    {"id": 3, "who": "a", "sequence": true}                                the number of the last event; a number left out is an error
    {"id": 9, "who": "a", "told": "presence.changed"}                      the data of all events of this type so far
    {"id": 4, "who": "a", "leave": true}                                   out of the room, all connections closed
    {"id": 5, "ear": "fr", "hear": "/whep/demo/fr", "token": TOKEN}        an ear of its own, at the door
    {"id": 6, "ear": "fr", "until": 900, "since": MS, "within": MS}        waits until this tone is heard (0: silence); when it began
    {"id": 7, "ear": "fr", "between": [MS, MS]}                            what was heard, see ear.py; with "late", that of the heartbeat
    {"id": 8, "ear": "fr", "forget": MS}                                   what was before
Answers: {"id": 1, "data": {…}} or {"id": 1, "error": "…"}. Ends at the end of the input.
"""
import asyncio
import contextlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import aiohttp  # noqa: E402
import doors  # noqa: E402
import ear  # noqa: E402
import voice  # noqa: E402
import webrtc  # noqa: E402


class Address:
    """What webrtc.Client needs of a server that somebody else started."""

    def __init__(self, url):
        self.url = url

    def http(self):
        return aiohttp.ClientSession()


class Room:
    """Everybody of one test."""

    def __init__(self, server):
        self.server = server
        self.people = {}
        self.doors = []
        self.ears = {}
        self.heartbeat = ear.Heartbeat()
        self.pace = voice.Pace()

    async def carry_out(self, request):
        if "ear" in request:
            return await self.listen(request["ear"], request)
        who = request["who"]
        if "join" in request:
            one = await webrtc.Client.join(self.server, request["join"], listens=False, meeting=request.get("meeting", "demo"))
            self.people[who] = one
            if request["hertz"]:
                self.pace.voices[who] = voice.Voice(one.microphone, one, request["hertz"], request.get("amplitude", voice.AMPLITUDE))
            if not request.get("listens"):
                voice.refuse_media(one)
            else:
                voice.refuse_pictures(one)
                self.ears.update({f"{who} {slot}": ear.Ear(receiver) for slot, receiver in one.receivers.items() if receiver.track.kind == "audio"})
            return {"participant": one.me}
        if "leave" in request:
            one = self.people.pop(who)
            self.pace.voices.pop(who, None)
            await one.live.command("room.leave")
            await one.close()
            return {}
        live = self.people[who].live
        if live.reader.done():
            live.reader.result()  # why it ended: an event was left out
            raise RuntimeError(f"{who}: the live connection is closed")
        if "sequence" in request:
            return {"sequence": live.seq}
        if "told" in request:
            return {"events": [event["data"] for event in live.events if event["type"] == request["told"]]}
        return await live.command(request["command"], **request.get("data", {}))

    async def listen(self, name, request):
        if "hear" in request:
            door = doors.Door(self.server, request["token"], request["hear"])
            section = door.peer.addTransceiver("audio", direction="recvonly")
            self.ears[name] = ear.Ear(section.receiver)
            self.doors.append(door)
            await door.open()
            voice.refuse_pictures(door)
            return {}
        own = self.ears[name]
        if "until" in request:
            return {"at": await own.hears(request["until"], request["since"], request["within"] / 1e3)}
        if "forget" in request:
            own.forget(request["forget"])
            return {}
        begin, end = request["between"]
        return {**own.between(begin, end), "late": self.heartbeat.late(begin, end)}

    async def close(self):
        self.pace.voices.clear()
        for one in [*self.people.values(), *self.doors]:
            with contextlib.suppress(Exception):
                await one.close()


async def serve(room, line):
    request = json.loads(line)
    try:
        answer = {"data": await room.carry_out(request)}
    except Exception as error:  # whatever it was, the test is told
        answer = {"error": repr(error)}
    print(json.dumps({"id": request["id"], **answer}), flush=True)


async def main():
    room = Room(Address(sys.argv[1]))
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    running = set()
    while line := await lines.readline():
        task = asyncio.create_task(serve(room, line))
        running.add(task)
        task.add_done_callback(running.discard)
    await room.close()


asyncio.run(main())
