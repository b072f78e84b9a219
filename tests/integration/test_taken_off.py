"""What was taken off a channel is not heard there any more, whoever is waited for; a sound check takes nothing from listeners and gives them nothing;
an output that is turned on the air takes another booth's channel when it is heard there. By light ears at the doors: every packet counts."""
import asyncio
import os
import signal
import sys
import time

from plenary import NotMeasured, main

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import ear  # noqa: E402
import voice  # noqa: E402
from doors import Door  # noqa: E402
from webrtc import Client  # noqa: E402

GONE_WITHIN = 300  # ms
GAP_MAX = 200  # ms, of what is heard all the while
FEED, SPANISH, FIRST, SPEAKER = 3000, 2000, 900, 450  # Hz


def now():
    return 1e3 * time.time()


class Hall:
    """A delegate with the floor, a French interpreter, a feed that stands nowhere yet, and who works them. Use as `async with Hall(server) as hall`."""

    def __init__(self, server):
        self.server, self.players, self.doors = server, {}, []

    async def __aenter__(self):
        server = self.server
        self.pace, self.beat = voice.Pace(), ear.Heartbeat()
        self.chair, self.moderator = [await Client.join(server, role, listens=False) for role in ("chair", "moderator")]
        self.speaker = await self.person("delegate", SPEAKER)
        self.first = await self.person("interpreter", FIRST, language="fr")
        await self.chair.live.command("floor.give", participant=self.speaker.me)
        self.feed = await Door.publish(server, server.token("technician"), "cam", FEED)
        await self.moderator.live.until(lambda: any(
            event["type"] in ("feed.added", "feed.changed") and event["data"]["feed"].get("sound") for event in self.moderator.live.events))
        return self

    async def __aexit__(self, *_):
        self.pace.task.cancel()
        for one in (self.chair, self.moderator, self.speaker, self.first, self.feed, *self.doors):
            await one.close()

    async def person(self, role, hertz, **options):
        one = await Client.join(self.server, role, listens=False, **options)
        voice.refuse_media(one)
        self.pace.voices[one] = voice.Voice(one.microphone, one, hertz)
        return one

    async def listen(self, *channels):
        for channel in channels:
            door = Door(self.server, self.server.token("listener"), f"/whep/demo/{channel}")
            section = door.peer.addTransceiver("audio", direction="recvonly")
            self.players[channel] = ear.Ear(section.receiver)
            await door.open()
            voice.refuse_pictures(door)
            self.doors.append(door)

    def mute(self, one):
        """Packets of digital silence, as by the key at a headset."""
        before = self.pace.voices[one]
        silent = voice.Voice(one.microphone, one, FIRST, 0)
        before.payloads, before.extension = silent.payloads, silent.extension

    async def press(self, state):
        since = self.first.live.seq
        await self.first.live.command("desk.microphone", state=state)
        await self.first.live.event("desk.changed", since=since, participant=self.first.me, microphone=state)

    async def put(self, target):
        await self.moderator.live.command("feed.put", feed="cam", target=target)

    async def carries(self, channel, hertz):
        await self.players[channel].hears(hertz, 0, 10)

    async def is_gone(self, channel, hertz, since):
        """That tone came there no longer than a change takes, however long one waits."""
        await asyncio.sleep(2)
        late = self.beat.late(since, now())
        heard = self.players[channel].between(since + GONE_WITHIN + late, now())["runs"]
        assert not any(run["hertz"] == hertz for run in heard), (channel, heard)


async def test_a_feed_that_stood_in_for_a_muted_desk_is_taken_off(server):
    async with Hall(server) as hall:
        await hall.chair.live.command("floor.end_all")
        await hall.listen("fr")
        await hall.put("fr")
        await hall.press("on")
        hall.mute(hall.first)
        await hall.carries("fr", FEED)
        await hall.moderator.live.event("microphone.silent", participant=hall.first.me)
        await hall.carries("fr", FEED)
        since = now()
        await hall.put("none")
        await hall.is_gone("fr", FEED, since)


async def test_a_feed_is_moved_from_the_floor_beside_a_muted_microphone(server):
    async with Hall(server) as hall:
        await hall.listen("floor", "ru", "fr")
        hall.mute(hall.speaker)
        await hall.put("floor")
        for channel in hall.players:
            await hall.carries(channel, FEED)
        since = now()
        await hall.put("fr")
        for channel in ("floor", "ru"):
            await hall.is_gone(channel, FEED, since)
        await hall.carries("fr", FEED)
        since = now()
        await hall.put("es")
        await hall.is_gone("fr", FEED, since)


async def test_the_floor_is_taken_off_above_a_muted_desk(server):
    async with Hall(server) as hall:
        await hall.listen("fr")
        await hall.press("on")
        hall.mute(hall.first)
        await hall.carries("fr", SPEAKER)
        since = now()
        await hall.moderator.live.command("channel.auto_floor", channel="fr", on=False)
        await hall.is_gone("fr", SPEAKER, since)


async def checks_beside_a_feed(hall, target):
    """While an interpreter checks the sound, listeners hear the feed, and not one packet else."""
    await hall.put(target)
    await hall.carries("fr", FEED)
    since = now()
    for _ in range(3):
        await hall.press("on")
        await asyncio.sleep(0.5)
        await hall.press("off")
    heard = hall.players["fr"].between(since, now())
    assert [run["hertz"] for run in heard["runs"]] == [FEED], heard
    late = hall.beat.late(since, now())
    if heard["gap"] >= GAP_MAX and late > GAP_MAX / 10:
        raise NotMeasured(f"not measured: this machine was late by {late:.0f} ms")
    assert heard["gap"] < GAP_MAX, heard


async def test_a_sound_check_beside_a_feed(server):
    async with Hall(server) as hall:
        await hall.listen("fr")
        await hall.chair.live.command("sitting.suspend")
        await checks_beside_a_feed(hall, "fr")
        await hall.put("none")
        await checks_beside_a_feed(hall, "floor")


async def test_a_sound_check_while_control_stands_still(server):
    async with Hall(server) as hall:
        await hall.listen("fr")
        await hall.chair.live.command("sitting.suspend")
        await hall.put("floor")
        await hall.carries("fr", FEED)
        speaks = hall.pace.voices.pop(hall.first)  # from the moment on that control stands
        since = now()
        await hall.first.live.command("desk.microphone", state="on")
        control = server.kill("control", signal.SIGSTOP)
        hall.pace.voices[hall.first] = speaks
        await asyncio.sleep(1)
        os.kill(control, signal.SIGCONT)
        await hall.first.live.event("desk.changed", participant=hall.first.me, microphone="on")
        heard = hall.players["fr"].between(since, now())
        assert [run["hertz"] for run in heard["runs"]] == [FEED], heard


def setting(into):
    return {"mode": "override", "allowed": [{"language": into}], "output_b": into, "output_c": "none", "auto_relay": False, "turn_minutes": 0,
            "rota": False}


async def on_the_air_by_b(hall, one, language, into):
    await hall.moderator.live.command("booth.set", language=language, setting=setting(into))
    since = hall.moderator.live.seq
    await one.live.command("desk.output", output="b", language=into)
    await one.live.command("desk.microphone", state="on")
    await hall.moderator.live.event("desk.changed", since=since, participant=one.me, microphone="on", target=into)


async def test_a_muted_desk_comes_home_unheard(server):
    async with Hall(server) as hall:
        await hall.listen("es")
        spanish = await hall.person("interpreter", SPANISH, language="es")
        voice = hall.pace.voices[spanish]
        sounds = voice.payloads, voice.extension
        live = hall.moderator.live
        await on_the_air_by_b(hall, spanish, "es", "en")
        await on_the_air_by_b(hall, hall.first, "fr", "es")
        await hall.carries("es", FIRST)
        hall.mute(spanish)
        muted = await live.event("microphone.silent", participant=spanish.me, silence="no_sound")
        since, seq = now(), live.seq
        await spanish.live.command("desk.output", output="a")
        await live.event("desk.opening", since=seq, participant=spanish.me, undone=True)
        await asyncio.sleep(1)
        for kind in ("desk.changed", "channel.changed", "microphone.silent"):
            assert not [event for event in live.events if event["seq"] > seq and event["type"] == kind], (kind, muted)
        heard = hall.players["es"].between(since, now())
        assert all(run["hertz"] == FIRST for run in heard["runs"]), heard
        late = hall.beat.late(since, now())
        if heard["gap"] >= GAP_MAX and late > GAP_MAX / 10:
            raise NotMeasured(f"not measured: this machine was late by {late:.0f} ms")
        assert heard["gap"] < GAP_MAX, heard
        # With its first sound there it is moved, and whom it closes is told for whom.
        voice.payloads, voice.extension = sounds
        seq = live.seq
        await spanish.live.command("desk.output", output="a")
        closed = await live.event("desk.changed", since=seq, participant=hall.first.me, microphone="off")
        assert closed["data"]["displaced_by"] == "es", closed
        await hall.carries("es", SPANISH)
        await spanish.close()


main(globals())
