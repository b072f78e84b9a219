"""People to whom everything happens that happens to people: each one a light client (aiortc, a tone for a voice) that does it for real.

What a person truly delivers at each moment is noted (`truth`): it is what the judge of a meeting goes by, not what the server thinks.
Times are milliseconds since 1970.
"""
import asyncio
import contextlib

import chaos_line
import ear
import plenary
import tones
import webrtc
from chaos_ears import QUIET_HERTZ, encoded
from chaos_values import NOTHING, SOUND, TROUBLE, Series, now

LOOK_EVERY = 0.1  # seconds
CONNECT_AGAIN = 0.5


class Microphone(webrtc.Tone):
    """Plays what the person's device delivers now."""

    def __init__(self, person):
        super().__init__(person.hertz)
        self.person = person
        self.voice, self.silence = encoded(person.hertz), encoded(QUIET_HERTZ, 0)

    @property
    def level(self):
        return tones.LEVEL if self.person.delivers == SOUND else tones.SILENT_LEVEL

    async def recv(self):
        while True:
            frame = await super().recv()
            if frame is not None:
                return frame

    def frame(self):
        """The next 20 ms; None when nothing is delivered, and time goes on."""
        source = self.voice if self.person.delivers == SOUND else self.silence
        source.sent, self.sent = self.sent, self.sent + webrtc.FRAME
        return source.frame() if self.person.delivers != NOTHING and self.person.awake else None


class Person:
    """With a link of one's own, a voice and a line. Whoever has no `client` is away."""

    def __init__(self, name, server, link, hertz, chance, language=None):
        self.name, self.server, self.link, self.hertz, self.language = name, server, link, hertz, language
        self.chance = chance
        self.id = None
        self.client = self.ghost = self.line = self.minding = None
        self.awake = True
        self.media_lost = False
        self.delivers = SOUND
        self.loss = self.delay = 0.0
        self.truth = Series(NOTHING)
        self.tasks = set()
        self.joins = 0
        self.heard_notices = 0
        self.listens_to = None  # a slot
        self.ears = []  # one for each time that media were joined
        self.lock = asyncio.Lock()  # one thing at a time happens to the connections

    # ---- There and gone ----

    async def arrive(self):
        """With a page that is new: signs in with the link, goes into the room, joins media. A page that stands open elsewhere is replaced."""
        async with self.lock:
            live = await plenary.join(self.server, self.link)
            self.drop(self.client)
            self.drop(self.ghost)
            self.ghost, self.id = None, live.me
            await self.take_page(live)

    async def reload(self):
        """The page says goodbye and comes back with its session."""
        async with self.lock:
            before = self.client
            await before.live.socket.close(code=1001)
            await asyncio.wait_for(before.peer.close(), 5)
            self.note()
            await self.take_page(await plenary.Live(self.server, before.live.token).open())
            self.drop(before)

    async def resume(self):
        """The same page, whose connection broke: media do not break with it."""
        before = self.client
        live = await plenary.Live(self.server, before.live.token).open(after=before.live.seq)
        live.seq = live.seq or before.live.seq
        await self.take_page(live, before.peer)
        self.later(before.live.http.close())

    async def take_page(self, live, peer=None):
        self.client = webrtc.Client()
        self.client.live, self.client.peer = live, peer
        self.heard_notices = 0
        await live.command("room.enter")
        if peer is None or peer.connectionState != "connected":
            await self.join_media()

    async def join_media(self):
        before = self.client.peer
        self.line = chaos_line.Line(self.chance, listens=self.listens_to is not None)
        self.line.loss, self.line.delay = self.loss, self.delay
        self.media_lost = False
        self.joins += 1
        self.heard_notices = len(self.client.live.notices)
        try:
            await self.client.join_media(Microphone(self))
        finally:
            if before is not None:
                self.later(before.close())
        chaos_line.lay(self.client.peer, self.line)
        if self.listens_to is not None:
            self.ears.append(ear.Ear(self.client.receivers[self.listens_to]))
        self.client.peer.on("connectionstatechange", self.note)
        self.note()

    async def vanish(self):
        """The sockets are gone without a word."""
        async with self.lock:
            client = self.lose()
            transport = transport_of(client)
            if transport is not None:
                transport.abort()
            self.drop(client)

    async def cut(self):
        """Nothing arrives any more, in either direction, for ever."""
        async with self.lock:
            self.ghost = self.lose()
            hold(self.ghost, True)

    def lose(self):
        client, self.client = self.client, None
        self.line.open = False
        self.note()
        return client

    def drop(self, client):
        """What nobody uses any more."""
        if client is not None:
            self.later(client.live.close())
        if client is not None and client.peer is not None:
            self.later(client.peer.close())

    async def sleep(self):
        async with self.lock:
            self.awake = self.line.open = False
            hold(self.client, True)
            self.note()

    def wake(self):
        self.awake = self.line.open = True
        if self.client is not None:
            hold(self.client, False)
        self.note()

    # ---- What is true, and what is done ----

    def note(self):
        peer = self.client.peer if self.client is not None else None
        through = peer is not None and peer.connectionState == "connected" and self.line.open and not self.media_lost
        self.truth.put(now(), self.delivers if through and self.awake else NOTHING)

    def lose_media(self):
        self.media_lost = True
        self.note()

    def deliver(self, what):
        self.delivers = what
        self.note()

    def worsen(self, loss, delay):
        self.loss, self.delay = loss, delay
        if self.line is not None:
            self.line.loss, self.line.delay = loss, delay

    @property
    def there(self):
        return self.client is not None and self.awake and not self.client.live.reader.done()

    async def command(self, command, **data):
        """False when it was refused, or could not be said."""
        if not self.there:
            return False
        try:
            await self.client.live.command(command, **data)
            return True
        except TROUBLE:
            return False

    # ---- The page minds itself ----

    def later(self, work):
        task = asyncio.create_task(quietly(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def mind(self):
        """From now on it does by itself what a page does: connects again, joins media again."""
        self.minding = asyncio.create_task(self.look_after())

    async def look_after(self):
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                async with self.lock:
                    await self.mend()
            except TROUBLE:
                await asyncio.sleep(CONNECT_AGAIN)

    async def mend(self):
        if self.client is None or not self.awake:
            return
        self.client.live.events.clear()
        if self.client.live.reader.done():
            await self.resume()
        peer = self.client.peer
        if peer is None or peer.connectionState in ("failed", "closed") or self.media_are_gone():
            await self.join_media()

    def media_are_gone(self):
        """Whether the server has said so since it was asked last."""
        notices = self.client.live.notices
        fresh, self.heard_notices = notices[self.heard_notices:], len(notices)
        told = [notice for notice in fresh if notice["notice"] in ("media.lost", "media.state")]
        return bool(told) and not told[-1]["data"].get("connected")

    async def leave(self):
        if self.minding is not None:
            self.minding.cancel()
        self.drop(self.client)
        self.drop(self.ghost)
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=10)


def transport_of(client):
    """Of the live connection; None when it has none any more."""
    connection = client.live.socket._response.connection
    return connection.transport if connection is not None else None


def hold(client, held):
    """Nothing is read from the live connection, as by a process that stands still."""
    transport = transport_of(client)
    if transport is not None:
        (transport.pause_reading if held else transport.resume_reading)()


async def quietly(work):
    with contextlib.suppress(Exception):
        await asyncio.wait_for(work, 10)
