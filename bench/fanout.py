#!/usr/bin/python3
"""Fan-out: what one packet to one listener costs, by the number of listeners, beside the least that any server can do.

    sudo /usr/bin/python3 bench/fanout.py [--listeners 100,300,1000,3000] [--seconds 15] [--rounds 3] [--peer NAME=WHIP,WHEP,PID …]

Must be root: it makes two network namespaces with a veth pair between them. The server runs in one, pinned to core 0, `plenary load` in the
other, pinned to core 1; bench/limit takes the server's place for the least cost. See bench/README.md for other servers in the same run.
Writes fanout.json, fanout.md, cpu.svg and delay.svg into --out (bench/results).
"""
import argparse
import contextlib
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile

from plot import chart

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FRONT = os.path.join(ROOT, "tests", "support", "whip_front.py")
SERVER_IP, LOAD_IP = "10.201.0.1", "10.201.0.2"
CLIENTS, FIRST_CLIENT = "10.202.0.0/16", "10.202.0.1"
SERVER_CORE, LOAD_CORE = "0", "1"
LIMIT_PORT = 20777
PACKETS_PER_S = 50
DISTURBED = 0.05  # of a core by other programs: worth a word


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


class Place:
    """The two namespaces: NAME-server and NAME-load."""

    def __init__(self, name):
        self.server, self.load = f"{name}-server", f"{name}-load"

    def __enter__(self):
        self.remove()
        for each in (self.server, self.load):
            run("ip", "netns", "add", each)
        run("ip", "link", "add", "veth0", "netns", self.server, "type", "veth", "peer", "name", "veth0", "netns", self.load)
        for each, own in ((self.server, SERVER_IP), (self.load, LOAD_IP)):
            run("ip", "-n", each, "address", "add", own + "/30", "dev", "veth0")
            run("ip", "-n", each, "link", "set", "lo", "up")
            run("ip", "-n", each, "link", "set", "veth0", "up")
        # Every client has an address of its own, all of them at the load's end.
        run("ip", "-n", self.server, "route", "add", CLIENTS, "via", LOAD_IP)
        run("ip", "-n", self.load, "route", "add", "local", CLIENTS, "dev", "lo")
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for each in (self.server, self.load):
            subprocess.run(["ip", "netns", "del", each], stderr=subprocess.DEVNULL, check=False)

    @staticmethod
    def command(namespace, core, *command):
        return ["ip", "netns", "exec", namespace, "taskset", "-c", core, *command]


@contextlib.contextmanager
def started(command, **options):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    try:
        yield process, process.stdout.readline().split()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def limit(place, options, listeners):
    program = os.path.join(options.build, "bench", "limit")
    with started(place.command(place.load, LOAD_CORE, program, "--drain", str(LIMIT_PORT))):
        output = run(*place.command(place.server, SERVER_CORE, program, "--destinations", str(listeners), "--address", FIRST_CLIENT, "--port",
                                    str(LIMIT_PORT), "--payload", str(options.payload), "--rate", str(PACKETS_PER_S), "--seconds",
                                    str(options.seconds), "--cipher", options.cipher, "--json"), capture_output=True, text=True).stdout
    return json.loads(output)


def load(place, options, listeners, whip, whep, pid, *more):
    command = place.command(place.load, LOAD_CORE, os.path.join(options.build, "plenary"), "load", "--json", "--whip", whip, "--whep", whep,
                            "--listeners", str(listeners), "--duration", str(options.seconds), "--payload", str(options.payload), "--cipher",
                            options.cipher, "--sample", str(max(1, listeners // 50)), "--pid", str(pid), "--server-core", SERVER_CORE, "--source",
                            FIRST_CLIENT + "/16", "--join-rate", str(options.join_rate), *more, *options.more)
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not process.stdout:
        sys.exit(f"plenary load ended with {process.returncode}")
    return json.loads(process.stdout)


def pid_of_media(supervisor):
    found = subprocess.run(["pgrep", "-P", str(supervisor), "-f", "plenary media"], capture_output=True, text=True, check=False).stdout.split()
    return int(found[0]) if found else None


def ours(place, options, listeners):
    """The whole server with its own doors: a demonstration meeting, a technician's token."""
    with tempfile.TemporaryDirectory() as data:
        shared = ["--data", data, "--host", SERVER_IP, "--port", "8443"]
        command = ["ip", "netns", "exec", place.server, "taskset", "-c", LOAD_CORE, options.server, "serve", "--demo", *shared, "--set", "http.tls=off",
                   "--set", "media.threads=1", "--set", "media.peers_max=65536"]
        for assignment in options.set:
            command += ["--set", assignment]
        with started(command, stderr=subprocess.DEVNULL) as (process, _):
            while "Ctrl-C" not in (line := process.stdout.readline()):
                if not line:
                    sys.exit("plenary serve did not start")
            pid = pid_of_media(process.pid)
            run("taskset", "-acp", SERVER_CORE, str(pid), stdout=subprocess.DEVNULL)
            token = run(options.server, "token", *shared, "--meeting", "demo", "--role", "technician", capture_output=True, text=True).stdout.strip()
            door = f"http://{SERVER_IP}:8443"
            return load(place, options, listeners, f"{door}/whip/demo/fr", f"{door}/whep/demo/fr", pid, "--token", token)


def media_alone(place, options, listeners):
    # The HTTP front has the load's core; only the media process is pinned to the server's.
    front = ["ip", "netns", "exec", place.server, sys.executable, FRONT, options.server, "--address", SERVER_IP, "--media-core",
             SERVER_CORE]
    for assignment in options.set:
        front += ["--set", assignment]
    with started(["taskset", "-c", LOAD_CORE, *front], stderr=subprocess.DEVNULL) as (_, (_, port, pid)):
        door = f"http://{SERVER_IP}:{port}"
        return load(place, options, listeners, f"{door}/whip/floor", f"{door}/whep/floor", pid)


def row(name, listeners, seen):
    steady, server, core = seen["steady"], seen["server"], seen["core"]
    used = server["user_s"] + server["system_s"]
    return {"system": name, "listeners": listeners, "joined": seen["listeners_joined"], "us_per_packet": server["us_per_packet"],
            "us_per_20_ms": server["us_per_20_ms"], "user_share": server["user_s"] / max(1e-9, used),
            "core_share": used / steady["seconds"], "others_share": max(0, core["user_s"] + core["system_s"] + core["stolen_s"] - used) / steady["seconds"],
            "delay_p50_ms": steady["delay_ms"]["p50"],
            "delay_p99_ms": steady["delay_ms"]["p99"], "joining_p99_ms": seen["joining"]["delay_ms"]["p99"], "lost_share": steady["lost_share"],
            "lost_in_load": seen["dropped_here"], "memory_kib": server["memory_bytes_per_client"] / 1024, "joining_s": seen["joining_s"],
            "load_share": (seen["load"]["user_s"] + seen["load"]["system_s"]) / steady["seconds"]}


def median(rows):
    """The median of every figure over the rounds, and how far apart the cheapest and the dearest were."""
    first = dict(rows[0])
    for name in first:
        if isinstance(first[name], (int, float)):
            first[name] = statistics.median(each[name] for each in rows)
    first["us_per_packet_least"] = min(each["us_per_packet"] for each in rows)
    first["us_per_packet_most"] = max(each["us_per_packet"] for each in rows)
    return first


def machine():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} × {model}, Linux {platform.release()}"


def page(results, options):
    least = {each["listeners"]: each["us_per_packet"] for each in results["rows"] if each["system"] == "limit"}
    out = ["# Fan-out", "", f"{results['machine']}. One publisher, packets of {options.payload} bytes every 20 ms, AES-{options.cipher.upper()}, measured for "
           f"{options.seconds} s, median of {options.rounds} rounds.", "Server on one core in one network namespace, load on the other in another; CPU is user and system "
           "time of the server's process, to which the kernel charges the delivery into the listeners' sockets as well.",
           f"Load average of the machine, which others may have used: {results['load_average'][0]:.1f} before, {results['load_average'][1]:.1f} after.", "",
           "| server | listeners | joined in | CPU a packet | of that user | ratio to limit | delay median | p99 | p99 while joining | lost | memory a client | core |",
           "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for each in results["rows"]:
        cost = f"{each['us_per_packet']:.2f} µs"
        ratio = each["us_per_packet"] / least[each["listeners"]]
        if each["system"] == "limit":
            out.append(f"| limit | {each['listeners']} | – | {cost} | {100 * each['user_share']:.0f} % | 1 | – | – | – | – | – | {100 * each['core_share']:.0f} % |")
        else:
            joined = f"{each['joining_s']:.1f} s" if each["joined"] == each["listeners"] else f"**only {each['joined']:.0f}**"
            out.append(f"| {each['system']} | {each['listeners']} | {joined} | {cost} | {100 * each['user_share']:.0f} % | {ratio:.2f} | "
                       f"{each['delay_p50_ms']:.2f} ms | {each['delay_p99_ms']:.2f} ms | {each['joining_p99_ms']:.2f} ms | {100 * each['lost_share']:.3f} % | "
                       f"{each['memory_kib']:.0f} KiB | {100 * each['core_share']:.0f} % |")
    disturbed = max((each.get("others_share", 0) for each in results["rows"]), default=0)
    if disturbed > DISTURBED:
        out += ["", f"**Other programs took up to {100 * disturbed:.0f} % of the server's core while it was measured: delays, and to a degree costs, are theirs.**"]
    out += ["", "![CPU for each packet](cpu.svg)", "", "![Delay](delay.svg)", ""]
    return "\n".join(out)


def write(results, options):
    os.makedirs(options.out, exist_ok=True)
    systems = list(dict.fromkeys(each["system"] for each in results["rows"]))

    def lines(figure, names):
        return {name: [(each["listeners"], each[figure]) for each in results["rows"] if each["system"] == name] for name in names}
    chart(os.path.join(options.out, "cpu.svg"), "CPU of the server for each packet delivered", "listeners", "microseconds", lines("us_per_packet", systems))
    chart(os.path.join(options.out, "delay.svg"), "Delay added by the server, 99th percentile", "listeners", "milliseconds",
          lines("delay_p99_ms", [name for name in systems if name != "limit"]))
    text = page(results, options)
    with open(os.path.join(options.out, "fanout.md"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(options.out, "fanout.json"), "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
    print(text)


def measure(options):
    peers = [each.split("=", 1) for each in options.peer]
    own = media_alone if options.media_alone else ours
    rows = []
    with Place(options.name) as place:
        if options.hold:
            input(f"Start the other servers in the namespace {place.server} (address {SERVER_IP}, core {SERVER_CORE}), write them into {options.hold}, "
                  "press Enter. ")
            with open(options.hold, encoding="utf-8") as file:
                peers += [line.strip().split("=", 1) for line in file if line.strip()]
        for listeners in options.listeners:
            rounds = {}
            for _ in range(options.rounds):  # A, B, A, B: what disturbs the machine disturbs all alike
                least = limit(place, options, listeners)
                rounds.setdefault("limit", []).append({"system": "limit", "listeners": listeners, "us_per_packet": least["ns"] / 1000,
                                                       "user_share": least["user_ns"] / least["ns"],
                                                       "core_share": least["ns"] * listeners * PACKETS_PER_S / 1e9})
                rounds.setdefault("plenary", []).append(row("plenary", listeners, own(place, options, listeners)))
                for name, where in peers:
                    rounds.setdefault(name, []).append(row(name, listeners, load(place, options, listeners, *where.split(","))))
            rows += [median(each) for each in rounds.values()]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=lambda text: [int(each) for each in text.split(",")], default=[100, 300, 1000, 3000])
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--payload", type=int, default=80)
    parser.add_argument("--cipher", choices=("gcm", "cm"), default="gcm")
    parser.add_argument("--join-rate", type=int, default=450)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="configuration of plenary media")
    parser.add_argument("--server", metavar="PROGRAM", help="another build of plenary to measure")
    parser.add_argument("--media-alone", action="store_true", help="`plenary media` behind tests/support/whip_front.py instead of the whole server")
    parser.add_argument("--more", action="append", default=[], help="one more word for plenary load, such as --more=--maxptime --more=60")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=WHIP,WHEP,PID", help="another server, already running")
    parser.add_argument("--hold", metavar="FILE", help="waits before it measures, so that other servers can be started; then reads further peers, one a line")
    parser.add_argument("--build", default=os.path.join(ROOT, "build-bench"))
    parser.add_argument("--out", default=os.path.join(ROOT, "bench", "results"))
    parser.add_argument("--name", default="plenary-bench", help="of the namespaces")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bench/fanout.py makes network namespaces and must be root: sudo /usr/bin/python3 bench/fanout.py")
    if os.cpu_count() < 2:
        sys.exit("bench/fanout.py needs two cores: one for the server, one for the load")
    if not os.path.exists(os.path.join(options.build, "build.ninja")):
        run("meson", "setup", options.build, "--buildtype=release", "-Dtests=false", cwd=ROOT, stdout=subprocess.DEVNULL)
    run("ninja", "-C", options.build, "plenary", "bench/limit", stdout=subprocess.DEVNULL)
    options.server = options.server or os.path.join(options.build, "plenary")
    before = os.getloadavg()[0]
    rows = measure(options)
    write({"machine": machine(), "load_average": [before, os.getloadavg()[0]], "seconds": options.seconds, "rounds": options.rounds,
           "payload": options.payload, "cipher": options.cipher, "rows": rows}, options)


if __name__ == "__main__":
    main()
