#!/usr/bin/env python3
"""Every unit test again, with the first allocation failing, then the second, and so on; and the same for writes.

    tools/fault_tests.py [--all | --seconds=N] [NAME…]      NAME as meson has it ("api/live"), or the beginning of one

A test may fail then: it asks for what cannot be had. But it must end by itself: a crash, a failed assertion of the product or a report of a
sanitizer is a fault of the product, and so is memory that a test that passed has left behind. Of a program with very many calls so many are
tried, evenly spread, and no more than the seconds allow (180 for a program when not said); --all tries each. Prints "ok NAME" or "FAILED
NAME" for each program, and how many it was.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-faults")
SOURCE = os.path.join(ROOT, "tests", "support", "faults.c")
WRAPPED = ("malloc", "calloc", "realloc", "aligned_alloc", "strdup", "open_memstream",
           "write", "fsync", "rename", "fflush", "send", "sendto", "sendmsg", "sendmmsg")
TRIED_MAX = 150
TIMEOUT = 60
SECONDS = 180  # for one program
WORKERS = 2


def configure():
    """Every program of build-faults is linked with tests/support/faults.c."""
    os.makedirs(BUILD, exist_ok=True)
    linked = os.path.join(BUILD, "faults.o")
    subprocess.run(["cc", "-g", "-O1", "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-Werror", "-c", SOURCE, "-o", linked], check=True)
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        wraps = ",".join("--wrap=" + name for name in WRAPPED)
        subprocess.run(["meson", "setup", BUILD, "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1",
                        f"-Dc_link_args=['{linked}','-Wl,{wraps}']"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def programs(wanted):
    """(name, command, environment) of each unit test in C."""
    output = subprocess.run(["meson", "introspect", "--tests", BUILD], capture_output=True, text=True, check=True).stdout
    for test in json.loads(output):
        name, command = test["name"], test["cmd"]
        suites = {suite.split(":")[-1] for suite in test["suite"]}
        own = command[0].startswith(os.path.join(BUILD, "tests", "unit"))
        if own and "unit" in suites and (not wanted or any(name == one or name.startswith(one) for one in wanted)):
            yield name, command, test["env"]


def product_ranges(program):
    """Where the code compiled from src/ lies, by the debugging information."""
    output = subprocess.run(["objdump", "--dwarf=aranges", program], capture_output=True, text=True, check=True).stdout
    units = subprocess.run(["objdump", "--dwarf=info", "--dwarf-depth=1", program], capture_output=True, text=True, check=True).stdout
    sources = {}
    for unit in re.split(r"^\s*Compilation Unit @ offset ", units, flags=re.M)[1:]:
        source = re.search(r"DW_AT_name\s*: (?:\(.*?\): )?(\S+)", unit)
        sources[int(unit.split(":")[0], 16)] = source.group(1) if source else ""
    for table in output.split("Length:")[1:]:
        offset = int(re.search(r"Offset into \.debug_info:\s+(?:0x)?([0-9a-f]+)", table).group(1), 16)
        source = sources.get(offset, "")
        if source.startswith("../src/") or source.startswith("src/"):
            for begin, size in re.findall(r"^\s+([0-9a-f]{16}) ([0-9a-f]{16})", table, re.M):
                if int(size, 16):
                    yield int(begin, 16), int(begin, 16) + int(size, 16)


class Trial:
    def __init__(self, name, command, environment, folder):
        self.name, self.command = name, command
        self.ranges = os.path.join(folder, "ranges")
        with open(self.ranges, "w", encoding="ascii") as file:
            for begin, end in product_ranges(command[0]):
                file.write(f"{begin:x} {end:x}\n")
        self.told = os.path.join(folder, "count")
        self.environment = {**os.environ, **environment, "FAULT_RANGES": self.ranges}

    def run(self, kind, number, told=None):
        environment = {**self.environment, "FAULT_KIND": kind, "FAULT_NUMBER": str(number),
                       "ASAN_OPTIONS": f"detect_leaks={'1' if number else '0'}:allocator_may_return_null=1",
                       "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
                       "CMOCKA_TEST_ABORT": "1"}  # a test that fails ends there: what it would have given back is not missed
        if told:
            environment["FAULT_COUNT"] = told
        try:
            result = subprocess.run(self.command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT, env=environment,
                                    stdin=subprocess.DEVNULL, cwd=BUILD)
        except subprocess.TimeoutExpired:
            return None, "it did not end"
        return result.returncode, result.stdout + result.stderr

    def count(self, kind):
        code, words = self.run(kind, 0, self.told)
        if code != 0 or not os.path.exists(self.told):
            raise RuntimeError(f"{self.name} fails without any fault:\n{words[-2000:]}")
        with open(self.told, encoding="ascii") as file:
            return int(file.read())


def first_frame(report):
    """The first frame of a sanitizer's report that lies in this project."""
    for path in re.findall(r"^\s*#\d+ 0x[0-9a-f]+ in \S+ (\S+)", report, re.M):
        found = re.search(r"\.\./((?:src|tests)/\S+)", path) or re.search(r"/((?:src|tests)/\S+)", path)
        if found and "tests/support/faults.c" not in path:
            return found.group(1)
    return ""


def fault_of(code, words):
    """What is wrong with how a program ended, or None."""
    if code is None:
        return words
    if "LeakSanitizer" in words and "AddressSanitizer:" not in words:
        return "memory is left behind\n" + words[-1500:]
    if "Sanitizer" in words or "runtime error:" in words:
        report = words[max(0, words.find("Sanitizer") - 200):]
        # A test that goes on with what it did not get is the test's own fault.
        return None if first_frame(report).startswith("tests/") else report[:2500]
    asserted = re.search(r'"assertion.failed".*"file":"(?:\.\./)*(src/[^"]*)","line":(\d+)', words)
    if asserted:
        return f"{asserted.group(1)}:{asserted.group(2)}: an assertion failed\n" + words[-800:]
    if code < 0 and code != -6:  # abort() without words is that of a test's helper
        return f"ended by signal {-code}\n" + words[-800:]
    return None


def spread(numbers):
    """In such an order that however many are tried they are spread over all: the middle, the quarters, the eighths."""
    bits = max(1, (len(numbers) - 1).bit_length())
    order = sorted(range(1 << bits), key=lambda at: int(f"{at:0{bits}b}"[::-1], 2))
    return [numbers[at] for at in order if at < len(numbers)]


def chosen_faults(trial, every):
    """(kind, number, how many there are of that kind)."""
    faults = []
    for kind in ("memory", "write"):
        total = trial.count(kind)
        step = 1 if every else max(1, -(-total // TRIED_MAX))
        faults += [(kind, number, total) for number in range(1, total + 1, step)]
    return faults if every else spread(faults)


def try_program(name, command, environment, every, seconds):
    found, tried = {}, 0
    with tempfile.TemporaryDirectory(prefix="plenary-faults-") as folder:
        trial = Trial(name, command, environment, folder)
        faults = chosen_faults(trial, every)
        until = time.monotonic() + seconds
        for kind, number, total in faults:
            if not every and time.monotonic() > until:
                break
            tried += 1
            fault = fault_of(*trial.run(kind, number))
            if fault:
                place = re.search(r"src/[\w/]+\.c:\d+", fault)
                found.setdefault(place.group(0) if place else fault.splitlines()[0], f"{kind} {number} of {total}: {fault}")
    return name, f"{tried} of {len(faults)} faults", found


def main():
    arguments = sys.argv[1:]
    wanted = [argument for argument in arguments if not argument.startswith("--")]
    seconds = next((float(argument.split("=")[1]) for argument in arguments if argument.startswith("--seconds=")), SECONDS)
    configure()
    chosen = list(programs(wanted))
    subprocess.run(["ninja", "-C", BUILD, *sorted({os.path.relpath(command[0], BUILD) for _, command, _ in chosen})], check=True,
                   stdout=subprocess.DEVNULL)
    failed = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for name, tried, found in pool.map(lambda one: try_program(*one, "--all" in arguments, seconds), chosen):
            print(f"{'FAILED' if found else 'ok'} {name} ({tried})", flush=True)
            for place, fault in found.items():
                print("\n".join("    " + line for line in [place, *fault.splitlines()]), flush=True)
            failed += bool(found)
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
