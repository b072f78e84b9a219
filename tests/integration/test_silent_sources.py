"""Microphones that deliver nothing, or nothing but digital silence: they take no channel and no floor, and that is said."""
import asyncio
import fractions
import os
import signal

import av
from doors import Door
from plenary import Server, join, main
from webrtc import Client, Tone

QUIET = -40


class Silence(Tone):
    """A microphone that is there and muted."""

    def __init__(self, hertz):
        super().__init__(hertz, amplitude=0)


class PaddedSilence(Silence):
    """The same at a constant rate: as many bytes as a voice."""

    def __init__(self, hertz):
        super().__init__(hertz)
        self.codec = av.CodecContext.create("libopus", "w")
        self.codec.sample_rate, self.codec.format, self.codec.layout, self.codec.bit_rate = 48000, "s16", "mono", 48000
        self.codec.time_base = fractions.Fraction(1, 48000)
        self.codec.options = {"application": "voip", "vbr": "off"}
        self.packets = []

    async def recv(self):
        while not self.packets:
            self.packets = self.codec.encode(await super().recv())
        return self.packets.pop(0)


class Never:
    """Watches an ear from now on: how loud a frequency was at its loudest."""

    def __init__(self, ear, hertz):
        self.ear, self.hertz, self.loudest = ear, hertz, -200
        self.task = asyncio.create_task(self.watch())

    async def watch(self):
        while True:
            await self.ear.changed.wait()
            self.loudest = max(self.loudest, self.ear.level(self.hertz, 0.1))
            await asyncio.sleep(0)
            self.ear.changed.clear()

    async def end(self):
        self.task.cancel()
        return self.loudest


class Always(Never):
    """The same, at its quietest."""

    async def watch(self):
        self.loudest = 0
        while True:
            await self.ear.changed.wait()
            self.loudest = min(self.loudest, self.ear.level(self.hertz, 0.1))
            await asyncio.sleep(0)
            self.ear.changed.clear()


async def a_french_meeting(server, **second):
    """A delegate speaks with 440 Hz, one French interpreter is on the air with 1000 Hz, a listener hears French; a second one is ready."""
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440, listens=False)
    first = await Client.join(server, "interpreter", language="fr", hertz=1000, listens=False)
    other = await Client.join(server, "interpreter", language="fr", listens=False, **second)
    listener = await Client.join(server, "listener")
    assert first.me != other.me
    await chair.command("floor.give", participant=speaker.me)
    await listener.live.command("listen.set", slot="language", channel="fr")
    await first.live.command("desk.microphone", state="on")
    await first.live.event("desk.changed", participant=first.me, microphone="on")
    ear = listener.ears["language"]
    await ear.until(lambda: ear.level(1000) > -20 and ear.level(440) < QUIET)
    return chair, speaker, first, other, listener


def events_of(live, since, kind, **expected):
    return [event for event in live.events if event["seq"] > since and event["type"] == kind
            and all(event["data"].get(name) == value for name, value in expected.items())]


async def close(*clients):
    for client in clients:
        await client.close()


async def test_a_press_that_delivers_nothing_is_undone(server):
    chair, speaker, first, other, listener = await a_french_meeting(server)
    ear = listener.ears["language"]
    since, heard = first.live.seq, ear.frames
    floor = Never(ear, 440)
    await other.live.command("desk.microphone", state="on")
    await first.live.event("desk.opening", since=since, participant=other.me, undone=True)
    # It was opening all the while, and nothing else was said: the partner stayed open, the channel was nobody else's.
    assert events_of(first.live, since, "desk.opening", participant=other.me)[0]["data"]["target"] == "fr"
    for kind in ("desk.changed", "channel.changed", "handover.changed"):
        assert not events_of(first.live, since, kind), kind
    await ear.until(lambda: ear.frames > heard + 25 and ear.level(1000) > -20)
    assert await floor.end() < QUIET, floor.loudest
    await close(chair, speaker, first, other, listener)


async def test_a_press_of_digital_silence_is_undone(server):
    chair, speaker, first, other, listener = await a_french_meeting(server, hertz=600, tone=Silence)
    ear = listener.ears["language"]
    since, heard = first.live.seq, ear.frames
    await other.live.command("desk.microphone", state="on")
    await first.live.event("desk.opening", since=since, participant=other.me, undone=True)
    for kind in ("desk.changed", "channel.changed", "handover.changed"):
        assert not events_of(first.live, since, kind), kind
    await ear.until(lambda: ear.frames > heard + 75)
    assert ear.level(1000, 0.9) > -20, ear.level(1000, 0.9)
    await close(chair, speaker, first, other, listener)


async def test_silence_is_told_without_a_level(server):
    chair, speaker, first, other, listener = await a_french_meeting(server, hertz=600, tone=PaddedSilence, tells_level=False)
    ear = listener.ears["language"]
    since, heard = first.live.seq, ear.frames
    await other.live.command("desk.microphone", state="on")
    await first.live.event("desk.opening", since=since, participant=other.me, undone=True)
    for kind in ("desk.changed", "channel.changed", "handover.changed"):
        assert not events_of(first.live, since, kind), kind
    await ear.until(lambda: ear.frames > heard + 75)
    assert ear.level(1000, 0.9) > -20, ear.level(1000, 0.9)
    # It takes the channel with its first sound.
    microphone = next(sender for sender in other.peer.getSenders() if sender.track is not None)
    await other.live.command("desk.microphone", state="on")
    microphone.replaceTrack(Tone(600))
    await first.live.event("desk.changed", since=since, participant=other.me, microphone="on")
    await ear.until(lambda: ear.level(600) > -20 and ear.level(1000) < QUIET)
    await close(chair, speaker, first, other, listener)


async def test_digital_silence_takes_a_channel_where_nobody_is_heard(server):
    chair, speaker, first, other, listener = await a_french_meeting(server, hertz=600, tone=Silence)
    since = first.live.seq
    microphone = next(sender for sender in first.peer.getSenders() if sender.track is not None)
    microphone.replaceTrack(Silence(1000))
    muted = await first.live.event("microphone.silent", since=since, participant=first.me, silence="no_sound")
    # The floor is heard instead; and where that ends nobody is.
    await first.live.event("channel.changed", since=muted["seq"])
    channel = events_of(first.live, muted["seq"], "channel.changed")[0]["data"]["channel"]
    assert (channel["id"], channel["state"], channel["holder"]) == ("fr", "floor", speaker.me), channel
    await chair.command("floor.end_all")
    await other.live.command("desk.microphone", state="on")
    opening = await first.live.event("desk.opening", since=since, participant=other.me)
    on = await first.live.event("desk.changed", since=since, participant=other.me, microphone="on")
    off = await first.live.event("desk.changed", since=since, participant=first.me, microphone="off")
    assert on["at"] - opening["at"] >= 1000, (opening, on)  # a second for something to be heard
    assert off["data"]["overridden_by"] == other.me
    told = await first.live.event("microphone.silent", since=since, participant=other.me, silence="no_sound")
    assert told["data"]["since"] - opening["at"] < 1000, "counted from its opening"
    assert "closes_at" not in told["data"], told
    await close(chair, speaker, first, other, listener)


def floor_changes(live, since):
    """What was told since then of whom the floor carries, and of its language."""
    carried = [event for event in events_of(live, since, "channel.changed") if event["data"]["channel"]["id"] == "floor"]
    return carried + events_of(live, since, "floor_language.changed")


async def test_the_newer_floor_microphone_never_sends():
    with Server("--set", "meeting.close_silent_s=4") as server:
        chair = await join(server, "chair")
        older = await Client.join(server, "delegate", hertz=440, listens=False)
        newer = await Client.join(server, "delegate", delegation="CHN", listens=False)
        listener = await Client.join(server, "listener")
        await listener.live.command("listen.set", slot="language", channel="fr")
        await chair.command("floor.give", participant=older.me)
        ear = listener.ears["language"]
        await ear.until(lambda: ear.level(440) > -20)
        since, heard = chair.seq, ear.frames
        await chair.command("floor.give", participant=newer.me)
        opened = await chair.event("microphone.opened", since=since, participant=newer.me)
        # Told in words: who, what is missing, since when, and until when the place is kept.
        silent = await chair.event("microphone.silent", since=since, participant=newer.me, silence="no_packets")
        assert silent["at"] - opened["at"] < 2000, (opened, silent)
        assert silent["data"]["closes_at"] - silent["data"]["since"] == 4000
        closed = await chair.event("microphone.closed", since=since, participant=newer.me)
        assert closed["data"]["reason"] == "silent", closed
        # The floor's listeners have heard the older one all the while.
        assert ear.frames > heard + 100 and ear.level(440, 0.9) > -20, (ear.frames - heard, ear.level(440, 0.9))
        assert not events_of(chair, since, "microphone.closed", participant=older.me)
        # And whoever asks is told so: the floor and its language were the older one's throughout.
        assert not floor_changes(chair, since), floor_changes(chair, since)
        await close(chair, older, newer, listener)


async def test_the_newer_floor_microphone_is_muted():
    with Server("--set", "meeting.close_silent_s=6") as server:
        chair = await join(server, "chair")
        older = await Client.join(server, "delegate", hertz=440, listens=False)
        newer = await Client.join(server, "delegate", delegation="CHN", hertz=600, tone=Silence, listens=False)
        doors = [await Door.listen(server, server.token("technician"), channel) for channel in ("floor", "fr")]
        ears = [door.ear for door in doors]
        await chair.command("floor.give", participant=older.me)
        for ear in ears:
            await ear.until(lambda: ear.level(440) > -20)
        since, heard = chair.seq, [ear.frames for ear in ears]
        older_heard = [Always(ear, 440) for ear in ears]
        await chair.command("floor.give", participant=newer.me)
        silent = await chair.event("microphone.silent", since=since, participant=newer.me, silence="no_sound")
        assert silent["data"]["closes_at"] - silent["data"]["since"] == 6000, silent
        assert not floor_changes(chair, since), floor_changes(chair, since)
        for ear, before in zip(ears, heard):  # neither the floor nor who hears it by auto-floor missed anything
            await ear.until(lambda: ear.frames > before + 150)
        for one in older_heard:
            quietest = await one.end()
            assert quietest > -20, quietest
        # Switched on, it has the floor with its first sound.
        microphone = next(sender for sender in newer.peer.getSenders() if sender.track is not None)
        microphone.replaceTrack(Tone(600))
        for ear in ears:
            await ear.until(lambda: ear.level(600) > -20 and ear.level(440) < QUIET)
        microphone.replaceTrack(Silence(600))
        closed = await chair.event("microphone.closed", since=silent["seq"], participant=newer.me)
        assert closed["data"]["reason"] == "silent", closed
        for ear in ears:
            await ear.until(lambda: ear.level(440) > -20 and ear.level(600) < QUIET)
        await close(chair, older, newer, *doors)


async def test_a_feed_on_the_floor_ceases():
    with Server("--set", "meeting.close_silent_s=4") as server:
        chair = await join(server, "chair")
        speaker = await Client.join(server, "delegate", hertz=440, listens=False)
        await chair.command("floor.give", participant=speaker.me)
        listener = await Door.listen(server, server.token("technician"), "floor")
        await listener.ear.until(lambda: listener.ear.level(440) > -20)
        publisher = await Door.publish(server, server.token("technician"), "floor", 700)
        await listener.ear.until(lambda: listener.ear.level(700) > -20)
        since = chair.seq
        for sender in publisher.peer.getSenders():
            sender.replaceTrack(None)
        told = await chair.until(lambda: next((event for event in events_of(chair, since, "feed.changed")
                                               if event["data"]["feed"].get("silent_since")), None))
        assert told["at"] - told["data"]["feed"]["silent_since"] < 2000, told
        assert told["data"]["feed"]["closes_at"] - told["data"]["feed"]["silent_since"] == 4000, told
        await listener.ear.until(lambda: listener.ear.level(440) > -20)
        gone = await chair.until(lambda: next((event for event in events_of(chair, told["seq"], "feed.changed")), None))
        assert gone["data"]["feed"]["target"] == "none", gone
        await close(chair, speaker, publisher, listener)


async def test_a_muted_feed_gives_its_language_back(server):
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440, listens=False)
    await chair.command("floor.give", participant=speaker.me)
    listener = await Door.listen(server, server.token("technician"), "fr")
    publisher = await Door.publish(server, server.token("technician"), "fr", 700)
    await listener.ear.until(lambda: listener.ear.level(700) > -20)
    since = chair.seq
    sender = next(iter(publisher.peer.getSenders()))
    sounding = sender.track

    async def told(sound):
        return await chair.until(lambda: next((event for event in events_of(chair, since, "feed.changed")
                                               if event["data"]["feed"].get("sound", False) == sound), None))
    sender.replaceTrack(Silence(700))
    quiet = await told(False)
    assert quiet["data"]["feed"]["target"] == "fr", quiet
    await listener.ear.until(lambda: listener.ear.level(440) > -20)
    channel = events_of(chair, since, "channel.changed")[-1]["data"]["channel"]
    assert channel["state"] == "floor" and channel["unserved_since"], channel
    sender.replaceTrack(sounding)
    await told(True)
    await listener.ear.until(lambda: listener.ear.level(700) > -20)
    await close(chair, speaker, publisher, listener)


async def test_a_press_while_media_stands_still_is_not_undone(server):
    """Longer than a press has to be heard, and too short for media to be replaced."""
    chair, speaker, first, other, listener = await a_french_meeting(server, hertz=600)
    since = first.live.seq
    media = server.kill("media", signal.SIGSTOP)
    await other.live.command("desk.microphone", state="on")
    await asyncio.sleep(1.3)  # the time that it stands still
    os.kill(media, signal.SIGCONT)
    await first.live.event("desk.changed", since=since, participant=other.me, microphone="on")
    assert not events_of(first.live, since, "desk.opening", participant=other.me, undone=True)
    ear = listener.ears["language"]
    await ear.until(lambda: ear.level(600) > -20)
    await close(chair, speaker, first, other, listener)


async def test_a_floor_microphone_that_ceases_is_told_and_comes_back(server):
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440, listens=False)
    await chair.command("floor.give", participant=speaker.me)
    since = chair.seq
    microphone = next(sender for sender in speaker.peer.getSenders() if sender.track is not None)
    track = microphone.track
    microphone.replaceTrack(None)
    told = await chair.event("microphone.silent", since=since, participant=speaker.me, silence="no_packets")
    assert told["at"] - told["data"]["since"] < 2000, told
    assert 14000 <= told["data"]["closes_at"] - told["data"]["since"] <= 15000, told
    microphone.replaceTrack(track)
    again = await chair.event("microphone.silent", since=told["seq"], participant=speaker.me)
    assert "silence" not in again["data"], again
    assert not events_of(chair, since, "microphone.closed")
    await close(chair, speaker)


main(globals())
