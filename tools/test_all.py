#!/usr/bin/env python3
"""Runs every check of the project in stages and counts them. Called by ./test, which installs what is needed first.

    tools/test_all.py [--long] [--list] [STAGE…]

Each stage yields (name, passed, words); passed is None for what cannot be tried here. The last line is "N passed, N failed"; the exit code is non-zero when one failed.
"""
import concurrent.futures
import glob
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import traceback

sys.dont_write_bytecode = True
import circles  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LONG = False


def run(command, timeout, cwd=ROOT, env=None, log=None):
    """Runs to the end, output to test-results/LOG; returns (exit code, output)."""
    os.makedirs(os.path.join(ROOT, "test-results"), exist_ok=True)
    path = os.path.join(ROOT, "test-results", log or "output.txt")
    with open(path, "w+", encoding="utf-8", errors="replace") as file:
        try:
            code = subprocess.run(command, cwd=cwd, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=timeout,
                                  env={**os.environ, **(env or {})}).returncode
        except subprocess.TimeoutExpired:
            file.write(f"\nended after {timeout} s\n")
            code = 124
        file.seek(0)
        output = file.read()
    return code, output if output or code == 0 else f"{' '.join(command)} ended with {code} and said nothing"


def tail(text, lines=30):
    return "\n".join(text.splitlines()[-lines:])


def stage_lint():
    """Layers, sizes, headers, words, format, braces, generated pages."""
    _, output = run([sys.executable, "tools/lint.py"], 300, log="lint.txt")
    for block in re.split(r"^(?=(?:ok|FAILED) )", output, flags=re.M):
        match = re.match(r"(ok|FAILED) (\S+)", block)
        if match:
            yield match.group(2), match.group(1) == "ok", block


def build(directory, *options, suite=None):
    """Configures once and builds everything, or only the programs of one suite; returns (passed, words)."""
    if not os.path.exists(os.path.join(ROOT, directory, "build.ninja")):
        code, output = run(["meson", "setup", directory, *options], 300, log=f"{directory}-setup.txt")
        if code != 0:
            return False, tail(output)
    code, output = run(["ninja", "-C", directory, "build.ninja"], 300, log=f"{directory}-setup.txt")  # tests may have been added
    if code != 0:
        return False, tail(output)
    targets = suite_programs(directory, suite) if suite else []
    if suite and not targets:
        return False, f"no test is registered in the suite {suite}"
    code, output = run(["ninja", "-C", directory, *targets], 2400, log=f"{directory}.txt")
    return code == 0, "\n".join(line for line in tail(output, 60).splitlines() if not re.match(r"\[\d+/\d+\] (Compiling|Linking)", line))


def suite_programs(directory, suite):
    code, output = run(["meson", "introspect", "--tests", directory], 60, log=f"{directory}-tests.txt")
    if code != 0:
        return []
    folder = os.path.join(ROOT, directory)
    return sorted({os.path.relpath(part, folder) for test in json.loads(output) for part in test["cmd"]
                   if any(name.split(":")[-1] == suite for name in test["suite"]) and part.startswith(folder + os.sep)})


def build_release():
    return build("build", "-Dtests=false")


def meson_tests(directory, *arguments, timeout=1800):
    log = os.path.join(ROOT, directory, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    _, output = run(["meson", "test", "-C", directory, "--no-rebuild", "--print-errorlogs", *arguments], timeout, log=f"{directory}-test.txt",
                    env={"ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"})
    if not os.path.exists(log):
        yield f"{directory}/tests", False, tail(output)
        return
    with open(log, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            name = record["name"].split(" / ")[-1]
            # What cannot be tried on this machine says so; it counts neither way.
            passed = None if record["result"] == "SKIP" else record["result"] in ("OK", "EXPECTEDFAIL")
            yield f"{directory}/{name}", passed, tail((record.get("stdout") or "") + (record.get("stderr") or ""))


def stage_build():
    """The server as it is shipped: optimised, warnings are errors."""
    passed, words = build_release()
    yield "build", passed, words
    if passed:
        problems, _ = circles.check(os.path.join(ROOT, "build"))
        yield "build/circles", not problems, "\n".join(problems)


def stage_unit():
    """Unit tests, fuzz corpora and the simulator under AddressSanitizer and UndefinedBehaviorSanitizer."""
    passed, words = build("build-test", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1")
    yield "build-test", passed, words
    if passed:
        yield from meson_tests("build-test", "--timeout-multiplier", "4")


def stage_faults():
    """Every unit test with each of its allocations and writes failing in turn; with --long, or when it is named."""
    if not LONG and "faults" not in sys.argv[1:]:
        return
    code, output = run([sys.executable, "tools/fault_tests.py"], 4 * 3600, log="faults.txt")
    blocks = re.split(r"^(?=(?:ok|FAILED) )", output, flags=re.M)
    for block in blocks:
        match = re.match(r"(ok|FAILED) (\S+)", block)
        if match:
            yield f"faults/{match.group(2)}", match.group(1) == "ok", block
    if code != 0 and not re.search(r"^FAILED ", output, re.M):
        yield "faults", False, tail(output)


def stage_threads():
    """What has threads, under ThreadSanitizer."""
    passed, words = build("build-threads", "-Db_sanitize=thread", "-Db_lundef=false", "-Doptimization=1", suite="threads")
    yield "build-threads", passed, words
    if passed:
        yield from meson_tests("build-threads", "--suite", "threads", "--timeout-multiplier", "4")


def check_lock(folder):
    """What would keep the folder's packages from being installed on a bare Debian 12, with its npm 9 on Node 18."""
    with open(os.path.join(ROOT, folder, "package-lock.json"), encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    for path, package in packages.items():
        engines = package.get("engines", {})
        needed = engines.get("node", "") if isinstance(engines, dict) else ""
        if package.get("resolved", "").startswith("http"):
            yield f"{path}: names the registry it came from"
        # npm leaves an optional package out in silence when the Node.js that runs npm is too old for it.
        lowest = [int(number) for number in re.findall(r"(?:^|[\^>=~ ])(\d+)", needed)]
        if package.get("optional") and lowest and min(lowest) > 18:
            yield f"{path}: would not be installed by Node 18 (it wants {needed})"


def stage_web():
    """The page: types, format, unit tests, and a lock file that a bare Debian 12 can install."""
    problems = [*check_lock("web"), *check_lock(os.path.join("tests", "clients", "libdatachannel"))]
    yield "web/lock", not problems, "\n".join(problems)
    for script in ("check", "test"):
        code, output = run(["npm", "run", "--silent", script], 600, cwd=os.path.join(ROOT, "web"), log=f"web-{script}.txt")
        yield f"web/{script}", code == 0, tail(output)


# Files of the integration whose tests wait more than they work and promise no time: two of them run at once, the longest first.
SIDE_BY_SIDE = ["test_hostile_media", "test_whip_whep", "test_tls", "test_streams", "test_http", "test_hanging", "test_documents", "test_proxies",
                "test_documented_clients", "test_escape", "test_processes", "test_webrtc_clients", "test_openapi", "test_set_aside", "test_backup", "test_certificate",
                "test_many_meetings", "test_package", "test_versions", "test_manual", "test_takeover", "test_mail",
                "test_house", "test_oidc", "test_accounts", "test_second_factor", "test_papers"]


def stage_integration():
    """The real server on loopback: processes, people, limits, hostile input, independent WebRTC clients."""
    passed, words = build_release()
    if not passed:
        yield "integration/build", False, words
        return
    names = [os.path.basename(path)[:-3] for path in sorted(glob.glob(os.path.join(ROOT, "tests", "integration", "test_*.py")))]
    yield from ((name, False, "is listed to run beside another and does not exist") for name in SIDE_BY_SIDE if name not in names)
    with concurrent.futures.ThreadPoolExecutor(2) as lanes:
        for verdicts in lanes.map(lambda name: list(integration_file(name)), (name for name in SIDE_BY_SIDE if name in names)):
            yield from verdicts
    for name in names:
        if name not in SIDE_BY_SIDE:
            yield from integration_file(name)


def integration_file(name):
    # Debian's Python: the independent WebRTC clients are Debian packages.
    path = os.path.join(ROOT, "tests", "integration", f"{name}.py")
    command, within = ["/usr/bin/python3", path, *(["--long"] if LONG else [])], 4500 if LONG else 600
    code, output = run(command, within, log=f"{name}.txt")
    if code == -signal.SIGSEGV:  # Python itself: a decoder thread of the clients' libraries, which says nothing of the server
        code, output = run(command, within, log=f"{name}.txt")
    found, words_end = False, 0
    for match in re.finditer(r"^(ok|none|FAILED) (\S+)(.*)$", output, flags=re.M):
        found = True
        passed = {"ok": True, "none": None, "FAILED": False}[match.group(1)]
        # A test's own words stand before its verdict; the log's after all of them.
        yield f"integration/{name}/{match.group(2)}", passed, match.group(3) if passed is None else tail(output[words_end:match.start()])
        words_end = match.end()
    if code != 0 or not found:
        yield f"integration/{name}", False, tail(output)


def stage_browser():
    """Chromium and Firefox hold a meeting; every listener's sound is measured by frequency."""
    passed, words = build_release()
    if not passed:
        yield "browser/build", False, words
        return
    env = {"PLENARY_LONG": "1"} if LONG else {}
    # Who measures nothing runs beside another; the others run alone.
    for project, workers in (("beside", 2), ("alone", 1)):
        report = os.path.join(ROOT, "test-results", f"browser-{project}.json")
        if os.path.exists(report):
            os.remove(report)
        _, output = run(["npm", "run", "--silent", "browser", "--", f"--project={project}", f"--workers={workers}", f"--output=../test-results/browser-{project}"],
                        5400, cwd=os.path.join(ROOT, "web"), env={**env, "PLAYWRIGHT_JSON_OUTPUT_FILE": report}, log=f"browser-{project}.txt")
        if not os.path.exists(report):
            yield f"browser/{project}", False, tail(output)
            continue
        with open(report, encoding="utf-8") as file:
            yield from walk_suites(json.load(file)["suites"], "browser")


def stage_stories():
    """Every screen without a server: pictures against their references, what is where, what keys and screen readers are given."""
    report = os.path.join(ROOT, "test-results", "stories.json")
    if os.path.exists(report):
        os.remove(report)
    env = {"PLENARY_LONG": "1"} if LONG else {}
    _, output = run(["npm", "run", "--silent", "stories"], 6 * 3600 if LONG else 1200, cwd=os.path.join(ROOT, "web"),
                    env={**env, "PLAYWRIGHT_JSON_OUTPUT_FILE": report}, log="stories.txt")
    if not os.path.exists(report):
        yield "stories", False, tail(output)
        return
    with open(report, encoding="utf-8") as file:
        yield from walk_suites(json.load(file)["suites"], "stories")


def walk_suites(suites, prefix):
    for suite in suites:
        for spec in suite.get("specs", []):
            for test in spec["tests"]:
                result = test["results"][-1] if test["results"] else {"status": "not run"}
                name = f"{prefix}/{test['projectName']}/{spec['title']}".replace(" ", "-")
                reasons = [note["description"] for note in test["annotations"] if note["type"] == "skip" and note.get("description")]
                if result["status"] == "skipped" and reasons:
                    yield name, None, reasons[-1]  # not measured: this machine was late
                    continue
                words = "\n".join(error.get("message", "") for error in result.get("errors", []))
                yield name, test["status"] in ("expected", "flaky") and result["status"] == "passed", words
        yield from walk_suites(suite.get("suites", []), prefix)


STAGES = {"lint": stage_lint, "web": stage_web, "build": stage_build, "unit": stage_unit, "faults": stage_faults, "threads": stage_threads,
          "stories": stage_stories, "integration": stage_integration, "browser": stage_browser}
# Lanes of one row run side by side: what looks at texts waits much, what compiles does not mind. Whatever may measure time runs alone.
ROWS = [[["lint", "web", "stories"], ["build", "unit", "faults", "threads"]], [["integration"]], [["browser"]]]


class Tally:
    """What the stages yield, printed as it comes."""

    def __init__(self):
        self.lock = threading.Lock()
        self.passed = self.missed = 0
        self.failures = []

    def take(self, test, good, words):
        with self.lock:
            if good is None:
                self.missed += 1
                print(f"none   {test}: {words.strip().splitlines()[-1] if words.strip() else 'skipped'}", flush=True)
            elif good:
                self.passed += 1
                print(f"ok     {test}", flush=True)
            else:
                self.failures.append(test)
                print("\n".join([f"FAILED {test}", *("    " + line for line in words.splitlines())]), flush=True)

    def run(self, name):
        began = time.monotonic()
        with self.lock:
            print(f"\n── {name}: {STAGES[name].__doc__}", flush=True)
        try:
            for test, good, words in STAGES[name]():
                self.take(test, good, words)
        except Exception:  # a stage that breaks is a failure, not an end in silence
            self.take(name, False, traceback.format_exc())
        with self.lock:
            print(f"   {name} took {time.monotonic() - began:.0f} s", flush=True)

    def run_lane(self, names):
        for name in names:
            self.run(name)


def main():
    global LONG
    arguments = sys.argv[1:]
    if "--list" in arguments:
        for name, stage in STAGES.items():
            print(f"{name:12} {stage.__doc__}")
        return 0
    LONG = "--long" in arguments
    chosen = [argument for argument in arguments if not argument.startswith("--")] or list(STAGES)
    if any(name not in STAGES for name in chosen):
        print(f"stages: {' '.join(STAGES)}", file=sys.stderr)
        return 2
    began = time.monotonic()
    tally = Tally()
    for row in ROWS:
        lanes = [threading.Thread(target=tally.run_lane, args=([name for name in lane if name in chosen],)) for lane in row]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
    if tally.failures:
        print("\nFailed:\n  " + "\n  ".join(tally.failures))
    print(f"\nin {(time.monotonic() - began) / 60:.1f} minutes; {tally.missed} not tried or not measured here")
    print(f"{tally.passed} passed, {len(tally.failures)} failed", flush=True)
    return 1 if tally.failures or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
