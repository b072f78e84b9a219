#!/usr/bin/env python3
"""What the media process alone costs for one channel of sound: a table, then one line of JSON. No pass or fail. As root.

    bench/transmit.py [--build build] [--listeners 1000] [--seconds 10] [--threads 1] [--sha1-80] [--transmit sendmmsg] [--one-core]

The media process (tests/support/media_serve.c) and its clients (bench/media_load.c) are each in a network namespace of their own, joined by a
veth pair, and on a processor core of their own; what the kernel does to receive for the clients is done on their core, as it would be on
another machine, unless --one-core leaves it to the core that sends. This program is the control process. 80-byte payloads every 20 ms.
  CPU per packet   run time of all threads of the media process over the datagrams it sent
  delay            from the kernel's reception of a packet to the end of the send call, over the life of the process, as it counts it
  memory           growth of its resident memory over the joined listeners, before sound
  joins            all at once: from the first offer to the last peer connected; what it adds to the delay of 100 who listen already
"""
import argparse
import contextlib
import glob
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

import media_link  # noqa: E402
from measure import memory_bytes  # noqa: E402

SERVER, CLIENT = "transmit-server", "transmit-client"
ADDRESS, PORT = "10.97.1.1", 20700


# A veth receives by polling (NAPI) when its own receive offload is on and its peer's TCP segmentation off, as by
# `ethtool -K veth0 gro on` and `ethtool -K veth0 tso off`.
ETHTOOL = """
import array, fcntl, socket, struct, sys
value = array.array("I", [int(sys.argv[1], 16), int(sys.argv[2])])
fcntl.ioctl(socket.socket(), 0x8946, struct.pack("16sP", b"veth0", value.buffer_info()[0]))
"""
ETHTOOL_SET_TSO, ETHTOOL_SET_GRO = "0x1f", "0x2c"


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Namespaces:
    def __init__(self, one_core):
        self.one_core = one_core

    def __enter__(self):
        self.remove()
        for name in (SERVER, CLIENT):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", SERVER, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", CLIENT)
        for name, address in ((SERVER, ADDRESS), (CLIENT, "10.97.1.2")):
            run("ip", "-n", name, "address", "add", address + "/24", "dev", "veth0")
            run("ip", "-n", name, "link", "set", "veth0", "up")
        if not self.one_core:
            self.receive_elsewhere()
        return self

    def __exit__(self, *error):
        self.remove()

    @staticmethod
    def receive_elsewhere():
        """A thread of the kernel on the clients' core takes what arrives for them, as their network card's interrupt would."""
        run("ip", "netns", "exec", SERVER, sys.executable, "-c", ETHTOOL, ETHTOOL_SET_TSO, "0")
        run("ip", "netns", "exec", CLIENT, sys.executable, "-c", ETHTOOL, ETHTOOL_SET_GRO, "1")
        # And collects for 100 us, as a card does, instead of being woken for each packet.
        run("ip", "netns", "exec", CLIENT, "sh", "-c",
            "cd /sys/class/net/veth0 && echo 100000 > gro_flush_timeout && echo 100 > napi_defer_hard_irqs && echo 1 > threaded")
        for path in glob.glob("/proc/[0-9]*/comm"):
            with contextlib.suppress(OSError), open(path, encoding="ascii", errors="replace") as file:
                if file.read().startswith("napi/veth0"):
                    run("taskset", "-p", "-c", "1", path.split("/")[2])
                    run("renice", "-n", "-20", "-p", path.split("/")[2])

    @staticmethod
    def remove():
        for name in (SERVER, CLIENT):
            subprocess.run(["ip", "netns", "del", name], check=False, stderr=subprocess.DEVNULL)


class Load:
    """A bench/media_load.c and the offers of its clients."""

    def __init__(self, options, groups, nice=0):
        environment = dict(os.environ, **({"MEDIA_LOAD_SHA1_80": "1"} if options.sha1_80 else {}))
        words = [str(word) for group in groups for word in group]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", CLIENT, "taskset", "-c", "1", "nice", "-n", str(nice),
             os.path.join(options.build, "tests/unit/media/media_load"), f"{ADDRESS}:{PORT}", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.offers = [self.read_offer() for _ in range(sum(group[0] for group in groups))]

    def read_offer(self):
        _, _, size = self.process.stdout.readline().split()
        return self.process.stdout.read(int(size)).decode()

    def answer(self, number, answer):
        answer = answer.encode()
        self.process.stdin.write(f"answer {number} {len(answer)}\n".encode() + answer)
        self.process.stdin.flush()

    def measure(self, seconds):
        self.process.stdin.write(f"measure {int(1000 * seconds)}\n".encode())
        self.process.stdin.flush()

    def result(self):
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def run_seconds(pid):
    """Of all its threads, to the nanosecond; user, system and what the kernel does in their name."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def join_all(media, load, first_peer, sections_of):
    """Gives every client of the load its answer; the peers' numbers."""
    for number, offer in enumerate(load.offers):
        load.answer(number, media.create(first_peer + number, sections_of(number), offer))
    return range(first_peer, first_peer + len(load.offers))


def until_connected(media, peers):
    deadline = time.monotonic() + 120
    while any(media.phases.get(peer) != media_link.CONNECTED for peer in peers):
        assert time.monotonic() < deadline, "not all clients connect"
        media.read(0.05)


def listener(channel):
    return lambda number: [(media_link.AUDIO, media_link.RECEIVE, 0, channel)]


def speaker(number):
    return [(media_link.AUDIO, media_link.SEND, 1)]


def start(options):
    before = ("ip", "netns", "exec", SERVER, "taskset", "-c", "0")
    after = (options.transmit,) if options.transmit else ()
    return media_link.Media(os.path.join(options.build, "tests/unit/media/media_serve"), options.threads, PORT, ADDRESS, before, after)


def sound(options):
    """CPU, delay and memory with everybody listening to one channel."""
    media = start(options)
    load = Load(options, [(1, "sa"), (options.listeners, "ra")])
    pid = media.process.pid
    memory = memory_bytes(pid)
    began = time.monotonic()
    peers = join_all(media, load, 1, lambda number: speaker(0) if number == 0 else listener(1)(number))
    until_connected(media, peers)
    joined = time.monotonic() - began
    memory = (memory_bytes(pid) - memory) / len(peers)
    media.set_channel(1, 1)
    load.measure(2)
    load.result()
    load.measure(options.seconds + 1)
    before, used = media.read_counters(), run_seconds(pid)
    until = time.monotonic() + options.seconds
    while time.monotonic() < until:
        media.read(0.05)  # reports of all peers; unread they would hold up the answer
    after, used = media.read_counters(), run_seconds(pid) - used
    seen = load.result()
    packets = after["datagrams_out_total"] - before["datagrams_out_total"]
    load.close()
    media.close()
    return {"listeners": options.listeners, "packets": packets, "cpu_us_per_packet": 1e6 * used / packets, "lost": seen["lost"],
            "received": seen["received"], "join_s": joined, "memory_kib": memory / 1024,
            "delay_us_p50": after["forward_delay_us_p50"], "delay_us_p99": after["forward_delay_us_p99"],
            "end_to_end_ms_p50": seen["latency_ms_p50"], "end_to_end_ms_p99": seen["latency_ms_p99"],
            "transmit": {name: value for name, value in after.items() if name.startswith("transmit_") or name.startswith("send_")}}


def joins(options):
    """A thousand join while 100 listen."""
    media = start(options)
    early = Load(options, [(1, "sa"), (100, "ra")])
    until_connected(media, join_all(media, early, 1, lambda number: speaker(0) if number == 0 else listener(1)(number)))
    late = Load(options, [(options.listeners, "ra")], nice=15)
    media.set_channel(1, 1)
    early.measure(0.5)
    early.result()
    early.measure(12)
    began = time.monotonic()
    until_connected(media, join_all(media, late, 1000, listener(2)))
    joined = time.monotonic() - began
    counters = media.read_counters()
    seen = early.result()
    late.close()
    early.close()
    media.close()
    return {"joins": options.listeners, "joins_s": joined, "joins_delay_us_p99": counters["forward_delay_us_p99"],
            "joins_end_to_end_ms_p99": seen["latency_ms_p99"], "joins_lost": seen["lost"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sha1-80", action="store_true")
    parser.add_argument("--transmit", default="")
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("--only", choices=("sound", "joins"))
    options = parser.parse_args()
    figures = {}
    with Namespaces(options.one_core):
        if options.only != "joins":
            figures.update(sound(options))
        if options.only != "sound":
            figures.update(joins(options))
    for name, value in figures.items():
        print(f"{name:26} {value:.3f}" if isinstance(value, float) else f"{name:26} {value}")
    print(json.dumps(figures))


main()
