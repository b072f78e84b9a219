"""What each kind of step of a plan of chaos does, each by what people really do: keys, pages, cables, devices."""
import asyncio

from chaos_values import NOTHING, QUIET, SOUND, TROUBLE


class Steps:
    """Of one meeting (chaos_meeting.py)."""

    def __init__(self, meeting):
        self.meeting, self.world, self.chair, self.chance = meeting, meeting.world, meeting.chair, meeting.chance

    async def act(self, step):
        do = getattr(self, "do_" + step.kind.replace(" ", "_"))
        one = self.meeting.interpreters.get(step.who)
        if one is None:
            await do(step)
        elif one.client is not None:
            await do(one, step)
        else:
            self.meeting.say(f"{one.name} has not come back yet")

    async def ask(self, one, command, **data):
        done = await one.command(command, **data)
        if not done:
            self.meeting.refused += 1
            self.meeting.say(f"{one.name}: {command} {data} is not taken")
        return done

    async def press(self, one, state="on"):
        return await self.ask(one, "desk.microphone", state=state)

    def on_air(self, language, without=None):
        """One of a booth who is on the air, there being one."""
        ids = self.world.follow().on_air(language)
        return next((self.meeting.by_id[who] for who in ids if who in self.meeting.by_id and self.meeting.by_id[who] is not without), None)

    # ---- At a desk ----

    async def do_press(self, one, _):
        if self.on_air(one.language) is None:
            await self.press(one)

    async def do_press_off(self, one, _):
        await self.press(self.on_air(one.language) or one, "off")

    async def do_take_over(self, one, _):
        await self.press(one)

    async def do_hand_over(self, one, step):
        """Asks; the partner agrees; takes it."""
        partner = self.on_air(one.language, one)
        if partner is None or not await self.ask(one, "handover.request"):
            return
        await asyncio.sleep(step.seconds / 2)
        if await self.ask(partner, "handover.accept"):
            await asyncio.sleep(step.seconds / 2)
            await self.press(one)

    async def do_offer(self, one, step):
        """The partner on the air offers, one agrees; the partner then presses off."""
        partner = self.on_air(one.language, one)
        if partner is None or not await self.ask(partner, "handover.offer"):
            return
        await asyncio.sleep(step.seconds / 2)
        if await self.ask(one, "handover.accept"):
            await asyncio.sleep(step.seconds / 2)
            await self.press(partner, "off")

    async def do_cough(self, one, step):
        one = self.on_air(one.language) or one
        if await self.press(one, "cough"):
            await asyncio.sleep(step.seconds)
            await self.press(one)

    async def do_rest(self, one, step):
        await self.ask(one, "desk.rest", on=True)
        await asyncio.sleep(step.seconds)
        await self.ask(one, "desk.rest", on=False)

    async def press_delivering(self, one, what, seconds):
        one.deliver(what)
        await self.press(one)
        await asyncio.sleep(seconds)
        one.deliver(SOUND)

    async def do_press_without_packets(self, one, step):
        await self.press_delivering(one, NOTHING, step.seconds)

    async def do_press_in_silence(self, one, step):
        await self.press_delivering(one, QUIET, step.seconds)

    @staticmethod
    async def deliver_for(one, what, seconds):
        one.deliver(what)
        await asyncio.sleep(seconds)
        one.deliver(SOUND)

    async def do_cease(self, one, step):
        await self.deliver_for(one, NOTHING, step.seconds)

    async def do_mute(self, one, step):
        await self.deliver_for(one, QUIET, step.seconds)

    async def return_later(self, one, seconds):
        await asyncio.sleep(seconds)
        while one.client is None:
            try:
                await one.arrive()
            except TROUBLE:
                await asyncio.sleep(1)
        self.meeting.say(f"{one.name} is back")

    async def do_vanish(self, one, step):
        await one.vanish()
        await self.return_later(one, step.seconds)

    async def do_cable_out(self, one, step):
        await one.cut()
        await self.return_later(one, step.seconds)

    async def do_reload(self, one, _):
        await one.reload()

    async def do_come_twice(self, one, _):
        await one.arrive()

    async def do_sleep(self, one, step):
        await one.sleep()
        await asyncio.sleep(step.seconds)
        one.wake()
        self.meeting.say(f"{one.name} wakes")

    async def do_poor_line(self, one, step):
        one.worsen(self.chance.uniform(0.02, 0.15), self.chance.choice((0, 0.05, 0.3)))
        await asyncio.sleep(step.seconds)
        one.worsen(0, 0)

    async def do_relay(self, one, step):
        await self.ask(one, "desk.listen", source=step.detail)

    async def do_output(self, one, step):
        await self.ask(one, "desk.output", output=step.detail)

    # ---- On the floor ----

    def speakers(self):
        """Who has the floor now, oldest first."""
        return [self.meeting.by_id[who] for who in self.world.follow().floor.last if who in self.meeting.by_id]

    def next_speaker(self):
        have = self.speakers()
        return next((one for one in self.meeting.delegates[self.meeting.played % 3:] + self.meeting.delegates if one not in have and one.there), None)

    async def give(self, one):
        return one is not None and await self.ask(self.chair, "floor.give", participant=one.id)

    async def end(self, one):
        if one in self.speakers():
            await self.ask(self.chair, "floor.end", participant=one.id)

    async def keep_one(self):
        """The floor is not left empty, and not by a crowd."""
        have = self.speakers()
        if not have:
            await self.give(self.next_speaker())
        for one in have[:-1]:
            await self.end(one)

    async def do_speaker(self, step):
        before, following = self.speakers(), self.next_speaker()
        if len(before) > 1:
            await self.end(before[0])
        await self.give(following)
        await asyncio.sleep(step.seconds * self.chance.choice((0, 0.2, 0.5)))
        for one in before:
            await self.end(one)

    async def do_both_speak(self, step):
        await self.give(self.next_speaker())
        await asyncio.sleep(step.seconds)
        await self.keep_one()

    async def do_never_sends(self, step):
        one = self.next_speaker()
        if one is None:
            return
        one.deliver(NOTHING)
        await self.give(one)
        await asyncio.sleep(step.seconds)
        one.deliver(SOUND)
        await self.keep_one()

    async def newest_delivers(self, what, seconds):
        for one in self.speakers()[-1:]:
            await self.deliver_for(one, what, seconds)
        await self.keep_one()

    async def do_floor_ceases(self, step):
        await self.newest_delivers(NOTHING, step.seconds)

    async def do_floor_muted(self, step):
        await self.newest_delivers(QUIET, step.seconds)

    def newest_delegate(self):
        return [one for one in self.speakers()[-1:] if one is not self.chair and one.there]

    async def do_floor_reloads(self, step):
        for one in self.newest_delegate():
            await one.reload()
        await asyncio.sleep(step.seconds)
        await self.keep_one()

    async def do_floor_vanishes(self, step):
        for one in self.newest_delegate():
            await one.vanish()
            await self.return_later(one, step.seconds)
        await self.keep_one()

    async def do_chair_speaks(self, step):
        await self.ask(self.chair, "floor.take")
        await asyncio.sleep(step.seconds)
        await self.end(self.chair)
        await self.keep_one()

    async def do_floor_empty(self, step):
        for one in self.speakers():
            await self.end(one)
        await asyncio.sleep(step.seconds)
        await self.keep_one()

    async def do_media_dies(self, _):
        for one in self.meeting.people:
            one.lose_media()
        for one in self.meeting.ears:
            one.lose()
        self.meeting.server.kill("media")
        for one in self.meeting.ears:
            await one.reopen()
