"""The meeting in which a plan of chaos is played: its people, its ears, and what was done."""
import asyncio
import random

import plenary
from chaos_ears import Ear, RelayEar
from chaos_people import Person
from chaos_plan import LANGUAGES
from chaos_steps import Steps
from chaos_values import TROUBLE, now
from chaos_world import World

BOOTHS = {"ar": 2, "zh": 2, "en": 3, "fr": 3, "ru": 2, "es": 2}
DELEGATIONS = ("FRA", "CHN", "BRA")
FIRST_HERTZ, STEP_HERTZ = 450, 150
CHANNELS = ("floor", *LANGUAGES)
RELAYS = {"en1": "fr", "fr1": "en", "ru1": "fr"}  # whose relay is listened to, and what they choose at first


class Meeting:
    def __init__(self, server, chance):
        self.server = server
        self.chance = random.Random(chance.random())  # of what is no step: which packets are lost
        self.said = []  # (when, words)
        self.played = self.refused = 0
        self.tasks = set()
        self.hertz = iter(range(FIRST_HERTZ, 24000, STEP_HERTZ))
        self.interpreters = {}
        for language, count in BOOTHS.items():
            for number in range(1, count + 1):
                self.interpreters[f"{language}{number}"] = self.person(f"{language}{number}", "interpreter", language=language)
        self.delegates = [self.person(code.lower(), "delegate", delegation=code) for code in DELEGATIONS]
        self.chair = self.person("chair", "chair")
        self.people = [*self.interpreters.values(), *self.delegates, self.chair]
        self.ears = [Ear(server, server.token("technician"), channel) for channel in CHANNELS]
        self.relays = [RelayEar(self.interpreters[name]) for name in RELAYS]

    def person(self, name, role, **options):
        return Person(name, self.server, self.server.token(role, **options), next(self.hertz), self.chance, options.get("language"))

    # ---- Everybody comes ----

    async def open(self):
        self.world = World(await plenary.join(self.server, "technician"))
        for one in self.people:
            await one.arrive()
            one.mind()
        self.steps = Steps(self)
        self.by_id = {one.id: one for one in self.people}
        for name, channel in RELAYS.items():
            await self.interpreters[name].command("desk.listen", source=channel)
        await self.chair.command("floor.give", participant=self.delegates[0].id)
        for one in self.ears:
            await one.open()

    async def close(self):
        for task in self.tasks:
            task.cancel()
        for one in self.people:
            await one.leave()
        for one in self.ears:
            await one.close()
        await self.world.live.close()

    # ---- The plan is played ----

    async def play(self, plan):
        self.began = now()
        for step in plan.steps:
            await asyncio.sleep(max(0, self.began / 1e3 + step.at - now() / 1e3))
            self.look()
            self.start(step)
        await asyncio.sleep(max(0, self.began / 1e3 + plan.seconds - now() / 1e3))
        self.look()
        self.ended = now()

    def look(self):
        self.world.follow()
        for one in (*self.ears, *self.relays):
            one.collect()

    def start(self, step):
        task = asyncio.create_task(self.carry_out(step))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def carry_out(self, step):
        self.played += 1
        self.say(f"{step.who or 'floor'}: {step.kind} {step.detail}".rstrip() + (f" for {step.seconds:.1f} s" if step.seconds else ""))
        try:
            await self.steps.act(step)
        except TROUBLE as trouble:
            self.say(f"{step.who or 'floor'}: {step.kind} came to nothing: {trouble!r}")

    def say(self, words):
        self.said.append((now(), words))
