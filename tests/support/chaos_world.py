"""What the server says of a meeting, as values in time: who each channel carries, whose desk opens or is on the air, who has the floor.

Times are the server's own (`at` of the events), in milliseconds since 1970.
"""
import collections
import re

import plenary
from chaos_values import Series

Desk = collections.namedtuple("Desk", "microphone target opening")
Carried = collections.namedtuple("Carried", "state holder")
Relay = collections.namedtuple("Relay", "source original")
CLOSED = Desk("off", None, None)


def relay_of(chosen):
    return Relay(chosen.get("source"), chosen.get("original", False))


class World:
    """Follows one live connection, a technician's."""

    def __init__(self, live: plenary.Live):
        self.live = live
        self.read = 0
        meeting = live.snapshot
        self.languages = {one["id"]: one["language"] for one in meeting["participants"]}
        self.channels = {one["id"]: Series(Carried(one["state"], one.get("holder"))) for one in meeting["channels"]}
        self.floor = Series(tuple(one["participant"] for one in meeting["floor"]))
        self.desks = collections.defaultdict(lambda: Series(CLOSED))
        chosen = {desk["participant"]: desk for booth in meeting["booths"] for desk in booth["desks"]}
        self.relays = collections.defaultdict(lambda: Series(Relay(None, False)), {who: Series(relay_of(desk)) for who, desk in chosen.items()})
        self.auto_relay = Series((meeting.get("auto_relay"), meeting.get("auto_relay_booth")))
        self.handovers = collections.defaultdict(lambda: Series({"state": "none"}))

    def follow(self):
        """Takes what has been told since."""
        while self.read < len(self.live.events):
            event = self.live.events[self.read]
            self.read += 1
            take = getattr(self, "take_" + re.sub(r"\W", "_", event["type"]), None)
            if take is not None:
                take(event["at"], event["data"])
        return self

    def take_participant_added(self, _, data):
        self.languages[data["participant"]["id"]] = data["participant"]["language"]

    def take_channel_changed(self, at, data):
        channel = data["channel"]
        self.channels[channel["id"]].put(at, Carried(channel["state"], channel.get("holder")))

    def take_desk_changed(self, at, data):
        microphone = data["microphone"]
        target = data.get("target", data["language"]) if microphone != "off" else None
        self.desks[data["participant"]].put(at, Desk(microphone, target, None))

    def take_desk_opening(self, at, data):
        desk = self.desks[data["participant"]]
        desk.put(at, desk.last._replace(opening=data.get("target", data["language"]) if data.get("since") else None))

    def take_desk_chosen(self, at, data):
        self.relays[data["participant"]].put(at, relay_of(data))

    def take_auto_relay_changed(self, at, data):
        self.auto_relay.put(at, (data.get("language"), data.get("booth")))

    def take_handover_changed(self, at, data):
        self.handovers[data["language"]].put(at, data["handover"])

    def take_microphone_opened(self, at, data):
        self.floor.put(at, (*self.floor.last, data["participant"]))

    def take_microphone_closed(self, at, data):
        self.floor.put(at, tuple(one for one in self.floor.last if one != data["participant"]))

    def on_air(self, language):
        """Who of a booth is on the air now."""
        return [who for who, desk in self.desks.items() if self.languages.get(who) == language and desk.last.microphone != "off"]

    def relayed_to(self, who, begin, end):
        """The channels that a desk takes relay from in a period."""
        for relay in self.relays[who].within(begin, end):
            if relay.source is not None:
                yield relay.source
            for language, booth in self.auto_relay.within(begin, end) if relay.source is None and not relay.original else ():
                if booth != self.languages[who]:
                    yield language or "floor"
            if relay.source is None:
                yield "floor"
