#!/usr/bin/env python3
"""The product's figures on this machine: a table, then one line of JSON. No pass or fail.

    /usr/bin/python3 bench/figures.py [--joins 30] [--listeners 250] [--seconds 20]

Everything runs on one machine over the loopback: the server (`plenary serve --demo`, optimised, all its processes), and the clients beside it.
  join             aiortc, one after the other: from `media.join` sent to the peer connection's state "connected"; while nobody speaks
  first sound      the same clients, while a microphone is open: from `media.join` sent to the first decoded frame
  delay            from the kernel's reception of a speaker's packet to the end of the send call, as the media process counts it
                   (plenary_media_forward_delay_us_*), 2 speakers × 20 listeners, 80-byte payloads every 20 ms
  CPU per packet   user and system time of the media process over the datagrams it sent, 2 speakers × N listeners (bench/media_load.c)
  memory           growth of resident memory of each process over N joined listeners, before sound
"""
import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-bench")
LOAD = "tests/unit/media/media_load"
os.environ.setdefault("PLENARY_BINARY", os.path.join(BUILD, "plenary"))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
sys.argv, ARGUMENTS = sys.argv[:1], sys.argv[1:]

from aiortc import RTCPeerConnection, RTCSessionDescription  # noqa: E402
from measure import cpu_seconds, memory_bytes, metrics  # noqa: E402
from plenary import Server, join  # noqa: E402
from webrtc import Client, Ear  # noqa: E402


def build():
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        subprocess.run(["meson", "setup", BUILD, "--buildtype=release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", BUILD, "plenary", LOAD], check=True, stdout=subprocess.DEVNULL)


def machine():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} × {model}, Linux {platform.release()}"


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


async def join_once(server, wait_for_sound):
    """Seconds from media.join to connected, and to the first frame of the floor."""
    loop = asyncio.get_running_loop()
    live = await join(server, "listener")
    peer = RTCPeerConnection()
    connected = asyncio.Event()
    peer.on("connectionstatechange", lambda: peer.connectionState == "connected" and connected.set())
    receivers = {}
    for section in live.hello["plan"]["sections"]:
        transceiver = peer.addTransceiver(section["kind"], direction="recvonly")
        receivers[section["slot"]] = transceiver.receiver
    await peer.setLocalDescription(await peer.createOffer())
    began = loop.time()
    answer = await live.command("media.join", sdp=peer.localDescription.sdp)
    await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
    ear = Ear(receivers["floor_1"].track)
    await asyncio.wait_for(connected.wait(), 20)
    to_connected, to_sound = loop.time() - began, None
    if wait_for_sound:
        await ear.until(lambda: ear.frames > 0)
        to_sound = loop.time() - began
    ear.task.cancel()
    await peer.close()
    await live.close()
    return to_connected, to_sound


async def joins(count):
    with Server() as server:
        quiet = [(await join_once(server, False))[0] for _ in range(count)]
        chair = await join(server, "chair")
        speaker = await Client.join(server, "delegate", hertz=440)
        await chair.command("floor.give", participant=speaker.me)
        sound = [(await join_once(server, True))[1] for _ in range(count)]
        await speaker.close()
        await chair.close()
    return {"joins": count, "joins_over_500_ms": sum(each > 0.5 for each in quiet), "join_ms_p50": 1000 * percentile(quiet, 0.5), "join_ms_p99": 1000 * percentile(quiet, 0.99),
            "first_sound_ms_p50": 1000 * percentile(sound, 0.5), "first_sound_ms_p99": 1000 * percentile(sound, 0.99)}


def letters(plan):
    return "".join(("s" if section["direction"] == "send" else "r") + section["kind"][0] for section in plan["sections"])


async def until_counted(server, seconds=0):
    """At the moment at which the media process has told its counters anew (every 5 s), at least `seconds` from now: metrics, CPU seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    pid = server.pid_of("media")
    last = (await metrics(server))["plenary_media_datagrams_out_total"]
    while True:
        now = await metrics(server)
        used = cpu_seconds(pid)
        if now["plenary_media_datagrams_out_total"] != last:
            if loop.time() >= deadline:
                return now, used
            last = now["plenary_media_datagrams_out_total"]
        await asyncio.sleep(0.01)  # polls an outside process's state


async def crowd(listeners, speakers, seconds):
    """Listeners and speakers of bench/media_load.c, with live connections kept by this program."""
    with Server() as server:
        control, media = server.pid_of("control"), server.pid_of("media")
        chair = await join(server, "chair")
        await metrics(server)
        memory = {"control": memory_bytes(control), "media": memory_bytes(media)}
        lives = [await join(server, "listener") for _ in range(listeners)]
        speaking = [await join(server, "delegate") for _ in range(speakers)]
        process = await asyncio.create_subprocess_exec(
            os.path.join(BUILD, LOAD), str(server.port), str(listeners), letters(lives[0].hello["plan"]), str(speakers),
            letters(speaking[0].hello["plan"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        async def read_offer():
            _, number, size = (await process.stdout.readline()).split()
            return int(number), (await process.stdout.readexactly(int(size))).decode()
        offers = dict([await read_offer() for _ in range(listeners + speakers)])
        for number, live in enumerate([*lives, *speaking]):
            answer = (await live.command("media.join", sdp=offers[number]))["sdp"].encode()
            process.stdin.write(f"answer {number} {len(answer)}\n".encode() + answer)
            await process.stdin.drain()
        while (await metrics(server)).get("plenary_media_peers_connected") != listeners + speakers:
            await asyncio.sleep(0.1)  # polls an outside process's state
        memory = {"control": (memory_bytes(control) - memory["control"]) / (listeners + speakers),
                  "media": (memory_bytes(media) - memory["media"]) / (listeners + speakers)}
        for live in speaking:
            await chair.command("floor.give", participant=live.me)
        await until_counted(server)
        process.stdin.write(f"measure {1000 * (seconds + 11)}\n".encode())
        await process.stdin.drain()
        before, used = await until_counted(server)
        after, used_after = await until_counted(server, seconds)
        seen = json.loads(await process.stdout.readline())
        process.stdin.write(b"quit\n")
        await process.wait()
        for live in (chair, *lives, *speaking):
            await live.close()
    assert seen["connected"] == listeners + speakers and seen["hearing"] >= listeners, seen
    packets = after["plenary_media_datagrams_out_total"] - before["plenary_media_datagrams_out_total"]
    return {"listeners": listeners, "speakers": speakers, "packets_out": packets, "cpu_us_per_packet": 1e6 * (used_after - used) / packets,
            "added_delay_us_p50": after["plenary_media_forward_delay_us_p50"], "added_delay_us_p99": after["plenary_media_forward_delay_us_p99"],
            "end_to_end_ms_p50": seen["latency_ms_p50"], "end_to_end_ms_p99": seen["latency_ms_p99"],
            "received": seen["received"], "lost": seen["lost"],
            "memory_media_kib": memory["media"] / 1024, "memory_control_kib": memory["control"] / 1024,
            "send_dropped": after["plenary_media_send_dropped_total"]}


async def run(options):
    figures = {"machine": machine(), **await joins(options.joins)}
    figures["small"] = await crowd(20, 2, options.seconds)
    figures["large"] = await crowd(options.listeners, 2, options.seconds)
    return figures


def table(figures):
    small, large = figures["small"], figures["large"]
    rows = [
        (f"join, aiortc, {figures['joins']} times", f"{figures['join_ms_p50']:.0f} ms", f"{figures['join_ms_p99']:.0f} ms"),
        (f"first sound, aiortc, {figures['joins']} times", f"{figures['first_sound_ms_p50']:.0f} ms", f"{figures['first_sound_ms_p99']:.0f} ms"),
    ]
    for each in (small, large):
        name = f"{each['speakers']} speakers × {each['listeners']} listeners"
        rows += [(f"delay added by the server, {name}", f"{each['added_delay_us_p50'] / 1000:.2f} ms", f"{each['added_delay_us_p99'] / 1000:.2f} ms"),
                 (f"from client to client, {name}", f"{each['end_to_end_ms_p50']:.2f} ms", f"{each['end_to_end_ms_p99']:.2f} ms")]
    print(f"{figures['machine']}; load of other work when it ended: {os.getloadavg()[1]:.1f} (5 min)")
    print(f"{'':58} {'median':>10} {'p99':>10}")
    for name, *values in rows:
        print(f"{name:58} " + " ".join(f"{value:>10}" for value in values))
    for each in (small, large):
        name = f"{each['speakers']} speakers × {each['listeners']} listeners"
        lost = 100 * each["lost"] / (each["received"] + each["lost"])
        print(f"{'CPU of the media process for each packet sent, ' + name:78} {each['cpu_us_per_packet']:.2f} us ({each['packets_out']:.0f} packets)")
        print(f"{'packets lost on the way, ' + name:78} {lost:.3f} %")
    print(f"{'memory of the media process for each participant':78} {large['memory_media_kib']:.0f} KiB")
    print(f"{'memory of the control process for each participant':78} {large['memory_control_kib']:.0f} KiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--joins", type=int, default=30)
    parser.add_argument("--listeners", type=int, default=250)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args(ARGUMENTS)
    build()
    figures = asyncio.run(run(options))
    table(figures)
    print(json.dumps({name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}))
    sys.stdout.flush()
    os._exit(0)  # aiortc's threads


main()
