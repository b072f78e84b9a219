"""A meeting of fourteen interpreters in which clients never send, vanish, reload, come twice and sleep, by a plan that follows from a seed.

    test_chaos.py [--seed=N] [--seconds=N]        twenty minutes with --long, else a bit more than one
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import chaos_line  # noqa: E402, F401  (before any client is made)
import ear  # noqa: E402
from chaos_judge import SILENCE_MS, Judge  # noqa: E402
from chaos_meeting import BOOTHS, Meeting  # noqa: E402
from chaos_plan import Plan  # noqa: E402
from plenary import LONG, NotMeasured, main  # noqa: E402


def argument(name, otherwise):
    return int(next((one.split("=")[1] for one in sys.argv if one.startswith(f"--{name}=")), otherwise))


SEED = argument("seed", 13)
UNMEASURED_MAX = 0.25  # of the time
SECONDS = argument("seconds", 1200 if LONG else 75)


def late_times(meeting, beat):
    """When this machine was late by more than a tenth of what is promised, and for how much of the meeting that leaves nothing to be said."""
    late = [(at - ms, at) for at, ms in beat.beats if ms > SILENCE_MS / 10 and at > meeting.began]
    unmeasured, until = 0, 0
    for begin, end in sorted(late):
        unmeasured += max(0, end + SILENCE_MS - max(begin, until))
        until = max(until, end + SILENCE_MS)
    return late, unmeasured / (meeting.ended - meeting.began)


def judge(meeting, beat):
    verdict = Judge(meeting)
    print(verdict.summary(), flush=True)
    late, unmeasured = late_times(meeting, beat)
    broken, left_out = 0, 0
    for begin, end, where, words in sorted(verdict.violations(), key=lambda one: one[:2]):
        excused = any(since <= end and until >= begin - SILENCE_MS for since, until in late)
        broken, left_out = broken + (not excused), left_out + excused
        print(f"\nseed {SEED}, at {(begin - meeting.began) / 1e3:.2f} s: {words}"
              + (f" (left out: this machine was late by {beat.late(begin - SILENCE_MS, end):.0f} ms)" if excused else ""),
              *verdict.around(begin, end, where), sep="\n", flush=True)
    words = f"this machine was late {len(late)} times, {100 * unmeasured:.0f} % of the time say nothing, {left_out} findings are left out"
    print(words, flush=True)
    assert broken == 0, f"{broken} promises were broken with seed {SEED}"
    if unmeasured > UNMEASURED_MAX:
        raise NotMeasured(f"not measured: {words}")


async def test_nobody_is_cut_off_and_nobody_is_heard_who_should_not_be(server):
    chance = random.Random(SEED)
    meeting = Meeting(server, chance)
    plan = Plan(chance, SECONDS, [f"{language}{number}" for language, count in BOOTHS.items() for number in range(1, count + 1)])
    print(f"seed {SEED}, {SECONDS} s, {len(plan.steps)} steps:", *plan.words(), sep="\n", flush=True)
    beat = ear.Heartbeat()
    try:
        await meeting.open()
        await meeting.play(plan)
        judge(meeting, beat)
    finally:
        await meeting.close()


main(globals())
