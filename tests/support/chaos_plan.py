"""What happens to whom and when in a meeting of chaos: everything follows from the seed."""
import collections

Step = collections.namedtuple("Step", "at kind who seconds detail")  # at: seconds since the beginning; detail: of some kinds

CALM_S = 4  # before anything happens, and after
BUSY_S = 1.5  # a person has so much time for what takes no time

# How often, and how long it lasts at least and at most.
DESK = {
    "press": (14, 0, 0),
    "press off": (4, 0, 0),
    "take over": (8, 0, 0),
    "hand over": (7, 2, 4),
    "offer": (4, 2, 4),
    "cough": (3, 0.3, 3),
    "rest": (2, 3, 10),
    "press without packets": (5, 3, 6),
    "press in silence": (4, 3, 7),
    "cease": (4, 0.5, 8),
    "mute": (4, 0.5, 6),
    "vanish": (5, 2, 15),
    "cable out": (4, 4, 20),
    "reload": (6, 1, 2),
    "come twice": (5, 1, 3),
    "sleep": (6, 5, 40),
    "poor line": (4, 4, 15),
    "relay": (5, 0, 0),
    "output": (2, 0, 0),
}
FLOOR = {
    "speaker": (10, 2, 2),
    "both speak": (5, 4, 10),
    "never sends": (3, 4, 8),
    "floor ceases": (3, 1, 8),
    "floor muted": (3, 1, 5),
    "floor reloads": (2, 2, 3),
    "floor vanishes": (2, 4, 10),
    "chair speaks": (3, 2, 5),
    "floor empty": (1, 1, 3),
}
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def choose(chance, kinds):
    return chance.choices(list(kinds), [weight for weight, _, _ in kinds.values()])[0]


class Plan:
    def __init__(self, chance, seconds, interpreters, every=(0.15, 1.2), floor_every=(3, 9), media_dies=True):
        self.chance, self.seconds = chance, seconds
        self.free_at = dict.fromkeys(interpreters, 0.0)
        self.steps = sorted([*self.at_desks(every), *self.on_floor(floor_every)])
        if media_dies:
            self.steps.append(Step(chance.uniform(0.4, 0.6) * seconds, "media dies", "", 0.0, ""))
            self.steps.sort()

    def at_desks(self, every):
        at = CALM_S
        while (at := at + self.chance.uniform(*every)) < self.seconds - CALM_S:
            free = [who for who, since in self.free_at.items() if since <= at]
            if free:
                who = self.chance.choice(free)
                kind = choose(self.chance, DESK)
                length = min(self.chance.uniform(*DESK[kind][1:]), self.seconds / 4)
                self.free_at[who] = at + length + BUSY_S
                yield Step(at, kind, who, length, self.detail(kind))

    def on_floor(self, every):
        at = CALM_S
        while (at := at + self.chance.uniform(*every)) < self.seconds - CALM_S:
            kind = choose(self.chance, FLOOR)
            length = self.chance.uniform(*FLOOR[kind][1:])
            yield Step(at, kind, "", length, "")
            at += length

    def detail(self, kind):
        if kind == "relay":
            return self.chance.choice(("floor", *LANGUAGES))
        if kind == "output":
            return self.chance.choice(("a", "a", "b"))
        return ""

    def words(self, width=150):
        """All steps, in lines."""
        line = ""
        for step in self.steps:
            word = f"{step.at:.1f} {step.who or 'floor'} {step.kind}" + (f" {step.detail}" if step.detail else "") + \
                (f" ({step.seconds:.1f} s)" if step.seconds else "")
            if line and len(line) + len(word) > width:
                yield line
                line = ""
            line += ("; " if line else "") + word
        yield line
