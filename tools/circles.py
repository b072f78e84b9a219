#!/usr/bin/env python3
"""Circles of calls between the files of one folder, read off the objects' symbols.

    tools/circles.py BUILD    prints each circle; exits non-zero when one is not on the list below, or one of the list is gone

A file needs another when its object has a symbol undefined that the other's object defines. Files that need each other, directly or
around, can only be understood together.
"""
import json
import os
import re
import subprocess
import sys

# Folder: the files that may stand in circles. What does so no more leaves the list.
ALLOWED = {
    # One packet's way: a source's change is its slots' change, and what a slot needs is asked of its source.
    "media": ["channel.c", "channel_audio.c", "channel_delay.c", "reports.c", "router.c", "slot.c", "source.c", "video_pace.c", "video_slot.c"],
}


def symbols(path):
    """(defined, needed) of an object."""
    defined, needed = set(), set()
    listing = subprocess.run(["nm", "--format=posix", path], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        match = re.match(r"(\S+) ([A-Za-z])", line)
        if match:
            (needed if match.group(2) in "Uw" else defined if match.group(2).isupper() else set()).add(match.group(1))
    return defined, needed


def objects(build):
    """{folder: {file: path of its object}} of what is in src/."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        outputs = [command["output"] for command in json.load(file)]
    found = {}
    for output in outputs:
        match = re.fullmatch(r"src/([^/]+)/[^/]+\.a\.p/(.+\.c)\.o", output)
        if match:
            found.setdefault(match.group(1), {})[match.group(2)] = os.path.join(build, output)
    return found


def needs(files):
    """{file: the files it needs} within one folder."""
    read = {name: symbols(path) for name, path in files.items()}
    home = {symbol: name for name, (defined, _) in read.items() for symbol in defined}
    return {name: {home[symbol] for symbol in needed if symbol in home} - {name} for name, (_, needed) in read.items()}


def reached(graph, start):
    seen, left = set(), [start]
    while left:
        for name in graph[left.pop()] - seen:
            seen.add(name)
            left.append(name)
    return seen


def circles(graph):
    """The sets of two or more files that all reach each other."""
    reach = {name: reached(graph, name) for name in graph}
    found = {frozenset(other for other in graph if other in reach[name] and name in reach[other]) for name in graph}
    return sorted((sorted(circle) for circle in found if len(circle) > 1), key=lambda circle: (-len(circle), circle))


def check(build):
    """(problems, what was found) of all folders."""
    problems, words = [], []
    for folder, files in sorted(objects(build).items()):
        found = circles(needs(files))
        allowed = ALLOWED.get(folder, [])
        for circle in found:
            words.append(f"{folder}: {', '.join(circle)}")
            extra = sorted(set(circle) - set(allowed))
            if extra:
                problems.append(f"src/{folder}: a circle of calls: {', '.join(circle)} (new: {', '.join(extra)})")
        gone = sorted(set(allowed) - {name for circle in found for name in circle})
        if gone:
            problems.append(f"src/{folder}: no circle any more, take it off the list in tools/circles.py: {', '.join(gone)}")
    return problems, words


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    problems, words = check(arguments[0])
    print("\n".join(words))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
