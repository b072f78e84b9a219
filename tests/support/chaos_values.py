"""Times and values of a meeting of chaos, as they change."""
import asyncio
import bisect
import time

import aiohttp
import plenary

SOUND, QUIET, NOTHING = "sound", "quiet", "nothing"  # what a microphone delivers; quiet is digital silence
TROUBLE = (OSError, RuntimeError, plenary.Problem, aiohttp.ClientError, asyncio.TimeoutError)  # what happens to connections


def now():
    return 1e3 * time.time()


class Series:
    """A value that changes in time."""

    def __init__(self, first):
        self.times, self.values = [0.0], [first]

    def put(self, at, value):
        if value != self.values[-1]:
            self.times.append(max(at, self.times[-1]))
            self.values.append(value)

    @property
    def last(self):
        return self.values[-1]

    def at(self, moment):
        return self.values[bisect.bisect_right(self.times, moment) - 1]

    def since(self, moment):
        return self.times[bisect.bisect_right(self.times, moment) - 1]

    def within(self, begin, end):
        """All values that it had in a period."""
        return self.values[max(0, bisect.bisect_right(self.times, begin) - 1):bisect.bisect_right(self.times, end)]
