"""Whether a meeting of chaos kept its two promises, judged by what the ears received.

Sound: no channel is without it for longer than SILENCE_MS while somebody who delivers sound is due on it: an interpreter who pressed, one who
takes over from one who is lost, or the floor. An interpreter who is alone on a channel and delivers digital silence, or coughs, is heard as
that: as nothing; on the floor, and in a booth where another speaks too, digital silence keeps the place from nobody.
Voices: a channel carries whom the server says that it carries, or whose desk opens into it, and nobody else, but for SWITCH_MS about a change.
Until a microphone that is new on the floor is heard, the one before is, as long as it is open.
"""
import bisect

from ear import CHANGE_MAX

from chaos_ears import RelayEar
from chaos_values import QUIET, SOUND

SILENCE_MS = 2300
SWITCH_MS = 400
CLOCK_MS = 50  # how exactly the server's times and those of the people compare
GAP_MS = 200  # a shorter one is none


class Judge:
    def __init__(self, meeting):
        self.meeting, self.world = meeting, meeting.world
        self.people = meeting.by_id
        self.voices = {one.hertz: one for one in meeting.people}
        self.changes = sorted({at for series in self.all_series() for at in series.times})

    def all_series(self):
        world = self.world
        yield from (*world.channels.values(), world.floor, *world.desks.values(), *world.handovers.values())
        yield from (one.truth for one in self.meeting.people)
        yield from (one.listens for one in self.meeting.ears)

    # ---- Who is due ----

    def sounds(self, who, at):
        return who in self.people and self.people[who].truth.at(at) == SOUND

    def is_held_silent(self, channel, at):
        """By an interpreter who is there: with digital silence, or coughing."""
        state, holder = self.world.channels[channel].at(at)
        if state == "floor" or holder not in self.people:
            return False
        return self.people[holder].truth.at(at) == QUIET or self.world.desks[holder].at(at).microphone == "cough"

    def floor_is_due(self, at):
        return any(self.sounds(who, at) for who in self.world.floor.at(at))

    def takes_over(self, channel, at):
        handover = self.world.handovers[channel].at(at)
        return handover["state"] == "counting" and self.sounds(handover.get("to"), at)

    def booth_is_due(self, channel, at):
        for who, desk in self.world.desks.items():
            now = desk.at(at)
            if channel in (now.target if now.microphone == "on" else None, now.opening) and self.sounds(who, at):
                return True
        return self.takes_over(channel, at)

    def is_due(self, ear, at):
        channel = ear.channel
        if not ear.listens.at(at):
            return False
        if channel != "floor" and self.booth_is_due(channel, at):
            return True
        return self.floor_is_due(at) and (channel == "floor" or not self.is_held_silent(channel, at))

    # ---- Silence ----

    def silences(self, ear):
        """(since, until) of the longest part of each gap in which sound was due."""
        heard = [at for at, hertz in ear.heard if hertz]
        for begin, end in zip([self.meeting.began, *heard], [*heard, self.meeting.ended]):
            if end - begin > GAP_MS:
                yield max(self.due_parts(ear, begin, end), key=lambda part: part[1] - part[0])

    def due_parts(self, ear, begin, end):
        since = None
        between = self.changes[bisect.bisect_right(self.changes, begin):bisect.bisect_left(self.changes, end)]
        for at in (begin, *between, end):
            due = at < end and self.is_due(ear, at)
            if due and since is None:
                since = at
            elif not due and since is not None:
                yield since, at
                since = None
        yield begin, begin

    # ---- Voices ----

    def may_be_heard(self, channel, who, at):
        begin, end = at - SWITCH_MS, at + SWITCH_MS
        if any(carried.holder == who for carried in self.world.channels[channel].within(begin, end)):
            return True
        return any(channel == desk.opening for desk in self.world.desks[who].within(begin, end)) or self.may_stay(channel, who, at)

    def may_stay(self, channel, who, at):
        """On the floor, and whoever came after has not been heard."""
        carried, floor = self.world.channels[channel], self.world.floor.within(at - SWITCH_MS, at + SWITCH_MS)
        since = carried.since(at)
        newer = self.people.get(carried.at(at).holder)
        if carried.at(at).state != "floor" or not any(who in have for have in floor) or newer is None:
            return False
        return SOUND not in newer.truth.within(since + CLOCK_MS, at - SWITCH_MS)

    def channels_of(self, ear, at):
        if isinstance(ear, RelayEar):
            return set(self.world.relayed_to(ear.person.id, at - SWITCH_MS, at + SWITCH_MS))
        return {ear.channel}

    def is_strange(self, ear, hertz, at):
        if hertz == 0:
            return False
        return hertz not in self.voices or not any(self.may_be_heard(channel, self.voices[hertz].id, at) for channel in self.channels_of(ear, at))

    def strangers(self, ear):
        """(since, until, Hz) of wrong voices; a packet is enough. What the decoder shows for two packets about a change is none."""
        run = []
        for at, hertz in (*ear.heard, (self.meeting.ended, 0)):
            strange = self.is_strange(ear, hertz, at)
            if run and (not strange or hertz != run[-1][1]):
                if run[0][1] in self.voices or len(run) > CHANGE_MAX:
                    yield run[0][0], run[-1][0], run[0][1]
                run = []
            if strange:
                run.append((at, hertz))

    def switches(self, ear):
        """How often another voice was heard."""
        order = []
        for _, hertz in ear.heard:
            if hertz in self.voices and (not order or order[-1] != hertz):
                order.append(hertz)
        return max(0, len(order) - 1)

    # ---- The verdict ----

    def name_of(self, who):
        return self.people[who].name if who in self.people else who

    def voice_of(self, hertz):
        return self.voices[hertz].name if hertz in self.voices else f"{hertz} Hz, nobody's voice" if hertz else "silence"

    def violations(self):
        """(since, until, the ear, words)"""
        for ear in self.meeting.ears:
            for begin, end in self.silences(ear):
                if end - begin > SILENCE_MS:
                    yield begin, end, ear, f"{ear.name} was silent for {end - begin:.0f} ms"
        for ear in (*self.meeting.ears, *self.meeting.relays):
            for begin, end, hertz in self.strangers(ear):
                yield begin, end, ear, f"{ear.name} carried {self.voice_of(hertz)} for {end - begin:.0f} ms"

    def runs(self, ear, begin, end):
        """What an ear heard, as lines: (when, words)"""
        last = None
        for at, hertz in ear.heard:
            if begin <= at <= end and (last is None or hertz != last[1] or at - last[0] > GAP_MS):
                yield at, f"~ {ear.name} carries {self.voice_of(hertz)}" + (f", nothing since {at - last[0]:.0f} ms" if last and at - last[0] > GAP_MS else "")
            last = (at, hertz) if begin <= at <= end else last

    def around(self, begin, end, ear, before=4000, after=1500):
        """What happened about that time, in lines."""
        lines = [*self.runs(ear, begin - before, end + after)]
        lines += [(at, "> " + words) for at, words in self.meeting.said]
        for event in self.world.live.events:
            data = str({key: self.name_of(value) if isinstance(value, str) else value for key, value in event["data"].items()})
            for who, one in self.people.items():
                data = data.replace(who, one.name)
            lines.append((event["at"], f"  {event['seq']} {event['type']} {data}"))
        for one in self.meeting.people:
            lines += [(at, f"= {one.name} delivers {value}") for at, value in zip(one.truth.times, one.truth.values)]
        return [f"{(at - self.meeting.began) / 1e3:8.2f} {words}" for at, words in sorted(lines) if begin - before <= at <= end + after]

    def summary(self):
        longest = {ear.channel: max((end - begin for begin, end in self.silences(ear)), default=0) for ear in self.meeting.ears}
        ears = (*self.meeting.ears, *self.meeting.relays)
        switches = {ear.name: self.switches(ear) for ear in ears}
        return (f"{self.meeting.played} steps played ({self.meeting.refused} commands not taken), {len(self.world.live.events)} events, "
                f"{sum(one.joins for one in self.meeting.people)} media joins, {sum(len(ear.heard) for ear in ears)} packets heard\n"
                f"switches: {', '.join(f'{name} {count}' for name, count in switches.items())}\n"
                f"longest silence while sound was due, ms: {', '.join(f'{channel} {ms:.0f}' for channel, ms in longest.items())}")
