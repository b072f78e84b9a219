"""One live connection that follows several streams: each stream is a Live of its own, over the connection's socket."""
from plenary import Live, Problem


class Stream(Live):
    """A further stream of a connection. Its messages name it, its commands too."""

    def __init__(self, connection, name):
        super().__init__(connection.server, connection.token)
        self.connection, self.name = connection, name
        self.changed = connection.changed
        self.ended = None

    @property
    def socket(self):
        return self.connection.socket

    async def send(self, command, **data):
        self.number = self.connection.next_number()
        await self.socket.send_json({"id": self.number, "stream": self.name, "command": command, "data": data})
        return self.number

    def take(self, data):
        super().take(data)
        if data.get("notice") == "session.ended":
            self.ended = data["data"]["reason"]

    async def close(self):
        await self.connection.unsubscribe(self.name)


class Connection(Live):
    """The stream of the address itself, and further ones by `subscribe`."""

    def __init__(self, server, token):
        super().__init__(server, token)
        self.streams = {}
        self.ended = None

    def next_number(self):
        self.number += 1
        return self.number

    def take(self, data):
        name = data.get("stream")
        if name in self.streams:
            self.streams[name].take(data)
        elif "streams" in data:
            self.times = data["streams"]
        else:
            super().take(data)
        # Answers are kept here as well: what is refused has no stream yet.
        if "reply" in data:
            self.replies[data["reply"]] = data
        if data.get("notice") == "session.ended" and name is None:
            self.ended = data["data"]["reason"]

    async def ask(self, wish):
        number = self.next_number()
        await self.socket.send_json({"id": number, **wish})
        await self.until(lambda: number in self.replies)
        reply = self.replies.pop(number)
        if "problem" in reply:
            raise Problem(reply["problem"])
        return reply

    async def subscribe(self, name, **more):
        before = self.streams.get(name)
        stream = self.streams[name] = Stream(self, name)
        try:
            await self.ask({"subscribe": {"stream": name, **more}})
        except Problem:
            self.streams.pop(name)
            if before is not None:
                self.streams[name] = before
            raise
        assert stream.hello and (stream.snapshot or stream.hello["resumed"]), "the answer came before the state"
        return stream

    async def unsubscribe(self, name):
        reply = await self.ask({"unsubscribe": {"stream": name}})
        self.streams.pop(name, None)
        return reply
